"""What is special to the exercises on distributors; what holds for every exercise is in test_every_exercise."""

import re
from random import Random

import pytest
from early import taken
from oracles_distributors import ORACLES

from crmlib.core.exercise import Exercise
from crmlib.items.bank import bank
from crmlib.items.draw import as_choice, worded
from crmlib.items.generators import GENERATORS
from crmlib.items.item import Choice, Number

SEEDS = range(taken(100, 300))
EXERCISES = bank().exercises("distributors")
MADE = [name for name in EXERCISES if name != "in_the_case"]
"""The generators that the bank draws from; the other one reads a figure off the explorer."""
NUMBERS = re.compile(r"\d[\d,]*\.?\d*")


def draw(name: str, seed: int) -> Exercise:
    return EXERCISES[name](Random(f"distributors.{name}:{seed}"))


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


def printed(question: str) -> list[float]:
    """Return the numbers of a question as they stand in it."""
    return [float(text.replace(",", "").rstrip(".")) for text in NUMBERS.findall(question)]


def chosen(name: str, seed: int) -> Exercise:
    item = bank().item(f"distributors.{name}")
    assert isinstance(item, Choice | Number)
    unit, draw = str(item.unit or ""), Random(f"{item.id}:{seed}")
    return worded(item, as_choice(GENERATORS["distributors"][name], draw, name, item.tolerance, unit), name)


def test_oracles_give_figures_worked_by_hand() -> None:
    assert ORACLES["weighted_total"]([80, 60, 50, 5, 3, 2]) == pytest.approx(68)  # 40 + 18 + 10
    assert ORACLES["dethrone"]([40, 20, 75, 50, 55, 60]) == pytest.approx(60)  # 40·20 = (20 + 60)·10
    assert ORACLES["consistency"]([4, 4.27, 3, 8, 0.58, 0.9, 1.12, 1.24, 1.32, 1.41]) == pytest.approx(0.1)
    assert ORACLES["closeness"]([0.1, 0.3]) == pytest.approx(0.75)
    assert ORACLES["rebate_cliff"]([1000, 100, 1200, 3, 1200]) == pytest.approx(18)  # 3,600 yuan ÷ 200
    assert ORACLES["safety"]([10, 3, 4, 0.8, 1]) == pytest.approx(10)  # 4·9 + 100·0.64 = 100
    assert ORACLES["cash_discount"]([2, 10, 30, 360]) == pytest.approx(36.73, abs=5e-3)  # the published 2/10 net 30


@pytest.mark.parametrize("name", MADE)
def test_as_a_choice_the_right_option_is_what_plain_arithmetic_gives(name: str, english: None) -> None:
    for seed in SEEDS:
        e = chosen(name, seed)
        said, key = e.options[int(e.answer)], ORACLES[name](printed(e.question))
        if name == "knocked_out":
            assert said == "PQRS"[int(key)]
        elif name == "entropy_zero":
            assert said == re.findall(r"score on (.+?):", e.question)[0].split(", ")[int(key)]
        else:
            shown = float(said.split()[0].rstrip("%").replace(",", ""))
            assert shown == pytest.approx(key, rel=6e-4, abs=0.0051 if key >= 1 else None), e.question


@pytest.mark.parametrize("name", ["knocked_out", "entropy_zero"])
def test_every_option_but_the_right_one_has_a_reply(name: str) -> None:
    for seed in SEEDS:
        e = draw(name, seed)
        assert sorted([e.answer, *(m.answer for m in e.distractors)]) == [0, 1, 2, 3]
