"""Keys of the drawn exercises on satisfaction and service once more, in plain arithmetic, from the numbers printed."""

import re
from collections.abc import Callable
from math import ceil


def index_points(numbers: list[float]) -> float:
    means, weights = numbers[2:5], numbers[5:8]
    return (sum(w * x for w, x in zip(weights, means, strict=True)) / sum(weights) - 1) / 9 * 100


def better_worse(question: str) -> float:
    counts = {name: float(n) for name, n in re.findall(r"\b([AOMIRQ]) (\d+)", question)}
    base = counts["A"] + counts["O"] + counts["M"] + counts["I"]
    return (counts["A" if "“better”" in question else "M"] + counts["O"]) / base


def kano_class(question: str) -> float:
    """Place in attractive, one-dimensional, must-be, indifferent, reverse, questionable."""
    with_it, without = re.findall(r"“(I [^”]+|It [^”]+)”", question)
    good, bad = "I like it", "I dislike it"
    if with_it == without and with_it in (good, bad):
        return 5
    if with_it == bad or without == good:
        return 4
    if with_it == good:
        return 1 if without == bad else 0
    return 2 if without == bad else 3


def sample_size(numbers: list[float]) -> float:
    population, margin, _confidence, percent, z = numbers
    share = percent / 100
    first = z * z * share * (1 - share) / (margin / 100) ** 2
    return ceil(round(first / (1 + (first - 1) / population), 6))


def invitations(numbers: list[float]) -> float:
    answers, rate, lost = numbers
    return ceil(round(answers / (rate / 100) / (1 - lost / 100), 6))


def weighted_gap(numbers: list[float]) -> float:
    found, expected, weights = numbers[:3], numbers[3:6], numbers[6:9]
    return sum(w * (p - e) for w, p, e in zip(weights, found, expected, strict=True)) / sum(weights)


def journey(numbers: list[float]) -> float:
    fail, back = numbers[0:6:2], numbers[1:6:2]
    succeed = 1.0
    for f, r in zip(fail, back, strict=True):
        succeed *= 1 - f / 100 * (1 - r / 100)
    return 100 * succeed


def prevention(numbers: list[float]) -> float:
    visits, loss, spoil, rest, cut, cost = numbers
    return visits * rest / 100 * spoil / 100 * cut / 100 * loss - cost


def silent_share(numbers: list[float]) -> float:
    rate, happy, silent = numbers
    return (rate * happy + (100 - rate) * silent) / 100


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (index_points, sample_size, invitations, weighted_gap, journey, prevention, silent_share)
}
READERS: dict[str, Callable[[str], float]] = {"kano_class": kano_class, "better_worse": better_worse}
"""These read the question itself: letters and answers stand in it beside numbers."""
