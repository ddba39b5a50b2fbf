"""Small widgets that explorers and exercises share."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets as w

from crmlib.core.i18n import _
from crmlib.core.inputs import Setting
from crmlib.core.numbers import decimals


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


def control_for(s: Setting, value: Any) -> w.Widget:
    """Return the control that fits a setting: slider, choice or switch."""
    common = {"value": value, "description": s.title(), "tooltip": _(s.help), "style": {"description_width": "initial"}}
    made: w.Widget
    if s.choices:
        labels = [_(label) for label in s.choice_labels]
        made = w.Dropdown(options=list(zip(labels, s.choices, strict=True)), **common)
    elif s.kind is bool:
        made = w.Checkbox(**common)
    elif s.kind is int:
        made = w.IntSlider(min=s.low, max=s.high, step=int(s.step or 1), **common)
    else:
        readout = f".{decimals(s.step or 1)}f"
        made = w.FloatSlider(min=s.low, max=s.high, step=s.step, readout_format=readout, **common)
    made.add_class("crm-control")
    return made


def value_of(control: w.Widget) -> Any:
    """Return a control's value, without the floating-point dust that a slider's steps leave."""
    return round(control.value, 10) if isinstance(control.value, float) else control.value
