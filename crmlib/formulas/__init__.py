"""The field's formulas: pure functions and declared inputs."""
