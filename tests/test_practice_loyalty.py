"""What is special to the exercises on loyalty; what holds for every exercise is in test_every_exercise."""

from random import Random

import pytest
from oracles_loyalty import ORACLES

from crmlib.core.exercise import Exercise
from crmlib.items.bank import bank
from crmlib.items.item import Choice, Number, TrueFalse, Written

EXERCISES = bank().exercises("loyalty")


def draw(name: str, seed: int) -> Exercise:
    return EXERCISES[name](Random(f"loyalty.{name}:{seed}"))


def item(name: str) -> Choice | Number | TrueFalse:
    found = bank().item(f"loyalty.{name}")
    assert not isinstance(found, Written)
    return found


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


def test_all_four_kinds_come_up() -> None:
    assert {draw("quadrant", seed).answer for seed in range(201)} == {0, 1, 2, 3}


def test_the_tie_of_the_wallet_rule_is_not_always_for_the_first_place(english: None) -> None:
    """By hand, six stores and rank 2.5: (1 − 2.5/7) × 2/6 = 21.43%; three of six first: (1 − 2/7) × 2/6 = 23.81%."""
    keys = {round(draw("wallet_rule", seed).answer, 2) for seed in range(400)}
    assert {21.43, 23.81} <= keys
    assert len(keys) == 13


def test_keys_written_out_are_those_of_arithmetic_done_here() -> None:
    """The bank's written numbers, worked with pencil and paper."""
    place, ratios = item("one_place_up"), item("mean_of_ratios")
    assert isinstance(place, Number) and place.answer == 12_000 * 2 / (4 * 5)
    assert isinstance(ratios, Number) and ratios.answer == pytest.approx((6 / 4 + 8 / 8 + 5 / 10) / 3)
