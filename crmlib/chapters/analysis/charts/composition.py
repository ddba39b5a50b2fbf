"""Charts and tables of the composition of sales."""

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.charts.names import TEN_THOUSAND, customers, percent, products, wan
from crmlib.chapters.analysis.models import composition as model
from crmlib.chapters.analysis.models.cube import KINDS, Cube, ratio
from crmlib.core.i18n import N_, _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, grid, money, spec

COUNTED = {
    "rows": (N_("rows of the cube"), N_("each a month, a customer and a product")),
    "returns": (N_("rows with net returns"), N_("negative; they reduce sales of their month")),
    "merged": (N_("customers taken over"), N_("count with the one they belong to, in both years")),
    "renamed": (N_("products renamed"), N_("count under the present number throughout")),
    "empty_months": (N_("months without sales"), N_("count as zero")),
}
ROWS = 10
"""So many customers are shown."""
BOUGHT, SPOT, EMPTY = "●", "○", "·"


def counted(cube: Cube) -> pd.DataFrame:
    """Return what is unusual in the data and what is done with it."""
    rows = [(_(what), cube.counted[name], _(done)) for name, (what, done) in COUNTED.items()]
    return pd.DataFrame(rows, columns=[_("What"), _("How many"), _("Treatment")]).set_index(_("What"))


def by_kind(c: model.Composition) -> Chart:
    """Sales by kind of customer, in percent."""
    shares = ratio(c.by_kind(), np.full(len(KINDS), c.sales.sum()))
    names = [_(name) for name in KINDS.values()]
    largest = int(np.nan_to_num(shares).argmax())
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(100 * float(v), 3) for v in np.nan_to_num(shares)],
        "text": [percent(v) for v in shares],
        **BESIDE_BARS,
        "marker": fill(BLUE),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    drawn = spec(
        [bars],
        _("{kind} bring {share} of sales").format(kind=names[largest].capitalize(), share=percent(shares[largest])),
        _("Share of sales (%)"),
        "",
        xaxis_range=[min(0, 100 * float(np.nan_to_num(shares).min())), 118],
        yaxis_autorange="reversed",
        height=260,
    )
    alt = _("A bar a kind of customer, as long as its share of sales.")
    return Chart(drawn, alt, lambda: kind_table(c))


def kind_table(c: model.Composition) -> pd.DataFrame:
    """Return customers, sales and share by kind of customer and by class."""
    kind, total = c.cube.kind[c.who], c.sales.sum()
    rows = {}
    groups = [(_(name), kind == k) for k, name in enumerate(KINDS.values())]
    groups += [(_("class {name}").format(name=name), c.classes == k) for k, name in enumerate(model.CLASSES)]
    for name, mine in groups:
        sold = float(c.sales[mine].sum())
        rows[name] = (int(mine.sum()), wan(sold), percent(float(ratio(sold, total))))
    columns = [_("Customers in number"), _("Sales (10,000 yuan)"), _("Share of sales")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Kind or class"))


def own_share(c: model.Composition) -> Chart:
    """Our share in the purchases of the customers that lack most yuan to the share aimed at."""
    order = np.argsort(-c.missing, kind="stable")[:ROWS]
    own, aim = np.nan_to_num(c.own[order]), np.nan_to_num(c.aim[order])
    names = customers(c.cube, c.who[order])
    both = (
        (_("ours"), 100 * own, BLUE, [f"{percent(c.own[k], 0)} · {wan(c.missing[k], 0)}" for k in order]),
        (_("aimed at"), 100 * aim, QUIET, [percent(c.aim[k], 0) for k in order]),
    )
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": names,
            "x": [round(float(v), 3) for v in values],
            "text": texts,
            **BESIDE_BARS,
            "marker": fill(color),
            "hovertemplate": "%{y}: %{text}<extra></extra>",
        }
        for name, values, color, texts in both
    ]
    drawn = spec(
        traces,
        _("{n} customers are below the share aimed at").format(n=int((c.missing > 0).sum())),
        _("Our share in their purchases (%) · missing ({unit})").format(unit=money()),
        "",
        xaxis_range=[0, 1.7 * max(10.0, 100 * float(own.max(initial=0)), 100 * float(aim.max(initial=0)))],
        yaxis_autorange="reversed",
        height=480,
    )
    alt = _(
        "Two bars a customer: our share in what it buys, and hatched the share aimed at. Those that lack most yuan "
        "stand on top; the number behind the dot is what is missing."
    )
    return Chart(drawn, alt, lambda: own_table(c))


def own_table(c: model.Composition) -> pd.DataFrame:
    """Return class, sales, our share, the share aimed at and what is missing, a row a customer, most missing first."""
    order = np.argsort(-c.missing, kind="stable")
    columns = {
        _("Class"): [model.CLASSES[k] for k in c.classes[order].tolist()],
        _("Sales (10,000 yuan)"): [wan(v) for v in c.sales[order]],
        _("Our share"): [percent(v) for v in c.own[order]],
        _("Aimed at"): [percent(v) for v in c.aim[order]],
        _("Missing (10,000 yuan)"): [wan(v) for v in c.missing[order]],
    }
    return pd.DataFrame(columns, index=pd.Index(customers(c.cube, c.who[order]), name=_("Customer")))


def plan(c: model.Composition) -> Chart:
    """How much of its plan each product attained."""
    at = [k for k in range(len(c.planned)) if c.planned[k] > 0]
    attained = ratio(c.by_product[at], c.planned[at])
    short = [v < 1 for v in attained.tolist()]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": products(c.cube, at),
        "x": [round(100 * float(v), 3) for v in attained],
        "text": [percent(v) for v in attained],
        **BESIDE_BARS,
        "marker": fill([ORANGE if s else BLUE for s in short]),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    line = {"type": "line", "yref": "paper", "x0": 100, "x1": 100, "y0": 0, "y1": 1, "line": {"dash": "dot"}}
    total = float(ratio(c.by_product.sum(), c.planned.sum()))
    drawn = spec(
        [bars],
        _("{n} of {all} products are short of their plan; in all {total}").format(
            n=sum(short), all=len(at), total=percent(total)
        ),
        _("Attained of the plan (%)"),
        "",
        shapes=[line],
        xaxis_range=[
            min(0, 100 * float(attained.min(initial=0))),
            1.5 * max(110, 100 * float(attained.max(initial=0))),
        ],
        yaxis_autorange="reversed",
        height=400,
    )
    alt = _("A bar a product; orange ones end before the dotted line, where the plan is just attained.")
    return Chart(drawn, alt, lambda: plan_table(c))


def plan_table(c: model.Composition) -> pd.DataFrame:
    """Return sales, share, plan and attainment of each product."""
    at = [k for k in range(len(c.planned)) if c.planned[k] > 0 or c.by_product[k]]
    sold, planned = c.by_product[at], c.planned[at]
    columns = {
        _("Sales (10,000 yuan)"): [wan(v) for v in sold],
        _("Share of sales"): [percent(float(ratio(v, c.by_product.sum()))) for v in sold],
        _("Plan (10,000 yuan)"): [wan(v) for v in planned],
        _("Attained of the plan"): [percent(v) for v in ratio(sold, planned)],
    }
    return pd.DataFrame(columns, index=pd.Index(products(c.cube, at), name=_("Product")))


def white_spots(c: model.Composition) -> Chart:
    """The customers with the largest potential by the products: bought, white spot, or neither."""
    order = np.argsort(-c.potential.sum(axis=1), kind="stable")[:ROWS]
    at = [k for k in range(c.grid.shape[1]) if (c.grid[:, k] > 0).any()]
    shades, texts = [], []
    for row in order.tolist():
        spots, bought = c.white[row, at], c.grid[row, at] > 0
        shades.append([0.6 if s else 0.2 if b else 0.0 for s, b in zip(spots, bought, strict=True)])
        texts.append([SPOT if s else BOUGHT if b else EMPTY for s, b in zip(spots, bought, strict=True)])
    ids = [str(c.cube.products[k]) for k in at]
    cells = grid(shades, texts, ids, customers(c.cube, c.who[order]), "%{y}, %{x}<extra></extra>")
    drawn = spec(
        [cells],
        _("{n} white spots worth {value} ({unit})").format(
            n=int(c.white.sum()), value=wan(float(c.potential.sum()), 0), unit=money()
        ),
        _("Product number"),
        "",
        yaxis_autorange="reversed",
        xaxis_tickangle=-60,
        height=380,
    )
    alt = _(
        "A grid of customers by products: a full dot is bought, a circle on dark ground a white spot that customers of "
        "its kind fill, a point neither. Those with the largest potential stand on top."
    )
    return Chart(drawn, alt, lambda: white_table(c))


def white_table(c: model.Composition) -> pd.DataFrame:
    """Return every white spot with its potential, the largest first."""
    places = sorted(np.argwhere(c.white).tolist(), key=lambda at: -c.potential[at[0], at[1]])
    who, what = customers(c.cube, [c.who[k] for k, _p in places]), products(c.cube, [p for _k, p in places])
    columns = {
        _("Product"): what,
        _("Potential (10,000 yuan)"): [f"{c.potential[k, p] / TEN_THOUSAND:,.1f}" for k, p in places],
    }
    return pd.DataFrame(columns, index=pd.Index(who, name=_("Customer")))
