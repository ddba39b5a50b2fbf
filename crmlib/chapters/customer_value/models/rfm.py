"""RFM: recency in days, frequency and monetary value as scores from 1 to 5, a weighted score, eleven segments.

Recency is here the number of days since the last purchase, so that few days are good; 5 is always the best score. It
is not the recency of BG/NBD, which is the time of the last purchase since the first. Source: Hughes (1994).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models.shop import Buyers, Shop, prepare
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

BANDS = {"recency": (30.0, 90, 180, 365), "frequency": (2.0, 3, 5, 8), "money": (100.0, 250, 500, 1000)}
"""Fixed bands, a teaching assumption. Recency: at most so many days for 5, 4, 3, 2. Others: from so much for 2 to 5."""
SEGMENTS = (
    N_("champions"),
    N_("loyal customers"),
    N_("potential loyalists"),
    N_("new customers"),
    N_("promising"),
    N_("need attention"),
    N_("about to sleep"),
    N_("at risk"),
    N_("cannot lose them"),
    N_("hibernating"),
    N_("lost"),
)
"""The eleven segments that are usual in practice; there is no official table of them."""
GRID = np.array([[10, 9, 7, 8, 8], [9, 6, 7, 7, 7], [6, 5, 5, 1, 1], [4, 2, 1, 1, 0], [3, 2, 2, 0, 0]])
"""Segment by score of recency (row, from 1) and of frequency and money together (column, from 1): a usual layout."""
RISKY = (7, 8)
RANKS: dict[str, Literal["min", "average", "max", "first"]]
RANKS = {"worst": "min", "average": "average", "best": "max", "file": "first"}
"""What pandas calls the rank that equal values get, by what the rule calls it."""


class RfmRule(Inputs):
    """How customers are scored, and who counts."""

    scoring: Literal["quintiles", "bands"] = setting(
        "quintiles",
        N_("Scores come from"),
        choices={"quintiles": N_("quintiles by rank"), "bands": N_("fixed bands")},
        help=N_("Quintiles compare customers with one another, bands with limits that stay."),
    )
    ties: Literal["worst", "average", "best", "file"] = setting(
        "worst",
        N_("Equal values share"),
        choices={
            "worst": N_("the worst score among them"),
            "average": N_("the score of their mean rank"),
            "best": N_("the best score among them"),
            "file": N_("no score: order of the file"),
        },
        help=N_("By order of the file groups are equally large, and equal customers get different scores."),
    )
    recency_weight: float = setting(0.4, N_("Weight of recency"), low=0, high=1, step=0.05)
    frequency_weight: float = setting(0.3, N_("Weight of frequency"), low=0, high=1, step=0.05)
    money_weight: float = setting(0.3, N_("Weight of monetary value"), low=0, high=1, step=0.05)
    money: Literal["total", "mean"] = setting(
        "total",
        N_("Monetary value is"),
        group=N_("Data"),
        choices={"total": N_("total spend"), "mean": N_("spend per purchase")},
    )
    returns: bool = setting(True, N_("Take returns off"), group=N_("Data"))
    unit: Literal["customers", "accounts"] = setting(
        "customers",
        N_("Counted are"),
        group=N_("Data"),
        choices={"customers": N_("customers, accounts joined"), "accounts": N_("accounts as they stand")},
    )
    wholesale: bool = setting(False, N_("Count the wholesaler among consumers"), group=N_("Data"))

    def weights(self) -> Floats:
        """Return the three weights as given."""
        return np.array([self.recency_weight, self.frequency_weight, self.money_weight])

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero."""
        if not self.weights().any():
            yield "money_weight", _("All three weights are zero. Give at least one a weight.")

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum, and when ties cannot matter."""
        ties = self.setting_of("ties").title()
        fixed = [_("These change nothing here: {names}.").format(names=ties)] if self.scoring == "bands" else []
        names = (N_("recency"), N_("frequency"), N_("monetary value"))
        return [*fixed, *weights_remark(self.weights().sum(), names, self.weights() / self.weights().sum())]


@dataclass(frozen=True)
class Rfm:
    """What :func:`score` returns; arrays run over the buyers who count."""

    rule: RfmRule
    ids: Labels
    values: Floats  # × recency (days), frequency, money (yuan)
    scores: Ints  # × three, 1–5
    weighted: Floats
    segment: Ints  # place in SEGMENTS
    net: Floats


def quintiles(values: Floats, ties: str = "worst", less_is_better: bool = False) -> Ints:
    """Return scores from 1 to 5 by rank: ⌈5 × rank ÷ n⌉, where rank 1 is the worst.

    Args:
        values: of n customers.
        ties: equal values get their lowest rank (``"worst"``), their mean rank (``"average"``) or their highest
            (``"best"``), or different ranks in the order of the file (``"file"``).
        less_is_better: whether a small value is good, as of recency.

    Few customers leave scores empty; a customer alone has 5 by every convention.

    >>> bought = np.array([1.0, 1, 1, 2, 9])
    >>> [quintiles(bought, ties).tolist() for ties in ("worst", "average", "best")]
    [[1, 1, 1, 4, 5], [2, 2, 2, 4, 5], [3, 3, 3, 4, 5]]
    """
    ranks = pd.Series(-values if less_is_better else values).rank(method=RANKS[ties]).to_numpy()
    return np.asarray(np.ceil(np.round(5 * ranks / len(values), 9)), dtype=np.int64)


def banded(values: Floats, limits: tuple[float, ...], less_is_better: bool = False) -> Ints:
    """Return scores from 1 to 5 by four limits; a value on a limit has the better score.

    >>> banded(np.array([1.0, 2, 8]), (2, 3, 5, 8)).tolist()
    [1, 2, 5]
    >>> banded(np.array([30.0, 31]), (30, 90, 180, 365), True).tolist()
    [5, 4]
    """
    ends = np.array(limits)
    return np.asarray(
        5 - np.searchsorted(ends, values, "left") if less_is_better else 1 + np.searchsorted(ends, values, "right")
    )


def score(shop: Shop, rule: RfmRule) -> Rfm:
    """Score everybody who counts.

    Raises:
        DataError: nobody is left.
    """
    b = shop.customers if rule.unit == "customers" else shop.accounts
    who = _counted(b, rule)
    net = (b.net if rule.returns else b.gross)[who]
    money = net if rule.money == "total" else net / b.orders[who]
    values = np.column_stack([(shop.today - b.last[who]).astype(float), b.orders[who].astype(float), money])
    columns = []
    for k, (name, limits) in enumerate(BANDS.items()):
        less = name == "recency"
        columns.append(
            banded(values[:, k], limits, less) if rule.scoring == "bands" else quintiles(values[:, k], rule.ties, less)
        )
    scores = np.column_stack(columns)
    weighted = scores @ (rule.weights() / rule.weights().sum())
    return Rfm(rule, b.ids[who], values, scores, weighted, segments(scores), net)


def segments(scores: Ints) -> Ints:
    """Return the segment of rows of scores; frequency and money together are their mean, a half rounded up."""
    together = (scores[:, 1] + scores[:, 2] + 1) // 2
    return np.asarray(GRID[scores[:, 0] - 1, together - 1])


def _counted(b: Buyers, rule: RfmRule) -> Bools:
    who = ~b.wholesale | rule.wholesale
    if not who.any():
        raise DataError(_("Nobody is left once the wholesaler is set apart."))
    return np.asarray(who)


def by_segment(r: Rfm) -> pd.DataFrame:
    """Return customers, their share and their share of sales (%) by segment, in the order of :data:`SEGMENTS`."""
    n = np.bincount(r.segment, minlength=len(SEGMENTS))
    sales = np.bincount(r.segment, r.net, minlength=len(SEGMENTS))
    whole = max(float(r.net.sum()), 1e-9)
    columns = {"customers": n, "share": 100 * n / len(r.ids), "sales": 100 * sales / whole}
    return pd.DataFrame(columns, index=pd.Index(SEGMENTS, name="segment"))


def headline(r: Rfm) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    table = by_segment(r)
    frequency = np.bincount(r.scores[:, 1], minlength=6)
    return {
        "customers": float(len(r.ids)),
        "champions": float(table["customers"].iloc[0]),
        "champion_sales": float(table["sales"].iloc[0]),
        "risky": float(table["customers"].iloc[list(RISKY)].sum()),
        "mean_money": float(r.values[:, 2].mean()),
        "largest": 100 * float(frequency.max()) / len(r.ids),
        "full": float((r.scores.min(axis=1) == 5).sum()),
    }


def listing(r: Rfm) -> pd.DataFrame:
    """List the customers: index the id; columns the three values, the three scores, the weighted score, the segment."""
    columns: dict[str, Any] = {name: r.values[:, k] for k, name in enumerate(BANDS)}
    columns |= {f"{name}_score": r.scores[:, k] for k, name in enumerate(BANDS)}
    columns |= {"score": r.weighted.round(2), "segment": [SEGMENTS[k] for k in r.segment]}
    return pd.DataFrame(columns, index=pd.Index(r.ids, name="customer_id"))


STUDY = Study(
    name="rfm",
    title=N_("RFM segments"),
    datasets=("shop_orders", "shop_accounts"),
    inputs=RfmRule,
    prepare=prepare,
    run=score,
    headline=headline,
    listing=listing,
    measures={
        "customers": Measure(N_("Customers scored")),
        "champions": Measure(N_("Champions")),
        "champion_sales": Measure(N_("Champions' share of sales"), "%", 1),
        "risky": Measure(N_("At risk or not to be lost")),
        "mean_money": Measure(N_("Mean monetary value"), N_("yuan"), 1),
        "largest": Measure(N_("Share of the most frequent F score"), "%", 1),
        "full": Measure(N_("Customers with 5, 5, 5")),
    },
    textbook={"scoring": "bands"},
    first=("scoring", "ties", "recency_weight", "frequency_weight", "money_weight"),
)
