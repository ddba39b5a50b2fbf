"""Generators of the chapter on distributors. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/distributors.yaml``.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.distributors.models import distributors as model
from crmlib.chapters.distributors.models import motivation
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, products
from crmlib.core.i18n import _
from crmlib.formulas import multicriteria as mc
from crmlib.formulas.discount import annual_cost
from crmlib.tables.data import load

Scores = Sequence[Sequence[int]]
"""A row of scores a candidate."""


def _some(draw: Random, n: int) -> list[str]:
    """Return the names of a few of the eight factors, translated."""
    return [_(name) for name in draw.sample(list(model.FACTORS.values()), n)]


def _table(rows: Scores) -> dict[str, Sequence[int]]:
    """Return the scores as values: a, b …, a row each."""
    return dict(zip("abcd", rows, strict=False))


def weighted_total(draw: Random) -> Drawn:
    """Compute a weighted score with weights that do not add up to one."""
    scores, raw = [draw.choice(range(30, 91, 5)) for _i in range(3)], draw.sample(range(1, 5), 3)
    weighed, total = sum(r * s for r, s in zip(raw, scores, strict=True)), sum(raw)
    key = float(mc.weighted_scores(np.array([scores], float), np.array(raw) / total)[0])
    values = {
        "scores": scores,
        "factors": _some(draw, 3),
        "weights": " : ".join(map(str, raw)),
        "products": products(zip(raw, scores, strict=True)),
        "weighed": weighed,
        "total": total,
        "key": key,
    }
    return Drawn(values, key, distractors(_wrongly_weighed(scores, raw, weighed)))


def _wrongly_weighed(scores: list[int], raw: list[int], weighed: int) -> dict[str, float]:
    total = sum(raw)
    return {
        "weights_not_normalised": weighed,
        "divided_by_factors": weighed / 3,
        "divided_by_ten": weighed / 10,
        "weights_ignored": sum(scores) / 3,
        "weights_misplaced": sum(r * s for r, s in zip(raw[::-1], scores, strict=True)) / total,
        "heaviest_alone": scores[raw.index(max(raw))],
        "factor_left_out": (weighed - raw[-1] * scores[-1]) / total,
    }


def knocked_out(draw: Random) -> Drawn:
    """Find the winner where the best total fails the minimum of the first factor."""
    factors, least = _some(draw, 3), draw.choice([55, 60, 65])
    rows = _candidates(draw, least)
    scores = np.array(rows, float)
    total, left = mc.weighted_scores(scores, np.full(3, 1 / 3)), scores[:, 0] >= least
    by_total = int(mc.ranks(total, np.ones(4, bool)).argmin())
    key = int(np.flatnonzero(mc.ranks(total, left) == 1)[0])
    names = [_(name) for name in model.CANDIDATES]
    sums = [f"{name} {' + '.join(map(str, row))} = {sum(row)}" for name, row in zip(names, rows, strict=True)]
    values = {
        **_table(rows),
        "factors": factors,
        "factor": factors[0],
        "least": least,
        "totals": sums,
        "out": names[by_total],
        "scored": rows[by_total][0],
        "win": names[key],
    }
    others = [Distractor(n, _wrong_winner(rows, least, by_total, n)) for n in range(4) if n != key]
    return Drawn(values, key, others, names)


def _candidates(draw: Random, least: int) -> Scores:
    """Return four candidates: the best total is short in the first factor, the best in this factor does not win."""
    while True:
        rows = [draw.choices(range(40, 96, 5), k=3) for _row in range(4)]
        first, *rest = sorted(rows, key=sum, reverse=True)
        left = [row for row in rest if row[0] >= least]
        most = max(row[0] for row in left) if left else 0
        if first[0] < least and len({sum(row) for row in rows}) == 4 and left and left[0][0] < most:
            return rows


def _wrong_winner(rows: Scores, least: int, by_total: int, n: int) -> str:
    """Name what leads to a candidate that does not win."""
    if n == by_total:
        return "minimum_ignored"
    if rows[n][0] < least:
        return "minimum_checked_once"
    return "minimum_decides" if rows[n][0] == max(row[0] for row in rows) else "enough_is_best"


MOST_WEIGHT = 60
"""By so much at most a weight of 10 to 40 points rises; by more nobody would speak of a change."""


def dethrone(draw: Random) -> Drawn:
    """Find the change of one raw weight at which the runner-up draws level."""
    while True:
        ahead, behind = draw.sample(range(5, 40, 5), 2)
        r1, r2 = draw.choice(range(25, 75, 5)), draw.choice(range(10, 45, 5))
        if 0 < r1 * ahead - r2 * behind <= MOST_WEIGHT * behind and r1 > r2:
            break
    rows = [[55 + ahead, 50], [55, 50 + behind]]
    key = float(mc.dethroning(np.array(rows, float), np.array([r1, r2], float), 0).change[1])
    lead = r1 * ahead - r2 * behind
    values = {**_table(rows), "r1": r1, "r2": r2, "ahead": ahead, "behind": behind, "lead": lead, "key": key}
    found = {
        "new_weight_for_change": r2 + key,
        "lead_for_change": lead / (r1 + r2),
        "other_weight_moved": lead / ahead,
        "weight_sum_kept": lead / (ahead + behind),
        "weights_equalised": r1 - r2,
        "percent_for_points": 100 * key / r2,
        "share_for_points": 100 * (r2 + key) / (r1 + r2 + key),
    }
    return Drawn(values, key, distractors(found))


def consistency(draw: Random) -> Drawn:
    """Compute a consistency ratio from λ max and a table of random indices."""
    n, thousandths = draw.choice([4, 5, 6, 7]), draw.choice(range(30, 160))
    lam = round(n + thousandths * (n - 1) / 1000, 3)
    listed = [mc.RANDOM_INDEX["saaty"][size - 1] for size in range(3, 9)]
    ri, ci = mc.RANDOM_INDEX["saaty"][n - 1], (lam - n) / (n - 1)
    key = ci / ri
    values = {
        "n": n,
        "lam": lam,
        "listed": [f"{value:.2f}" for value in listed],
        "less": n - 1,
        "ci": ci,
        "ri": ri,
        "key": key,
    }
    return Drawn(values, key, _inconsistent(n, lam))


def _inconsistent(n: int, lam: float) -> list[Distractor]:
    below, ri, above = (mc.RANDOM_INDEX["saaty"][size - 1] for size in (n - 1, n, n + 1))
    over = lam - n
    ci = over / (n - 1)
    found = {
        "index_for_ratio": ci,
        "divided_by_n": over / n / ri,
        "divided_by_pairs": over / (n * (n - 1) / 2) / ri,
        "excess_not_divided": over / ri,
        "n_not_subtracted": lam / ri,
    }
    return [*distractors(found), *(Distractor(ci / other, "random_index_row") for other in (below, above))]


def closeness(draw: Random) -> Drawn:
    """Compute a TOPSIS closeness from the two distances."""
    hundredths, others = draw.sample(range(4, 45), 2)
    best, worst, key = hundredths / 100, others / 100, others / (hundredths + others)
    found = {
        "closeness_reversed": best / (best + worst),
        "ratio_of_distances": worst / best,
        "ratio_upside_down": best / worst,
        "one_distance_alone": worst,
        "one_less_distance": 1 - best,
        "squared_again": worst**2 / (best**2 + worst**2),
        "difference_on_top": abs(worst - best) / (best + worst),
    }
    return Drawn({"best": best, "worst": worst, "key": key}, key, distractors(found))


def entropy_zero(draw: Random) -> Drawn:
    """Say which factor gets entropy weight zero."""
    names, columns = _some(draw, 4), _columns(draw)
    order = draw.sample(range(4), 4)
    rows = [[columns[place][row] for place in order] for row in range(3)]
    weights = mc.entropy_weights(np.array(rows, float))
    assert weights is not None
    misread = {1: "entropy_reversed", 2: "small_is_none", 3: "level_for_difference"}
    others = [Distractor(n, misread[place]) for n, place in enumerate(order) if place]
    return Drawn({**_table(rows), "factors": names}, int(weights.argmin()), others, names)


def _columns(draw: Random) -> list[list[int]]:
    """Return four factors: all alike, far apart, nearly alike, and all very high or all very low."""
    same, middle, near = draw.choice(range(55, 80, 5)), draw.choice([50, 55, 60]), draw.choice(range(55, 75))
    base = draw.choice([20, 88])
    return [
        [same] * 3,
        draw.sample([middle - draw.choice([25, 30]), middle, middle + draw.choice([25, 30])], 3),
        draw.sample([near, near + 2, near + draw.choice([4, 5])], 3),
        draw.sample([base, base + 3, base + 6], 3),
    ]


def rebate_cliff(draw: Random) -> Drawn:
    """Find the cheapest surplus cost that keeps a distributor from buying up to a step."""
    demand, price = draw.choice(range(800, 1500, 50)), draw.choice([80, 100, 120, 150, 200])
    step, rate = demand + draw.choice([100, 150, 200, 250, 300]), draw.choice([2, 3, 4])
    rule = motivation.LadderRule(
        step_1=step, rate_1=rate, step_2=3990, rate_2=rate, step_3=4000, rate_3=rate, price=price
    )
    jump = float(motivation.rebate(np.array([step]), rule)[0])
    key = jump / (step - demand)
    values = {
        "demand": demand,
        "price": price,
        "step": step,
        "rate": rate,
        "jump": jump,
        "surplus": step - demand,
        "key": key,
    }
    return Drawn(values, key, distractors(_wrong_limits(rate * price / 100, demand, step, price)))


def _wrong_limits(each: float, demand: int, step: int, price: int) -> dict[str, float]:
    jump, surplus = each * step, step - demand
    return {
        "rebate_on_one_case": each,
        "surplus_earns_nothing": each * demand / surplus,
        "spread_over_sales": jump / demand,
        "total_for_each": jump,
        "price_for_limit": price,
        "year_for_quarter": 4 * jump / surplus,
    }


def safety(draw: Random) -> Drawn:
    """Compute a safety stock with uncertain demand and lead time."""
    d, sd = draw.choice(range(80, 260, 20)), draw.choice(range(15, 50, 5))
    lead, lead_sd = draw.choice(range(2, 9)), draw.choice([0.4, 0.5, 0.8, 1])
    z = draw.choice([1.28, 1.65, 2.33])
    stock = motivation.safety_stock
    key = stock(z, sd, lead, d, lead_sd)
    under = lead * sd**2 + (d * lead_sd) ** 2
    values = {"d": d, "sd": sd, "lead": lead, "lead_sd": lead_sd, "z": z, "under": under, "key": key}
    found = {
        "lead_time_certain": stock(z, sd, lead),
        "demand_certain": z * d * lead_sd,
        "z_left_out": key / z,
        "one_week_only": stock(z, sd, 1, d, lead_sd),
        "deviations_multiplied": stock(z, sd * lead, 1, d, lead_sd),
        "deviations_added": float(z * (np.sqrt(lead) * sd + d * lead_sd)),
        "reorder_for_safety": d * lead + key,
    }
    return Drawn(values, key, distractors(found))


def cash_discount(draw: Random) -> Drawn:
    """Annualise the cost of forgoing a cash discount."""
    rate, cash = draw.choice([1, 1.5, 2, 2.5, 3, 4]), draw.choice([5, 7, 10, 15, 20])
    net, year = draw.choice([30, 40, 45, 50, 60, 75, 90]), draw.choice([360, 365])
    key = 100 * annual_cost(rate / 100, cash, net, year)
    values = {
        "rate": rate,
        "cash": cash,
        "net": net,
        "year": year,
        "rest": 100 - rate,
        "days": net - cash,
        "key": key,
    }
    return Drawn(values, key, distractors(_wrong_costs(rate, cash, net, year)))


def _wrong_costs(rate: float, cash: int, net: int, year: int) -> dict[str, float]:
    cost, each, days = annual_cost, rate / (100 - rate), net - cash
    return {
        "other_year": 100 * cost(rate / 100, cash, net, 725 - year),
        "base_of_hundred": rate * year / days,
        "all_days_counted": 100 * cost(rate / 100, 0, net, year),
        "cash_days_counted": 100 * cost(rate / 100, 0, cash, year),
        "discount_for_annual": rate,
        "months_for_days": 1200 * each,
        "days_not_divided": 100 * each * year,
        "compounded": 100 * cost(rate / 100, cash, net, year, compound=True),
    }


def in_the_case(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the case's candidates."""
    weight = draw.choice([0, 30, 40, 50])
    candidates = model.prepare(load("distributors"), load("factor_judgements"))

    def score(**inputs: Any) -> float:
        return round(model.headline(model.choose(candidates, model.DistributorRule(**inputs)))["score"], 2)

    by_textbook = score(**{**model.STUDY.textbook, "finances_weight": weight})
    others = [
        Distractor(score(), "inputs_not_set", values={"left": "finances"}),
        Distractor(score(finances_weight=weight, panel="head_office"), "other_scorers"),
        Distractor(by_textbook, "inputs_not_set", values={"left": "others"}),
    ]
    return Drawn({"weight": weight}, score(finances_weight=weight), others)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        weighted_total, knocked_out, dethrone, consistency, closeness, entropy_zero, rebate_cliff, safety,
        cash_discount, in_the_case,
    )
}  # fmt: skip
