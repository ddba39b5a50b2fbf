"""What is bought together: association rules “who buys A buys B too” from order lines (Agrawal et al. 1993).

Three figures a rule, all from counting orders. Support: the share of orders with A and B. Confidence: of the orders
with A, the share with B too. Lift: confidence by the share of all orders with B; above 1, A and B are bought together
more often than chance would have it. A rule says what goes together, never what causes what. A high confidence alone
says little: nearly everybody buys bread.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Bools, Ints


@dataclass(frozen=True)
class Baskets:
    """Orders and what is in them.

    Attributes:
        items: names of the products, sorted.
        inside: orders × products, whether the order has the product; how many of it does not count.
    """

    items: tuple[str, ...]
    inside: Bools


@dataclass(frozen=True)
class Rule:
    """Who buys all of ``given`` buys ``then`` too.

    Attributes:
        given: one product or several, sorted.
        then: one other product.
        orders: how many orders have all of them.
        support: their share of all orders, 0–1.
        confidence: their share of the orders with ``given``, 0–1.
        lift: confidence ÷ share of all orders with ``then``.
    """

    given: tuple[str, ...]
    then: str
    orders: int
    support: float
    confidence: float
    lift: float


def baskets(order: pd.Series, item: pd.Series) -> Baskets:
    """Return what is in each order, from order lines; a product that an order has twice counts once.

    Lines that are no purchase, such as returns and gift cards, are left out beforehand by whoever calls.

    Raises:
        DataError: there are no lines, or one lacks its order or its product.
    """
    if not len(order):
        raise DataError(_("There are no order lines."))
    if missing := int((order.isna().to_numpy() | item.isna().to_numpy()).sum()):
        raise DataError(_("Order lines without an order or a product: {n}.").format(n=missing))
    orders, _names = pd.factorize(order)
    items, names = pd.factorize(item.astype(str), sort=True)
    inside = np.zeros((orders.max() + 1, len(names)), dtype=np.bool_)
    inside[orders, items] = True
    return Baskets(tuple(names), inside)


def rules(of: Baskets, support: float = 0.01, confidence: float = 0.0, most: int = 2) -> tuple[Rule, ...]:
    """Return all rules with at least this support and this confidence, by lift, then support, then name.

    Args:
        of: the orders.
        support: the least, 0–1; a set of products with less is not looked into further, because no larger set that has
            it in it can have more (Agrawal & Srikant 1994).
        confidence: the least, 0–1.
        most: so many products at most before “then”.
    """
    counts = _frequent(of.inside, support, most + 1)
    found = (rule for together in counts if len(together) > 1 for rule in _rules_of(together, counts, of))
    kept = (rule for rule in found if rule.confidence >= confidence)
    return tuple(sorted(kept, key=lambda rule: (-rule.lift, -rule.support, rule.given, rule.then)))


def _rules_of(together: tuple[int, ...], counts: dict[tuple[int, ...], int], of: Baskets) -> Iterator[Rule]:
    total, both = len(of.inside), counts[together]
    for then in together:
        given = tuple(item for item in together if item != then)
        names = tuple(of.items[item] for item in given)
        sure = both / counts[given]
        yield Rule(names, of.items[then], both, both / total, sure, both * total / (counts[given] * counts[(then,)]))


def _frequent(inside: Bools, support: float, largest: int) -> dict[tuple[int, ...], int]:
    """Return how many orders have each set of products, for all sets with this support and up to so many products."""
    least = max(support * len(inside), 1) - 1e-9
    single: Ints = inside.sum(axis=0)
    level: dict[tuple[int, ...], int] = {(item,): int(n) for item, n in enumerate(single) if n >= least}
    found = dict(level)
    columns = np.asarray(inside, dtype=np.float32)
    for size in range(2, largest + 1):
        larger: dict[tuple[int, ...], int] = {}
        for start in level:
            later = [item for item in range(start[-1] + 1, inside.shape[1]) if (item,) in found]
            later = [item for item in later if all((*part, item) in level for part in combinations(start, size - 2))]
            rows = inside[:, start].all(axis=1)
            for item, n in zip(later, columns[rows][:, later].sum(axis=0, dtype=np.float64), strict=True):
                if n >= least:
                    larger[(*start, item)] = int(n)
        level = larger
        found |= level
    return found
