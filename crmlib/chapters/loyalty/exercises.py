"""Generators of the chapter on loyalty. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/loyalty.yaml``.
"""

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.loyalty.models import loyalty, measures
from crmlib.chapters.loyalty.models.survey import ATTRIBUTES, INDICATORS, Survey, prepare
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, numbered, products
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats, Ints
from crmlib.tables.data import load


def satisfaction(draw: Random) -> Drawn:
    """Weigh c = b ÷ a over three attributes."""
    names = [_(label) for label in list(ATTRIBUTES.values())[:3]]
    a = np.array([draw.choice([4, 5, 6, 8, 10]) for _i in range(3)])
    b = np.array([draw.randrange(3, 11) for _i in range(3)])
    weights = np.array(draw.sample(draw.choice([(5, 3, 2), (6, 3, 1), (7, 2, 1)]), 3))
    c = measures.satisfaction(b.astype(float), a.astype(float))
    key = float(measures.weighted_mean(c, weights.astype(float)))
    values = {
        **numbered(name=names, a=a, b=b),
        "weights": " : ".join(map(str, weights)),
        "each": [f"{y} ÷ {x} = {value:.3f}" for x, y, value in zip(a, b, c, strict=True)],
        "weighed": " + ".join(f"{weight} × {value:.3f}" for weight, value in zip(weights, c, strict=True)),
        "total": weights.sum(),
        "key": key,
    }
    return Drawn(values, key, distractors(_dissatisfied(a, b, weights, c)))


def _dissatisfied(a: Ints, b: Ints, weights: Ints, c: Floats) -> dict[str, float]:
    share = weights / weights.sum()
    return {
        "ratio_turned_over": float(share @ (a / b)),
        "weights_ignored": float(c.mean()),
        "sums_divided_first": float(b.sum() / a.sum()),
        "difference_for_ratio": float(share @ (b - a)),
        "relative_for_ratio": float(share @ (c - 1)),
        "weights_not_shared": float(weights @ c),
        "heaviest_only": float(c[weights.argmax()]),
    }


def promoters(draw: Random) -> Drawn:
    """Compute a net promoter score from a table of answers."""
    counts = {s: draw.randrange(2, 30) for s in (5, 6, 7, 8, 9, 10)}
    answers = np.repeat(np.array(list(counts), float), list(counts.values()))
    key, up, down = measures.nps(answers)
    values = {
        **{f"n{score}": n for score, n in counts.items()},
        "more": counts[9] + counts[10],
        "fewer": counts[5] + counts[6],
        "all": len(answers),
        "key": key,
    }
    return Drawn(values, key, distractors(_wrong_scores(counts, key, up, down)))


def _wrong_scores(counts: Mapping[int, int], key: float, up: float, down: float) -> dict[str, float]:
    one = 100 / sum(counts.values())  # what one customer is of the base, in %
    return {
        "detractors_forgotten": up,
        "passives_dropped": 100 * key / (up + down),
        "promoters_too_wide": key + one * counts[8],
        "detractors_too_narrow": key + one * counts[6],
        "detractors_too_wide": key - one * counts[7],
        "sign_reversed": -key,
        "counts_for_shares": key / one,
    }


def wallet_rule(draw: Random) -> Drawn:
    """Apply the wallet allocation rule where we tie with one or two other stores, for any place but the middle one."""
    n, best, tied = draw.choice(TIES)
    ours = draw.choice([6, 7, 8])
    above = [draw.randrange(ours + 1, 11) for _i in range(best - 1)]
    below = [draw.randrange(2, ours) for _i in range(n - tied - best + 1)]
    others = [*[ours] * (tied - 1), *above, *below]
    ratings = [ours, *draw.sample(others, len(others))]
    key = 100 * float(measures.wallet_allocation(np.array(ratings, float))[0])
    worst = best + tied - 1
    values = {"n": n, "ratings": ratings, "m": n + 1, "best": best, "worst": worst, "rank": (best + worst) / 2}
    values |= {"tied": tied, "key": key}
    return Drawn(values, key, distractors(_wrong_shares(n, best, tied, 100 * ours / sum(ratings))))


TIES = tuple(
    (n, best, tied)
    for n in range(4, 8)
    for tied in (2, 3)
    for best in range(1, n - tied + 2)
    if 2 * best + tied - 1 != n + 1
)
"""Stores, the best of the places that are shared, and by how many; in the middle every store has its equal share."""


def _wrong_shares(n: int, best: int, tied: int, by_rating: float) -> dict[str, float]:
    mean = best + (tied - 1) / 2

    def share(rank: float, stores: int = n) -> float:
        return 100 * (1 - rank / (stores + 1)) * 2 / stores

    return {
        "best_rank_for_tie": share(best),
        "worst_rank_for_tie": share(best + tied - 1),
        "tie_as_one_place": share(best, n - tied + 1),
        "equal_shares": 100 / n,
        "shares_by_rating": by_rating,
        "factor_left_out": 100 * (1 - mean / (n + 1)),
        "rank_turned_over": 100 * mean / (n + 1) * 2 / n,
    }


def wallet(draw: Random) -> Drawn:
    """Take returns off before the share of wallet is computed."""
    bought, back = draw.choice(range(2000, 6000, 200)), draw.choice(range(400, 1600, 200))
    rivals = [draw.choice(range(800, 4000, 200)) for _i in range(2)]
    net, other = float(bought - back), float(sum(rivals))
    key = 100 * float(measures.wallet_share(np.array([net]), np.array([rivals], float))[0])
    values = {
        "bought": bought,
        "back": back,
        "a": rivals[0],
        "b": rivals[1],
        "net": net,
        "total": net + other,
        "key": key,
    }
    return Drawn(values, key, distractors(_wrong_wallets(bought, net, other, max(rivals))))


def _wrong_wallets(bought: float, net: float, other: float, larger: float) -> dict[str, float]:
    """Return the mistakes; of two that go by the distance to the rivals, the one that still looks like a share."""
    whole = net + other
    behind = {"base_without_us": 100 * net / other}
    ahead = {"lead_for_share": 100 * (net - other) / whole}
    return {
        "returns_ignored": 100 * bought / (bought + other),
        **(behind if net < other else ahead),
        "one_rival_only": 100 * net / (net + larger),
        "rivals_share": 100 * other / whole,
        "returns_left_in_base": 100 * net / (bought + other),
        "equal_shares": 100 / 3,
    }


def missing(draw: Random) -> Drawn:
    """Compute an index where one indicator is not known."""
    names = [_(INDICATORS[n].label) for n in ("repeat", "recommend", "wallet", "feeling")]
    points = [draw.randrange(10, 100, 5) for _i in range(4)]
    weights = draw.sample((4, 3, 2, 1), 4)
    gone = draw.randrange(4)
    known = np.array([np.nan if k == gone else p for k, p in enumerate(points)], float)
    key = float(measures.weighted_mean(known, np.array(weights, float)))
    pairs = [(w, p) for k, (w, p) in enumerate(zip(weights, points, strict=True)) if k != gone]
    values = {
        **numbered(name=names, points=points, weight=weights),
        "gone": gone + 1,
        "products": products(pairs),
        "sum": sum(w * p for w, p in pairs),
        "weights": sum(weights) - weights[gone],
        "key": key,
    }
    return Drawn(values, key, distractors(_wrongly_filled(pairs, weights[gone])))


def _wrongly_filled(pairs: list[tuple[int, int]], freed: int) -> dict[str, float]:
    """Return the mistakes for known (weight, points) and the weight of what is missing."""
    carried, weights = sum(w * p for w, p in pairs), sum(w for w, _p in pairs) + freed
    plain = sum(p for _w, p in pairs) / len(pairs)
    return {
        "missing_is_zero": carried / weights,
        "weights_ignored": plain,
        "missing_filled_in": (carried + 50 * freed) / weights,
        "missing_is_full": (carried + 100 * freed) / weights,
        "weight_shared_equally": (carried + plain * freed) / weights,
        "weight_to_heaviest": (carried + max(pairs)[1] * freed) / weights,
    }


def direction(draw: Random) -> Drawn:
    """Turn minutes into points, where less is better."""
    zero, full = draw.choice([40, 45, 50, 55, 60, 75, 80, 90]), draw.choice([2, 3, 4, 5, 8, 10, 12, 15])
    minutes = draw.randrange(full + 3, zero - 2)
    key = float(measures.points(np.array(float(minutes)), zero, full))
    found = {
        "direction_reversed": 100 - key,
        "raw_for_points": float(100 - minutes),
        "not_brought_to_scale": float(zero - minutes),
        "anchor_ignored": 100 * (zero - minutes) / zero,
        "quotient_for_line": 100 * full / minutes,
        "share_of_longest": 100 * minutes / zero,
    }
    return Drawn({"minutes": minutes, "zero": zero, "full": full, "key": key}, key, distractors(found))


def repeat_rate(draw: Random) -> Drawn:
    """Compute a repeat purchase rate from a table of customers that includes returns."""
    none, twice, thrice = draw.randrange(5, 61), draw.randrange(10, 41), draw.randrange(5, 31)
    once = twice + thrice + draw.randrange(3, 41)
    back_one, back_two = draw.randrange(3, 13), draw.randrange(3, 10)
    purchases = np.repeat(np.arange(4.0), (none, once, twice, thrice))
    key = 100 * measures.repeat_purchase_rate(purchases)
    values = {
        "nothing": none,
        "once": once,
        "twice": twice,
        "thrice": thrice,
        "back_one": back_one,
        "back_two": back_two,
        "again": twice + thrice,
        "buyers": once + twice + thrice,
        "key": key,
    }
    return Drawn(values, key, distractors(_wrong_rates((none, once, twice, thrice), back_one, back_two)))


def _wrong_rates(customers: tuple[int, int, int, int], back_one: int, back_two: int) -> dict[str, float]:
    """Return the mistakes for customers with none to three purchases, and those who returned one of one or two."""
    none, once, twice, thrice = customers
    buyers, again = once + twice + thrice, twice + thrice
    return {
        "base_holds_nonbuyers": 100 * again / (buyers + none),
        "return_is_purchase": 100 * (again + back_one) / buyers,
        "return_undoes_purchase": 100 * (again - back_two) / (buyers - back_one),
        "purchases_for_customers": 100 * (twice + 2 * thrice) / (once + 2 * twice + 3 * thrice),
        "more_than_twice": 100 * thrice / buyers,
        "reach_for_repeat": 100 * buyers / (buyers + none),
        "odds_for_share": 100 * again / once,
    }


def _misplaced(key: int) -> list[Distractor]:
    """Return what is wrong with each kind of loyalty but ``key``, by their places in ``measures.KINDS``."""
    satisfied = Distractor(0, "satisfied_is_loyal")
    if key in (1, 2):
        return [satisfied, Distractor(3 - key, "latent_spurious_mixed"), Distractor(3, "one_low_is_none")]
    both = [Distractor(kind, "cut_misread", values={"opposite": False}) for kind in (1, 2)]
    if key == 3:
        return [satisfied, *both]
    return [*both, Distractor(3, "cut_misread", values={"opposite": True})]


def quadrant(draw: Random) -> Drawn:
    """Place a customer by attitude and behaviour."""
    cuts = draw.randrange(50, 71, 5), draw.randrange(35, 61, 5)
    high, buys = draw.choice([(True, False), (False, True), (True, True), (False, False)])
    attitude = cuts[0] + draw.choice([0, 5, 12]) if high else cuts[0] - draw.choice([4, 9, 15])
    behaviour = cuts[1] + draw.choice([0, 6, 20]) if buys else cuts[1] - draw.choice([3, 11, 18])
    key = int(measures.dick_basu(np.array([attitude]), np.array([behaviour]), *cuts)[0])
    values = {
        "attitude": attitude,
        "a": cuts[0],
        "attitude_high": high,
        "behaviour": behaviour,
        "b": cuts[1],
        "behaviour_high": buys,
    }
    return Drawn(values, key, _misplaced(key), [_(kind) for kind in measures.KINDS])


@cache
def survey() -> Survey:
    """Return the store's own survey and orders."""
    return prepare(load("loyalty_customers"), load("loyalty_orders"))


def in_the_store(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the store's own data."""
    cut = float(draw.choice([50, 54, 57, 65, 68, 70, 72]))

    def found(**inputs: Any) -> dict[str, float]:
        return loyalty.headline(loyalty.measure(survey(), loyalty.LoyaltyPolicy(**inputs)))

    now = found(loyal_from=cut)
    mistakes = {
        "default_left": found()["satisfied_not_loyal"],
        "dissatisfied_counted": 100 - now["loyal"],
        "first_survey": found(loyal_from=cut, wave="first")["satisfied_not_loyal"],
    }
    return Drawn({"cut": cut}, now["satisfied_not_loyal"], distractors(mistakes))


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        satisfaction, promoters, wallet_rule, wallet, missing, direction, repeat_rate, quadrant, in_the_store
    )
}  # fmt: skip
