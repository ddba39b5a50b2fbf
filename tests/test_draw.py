"""Is every drawn exercise the same for its seed, in both languages, with the key as likely in each place?"""

import math
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare
from test_items import MCQ, NUM, TF, both, change

from crmlib.i18n import speaking
from crmlib.practice.draw import APART, as_choice, displayed, draw
from crmlib.practice.exercise import Exercise, Mistake, measured
from crmlib.practice.items import Choice, Number, TrueFalse

SEEDS = range(2000)


def half(random: Random) -> Exercise:
    """Ask for half of a number; the mistakes lie on both sides of it."""
    n = random.randrange(10, 1000)
    wrong = [n / 8, n / 4, n / 3, n, 2 * n, 4 * n]
    return Exercise(f"{n} / 2?", n / 2, "", [Mistake(w, f"r{i}", f"m{i}") for i, w in enumerate(wrong)])


def test_the_key_of_a_written_choice_is_as_often_in_each_place() -> None:
    item = Choice(**MCQ)
    places = Counter(draw(item, seed, {}).answer for seed in SEEDS)
    assert chisquare([places[n] for n in range(3)]).pvalue > 0.001


def test_the_key_of_a_drawn_choice_has_each_rank_as_often() -> None:
    ranks = Counter(as_choice(half, Random(seed), "half").answer for seed in SEEDS)
    assert chisquare([ranks[n] for n in range(4)]).pvalue > 0.001


def test_the_options_of_a_drawn_choice_stand_apart_and_in_order() -> None:
    for seed in range(300):
        e = as_choice(half, Random(seed), "half")
        numbers = [float(option.replace(",", "")) for option in e.options]
        assert numbers == sorted(numbers)
        assert all(b - a > APART * b * 0.99 for a, b in pairwise(numbers))
        n = float(e.question.split()[0])
        assert numbers[int(e.answer)] == pytest.approx(n / 2, abs=0.01)
        assert {m.answer for m in e.mistakes} == set(range(4)) - {e.answer}


def test_a_maker_that_only_errs_upwards_is_named() -> None:
    def up(random: Random) -> Exercise:
        return Exercise("?", 1.0, "", [Mistake(n, "") for n in (2.0, 3.0, 4.0)])

    with pytest.raises(RuntimeError, match="own.up: no numbers with the key at rank"):
        [as_choice(up, Random(seed), "own.up") for seed in range(20)]


def test_each_option_keeps_its_own_reply() -> None:
    item = Choice(**MCQ)
    with speaking("en"):
        for seed in range(20):
            e = draw(item, seed, {})
            said = {option: e.check(n).said for n, option in enumerate(e.options)}
            assert said == {"first": "Right. holds", "second": "Not quite. mixed", "third": "Not quite. mixed too"}
            assert e.check(e.options.index("second")).misconception == "mixed_up"


def test_options_that_are_words_are_shuffled_with_their_mistakes() -> None:
    def words(random: Random) -> Exercise:
        return Exercise("?", 1, "", [Mistake(0, "zero", "m"), Mistake(9, "none of them")], ["a", "b", "c", "d", "e"])

    places = Counter()
    for seed in SEEDS:
        e = as_choice(words, Random(seed), "words")
        places[e.answer] += 1
        assert e.options[int(e.answer)] == "b"
        assert [(e.options[int(m.answer)], m.reply) for m in e.mistakes] == [("a", "zero")]
    assert chisquare(list(places.values())).pvalue > 0.001


def test_a_true_statement_has_true_for_its_key(lang: str) -> None:
    e = draw(TrueFalse(**TF), 0, {})
    assert e.options[int(e.answer)] == {"zh": "对", "en": "True"}[lang]
    other = draw(TrueFalse(**change(TF, answer=False)), 0, {})
    assert other.options == e.options
    assert other.answer != e.answer


def test_a_written_number_knows_its_traps() -> None:
    with speaking("en"):
        e = draw(Number(**NUM), 0, {})
        assert e.check("５").verdict == "right"
        assert e.check("6") == ("mistake", "Not quite. That is the product.", "mixed_up")


def test_both_languages_draw_the_same() -> None:
    item = Choice(**MCQ)
    for seed in range(50):
        drawn = {}
        for lang in ("zh", "en"):
            with speaking(lang):
                drawn[lang] = draw(item, seed, {}).answer
        assert drawn["zh"] == drawn["en"]


def test_hints_of_item_and_maker_come_in_order() -> None:
    item = Number(**{k: v for k, v in NUM.items() if k in ("bloom", "difficulty", "minutes", "source", "type")},
                  id="own.half", maker="half", hints=[both("再想", "Think again")])  # fmt: skip

    def hinted(random: Random) -> Exercise:
        return Exercise("?", 1.0, "", hints=["first"])

    with speaking("en"):
        assert draw(item, 0, {"half": hinted}).hints == ("first", "Think again")


@given(st.lists(st.floats(0.001, 1e6), min_size=2, max_size=6))
def test_numbers_are_displayed_alike_and_near(values: list[float]) -> None:
    texts = displayed(values)
    assert len({text.partition(".")[2].__len__() for text in texts}) == 1
    for value, text in zip(values, texts, strict=True):
        digits = len(text.partition(".")[2])
        assert abs(float(text.replace(",", "")) - value) <= 0.5 * 10**-digits * (1 + 1e-9) + 1e-12 * value


def test_halves_are_rounded_up() -> None:
    assert displayed([0.125, 10.5]) == ["0.1250", "10.5000"]
    assert displayed([2.675, 10.5]) == ["2.68", "10.50"]
    assert math.isclose(float(displayed([1.005, 2.5])[0]), 1.01)


def test_a_unit_that_begins_with_a_number_stands_in_brackets() -> None:
    assert measured("1,193.4", "10,000 yuan") == "1,193.4 (10,000 yuan)"
    assert measured("1,193.4", "万元") == "1,193.4 万元"
