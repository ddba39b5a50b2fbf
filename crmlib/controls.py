"""Small widgets that explorers and exercises share."""

import ipywidgets as w


def button(text: str) -> w.Button:
    """Return a button as wide as its text, in whichever language."""
    return w.Button(description=text, layout={"width": "auto"})
