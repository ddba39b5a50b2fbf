"""Charts of receivables: ageing, roll rates, DSO, warning line, and the queue of calls."""

import math
from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.credit.models import receivables as model
from crmlib.chapters.credit.models.ageing import BANDS, AgeingRule
from crmlib.core.figures import figure
from crmlib.core.i18n import _, ngettext
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, GREEN, ORANGE, QUIET, VIOLET
from crmlib.plotting.theme import BESIDE_BARS, Chart, bars, matrix, money, spec

MOST_CALLS = 300


def ageing(r: model.Receivables) -> Chart:
    """Receivables by band of age at both dates."""
    dates = r.ledger.opening.label, r.ledger.closing.label
    before, now = r.before / TEN_THOUSAND, r.now / TEN_THOUSAND
    total = now.sum()
    share = now[1:].sum() / total if total > 0 else math.nan
    aged = _("Days past the due date") if r.rule.age_from == "due" else _("Days since the invoice date")
    said = _("{share:.1%} of the receivables are more than 0 days old")
    if r.rule.age_from == "due":
        said = _("{share:.1%} of the receivables are overdue")
    if math.isnan(share):
        said = _("No receivables are open on {date}")
    drawn = spec(
        [bars(BANDS, before, dates[0], QUIET), bars(BANDS, now, dates[1], BLUE)],
        said.format(share=share, date=dates[1]),
        aged,
        _("Receivables ({unit})").format(unit=money()),
    )
    alt = _("Two bars a band of age: hatched gray at {opening}, blue at {closing}.").format(
        opening=dates[0], closing=dates[1]
    )

    def table() -> pd.DataFrame:
        columns = {dates[0]: before.round(1), dates[1]: now.round(1), _("Provision (%)"): 100 * r.rule.rates()}
        return pd.DataFrame(columns, index=pd.Index(BANDS, name=aged))

    return Chart(drawn, alt, table)


def rolled(r: model.Receivables) -> Chart:
    """Where the invoices open at the first date went."""
    cells, names = r.rolled / TEN_THOUSAND, [*BANDS, _("paid")]
    rates = model.roll_rates(r.rolled)
    drawn = spec(
        [matrix(np.round(cells), BANDS, names, _("from %{y} to %{x}: %{customdata:,}") + "<extra></extra>")],
        _youngest(r.rule, rates, r.ledger.opening.label),
        _("At {date} (days)").format(date=r.ledger.closing.label),
        _("At {date} (days)").format(date=r.ledger.opening.label),
        yaxis_autorange="reversed",
        yaxis_type="category",
        xaxis_type="category",
    )
    alt = _("Grid of amounts by band at the first date (rows) and at the second date (columns), the last column paid.")

    def table() -> pd.DataFrame:
        found = pd.DataFrame(cells.round(1), columns=names, index=pd.Index(BANDS, name=_("from \\ to")))
        shown = ["–" if math.isnan(rate) else f"{rate:.1%}" for rate in rates]
        return found.assign(**{_("Roll rate"): [*shown, "–"]})

    return Chart(drawn, alt, table)


def _youngest(rule: AgeingRule, rates: Floats, date: str) -> str:
    """Return what became of the youngest band in which anything was open."""
    known = np.flatnonzero(~np.isnan(rates))
    if not len(known):
        return _("Nothing was open on {date}").format(date=date)
    band, share = int(known[0]), float(rates[known[0]])
    if band == 0 and rule.age_from == "due":
        return _("{share:.1%} of what was not due has become overdue").format(share=share)
    return _("{share:.1%} of what was {band} days old has moved to an older band").format(share=share, band=BANDS[band])


def dso(r: model.Receivables) -> Chart:
    """DSO by sales and by count-back at both dates."""
    names = [_("by sales"), _("by count-back")]
    values = [[pair[n] for pair in (r.dso, r.counted_back)] for n in (0, 1)]
    dates = r.ledger.opening.label, r.ledger.closing.label
    shown = {"texttemplate": "%{y:.1f}", **BESIDE_BARS}
    traces = [bars(names, np.nan_to_num(values[n]), dates[n], (QUIET, BLUE)[n], **shown) for n in (0, 1)]
    title = _("Money is out for {first:.0f} days by sales, {second:.0f} by count-back")
    if math.isnan(values[1][0]):
        title = _("There are no sales to measure the receivables by")
    elif math.isnan(values[1][1]):
        title = _("Receivables are {first:.0f} days of sales, and more than the sales of all the months given")
    drawn = spec(
        traces,
        title.format(first=values[1][0], second=values[1][1]),
        _("Way of computing DSO"),
        _("DSO (days)"),
        yaxis_range=[0, 1.2 * max(float(np.nan_to_num(values).max()), 1.0)],
    )
    alt = _("Two pairs of bars: hatched gray at {opening}, blue at {closing}.").format(
        opening=dates[0], closing=dates[1]
    )

    def table() -> pd.DataFrame:
        text = [[figure(v, 1) for v in row] for row in values]
        return pd.DataFrame(dict(zip(dates, text, strict=True)), index=pd.Index(names, name=_("DSO (days)")))

    return Chart(drawn, alt, table)


def line(r: model.Receivables) -> Chart:
    """The receivables beside the warning line."""
    total, most = r.now.sum() / TEN_THOUSAND, r.rule.warning_line / 100 * r.rule.assets
    names = [_("receivables"), _("warning line")]
    above = total > most
    trace = bars([], [], color=[ORANGE if above else BLUE, QUIET]) | {
        "orientation": "h",
        "y": names,
        "x": [round(float(total), 2), round(most, 2)],
        "texttemplate": "%{x:,.0f}",
        **BESIDE_BARS,
    }
    title = (
        _("Receivables are {share:.1f}% of the assets: above the line")
        if above
        else _("Receivables are {share:.1f}% of the assets: below the line")
    )
    drawn = spec(
        [trace],
        title.format(share=100 * total / r.rule.assets),
        _("Amount ({unit})").format(unit=money()),
        "",
        showlegend=False,
        height=220,
        xaxis_range=[min(0.0, 1.3 * float(total)), 1.5 * max(float(total), most)],
    )
    alt = _("Two bars; the receivables are orange where they are above the warning line.")

    def table() -> pd.DataFrame:
        columns = {_("Amount ({unit})").format(unit=money()): np.round([total, most]).astype(int)}
        return pd.DataFrame(columns, index=pd.Index(names, name=_("What")))

    return Chart(drawn, alt, table)


def queue(r: model.Receivables) -> Chart:
    """What the calls bring in, one after the other, in three orders."""
    orders = {
        "expected": (_("most money per call"), BLUE, "solid"),
        "amount": (_("most overdue"), GREEN, "dash"),
        "oldest": (_("oldest debt"), VIOLET, "dot"),
    }
    gains = {name: _cumulated(r, name) for name in orders}
    longest = len(gains["expected"])
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": list(range(longest)), "y": gains[name].round(2).tolist()}
        | {"name": label, "line": {"color": color, "dash": dash}}
        for name, (label, color, dash) in orders.items()
    ]
    made = min(r.rule.calls, longest - 1)
    got = float(gains[r.rule.order][made])
    mark = {"x": [made], "y": [round(got, 2)], "marker": {"color": ORANGE, "size": 12}, "name": _("calls made")}
    traces.append({"type": "scatter", "mode": "markers", **mark})
    drawn = spec(
        traces,
        ngettext("{n:,} call brings in {got:,.0f} ({unit})", "{n:,} calls bring in {got:,.0f} ({unit})", made).format(
            n=made, got=got, unit=money()
        ),
        _("Customers called"),
        _("Brought in ({unit})").format(unit=money()),
    )
    alt = _("Three rising lines, one an order of the calls; the dot is the number of calls that can be made.")

    def table() -> pd.DataFrame:
        at = np.unique(np.linspace(0, longest - 1, 7).astype(int))
        columns = {label: gains[name][at].round(1) for name, (label, _color, _dash) in orders.items()}
        return pd.DataFrame(columns, index=pd.Index(at, name=_("Customers called")))

    return Chart(drawn, alt, table)


def _cumulated(r: model.Receivables, order: str) -> Floats:
    """Return what 0, 1, 2 … calls bring in, in 万元."""
    places = model.call_order(r.overdue, r.rule, order)[:MOST_CALLS]
    return np.concatenate([[0.0], np.cumsum(r.overdue[places] @ r.rule.uplift()) / TEN_THOUSAND])


def calls(r: model.Receivables, most: int = 6) -> pd.DataFrame:
    """Return the first customers to call."""
    found = model.listing(r).head(most)
    columns = {
        _("Overdue (yuan)"): found["overdue"].round(0).astype(int),
        _("Of this more than 90 days"): (found["91–180"] + found["> 180"]).round(0).astype(int),
        _("A call brings in (yuan)"): found["expected"].round(0).astype(int),
    }
    return pd.DataFrame(columns).rename_axis(_("Customer"))
