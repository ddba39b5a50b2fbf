"""Small widgets that explorers and exercises share."""

from typing import Any

import ipywidgets as w


class Panel(w.VBox):  # type: ignore[misc]
    """Widgets below one another, with what a page that has no kernel shows in their place: its ``repr``, whole."""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        live: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return live | {"text/plain": repr(self)} | self.still()

    def still(self) -> dict[str, Any]:
        """Return what else such a page shows, by MIME type."""
        return {}


def button(text: str) -> w.Button:
    """Return a button as wide as its text, in whichever language."""
    return w.Button(description=text, layout={"width": "auto"})
