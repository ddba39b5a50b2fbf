"""What a class earns when it divides the minutes of an exam otherwise.

A student works at her own pace and earns her own share of what she answers, both as the mock exam shows them. A section
gets its minutes; what is left over passes to the next one. What is not reached earns nothing, or what a guess earns.

Times are in minutes, marks in points, shares of one inside and per cent in the headline figures.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.exam.models.sittings import CHANCE, SECTIONS, Sittings, prepare
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats

ORDERS: dict[str, tuple[int, ...]] = {"paper": (0, 1, 2, 3, 4), "written": (4, 3, 2, 0, 1)}
"""In which the sections are answered, as places in the paper."""
WHOLE = 1 - 1e-9
"""A section answered to this share is finished."""


ANY_SECTIONS = (N_("section A"), N_("section B"), N_("section C"))
"""Names of sections of which only one can be chosen first."""


class MinutesPlan(Inputs):
    """How many minutes each section gets, in which order, and what is done with what is not reached."""

    for_choice: float = setting(40, N_("Minutes for choice"), low=1, high=90, step=1, unit=N_("minutes"))
    for_true_false: float = setting(12, N_("Minutes for true or false"), low=1, high=60, step=1, unit=N_("minutes"))
    for_short: float = setting(28, N_("Minutes for short answers"), low=1, high=90, step=1, unit=N_("minutes"))
    for_essay: float = setting(18, N_("Minutes for the essay"), low=1, high=90, step=1, unit=N_("minutes"))
    for_case: float = setting(12, N_("Minutes for the case"), low=1, high=90, step=1, unit=N_("minutes"))
    minutes: float = setting(
        120, N_("Length of the exam"), low=30, high=240, step=5, unit=N_("minutes"), group=N_("The exam")
    )
    kept: float = setting(
        10, N_("Kept for reading and checking"), low=0, high=25, step=1, unit=N_("minutes"), group=N_("The exam")
    )
    pass_mark: float = setting(60, N_("Pass mark"), low=0, high=100, step=1, unit=N_("points"), group=N_("The exam"))
    order: Literal["paper", "written"] = setting(
        "paper",
        N_("Answered first"),
        group=N_("How it is answered"),
        choices={"paper": N_("as the paper has it"), "written": N_("the written parts, longest first")},
    )
    blanks: Literal["left", "guessed"] = setting(
        "left",
        N_("Choices and statements that are not reached"),
        group=N_("How it is answered"),
        choices={"left": N_("left blank"), "guessed": N_("guessed in the last minute")},
        help=N_("A guess earns one in four of a choice and one in two of true or false."),
    )
    pace: float = setting(
        100,
        N_("Time for a question, against the mock exam"),
        low=60,
        high=140,
        step=5,
        unit="%",
        group=N_("How it is answered"),
        help=N_("Below 100 after practice, above it on a harder paper. What is answered is as good as before."),
    )

    def shares(self) -> Floats:
        """Return the minutes wished for each section, in the order of the paper."""
        return np.array([self.for_choice, self.for_true_false, self.for_short, self.for_essay, self.for_case])

    def remarks(self) -> list[str]:
        """Say so when the minutes do not add up to what there is, and were brought there."""
        wished, there = float(self.shares().sum()), self.minutes - self.kept
        if wished == there:
            return []
        said = _("The sections got {wished:g} minutes in all and there are {there:g}; each was scaled by {by:.2f}.")
        return [said.format(wished=wished, there=there, by=there / wished)]


@dataclass(frozen=True)
class Marks:
    """What a plan comes to; arrays are students × sections."""

    plan: MinutesPlan
    sittings: Sittings
    given: Floats  # minutes a section
    reached: Floats  # share of the section answered, 0–1
    known: Floats  # points from what was answered
    guessed: Floats  # points expected from guesses
    spare: Floats  # minutes left over at the end, a student

    @property
    def marks(self) -> Floats:
        """The mark of each student, in points."""
        return np.asarray((self.known + self.guessed).sum(axis=1))


def reached(given: Floats, need: Floats, order: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return the share of each section that is answered (students × sections), and the minutes left over.

    Args:
        given: minutes of each section.
        need: minutes that each student needs for each section (students × sections), above zero.
        order: of the sections; what one leaves over passes to the next.

    >>> shares, spare = reached(np.array([30.0, 10.0]), np.array([[20.0, 40.0]]), (0, 1))
    >>> shares.tolist(), spare.tolist()
    ([[1.0, 0.5]], [0.0])
    """
    shares, left = np.zeros(need.shape), np.zeros(len(need))
    for place in order:
        time = given[place] + left
        used = np.minimum(time, need[:, place])
        shares[:, place] = used / need[:, place]
        left = time - used
    return shares, left


def needed(sittings: Sittings, pace: float) -> Floats:
    """Return the minutes that each student needs for each section at a pace (% of that of the mock exam)."""
    return np.asarray(sittings.questions * sittings.pace * pace / 100)


def run(sittings: Sittings, plan: MinutesPlan) -> Marks:
    """Work out the marks of a class.

    Conventions: a question begun earns in proportion to the time it got; the quality of an answer does not depend on
    the time, nor on the order. Whoever works faster than the plan passes minutes on.
    """
    given = plan.shares() * (plan.minutes - plan.kept) / plan.shares().sum()
    need = needed(sittings, plan.pace)
    shares, spare = reached(given, need, ORDERS[plan.order])
    known = sittings.points * sittings.success * shares
    guessed = sittings.points * CHANCE * (1 - shares) * (plan.blanks == "guessed")
    return Marks(plan, sittings, given, shares, known, guessed, spare)


def parts(answer: Marks) -> Floats:
    """Return where the points of each section go, mean of the class (4 × sections): known, guessed, lost to time, lost.

    The last is what was answered and did not earn. The four add up to the points of the section.
    """
    points, success = answer.sittings.points, answer.sittings.success
    missed = points * success * (1 - answer.reached)
    late = np.maximum(missed - answer.guessed, 0.0)
    wrong = points - answer.known - answer.guessed - late
    return np.array([part.mean(axis=0) for part in (answer.known, answer.guessed, late, wrong)])


def a_minute(sittings: Sittings, pace: float = 100.0) -> Floats:
    """Return what a minute earns in each section, mean of the class: share earned × points ÷ minutes needed."""
    return np.asarray((sittings.success * sittings.points / needed(sittings, pace)).mean(0))


def headline(answer: Marks) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    marks = answer.marks
    return {
        "mean": float(marks.mean()),
        "passed": 100 * float((marks >= answer.plan.pass_mark).mean()),
        "unfinished": 100 * float((answer.reached < WHOLE).any(axis=1).mean()),
        "late": float(parts(answer)[2].sum()),
        "case_reached": 100 * float(answer.reached[:, SECTIONS.index("case")].mean()),
        "spare": float(answer.spare.mean()),
    }


def listing(answer: Marks) -> pd.DataFrame:
    """List the students: index the id; columns the share answered of each section (%) and the mark."""
    columns = {name: 100 * answer.reached[:, place] for place, name in enumerate(SECTIONS)}
    index = pd.Index(answer.sittings.ids, name="student_id")
    return pd.DataFrame({**columns, "mark": answer.marks}, index=index).round(1)


STUDY = Study(
    name="exam_minutes",
    title=N_("Minutes of an exam"),
    datasets=("mock_sittings",),
    inputs=MinutesPlan,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "mean": Measure(N_("Mean mark of the class"), N_("points"), 1),
        "passed": Measure(N_("Students who pass"), "%", 1),
        "unfinished": Measure(N_("Students who do not reach every question"), "%", 1),
        "late": Measure(N_("Lost for want of time, a student"), N_("points"), 1),
        "case_reached": Measure(N_("Of the case, answered"), "%", 1),
        "spare": Measure(N_("Minutes left over, a student"), N_("minutes"), 1),
    },
    textbook={"for_choice": 44, "for_true_false": 16, "for_short": 22, "for_essay": 11, "for_case": 17},
    first=("for_choice", "for_true_false", "for_short", "for_essay", "for_case"),
)
