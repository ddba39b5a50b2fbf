"""What the chapter on credit computes."""
