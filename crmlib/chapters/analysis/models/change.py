"""Price, volume and mix: what changed sales, or gross margin, from one period to the next.

Over the cells that were sold in both periods, the change of Σ price × quantity is volume + mix + price. Volume is what
a change of all quantities alike would bring, mix is the shift between dear and cheap products, price the change of
prices. Conventions: what comes from price and quantity changing together goes with the price, with the quantities, or
stands apart; cells sold in one period alone are new or given up and have no price effect.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.models import cube as source
from crmlib.chapters.analysis.models.cube import KINDS, Cube
from crmlib.core.i18n import N_, NC_
from crmlib.core.inputs import Inputs, setting
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats

PERIODS = {"year": (0, 12), "first_half": (0, 6), "second_half": (6, 12), "peak": (5, 7)}
"""Months of a year that a period covers."""
PARTS = ("volume", "mix", "price", "cost", "joint", "new", "dropped")
"""In the order of the waterfall."""


class ChangeRule(Inputs):
    """What is compared, and how the change is split."""

    measure: Literal["sales", "profit"] = setting(
        "sales", N_("Explain the change of"), choices={"sales": N_("sales"), "profit": N_("gross margin")}
    )
    period: Literal["year", "first_half", "second_half", "peak"] = setting(
        "year",
        NC_("years", "Compare"),
        choices={
            "year": N_("the whole year"),
            "first_half": N_("its first six months"),
            "second_half": N_("its last six months"),
            "peak": N_("its sixth and seventh month"),
        },
        help=N_("Each with the same months of the year before."),
    )
    customers: Literal["all", "distributor", "retailer", "agent", "end"] = setting(
        "all", N_("Kinds of customers"), choices={"all": N_("all customers"), **KINDS}
    )
    level: Literal["products", "cells"] = setting(
        "products",
        N_("Split by"),
        choices={"products": N_("products"), "cells": N_("products and kinds of customer")},
        help=N_("Finer, part of the price effect turns out to be a shift between kinds of customer."),
    )
    joint: Literal["price", "quantity", "apart"] = setting(
        "price",
        N_("Price and quantity together"),
        choices={
            "price": N_("count with the price"),
            "quantity": N_("count with the quantities"),
            "apart": N_("stand apart"),
        },
        help=N_("Usual: price changes at new quantities, quantity changes at old prices."),
    )
    renamed: Literal["same", "new"] = setting(
        "same",
        N_("A renamed product is"),
        choices={"same": N_("the same product"), "new": N_("a new product")},
        help=N_("A report by number alone takes it for one given up and one new."),
    )
    least: float = setting(
        0,
        N_("A product counts as sold above"),
        low=0,
        high=10_000,
        step=500,
        unit=N_("cases"),
        help=N_("With no more than so many it is new or given up: a price needs real sales."),
    )


@dataclass(frozen=True)
class Change:
    """What :func:`run` returns. ``by`` holds each part by product (parts × products), in the order of PARTS."""

    cube: Cube
    rule: ChangeRule
    before: float
    now: float
    by: Floats

    @property
    def parts(self) -> dict[str, float]:
        """Each part of the change, yuan."""
        return dict(zip(PARTS, self.by.sum(axis=1).tolist(), strict=True))


def split(
    q0: Floats,
    q1: Floats,
    s0: Floats,
    s1: Floats,
    c0: Floats,
    c1: Floats,
    joint: str = "price",
    profit: bool = False,
    least: float = 0.0,
) -> Floats:
    """Return the parts of the change of each cell (parts × cells), in the order of :data:`PARTS`; they add up to it.

    Args:
        q0, q1: quantities of both periods.
        s0, s1: sales.
        c0, c1: cost of goods sold; used where ``profit``, which adds a part for unit cost.
        joint: ``"price"``, ``"quantity"`` or ``"apart"``.
        profit: whether gross margin is explained, not sales.
        least: quantity above which a cell counts as sold, zero or more.

    A cell with no more than ``least`` before is new, one with no more now given up.

    >>> q0, q1 = np.array([100.0, 100.0]), np.array([150.0, 50.0])
    >>> found = split(q0, q1, np.array([1000.0, 2000.0]), np.array([1500.0, 1000.0]), q0, q1)
    >>> dict(zip(PARTS, found.sum(axis=1).tolist()))["mix"]
    -500.0
    """
    both, fresh = (q0 > least) & (q1 > least), q0 <= least
    old, new = np.where(both, q0, 1.0), np.where(both, q1, 1.0)
    price = np.where(both, s1 / new - s0 / old, 0.0)
    cost = np.where(both, c0 / old - c1 / new, 0.0) * profit
    unit = np.where(both, (s0 - c0 * profit) / old, 0.0)
    unit_now = unit + price + cost
    q0, q1 = q0 * both, q1 * both
    even = q0 * (q1.sum() / q0.sum()) if both.any() else q0
    at, held = (unit_now, q0) if joint == "quantity" else (unit, q1 if joint == "price" else q0)
    change = s1 - s0 - (c1 - c0) * profit
    parts = [(even - q0) * at, (q1 - even) * at, price * held, cost * held]
    apart = (q1 - q0) * (price + cost) if joint == "apart" else np.zeros(len(q0))
    return np.array([*parts, apart, np.where(fresh, change, 0.0), np.where(both | fresh, 0.0, change)])


def run(cube: Cube, rule: ChangeRule) -> Change:
    """Split the change from the year before to the last year.

    Raises:
        DataError: there are fewer than 24 months.
    """
    start, end = PERIODS[rule.period]
    spans = [slice(one.start + start, one.start + end) for one in (cube.year("before"), cube.year("last"))]
    who = source.chosen(rule.customers)
    place = cube.renamed if rule.renamed == "same" else np.arange(len(cube.products))
    totals: list[Floats] = []
    for values in (cube.quantity, cube.sales, cube.cost):
        for span in spans:
            cells = source.fold(values[who][:, :, span].sum(axis=2), place, 1)
            totals.append(cells.sum(axis=0) if rule.level == "products" else cells.ravel())
    profit = rule.measure == "profit"
    q0, q1, s0, s1, c0, c1 = totals
    parts = split(q0, q1, s0, s1, c0, c1, rule.joint, profit, rule.least)
    by = parts.reshape(len(PARTS), -1, len(cube.products)).sum(axis=1)
    return Change(cube, rule, float((s0 - c0 * profit).sum()), float((s1 - c1 * profit).sum()), by)


def headline(c: Change) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    parts = c.parts
    return {
        "before": c.before / TEN_THOUSAND,
        "now": c.now / TEN_THOUSAND,
        "change_pct": 100 * (c.now - c.before) / c.before if c.before > 0 else float("nan"),
        **{name: parts[name] / TEN_THOUSAND for name in PARTS if name != "joint"},
    }


def listing(c: Change) -> pd.DataFrame:
    """List the products: index the number; columns name and each part of the change, yuan."""
    columns = {"product": c.cube.product_names[:, 0], **dict(zip(PARTS, c.by, strict=True))}
    return pd.DataFrame(columns, index=pd.Index(c.cube.products, name="product_id"))


STUDY = Study(
    name="change",
    title=N_("Price, volume and mix"),
    datasets=("sales_cube", "product_months", "customer_purchases"),
    inputs=ChangeRule,
    prepare=source.prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "before": Measure(N_("Year before"), N_("10,000 yuan"), 1),
        "now": Measure(N_("Last year"), N_("10,000 yuan"), 1),
        "change_pct": Measure(N_("Change"), "%", 1),
        "volume": Measure(N_("By volume"), N_("10,000 yuan"), 1),
        "mix": Measure(N_("By mix"), N_("10,000 yuan"), 1),
        "price": Measure(N_("By price"), N_("10,000 yuan"), 1),
        "cost": Measure(N_("By unit cost"), N_("10,000 yuan"), 1),
        "new": Measure(N_("By new products"), N_("10,000 yuan"), 1),
        "dropped": Measure(N_("By products given up"), N_("10,000 yuan"), 1),
    },
    first=("measure", "period", "customers", "level", "joint"),
)
