"""From worked to own: the steps of an exercise's solution, shown in full, with one left blank, or to put in order.

And why: a wrong answer of somebody else, of which the mistake that leads to it is to be found. A wrong number costs its
own step alone: a later step that is worked out rightly from it counts.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random

import ipywidgets as w

from crmlib.core import i18n
from crmlib.core.exercise import Distractor, Exercise, measured
from crmlib.core.i18n import N_, _, ngettext
from crmlib.core.numbers import read, refusal
from crmlib.explorer.controls import button
from crmlib.items import prose, steps
from crmlib.items.draw import displayed
from crmlib.learning.fields import Line, Options, Order, Said, words
from crmlib.plotting.theme import safe

OWN = "free"
WAYS = {
    "worked": N_("Worked in full"),
    "blank": N_("One step missing"),
    "order": N_("Steps to put in order"),
    "why": N_("Find the mistake"),
    OWN: N_("On my own"),
}
"""How an exercise is met, from the most help to none."""
ENDS = " .;,。；，"
MISTAKES = 4
"""So many mistakes at most are offered, of which one was made."""


def ways(e: Exercise) -> dict[str, str]:
    """Return the ways in which an exercise with steps can be met; a mistake is found among several of a number."""
    told = not e.options and len({wrong.misconception for wrong in e.distractors}) > 1
    return {way: label for way, label in WAYS.items() if way != "why" or told}


class Ladder(w.VBox):  # type: ignore[misc]
    """An exercise's solution on one of the rungs below one's own answer.

    Args:
        e: the exercise; it has steps.
        way: one of :data:`WAYS`, not :data:`OWN`.
        seed: which step is blank, or how they are mixed, comes from it.
        question: name of the question, as the fields refer to it.
        called: a misconception's name → what it is called, in the language now spoken.

    Attributes:
        steps: the steps.
        way: the rung.
        fields: the lines to fill in, by the place of their step.
        order: the steps to put in order, if that is asked.
        mistakes: the mistakes among which the one made is to be found, if that is asked, the one made first.
    """

    def __init__(self, e: Exercise, way: str, seed: int, question: str, called: Callable[[str], str] = str):
        self.steps, self.way, self.lang, self._worked = steps.read(e.steps), way, i18n.language(), e.worked
        self.fields: dict[int, Line] = {}
        self.order: Order | None = None
        self.mistakes: Sequence[Distractor] = ()
        self._judged: Callable[[], str] = self._judged_numbers
        self._said, self._check = Said(), button(_("Check the steps"))
        self._check.on_click(lambda _button: self.check())
        random = Random(f"{way}:{seed}")
        if way == "blank":
            lines = self._with_blank(random, question)
        elif way == "order":
            lines = self._mixed(random, question)
        elif way == "why":
            lines = self._mistaken(e, random, question, called)
        else:
            rows = "".join(f"<li>{prose.html(step.text)}</li>" for step in self.steps)
            super().__init__([w.HTML(f'<ol class="crm-steps">{rows}</ol>')])
            return
        tools = w.HBox([self._check])
        tools.add_class("crm-toolbar")
        super().__init__([*lines, tools, self._said])

    def check(self) -> None:
        """Say which steps are right."""
        with i18n.speaking(self.lang):
            self._said.say(self._judged(), {})

    def _with_blank(self, random: Random, question: str) -> list[w.Widget]:
        """Return the lines with one step blank; what follows from it is open too, for it would tell."""
        places = steps.opened(self.steps, random.choice(steps.blanks(self.steps)))
        lines: list[w.Widget] = []
        for n, step in enumerate(self.steps):
            shown = steps.hidden(self.steps, places, step.before if n in places else step.text)
            if n not in places:
                lines.append(w.HTML(words(f"{n + 1}. {prose.html(shown)}")))
                continue
            field = Line(question)
            field.label, field.unit = f"{n + 1}. {shown}".rstrip(), step.after.rstrip(ENDS)
            field.entered = self.check
            self.fields[n] = field
            lines.append(field)
        return lines

    def _mixed(self, random: Random, question: str) -> list[w.Widget]:
        """Return the steps in an order in which they cannot be done."""
        places = list(range(len(self.steps)))
        while steps.in_order(self.steps, places):
            random.shuffle(places)
        self.order, self._judged = Order(question), self._judged_order
        self.order.offer([prose.html(step.text.rstrip(ENDS)) for step in self.steps], places)
        return [self.order]

    def _mistaken(self, e: Exercise, random: Random, question: str, called: Callable[[str], str]) -> list[w.Widget]:
        """Return a wrong answer, and mistakes of which one leads to it."""
        known = list({d.misconception: d for d in random.sample(e.distractors, len(e.distractors))}.values())
        self.mistakes, self._judged = known[:MISTAKES], self._judged_mistake
        self._numbers = [measured(text, e.unit) for text in displayed([d.answer for d in self.mistakes])]
        asked = _("A fellow student answers {number}. Which mistake leads to that?").format(number=self._numbers[0])
        self._check.description = _("Check")
        self._order = random.sample(range(len(self.mistakes)), len(self.mistakes))
        self.choice = Options(question)
        self.choice.offer([called(self.mistakes[n].misconception) for n in self._order])
        self.choice.entered = self.check
        return [w.HTML(words(safe(asked))), self.choice]

    def _judged_mistake(self) -> str:
        if self.choice.value is None:
            return words(safe(_("Give an answer first.")))
        n = self._order[self.choice.value]
        if n == 0:
            said = _("Right. {reply}").format(reply=self.mistakes[0].reply)
            return words(prose.html(said), "right")
        said = _("No: that mistake would give {number}.").format(number=self._numbers[n])
        return words(safe(said), "wrong")

    def _judged_order(self) -> str:
        assert self.order
        order = list(self.order.value)
        if steps.in_order(self.steps, order):
            return words(safe(_("Right: the steps can be done in this order.")), "right")
        early = next(
            (n for turn, n in enumerate(order) if not steps.needs(self.steps, n) <= set(order[:turn])), order[0]
        )
        said = _("Not yet: “{step}” stands too early. What does it build on?")
        return words(safe(said.format(step=self.steps[early].text.rstrip(ENDS))), "wrong")

    def _judged_numbers(self) -> str:
        given: dict[int, float] = {}
        for n, field in self.fields.items():
            unit = "%" if self.steps[n].percent else ""
            value = read(field.value, unit) if field.value.strip() else None
            if value is None:
                said = refusal(field.value, unit) if field.value.strip() else _("Fill in every step first.")
                return words(safe(said))
            given[n] = value
        verdicts = {n: self._verdict(n, given) for n in given}
        lines = [self._told(n, verdict) for n, verdict in verdicts.items()]
        earned = sum(verdict != "wrong" for verdict in verdicts.values())
        total = ngettext("{earned} of {n} step earned.", "{earned} of {n} steps earned.", len(given))
        lines.append(words(safe(total.format(earned=earned, n=len(given)))))
        if all(verdict == "right" for verdict in verdicts.values()):
            lines.append(words(prose.html(_("Worked solution: {worked}").format(worked=self._worked))))
        return "".join(lines)

    def _verdict(self, n: int, given: Mapping[int, float]) -> str:
        """Return right, follows or wrong: what follows from a wrong number of the student's own counts."""
        step = self.steps[n]
        if step.near(given[n]):
            return "right"
        wrong = any(not self.steps[k].near(value) for k, value in given.items() if k < n)
        mine = steps.following(self.steps, n, given)
        return "follows" if wrong and any(steps.close(given[n], value, step.given) for value in mine) else "wrong"

    def _told(self, n: int, verdict: str) -> str:
        said = {
            "right": _("Step {n}: right."),
            "follows": _("Step {n}: follows from your number, so it counts; mend the step before."),
            "wrong": _("Step {n}: not yet."),
        }[verdict]
        return words(safe(said.format(n=n + 1)), "wrong" if verdict == "wrong" else "right")
