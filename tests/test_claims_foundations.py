"""What the chapter and the case on foundations say of the chain's members is true of them.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it from the data.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.foundations.models import life_cycle, winning
from crmlib.chapters.foundations.models import panel as source
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.formulas.lifetime import break_even
from crmlib.tables.data import categories, load

TEXT = (SOURCES / "01_foundations.md").read_text("utf-8") + "".join(
    path.read_text("utf-8") for path in sorted((CASEBOOK / "gym_chain").glob("*.*"))
)


@cache
def panel() -> source.Panel:
    return source.prepare(load("members"))


@cache
def answered(**inputs: object) -> winning.Answer:
    return winning.run(panel(), winning.BudgetPlan(**inputs))  # type: ignore[arg-type]


def figures(**inputs: object) -> dict[str, float]:
    return winning.headline(answered(**inputs))


def scenario(name: str) -> dict[str, float]:
    return figures(**case("gym_chain").scenario(name).inputs)


@cache
def lives() -> life_cycle.Lives:
    return life_cycle.run(panel(), life_cycle.LifeRule())


@cache
def channels() -> pd.DataFrame:
    return source.channel_figures(panel(), list(categories("members", "channel")))


def base(unit: str) -> winning.Base:
    return answered(unit=unit).base


def awkward_rows_are_there() -> bool:
    table = load("members")
    shared = table.groupby(["household_id", "year"])["account_id"].nunique().max() > 1
    gaps = (table.groupby("account_id")["year"].agg(lambda years: years.max() - years.min() + 1 - len(years)) > 0).any()
    taken = table[table["channel"].astype(str) == "takeover"]
    mean = table[table["refunds"] == 0].groupby("year")["revenue"].median()
    dearer = mean.loc[2022:].min() > mean.loc[:2021].max()
    return bool(shared and gaps and (table["refunds"] > 0).any() and taken["joined"].isna().all() and dearer)


def households_and_accounts_differ() -> bool:
    house, account = base("household"), base("account")
    return account.retention < house.retention and house.won < account.won and house.spent / house.won > (
        account.spent / account.won
    )  # fmt: skip


def lowest_around_the_rise_and_margin_grows_after() -> bool:
    members = panel().members["household"]
    rates = source.retention_by_year(members)
    margin = members.margin().sum(0) / members.present.sum(0)
    return int(np.argmin(rates)) in (3, 4) and margin[4:].min() > margin[:4].max()


def vouchers_are_worst_and_referrals_stay_longest() -> bool:
    table = channels()
    worst = table["retention"].idxmin() == table["clv"].idxmin() == "voucher"
    pays = table.loc["voucher", "retention"] > table.loc["voucher", "break_even"]
    return bool(worst and pays and table["retention"].idxmax() == "referral" and table.loc["referral", "cost"] < 300)


def averages_and_one_more_of_each_say_the_reverse() -> bool:
    answer = answered()
    return answer.win_cost > 5 * answer.each and answer.keep_more > answer.win_more


def neither_end_is_best() -> bool:
    values = answered().values
    return bool(values.max() > values[0] > values[100])


def least_from_about_52() -> bool:
    gains = winning.five_points(np.arange(5, 95) / 100, 0.10)
    least = int(gains.argmin())
    return bool(5 + least in (52, 53) and (np.diff(gains[:least]) < 0).all() and (np.diff(gains[least:]) > 0).all())


def between_29_and_76_less_than_25_and_never_85() -> bool:
    gains = winning.five_points(np.array([0.28, 0.29, 0.75, 0.77, 0.94]), 0.10)
    return bool(gains[0] > 25 > gains[1] and gains[2] < 25 < gains[3] and gains[4] < 85)


def stability_earns_most_and_exploration_next_to_nothing() -> bool:
    profit = life_cycle.by_stage(lives())["profit"]
    return bool(profit.idxmax() == "stability" and 0 < profit["exploration"] < 50 and profit["decline"] > 0)


def patterns_as_told() -> bool:
    found, table = life_cycle.headline(lives()), life_cycle.by_pattern(lives())
    return bool(
        45 < found["early_share"] < 50
        and table["profit"].iloc[life_cycle.EARLY] < 0
        and found["long_share"] < 100 / 6
        and table["profit"].idxmax() == "stayed long"
    )


def a_third_come_back_and_fewer_later() -> bool:
    after = life_cycle.after_decline(lives())
    falling = after["back"].is_monotonic_decreasing and after["profit"].is_monotonic_decreasing
    return bool(31 < after["back"].iloc[0] < 36 and falling and life_cycle.headline(lives())["stop_after"] == 3)


def one_year_favours_keeping() -> bool:
    shares = [figures(years=n)["best_share"] for n in (1, 5, 10)]
    return shares[0] == 100 and shares == sorted(shares, reverse=True) and [round(s) for s in shares] == [100, 23, 18]


def all_for_keeping_has_the_fewest_customers() -> bool:
    base_case, keeping = figures(), scenario("all_keeping")
    return keeping["retention"] > base_case["retention"] and keeping["end_customers"] < 750 < base_case["end_customers"]


def profits_by_stage_as_in_the_model_answer() -> bool:
    profit = life_cycle.by_stage(lives())["profit"]
    return [round(value) for value in profit] == [5, 1119, 1326, 546]


def after_decline_as_in_the_model_answer() -> bool:
    return [round(value) for value in life_cycle.after_decline(lives())["profit"]] == [546, 374, 111]


def by_account_as_in_the_model_answer() -> bool:
    house, account = base("household"), base("account")
    rates = [round(100 * one.retention) for one in (account, house)]
    return rates == [78, 83] and [round(one.spent / one.won) for one in (account, house)] == [508, 650]


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("还有收购并入、入会年份不详的会员", "taken over with another club, and nobody knows their year of joining",
     awkward_rows_are_there),
    ("按账户算，保留率较低", "By account the retention rate is lower", households_and_accounts_differ),
    ("保留率在涨价前后最低，毛利在涨价以后上升", "The retention rate is lowest around the rise in fees, and the margin",
     lowest_around_the_rise_and_margin_grows_after),
    ("每年都有两百多户补上", "more than two hundred new households join each year",
     lambda: set(source.joined_by_year(panel().members["household"]) // 100) == {2}),
    ("来的人走得最快，终身价值最小", "those who come leave soonest, and their CLV is the smallest",
     vouchers_are_worst_and_referrals_stay_longest),
    ("440 ÷ 1,000 = 44%", "440 ÷ 1,000 = 44%", lambda: break_even(400, 600, 0.1) == pytest.approx(0.44)),
    ("多留住一位反而更贵", "one more kept is the dearer one", averages_and_one_more_of_each_say_the_reverse),
    ("全部用于争取不是最好，全部用于保留更差", "all for winning is not best, all for keeping is worse",
     neither_end_is_best),
    ("起点在 52% 以上时，起点越高，增加的比例越大", "From a start of about 52% on, the higher the start",
     least_from_about_52),
    ("保留率在约 29% 和 76% 之间时，增加不到 25%", "between about 29% and 76% the value rises by less than 25%",
     between_29_and_76_less_than_25_and_never_85),
    ("利润最高的是稳定期；退化期仍有利润", "Profit is highest in stability. Decline still brings a profit",
     stability_earns_most_and_exploration_next_to_nothing),
    ("近一半早期流产，平均每一段都赔钱", "nearly half ended early, at a loss on average", patterns_as_told),
    ("约三分之一会回升", "about a third of those who have declined for a year come back",
     a_third_come_back_and_fewer_later),
    ("看得越远，争取越值得", "The further one looks, the more winning is worth", one_year_favours_keeping),
    ("平均约 14 倍，各多一位约 0.6 倍", "about 14 times on average, about 0.6 for one more of each",
     lambda: round(figures()["times_average"]) == 14 and round(figures()["times_margin"], 1) == 0.6),
    ("一年为 100%，五年约 23%，十年约 18%", "100% for one year, about 23% for five, about 18% for ten",
     one_year_favours_keeping),
    ("保留率最高，五年后的客户数却最少",
     "the retention rate is highest, and after five years there are fewest customers",
     all_for_keeping_has_the_fewest_customers),
    ("由 50% 降到 20%，最好的比例降到零", "at 20% in place of 50% the best share falls to zero",
     lambda: scenario("movers")["best_share"] == 0),
    ("最好的比例升到约 45%", "the best share rises to about 45%",
     lambda: 43 <= scenario("full_market")["best_share"] <= 47),
    ("最好的比例只移动几个百分点", "the best share moves by a few points only",
     lambda: abs(scenario("by_account")["best_share"] - figures()["best_share"]) <= 5),
    ("再多一位要 1,740 元", "one more costs ¥1,740", lambda: round(answered(keep_share=0).win_more) == 1740),
    ("考察期约 5 元，形成期约 1,119 元", "about ¥5 in exploration, ¥1,119 in formation",
     profits_by_stage_as_in_the_model_answer),
    ("下一年的平均利润约 546 元和 374 元", "the next year brings about ¥546 and ¥374",
     after_decline_as_in_the_model_answer),
    ("最近一年的保留率约 78%，按家庭约 83%", "retention rate is about 78%, by household about 83%",
     by_account_as_in_the_model_answer),
    ("保留率约 86%，寿命约 7 年", "with a retention rate of about 86% some 7 years",
     lambda: round(figures()["retention"]) == 86 and round(1 / (1 - answered().retention)) == 7),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)
