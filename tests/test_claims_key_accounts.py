"""What the chapter and its cases on key accounts, complaints and risk say of the data is true of them.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it from the data.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.key_accounts.charts import complaints as complaint_charts
from crmlib.chapters.key_accounts.models import complaints, funnel, key_accounts, risk, signs
from crmlib.chapters.studies import STUDIES
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.core.study import Study
from crmlib.tables.data import load

AnyStudy = Study[Any, Any, Any]
CASES: dict[str, AnyStudy] = {
    "washing_machines": key_accounts.STUDY,
    "spreading_complaint": complaints.STUDY,
    "lost_takings": risk.STUDY,
}
FILES = [
    *sorted(SOURCES.glob("10_key_accounts*.md")),
    *(path for name in CASES for path in sorted((CASEBOOK / name).rglob("*.*"))),
    CASEBOOK / "challenges" / "key_accounts.yaml",
]
TEXT = "".join(path.read_text("utf-8") for path in FILES)


@cache
def _answer(name: str, **inputs: Any) -> Any:
    return STUDIES[name].answer(*map(load, STUDIES[name].datasets), **inputs)


def answer(study: AnyStudy, **inputs: Any) -> Any:
    return _answer(study.name, **inputs)


def figures(study: AnyStudy, **inputs: Any) -> dict[str, float]:
    return study.headline(answer(study, **inputs))


def scenario(name: str, which: str = "base") -> dict[str, float]:
    return figures(CASES[name], **case(name).scenario(which).inputs)


def shown(value: float, said: float, digits: int = 0) -> bool:
    return round(value, digits) == said


# Key accounts and funnel ----------------------------------------------------------------------------------------------


def a_store_is_first_and_a_group_of_three_second() -> bool:
    table = load("key_accounts").set_index("account_id")
    names = answer(key_accounts.STUDY).customers.names
    return bool(table.loc[names[0], "kind"] == "store") and int((table["group"] == names[1]).sum()) == 3


def falls() -> list[float]:
    c = answer(key_accounts.STUDY)
    return [float((c.profit - c.loss(n)) / c.profit) for n in range(3)]


def uneven_load() -> bool:
    f = answer(funnel.STUDY)
    p = f.pipeline
    load_of = [funnel.HOURS[p.stage[p.people == name]].sum() / f.rule.hours for name in sorted(set(p.people))]
    return bool(sum(one > 1.4 for one in load_of) == 3 and sum(one < 1 for one in load_of) == 3)


def advice_goes_by_a_tenth_and_by_35_and_70_percent() -> bool:
    c = answer(key_accounts.STUDY)
    rows = key_accounts.listing(c)[: c.key]
    falls, share = rows["growth_pct"] < -10, rows["own_share_pct"]
    told = np.select([falls, share < 35, share > 70], [0, 1, 2], 3)
    return bool((key_accounts.advice(c) == told).all()) and set(told.tolist()) == {0, 1, 2, 3}


def half_of_the_stuck_are_leads() -> bool:
    f = answer(funnel.STUDY)
    counts = np.bincount(f.pipeline.stage[f.stuck], minlength=5)
    return bool(0.28 < f.stuck.mean() < 1 / 3 and counts[0] == counts.max() == counts.sum() / 2)


def ten_points_help_most_where_conversion_is_lowest() -> bool:
    found = {name: figures(funnel.STUDY, better=name, lift=10)["to_win"] for name in funnel.STAGES}
    lowest = int(answer(funnel.STUDY).conversion.argmin())
    return max(found, key=found.__getitem__) == list(funnel.STAGES)[lowest]


PART_1: list[tuple[str, str, Callable[[], bool]]] = [
    (
        "一家洗衣机厂的 140 个户头",
        "140 accounts of a washing-machine manufacturer",
        lambda: len(load("key_accounts")) == 140,
    ),
    (
        "最大的是一家北京的商场，第二大的是一个拥有三家门店的集团",
        "The largest is a store in Beijing, the second a group of three shops",
        a_store_is_first_and_a_group_of_three_second,
    ),
    (
        "把同一老板的户头分开，HHI 就低了",
        "With accounts of one owner counted apart the HHI is lower",
        lambda: figures(key_accounts.STUDY, unite="account")["hhi"] < figures(key_accounts.STUDY)["hhi"],
    ),
    (
        "失去占销售额不到六分之一的一家，利润就所剩无几；失去两家，厂就亏损",
        "less than a sixth of sales hardly any profit is left, and without two there is a loss",
        lambda: figures(key_accounts.STUDY)["largest"] < 100 / 6 and 0 < falls()[1] < 0.2 and falls()[2] < 0,
    ),
    (
        "“已拜访”一关的转化率最低",
        "Conversion is lowest at the stage “visited”",
        lambda: int(answer(funnel.STUDY).conversion.argmin()) == 2,
    ),
    (
        "合计是加权的五倍左右",
        "The sum is about five times the weighted amount",
        lambda: 4.5 < figures(funnel.STUDY)["pipeline"] / figures(funnel.STUDY)["weighted"] < 5.5,
    ),
    (
        "近三分之一的机会停滞了，其中一半在最前面的线索一关",
        "Nearly a third of the opportunities are stuck, half of them at the first stage",
        half_of_the_stuck_are_leads,
    ),
    (
        "三位需要的时间超出四成以上，另外三位还有空",
        "three need over two fifths more time than there is, and the other three have time left",
        uneven_load,
    ),
    (
        "销售下降一成以上的先拜访，份额不到 35% 的先帮它卖，份额超过 70%、我们几乎是唯一供应商的先保货源",
        "If sales fall by more than a tenth, visit; if our share is below 35%, help it sell; above 70% we are nearly",
        advice_goes_by_a_tenth_and_by_35_and_70_percent,
    ),
    (
        "占销售额 1% 以上的算大客户",
        "A customer with 1% of sales or more counts as a key account",
        lambda: key_accounts.KeyRule().least == 1,
    ),
    (
        "补回六成，利润只减少四成左右",
        "with 60% made up, about two fifths of the profit go",
        lambda: 36 < figures(key_accounts.STUDY, replaced=60)["fall"] < 42,
    ),
    (
        "转化率最低的一关，提高同样的点数，相对增幅最大",
        "The same points raise most, in proportion, where conversion is lowest",
        ten_points_help_most_where_conversion_is_lowest,
    ),
    (
        "若它们一个也成不了，加权漏斗就覆盖不了目标",
        "if none of them is won, the weighted pipeline does not cover the target",
        lambda: figures(funnel.STUDY, worth=0)["coverage"] < 100 < figures(funnel.STUDY)["coverage"],
    ),
    (
        "停滞的机会占了加权金额的四分之一以上",
        "Stuck opportunities are more than a quarter of the weighted amount",
        lambda: figures(funnel.STUDY, worth=0)["weighted"] < 0.75 * figures(funnel.STUDY)["weighted"],
    ),
]


# Complaints -----------------------------------------------------------------------------------------------------------


def causes(**inputs: Any) -> Any:
    return complaints.listing(answer(complaints.STUDY, **inputs))["share_pct"]


def first(**inputs: Any) -> tuple[str, float]:
    share = causes(**inputs)
    return str(share.idxmax()), round(float(share.max()), 1)


def days_of_steps() -> list[float]:
    h = answer(complaints.STUDY)
    return [float(days) for days in np.nanmean(h.log.days[h.counted], axis=0)]


def again_is_highest_for_installation() -> bool:
    again = complaints.listing(answer(complaints.STUDY))["again_pct"]
    return bool(again.idxmax() == "install" and 17 < again.max() < 20)


def fair_process_counts_more_than_money() -> bool:
    table = complaint_charts.compensation(answer(complaints.STUDY)).astype(float).to_numpy()
    return bool((table[:, 1] - table[:, 2] > 17).all() and table[3, 0] > table[0, 0])


def more_than_the_damage_is_fifteen_points_above_nothing() -> bool:
    table = complaint_charts.compensation(answer(complaints.STUDY)).astype(float).to_numpy()
    return shown(table[3, 0] - table[0, 0], 15) and bool((np.diff(table[:, 0]) < 0).any())


def to_kept(step: str, faster: float) -> float:
    return figures(complaints.STUDY, step=step, faster=faster)["kept"]


PART_2: list[tuple[str, str, Callable[[], bool]]] = [
    (
        "按件数是“安装不当”第一，按损失是“产品质量”第一，占了一半",
        "“installation” is first by cases, and “product quality” by cost, with half of it",
        lambda: first()[0] == "install" and first(by="cost") == ("quality", 50.4),
    ),
    (
        "安装不当的客户有近五分之一为同一问题再次投诉，是各种原因里最高的",
        "nearly a fifth of customers with installation trouble complain of it once more, the highest of all causes",
        again_is_highest_for_installation,
    ),
    (
        "没有哪一步超过三四天，合起来却约有十二天",
        "No step takes more than three or four days, yet together they take about twelve",
        lambda: max(days_of_steps()) < 4 and 11.5 < sum(days_of_steps()) < 12.5,
    ),
    ("最慢的是“分析原因”", "Finding the cause is slowest", lambda: int(np.argmax(days_of_steps())) == 3),
    (
        "承诺 12 天，只兑现一半多一点；要兑现九成五，得承诺 20 天",
        "A promise of 12 days is kept little more than half of the time. To keep it in 95% the firm must promise 20",
        lambda: (
            50 < figures(complaints.STUDY)["kept"] < 60
            and 94.5 < figures(complaints.STUDY, promise=20)["kept"] < 97
            and figures(complaints.STUDY, promise=19)["kept"] < 95
        ),
    ),
    (
        "补偿相当，程序公平的每组都高出十七个百分点以上",
        "a fair process is over seventeen percentage points higher in each group",
        fair_process_counts_more_than_money,
    ),
    (
        "补偿超过损失的，再买的比例比没有补偿的高约十五个百分点，中间却不是逐组上升",
        "buying again is about fifteen points higher than with nothing, but it does not rise from group to group",
        more_than_the_damage_is_fifteen_points_above_nothing,
    ),
    (
        "缩短最慢的一步最有用；缩短“记录”几乎没有用",
        "To shorten the slowest step helps most; to shorten recording does next to nothing",
        lambda: (
            max(complaints.STEPS, key=lambda step: to_kept(step, 50)) == "analyse"
            and to_kept("record", 90) - to_kept("record", 0) < 4
        ),
    ),
    ("其中 984 件成立", "of which 984 stand", lambda: figures(complaints.STUDY)["cases"] == 984),
    ("一年收到 1,200 件投诉", "1,200 complaints in a year", lambda: len(load("complaints")) == 1_200),
    ("按件数是安装不当，31.0%", "By cases installation, 31.0%", lambda: first() == ("install", 31.0)),
    ("按损失是产品质量，50.4%", "By cost product quality, 50.4%", lambda: first(by="cost") == ("quality", 50.4)),
    ("984 ÷ 10% − 984 = 8,856", "984 ÷ 10% − 984 = 8,856", lambda: figures(complaints.STUDY)["silent"] == 8_856),
    (
        "984 ÷ 4% − 984 = 23,616",
        "984 ÷ 4% − 984 = 23,616",
        lambda: figures(complaints.STUDY, voice=4)["silent"] == 23_616,
    ),
    (
        "12 天的承诺只兑现 56.4%",
        "a promise of 12 days kept in 56.4%",
        lambda: shown(figures(complaints.STUDY)["kept"], 56.4, 1),
    ),
    (
        "最慢的是分析原因，3.1 天",
        "Finding the cause is slowest with 3.1 days",
        lambda: shown(days_of_steps()[3], 3.1, 1),
    ),
    (
        "只兑现 24.9%；只算成立的更低，不到一成",
        "kept in 24.9% of cases, and in less than a tenth of those that stand",
        lambda: (
            shown(scenario("spreading_complaint", "goes_public")["kept"], 24.9, 1)
            and figures(complaints.STUDY, promise=7)["kept"] < 10
        ),
    ),
    (
        "兑现率由 56.4% 升到 70.5%，中位时间由 11.5 天降到 10.1 天",
        "rises from 56.4% to 70.5%, and the median time falls from 11.5 days to 10.1",
        lambda: (
            shown(scenario("spreading_complaint", "faster_cause")["kept"], 70.5, 1)
            and shown(scenario("spreading_complaint", "faster_cause")["median_days"], 10.1, 1)
            and shown(figures(complaints.STUDY)["median_days"], 11.5, 1)
        ),
    ),
    ("36.6 个百分点再买", "by 36.6 percentage points", lambda: shown(figures(complaints.STUDY)["rebuy_gap"], 36.6, 1)),
    ("504 件不公平的案件", "504 unfair cases", lambda: answer(complaints.STUDY).unfair == 504),
    ("≈ 33,218 元", "≈ ¥33,218", lambda: shown(scenario("spreading_complaint", "fair_to_all")["gain"], 33_218)),
    (
        "按损失衡量，投诉比按件数更集中在产品质量上",
        "By cost complaints are more concentrated, on product quality, than by cases",
        lambda: figures(complaints.STUDY, by="cost")["few"] < figures(complaints.STUDY)["few"],
    ),
]


# Risk -----------------------------------------------------------------------------------------------------------------


def taken(**inputs: Any) -> list[int]:
    return [int(n) + 1 for n in np.flatnonzero(answer(risk.STUDY, **inputs).chosen)]


def net(name: str, **inputs: Any) -> float:
    return scenario("lost_takings", name)["net_gain"] if not inputs else figures(risk.STUDY, **inputs)["net_gain"]


def pairs_of(person: str) -> int:
    found = answer(risk.STUDY).register.conflicts.found
    return sum(one[0] == person for one in found)


def customers_unguarded() -> bool:
    p = answer(risk.STUDY, side="own")
    return bool((p.after[risk.OWN :] > 0.8 * p.before[risk.OWN :]).all())


def late_tells_most() -> bool:
    w = answer(signs.STUDY)
    gap = w.signs[w.payers.failed].mean(axis=0) - w.signs[~w.payers.failed].mean(axis=0)
    return int(gap.argmax()) == 0


PART_3: list[tuple[str, str, Callable[[], bool]]] = [
    ("自己人造成的损失占大头", "Most of the loss comes from own people", lambda: figures(risk.STUDY)["own_share"] > 50),
    (
        "一个人接单、发货、收款又记账",
        "one person takes orders, ships, collects and keeps the ledger",
        lambda: pairs_of("P06") == 4,
    ),
    (
        "效果减半，净收益约减少一半，费用却一分不少",
        "With half the effect the net gain falls by about half, and the cost stays",
        lambda: 0.45 < net("", effect=50) / net("base") < 0.55 and figures(risk.STUDY, effect=50)["spent"] >= 119_000,
    ),
    ("最可靠的是“越来越晚”", "“Later and later” tells most", late_tells_most),
    (
        "要求两个信号，误报没有了，漏报却成了四倍",
        "With two signs required there is no false alarm, and four times as many failures are missed",
        lambda: (
            figures(signs.STUDY, needed=2)["alarms"] == 0
            and figures(signs.STUDY, needed=2)["missed"] == 4 * figures(signs.STUDY)["missed"]
        ),
    ),
    ("三年里一共有 69 起事件", "there were 69 incidents", lambda: len(load("incidents")) == 69),
    (
        "预期损失每年 1,460,933 元，其中 60.0% 来自自己人",
        "the expected loss is ¥1,460,933 a year, of which 60.0% comes from own people",
        lambda: (
            shown(scenario("lost_takings")["before"], 1_460_933)
            and shown(scenario("lost_takings")["own_share"], 60.0, 1)
        ),
    ),
    (
        "12 个人，谁可以做什么",
        "12 people, and who may do what",
        lambda: answer(risk.STUDY).register.conflicts.checked == 12,
    ),
    (
        "净收益 588,006 元，低于基准的 764,435 元",
        "The net gain is ¥588,006, below the ¥764,435 of the base case",
        lambda: shown(net("own_people"), 588_006) and shown(net("base"), 764_435),
    ),
    (
        "最优 764,435 元，最便宜 723,575 元，按每元 710,317 元",
        "Best ¥764,435, cheapest ¥723,575, per yuan ¥710,317",
        lambda: shown(net("cheapest"), 723_575) and shown(net("", choose="ratio"), 710_317),
    ),
    (
        "净收益 301,404 元，只剩基准的约四成，费用还是 120,000 元",
        "The net gain is ¥301,404, about two fifths of the base case, and the cost is ¥120,000",
        lambda: (
            shown(net("paper_rules"), 301_404)
            and 0.35 < net("paper_rules") / net("base") < 0.45
            and scenario("lost_takings", "paper_rules")["spent"] == 120_000
        ),
    ),
    ("净收益 2,531,305 元", "The net gain is ¥2,531,305", lambda: shown(net("worse_year"), 2_531_305)),
    (
        "损失变成 3 倍，经费不变，组合也不变",
        "the loss is 3 times as large with the same budget and the same set",
        lambda: (
            shown(scenario("lost_takings", "worse_year")["before"] / scenario("lost_takings")["before"], 3.0, 6)
            and taken(large=2, often=1.5) == taken()
        ),
    ),
    (
        "费用 119,000 元，预期损失由 1,460,933 元降到 577,498 元",
        "cost ¥119,000, expected loss from ¥1,460,933 to ¥577,498",
        lambda: scenario("lost_takings")["spent"] == 119_000 and shown(scenario("lost_takings")["after"], 577_498),
    ),
    (
        "收支两条线（每日存入只能存入的账户）、品行为先、不失控、信用调查、一切有合同；担保换成忠诚保险",
        "daily deposits, character first, keeping control, credit investigation, contracts; insurance in place of",
        lambda: taken() == [1, 2, 6, 7, 8, 11],
    ),
    (
        "4 项控制就拿到八成的净收益",
        "4 controls bring over four fifths of the net gain",
        lambda: (
            scenario("lost_takings", "small_budget")["controls"] == 4 and 0.8 < net("small_budget") / net("base") < 0.85
        ),
    ),
    (
        "多了一项，净收益少了四万元左右",
        "one control more, and about forty thousand yuan less net gain",
        lambda: (
            scenario("lost_takings", "cheapest")["controls"] == 7 and 35_000 < net("base") - net("cheapest") < 45_000
        ),
    ),
    (
        "经费花不完，客户那边的损失几乎不动",
        "the budget is not used up, losses with customers hardly move",
        lambda: scenario("lost_takings", "own_people")["spent"] < 120_000 and customers_unguarded(),
    ),
    (
        "品行为先；它最便宜",
        "Character first; it is the cheapest",
        lambda: (
            int(np.argmax(answer(risk.STUDY).alone / answer(risk.STUDY).register.cost)) == 5
            and int(answer(risk.STUDY).register.cost.argmin()) == 5
        ),
    ),
    (
        "经费再多，最优组合也不会全部花完",
        "However large it is, the best set does not spend it all",
        lambda: figures(risk.STUDY, budget=500_000)["spent"] < 300_000,
    ),
]


# The store ------------------------------------------------------------------------------------------------------------


def books() -> tuple[float, ...]:
    c = answer(key_accounts.STUDY).customers
    return tuple(round(float(values.sum())) for values in (c.sales, c.contribution, c.service))


def store(which: str) -> dict[str, float]:
    return scenario("washing_machines", which)


def by_hand() -> bool:
    c = answer(key_accounts.STUDY)
    s, m, p = c.shares[0], 100 * c.customers.contribution[0] / c.customers.sales[0], 100 * c.profit / books()[0]
    found = key_accounts.profit_fall(s, m, p)
    return (round(s, 1), round(m, 1), round(p, 2), round(found)) == (15.8, 28.2, 3.78, 118)


STORE: list[tuple[str, str, Callable[[], bool]]] = [
    (
        "销售 98,826,400 元，毛利 24,861,029 元，服务客户的费用 4,128,100 元",
        "sales of ¥98,826,400 a year, a margin of ¥24,861,029, a service cost of ¥4,128,100",
        lambda: books() == (98_826_400, 24_861_029, 4_128_100),
    ),
    ("合起来占 9.4%", "together 9.4%", lambda: shown(float(answer(key_accounts.STUDY).shares[1]), 9.4, 1)),
    (
        "本厂占它洗衣机采购的 40%",
        "the factory has 40% of the store's purchases",
        lambda: shown(float(answer(key_accounts.STUDY).customers.own_share[0]), 0.40, 2),
    ),
    ("本案例的大客户占 63.1%", "here the key accounts have 63.1%", lambda: shown(store("base")["key_share"], 63.1, 1)),
    ("占全部 515 的大半", "most of 515", lambda: shown(store("base")["hhi"], 515)),
    (
        "拆开以后 HHI 降到 461",
        "Split, the HHI falls to 461",
        lambda: shown(figures(key_accounts.STUDY, unite="account")["hhi"], 461),
    ),
    ("15.8% × 28.2% ÷ 3.78% ≈ 118%", "15.8% × 28.2% ÷ 3.78% ≈ 118%", by_hand),
    (
        "利润由 3,732,929 元降到 503,869 元，少 86.5%",
        "profit falls from ¥3,732,929 to ¥503,869, by 86.5%",
        lambda: (
            (round(store("base")["profit"]), round(store("base")["profit_then"]), round(store("base")["fall"], 1))
            == (3_732_929, 503_869, 86.5)
        ),
    ),
    ("亏损 492,091 元", "a loss of ¥492,091", lambda: shown(store("store_leaves")["profit_then"], -492_091)),
    ("亏损 965,446 元", "a loss of ¥965,446", lambda: shown(store("two_lost")["profit_then"], -965_446)),
    (
        "失去的毛利是 4,399,200 元",
        "the margin lost is ¥4,399,200",
        lambda: shown(float(answer(key_accounts.STUDY).customers.contribution[0]), 4_399_200),
    ),
    (
        "利润由 5,232,929 元降到 2,883,709 元，少 44.9%",
        "Profit falls from ¥5,232,929 to ¥2,883,709, by 44.9%",
        lambda: (
            (round(store("leaner")["profit"]), round(store("leaner")["profit_then"]), round(store("leaner")["fall"], 1))
            == (5_232_929, 2_883_709, 44.9)
        ),
    ),
    (
        "利润减少 43.3%，正好是 86.5% 的一半",
        "43.3% of the profit, just half of 86.5%",
        lambda: (
            shown(store("half_kept")["fall"], 43.3, 1)
            and shown(store("half_kept")["fall"] / store("base")["fall"], 0.5, 6)
        ),
    ),
    (
        "门槛 0.8% 时有 21 个大客户",
        "With a bar of 0.8% there are 21 key accounts",
        lambda: store("department")["key"] == 21,
    ),
    (
        "净收益 535,286 元，盈亏平衡约 4.8%",
        "The net gain is ¥535,286; it breaks even at about 4.8%",
        lambda: shown(store("department")["net_gain"], 535_286) and shown(8 * 800_000 / (535_286 + 800_000), 4.8, 1),
    ),
]


@pytest.mark.parametrize(("zh", "en", "holds"), [*PART_1, *PART_2, *PART_3, *STORE])
def test_a_claim_of_the_chapter_or_its_cases_is_true_of_the_data(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)
