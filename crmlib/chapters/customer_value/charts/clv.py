"""Charts and tables of customer lifetime value."""

import math

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import clv as model
from crmlib.chapters.customer_value.models.shop import PER_YEAR, PERIOD_NAMES
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec


def survivors(c: model.Clv) -> Chart:
    """How many of a cohort bring a margin in each period."""
    left = c.alive[-1]
    drawn = spec(
        [{"type": "bar", "x": c.times.tolist(), "y": c.alive.round(1).tolist(), "marker": fill(BLUE)}],
        _("Of {n:,} customers {left:,.0f} bring the last margin shown").format(n=model.COHORT, left=left),
        _("Time of the margin, in periods from today"),
        _("Customers"),
        yaxis_range=[0, 1.05 * model.COHORT],
    )
    alt = _("A bar for each margin: the customers of the cohort who are left to bring it.")
    return Chart(drawn, alt, lambda: cohort(c))


def cohort(c: model.Clv) -> pd.DataFrame:
    """Return the cohort table as it is shown: a row a margin."""
    table = model.cohort(c)
    columns = {
        _("Customers"): [f"{v:,.1f}" for v in table["customers"]],
        _("Margin of one (yuan)"): _amounts(table["margin"]),
        _("Margin of all (yuan)"): [f"{v:,.0f}" for v in table["together"]],
        _("Discount factor"): [f"{v:.4f}" for v in table["factor"]],
        _("Present value (yuan)"): [f"{v:,.0f}" for v in table["present"]],
        _("Sum (yuan)"): [f"{v:,.0f}" for v in table["cumulated"]],
    }
    return pd.DataFrame(columns, index=pd.Index(table.index, name=_("Time")))


def _amounts(values: pd.Series) -> list[str]:
    """Return amounts with one decimal, or none where all of them are whole."""
    digits = 0 if (values.round(1) % 1 == 0).all() else 1
    return [f"{v:,.{digits}f}" for v in values]


def payback(c: model.Clv) -> Chart:
    """The value of a customer as it adds up, against what winning her cost."""
    total = np.cumsum(c.present)
    times = c.times.tolist()
    cost = c.rule.acquisition
    line = {"type": "scatter", "mode": "lines+markers", "x": times, "y": total.round(2).tolist()}
    flat = {"type": "scatter", "mode": "lines", "x": [times[0], max(times[-1], times[0] + 1)], "y": [cost, cost]}
    title = (
        _("The margins counted do not bring the acquisition cost back")
        if math.isnan(c.paid)
        else _("The acquisition cost is back at time {t:.0f}").format(t=c.paid)
    )
    drawn = spec(
        [
            line | {"name": _("value so far"), "line": {"color": BLUE, "width": 3}},
            flat | {"name": _("acquisition cost"), "line": {"color": QUIET, "dash": "dot"}},
        ],
        title,
        _("Time, in periods from today"),
        _("Yuan a customer"),
        yaxis_rangemode="tozero",
    )
    alt = _("A rising line that flattens, since later margins are rarer and worth less; dotted, the acquisition cost.")

    def table() -> pd.DataFrame:
        columns = {_("Present value (yuan)"): c.present.round(2), _("Sum (yuan)"): total.round(2)}
        return pd.DataFrame(columns, index=pd.Index(c.times.astype(int), name=_("Time")))

    return Chart(drawn, alt, table)


def _values(rule: model.ClvRule) -> dict[str, float]:
    """Return the value before acquisition by each convention of timing, the horizon being the rule's."""
    return {name: rule.margin * rule.multiple(name) for name in model.FIRST}


def conventions(c: model.Clv) -> Chart:
    """The same customer by three conventions of timing."""
    values = _values(c.rule)
    short = {"end": _("end"), "served": _("end, sure"), "now": _("start")}
    names = [short[name] for name in values]
    shown = list(values.values())
    marker = fill([BLUE if name == c.rule.first else QUIET for name in values])
    trace = {"type": "bar", "x": names, "y": [round(v, 2) for v in shown], "marker": marker}
    high, low = max(shown), min(shown)
    title = (
        _("The same customer: the highest value is {ratio:.2f} times the lowest").format(ratio=high / low)
        if low > 0
        else _("Nobody stays: only a margin that comes today, or for certain, counts")
    )
    drawn = spec(
        [trace | {"text": [f"{v:,.0f}" for v in shown], **BESIDE_BARS}],
        title,
        _("When a margin falls"),
        _("Before acquisition (yuan)"),
        yaxis_range=[0, 1.25 * high],
    )
    alt = _("Three bars, a convention each; the one in use is blue, the others hatched.")

    def table() -> pd.DataFrame:
        rows = [(_(model.FIRST[name]), f"{v:,.1f}", f"{v / c.rule.margin:.3f}") for name, v in values.items()]
        columns = [_("When a margin falls"), _("Before acquisition (yuan)"), _("Margin multiple")]
        return pd.DataFrame(rows, columns=columns).set_index(columns[0])

    return Chart(drawn, alt, table)


def rates() -> pd.DataFrame:
    """Return the text's yearly rates turned into each period (%): a discount of 12%, compound and simple; 60% stay."""
    rows = {}
    for name, n in PER_YEAR.items():
        compound, simple = (100 * model.per_period(0.12, name, how) for how in ("compound", "simple"))
        rows[_(PERIOD_NAMES[name])] = (f"{compound:.3f}", f"{simple:g}", f"{100 * 0.6 ** (1 / n):.1f}")
    columns = [_("Discount, compound (%)"), _("Discount, simple (%)"), _("Retention (%)")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Period"))


def sensitivity(c: model.Clv) -> Chart:
    """What the value is at each retention rate, with the one set."""
    rule = c.rule
    bound = 100 * (1 + rule.rate()) / (1 + rule.growth / 100)
    at = np.arange(0, (99 if rule.counted_periods() else min(99, int(bound - 1e-9))) + 1, 3)
    off = rule.acquisition if rule.counted else 0.0
    values = [rule.margin * rule.multiple(retention=float(x)) - off for x in at]
    mark = {"color": ORANGE, "size": 12}
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines", "x": at.tolist(), "y": [round(v, 2) for v in values]}
            | {"name": _("value"), "line": {"color": BLUE, "width": 3}},
            {"type": "scatter", "mode": "markers", "x": [rule.retention], "y": [round(c.clv, 2)]}
            | {"name": _("as set"), "marker": mark},
        ],
        _("At a retention rate of {r:g}% a customer is worth ¥{v:,.0f}").format(r=rule.retention, v=c.clv),
        _("Retention rate per period (%)"),
        _("Lifetime value (yuan)"),
    )
    alt = _("A curve that rises ever more steeply with the retention rate; the dot is the rate as set.")
    table = pd.DataFrame(
        {_("Lifetime value (yuan)"): [f"{v:,.1f}" for v in values]},
        index=pd.Index(at, name=_("Retention rate per period (%)")),
    )
    return Chart(drawn, alt, lambda: table)
