"""Three answers to a question, in no order: the student marks each, and then sees what it earns and why.

They appear once the student's own answer is marked. What was given is kept, and with it an attempt, under the id of the
question and “:specimens”, so that it counts for no item.
"""

from collections.abc import Callable, Sequence
from random import Random

import ipywidgets as w

from crmlib.core import i18n
from crmlib.core.i18n import _, ngettext
from crmlib.core.numbers import read
from crmlib.exams.paper import Question, Specimen
from crmlib.explorer.controls import button
from crmlib.items import prose
from crmlib.learning import progress
from crmlib.learning.cards import keep
from crmlib.learning.fields import Line, Said, asked, words
from crmlib.plotting.theme import safe

NEAR = 0.1
"""Marks that are off by no more than this share of the points, or by one mark, are near."""
LETTERS = "ABC"


class Specimens(w.VBox):  # type: ignore[misc]
    """The specimens of a question, to be marked.

    Args:
        ask: the question, in the language spoken at the time.
        given: the marks that were given before, in the order of the specimens; empty if none were.
        done: called with the marks once they are given.
    """

    def __init__(
        self, ask: Callable[[], Question], given: Sequence[float], done: Callable[[tuple[float, ...]], object]
    ):
        self.ask, self.given, self.done = ask, tuple(given), done
        known = ask()
        self.order = list(range(len(known.specimens)))
        Random(f"specimens:{known.id}").shuffle(self.order)
        if len(self.given) != len(self.order):
            self.given = ()
        self._head, self._told, self._commit = w.HTML(), Said(), button("")
        self._texts = [w.HTML() for _place in self.order]
        self._fields = [Line(f"crm-{text.model_id}") for text in self._texts]
        self._commit.on_click(lambda _button: self._take())
        for field in self._fields:
            field.entered = self._take
        super().__init__()
        self.show()

    def show(self) -> None:
        """Show them in the language now spoken: fields for the marks, or what they earn."""
        self.lang, q = i18n.language(), self.ask()
        self._commit.description = _("Show what they earn")
        how = _("How many of {points:g} marks does each of these answers earn? Mark all three before you see.")
        title = safe(_("Mark three answers"))
        self._head.value = f"<h4>{title}</h4>{words(safe(how.format(points=q.points)))}"
        for letter, text, field, place in zip(LETTERS, self._texts, self._fields, self.order, strict=False):
            title = safe(_("Answer {letter}").format(letter=letter))
            text.value = asked(f"<b>{title}</b><br>{prose.html(q.specimens[place].text)}", field.question)
            field.label, field.unit = _("Marks"), _("of {points:g}").format(points=q.points)
        if self.given:
            self._told.value = self._verdicts(q)
            self.children = (self._head, *self._texts, self._told)
        else:
            pairs = zip(self._texts, self._fields, strict=True)
            self.children = (self._head, *(one for pair in pairs for one in pair), self._commit, self._told)

    def _take(self) -> None:
        if not self.given:
            with i18n.speaking(self.lang):
                self._judge(self.ask())

    def _judge(self, q: Question) -> None:
        """Take the marks, keep them, and show what the answers earn; say so where one is missing or none."""
        found = {}
        for letter, field, place in zip(LETTERS, self._fields, self.order, strict=False):
            value = read(field.value, "points")
            if value is None or not 0 <= value <= q.points:
                said = _("Answer {letter}: give a number from 0 to {points:g}.")
                self._told.value = words(safe(said.format(letter=letter, points=q.points)))
                field.focus()
                return
            found[place] = value
        self.given = tuple(found[place] for place in sorted(found))
        earned = sum(near(value, one, q.points) for value, one in zip(self.given, q.specimens, strict=True))
        attempt = progress.Attempt(progress.now(), f"{q.id}:specimens", 0, "marked", float(earned), len(self.given))
        complaint = keep(attempt)
        self.show()
        self.done(self.given)
        self._told.value += words(safe(complaint))
        self._told.focus()

    def _verdicts(self, q: Question) -> str:
        """Return for each answer the marks given, what it earns, and why."""
        lines = []
        for letter, place in zip(LETTERS, self.order, strict=False):
            one, value = q.specimens[place], self.given[place]
            said = _("Answer {letter}: you gave {given:g}; it earns {earned:g} of {points:g}.")
            said = said.format(letter=letter, given=value, earned=one.points, points=q.points)
            lines.append(words(safe(said), "right" if near(value, one, q.points) else "near"))
            lines.append(words(prose.html(one.why)))
        n = sum(near(value, one, q.points) for value, one in zip(self.given, q.specimens, strict=True))
        said = ngettext("{n} of {all} is near.", "{n} of {all} are near.", n).format(n=n, all=len(self.given))
        return "".join(lines) + words(safe(said))


def near(given: float, specimen: Specimen, points: float) -> bool:
    """Tell whether marks are near those that a specimen earns.

    >>> near(8, Specimen(9, "", ""), 10), near(2, Specimen(4, "", ""), 5)
    (True, False)
    """
    return abs(given - specimen.points) <= max(1, NEAR * points)
