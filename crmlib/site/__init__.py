"""The book as a folder of pages that a browser opens: no server, no Python, no network."""
