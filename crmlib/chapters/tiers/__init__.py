"""Bank customer tiers, 80/20 and ABC, and the customer value pyramid."""
