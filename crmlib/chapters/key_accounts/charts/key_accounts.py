"""Charts and tables of key accounts: concentration, the loss of the largest, the department."""

import numpy as np
import pandas as pd

from crmlib.chapters.key_accounts.charts.rows import reach, rows, shown
from crmlib.chapters.key_accounts.models import key_accounts as model
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, money, safe, spec

TOP, LOST = 12, 6
MEASURES = (
    (N_("goods and information"), 2, N_("supply first; quick exact information")),
    (
        N_("people on both sides"),
        2,
        N_("activate everybody down to shop assistants; ask about our salespeople and change them"),
    ),
    (N_("selling together"), 3, N_("test new products there; design promotions together; suitable rewards")),
    (N_("relationship at the top"), 3, N_("support its events; visits by top managers; a yearly meeting")),
)
"""The ten measures in four groups, each with its number of measures; the grouping is the workbook's."""


def measures() -> pd.DataFrame:
    """Return the ten measures in four groups, and how many each group has."""
    columns = {
        _("Measures"): [_(what) for _name, _n, what in MEASURES],
        _(NC_("measures", "Number")): [n for _name, n, _what in MEASURES],
    }
    index = pd.Index([_(name) for name, _n, _what in MEASURES], name=_(NC_("measures", "Group")))
    return pd.DataFrame(columns, index=index)


def largest(c: model.Concentration) -> Chart:
    """Shares of the largest customers; key accounts are blue, those lost orange."""
    n, lost = min(TOP, len(c.customers)), int(c.rule.lost)
    shares = c.shares[:n]
    said = [f"{safe(name)} {share:.1f}" for name, share in zip(c.customers.names[:n], shares, strict=True)]
    colors = [ORANGE if place < lost else BLUE if place < c.key else QUIET for place in range(n)]
    drawn = spec(
        [rows([str(place + 1) for place in range(n)], shares, colors, 1, text=said)],
        _("The largest brings {share:.1f}%, the key accounts {all:.1f}%").format(
            share=c.shares[0], all=float(c.shares[: c.key].sum())
        ),
        _("Share of sales (%)"),
        _("Rank by sales"),
        height=420,
        xaxis_range=reach(shares),
        yaxis_autorange="reversed",
        yaxis_type="category",
    )
    alt = _("A bar a customer, the largest on top: orange is lost, blue is a key account, hatched gray is neither.")
    return Chart(drawn, alt, lambda: listed(c))


def listed(c: model.Concentration, n: int = TOP) -> pd.DataFrame:
    """Return the largest customers with sales, share, growth and our share of their purchases."""
    table = model.listing(c).head(n)
    columns = {
        _("Sales ({unit})").format(unit=money()): [shown(v / TEN_THOUSAND) for v in table["sales"]],
        _("Share (%)"): [shown(v) for v in table["share_pct"]],
        _(NC_("sales", "Growth (%)")): [shown(v) for v in table["growth_pct"]],
        _("Our share of its purchases (%)"): [shown(v, 0) for v in table["own_share_pct"]],
    }
    return pd.DataFrame(columns, index=pd.Index(list(table.index), name=_("Customer")))


def falls(c: model.Concentration) -> Chart:
    """Profit after the loss of none, one, two … of the largest customers."""
    names = [_("none lost"), *(_("{n} lost").format(n=n) for n in range(1, LOST))]
    profit = [(c.profit - c.loss(n)) / TEN_THOUSAND for n in range(LOST)]
    colors = [QUIET if n == 0 else ORANGE if n == int(c.rule.lost) else BLUE for n in range(LOST)]
    found, lost = model.headline(c), int(c.rule.lost)
    if c.profit > 0:
        title = _("Losing {n} takes {fall}% of the profit").format(n=lost, fall=shown(found["fall"]))
    else:
        then = shown(found["profit_then"] / TEN_THOUSAND)
        title = _("The profit is {now} now and {then} after losing {n}").format(now=shown(profit[0]), then=then, n=lost)
    drawn = spec(
        [rows(names, profit, colors)],
        title,
        _("Profit ({unit} a year)").format(unit=money()),
        "",
        xaxis_range=reach(profit),
        yaxis_autorange="reversed",
    )
    alt = _("A bar a number of customers lost, the largest first: hatched gray is now, orange the number set.")

    def table() -> pd.DataFrame:
        columns = {
            _("Profit ({unit})").format(unit=money()): [shown(v) for v in profit],
            _("Share of sales lost (%)"): [shown(float(c.shares[:n].sum()) * c.rule.part / 100) for n in range(LOST)],
        }
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Customers lost")))

    return Chart(drawn, alt, table)


def department(c: model.Concentration) -> Chart:
    """The net gain of a department by how much sales of key accounts rise, with its break-even."""
    rates = np.arange(-5, 21, 1.0)
    each = float(c.customers.contribution[: c.key].sum()) / 100
    net = (rates * each - c.rule.department) / TEN_THOUSAND
    even = c.rule.department / each if each > 0 else float("nan")
    line = {"type": "scatter", "mode": "lines", "x": rates.tolist(), "y": np.round(net, 3).tolist()}
    traces = [
        line | {"line": {"color": BLUE}, "name": _("net gain")},
        {
            "type": "scatter",
            "mode": "markers",
            "x": [c.rule.uplift],
            "y": [round((c.rule.uplift * each - c.rule.department) / TEN_THOUSAND, 3)],
            "marker": {"color": BLUE, "size": 12},
            "name": _("as set"),
        },
    ]
    if even <= rates[-1]:
        mark = {"color": ORANGE, "size": 12, "symbol": "diamond"}
        at = {"x": [round(even, 3)], "y": [0], "marker": mark, "name": _("break-even")}
        traces.append({"type": "scatter", "mode": "markers", **at})
    pays = _("it pays from {even}% more sales on") if each > 0 else _("more sales do not pay for it")
    title = _("{n} key accounts, a department above {enough:g}; {pays}").format(
        n=c.key, enough=c.rule.enough, pays=pays.format(even=shown(even))
    )
    drawn = spec(
        traces,
        title,
        _("Sales of key accounts rise by (%)"),
        _("Net gain ({unit} a year)").format(unit=money()),
        yaxis_zeroline=True,
    )
    alt = _("A rising line that crosses zero at the break-even, an orange diamond; the dot is the rise set.")

    def table() -> pd.DataFrame:
        index = pd.Index([f"{rate:g}" for rate in rates], name=_("Rise of sales (%)"))
        return pd.DataFrame({_("Net gain ({unit})").format(unit=money()): [shown(v) for v in net]}, index=index)

    return Chart(drawn, alt, table)


def advice(c: model.Concentration) -> pd.DataFrame:
    """Return the plan per account: each key account, its state, and what to begin with."""
    table = listed(c, c.key) if c.key else listed(c, 1).iloc[:0]
    return table.assign(**{_("Begin with"): [_(model.ADVICE[place]) for place in model.advice(c).tolist()]})


def counted(accounts: model.Accounts, rule: model.KeyRule) -> pd.DataFrame:
    """Return key figures of the concentration with accounts of one owner united and apart."""
    return model.STUDY.by_choice(accounts, rule, "unite", "key", "largest", "hhi")
