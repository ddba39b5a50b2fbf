"""Charts and tables of the gaps of service quality: SERVQUAL and benchmarking."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.charts.csi import dimensions
from crmlib.chapters.satisfaction.models import gaps as model
from crmlib.chapters.satisfaction.models import survey as source
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec

TOP = 10.0
"""The end of the scale, at the rim of the radar."""


def yardstick(g: model.Gaps) -> str:
    """Return what the hospital is compared with, translated."""
    return g.rule.setting_of("against").shown(g.rule.against)


def _ring(values: Floats) -> tuple[list[float], list[float]]:
    """Return the closed polygon of values at angles that begin at the top and run clockwise."""
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(values)) / len(values)
    x, y = values * np.cos(angle), values * np.sin(angle)
    return [*x.round(3).tolist(), round(float(x[0]), 3)], [*y.round(3).tolist(), round(float(y[0]), 3)]


def radar(g: model.Gaps) -> Chart:
    """Five dimensions around a centre: ours solid, the yardstick dashed."""
    names = dimensions()
    both = ((g.yardstick, yardstick(g), QUIET, "dash"), (g.ours, _("our hospital"), BLUE, "solid"))
    traces: list[dict[str, Any]] = []
    for values, name, color, dash in both:
        x, y = _ring(np.nan_to_num(values))
        line = {"color": color, "dash": dash, "width": 3}
        traces.append(
            {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "line": line, "hoverinfo": "skip"}
        )
    x, y = _ring(np.full(len(names), TOP + 2.2))
    label = {"type": "scatter", "mode": "text", "x": x[:-1], "y": y[:-1], "text": names, "showlegend": False}
    traces.append(label | {"hoverinfo": "skip", "textposition": "middle center"})
    rim_x, rim_y = _ring(np.full(len(names), TOP))
    spokes = [
        {"type": "line", "x0": 0, "y0": 0, "x1": a, "y1": b, "line": {"color": QUIET, "width": 0.5}}
        for a, b in zip(rim_x[:-1], rim_y[:-1], strict=True)
    ]
    gap, known = g.gap, ~np.isnan(g.gap)
    worst = names[int(np.where(known, gap, np.inf).argmin())] if known.any() else "–"
    drawn = spec(
        traces,
        _("The widest gap to {what}: {name}").format(what=yardstick(g), name=worst),
        "",
        _("Mean (1–10)"),
        shapes=spokes,
        xaxis_visible=False,
        xaxis_range=[-17, 17],
        xaxis_tickvals=[],
        xaxis_ticktext=names,
        yaxis_visible=False,
        yaxis_range=[-12, 13.5],
        yaxis_tickvals=[],
        yaxis_ticktext=["0", f"{TOP:g}"],
        yaxis_scaleanchor="x",
        height=380,
    )
    alt = _("A radar of five dimensions, 0 at the centre and 10 at the rim: ours a solid line, the yardstick dashed.")
    return Chart(drawn, alt, lambda: table(g))


def bars_of_gaps(g: model.Gaps) -> Chart:
    """The gap of each dimension, ours less the yardstick; shortfalls are orange."""
    names, gap = dimensions(), np.nan_to_num(g.gap)
    short = [value < 0 for value in gap.tolist()]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(float(v), 3) for v in gap],
        "text": [figure(v) for v in g.gap],
        **BESIDE_BARS,
        "marker": fill([ORANGE if s else BLUE for s in short]),
        "hovertemplate": "%{y}: %{x:.2f}<extra></extra>",
    }
    reach = 2.1 * max(1.0, float(np.abs(gap).max()))
    overall = model.headline(g)["overall"]
    drawn = spec(
        [bars],
        _("Dimensions that fall short: {n}; weighted gap {gap}").format(n=sum(short), gap=figure(overall)),
        _("Ours less {what} (points)").format(what=yardstick(g)),
        "",
        xaxis_range=[-reach, reach],
        yaxis_autorange="reversed",
    )
    alt = _("A bar a dimension: to the left, orange, where we fall short; to the right, blue, where we are ahead.")
    return Chart(drawn, alt, lambda: table(g))


def table(g: model.Gaps) -> pd.DataFrame:
    """Return the gap table: ours, expectation, every other place, the gap, and from whom to learn."""
    columns = {_("Our hospital"): [figure(v) for v in g.ours], _("Expectation"): [figure(v) for v in g.expected]}
    for place, (label, values) in enumerate(zip(source.OTHERS.values(), g.others, strict=True)):
        head = _("{place} ({n} raters)").format(place=_(label), n=g.raters[place])
        columns[head] = [figure(v) for v in values]
    names = [_(label) for label in source.OTHERS.values()]
    columns |= {
        _("Gap"): [figure(v) for v in g.gap],
        _("Learn from"): [names[place] if place >= 0 else "–" for place in g.model.tolist()],
    }
    return pd.DataFrame(columns, index=pd.Index(dimensions(), name=_("Dimension of quality")))
