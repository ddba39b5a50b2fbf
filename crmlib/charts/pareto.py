"""Charts of 80/20 and ABC."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.charts.theme import BLUE, ORDERED, QUIET, Chart, spec
from crmlib.i18n import _
from crmlib.models import pareto as model

CLASS_COLORS = (ORDERED[0], ORDERED[2], ORDERED[4])
MOST_POINTS = 200


def curve(c: model.Concentration) -> Chart:
    """The Pareto curve: cumulative share over ranked customers, coloured by class, with the line of equality."""
    n = len(c.values)
    share = np.concatenate([[0.0], np.arange(1, n + 1) / n]) * 100
    total = np.concatenate([[0.0], c.cumulative]) * 100
    lines: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "line": {"color": QUIET, "dash": "dot"}}
    ]
    ends = np.concatenate([[0], np.cumsum(np.bincount(c.classes, minlength=3))])
    for k, name in enumerate(model.CLASSES):
        at = np.unique(np.linspace(ends[k], ends[k + 1], MOST_POINTS // 3).astype(int))
        if len(at) > 1:
            line = {"color": CLASS_COLORS[k], "width": 4}
            xy = {"x": np.round(share[at], 2).tolist(), "y": np.round(total[at], 2).tolist()}
            lines.append({"type": "scatter", "mode": "lines", "name": name, "line": line, **xy})
    lines.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [c.rule.top],
            "y": [round(100 * c.top_share, 2)],
            "marker": {"color": BLUE, "size": 12, "symbol": "diamond"},
            "name": _("top"),
        }
    )
    lines[0]["showlegend"] = False
    lines[-1]["showlegend"] = False
    by = {s.name: dict(zip(s.choices, s.choice_labels, strict=True)) for s in c.rule.settings()}["by"][c.rule.by]
    drawn = spec(
        lines,
        _("The top {top:g} % of customers bring {share:.1f} % of: {what}").format(
            top=c.rule.top, share=100 * c.top_share, what=_(by)
        ),
        _("Customers, largest first (%)"),
        _("Cumulative share (%)"),
        xaxis_range=[0, 100],
        yaxis_range=[0, 102],
    )
    alt = _("Pareto curve by class A, B, C; the dotted line is where all customers bring the same.")
    return Chart(drawn, alt, lambda: _class_table(c))


def classes(c: model.Concentration) -> Chart:
    """Share of customers and share of the total, by class."""
    table = model.class_table(c)
    traces = [
        {
            "type": "bar",
            "x": [_("customers"), _("total")],
            "y": [round(row.customers_pct, 2), round(row.total_pct, 2)],
            "name": name,
            "marker": {"color": color},
            "texttemplate": "%{y:.1f}",
        }
        for (name, row), color in zip(table.iterrows(), CLASS_COLORS, strict=True)
    ]
    first = table.iloc[0]
    drawn = spec(
        traces,
        _("Class A: {n:,} customers, {share:.1f} % of them all").format(
            n=int(first["customers"]), share=first["customers_pct"]
        ),
        "",
        _("Share (%)"),
        barmode="stack",
    )
    return Chart(
        drawn, _("Two stacked bars: share of customers and share of the total by class."), lambda: _class_table(c)
    )


def _class_table(c: model.Concentration) -> pd.DataFrame:
    table = model.class_table(c).round(1)
    table.columns = [_("Customers"), _("Customers (%)"), _("Total"), _("Total (%)")]
    return table.rename_axis(_("Class"))
