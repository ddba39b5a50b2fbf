"""Generators of the chapter on relationships. Every key comes from the chapter's model functions and tables.

Misconceptions and texts are those of ``casebook/items/relationships.yaml``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np

from crmlib.chapters.relationships.models import ideas
from crmlib.chapters.relationships.models import relationships as model
from crmlib.chapters.relationships.models.service import best_mix
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors
from crmlib.core.i18n import _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Floats, Ints
from crmlib.formulas.lifetime import multiple, upkeep
from crmlib.tables.data import load

RATES = (0.08, 0.10, 0.12)
"""Discount rates that are drawn."""


@cache
def _policy(discount: float = 0.10, years: str = "always") -> model.ServicePlan:
    return model.ServicePlan().replace(discount=discount, cost_years=years)


def _by_way(misconception: str, ways: Mapping[str, float]) -> list[Distractor]:
    """Return a distractor for each way in which one misconception leads to a number."""
    return [Distractor(answer, misconception, values={"way": way}) for way, answer in ways.items()]


def lifetime_worth(draw: Random) -> Drawn:
    """Value a customer with the margin multiple; money in yuan."""
    margin, r, i = draw.choice(range(10, 61, 2)) * TEN_THOUSAND, draw.choice(range(60, 93, 2)) / 100, draw.choice(RATES)
    one = np.array(r)
    factor = float(multiple(one, i))
    key = margin * factor
    not_discounted = {"mean life": margin / (1 - r), "denominator": margin * r / (1 - r)}
    others = {
        "never_leaves": margin / i,
        "one_year_only": margin * r / (1 + i),
        "leaving_is_staying": margin * (1 - r) / (i + r),
        "sign_slip": margin * r / (1 + i + r),
    }
    found = [
        Distractor(margin * float(multiple(one, i, "now")), "first_margin_now"),
        *_by_way("not_discounted", not_discounted),
        *distractors(others),
    ]
    return Drawn({"margin": margin, "r": r, "i": i, "factor": factor, "key": key}, key, found)


def risk_removed(draw: Random) -> Drawn:
    """Turn an effect on the risk of leaving into a retention."""
    removed = draw.choice([5, 10, 15, 20, 25, 30, 40])
    r, e = draw.choice(range(50, min(91, 100 - removed))) / 100, removed / 100  # adding the two stays below 100%
    closer = _(draw.choice(model.TYPES[1:]))
    risk = model.risk_by_type(np.array([1 - r]), np.array([0]), np.array([0.0, e]), np.zeros(1), 0.0)
    key = 100 * (1 - float(risk[0, 1]))
    values = {
        "r": r,
        "e": e,
        "closer": closer,
        "before": 100 * (1 - r),
        "left": 1 - e,
        "after": 100 - key,
        "key": key,
    }
    added, raised, lowered = _by_way(
        "effect_on_retention", {"added": 100 * (r + e), "raised": 100 * r * (1 + e), "lowered": 100 * r * (1 - e)}
    )
    from_all, alone = _by_way("removed_is_left", {"from all": 100 - 100 * (1 - r) * e, "alone": 100 * e * (1 - r)})
    leaving = Distractor(100 - key, "leaving_is_staying")
    return Drawn(values, key, [added, raised, from_all, lowered, leaving, alone])


def _types() -> list[str]:
    return [_(t) for t in model.TYPES]


Cell = tuple[int, int]
"""A cell of the matrix: its row of ``NUMBERS`` and its column of ``MARGINS``."""


@cache
def _borders(many: int, medium: int, high: int, low: int, boundary: str) -> model.ServicePlan:
    borders = {"many_from": many, "medium_from": medium, "high_margin": high, "medium_margin": low}
    return model.ServicePlan().replace(**borders, boundary=boundary)


def _drawn_borders(draw: Random, boundary: str = "upper") -> model.ServicePlan:
    many, medium = draw.choice([40, 50, 60, 80]), draw.choice([10, 15, 20, 30])
    return _borders(many, medium, draw.choice([30, 40, 50, 60]), draw.choice([10, 12, 15, 20]), boundary)


def _cell(number: int, margin: float, policy: model.ServicePlan) -> Cell:
    """Return the cell of the matrix in which a segment falls."""
    row = model.band(np.array([number]), (policy.many_from, policy.medium_from), policy.boundary)[0]
    column = model.band(np.array([margin]), (policy.high_margin, policy.medium_margin), policy.boundary)[0]
    return int(row), int(column)


def _misread(cell: Cell, policy: model.ServicePlan) -> list[Distractor]:
    """Return the types to which a wrong way of reading the matrix leads, the commonest way first."""
    (row, column), cells = cell, policy.matrix()
    reversed_ = {
        "columns": int(cells[row, 2 - column]),
        "rows": int(cells[2 - row, column]),
        "both": int(cells[2 - row, 2 - column]),
    }
    one_sided = {"number": 2 * row, "margin": 4 - 2 * column}
    found = [*_by_way("matrix_reversed", reversed_), *_by_way("matrix_one_sided", one_sided)]
    key = int(cells[cell])
    return list({d.answer: d for d in reversed(found) if d.answer != key}.values())


def _values_of(policy: model.ServicePlan, number: int, margin: float) -> dict[str, object]:
    """Return a segment and the borders of the matrix as values."""
    return {
        "number": number,
        "margin": margin,
        "many": policy.many_from,
        "medium": policy.medium_from,
        "high": policy.high_margin,
        "low": policy.medium_margin,
    }


def matrix_cell(draw: Random) -> Drawn:
    """Read Kotler's matrix, on neither of its borders nor in the cell where every way of reading it agrees."""
    policy, cell = _drawn_borders(draw), (1, 1)
    while cell == (1, 1):
        number, margin = draw.choice(range(4, 131)), draw.choice(range(4, 96))
        if number not in (policy.many_from, policy.medium_from) and margin not in (
            policy.high_margin,
            policy.medium_margin,
        ):
            cell = _cell(number, margin, policy)
    key = int(policy.matrix()[cell])
    read = {"row": _(model.NUMBERS[cell[0]]), "column": _(model.MARGINS[cell[1]]), "type": _(model.TYPES[key])}
    return Drawn({**_values_of(policy, number, margin), **read}, key, _misread(cell, policy), _types())


def at_the_border(draw: Random) -> Drawn:
    """Place a segment whose number of accounts is exactly a border."""
    policy = _drawn_borders(draw, draw.choice(["upper", "lower"]))
    number = draw.choice([policy.many_from, policy.medium_from])
    margin = draw.choice([m for m in range(4, 96) if m not in (policy.high_margin, policy.medium_margin)])
    cell = _cell(number, margin, policy)
    other = policy.replace(boundary="lower" if policy.boundary == "upper" else "upper")
    by_other = int(policy.matrix()[_cell(number, margin, other)])
    found = [
        Distractor(by_other, "border_rule"),
        *(d for d in _misread(cell, policy) if d.answer != by_other),
    ]
    key = int(policy.matrix()[cell])
    values = {**_values_of(policy, number, margin), "boundary": policy.boundary, "type": _types()[key]}
    return Drawn(values, key, found, _types())


def _raised(margin: float, low: float, high: float, cost: float) -> Drawn:
    """Return what a rise of retention adds to the worth of an account."""
    policy, once = _policy(), _policy(years="once")
    i, at, m = policy.discount, np.array([low, high]), np.array(margin)
    (factor_low, factor), (kept_low, kept) = multiple(at, i).tolist(), upkeep(at, i).tolist()
    without = float(model.worth(m, at[0], np.array(0.0), policy))
    whole, for_one_year = (float(model.worth(m, at[1], np.array(cost), p)) for p in (policy, once))
    key, earned = whole - without, margin * (factor - factor_low)
    values = {
        "margin": margin,
        "r1": low,
        "r2": high,
        "i": i,
        "f1": factor_low,
        "f2": factor,
        "earned": earned,
        "cost": cost,
        "paid": cost * kept,
        "key": key,
    }
    nothing, old_years = _by_way("cost_left_out", {"all of it": earned, "old years": earned - cost * kept_low})
    once_and_whole = {"cost_once": for_one_year - without, "whole_not_added": whole}
    others = {
        "one_year_only": margin * (high - low) - cost,
        "multiple_of_difference": margin * float(multiple(at[1] - at[0], i)) - cost * kept,
        "never_leaves": earned - cost * (1 + i) / i,
        "not_discounted": earned - cost / (1 - high),
        "discounted_twice": key / (1 + i),
    }
    return Drawn(values, key, [nothing, *distractors(once_and_whole), old_years, *distractors(others)])


def raise_pays(draw: Random) -> Drawn:
    """Work out what raising an account from basic brings in yuan, service paid every year; it does pay."""
    hours, rate = draw.choice([20, 30, 40, 50]), draw.choice([200, 250, 300, 400])
    while True:
        margin, low = draw.choice(range(20, 81)) * TEN_THOUSAND, draw.choice(range(66, 85, 2)) / 100
        high = low + draw.choice([0.04, 0.06, 0.08])
        drawn = _raised(margin, low, high, hours * rate)
        if drawn.key >= TEN_THOUSAND and min(abs(d.answer) for d in drawn.distractors) >= TEN_THOUSAND:
            return replace(drawn, values={**drawn.values, "hours": hours, "rate": rate})


def break_even(draw: Random) -> Drawn:
    """Find the yearly margin from which a service pays; money in yuan."""
    i = draw.choice(RATES)
    low = draw.choice(range(60, 87, 2)) / 100
    high = low + draw.choice([0.03, 0.04, 0.05, 0.06, 0.08])
    cost = draw.choice([12, 15, 16, 18, 20, 24, 25, 30, 36, 40]) * 1000
    key = model.break_even_margin(low, high, cost, _policy(i))
    at = np.array([low, high])
    (factor_low, factor), (kept_low, kept) = multiple(at, i).tolist(), upkeep(at, i).tolist()
    values = {
        "cost": cost,
        "low": low,
        "high": high,
        "i": i,
        "f1": factor_low,
        "f2": factor,
        "more": factor - factor_low,
        "paid": cost * kept,
        "key": key,
    }
    both, margin_alone = _by_way("one_year_only", {"both": cost / (high - low), "margin": cost * kept / (high - low)})
    found = [
        Distractor(model.break_even_margin(low, high, cost, _policy(i, "once")), "cost_once"),
        both,
        Distractor(cost * kept / factor, "no_comparison"),
        Distractor(key * kept_low / kept, "cost_left_out"),
        Distractor(key * (1 + i) / i / kept, "never_leaves"),
        margin_alone,
        Distractor(cost * kept / float(multiple(at[1] - at[0], i)), "multiple_of_difference"),
        Distractor(cost * (1 - low) / (high - low), "not_discounted"),
    ]
    return Drawn(values, key, found)


PLANS = ((20, 50, (60, 70, 80, 90)), (10, 40, (40, 50, 60, 70)), (15, 45, (45, 60, 75)), (20, 60, (60, 80, 100)))
"""Hours of accountable, hours of partnership, and budgets that hold no two partnerships but three times accountable."""


def _largest_first(gains: Floats, hours: Ints, budget: int) -> float:
    """Return what comes of giving the best type to the largest gains first, and the lower one where hours are left."""
    total, left = 0.0, budget
    for row in gains[np.argsort(-gains[:, 2], kind="stable")]:
        level = 2 if hours[2] <= left else 1 if hours[1] <= left else 0
        total, left = total + row[level], left - int(hours[level])
    return float(total)


def hours_to_share(draw: Random) -> Drawn:
    """Share hours among three accounts: not enough for two partners, nor is the same for all best; gains in yuan."""
    few, many, budgets = draw.choice(PLANS)
    hours, budget = np.array([0, few, many]), draw.choice(budgets)
    gains = np.zeros((3, 3))
    while gains[:, 2].argmax() == np.diff(gains)[:, 1].argmax():  # the largest is not where partnership adds most
        first = [draw.choice(range(4, 21)) for _i in range(3)]
        gains = TEN_THOUSAND * np.array([[0.0, g, g + draw.choice(range(1, 25))] for g in first])
    best = best_mix(gains, hours, budget)
    values = {
        "few": few,
        "many": many,
        "budget": budget,
        **{f"{name}_one": row[1] for name, row in zip("abc", gains, strict=True)},
        **{f"{name}_two": row[2] for name, row in zip("abc", gains, strict=True)},
        "plan": [f"{name} {hours[level]}" for name, level in zip("ABC", best.level, strict=True)],
        "gains": " + ".join(f"{row[level]:,.0f}" for row, level in zip(gains, best.level, strict=True)),
        "key": best.value,
    }
    found = {
        "largest_first": _largest_first(gains, hours, budget),
        "same_for_all": float(gains[:, 1].sum()),
        "hours_left_over": float(gains[:, 2].max()),
    }
    return Drawn(values, best.value, [*distractors(found), *_over_budget(gains, few, many)])


def _over_budget(gains: Floats, few: int, many: int) -> list[Distractor]:
    """Return what mixes bring for which the hours are not enough, with the hours that they take."""
    two, smallest = float(np.sort(gains[:, 2])[1:].sum()), float(gains[gains[:, 2].argmin(), 1])
    taken = ((float(gains[:, 2].sum()), 3 * many), (two, 2 * many), (two + smallest, 2 * many + few))
    return [Distractor(answer, "over_budget", values={"hours": hours}) for answer, hours in taken]


FIRMS = 24
"""How many firms there are in the examples."""


def _which(
    draw: Random,
    table: ideas.Ideas,
    examples: int,
    things: Sequence[str],
    tells: int,
    confused: Callable[[int, int], str],
) -> Drawn:
    """Ask to which row of a table of knowledge an example belongs; a wrong answer is told what that row means.

    Args:
        examples: how many there are of each row; they stand in the order of the rows.
        things: what stands in the examples: goods, material, buyers.
        tells: the column that says what a row means.
        confused: names the misconception that takes one row (the first) for another.
    """
    place = draw.choice(range(examples * len(table.rows)))
    firm = draw.choice(range(FIRMS))
    key, names = place // examples, [_(n) for n in table.names()]
    meaning = [_(row[tells]) for row in table.rows]
    places = {"example": place, "because": place, **dict.fromkeys(things, firm)}
    values = {**places, "name": names[key], "meaning": meaning[key]}
    found = [
        Distractor(n, misconception, values={"name": names[n], "meaning": meaning[n]})
        for n in range(len(names))
        if (misconception := confused(key, n))
    ]
    return Drawn(values, key, found, names)


CONFUSED_CONCEPTS = {
    (0, 1): "output_or_product",
    (2, 3): "selling_is_marketing",
    (3, 4): "society_left_out",
    (4, 5): "society_left_out",
    (3, 5): "marketing_is_relationship",
}
CONFUSED_MARKETS = {(0, 1): "referral_is_customer", (3, 5): "recruits_are_staff"}


def _concepts_confused(key: int, chosen: int) -> str:
    """Name what confuses two concepts: neighbours by their own names; the first three start from the firm."""
    pair = (min(key, chosen), max(key, chosen))
    crossed = pair[0] <= 2 < pair[1]
    return "" if key == chosen else CONFUSED_CONCEPTS.get(pair, "inside_outside" if crossed else "making_or_selling")


def _markets_confused(key: int, chosen: int) -> str:
    pair = (min(key, chosen), max(key, chosen))
    return "" if key == chosen else CONFUSED_MARKETS.get(pair, "six_markets_mixed")


def _bonds_confused(key: int, chosen: int) -> str:
    return "" if key == chosen else "bond_too_high" if chosen > key else "bond_too_low"


def _types_confused(key: int, chosen: int) -> str:
    return "" if key == chosen else "type_too_close" if chosen > key else "type_too_loose"


def which_concept(draw: Random) -> Drawn:
    """Tell the marketing concept behind a sentence."""
    return _which(draw, ideas.CONCEPTS, 3, ("goods", "buyers"), 3, _concepts_confused)


def which_market(draw: Random) -> Drawn:
    """Tell which of the six markets a party belongs to."""
    return _which(draw, ideas.MARKETS, 3, ("goods", "material", "buyers"), 1, _markets_confused)


def which_bond(draw: Random) -> Drawn:
    """Tell the level of a bond with the customer."""
    return _which(draw, ideas.BONDS, 4, ("goods", "buyers"), 2, _bonds_confused)


def which_type(draw: Random) -> Drawn:
    """Tell the relationship type from what happens after the sale."""
    return _which(draw, ideas.DEFINITIONS, 3, ("goods",), 1, _types_confused)


def in_the_book(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the supplier's own accounts."""
    budget = draw.choice([1500, 2000, 2500, 3000, 5000, 5500, 6500, 7000])
    accounts = model.prepare(load("accounts"))
    p = model.allocate(accounts, model.ServicePlan(budget=budget))

    def partners(policy: model.ServicePlan) -> float:
        return model.headline(model.allocate(accounts, policy))["partners"]

    by_rule = {"matrix": float(model.by_type(p, p.matrix)[-1]), "paper": float(model.partners_by_paper(p).sum())}
    found = [Distractor(partners(model.ServicePlan()), "default_left"), *_by_way("rule_for_mix", by_rule)]
    return Drawn({"budget": budget}, model.headline(p)["partners"], found)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        which_concept, which_market, which_bond, which_type, matrix_cell, at_the_border, lifetime_worth, risk_removed,
        raise_pays, break_even, hours_to_share, in_the_book,
    )
}  # fmt: skip
