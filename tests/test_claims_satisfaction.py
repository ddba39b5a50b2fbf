"""What the chapter and the case on satisfaction and service say of the data is true of them.

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
from crmlib.chapters.satisfaction.models import blueprint, csi, gaps, kano, sampling
from crmlib.chapters.satisfaction.models import survey as source
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.formulas import satisfaction as formulas
from crmlib.tables.data import load

TEXT = (SOURCES / "03_satisfaction.md").read_text("utf-8") + "".join(
    path.read_text("utf-8")
    for path in [*sorted((CASEBOOK / "county_hospital").rglob("*.*")), CASEBOOK / "challenges" / "satisfaction.yaml"]
)
DIMENSIONS = list(source.DIMENSIONS)


@cache
def answers() -> source.Answers:
    return source.prepare(load("service_survey"))


@cache
def journey(**inputs: Any) -> blueprint.Journey:
    return blueprint.STUDY.answer(load("service_steps"), **inputs)


def figures(**inputs: Any) -> dict[str, float]:
    return blueprint.headline(journey(**inputs))


def scenario(name: str) -> dict[str, float]:
    return figures(**case("county_hospital").scenario(name).inputs)


def taken(**inputs: Any) -> set[str]:
    j = journey(**inputs)
    return set(j.blueprint.steps.loc[j.chosen, "measure_en"])


def about(value: float, said: float, within: float = 50.0) -> bool:
    return abs(value - said) <= within


def measured(**rule: Any) -> csi.Satisfaction:
    return csi.measure(answers(), csi.SatisfactionRule(**rule))


def responsiveness_is_lowest_and_tangibles_exceed() -> bool:
    means = dict(zip(DIMENSIONS, source.mean(measured().by_dimension).tolist(), strict=True))
    return min(means, key=means.__getitem__) == "responsiveness" and means["tangibles"] > 1


def assurance_is_on_both_sides() -> bool:
    k, s = DIMENSIONS.index("assurance"), measured()
    ratio, found, expected = (
        source.mean(values)[k] for values in (s.by_dimension, s.answers.found, s.answers.expected)
    )
    return bool(ratio > 1 and found < expected)


def satisfaction_is_the_highest_question_and_met_the_lowest() -> bool:
    satisfied, met, ideal = source.mean(answers().overall).tolist()
    points = [100 * (value - 1) / 9 for value in (satisfied, met, ideal)]
    return satisfied > ideal > met and min(points) < measured().index < max(points)


def stated_and_derived_importance_differ() -> bool:
    stated, derived = measured(weigh="stated"), measured(weigh="derived")
    names = [DIMENSIONS[int(s.importance.argmax())] for s in (stated, derived)]
    place = DIMENSIONS.index("responsiveness")
    low, first = formulas.FIELDS[3], formulas.FIELDS[1]
    advice = csi.fields(stated)[place], csi.fields(derived)[place]
    return names == ["reliability", "responsiveness"] and advice == (low, first)


def classes_differ_by_age() -> bool:
    pay, robot = (list(source.FEATURES).index(name) for name in ("pay", "robot"))
    ages = ("young", "middle", "old")
    places = {age: kano.classify(answers(), kano.KanoRule(age=age)).place.tolist() for age in ages}  # type: ignore[arg-type]
    cold = [places[age][robot] == kano.I for age in ("young", "middle")]
    return (
        places["young"][pay] == kano.O and places["old"][pay] == kano.I and all(cold) and places["old"][robot] == kano.R
    )


def kindest_on_the_spot_least_kind_on_the_web() -> bool:
    index = {name: measured(channel=name).index for name in source.CHANNELS}
    c = {name: csi.headline(measured(channel=name))["satisfaction"] for name in source.CHANNELS}
    return all(max(by, key=by.__getitem__) == "spot" and min(by, key=by.__getitem__) == "web" for by in (index, c))


def learnt_from_whom() -> bool:
    g = gaps.compare(answers(), gaps.GapRule(against="best"))
    names = [list(source.OTHERS)[place] for place in g.model.tolist()]
    wanted = {"responsiveness": "private", "empathy": "private"}
    return names == [wanted.get(name, "city") for name in DIMENSIONS]


def responsiveness_has_the_widest_gap_both_ways() -> bool:
    both = [gaps.compare(answers(), gaps.GapRule(against=name)).gap for name in ("expectation", "best")]  # type: ignore[arg-type]
    tangibles = [gap[DIMENSIONS.index("tangibles")] for gap in both]
    return [DIMENSIONS[int(gap.argmin())] for gap in both] == ["responsiveness"] * 2 and tangibles[0] > 0 > tangibles[1]


def default_channels_are_ruled_out_as_said() -> bool:
    p = sampling.STUDY.answer(load("service_survey"))
    by = dict(zip(source.CHANNELS, p.fits, strict=True))
    said = (by["post"], by["spot"]) == ("too slow", "reaches too few")
    cost, bias = dict(zip(source.CHANNELS, p.cost, strict=True)), sorted(p.bias.tolist())
    return said and min(cost, key=cost.__getitem__) == "web" and float(p.bias[3]) in bias[-2:]


def three_fail_points_one_out_of_sight() -> bool:
    j = journey()
    worst = np.argsort(-j.spoiled_now)[:3]
    names = set(j.blueprint.steps["step_en"].iloc[worst])
    hidden = (j.blueprint.zone[worst] >= blueprint.SEEN).tolist()
    return names == {"Wait to be called", "Leave with advice", "Send the report"} and sum(hidden) == 1


def about_97_at_a_step_and_below_70_in_all() -> bool:
    j = journey()
    return len(j.spoiled_now) == 14 and about(100 * (1 - j.spoiled_now.mean()), 97, 0.5) and j.now < 0.7


def waiting_is_third_by_gain_per_yuan() -> bool:
    j = journey()
    names = j.blueprint.steps["measure_en"]
    ratio = (j.gain / j.blueprint.cost)[~np.isnan(j.blueprint.cost)]
    order = names[~np.isnan(j.blueprint.cost)].iloc[np.argsort(-ratio)].tolist()
    return order[0] == "one advice slip for all" and order[2] == "appointments by time slot"


def most_failures_first_brings_less() -> bool:
    return figures(choose="riskiest")["net_gain"] < figures()["net_gain"]


def cheapest_first_takes_three_more_and_brings_less() -> bool:
    cheap, best = scenario("cheap_first"), figures()
    return (
        cheap["measures"] == best["measures"] + 3
        and cheap["spent"] < best["spent"]
        and cheap["net_gain"] < 0.7 * best["net_gain"]
    )


def money_is_left_over() -> bool:
    found = figures(budget=100_000)
    named = set(load("service_steps")["measure_en"].dropna()) - taken(budget=100_000)
    return found["spent"] == 63_000 and named == {"one more guide"}


def recovery_replaces_prevention() -> bool:
    front, base = scenario("front_line"), figures()
    return (
        about(front["success_now"], 79.4, 0.05)
        and about(front["net_gain"], 25_200)
        and about(base["net_gain"], 53_300)
        and about(front["success_then"], 85.6, 0.05)
        and taken() - taken(recovery=40) == {"mended interface"}
    )


def influenza() -> bool:
    busy = scenario("busy_season")
    given = case("county_hospital").scenario("busy_season").inputs
    figures_hold = about(busy["success_now"], 55.5, 0.05) and about(busy["success_then"], 69.7, 0.05)
    return taken(**given) == taken() and figures_hold and about(busy["net_gain"], 137_200)


def second_check_pays_at_the_higher_loss_only() -> bool:
    place = list(load("service_steps")["measure_en"]).index("check by a second person")
    alone = [journey(loss=loss).gain[place] - journey().blueprint.cost[place] for loss in (40, 120)]
    return bool(alone[0] < 0 < alone[1])


def the_four_ways() -> bool:
    ways = [figures(choose=name) for name in ("best", "ratio", "riskiest", "cheapest")]
    shown = [(f["measures"], f["spent"]) for f in ways]
    nets = [about(f["net_gain"], said) for f, said in zip(ways, (53_300, 52_100, 50_700, 33_500), strict=True)]
    best = {"confirmation by text", "appointments by time slot", "mended interface", "one advice slip for all"}
    left_out = taken() - taken(choose="riskiest"), taken(choose="riskiest") - taken()
    return (
        shown == [(4, 33_500), (6, 34_000), (4, 35_000), (7, 33_000)]
        and all(nets)
        and taken() == best
        and left_out == ({"confirmation by text"}, {"checklist of questions"})
    )


def the_best_set_does_not_follow_the_gain_per_yuan() -> bool:
    table = load("service_steps").set_index("measure_en")
    ratio = dict(zip(table.index, journey().gain / journey().blueprint.cost, strict=True))
    red, interface = "abnormal values in red", "mended interface"
    return bool(ratio[red] > ratio[interface]) and interface in taken() and red not in taken()


def the_advice() -> bool:
    found = figures()
    guide = list(load("service_steps")["measure_en"]).index("one more guide")
    return (
        about(found["success_now"], 67.9, 0.05)
        and about(found["success_then"], 78.7, 0.05)
        and about(found["avoided"], 2170, 5)
        and journey().gain[guide] < 3000
    )


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("响应性（有没有人及时来帮你）最低", "whether somebody comes promptly to help, is lowest",
     responsiveness_is_lowest_and_tangibles_exceed),
    ("c 的平均略高于 1，图下的表里体验的平均却略低于期望",
     "the mean of c is slightly above 1, while in the table the mean experience is slightly below",
     assurance_is_on_both_sides),
    ("总体满意最高，“达到期望”最低，指数在中间",
     "overall satisfaction is highest, expectations met lowest, and the index lies between",
     satisfaction_is_the_highest_question_and_met_the_lowest),
    ("按前一种，响应性成了低优先", "as stated, it has low priority", stated_and_derived_importance_differ),
    ("诊间支付，青年当作一维型，老年无所谓", "one-dimensional for the young and indifferent to the old",
     classes_differ_by_age),
    ("现场作答的最客气", "Answers on the spot are the kindest", kindest_on_the_spot_least_kind_on_the_web),
    ("响应性和移情性要向民营诊所学，其余三项向市医院学",
     "Responsiveness and empathy are to be learnt from the private clinic, the other three from the city hospital",
     learnt_from_whom),
    ("差距最大的都是响应性", "the widest gap is responsiveness", responsiveness_has_the_widest_gap_both_ways),
    ("邮寄太慢，现场覆盖不够，网上最便宜", "By default post is too slow and on the spot reaches too few",
     default_channels_are_ruled_out_as_said),
    ("候诊、离院指引、系统传报告。第三个在可视线以下",
     "waiting to be called, leaving with advice, sending the report. The last lies below the line",
     three_fail_points_one_out_of_sight),
    ("医院的 14 步平均每步约 97% 顺利，乘起来却不到 70%", "yet the product is below 70%",
     about_97_at_a_step_and_below_70_in_all),
    ("措施的每元收益只排第三；最划算的是便宜的告知单", "is only third by gain per yuan",
     waiting_is_third_by_gain_per_yuan),
    ("异常值标红比接口改造划算，却没有选上", "abnormal values in red pay better than the mended interface",
     the_best_set_does_not_follow_the_gain_per_yuan),
    ("下降：失误多的措施未必划算", "It falls: a measure against many failures need not pay",
     most_failures_first_brings_less),
    ("措施多了三项，花的钱差不多，净收益却少得多",
     "three measures more, about the same money spent, and a much smaller net gain",
     cheapest_first_takes_three_more_and_brings_less),
    ("留下的是增加导诊员；最优组合花 63,000 元", "One more guide is left out; the best set spends ¥63,000",
     money_is_left_over),
    ("全程顺利的由 67.9% 升到 79.4%", "With better recovery 79.4% of visits go well in place of 67.9%",
     recovery_replaces_prevention),
    ("同样的经费，最优组合仍是那 4 项", "With the same budget the best set still has the same 4 measures", influenza),
    ("单独看原先不值得的“双人复核”变得值得", "the check by a second person, which did not pay by itself, now does",
     second_check_pays_at_the_higher_loss_only),
    ("4 项，33,500 元，净收益约 53,300 元", "4 measures for ¥33,500, a net gain of about ¥53,300",
     the_four_ways),
    ("每月少毁掉约 2,170 次就诊，净得约 53,300 元", "about 2,170 fewer are spoiled a month", the_advice),
    ("失误概率加倍，全程的比例降到一半以下", "With failure twice as likely it falls below one half",
     lambda: figures(busy=2.0)["success_now"] < 50),
    ("约两成的失误在线以下", "About a fifth of the failures lie below the line",
     lambda: about(figures()["hidden"], 20, 2)),
    ("经费加到顶也到不了 85%，加强当场补救却可以", "No budget reaches 85%, better recovery does",
     lambda: figures(budget=100_000)["success_then"] < 85 < figures(recovery=40)["success_then"]),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)
