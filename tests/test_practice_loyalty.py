"""Can each exercise be answered, is its key that of the model, and does feedback name the mistake made?"""

from collections import Counter
from functools import cache
from random import Random

import pytest
from oracles_loyalty import ORACLES

from crmlib import i18n
from crmlib.paths import CASEBOOK
from crmlib.plain import read_yaml
from crmlib.practice import loyalty as practice
from crmlib.practice.bank import bank
from crmlib.practice.exercise import Exercise
from crmlib.practice.items import NUMBER, Choice, Number, Topic, TrueFalse, Written, differing_numbers, texts_in
from crmlib.practice.templates import literal

EXERCISES = bank().exercises("loyalty")
MADE = [name for name in EXERCISES if name != "in_the_store"]
"""The exercises of the question bank; the other one is read off the chapter's explorer."""
SEEDS = range(1000)


def draw(name: str, seed: int) -> Exercise:
    return EXERCISES[name](Random(f"loyalty.{name}:{seed}"))


@cache
def topic() -> Topic:
    return read_yaml(CASEBOOK / "items" / "loyalty.yaml", Topic)


def item(name: str) -> Choice | Number | TrueFalse:
    found = bank().item(f"loyalty.{name}")
    assert not isinstance(found, Written)
    return found


def printed(question: str) -> list[float]:
    return [float(found.replace(",", "")) for found in NUMBER.findall(question)]


@pytest.mark.parametrize("name", MADE)
def test_numbers_are_drawn_afresh(name: str) -> None:
    assert len({draw(name, seed).question for seed in range(60)}) > 30


@pytest.mark.parametrize("name", ORACLES)
def test_the_numbers_in_the_question_give_back_the_key(name: str, english: None) -> None:
    for seed in range(300):
        e = draw(name, seed)
        assert e.answer == pytest.approx(ORACLES[name](printed(e.question)), rel=1e-9), e.question


def test_every_exercise_of_the_bank_has_an_oracle() -> None:
    assert set(ORACLES) == set(MADE) == {i.generator for i in topic().items if isinstance(i, Choice | Number)} - {None}


def test_keys_agree_with_a_case_worked_by_hand(english: None) -> None:
    """The oracles are checked too, with figures from the chapter and from pencil and paper."""
    assert ORACLES["satisfaction"]([5, 10, 8, 4, 10, 10, 5, 3, 2]) == pytest.approx(1.35)  # .5·2 + .3·.5 + .2·1
    assert ORACLES["promoters"]([0, 10, 5, 10, 6, 10, 7, 15, 8, 15, 9, 25, 10, 25]) == pytest.approx(30)
    assert ORACLES["wallet_rule"]([3, 9, 9, 5]) == pytest.approx(41.6667, abs=1e-3)  # shared first of three
    assert ORACLES["wallet"]([3000, 1000, 1000, 2000]) == pytest.approx(40)
    assert ORACLES["missing"]([80, 4, 3, 50, 2, 20, 1]) == pytest.approx(440 / 7)
    assert ORACLES["direction"]([15, 60, 0, 10, 100]) == pytest.approx(90)
    assert ORACLES["repeat_rate"]([20, 50, 5, 30, 4, 20]) == pytest.approx(50)
    corners: list[list[float]] = [[60, 60, 50, 50], [60, 60, 49, 50], [59, 60, 50, 50], [0, 1, 0, 1]]
    assert [ORACLES["quadrant"](corner) for corner in corners] == [0, 1, 2, 3]


@pytest.mark.parametrize("name", MADE)
def test_both_languages_print_the_same_numbers(name: str, english: None) -> None:
    for seed in range(100):
        said = {}
        for lang in i18n.LANGUAGES:
            i18n.use(lang)
            said[lang] = draw(name, seed)
        zh, en = said["zh"], said["en"]
        assert zh.answer == en.answer
        for a, b in ((zh.question, en.question), (zh.worked, en.worked)):
            assert sorted(printed(a)) == sorted(printed(b))


@pytest.mark.parametrize("name", MADE)
def test_as_a_choice_the_key_stands_anywhere_and_every_misconception_comes_up(name: str, english: None) -> None:
    made = [bank().exercise(item(name), seed) for seed in SEEDS]
    for e in made:
        assert len(e.options) == len(set(e.options)) == 4
        assert {m.answer for m in e.distractors} | {e.answer} == {0, 1, 2, 3}
    ranks = Counter(e.answer for e in made)
    assert sum((ranks[rank] - 250) ** 2 / 250 for rank in range(4)) < 16.27, ranks  # chi², 3 degrees, p > .001
    shown = Counter(m.misconception for e in made for m in e.distractors)
    known = {m.misconception for seed in range(100) for m in draw(name, seed).distractors}
    assert set(shown) == known <= set(topic().misconceptions)
    assert min(shown.values()) >= len(SEEDS) / 20, shown
    assert len({e.question for e in made}) >= 200


@pytest.mark.parametrize("name", EXERCISES)
def test_every_mistake_has_a_name_known_to_the_bank(name: str) -> None:
    assert {m.misconception for m in draw(name, 0).distractors} <= set(topic().misconceptions)


@pytest.mark.parametrize("name", MADE)
def test_there_is_a_hint_that_does_not_print_the_key(name: str, lang: str) -> None:
    e = draw(name, 1)
    assert e.hints
    assert not any(f"{e.answer:.1f}" in hint for hint in e.hints)


def test_all_four_kinds_come_up() -> None:
    assert {draw("quadrant", seed).answer for seed in range(201)} == {0, 1, 2, 3}


def test_every_written_text_says_the_same_numbers_in_both_languages() -> None:
    for place, text in texts_in(topic()):
        assert not differing_numbers(literal(text.zh), literal(text.en)), place


def test_no_misconception_is_left_unused() -> None:
    """A name at the head of the file that nothing reveals would show in no statistics."""
    written = str([i.model_dump() for i in topic().items])
    made = {m.misconception for name in EXERCISES for seed in range(40) for m in draw(name, seed).distractors}
    assert [name for name in topic().misconceptions if f"'{name}'" not in written and name not in made] == []


def test_keys_written_out_are_those_of_arithmetic_done_here() -> None:
    """The bank's written numbers, worked with pencil and paper."""
    place, ratios = item("one_place_up"), item("mean_of_ratios")
    assert isinstance(place, Number) and place.answer == 12_000 * 2 / (4 * 5)
    assert isinstance(ratios, Number) and ratios.answer == pytest.approx((6 / 4 + 8 / 8 + 5 / 10) / 3)


def test_an_exercise_can_be_asked_and_another_drawn(lang: str) -> None:
    ask = practice.ask("promoters")
    assert ask.check(ask.exercise.answer)
    before = ask.exercise.question
    ask._go_on()
    assert ask.exercise.question != before


def test_the_guess_is_a_share_in_a_hundred(lang: str) -> None:
    guess = practice.guess()
    assert 0 < guess.answer < 100 and str(round(guess.answer)) in guess.reveal(50)
