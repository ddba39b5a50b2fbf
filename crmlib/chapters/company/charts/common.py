"""What the charts of the CRM project share."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmlib.core.i18n import language
from crmlib.plotting.theme import BESIDE_BARS, fill
from crmlib.tables.data import readable


def across(names: Sequence[str], values: Sequence[float], name: str, color: Any, shown: str = "") -> dict[str, Any]:
    """Return horizontal bars, a name each; with ``shown``, such as ``%{x:.0f}``, the number beside each."""
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": [round(float(v), 3) for v in values],
        "name": name,
        "marker": fill(color),
    }
    return trace | ({"texttemplate": shown, **BESIDE_BARS} if shown else {})


def tall(rows: int, each: int = 34) -> dict[str, Any]:
    """Return the layout of horizontal bars: the first on top, and room for each."""
    return {"height": 140 + each * rows, "yaxis_autorange": "reversed"}


def excerpt(dataset: str, frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return some columns of a table as a reader sees them; names stand in the language now spoken."""
    spoken = [f"{name}_en" if language() == "en" and f"{name}_en" in frame else name for name in columns]
    return readable(dataset, frame[spoken])
