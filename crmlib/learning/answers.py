"""The field that a question of each kind is answered in, and its answers: for practice and the mock exam."""

from collections.abc import Callable
from typing import Any

import ipywidgets as w
import traitlets

from crmlib.core import numbers
from crmlib.core.i18n import _
from crmlib.exams.paper import Question
from crmlib.items import credit, prose
from crmlib.items.credit import MACHINE, Given
from crmlib.items.laying import shown as in_words
from crmlib.learning.fields import Blanks, Checks, Line, Options, Order, Pairs
from crmlib.plotting.theme import safe

ROWS = {"term": 4, "tfc": 2}
"""How many rows an area for words has; 10 where nothing is said."""


class Judged(w.VBox):  # type: ignore[misc]
    """A verdict on a statement, and a line below it for the statement as it should be.

    Attributes:
        value: the position of the verdict, and what was written.
        entered: called when Enter is pressed.
    """

    value: Any = traitlets.List()

    def __init__(self, question: str):
        self._verdict, self._line, self._held = Options(question), Line(question, ROWS["tfc"]), False
        self.entered: Callable[[], object] = lambda: None
        super().__init__([self._verdict, self._line])
        self.id, self.value = self._verdict.id, [None, ""]
        for part in (self._verdict, self._line):
            part.observe(lambda _change: self._take(), "value")
        self._verdict.entered = lambda: self.entered()

    def offer(self, q: Question, given: Given) -> None:
        """Name the field in the language now spoken, with an answer in it."""
        self._held = True
        place, text = given if isinstance(given, list) and len(given) == 2 else (None, "")
        self._verdict.offer(q.options, place if isinstance(place, int) else None)
        self._line.name()
        self._line.label = _("Corrected statement, if it is false")
        self._line.value = str(text or "")
        self._held = False
        self._take()

    def _take(self) -> None:
        if not self._held:
            self.value = [self._verdict.value, self._line.value]

    def close(self) -> None:
        """Take no other verdict."""
        self._verdict.disabled = True

    def focus(self) -> None:
        """Put the keyboard's focus on the verdict."""
        self._verdict.focus()


Field = Options | Checks | Blanks | Pairs | Order | Judged | Line
MAKERS: dict[str, Callable[[str], Field]] = {
    "mcq": Options,
    "tf": Options,
    "multi": Checks,
    "tfc": Judged,
    "fill": Blanks,
    "order": Order,
    "match": Pairs,
    "num": Line,
}


def field(kind: str, question: str) -> Field:
    """Return the field for a kind of question; ``question`` is the name of what is asked."""
    return MAKERS[kind](question) if kind in MAKERS else Line(question, ROWS.get(kind, 10))


def offer(into: Field, q: Any, given: Given) -> None:
    """Turn a field to a question, in the language now spoken, with an answer in it.

    Args:
        into: a field of the question's kind.
        q: a question, or an item as it is laid.
        given: the answer; None for none.
    """
    places: Any = given if fits(q, given) and isinstance(given, list) else []
    if isinstance(into, Options):
        into.offer(q.options, given if isinstance(given, int) and 0 <= given < len(q.options) else None)
    elif isinstance(into, Checks):
        into.offer(q.options, places)
    elif isinstance(into, Blanks):
        into.offer(len(q.accept), places)
    elif isinstance(into, Pairs):
        into.offer(q.lefts, q.options, places)
    elif isinstance(into, Order):
        into.offer([prose.html(option) for option in q.options], places or range(len(q.options)))
    elif isinstance(into, Judged):
        into.offer(q, given)
    else:
        into.name(q.unit)
        into.value = given if isinstance(given, str) else ""


def standing(given: Given) -> str:
    """Return an answer as the page writes it, by which it knows whether it is still the one judged."""
    if isinstance(given, list):
        return ",".join("" if one is None else str(one) for one in given)
    return str(given)


def empty(given: Given) -> bool:
    """Say whether nothing has been answered, or nothing yet to any part."""
    return all(one in (None, "") for one in given) if isinstance(given, list) else given in (None, "")


def answered(q: Question, given: Given) -> bool:
    """Say whether a question has an answer that can be read, to each of its parts."""
    if q.kind == "tfc":
        return isinstance(given, list) and given[0] is not None
    if q.kind in MACHINE:
        return isinstance(given, list) and bool(given) and not any(one in (None, "") for one in given)
    if q.kind == "num" and isinstance(given, str):
        return numbers.read(given, q.unit) is not None
    return given is not None


def fits(q: Any, given: Given) -> bool:
    """Say whether an answer can be one to a question: one that was given to another does not."""
    if given is None:
        return True
    if q.kind == "tfc":
        return isinstance(given, list) and len(given) == 2 and given[0] in (None, 0, 1) and isinstance(given[1], str)
    if q.kind not in MACHINE:
        place = isinstance(given, int) and 0 <= given < len(q.options)
        return place if q.options else isinstance(given, str)
    if not isinstance(given, list):
        return False
    if q.kind == "fill":
        return len(given) == len(q.accept) and all(isinstance(one, str) for one in given)
    placed = [one for one in given if one is not None]
    within = all(isinstance(one, int) and 0 <= one < len(q.options) for one in placed)
    if q.kind == "order":
        return within and sorted(map(int, placed)) == list(range(len(q.options)))
    return within and (q.kind == "multi" or len(given) == len(q.keys))


def shown(q: Question, given: Given) -> str:
    """Return an answer as HTML; a dash where there is none."""
    if q.kind in MACHINE:
        return prose.html(in_words(q.kind, q.options, q.lefts, given))
    if q.kind == "tfc" and isinstance(given, list):
        place, text = given
        return prose.html(q.options[place] if isinstance(place, int) else "–") + f"<br>{safe(str(text or ''))}"
    if q.options and isinstance(given, int):
        return prose.html(q.options[given])
    return safe(str(given or "–")).replace("\n", "<br>")


def right(q: Question) -> str:
    """Return the right answer as HTML."""
    if q.kind in MACHINE:
        return prose.html(in_words(q.kind, q.options, q.lefts, q.right))
    return prose.html(q.options[int(q.key or 0)] if q.options else q.answer)


def earned(q: Question, given: Given) -> float | None:
    """Return the points an answer earns, or None where words are to be marked by the rubric."""
    if q.kind == "tfc":
        return _verdict_earns(q, given)
    if q.kind in MACHINE:
        return credit.earned(q.points, credit.share(q, given))
    if q.key is None:
        return None
    value = numbers.read(given, q.unit) if isinstance(given, str) else given
    near = isinstance(value, int | float) and abs(value - q.key) <= q.within + 1e-9
    return q.points if near else 0.0


def _verdict_earns(q: Question, given: Given) -> float | None:
    """Return what a verdict earns; None where it is right and a correction is still to be marked."""
    verdict, text = given if isinstance(given, list) and len(given) == 2 else (None, "")
    true, judged = q.key == 0, None if verdict is None else verdict == 0
    share = credit.of_verdict(true, judged, corrected=False)
    waits = 0 < share < 1 and bool(str(text or "").strip())
    return None if waits else credit.earned(q.points, share)


def to_rate(q: Question) -> tuple[Any, ...]:
    """Return the criteria that a student marks: of a statement the correction alone, for its verdict is known."""
    return q.rubric[1:] if q.kind == "tfc" else q.rubric


def known(q: Question) -> float:
    """Return the points that an answer in words has before it is rated: those of a right verdict."""
    return q.rubric[0].points if q.kind == "tfc" else 0.0


def revealed(q: Question, given: Given) -> str:
    """Return the name of the misconception that a wrong answer shows; empty if it shows none."""
    place = given[0] if q.kind == "tfc" and isinstance(given, list) else given
    if q.kind == "multi" and isinstance(given, list):
        place = next((n for n in given if n not in q.keys), None)
    return q.misconceptions[place] if q.options and q.misconceptions and isinstance(place, int) else ""
