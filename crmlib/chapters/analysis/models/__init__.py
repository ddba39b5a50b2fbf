"""Formulas of the chapter: the sales cube, ratios of products, change of sales, composition, trend."""
