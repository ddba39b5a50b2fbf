"""Charts and tables of the composition of sales."""

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.charts.names import customers, percent, products, wan
from crmlib.chapters.analysis.models import composition as model
from crmlib.chapters.analysis.models.cube import KINDS, Cube, fold
from crmlib.core.i18n import N_, _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Bools, Ints, ratio
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


def groups(c: model.Composition) -> dict[str, Bools]:
    """Return which customers are of each kind and of each class, under its name."""
    kind = c.cube.kind[c.who]
    found = {_(name): kind == k for k, name in enumerate(KINDS.values())}
    return found | {_("class {name}").format(name=name): c.classes == k for k, name in enumerate(model.CLASSES)}


def by_kind(c: model.Composition) -> Chart:
    """Sales by kind and by class of customer, in percent."""
    total, names = c.sales.sum(), list(groups(c))
    shares = np.array([float(ratio(c.sales[mine].sum(), total)) for mine in groups(c).values()])
    largest = int(np.nan_to_num(shares[: len(KINDS)]).argmax())
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(100 * float(v), 3) for v in np.nan_to_num(shares)],
        "text": [percent(v) for v in shares],
        **BESIDE_BARS,
        "marker": fill([BLUE] * len(KINDS) + [QUIET] * len(model.CLASSES)),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    drawn = spec(
        [bars],
        _("{kind} bring {share} of sales").format(kind=names[largest].capitalize(), share=percent(shares[largest])),
        _("Share of sales (%)"),
        "",
        xaxis_range=[min(0, 150 * float(np.nan_to_num(shares).min())), 125],
        yaxis_autorange="reversed",
    )
    alt = _("A bar a kind of customer, hatched ones a class, as long as its share of sales.")
    return Chart(drawn, alt, lambda: kind_table(c))


def kind_table(c: model.Composition) -> pd.DataFrame:
    """Return customers, sales and share by kind of customer and by class."""
    rows = {}
    for name, mine in groups(c).items():
        sold = float(c.sales[mine].sum())
        rows[name] = (int(mine.sum()), wan(sold), percent(float(ratio(sold, c.sales.sum()))))
    columns = [_("Customers in number"), _("Sales (10,000 yuan)"), _("Share of sales")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Kind or class"))


def largest(cube: Cube) -> Ints:
    """Return the places of the customers with the most sales in all years, whoever belongs to one counted with it."""
    total = fold(cube.bought.sum(axis=(1, 2)), cube.belongs, 0)
    return np.argsort(-total, kind="stable")[:ROWS]


def own_share(c: model.Composition) -> Chart:
    """Our share in the purchases of the largest customers against the share aimed at; they keep their places."""
    shown = largest(c.cube)
    place = {int(k): n for n, k in enumerate(c.who)}
    known = [place.get(int(k), -1) for k in shown]
    own, aim, missing = (
        np.array([values[n] if n >= 0 else np.nan for n in known]) for values in (c.own, c.aim, c.missing)
    )
    names = customers(c.cube, shown)
    ours = [f"{percent(a, 0)} · {wan(b, 0)}" if b > 0 else percent(a, 0) for a, b in zip(own, missing, strict=True)]
    both = (
        (_("ours"), 100 * np.nan_to_num(own), BLUE, ours),
        (_("aimed at"), 100 * np.nan_to_num(aim), QUIET, [percent(v, 0) for v in aim]),
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
        _("Our share (%) · missing ({unit})").format(unit=money()),
        "",
        xaxis_range=[0, 1.7 * max(10.0, 100 * float(np.nanmax([*own, *aim, 0.0])))],
        yaxis_autorange="reversed",
        height=480,
    )
    alt = _(
        "Two bars for each of the largest customers: our share in what it buys, and hatched the share aimed at. The "
        "number behind the dot is what is missing."
    )
    return Chart(drawn, alt, lambda: own_table(c))


def own_table(c: model.Composition) -> pd.DataFrame:
    """Return class, sales, growth, both shares, the aim and what is missing, a row a customer, most missing first."""
    order = np.argsort(-c.missing, kind="stable")
    columns = {
        _("Class"): [model.CLASSES[k] for k in c.classes[order].tolist()],
        _("Sales (10,000 yuan)"): [wan(v) for v in c.sales[order]],
        _("Growth"): [percent(v) for v in model.growth(c)[order]],
        _("Share in our sales"): [percent(v) for v in ratio(c.sales[order], np.full(len(order), c.sales.sum()))],
        _("Our share"): [percent(v) for v in c.own[order]],
        _("Aimed at"): [percent(v) for v in c.aim[order]],
        _("Missing (10,000 yuan)"): [wan(v) for v in c.missing[order]],
    }
    return pd.DataFrame(columns, index=pd.Index(customers(c.cube, c.who[order]), name=_("Customer")))


def plan(c: model.Composition) -> Chart:
    """How far each product is above or below its plan."""
    at = [k for k in range(len(c.planned)) if c.planned[k] > 0]
    over = [round(100 * float(v) - 100, 3) for v in ratio(c.by_product[at], c.planned[at])]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": products(c.cube, at),
        "x": over,
        "text": [f"{v:+.1f}" for v in over],
        **BESIDE_BARS,
        "marker": fill([ORANGE if v < 0 else BLUE for v in over]),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    reach = 1.8 * max([5.0, *map(abs, over)])
    total = float(ratio(c.by_product.sum(), c.planned.sum()))
    drawn = spec(
        [bars],
        _("{n} of {all} products are short of their plan; in all {total}").format(
            n=sum(v < 0 for v in over), all=len(at), total=percent(total)
        ),
        _("Above or below the plan (%)"),
        "",
        xaxis_range=[-reach, reach],
        yaxis_autorange="reversed",
        height=400,
    )
    alt = _("A bar a product: to the right and blue above its plan, to the left and orange below it.")
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
