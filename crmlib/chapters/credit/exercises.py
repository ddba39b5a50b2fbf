"""Generators of the chapter on credit. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/credit.yaml``. Money is in yuan, in full.
"""

from random import Random

import numpy as np

from crmlib.chapters.credit.models import customers, limits, policy, receivables, scoring
from crmlib.chapters.credit.models.policy import Terms
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, numbered
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.tables.data import load


def carrying_cost(draw: Random) -> Drawn:
    """Compute by how much a longer period raises the cost of carrying receivables."""
    old, new = (TEN_THOUSAND * draw.choice(range(*ends)) for ends in ((720, 2200, 72), (36, 540, 36)))
    old_days, longer = draw.choice([20, 30, 40]), draw.choice([10, 20, 30, 40])
    cost, capital = draw.choice([60, 65, 70, 75, 80, 85]), draw.choice([8, 10, 12, 15])
    before, after = Terms(old, old_days, 0, 0), Terms(old + new, old_days + longer, 0, 0)
    key = round(policy.increments(before, after, cost / 100, capital / 100).carrying, 6)
    balances = [policy.receivables(terms) for terms in (before, after)]
    more, each = balances[1] - balances[0], cost * capital / 10_000
    values = {
        "old": old,
        "new": old + new,
        "old_days": old_days,
        "new_days": old_days + longer,
        "cost": cost,
        "capital": capital,
        **numbered(balance=balances),
        "more": more,
        "key": key,
    }
    found = {
        "carried_at_price": more * capital / 100,
        "added_sales_alone": new / 360 * (old_days + longer) * each,
        "old_customers_alone": old / 360 * longer * each,
        "margin_for_cost": more * (100 - cost) * capital / 10_000,
        "rate_forgotten": more * cost / 100,
        "level_for_change": balances[1] * each,
    }
    return Drawn(values, key, distractors(found))


def policy_profit(draw: Random) -> Drawn:
    """Add up the increments of a change of credit policy."""
    while True:
        old, more = (TEN_THOUSAND * draw.choice(range(*ends)) for ends in ((1000, 3000, 100), (200, 900, 50)))
        cost, carrying = draw.choice([70, 75, 80, 85]), TEN_THOUSAND * draw.choice(range(8, 30))
        bad, bad_more = (TEN_THOUSAND * draw.choice(range(*ends)) for ends in ((6, 30), (5, 20)))
        collecting, collecting_more = (TEN_THOUSAND * draw.choice(range(*ends)) for ends in ((4, 16), (1, 6)))
        gained = more * (100 - cost) / 100
        key = policy.Increments(gained, carrying, bad_more, collecting_more, 0.0).profit
        if key > 5 * TEN_THOUSAND:
            break
    values = {
        "old": old,
        "new": old + more,
        "cost": cost,
        "carrying": carrying,
        **numbered(bad=(bad, bad + bad_more), collecting=(collecting, collecting + collecting_more)),
        "more": more,
        "margin": 100 - cost,
        "gained": gained,
        "bad_more": bad_more,
        "collecting_more": collecting_more,
        "key": key,
    }
    costs = carrying + bad_more + collecting_more
    found = {
        "sales_for_contribution": more - costs,
        "variable_for_margin": more * cost / 100 - costs,
        "levels_for_changes": gained - carrying - bad - bad_more - collecting - collecting_more,
        "carrying_forgotten": key + carrying,
        "costs_added": gained + costs,
        "contribution_alone": gained,
    }
    return Drawn(values, key, distractors(found))


def mean_days(draw: Random) -> Drawn:
    """Compute the receivables where some customers take the discount."""
    while True:
        sales = TEN_THOUSAND * draw.choice(range(720, 3600, 72))
        share = draw.choice([20, 25, 30, 40, 60, 70, 75, 80])
        early, late = draw.choice([10, 15, 20]), draw.choice([40, 45, 50, 60, 75, 90])
        days = round(share * early + (100 - share) * late) / 100
        if days not in (share, 100 - share):
            break
    key = policy.receivables(Terms(sales, days, 0, 0))
    values = {
        "sales": sales,
        "share": share,
        "rest": 100 - share,
        "early": early,
        "late": late,
        "days": days,
        "key": key,
    }
    swapped = share / 100 * late + (100 - share) / 100 * early
    by_days = {
        "plain_mean": (early + late) / 2,
        "nobody_early": late,
        "everybody_early": early,
        "weights_swapped": swapped,
    }
    found = {name: sales / 360 * wrong for name, wrong in by_days.items()}
    found |= {"days_for_balance": days, "takers_left_out": sales / 360 * (100 - share) / 100 * late}
    return Drawn(values, key, distractors(found))


def credit_period(draw: Random) -> Drawn:
    """Multiply the three parts of the credit period."""
    dso, company = draw.choice(range(30, 95, 5)), draw.choice([0.7, 0.75, 0.8, 0.9, 1.1, 1.2])
    grade = draw.choice([0.5, 0.6, 0.8, 1.25, 1.3, 1.4])
    key = limits.credit_period(dso, company, grade)
    values = {"dso": dso, "company": company, "grade": grade, "product": company * grade, "key": key}
    found = {
        "factors_added": dso * (company + grade),
        "factors_averaged": dso * (company + grade) / 2,
        "grade_forgotten": dso * company,
        "company_forgotten": dso * grade,
        "grade_divided": dso * company / grade,
        "factors_ignored": dso,
    }
    return Drawn(values, key, distractors(found))


def capped_limit(draw: Random) -> Drawn:
    """Set a limit by parity of risk and return, under both caps."""
    while True:
        sales, margin = TEN_THOUSAND * draw.choice(range(200, 900, 20)), draw.choice([10, 15, 20, 25])
        net, net_cap = TEN_THOUSAND * draw.choice(range(200, 1200, 20)), draw.choice([5, 10, 15])
        current, current_cap = TEN_THOUSAND * draw.choice(range(300, 1500, 20)), draw.choice([5, 10])
        three = [sales * margin / 100, net * net_cap / 100, current * current_cap / 100]
        ranked = sorted(three)
        whole = all(v % TEN_THOUSAND == 0 for v in three)
        if whole and min(ranked[1] - ranked[0], ranked[2] - ranked[1]) > 3 * TEN_THOUSAND:
            break
    key = float(np.minimum.reduce(three))
    values = {
        "sales": sales,
        "margin": margin,
        "net": net,
        "net_cap": net_cap,
        "current": current,
        "current_cap": current_cap,
        **numbered(part=three),
    }
    found = {
        "largest_taken": ranked[2],
        "middle_taken": ranked[1],
        "caps_averaged": sum(three) / 3,
        "cap_in_full": float(min(net, current)),
        "caps_added": three[1] + three[2],
        "sales_for_contribution": float(sales),
    }
    return Drawn(values, key, distractors(found))


def working_asset(draw: Random) -> Drawn:
    """Compute the working-asset score from a balance sheet."""
    while True:
        short, worth = (TEN_THOUSAND * draw.choice(some) for some in ([100, 150, 200, 250], [200, 250, 400, 500]))
        current = round(short * draw.choice([1.2, 1.3, 1.4, 1.6, 1.8]))
        quick = round(short * draw.choice([0.5, 0.6, 0.7, 0.8, 0.9]))
        debt = short + TEN_THOUSAND * draw.choice(range(20, 220, 20))
        ratios = [current / short, quick / short, short / worth, debt / worth]
        score = ratios[0] + ratios[1] - ratios[2] - ratios[3]
        if len({round(ratio, 3) for ratio in ratios}) == len(ratios) and abs(score - round(score, 2)) < 1e-9:
            break
    figures = [np.array([float(v)]) for v in (quick, current, short, debt, worth)]
    key = float(customers.working_asset_score(*figures)[0])
    values = {
        "quick": quick,
        "current": current,
        "short": short,
        "debt": debt,
        "worth": worth,
        **numbered(ratio=ratios),
        "key": key,
    }
    a, b, c, d = ratios
    found = {
        "all_added": a + b + c + d,
        "quick_left_out": a - c - d,
        "over_assets": a + b - short / (worth + debt) - debt / (worth + debt),
        "short_debt_left_out": a + b - d,
        "quick_subtracted": a - b - c - d,
    }
    return Drawn(values, key, distractors(found))


def count_back(draw: Random) -> Drawn:
    """Count back the receivables month by month."""
    while True:
        sales = [TEN_THOUSAND * draw.choice(range(200, 620, 20)) for _month in range(3)]
        rest = round(sales[0] * draw.choice([0.2, 0.25, 0.4, 0.5, 0.6, 0.75, 0.8]))
        balance = rest + sales[1] + sales[2]
        if len({rest, rest + sales[1], balance, *sales}) == 6:
            break
    key = receivables.count_back(balance, np.array(sales, float), np.array([31, 30, 31]))
    total = float(sum(sales))
    values = {
        **numbered(sold=sales),
        "balance": balance,
        "after": balance - sales[2],
        "rest": rest,
        "part": key - 61,
        "key": key,
    }
    found = {
        "by_sales": receivables.dso_by_sales(balance, total, 92),
        "counted_forward": 61 + (balance - sales[0] - sales[1]) / sales[2] * 31,
        "rest_dropped": 61.0,
        "rest_as_month": 92.0,
        "last_month_alone": balance / sales[2] * 31,
        "rest_alone": key - 61,
    }
    return Drawn(values, key, distractors(found))


RATES = (1, 5, 20, 50)
"""Provision rates of the four bands of an exercise, %."""


def provision(draw: Random) -> Drawn:
    """Add up the provision over four bands of age."""
    rates = np.array(RATES) / 100
    while True:
        ends = ((400, 1600, 100), (100, 500, 20), (40, 200, 20), (20, 120, 20))
        amounts = [TEN_THOUSAND * draw.choice(range(*each)) for each in ends]
        parts = [a * r for a, r in zip(amounts, rates.tolist(), strict=True)]
        if len(set(parts)) == len(parts):
            break
    key = receivables.provision(np.array(amounts, float), rates)
    total = sum(amounts)
    values = {**numbered(amount=amounts, rate=RATES, part=parts), "key": key}
    found = {
        "mean_rate": total * float(rates.mean()),
        "not_due_left_out": key - parts[0],
        "oldest_alone": parts[3],
        "rates_reversed": receivables.provision(np.array(amounts, float), rates[::-1]),
        "provision_for_balance": total - key,
        "oldest_rate_for_all": total * float(rates[3]),
    }
    return Drawn(values, key, distractors(found))


def band_profit(draw: Random) -> Drawn:
    """Say what letting in a band of scores brings."""
    while True:
        good, bad = draw.choice(range(40, 120, 2)), draw.choice(range(3, 16))
        gain, lost = (TEN_THOUSAND * draw.choice(some) for some in ([2, 3, 4, 5], [10, 12, 15, 20, 25]))
        numbers = (good, bad, gain, lost, good * gain, bad * lost, abs(good * gain - bad * lost))
        if len(set(numbers)) == len(numbers):
            break
    earned = np.array([good * gain - bad * lost], float)
    key = float(scoring.at_least(earned)[0])
    values = {
        "good": good,
        "bad": bad,
        "gain": gain,
        "lost": lost,
        "gained": good * gain,
        "losses": bad * lost,
        "key": key,
    }
    found = {
        "losses_left_out": good * gain,
        "bad_customers_earn": (good + bad) * gain,
        "all_taken_for_good": (good + bad) * gain - bad * lost,
        "losses_alone": -bad * lost,
        "heads_for_money": good - bad,
        "rates_swapped": good * lost - bad * gain,
    }
    return Drawn(values, key, distractors({name: float(v) for name, v in found.items()}))


def ks(draw: Random) -> Drawn:
    """Find the Kolmogorov–Smirnov distance of four bands of scores, 200 good and 50 bad customers."""
    while True:
        first, second = draw.choice(range(60, 120, 2)), draw.choice(range(40, 80, 2))
        third = draw.choice(range(10, 40, 2))
        good = [first, second, third, 200 - first - second - third]
        bad = [draw.choice(range(2, 8)), draw.choice(range(4, 12)), draw.choice(range(8, 16))]
        bad.append(50 - sum(bad))
        gaps = np.abs(np.cumsum(good) / 2 - 2 * np.cumsum(bad))
        at = int(gaps.argmax())
        if min(good[3], bad[3]) > 0 and 1 <= at <= 2 and np.sort(gaps)[-1] - np.sort(gaps)[-2] > 2:
            break
    key = 100 * scoring.ks(np.array(good[::-1], float), np.array(bad[::-1], float))
    above = [sum(part[: at + 1]) for part in (good, bad)]
    values = {
        **numbered(good=good, bad=bad, reached=above),
        "good_share": above[0] / 200,
        "bad_share": above[1] / 50,
        "key": key,
    }
    own = np.array(good) / 2 - 2 * np.array(bad)
    found = {
        "first_band_alone": float(gaps[0]),
        "one_band_for_all_above": float(np.abs(own[at])),
        "shares_added": above[0] / 2 + 2 * above[1],
        "good_share_for_distance": above[0] / 2,
        "bad_share_for_distance": 2.0 * above[1],
        "one_base_for_both": 100 * (above[0] - above[1]) / 250,
    }
    return Drawn(values, key, distractors(found))


def in_the_explorer(draw: Random) -> Drawn:
    """Read the break-even growth off the explorer, on the wholesaler's customers."""
    capital = draw.choice([4.0, 10.0, 12.0, 14.0, 16.0])
    segments = policy.prepare(load("credit_customers"))

    def figures(inputs: policy.PolicyChange) -> dict[str, float]:
        return policy.headline(policy.change(segments, inputs))

    shown = figures(policy.PolicyChange(capital_cost=capital))
    found = {
        "inputs_not_set": figures(policy.PolicyChange())["break_even"],
        "growth_for_break_even": policy.PolicyChange().growth,
        "other_figure": shown["carrying"],
    }
    return Drawn({"capital": capital}, shown["break_even"], [Distractor(v, name) for name, v in found.items()])


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        carrying_cost,
        policy_profit,
        mean_days,
        band_profit,
        ks,
        credit_period,
        capped_limit,
        working_asset,
        count_back,
        provision,
        in_the_explorer,
    )
}
