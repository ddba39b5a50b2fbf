"""Keys of the drawn exercises on loyalty by arithmetic done here, from the numbers that the question prints."""

from collections.abc import Callable
from itertools import pairwise


def satisfaction(n: list[float]) -> float:
    """Weigh b ÷ a: expected and found of three attributes, then the three weights."""
    a, b, weights = n[0:6:2], n[1:6:2], n[6:9]
    return sum(w * y / x for w, x, y in zip(weights, a, b, strict=True)) / sum(weights)


def promoters(n: list[float]) -> float:
    """Take detractors from promoters: the ends of the scale, then score and customers six times."""
    counts = dict(zip(n[2::2], n[3::2], strict=True))
    up = sum(times for score, times in counts.items() if score >= 9)
    down = sum(times for score, times in counts.items() if score <= 6)
    return 100 * (up - down) / sum(counts.values())


def wallet_rule(n: list[float]) -> float:
    """Go by rank: the number of stores, then their ratings, ours first."""
    stores, (ours, *others) = n[0], n[1:]
    ahead, tied = sum(r > ours for r in others), sum(r == ours for r in others)
    rank = ahead + 1 + tied / 2
    return 100 * (1 - rank / (stores + 1)) * 2 / stores


def wallet(n: list[float]) -> float:
    """Divide what stays with us by what stays anywhere: bought, returned, two rivals."""
    bought, back, a, b = n
    return 100 * (bought - back) / (bought - back + a + b)


def missing(n: list[float]) -> float:
    """Weigh what is known: points (10 and more) and weight (4 and less), of one indicator the weight alone."""
    known = [(points, weight) for points, weight in pairwise(n) if points >= 10]
    return sum(points * weight for points, weight in known) / sum(weight for _points, weight in known)


def direction(n: list[float]) -> float:
    """Measure the way from nothing to full points: minutes, the end of 0 points, 0, the end of 100 points, 100."""
    minutes, zero, full = n[0], n[1], n[3]
    return 100 * (zero - minutes) / (zero - full)


def repeat_rate(n: list[float]) -> float:
    """Count who bought twice or more among all buyers: none, once, returned, twice, returned, three times."""
    _none, once, _back, twice, _back_too, thrice = n
    return 100 * (twice + thrice) / (once + twice + thrice)


def quadrant(n: list[float]) -> float:
    """Give the place among true, latent, spurious, none: attitude, its cut, behaviour, its cut."""
    attitude, cut, behaviour, other_cut = n
    likes, buys = attitude >= cut, behaviour >= other_cut
    return {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}[likes, buys]


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (satisfaction, promoters, wallet_rule, wallet, missing, direction, repeat_rate, quadrant)
}
"""By the name of the generator; for a choice among kinds the place of the right one as the chapter lists them."""
