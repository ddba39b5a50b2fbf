"""Keys of the drawn exercises on distributors once more, in plain arithmetic, from the numbers in the question.

A number is its answer, a choice the place of its right option: the candidate's letter, or the factor in the order of
the question.
"""

from collections.abc import Callable
from fractions import Fraction
from math import sqrt


def weighted_total(numbers: list[float]) -> float:
    scores, weights = numbers[:3], numbers[3:]
    return sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)


def knocked_out(numbers: list[float]) -> float:
    *cells, least = numbers
    rows = [cells[n : n + 3] for n in range(0, 12, 3)]
    passed = [n for n, row in enumerate(rows) if row[0] >= least]  # the minimum is that of the first factor
    (winner,) = [n for n in passed if all(sum(rows[n]) > sum(rows[other]) for other in passed if other != n)]
    return winner


def dethrone(numbers: list[float]) -> float:
    r1, r2, a1, a2, b1, b2 = map(Fraction, numbers)
    level = r1 * (a1 - b1) / (b2 - a2)  # the second weight at which the weighted sums are equal
    return float(level - r2)


def consistency(numbers: list[float]) -> float:
    n, largest, *table = numbers
    assert table[:2] == [3, 8]
    random_index = table[int(n) - 1]  # behind 3 and 8 stand the indices from 3 factors on
    return (largest - n) / (n - 1) / random_index


def closeness(numbers: list[float]) -> float:
    ideal, worst = numbers
    return 1 - ideal / (ideal + worst)


def entropy_zero(numbers: list[float]) -> float:
    rows = [numbers[n : n + 4] for n in range(0, 12, 4)]
    (alike,) = [n for n, column in enumerate(zip(*rows, strict=True)) if len(set(column)) == 1]
    return alike


def rebate_cliff(numbers: list[float]) -> float:
    demand, price, step, percent, again = numbers
    assert step == again
    return percent / 100 * price * step / (step - demand)


def safety(numbers: list[float]) -> float:
    demand, deviation, lead, lead_deviation, z = numbers
    return z * sqrt(lead * deviation * deviation + (demand * lead_deviation) ** 2)


def cash_discount(numbers: list[float]) -> float:
    rate, cash, net, year = numbers
    return 100 * rate / (100 - rate) * year / (net - cash)


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        weighted_total,
        knocked_out,
        dethrone,
        consistency,
        closeness,
        entropy_zero,
        rebate_cliff,
        safety,
        cash_discount,
    )
}
