"""What the chapter and the case on distributors say of the scores and of the stock record is true of them.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it from the data.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.distributors.models import distributors as model
from crmlib.chapters.distributors.models import motivation
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.formulas import multicriteria as mc
from crmlib.formulas.discount import annual_cost
from crmlib.tables.data import load

FILES = [*sorted(SOURCES.glob("08_distributors*.md")), *sorted((CASEBOOK / "distributors").glob("*.*"))]
TEXT = "".join(path.read_text("utf-8") for path in FILES)


def candidates() -> model.Candidates:
    return model.prepare(load("distributors"), load("factor_judgements"))


@cache
def choice(**inputs: object) -> model.Choice:
    return model.choose(candidates(), model.DistributorRule(**inputs))  # type: ignore[arg-type]


@cache
def figures(**inputs: object) -> dict[str, float]:
    return model.headline(choice(**inputs))


@cache
def dealing(**inputs: object) -> motivation.Motivation:
    return motivation.motivate(motivation.prepare(load("depletions")), motivation.LadderRule(**inputs))  # type: ignore[arg-type]


def winner(**inputs: object) -> int:
    return int(np.flatnonzero(choice(**inputs).rank == 1)[0])


def score(factor: str) -> np.ndarray:
    return choice().scores[:, candidates().factors.index(factor)]


def widest_is_least_willing() -> bool:
    coverage, willing, experience = score("market coverage"), score("willingness"), score("experience")
    best_in_all = (choice().scores == choice().scores.max(axis=0)).all(axis=1)
    return bool(
        coverage.argmax() == willing.argmin() and willing.argmax() == experience.argmin() and not best_in_all.any()
    )


def nearly_the_same_total_by_different_factors() -> bool:
    first, second = np.argsort(-choice().total)[:2]
    parts = np.abs(choice().scores[first] - choice().scores[second]) * choice().weights
    return figures()["lead"] < 1 and parts.sum() > 5 * figures()["lead"]


def one_is_out_for_willingness() -> bool:
    return bool((~choice(willingness_min=60).left).sum() == 1)


def ahp_and_entropy_change_weights_topsis_does_not() -> bool:
    given, ahp, entropy = (choice(weights_from=name).weights for name in ("given", "ahp", "entropy"))
    topsis = choice(method="topsis")
    return not np.allclose(given, ahp) and not np.allclose(given, entropy) and np.allclose(given, topsis.weights)


def reversed_pair_is_found() -> bool:
    turned = load("factor_judgements")
    rows = turned["factor"].eq("willingness") & turned["against"].eq("product_mix")
    turned.loc[rows, "times"] = 1 / 7
    found = model.choose(model.prepare(load("distributors"), turned), model.DistributorRule())
    figure = model.headline(found)
    return figure["consistency"] > mc.ACCEPTABLE > figures()["consistency"]


def strict_with_all_others() -> bool:
    by_manager, by_office = choice(panel="area_manager").total, choice(panel="head_office").total
    relative = int(np.argmax(by_manager - by_office))
    others = np.delete(by_manager - by_office, relative)
    last = int(np.argmin(by_office))
    return bool((others < 0).all() and winner(panel="area_manager") == relative == last)


def each_quarter_reaches_the_second_threshold() -> bool:
    found = motivation.quarters(dealing().record)
    return bool((found["received"] == dealing().rule.step_2).all())


def large_gaps_follow_the_last_delivery() -> bool:
    gaps, quarters = motivation.stock_check(dealing()), motivation.quarters(dealing().record)
    large = gaps[gaps["missing"] >= 24]
    after = [any(0 < (week - last).days <= 7 for last in quarters["last"]) for week in large["week"]]
    return len(large) == 2 and all(after)


def highest_stock_follows_the_june_delivery() -> bool:
    weeks = dealing().record.weeks
    top = weeks.loc[weeks["closing"].idxmax()]
    return bool(top["week"].month == 6 and top["received"] == weeks["received"].max())


def nothing_more_is_sold_without_a_loss() -> bool:
    reply = dealing(dumping=0).reply
    return reply.extra == 0 and reply.stuffed > 0


def the_cliff_is_gone() -> bool:
    every, excess = dealing().reply, dealing(paid_on="excess").reply
    return every.stuffed > 0 == excess.stuffed


def textbook_cost() -> bool:
    return round(100 * annual_cost(0.02, 10, 30), 2) == 36.73


def closeness_by_hand() -> bool:
    """Scores 0.5, 0 and 0.3 of one factor: the third is 0.2 from the best and 0.3 from the worst."""
    found = mc.topsis(np.array([[0.5], [0.0], [0.3]]), np.array([1.0]), normalisation="range").closeness
    return bool(found[2] == pytest.approx(0.6))


def surplus_case_by_hand() -> bool:
    rule = motivation.LadderRule(price=50, step_1=1000, step_2=2000, step_3=3000, rate_1=3, rate_2=4, rate_3=5)
    jump = float(motivation.rebate(np.array([1000]), rule)[0])
    return jump == pytest.approx(1_500) and jump / (1_000 - 900) == pytest.approx(15)


def weight_changes_by_hand() -> bool:
    """L = 80·70 + 60·30 − 50·70 − 90·30 = 1,200; −1,200 ÷ 30 = −40 and −1,200 ÷ −30 = 40."""
    return mc.dethroning(np.array([[80.0, 60], [50, 90]]), np.array([70.0, 30]), 0).change.tolist() == [-40, 40]


def judgements_by_hand() -> bool:
    """w = (0.4, 0.4, 0.2), A·w = (1.4, 1.4, 0.7) = 3.5·w; CI = 0.5 ÷ 2, CR = 0.25 ÷ 0.58."""
    found = mc.ahp(np.array([[1, 2, 1], [1 / 2, 1, 4], [1, 1 / 4, 1]]))
    figures = [found.lambda_max, found.index, found.ratio]
    return np.allclose(found.weights, [0.4, 0.4, 0.2]) and np.allclose(figures, [3.5, 0.25, 0.25 / 0.58])


def random_index_as_said() -> bool:
    return [mc.RANDOM_INDEX["saaty"][n - 1] for n in (3, 4, 8)] == [0.58, 0.90, 1.41]


def entropy_by_hand() -> bool:
    """E of (0.75, 0.25) = (0.75·ln(4/3) + 0.25·ln 4) ÷ ln 2 = 0.811; weights 0, 0.189 ÷ 1.189, 1 ÷ 1.189."""
    entropy = (0.75 * np.log(4 / 3) + 0.25 * np.log(4)) / np.log(2)
    found = mc.entropy_weights(np.array([[60.0, 90, 80], [60, 30, 0]]))
    assert found is not None
    return round(entropy, 3) == 0.811 and np.allclose(found, [0, 0.189 / 1.189, 1 / 1.189], atol=5e-4)


def ideal_solutions_by_hand() -> bool:
    """The first is √(0.1² + 0.1²) from the best and √(0.3² + 0.3²) from the worst: 3 ÷ (1 + 3) = 0.75."""
    found = mc.topsis(np.array([[6.0, 3], [8, 0], [0, 4]]), np.array([0.5, 0.5]))
    return np.allclose(found.closeness, [0.75, 0.5, 0.5]) and round(found.to_worst[0], 3) == 0.424


def stock_by_hand() -> bool:
    """√(4·20² + 100²·0.3²) = √2,500 = 50; 1.645·50 = 82.25."""
    return motivation.safety_stock(1.645, 20, 4, 100, 0.3) == pytest.approx(82.25)


def what_the_manufacturer_pays() -> bool:
    """36,000 of discount; 100,000 of receivables at 12% save 12,000."""
    discount, freed = 3_600_000 * 0.5 * 0.02, 3_600_000 / 360 * 0.5 * 20
    return (discount, freed, discount - 0.12 * freed) == (36_000, 100_000, pytest.approx(24_000))


def coverage_first_leads_by_more() -> bool:
    inputs = case("distributors").scenario("coverage_first").inputs
    return figures(**inputs)["lead"] > figures()["lead"]


def methods_agree_once_the_unwilling_is_out() -> bool:
    return figures(willingness_min=60)["methods_agree"] == 4 > figures()["methods_agree"]


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("网络最广的意愿最低，意愿最高的经验最少", "the most willing one has the least experience",
     widest_is_least_willing),
    ("它们靠不同的因素得到几乎相同的总分", "they reach nearly the same total by different factors",
     nearly_the_same_total_by_different_factors),
    ("灰色斜纹条是出局的候选者", "The hatched gray bar is a candidate that is out", one_is_out_for_willingness),
    ("第一个因素 Δ = 30，权重要减 40", "its weight must fall by 40", weight_changes_by_hand),
    ("CR = 0.25 ÷ 0.58 = 0.43", "CR = 0.25 ÷ 0.58 = 0.43", judgements_by_hand),
    ("n = 3 时 0.58，n = 4 时 0.90，n = 8 时 1.41", "0.58 for n = 3, 0.90 for n = 4, 1.41 for n = 8",
     random_index_as_said),
    ("权重 0、0.159、0.841", "the weights are 0, 0.159 and 0.841", entropy_by_hand),
    ("D⁻ = 0.424，贴近度 0.75", "D⁻ = 0.424, closeness 0.75", ideal_solutions_by_hand),
    ("1.645 × 50 = 82 箱", "1.645 × 50 = 82 cases", stock_by_hand),
    ("还差 24,000 元", "The other ¥24,000", what_the_manufacturer_pays),
    ("是 0.3 ÷ 0.5 = 0.6", "it is 0.3 ÷ 0.5 = 0.6", closeness_by_hand),
    ("每箱 15 元", "or ¥15 for each of the 100 surplus cases", surplus_case_by_hand),
    ("95% 对应 1.645", "1.645 for 95%", lambda: round(motivation.z_of(95), 3) == 1.645),
    ("TOPSIS 的权重没有变", "TOPSIS keeps the weights", ahp_and_entropy_change_weights_topsis_does_not),
    ("比率超过了 0.10", "The ratio is above 0.10", reversed_pair_is_found),
    ("区域经理对别家普遍偏严", "the area manager is severe with all the others", strict_with_all_others),
    ("亲属以很大优势胜出", "The relative wins by a large margin",
     lambda: figures(panel="area_manager")["lead"] > 10 and figures(panel="area_manager")["share_won"] > 95),
    ("每个季度的提货合计都恰好到返利的第二级台阶", "total received is exactly the second rebate threshold",
     each_quarter_reaches_the_second_threshold),
    ("两次大的短缺都出现在当季最后一次到货之后的一周", "in the week after the quarter's last delivery",
     large_gaps_follow_the_last_delivery),
    ("最高的一次库存紧跟在六月那次大量提货之后", "The highest stock follows the large delivery in June",
     highest_stock_follows_the_june_delivery),
    ("损失为零时，返利一箱也没有多卖", "At zero the rebate sells not one more case",
     nothing_more_is_sold_without_a_loss),
    ("断崖就没有了", "the cliff disappears", the_cliff_is_gone),
    ("36.73%", "36.73%", textbook_cost),
    ("覆盖优先时领先变大", "With coverage first the lead grows", coverage_first_leads_by_more),
    ("让各种方法的第一名归于一致", "makes the methods agree", methods_agree_once_the_unwilling_is_out),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)
