"""From scores to grades, from shares to classes, and how far two orders agree, as every chapter that grades does it."""

import math
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.formulas.arrays import Floats, Ints


def tier_of(scores: Floats, cutoffs: Floats, boundary: str = "upper") -> Ints:
    """Return the tier (0 gold … 5 exit) of each score.

    Args:
        scores: 0–100.
        cutoffs: five, falling.
        boundary: ``"upper"`` puts a score equal to a cut-off into the tier above it, ``"lower"`` into the one below.

    >>> tier_of(np.array([85.0, 84.9]), np.array([85.0, 75, 65, 50, 35])).tolist()
    [0, 1]
    """
    side: Literal["left", "right"] = "right" if boundary == "upper" else "left"
    return len(cutoffs) - np.searchsorted(cutoffs[::-1], scores, side=side)


def abc(cumulative: Floats, a: float, b: float, boundary: str = "above") -> Ints:
    """Return the class (0 A, 1 B, 2 C) of customers from their cumulative shares, largest customer first.

    Args:
        cumulative: share of the total reached with each customer, rising to 1.
        a, b: share of the total for A, and for B after it (0–1).
        boundary: ``"above"`` keeps the customer that crosses a line in the class above it, ``"below"`` does not. A
            customer that lands exactly on the line belongs above it under both.

    >>> abc(np.array([0.5, 0.8, 0.96, 1.0]), 0.75, 0.20).tolist()
    [0, 0, 1, 2]
    >>> abc(np.array([0.5, 0.8, 0.96, 1.0]), 0.75, 0.20, "below").tolist()
    [0, 1, 2, 2]
    """
    lines, reached = np.round([a, a + b], 12), np.round(cumulative, 12)
    if boundary == "above":
        return np.searchsorted(lines, np.concatenate([[0.0], reached[:-1]]), side="right")
    return np.searchsorted(lines, reached, side="left")


def rank_correlation(first: Floats, second: Floats) -> float:
    """Return Spearman's rank correlation: the correlation of the ranks, equal values sharing their mean rank.

    Without ties it is 1 − 6·Σd² ÷ (n·(n² − 1)), with d the difference of two ranks. A pair of which one
    is not known is left out; it is nan where all ranks of one are equal. Source: Spearman (1904).

    >>> sales, profit = np.array([50.0, 40, 30, 20, 10]), np.array([30.0, 50, 40, 10, 20])
    >>> round(rank_correlation(sales, profit), 10)
    0.6
    """
    known = ~(np.isnan(first) | np.isnan(second))
    ranks, others = (pd.Series(values[known]).rank() for values in (first, second))
    if min(ranks.nunique(), others.nunique()) < 2:
        return math.nan  # pandas 3.0 warns of it
    return float(ranks.corr(others))
