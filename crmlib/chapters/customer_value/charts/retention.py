"""Charts and tables of the retention curve."""

import math

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import retention as model
from crmlib.chapters.customer_value.models.shop import PERIOD_NAMES, Shop
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, QUIET
from crmlib.plotting.theme import Chart, spec


def curve(r: model.Retention) -> Chart:
    """The retention curve, against one that falls at a constant rate to the same end."""
    ages = list(range(len(r.share)))
    share = (100 * r.share).round(2).tolist()
    traces = []
    if len(ages) > 1:
        constant = (100 * r.mean_rate ** np.arange(len(ages))).round(2).tolist()
        traces.append(
            {"type": "scatter", "mode": "lines", "x": ages, "y": constant, "line": {"color": QUIET, "dash": "dot"}}
            | {"name": _("constant rate")}
        )
    traces.append(
        {"type": "scatter", "mode": "lines+markers", "x": ages, "y": share, "line": {"color": BLUE, "width": 3}}
        | {"name": _("customers")}
    )
    drawn = spec(
        traces,
        (
            _("After {n} periods {share:.1f}% are still there")
            if r.rule.there == "kept"
            else _("{n} periods after the first purchase {share:.1f}% buy")
        ).format(n=ages[-1], share=share[-1])
        if len(ages) > 1
        else _("No later period can be judged yet"),
        _("Age in periods ({period})").format(period=_(PERIOD_NAMES[r.rule.period])),
        _there(r),
        yaxis_range=[0, 105],
        **({} if len(ages) > 1 else {"xaxis_range": [-0.5, 1.5], "xaxis_dtick": 1}),
    )
    alt = _("The solid line falls steeply at first and then slowly; the dotted one falls at one rate to the same end.")
    return Chart(drawn, alt, lambda: table(r))


def rates(r: model.Retention) -> Chart:
    """The retention rate from each period to the next."""
    ages, values = list(range(1, len(r.share))), (100 * r.rates).round(2).tolist()
    shown = [v for v in values if not math.isnan(v)]
    title = (
        _("Retention rate: {first:.0f}% at first, {best:.0f}% at best").format(first=shown[0], best=max(shown))
        if shown
        else _("No later period can be judged yet")
    )
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines+markers", "x": ages, "y": values, "name": _("retention rate")}
            | {"line": {"color": BLUE, "width": 3}}
        ],
        title,
        _("Age in periods ({period})").format(period=_(PERIOD_NAMES[r.rule.period])),
        _("Retention rate (%)"),
        yaxis_range=[0, 1.08 * max([100.0, *shown])],
        xaxis_range=[0, len(r.share)],
        **({} if shown else {"xaxis_dtick": 1}),
    )
    alt = _("The rate is low in the first period and higher later: who had little reason to stay has left by then.")
    return Chart(drawn, alt, lambda: table(r))


def _there(r: model.Retention) -> str:
    """Return what the share is of: of those still there, or of those who buy in the period."""
    return _("Still there (%)") if r.rule.there == "kept" else _("Buy in the period (%)")


def table(r: model.Retention) -> pd.DataFrame:
    """Return the curve as it is shown: a row a period."""
    listed = model.listing(r)
    columns = {
        _("Customers judged"): [f"{n:,}" for n in listed["exposed"]],
        _there(r): [f"{v:.1f}" for v in listed["share"]],
        _("Retention rate (%)"): [figure(v, 1) for v in listed["rate"]],
    }
    return pd.DataFrame(columns, index=pd.Index(listed.index, name=_("Age")))


def by_silence(shop: Shop) -> pd.DataFrame:
    """Return how many customers count as lost by how long a silence is allowed, as it is shown."""
    table = model.by_silence(shop)
    columns = {
        _("Count as lost"): [f"{n:,}" for n in table["lost"]],
        _("Share (%)"): [f"{v:.1f}" for v in table["share"]],
    }
    return pd.DataFrame(columns, index=pd.Index(table.index, name=_("Silent for more than (days)")))
