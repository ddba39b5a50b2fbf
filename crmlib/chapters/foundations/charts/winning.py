"""Charts and tables of winning and keeping."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.foundations.models import winning as model
from crmlib.chapters.foundations.models.panel import Panel, channel_figures, joined_by_year, retention_by_year
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, GREEN, ORANGE, QUIET
from crmlib.plotting.theme import Chart, fill, spec
from crmlib.tables.data import categories

CLAIM = (25, 85)
"""What five more points are said to add, % (Reichheld & Sasser 1990)."""


def divisions(answer: model.Answer) -> Chart:
    """The value of the plan by how the budget is divided, with the plan and the best division."""
    shares = 100 * model.SHARES
    best, here = int(np.argmax(answer.values)), round(answer.plan.keep_share)
    values = np.interp([answer.plan.keep_share, shares[best]], shares, answer.values)
    marks = [
        (_("the plan"), answer.plan.keep_share, values[0], BLUE, "circle"),
        (_("the best"), shares[best], values[1], GREEN, "diamond"),
    ]
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines", "x": shares.tolist(), "y": answer.values.round().tolist(),
             "line": {"color": QUIET, "width": 3}, "name": _("value"), "showlegend": False},
            *({"type": "scatter", "mode": "markers", "x": [float(x)], "y": [round(float(y))], "name": name,
               "marker": {"color": color, "size": 13, "symbol": symbol}} for name, x, y, color, symbol in marks),
        ],
        _("The plan keeps {here}% for keeping; the best division keeps {best:.0f}%").format(
            here=here, best=shares[best]
        ),
        _("Share of the budget for keeping (%)"),
        _("Present value (yuan)"),
        xaxis_range=[-2, 102],
    )  # fmt: skip
    said = _("A curve that rises and falls again: neither all for winning nor all for keeping is worth most.")
    if best in (0, 100):
        said = _("A curve whose highest point lies at an end: here all the money belongs to one side.")
    return Chart(drawn, said, lambda: _division_table(answer))


def _division_table(answer: model.Answer) -> pd.DataFrame:
    at = np.arange(0, 101, 10)
    columns = {
        _("For keeping (yuan)"): at / 100 * answer.plan.budget,
        _("For winning (yuan)"): (1 - at / 100) * answer.plan.budget,
        _("Present value (yuan)"): answer.values[at],
    }
    index = pd.Index([f"{share}%" for share in at], name=_("Share for keeping"))
    return pd.DataFrame({name: values.round().astype(np.int64) for name, values in columns.items()}, index=index)


def growth(answer: model.Answer) -> Chart:
    """How many customers there are in each year under the plan, and under the two extremes."""
    ends, _values = model.ahead(answer.base, answer.plan, np.array([0.0, 1.0]))
    years = list(range(len(answer.customers)))
    lines = [
        (_("all for winning"), ends[:, 0], QUIET, "dash", "square"),
        (_("the plan"), answer.customers, BLUE, "solid", "circle"),
        (_("all for keeping"), ends[:, 1], ORANGE, "dot", "diamond"),
    ]
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines+markers", "x": years, "y": values.round(1).tolist(), "name": name,
             "line": {"color": color, "dash": dash, "width": 3}, "marker": {"symbol": symbol, "size": 8}}
            for name, values, color, dash, symbol in lines
        ],
        _("In year {year} there are {n:,.0f} customers, and {alone:,.0f} if nobody is won").format(
            year=years[-1], n=answer.customers[-1], alone=ends[-1, 1]
        ),
        _("Years from now"),
        _("Customers"),
        yaxis_rangemode="tozero",
        xaxis_dtick=1,
    )  # fmt: skip
    said = _("Three lines of the number of customers: all for winning dashed, the plan solid, all for keeping dotted.")
    index = pd.Index(years, name=_("Year"))
    columns = {name: np.round(values).astype(np.int64) for name, values, *_look in lines}
    return Chart(drawn, said, lambda: pd.DataFrame(columns, index=index))


def costs(answer: model.Answer) -> Chart:
    """What winning and keeping cost for a customer: on average, and for one more."""
    names = [_("winning one, on average"), _("keeping one, on average"), _("winning one more"), _("keeping one more")]
    values = [answer.win_cost, answer.each, answer.win_more, answer.keep_more]
    shown = [value if np.isfinite(value) else 0.0 for value in values]
    if not np.isfinite(answer.keep_more):
        title = _("No money keeps one more customer here")
    elif answer.keep_more >= answer.win_more:
        title = _("One more kept costs {times:.1f} times what one more won costs").format(
            times=answer.keep_more / answer.win_more
        )
    else:
        title = _("One more won costs {times:.1f} times what one more kept costs").format(
            times=answer.win_more / answer.keep_more
        )
    drawn = spec(
        [
            {"type": "bar", "orientation": "h", "y": names, "x": np.round(shown).tolist(), "name": _("cost"),
             "texttemplate": "%{x:,.0f}", "textposition": "outside", "cliponaxis": False,
             "marker": fill([QUIET, QUIET, BLUE, BLUE])}
        ],
        title,
        _("Cost (yuan)"),
        "",
        xaxis_range=[0, 1.4 * max(*shown, 1)],
        yaxis_autorange="reversed",
    )  # fmt: skip
    said = _("Four bars: the cost of winning and of keeping a customer on average, then of one more of each.")
    text = [f"{value:,.0f}" if np.isfinite(value) else "–" for value in values]
    return Chart(drawn, said, lambda: pd.DataFrame({_("Yuan"): text}, index=pd.Index(names, name=_("Cost"))))


def five_points(answer: model.Answer) -> Chart:
    """By how much five more points of retention raise the value of a customer, by the retention rate before."""
    plan = answer.plan
    rates = np.arange(40, 95) / 100

    def raised(at: Floats) -> Floats:
        return model.five_points(at, plan.discount / 100, plan.first_margin, plan.growth / 100)

    at = np.array([min(max(answer.retention, rates[0]), rates[-1])])
    here = float(raised(np.array([answer.retention]))[0])
    edges = [
        {"type": "scatter", "mode": "lines", "x": [40, 94], "y": [edge, edge], "name": name, "showlegend": True,
         "line": {"color": QUIET, "dash": dash, "width": 2}}
        for edge, name, dash in zip(CLAIM, (_("25%, as claimed"), _("85%, as claimed")), ("dot", "dash"), strict=True)
    ]  # fmt: skip
    curve = {"type": "scatter", "mode": "lines", "x": (100 * rates).tolist(), "y": raised(rates).round(2).tolist(),
             "line": {"color": BLUE, "width": 3}, "name": _("value of a customer")}  # fmt: skip
    mark = {"type": "scatter", "mode": "markers", "x": [round(100 * float(at[0]), 1)],
            "y": [round(float(raised(at)[0]), 1)], "name": _("the plan"),
            "marker": {"color": ORANGE, "size": 13, "symbol": "diamond"}}  # fmt: skip
    drawn = spec(
        [*edges, curve, mark],
        _("From {rate:.1f}%, five more points add {gain:.1f}% to a customer's value").format(
            rate=100 * answer.retention, gain=here
        ),
        _("Retention rate before (%)"),
        _("Value rises by (%)"),
        xaxis_range=[36, 97],
        yaxis_rangemode="tozero",
    )
    said = _(
        "A curve that falls slightly, then rises ever faster; two level lines mark 25% and 85%, the diamond the plan."
    )
    shown = np.array([50, 60, 70, 80, 90])
    table = pd.DataFrame(
        {_("Rises by (%)"): [f"{value:.1f}" for value in raised(shown / 100)]},
        index=pd.Index([f"{rate}%" for rate in shown], name=_("Retention rate before")),
    )
    return Chart(drawn, said, lambda: table)


# Tables of the panel --------------------------------------------------------------------------------------------------


def by_year(panel: Panel, unit: str = "household") -> pd.DataFrame:
    """Return for each year the customers, the margin of one, who joined, who stayed from the year before."""
    members = panel.members[unit]
    n = members.present.sum(0)
    margin = members.margin().sum(0) / np.maximum(n, 1)
    joined = ["–", *(f"{value:,}" for value in joined_by_year(members))]
    stayed = ["–", *(f"{100 * rate:.1f}" for rate in retention_by_year(members))]
    columns: dict[str, Any] = {
        _("Customers"): [f"{value:,}" for value in n],
        _("New"): joined,
        _("Retention rate (%)"): stayed,
        _("Margin of one (yuan)"): [f"{value:,.0f}" for value in margin],
    }
    return pd.DataFrame(columns, index=pd.Index(panel.years, name=_("Year")))


def units(panel: Panel) -> pd.DataFrame:
    """Return the figures of today by account and by household: the same books, two answers."""
    by = model.BudgetPlan.setting_of("unit")
    rows = {by.shown(unit): model.base_of(panel, model.BudgetPlan(unit=unit)) for unit in by.choices}  # type: ignore[arg-type]
    columns = {
        _("Customers"): [f"{base.customers:,.0f}" for base in rows.values()],
        _("Retention rate (%)"): [f"{100 * base.retention:.1f}" for base in rows.values()],
        _("New in a year"): [f"{base.won:,.0f}" for base in rows.values()],
        _("Cost of winning one (yuan)"): [f"{base.spent / base.won:,.0f}" for base in rows.values()],
        _("Margin of one (yuan)"): [f"{base.margin:,.0f}" for base in rows.values()],
    }
    return pd.DataFrame(columns, index=pd.Index(list(rows), name=_("A customer is")))


def channels(panel: Panel) -> pd.DataFrame:
    """Return the figures by channel as a reader sees them."""
    names = categories("members", "channel")
    figures = channel_figures(panel, list(names))
    columns = {
        _("Cost of winning one (yuan)"): figures["cost"].map("{:,.0f}".format),
        _("Retention rate (%)"): (100 * figures["retention"]).map("{:.1f}".format),
        _("Margin of a year (yuan)"): figures["margin"].map("{:,.0f}".format),
        _("CLV (yuan)"): figures["clv"].map("{:,.0f}".format),
        _("Breaks even from (%)"): (100 * figures["break_even"]).map("{:.1f}".format),
    }
    return pd.DataFrame(columns).rename(index=names).rename_axis(_("How the member was won"))
