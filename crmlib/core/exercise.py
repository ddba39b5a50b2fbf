"""Exercises: a question with drawn numbers, the key from the model, and feedback that names the mistake made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Literal, NamedTuple

from crmlib.core.i18n import _
from crmlib.core.numbers import near_miss, read, refusal, reversed_sign

Verdict = Literal["right", "mistake", "wrong", "near", "unreadable"]
FREE = ("near", "unreadable")
"""Verdicts that use up no attempt."""


class Feedback(NamedTuple):
    """What is said to an answer, translated, and the name of the misconception that it shows, if it shows one."""

    verdict: Verdict
    said: str
    misconception: str = ""


@dataclass(frozen=True)
class Distractor:
    """A wrong answer to which a known misconception leads.

    Attributes:
        answer: the number, or the position of the option.
        misconception: its name in the bank.
        reply: the sentence that names it, translated; empty until the text is put to the numbers.
        values: what stands in this reply alone, by name.
        as_it_is: whether it is a number of another kind than the key, such as percentage points where money is asked
            for, and so the same whatever the unit.
    """

    answer: float
    misconception: str = ""
    reply: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    as_it_is: bool = False


@dataclass(frozen=True)
class Drawn:
    """What a generator returns: the numbers of an exercise and no sentence of it.

    Attributes:
        values: what stands in its texts, by name: numbers, and names of things in the language now spoken.
        key: the right answer, from the model; for a choice the position of the right option.
        distractors: at least one for each misconception that the numbers allow.
        options: for a choice, names of things in the language now spoken; empty for a number.
    """

    values: Mapping[str, object]
    key: float
    distractors: Sequence[Distractor] = ()
    options: Sequence[str] = ()


Generator = Callable[[Random], Drawn]


@dataclass(frozen=True)
class Exercise:
    """One exercise with its numbers drawn.

    Attributes:
        question: translated.
        answer: the key, from the model; for a choice the position of the right option.
        worked: translated worked solution, shown once it is solved.
        distractors: known ways to go wrong.
        options: for a choice, its translated options; empty for a number.
        unit: translated unit of the number asked for.
        tolerance: how far a number may be off, as a share of the key (absolute below one).
        hints: translated, in order, each telling more.
        steps: the worked solution step by step, where it is written so.
    """

    question: str
    answer: float
    worked: str
    distractors: Sequence[Distractor] = ()
    options: Sequence[str] = ()
    unit: str = ""
    tolerance: float = 0.005
    hints: Sequence[str] = ()
    steps: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """A choice or a number, as the bank calls them."""
        return "mcq" if self.options else "num"

    def check(self, given: str | float) -> Feedback:
        """Return the feedback on an answer."""
        value = read(given, self.unit) if isinstance(given, str) else float(given)
        if value is None:
            return Feedback("unreadable", refusal(str(given), self.unit))
        if self._near(value, self.answer):
            return Feedback("right", _("Right. {worked}").format(worked=self.worked))
        for known in self.distractors:
            if self._near(value, known.answer):
                return Feedback("mistake", _("Not quite. {reply}").format(reply=known.reply), known.misconception)
        if said := "" if self.options else near_miss(value, self.answer, self.within, self.unit):
            return Feedback("near", said)
        said = _("Incorrect, and not a mistake we recognise. Write out your steps and check them.")
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


def numbered(**lists: Iterable[object]) -> dict[str, object]:
    """Return the members of lists as values with names of their own, counted from 1.

    >>> numbered(a=[7, 8])
    {'a1': 7, 'a2': 8}
    """
    return {f"{name}{n}": value for name, values in lists.items() for n, value in enumerate(values, 1)}


def distractors(answers: Mapping[str, float]) -> list[Distractor]:
    """Return a distractor for each misconception and the number that it leads to."""
    return [Distractor(answer, name) for name, answer in answers.items()]


APART = 2.5
"""Answers are this many tolerances apart, so that what is typed near one of them is near no other."""


def apart(answers: Sequence[float], tolerance: float, share: float = 0.0) -> bool:
    """Say whether answers are far enough apart to be told one from another.

    Args:
        answers: the key and the distractors.
        tolerance: how far a number may be off, as a share of it (absolute below one).
        share: of the larger of two, by which they differ at least: what is seen side by side must not look alike.
    """

    def told(a: float, b: float) -> bool:
        far, larger = abs(a - b), max(abs(a), abs(b))
        return far > APART * tolerance * max(larger, 1.0) and far > share * larger

    return all(told(a, b) for a, b in combinations(answers, 2))
