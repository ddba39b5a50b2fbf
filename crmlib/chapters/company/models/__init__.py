"""Models of the chapter: pure functions from tables and inputs to figures."""
