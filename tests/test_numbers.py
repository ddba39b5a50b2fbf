"""Are numbers read as people type them, is nothing guessed at, and is a near miss told as what it is?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.core.exercise import Exercise
from crmlib.core.numbers import MONEY, PERCENT, WORDS, near_miss, read, refusal

FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
amounts = st.decimals(-(10**9), 10**9, places=2)


@given(amounts)
def test_every_way_of_writing_a_number_gives_the_same(amount) -> None:  # type: ignore[no-untyped-def]
    plain, grouped = f"{amount:f}", f"{amount:,f}"
    wanted = float(amount)
    for typed in (
        plain,
        grouped,
        grouped.replace(",", " "),
        grouped.replace(",", "\u00a0"),
        plain.translate(FULL_WIDTH),
        grouped.translate(FULL_WIDTH),
        plain.replace(".", "。"),
        plain.replace("-", "−"),
        f"  = {plain} ",
        f"{plain}分",
        f"{plain} points",
    ):
        assert read(typed, "points") == wanted, typed


@given(st.integers(0, 10**12), st.integers(1, 12))
def test_a_comma_that_separates_no_thousands_is_no_number(amount: int, place: int) -> None:
    digits = str(amount)
    typed = f"{digits[:-place]},{digits[-place:]}"
    assert (read(typed) is None) == (place != 3 or not 1 <= len(digits[:-place]) <= 3)


@given(st.text(max_size=20), st.sampled_from(["", "%", "分", "10,000 yuan"]))
def test_any_text_is_read_or_refused_in_a_sentence(text: str, unit: str) -> None:
    value = read(text, unit)
    assert value is None or abs(value) < float("inf")
    assert refusal(text, unit)


@pytest.mark.parametrize(
    "typed", ["8,,5", "46,2", "1,000,0", "1,0000", "1.2.3", "1,23.4", "5 6", "--5", "", ".", "١٢ kg", "1_000"]
)
def test_nothing_is_guessed_at(typed: str) -> None:
    assert read(typed, "points") is None


@pytest.mark.parametrize("words", [tuple(MONEY), PERCENT, *WORDS])
def test_a_unit_is_understood_in_both_languages(words: tuple[str, ...]) -> None:
    for asked in words:
        for typed in words:
            assert read(f"12.5 {typed}", asked) == 12.5 * MONEY.get(typed, 1) / MONEY.get(asked, 1)
    assert read("12.5 kg", words[0]) is None


def said(typed: str, key: float, unit: str = "", tolerance: float = 0.002) -> tuple[str, str]:
    verdict, reply, _name = Exercise("?", key, "worked", unit=unit, tolerance=tolerance).check(typed)
    return verdict, reply


@pytest.mark.parametrize(
    ("typed", "key", "unit", "wanted"),
    [
        ("46", 46.2, "points", "Right to the whole number; give 1 decimal place at least."),
        ("0.4", 0.437, "", "Right to 1 decimal place; give 3 decimal places at least."),
        ("460000", 46.0, "10,000 yuan", "off by a factor of 10,000"),
        ("0.0046", 46.0, "yuan", "off by a factor of 10,000"),
        ("0.633", 63.3, "%", "multiply by 100"),
        ("63.3", 0.633, "", "divide by 100"),
    ],
)
def test_a_near_miss_is_told_as_what_it_is(english: None, typed: str, key: float, unit: str, wanted: str) -> None:
    verdict, reply = said(typed, key, unit)
    assert verdict == "near" and wanted in reply


def test_the_other_sign_is_told_and_counts(english: None) -> None:
    assert said("5.5", -5.5) == ("wrong", "The size is right, the sign is not: ask whether it rises or falls.")


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_what_is_near_is_never_what_is_right_or_far(value: float, key: float) -> None:
    within = 0.005 * max(abs(key), 1)
    if abs(value - key) > 0.1 * abs(key) and near_miss(value, key, within):
        assert abs(value / 100 - key) <= within + 1e-9
    for number in (value, key):
        assert Exercise("?", number, "").check(f"{number:.12f}").verdict == "right"
