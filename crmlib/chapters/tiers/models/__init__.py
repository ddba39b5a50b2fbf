"""Formulas of the chapter: bank customer tiers, 80/20 and ABC, the customer value pyramid."""
