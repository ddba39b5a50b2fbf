"""Generators of the chapter on key accounts, complaints and risk. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/key_accounts.yaml``.
"""

from functools import cache
from math import ceil, prod
from random import Random

import numpy as np

from crmlib.chapters.key_accounts.models import complaints, duties, funnel, key_accounts, risk
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, numbered
from crmlib.core.i18n import _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.tables.data import load


def concentration(draw: Random) -> Drawn:
    """Compute the HHI of a firm with four customers."""
    first, second = draw.randrange(35, 56), draw.randrange(18, 29)
    third = draw.randrange(8, min(18, 100 - first - second - 2))
    shares = [first, second, third, 100 - first - second - third]
    key = key_accounts.hhi(np.array(shares, float))
    values = numbered(s=shares) | {"key": key}
    found = {
        "shares_added": 100.0,
        "largest_squared": float(first**2),
        "as_decimals": key / 10_000,
        "mean_of_squares": key / 4,
        "equal_shares": 2_500.0,
    }
    return Drawn(values, key, distractors(found))


def profit_at_stake(draw: Random) -> Drawn:
    """Compute which part of the profit goes with the largest customer."""
    share, margin, profit = draw.randrange(8, 26), draw.choice([20, 25, 30, 35, 40]), draw.choice([5, 6, 8, 10, 12])
    key = key_accounts.profit_fall(share, margin, profit)
    values = {"share": share, "margin": margin, "profit": profit, "gone": share * margin / 100, "key": key}
    found = {
        "sales_for_profit": float(share),
        "margin_alone": share * margin / 100,
        "profit_rate_used": share * profit / 100,
        "all_sales_lost": 100 * share / profit,
        "margin_forgotten": share * profit / margin,
    }
    return Drawn(values, key, distractors(found))


def winning_back(draw: Random) -> Drawn:
    """Compute from which chance on winning an account back pays."""
    cost, yearly = TEN_THOUSAND * draw.randrange(5, 14), TEN_THOUSAND * draw.randrange(8, 20)
    years = draw.choice([2, 3, 4])
    key = key_accounts.win_back(cost, yearly, years)
    values = {"cost": cost, "yearly": yearly, "years": years, "whole": yearly * years, "key": key}
    found = {
        "one_year_alone": 100 * cost / yearly,
        "certain_success": 100 * (1 - cost / (yearly * years)),
        "turned_round": 100 * cost / (yearly * years + cost),
        "cost_each_year": 100 * cost * years / (yearly + cost * years),
    }
    return Drawn(values, key, distractors(found))


def weighted_pipeline(draw: Random) -> Drawn:
    """Weigh three opportunities by their chances."""
    amounts = [20_000 * draw.randrange(4, 60) for _i in range(3)]
    chance = sorted(draw.sample(range(10, 90, 5), 3))
    key = funnel.weighted(np.array(amounts, float), np.array(chance) / 100)
    worth = [a * c / 100 for a, c in zip(amounts, chance, strict=True)]
    values = numbered(a=amounts, c=chance, w=worth) | {"key": key}
    found = {
        "not_weighted": float(sum(amounts)),
        "mean_chance": sum(amounts) * sum(chance) / 300,
        "likeliest_alone": amounts[2] * chance[2] / 100,
        "chance_of_losing": sum(amounts) - key,
        "more_than_half": float(sum(a for a, c in zip(amounts, chance, strict=True) if c > 50)),
    }
    return Drawn(values, key, distractors(found))


def leads_needed(draw: Random) -> Drawn:
    """Go back from the orders wanted to the leads needed."""
    percent = [
        draw.choice([40, 45, 50, 55, 60, 65, 70]),
        draw.choice([30, 35, 40, 45, 50, 60]),
        draw.choice([50, 60, 70, 75, 80]),
    ]
    wins = draw.randrange(8, 40)
    chance = float(funnel.chances(np.array(percent) / 100)[0])
    key = ceil(round(wins / chance, 6))
    values = numbered(p=percent) | {"wins": wins, "chance": 100 * chance, "exact": wins / chance, "key": key}
    found = {
        "rates_averaged": wins / (sum(percent) / 300),
        "last_stage_alone": wins / (percent[2] / 100),
        "first_stage_alone": wins / (percent[0] / 100),
        "multiplied_for_divided": wins * (1 + chance),
        "losses_multiplied": wins / prod(1 - p / 100 for p in percent),
    }
    return Drawn(values, float(key), distractors({name: float(ceil(round(leads, 6))) for name, leads in found.items()}))


def silent_ones(draw: Random) -> Drawn:
    """Compute how many dissatisfied customers say nothing."""
    cases, voice = 10 * draw.randrange(6, 60), draw.choice([4, 5, 8, 10, 20, 25])
    whole = complaints.dissatisfied(cases, voice)
    key = whole - cases
    values = {"cases": cases, "voice": voice, "whole": whole, "key": key}
    found = {
        "complainers_included": whole,
        "multiplied_by_share": cases * voice / 100,
        "silent_of_complaints": cases * (100 - voice) / 100,
        "share_added": cases * (1 + voice / 100),
    }
    return Drawn(values, key, distractors(found))


def fair_handling(draw: Random) -> Drawn:
    """Compute the net gain of handling cases fairly."""
    cases, margin = 50 * draw.randrange(4, 25), draw.choice([200, 250, 300, 400, 500])
    low, high = draw.choice([30, 35, 40, 45]), draw.choice([60, 65, 70, 75])
    gain = cases * (high - low) / 100 * margin
    cost = 1_000 * draw.randrange(2, max(3, int(gain / 1_500)))
    key = gain - cost
    values = {"cases": cases, "margin": margin, "low": low, "high": high, "cost": cost, "key": key}
    values |= {"more": cases * (high - low) / 100, "gain": gain}
    found = {
        "cost_left_out": gain,
        "all_kept_counted": cases * high / 100 * margin - cost,
        "lost_for_kept": cases * (100 - high) / 100 * margin - cost,
        "customers_for_yuan": cases * (high - low) / 100,
    }
    return Drawn(values, key, distractors(found))


def control_gain(draw: Random) -> Drawn:
    """Compute the net gain of one control a year."""
    count, years, mean = draw.randrange(6, 30), draw.choice([3, 4, 5]), 5_000 * draw.randrange(2, 20)
    cut = draw.choice([30, 40, 50, 60, 70])
    before = risk.expected_loss(count, years, mean)
    saved = before * cut / 100
    cost = 1_000 * draw.randrange(2, max(3, int(saved / 1_500)))
    key = saved - cost
    values: dict[str, float] = {"count": count, "years": years, "mean": mean, "cut": cut, "cost": cost}
    values |= {"before": before, "saved": saved, "key": key}
    found = {
        "years_forgotten": count * mean * cut / 100 - cost,
        "price_forgotten": saved,
        "left_for_saved": before - saved - cost,
        "all_saved": before - cost,
        "one_incident": mean * cut / 100 - cost,
    }
    return Drawn(values, key, distractors(found))


def two_controls(draw: Random) -> Drawn:
    """Compute what two independent controls leave of an expected loss."""
    loss = 20_000 * draw.randrange(3, 60)
    one, other = draw.sample([20, 25, 30, 40, 50, 60, 70], 2)
    key = loss * float(risk.left(np.array([[one / 100], [other / 100]]))[0])
    values: dict[str, float] = {
        "loss": loss,
        "one": one,
        "other": other,
        "rest": 100 - one,
        "rest2": 100 - other,
        "key": key,
    }
    values["first"] = loss * (100 - one) / 100
    found = {
        "shares_summed": loss * max(100 - one - other, 0) / 100,
        "better_alone": loss * (100 - max(one, other)) / 100,
        "prevented_for_left": loss - key,
        "shares_multiplied": loss * one * other / 10_000,
        "mean_taken": loss * (200 - one - other) / 200,
    }
    return Drawn(values, key, distractors(found))


TOGETHER = (("order", "visit"), ("ledger", "invoice"), ("credit", "expense"), ("hire", "price"), ("credit", "price"),
            ("invoice", "reconcile"))  # fmt: skip
"""Pairs that may be in one hand: both sell, both write, or both decide."""


def apart_or_not(draw: Random) -> Drawn:
    """Find the pair of duties that one person must not hold."""
    wrong = draw.choice(list(duties.APART))
    pairs = [wrong, *draw.sample(TOGETHER, 3)]
    draw.shuffle(pairs)
    key = pairs.index(wrong)

    def why(pair: tuple[str, str]) -> str:
        if pair == ("order", "visit"):
            return "selling_is_one"
        return "deciding_is_one" if "price" in pair or "expense" in pair else "writing_is_one"

    people = [_(name) for name in duties.PEOPLE]
    said = [duties.pair(a, b) for a, b in pairs]
    values = numbered(who=people, may=said) | {
        "firm": draw.randrange(12),
        "name": people[key],
        "why": _(duties.apart(*wrong)),
    }
    others = [Distractor(place, why(pair)) for place, pair in enumerate(pairs) if place != key]
    return Drawn(values, key, others, people)


@cache
def _profit(lost: int, unite: str) -> tuple[float, float]:
    """Return the part of the profit lost, in %, and the share of the sales lost, on the manufacturer's accounts."""
    c = key_accounts.STUDY.answer(load("key_accounts"), lost=lost, unite=unite)
    return key_accounts.headline(c)["fall"], float(c.shares[:lost].sum())


def in_the_accounts(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the manufacturer's accounts."""
    lost, unite = draw.choice([2, 3, 4]), draw.choice(["group", "account"])
    how = key_accounts.KeyRule.setting_of("unite")
    fall, share = _profit(lost, unite)
    found = [Distractor(_profit(1, unite)[0], "inputs_not_set"), Distractor(share, "sales_for_profit")]
    return Drawn({"lost": lost, "how": how.shown(unite)}, fall, found)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        concentration,
        profit_at_stake,
        winning_back,
        weighted_pipeline,
        leads_needed,
        silent_ones,
        fair_handling,
        control_gain,
        two_controls,
        apart_or_not,
        in_the_accounts,
    )
}
