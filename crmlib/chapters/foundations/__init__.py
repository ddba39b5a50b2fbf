"""Chapter 1: foundations of customer relationship management."""
