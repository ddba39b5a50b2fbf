"""Exercises: a question with drawn numbers, the key from the model, and feedback that names the mistake made."""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from random import Random
from typing import Any, Literal

import ipywidgets as w

from crmlib.charts.theme import safe
from crmlib.controls import button
from crmlib.i18n import _

Verdict = Literal["right", "mistake", "wrong", "unreadable"]


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong: the answer it leads to, and the sentence that names it (translated)."""

    answer: float
    reply: str


@dataclass(frozen=True)
class Exercise:
    """One exercise with its numbers drawn.

    Attributes:
        question: translated.
        answer: the key, from the model; for a choice the position of the right option.
        worked: translated worked solution, shown once it is solved.
        mistakes: known ways to go wrong. One that happens to give the key is not a mistake and is dropped.
        options: for a choice, its translated options; empty for a number.
        unit: translated unit of the number asked for.
        tolerance: how far a number may be off, as a share of the key (absolute below one).
    """

    question: str
    answer: float
    worked: str
    mistakes: Sequence[Mistake] = ()
    options: Sequence[str] = ()
    unit: str = ""
    tolerance: float = 0.005

    def check(self, given: str | float) -> tuple[Verdict, str]:
        """Return the verdict on an answer and the feedback to show, translated."""
        value = number(given) if isinstance(given, str) else float(given)
        if value is None:
            return "unreadable", _("“{given}” is not a number. Write for example 12.5.").format(given=given[:40])  # type: ignore[index]
        if self._near(value, self.answer):
            return "right", _("Right. {worked}").format(worked=self.worked)
        for mistake in self.mistakes:
            if self._near(value, mistake.answer):
                return "mistake", _("Not quite. {reply}").format(reply=mistake.reply)
        return "wrong", _("Not right, and not one of the usual mistakes. Write your steps down and look again.")

    def _near(self, value: float, target: float) -> bool:
        return abs(value - target) <= self.tolerance * max(abs(target), 1.0) + 1e-9


def number(text: str) -> float | None:
    """Read a number as people type it: full-width digits, thousands commas, a trailing percent sign or unit of money.

    >>> number("￥１，２３４．５６")
    1234.56
    >>> number("about ten") is None
    True
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("¥$%").replace(",", "").replace(" ", "")
    plain = plain.replace("−", "-").removesuffix("万元")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


Maker = Callable[[Random], Exercise]


def apart(make: Maker) -> Maker:
    """Draw again until the key and the answers of all mistakes are far enough apart to be told one from another."""

    @wraps(make)
    def drawn(draw: Random) -> Exercise:
        while True:
            e = make(draw)
            answers = [e.answer, *(m.answer for m in e.mistakes)]
            near = 2.5 * e.tolerance
            if all(abs(a - b) > near * max(abs(a), abs(b), 1.0) for i, a in enumerate(answers) for b in answers[:i]):
                return e

    return drawn


class Ask(w.VBox):  # type: ignore[misc]
    """An exercise in the notebook: question, answer field, feedback, and another one like it."""

    def __init__(self, name: str, make: Maker, seed: int = 0):
        self.name, self.make, self.seed = name, make, seed
        self._question, self._feedback = w.HTML(), w.HTML()
        self._field: Any = w.Text()
        check, another = button(_("Check")), button(_("Another one like this"))
        check.on_click(lambda _button: self._judge())
        another.on_click(lambda _button: self._draw(self.seed + 1))
        self._tools = w.HBox([check, another])
        super().__init__()
        self.add_class("crm-ask")
        self._draw(seed)

    def check(self, given: str | float) -> str:
        """Return the feedback on an answer, as the button would show it."""
        return self.exercise.check(given)[1]

    def _draw(self, seed: int) -> None:
        self.seed = seed
        self.exercise = self.make(Random(f"{self.name}:{seed}"))
        e = self.exercise
        self._question.value = f"<p>{safe(e.question)}</p>"
        self._feedback.value = '<div role="status" aria-live="polite"></div>'
        if e.options:
            options = [(option, i) for i, option in enumerate(e.options)]
            self._field = w.RadioButtons(options=options, value=None, layout={"width": "auto"})
        else:
            self._field = w.Text(placeholder=e.unit, description=_("Answer"), continuous_update=False)
        self.children = (self._question, self._field, self._tools, self._feedback)

    def _judge(self) -> None:
        if self._field.value in (None, ""):
            verdict, said = "unreadable", _("Give an answer first.")
        else:
            verdict, said = self.exercise.check(self._field.value)
        color = {"right": "#006b4e", "mistake": "#a33500"}.get(verdict, "#444444")
        self._feedback.value = f'<div role="status" aria-live="polite" style="color:{color}">{safe(said)}</div>'

    def __repr__(self) -> str:
        return _("{question} [run this cell (Shift+Enter) to answer]").format(question=self.exercise.question)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the widget, with the question as text for a page that has no kernel."""
        live: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return live | {"text/plain": repr(self)}


class Guess(w.VBox):  # type: ignore[misc]
    """A guess before the answer is shown: move the slider, commit yourself, then look."""

    def __init__(self, question: str, answer: float, low: float, high: float, unit: str, digits: int = 0):
        self.question, self.answer, self.unit, self.digits = question, answer, unit, digits
        asked = w.HTML(f"<p>{safe(question)}</p>")
        self._slider = w.FloatSlider(
            value=(low + high) / 2,
            min=low,
            max=high,
            step=10**-digits,
            readout_format=f".{digits}f",
            description=_("My guess"),
        )
        self._said = w.HTML('<div role="status" aria-live="polite"></div>')
        show = button(_("Show the answer"))
        show.on_click(lambda _button: self._show())
        super().__init__([asked, w.HBox([self._slider, show]), self._said])

    def reveal(self, guess: float) -> str:
        """Return what is said to a guess."""
        return _("You guessed {guess:,.{digits}f} {unit}; it is {answer:,.{digits}f} {unit}.").format(
            guess=guess, answer=self.answer, unit=self.unit, digits=self.digits
        )

    def _show(self) -> None:
        self._said.value = f'<div role="status" aria-live="polite">{safe(self.reveal(self._slider.value))}</div>'

    def __repr__(self) -> str:
        return _("{question} [run this cell (Shift+Enter) to answer]").format(question=self.question)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the widget, with the question as text for a page that has no kernel."""
        live: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return live | {"text/plain": repr(self)}
