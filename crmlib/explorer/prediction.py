"""Predictions: which way does a headline figure go when one input is moved? Drawn from a study's declaration.

A question names an input, the value it is moved to, and a headline figure; all other inputs stay as they are. What is
true comes from the model, called at that moment; it is kept nowhere. A move whose effect cannot be seen is never asked
about.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs, Setting
from crmlib.core.study import Measure, Study

AnyStudy = Study[Any, Any, Any]
ROUND = 3
"""So many predictions are asked for at a time."""
SHARE = 0.05
"""A figure that changes by less than this share of itself is not asked about."""
PLACES = 20
"""A slider is moved in about as many strides from end to end, so that it lands on round values."""
STRIDES = (1, 2, 5, 10, 20, 50, 100)
UP, SAME, DOWN = range(3)
"""Ways a figure can go, in the order in which they are offered."""


@dataclass(frozen=True)
class Question:
    """What is asked: the input that is moved, where to, and the headline figure looked at."""

    input: str
    to: Any
    measure: str


@dataclass(frozen=True)
class Effect:
    """What a headline figure is before and after a move."""

    measure: Measure
    before: float
    after: float

    @property
    def size(self) -> float:
        """How far the figure moves, as it is shown."""
        digits = self.measure.digits
        return abs(round(self.after, digits) - round(self.before, digits))

    @property
    def way(self) -> int:
        """Which way it goes."""
        return SAME if not self.size else UP if self.after > self.before else DOWN

    @property
    def visible(self) -> bool:
        """Whether it is large enough to be seen."""
        if math.isnan(self.before) or math.isnan(self.after):
            return False
        return self.way != SAME and abs(self.after - self.before) >= SHARE * max(abs(self.before), abs(self.after))


def effect(study: AnyStudy, prepared: Any, start: Inputs, asked: Question) -> Effect:
    """Return what is true of a question: both states are computed now.

    Raises:
        UserError: the study refuses the value.
    """
    states = start, start.replace(**{asked.input: asked.to})
    before, after = (study.headline(study.run(prepared, inputs))[asked.measure] for inputs in states)
    return Effect(study.measures[asked.measure], before, after)


def targets(s: Setting, at: Any) -> list[Any]:
    """Return the values that an input can be moved to from ``at``: whole strides away, or the other choices."""
    if s.choices or s.kind is bool:
        return [value for value in s.choices or (False, True) if value != at]
    assert s.low is not None  # a number has two ends and a step
    assert s.high is not None
    assert s.step
    many = (s.high - s.low) / s.step
    stride = s.step * next((n for n in STRIDES if many / n <= PLACES), STRIDES[-1])
    first = math.ceil(round((s.low - at) / stride, 6))
    last = math.floor(round((s.high - at) / stride, 6))
    return [s.kind(round(at + n * stride, 10)) for n in range(first, last + 1) if n]


def drawn(study: AnyStudy, prepared: Any, start: Inputs, rng: Random, but: Collection[Question] = ()) -> list[Question]:
    """Return a round of questions whose effects can be seen; fewer where the study has no more of them.

    Each moves another input and looks at another figure, as far as there are such. The inputs that a beginner needs
    come first.

    Args:
        study: what is asked about.
        prepared: its data, prepared.
        start: the inputs that each move sets out from.
        rng: the same questions come from the same state, in whatever language.
        but: questions that are not asked.
    """
    inputs = [s for s in start.settings() if s.name in study.first]
    others = [s for s in start.settings() if s.name not in study.first]
    for group in (inputs, others):
        rng.shuffle(group)
    before = study.headline(study.run(prepared, start))

    def effects(name: str, to: Any) -> dict[str, Effect]:
        """Return what a move does to each figure."""
        after = study.headline(study.run(prepared, start.replace(**{name: to})))
        return {key: Effect(m, before[key], after[key]) for key, m in study.measures.items()}

    asked: list[Question] = []
    waiting = [*inputs, *others]
    while waiting:
        for s in list(waiting):
            if found := _about(s, getattr(start, s.name), effects, rng, asked, but):
                asked.append(found)
            else:
                waiting.remove(s)
            if len(asked) == ROUND:
                return asked
    return asked


def _about(
    s: Setting,
    at: Any,
    effects: Callable[[str, Any], Mapping[str, Effect]],
    rng: Random,
    asked: Collection[Question],
    but: Collection[Question],
) -> Question | None:
    """Return a new question that moves an input from ``at``; none if there is none left."""
    places = targets(s, at)
    rng.shuffle(places)
    seen = [question.measure for question in asked]
    for to in places:
        try:
            found = effects(s.name, to)
        except UserError:
            continue  # this value does not go with the others
        keys = [k for k, one in found.items() if one.visible and Question(s.name, to, k) not in (*asked, *but)]
        if keys:
            rng.shuffle(keys)
            return Question(s.name, to, min(keys, key=seen.count))
    return None


def ways() -> Sequence[str]:
    """Return the ways a figure can go, translated, in the order of :data:`UP`, :data:`SAME` and :data:`DOWN`."""
    return _("↑ It rises"), _("= It stays the same"), _("↓ It falls")


def moved(start: Inputs, asked: Question) -> str:
    """Return, translated, which input is moved from where to where."""
    s = start.setting_of(asked.input)
    before, after = s.shown(getattr(start, s.name)), s.shown(asked.to)
    if s.choices or s.kind is bool:
        before, after = f"“{before}”", f"“{after}”"
    return _("“{input}” from {before} to {after}").format(input=s.title(), before=before, after=after)


def text(start: Inputs, asked: Question, found: Effect) -> str:
    """Return the question, translated."""
    said = _("Move {move}. Nothing else changes. “{figure}” is {now} now: which way does it go, and by how much?")
    now = found.measure.shown(found.before)
    return said.format(move=moved(start, asked), figure=found.measure.title(), now=now)
