"""Exercises: a question with drawn numbers, the key from the model, and feedback that names the mistake made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from random import Random
from typing import Literal, NamedTuple

from crmlib.i18n import _
from crmlib.practice.numbers import near_miss, read, refusal, reversed_sign

Verdict = Literal["right", "mistake", "wrong", "near", "unreadable"]
FREE = ("near", "unreadable")
"""Verdicts that use up no attempt."""


class Feedback(NamedTuple):
    """What is said to an answer, translated, and the name of the misconception that it shows, if it shows one."""

    verdict: Verdict
    said: str
    misconception: str = ""


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong: the answer it leads to, the sentence that names it (translated), and its name in the bank."""

    answer: float
    reply: str
    name: str = ""


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
        hints: translated, in order, each telling more.
    """

    question: str
    answer: float
    worked: str
    mistakes: Sequence[Mistake] = ()
    options: Sequence[str] = ()
    unit: str = ""
    tolerance: float = 0.005
    hints: Sequence[str] = ()

    def check(self, given: str | float) -> Feedback:
        """Return the feedback on an answer."""
        value = read(given, self.unit) if isinstance(given, str) else float(given)
        if value is None:
            return Feedback("unreadable", refusal(str(given), self.unit))
        if self._near(value, self.answer):
            return Feedback("right", _("Right. {worked}").format(worked=self.worked))
        for mistake in self.mistakes:
            if self._near(value, mistake.answer):
                return Feedback("mistake", _("Not quite. {reply}").format(reply=mistake.reply), mistake.name)
        if said := "" if self.options else near_miss(value, self.answer, self.within, self.unit):
            return Feedback("near", said)
        said = _("Not right, and not one of the usual mistakes. Write your steps down and look again.")
        return Feedback("wrong", reversed_sign(value, self.answer, self.within) or said)

    @property
    def within(self) -> float:
        """How far a number may be off."""
        return self.tolerance * max(abs(self.answer), 1.0)

    def _near(self, value: float, target: float) -> bool:
        return abs(value - target) <= self.tolerance * max(abs(target), 1.0) + 1e-9


def measured(number: str, unit: str) -> str:
    """Return a number with its unit as printed.

    >>> measured("12.5", "%"), measured("3", "firms"), measured("7", "10,000 yuan"), measured("7", "")
    ('12.5%', '3 firms', '7 (10,000 yuan)', '7')
    """
    if not unit or unit == "%":
        return f"{number}{unit}"
    return f"{number} ({unit})" if unit[0].isdigit() else f"{number} {unit}"


def products(pairs: Iterable[tuple[float, float]]) -> str:
    """Return a sum of products as it is written out.

    >>> products([(3, 80), (1.5, 70)])
    '3 × 80 + 1.5 × 70'
    """
    return " + ".join(f"{a:g} × {b:g}" for a, b in pairs)


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
