"""Scenarios side by side: a small chart a headline figure, a bar a scenario."""

import math
from collections.abc import Sequence

import pandas as pd

from crmlib.core.i18n import _
from crmlib.core.study import Measure
from crmlib.plotting.template import BLUE, QUIET
from crmlib.plotting.theme import Chart, fill, ink, safe, spec, wrapped

ROW, AROUND = 38, 64
"""Height of a bar with its room, and of what stands around the bars, in pixels."""


def measure_by_scenario(measure: Measure, scenarios: Sequence[str], values: Sequence[float]) -> Chart:
    """Return one figure of all scenarios; the first is the base: hatched gray, with a dotted line at its value."""
    shown = [measure.shown(value) for value in values]
    drawn = [0.0 if math.isnan(value) else float(value) for value in values]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": drawn,
        "y": list(range(len(drawn))),
        "text": shown,
        "textposition": [_place(value, drawn) for value in drawn],
        "insidetextanchor": "end",
        "insidetextfont": {"color": ink(BLUE)},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": fill([QUIET, *[BLUE] * (len(drawn) - 1)]),
    }
    named = [safe(wrapped(scenario, 18)).replace("&lt;br&gt;", "<br>") for scenario in scenarios]
    base = {"type": "line", "xref": "x", "yref": "paper", "x0": drawn[0], "x1": drawn[0], "y0": 0, "y1": 1}
    layout = spec(
        [trace],
        measure.title(),
        xaxis={"range": _range(drawn), "visible": False, "fixedrange": True},
        yaxis={
            "tickvals": trace["y"],
            "ticktext": named,
            "autorange": "reversed",
            "fixedrange": True,
            "showgrid": False,
        },
        height=AROUND + ROW * len(drawn),
        margin={"l": 8, "r": 8, "t": 12, "b": 12},
        shapes=[base | {"line": {"width": 1, "dash": "dot"}}],
    )
    told = _("; ").join(
        _("{scenario} {value}").format(scenario=scenario, value=value)
        for scenario, value in zip(scenarios, shown, strict=True)
    )
    alt = _("A bar a scenario, the base on top, hatched gray: {values}.").format(values=told)
    return Chart(layout, alt, lambda: pd.DataFrame({_("Scenario"): scenarios, measure.title(): shown}))


def _place(value: float, values: Sequence[float]) -> str:
    """Return where a bar's number stands: in a long bar that ends a little short of the base's line, else beyond it."""
    base, longest = values[0], max(map(abs, values))
    return "inside" if 0.3 * longest < value < base < value + 0.3 * longest else "outside"


def _range(values: Sequence[float]) -> list[float]:
    """Return where the axis begins and ends: zero is on it, and there is room for a number beyond the longest bar."""
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.28 * ((high - low) or 1)
    return [low - room if low else 0.0, high + room if high or not low else 0.0]
