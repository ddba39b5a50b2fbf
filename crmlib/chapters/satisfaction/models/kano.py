"""Kano's model: from pairs of answers to a class for each feature, and the coefficients of better and worse.

Each feature is asked about twice: how would you feel if it were there, and if it were not? The five answers are
1 I like it, 2 it must be so, 3 I do not care, 4 I can live with it, 5 I dislike it.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models import survey as source
from crmlib.chapters.satisfaction.models.csi import GROUPS
from crmlib.chapters.satisfaction.models.survey import Answers
from crmlib.core.i18n import N_
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

CLASSES = {
    "A": N_("attractive"),
    "O": N_("one-dimensional"),
    "M": N_("must-be"),
    "I": N_("indifferent"),
    "R": N_("reverse"),
    "Q": N_("questionable"),
}
A, O, M, I, R, Q = range(6)  # noqa: E741
ANSWERS = (
    N_("I like it"),
    N_("It must be so"),
    N_("I do not care"),
    N_("I can live with it"),
    N_("I dislike it"),
)
TABLE = np.array(
    [
        [Q, A, A, A, O],
        [R, I, I, I, M],
        [R, I, I, I, M],
        [R, I, I, I, M],
        [R, R, R, R, Q],
    ]
)
"""The evaluation table: rows the answer to the presence, columns to the absence. Source: Berger et al. (1993)."""
STRENGTH = (M, O, A, I, R, Q)
"""In a tie the class that asks most of the firm goes first: Berger et al. (1993), M > O > A > I."""


class KanoRule(Inputs):
    """Who counts, and how far expectations have grown."""

    age: Literal["all", "young", "middle", "old"] = setting(
        "all", N_("Age group"), group=N_("Who counts"), choices=GROUPS["age"]
    )
    channel: Literal["all", "phone", "post", "spot", "web"] = setting(
        "all", N_("Answers by"), group=N_("Who counts"), choices=GROUPS["channel"]
    )
    grown: float = setting(
        0,
        N_("Grown used to: of those who see it so"),
        low=0,
        high=100,
        step=5,
        unit="%",
        help=N_("This share of attractive answers becomes one-dimensional, and of one-dimensional ones must-be."),
    )


@dataclass(frozen=True)
class Kano:
    """What :func:`classify` returns; a row a feature in the order of the survey."""

    rule: KanoRule
    counts: Floats  # features × classes; no whole numbers once expectations have grown
    place: Ints  # class of each feature; −1 where nobody answered
    better: Floats
    worse: Floats
    patients: int


def classes(present: Floats, absent: Floats) -> Ints:
    """Return the class of each pair of answers by :data:`TABLE`; −1 where one of them is missing.

    >>> classes(np.array([1.0, 1.0, 3.0, np.nan]), np.array([3.0, 5.0, 5.0, 5.0])).tolist()  # A, O, M, unknown
    [0, 1, 2, -1]
    """
    known = ~(np.isnan(present) | np.isnan(absent))
    row, column = (np.where(known, values, 1).astype(np.int64) - 1 for values in (present, absent))
    return np.where(known, TABLE[row, column], -1)


def counted(kinds: Ints) -> Floats:
    """Return how many patients see each feature in each class, features × classes, from patients × features."""
    return np.array([[(column == k).sum() for k in range(len(CLASSES))] for column in kinds.T], float)


def grow(counts: Floats, share: float) -> Floats:
    """Return the counts once people have grown used to a feature: A → O → M, a share (0–1) of each at once.

    Source of the direction: Kano (2001), by whom what is attractive is in time taken for granted; the share is the
    workbook's own.

    >>> grow(np.array([[40.0, 20, 10, 30, 0, 0]]), 0.5).tolist()
    [[20.0, 30.0, 20.0, 30.0, 0.0, 0.0]]
    """
    moved = counts.copy()
    to_one, to_must = share * counts[:, A], share * counts[:, O]
    moved[:, A] -= to_one
    moved[:, O] += to_one - to_must
    moved[:, M] += to_must
    return moved


def coefficients(counts: Floats) -> tuple[Floats, Floats]:
    """Return better (A + O) ÷ (A + O + M + I) and worse −(O + M) ÷ (A + O + M + I), nan where nobody is in the base.

    Better runs from 0 to 1, worse from −1 to 0. Source: Berger et al. (1993).

    >>> better, worse = coefficients(np.array([[7.0, 32.3, 49.3, 9.5, 0.3, 1.5]]))  # edge grip of a ski
    >>> better.round(2).tolist(), worse.round(2).tolist()
    ([0.4], [-0.83])
    """
    base = counts[:, : I + 1].sum(axis=1)
    up, down = counts[:, A] + counts[:, O], counts[:, O] + counts[:, M]
    return ratio(up, base), ratio(-down, base) + 0.0


def class_of(counts: Floats) -> Ints:
    """Return the class of each feature: the most frequent one, in a tie the first of :data:`STRENGTH`; −1 of nobody.

    Args:
        counts: features × classes.
    """
    found = np.array(STRENGTH)[np.round(counts[:, STRENGTH], 9).argmax(axis=1)]
    return np.where(counts.sum(axis=1) > 0, found, -1)


def classify(answers: Answers, rule: KanoRule) -> Kano:
    """Put each feature into a class.

    Raises:
        DataError: nobody of the group answered.
    """
    who: Bools = source.chosen(answers, rule.channel, rule.age)
    counts = grow(counted(classes(answers.present[who], answers.absent[who])), rule.grown / 100)
    return Kano(rule, counts, class_of(counts), *coefficients(counts), int(who.sum()))


def headline(k: Kano) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    of = np.bincount(k.place[k.place >= 0], minlength=len(CLASSES))
    total = k.counts.sum()
    return {
        "patients": float(k.patients),
        "attractive": float(of[A]),
        "one_dimensional": float(of[O]),
        "must_be": float(of[M]),
        "indifferent": float(of[I]),
        "reverse": float(of[R]),
        "better": float(np.nanmean(k.better)) if not np.isnan(k.better).all() else float("nan"),
        "worse": float(np.nanmean(k.worse)) if not np.isnan(k.worse).all() else float("nan"),
        "questionable": float(100 * k.counts[:, Q].sum() / total) if total else float("nan"),
    }


def listing(k: Kano) -> pd.DataFrame:
    """List the features: index the feature; columns the counts of each class, its class, better and worse."""
    columns: dict[str, Any] = {name: k.counts[:, place] for place, name in enumerate(CLASSES)}
    columns["class"] = [list(CLASSES)[place] if place >= 0 else "" for place in k.place.tolist()]
    columns |= {"better": k.better, "worse": k.worse}
    return pd.DataFrame(columns, index=pd.Index(list(source.FEATURES), name="feature"))


STUDY = Study(
    name="kano",
    title=N_("Kano's model"),
    datasets=("service_survey",),
    inputs=KanoRule,
    prepare=source.prepare,
    run=classify,
    headline=headline,
    listing=listing,
    measures={
        "patients": Measure(N_("Answers that count"), N_("patients")),
        "attractive": Measure(N_("Attractive features")),
        "one_dimensional": Measure(N_("One-dimensional features")),
        "must_be": Measure(N_("Must-be features")),
        "indifferent": Measure(N_("Indifferent features")),
        "reverse": Measure(N_("Reverse features")),
        "better": Measure(N_("Mean coefficient of better"), "", 2),
        "worse": Measure(N_("Mean coefficient of worse"), "", 2),
        "questionable": Measure(N_("Questionable answers"), "%", 1),
    },
)
