"""Are the foundations' questions sound: keys worked by hand, names all used, both languages saying the same numbers?"""

from functools import cache

import pytest

from crmlib.core.paths import CASEBOOK
from crmlib.items.item import (
    BLOOM,
    KINDS,
    Choice,
    Number,
    Topic,
    Written,
    differing_numbers,
    texts_in,
)
from crmlib.support.strict_yaml import read_yaml


@cache
def topic() -> Topic:
    return read_yaml(CASEBOOK / "items" / "foundations.yaml", Topic)


def number(name: str) -> Number:
    found = next(item for item in topic().items if item.id == f"foundations.{name}")
    assert isinstance(found, Number)
    return found


BY_HAND = {
    # 60 yuan for each of 100; 5 more stay. Wrong: per voucher, per customer who stays, per customer who used to leave.
    "cost_per_kept": (100 * 60 / 5, [60, 6000 / 85, 6000 / 20]),
    # 50 fewer to win at 700, less 20,000. Wrong: gross of the cost, by the margin of 500, by both.
    "stand_still": (50 * 700 - 20_000, [50 * 700, 50 * 500 - 20_000, 50 * 1200 - 20_000]),
    # 200 of 2,000 leave in a quarter: 10 quarters. Wrong: in quarters, by retention, by joiners, by the net change.
    "gym_life": (10 / 4, [10, (1 / 0.9) / 4, (2000 / 300) / 4, (2000 / 100) / 4]),
}
"""Each calculation's key and distractors, in the order of the file, worked with pencil and paper."""


@pytest.mark.parametrize("name", BY_HAND)
def test_keys_and_distractors_are_those_worked_by_hand(name: str) -> None:
    key, wrong = BY_HAND[name]
    item = number(name)
    assert item.answer == pytest.approx(key)
    assert [one.answer for one in item.distractors] == pytest.approx(wrong, rel=1e-3)


def test_every_calculation_was_worked_by_hand() -> None:
    written = {item.id for item in topic().items if isinstance(item, Number) and not item.generator}
    assert written == {f"foundations.{n}" for n in BY_HAND}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_model_answer_of_the_case_gives_the_figures_worked_by_hand(lang: str) -> None:
    """A kept home lives 1 / .25 = 4 years and is worth 4 × 360, a won one 1 / .5 = 2 years and 2 × 360."""
    kept, won, budget = 4 * 360, 2 * 360, 150_000
    gains = [75 * kept - budget, 250 * kept - budget, 300 * won - budget]
    assert gains == [-42_000, 210_000, 66_000]
    assert (gains[2] + budget) / kept == 150  # from so many on the service beats the promotion
    case = next(item for item in topic().items if item.id == "foundations.case_purifier")
    assert isinstance(case, Written)
    said = getattr(case.model, lang)
    for figure in (budget // 75, budget // 250, budget // 300, kept, won, *gains):
        assert f"{figure:,}".replace("-", "−") in said


def test_the_example_in_the_essay_adds_up() -> None:
    """A gift of 50 to 1,000 people keeps 920 in place of 900."""
    essay = next(item for item in topic().items if item.id == "foundations.essay_five_times")
    assert isinstance(essay, Written)
    assert f"{50 * 1000 // (920 - 900):,} yuan each" in essay.model.en


def test_every_written_text_says_the_same_numbers_in_both_languages() -> None:
    for place, text in texts_in(topic()):
        assert not differing_numbers(text.zh, text.en), place


def test_all_kinds_and_all_levels_are_there() -> None:
    assert {item.type for item in topic().items} == set(KINDS)
    assert {item.bloom for item in topic().items} == set(BLOOM)


def test_choices_and_calculations_have_hints_and_a_rival_key_is_told() -> None:
    assert all(item.hints for item in topic().items if isinstance(item, Choice | Number))
    core = next(item for item in topic().items if item.id == "foundations.core")
    assert core.note and "customer value" in core.note.en and "客户价值" in core.note.zh
