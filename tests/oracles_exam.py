"""Keys of the drawn exercises on the exam once more, in plain arithmetic, from the numbers that the question prints.

A number is its answer, a choice the place of its right option: sections A, B and C.
"""

from collections.abc import Callable
from itertools import product


def minutes_by_points(numbers: list[float]) -> float:
    total, kept, _sections, _whole, points, *_ = numbers
    return (total - kept) / 100 * points


def first_section(numbers: list[float]) -> float:
    rates = [numbers[i] * numbers[i + 1] / numbers[i + 2] for i in (0, 3, 6)]
    return rates.index(max(rates))


def worth_of_guesses(numbers: list[float]) -> float:
    blanks, options, each, ruled, *_ = numbers
    return blanks * each / (options - ruled)


def known_by_correction(numbers: list[float]) -> float:
    _n, options, right, wrong, *_ = numbers
    for known in range(int(right) + 1):
        guessed = right + wrong - known
        if abs(known + guessed / options - right) < 1e-9:
            return known
    raise AssertionError(numbers)


def guess_with_penalty(numbers: list[float]) -> float:
    each, off, n, left, *_ = numbers
    return n * (each - off * (left - 1)) / left


def share_of_the_rest(numbers: list[float]) -> float:
    _whole, need, done, got, *_ = numbers
    return 100 * (need - got) / (100 - done)


def named_and_expanded(numbers: list[float]) -> float:
    _n, name, reason, named, expanded, *_ = numbers
    return (named - expanded) * name + expanded * (name + reason)


def several_keys(numbers: list[float]) -> float:
    each, full, part, _wrong, *_ = numbers
    return each * full + each * part / 2


def days_of_review(numbers: list[float]) -> float:
    number, each, times, daily, *_ = numbers
    days, left = 0, number * each * times
    while left > 0:
        days, left = days + 1, left - daily
    return days


def luck_with_statements(numbers: list[float]) -> float:
    n, known, _unknown, need, *_ = (int(number) for number in numbers)
    outcomes = list(product((0, 1), repeat=n - known))
    return 100 * sum(known + sum(outcome) >= need for outcome in outcomes) / len(outcomes)


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        minutes_by_points, first_section, worth_of_guesses, known_by_correction, guess_with_penalty, share_of_the_rest,
        named_and_expanded, several_keys, days_of_review, luck_with_statements,
    )
}  # fmt: skip
"""By the name of the generator."""
