"""Types of relationships."""
