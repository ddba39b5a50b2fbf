"""A user's own files, and the packaged ones: text, values, columns, and what is wrong with them."""
