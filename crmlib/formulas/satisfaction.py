"""Formulas of satisfaction that more than one chapter uses, on plain arrays.

An unanswered question is nan throughout. It is never filled in: a formula either passes nan on or, where it says so,
works with the answers that are there.
"""

from typing import Literal

import numpy as np

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, ngettext
from crmlib.formulas.arrays import Bools, Floats

Convention = Literal["ratio", "difference", "relative"]
NEUTRAL: dict[Convention, float] = {"ratio": 1.0, "difference": 0.0, "relative": 0.0}
"""Satisfaction where experience just meets expectation, by convention."""


def satisfaction(experience: Floats, expectation: Floats, convention: Convention = "ratio") -> Floats:
    """Return satisfaction, element by element: c = b ÷ a, or another convention; nan where an answer is missing.

    Args:
        experience: b, on the scale of the expectation.
        expectation: a.
        convention: ``"ratio"`` b ÷ a (the course's), ``"difference"`` b − a, ``"relative"`` (b − a) ÷ a.

    Raises:
        DataError: an expectation is zero or less, so that the quotient has no meaning.

    The source gives the formula alone; c > 1 as delighted, c = 1 as satisfied, c < 1 as dissatisfied is the workbook's
    reading. Scores are ordinal, so a ratio of them flatters low expectations: 2 ÷ 1 is 2, 10 ÷ 9 is 1.11. See Oliver
    (1980) on expectation and disconfirmation.

    >>> satisfaction(np.array([8.0, 6.0]), np.array([8.0, 7.5])).tolist()
    [1.0, 0.8]
    """
    b, a = np.asarray(experience, float), np.asarray(expectation, float)
    if bad := int((a <= 0).sum()):
        said = ngettext(
            "{n} expectation is zero or negative; satisfaction b ÷ a needs an expectation above zero.",
            "{n} expectations are zero or negative; satisfaction b ÷ a needs an expectation above zero.",
            bad,
        )
        raise DataError(said.format(n=bad))
    return np.asarray(b / a if convention == "ratio" else b - a if convention == "difference" else (b - a) / a)


def weighted_mean(values: Floats, weights: Floats, least: int = 1) -> Floats:
    """Return the weighted mean over the last axis of the values that are there, their weights brought to sum one.

    Args:
        values: nan where missing.
        weights: one a column, not negative, not all zero.
        least: how many values that carry weight must be there; nan where there are fewer.

    Raises:
        ValueError: the weights are all zero, or one is negative.

    >>> weighted_mean(np.array([[80.0, np.nan, 50.0]]), np.array([0.5, 0.3, 0.2])).round(2).tolist()
    [71.43]
    """
    weights = np.asarray(weights, float)
    if (weights < 0).any() or not weights.any():
        raise ValueError("weights must not be negative, and not all zero")
    there = ~np.isnan(values)
    enough = (there @ (weights > 0).astype(float)) >= max(least, 1)
    carried = there @ weights
    total = np.where(there, values, 0.0) @ weights
    return np.asarray(np.divide(total, carried, out=np.full(total.shape, np.nan), where=enough & (carried > 0)))


def derived_importance(found: Floats, overall: Floats) -> Floats:
    """Return the importance of each attribute, summing to one: its correlation with overall satisfaction.

    A negative correlation, or one that cannot be computed because answers are all equal or fewer than three, counts
    as zero; if all are zero the attributes count alike.
    """
    found = np.asarray(found, float)
    weights = np.array([max(_correlation(column, overall), 0.0) for column in found.T])
    return weights / weights.sum() if weights.any() else np.full(len(weights), 1 / len(weights))


def _correlation(x: Floats, y: Floats) -> float:
    both: Bools = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[both], y[both]
    if x.size < 3 or x.min() == x.max() or y.min() == y.max():
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


FIELDS = (
    N_("keep up the good work"),
    N_("concentrate here"),
    N_("possible overkill"),
    N_("low priority"),
    N_("not known"),
)
"""The four fields of Martilla and James (1977), and one for an attribute nobody answered."""


def fields(importance: Floats, performance: Floats, middle: tuple[float, float]) -> list[str]:
    """Return the field of each attribute, one of :data:`FIELDS`; a value equal to the middle counts as above it.

    Args:
        importance, performance: an entry an attribute; nan for a performance that is not known.
        middle: performance and importance at which the lines of the grid cross.
    """
    place = 2 * (importance < middle[1]) + (performance < middle[0])
    return [FIELDS[4] if np.isnan(f) else FIELDS[p] for p, f in zip(place.tolist(), performance, strict=True)]
