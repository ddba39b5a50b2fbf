"""Selecting and motivating distributors."""
