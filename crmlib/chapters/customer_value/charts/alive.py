"""Charts and tables of BG/NBD for one customer, of its test, and of clusters."""

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import alive as model
from crmlib.chapters.customer_value.models import clusters
from crmlib.chapters.customer_value.models.shop import PERIOD_NAMES, Shop
from crmlib.core.i18n import NC_, _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, spec


def course(c: model.Alive) -> Chart:
    """The probability alive from the first purchase to today, and further if she stays silent."""
    days, values = c.days.tolist(), (100 * c.alive).round(2).tolist()
    today = c.now
    dotted = {"color": QUIET, "dash": "dot"}
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines", "x": days[: today + 1], "y": values[: today + 1]}
            | {"name": _("until today"), "line": {"color": BLUE, "width": 3}},
            {"type": "scatter", "mode": "lines", "x": days[today:], "y": values[today:]}
            | {"name": _("if she stays silent"), "line": dotted},
            {"type": "scatter", "mode": "markers", "x": [days[today]], "y": [values[today]]}
            | {"name": _("today"), "marker": {"color": ORANGE, "size": 12}},
        ],
        _("After {n} days of silence she still buys with {p:.0f}%").format(n=c.rule.silence, p=values[today]),
        _("Days since the first purchase"),
        _("Probability alive (%)"),
        yaxis_range=[0, 105],
    )
    alt = _(
        "The line is at 100% until the first repeat purchase and drops with that one; it falls while she is silent and "
        "jumps up with each further one. The dot is today, dotted what follows."
    )

    def table() -> pd.DataFrame:
        rows = np.unique(np.append(np.linspace(0, len(days) - 1, 13).astype(int), today))
        columns = {_("Probability alive (%)"): [f"{values[k]:.1f}" for k in rows]}
        return pd.DataFrame(columns, index=pd.Index(c.days[rows].astype(int), name=_("Days since the first purchase")))

    return Chart(drawn, alt, table)


def expected(c: model.Alive) -> Chart:
    """The purchases expected in the time ahead, by days of silence."""
    silence, values = model.by_silence(c)
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines", "x": silence.tolist(), "y": values.round(4).tolist()}
            | {"name": _("expected"), "line": {"color": BLUE, "width": 3}},
            {"type": "scatter", "mode": "markers", "x": [c.rule.silence], "y": [round(c.expected, 4)]}
            | {"name": _("today"), "marker": {"color": ORANGE, "size": 12}},
        ],
        _("In the next {period} {n:.2f} purchases are expected").format(
            period=_(PERIOD_NAMES[c.rule.ahead]), n=c.expected
        ),
        _("Days since the last purchase"),
        _("Purchases expected"),
        yaxis_rangemode="tozero",
    )
    alt = _("A line that falls with the days of silence; the dot is today.")
    table = pd.DataFrame(
        {_("Purchases expected"): [f"{v:.3f}" for v in values[::3]]},
        index=pd.Index(silence[::3], name=_("Days since the last purchase")),
    )
    return Chart(drawn, alt, lambda: table)


def backtest(shop: Shop) -> pd.DataFrame:
    """Return purchases expected half a year ago and purchases made since, by how often customers had come again."""
    table = model.backtest(shop)
    columns = {
        _("Customers"): [f"{n:,}" for n in table["customers"]],
        _("Purchases expected"): [f"{v:.2f}" for v in table["expected"]],
        _("Purchases made"): [f"{v:.2f}" for v in table["made"]],
    }
    names = [*map(str, range(5)), _("5 or more")]
    return pd.DataFrame(columns, index=pd.Index(names, name=_("Came again so far")))


def groups(shop: Shop) -> pd.DataFrame:
    """Return the groups of the shop's consumers as they are shown, the largest first."""
    table = clusters.groups(shop)
    columns = {
        _("Customers"): [f"{n:,}" for n in table["customers"]],
        _("days since the last purchase"): [f"{v:,.1f}" for v in table["days"]],
        _("purchases"): [f"{v:,.1f}" for v in table["purchases"]],
        _("spend (yuan)"): [f"{v:,.1f}" for v in table["spend"]],
    }
    return pd.DataFrame(columns, index=pd.Index([str(g) for g in table.index], name=_(NC_("cluster", "Group"))))
