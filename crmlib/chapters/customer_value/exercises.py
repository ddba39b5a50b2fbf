"""Generators of the chapter on customer value. A key comes from the chapter's model function where it has one.

Misconceptions and texts are those of ``casebook/items/customer_value.yaml``. Money is yuan.
"""

from functools import cache
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.customer_value.models import campaign, churn, clv, rfm, winback
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, numbered
from crmlib.tables.data import load

WEIGHTS = ((0.5, 0.3, 0.2), (0.4, 0.4, 0.2), (0.2, 0.3, 0.5), (0.2, 0.5, 0.3), (0.5, 0.2, 0.3))


def quintile_score(draw: Random) -> Drawn:
    """Score a customer's frequency by quintiles, with the ties named."""
    while True:
        once = draw.choice([2, 3, 4])
        twice = draw.choice([4, 5, 6])
        values = [1] * once + [2] * twice + sorted(draw.sample(range(3, 15), 10 - once - twice))
        found = {ties: int(rfm.quintiles(np.array(values, float), ties)[once]) for ties in ("worst", "average", "best")}
        best = draw.random() < 0.5
        plus = twice if best else 1
        rank = once + plus
        if len(set(found.values())) == 3 and rank in (3, 7, 9):  # no other number of the solution is the same
            break
    key, other = (found["best"], found["worst"]) if best else (found["worst"], found["best"])
    values_: dict[str, object] = {"list": values, "once": once, "twice": twice, "plus": plus, "best": best}
    values_ |= {"rank": rank, "exact": 5 * rank / 10}
    wrong = {"other_end_of_ties": float(other), "mean_rank_taken": float(found["average"])}
    if 6 - key not in found.values():
        wrong["best_is_one"] = float(6 - key)
    return Drawn(values_ | {"key": key}, key, distractors(wrong))


def weighted_score(draw: Random) -> Drawn:
    """Weigh three scores of RFM."""
    while True:
        scores, weights = draw.sample(range(1, 6), 3), list(draw.choice(WEIGHTS))
        r, f, m = scores
        key = float(np.array(scores) @ np.array(weights))
        wrong = {
            "weights_ignored": (r + f + m) / 3,
            "weights_reversed": sum(s * w for s, w in zip(scores, reversed(weights), strict=True)),
            "recency_turned": key + weights[0] * (6 - 2 * r),
            "largest_alone": float(max(scores)),
        }
        if len({round(v, 2) for v in [key, *wrong.values()]}) == len(wrong) + 1:
            break
    parts = [s * w for s, w in zip(scores, weights, strict=True)]
    values = {"r": r, "f": f, "m": m, **numbered(w=weights, p=parts), "key": key}
    return Drawn(values, key, distractors(wrong))


def clv_timing(draw: Random) -> Drawn:
    """Compute a lifetime value without end by a named convention of timing."""
    margin, retention = 20 * draw.randrange(4, 40), draw.choice([60, 65, 70, 75, 80, 85])
    discount, first = draw.choice([5, 8, 10, 12, 15]), draw.choice(["end", "served", "now"])
    r, i = retention / 100, discount / 100
    value = {name: margin * clv.multiple(r, i, name) for name in clv.FIRST}
    key = value[first]
    wrong = {f"timing_{name}": v for name, v in value.items() if name != first}
    wrong |= {"retention_forgotten": margin / i, "discount_forgotten": margin * clv.multiple(r, 0.0, first)}
    factor = {"end": r, "served": 1.0, "now": 1 + i}[first]
    values = {"margin": margin, "retention": retention, "discount": discount, "first": first, "key": key}
    values |= {"factor": factor, "rest": 1 + i - r, "multiple": clv.multiple(r, i, first), "r": r, "i": i}
    return Drawn(values, key, distractors(wrong))


def clv_three(draw: Random) -> Drawn:
    """Compute a lifetime value of three years, less the acquisition cost."""
    while True:
        margin, retention = 20 * draw.randrange(5, 30), draw.choice([60, 70, 75, 80])
        discount, cost = draw.choice([5, 8, 10]), 10 * draw.randrange(4, 12)
        r, i = retention / 100, discount / 100
        parts = [margin * r**t / (1 + i) ** t for t in (1, 2, 3)]
        key = margin * clv.multiple(r, i, periods=3) - cost
        if key > 30:
            break
    values = {"margin": margin, "retention": retention, "discount": discount, "cost": cost, "r": r, "v": 1 + i}
    wrong = {
        "acquisition_forgotten": key + cost,
        "infinite_for_finite": margin * clv.multiple(r, i) - cost,
        "margin_today_added": margin + sum(parts[:2]) - cost,
        "discount_forgotten": margin * (r + r**2 + r**3) - cost,
        "everybody_stays": margin * sum((1 + i) ** -t for t in (1, 2, 3)) - cost,
    }
    return Drawn(values | numbered(p=parts) | {"key": key}, key, distractors(wrong))


def yearly_rate(draw: Random) -> Drawn:
    """Compute how many customers are lost in a year at a churn rate per month or per quarter."""
    monthly, start = draw.random() < 0.5, 100 * draw.randrange(5, 99)
    lost = draw.choice([2, 3, 4, 5, 6]) if monthly else draw.choice([6, 8, 10, 12, 15])
    n = 12 if monthly else 4
    stay = churn.over_periods(1 - lost / 100, n)
    key = start * (1 - stay)
    values = {
        "monthly": monthly,
        "start": start,
        "lost": lost,
        "n": n,
        "rest": 1 - lost / 100,
        "stay": stay,
        "key": key,
    }
    wrong = {
        "churn_added": start * n * lost / 100,
        "retention_for_churn": start * stay,
        "wrong_number": start * (1 - churn.over_periods(1 - lost / 100, 16 - n)),
        "rate_unchanged": start * lost / 100,
    }
    return Drawn(values, key, distractors(wrong))


def retention_rate(draw: Random) -> Drawn:
    """Compute a retention rate from customers at the start, new ones and customers at the end."""
    start, rate = 100 * draw.randrange(4, 20), draw.choice([62, 68, 74, 78, 82, 86])
    new = 10 * draw.randrange(6, 30)
    end = start * rate // 100 + new
    key = 100 * churn.retention_rate(start, new, end)
    values = {"start": start, "new": new, "end": end, "stayed": end - new, "key": key}
    wrong = {
        "new_counted_as_kept": 100 * end / start,
        "end_for_base": 100 * (end - new) / end,
        "retention_for_churn": 100 - key,
        "new_added_to_base": 100 * end / (start + new),
    }
    return Drawn(values, key, distractors(wrong))


def win_back(draw: Random) -> Drawn:
    """Compute the profit of winning back lost customers."""
    people, percent = 100 * draw.randrange(5, 40), draw.choice([4, 5, 6, 8, 10])
    worth, contact, gift = 10 * draw.randrange(15, 50), draw.choice([2, 3, 4, 5]), 10 * draw.randrange(2, 7)
    back = people * percent / 100
    key = churn.win_back(people, percent / 100, worth, contact, gift)
    values = {"people": people, "percent": percent, "worth": worth, "contact": contact, "gift": gift, "back": back}
    values |= {"each": worth - gift, "won": back * (worth - gift), "spent": people * contact, "key": key}
    wrong = {
        "gift_forgotten": back * worth - people * contact,
        "gift_to_everybody": back * worth - people * (contact + gift),
        "contact_of_success_alone": back * (worth - gift - contact),
        "contact_forgotten": back * (worth - gift),
        "everybody_returns": people * (worth - gift - contact),
    }
    return Drawn(values, key, distractors(wrong))


def break_even_success(draw: Random) -> Drawn:
    """Compute the share of lost customers that must come back for a win-back to pay."""
    contact, gift = draw.choice([2, 3, 4, 5, 6]), draw.choice([20, 30, 40, 50])
    worth = gift + 10 * draw.randrange(6, 31)
    key = 100 * churn.break_even_success(worth, contact, gift)
    values = {"worth": worth, "contact": contact, "gift": gift, "each": worth - gift, "key": key}
    wrong = {
        "gift_forgotten": 100 * contact / worth,
        "gift_added": 100 * contact / (worth + gift),
        "gift_to_everybody": 100 * (contact + gift) / worth,
        "complement_given": 100 - key,
    }
    return Drawn(values, key, distractors(wrong))


def until_month(draw: Random) -> Drawn:
    """Compute the month since the last purchase at which an attempt to win somebody back stops paying."""
    even, halvings, halves = draw.choice([1, 2, 3]), draw.choice([2, 3]), draw.choice([4, 5, 8, 10])
    cost, gift = draw.choice([2, 4, 5, 6] if even < 3 else [3, 6]), draw.choice([20, 30, 40])
    times, worth = 2**halvings, gift + 100 * cost // even
    chance = even * times
    key = round(winback.last_month(chance / 100, churn.break_even_success(worth, cost, gift), halves), 6)
    values = {"chance": chance, "halves": halves, "cost": cost, "gift": gift, "worth": worth}
    values |= {"each": worth - gift, "even": even, "times": times, "halvings": halvings, "key": key}
    wrong = {
        "counted_from_purchase": float(halvings * halves),
        "halved_once": float(winback.SINCE + halves),
        "straight_line": winback.SINCE + 2 * halves * (1 - 1 / times),
        "times_for_halvings": float(winback.SINCE + times * halves),
    }
    return Drawn(values, key, distractors(wrong))


def voucher_gain(draw: Random) -> Drawn:
    """Compute the expected gain of one voucher, those who would stay anyway included."""
    while True:
        risk, uplift, redeem = draw.choice([20, 30, 40, 50, 60]), draw.choice([10, 20, 25]), draw.choice([30, 40, 50])
        face, worth = draw.choice([10, 15, 20, 25]), 20 * draw.randrange(10, 40)
        rule = campaign.CampaignRule(face=face, uplift=uplift, redeem=redeem, disturbed=0, contact=1)
        risks, keeps = np.array([risk / 100]), np.array([uplift / 100])
        key = float(campaign.expected_gain(risks, keeps, np.array([float(worth)]), rule)[0])
        if key > 1:
            break
    won, given = risk / 100 * uplift / 100 * (worth - face), (1 - risk / 100) * redeem / 100 * face
    values: dict[str, object] = {
        "risk": risk,
        "uplift": uplift,
        "redeem": redeem,
        "face": face,
        "worth": worth,
    }
    found = {"stay": 100 - risk, "won": won, "given": given, "key": key}
    wrong = {
        "stayers_forgotten": won - 1,
        "risk_for_uplift": risk / 100 * (worth - face) - given - 1,
        "uplift_for_everybody": uplift / 100 * (worth - face) - given - 1,
        "face_forgotten": risk / 100 * uplift / 100 * worth - given - 1,
        "everybody_redeems": won - redeem / 100 * face - 1,
    }
    return Drawn(values | found, key, distractors(wrong))


def list_lift(draw: Random) -> Drawn:
    """Compute the lift of a list of customers in danger."""
    customers, rate = 1000 * draw.randrange(2, 21), draw.choice([10, 15, 20, 25])
    lost, listed = customers * rate // 100, customers // draw.choice([10, 20])
    hits = listed * draw.choice([30, 36, 42, 48, 54, 60]) // 100
    precision, recall, key = churn.list_quality(hits, listed, lost, customers)
    values = {"customers": customers, "lost": lost, "listed": listed, "hits": hits, "rate": rate}
    wrong = {
        "precision_for_lift": precision,
        "recall_for_lift": recall,
        "lift_upside_down": 1 / key,
        "difference_for_ratio": 100 * precision - rate,
    }
    return Drawn(values | {"precision": 100 * precision, "key": key}, key, distractors(wrong))


@cache
def _base() -> campaign.Base:
    return campaign.prepare(load("shop_orders"), load("shop_accounts"))


@cache
def _campaign(**inputs: Any) -> dict[str, float]:
    """Return the headline figures in the explorer."""
    return campaign.headline(campaign.run(_base(), campaign.CampaignRule(**inputs)))


def in_the_campaign(draw: Random) -> Drawn:
    """Read a figure off the explorer of the churn campaign."""
    choose, face = draw.choice(["risk", "value", "recent"]), float(draw.choice([10, 15, 25, 30]))
    found = _campaign(choose=choose, face=face)
    key = found["profit"]
    how = campaign.CampaignRule.setting_of("choose")
    others = [
        Distractor(_campaign(choose=choose)["profit"], "inputs_not_set", values={"left": "face"}),
        Distractor(_campaign(face=face)["profit"], "inputs_not_set", values={"left": "choose"}),
        Distractor(found["cost"], "cost_for_profit"),
    ]
    return Drawn({"face": int(face), "how": how.shown(choose)}, key, others)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        quintile_score,
        weighted_score,
        clv_timing,
        clv_three,
        yearly_rate,
        retention_rate,
        win_back,
        break_even_success,
        until_month,
        voucher_gain,
        list_lift,
        in_the_campaign,
    )
}
