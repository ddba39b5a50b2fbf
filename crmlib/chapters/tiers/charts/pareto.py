"""Charts of 80/20 and ABC."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.tiers.models import pareto as model
from crmlib.core.i18n import _, ngettext
from crmlib.plotting.template import GREEN, ORANGE, ORDERED, QUIET, VIOLET
from crmlib.plotting.theme import Chart, spec

CLASS_COLORS = ORDERED[:3]
DASHES = ("solid", "dash", "dashdot")
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
            line = {"color": CLASS_COLORS[k], "width": 4, "dash": DASHES[k]}
            xy = {"x": np.round(share[at], 2).tolist(), "y": np.round(total[at], 2).tolist()}
            lines.append({"type": "scatter", "mode": "lines", "name": name, "line": line, **xy})
    lines.append(
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [c.rule.top],
            "y": [round(100 * c.top_share, 2)],
            "text": [f"{100 * c.top_share:.1f}%"],
            "textposition": "bottom right",
            "marker": {"color": ORANGE, "size": 12, "symbol": "diamond"},
            "name": _("top"),
        }
    )
    lines[0]["showlegend"] = False
    lines[-1]["showlegend"] = False
    by = c.rule.setting_of("by").shown(c.rule.by)
    drawn = spec(
        lines,
        _("The top {top:g}% of customers account for {share:.1f}% ({what})").format(
            top=c.rule.top, share=100 * c.top_share, what=by
        ),
        _("Customers, largest first (%)"),
        _("Cumulative share (%)"),
        xaxis_range=[0, 100],
        yaxis_range=[0, 102],
    )
    alt = _(
        "Pareto curve: class A solid, B dashed, C dash-dotted; on the gray diagonal all customers bring the same. "
        "The diamond is the top."
    )
    return Chart(drawn, alt, lambda: _class_table(c))


def classes(c: model.Concentration) -> Chart:
    """Share of customers and share of the total, by class."""
    table = model.class_table(c)
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": list(table.index),
            "x": table[column].round(2).tolist(),
            "name": name,
            "marker": {"color": color},
            "texttemplate": "%{x:.1f}%",
            "textposition": "outside",
            "cliponaxis": False,
        }
        for column, name, color in (("customers_pct", _("customers"), VIOLET), ("total_pct", _("total"), GREEN))
    ]
    first = table.iloc[0]
    drawn = spec(
        traces,
        ngettext(
            "Class A: {n:,} customer, {share:.1f}% of them all",
            "Class A: {n:,} customers, {share:.1f}% of them all",
            int(first["customers"]),
        ).format(n=int(first["customers"]), share=first["customers_pct"]),
        _("Share (%)"),
        _("Class"),
        xaxis_range=[0, 1.2 * max(table["customers_pct"].max(), table["total_pct"].max(), 1)],
        yaxis_autorange="reversed",
        legend_traceorder="normal",
    )
    return Chart(
        drawn, _("Two bars a class: its share of the customers and its share of the total."), lambda: _class_table(c)
    )


def _class_table(c: model.Concentration) -> pd.DataFrame:
    table = model.class_table(c).round(1)
    table.columns = [_("Customers"), _("Customers (%)"), _("Total"), _("Total (%)")]
    return table.rename_axis(_("Class"))


def _figure_names() -> dict[str, str]:
    by = model.AbcRule.setting_of("by")
    return {code: by.shown(code) for code in by.choices}


def concentrations(customers: model.Customers) -> pd.DataFrame:
    """Return how concentrated each figure is: what the top 20% bring, the Gini coefficient, customers in class A."""
    names = _figure_names()
    read = {by: model.headline(model.classify(customers, model.AbcRule(by=by))) for by in customers.values}  # type: ignore[arg-type]
    columns = {
        _("Share of the top 20% (%)"): [f"{h['top_share']:.1f}" for h in read.values()],
        _("Gini coefficient"): [f"{h['gini']:.3f}" for h in read.values()],
        _("Class A, share of customers (%)"): [f"{h['a_customers_pct']:.1f}" for h in read.values()],
    }
    return pd.DataFrame(columns, index=pd.Index([names[by] for by in read], name=_("Rank firms by")))


def rank_correlations(customers: model.Customers) -> pd.DataFrame:
    """Return the rank correlation of each pair of figures, named in the language now spoken."""
    names = _figure_names()
    table = model.rank_correlations(customers).map(lambda r: f"{r:.2f}")
    return table.rename(index=names, columns=names).rename_axis(_("Rank correlation"))


def disagreements(customers: model.Customers, most: int = 6) -> pd.DataFrame:
    """Return the customers whose ranks by own sales and by the bank's income differ most, half of them each way."""
    found = model.disagreements(customers, most=most)
    columns = {
        _("Rank by the firm's own sales"): found["sales"],
        _("Rank by income"): found["income"],
        _("Difference"): found["difference"],
    }
    return pd.DataFrame(columns).rename_axis(_("Firm id"))


def tops(customers: model.Customers, top: float = 0.2) -> pd.DataFrame:
    """Return how many firms of the top by their own sales are in the top by income too, and the reverse."""
    both = model.top_table(customers, top=top)
    inside, outside = _("in the top {top:.0%}").format(top=top), _("not in the top {top:.0%}").format(top=top)
    names = [inside, outside]
    columns = [_("By income: {place}").format(place=name) for name in names]
    index = pd.Index([_("By the firm's own sales: {place}").format(place=name) for name in names], name=_("Firms"))
    return pd.DataFrame(both, index, columns)
