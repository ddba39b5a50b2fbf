"""Keys of the drawn exercises on company XX by arithmetic done here, from the numbers that the question prints."""

from collections.abc import Callable
from math import sqrt


def data_score(n: list[float]) -> float:
    records, twice, stale, gaps, left = n
    return (records - twice - stale - gaps) / (records + left) * 100


def field_usable(n: list[float]) -> float:
    kept, missing, wrong, left = n
    return (kept - missing - wrong) / (kept + left) * 100


def stock_turnover(n: list[float]) -> float:
    used, first, last = n
    return 2 * used / (first + last)


def our_share(n: list[float]) -> float:
    billed, rivals, _sales = n
    return 100 - rivals / (billed + rivals) * 100


def measure_points(n: list[float]) -> float:
    value, least, most = n[:3]
    return (value - least) / (most - least) * 100


def four_points(n: list[float]) -> float:
    points, weights = n[:4], n[4:8]
    return sum(w * p for w, p in zip(weights, points, strict=True)) / sum(weights)


def overload(n: list[float]) -> float:
    capacity, best, first, second = n
    a, b = (best / 100 * min(1, capacity / load) for load in (first, second))
    return 100 * (1 - (1 - a) * (1 - b))


def chain(n: list[float]) -> float:
    benefit, one, two, three, data = n
    return benefit * one * two * three * data / 100**4


def counted_growth(n: list[float]) -> float:
    before, now, out_before, out_now = n
    return ((now - out_now) / (before - out_before) - 1) * 100


def rate_change(n: list[float]) -> float:
    won_before, before, won_now, now = n[:4]
    p, q = won_before / before, won_now / now
    return 100 * (q - p + 1.96 * sqrt(p * (1 - p) / before + q * (1 - q) / now))


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        data_score,
        field_usable,
        stock_turnover,
        our_share,
        measure_points,
        four_points,
        overload,
        chain,
        counted_growth,
        rate_change,
    )
}
"""By the name of the generator."""
