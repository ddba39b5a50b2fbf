"""A class: sheets, assignments, lists."""
