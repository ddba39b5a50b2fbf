"""Customers in groups that nobody named beforehand: k-means on standardised figures, and how good the groups are.

Conventions, stated because results hang on them. RFM goes in as logarithms, because a few customers buy very much, and
standardised (mean 0, standard deviation 1), because otherwise the figure with the largest numbers would decide alone.
A figure that is the same for everybody says nothing and becomes 0. The search starts several times from seeded centres
and keeps the tightest result. Groups are numbered by size, the largest first. A group that loses all its customers
takes the one who is farthest from her own centre, so that none is ever empty. A group of one is left as it is: it is a
customer to be looked at, such as a wholesale buyer among consumers, and its silhouette is 0 (Rousseeuw 1987).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models.shop import Shop
from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats, Ints

GROUPS = 4
"""Groups in which the shop's consumers are shown."""
STARTS = 8
"""So many times the search begins anew."""
MOST_ROUNDS = 300
"""After so many rounds a search ends; it ends long before, when no customer changes her group."""
BLOCK = 1_000
"""Distances are worked out for so many customers at a time, to save memory."""


@dataclass(frozen=True)
class Clusters:
    """Groups found among customers.

    Attributes:
        label: group of each customer, 0 to k − 1, by size, the largest first; of equal ones, the one with the smaller
            first coordinate of its centre.
        centres: k × figures, the means of the groups.
        sizes: customers in each.
        within: sum of the squared distances of all customers from their centres, what k-means makes small.
    """

    label: Ints
    centres: Floats
    sizes: Ints
    within: float

    @property
    def of_one(self) -> list[int]:
        """The groups of a single customer."""
        return [int(group) for group in np.flatnonzero(self.sizes == 1)]


def log_rfm(days_since_last: Floats, purchases: Floats, amount: Floats) -> Floats:
    """Return customers × 3: ln(1 + R), ln F, ln M.

    R is days since the last purchase and may be 0, hence 1 + R.

    Raises:
        DataError: a figure is missing, R is negative, or F or M is not above zero: such customers, for instance those
            who returned everything, are a group of their own, to be set apart by whoever calls.
    """
    r, f, m = (np.asarray(values, float) for values in (days_since_last, purchases, amount))
    bad = ~(np.isfinite(r + f + m) & (r >= 0) & (f > 0) & (m > 0))
    if bad.any():
        raise DataError(
            _(
                "Customers without purchases, or whose amount is zero or negative after returns: {n}. A logarithm "
                "needs amounts above zero; set these customers apart as a group of their own."
            ).format(n=int(bad.sum()))
        )
    return np.column_stack([np.log1p(r), np.log(f), np.log(m)])


def standardise(figures: Floats) -> Floats:
    """Return each column less its mean, divided by its standard deviation (n in the divisor); 0 where all are the same.

    >>> standardise(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    centred = figures - figures.mean(axis=0)
    spread = np.where(np.ptp(figures, axis=0) > 0, figures.std(axis=0), np.inf)
    return np.asarray(centred / spread)


def k_means(points: Floats, k: int, seed: int) -> Clusters:
    """Return k groups such that each customer belongs to the nearest centre, and each centre is its group's mean.

    MacQueen's (1967) groups by Lloyd's rounds; the first centres are drawn by k-means++ (Arthur & Vassilvitskii 2007).
    It finds a good grouping, not always the best; hence several starts. The same seed gives the same groups.

    Args:
        points: customers × figures, standardised.

    Raises:
        DataError: fewer different customers than groups.
    """
    different = len(np.unique(points, axis=0))
    if not 1 <= k <= different:
        raise DataError(
            _("There are {n} customers that differ in these figures; choose from 1 to {n} groups, not {k}.").format(
                n=different, k=k
            )
        )
    rng = np.random.RandomState(seed)
    found = min((_search(points, _first_centres(points, k, rng)) for _start in range(STARTS)), key=lambda one: one[1])
    return _numbered(points, found[0], k)


def _first_centres(points: Floats, k: int, rng: np.random.RandomState) -> Floats:
    chosen = [int(rng.randint(len(points)))]
    nearest = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < k:
        chosen.append(int(rng.choice(len(points), p=nearest / nearest.sum())))
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def _search(points: Floats, centres: Floats) -> tuple[Ints, float]:
    """Return the groups from these first centres, and their sum of squared distances."""
    k, label = len(centres), np.full(len(points), -1)
    for _round in range(MOST_ROUNDS):
        distance = ((points[:, None, :] - centres) ** 2).sum(axis=2)
        nearest = distance.argmin(axis=1)
        own = distance[np.arange(len(points)), nearest]
        for empty in np.setdiff1d(np.arange(k), nearest):
            far = int(np.where(np.bincount(nearest, minlength=k)[nearest] > 1, own, -1).argmax())
            nearest[far], own[far] = empty, 0.0
        if (nearest == label).all():
            break
        label = nearest
        centres = _means(points, label, k)
    return label, float(((points - centres[label]) ** 2).sum())


def _means(points: Floats, label: Ints, k: int) -> Floats:
    sums = np.column_stack([np.bincount(label, column, minlength=k) for column in points.T])
    return np.asarray(sums / np.bincount(label, minlength=k)[:, None])


def _numbered(points: Floats, label: Ints, k: int) -> Clusters:
    centres, sizes = _means(points, label, k), np.bincount(label, minlength=k)
    order = np.lexsort((centres[:, 0], -sizes))
    place = np.empty(k, dtype=np.int64)
    place[order] = np.arange(k)
    label = place[label]
    within = float(((points - centres[order][label]) ** 2).sum())
    return Clusters(label, centres[order], sizes[order], within)


def groups(shop: Shop) -> pd.DataFrame:
    """Return :data:`GROUPS` groups of the shop's consumers by logarithms of R, F and M; the wholesaler is left out.

    Whoever sent everything back is left out too. Index: the group, from 1, the largest first; columns: customers, and
    the means of days since the last purchase, purchases, and spend (yuan).
    """
    b = shop.customers
    who = (b.net > 0) & ~b.wholesale
    values = np.column_stack([shop.today - b.last, b.orders, b.net])[who].astype(float)
    found = k_means(standardise(log_rfm(*values.T)), GROUPS, seed=0)
    means = [values[found.label == group].mean(axis=0) for group in range(GROUPS)]
    table = pd.DataFrame(
        means, columns=["days", "purchases", "spend"], index=pd.RangeIndex(1, GROUPS + 1, name="group")
    )
    table.insert(0, "customers", found.sizes)
    return table


def silhouette(points: Floats, label: Ints) -> Floats:
    """Return each customer's silhouette, (b − a) ÷ max(a, b), from −1 (in the wrong group) to 1 (in the right one).

    a is her mean distance from the others of her group, b from those of the nearest other group (Rousseeuw 1987). In a
    group of one it is 0, and 0 where a and b both are. With a single group there is no other: all are nan.
    """
    groups, own, sizes = np.unique(label, return_inverse=True, return_counts=True)
    if len(groups) < 2:
        return np.full(len(points), np.nan)
    order = np.argsort(own, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    found = np.zeros(len(points))
    for start in range(0, len(points), BLOCK):
        rows = slice(start, start + BLOCK)
        distance = np.sqrt(((points[rows, None, :] - points[order]) ** 2).sum(axis=2))
        sums, here = np.add.reduceat(distance, starts, axis=1), own[rows]
        each = np.arange(len(here))
        a = sums[each, here] / np.maximum(sizes[here] - 1, 1)
        others = sums / sizes
        others[each, here] = np.inf
        b = others.min(axis=1)
        most = np.maximum(a, b)
        found[rows] = np.where((sizes[here] > 1) & (most > 0), (b - a) / np.where(most > 0, most, 1.0), 0.0)
    return found
