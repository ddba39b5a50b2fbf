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


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (weighted_score, veto, boundary, credit_total, expected_loss, abc_count, top_share)
}
