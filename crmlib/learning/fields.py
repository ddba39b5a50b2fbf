"""Fields to answer in, and lines that speak: what exercises, practice and the mock exam are made of.

The fields of ipywidgets show formulas as LaTeX, are no group for a screen reader, and hand over a change of state after
the press of a button that came later, while the kernel is busy. These are drawn by ``fields.js``.

What a piece shows travels in a hidden line of plain HTML, and only what is chosen or typed comes back through the one
:class:`Desk` of a kernel. A widget of its own for each piece would be deaf for good on a slow computer: anywidget gives
a model two seconds to be loaded, and passes it no message after that.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

import anywidget
import ipywidgets as w
import traitlets

from crmlib.core.i18n import _
from crmlib.items import prose
from crmlib.plotting.theme import safe

HERE = Path(__file__).parent


def asked(content: str, name: str) -> str:
    """Return what is asked, given as HTML; a field whose ``question`` is this name is called by it."""
    return f'<div class="crm-question" id="{name}">{content}</div>'


def words(said: str, verdict: str = "") -> str:
    """Return a paragraph of HTML, coloured by what it says: right, mistake, near or wrong."""
    colors = {"right": ' class="crm-right"'} | dict.fromkeys(("mistake", "near", "wrong"), ' class="crm-wrong"')
    return f"<p{colors.get(verdict, '')}>{said}</p>" if said else ""


def verdict(said: str) -> str:
    """Return HTML as what belongs to one answer: the page hides it as soon as another one stands in the field."""
    return f'<div class="crm-verdict">{said}</div>'


def pointer(text: str, section: str) -> str:
    """Return a link to the section of the notebook that has this heading; from there a button leads back."""
    back = _("Back to where you were")
    data = f'data-section="{escape(section)}" data-back="{escape(back)}"'
    return f'<a href="#" class="crm-to" {data}>{safe(text)}</a>'


def heading(text: str) -> w.HTML:
    """Return a small heading."""
    return w.HTML(f"<h4>{safe(text)}</h4>")


class Desk(anywidget.AnyWidget):
    """What draws all pieces of a kernel, and passes on what is chosen and typed; it is never sent a message itself."""

    _esm = HERE / "fields.js"
    _css = HERE / "fields.css"
    name = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(name=uuid4().hex)  # known from the start: nothing that is sent later has to arrive
        self.pieces: WeakValueDictionary[str, Piece] = WeakValueDictionary()
        self.on_msg(self._heard)

    def _heard(self, _widget: object, content: Mapping[str, Any], _buffers: Sequence[bytes]) -> None:
        if piece := self.pieces.get(str(content.get("piece"))):
            piece.hear(content)


@cache
def desk() -> Desk:
    """Return the desk of this kernel."""
    return Desk()


class Piece(w.Box):  # type: ignore[misc]
    """What the pieces share: they can take the keyboard's focus, also before the page has drawn them.

    Attributes:
        turn: grows with each question asked; what was chosen or typed for an earlier one is not taken.
        told: how often it was asked to take the focus.
        heard: number of the last message of the page; the page knows by it which state is older than what it shows.
        entered: called when Enter is pressed.
    """

    kind = ""
    turn = traitlets.Int(0).tag(shown=True)
    told = traitlets.Int(0).tag(shown=True)
    heard = traitlets.Int(0).tag(shown=True)

    def __init__(self, **kwargs: Any):
        self._wire, self._held, self._wanted = w.HTML(), False, False
        self.entered: Callable[[], object] = lambda: None
        super().__init__([self._wire], **kwargs)
        self.id = str(self._wire.model_id)
        desk().pieces[self.id] = self
        self.observe(lambda _change: self._show(), list(self.traits(shown=True)))
        self._show()

    def focus(self) -> None:
        """Take the keyboard's focus, now or as soon as the page has drawn it."""
        self._wanted = True
        self.told += 1

    def hear(self, content: Mapping[str, Any]) -> None:
        """Take a message of the page."""
        if content.get("focused"):
            self._wanted = False
        elif content.get("ready"):
            # What the page has not seen yet is on its way; asked a second time it would take the focus back from a
            # student who has moved on.
            self.told += self._wanted and content.get("told") == self.told
        elif content.get("turn") == self.turn:
            with self._at_once():
                self.heard = int(content.get("number", 0))
                self._take(content)
            if content.get("enter"):
                self.entered()

    def _take(self, content: Mapping[str, Any]) -> None:
        """Take what the page says was chosen or typed."""

    def _show(self) -> None:
        if not self._held:
            state = {name: getattr(self, name) for name in self.traits(shown=True)}
            said = escape(json.dumps({"kind": self.kind, "id": self.id, **state, **_lost()}, ensure_ascii=False))
            self._wire.value = f'<div class="crm-wire" hidden data-desk="{desk().name}" data-state="{said}"></div>'

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Send the page several changes as one."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self._show()


def _lost() -> dict[str, str]:
    """Return what the page says, in the language now spoken, when this kernel is gone or does not answer."""
    return {
        "gone": _("The kernel was restarted or is gone: run this cell again (Shift+Enter). Your answers are kept."),
        "unheard": _("No answer from the kernel yet. If it is not busy, run this cell again (Shift+Enter)."),
    }


class Options(Piece):
    """One of several options, none at first; formulas are shown as formulas.

    Attributes:
        question: name of what is asked, as :func:`asked` was given it.
        shown: the options as HTML.
        value: position of the one chosen.
    """

    kind = "options"
    question = traitlets.Unicode().tag(shown=True)
    shown = traitlets.List(traitlets.Unicode()).tag(shown=True)
    value = traitlets.Int(None, allow_none=True).tag(shown=True)
    disabled = traitlets.Bool(False).tag(shown=True)

    def __init__(self, question: str):
        super().__init__(question=question)

    def offer(self, options: Sequence[str], chosen: int | None = None) -> None:
        """Show other options."""
        with self._at_once():
            self.shown, self.value = [prose.html(option) for option in options], chosen

    def _take(self, content: Mapping[str, Any]) -> None:
        place = content.get("index")
        if isinstance(place, int) and 0 <= place < len(self.shown) and not self.disabled:
            self.value = place


class Checks(Piece):
    """Several of some options; formulas are shown as formulas.

    Attributes:
        question: name of what is asked, as :func:`asked` was given it.
        shown: the options as HTML.
        value: positions of those chosen, in order.
    """

    kind = "checks"
    question = traitlets.Unicode().tag(shown=True)
    shown = traitlets.List(traitlets.Unicode()).tag(shown=True)
    value = traitlets.List(traitlets.Int()).tag(shown=True)
    disabled = traitlets.Bool(False).tag(shown=True)

    def __init__(self, question: str):
        super().__init__(question=question)

    def offer(self, options: Sequence[str], chosen: Sequence[int] = ()) -> None:
        """Show other options."""
        with self._at_once():
            self.shown, self.value = [prose.html(option) for option in options], list(chosen)

    def _take(self, content: Mapping[str, Any]) -> None:
        places = content.get("places")
        if isinstance(places, list) and all(n in range(len(self.shown)) for n in places) and not self.disabled:
            self.value = sorted(set(places))


class Blanks(Piece):
    """A line to type into for each blank of a text.

    Attributes:
        question: name of what is asked, as :func:`asked` was given it.
        names: what each line is called, as HTML.
        value: what was typed into each.
    """

    kind = "blanks"
    question = traitlets.Unicode().tag(shown=True)
    names = traitlets.List(traitlets.Unicode()).tag(shown=True)
    value = traitlets.List(traitlets.Unicode()).tag(shown=True)

    def __init__(self, question: str):
        super().__init__(question=question)

    def offer(self, many: int, typed: Sequence[str] = ()) -> None:
        """Ask for so many blanks, named in the language now spoken."""
        with self._at_once():
            self.names = [safe(_("Blank {n}").format(n=n)) for n in range(1, many + 1)]
            self.value = [*typed, *[""] * many][:many]

    def _take(self, content: Mapping[str, Any]) -> None:
        values = content.get("values")
        if isinstance(values, list) and len(values) == len(self.names) and all(isinstance(v, str) for v in values):
            self.value = values


class Pairs(Piece):
    """For each left side a list to choose its right side from.

    Attributes:
        question: name of what is asked, as :func:`asked` was given it.
        names: the left sides as HTML.
        shown: the right sides as plain text, for lists can show no other.
        none: what stands in a list in which nothing is chosen.
        value: the position of the right side of each; None where nothing is chosen.
    """

    kind = "pairs"
    question = traitlets.Unicode().tag(shown=True)
    names = traitlets.List(traitlets.Unicode()).tag(shown=True)
    shown = traitlets.List(traitlets.Unicode()).tag(shown=True)
    none = traitlets.Unicode().tag(shown=True)
    value = traitlets.List(traitlets.Int(allow_none=True)).tag(shown=True)

    def __init__(self, question: str):
        super().__init__(question=question)

    def offer(self, lefts: Sequence[str], rights: Sequence[str], chosen: Sequence[int | None] = ()) -> None:
        """Show other sides."""
        with self._at_once():
            self.none, self.names = _("– choose –"), [prose.html(left) for left in lefts]
            self.shown = [prose.plain_text(right) for right in rights]
            self.value = [*chosen, *[None] * len(lefts)][: len(lefts)]

    def _take(self, content: Mapping[str, Any]) -> None:
        values, places = content.get("values"), [None, *range(len(self.shown))]
        if isinstance(values, list) and len(values) == len(self.names) and all(n in places for n in values):
            self.value = values


class Line(Piece):
    """A line to type into, or several.

    Attributes:
        question: name of what is asked, as :func:`asked` was given it.
        label, unit: what stands before and behind it.
        placeholder: stands in it while it is empty.
        rows: of an area for words; 0 for a line.
        value: what was typed.
    """

    kind = "line"
    question = traitlets.Unicode().tag(shown=True)
    label = traitlets.Unicode().tag(shown=True)
    unit = traitlets.Unicode().tag(shown=True)
    placeholder = traitlets.Unicode().tag(shown=True)
    rows = traitlets.Int(0).tag(shown=True)
    value = traitlets.Unicode().tag(shown=True)

    def __init__(self, question: str, rows: int = 0):
        super().__init__(question=question, rows=rows)

    def name(self, unit: str = "") -> None:
        """Say in the language now spoken what belongs into it."""
        self.label, self.unit = _("Answer"), unit

    def _take(self, content: Mapping[str, Any]) -> None:
        typed = content.get("value")
        if isinstance(typed, str):
            self.value = typed


class Scale(Line):
    """A number to type, or to set on a slider that stands nowhere until it is touched.

    Attributes:
        low, high, step: of the slider.
        nowhere: what the slider is called before it stands somewhere.
    """

    kind = "scale"
    low = traitlets.Float().tag(shown=True)
    high = traitlets.Float().tag(shown=True)
    step = traitlets.Float().tag(shown=True)
    nowhere = traitlets.Unicode().tag(shown=True)

    def __init__(self, question: str, low: float, high: float, step: float, unit: str):
        super().__init__(question)
        with self._at_once():
            self.low, self.high, self.step, self.unit = low, high, step, unit
            self.label, self.nowhere = _("My guess"), _("nothing guessed yet")


class Order(Piece):
    """Lines to put in order: two buttons beside each move it up or down.

    Attributes:
        question: name of what is asked, as :func:`asked` was given it.
        shown: the lines as HTML.
        value: their places, in the order in which they stand.
        up, down, placed: what the buttons are called, and what is said of a line that has been moved.
    """

    kind = "order"
    question = traitlets.Unicode().tag(shown=True)
    shown = traitlets.List(traitlets.Unicode()).tag(shown=True)
    value = traitlets.List(traitlets.Int()).tag(shown=True)
    up = traitlets.Unicode().tag(shown=True)
    down = traitlets.Unicode().tag(shown=True)
    placed = traitlets.Unicode().tag(shown=True)

    def __init__(self, question: str):
        super().__init__(question=question)

    def offer(self, lines: Sequence[str], order: Sequence[int]) -> None:
        """Show lines in an order."""
        with self._at_once():
            self.up, self.down, self.placed = _("Move up"), _("Move down"), _("Now in place {n} of {all}.")
            self.shown, self.value = list(lines), list(order)

    def _take(self, content: Mapping[str, Any]) -> None:
        order = content.get("order")
        if isinstance(order, list) and sorted(self.value) == sorted(n for n in order if isinstance(n, int)):
            self.value = order


class Said(Piece):
    """A region that a screen reader speaks when it changes; it is there before it says something.

    Attributes:
        value: HTML; a :func:`verdict` in it is hidden while another answer than the one judged stands in the field.
        judged: the id of a field and the answer judged; empty if no answer is.
    """

    kind = "said"
    value = traitlets.Unicode().tag(shown=True)
    judged = traitlets.Dict().tag(shown=True)

    def say(self, value: str, judged: Mapping[str, str]) -> None:
        """Say something about an answer.

        Args:
            value: HTML.
            judged: the id of a field and the answer in it that is spoken of; empty if it is about none.
        """
        with self._at_once():
            self.value, self.judged = value, dict(judged)


class Clock(Piece):
    """The time left, in seconds, which runs in the page by itself between what the kernel says."""

    kind = "clock"
    left = traitlets.Float(0.0).tag(shown=True)
    label = traitlets.Unicode().tag(shown=True)
