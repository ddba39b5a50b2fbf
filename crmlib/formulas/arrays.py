"""Names for the arrays that models pass around, and how one is divided by another."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Labels = NDArray[Any]


def ratio(top: ArrayLike, bottom: ArrayLike, otherwise: float = math.nan) -> Floats:
    """Return a quotient where the divisor is above zero; elsewhere it is not known, or what is said.

    >>> ratio([1, 2], [4, 0]).tolist(), ratio([1, 2], 0, 0.0).tolist()
    ([0.25, nan], [0.0, 0.0])
    """
    top, bottom = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, otherwise), where=bottom > 0))
