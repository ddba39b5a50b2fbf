"""Ratios of products: margin rate, turnover, cross ratio, contribution ratio and their rivals; which product to push.

The chapter on managing customers names the first four. Its turnover is sales ÷ average stock, average stock being
(opening + closing) ÷ 2; stock is valued at cost here. Then the cross ratio, margin rate × turnover, is gross margin ÷
average stock and the same as GMROI. If turnover is cost ÷ average stock, the two part.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.models import cube as source
from crmlib.chapters.analysis.models.cube import Cube
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, ratio

RATIOS = {
    "margin": N_("margin rate"),
    "turnover": N_("turnover"),
    "cross": N_("cross ratio"),
    "contribution": N_("contribution ratio"),
    "kpi": N_("contribution index"),
    "gmroi": N_("GMROI"),
}
"""The figures by which a product may be chosen; the first four are those of the chapter on managing customers."""
QUADRANTS = (N_("push it"), N_("speed it up"), N_("mend its margin"), N_("review it"))
"""High margin and turnover, high margin alone, high turnover alone, neither."""
UNKNOWN, UNSOLD = N_("no stock, no turnover"), N_("not sold in the year")


class RatioRule(Inputs):
    """How the ratios are computed, and what a push brings."""

    push_by: Literal["margin", "turnover", "cross", "contribution", "kpi", "gmroi"] = setting(
        "contribution",
        N_("Push the product with the highest"),
        choices=dict(RATIOS),
        help=N_("A product for which the ratio is not known keeps out of the choice."),
        group=NC_("push", "Choice"),
    )
    effect: Literal["percent", "yuan", "stock"] = setting(
        "percent",
        N_("A push brings"),
        group=NC_("push", "Choice"),
        choices={
            "percent": N_("the same percentage of sales"),
            "yuan": N_("the same amount of sales"),
            "stock": N_("sales for the same amount of stock"),
        },
        help=N_("What is scarce decides which ratio is right: shelf and salespeople, customers' budgets, or stock."),
    )
    lift: float = setting(
        20, N_("Sales of the product pushed rise by"), low=0, high=60, step=5, unit="%", group=NC_("push", "Choice")
    )
    amount: float = setting(
        600_000,
        N_("The same amount of sales"),
        low=100_000,
        high=2_000_000,
        step=50_000,
        unit=N_("yuan"),
        group=NC_("push", "Choice"),
    )
    room: float = setting(
        50_000,
        N_("The same amount of stock"),
        low=10_000,
        high=300_000,
        step=10_000,
        unit=N_("yuan"),
        group=NC_("push", "Choice"),
        help=N_("Money that may be tied up in added stock, at cost."),
    )
    push_cost: float = setting(
        60_000, N_("Cost of the push"), low=0, high=500_000, step=10_000, unit=N_("yuan"), group=NC_("push", "Choice")
    )
    capital: float = setting(
        10,
        N_("Carrying cost of stock"),
        low=0,
        high=30,
        step=1,
        unit=N_("% a year"),
        group=NC_("push", "Choice"),
        help=N_("Capital, room and spoilage, in percent of the stock's cost."),
    )
    year: Literal["last", "before"] = setting(
        "last", N_("Year"), choices={"last": N_("last year"), "before": N_("year before")}, group=N_("Ratios")
    )
    stock: Literal["months", "ends"] = setting(
        "months",
        N_("Average stock"),
        group=N_("Ratios"),
        choices={
            "months": N_("mean of the twelve months' averages"),
            "ends": N_("(opening + closing of the year) ÷ 2"),
        },
        help=N_("The two ends say little of a seasonal product."),
    )
    basis: Literal["sales", "cost"] = setting(
        "sales",
        N_("Turnover is"),
        group=N_("Ratios"),
        choices={"sales": N_("sales ÷ average stock"), "cost": N_("cost of goods sold ÷ average stock")},
    )
    promotion: bool = setting(
        True,
        N_("Count months of promotion"),
        group=N_("Ratios"),
        help=N_("Left out, the product's other months are brought to twelve."),
    )

    def remarks(self) -> list[str]:
        """Say which inputs have no effect now."""
        used = {"percent": "lift", "yuan": "amount", "stock": "room"}[self.effect]
        idle = [_(s.label) for s in self.settings() if s.name in {"lift", "amount", "room"} - {used}]
        return [_("Not used with this kind of effect: {inputs}.").format(inputs=_("; ").join(idle))]


PRODUCTS = (N_("product A"), N_("product B"), N_("product C"))
"""Names of products of which only one can be chosen."""


@dataclass(frozen=True)
class Ratios:
    """What :func:`run` returns; arrays run over the products sold in any year, in the order of their numbers."""

    cube: Cube
    rule: RatioRule
    at: list[int]  # place of each product in the cube
    sales: Floats
    cost: Floats
    stock: Floats  # average, nan where none is known
    figures: dict[str, Floats]  # by name of RATIOS; nan where not known
    gain: Floats  # of pushing each product, yuan a year
    pushed: int  # place in these arrays, −1 where no ratio is known
    best: int

    @property
    def share(self) -> Floats:
        """Share of each product in sales, 0–1."""
        return ratio(self.sales, np.full(len(self.sales), self.sales.sum()))


def margin_rate(sales: Floats, cost: Floats) -> Floats:
    """Return (sales − cost) ÷ sales; nan where sales are not above zero.

    >>> margin_rate(np.array([200.0, 0.0]), np.array([150.0, 10.0])).tolist()
    [0.25, nan]
    """
    return ratio(sales - cost, sales)


def average_stock(opening: Floats, closing: Floats, how: str) -> Floats:
    """Return the average stock of each product (products × months → products), nan where no month is known.

    Args:
        opening, closing: of each month.
        how: ``"months"`` averages the months' (opening + closing) ÷ 2, ``"ends"`` takes the first opening and the last
            closing that are known.

    >>> average_stock(np.array([[100.0, 60.0]]), np.array([[60.0, 20.0]]), "months").tolist()
    [60.0]
    """
    middle = (opening + closing) / 2
    known = ~np.isnan(middle)
    count = known.sum(axis=1)
    if how == "months":
        return ratio(np.where(known, middle, 0.0).sum(axis=1), count)
    rows, none = np.arange(len(middle)), count == 0
    first, last = known.argmax(axis=1), middle.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return np.where(none, np.nan, (opening[rows, first] + closing[rows, last]) / 2)


def ratios(sales: Floats, cost: Floats, stock: Floats, basis: str = "sales") -> dict[str, Floats]:
    """Return the six figures of each product by their names in :data:`RATIOS`; nan where one is not known.

    Args:
        sales, cost: of a year, yuan.
        stock: average stock at cost, yuan; zero or nan: there is none, so nothing can be turned over.
        basis: ``"sales"`` or ``"cost"``: what is divided by the average stock.

    Cross ratio = margin rate × turnover; contribution ratio = cross ratio × share of sales; the rival contribution
    index (贡献度) = margin rate × share of sales; GMROI = gross margin ÷ average stock at cost, whatever the basis.

    >>> found = ratios(np.array([400.0, 600.0]), np.array([300.0, 480.0]), np.array([50.0, 40.0]))
    >>> {name: values.round(3).tolist() for name, values in found.items()}["contribution"]
    [0.8, 1.8]
    """
    margin, share = margin_rate(sales, cost), ratio(sales, np.full(len(sales), sales.sum()))
    turnover = ratio(sales if basis == "sales" else cost, np.nan_to_num(stock))
    cross = margin * turnover
    return {
        "margin": margin,
        "turnover": turnover,
        "cross": cross,
        "contribution": cross * share,
        "kpi": margin * share,
        "gmroi": ratio(sales - cost, np.nan_to_num(stock)),
    }


def gains(sales: Floats, cost: Floats, stock: Floats, rule: RatioRule) -> Floats:
    """Return what a push of each product brings in a year: added gross margin − carrying cost − cost of the push.

    Conventions: added sales earn the product's present margin rate; its stock grows in proportion to its sales, that
    of a product made to order does not. For the same amount of stock a product without stock has no figure, and a
    product that was not sold has none at all.
    """
    held = np.nan_to_num(stock)
    margin, carry = sales - cost, rule.capital / 100
    if rule.effect == "percent":
        grown = np.full(len(sales), rule.lift / 100)
    elif rule.effect == "yuan":
        grown = ratio(np.full(len(sales), rule.amount), sales)
    else:
        grown = ratio(np.full(len(sales), rule.room), held)
    return np.where(sales > 0, grown * (margin - carry * held) - rule.push_cost, np.nan)


def highest(values: Floats) -> int:
    """Return the place of the highest known value, the first of equals; −1 where none is known."""
    return -1 if np.isnan(values).all() else int(np.nanargmax(values))


def quadrants(r: Ratios) -> list[str]:
    """Return the quadrant of each product, msgids; margin rate and turnover are compared with those of all products."""
    margin, turnover = overall(r)
    found = []
    for m, t in zip(r.figures["margin"].tolist(), r.figures["turnover"].tolist(), strict=True):
        if np.isnan(m) or np.isnan(t):
            found.append(UNSOLD if np.isnan(m) else UNKNOWN)
        else:
            found.append(QUADRANTS[(0 if m >= margin else 2) + (0 if t >= turnover else 1)])
    return found


def overall(r: Ratios) -> tuple[float, float]:
    """Return margin rate and turnover of all products together; stock that is not known adds nothing."""
    total, stock = np.array([r.sales.sum()]), np.array([np.nansum(r.stock)])
    used = total if r.rule.basis == "sales" else np.array([r.cost.sum()])
    return float(margin_rate(total, np.array([r.cost.sum()]))[0]), float(ratio(used, stock)[0])


def run(cube: Cube, rule: RatioRule) -> Ratios:
    """Compute the ratios of a year and choose what to push. Renamed products count under their present number."""
    span = cube.year(rule.year)
    counted = np.ones(cube.promotion[:, span].shape, dtype=bool) if rule.promotion else ~cube.promotion[:, span]
    months = counted.sum(axis=1)
    weight = ratio(source.YEAR, months, 0.0)
    sales, cost = (
        source.fold((values[:, :, span].sum(axis=0) * counted).sum(axis=1) * weight, cube.renamed, 0)
        for values in (cube.sales, cube.cost)
    )
    opening, closing = (
        source.fold_known(np.where(counted, values[:, span], np.nan), cube.renamed)
        for values in (cube.opening, cube.closing)
    )
    at = np.flatnonzero(source.fold(cube.sales.sum(axis=(0, 2)), cube.renamed, 0) > 0)
    stock = average_stock(opening, closing, rule.stock)[at]
    figures = ratios(sales[at], cost[at], stock, rule.basis)
    gain = gains(sales[at], cost[at], stock, rule)
    pushed, best = highest(figures[rule.push_by]), highest(gain)
    return Ratios(cube, rule, at.tolist(), sales[at], cost[at], stock, figures, gain, pushed, best)


def headline(r: Ratios) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    nan = float("nan")
    margin, turnover = overall(r)
    gain = float(r.gain[r.pushed]) if r.pushed >= 0 else nan
    best = float(r.gain[r.best]) if r.best >= 0 else nan
    named = {highest(values) for values in r.figures.values()} - {-1}
    return {
        "margin": 100 * margin,
        "turnover": turnover,
        "cross": margin * turnover,
        "gain": gain,
        "best_gain": best,
        "forgone": best - gain,
        "answers": float(len(named)),
        "push": float(quadrants(r).count(QUADRANTS[0])),
    }


def listing(r: Ratios) -> pd.DataFrame:
    """List the products: index the number; columns name, sales, cost, stock, the six figures, gain, quadrant."""
    columns: dict[str, Any] = {
        "product": r.cube.product_names[r.at, 0],
        "sales": r.sales,
        "cost": r.cost,
        "stock": r.stock,
    }
    columns |= r.figures | {"gain": r.gain, "quadrant": quadrants(r)}
    return pd.DataFrame(columns, index=pd.Index(r.cube.products[r.at], name="product_id"))


STUDY = Study(
    name="ratios",
    title=N_("Ratios of products"),
    datasets=("sales_cube", "product_months", "customer_purchases"),
    inputs=RatioRule,
    prepare=source.prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "margin": Measure(N_("Margin rate of all products"), "%", 1),
        "turnover": Measure(N_("Turnover of all products"), N_("times a year"), 2),
        "cross": Measure(N_("Cross ratio of all products"), "", 2),
        "gain": Measure(N_("Gain by pushing the product chosen"), N_("yuan")),
        "best_gain": Measure(N_("Gain by pushing the best product"), N_("yuan")),
        "forgone": Measure(N_("Forgone by the choice"), N_("yuan")),
        "answers": Measure(N_("Products named by the six figures")),
        "push": Measure(N_("Products to push by the quadrant")),
    },
    textbook={"stock": "ends"},
    first=("push_by", "effect", "lift", "basis", "stock"),
)
