"""The four measures by which company XX judges its salespeople, in place of sales volume.

Turnover of the customer's stock, the customer's profit rate, its satisfaction, and our share. The paper on company XX
names them, gives no formula and no weight. It says the share is that of our products in the customer's *sales*; for
goods that the customer uses up, the share of its *purchases* is the usual figure. Both are offered. Weights and the
scaling to points are teaching assumptions.

    turnover = goods used in the year ÷ mean stock (times a year)
    profit rate = the customer's profit ÷ its sales × 100
    points of a measure = (value − least) ÷ (most − least) × 100, over the salespeople
    score = weighted mean of the points
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints, Labels, ratio
from crmlib.formulas.scores import rank_correlation

MEASURES = {
    "turnover": N_("stock turnover"),
    "profit": N_("profit rate"),
    "satisfaction": N_("satisfaction"),
    "share": N_("our share"),
    "volume": N_("sales volume"),
}
"""The four measures of the paper, and the one that they replace."""
WEIGHTS = N_("Weights")


class AppraisalRule(Inputs):
    """How the measures are computed and weighed."""

    turnover_weight: float = setting(0.25, N_("Weight of stock turnover"), low=0, high=1, step=0.05, group=WEIGHTS)
    profit_weight: float = setting(0.25, N_("Weight of the profit rate"), low=0, high=1, step=0.05, group=WEIGHTS)
    satisfaction_weight: float = setting(0.25, N_("Weight of satisfaction"), low=0, high=1, step=0.05, group=WEIGHTS)
    share_weight: float = setting(0.25, N_("Weight of our share"), low=0, high=1, step=0.05, group=WEIGHTS)
    volume_weight: float = setting(
        0,
        N_("Weight of sales volume"),
        low=0,
        high=1,
        step=0.05,
        group=WEIGHTS,
        help=N_("The old way of judging. The five weights are divided by their sum."),
    )
    peers: bool = setting(
        False,
        N_("Compare within the industry"),
        help=N_("Turnover and profit rate less the mean of the customer's industry, which nobody can sell away."),
    )
    share_of: Literal["purchases", "sales"] = setting(
        "purchases",
        N_("Our share is that of the customer's"),
        choices={"purchases": N_("purchases of such goods"), "sales": N_("sales")},
        help=N_("The paper on company XX says sales; for goods that are used up, purchases are usual."),
    )
    pooled: Literal["mean", "sum"] = setting(
        "mean",
        N_("A salesperson's figure is"),
        choices={"mean": N_("the mean of the customers"), "sum": N_("sum over sum")},
        help=N_("Sum over sum lets large customers count more. Satisfaction is then weighted by what is billed."),
    )

    def raw_weights(self) -> Floats:
        """Return the five weights as given."""
        return np.array(
            [self.turnover_weight, self.profit_weight, self.satisfaction_weight, self.share_weight, self.volume_weight]
        )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero."""
        if not self.raw_weights().any():
            yield "share_weight", _("All five weights are zero. Give at least one measure a weight.")

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum, and where a choice moves nothing."""
        raw = self.raw_weights()
        said = weights_remark(raw.sum(), MEASURES.values(), raw / raw.sum())
        idle = _("“{one}” has a weight of zero: “{other}” changes no score.")
        if not self.share_weight:
            said.append(idle.format(one=_(MEASURES["share"]), other=_("Our share is that of the customer's")))
        return said


@dataclass(frozen=True)
class Customers:
    """Each customer's figures; nan where one is not known or cannot be. Arrays run over the customers."""

    people: Labels
    seller: Ints
    industry: Ints
    billed: Floats
    used: Floats
    stock: Floats
    sales: Floats
    profit: Floats
    purchases: Floats
    satisfaction: Floats
    impossible: int  # billed more than the customer buys
    no_stock: int


@dataclass(frozen=True)
class Appraisal:
    """What :func:`appraise` returns: arrays run over the salespeople, columns over MEASURES."""

    customers: Customers
    rule: AppraisalRule
    values: Floats
    points: Floats
    score: Floats


def prepare(customers: pd.DataFrame) -> Customers:
    """Return the customers by salesperson.

    A mean stock of zero has no turnover; who is billed more than it buys has no share of purchases. Both are unknown.

    Raises:
        DataError: there are fewer than two salespeople.
    """
    seller, people = pd.factorize(customers["salesperson"], sort=True)
    if len(people) < 2:
        raise DataError(_("There is one salesperson only: nobody to compare with."))
    billed, bought = (customers[name].to_numpy(float) for name in ("billed", "purchases"))
    stock = customers["stock"].to_numpy(float)
    wrong = bought < billed
    return Customers(
        np.asarray(people, object),
        np.asarray(seller, np.int64),
        np.asarray(pd.factorize(customers["industry"], sort=True)[0], np.int64),
        billed,
        customers["used"].to_numpy(float),
        np.where(stock > 0, stock, np.nan),
        customers["sales"].to_numpy(float),
        customers["profit"].to_numpy(float),
        np.where(wrong | ~(bought > 0), np.nan, bought),
        np.asarray(customers["satisfaction"].astype("float64"), float),
        int(wrong.sum()),
        int((stock == 0).sum()),
    )


def turnover(used: Floats, stock: Floats) -> Floats:
    """Return how often the stock turns over in a year: goods used ÷ mean stock.

    >>> turnover(np.array([120.0]), np.array([20.0])).tolist()
    [6.0]
    """
    return np.asarray(used / stock)


def ratios(c: Customers, rule: AppraisalRule) -> list[tuple[Floats, Floats]]:
    """Return numerator and divisor of the four measures for each customer."""
    whole = c.purchases if rule.share_of == "purchases" else c.sales
    return [
        (c.used, c.stock),
        (100 * c.profit, c.sales),
        (c.satisfaction * c.billed, np.where(np.isnan(c.satisfaction), np.nan, c.billed)),
        (100 * c.billed, whole),
    ]


def by_person(values: Floats, weights: Floats, seller: Ints, n: int) -> Floats:
    """Return the weighted mean of what is known of each salesperson's customers; nan where nothing is.

    >>> by_person(np.array([4.0, 8, np.nan]), np.ones(3), np.array([0, 0, 1]), 2).tolist()
    [6.0, nan]
    """
    known = ~np.isnan(values) & ~np.isnan(weights) & (weights > 0)
    above = np.bincount(seller[known], weights=(values * weights)[known], minlength=n)
    below = np.bincount(seller[known], weights=weights[known], minlength=n)
    return ratio(above, below)


def within_industry(values: Floats, industry: Ints) -> Floats:
    """Return each value less the mean of its industry."""
    mean = by_person(values, np.ones(len(values)), industry, int(industry.max()) + 1)
    below: Floats = mean[industry]
    return values - below


def to_points(values: Floats) -> Floats:
    """Return the values of one measure as points: the least is 0, the most 100; equal values are 50 each.

    >>> to_points(np.array([2.0, 5, 8])).tolist()
    [0.0, 50.0, 100.0]
    """
    low, high = np.nanmin(values), np.nanmax(values)
    return np.full(len(values), 50.0) if high <= low else np.asarray(100 * (values - low) / (high - low))


def appraise(c: Customers, rule: AppraisalRule) -> Appraisal:
    """Compute the measures of each salesperson and weigh them. A measure that is not known does not count."""
    n, columns = len(c.people), []
    for k, (above, below) in enumerate(ratios(c, rule)):
        each = above / below
        if rule.peers and k < 2:
            each = within_industry(each, c.industry)
        columns.append(by_person(each, below if rule.pooled == "sum" else np.ones(len(each)), c.seller, n))
    columns.append(np.asarray(np.bincount(c.seller, weights=c.billed, minlength=n), float))
    values = np.column_stack(columns)
    points = np.column_stack([to_points(column) if not np.isnan(column).all() else column for column in values.T])
    weights = np.where(np.isnan(points), 0.0, rule.raw_weights())
    score = ratio((np.nan_to_num(points) * weights).sum(axis=1), weights.sum(axis=1))
    return Appraisal(c, rule, values, points, score)


def places(values: Floats) -> Ints:
    """Return the place of each value, 1 for the largest; equal values share the better place.

    >>> places(np.array([50.0, 80, 50])).tolist()
    [2, 1, 2]
    """
    return np.array([1 + int((values > value).sum()) for value in values])


def headline(a: Appraisal) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    volume = a.values[:, 4]
    old, new = places(volume), places(a.score)
    leader = int(np.argmax(volume))
    found = {name: float(np.nanmean(a.values[:, k])) for k, name in enumerate(list(MEASURES)[:4])}
    return found | {
        "leader": float(new[leader]),
        "moved": float((np.abs(old - new) >= 3).sum()),
        "correlation": rank_correlation(a.score, volume),
        "best": float(np.nanmax(a.score)),
    }


def listing(a: Appraisal) -> pd.DataFrame:
    """List the salespeople: their measures, score, place by score and by volume; index the salesperson."""
    table = pd.DataFrame(a.values, columns=list(MEASURES), index=pd.Index(a.customers.people, name="salesperson"))
    return table.assign(score=a.score, place=places(a.score), place_by_volume=places(a.values[:, 4]))


STUDY = Study(
    name="four_measures",
    title=N_("Four measures of a salesperson"),
    datasets=("crm_customers",),
    inputs=AppraisalRule,
    prepare=prepare,
    run=appraise,
    headline=headline,
    listing=listing,
    measures={
        "turnover": Measure(N_("Stock turnover, mean of the salespeople"), N_("times a year"), 2),
        "profit": Measure(N_("Profit rate, mean of the salespeople"), "%", 2),
        "satisfaction": Measure(N_("Satisfaction, mean of the salespeople"), N_("points"), 2),
        "share": Measure(N_("Our share, mean of the salespeople"), "%", 2),
        "leader": Measure(N_("Place of who sells most")),
        "moved": Measure(N_("Salespeople who move three places or more"), N_("people")),
        "correlation": Measure(N_("Rank correlation with sales volume"), "", 2),
        "best": Measure(N_("Highest score"), N_("points"), 1),
    },
    textbook={"peers": True},
    first=("turnover_weight", "share_weight", "volume_weight", "peers", "share_of"),
)
