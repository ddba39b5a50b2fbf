"""Exercises of the chapter on tiers: keys against plain arithmetic, every mistake named, no answer given away."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import ipywidgets as w
import nbformat
import pytest
from oracles_tiers import ORACLES

from crmlib import i18n
from crmlib.data import load
from crmlib.mime import WIDGET_MIME
from crmlib.paths import CASEBOOK, NOTEBOOKS
from crmlib.plain import read_yaml
from crmlib.practice import tiers as practice
from crmlib.practice.ask import Ask
from crmlib.practice.bank import bank
from crmlib.practice.exercise import Distractor, Exercise
from crmlib.practice.fields import Options, Said
from crmlib.practice.items import Choice, Number, Topic
from crmlib.practice.numbers import read

SEEDS = range(300)
CHINESE = re.compile("[一-鿿]")
TIERS = ["gold", "key", "prime", "ordinary", "restricted", "exit"]
NUMBERS = re.compile(r"\d[\d,]*\.?\d*")
EXERCISES = bank().exercises("tiers")
every_exercise = pytest.mark.parametrize("name", EXERCISES)


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


KEYS: dict[str, Callable[[list[float]], float]] = {**ORACLES, "in_the_book": in_the_book}
BANKED = sorted(ORACLES)
"""The generators that the question bank draws from; the other one reads a figure off the explorer."""


def chosen(name: str, seed: int) -> Exercise:
    """Return an exercise as the bank offers it: a choice."""
    item = bank().item(f"tiers.{name}")
    assert isinstance(item, Choice | Number)
    return bank().exercise(item, seed)


def test_every_exercise_has_an_oracle() -> None:
    assert set(KEYS) == set(EXERCISES)
    assert len(BANKED) >= 6


@every_exercise
def test_the_key_is_what_plain_arithmetic_gives(name: str) -> None:
    for seed in SEEDS:
        e = made(name, seed)
        assert e.answer == pytest.approx(KEYS[name](drawn(e))), e.question


@pytest.mark.parametrize("name", BANKED)
def test_as_a_choice_the_key_is_the_option_that_plain_arithmetic_gives(name: str) -> None:
    for seed in SEEDS:
        e = chosen(name, seed)
        said, key = e.options[int(e.answer)], ORACLES[name](drawn(e))
        if said in TIERS:
            assert said == TIERS[int(key)], e.question
        else:
            assert float(said.split()[0].rstrip("%").replace(",", "")) == pytest.approx(key, rel=6e-4), e.question


@pytest.mark.parametrize("name", BANKED)
def test_as_a_choice_the_key_stands_in_every_place_and_every_misconception_is_met(name: str) -> None:
    drawn_choices = [chosen(name, seed) for seed in SEEDS]
    places = Counter(e.answer for e in drawn_choices)
    expected = len(SEEDS) / len(drawn_choices[0].options)
    assert set(places) == set(range(len(drawn_choices[0].options)))
    assert sum((n - expected) ** 2 for n in places.values()) / expected < 20.5, places
    met = Counter(m.misconception for e in drawn_choices for m in e.distractors)
    assert min(met.values()) >= 0.05 * len(SEEDS), met
    assert len({e.question for e in drawn_choices}) > 0.9 * len(SEEDS)


@every_exercise
def test_mistakes_have_names_that_the_bank_knows_and_every_exercise_a_hint(name: str) -> None:
    known_names = read_yaml(CASEBOOK / "items" / "tiers.yaml", Topic).misconceptions
    for seed in SEEDS:
        e = made(name, seed)
        assert {m.misconception for m in e.distractors} <= set(known_names)
        assert e.hints and all(e.hints)


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


@every_exercise
def test_the_key_is_right_as_people_type_it(name: str) -> None:
    for seed in SEEDS:
        e = made(name, seed)
        assert e.check(e.answer)[0] == "right"
        if not e.options:
            typed = f"{e.answer:,.2f}"
            wide = typed.translate({ord(a): ord(a) + 0xFEE0 for a in "0123456789.,"})
            assert e.check(typed)[0] == e.check(f" {wide} ")[0] == e.check(f"{e.answer}")[0] == "right", (typed, e)


def known(e: Exercise) -> list[Distractor]:
    """Return the mistakes that do not happen to give the key, the first of those that give the same answer."""
    found: list[Distractor] = []
    for mistake in e.distractors:
        if not e._near(mistake.answer, e.answer) and not any(e._near(mistake.answer, m.answer) for m in found):
            found.append(mistake)
    return found


@every_exercise
def test_every_mistake_gets_its_own_reply(name: str) -> None:
    for seed in SEEDS:
        e = made(name, seed)
        for mistake in e.distractors:
            assert not e._near(mistake.answer, e.answer), f"seed {seed}: the key {e.answer} is called: {mistake.reply}"
            same = [m for m in e.distractors if m.reply != mistake.reply and abs(m.answer - mistake.answer) < 1e-9]
            assert not same, f"seed {seed}: {mistake.answer} is both: {mistake.reply} | {same[0].reply}"
            verdict, said, _name = e.check(mistake.answer)
            assert verdict == "mistake"
            assert said.endswith(mistake.reply), f"seed {seed}: {mistake.answer}"


@every_exercise
def test_an_answer_that_is_no_usual_mistake_gets_the_plain_refusal(name: str) -> None:
    e = made(name, 1)
    verdict, said, _name = e.check(-98_765.4)
    assert verdict == "wrong"
    assert not any(mistake.reply in said for mistake in e.distractors)
    assert e.worked not in said


@every_exercise
@pytest.mark.parametrize("typed", ["about ten", "", "nan", "inf", "1 2 3 x", "1e999", "1..2"])
def test_what_is_no_number_is_said_to_be_none(name: str, typed: str) -> None:
    verdict, said, _name = made(name, 2).check(typed)
    assert verdict == "unreadable" and typed in said


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


@every_exercise
def test_questions_vary_and_the_same_seed_asks_the_same(name: str) -> None:
    questions = {made(name, seed).question for seed in SEEDS}
    assert len(questions) >= 5
    again = EXERCISES[name](Random(f"tiers.{name}:0"))
    assert again.question == made(name, 0).question


@every_exercise
def test_both_languages_ask_for_the_same_and_say_it_in_their_own_words(name: str) -> None:
    for seed in range(20):
        zh, en = made(name, seed, "zh"), made(name, seed, "en")
        assert zh.answer == en.answer
        assert [m.answer for m in zh.distractors] == [m.answer for m in en.distractors]
        assert len(zh.options) == len(en.options)
        said = [[e.question, e.worked, *(m.reply for m in e.distractors)] for e in (zh, en)]
        for a, b in zip(*said, strict=True):
            assert CHINESE.search(a) and not CHINESE.search(b), (a, b)
            assert "{" not in a + b


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


@every_exercise
def test_the_buttons_judge_and_draw_another_one(lang: str, name: str) -> None:
    i18n.use(lang)
    ask = practice.ask(name, 0)
    button(ask, 0).click()
    empty = feedback(ask)
    assert bool(CHINESE.search(empty)) == (lang == "zh")
    e = ask.exercise
    mistake = known(e)[0]
    for value, said in ((mistake.answer, mistake.reply), (e.answer, e.worked)):
        shown = answer(ask, int(value) if e.options else f"{value}")
        assert isinstance(ask.children[3], Said)
        assert said.split("<")[0].split("&")[0].split("“")[0] in shown
        assert bool(CHINESE.search(shown)) == (lang == "zh")
    question = ask.children[0].value
    button(ask, 1).click()
    assert ask.seed == 1
    assert ask.children[1].value in (None, "")
    assert feedback(ask) != shown and e.worked not in feedback(ask)
    seen = {question}
    for _another in range(8):
        button(ask, 1).click()
        seen.add(ask.children[0].value)
    assert len(seen) >= 3


@pytest.mark.parametrize("name", ["veto", "boundary"])
def test_a_choice_shows_all_tiers_and_none_chosen(lang: str, name: str) -> None:
    i18n.use(lang)
    field = practice.ask(name, 0).children[1]
    assert isinstance(field, Options)
    assert field.value is None
    assert field.shown == [i18n._(tier) for tier in TIERS]
    assert len(set(field.shown)) == 6


@every_exercise
def test_the_answer_stands_neither_in_the_text_nor_in_the_widgets(name: str) -> None:
    ask = practice.ask(name, 0)
    bundle = ask._repr_mimebundle_()
    assert set(bundle) == {"text/plain", WIDGET_MIME}
    assert bundle["text/plain"].startswith(ask.exercise.question)
    shown = str([child.get_state() for child in (ask, *ask.children)])
    for text in (ask.exercise.worked, *(m.reply for m in ask.exercise.distractors)):
        assert text not in shown and text not in bundle["text/plain"]


@pytest.mark.parametrize("spoken", i18n.LANGUAGES)
def test_no_answer_is_stored_in_the_notebook(spoken: str) -> None:
    text = (NOTEBOOKS / spoken / "02_tiers.ipynb").read_text("utf-8")
    outputs = "\n".join(
        str(output.get("data", output))
        for cell in nbformat.reads(text, as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    for name in EXERCISES:
        e = made(name, 0, spoken)
        assert e.question in outputs
        for said in (e.worked, *(m.reply for m in e.distractors)):
            assert said not in text
    guess = practice.guess()
    assert f"{guess.answer:.0f}" not in re.findall(r"\d+", outputs.split(guess.question)[-1][:200])


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
