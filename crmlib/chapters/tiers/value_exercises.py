"""Generators on concentration, rankings and the scorecard: a part of :mod:`crmlib.chapters.tiers.exercises`."""

from collections.abc import Iterable, Sequence
from random import Random

import numpy as np

from crmlib.chapters.tiers.models import pareto, scorecard
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, products
from crmlib.core.figures import minus
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats

GROUPS = tuple(scorecard.GROUPS)


def gini(draw: Random) -> Drawn:
    """Compute the Gini coefficient of a few customers, listed in no order."""
    n, total = draw.choice([(4, 100), (5, 100), (5, 200)])  # all these give at most three decimals
    while True:
        sales = draw.sample(range(5, 95, 5), n)
        if sum(sales) == total and sales != sorted(sales):
            break
    ranked = sorted(sales)
    factors = [2 * i - n - 1 for i in range(1, n + 1)]
    weighed = sum(f * x for f, x in zip(factors, ranked, strict=True))
    key = pareto.gini(np.array(sales, float))
    values = {
        "n": n,
        "listed": sales,
        "ranked": ranked,
        "products": _products(factors, ranked),
        "weighed": weighed,
        "whole": n * total,
        "total": total,
        "key": key,
    }
    found = {
        "gini_unranked": sum(f * x for f, x in zip(factors, sales, strict=True)) / (n * total),
        "gini_largest_first": -key,
        "gini_without_n": weighed / total,
        "gini_reversed": 1 - key,
        "gini_is_share": ranked[-1] / total,
        "gini_is_area": key / 2,
        "gini_under_curve": (1 - key) / 2,
    }
    return Drawn(values, key, distractors(found))


def _products(factors: Iterable[int], numbers: Iterable[int]) -> str:
    """Return a sum of products as it is written, negative factors in brackets."""
    shown = (minus(f"({f}) × {x}") if f < 0 else f"{f} × {x}" for f, x in zip(factors, numbers, strict=True))
    return " + ".join(shown)


def rank_correlation(draw: Random) -> Drawn:
    """Compute the rank correlation of two rankings of a few customers, without ties."""
    n = draw.choice([4, 5])  # these give one decimal
    whole = n * (n * n - 1)
    while True:
        first, other = (draw.sample(range(1, n + 1), n) for _ranking in range(2))
        apart = [abs(a - b) for a, b in zip(first, other, strict=True)]
        if (squares := sum(d * d for d in apart)) and 6 * squares not in (whole, 2 * whole):
            break
    key = pareto.rank_correlation(np.array(first, float), np.array(other, float))
    values = {
        "n": n,
        "first": first,
        "other": other,
        "squares": " + ".join(f"{d * d}" for d in apart),
        "sum": squares,
        "six": 6 * squares,
        "whole": whole,
        "key": key,
    }
    found = {
        "one_minus_left_out": 6 * squares / whole,
        "not_squared": 1 - 6 * sum(apart) / whole,
        "six_left_out": 1 - squares / whole,
        "rank_turned": -key,
        "n_left_out": 1 - 6 * squares / (n * n - 1),
    }
    return Drawn(values, key, distractors(found))


def potential_value(draw: Random) -> Drawn:
    """Compute the potential value of one customer from a scorecard that has four groups."""
    points = [draw.choice(range(40, 96, 5)) for _i in GROUPS]
    weights = draw.choice([(30, 20, 30, 20), (25, 25, 30, 20), (20, 20, 40, 20), (30, 30, 10, 30), (35, 25, 15, 25)])
    share = weights[2] + weights[3]
    asked = np.array([points], float), np.array(weights) / 100
    key = float(scorecard.weighted(*asked, scorecard.POTENTIAL)[0])
    weighed = weights[2] * points[2] + weights[3] * points[3]
    values = {
        "listed": [f"{_(name)} {p}" for (name, _figures), p in zip(scorecard.GROUPS.values(), points, strict=True)],
        "weights": [f"{w}%" for w in weights],
        "products": products(zip(weights[2:], points[2:], strict=True)),
        "weighed": weighed,
        "both": f"{weights[2]} + {weights[3]}",
        "share": share,
        "key": key,
    }
    found = {
        "present_only": float(scorecard.weighted(*asked, scorecard.CURRENT)[0]),
        "total_for_side": float(scorecard.weighted(*asked)[0]),
        "side_not_divided": weighed / 100,
        "weights_ignored": (points[2] + points[3]) / 2,
        "weights_misplaced": (weights[3] * points[2] + weights[2] * points[3]) / share,
    }
    return Drawn(values, key, distractors(found))


def quadrant(draw: Random) -> Drawn:
    """Place a customer in one of the four quadrants, from its points, the weights and the cut-offs."""
    weights, cut = draw.choice([(30, 20, 30, 20), (40, 10, 20, 30), (20, 30, 10, 40)]), draw.choice([60, 65, 70])
    key = draw.randrange(len(scorecard.QUADRANTS))
    while True:
        points = [draw.choice(range(40, 96, 5)) for _i in GROUPS]
        current, potential, total = _sides(points, weights)
        clear = min(abs(v - cut) for v in (current, potential)) >= 1
        if clear and 2 * (current < cut) + (potential < cut) == key:
            break
    values = {
        "listed": [f"{_(name)} {p}" for (name, _figures), p in zip(scorecard.GROUPS.values(), points, strict=True)],
        "weights": [f"{w}%" for w in weights],
        "cut": cut,
        "now": products(zip(weights[:2], points[:2], strict=True)),
        "later": products(zip(weights[2:], points[2:], strict=True)),
        "now_share": weights[0] + weights[1],
        "later_share": weights[2] + weights[3],
        "current": current,
        "potential": potential,
        "place": _(list(scorecard.QUADRANTS.values())[key]),
    }
    seen = {
        "axes_mixed_up": 2 * (potential < cut) + (current < cut),
        "total_for_side": 3 * (total < cut),
        "side_not_divided": 3,
    }
    others = [Distractor(place, _misplaced(place, seen)) for place in range(len(scorecard.QUADRANTS)) if place != key]
    return Drawn(values, key, others, [_(name) for name in scorecard.QUADRANTS.values()])


def _sides(points: Sequence[int], weights: Sequence[int]) -> tuple[float, float, float]:
    """Return the current value, the potential value and the total of one customer."""
    asked: tuple[Floats, Floats] = np.array([points], float), np.array(weights) / 100
    current, potential, total = (
        float(scorecard.weighted(*asked, side)[0]) for side in (scorecard.CURRENT, scorecard.POTENTIAL, scorecard.ALL)
    )
    return current, potential, total


def _misplaced(place: int, seen: dict[str, int]) -> str:
    """Name what leads to a wrong quadrant; without a slip of its own one side has been misread."""
    return next((name for name, wrong in seen.items() if wrong == place), "quadrant_misread")


VALUE_GENERATORS: tuple[Generator, ...] = (gini, rank_correlation, potential_value, quadrant)
