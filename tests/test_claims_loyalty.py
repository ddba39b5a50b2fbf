"""What the chapter and the case on loyalty say of the department store's data is true of them.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it from the data. The curve is judged within one kind of district (Jones & Sasser 1995).
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.chapters.loyalty.models import measures
from crmlib.chapters.loyalty.models.survey import ATTRIBUTES, COMPONENTS, INDICATORS, WALLET, Survey, prepare
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.formulas.arrays import Bools, Floats
from crmlib.tables.data import load

CHAPTER = (SOURCES / "04_loyalty.md").read_text("utf-8")
CASE = "".join(path.read_text("utf-8") for path in sorted((CASEBOOK / "loyalty").glob("*.*")))


@cache
def survey() -> Survey:
    return prepare(load("loyalty_customers"), load("loyalty_orders"))


@cache
def result() -> model.Loyalty:
    return model.measure(survey(), model.LoyaltyPolicy())


def headline(**inputs: object) -> Mapping[str, float]:
    return model.headline(model.measure(survey(), model.LoyaltyPolicy(**inputs)))  # type: ignore[arg-type]


def scenario(name: str) -> Mapping[str, float]:
    return headline(**case("loyalty").scenario(name).inputs)


def rows(*, wave: int, contested: bool) -> Bools:
    return np.asarray((survey().wave == wave) & (survey().contested == contested))


def fall(values: Floats) -> float:
    """By how many standard errors the mean of the last wave lies below that of the first."""
    waves = [values[(survey().wave == t) & ~np.isnan(values)] for t in (0, 1)]
    error = np.sqrt(sum(v.var(ddof=1) / v.size for v in waves))
    return float((waves[0].mean() - waves[1].mean()) / error)


def wallet_and_rule(contested: bool, wave: int = 1) -> tuple[float, float]:
    """Our actual share of wallet and the one that our rank lets expect, in one kind of district."""
    known = ~np.isnan(survey().ranked[:, 0]) & ~np.isnan(result().points[:, WALLET])
    here = rows(wave=wave, contested=contested) & known
    return float(result().points[here, WALLET].mean()), 100 * float(survey().ranked[here, 0].mean())


def competitive_curve() -> Floats:
    return model.curve(result(), result().points[:, WALLET])["high"][1]


def importance() -> dict[str, float]:
    return dict(zip(ATTRIBUTES, 100 * survey().importance, strict=True))


def rival_rose_more() -> bool:
    means = [[np.nanmean(survey().ratings[rows(wave=t, contested=True), k]) for k in range(3)] for t in (0, 1)]
    us, a, b = np.diff(means, axis=0)[0]
    return bool(us > 0 and a > us and b > us)


def rank_fell() -> bool:
    _actual, ranked = model.wallets_by_wave(result())
    return bool(ranked[0, 1] < ranked[0, 0])


def satisfied_not_loyal_rose() -> bool:
    first, last = model.shares_by_wave(result())["not_loyal"]
    return bool(last > first > 0 and last > 30)


def loyal_not_satisfied() -> dict[str, float]:
    return {side: missing / loyal for side, (loyal, missing) in model.loyal_by_competition(result()).items()}


def most_live_without_a_choice() -> bool:
    found = model.loyal_by_competition(result())
    return found["low"][1] > 2 * found["high"][1] and loyal_not_satisfied()["high"] < 0.2 < loyal_not_satisfied()["low"]


def only_overall_satisfaction_rises() -> bool:
    change = dict(zip(COMPONENTS, np.diff(model.components_by_wave(result()))[:, -1], strict=True))
    return change.pop("rating_us") > 0 and all(v < 0 for v in change.values())


def seven_fell() -> bool:
    change = dict(zip(INDICATORS, np.diff(model.indicators_by_wave(result()))[:, -1], strict=True))
    return change.pop("length") > 0 and all(fall(result().points[:, list(INDICATORS).index(n)]) > 2 for n in change)


def outline_moved_most_below() -> bool:
    ends = [np.nanpercentile(result().index[survey().wave == t], [10, 25, 50, 75, 90]) for t in (0, 1)]
    moved = ends[0] - ends[1]
    return bool((moved > 0).all() and moved[:3].min() > 3 * moved[3:].max() and moved[4] < 0.5)


def price_is_urgent() -> bool:
    weight, found = model.importance_performance(result())
    price = list(ATTRIBUTES).index("price")
    return bool(weight.argmax() == price and found.argmin() == price and weight[price] > 0.25)


def environment_matters_least() -> bool:
    weight, found = model.importance_performance(result())
    store = list(ATTRIBUTES).index("store")
    return bool(weight.argmin() == store and weight[store] < 0.15 and found[store] > np.median(found) - 0.3)


def wallet_is_lifted_without_competition() -> bool:
    low, low_rule = wallet_and_rule(contested=False)
    high, high_rule = wallet_and_rule(contested=True)
    return 60 < low < 90 and low > low_rule + 10 and abs(high - high_rule) < 3


def fall_is_in_competitive_districts() -> bool:
    def change(contested: bool) -> float:
        means = [np.nanmean(result().index[rows(wave=t, contested=contested)]) for t in (0, 1)]
        return float(means[1] - means[0])

    return change(contested=True) < -5 and abs(change(contested=False)) < 2


def expectations_hardly_moved() -> bool:
    first, last = (np.nanmean(survey().expected[survey().wave == t]) for t in (0, 1))
    return abs(last - first) < 0.1


def rivals_were_there_before() -> bool:
    first = survey().spend[rows(wave=0, contested=True)]
    known = first[~np.isnan(first).any(axis=1)]
    return bool((known[:, 1:].sum(axis=1) > 0).mean() > 0.99)


def old_customers_come_less() -> bool:
    again = survey().repeat_rates["again"]
    return bool(again.iloc[-1] < again.iloc[0] and fall(result().points[:, 0]) > 2)


def orders_no_larger_returns_as_before() -> bool:
    """An order of 2024 is on average no larger than one of 2023, and about as many of a hundred orders come back."""
    orders = load("loyalty_orders")
    year, bought = orders["date"].dt.year, orders["amount"] > 0
    ticket = [orders["amount"][bought & (year == y)].mean() for y in (2023, 2024)]
    back = [(~bought[year == y]).sum() / bought[year == y].sum() for y in (2023, 2024)]
    return bool(ticket[1] < 1.02 * ticket[0] and abs(back[1] - back[0]) < 0.01)


def rises_late() -> bool:
    """Within one district: nearly flat to the middle, and more than half of the whole rise in the last step."""
    curve = competitive_curve()
    steps = np.diff(curve)
    return bool(steps[-1] > 0.5 * (curve[-1] - curve[0]) and steps[-2:].sum() > 0.75 * (curve[-1] - curve[0]))


def flat_and_high_without_choice() -> bool:
    low = model.curve(result(), result().points[:, WALLET])["low"][1]
    return bool(np.ptp(low) < 10 and low.min() > 60)


def combined_by_hand() -> bool:
    """5 × 1.2 + 3 × 0.9 + 2 × 1.0 = 10.7, divided by 10."""
    found = measures.weighted_mean(np.array([[1.2, 0.9, 1.0]]), np.array([5.0, 3, 2]))
    return float(found[0]) == pytest.approx(1.07)


def choosing_by_hand() -> bool:
    at = (INDICATORS["choosing"].zero_at, INDICATORS["choosing"].full_at)
    return at == (60, 0) and measures.points(np.array([15.0]), *at)[0] == pytest.approx(75)


def three_by_hand() -> bool:
    found = measures.satisfaction(np.array([6.0, 8, 9]), np.array([5.0, 8, 10]))
    return found.tolist() == pytest.approx([1.2, 1, 0.9])


def index_by_hand() -> bool:
    found = measures.weighted_mean(np.array([[80.0, np.nan, 50.0]]), np.array([5, 3, 2]))
    return float(found[0]) == pytest.approx(500 / 7) and round(500 / 7, 1) == 71.4


def ten_answers_by_hand() -> bool:
    return measures.nps(np.array([10.0, 10, 9, 9, 9, 8, 7, 6, 5, 3])) == pytest.approx((20, 50, 30))


def wallet_by_hand() -> bool:
    return float(measures.wallet_share(np.array([300.0]), np.array([[500.0, 200.0]]))[0]) == pytest.approx(0.3)


def ranks_by_hand() -> bool:
    shares = measures.wallet_allocation(np.array([9.0, 7.0, 7.0])).tolist()
    return shares == pytest.approx([0.5, 0.25, 0.25])


CLAIMS: list[tuple[str, str, str, Callable[[], bool]]] = [
    ("chapter", "(6 + 2.7 + 2) ÷ 10 = 1.07", "the weighted c = (6 + 2.7 + 2) ÷ 10 = 1.07", combined_by_hand),
    ("chapter", "c 依次是 1.2、1、0.9", "give 1.2, 1 and 0.9", three_by_hand),
    ("chapter", "(400 + 100) ÷ (5 + 2) = 71.4 分", "(400 + 100) ÷ (5 + 2) = 71.4", index_by_hand),
    ("chapter", "NPS = (5 − 3) ÷ 10 × 100 = 20", "NPS = (5 − 3) ÷ 10 × 100 = 20", ten_answers_by_hand),
    ("chapter", "300 ÷ 1,000 = 30%", "300 ÷ 1,000 = 30%", wallet_by_hand),
    ("chapter", "(1 − 2.5 ÷ 4) × 2 ÷ 3 = 25%", "(1 − 2.5 ÷ 4) × 2 ÷ 3 = 25%", ranks_by_hand),
    ("chapter", "(60 − 15) ÷ (60 − 0) × 100 = 75 分", "(60 − 15) ÷ (60 − 0) × 100 = 75", choosing_by_hand),
    ("chapter", "这里是价格：五项里它最重要，表现又最差", "the most important attribute with the lowest performance",
     price_is_urgent),
    ("chapter", "重要性却是五项里最低的，明显低于 20%", "it is the least important of the five, clearly below 20%",
     environment_matters_least),
    ("chapter", "其余七项一齐下降", "The other seven indicators all fall", seven_fell),
    ("chapter", "轮廓向左移，低分的一半移得最多，最忠诚的一成几乎没有动",
     "most in its lower half, hardly at all for the most loyal tenth", outline_moved_most_below),
    ("chapter", "五项里只有总体满意在上升", "Of the five components only overall satisfaction rises",
     only_overall_satisfaction_rises),
    ("chapter", "别家的得分升得更多", "the ratings of those stores rose more", rival_rose_more),
    ("chapter", "名次却下降", "our rank fell", rank_fell),
    ("chapter", "竞争强的片区里，实际份额与法则相近", "the actual share is close to the rule",
     wallet_is_lifted_without_competition),
    ("chapter", "满意而不忠诚的客户很多，而且比上一次更多", "many customers are satisfied but not loyal, and more than",
     satisfied_not_loyal_rose),
    ("chapter", "大多数住在竞争弱的片区", "Most of them live where competition is low", most_live_without_a_choice),
    ("chapter", "曲线高而平", "the curve is high and flat", flat_and_high_without_choice),
    ("chapter", "到了最右边两组才明显抬高", "it rises clearly only in the two groups on the right", rises_late),
    ("chapter", "仍有一半以上的钱花在别家", "spends more than half of its money elsewhere",
     lambda: competitive_curve()[-1] < 50),
    ("chapter", "忠诚客户多了不少", "Many more customers count as loyal now",
     lambda: scenario("by_words")["loyal"] > headline()["loyal"] + 5),
    ("case", "甲、乙两家对手早就开在那里", "Two rivals, A and B, have long been there", rivals_were_there_before),
    ("case", "老客户来得少了", "existing customers come less often", old_customers_come_less),
    ("case", "每次买得不比从前多，退货照旧", "buy no more per visit than before and return as much as ever",
     orders_no_larger_returns_as_before),
    ("case", "它的重要性是五项里最低的", "the least important of the five", environment_matters_least),
    ("case", "重要而表现差的是价格", "price is important and performs poorly", price_is_urgent),
    ("case", "下降集中在竞争强的片区", "the fall is concentrated where competition is high",
     fall_is_in_competitive_districts),
    ("case", "两次调查几乎没有变", "which hardly changed between the surveys", expectations_hardly_moved),
    ("case", "竞争弱的片区实际份额高于法则", "where competition is low the actual share is above the rule",
     wallet_is_lifted_without_competition),
    ("case", "只看竞争强的一条线：最满意的一组", "Look at the line for high competition alone: the most satisfied "
        "group",
     rises_late),
    ("case", "降幅变小", "It falls by less",
     lambda: 0 > headline(wallet_weight=0)["index_change"] > headline()["index_change"]),
]  # fmt: skip


@pytest.mark.parametrize(("where", "zh", "en", "holds"), CLAIMS, ids=[claim[2] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(where: str, zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(CHAPTER if where == "chapter" else CASE, zh, en, holds)


@pytest.mark.parametrize("name", ["by_words", "by_deeds", "high_bar"])
def test_satisfaction_up_and_loyalty_down_is_not_made_by_the_yardstick(name: str) -> None:
    assert scenario(name)["satisfaction_change"] > 0 > scenario(name)["index_change"]
