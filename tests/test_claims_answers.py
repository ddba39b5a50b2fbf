"""The figures that model answers and specimens quote from the cases' data are those that the models compute."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.distributors.models import distributors, motivation
from crmlib.chapters.loyalty.models import loyalty
from crmlib.chapters.loyalty.models.measures import nps, wallet_allocation
from crmlib.chapters.loyalty.models.survey import ATTRIBUTES
from crmlib.chapters.relationships.models import relationships
from crmlib.chapters.tiers.models import tiers
from crmlib.core.study import Study
from crmlib.items.item import texts_in
from crmlib.tables.data import load

Claim = tuple[str, str, str, Callable[[], bool]]


@cache
def texts(name: str, id: str) -> str:
    """Return all that the model answer and the specimens of a question say, in both languages."""
    [q] = [q for q in case(name).questions if q.id == id]
    return "\n".join(f"{both.zh}\n{both.en}" for _place, both in [*texts_in(q.model), *texts_in(list(q.specimens))])


def figures(study: Study, scenario: str = "", of: str = "", **inputs: object) -> dict[str, float]:  # type: ignore[type-arg]
    """Return the headline figures of a study on its packaged data, for a scenario of a case or for some inputs."""
    given = case(of).scenario(scenario).inputs if scenario else inputs
    return study.headline(study.answer(*(load(name) for name in study.datasets), **given))


# Tiers ----------------------------------------------------------------------------------------------------------------


def grown(date: str) -> tuple[bool, int]:
    """Return whether the total of the restricted tier fell, and how many bound firms grew."""
    book = tiers.prepare(load("bank_loans"))
    found = tiers.credit_check(tiers.grade(book, tiers.TierPolicy(policy_date=date)))  # type: ignore[arg-type]
    return bool(found.loc["restricted", "change"] < 0), int(found["grew"].sum())


def loss_rates() -> list[float]:
    """Return expected loss over rated exposure: the base case, the downturn, its outlook alone."""
    downturn = case("bank_tiers").scenario("property_downturn").inputs
    steps = ({}, downturn, {"outlook_shock": downturn["outlook_shock"]})
    return [figures(tiers.STUDY, **inputs)["expected_loss_rate"] for inputs in steps]


def most_comes_from_loss_given_default() -> bool:
    base, both, outlook = loss_rates()
    return (round(base, 2), round(both, 2)) == (1.54, 2.11) and outlook - base < 0.2 * (both - base)


OF_TIERS: list[Claim] = [
    ("bank_tiers.only_fall", "限制和淘汰两级的合计都下降，仍有 66 户增加",
     "restricted and of exit both fell, and yet 66 firms",
     lambda: grown("opening") == (True, 66)),
    ("bank_tiers.only_fall", "限制级的合计反而上升，增加的有 82 户", "the total of restricted rose, and 82 firms grew",
     lambda: grown("closing") == (False, 82)),
    ("bank_tiers.downturn", "从 1.54% 升到 2.11%", "from 1.54% to 2.11%", most_comes_from_loss_given_default),
]  # fmt: skip


# Loyalty --------------------------------------------------------------------------------------------------------------


@cache
def measured() -> loyalty.Loyalty:
    return loyalty.STUDY.answer(load("loyalty_customers"), load("loyalty_orders"))


def share(kind: str) -> tuple[float, float]:
    """Return the share of a kind of customers in the first and the last survey, in percent to one decimal."""
    found = loyalty.shares_by_wave(measured())[kind]
    return round(float(found[0]), 1), round(float(found[-1]), 1)


def price_first_store_last() -> bool:
    importance, performance = loyalty.importance_performance(measured())
    price, store = (list(ATTRIBUTES).index(name) for name in ("price", "store"))
    return bool(importance.argmax() == price == performance.argmin() and importance.argmin() == store)


def same_in_all_scenarios() -> bool:
    found = [figures(loyalty.STUDY, name, "loyalty") for name in ("by_words", "by_deeds", "high_bar")]
    return all(one["satisfaction_change"] > 0 > one["index_change"] for one in found)


def loyal(name: str) -> float:
    return round(figures(loyalty.STUDY, name, "loyalty")["loyal"], 1)


def expected_share() -> tuple[float, float]:
    _actual, expected = loyalty.wallets_by_wave(measured())
    return round(float(expected[0, 0]), 1), round(float(expected[0, -1]), 1)


def ranks_by_hand() -> bool:
    shared, second = (100 * float(wallet_allocation(np.array([row]))[0, 0]) for row in ([8.0, 8, 6], [8.0, 9, 6]))
    return (round(shared, 1), round(second, 1), round(shared - second, 1)) == (41.7, 33.3, 8.3)


OF_LOYALTY: list[Claim] = [
    ("loyalty.diagnosis", "满意的客户从 45.3% 升到 65.6%", "satisfied customers rose from 45.3% to 65.6%",
     lambda: share("satisfied") == (45.3, 65.6)),
    ("loyalty.diagnosis", "忠诚的客户从 43.1% 降到 33.1%", "loyal customers fell from 43.1% to 33.1%",
     lambda: share("loyal") == (43.1, 33.1)),
    ("loyalty.diagnosis", "满意而不忠诚的从 22.4% 升到 41.6%", "satisfied and not loyal rose from 22.4% to 41.6%",
     lambda: share("not_loyal") == (22.4, 41.6)),
    ("loyalty.diagnosis", "忠诚而不满意的从 20.2% 降到 9.1%", "loyal and not satisfied fell from 20.2% to 9.1%",
     lambda: share("not_satisfied") == (20.2, 9.1)),
    ("loyalty.diagnosis", "从 41.1% 降到 32.7%", "from 41.1% to 32.7%", lambda: expected_share() == (41.1, 32.7)),
    ("loyalty.diagnosis", "最重要而表现最差的是价格",
     "Price is the most important and performs worst", price_first_store_last),
    ("loyalty.diagnosis", "满意上升、忠诚指数下降的结论不变", "satisfaction rises and the loyalty index falls as well",
     same_in_all_scenarios),
    ("loyalty.index_choice", "里是 44.2%，在“只看客户怎么买”里是 31.4%，提高门槛以后是 17.4%",
     "is 44.2% by what they say, 31.4% by what they do, and 17.4% with a higher bar",
     lambda: [loyal(name) for name in ("by_words", "by_deeds", "high_bar")] == [44.2, 31.4, 17.4]),
    ("loyalty.promoters", "推荐者 30%、没有贬损者，也是 30", "With 30% promoters and no detractors it is 30 too",
     lambda: nps(np.array([9.0] * 30 + [7.0] * 70)) == (30, 30, 0)),
    ("loyalty.wallet_rule", "约 8.3 个百分点", "about 8.3 points less", ranks_by_hand),
]  # fmt: skip


# Relationships --------------------------------------------------------------------------------------------------------


@cache
def planned() -> relationships.Allocation:
    return relationships.allocate(relationships.prepare(load("accounts")), relationships.ServicePlan())


def partners() -> tuple[set[str], set[str]]:
    """Return the partners by the rule of the paper, and those of the best mix."""
    ids = np.array(planned().accounts.table.index)
    found = (relationships.partners_by_paper(planned()), relationships.partners_by_plan(planned()))
    return set(ids[found[0]]), set(ids[found[1]])


def account(id: str, column: str) -> float:
    return float(planned().accounts.table.loc[id, column])


def partnership_does_not_pay(id: str) -> bool:
    proactive, partnership = planned().values[planned().accounts.table.index.get_loc(id)][-2:]
    return bool(partnership < proactive)


def best_mix_is_worth_more_in_the_same_hours() -> bool:
    same = figures(relationships.STUDY, budget=5200)  # the matrix asks for a few hours more
    return same["plan_gain"] > 1.2 * figures(relationships.STUDY)["matrix_gain"]


def hour(**inputs: object) -> int:
    return round(figures(relationships.STUDY, **inputs)["hour_rate"])


OF_RELATIONSHIPS: list[Claim] = [
    ("relationships.partners", "K059、K098、K197、K086、K225、K125、K119",
     "K059, K098, K197, K086, K225, K125, K119",
     lambda: {"K059", "K098", "K197", "K086", "K225", "K125", "K119"} == set.intersection(*partners())),
    ("relationships.partners", "再比较 K253 和 K107：最优组合选了它们",
     "Then K253 and K107 are weighed. The best mix takes them",
     lambda: partners()[1] - partners()[0] == {"K253", "K107"}),
    ("relationships.partners", "保留率只有 58.8%", "a retention rate of only 58.8%",
     lambda: account("K098", "retention") == 0.588
     and list(planned().accounts.table["margin"].nlargest(2).index) == ["K059", "K098"]),
    ("relationships.partners", "K196：增量 51.3%", "K196. Its growth of 51.3%",
     lambda: "K196" in partners()[0] - partners()[1] and account("K196", "growth") == 51.3
     and partnership_does_not_pay("K196")),
    ("relationships.partners", "保留率不明的大客户，如 K043", "unknown retention rate, such as K043",
     lambda: bool("K043" in partners()[0] and np.isnan(account("K043", "retention")))),
    ("relationships.rule_or_mix", "照它做要 5,241 小时，最优组合只用 3,900 小时",
     "it asks for 5,241 hours; the best mix uses 3,900",
     lambda: (round(figures(relationships.STUDY)["matrix_hours"]), round(figures(relationships.STUDY)["plan_hours"]))
     == (5241, 3900)),
    ("relationships.rule_or_mix", "给最优组合同样多的小时，它也多值不少",
     "Given as many hours, the best mix is still worth",
     best_mix_is_worth_more_in_the_same_hours),
    ("relationships.price_war", "从基准情景的 2,488 元降到 396 元", "from ¥2,488 in the base case to ¥396",
     lambda: (hour(), hour(**case("relationships").scenario("price_war").inputs)) == (2488, 396)),
    ("relationships.price_war", "只降毛利时是 1,551 元，只提高价格的影响时是 885 元",
     "with the fall of margins alone it is ¥1,551, with the effect of price alone ¥885",
     lambda: (hour(margin_fall=25), hour(price_damping=0.8)) == (1551, 885)),
]  # fmt: skip


# Distributors ---------------------------------------------------------------------------------------------------------


@cache
def ranked(panel: str = "all") -> distributors.Choice:
    return distributors.STUDY.answer(*(load(name) for name in distributors.STUDY.datasets), panel=panel)


def opinions(place: int) -> float:
    """Return by how much the scorers of a candidate differ at least on half of the factors."""
    scores = distributors.prepare(load("distributors"), load("factor_judgements")).scores[:, place]
    return float(np.median(np.ptp(scores, axis=0)))


def kept(name: str) -> float:
    facts = ranked().candidates.facts
    row = list(facts["name_en"]).index(name)
    return float(facts.iloc[row][["funds_kept", "staff_kept", "vans_kept"]].mean())


def place_of(name: str, panel: str) -> int:
    choice = ranked(panel)
    return int(choice.rank[list(choice.candidates.facts["name_en"]).index(name)])


def steps(**inputs: object) -> dict[str, int]:
    return {name: round(value) for name, value in figures(motivation.STUDY, **inputs).items()}


OF_DISTRIBUTORS: list[Claim] = [
    ("distributors.fragile", "恒远商贸 73.49 分，只领先众信配送 0.30 分",
     "73.49 points and leads Zhongxin Delivery by only 0.30",
     lambda: [round(figures(distributors.STUDY)[name], 2) for name in ("score", "lead")] == [73.49, 0.30]
     and (place_of("Hengyuan Trading", "all"), place_of("Zhongxin Delivery", "all")) == (1, 2)),
    ("distributors.fragile", "常常相差好几分", "often differ by several points",
     lambda: all(opinions(place) >= 5 for place in range(5))),
    ("distributors.fragile", "只要增加 1.1 分", "with 1.1 more for willingness",
     lambda: round(figures(distributors.STUDY)["smallest_change"], 1) == 1.1
     and figures(distributors.STUDY)["dethroning_factors"] == 8),
    ("distributors.fragile", "恒远商贸胜出 46%，不到一半", "Hengyuan Trading wins 46%, less than half",
     lambda: round(figures(distributors.STUDY)["share_won"]) == 46),
    ("distributors.fragile", "四种方法里只有给定权重的加权得分把恒远商贸排第一",
     "only the weighted score with the given weights puts",
     lambda: figures(distributors.STUDY)["methods_agree"] == 1),
    ("distributors.fragile", "承诺兑现得也多", "has kept more of its promises",
     lambda: kept("Zhongxin Delivery") > kept("Hengyuan Trading") + 20),
    ("distributors.scorer", "以 87.10 分排第一，领先 17.50 分", "comes first with 87.10 points, a lead of 17.50",
     lambda: [round(figures(distributors.STUDY, panel="area_manager")[name], 2) for name in ("score", "lead")]
     == [87.10, 17.50]),
    ("distributors.scorer", "它也不在前三名", "it is not among the first three",
     lambda: (place_of("Anhe Commerce", "head_office"), place_of("Anhe Commerce", "all")) == (5, 4)),
    ("distributors.scorer", "约 30.8 分", "about 30.8 points",
     lambda: round(figures(distributors.STUDY)["favour"], 1) == 30.8),
    ("distributors.scorer", "安和经贸说得最多，做得最少", "Anhe Commerce says most and has done least",
     lambda: kept("Anhe Commerce") == min(kept(str(name)) for name in ranked().candidates.facts["name_en"])),
    ("distributors.ladder", "正好进到 1,800 箱的台阶", "exactly up to the threshold of 1,800 cases",
     lambda: steps()["order"] == 1800 == motivation.STUDY.inputs().step_3),
    ("distributors.ladder", "1,800 箱里有 244 箱", "244 of the 1,800 cases", lambda: steps()["stuffed"] == 244),
    ("distributors.ladder", "付出返利 14,400 元", "pays a rebate of ¥14,400", lambda: steps()["rebate"] == 14400),
    ("distributors.ladder", "净收益是 −2,223 元", "the net gain is −¥2,223", lambda: steps()["maker_gain"] == -2223),
    ("distributors.ladder", "最优进货量降到 1,438 箱，没有积压，返利 990 元，厂家净得 4,110 元",
     "falls to 1,438 cases with no surplus, the rebate is ¥990, and the manufacturer gains ¥4,110",
     lambda: [steps(paid_on="excess")[name] for name in ("order", "stuffed", "rebate", "maker_gain")]
     == [1438, 0, 990, 4110]),
    ("distributors.ladder", "也从 203 箱降到 85 箱", "also fall, from 203 to 85",
     lambda: (steps()["extra"], steps(paid_on="excess")["extra"]) == (203, 85)),
]  # fmt: skip


CLAIMS = OF_TIERS + OF_LOYALTY + OF_RELATIONSHIPS + OF_DISTRIBUTORS


@pytest.mark.parametrize(("place", "zh", "en", "holds"), CLAIMS, ids=[f"{one[0]}: {one[2]}" for one in CLAIMS])
def test_what_an_answer_quotes_is_true(place: str, zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(texts(*place.split(".")), zh, en, holds)
