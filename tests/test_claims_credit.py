"""What the chapter and the case on credit say of the data and of their examples is true.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.credit.models import limits, policy, receivables, scoring
from crmlib.chapters.credit.models.policy import Terms
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.formulas.discount import annual_cost, best_day, break_even_takeup
from crmlib.tables.data import load

TEXT = (SOURCES / "07_credit.md").read_text("utf-8") + "".join(
    path.read_text("utf-8") for path in sorted((CASEBOOK / "credit").glob("*.*"))
)


@cache
def figures(scenario: str = "base") -> dict[str, float]:
    inputs = case("credit").scenario(scenario).inputs
    return policy.headline(policy.STUDY.answer(load("credit_customers"), **inputs))


def eight_thousand() -> bool:
    old, new = Terms(500_000, 30, 5_000, 3_000), Terms(600_000, 60, 9_000, 4_000)
    return round(policy.increments(old, new, 0.8, 0.15).profit) == 8_000


def with_discount_fifteen_thousand() -> bool:
    old, new = Terms(500_000, 30, 5_000, 3_000), Terms(600_000, 45, 4_500, 2_000, 2_400)
    return round(policy.increments(old, new, 0.8, 0.15).profit) == 15_100


def little_is_left() -> bool:
    return 0 < figures()["profit"] < 0.1 * figures()["contribution"]


def forgoing_costs() -> bool:
    shown = [round(100 * annual_cost(0.02, 10, 30, year), 2) for year in (360, 365)]
    return shown == [36.73, 37.24] and best_day(0.02, 10, 30, 0.08) == 10


def ks_is_46() -> bool:
    return round(100 * scoring.ks(np.array([20.0, 40, 60, 80]), np.array([22.0, 16, 8, 4])), 6) == 46


def working_assets() -> bool:
    return float(limits.working_asset_limit(np.zeros(1), np.array([50.0]), np.array([70.0]))[0]) == 10.5


def class_a_takes_from_others() -> bool:
    found = [limits.STUDY.answer(load("credit_customers"), by_class=way) for way in (False, True)]
    capped, by_class = (limits.by_class(one)["granted"] for one in found)
    cut = all(one.wanted > one.rule.overall for one in found)
    return bool(cut and by_class["A"] > capped["A"] and (by_class[["B", "C"]] < capped[["B", "C"]]).all())


def lines_of_classes() -> bool:
    rule = limits.LimitRule()
    return (rule.class_a, rule.class_a + rule.class_b) == (75, 95)


def counted_back() -> bool:
    found = receivables.count_back(900, np.array([450.0, 350, 400]), np.array([31, 30, 31]))
    return round(found, 1) == 71.3


def a_busy_season_misleads_both_ways() -> bool:
    """Everybody pays in 60 days; three months of 30 days, of which the first or the last is busy."""
    after, within = [receivables.dso_by_sales(last_two, 500, 90) for last_two in (100 + 100, 100 + 300)]
    return after < 60 < within


def too_strict_shuts_out_good_ones() -> bool:
    s = scoring.STUDY.answer(load("credit_customers"), cut_off=90)
    lost = s.profits.max() - s.profits[900]
    return bool(s.good[:900].sum() > s.good[900:].sum() and lost > 0)


def cut_off_leaves_gini_alone() -> bool:
    found = [scoring.STUDY.answer(load("credit_customers"), cut_off=cut) for cut in (30, 80)]
    return found[0].gini == found[1].gini and found[0].ks == found[1].ks


def shops_alone_tie_up_far_less() -> bool:
    everybody, shops = figures(), figures("shops_only")
    near = abs(everybody["profit"] - shops["profit"]) < 0.1 * everybody["profit"]
    return near and everybody["receivables"] > 5 * shops["receivables"]


def discount_is_better_on_balance() -> bool:
    base, given = figures(), figures("with_discount")
    fewer = given["carrying"] < base["carrying"] and given["bad"] < base["bad"]
    return fewer and given["other"] > base["other"] and given["profit"] > base["profit"]


def slow_year_loses_and_bad_debts_weigh_more() -> bool:
    customers, slow = load("credit_customers"), case("credit").scenario("slow_year").inputs
    alone = [
        policy.headline(policy.STUDY.answer(customers, **{name: slow[name]}))["profit"]
        for name in ("growth", "new_bad")
    ]
    return figures("slow_year")["profit"] < 0 and alone[1] < alone[0] < figures()["profit"]


def ninety_days_sell_most_and_lose() -> bool:
    others = [figures(name)["contribution"] for name in case("credit").order]
    return figures("ninety_days")["contribution"] == max(others) and figures("ninety_days")["profit"] < 0


def break_even_just_below_the_estimate() -> bool:
    return 0 < policy.PolicyChange().growth - figures()["break_even"] < 2


def holds_what_is_said_of_gaps() -> bool:
    customers = load("credit_customers")
    return bool(customers["total_assets"].isna().any() and customers["b01"].isna().any())


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("= 8,000 元，应当放宽", "= ¥8,000: loosen", eight_thousand),
    ("利润增加 15,100 元", "profit rises by ¥15,100", with_discount_fifteen_thousand),
    ("有的客户没有给报表，有的问题没有人回答", "Some customers gave no balance sheet, some questions nobody answered",
     holds_what_is_said_of_gaps),
    ("利润只剩下一点点", "Little profit is left", little_is_left),
    ("= 36.73%（365 天为 37.24%）", "= 36.73% (37.24% with 365 days)", forgoing_costs),
    ("享受比例超过一半就亏", "beyond a take-up of one half it loses",
     lambda: break_even_takeup(4_200, 600_000, 0.02, 0.006) == 0.5),
    ("所以 KS = 46 个百分点", "so KS = 46 percentage points", ks_is_46),
    ("太严，好客户也被挡在外面", "Too strict, and good customers are shut out", too_strict_shuts_out_good_ones),
    ("额度 60 × 17.5% = 10.5", "it is 60 × 17.5% = 10.5", working_assets),
    ("A 类的额度多了，B 类和 C 类的都少了", "Class A gets more, and classes B and C get less",
     class_a_takes_from_others),
    ("界线是 75% 和 95%", "with lines at 75% and 95%", lines_of_classes),
    ("C 类只给其额度的 30%", "Class C gets 30% of its limit", lambda: limits.LimitRule().class_c_part == 30),
    ("旺季刚过，分母里还有早已收回的旺季销售，会误以为付款变快；旺季正当时相反，会误以为变慢",
     "the divisor still holds sales long paid, as if customers paid faster; at its height it is the other way round",
     a_busy_season_misleads_both_ways),
    ("DSO = 31 + 30 + 10.3 = 71.3 天", "DSO = 31 + 30 + 10.3 = 71.3 days", counted_back),
    ("移动分界线时，基尼系数和 KS 不动", "moving the cut-off leaves Gini and KS alone", cut_off_leaves_gini_alone),
    ("利润与基准相近，应收账款却少得多", "profit is about that of the base case, receivables are far fewer",
     shops_alone_tie_up_far_less),
    ("净结果比基准好", "On balance this scenario is better than the base case", discount_is_better_on_balance),
    ("可以看到坏账的影响更大", "shows that bad debts weigh more", slow_year_loses_and_bad_debts_weigh_more),
    ("卖得最多，利润却是负的", "sells most and has a negative profit", ninety_days_sell_most_and_lose),
    ("平衡点只比销售部的估计低一点", "it is only a little below the sales department's estimate",
     break_even_just_below_the_estimate),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)
