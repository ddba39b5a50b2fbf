"""The exam questions of a case, to answer in the notebook: write first, then see the marking points and mark yourself.

They are the questions of the casebook (:mod:`crmlib.casebook`). Model answers, marking points and specimens stay in the
kernel until a student has written something.
"""

import re
from collections.abc import Sequence

import ipywidgets as w

from crmlib import casebook
from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.exams.paper import Mark, Question, Specimen
from crmlib.explorer.controls import Panel, button
from crmlib.learning.practice import OpenCard
from crmlib.support.strict_yaml import pick_known

HEADING = re.compile(r"^### (.*)$", re.MULTILINE)


class Questions(Panel):
    """The questions of a case, one at a time.

    Args:
        case: whose questions they are.
        ids: of the questions that are asked; all of them if empty.

    Attributes:
        at: position of the question shown, among those asked.
        card: the question shown.
    """

    def __init__(self, case: casebook.Case, ids: Sequence[str] = ()):
        self.case, self.at, self.lang, self.ids = case, 0, i18n.language(), ids
        known = {q.id: place for place, q in enumerate(case.questions)}
        problem = _("Case {case} has no question “{name}”.").format(case=case.name, name="{name}")
        self.asked = [known[pick_known(id, known, problem)] for id in ids] or list(known.values())
        self._cards: dict[int, OpenCard] = {}
        self._places = [self._place(n) for n in range(len(self.asked))]
        self._sheet, self._room = w.Box(self._places), w.VBox()
        self._back, self._on = button(""), button("")
        self._back.on_click(lambda _button: self.go(self.at - 1))
        self._on.on_click(lambda _button: self.go(self.at + 1))
        tools = w.HBox([self._back, self._on])
        self._sheet.add_class("crm-sheet")
        tools.add_class("crm-toolbar")
        super().__init__([self._sheet, self._room, tools])
        self.add_class("crm-practice")
        self._show()

    @property
    def card(self) -> OpenCard:
        """The question shown; what was written before is there."""
        if self.at not in self._cards:
            place = self.asked[self.at]
            card = OpenCard(lambda: question(self.case, place), done=lambda _attempt: self._show(), spoken=self._spoken)
            self._cards[self.at] = card
        return self._cards[self.at]

    def go(self, place: int) -> None:
        """Show another question; the keyboard's focus goes with it."""
        self.at = min(max(place, 0), len(self._places) - 1)
        self._show()
        self.card.focus()

    def _spoken(self, lang: str) -> None:
        self.lang = lang
        self._show()

    def _place(self, n: int) -> w.Button:
        place = w.Button(description=str(n + 1), layout={"width": "52px"})
        place.on_click(lambda _button: self.go(n))
        return place

    def _show(self) -> None:
        with i18n.speaking(self.lang):
            if self.card.lang != self.lang:
                self.card.speak(self.lang)
            self._room.children = (self.card,)
            self._back.description, self._on.description = _("Previous"), _("Next")
            self._back.disabled, self._on.disabled = self.at == 0, self.at == len(self._places) - 1
            for n, place in enumerate(self._places):
                done = n in self._cards and self._cards[n].draft.stage == "kept"
                place.description = f"{n + 1} ✓" if done else f"{n + 1}"
                state = _("answered") if done else _("no answer yet")
                place.tooltip = _("Question {n}: {state}").format(n=n + 1, state=state)
                (place.add_class if n == self.at else place.remove_class)("crm-here")

    def __repr__(self) -> str:
        return _("{title} [run this cell (Shift+Enter) to answer the questions]").format(title=self.case.label())

    def without_kernel(self) -> dict[str, str]:
        """Return the questions as text, without headings of their own: they would fill the outline of the notebook."""
        return {"text/markdown": HEADING.sub(r"**\1**", self.case.questions_markdown(ids=self.ids))}


def question(case: casebook.Case, place: int) -> Question:
    """Return a question of a case as those of the bank are asked, in the language now spoken."""
    q = case.questions[place]
    rubric = tuple(Mark(mark.points, str(mark.text)) for mark in q.marking)
    id, topic = f"{case.name}.{q.id}", case.name
    specimens = tuple(Specimen(one.points, str(one.answer), str(one.why)) for one in q.specimens)
    model = str(q.model or "")
    text = str(q.question)
    return Question(id, q.kind, topic, "", q.points, q.minutes, text, model=model, rubric=rubric, specimens=specimens)


def questions(name: str, *ids: str) -> Questions:
    """Return the exam questions of a case; with ids only these, as a part of a chapter asks them.

    Raises:
        UserError: there is no such case, or no such question in it.
    """
    return Questions(casebook.case(name), ids)
