"""What is special to the exercises on relationships; what holds for every exercise is in test_every_exercise."""

import re
from collections import Counter
from random import Random

import oracles_relationships as oracles
import pytest
from oracles_relationships import ORACLES, TELLING

from crmlib.chapters.relationships.exercises import FIRMS
from crmlib.chapters.relationships.models import ideas
from crmlib.core.exercise import Exercise
from crmlib.items.bank import bank
from crmlib.items.item import (
    Choice,
    Number,
    TrueFalse,
    Wording,
    Written,
)
from crmlib.items.templates import fill

EXERCISES = bank().exercises("relationships")


NUMERIC = ("lifetime_worth", "risk_removed", "raise_pays", "break_even", "hours_to_share")
THINGS = ("goods", "material", "buyers")
TABLES = [
    ("which_concept", ideas.CONCEPTS, 3),
    ("which_market", ideas.MARKETS, 3),
    ("which_bond", ideas.BONDS, 4),
    ("which_type", ideas.DEFINITIONS, 3),
]


def drawn(name: str, seed: int) -> Exercise:
    """Return the exercise as the notebook draws it."""
    return EXERCISES[name](Random(f"relationships.{name}:{seed}"))


def item(name: str) -> Choice | TrueFalse | Number:
    found = bank().item(f"relationships.{name}")
    assert not isinstance(found, Written)
    return found


@pytest.mark.parametrize("name", TELLING)
def test_every_example_can_be_said_of_every_firm(name: str, lang: str) -> None:
    found = item(name)
    assert isinstance(found, Wording)
    for text in found.words["example"]:
        for firm in zip(*(found.words[thing] for thing in THINGS), strict=True):
            said = fill(text, dict(zip(THINGS, map(str, firm), strict=True)), name)
            assert bool(re.search("[一-鿿]", said)) == (lang == "zh"), said
            assert bool(re.search("[A-Za-z]", said)) == (lang == "en"), said


PRESUPPOSED = re.compile(
    "耐用|货架|托盘|样品|客户的生产线|设计室|工程师|pallet|shelf|sample|last longer|design office|engineer", re.I
)
"""What is not true of every good: a paper cup does not last, a loom stands on no shelf."""


@pytest.mark.parametrize("name", TELLING)
def test_no_example_presupposes_what_the_goods_are(name: str, lang: str) -> None:
    found = item(name)
    assert isinstance(found, Wording)
    assert not [text for text in found.words["example"] if PRESUPPOSED.search(getattr(text, lang))]


@pytest.mark.parametrize(("name", "table", "each"), TABLES)
def test_there_are_as_many_examples_and_firms_as_are_drawn(name: str, table: ideas.Ideas, each: int) -> None:
    found = item(name)
    assert isinstance(found, Wording)
    assert len(found.words["example"]) == each * len(table.rows)
    assert {len(found.words[thing]) for thing in THINGS} == {FIRMS}


def test_the_oracles_agree_with_pencil_and_paper() -> None:
    """The checks are checked too, with numbers whose keys can be had in one's head."""
    assert ORACLES["lifetime_worth"]([10, 80, 10]) == pytest.approx(10 * 0.8 / 0.3)
    assert ORACLES["risk_removed"]([80, 25]) == pytest.approx(85)
    assert ORACLES["raise_pays"]([60_000, 10, 300, 80, 85, 10]) == pytest.approx(60_000 * (3.4 - 8 / 3) - 3_000 * 4.4)
    assert ORACLES["break_even"]([0.3, 80, 85, 10]) == pytest.approx(1.8)
    assert ORACLES["hours_to_share"]([20, 50, 5, 9, 4, 12, 6, 7, 70]) == 18  # B partner, C accountable
    few_high, many_low, middle = ([9, 50, 60, 20, 40, 12], [80, 5, 60, 20, 40, 12], [30, 20, 60, 20, 40, 12])
    assert [ORACLES["matrix_cell"](n) for n in (few_high, many_low, middle)] == [4, 0, 2]
    border = [60, 20, 40, 12, 20, 50]
    assert oracles.at_the_border("… belongs above it …", border) == 3
    assert oracles.at_the_border("… belongs below it …", border) == 4


def test_two_keys_worked_out_by_hand(english: None) -> None:
    """Seeds at which the numbers drawn are read back from the question and the formula is applied by hand."""
    exercise = drawn("lifetime_worth", 3)
    margin, r, i = (
        float(n.replace(",", "")) for n in re.findall(r"(?:¥([\d,]+)|(\d+)%)", exercise.question) for n in n if n
    )
    assert exercise.answer == pytest.approx(margin * r / (100 + i - r))
    exercise = drawn("risk_removed", 3)
    r, e = map(float, re.findall(r"(\d+)%", exercise.question))
    assert exercise.answer == pytest.approx(100 - (100 - r) * (100 - e) / 100)


@pytest.mark.parametrize("name", NUMERIC)
def test_each_way_to_go_wrong_is_offered_often_enough(name: str, english: None) -> None:
    """Not only each misconception: each wrong number of its own, by its reply without the numbers in it."""
    made = [bank().exercise(item(name), seed) for seed in range(400)]
    offered = Counter(re.sub(r"\d+", "#", m.reply) for exercise in made for m in exercise.distractors)
    known = {re.sub(r"\d+", "#", m.reply) for seed in range(40) for m in drawn(name, seed).distractors}
    assert set(offered) == known
    assert min(offered.values()) >= 20, offered


def test_a_retention_offered_is_never_above_a_hundred_per_cent(english: None) -> None:
    for seed in range(300):
        exercise = drawn("risk_removed", seed)
        assert all(0 < m.answer < 100 for m in exercise.distractors)


def test_written_keys_by_pencil_and_paper() -> None:
    managers, life = item("managers_needed"), item("mean_life")
    assert isinstance(managers, Number)
    assert isinstance(life, Number)
    assert managers.answer == -(-(4 * 150 + 12 * 30 + 30 * 10) // 500)
    assert life.answer == 100 / (100 - 90) - 100 / (100 - 80)


def test_the_figures_of_the_case_follow_from_its_facts() -> None:
    """Hengli: margins over five hundred years, hours paid at the start of each, worked without the formula."""

    def added(margin: float, hours: int, before: float, after: float) -> float:
        return ORACLES["raise_pays"]([margin, hours, 300, before, after, 10])

    for margin, hours, before, after in ((18_000, 10, 80, 85), (90_000, 100, 80, 90), (16_000, 10, 70, 77.5)):
        assert added(margin, hours, before, after) == pytest.approx(0, abs=1e-6)
    partner, accountable, small = added(600_000, 100, 80, 90), added(600_000, 10, 80, 85), added(50_000, 10, 80, 85)
    assert (partner, small) == (pytest.approx(935_000), pytest.approx(23_500, abs=50))
    assert partner - accountable == pytest.approx(508_000, abs=500)
    assert small / 10 == pytest.approx(2_350, abs=5)
    assert (partner - accountable) / 90 == pytest.approx(5_650, abs=5)
    assert 15 * small == pytest.approx(350_000, abs=5_000)
    assert 2 * (partner - accountable) == pytest.approx(1_020_000, abs=5_000)
    assert added(50_000, 100, 80, 90) < 0
    assert added(4_000, 10, 70, 77.5) < 0
    assert 5 * 100 + 30 * 10 == 800
    assert (5 + 30 + 200) * 100 == 23_500
