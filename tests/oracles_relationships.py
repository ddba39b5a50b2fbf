"""Keys of the drawn exercises on relationships by arithmetic done here, from what the English question prints."""

import re
from collections.abc import Callable
from functools import partial
from itertools import product

NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def lifetime_worth(n: list[float]) -> float:
    """Add up a margin for five hundred years: margin, retention and discount rate in per cent."""
    margin, stays, rate = n[0], n[1] / 100, n[2] / 100
    return sum(margin * (stays / (1 + rate)) ** year for year in range(1, 501))


def risk_removed(n: list[float]) -> float:
    """Let those leave who leave all the same, out of a hundred."""
    stays, removed = n
    return 100 - (100 - stays) * (100 - removed) / 100


def raise_pays(n: list[float]) -> float:
    """Add up margins at the end and hours paid at the start of each year: margin, hours, yuan, three percentages."""
    margin, hours, yuan, low, high, rate = n
    before, after, factor = low / 100, high / 100, 1 + rate / 100
    earned = sum(margin * (after**year - before**year) / factor**year for year in range(1, 501))
    return earned - hours * yuan * sum((after / factor) ** year for year in range(500))


def break_even(n: list[float]) -> float:
    """Divide, term by term cancelled by hand: c(1 + i − low) ÷ (high − low)."""
    cost, low, high, rate = n
    return cost * (100 + rate - low) / (high - low)


def hours_to_share(n: list[float]) -> float:
    """Try all 27 mixes: hours of the two types, two gains each of A, B and C, the budget."""
    hours, gains, budget = (0, *n[:2]), [(0, *n[k : k + 2]) for k in (2, 4, 6)], n[8]
    fit = [mix for mix in product(range(3), repeat=3) if sum(hours[t] for t in mix) <= budget]
    return max(sum(g[t] for g, t in zip(gains, mix, strict=True)) for mix in fit)


def matrix_cell(n: list[float]) -> float:
    """Count steps from the far corner: accounts, margin, then two borders of each; none of them is met exactly."""
    accounts, margin, many, medium, high, low = n
    return (accounts < medium) + (accounts < many) + (margin > low) + (margin > high)


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (lifetime_worth, risk_removed, raise_pays, break_even, hours_to_share, matrix_cell)
}
"""By the name of the generator, from the numbers in the question; of matrix_cell the place of the type, basic first."""


def at_the_border(question: str, n: list[float]) -> float:
    """Count steps as in the matrix, a number on its border sent by the rule that the question states."""
    many, medium, high, low, accounts, margin = n
    nudged = accounts + (0.5 if "belongs above it" in question else -0.5)
    return matrix_cell([nudged, margin, many, medium, high, low])


TELLING: dict[str, tuple[tuple[str, ...], ...]] = {
    "which_concept": (
        ("unit cost falls", "turns out most", "turning out more"),
        ("by themselves.", "has improved the", "still better"),
        ("double the advertising", "talk the", "gets rid of it"),
        ("First find out", "one study", "not the advertising"),
        ("harm neighbours", "society gains", "three tests"),
        ("five years together", "both sides are to gain", "ties for years"),
    ),
    "which_market": (
        ("every year", "first order", "use the"),
        ("every client", "bring others", "handbook"),
        ("It buys", "upstream", "wholesaler"),
        ("graduates", "apply for", "salespeople on its behalf"),
        ("safety standard", "credit line", "trade press"),
        ("warehouse", "accounting department", "workshop staff"),
    ),
    "which_bond": (
        ("2% back", "points", "cash discount", "pay less"),
        ("The same representative", "meet at our works", "by name", "club"),
        ("linked to ours", "redesign its processes", "software", "designed around our"),
    ),
    "which_type": (
        ("nobody ever calls", "file is closed", "never hears"),
        ("call this number", "Then the firm waits", "hotline"),
        ("calls once", "this one time", "gets one call"),
        ("Every quarter", "Month after month", "Year after year"),
        ("weekly meeting", "joint team", "Side by side"),
    ),
}
"""Of each kind, in the order of the chapter's table, the words by which the examples can be told."""


def told(name: str, question: str) -> float:
    """Return the place of the one kind whose telling words stand in the question."""
    places = [place for place, words in enumerate(TELLING[name]) if any(word in question for word in words)]
    assert len(places) == 1, (places, question)
    return places[0]


def printed(question: str) -> list[float]:
    """Return the numbers of a question."""
    return [float(found.replace(",", "")) for found in NUMBERS.findall(question)]


READERS: dict[str, Callable[[str], float]] = {
    **{name: partial(told, name) for name in TELLING},
    "at_the_border": lambda question: at_the_border(question, printed(question)),
}
"""By the name of the generator, from the words of the question."""
