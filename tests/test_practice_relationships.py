"""Is every drawn exercise sound: its key right, its mistakes told apart, its words in the language spoken?"""

import re
from random import Random

import pytest

from crmlib.models import relationships as model
from crmlib.practice import relationships as practice
from crmlib.practice.exercise import Exercise


def drawn(name: str, seed: int) -> Exercise:
    """Return the exercise as the notebook draws it."""
    return practice.EXERCISES[name](Random(f"relationships.{name}:{seed}"))


@pytest.mark.parametrize("name", practice.EXERCISES)
def test_an_exercise_speaks_one_language(name: str, lang: str) -> None:
    exercise = drawn(name, 1)
    for text in (exercise.question, exercise.worked, *exercise.options, *(m.reply for m in exercise.mistakes)):
        assert bool(re.search("[一-鿿]", text)) == (lang == "zh"), text
        assert "{" not in text


@pytest.mark.parametrize("name", practice.EXERCISES)
def test_another_seed_draws_another_exercise(name: str, english: None) -> None:
    assert len({drawn(name, seed).question for seed in range(12)}) > 2


def test_two_keys_worked_out_by_hand(english: None) -> None:
    """Seeds at which the numbers drawn are read back from the question and the formula is applied by hand."""
    exercise = drawn("lifetime_worth", 3)
    margin, r, i = map(float, re.findall(r"(\d+)(?: \(10,000| %|%)", exercise.question)[:3])
    assert exercise.answer == pytest.approx(margin * r / (100 + i - r))
    exercise = drawn("risk_removed", 3)
    r, e = map(float, re.findall(r"(\d+)%", exercise.question))
    assert exercise.answer == pytest.approx(100 - (100 - r) * (100 - e) / 100)


def test_asking_and_guessing_work_in_both_languages(lang: str) -> None:
    asked = practice.ask("matrix_cell", 2)
    assert asked.check(asked.exercise.answer)
    assert len(asked.exercise.options) == len(model.TYPES)
    guess = practice.guess()
    assert guess._slider.min < guess.answer < guess._slider.max
    assert guess.reveal(3)
