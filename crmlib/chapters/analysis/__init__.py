"""Chapter 9, customer and product analysis: composition, shares, margin, turnover, and what changed sales."""
