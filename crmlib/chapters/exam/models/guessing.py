"""Whether to guess, and how much of a mark is luck.

A student knows the answer to some of the choices and guesses among the options left of the others. Marks are binomial.
The correction for guessing (right − wrong ÷ (options − 1)) is the one reviewed by Diamond & Evans (1973).

Marks are counted in right answers, one each, until they are turned into points.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.chapters.exam.models.sittings import Sittings, prepare
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats


class GuessRule(Inputs):
    """What a student knows, how many options are left, and what a wrong answer costs."""

    knows: int = setting(10, N_("Questions that the student knows"), low=0, high=20, step=1)
    need: int = setting(12, N_("Right answers needed to pass"), low=0, high=20, step=1)
    options: int = setting(4, N_("Options of a question"), low=4, high=6, step=1)
    eliminated: int = setting(
        0, N_("Options that the student can rule out"), low=0, high=2, step=1, help=N_("Of each question not known.")
    )
    penalty: float = setting(
        0,
        N_("Taken off for a wrong answer"),
        low=0,
        high=1,
        step=0.05,
        unit=N_("of a right one"),
        help=N_("The course's exam takes nothing off. Some exams take off 1 ÷ (options − 1)."),
    )

    @property
    def left(self) -> int:
        """Options among which a guess is made."""
        return self.options - self.eliminated


@dataclass(frozen=True)
class Guessed:
    """What guessing comes to. Arrays run over the number of lucky guesses, or over the students."""

    rule: GuessRule
    sittings: Sittings
    unknown: int  # questions guessed
    value: float  # of one guess, in right answers
    right: Floats  # questions that each student of the class has right
    marks: Floats  # by the number of lucky guesses
    chances: Floats  # of each number of them
    points: float  # of a question
    corrected: Floats  # questions known, of each student of the class, estimated
    blanks: Floats  # of each student of the class


def worth(options: float, penalty: float = 0.0) -> float:
    """Return what one blind guess among so many options earns on average, in right answers: (1 − p(n − 1)) ÷ n.

    >>> worth(4), worth(4, 1 / 3)
    (0.25, 0.0)
    """
    chance = 1 / options
    return chance - penalty * (1 - chance)


def break_even(options: float) -> float:
    """Return the penalty at which a guess among so many options earns nothing: 1 ÷ (n − 1).

    >>> break_even(5)
    0.25
    """
    return 1 / (options - 1)


def corrected(right: Floats, wrong: Floats, options: float) -> Floats:
    """Return the number of questions known, right − wrong ÷ (options − 1) (Diamond & Evans 1973).

    It holds if whoever does not know guesses blindly. Who knows a little knows more than it says. That it never falls
    below 0 is this workbook's convention.

    >>> corrected(np.array([14.0]), np.array([6.0]), 4).tolist()
    [12.0]
    """
    return np.asarray(np.maximum(right - wrong / (options - 1), 0.0))


def run(sittings: Sittings, rule: GuessRule) -> Guessed:
    """Work out what guessing earns one student, and what the choices of the class say of knowing.

    Raises:
        DataError: the student knows, or needs, more than the paper has choices.
    """
    from scipy.stats import binom

    n = round(float(sittings.questions[0]))
    for s in (s for s in rule.settings() if s.name in ("knows", "need")):
        if getattr(rule, s.name) > n:
            raise DataError(_("{label}: the paper has {n} choices only.").format(label=s.title(), n=n))
    unknown = n - rule.knows
    lucky = np.arange(unknown + 1)
    right = np.round(sittings.earned[:, 0] / sittings.points[0] * n)
    return Guessed(
        rule=rule,
        sittings=sittings,
        unknown=unknown,
        value=worth(rule.left, rule.penalty),
        right=right,
        marks=rule.knows + lucky - rule.penalty * (unknown - lucky),
        chances=np.asarray(binom.pmf(lucky, unknown, 1 / rule.left)),
        points=float(sittings.points[0]) / n,
        corrected=corrected(right, sittings.answered[:, 0] - right, rule.options),
        blanks=np.asarray(sittings.questions[0] - sittings.answered[:, 0]),
    )


def passing(answer: Guessed) -> float:
    """Return the chance (0–1) that the student reaches the right answers needed."""
    return float(answer.chances[answer.marks >= answer.rule.need - 1e-9].sum())


def headline(answer: Guessed) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    mean = float(answer.chances @ answer.marks)
    spread = float(np.sqrt(answer.chances @ (answer.marks - mean) ** 2))
    return {
        "value": answer.points * answer.value,
        "mean": mean,
        "spread": spread,
        "passing": 100 * passing(answer),
        "break_even": break_even(answer.rule.left),
        "class_known": float(answer.corrected.mean()),
        "class_blank": answer.points * answer.value * float(answer.blanks.mean()),
    }


def listing(answer: Guessed) -> pd.DataFrame:
    """List the students: index the id; columns choices left blank and choices known, as estimated."""
    index = pd.Index(answer.sittings.ids, name="student_id")
    return pd.DataFrame({"blank": answer.blanks, "known": answer.corrected}, index=index).round(1)


STUDY = Study(
    name="guessing",
    title=N_("Knowing and guessing"),
    datasets=("mock_sittings",),
    inputs=GuessRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "value": Measure(N_("Worth of a guess"), N_("points"), 2),
        "mean": Measure(N_("Mark to be expected"), N_("right answers"), 2),
        "spread": Measure(N_("Standard deviation of the mark"), N_("right answers"), 2),
        "passing": Measure(N_("Chance to reach what is needed"), "%", 1),
        "break_even": Measure(N_("Penalty at which a guess earns nothing"), N_("of a right one"), 2),
        "class_known": Measure(N_("Choices that the class knows, a student"), "", 2),
        "class_blank": Measure(N_("Points that guesses would add, a student of the class"), N_("points"), 2),
    },
    textbook={"knows": 0},
)
