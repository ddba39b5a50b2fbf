"""What decisions cost, and what is played in place of decisions that cost more than the budget."""

import numpy as np

from crmlib.formulas.arrays import Floats, Ints
from crmlib.game.decisions import (
    AMOUNTS,
    AT_ONCE,
    BUDGET,
    KEY_COST,
    LEVEL_COST,
    MODULE_COST,
    MODULE_UPKEEP,
    MODULES,
    NOTHING,
    PLACE,
    REPORT_COST,
)
from crmlib.game.state import State

TIER_ENDS = (0.15, 0.50)
"""Tier A is so much of the accounts, A and B together so much."""


def lever(moves: Floats, name: str) -> Floats:
    """Return the column of a lever, games × 1."""
    return moves[:, PLACE[name], None]


def levels(moves: Floats) -> Ints:
    """Return the relationship types that moves give to tiers A, B and C, games × 3."""
    return np.stack([moves[:, PLACE[f"service_{tier}"]] for tier in "abc"], axis=1).astype(np.int64)


def ordered_modules(state: State, moves: Floats) -> Floats:
    """Return which missing modules a move orders, games × 3; each needs the one before it, there or ordered too."""
    chosen = moves[:, PLACE["module"]].astype(int)
    every = chosen == len(MODULES) + 1
    wanted = np.stack([(chosen == n + 1) | every for n in range(len(MODULES))], axis=1) & (state.built == 0)
    for n in range(1, len(MODULES)):
        wanted[:, n] &= wanted[:, n - 1] | (state.built[:, n - 1] > 0)
    return np.asarray(wanted.astype(float))


def spending(state: State, moves: Floats) -> dict[str, Floats]:
    """Return what a move costs in the quarter, by head, an entry a game."""
    ordered = ordered_modules(state, moves)
    several = np.where(ordered.sum(axis=1) > 1, AT_ONCE, 1.0)
    alive = state.active.sum(axis=1)
    ends = tier_sizes(alive)
    service = (LEVEL_COST[levels(moves)] * ends).sum(axis=1)
    heads = {name: moves[:, PLACE[name]] for name in AMOUNTS}
    return {
        "modules": ordered @ MODULE_COST * several + state.built @ MODULE_UPKEEP,
        **heads,
        "service": service,
        "key_accounts": np.minimum(moves[:, PLACE["key_accounts"]], alive) * KEY_COST,
        "reports": REPORT_COST[moves[:, PLACE["report"]].astype(int)],
    }


def total(state: State, moves: Floats) -> Floats:
    """Return what moves cost in all, an entry a game."""
    return sum(spending(state, moves).values(), np.zeros(state.games))


def standing(moves: Floats) -> Floats:
    """Return moves without their purchases: service, key accounts and credit stay, nothing is bought."""
    kept = np.array(NOTHING[None] + 0 * moves)
    for name in ("service_a", "service_b", "service_c", "key_accounts", "credit_days", "credit_line"):
        kept[:, PLACE[name]] = moves[:, PLACE[name]]
    return kept


def affordable(state: State, moves: Floats) -> Floats:
    """Return moves that fit the budget: in place of one that does not, the standing move of the quarter before."""
    over = total(state, moves) > BUDGET + 1e-9
    return np.where(over[:, None], standing(state.last), moves)


def tier_sizes(alive: Ints) -> Floats:
    """Return how many accounts are in tiers A, B and C, games × 3."""
    first, second = (np.round(alive * end) for end in TIER_ENDS)
    return np.stack([first, second - first, alive - second], axis=1)
