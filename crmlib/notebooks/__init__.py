"""The notebooks: built from their sources, executed in kernels."""
