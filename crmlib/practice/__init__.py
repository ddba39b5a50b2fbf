"""Exercises with feedback."""
