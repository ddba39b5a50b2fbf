"""The customer value scorecard: current value against potential value, four quadrants, an action for each.

Current value has financial and sales indicators, potential value customer and service indicators, and the four are
weighed into one score (paper on building relationships, which names the four groups and nothing within them). Which
figures stand for a group, the scale and the cut-offs are teaching assumptions: :data:`GROUPS`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.tiers.models import pyramid
from crmlib.chapters.tiers.models.pareto import Customers
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints, Labels

GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "financial": (N_("financial indicators"), ("income", "deposits")),
    "sales": (N_("sales indicators"), ("exposure", "products")),
    "customer": (N_("customer indicators"), ("growth", "elsewhere")),
    "service": (N_("service indicators"), ("cooperation", "demands")),
}
"""The four groups and the two figures of each; the first two make the current value, the others the potential."""
LESS_IS_BETTER = ("demands",)
"""Figures of which less is better: their points are a hundred less those of the figure."""
CURRENT, POTENTIAL, ALL = slice(0, 2), slice(2, 4), slice(0, 4)
DUST = 1e-9
"""Added before rounding, so that no last binary digit decides."""

QUADRANTS = {
    "key": N_("high current, high potential"),
    "keep": N_("high current, low potential"),
    "develop": N_("low current, high potential"),
    "basic": N_("low current, low potential"),
}
ACTIONS = {
    "key": N_("key care: a person in charge, supplied first"),
    "keep": N_("keep up the service, limit new investment"),
    "develop": N_("invest selectively, with check points"),
    "basic": N_("low-cost service, do not turn them away lightly"),
}
"""What to do in each quadrant: this workbook's summary."""


class ScorecardRule(Inputs):
    """How the four groups are weighed, where high begins, and what becomes of a customer with an unknown figure."""

    financial_weight: float = setting(0.30, N_("Weight of financial indicators"), low=0, high=1, step=0.05)
    sales_weight: float = setting(0.20, N_("Weight of sales indicators"), low=0, high=1, step=0.05)
    customer_weight: float = setting(0.30, N_("Weight of customer indicators"), low=0, high=1, step=0.05)
    service_weight: float = setting(
        0.20,
        N_("Weight of service indicators"),
        low=0,
        high=1,
        step=0.05,
        help=N_("The four weights are divided by their sum; within current and within potential value, by theirs."),
    )
    current_from: float = setting(60, N_("Current value is high from"), low=0, high=100, step=1, unit=N_("points"))
    potential_from: float = setting(60, N_("Potential value is high from"), low=0, high=100, step=1, unit=N_("points"))
    scale: Literal["rank", "range"] = setting(
        "rank",
        N_("Bring indicators to one scale by"),
        choices={"rank": N_("percentile rank"), "range": N_("min–max scaling")},
        help=N_("Percentile ranks are not affected by one giant; min–max scaling keeps distances."),
    )
    missing: Literal["apart", "known"] = setting(
        "apart",
        N_("A customer with an unknown indicator"),
        choices={"apart": N_("is kept apart"), "known": N_("is scored by the other indicator of the group")},
        help=N_("A group of which nothing is known always keeps the customer apart. No figure is ever made up."),
    )

    def raw_weights(self) -> Floats:
        """Return the weights of the four groups as given."""
        return np.array([self.financial_weight, self.sales_weight, self.customer_weight, self.service_weight])

    def weights(self) -> Floats:
        """Return the weights of the four groups divided by their sum."""
        return np.asarray(self.raw_weights() / self.raw_weights().sum())

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse a side of the scorecard that nothing is weighed on."""
        if not self.raw_weights()[CURRENT].any():
            yield "sales_weight", _("Current value has no weight. Give financial or sales indicators a weight.")
        if not self.raw_weights()[POTENTIAL].any():
            yield "service_weight", _("Potential value has no weight. Give customer or service indicators a weight.")

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum."""
        return weights_remark(self.raw_weights().sum(), [name for name, _figures in GROUPS.values()], self.weights())


@dataclass(frozen=True)
class Scorecard:
    """What :func:`score` returns; arrays run over all customers, nan or −1 for those kept apart."""

    rule: ScorecardRule
    ids: Labels
    groups: Floats  # customers × 4, 0–100
    current: Floats  # 0–100
    potential: Floats  # 0–100
    total: Floats  # 0–100
    quadrant: Ints  # place in QUADRANTS, −1 kept apart
    income: Floats  # 万元


def prepare(loans: pd.DataFrame, ratings: pd.DataFrame) -> Customers:
    """Return the customers of the last date in the loan book, with the ratings of their account managers.

    A customer without a row of ratings has none of them; a rating of nobody in the book is left out.

    Raises:
        DataError: the loan book holds one date only, so that nothing has grown.
    """
    people = pyramid.prepare(loans)
    ids = pd.Index(people.ids)
    last = loans[loans["as_of"] == loans["as_of"].max()].set_index("firm_id").reindex(ids)
    rated = ratings.set_index("firm_id").reindex(ids)
    known = {c: people.values[c] for c in ("income", "deposits", "products", "growth")}
    known["exposure"] = last["exposure"].to_numpy(float, na_value=np.nan)
    known |= {c: rated[c].to_numpy(float, na_value=np.nan) for c in ("elsewhere", "cooperation", "demands")}
    return Customers(people.ids, known)


def score(customers: Customers, rule: ScorecardRule) -> Scorecard:
    """Score every customer on the four groups and place it in a quadrant.

    Convention: each figure is brought to 0–100 among the customers for whom it is known; a group is the plain mean of
    its two figures; current and potential value are the weighted means of two groups each, the total that of all four.
    A group without weight is not asked for. Scores are rounded to one decimal, and one equal to a cut-off is high.

    Raises:
        DataError: no customer can be placed.
    """
    groups = np.column_stack([_group(customers, names, rule) for _label, names in GROUPS.values()])
    current, potential, total = (weighted(groups, rule.weights(), side) for side in (CURRENT, POTENTIAL, ALL))
    known = ~np.isnan(total)
    if not known.any():
        raise DataError(_("No firm has figures for all groups of the scorecard: there is nobody to place."))
    low = 2 * (current < rule.current_from) + (potential < rule.potential_from)
    return Scorecard(
        rule,
        customers.ids,
        groups,
        np.where(known, current, np.nan),
        np.where(known, potential, np.nan),
        total,
        np.where(known, low, -1),
        customers.values["income"],
    )


def _group(customers: Customers, names: tuple[str, ...], rule: ScorecardRule) -> Floats:
    """Return the points of one group of indicators; nan where too little is known."""
    points = np.column_stack([scaled(customers.values[name], rule.scale, name in LESS_IS_BETTER) for name in names])
    known = ~np.isnan(points)
    enough = known.any(axis=1) if rule.missing == "known" else known.all(axis=1)
    sums = np.where(known, points, 0).sum(axis=1)
    return np.asarray(np.divide(sums, known.sum(axis=1), out=np.full(len(points), np.nan), where=enough))


def scaled(values: Floats, scale: str, less_is_better: bool = False) -> Floats:
    """Return the points (0–100) of a figure among those that are known; nan stays nan.

    >>> scaled(np.array([5.0, np.nan, 1.0, 3.0]), "rank", less_is_better=True).tolist()
    [0.0, nan, 100.0, 50.0]
    """
    points, known = np.full(len(values), np.nan), ~np.isnan(values)
    if known.any():
        points[known] = (pyramid.percentile_rank if scale == "rank" else pyramid.range_scale)(values[known])
    return 100 - points if less_is_better else points


def weighted(groups: Floats, weights: Floats, side: slice = ALL) -> Floats:
    """Return the weighted mean of some groups (current value, potential value or all), rounded to one decimal.

    It is nan where a group that has weight is not known.

    >>> groups, weights = np.array([[80.0, 70, 90, 60]]), np.array([0.3, 0.2, 0.3, 0.2])
    >>> [weighted(groups, weights, side).tolist() for side in (CURRENT, POTENTIAL, ALL)]
    [[76.0], [78.0], [77.0]]
    """
    used = weights[side] > 0
    return np.asarray(np.round(groups[:, side][:, used] @ (weights[side][used] / weights[side].sum()) + DUST, 1))


def places(s: Scorecard) -> Ints:
    """Return the number of customers in each of :data:`QUADRANTS`."""
    return np.bincount(s.quadrant[s.quadrant >= 0], minlength=len(QUADRANTS))


def quadrant_table(s: Scorecard) -> pd.DataFrame:
    """Return customers, share of the customers (%), income (万元) and share of the income (%) of each quadrant."""
    n, placed = places(s), s.quadrant >= 0
    income = np.bincount(s.quadrant[placed], weights=np.nan_to_num(s.income[placed]), minlength=len(QUADRANTS))
    whole = income.sum()
    columns = {
        "customers": n,
        "customers_pct": 100 * n / n.sum(),
        "income": income,
        "income_pct": 100 * income / whole if whole else 0 * income,
    }
    return pd.DataFrame(columns, index=pd.Index(list(QUADRANTS), name="quadrant"))


def headline(s: Scorecard) -> dict[str, float]:
    """Return the headline figures of a scorecard."""
    n = dict(zip(QUADRANTS, places(s), strict=True))
    share = quadrant_table(s)["income_pct"]
    return {
        **{name: float(n[name]) for name in QUADRANTS},
        "apart": float((s.quadrant < 0).sum()),
        "key_income": float(share["key"]),
    }


def listing(s: Scorecard) -> pd.DataFrame:
    """List all customers, the highest total first: index the id; columns the four groups, both values, total, quadrant.

    Customers kept apart stand last, with what is known of them.
    """
    names = np.array([*QUADRANTS, "apart"])
    columns = {
        **dict(zip(GROUPS, s.groups.T, strict=True)),
        "current": s.current,
        "potential": s.potential,
        "total": s.total,
        "quadrant": names[s.quadrant],
    }
    listed = pd.DataFrame(columns, index=pd.Index(s.ids, name="firm_id"))
    return listed.sort_values("total", ascending=False, kind="stable").round(1)


STUDY = Study(
    name="scorecard",
    title=N_("Customer value scorecard"),
    datasets=("bank_loans", "value_ratings"),
    inputs=ScorecardRule,
    prepare=prepare,
    run=score,
    headline=headline,
    listing=listing,
    measures={
        "key": Measure(N_("Key care: high current, high potential"), N_("firms")),
        "keep": Measure(N_("Keep up: high current, low potential"), N_("firms")),
        "develop": Measure(N_("Develop: low current, high potential"), N_("firms")),
        "basic": Measure(N_("Basic service: low current, low potential"), N_("firms")),
        "apart": Measure(N_("Kept apart: an indicator is not known"), N_("firms")),
        "key_income": Measure(N_("Income from key care"), "%", 1),
    },
    textbook={
        "financial_weight": 0.25,
        "sales_weight": 0.25,
        "customer_weight": 0.25,
        "service_weight": 0.25,
    },
    first=("financial_weight", "customer_weight", "current_from", "potential_from", "missing"),
)
