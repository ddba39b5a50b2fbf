"""Keys of the drawn exercises on foundations once more, in plain arithmetic, from the numbers that the question prints.

A number is its answer, a choice the place of its right option: of plans A, B and C, of the stages exploration first.
"""

from collections.abc import Callable

EXPLORATION, FORMATION, STABILITY, DECLINE = range(4)


def break_even_rate(numbers: list[float]) -> float:
    cost, margin, percent, *_ = numbers
    return 100 * cost * (1 + percent / 100) / (margin + cost)


def cost_of_one_more(numbers: list[float]) -> float:
    customers, fixed, offer, before, after, *_ = numbers
    return (fixed + customers * offer) / (customers * (after - before) / 100)


def five_more_points(numbers: list[float]) -> float:
    rate, percent, *_ = (number / 100 for number in numbers)
    worth = [kept / (1 + percent - kept) for kept in (rate, rate + 0.05)]
    return 100 * (worth[1] / worth[0] - 1)


def point_worth(numbers: list[float]) -> float:
    customers, margin, rate, percent, *_ = numbers
    worth = [kept / (100 + percent - kept) for kept in (rate, rate + 1)]
    return customers * margin * (worth[1] - worth[0])


def long_run_number(numbers: list[float]) -> float:
    _present, new, percent, *_ = numbers
    number = 0.0
    for _year in range(2000):
        number = number * percent / 100 + new
    return number


def which_plan(numbers: list[float]) -> float:
    plans = [numbers[start : start + 3] for start in (0, 3, 6)]
    gains = [gained * worth - cost for cost, gained, worth in plans]
    return gains.index(max(gains))


def stage_told(numbers: list[float]) -> float:
    *spent, median, rise, fall, steady = numbers[:8]
    if spent[3] >= spent[2] * (1 + rise / 100):
        return FORMATION
    if spent[3] <= spent[2] * (1 - fall / 100):
        return DECLINE
    if spent[3] >= median * steady / 100:
        return STABILITY
    return DECLINE if max(spent) >= median * steady / 100 else EXPLORATION


def years_of_care(numbers: list[float]) -> float:
    profit, percent, care, *_ = numbers
    years = 0
    while profit >= care:
        years += 1
        profit -= profit * percent / 100
    return years


def household_rate(numbers: list[float]) -> float:
    accounts, closed, _opened, passed, *_ = numbers
    return 100 - 100 * (closed - passed) / accounts


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        break_even_rate, cost_of_one_more, five_more_points, point_worth, long_run_number, which_plan, stage_told,
        years_of_care, household_rate,
    )
}  # fmt: skip
"""By the name of the generator."""
