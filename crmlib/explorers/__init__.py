"""Declared inputs, a study and its charts as widgets."""
