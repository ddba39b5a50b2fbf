"""What holds for the exercises of every chapter but the first, whose own file asks more of them."""

import re
from collections.abc import Callable
from math import sqrt
from random import Random

import pytest

from crmlib.i18n import LANGUAGES, speaking
from crmlib.paths import SOURCES
from crmlib.practice import distributors, loyalty, relationships, tiers
from crmlib.practice.bank import bank
from crmlib.practice.exercise import Exercise
from crmlib.practice.generators import GENERATORS
from crmlib.practice.items import numbers_in

TOPICS = (tiers, distributors, loyalty, relationships)
ALL: dict[str, Callable[[Random], Exercise]] = {
    f"{topic}.{name}": make for topic in GENERATORS for name, make in bank().exercises(topic).items()
}
EXERCISES = {name: make for name, make in ALL.items() if not name.startswith("tiers.")}
STEPS = {"distributors.in_the_case": 17, "relationships.in_the_book": 8}
"""Exercises that solve the whole case for a key are asked with every so many seeds."""


def draw(name: str, seed: int) -> Exercise:
    return EXERCISES[name](Random(f"{name}:{seed}"))


@pytest.mark.parametrize("topic", TOPICS)
def test_the_guess_leads_to_a_section_of_its_chapter_and_no_two_ask_the_same(topic, lang: str) -> None:  # type: ignore[no-untyped-def]
    guess = topic.guess()
    (source,) = SOURCES.glob(f"[0-9][0-9]_{topic.__name__.rpartition('.')[2]}.md")
    assert re.search(rf"^#+ {re.escape(guess.section)}$", source.read_text("utf-8"), re.MULTILINE)
    others = {*TOPICS} - {topic}
    assert guess.question not in [other.guess().question for other in others]


@pytest.mark.parametrize("topic", TOPICS)
def test_an_exercise_leads_to_the_figures_of_its_chapter(topic, lang: str) -> None:  # type: ignore[no-untyped-def]
    name = topic.__name__.rpartition(".")[2]
    first = next(iter(bank().exercises(name)))
    (section,) = re.findall('data-section="([^"]+)"', topic.ask(first)._question.value)
    (source,) = SOURCES.glob(f"[0-9][0-9]_{topic.__name__.rpartition('.')[2]}.md")
    assert re.search(rf"^## {re.escape(section)}$", source.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("topic", GENERATORS)
def test_a_chapter_has_at_least_eight_exercises(topic: str) -> None:
    assert len(bank().exercises(topic)) >= 8


@pytest.mark.parametrize("name", EXERCISES)
def test_no_two_answers_coincide_and_each_gets_its_own_reply(name: str, english: None) -> None:
    for seed in range(0, 201, STEPS.get(name, 1)):
        e = draw(name, seed)
        assert e.distractors, seed
        assert e.check(e.answer)[0] == "right"
        for mistake in e.distractors:
            assert e.check(mistake.answer)[:2] == ("mistake", f"Not quite. {mistake.reply}"), (seed, mistake)


@pytest.mark.parametrize("name", EXERCISES)
def test_every_text_is_filled_and_speaks_one_language(name: str, lang: str) -> None:
    e = draw(name, 0)
    for text in (e.question, e.worked, *(m.reply for m in e.distractors)):
        assert text
        assert "{" not in text
        chinese = bool(re.search("[一-鿿]", text))
        assert chinese == (lang == "zh") or (not chinese and set(text) & set("√÷")), text


# Worked solutions -----------------------------------------------------------------------------------------------------

COMPUTED = [name for name in ALL if not ALL[name](Random(f"{name}:0")).options and ".in_the_" not in name]
EQUATION = re.compile(r"([-\d.,%()+−×÷√² ]+)=(?= *([-−]?[\d.,]*\d%?)(?! *[\d.,+−×÷%]))")
PIECES = re.compile(r"[;；:：。，]|\. |, |: ")


def value(side: str) -> float:
    """Return what one side of an equation comes to."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", side).replace("−", "-").replace("×", "*").replace("÷", "/")
    plain = re.sub(r"√([\d.]+)", r"sqrt(\1)", plain.replace("²", "**2")).replace("√(", "sqrt(")
    return float(eval(re.sub(r"([\d.]+)%", r"(\1/100)", plain.strip(" .,")), {"sqrt": sqrt}))


@pytest.mark.parametrize("name", COMPUTED)
def test_a_worked_solution_writes_out_its_computation_with_the_numbers_drawn(name: str, lang: str) -> None:
    for seed in range(25):
        e = ALL[name](Random(f"{name}:{seed}"))
        sides = [side for piece in PIECES.split(e.worked) for side in EQUATION.findall(piece.rstrip("."))]
        found = [(left, right) for left, right in sides if re.search(r"[+−×÷√]", left)]
        assert found, e.worked
        for left, right in found:
            wanted = value(right)
            off = 0.6 * 10 ** -len(right.rstrip("%").partition(".")[2]) / (100 if right.endswith("%") else 1)
            assert value(left) == pytest.approx(wanted, rel=0.005, abs=off), e.worked
        shown = [value(right.rstrip("%")) for _left, right in found]
        close = [number for number in shown if abs(number - e.answer) <= 0.006 * max(abs(e.answer), 1)]
        assert close or name == "tiers.abc_count", (e.answer, e.worked)


@pytest.mark.parametrize("name", COMPUTED)
def test_both_languages_work_it_out_with_the_same_numbers(name: str) -> None:
    worked = []
    for spoken in LANGUAGES:
        with speaking(spoken):
            worked.append(numbers_in(ALL[name](Random(f"{name}:3")).worked))
    assert worked[0] == worked[1]
