"""What the charts of this chapter share: horizontal bars with numbers beside them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from crmlib.core.figures import figure
from crmlib.plotting.theme import BESIDE_BARS, fill


def rows(
    names: Sequence[str],
    values: Iterable[float],
    color: str | Sequence[str],
    digits: int = 0,
    name: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Return horizontal bars, each with its number beside it; a value that is not known is drawn as nothing.

    Args:
        names: of the bars, from top to bottom.
        values: their lengths, as they are shown.
        color: of all bars or of each.
        digits: decimals of the numbers.
        name: of the series, for the legend.
        more: anything else of the trace.
    """
    known = [0.0 if np.isnan(v) else round(float(v), digits) + 0.0 for v in values]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": known,
        "text": [f"{v:,.{digits}f}" for v in known],
        "name": name,
        "marker": fill(color),
        "hovertemplate": f"%{{y}}: %{{x:,.{digits}f}}<extra></extra>",
        **BESIDE_BARS,
    }
    return trace | more


def reach(*values: Iterable[float]) -> list[float]:
    """Return the range of an axis with room for the numbers beside bars, on both sides where some are negative."""
    flat = [float(v) for row in values for v in row if not np.isnan(v)]
    high, low = max([1e-9, *flat]), min([0.0, *flat])
    room = 0.55 * (high - low)
    return [low - room if low < 0 else 0.0, high + room]


def shown(value: float, digits: int = 1) -> str:
    """Return a number for a table; a dash where it is not known."""
    return figure(value, digits)
