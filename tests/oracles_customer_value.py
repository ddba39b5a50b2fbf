"""Keys of the drawn exercises on customer value once more, in plain arithmetic, from the numbers in the question."""

import re
from collections.abc import Callable
from math import ceil


def quintile_score(question: str) -> float:
    bought = [int(n) for n in re.findall(r"\d+", question.split("least:")[1].split(".")[0])]
    ranks = [place for place, times in enumerate(bought, 1) if times == 2]
    return ceil((max(ranks) if "highest" in question else min(ranks)) / 2)


def clv_timing(question: str) -> float:
    margin, retention, discount = (float(n) for n in re.findall(r"\d+", question.replace(",", ""))[:3])
    r, v = retention / 100, 1 / (1 + discount / 100)
    there = 1.0 if "the first one today" in question else v if "for certain" in question else r * v
    return margin * sum(there * (r * v) ** k for k in range(2000))


def yearly_rate(question: str) -> float:
    start, lost = (float(n) for n in re.findall(r"\d+", question.replace(",", ""))[:2])
    left = start
    for _period in range(12 if "month" in question else 4):
        left -= left * lost / 100
    return start - left


def weighted_score(numbers: list[float]) -> float:
    return sum(score * weight for score, weight in zip(numbers[:3], numbers[3:6], strict=True))


def clv_three(numbers: list[float]) -> float:
    cost, margin, retention, discount = numbers
    value, present = -cost, margin
    for _year in range(3):
        present *= retention / (100 + discount)
        value += present
    return value


def retention_rate(numbers: list[float]) -> float:
    start, new, end = numbers
    return 100 * (end - new) / start


def win_back(numbers: list[float]) -> float:
    people, contact, percent, gift, worth = numbers
    return people * percent / 100 * (worth - gift) - people * contact


def break_even_success(numbers: list[float]) -> float:
    worth, gift, contact = numbers
    return 100 * contact / (worth - gift)


def until_month(numbers: list[float]) -> float:
    month, chance, halves, cost, gift, worth = numbers
    while chance * (worth - gift) > 100 * cost:
        month, chance = month + halves, chance / 2
    return month


def voucher_gain(numbers: list[float]) -> float:
    risk, face, uplift, worth, redeem, contact = numbers
    leave, stay = risk / 100, 1 - risk / 100
    return leave * uplift / 100 * (worth - face) - stay * redeem / 100 * face - contact


def list_lift(numbers: list[float]) -> float:
    customers, lost, listed, hits = numbers
    return hits * customers / (listed * lost)


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        weighted_score,
        clv_three,
        retention_rate,
        win_back,
        break_even_success,
        until_month,
        voucher_gain,
        list_lift,
    )
}
READERS: dict[str, Callable[[str], float]] = {
    reader.__name__: reader for reader in (quintile_score, clv_timing, yearly_rate)
}
"""These read the question itself: a convention or a period stands in it in words."""
