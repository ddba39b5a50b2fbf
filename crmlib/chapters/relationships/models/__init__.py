"""Formulas of the chapter: types of relationships."""
