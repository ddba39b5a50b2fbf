"""Formulas of the chapter: selecting and motivating distributors."""
