"""Charts and tables of RFM: the grid of recency and frequency, the eleven segments, the ways to treat ties."""

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import rfm as model
from crmlib.chapters.customer_value.models.shop import Shop
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, matrix, spec

SCORES = ("1", "2", "3", "4", "5")


def grid(r: model.Rfm) -> Chart:
    """How many customers have each score of recency and frequency."""
    counts = np.zeros((5, 5), dtype=np.int64)
    np.add.at(counts, (r.scores[:, 0] - 1, r.scores[:, 1] - 1), 1)
    once = int((r.values[:, 1] == 1).sum())
    hover = _("R %{y}, F %{x}: %{customdata} customers<extra></extra>")
    drawn = spec(
        [matrix(counts, SCORES, SCORES, hover)],
        _("{once:,} of {n:,} customers bought once").format(once=once, n=len(r.ids)),
        _("Score of frequency F"),
        _("Score of recency R"),
        xaxis_type="category",
        yaxis_type="category",
    )
    alt = _("Five by five cells with numbers of customers; the best are at the top on the right.")

    def table() -> pd.DataFrame:
        columns = {f"F {k}": counts[:, k - 1] for k in range(1, 6)}
        return pd.DataFrame(columns, index=pd.Index([f"R {k}" for k in range(1, 6)], name=_("Score of recency R")))

    return Chart(drawn, alt, table)


def segments(r: model.Rfm) -> Chart:
    """Each segment's share of customers and of sales."""
    table = model.by_segment(r)
    names = [_(name) for name in table.index]
    traces = []
    for column, label, color in (("share", _("of customers"), QUIET), ("sales", _("of sales"), BLUE)):
        values: Floats = table[column].to_numpy(float)
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": values.round(2).tolist(),
                "name": label,
                "text": [f"{v:.1f}" for v in values],
                **BESIDE_BARS,
                "marker": fill(color),
                "hovertemplate": "%{y}: %{x:.1f}%<extra></extra>",
            }
        )
    first = table.iloc[0]
    drawn = spec(
        traces,
        _("Champions: {share:.1f}% of customers, {sales:.1f}% of sales").format(
            share=first["share"], sales=first["sales"]
        ),
        _("Share (%)"),
        "",
        xaxis_range=[0, max(1.45 * float(table[["share", "sales"]].to_numpy().max()), 10)],
        yaxis_autorange="reversed",
        height=560,
    )
    alt = _("Two bars a segment: its share of customers, hatched, and its share of sales.")
    return Chart(drawn, alt, lambda: segment_table(r))


def segment_table(r: model.Rfm) -> pd.DataFrame:
    """Return customers, share of customers and share of sales by segment."""
    table = model.by_segment(r)
    columns = {
        _("Customers"): [f"{n:,}" for n in table["customers"]],
        _("of customers (%)"): [f"{v:.1f}" for v in table["share"]],
        _("of sales (%)"): [f"{v:.1f}" for v in table["sales"]],
    }
    return pd.DataFrame(columns, index=pd.Index([_(name) for name in table.index], name=_("Segment")))


def weighted(r: model.Rfm) -> Chart:
    """How many customers have each weighted score, in steps of half a point."""
    ends = np.arange(1.0, 5.5, 0.5)
    place = np.clip(np.searchsorted(ends, r.weighted + 1e-9, "right") - 1, 0, len(ends) - 1)
    n = np.bincount(place, minlength=len(ends))
    names = [f"{v:.1f}" for v in ends]
    colors = [ORANGE if v < 2 else BLUE for v in ends]
    bars = {"type": "bar", "x": names, "y": n.tolist(), "marker": fill(colors), "text": [f"{v:,}" for v in n]}
    drawn = spec(
        [bars | dict(BESIDE_BARS)],
        _("Weighted score below 2: {n:,} customers").format(n=int(n[:2].sum())),
        _("Weighted score, from"),
        _("Customers"),
        xaxis_type="category",
        yaxis_range=[0, 1.25 * max(float(n.max()), 1)],
    )
    alt = _("A bar for each half point of the weighted score, 5 being the best; orange bars are below 2.")
    table = pd.DataFrame({_("Customers"): [f"{v:,}" for v in n]}, index=pd.Index(names, name=_("Weighted score, from")))
    return Chart(drawn, alt, lambda: table)


def ties(shop: Shop) -> pd.DataFrame:
    """Return how many customers get each score of frequency by each convention for ties."""
    how = model.RfmRule.setting_of("ties")
    rows = {}
    for name in how.choices:
        r = model.score(shop, model.RfmRule(ties=name))  # type: ignore[arg-type]
        rows[how.shown(name)] = [f"{n:,}" for n in np.bincount(r.scores[:, 1], minlength=6)[1:]]
    columns = [f"F {k}" for k in range(1, 6)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Equal values share"))


def layout() -> pd.DataFrame:
    """Return the segment of each pair of scores: recency down, frequency and money together across."""
    cells = {f"FM {k + 1}": [_(model.SEGMENTS[place]) for place in model.GRID[::-1, k]] for k in range(5)}
    return pd.DataFrame(cells, index=pd.Index([f"R {k}" for k in range(5, 0, -1)], name=_("Score of recency R")))


def gaps(shop: Shop) -> pd.DataFrame:
    """Return what is awkward in the shop's data, how often, and what is done about it."""
    c = {name: f"{n:,}" for name, n in shop.counts.items()}
    rows = [
        (_("goods sent back"), c["returns"], _("taken off the amount, no purchase")),
        (_("gift cards bought"), c["cards"], _("no purchase until they are used")),
        (_("orders paid with a gift card"), c["paid_by_card"], _("a purchase on that day")),
        (_("customers who bought gift cards only"), c["only_cards"], _("no buyer, not scored")),
        (_("customers with a second account since the move"), c["two_accounts"], _("joined by the customer number")),
        (_("wholesalers"), c["wholesale"], _("set apart unless asked for")),
        (_("customers who agreed to no messages"), c["no_consent"], _("scored, not written to")),
    ]
    columns = [_("What"), _("How many"), _("Treatment")]
    return pd.DataFrame(rows, columns=columns).set_index(_("What"))
