"""The integer program of an assembly: which of the candidates stand on which form.

A :class:`Rule` holds on each form by itself, a :class:`Alike` holds forms to one another. First the program is solved
with every rule as it stands. Only where that cannot be done is it solved once more, each rule with a slack that costs
its price, and the slacks say what is short and by how much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

SECONDS = 30.0
GAP = 0.5
"""How far the drawn weights of a paper may lie from the best ones: any paper that keeps the rules will do."""
GAP_OF_SLACK = 1e-3


@dataclass(frozen=True)
class Rule:
    """``low ≤ Σ weight · x ≤ high`` on each form.

    Attributes:
        name: what to call it where it cannot hold.
        weights: by place among the candidates.
        price: what a missing or surplus unit costs.
    """

    name: str
    weights: Mapping[int, float]
    low: float
    high: float
    price: float


@dataclass(frozen=True)
class Alike:
    """``max Σ weight · x − min Σ weight · x ≤ most + share · min`` over the forms."""

    name: str
    weights: Mapping[int, float]
    most: float
    share: float
    price: float


@dataclass(frozen=True)
class Program:
    """What is to be solved.

    Attributes:
        many: candidates.
        forms: to be filled.
        rules, alikes: what they must keep.
        apart: places of which at most one may be taken on a form.
        once: places of which at most one may be taken over all forms.
    """

    many: int
    forms: int
    rules: Sequence[Rule]
    alikes: Sequence[Alike]
    apart: Sequence[Sequence[int]]
    once: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Solution:
    """Which candidate is taken on which form (forms × candidates), and what each rule lacks.

    Attributes:
        missing, surplus: for each rule, over all forms.
        unlike: for each alike, how much too far apart the forms are.
    """

    taken: Any
    missing: Sequence[float]
    surplus: Sequence[float]
    unlike: Sequence[float]

    @property
    def whole(self) -> bool:
        """Whether every rule is kept."""
        return not any(round(by, 2) > 0 for by in (*self.missing, *self.surplus, *self.unlike))


Row = tuple[dict[int, float], float, float]


def solve(program: Program, seed: int, strict: bool = False) -> Solution | None:
    """Return a solution that keeps every rule, or unless ``strict`` the one that breaks them least.

    What forms have in common is looked at only where each can be filled by itself. None if there is no solution, or
    none was found in time.
    """
    found = _solved(program, seed, strict=True)
    if found or strict:
        return found
    single = _solved(replace(program, alikes=()), seed, strict=False)
    return single if single is None or not single.whole else _solved(program, seed, strict=False)


def _rows(program: Program) -> list[Row]:
    """Return the lines of the program: coefficients by column, and their bounds.

    The columns are the candidates of each form, two slacks for each rule on each form, and for each alike the least,
    the most and a slack.
    """
    many, rules, forms = program.many, len(program.rules), program.forms
    slacks, ends = forms * many, forms * (many + 2 * rules)
    rows: list[Row] = []
    for form in range(forms):
        start = form * many
        for n, rule in enumerate(program.rules):
            slack = slacks + 2 * (form * rules + n)
            placed = {start + place: weight for place, weight in rule.weights.items()}
            rows.append(({**placed, slack: 1.0, slack + 1: -1.0}, rule.low, rule.high))
        rows += [({start + place: 1.0 for place in places}, 0, 1) for places in program.apart]
        for n, alike in enumerate(program.alikes):
            placed = {start + place: weight for place, weight in alike.weights.items()}
            rows.append(({**placed, ends + 3 * n: -1.0}, 0, np.inf))
            rows.append(({**placed, ends + 3 * n + 1: -1.0}, -np.inf, 0))
    for n, alike in enumerate(program.alikes):
        least, most, slack = (ends + 3 * n + k for k in range(3))
        rows.append(({most: 1.0, least: -1.0 - alike.share, slack: -1.0}, -np.inf, alike.most))
    rows += [({f * many + place: 1.0 for f in range(forms) for place in places}, 0, 1) for places in program.once]
    return rows


def _costs(program: Program, seed: int, strict: bool) -> tuple[Any, Any]:
    """Return the cost and the upper bound of each column: drawn weights if strict, else the prices of the slacks."""
    random, items = Random(f"assemble:{seed}"), program.forms * program.many
    prices = [rule.price for rule in program.rules for _side in range(2)] * program.forms
    ends = [price for alike in program.alikes for price in (0.0, 0.0, alike.price)]
    cost = [random.random() if strict else 0.0 for _n in range(items)] + prices + ends
    free = 0.0 if strict else np.inf
    most = [1.0] * items + [free] * len(prices) + [np.inf, np.inf, free] * len(program.alikes)
    return np.array(cost), np.array(most)


def _solved(program: Program, seed: int, strict: bool) -> Solution | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows, (cost, most) = _rows(program), _costs(program, seed, strict)
    at = [n for n, (placed, *_bounds) in enumerate(rows) for _place in placed]
    columns = [place for placed, *_bounds in rows for place in placed]
    weights = [weight for placed, *_bounds in rows for weight in placed.values()]
    matrix = csr_array((weights, (at, columns)), shape=(len(rows), len(cost)))
    items, many = program.forms * program.many, 2 * program.forms * len(program.rules)
    found = milp(
        cost,
        integrality=np.arange(len(cost)) < items,
        bounds=Bounds(0, most),
        constraints=LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows]),
        options={"time_limit": SECONDS, "mip_rel_gap": GAP if strict else GAP_OF_SLACK},
    )
    if found.x is None or (strict and found.status):  # what a limit of time leaves would differ from machine to machine
        return None
    slack = found.x[items : items + many].reshape(program.forms, -1, 2).sum(axis=0)
    taken = found.x[:items].reshape(program.forms, program.many) > 0.5
    return Solution(taken, slack[:, 0], slack[:, 1], found.x[items + many :][2::3])
