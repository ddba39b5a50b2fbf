"""From scores to grades, as every chapter that grades does it."""

from typing import Literal

import numpy as np

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
