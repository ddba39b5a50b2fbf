"""What the chapter and the case on customer value say of the data and of their examples is true.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.customer_value.models import alive, campaign, churn, clusters, clv, retention, rfm, shop, winback
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.tables.data import load

TEXT = (SOURCES / "06_customer_value.md").read_text("utf-8") + "".join(
    path.read_text("utf-8") for path in sorted((CASEBOOK / "shop_vouchers").glob("*.*"))
)


@cache
def base() -> campaign.Base:
    return campaign.prepare(load("shop_orders"), load("shop_accounts"))


@cache
def the_shop() -> shop.Shop:
    return shop.prepare(load("shop_orders"), load("shop_accounts"))


@cache
def figures(scenario: str = "base", **inputs: object) -> dict[str, float]:
    given = {**case("shop_vouchers").scenario(scenario).inputs, **inputs}
    return campaign.headline(campaign.run(base(), campaign.CampaignRule(**given)))  # type: ignore[arg-type]


@cache
def followed() -> retention.Retention:
    return retention.follow(the_shop(), retention.RetentionRule())


def segments() -> dict[str, tuple[float, float]]:
    table = rfm.by_segment(rfm.score(the_shop(), rfm.RfmRule()))
    return {str(name): (float(row["share"]), float(row["sales"])) for name, row in table.iterrows()}


def two_fifths_bought_once() -> bool:
    return 0.40 < followed().once < 0.45


def champions() -> bool:
    share, sales = segments()["champions"]
    return share < 20 and sales > 40


def at_risk_are_a_fifth_of_both() -> bool:
    both = np.array([segments()[name] for name in ("at risk", "cannot lose them")]).sum(axis=0)
    return bool((np.abs(both - 20) < 2).all())


def nobody_scores_one_by_mean_rank() -> bool:
    r = rfm.score(the_shop(), rfm.RfmRule(ties="average"))
    return int(r.scores[:, 1].min()) == 2 and int((rfm.by_segment(r)["customers"] == 0).sum()) == 3


def three_conventions() -> bool:
    return [round(100 * clv.multiple(0.8, 0.12, first), 1) for first in ("end", "served", "now")] == [250, 312.5, 350]


def rates_of_a_period() -> bool:
    month = [round(100 * clv.per_period(0.12, "month", how), 3) for how in ("compound", "simple")]
    return month == [0.949, 1.0] and round(100 * 0.6**0.25) == 88


def months_multiply() -> bool:
    return round(100 * churn.over_periods(0.95, 12)) == 54


def curve_is_steep_then_flat() -> bool:
    rates = followed().rates
    return 0.5 < rates[0] < 0.6 and float((rates[1:] > 0.8).mean()) > 0.8


def constant_rate_lies_above_at_first() -> bool:
    r = followed()
    return bool(r.mean_rate > r.share[1])


def lowest_band_loses_more_than_two_in_five() -> bool:
    return 0.4 < base().risk[0] < 0.5 and bool((np.diff(base().risk) > 0).all())


def order_of_the_four() -> bool:
    table = campaign.compared(base(), campaign.CampaignRule())
    by_profit = table["profit"].sort_values(ascending=False).index.tolist()
    return by_profit == ["gain", "value", "recent", "risk"] and table["kept"].idxmax() == "recent"


def most_at_risk_loses() -> bool:
    return figures("most_at_risk")["profit"] < 0


def half_are_too_many() -> bool:
    few = figures("stop_early")
    return 1400 < few["sent"] < 1600 and few["profit"] > figures()["profit"]


def a_third_less() -> bool:
    return abs(figures("best_customers")["profit"] / figures()["profit"] - 2 / 3) < 0.03


def weak_vouchers() -> bool:
    return figures("weak_voucher")["profit"] < 0 < figures("weak_voucher", losing=False)["profit"]


def waste_weighs_most() -> bool:
    return figures(redeem=80)["profit"] < 0.5 * figures()["profit"]


def dear_vouchers_lose() -> bool:
    return figures("dear_voucher")["profit"] < 0


def half_the_customers_are_silent() -> bool:
    return 0.5 < followed().silent < 0.6


def one_in_six_did_not_agree() -> bool:
    b = the_shop()
    return abs(b.counts["no_consent"] / len(b.customers.ids) - 1 / 6) < 0.01 and b.counts["two_accounts"] > 100


def the_wholesaler_buys_every_two_weeks() -> bool:
    b = the_shop().customers
    [place] = np.flatnonzero(b.wholesale)
    days = b.day[b.who == place]
    return set(np.diff(days).tolist()) == {14} and 2000 < float(b.gross[place] / b.orders[place]) < 9000


def groups_are_as_told() -> bool:
    table = clusters.groups(the_shop())
    often = table["purchases"].idxmax()
    return bool(table["purchases"].iloc[0] < 1.5 and often == table["customers"].idxmin() == table["spend"].idxmax())


def expected_is_close_to_made() -> bool:
    table = alive.backtest(the_shop())
    return bool((abs(table["expected"] / table["made"] - 1) < 0.25).all())


def parts_of_a_voucher() -> bool:
    rule = campaign.CampaignRule(face=20, redeem=50, disturbed=0, contact=1)
    found = campaign.expected_gain(np.array([0.4]), np.array([0.2]), np.array([300.0]), rule)
    return round(float(found[0]), 2) == 15.4


def an_attempt_pays_for_two_years() -> bool:
    w = winback.run(the_shop(), winback.WinbackRule())
    return w.rule.gain(np.array(24.0), w.mean_value) > 0 and int(w.until) == 26


def half_earn_more_than_all() -> bool:
    w = winback.run(the_shop(), winback.WinbackRule())
    earned = winback.profits(w)
    return abs(float((w.gain > 0).mean()) - 0.5) < 0.05 and earned["worth"] > 1.1 * earned["all"]


def the_mean_hides_who_is_worth_it() -> bool:
    own, mean = (
        winback.headline(winback.run(the_shop(), winback.WinbackRule(spend=how)))  # type: ignore[arg-type]
        for how in ("own", "mean")
    )
    return mean["worth"] > own["worth"] and mean["profit"] < own["profit"]


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("四成多的客户只买过一次", "More than two in five bought once", two_fifths_bought_once),
    ("不到两成的冠军客户带来四成以上的销售额",
     "Champions are less than a fifth of the customers and bring more than two fifths of sales", champions),
    ("合起来约占两成，也带来两成销售额", "are together about a fifth of both", at_risk_are_a_fifth_of_both),
    ("没有人得 1 分，三类客户随之消失", "nobody scores 1, and three segments vanish", nobody_scores_one_by_mean_rank),
    ("r ÷ (1 + i − r) | 250 |", "r ÷ (1 + i − r) | 250 |", three_conventions),
    ("按复利是 1.12 的十二次方根减 1，约 0.949%", "the twelfth root of 1.12 less 1, about 0.949% a month",
     rates_of_a_period),
    ("一年留下 0.95 的 12 次方，约 54%", "0.95 to the power of 12, about 54%, are left", months_multiply),
    ("第一季留下不到六成，以后多数季留下八成以上",
     "Fewer than six in ten are kept through the first quarter, more than eight in ten through most later ones",
     curve_is_steep_then_flat),
    ("用一个不变的保留率走到同一终点，前面偏高", "reaches the same end at one constant rate",
     constant_rate_lies_above_at_first),
    ("最低一段也有四成多流失", "Even in the lowest band more than two in five were lost",
     lowest_band_loses_more_than_two_in_five),
    ("留住的人最多，利润却不是最多", "keeps the most customers but does not earn the most", order_of_the_four),
    ("先发预警得分最高的，是亏的", "Highest score first loses money", most_at_risk_loses),
    ("后一半的券每张都在亏", "the second half of the vouchers all lose money", half_are_too_many),
    ("利润却少了约三分之一", "profit is about a third lower", a_third_less),
    ("不亏才发还能小赚", "sending none at a loss still earns a little", weak_vouchers),
    ("减少一半以上：白送是最大的一笔", "It falls by more than half", waste_weighs_most),
    ("面值 50 元的情景也亏", "Vouchers of ¥50 lose too", dear_vouchers_lose),
    ("半数以上的人已经半年没有来", "more than half have not come for half a year", half_the_customers_are_silent),
    ("约六分之一的客户没有同意接收营销信息", "About one customer in six has not agreed", one_in_six_did_not_agree),
    ("每两周进货几千元", "buys for thousands of yuan every two weeks", the_wholesaler_buys_every_two_weeks),
    ("常来的一群人数最少，消费最多", "The group that comes often is the smallest and spends the most",
     groups_are_as_told),
    ("预计和实际相当接近", "expected and actual purchases are fairly close", expected_is_close_to_made),
    ("沉默满两年还值得联系一次；超过 26 个月就亏", "still pays after two years of silence, and loses after 26 months",
     an_attempt_pays_for_two_years),
    ("联系的人约为一半，利润反而比全部联系多", "about half are written to, and that earns more than writing to all",
     half_earn_more_than_all),
    ("值得联系的人多了，利润为什么反而少", "more are worth an attempt, so why is the profit lower",
     the_mean_hides_who_is_worth_it),
    ("期望收益 22.4 − 6 − 1 = 15.4 元", "The expected gain is 22.4 − 6 − 1 = ¥15.4", parts_of_a_voucher),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)


ANSWERS: list[tuple[str, str, dict[str, object], dict[str, float]]] = [
    ("利润约 10,300 元，留住约 139 人", "base", {}, {"profit": 10_300, "kept": 139}),
    ("约 9,400 元，留住约 156 人", "base", {"choose": "value"}, {"profit": 9_400, "kept": 156}),
    ("约 7,000 元，留住约 173 人", "best_customers", {}, {"profit": 7_000, "kept": 173}),
    ("亏约 800 元，留住约 127 人", "most_at_risk", {}, {"profit": -800, "kept": 127}),
    ("约 1,479 张，利润约 12,000 元", "stop_early", {}, {"sent": 1_479, "profit": 12_000}),
    ("全部发出亏约 1,000 元", "weak_voucher", {}, {"profit": -1_000}),
    ("盈亏平衡约 5.6%", "weak_voucher", {}, {"break_even": 5.6}),
    ("基准情景约 5.8%", "base", {}, {"break_even": 5.8}),
    ("全部发出亏约 1,700 元", "dear_voucher", {}, {"profit": -1_700}),
    ("挽留的比例要到约 13.5%", "dear_voucher", {}, {"break_even": 13.5}),
    ("约由 10,300 元升到 14,000 元", "base", {"consent": False}, {"profit": 14_000}),
]
"""What model answers quote, the scenario, inputs over it, and the figures as they are rounded."""


@pytest.mark.parametrize(("quoted", "scenario", "inputs", "wanted"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_figures_of_model_answers(
    quoted: str, scenario: str, inputs: dict[str, object], wanted: dict[str, float]
) -> None:
    assert quoted in TEXT
    found = figures(scenario, **inputs)
    for name, value in wanted.items():
        unit = {"profit": 100, "break_even": 0.1}.get(name, 1)
        assert round(found[name] / unit) == round(value / unit), name
