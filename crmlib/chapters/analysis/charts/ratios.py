"""Charts and tables of the ratios of products."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.charts.names import percent, products, wan
from crmlib.chapters.analysis.models import ratios as model
from crmlib.chapters.analysis.models.cube import Cube
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, GREEN, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, money, named, spec

MARKS = {
    model.QUADRANTS[0]: (BLUE, "star"),
    model.QUADRANTS[1]: (GREEN, "circle"),
    model.QUADRANTS[2]: (ORANGE, "diamond"),
    model.QUADRANTS[3]: (QUIET, "square"),
}
"""Colour and symbol of each quadrant."""


def shown(name: str, value: float) -> str:
    """Return one of the six figures as text."""
    if name == "margin":
        return percent(value)
    return figure(value, 3 if name in ("contribution", "kpi") else 2)


def names(r: model.Ratios) -> list[str]:
    """Return the names of the products."""
    return products(r.cube, r.at)


def quadrant(r: model.Ratios) -> Chart:
    """Margin rate across, turnover upward, crossed at those of all products together."""
    label, field = names(r), model.quadrants(r)
    known = [k for k in np.argsort(-r.sales, kind="stable").tolist() if field[k] in MARKS]
    x = [round(100 * float(r.figures["margin"][k]), 3) for k in known]
    y = [round(float(r.figures["turnover"][k]), 3) for k in known]
    within = [min([0.0, *x]), 1.35 * max([1.0, *x])], [0.0, 1.15 * max([1.0, *y])]
    there = named(x, y, [label[k] for k in known], within)
    traces: list[dict[str, Any]] = []
    for name, (color, symbol) in MARKS.items():
        mine = [n for n, k in enumerate(known) if field[k] == name]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "name": _(name),
                "x": [x[n] for n in mine],
                "y": [y[n] for n in mine],
                **{part: [values[n] for n in mine] for part, values in there.items()},
                "cliponaxis": False,
                "marker": {"size": 12, "color": color, "symbol": symbol},
                "hovertemplate": _("%{customdata}: margin rate %{x:.1f}%, turnover %{y:.2f}") + "<extra></extra>",
            }
        )
    margin, turnover = model.overall(r)
    push = [label[k] for k in known if field[k] == model.QUADRANTS[0]]
    drawn = spec(
        traces,
        _("High margin and high turnover: {names}").format(names=_(", ").join(push) or "–"),
        _("Margin rate (%)"),
        _("Turnover (times a year)"),
        shapes=_cross(100 * margin, turnover),
        xaxis_range=within[0],
        yaxis_range=within[1],
        height=400,
    )
    alt = _(
        "A point a product: the further right, the higher its margin rate, the higher up, the faster it turns over. "
        "Dotted lines are all products together; stars are above both."
    )
    return Chart(drawn, alt, lambda: table(r))


def _cross(x: float, y: float) -> list[dict[str, Any]]:
    dotted = {"type": "line", "line": {"color": QUIET, "dash": "dot"}}
    lines = []
    if not np.isnan(x):
        lines.append(dotted | {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"})
    if not np.isnan(y):
        lines.append(dotted | {"x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y})
    return lines


def table(r: model.Ratios) -> pd.DataFrame:
    """Return sales, margin rate, turnover and what is made of them, a row a product."""
    columns = {_("Sales (10,000 yuan)"): [wan(v) for v in r.sales], _("Share of sales"): [percent(v) for v in r.share]}
    columns |= {_(label): [shown(name, v) for v in r.figures[name]] for name, label in model.RATIOS.items()}
    columns[_("Advice")] = [_(name) for name in model.quadrants(r)]
    return pd.DataFrame(columns, index=pd.Index(names(r), name=_("Product")))


def chosen(r: model.Ratios) -> Chart:
    """The ratio by which is chosen, a bar a product; the product chosen is orange."""
    values, label = r.figures[r.rule.push_by], names(r)
    factor = 100 if r.rule.push_by == "margin" else 1
    title = _("By the {ratio} the choice is {name}").format(
        ratio=_(model.RATIOS[r.rule.push_by]), name=label[r.pushed] if r.pushed >= 0 else "–"
    )
    axis = _("{ratio} (%)") if factor == 100 else "{ratio}"
    said = _("A bar a product, as long as the ratio; the product chosen is orange. A dash: no stock, or no sales.")
    return _bars(
        r,
        factor * np.nan_to_num(values),
        [shown(r.rule.push_by, v) for v in values],
        r.pushed,
        title,
        axis.format(ratio=_(model.RATIOS[r.rule.push_by])),
        said,
    )


def gains(r: model.Ratios) -> Chart:
    """What a push of each product would bring; the product chosen is orange."""
    label = names(r)
    best = label[r.best] if r.best >= 0 else "–"
    title = _("A push brings most with {name}").format(name=best)
    said = _("A bar a product, as long as a push of it brings in a year, costs paid; the product chosen is orange.")
    axis = _("Gain by a push ({unit})").format(unit=money())
    return _bars(
        r, np.nan_to_num(r.gain) / TEN_THOUSAND, [wan(v) for v in r.gain], r.pushed, title, axis, said, height=400
    )


def _bars(
    r: model.Ratios, values: Floats, texts: list[str], marked: int, title: str, axis: str, alt: str, height: int = 380
) -> Chart:
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names(r),
        "x": [round(float(v), 5) for v in values],
        "text": texts,
        **BESIDE_BARS,
        "marker": fill([ORANGE if k == marked else BLUE for k in range(len(values))]),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    high, low = max([0.0, *values.tolist()]), min([0.0, *values.tolist()])
    reach = max(high - low, 1e-6)
    drawn = spec(
        [bars],
        title,
        axis,
        "",
        xaxis_range=[low - 0.45 * reach if low < 0 else 0, high + 0.45 * reach],
        yaxis_autorange="reversed",
        height=height,
    )
    return Chart(drawn, alt, lambda: gain_table(r))


def gain_table(r: model.Ratios) -> pd.DataFrame:
    """Return the ratio by which is chosen and the gain of each product."""
    columns = {
        _(model.RATIOS[r.rule.push_by]): [shown(r.rule.push_by, v) for v in r.figures[r.rule.push_by]],
        _("Average stock (10,000 yuan)"): [wan(v) for v in r.stock],
        _("Gain by a push (10,000 yuan)"): [wan(v) for v in r.gain],
    }
    return pd.DataFrame(columns, index=pd.Index(names(r), name=_("Product")))


def winners(r: model.Ratios) -> pd.DataFrame:
    """Return which product each of the six figures names, and what a push of it brings by each kind of effect."""
    label, effects = names(r), _effects(r)
    rows = {}
    for name, said in model.RATIOS.items():
        k = model.highest(r.figures[name])
        got = [wan(values[k]) if k >= 0 else "–" for values in effects.values()]
        rows[_(said)] = [label[k] if k >= 0 else "–", shown(name, r.figures[name][k]) if k >= 0 else "–", *got]
    bests = [model.highest(values) for values in effects.values()]
    rows[_("largest gain")] = [
        "–",
        "–",
        *[f"{label[k]} {wan(v[k])}" for k, v in zip(bests, effects.values(), strict=True)],
    ]
    columns = [_("Product named"), _("Its figure"), *effects]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Chosen by"))


def _effects(r: model.Ratios) -> dict[str, Floats]:
    """Return the gain of each product by kind of effect, under what the table calls it."""
    how = r.rule.setting_of("effect")
    head = _("Gain (10,000 yuan) from {effect}")
    return {
        head.format(effect=how.shown(name)): model.gains(r.sales, r.cost, r.stock, r.rule.replace(effect=name))
        for name in how.choices
    }


def bases(cube: Cube) -> pd.DataFrame:
    """Return turnover and cross ratio of the products by the two bases and the two averages of stock."""
    columns: dict[str, list[str]] = {}
    held, by = model.RatioRule.setting_of("stock"), model.RatioRule.setting_of("basis")
    for stock in held.choices:
        for basis in by.choices:
            r = model.run(cube, model.RatioRule(stock=stock, basis=basis))  # type: ignore[arg-type]
            head = _("{basis}; {stock}").format(basis=by.shown(basis), stock=held.shown(stock))
            columns[head] = [figure(v) for v in r.figures["turnover"]]
    return pd.DataFrame(columns, index=pd.Index(names(r), name=_("Turnover")))


def example(sales: Floats, cost: Floats, stock: Floats) -> pd.DataFrame:
    """Return the ratios of a few products, a row each, in the order given."""
    found = model.ratios(sales, cost, stock)
    columns = {_(label): [f"{v:.3g}" for v in found[name]] for name, label in model.RATIOS.items()}
    return pd.DataFrame(columns, index=pd.Index(range(1, len(sales) + 1), name=_("Product")))
