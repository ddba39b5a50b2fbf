"""What the chapter and the case on customer and product analysis say of the data is true of them.

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
from crmlib.chapters.analysis.models import change, composition, cube, ratios, trend
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.tables.data import load

TEXT = (SOURCES / "09_analysis.md").read_text("utf-8") + "".join(
    path.read_text("utf-8")
    for path in [*sorted((CASEBOOK / "food_factory").rglob("*.*")), CASEBOOK / "challenges" / "analysis.yaml"]
)


@cache
def data() -> cube.Cube:
    return cube.prepare(*(load(name) for name in ratios.STUDY.datasets))


@cache
def pushed(**inputs: Any) -> ratios.Ratios:
    return ratios.run(data(), ratios.RatioRule(**inputs))


@cache
def mixed(**inputs: Any) -> composition.Composition:
    return composition.run(data(), composition.CompositionRule(**inputs))


def split(**inputs: Any) -> change.Change:
    return change.run(data(), change.ChangeRule(**inputs))


def months(**inputs: Any) -> trend.Trend:
    return trend.run(data(), trend.TrendRule(**inputs))


def scenario(name: str) -> ratios.Ratios:
    return pushed(**case("food_factory").scenario(name).inputs)


def names(r: ratios.Ratios) -> list[str]:
    return [str(name) for name in r.cube.product_names[r.at, 1]]


def figure(name: str, product: str, **inputs: Any) -> float:
    r = pushed(**inputs)
    return float(r.figures[name][names(r).index(product)])


def named(name: str, **inputs: Any) -> str:
    r = pushed(**inputs)
    return names(r)[ratios.highest(r.figures[name])]


def about(value: float, said: float, within: float) -> bool:
    return abs(value - said) <= within


def gain(product: str, **inputs: Any) -> float:
    r = pushed(**inputs)
    return float(r.gain[names(r).index(product)])


def best(**inputs: Any) -> str:
    r = pushed(**inputs)
    return names(r)[r.best]


FOUR = {"margin": "mushroom sauce", "turnover": "rice noodles", "cross": "jelly", "contribution": "chilli sauce"}


def four_ratios_name_four_products() -> bool:
    return {name: named(name) for name in FOUR} == FOUR and named("kpi") == "hotpot base"


def their_figures() -> bool:
    said = {"margin": 0.439, "turnover": 17.6, "cross": 3.81, "contribution": 0.594}
    within = {"margin": 0.0005, "turnover": 0.05, "cross": 0.005, "contribution": 0.0005}
    return all(about(figure(name, FOUR[name]), said[name], within[name]) for name in FOUR)


def sales_grow_and_margin_falls() -> bool:
    sales, profit = (change.headline(split(measure=name))["change_pct"] for name in ("sales", "profit"))
    return about(sales, 1.9, 0.05) and -14 < profit < -10


def parts_of_both_changes() -> bool:
    sales, profit = split(), split(measure="profit")
    said = {"volume": 2_259, "mix": -857, "price": 253, "new": 731, "dropped": -1_262}
    return (
        all(about(sales.parts[name] / 1000, value, 0.6) for name, value in said.items())
        and about((sales.now - sales.before) / 1000, 1_124, 0.6)
        and about((profit.now - profit.before) / 1000, -2_126, 0.6)
        and about(profit.parts["cost"] / 1000, -2_401, 0.6)
        and min(profit.parts, key=profit.parts.__getitem__) == "cost"
    )


def each_effect_has_its_product() -> bool:
    rows = (("percent", "hotpot base", 639), ("yuan", "mushroom sauce", 188), ("stock", "jelly", 126))
    return all(best(effect=e) == name and about(gain(name, effect=e) / 1000, said, 0.6) for e, name, said in rows)


def chilli_sauce_is_never_best() -> bool:
    return "chilli sauce" not in {best(effect=effect) for effect in ("percent", "yuan", "stock")}


def effects_agree_with_ratios() -> bool:
    return all(
        named(name) == best(effect=e) for e, name in (("percent", "kpi"), ("yuan", "margin"), ("stock", "cross"))
    )


def jelly_by_the_ends() -> bool:
    by = [figure("turnover", "jelly", stock=how) for how in ("months", "ends")]
    hotpot = [figure("turnover", "hotpot base", stock=how) for how in ("months", "ends")]
    return about(by[0], 12.1, 0.05) and about(by[1], 28.2, 0.05) and by[1] > 2 * by[0] and hotpot[1] < hotpot[0]


def gain_overstated_threefold() -> bool:
    true, said = (ratios.headline(scenario(name))["gain"] for name in ("cold_store", "year_ends"))
    return 2.7 < said / true < 3.3


def hotpot_is_third_with_the_same_money() -> bool:
    r = scenario("same_money")
    order = [names(r)[k] for k in np.argsort(-r.gain)]
    return (
        order[:3] == ["mushroom sauce", "gift box", "hotpot base"] and 0 < gain("rice noodles", effect="yuan") < 10_000
    )


def the_year_before_named_the_same() -> bool:
    margins = [ratios.headline(pushed(year=year))["margin"] for year in ("before", "last")]
    return {name: named(name, year="before") for name in FOUR} == FOUR and about(margins[0] - margins[1], 4, 0.3)


def upper_right() -> bool:
    r = pushed()
    both = [n for n, field in zip(names(r), ratios.quadrants(r), strict=True) if field == ratios.QUADRANTS[0]]
    return both == ["chilli sauce", "jelly"] and "gift box" in names(r)


def noodles_and_mushroom_sauce() -> bool:
    return about(figure("margin", "rice noodles"), 0.10, 0.01) and about(figure("turnover", "mushroom sauce"), 4, 0.1)


def gift_box_is_second_by_margin() -> bool:
    r = pushed()
    order = [names(r)[k] for k in np.argsort(-r.figures["margin"])]
    return order[:2] == ["mushroom sauce", "gift box"] and about(figure("margin", "gift box"), 0.4, 0.0005)


def why_cross_and_contribution_differ() -> bool:
    r = pushed()
    share = dict(zip(names(r), r.share.tolist(), strict=True))
    return (
        about(figure("cross", "chilli sauce"), 2.92, 0.005)
        and about(share["chilli sauce"], 0.203, 0.0005)
        and about(share["jelly"], 0.037, 0.0005)
        and about(figure("margin", "jelly"), 0.314, 0.0005)
        and about(figure("margin", "chilli sauce"), 0.258, 0.0005)
    )


def customers_below_the_aim() -> bool:
    c = mixed()
    found = composition.headline(c)
    who = [str(name) for name in c.cube.customer_names[c.who, 1]]
    first = int(c.missing.argmax())
    datong = who.index("Datong Foods")
    return (
        len(who) == 33
        and found["below"] == 21
        and who[first] == "Yuanda Trading"
        and first == int(c.sales.argmax())
        and about(c.missing[first] / 1000, 2_110, 0.6)
        and about(found["missing"] / 1000, 8_043, 0.6)
        and about(found["largest"], 14.2, 0.05)
        and bool(c.own[datong] < 0.1)
        and float(np.nanmax(c.cube.purchases[:, 1])) == c.cube.purchases[c.who[datong], 1]
    )


def classes_and_kinds() -> bool:
    c = mixed()
    a = c.classes == 0
    share = np.bincount(c.cube.kind[c.who], c.sales)[0] / c.sales.sum()
    return bool(
        share > 0.6 and about(float(a.mean()), 0.5, 0.03) and about(c.sales[a].sum() / c.sales.sum(), 0.75, 0.01)
    )


def plans() -> bool:
    now, before = mixed(), mixed(year="before")
    at = {str(name): k for k, name in enumerate(data().product_names[:, 1])}
    jelly, chilli = at["jelly"], at["chilli sauce"]
    june = len(data().months) - 7
    ratio = data().sales[:, chilli, june].sum() / data().plan[chilli, june]
    return bool(
        about(now.by_product[jelly] / now.planned[jelly], 0.9, 0.02)
        and about(now.by_product[jelly] / before.by_product[jelly], 1, 0.01)
        and now.by_product[chilli] > now.planned[chilli]
        and ratio > 1.3
    )


def white_spots() -> bool:
    found = composition.headline(mixed())
    return found["white"] == 29 and about(found["potential"] / 1000, 2_782, 0.6)


def the_season() -> bool:
    index = months().index
    end = months(customers="end").index
    return int(index.argmax()) == 0 and int(index.argmin()) == 1 and int(end.argmin()) != 1


def the_promotion() -> bool:
    values = data().sales.sum(axis=0)
    june = len(data().months) - 7
    at = [k for k in range(len(data().products)) if data().promotion[k].any()]
    before, month, after = (values[at][:, june + step].sum() for step in (-1, 0, 1))
    return bool(month > 1.3 * before and after < 0.7 * before)


def mix_is_negative_through_noodles() -> bool:
    c = split(measure="profit")
    at = list(data().product_names[:, 1]).index("rice noodles")
    return c.parts["mix"] < 0 and bool(c.by[0:2, at].sum() == c.by[0:2].sum(axis=0).max())


def renamed_adds_two_bars() -> bool:
    other = split(renamed="new").parts
    return other["new"] > 3_000_000 and split().parts["new"] < 1_000_000 and split(period="peak").parts["price"] < 0


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("四个比率推出四个不同的产品", "Four ratios name four products", four_ratios_name_four_products),
    ("销售额创了新高，毛利却少了一成多", "Sales reach a new high and gross margin falls by over a tenth",
     sales_grow_and_margin_falls),
    ("比上年增长 1.9%", "1.9% above the year before", sales_grow_and_margin_falls),
    ("经销商占六成以上", "Distributors bring over six tenths", classes_and_kinds),
    ("33 家客户里有 21 家低于目标", "Of 33 customers 21 are below the aim", customers_below_the_aim),
    ("合计差约 8,043,000 元", "Of 33 customers 21 are below the aim, by about ¥8,043,000",
     customers_below_the_aim),
    ("凉粉只完成计划的九成，销售额却与上年几乎相同", "Jelly attained nine tenths of its plan", plans),
    ("凉粉用年初年末算，周转率变成两倍多", "By the ends of the year the turnover of jelly more than doubles",
     jelly_by_the_ends),
    ("由约 12.1 次变成约 28.2 次", "It goes from about 12.1 to about 28.2", jelly_by_the_ends),
    ("右上角有辣椒酱和凉粉", "Chilli sauce and jelly are in the upper right", upper_right),
    ("菌菇酱毛利率最高，一年只周转四次", "Mushroom sauce has the highest margin rate and turns over four times",
     noodles_and_mushroom_sauce),
    ("百分比相同时与**贡献度**一致", "With the same percentage it is that of the **contribution index**",
     effects_agree_with_ratios),
    ("贡献比率推出的辣椒酱一次也不是最大的", "Chilli sauce, named by the contribution ratio, is never the best",
     chilli_sauce_is_never_best),
    ("最大的一块是单位成本", "The largest part is unit cost", parts_of_both_changes),
    ("结构也是负的，因为销售转向毛利低的米线", "Mix is negative too, for sales shifted to rice noodles",
     mix_is_negative_through_noodles),
    ("一月最旺，二月最淡", "January is strongest and February weakest", the_season),
    ("促销当月多卖，下一个月客户在消化存货", "in the next customers use up what they have", the_promotion),
    ("毛利率 =（销售额 − 成本）÷ 销售额，推菌菇酱，43.9%", "it names mushroom sauce, 43.9%", their_figures),
    ("凉粉 3.81，高于辣椒酱的 2.92", "jelly 3.81, chilli sauce 2.92", why_cross_and_contribution_differ),
    ("毛利率 40.0%，排第二", "Its margin rate is 40.0%, second to mushroom sauce", gift_box_is_second_by_margin),
    ("数量约 +2,259,000，结构约 −857,000", "volume about +2,259,000, mix −857,000", parts_of_both_changes),
    ("火锅底料，约 639,000 元，与贡献度一致", "hotpot base, about ¥639,000", each_effect_has_its_product),
    ("29 个，潜力合计约 2,782,000 元", "29, with a potential of about ¥2,782,000", white_spots),
    ("收益却被夸大到约三倍", "the gain is overstated to about three times", gain_overstated_threefold),
    ("火锅底料退到第三，排在礼盒之后", "hotpot base, best in the base case, comes third, behind the gift box",
     hotpot_is_third_with_the_same_money),
    ("四个比率推出的产品与最近一年相同", "The four ratios name the same products as in the last year",
     the_year_before_named_the_same),
    ("更名的产品被当成新产品，报表里就凭空多出一个新品", "a renamed one makes a report show a new product",
     renamed_adds_two_bars),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)
