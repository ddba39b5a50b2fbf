"""Formulas of the chapter: satisfaction and loyalty."""
