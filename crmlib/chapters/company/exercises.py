"""Generators of the chapter on company XX. Keys come from the chapter's model functions; a share is divided here.

Misconceptions and texts are those of ``casebook/items/company.yaml``.
"""

from functools import cache
from random import Random

import numpy as np

from crmlib.chapters.company.models import audit, opportunities, performance, rollout
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, numbered, products
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.tables.data import load

WEIGHTS = ((0.4, 0.3, 0.2, 0.1), (0.3, 0.3, 0.2, 0.2), (0.1, 0.2, 0.3, 0.4), (0.2, 0.1, 0.4, 0.3))


def data_score(draw: Random) -> Drawn:
    """Score an extract whose faulty records have one fault each."""
    records, left = 10 * draw.randrange(20, 61), 5 * draw.randrange(4, 17)
    twice, stale, gaps = (draw.randrange(records // 20, records // 6) for _fault in range(3))
    usable = records - twice - stale - gaps
    key = audit.score(usable, records, left)
    values: dict[str, float] = {
        "records": records,
        "left": left,
        "twice": twice,
        "stale": stale,
        "gaps": gaps,
        "usable": usable,
    }
    values |= {"whole": records + left, "key": key}
    found = {
        "books_ignored": audit.score(usable, records, 0),
        "faults_for_usable": 100 - key,
        "left_subtracted": audit.score(usable, records, -left),
        "duplicates_kept": audit.score(usable + twice, records, left),
        "left_counted_usable": audit.score(usable + left, records, left),
    }
    return Drawn(values, key, distractors(found))


def field_usable(draw: Random) -> Drawn:
    """Find the share of firms of which one field can be used."""
    kept, left = 10 * draw.randrange(20, 51), 5 * draw.randrange(4, 15)
    missing, wrong = draw.randrange(kept // 12, kept // 4), draw.randrange(3, kept // 12)
    usable = kept - missing - wrong
    key = audit.score(usable, kept, left)
    values = {"kept": kept, "left": left, "missing": missing, "wrong": wrong, "usable": usable}
    found = {
        "filled_is_right": audit.score(usable + wrong, kept, left),
        "books_ignored": audit.score(usable, kept, 0),
        "faults_for_usable": 100 - key,
        "missing_left_out": audit.score(kept - wrong, kept, left),
        "left_counted_usable": audit.score(usable + left, kept, left),
    }
    return Drawn(values | {"key": key}, key, distractors(found))


def stock_turnover(draw: Random) -> Drawn:
    """Compute how often a customer's stock turns over."""
    first, last = draw.sample(range(10, 60, 2), 2)
    mean = (first + last) / 2
    used = round(mean * draw.choice([2.5, 3, 4, 4.5, 5, 6, 7.5, 8]))
    key = float(performance.turnover(np.array([float(used)]), np.array([mean]))[0])
    found = {
        "last_stock_alone": used / last,
        "first_stock_alone": used / first,
        "stocks_added": used / (first + last),
        "turned_upside_down": mean / used,
        "days_for_times": 365 / key,
    }
    values: dict[str, float] = {
        "used": TEN_THOUSAND * used,
        "first": TEN_THOUSAND * first,
        "last": TEN_THOUSAND * last,
        "mean": TEN_THOUSAND * mean,
        "key": key,
    }
    return Drawn(values, key, distractors(found))


def our_share(draw: Random) -> Drawn:
    """Compute our share of a customer's purchases."""
    purchases = 10 * draw.randrange(8, 61)
    billed = round(purchases * draw.randrange(15, 80) / 100)
    rivals = purchases - billed
    sales = 100 * draw.randrange(purchases // 20, purchases // 5) + 1000
    key = 100 * billed / purchases
    found = {
        "share_of_sales": 100 * billed / sales,
        "rest_for_part": 100 - key,
        "rivals_as_whole": 100 * billed / rivals,
        "purchases_over_sales": 100 * purchases / sales,
    }
    values: dict[str, float] = {
        "billed": TEN_THOUSAND * billed,
        "rivals": TEN_THOUSAND * rivals,
        "purchases": TEN_THOUSAND * purchases,
    }
    values |= {"sales": TEN_THOUSAND * sales, "key": key}
    return Drawn(values, key, distractors(found))


def measure_points(draw: Random) -> Drawn:
    """Turn a figure into points between the least and the most of all salespeople."""
    least = draw.randrange(20, 45) / 10
    most = least + draw.randrange(25, 60) / 10
    value = round(least + (most - least) * draw.randrange(15, 90) / 100, 1)
    key = float(performance.to_points(np.array([least, value, most]))[1])
    values = {"value": value, "least": least, "most": most, "above": value - least, "range": most - least, "key": key}
    found = {
        "share_of_most": 100 * value / most,
        "counted_down": 100 - key,
        "least_kept": 100 * value / (most - least),
        "range_ignored": 100 * (value - least) / most,
    }
    return Drawn(values, key, distractors(found))


def four_points(draw: Random) -> Drawn:
    """Weigh the points of the four measures."""
    points, weights = [draw.randrange(5, 100) for _i in range(4)], draw.choice(WEIGHTS)
    key = float(np.dot(points, weights))
    both = products(list(zip(weights, points, strict=True))[:2]), products(list(zip(weights, points, strict=True))[2:])
    half = float(np.dot(points[:2], weights[:2]))
    values = numbered(p=points, w=weights) | {"first": both[0], "half": half, "rest": both[1], "key": key}
    found = {
        "weights_ignored": sum(points) / 4,
        "weights_swapped": float(np.dot(points, weights[::-1])),
        "best_alone": float(max(points)),
        "last_left_out": float(np.dot(points[:3], weights[:3])),
    }
    return Drawn(values, key, distractors(found))


def overload(draw: Random) -> Drawn:
    """Find the probability that a module has taken hold after two quarters of overload."""
    capacity, best = draw.choice([4, 5, 6, 8, 10]), 5 * draw.randrange(12, 20)
    loads = [capacity * draw.choice([2, 2.5, 3, 4]), capacity * draw.choice([1.25, 1.5, 1.6, 1.75])]
    first, second = (rollout.chance(load, capacity, best / 100, 1) for load in loads)
    key = 100 * (first + (1 - first) * second)
    values: dict[str, float] = {"capacity": capacity, "best": best, "load1": loads[0], "load2": loads[1]}
    values |= {"first": 100 * first, "second": 100 * second, "left": 100 - 100 * first, "key": key}
    found = {
        "chances_added": 100 * (first + second),
        "chances_multiplied": 100 * first * second,
        "overload_ignored": 100 * (1 - (1 - best / 100) ** 2),
        "first_quarter_alone": 100 * first,
        "second_quarter_alone": 100 * second,
    }
    return Drawn(values, key, distractors(found))


def chain(draw: Random) -> Drawn:
    """Find what a module brings that needs two others and usable data."""
    held = draw.sample([60, 70, 75, 80, 90, 95], 3)
    benefit, data = TEN_THOUSAND * draw.choice([10, 12, 16, 20, 25, 30]), draw.choice([40, 50, 60, 70, 80])
    needed = np.tri(3, k=-1, dtype=bool)
    works = float(rollout.in_use(np.array(held) / 100, needed)[2])
    key = benefit * works * data / 100
    values = numbered(h=held) | {"benefit": benefit, "data": data, "works": 100 * works, "key": key}
    found = {
        "base_ignored": benefit * held[2] / 100 * data / 100,
        "data_ignored": benefit * works,
        "weakest_alone": benefit * min(held) / 100 * data / 100,
        "chances_averaged": benefit * sum(held) / 300 * data / 100,
        "benefit_for_granted": float(benefit),
    }
    return Drawn(values, key, distractors(found))


def counted_growth(draw: Random) -> Drawn:
    """Compute the growth of the opportunities that count."""
    before = 20 * draw.randrange(10, 26)
    entered = round(before * draw.randrange(130, 190) / 100)
    more = (entered - before) // 5
    out_before, out_now = draw.randrange(8, before // 8), draw.randrange(2 * more, 3 * more)
    key = opportunities.growth(before - out_before, entered - out_now)
    values: dict[str, float] = {"before": before, "entered": entered, "out_before": out_before, "out_now": out_now}
    values |= {"kept_before": before - out_before, "kept_now": entered - out_now}
    values |= {"key": key}
    found = {
        "entered_is_won": opportunities.growth(before, entered),
        "one_year_cleaned": opportunities.growth(before, entered - out_now),
        "wrong_base": 100 * (entered - out_now - before + out_before) / (entered - out_now),
        "growth_of_the_rest": opportunities.growth(out_before, out_now),
    }
    return Drawn(values, key, distractors(found))


def rate_change(draw: Random) -> Drawn:
    """Compute the upper bound of the change of a win rate."""
    n1, n2 = 10 * draw.randrange(12, 31), 10 * draw.randrange(20, 46)
    p1, p2 = draw.choice([20, 25, 30, 35, 40]), draw.choice([20, 25, 30, 35])
    n1, n2 = 20 * (n1 // 20), 20 * (n2 // 20)
    won = n1 * p1 // 100, n2 * p2 // 100
    _low, middle, key = opportunities.difference(won, (n1, n2))
    square = p1 / 100 * (1 - p1 / 100) / n1 + p2 / 100 * (1 - p2 / 100) / n2
    error = 100 * square**0.5
    values = {"won1": won[0], "won2": won[1], "n1": n1, "n2": n2, "p1": p1, "p2": p2, "middle": middle}
    values |= {"q1": 100 - p1, "q2": 100 - p2, "error": error, "key": key}
    found = {
        "one_error": middle + error,
        "change_for_bound": middle,
        "lower_for_upper": middle - 1.96 * error,
        "half_width_alone": 1.96 * error,
        "errors_added": middle
        + 1.96 * 100 * ((p1 * (100 - p1) / 1e4 / n1) ** 0.5 + (p2 * (100 - p2) / 1e4 / n2) ** 0.5),
    }
    return Drawn(values, key, distractors(found))


@cache
def _cleaned(hours: int, first: str) -> tuple[float, float]:
    """Return the score and the share of sales covered after cleaning the branch's extract."""
    found = audit.STUDY.answer(load("crm_accounts"), load("crm_customers"), hours=hours, first=first)
    facts = audit.headline(found)
    return facts["score_after"], facts["covered_after"]


def in_the_audit(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the branch's extract."""
    hours, how = draw.choice([10, 15, 30, 40]), draw.choice(["billed", "rate"])
    score, key = _cleaned(hours, how)
    default = audit.AuditRule()
    first = audit.AuditRule.setting_of("first")
    others = [
        Distractor(_cleaned(default.hours, how)[1], "inputs_not_set", values={"left": "hours"}),
        Distractor(_cleaned(hours, default.first)[1], "inputs_not_set", values={"left": "first"}),
        Distractor(score, "score_for_cover"),
    ]
    return Drawn({"hours": hours, "how": first.shown(how)}, key, others)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
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
        in_the_audit,
    )
}
