"""Charts and tables of price, volume and mix."""

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.charts.names import products, wan
from crmlib.chapters.analysis.models import change as model
from crmlib.core.figures import minus
from crmlib.core.i18n import N_, _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, GREEN, ORANGE
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, money, spec

PARTS = {
    "volume": N_("volume"),
    "mix": N_("mix"),
    "price": N_("price"),
    "cost": N_("unit cost"),
    "joint": N_("price × quantity"),
    "new": N_("new products"),
    "dropped": N_("given up"),
}


def used(c: model.Change) -> list[str]:
    """Return the parts that this way of splitting knows."""
    idle = {"cost"} if c.rule.measure == "sales" else set()
    return [name for name in model.PARTS if name not in idle and (name != "joint" or c.rule.joint == "apart")]


def waterfall(c: model.Change) -> Chart:
    """From the year before to the last year, a part of the change a step."""
    steps = {name: c.parts[name] / TEN_THOUSAND for name in used(c)}
    before, now = c.before / TEN_THOUSAND, c.now / TEN_THOUSAND
    levels = np.cumsum([before, *steps.values()])
    low, high = min(*levels, now), max(*levels, now)
    room = max(high - low, 1.0)
    trace = {
        "type": "waterfall",
        "orientation": "h",
        "y": [_("year before"), *[_(PARTS[name]) for name in steps], _("last year")],
        "x": [round(before, 2), *[round(v, 2) for v in steps.values()], 0],
        "measure": ["absolute", *["relative"] * len(steps), "total"],
        "text": [wan(c.before, 0), *[_signed(v) for v in steps.values()], wan(c.now, 0)],
        "textposition": "outside",
        "cliponaxis": False,
        "connector": {"visible": False},
        "increasing": {"marker": {"color": GREEN}},
        "decreasing": {"marker": {"color": ORANGE}},
        "totals": {"marker": {"color": BLUE}},
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    what = c.rule.setting_of("measure").shown(c.rule.measure)
    unit = money().capitalize()
    start = 0.0 if low - room <= 0 else low - 0.6 * room
    drawn = spec(
        [trace],
        _("{what}: {change} ({unit}) from year to year").format(
            what=what.capitalize(), change=_signed(now - before), unit=money()
        ),
        _("{unit}; the axis does not begin at zero").format(unit=unit) if start else unit,
        "",
        showlegend=False,
        height=340,
        yaxis_autorange="reversed",
        xaxis_range=[start, high + 0.9 * room],
    )
    alt = _(
        "From the year before on top to the last year below, a step a part: green to the right adds, orange to the "
        "left takes away. The axis need not begin at zero."
    )
    return Chart(drawn, alt, lambda: parts_table(c))


def _signed(value: float) -> str:
    return minus(f"{value:+,.1f}")


def parts_table(c: model.Change) -> pd.DataFrame:
    """Return each part of the change in 10,000 yuan and in percent of the year before."""
    parts = {_(PARTS[name]): c.parts[name] for name in used(c)} | {_("change in all"): c.now - c.before}
    share = [minus(f"{100 * v / c.before:+.2f}%") if c.before > 0 else "–" for v in parts.values()]
    columns = {_("10,000 yuan"): [_signed(v / TEN_THOUSAND) for v in parts.values()], _("Of the year before"): share}
    return pd.DataFrame(columns, index=pd.Index(list(parts), name=_("Part of the change")))


def by_product(c: model.Change) -> Chart:
    """The change of each product, up or down; a number that was given up for another one stands at zero."""
    total = c.by.sum(axis=0) / TEN_THOUSAND
    at, most = range(len(total)), int(np.abs(total).argmax())
    values = [round(float(v), 3) for v in total]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": products(c.cube, at),
        "x": values,
        "text": [_signed(v) for v in values],
        **BESIDE_BARS,
        "marker": fill([ORANGE if v < 0 else BLUE for v in values]),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    reach = 2.1 * max([1.0, *map(abs, values)])
    drawn = spec(
        [bars],
        _("The largest change: {name}").format(name=products(c.cube, [most])[0]),
        _("Change on the year before ({unit})").format(unit=money()),
        "",
        xaxis_range=[-reach, reach],
        yaxis_autorange="reversed",
        height=420,
    )
    alt = _("A bar a product, to the right and blue where it grew, to the left and orange where it fell.")
    return Chart(drawn, alt, lambda: product_table(c))


def product_table(c: model.Change) -> pd.DataFrame:
    """Return the parts of the change of each product, 10,000 yuan."""
    at = [k for k in range(c.by.shape[1]) if c.by[:, k].any()]
    order = {name: place for place, name in enumerate(model.PARTS)}
    columns = {_(PARTS[name]): [_signed(v / TEN_THOUSAND) for v in c.by[order[name], at]] for name in used(c)}
    return pd.DataFrame(columns, index=pd.Index(products(c.cube, at), name=_("Product")))


def example(parts: Floats) -> pd.DataFrame:
    """Return volume, mix and price of a few products (parts × products) and their sums."""
    rows = {_(PARTS[name]): [*row.tolist(), row.sum()] for name, row in zip(model.PARTS[:3], parts, strict=False)}
    columns = [*(str(n + 1) for n in range(parts.shape[1])), _("together")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Product"))
