"""A change of credit policy, by increments: what it brings in contribution against what it costs to carry and collect.

The rule of the graduate paper: loosen the credit standard while the margin on the added sales exceeds the added cost
of carrying receivables (bad debts and collection included), tighten it in the opposite case. The computation is that
of the Chinese textbooks of corporate finance:

    Δprofit = Δcontribution − Δ(receivables × variable-cost ratio × capital cost) − Δbad debts − Δcollection − Δdiscount

Books differ in three conventions, each of which is an input: whether receivables are carried at variable cost or at
the full selling price (Oh 1976 discusses it), whether the new bad-debt rate holds for all sales or for the added ones
alone, and a year of 360 or 365 days. Money is in 万元 (10,000 yuan), periods in days, rates in %.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study

SEGMENTS = {
    "contractor": N_("contractors"),
    "decorator": N_("decorators"),
    "shop": N_("building-material shops"),
    "reseller": N_("second-tier wholesalers"),
}
"""Kinds of customers of the wholesaler, in the order of its price list."""
COST, BAD, TERMS = N_("Costs and conventions"), N_("Bad debts and collection"), N_("Cash discount")


class PolicyChange(Inputs):
    """Terms before and after, and by which convention they are compared."""

    offered_to: Literal["all", "contractor", "decorator", "shop", "reseller"] = setting(
        "all",
        N_("New terms are offered to"),
        choices={"all": N_("all customers"), **SEGMENTS},
        help=N_("The sales of the others stay as they are and are not counted."),
    )
    old_days: float = setting(30, N_("Average collection period now"), low=0, high=180, step=5, unit=N_("days"))
    new_days: float = setting(
        60,
        N_("Average collection period under the new terms"),
        low=0,
        high=180,
        step=5,
        unit=N_("days"),
        help=N_("Of the customers who take no discount. Customers already served pay as late as the new ones."),
    )
    growth: float = setting(
        12, N_("Growth of credit sales"), low=-60, high=100, step=1, unit="%", help=N_("A stricter policy has a loss.")
    )
    variable_cost: float = setting(
        85, N_("Variable-cost ratio"), low=0, high=100, step=1, unit=N_("% of sales"), group=COST
    )
    capital_cost: float = setting(8, N_("Cost of capital"), low=0, high=40, step=0.5, unit=N_("% a year"), group=COST)
    carried_at: Literal["cost", "price"] = setting(
        "cost",
        N_("Receivables tie up money at"),
        group=COST,
        choices={"cost": N_("variable cost"), "price": N_("the selling price")},
        help=N_("Most Chinese textbooks take the variable cost; some books take the price."),
    )
    year: Literal["360", "365"] = setting(
        "360", N_("Days in a year"), group=COST, choices={"360": "360", "365": "365"}, help=N_("Books differ.")
    )
    old_bad: float = setting(1, N_("Bad-debt rate now"), low=0, high=30, step=0.1, unit=N_("% of sales"), group=BAD)
    new_bad: float = setting(
        1.6, N_("Bad-debt rate under the new terms"), low=0, high=30, step=0.1, unit=N_("% of sales"), group=BAD
    )
    bad_on: Literal["all", "added"] = setting(
        "all",
        N_("The new bad-debt rate holds for"),
        group=BAD,
        choices={"all": N_("all sales"), "added": N_("the added sales alone")},
        help=N_("A longer period reaches every customer; a lower standard only lets in new ones."),
    )
    old_collection: float = setting(
        0.4, N_("Collection cost now"), low=0, high=10, step=0.1, unit=N_("% of sales"), group=BAD
    )
    new_collection: float = setting(
        0.5, N_("Collection cost under the new terms"), low=0, high=10, step=0.1, unit=N_("% of sales"), group=BAD
    )
    discount: float = setting(0, N_("Cash discount"), low=0, high=10, step=0.1, unit="%", group=TERMS)
    takers: float = setting(
        50,
        N_("Sales paid with the discount"),
        low=0,
        high=100,
        step=5,
        unit="%",
        group=TERMS,
        help=N_("It counts only where a discount is given."),
    )
    discount_days: float = setting(10, N_("Discount period"), low=0, high=90, step=5, unit=N_("days"), group=TERMS)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse a discount period that is no shorter than the period without discount."""
        if self.discount_days >= self.new_days:
            said = _("The discount period of {days:g} days must be shorter than the {period:g} days without discount.")
            yield "discount_days", said.format(days=self.discount_days, period=self.new_days)

    def remarks(self) -> list[str]:
        """Say which inputs do nothing as the others stand."""
        found = []
        if not self.discount:
            said = _("No discount is given: “{takers}” and “{days}” change nothing.")
            found.append(said.format(takers=_("Sales paid with the discount"), days=_("Discount period")))
        if self.growth <= 0 and self.bad_on == "added":
            said = _("No sales are added: “{rate}” changes nothing.")
            found.append(said.format(rate=_("Bad-debt rate under the new terms")))
        return found


@dataclass(frozen=True)
class Terms:
    """What a credit policy leads to in a year; money in one unit throughout.

    Attributes:
        sales: credit sales.
        days: average collection period.
        bad: bad debts.
        collection: cost of collecting.
        discount: cash discounts taken.
    """

    sales: float
    days: float
    bad: float
    collection: float
    discount: float = 0.0


@dataclass(frozen=True)
class Increments:
    """New less old, a year; a cost that rises is positive. ``profit`` is what is left of the contribution."""

    contribution: float
    carrying: float
    bad: float
    collection: float
    discount: float

    @property
    def profit(self) -> float:
        """Change of profit before tax."""
        return self.contribution - self.carrying - self.bad - self.collection - self.discount


@dataclass(frozen=True)
class Change:
    """What :func:`change` returns: both states, their difference, and where the growth would break even."""

    inputs: PolicyChange
    segments: pd.Series  # sales now by segment, 万元
    old: Terms
    new: Terms
    increments: Increments
    break_even: float  # growth of sales (%) at which nothing is gained; nan where no growth helps


def receivables(terms: Terms, year: int = 360) -> float:
    """Return the mean balance of receivables: sales a day × average collection period.

    >>> receivables(Terms(600_000, 60, 0, 0))
    100000.0
    """
    return terms.sales / year * terms.days


def carrying_cost(terms: Terms, tied: float, capital: float, year: int = 360) -> float:
    """Return the cost of the money that receivables tie up, a year.

    Args:
        tied: share of the balance that is money laid out: the variable-cost ratio, or 1 for the selling price.
        capital: cost of capital, a share a year.

    >>> carrying_cost(Terms(600_000, 60, 0, 0), 0.8, 0.15)
    12000.0
    """
    return receivables(terms, year) * tied * capital


def increments(
    old: Terms, new: Terms, variable: float, capital: float, tied: float | None = None, year: int = 360
) -> Increments:
    """Compare two policies.

    Args:
        variable: variable-cost ratio, a share.
        capital: cost of capital, a share a year.
        tied: see :func:`carrying_cost`; the variable-cost ratio if not given.

    >>> found = increments(Terms(500_000, 30, 5000, 3000), Terms(600_000, 60, 9000, 4000), 0.8, 0.15)
    >>> round(found.carrying, 6), round(found.profit, 6)
    (7000.0, 8000.0)
    """
    share = variable if tied is None else tied
    return Increments(
        (new.sales - old.sales) * (1 - variable),
        carrying_cost(new, share, capital, year) - carrying_cost(old, share, capital, year),
        new.bad - old.bad,
        new.collection - old.collection,
        new.discount - old.discount,
    )


def prepare(customers: pd.DataFrame) -> pd.Series:
    """Return the credit sales of the year by segment, in 万元.

    Raises:
        DataError: nobody bought anything.
    """
    sales = customers.groupby("segment", observed=True)["sales"].sum().reindex(list(SEGMENTS), fill_value=0.0)
    if not sales.sum() > 0:
        raise DataError(_("Column {column}: no customer has sales above zero.").format(column="sales"))
    return sales.astype(float)


def terms(sales: float, inputs: PolicyChange, growth: float) -> tuple[Terms, Terms]:
    """Return the terms now and the new ones, whose sales have grown by ``growth`` per cent."""
    old = Terms(sales, inputs.old_days, sales * inputs.old_bad / 100, sales * inputs.old_collection / 100)
    grown = sales * (1 + growth / 100)
    bad = grown * inputs.new_bad / 100
    if inputs.bad_on == "added":
        bad = min(sales, grown) * inputs.old_bad / 100 + max(grown - sales, 0.0) * inputs.new_bad / 100
    taken = inputs.takers / 100 if inputs.discount else 0.0
    days = taken * inputs.discount_days + (1 - taken) * inputs.new_days
    costs = grown * inputs.new_collection / 100, grown * taken * inputs.discount / 100
    return old, Terms(grown, days, bad, *costs)


def compare(sales: float, inputs: PolicyChange, growth: float) -> Increments:
    """Return the increments of a change of policy under which sales grow by ``growth`` per cent."""
    variable = inputs.variable_cost / 100
    tied = variable if inputs.carried_at == "cost" else 1.0
    return increments(*terms(sales, inputs, growth), variable, inputs.capital_cost / 100, tied, int(inputs.year))


def break_even_growth(sales: float, inputs: PolicyChange) -> float:
    """Return the growth (%) at which the change gains nothing; nan where growth brings no profit or none is sold.

    Above zero the profit rises by the same amount with each per cent, so two points tell the line. Below zero the line
    is another one where the new bad-debt rate holds for added sales alone.
    """
    if sales <= 0:
        return math.nan
    for one, other in ((0.0, 100.0), (-100.0, 0.0)):
        at, beyond = compare(sales, inputs, one).profit, compare(sales, inputs, other).profit
        if beyond > at:
            growth = one - at * (other - one) / (beyond - at)
            if growth >= one - 1e-9 and (one == 0 or growth <= other + 1e-9):
                return growth + 0.0
    return math.nan


def change(segments: pd.Series, inputs: PolicyChange) -> Change:
    """Compare the terms before and after for those to whom the new terms are offered."""
    sales = float(segments.sum() if inputs.offered_to == "all" else segments[inputs.offered_to])
    old, new = terms(sales, inputs, inputs.growth)
    found = compare(sales, inputs, inputs.growth)
    return Change(inputs, segments, old, new, found, break_even_growth(sales, inputs))


def headline(c: Change) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    year = int(c.inputs.year)
    before, after = receivables(c.old, year), receivables(c.new, year)
    return {
        "contribution": c.increments.contribution,
        "receivables": after - before,
        "carrying": c.increments.carrying,
        "bad": c.increments.bad,
        "other": c.increments.collection + c.increments.discount,
        "profit": c.increments.profit,
        "break_even": c.break_even,
    }


PARTS = {
    "contribution": N_("contribution"),
    "carrying": N_("carrying cost"),
    "bad": N_("bad debts"),
    "collection": N_("collection"),
    "discount": N_("cash discount"),
}
"""What the change of profit is made of; the contribution counts for it, the others against it."""


def parts(c: Change) -> pd.DataFrame:
    """Return old, new and change of each part (万元); index its untranslated name.

    The contribution is sales less variable cost.
    """
    i, variable, year = c.inputs, c.inputs.variable_cost / 100, int(c.inputs.year)
    tied = variable if i.carried_at == "cost" else 1.0
    rows = [
        (t.sales * (1 - variable), carrying_cost(t, tied, i.capital_cost / 100, year), t.bad, t.collection, t.discount)
        for t in (c.old, c.new)
    ]
    table = pd.DataFrame({"now": rows[0], "new": rows[1]}, index=pd.Index(PARTS.values(), name="part"))
    table["change"] = np.array([getattr(c.increments, name) for name in PARTS])
    return table


STUDY = Study(
    name="credit_policy",
    title=N_("A change of credit policy"),
    datasets=("credit_customers",),
    inputs=PolicyChange,
    prepare=prepare,
    run=change,
    headline=headline,
    listing=parts,
    measures={
        "contribution": Measure(N_("Contribution gained"), N_("10,000 yuan"), 1),
        "receivables": Measure(N_("Receivables added"), N_("10,000 yuan"), 1),
        "carrying": Measure(N_("Carrying cost added"), N_("10,000 yuan"), 1),
        "bad": Measure(N_("Bad debts added"), N_("10,000 yuan"), 1),
        "other": Measure(N_("Collection and discount added"), N_("10,000 yuan"), 1),
        "profit": Measure(N_("Change of profit"), N_("10,000 yuan"), 1),
        "break_even": Measure(N_("Growth that breaks even"), "%", 1),
    },
    textbook={
        "growth": 20,
        "variable_cost": 80,
        "capital_cost": 15,
        "new_bad": 1.5,
        "old_collection": 0.6,
        "new_collection": 0.7,
    },
    first=("offered_to", "new_days", "growth", "capital_cost", "new_bad"),
)
