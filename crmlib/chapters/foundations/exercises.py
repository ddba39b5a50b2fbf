"""Generators of the chapter on foundations. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/foundations.yaml``.
"""

from random import Random

import numpy as np

from crmlib.chapters.foundations.models import life_cycle, winning
from crmlib.chapters.foundations.models.panel import prepare
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors
from crmlib.core.i18n import _
from crmlib.formulas.lifetime import average_lifetime, break_even, multiple
from crmlib.tables.data import load

RATES = (0.08, 0.10, 0.12)
"""Discount rates that are drawn."""
LEAST, MOST = 20, 90
"""A break-even retention rate that is asked for lies between these, in per cent."""


def break_even_rate(draw: Random) -> Drawn:
    """Find the retention rate from which a customer pays back what winning her cost."""
    while True:
        cost, margin, i = draw.randrange(300, 1600, 20), draw.randrange(300, 1600, 20), draw.choice(RATES)
        key = 100 * break_even(cost, margin, i)
        if LEAST < key < MOST:
            break
    values = {
        "cost": cost,
        "margin": margin,
        "i": i,
        "top": cost * (1 + i),
        "bottom": margin + cost,
        "key": key,
    }
    found = {
        "payback_only": 100 * cost / margin,
        "not_discounted": 100 * cost / (margin + cost),
        "leaving_is_staying": 100 - key,
        "margin_alone": 100 * cost * (1 + i) / margin,
    }
    return Drawn(values, key, distractors(found))


def cost_of_one_more(draw: Random) -> Drawn:
    """Find what each additional customer kept costs, a fixed cost included."""
    n, fixed = draw.choice(range(400, 2001, 100)), draw.choice(range(6_000, 30_001, 2_000))
    offer, before = draw.choice(range(20, 81, 5)), draw.choice(range(60, 86))
    after = before + draw.choice(range(3, 9))
    total, kept = fixed + n * offer, n * (after - before) / 100
    values = {
        "n": n,
        "fixed": fixed,
        "offer": offer,
        "before": before,
        "after": after,
        "total": total,
        "kept": kept,
        "key": total / kept,
    }
    found = {
        "cost_per_offer": float(offer),
        "all_kept_counted": total / (n * after / 100),
        "leavers_counted": total / (n * (100 - before) / 100),
        "cost_left_out": n * offer / kept,
    }
    return Drawn(values, total / kept, distractors(found))


def five_more_points(draw: Random) -> Drawn:
    """Put the claim about five more points of retention to the test."""
    r, i = draw.choice(range(55, 92)) / 100, draw.choice(range(5, 16)) / 100
    key = float(winning.five_points(np.array([r]), i)[0])
    before, after, raised = (float(multiple(np.array(rate), i)) for rate in (r, r + 0.05, 1.05 * r))
    values = {"r": r, "i": i, "later": round(r + 0.05, 2), "before": before, "after": after, "key": key}
    found = {
        "points_for_percent": 5 / r,
        "not_discounted": 100 * (average_lifetime(r + 0.05) / average_lifetime(r) - 1),
        "percent_for_points": 100 * (raised / before - 1),
        "claim_as_law": 85.0,
    }
    return Drawn(values, key, distractors(found))


def point_worth(draw: Random) -> Drawn:
    """Find what one more point of retention is worth over all present customers."""
    n, margin = draw.choice(range(200, 3001, 100)), draw.choice(range(200, 1501, 50))
    r, i = draw.choice(range(60, 91)) / 100, draw.choice(RATES)
    before, after, raised = (float(multiple(np.array(rate), i)) for rate in (r, r + 0.01, 1.01 * r))
    key = n * margin * (after - before)
    values = {
        "n": n,
        "margin": margin,
        "r": r,
        "i": i,
        "later": round(r + 0.01, 2),
        "before": before,
        "after": after,
        "more": after - before,
        "key": key,
    }
    found = {
        "one_year_only": n * margin * 0.01,
        "not_discounted": n * margin * (average_lifetime(r + 0.01) - average_lifetime(r)),
        "one_for_all": margin * (after - before),
        "percent_for_points": n * margin * (raised - before),
    }
    return Drawn(values, key, distractors(found))


def long_run_number(draw: Random) -> Drawn:
    """Find the number of customers to which winning and losing lead in the long run."""
    present, new = draw.choice(range(300, 3001, 50)), draw.choice(range(60, 601, 20))
    r = draw.choice(range(50, 91, 5)) / 100
    key = new * average_lifetime(r)
    values = {"present": present, "new": new, "r": r, "leaving": 1 - r, "key": key}
    found = {
        "next_year_only": present * r + new,
        "start_counts": present + key,
        "leaving_is_staying": new / r,
        "period_forgotten": float(present + new),
    }
    return Drawn(values, key, distractors(found))


PLANS = len(winning.PLANS)


def which_plan(draw: Random) -> Drawn:
    """Choose among three plans the one that gains most; another is cheapest a customer, the third wins most."""
    while True:
        gained = np.array(draw.sample(range(40, 400, 10), PLANS), float)
        each = np.array(draw.sample(range(200, 1300, 50), PLANS), float)
        worth = np.array(draw.sample(range(500, 2600, 100), PLANS), float)
        net = gained * (worth - each)
        key, cheap, many = int(np.argmax(net)), int(np.argmin(each)), int(np.argmax(gained))
        if len({key, cheap, many}) == PLANS and net[key] > 1.15 * np.sort(net)[-2] and net[key] > 0:
            break
    names = [_(name) for name in winning.PLANS]
    values: dict[str, object] = {"name": names[key]}
    for place, letter in enumerate("abc"):
        values |= {
            f"{letter}_cost": float(gained[place] * each[place]),
            f"{letter}_gained": float(gained[place]),
            f"{letter}_worth": float(worth[place]),
            f"{letter}_net": float(net[place]),
        }
    return Drawn(values, key, [Distractor(cheap, "cheapest_for_best"), Distractor(many, "most_for_best")], names)


RISE, FALL, STEADY = 15, 15, 75
"""The rule by which an exercise tells stages, in per cent; it is that of the model."""


def stage_told(draw: Random) -> Drawn:
    """Tell the stage of a customer from her spending in four years and that of the median customer."""
    kind = draw.randrange(len(life_cycle.STAGES))
    median = draw.choice(range(800, 2401, 100))
    spent = _spending(draw, kind, median)
    level = np.array([spent], float) / median
    key = int(life_cycle.told(level, np.zeros((1, 4), bool), RISE / 100, FALL / 100, STEADY / 100)[0, -1])
    values = {
        "median": median,
        "spent": spent,
        "rise": RISE,
        "fall": FALL,
        "steady": STEADY,
        "line": median * STEADY / 100,
        "change": 100 * (spent[3] / spent[2] - 1),
        "highest": max(spent),
        "kind": key,
        "stage": _(life_cycle.STAGES[key]),
    }
    grown = {(life_cycle.FORMATION, life_cycle.STABILITY), (life_cycle.STABILITY, life_cycle.FORMATION)}
    others = [
        Distractor(stage, "growth_for_level" if (key, stage) in grown else "stages_mixed_up")
        for stage in range(len(life_cycle.STAGES))
        if stage != key
    ]
    return Drawn(values, key, others, [_(stage) for stage in life_cycle.STAGES])


def _spending(draw: Random, kind: int, median: int) -> list[int]:
    """Return four years of spending that lead to a stage; no change lies near the edge of the rule."""
    flat = [draw.uniform(0.92, 1.08) for _year in range(4)]
    if kind == life_cycle.EXPLORATION:
        shares = [0.45 * change for change in flat]
    elif kind == life_cycle.FORMATION:
        shares = [0.35, 0.45, draw.uniform(0.55, 0.85), 0.0]
        shares[3] = shares[2] * draw.uniform(1.25, 1.6)
    elif kind == life_cycle.STABILITY:
        shares = [0.7, *(draw.uniform(1.0, 1.5) * 1.0,) * 3]
        shares[1:] = [shares[1] * change for change in flat[1:]]
    else:
        shares = [1.0, 1.2, draw.uniform(0.9, 1.4), 0.0]
        shares[3] = shares[2] * draw.uniform(0.4, 0.75)
    return [round(median * share / 10) * 10 for share in shares]


def years_of_care(draw: Random) -> Drawn:
    """Find for how many years care for a customer in decline pays."""
    while True:
        first, fall = draw.choice(range(400, 1600, 50)), draw.choice((20, 25, 30, 40))
        care = draw.choice(range(80, 500, 10))
        profits = np.asarray(first * (1 - fall / 100) ** np.arange(25), np.float64)
        key = int(life_cycle.stop_after(profits, care)) - 1
        line = int((first * (1 - fall / 100 * np.arange(25)) >= care).sum())
        summed = int((np.cumsum(profits - care) >= 0).sum())
        if 2 <= key <= 7 and line >= 1 and len({key, line, key + 1, summed, 25}) == 5:
            break
    values = {
        "first": first,
        "fall": fall,
        "left": 100 - fall,
        "care": care,
        "second": float(profits[1]),
        "third": float(profits[2]),
        "listed": [f"{profit:,.1f}" for profit in profits[: key + 1]],
        "after": key + 1,
        "key": key,
    }
    found = {"straight_line_fall": float(line), "one_too_many": float(key + 1), "sum_for_year": float(summed)}
    return Drawn(values, key, distractors(found))


def household_rate(draw: Random) -> Drawn:
    """Find the retention rate of households where some accounts only passed to another member of the family."""
    n, closed = draw.choice(range(300, 1501, 50)), draw.choice(range(60, 241, 5))
    passed = draw.choice(range(10, closed // 2, 5))
    opened = passed + draw.choice(range(30, 201, 5))
    stayed = n - closed + passed
    key = 100 * stayed / n
    values = {"n": n, "closed": closed, "passed": passed, "opened": opened, "stayed": stayed, "key": key}
    found = {
        "account_for_household": 100 * (n - closed) / n,
        "net_hides_churn": 100 * (n - closed + opened) / n,
        "leaving_is_staying": 100 - key,
    }
    return Drawn(values, key, distractors(found))


def in_the_panel(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the chain's own members."""
    share = draw.choice([30.0, 40.0, 50.0, 60.0, 70.0])
    panel = prepare(load("members"))

    def customers(plan: winning.BudgetPlan) -> float:
        return round(winning.headline(winning.run(panel, plan))["end_customers"])

    others = [
        Distractor(customers(winning.BudgetPlan()), "inputs_not_set"),
        Distractor(customers(winning.BudgetPlan(keep_share=share, unit="account")), "wrong_unit"),
    ]
    return Drawn({"share": share}, customers(winning.BudgetPlan(keep_share=share)), others)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        break_even_rate, cost_of_one_more, five_more_points, point_worth, long_run_number, which_plan, stage_told,
        years_of_care, household_rate, in_the_panel,
    )
}  # fmt: skip
