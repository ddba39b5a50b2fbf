"""Chapter 12: the exam."""
