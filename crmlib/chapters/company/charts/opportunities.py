"""Charts of the test of opportunities: what the entries are, what grew, win rates, salespeople."""

import math

import numpy as np
import pandas as pd

from crmlib.chapters.company.charts.common import across, tall
from crmlib.chapters.company.models import opportunities as model
from crmlib.core.i18n import NC_, _
from crmlib.plotting.template import BLUE, ORANGE, QUIET, TEAL, VIOLET
from crmlib.plotting.theme import BESIDE_BARS, Chart, bars, safe, spec

COLORS = {"counted": BLUE, "repeat": ORANGE, "late": VIOLET, "empty": QUIET, "small": TEAL}


def kinds(t: model.Tested) -> Chart:
    """What the entries of each year are taken for."""
    years = [str(year) for year in t.entries.years]
    counts = {kind: model.by_year(t, t.kind == kind) for kind in model.KINDS}
    traces = [bars(years, counts[kind], _(name), COLORS[kind]) for kind, name in model.KINDS.items()]
    whole = sum(counts[kind][1] for kind in model.KINDS)
    drawn = spec(
        traces,
        _("{n:.0f} of {whole:.0f} entries of {year} count").format(n=counts["counted"][1], whole=whole, year=years[1]),
        _("Year of entry"),
        _("Entries"),
        barmode="stack",
        xaxis_type="category",
    )
    alt = _("A bar a year in parts: what counts, repeats, entries with the contract, empty ones, small ones.")

    def table() -> pd.DataFrame:
        rows = [[f"{v:.0f}" for v in counts[kind]] for kind in model.KINDS]
        return pd.DataFrame(rows, columns=years, index=pd.Index([_(n) for n in model.KINDS.values()], name=_("Kind")))

    return Chart(drawn, alt, table)


def grown(t: model.Tested) -> Chart:
    """By how much entries, counted ones, won ones and the amount won grew."""
    facts = model.headline(t)
    names = [_("entered"), _("counted"), _("orders won"), _("amount won")]
    values = [facts[key] for key in ("entered", "counted", "won", "amount")]
    plain = np.nan_to_num(values)
    reach = 1.45 * max(10.0, float(np.abs(plain).max()))
    drawn = spec(
        [across(names, plain.tolist(), "", [QUIET, BLUE, BLUE, BLUE], "%{x:+.0f}%")],
        _("Entered {entered:+.0f}%, won {won:+.0f}%").format(entered=plain[0], won=plain[2]),
        _("Growth over the year before (%)"),
        "",
        xaxis_range=[-reach if plain.min() < 0 else 0, reach],
        showlegend=False,
        **tall(len(names)),
    )
    alt = _("Four bars of growth: all entries in hatched gray, then what counts, what was won, and the amount won.")

    def table() -> pd.DataFrame:
        found = model.steps(t)
        columns = {str(year): [f"{v:,.0f}" for v in found[year]] for year in found}
        head = [_("entered"), _("with time to be won"), _("counted"), _("orders won"), _("amount won (10,000 yuan)")]
        return pd.DataFrame(columns, index=pd.Index(head, name=_("Step")))

    return Chart(drawn, alt, table)


def rates(t: model.Tested) -> Chart:
    """The win rates of both years; the interval of their difference is in the title."""
    facts = model.headline(t)
    years = [str(year) for year in t.entries.years]
    values = np.nan_to_num([facts["rate_before"], facts["rate_now"]])
    low, high = facts["low"], facts["high"]
    if math.isnan(low):
        title = _("There is no win rate to compare")
    elif low <= 0 <= high:
        title = _("Change between {low:+.0f} and {high:+.0f} points: it may be zero")
    else:
        title = _("Change between {low:+.0f} and {high:+.0f} points: not zero")
    drawn = spec(
        [bars(years, values, color=[QUIET, BLUE], texttemplate="%{y:.1f}", **BESIDE_BARS)],
        title.format(low=low, high=high),
        _("Year of entry"),
        _("Win rate (%)"),
        yaxis_range=[0, 1.3 * max(5.0, float(values.max()))],
        xaxis_type="category",
        showlegend=False,
    )
    alt = _("Two bars: the share of counted entries that was won within the window, the year before and the latest.")
    table = pd.DataFrame(
        {_("Win rate (%)"): [f"{v:.1f}" for v in values]}, index=pd.Index(years, name=_("Year of entry"))
    )
    return Chart(drawn, alt, lambda: table)


def people(t: model.Tested) -> Chart:
    """Each salesperson's entries of the latest year, and those that count."""
    e, n = t.entries, len(t.entries.people)
    latest = e.late_year
    entered = np.bincount(e.seller[latest], minlength=n)
    counted = np.bincount(e.seller[latest & (t.kind == "counted")], minlength=n)
    names = [safe(name) for name in e.people]
    k = int(np.argmax(entered - counted))
    drawn = spec(
        [across(names, entered.tolist(), _("entered"), QUIET), across(names, counted.tolist(), _("counted"), BLUE)],
        _("{name} enters {entered}, of which {counted} count").format(
            name=names[k], entered=entered[k], counted=counted[k]
        ),
        _("Entries of {year}").format(year=e.years[1]),
        "",
        **tall(n, 30),
    )
    alt = _("Two bars a salesperson: hatched gray what was entered in the latest year, blue what counts.")

    def table() -> pd.DataFrame:
        columns = {_("Entered"): entered, _(NC_("opportunity", "Counted")): counted}
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Salesperson")))

    return Chart(drawn, alt, table)
