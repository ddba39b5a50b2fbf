"""Charts of a change of credit policy."""

import math

import numpy as np
import pandas as pd

from crmlib.chapters.credit.models import policy as model
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, GREEN, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, bars, money, spec


def steps(c: model.Change) -> Chart:
    """What the change brings and costs, part by part, and what is left."""
    table = model.parts(c)
    names = [*[_(name) for name in table.index], _("change of profit")]
    effect = [table["change"].iloc[0], *(-table["change"].iloc[1:]), c.increments.profit]
    colors = [GREEN, *[ORANGE] * (len(effect) - 2), BLUE]
    reach = 1.7 * max(np.abs(effect).max(), 1.0)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(float(v), 2) for v in effect],
        "marker": {"color": colors},
        "texttemplate": "%{x:,.1f}",
        **BESIDE_BARS,
    }
    profit = c.increments.profit
    title = (
        _("The new terms bring {gain:,.0f} ({unit}) more profit a year")
        if profit >= 0
        else _("The new terms cost {gain:,.0f} ({unit}) of profit a year")
    )
    drawn = spec(
        [trace],
        title.format(gain=abs(profit), unit=money()),
        _("Effect on profit ({unit} a year)").format(unit=money()),
        "",
        showlegend=False,
        yaxis_autorange="reversed",
        xaxis_range=[-reach, reach],
    )
    alt = _("A bar a part: to the right what adds to profit, to the left what takes from it; the sum is below in blue.")
    return Chart(drawn, alt, lambda: _parts(table, profit))


def _parts(table: pd.DataFrame, profit: float) -> pd.DataFrame:
    shown = table.round(1) + 0.0
    shown.columns = [_("Now"), _("New terms"), _("Change")]
    whole = pd.DataFrame([[*["–"] * 2, f"{profit:,.1f}"]], columns=shown.columns, index=[_("change of profit")])
    rows = shown.map(lambda v: f"{v:,.1f}").set_axis([_(name) for name in shown.index])
    return pd.concat([rows, whole]).rename_axis(_("Part ({unit})").format(unit=money()))


def against_growth(c: model.Change) -> Chart:
    """The change of profit at other rates of growth."""
    sales, rates = c.old.sales, np.arange(-20, 61, 5)
    profits = [model.compare(sales, c.inputs, float(rate)).profit for rate in rates]
    line = {"type": "scatter", "mode": "lines", "x": rates.tolist(), "y": np.round(profits, 2).tolist()}
    here = {
        "type": "scatter",
        "mode": "markers",
        "x": [c.inputs.growth],
        "y": [round(c.increments.profit, 2)],
        "marker": {"color": BLUE, "size": 12},
        "name": _("as set"),
    }
    traces = [line | {"line": {"color": BLUE}, "name": _("change of profit")}, here]
    if math.isnan(c.break_even):
        title = _("No growth of sales makes these terms pay")
    else:
        title = _("The new terms pay from {growth:.1f}% growth of sales on").format(growth=c.break_even)
        mark = {"color": ORANGE, "size": 12, "symbol": "diamond"}
        at = {"x": [round(c.break_even, 3)], "y": [0], "marker": mark, "name": _("break-even")}
        traces.append({"type": "scatter", "mode": "markers", **at})
    drawn = spec(
        traces,
        title,
        _("Growth of credit sales (%)"),
        _("Change of profit ({unit} a year)").format(unit=money()),
        yaxis_zeroline=True,
    )
    alt = _(
        "A line that crosses zero where the added contribution pays for the added costs; a dot marks the growth set."
    )

    def table() -> pd.DataFrame:
        columns = {_("Change of profit"): np.round(profits, 1)}
        return pd.DataFrame(columns, index=pd.Index(rates, name=_("Growth of credit sales (%)")))

    return Chart(drawn, alt, table)


def balances(c: model.Change) -> Chart:
    """Receivables, and the money that they tie up, now and under the new terms."""
    year = int(c.inputs.year)
    tied = c.inputs.variable_cost / 100 if c.inputs.carried_at == "cost" else 1.0
    names = [_("receivables"), _("money tied up")]
    now, new = ([model.receivables(t, year) * share for share in (1.0, tied)] for t in (c.old, c.new))
    shown = {"texttemplate": "%{y:,.0f}", **BESIDE_BARS}
    drawn = spec(
        [bars(names, now, _("now"), QUIET, **shown), bars(names, new, _("new terms"), BLUE, **shown)],
        _("Receivables go from {now:,.0f} to {new:,.0f} ({unit})").format(now=now[0], new=new[0], unit=money()),
        _("Mean over the year"),
        money(),
    )
    alt = _("Two pairs of bars: hatched gray now, blue under the new terms.")

    def table() -> pd.DataFrame:
        columns = {_("Now"): np.round(now, 1), _("New terms"): np.round(new, 1)}
        return pd.DataFrame(columns, index=pd.Index(names, name=money()))

    return Chart(drawn, alt, table)


def by_segment(c: model.Change) -> pd.DataFrame:
    """Return what the same terms do if they are offered to one kind of customers alone."""
    rows = []
    for name, sales in c.segments.items():
        alone = model.compare(float(sales), c.inputs, c.inputs.growth)
        rows.append(
            (_(model.SEGMENTS[str(name)]), f"{sales:,.0f}", f"{alone.contribution:,.1f}", f"{alone.profit:,.1f}")
        )
    columns = [_("Kind of customer"), _("Credit sales"), _("Contribution gained"), _("Change of profit")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])
