"""Can each exercise be answered, is its key that of the model, and does feedback name the mistake made?"""

import re
from random import Random

import pytest

from crmlib.practice import distributors as practice
from crmlib.practice.exercise import Exercise

FEW = ("knocked_out", "in_the_case", "consistency", "entropy_zero")


def draw(name: str, seed: int) -> Exercise:
    return practice.EXERCISES[name](Random(f"distributors.{name}:{seed}"))


@pytest.mark.parametrize("name", list(practice.EXERCISES))
def test_numbers_are_drawn_afresh(name: str) -> None:
    different = {draw(name, seed).question for seed in range(40)}
    assert len(different) >= (4 if name in FEW else 25)


def test_keys_agree_with_arithmetic_done_here(english: None) -> None:
    """The text of the question alone gives back the key."""
    for seed in range(40):
        e = draw("weighted_total", seed)
        scores, weights = (
            re.findall(r"scores ([\d, ]+) on", e.question)[0],
            re.findall(r"[\d: ]+ in this", e.question)[0],
        )
        s, w = ([int(n) for n in re.findall(r"\d+", text)] for text in (scores, weights))
        assert e.answer == pytest.approx(sum(a * b for a, b in zip(s, w, strict=True)) / sum(w))
        r1, r2, a1, a2, b1, b2 = (int(n) for n in re.findall(r"\d+", draw("dethrone", seed).question))
        d = draw("dethrone", seed).answer
        assert r1 * a1 + (r2 + d) * a2 == pytest.approx(r1 * b1 + (r2 + d) * b2)
        assert r1 * a1 + r2 * a2 > r1 * b1 + r2 * b2


@pytest.mark.parametrize("name", list(practice.EXERCISES))
def test_the_key_takes_every_place_among_the_options(name: str) -> None:
    drawn = [draw(name, seed) for seed in range(60)]
    if drawn[0].options:
        assert {e.answer for e in drawn} == set(range(len(drawn[0].options)))


def test_a_question_can_be_asked_and_the_guess_revealed(lang: str) -> None:
    asked = practice.ask("safety", 3)
    assert asked.check(asked.exercise.answer)
    assert str(round(practice.guess().answer)) in practice.guess().reveal(50)
