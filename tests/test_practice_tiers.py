"""What is special to the exercises on tiers; what holds for every exercise is in test_every_exercise."""

import re
from functools import cache
from random import Random
from typing import Any

import ipywidgets as w
import pytest
from early import taken
from oracles_tiers import ORACLES

from crmlib.core import i18n
from crmlib.core.exercise import Exercise
from crmlib.core.numbers import read
from crmlib.items.bank import bank
from crmlib.items.item import Choice, Number
from crmlib.learning import tiers as practice
from crmlib.learning.cards import Ask
from crmlib.learning.fields import Options
from crmlib.tables.data import load

SEEDS = range(taken(100, 300))
CHINESE = re.compile("[一-鿿]")
TIERS = ["gold", "key", "prime", "ordinary", "restricted", "exit"]
NUMBERS = re.compile(r"\d[\d,]*\.?\d*")
EXERCISES = bank().exercises("tiers")


@cache
def made(name: str, seed: int, lang: str = "en") -> Exercise:
    i18n.use(lang)
    exercise = EXERCISES[name](Random(f"tiers.{name}:{seed}"))
    i18n._chosen = None
    return exercise


@pytest.fixture(autouse=True)
def _speak_english(english: None) -> None:
    """Speak English where a test does not choose."""


def drawn(exercise: Exercise) -> list[float]:
    """Return the numbers of a question."""
    return [float(text.replace(",", "").rstrip(".")) for text in NUMBERS.findall(exercise.question)]


# Keys: plain arithmetic on what the question says ---------------------------------------------------------------------


@cache
def _gold_scores() -> list[float]:
    """Score the firms at the closing date once more, in plain Python, and leave out those under a veto."""

    def points(x: float, at: list[float], given: list[float]) -> float:
        if x <= at[0]:
            return given[0]
        for low, high, p, q in zip(at, at[1:], given, given[1:], strict=False):
            if x <= high:
                return p + (q - p) * (x - low) / (high - low)
        return given[-1]

    from math import isnan, log10

    steps = [log10(v) for v in (500, 2000, 10_000, 50_000, 200_000)]
    loans = load("bank_loans")
    scores = []
    for f in loans[loans["as_of"] == loans["as_of"].max()].to_dict("records"):
        if any(isnan(f[c]) for c in ("sales", "debt_ratio", "current_ratio", "roa")):
            continue
        if f["defaulted"] or f["overdue_days"] > 90 or f["debt_ratio"] >= 1:
            continue
        credit = 0.7 * points(f["overdue_days"], [0, 30, 90, 180, 360], [100, 70, 40, 10, 0])
        credit += 0.3 * points(f["years_with_bank"], [0, 2, 5, 10], [40, 60, 80, 100])
        size = sum(points(log10(max(f[c], 1e-9)), steps, [20, 40, 60, 80, 100]) for c in ("sales", "total_assets")) / 2
        ratios = points(f["debt_ratio"], [0.4, 0.55, 0.7, 0.85, 1], [100, 80, 50, 20, 0])
        ratios += points(f["current_ratio"], [0.5, 1, 1.5, 2], [0, 50, 80, 100])
        ratios += points(f["roa"], [-0.02, 0, 0.03, 0.08], [0, 30, 60, 100])
        exact = 0.35 * credit + 0.2 * size + 0.3 * ratios / 3 + 0.15 * f["industry_outlook"]
        scores.append(int(round(exact * 10, 5) + 0.5) / 10)
    return scores


def in_the_book(numbers: list[float]) -> float:
    (cut,) = numbers
    return sum(score >= cut for score in _gold_scores())


def chosen(name: str, seed: int) -> Exercise:
    """Return an exercise as the bank offers it: a choice."""
    item = bank().item(f"tiers.{name}")
    assert isinstance(item, Choice | Number)
    return bank().exercise(item, seed)


def test_the_figure_read_off_the_explorer_is_what_plain_arithmetic_gives() -> None:
    for seed in SEEDS[::10]:
        e = made("in_the_book", seed)
        assert e.answer == pytest.approx(in_the_book(drawn(e))), e.question


@pytest.mark.parametrize("name", ["veto", "boundary"])
def test_as_a_choice_among_tiers_the_key_is_the_tier_that_plain_arithmetic_gives(name: str) -> None:
    for seed in SEEDS:
        e = chosen(name, seed)
        assert e.options[int(e.answer)] == TIERS[int(ORACLES[name](drawn(e)))], e.question


@pytest.mark.parametrize("name", ORACLES)
def test_nearly_every_seed_asks_something_else(name: str) -> None:
    assert len({chosen(name, seed).question for seed in SEEDS}) > 0.9 * len(SEEDS)


@pytest.mark.parametrize("name", ["veto", "boundary"])
def test_every_tier_but_the_right_one_has_a_reply(name: str) -> None:
    for seed in SEEDS:
        e = made(name, seed)
        assert {e.answer, *(m.answer for m in e.distractors)} == set(range(len(TIERS)))


def test_a_veto_caps_lifts_nobody_and_begins_above_its_limit() -> None:
    met = set()
    for seed in SEEDS:
        e = made("veto", seed)
        *_cuts, limit, points, days = drawn(e)
        met.add((days > limit, points >= 65, TIERS[int(e.answer)] == "restricted"))
    assert {(True, True, True), (True, False, False), (False, True, False)} <= met


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12.5", 12.5), ("１２．５", 12.5), ("1,234.5", 1234.5), ("１，２３４", 1234), ("62.5%", 62.5),
        ("62.5 ％", 62.5), ("￥1,200", 1200), ("1200万元", 1200), ("−3", -3), ("-3", -3),
        (" 7 ", 7), ("1 234", 1234), ("1e3", 1000),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(typed: str, value: float) -> None:
    assert read(typed, "%" if typed.endswith(("%", "％")) else "") == value


# In the notebook ------------------------------------------------------------------------------------------------------


def button(ask: Ask, place: int) -> w.Button:
    found: w.Button = ask.children[2].children[place]
    return found


def feedback(ask: Ask) -> str:
    said: str = ask.children[3].value
    return said


def answer(ask: Ask, given: Any) -> str:
    ask.children[1].value = given
    button(ask, 0).click()
    return feedback(ask)


@pytest.mark.parametrize("name", ["veto", "boundary"])
def test_a_choice_shows_all_tiers_and_none_chosen(lang: str, name: str) -> None:
    i18n.use(lang)
    field = practice.ask(name, 0).children[1]
    assert isinstance(field, Options)
    assert field.value is None
    assert field.shown == [i18n._(tier) for tier in TIERS]
    assert len(set(field.shown)) == 6


def test_what_a_student_types_is_shown_as_text() -> None:
    ask = practice.ask("weighted_score")
    shown = answer(ask, "<img src=x onerror=alert(1)>")
    assert "<img" not in shown and "&lt;img" in shown


def test_a_question_is_shown_as_text() -> None:
    ask = Ask("x", lambda _draw: Exercise("<b>bold</b>?", 1.0, "<script>"))
    assert "<b>" not in ask.children[0].value
    assert "<script" not in answer(ask, "1")


def test_a_guess_is_answered_with_the_figure(lang: str) -> None:
    i18n.use(lang)
    guess = practice.guess()
    loans = load("bank_loans")
    last = loans[loans["as_of"] == loans["as_of"].max()]["income"].tolist()
    best = sorted((value for value in last if value >= 0), reverse=True)
    fifth = len(best) / 5
    whole, part = int(fifth), fifth - int(fifth)
    share = 100 * (sum(best[:whole]) + part * best[whole]) / sum(best)
    assert guess.answer == pytest.approx(share)
    assert f"{share:.0f}" in guess.reveal(50) and "50" in guess.reveal(50)
    assert f"{share:.0f}" not in repr(guess)
    scale, said = guess.children[1], guess.children[3]
    assert (scale.value, said.value) == ("", "")
    guess.children[2].children[0].click()
    assert f"{share:.0f}" not in said.value
    scale.hear({"turn": scale.turn, "value": "50", "enter": True})
    assert f"{share:.0f}" in said.value


def test_the_cut_offs_of_the_veto_and_the_customers_of_an_abc_analysis_vary(english: None) -> None:
    """1,000 seeds: a few values alone would soon be known by heart."""
    cuts = {made("veto", seed).question.split(";")[0] for seed in range(1000)}
    counts = {
        (len(re.findall(r"\d+", made("abc_count", seed).question)), made("abc_count", seed).answer)
        for seed in range(1000)
    }
    assert len(cuts) > 200
    assert len(counts) > 20
