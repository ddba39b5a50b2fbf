"""Charts of the credit scorecard."""

import math
from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.credit.models import scoring as model
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, bars, money, spec

POINTS = 101


def roc(s: model.Scored) -> Chart:
    """The ROC curve, with the place of the cut-off on it."""
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "line": {"color": QUIET, "dash": "dot"}}
        | {"name": _("by chance")}
    ]
    x, y, at = np.array([0.0, 100]), np.array([0.0, 100]), len(s.good) - round(10 * s.card.cut_off)
    title = _("Nobody failed or nobody paid: there is nothing to tell apart")
    if not math.isnan(s.gini):
        x, y = (100 * part for part in model.roc(s.good, s.bad))
        title = _("A good customer scores higher than a bad one in {area:.0f}% of pairs").format(area=50 * (s.gini + 1))
        moves = np.append(True, (np.diff(x) > 0) | (np.diff(y) > 0))
        curve = {"x": np.round(x[moves], 2).tolist(), "y": np.round(y[moves], 2).tolist(), "line": {"color": BLUE}}
        traces.append({"type": "scatter", "mode": "lines", "name": _("scorecard"), **curve})
        here = {"x": [round(float(x[at]), 2)], "y": [round(float(y[at]), 2)], "marker": {"color": ORANGE, "size": 12}}
        traces.append({"type": "scatter", "mode": "markers", "name": _("cut-off"), **here})
    drawn = spec(
        traces, title, _("Bad customers let in (%)"), _("Good customers let in (%)"),
        xaxis_range=[0, 100], yaxis_range=[0, 102],
    )  # fmt: skip
    alt = _("The curve rises above the dotted diagonal of chance; the dot is the cut-off as it is set.")

    def table() -> pd.DataFrame:
        places = np.linspace(0, len(x) - 1, 11).astype(int) if len(x) > 2 else np.arange(len(x))
        columns = {_("Good customers let in (%)"): y[places].round(1)}
        return pd.DataFrame(columns, index=pd.Index(x[places].round(1), name=_("Bad customers let in (%)")))

    return Chart(drawn, alt, table)


def bands(s: model.Scored) -> Chart:
    """Good and bad customers by band of score."""
    table = model.bands(s)
    names = list(table.index)
    line = {"type": "line", "x0": s.card.cut_off / 10 - 0.5, "x1": s.card.cut_off / 10 - 0.5, "y0": 0, "y1": 1}
    refused = float(s.bad[: round(10 * s.card.cut_off)].sum())
    drawn = spec(
        [bars(names, table["good"], _("paid"), BLUE), bars(names, table["bad"], _("failed"), ORANGE)],
        _("Below the cut-off are {part:.0f} of the {whole:.0f} customers that failed").format(
            part=refused, whole=s.bad.sum()
        ),
        _("Score (points); dotted: the cut-off"),
        _("Customers"),
        barmode="stack",
        shapes=[line | {"yref": "paper", "line": {"dash": "dot", "width": 2}}],
    )
    alt = _("A stack a band of score: blue paid, orange failed. The orange parts are mostly on the left.")

    def shown() -> pd.DataFrame:
        columns = {
            _("Paid"): table["good"].astype(int),
            _("Failed"): table["bad"].astype(int),
            _("Failed (%)"): table["bad_rate"].round(1),
        }
        return pd.DataFrame(columns).rename_axis(_("Score"))

    return Chart(drawn, alt, shown)


def profit(s: model.Scored) -> Chart:
    """What is earned at every cut-off."""
    cuts = np.linspace(0, 100, POINTS)
    values = s.profits[(10 * cuts).astype(int)]
    best, chosen = model.best_cut_off(s), s.card.cut_off
    line = {"x": cuts.tolist(), "y": values.round(2).tolist(), "line": {"color": BLUE}, "name": _("profit")}
    traces: list[dict[str, Any]] = [{"type": "scatter", "mode": "lines", **line}]
    for at, name, color, symbol in (
        (best, _("highest"), BLUE, "diamond"),
        (chosen, _("cut-off"), ORANGE, "circle"),
    ):
        mark = {"color": color, "size": 12, "symbol": symbol}
        there = {"x": [at], "y": [round(float(s.profits[round(10 * at)]), 2)], "marker": mark}
        traces.append({"type": "scatter", "mode": "markers", "name": name, **there})
    drawn = spec(
        traces,
        _("Profit is highest at a cut-off of {best:.1f}; {chosen:g} forgoes {less:,.0f} ({unit})").format(
            unit=money(), best=best, chosen=chosen, less=float(s.profits.max() - s.profits[round(10 * chosen)])
        ),
        _("Cut-off (points)"),
        _("Profit ({unit} a year)").format(unit=money()),
    )
    alt = _("A curve that rises while the customers shut out cost more than they bring, then falls; two marks on it.")

    def table() -> pd.DataFrame:
        columns = {_("Profit"): values[::10].round(0).astype(int)}
        return pd.DataFrame(columns, index=pd.Index(cuts[::10].astype(int), name=_("Cut-off (points)")))

    return Chart(drawn, alt, table)
