"""What the chapter and the case on relationships say of the supplier's accounts is true of them.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it from the data.
"""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.relationships.charts import relationships as charts
from crmlib.chapters.relationships.models import ideas
from crmlib.chapters.relationships.models import relationships as model
from crmlib.chapters.relationships.models.service import best_mix
from crmlib.core.i18n import LANGUAGES, _, speaking
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.formulas.lifetime import multiple, upkeep
from crmlib.support.texts import texts
from crmlib.tables.data import load

SOURCE = SOURCES / "05_relationships.md"
CHAPTER = SOURCE.read_text("utf-8")
CASE = "".join(path.read_text("utf-8") for path in sorted((CASEBOOK / "relationships").glob("*.*")))
BASIC, REACTIVE, ACCOUNTABLE, PROACTIVE, PARTNERSHIP = range(len(model.TYPES))


@cache
def accounts() -> model.Accounts:
    return model.prepare(load("accounts"))


def plan(**inputs: object) -> model.Allocation:
    return model.allocate(accounts(), model.ServicePlan(**inputs))  # type: ignore[arg-type]


@cache
def base() -> model.Allocation:
    return plan()


def scenario(name: str) -> model.Allocation:
    return plan(**case("relationships").scenario(name).inputs)


def values(account: str) -> list[float]:
    return [float(v) for v in base().values[accounts().table.index.get_loc(account)]]


def small_rises_then_falls() -> bool:
    """As printed, to one decimal: reactive best, accountable between it and basic, from proactive on below basic."""
    basic, reactive, accountable, proactive, partnership = (round(v, 1) for v in values("K011"))
    return reactive > accountable > basic > proactive > partnership


def partners_have_the_lowest_risk() -> bool:
    level, known = base().mix.level, accounts().known
    risks = [accounts().risk[known & (level == t)].mean() for t in range(len(model.TYPES))]
    margins = [float(np.median(base().margin[known & (level == t)])) for t in range(len(model.TYPES))]
    return risks.index(min(risks)) == PARTNERSHIP and margins.index(max(margins)) == PARTNERSHIP


def all_partners_is_out_of_reach() -> bool:
    everyone = model.for_all(base())
    best = base().mix.value - base().values[:, 0].sum()
    far = everyone["hours"].iloc[PARTNERSHIP] > 5 * base().policy.budget
    return bool(far and everyone["gain"].iloc[PARTNERSHIP] < everyone["gain"].iloc[PROACTIVE] < best)


def first_thousand_hours_bring_most() -> bool:
    hours, gain = model.frontier(base())
    steps = np.diff(np.interp(np.arange(0, hours[-1], 1000), hours, gain))
    return bool((np.diff(steps) <= 1e-9).all() and steps[0] > 2 * steps[1])


def a_third_of_hours_is_little_value() -> bool:
    gain = [model.headline(p)["plan_gain"] for p in (base(), plan(budget=2600))]
    return 1 - gain[1] / gain[0] < 0.15


def papers_list_has_unknown_and_thin_ones() -> bool:
    picked = model.partners_by_paper(base())
    thin = picked & (base().margin < np.median(base().margin[accounts().margin > 0]))
    return bool((picked & ~accounts().known).any() and thin.any())


def best_mix_only_is_smaller_than_the_largest() -> bool:
    paper, best = model.partners_by_paper(base()), model.partners_by_plan(base())
    only = best & ~paper
    return bool(only.any() and base().margin[only].max() < np.sort(base().margin)[-8])


def price_war_lowers_the_sensitive() -> bool:
    war, known = scenario("price_war"), accounts().known
    lowered, raised = (known & (np.sign(war.mix.level - base().mix.level) == sign) for sign in (-1, 1))
    sensitivity = accounts().sensitivity
    smallest = known & (base().margin < np.quantile(base().margin[known], 0.25))
    return bool(
        sensitivity[lowered].mean() > sensitivity[known].mean() + 0.1 > sensitivity[raised].mean() + 0.1
        and (base().mix.level[smallest] == BASIC).all()
        and model.headline(war)["hour_rate"] > 0
    )


CLAIMS: list[tuple[str, str, str, Callable[[], bool]]] = [
    ("chapter", "对这样的大客户，关系越深，价值越大",
     "For such a large customer, the closer the relationship, the higher the value",
     lambda: bool((np.diff(values("K059")) > 0).all())),
    ("chapter", "被动型最高，负责型已经略低，从能动型起还不如基本型",
     "Reactive is best and accountable slightly lower.",
     small_rises_then_falls),
    ("chapter", "所得也不如全员能动型", "it brings less than proactive for all",
     all_partners_is_out_of_reach),
    ("chapter", "头一千小时最值钱", "the first thousand hours bring most",
     first_thousand_hours_bring_most),
    ("chapter", "他们的流失风险反而是五组里最低的", "Their churn risk is the lowest of the five groups",
     partners_have_the_lowest_risk),
    ("chapter", "保留率不明的大客户也在名单上", "includes a large account with an unknown retention rate",
     papers_list_has_unknown_and_thin_ones),
    ("chapter", "价值损失远不到三分之一", "Far less than a third of the value is lost",
     a_third_of_hours_is_little_value),
    ("case", "只在最优组合里的：规模略小于前几名", "Only in the best mix: somewhat smaller than the largest",
     best_mix_only_is_smaller_than_the_largest),
    ("case", "下调的主要是看重价格的客户", "Mainly price-sensitive customers get a looser type",
     price_war_lowers_the_sensitive),
    ("case", "最优组合变得不多", "The best mix changes little",
     lambda: bool((plan(cost_per_hour=0).mix.level != base().mix.level).mean() < 0.05)),
    ("case", "省下的时间流向能动型", "the hours that are saved go to proactive",
     lambda: model.by_type(p := plan(partnership_hours=300), p.mix.level)[PROACTIVE]
     > model.by_type(base(), base().mix.level)[PROACTIVE]),
]  # fmt: skip


@pytest.mark.parametrize(("where", "zh", "en", "holds"), CLAIMS, ids=[claim[2] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(where: str, zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(CHAPTER if where == "chapter" else CASE, zh, en, holds)


@pytest.mark.parametrize("account", ["K059", "K011"])
def test_every_value_shown_can_be_worked_out_by_hand_from_what_is_shown(account: str, english: None) -> None:
    """With the printed figures alone: present risk → risk under basic → risk and retention rate → value."""
    start = charts.present(base(), account).iloc[:, 0]
    risk_now = float(start.iloc[3].rstrip("%"))
    felt = float(start.iloc[6].rpartition("= ")[2].rstrip("%"))
    shown = charts.one_account(base(), account).table()
    margin, discount = float(start.iloc[0].replace(",", "")), base().policy.discount
    under_basic = risk_now / (1 - felt / 100)
    for effect, leaving, staying, cost, value in zip(*(shown[shown.columns[k]] for k in (2, 3, 4, 1, 5)), strict=True):
        assert under_basic * (1 - float(effect) / 100) == pytest.approx(float(leaving), abs=0.002)
        r = float(staying) / 100
        assert r == pytest.approx(1 - float(leaving) / 100, abs=1e-7)
        by_hand = (margin * r - float(cost) / 10_000 * (1 + discount)) / (1 + discount - r)
        assert f"{by_hand:,.1f}" == value


def test_the_example_by_hand_in_the_chapter_is_right() -> None:
    """50,000 yuan, 84%, 5%: 0.84 ÷ 0.21 = 4; years of 0.8, 0.64, 0.512; break-even 6,000 × 0.4 ÷ 0.1 = 24,000."""
    policy = model.ServicePlan()
    assert 50_000 * float(multiple(np.array(0.84), 0.05)) == pytest.approx(200_000)
    assert 50_000 * float(multiple(np.array(0.84), 0.05, "now")) == pytest.approx(250_000)
    assert [50_000 * (0.84 / 1.05) ** year for year in (1, 2, 3)] == pytest.approx([40_000, 32_000, 25_600])
    assert 40_000 + 32_000 + 25_600 == 97_600 and pytest.approx(6.25) == 1 / (1 - 0.84)
    assert model.break_even_margin(0.7, 0.8, 6_000, policy) == pytest.approx(24_000)
    without, served = 24_000 * multiple(np.array([0.7, 0.8]), 0.10)
    assert without == pytest.approx(served - 6_000 * upkeep(np.array(0.8), 0.10)) == pytest.approx(42_000)
    for figure in ("200,000", "250,000", "97,600", "6.25", "24,000", "42,000"):
        assert all(figure in "\n".join(texts(SOURCE, lang)) for lang in LANGUAGES)


def test_the_small_examples_of_risk_and_hours_are_right() -> None:
    """18% ÷ 0.9 = 20%, half of it 10%; of all ways to spend 10 hours on two accounts 5 and 5 bring most, 85."""
    risks = model.risk_by_type(np.array([0.18]), np.array([1]), np.array([0, 0.10, 0.50]), np.zeros(1), 0)
    assert risks == pytest.approx(np.array([[0.20, 0.18, 0.10]]))
    gains, hours = [[0, 45, 60], [0, 40, 50]], [0, 5, 10]
    ways = {(a, b): gains[0][a] + gains[1][b] for a in range(3) for b in range(3) if hours[a] + hours[b] <= 10}
    best = best_mix(np.array(gains, float), np.array(hours), 10)
    assert max(ways, key=lambda way: ways[way]) == (1, 1) == tuple(best.level)
    assert best.value == ways[1, 1] == 85 and ways[2, 0] == 60


def test_the_matrix_in_the_chapter_is_the_models() -> None:
    """Row by row, many to few, from a high to a low unit margin; the one open cell names both types."""
    for lang in LANGUAGES:
        rows = re.findall(r"^\| (?:多|中|少|many|medium|few) \|(.+)\|$", "\n".join(texts(SOURCE, lang)), re.MULTILINE)
        with speaking(lang):
            names = [[_(model.TYPES[level]) for level in row] for row in model.ServicePlan().matrix()]
        said = [[cell.strip() for cell in row.split("|")] for row in rows]
        assert said[0].pop().startswith(names[0].pop()) and said == names


def test_the_chapter_says_how_price_sensitivity_lessens_the_effect() -> None:
    assert "1 − 0.3 × 价格敏感度" in CHAPTER and "1 − 0.3 × price sensitivity" in CHAPTER
    policy = model.ServicePlan()
    assert model.felt(policy, 0.5) == pytest.approx(policy.effects() * (1 - 0.3 * 0.5))


def test_the_societal_concept_stands_before_the_last_one() -> None:
    names = ideas.CONCEPTS.names()
    assert names[-2:] == ("societal marketing concept", "relationship concept") and len(names) == 6
