"""A study over a grid of inputs, here or on a cluster."""
