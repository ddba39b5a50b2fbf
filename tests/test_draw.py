"""Is every drawn exercise the same for its seed, in both languages, with the key as likely in each place?"""

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare
from test_items import MCQ, NUM, TF, both, change

from crmlib.core.errors import UserError
from crmlib.core.exercise import APART, Distractor, Drawn, apart, distractors, measured
from crmlib.core.i18n import speaking
from crmlib.items.audit import differing
from crmlib.items.draw import SIDE_BY_SIDE, as_choice, displayed, draw, exercise
from crmlib.items.item import Choice, Number, TrueFalse

SEEDS = range(2000)


def half(random: Random) -> Drawn:
    """Ask for half of a number; the distractors lie on both sides of it."""
    n = random.randrange(10, 1000)
    wrong = [n / 8, n / 4, n / 3, n, 2 * n, 4 * n]
    return Drawn({"n": n}, n / 2, distractors({f"m{i}": w for i, w in enumerate(wrong)}))


def test_the_key_of_a_written_choice_is_as_often_in_each_place() -> None:
    item = Choice(**MCQ)
    places = Counter(draw(item, seed, {}).answer for seed in SEEDS)
    assert chisquare([places[n] for n in range(3)]).pvalue > 0.001


def test_the_key_of_a_drawn_choice_has_each_rank_as_often() -> None:
    ranks = Counter(as_choice(half, Random(seed), "half").key for seed in SEEDS)
    assert chisquare([ranks[n] for n in range(4)]).pvalue > 0.001


def test_the_options_of_a_drawn_choice_stand_apart_and_in_order() -> None:
    for seed in range(300):
        e = as_choice(half, Random(seed), "half")
        numbers = [float(option.replace(",", "")) for option in e.options]
        assert numbers == sorted(numbers)
        assert all(b - a > SIDE_BY_SIDE * b * 0.99 for a, b in pairwise(numbers))
        n = e.values["n"]
        assert isinstance(n, int)
        assert numbers[int(e.key)] == pytest.approx(n / 2, abs=0.01)
        assert {m.answer for m in e.distractors} == set(range(4)) - {e.key}


def test_a_generator_that_only_errs_upwards_is_named() -> None:
    def up(random: Random) -> Drawn:
        return Drawn({}, 1.0, [Distractor(n) for n in (2.0, 3.0, 4.0)])

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


def test_options_that_are_words_are_shuffled_with_their_distractors() -> None:
    def words(random: Random) -> Drawn:
        return Drawn({}, 1, [Distractor(0, "m"), Distractor(9, "none of them")], ["a", "b", "c", "d", "e"])

    places = Counter()
    for seed in SEEDS:
        e = as_choice(words, Random(seed), "words")
        places[e.key] += 1
        assert e.options[int(e.key)] == "b"
        assert [(e.options[int(m.answer)], m.misconception) for m in e.distractors] == [("a", "m")]
    assert chisquare(list(places.values())).pvalue > 0.001


def test_a_true_statement_has_true_for_its_key(lang: str) -> None:
    e = draw(TrueFalse(**TF), 0, {})
    assert e.options[int(e.answer)] == {"zh": "对", "en": "True"}[lang]
    other = draw(TrueFalse(**change(TF, answer=False)), 0, {})
    assert other.options == e.options
    assert other.answer != e.answer


def test_a_written_number_knows_its_distractors() -> None:
    with speaking("en"):
        e = draw(Number(**NUM), 0, {})
        assert e.check("５").verdict == "right"
        assert e.check("6") == ("mistake", "Not quite. That is the product.", "mixed_up")


MONEY = {**{k: v for k, v in NUM.items() if k != "answer"}, "unit": both("万元", "yuan"), "answer": 80.5}


def test_an_amount_in_ten_thousands_is_asked_for_in_yuan_in_english() -> None:
    item = Number(**change(MONEY, distractors=[change(NUM["distractors"][0], answer=168)]))
    said = {}
    for lang, right, wrong in (("zh", "80.5", "168"), ("en", "805,000", "1,680,000")):
        with speaking(lang):
            e = said[lang] = draw(item, 0, {})
            assert (e.check(right).verdict, e.check(wrong).verdict) == ("right", "mistake")
            assert e.check("80.5 万元").verdict == e.check("805000 元").verdict == "right"
    assert said["en"].check("80.5").verdict == "near"  # said to be off by a factor of 10,000
    assert differing(item, said["zh"], said["en"]) == []
    assert differing(item, said["zh"], replace(said["en"], answer=80.5)) == ["80.5"]


def test_a_drawn_amount_is_too_and_what_is_no_amount_stays_as_it_is() -> None:
    """Its texts have the amounts in full by the filter; percentage points are the same in both languages."""
    texts = {"stem": both("{{ n }} 万元的一半？", "Half of ¥{{ n | full }}?"), "unit": both("万元", "yuan")}
    item = Number(type="num", **{**HALF, **texts, "hints": []})

    def half_or_points(random: Random) -> Drawn:
        n = random.choice(range(20, 90, 2))
        return Drawn({"n": n}, n / 2, [Distractor(2.0 * n, "m0"), Distractor(7.0, "m1", as_it_is=True)])

    generators = {"half": half_or_points}
    for seed in range(30):
        drawn = {}
        for lang in ("zh", "en"):
            with speaking(lang):
                drawn[lang] = draw(item, seed, generators)
        zh, en = drawn["zh"], drawn["en"]
        assert en.answer == 10_000 * zh.answer
        assert [d.answer for d in en.distractors] == [10_000 * zh.distractors[0].answer, 7]
        assert f"¥{2 * en.answer:,.0f}" in en.question and f"{2 * zh.answer:g} 万元" in zh.question
        assert differing(item, zh, en) == []


def test_both_languages_draw_the_same() -> None:
    item = Choice(**MCQ)
    for seed in range(50):
        drawn = {}
        for lang in ("zh", "en"):
            with speaking(lang):
                drawn[lang] = draw(item, seed, {}).answer
        assert drawn["zh"] == drawn["en"]


HALF = {**{k: v for k, v in NUM.items() if k in ("bloom", "difficulty", "minutes", "source")},
        "id": "own.half", "generator": "half", "unit": both("个", "pieces"),
        "stem": both("{{ n }} 的一半？", "Half of {{ n }}?"), "worked": both("一半。", "Half of it."),
        "hints": [both("{{ n }} 除以", "Divide {{ n }}"), both("再想", "Think again")],
        "replies": {f"m{i}": both(f"错{i}", f"r{i}") for i in range(6)}}  # fmt: skip


def test_a_drawn_number_says_its_text_with_its_values() -> None:
    item = Number(type="num", **HALF)
    with speaking("en"):
        e = draw(item, 3, {"half": half})
        n = f"{2 * e.answer:g}"
        assert (e.question, e.unit, e.hints) == (f"Half of {n}?", "pieces", (f"Divide {n}", "Think again"))
        assert e.check(f"{2 * e.answer:g}")[1:] == ("Not quite. r3", "m3")
        assert draw(item, 3, {"half": half}) == exercise(item, half, Random("own.half:3"), "own.half")


def test_a_drawn_choice_has_the_unit_in_its_options() -> None:
    with speaking("en"):
        e = draw(Choice(type="mcq", **HALF), 3, {"half": half})
        assert all(option.endswith(" pieces") for option in e.options)
        assert e.unit == ""
        assert {d.reply for d in e.distractors} < {f"r{i}" for i in range(6)}


def test_a_misconception_without_a_reply_and_a_value_that_is_not_given_are_said() -> None:
    less = {name: reply for name, reply in HALF["replies"].items() if name != "m2"}
    with speaking("en"):
        with pytest.raises(UserError, match="own.half: there is no reply to the misconception “m2”"):
            draw(Number(type="num", **change(HALF, replies=less)), 0, {"half": half})
        with pytest.raises(UserError, match="own.half, “stem”: there is no value “m”"):
            draw(Number(type="num", **change(HALF, stem=both("{{ m }}", "{{ m }}"))), 0, {"half": half})


def test_numbers_that_are_never_far_enough_apart_are_said() -> None:
    with (
        speaking("en"),
        pytest.raises(RuntimeError, match=r"own.half: no numbers far enough apart for the tolerance 0.1"),
    ):
        draw(
            Number(type="num", **change(HALF, tolerance=0.1)),
            0,
            {"half": lambda random: Drawn({}, 1, distractors({"m1": 1.2}))},
        )


def test_words_are_drawn_by_their_place_and_may_hold_values_and_other_words() -> None:
    lists = {
        "goods": [both("阀", "valves"), both("密封件", "seals")],
        "said": [both("{{ goods }}好", "Good {{ goods }}.")],
    }
    item = Number(type="num", **change(HALF, words=lists, stem=both("{{ said }}", "{{ said }}")))

    def spoken(random: Random) -> Drawn:
        return Drawn({"n": 1, "goods": 1, "said": 0}, 1.0)

    for lang, said in (("en", "Good seals."), ("zh", "密封件好")):
        with speaking(lang):
            assert draw(item, 0, {"half": spoken}).question == said
    with speaking("en"), pytest.raises(UserError, match="the generator wants number 2"):
        draw(item, 0, {"half": lambda random: Drawn({"n": 1, "goods": 1, "said": 1}, 1.0)})


@pytest.mark.parametrize(
    ("answers", "tolerance", "share", "far"),
    [
        ([100, 100 * (1 + APART * 0.01) + 3], 0.01, 0, True),
        ([100, 102], 0.01, 0, False),
        ([0.5, 0.52], 0.01, 0, False),
        ([100, 102], 0, 0, True),
        ([100, 102], 0, 0.03, False),
        ([0.5, 0.52], 0, 0.03, True),
        ([1, 2, 2], 0, 0, False),
    ],
)
def test_there_is_one_rule_for_far_enough_apart(
    answers: list[float], tolerance: float, share: float, far: bool
) -> None:
    assert apart(answers, tolerance, share) == far


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
