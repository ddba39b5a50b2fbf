"""Charts of the four measures: scores, points of each measure, places by score and by volume."""

import numpy as np
import pandas as pd

from crmlib.chapters.company.charts.common import across, tall
from crmlib.chapters.company.models import performance as model
from crmlib.core.figures import figure
from crmlib.core.i18n import N_, _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, grid, named, safe, spec

SHORT = {
    "turnover": N_("turnover"),
    "profit": N_("profit rate"),
    "satisfaction": N_("satisfied"),
    "share": N_("our share"),
    "volume": N_("sales volume"),
}


def scores(a: model.Appraisal) -> Chart:
    """The score of each salesperson beside the points that volume alone would give."""
    names = [safe(name) for name in a.customers.people]
    volume, score = np.nan_to_num(a.points[:, 4]), np.nan_to_num(a.score)
    leader = int(np.argmax(a.values[:, 4]))
    place = model.places(a.score)[leader]
    drawn = spec(
        [
            across(names, volume.tolist(), _("by volume alone"), QUIET),
            across(names, score.tolist(), _("by the measures"), BLUE),
        ],
        _("{name} sells most and has place {place} of {n}").format(name=names[leader], place=place, n=len(names)),
        _("Points (0 to 100)"),
        "",
        xaxis_range=[0, 100],
        **tall(len(names), 30),
    )
    alt = _("Two bars a salesperson: hatched gray the points of sales volume, blue the score of the weighed measures.")
    return Chart(drawn, alt, lambda: table(a))


def table(a: model.Appraisal) -> pd.DataFrame:
    """Return the measures, the score and both places of each salesperson as a reader sees them."""
    found = model.listing(a)
    digits = {"turnover": 2, "profit": 1, "satisfaction": 1, "share": 1, "volume": 0, "score": 1}
    shown = {name: [figure(v, k) for v in found[name]] for name, k in digits.items()}
    columns = {
        **{_(SHORT[name]): shown[name] for name in SHORT},
        _("weighed score"): shown["score"],
        _("place"): found["place"].tolist(),
        _("place by volume"): found["place_by_volume"].tolist(),
    }
    return pd.DataFrame(columns, index=pd.Index(found.index, name=_("Salesperson")))


def points(a: model.Appraisal) -> Chart:
    """The points of each salesperson in each measure."""
    rows, columns = [safe(name) for name in a.customers.people], [_(name) for name in SHORT.values()]
    known = np.nan_to_num(a.points)
    shades = [[float(np.ceil(v / 20) / 5) for v in row] for row in known]
    texts = [[figure(v, 0) for v in row] for row in a.points]
    best = [rows[int(np.argmax(column))] for column in known.T]
    drawn = spec(
        [grid(shades, texts, columns, rows, "%{y}, %{x}: %{text}<extra></extra>")],
        _("Best in turnover {one}, in share {other}").format(one=best[0], other=best[3]),
        _("Measure of performance"),
        "",
        yaxis_type="category",
        **tall(len(rows), 26),
    )
    alt = _("A cell a salesperson and measure: 100 points for the most, 0 for the least of all salespeople.")

    def values() -> pd.DataFrame:
        return pd.DataFrame(texts, columns=columns, index=pd.Index(rows, name=_("Salesperson")))

    return Chart(drawn, alt, values)


def moved(a: model.Appraisal) -> Chart:
    """Place by volume against place by score: above the line a salesperson gains."""
    old, new = model.places(a.values[:, 4]).tolist(), model.places(a.score).tolist()
    names = [safe(name) for name in a.customers.people]
    n = len(names)
    within = (-0.8, n + 1.8)
    far = [abs(o - k) >= 3 for o, k in zip(old, new, strict=True)]
    dots = {
        "type": "scatter",
        "mode": "markers+text",
        "x": old,
        "y": new,
        "marker": {
            "color": [ORANGE if one else BLUE for one in far],
            "symbol": ["diamond" if one else "circle" for one in far],
            "size": 11,
        },
        "hovertemplate": "%{customdata}: %{x} → %{y}<extra></extra>",
        **named(old, [n + 1 - k for k in new], names, (within, within)),
    }
    same = {"type": "scatter", "mode": "lines", "x": [1, n], "y": [1, n], "line": {"color": QUIET, "dash": "dot"}}
    drawn = spec(
        [same | {"hoverinfo": "skip"}, dots],
        _("{n} salespeople move three places or more").format(n=sum(far)),
        _("Place by sales volume"),
        _("Place by the measures"),
        xaxis_range=list(within),
        yaxis_range=list(within)[::-1],
        showlegend=False,
    )
    alt = _("A dot a salesperson; on the dotted line both places agree. Orange dots move three places or more.")
    return Chart(drawn, alt, lambda: table(a)[[_("place by volume"), _("place")]])


def known(customers: model.Customers) -> pd.DataFrame:
    """Return of how many customers each measure is known, and why not of the others."""
    c, n = customers, len(customers.billed)
    rows = {
        _("stock turnover"): (c.stock, _("not told, or a stock of zero ({n})").format(n=c.no_stock)),
        _("profit rate"): (c.profit, _("not told")),
        _("satisfaction"): (c.satisfaction, _("not asked, or no answer")),
        _("our share"): (c.purchases, _("not told, or billed more than bought ({n})").format(n=c.impossible)),
    }
    counts = [int((~np.isnan(values)).sum()) for values, _why in rows.values()]
    columns = {
        _("Known"): counts,
        _("Unknown"): [n - count for count in counts],
        _("Why unknown"): [why for _values, why in rows.values()],
    }
    return pd.DataFrame(columns, index=pd.Index(list(rows), name=_("Measure of performance")))
