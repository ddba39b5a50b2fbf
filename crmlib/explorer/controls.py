"""Small widgets that explorers and exercises share."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets as w


class Panel(w.VBox):  # type: ignore[misc]
    """Widgets below one another, with what a page that has no kernel shows in their place: its ``repr``, whole."""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        live: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return live | {"text/plain": repr(self)} | self.without_kernel()

    def without_kernel(self) -> dict[str, Any]:
        """Return what else such a page shows, by MIME type."""
        return {}


def button(text: str) -> w.Button:
    """Return a button as wide as its text, in whichever language."""
    return w.Button(description=text, layout={"width": "auto"})


def download(label: str, file: str, content: bytes, kind: str = "application/octet-stream") -> str:
    """Return as HTML a link by which the page saves a small file; it holds the file, so no server is asked for it.

    Args:
        label: what the link says.
        file: the name that the browser proposes.
        content: what is saved.
        kind: MIME type.
    """
    packed = b64encode(content).decode("ascii")
    return f'<a class="crm-download" download="{escape(file)}" href="data:{kind};base64,{packed}">{escape(label)}</a>'


class Fold(w.VBox):  # type: ignore[misc]
    """Widgets that a button shows and hides; folded at first. The accordion of ipywidgets takes no keyboard."""

    def __init__(self, title: str, children: Sequence[w.Widget]):
        self.opener = w.ToggleButton(description=title, layout={"width": "auto"})
        self.content = w.VBox(children)
        self.opener.observe(lambda _change: self._turn(), "value")
        self._turn()
        super().__init__([self.opener, self.content])
        self.add_class("crm-fold")

    def _turn(self) -> None:
        self.content.layout.display = None if self.opener.value else "none"
        self.opener.icon = "caret-down" if self.opener.value else "caret-right"
