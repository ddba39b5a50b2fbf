"""Composition of sales: by kind and class of customer and by product, own share in purchases, plan, white spots.

The chapter on managing customers asks for all of it: sales by distributor, retailer, agent and end customer, ABC
classes, our share in what each customer buys against the share aimed at, sales by product against plan, and products
that a customer could buy and does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.models import cube as source
from crmlib.chapters.analysis.models.cube import KINDS, Cube
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio
from crmlib.formulas.scores import abc

CLASSES = ("A", "B", "C")

BUYERS = NC_("group", "Customers")


class CompositionRule(Inputs):
    """Which year, how customers are cut, what share is aimed at, and when an empty cell is a white spot."""

    a_share: float = setting(
        75,
        N_("Class A: cumulative share up to"),
        low=1,
        high=98,
        step=1,
        unit=N_("% of the total"),
        group=BUYERS,
    )
    b_share: float = setting(
        20,
        N_("Class B: next share"),
        low=1,
        high=60,
        step=1,
        unit=N_("% of the total"),
        group=BUYERS,
        help=N_("Class C is the rest. The customer that crosses a line belongs to the class above it."),
    )
    merged: Literal["together", "apart"] = setting(
        "together",
        N_("A customer taken over"),
        group=BUYERS,
        choices={"together": N_("counts with the one it belongs to"), "apart": N_("counts as it was invoiced")},
    )
    raised: float = setting(
        0,
        N_("Shares aimed at are raised by"),
        low=-20,
        high=20,
        step=1,
        unit=N_("percentage points"),
        group=N_("Potential"),
    )
    peers: float = setting(
        70,
        N_("White spot: of its kind at least buy the product"),
        low=10,
        high=100,
        step=5,
        unit="%",
        group=N_("Potential"),
        help=N_("An empty cell counts if so many customers of the same kind buy the product."),
    )
    year: Literal["last", "before"] = setting(
        "last", N_("Year"), group=BUYERS, choices={"last": N_("last year"), "before": N_("year before")}
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse lines that leave nothing for class C."""
        if self.a_share + self.b_share >= 100:
            said = _("Classes A and B together take {total:g}%, which leaves nothing for C. Keep them below 100%.")
            yield "b_share", said.format(total=self.a_share + self.b_share)


@dataclass(frozen=True)
class Composition:
    """What :func:`run` returns. Customers are those that are counted, in the order of their numbers."""

    cube: Cube
    rule: CompositionRule
    who: Ints  # place of each customer in the cube
    grid: Floats  # sales, customers × products
    classes: Ints  # place in CLASSES
    bought: Floats  # what each customer buys from all suppliers, yuan, nan where not known
    own: Floats  # our share in purchases, 0–1, nan where not known
    aim: Floats  # share aimed at, 0–1, nan where none is
    missing: Floats  # yuan to the share aimed at, 0 where it is reached or not known
    white: Bools  # customers × products
    potential: Floats  # yuan, customers × products, 0 where there is no white spot
    planned: Floats  # by product

    @property
    def sales(self) -> Floats:
        """Sales to each customer."""
        return np.asarray(self.grid.sum(axis=1))

    @property
    def by_product(self) -> Floats:
        """Sales of each product."""
        return np.asarray(self.grid.sum(axis=0))


def classes_of(sales: Floats, a: float, b: float) -> Ints:
    """Return the class (0 A, 1 B, 2 C) of each customer; net sales below zero are ranked as zero.

    >>> classes_of(np.array([5.0, 50.0, 30.0, 15.0]), 0.75, 0.20).tolist()
    [2, 0, 0, 1]
    """
    order = np.argsort(-sales, kind="stable")
    ranked = np.maximum(sales[order], 0.0)
    found = np.full(len(sales), 2, dtype=np.int64)
    if ranked.sum() > 0:
        found[order] = abc(np.cumsum(ranked) / ranked.sum(), a, b)
    return found


def white_spots(grid: Floats, kind: Ints, peers: float) -> tuple[Bools, Floats]:
    """Return the empty cells that like customers fill, and what each might bring.

    Args:
        grid: sales, customers × products; zero or less counts as not bought.
        kind: of each customer.
        peers: share of the customers of a kind that must buy a product (0–1).

    Convention: potential = the customer's sales × the median share of the product among those of its kind that buy it.
    """
    bought, total = grid > 0, np.maximum(grid.sum(axis=1), 0.0)
    shares = ratio(grid, total[:, None])
    white, potential = np.zeros(grid.shape, dtype=bool), np.zeros(grid.shape)
    for one in np.unique(kind):
        rows = np.flatnonzero((kind == one) & (total > 0))
        if not len(rows):
            continue
        common = bought[rows].mean(axis=0) >= peers - 1e-9
        white[rows] = ~bought[rows] & common & bought[rows].any(axis=0)
        for product in np.flatnonzero(white[rows].any(axis=0)):
            usual = float(np.median(shares[rows, product][bought[rows, product]]))
            potential[rows, product] = white[rows, product] * total[rows] * usual
    return white, potential


def run(cube: Cube, rule: CompositionRule) -> Composition:
    """Compute the composition of a year. Renamed products count under their present number."""
    span = cube.year(rule.year)
    grid = source.fold(cube.sold(rule.year), cube.renamed, 1)
    bought, place = cube.purchases[:, 1 if rule.year == "last" else 0], np.arange(len(grid))
    if rule.merged == "together":
        grid, bought, place = (
            source.fold(grid, cube.belongs, 0),
            source.fold_known(bought, cube.belongs),
            cube.belongs,
        )
    who = np.flatnonzero((place == np.arange(len(grid))) & (grid != 0).any(axis=1))
    grid = grid[who]
    sales = grid.sum(axis=1)
    own, aim = ratio(sales, np.nan_to_num(bought[who])), np.clip(cube.target[who] + rule.raised / 100, 0, 1)
    white, potential = white_spots(grid, cube.kind[who], rule.peers / 100)
    planned = source.fold(np.nan_to_num(cube.plan[:, span]).sum(axis=1), cube.renamed, 0)
    return Composition(
        cube,
        rule,
        who,
        grid,
        classes_of(sales, rule.a_share / 100, rule.b_share / 100),
        bought[who],
        own,
        aim,
        np.nan_to_num(np.maximum(aim * bought[who] - sales, 0.0)) * ~np.isnan(own),
        white,
        potential,
        planned,
    )


def growth(c: Composition) -> Floats:
    """Return the growth of each customer on the year before (0.1 for 10%), nan where there was no trade before."""
    before = c.cube.sold(c.rule.year, earlier=1).sum(axis=1)
    if c.rule.merged == "together":
        before = source.fold(before, c.cube.belongs, 0)
    return ratio(c.sales - before[c.who], before[c.who])


def headline(c: Composition) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    sales, known = c.sales, ~np.isnan(c.own)
    first = c.classes == 0
    return {
        "customers_a": float(first.sum()),
        "sales_a": 100 * float(ratio(sales[first].sum(), sales.sum())),
        "largest": 100 * float(ratio(sales.max(initial=0.0), sales.sum())),
        "own_share": 100 * float(ratio(sales[known].sum(), c.bought[known].sum())),
        "below": float((c.missing > 0).sum()),
        "missing": float(c.missing.sum()),
        "attained": 100 * float(ratio(c.by_product.sum(), c.planned.sum())),
        "white": float(c.white.sum()),
        "potential": float(c.potential.sum()),
    }


def listing(c: Composition) -> pd.DataFrame:
    """List the customers: index the number; columns name, kind, class, sales, own share and aim (0–1), missing."""
    columns = {
        "customer": c.cube.customer_names[c.who, 0],
        "kind": [list(KINDS)[k] for k in c.cube.kind[c.who].tolist()],
        "class": [CLASSES[k] for k in c.classes.tolist()],
        "sales": c.sales,
        "own_share": c.own,
        "target_share": c.aim,
        "missing": c.missing,
        "white_spots": c.white.sum(axis=1),
    }
    return pd.DataFrame(columns, index=pd.Index(c.cube.customers[c.who], name="customer_id"))


STUDY = Study(
    name="composition",
    title=N_("Composition of sales"),
    datasets=("sales_cube", "product_months", "customer_purchases"),
    inputs=CompositionRule,
    prepare=source.prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "customers_a": Measure(N_("Customers of class A")),
        "sales_a": Measure(N_("Their share of sales"), "%", 1),
        "largest": Measure(N_("Share of the largest customer"), "%", 1),
        "own_share": Measure(N_("Our share in customers' purchases"), "%", 1),
        "below": Measure(N_("Customers below the share aimed at")),
        "missing": Measure(N_("Missing to the shares aimed at"), N_("yuan")),
        "attained": Measure(N_("Attained of the plan"), "%", 1),
        "white": Measure(N_("White spots")),
        "potential": Measure(N_("Potential of the white spots"), N_("yuan")),
    },
    first=("a_share", "merged", "raised", "peers", "year"),
)
