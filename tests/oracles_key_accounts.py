"""Keys of the drawn exercises on key accounts, complaints and risk once more, in plain arithmetic, from the text."""

import re
from collections.abc import Callable
from math import ceil


def concentration(numbers: list[float]) -> float:
    return sum(share * share for share in numbers[:4])


def profit_at_stake(numbers: list[float]) -> float:
    share, margin, profit = numbers[:3]
    return share * margin / profit


def winning_back(numbers: list[float]) -> float:
    cost, yearly, years = numbers[:3]
    return cost / (yearly * years) * 100


def weighted_pipeline(numbers: list[float]) -> float:
    a1, c1, a2, c2, a3, c3 = numbers[:6]
    return (a1 * c1 + a2 * c2 + a3 * c3) / 100


def leads_needed(numbers: list[float]) -> float:
    one, two, three, wins = numbers[:4]
    return ceil(round(wins / (one / 100 * two / 100 * three / 100), 6))


def silent_ones(numbers: list[float]) -> float:
    cases, voice = numbers[:2]
    return cases / voice * (100 - voice)


def fair_handling(numbers: list[float]) -> float:
    cases, low, high, margin, cost = numbers[:5]
    return cases * (high - low) * margin / 100 - cost


def control_gain(numbers: list[float]) -> float:
    years, count, mean, cut, cost = numbers[:5]
    return count * mean / years * cut / 100 - cost


def two_controls(numbers: list[float]) -> float:
    loss, one, other = numbers[:3]
    return loss * (100 - one) * (100 - other) / 10_000


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        concentration,
        profit_at_stake,
        winning_back,
        weighted_pipeline,
        leads_needed,
        silent_ones,
        fair_handling,
        control_gain,
        two_controls,
    )
}


SELLS, DECIDES = (
    {"take orders", "visit customers"},
    {"approve credit", "approve prices", "approve expenses", "hire people"},
)
WRITES = {"keep the ledger", "issue invoices", "reconcile accounts"}


def apart_or_not(question: str) -> float:
    """Place of the one whose duties are not both selling, both deciding or both writing."""
    held = re.findall(r"may ([a-z ]+?) and ([a-z ]+?)[;.]", question)
    kinds = [next((k for k in (SELLS, DECIDES, WRITES) if {*pair} <= k), None) for pair in held]
    books = [{*pair} == {"keep the ledger", "reconcile accounts"} for pair in held]
    (place,) = [n for n, (kind, book) in enumerate(zip(kinds, books, strict=True)) if kind is None or book]
    return place


READERS: dict[str, Callable[[str], float]] = {"apart_or_not": apart_or_not}
"""This reads the question itself: duties stand in it and no numbers."""
