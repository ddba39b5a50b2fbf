"""Charts of the five discounts."""

import pandas as pd

from crmlib.chapters.distributors.models import discounts as model
from crmlib.core.i18n import _
from crmlib.formulas.discount import annual_cost
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, fill, spec


def waterfall(b: model.Bill) -> Chart:
    """From list price to net price, a discount a step."""
    names = [_("list price"), *[_(kind) for kind in model.KINDS], _("net price")]
    trace = {
        "type": "waterfall",
        "orientation": "h",
        "y": names,
        "x": [round(b.gross, 2), *[-round(t, 2) for t in b.taken], 0],
        "measure": ["absolute", *["relative"] * len(b.taken), "total"],
        "text": [f"{b.gross:,.0f}", *[f"−{t:,.0f}" if t else "0" for t in b.taken], f"{b.net:,.0f}"],
        "textposition": "outside",
        "cliponaxis": False,
        "connector": {"visible": False},
        "decreasing": {"marker": {"color": ORANGE}},
        "totals": {"marker": {"color": BLUE}},
        "increasing": {"marker": {"color": BLUE}},
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    title = _("The distributor pays {share:.1f}% of the list price").format(share=100 * b.net / b.gross)
    reversed_range = {"yaxis_autorange": "reversed", "xaxis_range": [0, 1.6 * b.gross]}
    figure = spec([trace], title, _("Yuan"), "", showlegend=False, height=340, **reversed_range)
    alt = _("From the list price on top, discount by discount in orange, to the net price below.")

    def table() -> pd.DataFrame:
        steps = model.steps(b)
        columns = {_("Taken off (yuan)"): steps["taken"].round(2), _("Left (yuan)"): steps["left"].round(2)}
        return pd.DataFrame(columns).set_index(pd.Index([_(k) for k in steps.index], name=_("Discount")))

    return Chart(figure, alt, table)


def forgoing(b: model.Bill) -> Chart:
    """The yearly cost of forgoing the cash discount, by the conventions that books use."""
    t = b.terms
    ways = [(year, compound) for compound in (False, True) for year in (360, 365)]
    names = [
        _("{year} days, compound").format(year=year) if compound else _("{year} days, simple").format(year=year)
        for year, compound in ways
    ]
    costs = [100 * annual_cost(t.cash_rate / 100, t.cash_days, t.net_days, *way) for way in ways]
    chosen = ways.index((int(t.year), t.compound))
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(c, 4) for c in costs],
        "text": [f"{c:.2f}%" for c in costs],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": fill([BLUE if i == chosen else QUIET for i in range(len(ways))]),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    title = _("Forgoing {rate:g}/{cash} net {net} costs {cost:.2f}% a year")
    figure = spec(
        [trace],
        title.format(rate=t.cash_rate, cash=t.cash_days, net=t.net_days, cost=costs[chosen]),
        _("Cost (% a year); blue: the convention chosen"),
        "",
        showlegend=False,
        xaxis_range=[0, 1.6 * max(*costs, 0.1)],
        yaxis_autorange="reversed",
        height=340,
    )
    alt = _("The yearly cost of forgoing the cash discount; the convention chosen is blue, the others hatched gray.")

    def table() -> pd.DataFrame:
        return pd.DataFrame(
            {_("Cost (% a year)"): [round(c, 2) for c in costs]}, index=pd.Index(names, name=_("Convention"))
        )

    return Chart(figure, alt, table)
