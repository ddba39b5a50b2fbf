"""Keys of the drawn exercises on tiers once more, in plain arithmetic, from the numbers that stand in the question.

A number is its answer, a choice the place of its right option among the six tiers, gold first.
"""

from collections.abc import Callable

RESTRICTED = 4


def weighted_score(numbers: list[float]) -> float:
    scores, weights = numbers[:4], numbers[4:]
    exact = sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)
    return int(exact * 10 + 0.5 + 1e-9) / 10


def veto(numbers: list[float]) -> float:
    *cuts, limit, points, days = numbers
    tier = sum(points < cut for cut in cuts)
    return max(tier, RESTRICTED) if days > limit else tier


def boundary(numbers: list[float]) -> float:
    *cuts, told, tier_told, score = numbers
    one_lower = cuts.index(told) + 1 < tier_told
    return cuts.index(score) + one_lower


def credit_total(numbers: list[float]) -> float:
    growth = 0.0
    for before, after in zip(numbers[::2], numbers[1::2], strict=True):
        if after > before:
            growth += after - before
    return growth


def expected_loss(numbers: list[float]) -> float:
    _firms, exposure, _collateral, pd_percent, lgd_percent = numbers
    return exposure * pd_percent * lgd_percent / 10_000


def abc_count(numbers: list[float]) -> float:
    customers, *sales, a_percent, _b_percent = numbers
    assert len(sales) == len(set(sales)) == customers
    reached = 0.0
    for count, amount in enumerate(sorted(sales, reverse=True), 1):
        reached += amount
        if reached >= a_percent / 100 * sum(sales):
            return count
    raise AssertionError


def top_share(numbers: list[float]) -> float:
    customers, *sales, percent = numbers
    assert len(sales) == customers
    whole, rest = divmod(customers * percent, 100)
    assert rest == 0
    return 100 * sum(sorted(sales)[-int(whole) :]) / sum(sales)


def gini(numbers: list[float]) -> float:
    """By its meaning: half the mean difference of all pairs, as a share of the mean."""
    customers, *sales = numbers
    assert len(sales) == customers
    apart = sum(abs(a - b) for a in sales for b in sales)
    return apart / (2 * customers * sum(sales))


def rank_correlation(numbers: list[float]) -> float:
    """As the correlation of the ranks, not by the formula with squared differences."""
    customers, *ranks = numbers
    n = int(customers)
    first, other = ranks[:n], ranks[n:]
    assert sorted(first) == sorted(other) == list(range(1, n + 1))
    mean = (n + 1) / 2
    spread = sum((a - mean) ** 2 for a in first)
    return sum((a - mean) * (b - mean) for a, b in zip(first, other, strict=True)) / spread


def potential_value(numbers: list[float]) -> float:
    points, weights = numbers[:4], numbers[4:]
    assert sum(weights) == 100
    exact = (weights[2] * points[2] + weights[3] * points[3]) / (weights[2] + weights[3])
    return int(exact * 10 + 0.5 + 1e-9) / 10


def quadrant(numbers: list[float]) -> float:
    """The places are high-high, high-low, low-high, low-low: current value first."""
    points, weights, cut = numbers[:4], numbers[4:8], numbers[8]
    current = (weights[0] * points[0] + weights[1] * points[1]) / (weights[0] + weights[1])
    potential = (weights[2] * points[2] + weights[3] * points[3]) / (weights[2] + weights[3])
    return {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}[current >= cut, potential >= cut]


def freshness(numbers: list[float]) -> float:
    each, *counts = numbers
    filled, fresh = counts[::2], counts[1::2]
    assert len(filled) == 4 and max(filled) <= each
    return int(1000 * sum(fresh) / sum(filled) + 0.5 + 1e-9) / 10


def usable_cards(numbers: list[float]) -> float:
    complete, fresh, *rest = numbers
    cards = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    assert len(cards) == 6
    return sum(one[0] >= complete and one[1] >= fresh and one[2] == 1 for one in cards)


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        weighted_score,
        veto,
        boundary,
        credit_total,
        expected_loss,
        abc_count,
        top_share,
        gini,
        rank_correlation,
        potential_value,
        quadrant,
        freshness,
        usable_cards,
    )
}
