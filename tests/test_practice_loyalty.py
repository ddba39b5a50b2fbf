"""Can each exercise be answered, is its key that of the model, and does feedback name the mistake made?"""

import re
from random import Random

import pytest

from crmlib.practice import loyalty as practice
from crmlib.practice.exercise import Exercise


def draw(name: str, seed: int) -> Exercise:
    return practice.EXERCISES[name](Random(f"loyalty.{name}:{seed}"))


@pytest.mark.parametrize("name", [n for n in practice.EXERCISES if n not in ("quadrant", "in_the_store", "direction")])
def test_numbers_are_drawn_afresh(name: str) -> None:
    assert len({draw(name, seed).question for seed in range(60)}) > 30


def test_keys_agree_with_arithmetic_done_here(english: None) -> None:
    """The text of the question alone gives back the key."""
    for seed in range(40):
        e = draw("direction", seed)
        minutes = int(re.search(r"spends (\d+) minutes", e.question)[1])  # type: ignore[index]
        assert e.answer == pytest.approx(100 * (60 - minutes) / 60)
        e = draw("wallet", seed)
        sums = re.findall(r"\d+,\d{3}|\d{3}", e.question)
        bought, back, a, b = (int(n.replace(",", "")) for n in sums)
        assert e.answer == pytest.approx(100 * (bought - back) / (bought - back + a + b))
        e = draw("promoters", seed)
        counts = {int(s): int(n) for s, n in re.findall(r"(\d+): (\d+) customers", e.question)}
        total = sum(counts.values())
        assert e.answer == pytest.approx(100 * (counts[9] + counts[10] - counts[5] - counts[6]) / total)
        e = draw("wallet_rule", seed)
        n = int(re.search(r"uses (\d)", e.question)[1])  # type: ignore[index]
        assert e.answer == pytest.approx(100 * (1 - 1.5 / (n + 1)) * 2 / n)


def test_all_four_kinds_come_up() -> None:
    assert {draw("quadrant", seed).answer for seed in range(201)} == {0, 1, 2, 3}


def test_an_exercise_can_be_asked_and_another_drawn(lang: str) -> None:
    ask = practice.ask("promoters")
    assert ask.check(ask.exercise.answer)
    before = ask.exercise.question
    ask._draw(1)
    assert ask.exercise.question != before


def test_the_guess_is_a_share_in_a_hundred(lang: str) -> None:
    guess = practice.guess()
    assert 0 < guess.answer < 100 and str(round(guess.answer)) in guess.reveal(50)
