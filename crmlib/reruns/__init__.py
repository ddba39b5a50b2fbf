"""Reruns of cases: notebooks, pages, slides, side by side."""
