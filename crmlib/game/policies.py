"""Policies with names: a sensible one, those of usual wrong beliefs, those of a single lever, and random ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from crmlib.core.i18n import N_
from crmlib.formulas.arrays import Floats
from crmlib.game.costs import total
from crmlib.game.decisions import (
    AMOUNTS,
    BUDGET,
    HIGH,
    LOW,
    MODULE_COST,
    MODULES,
    PLACE,
    QUARTERS,
    STEP,
    Decisions,
    plan,
)
from crmlib.game.engine import Policy
from crmlib.game.state import State


@dataclass(frozen=True)
class Named:
    """A policy: what it is called, what those who play it believe, and what they do."""

    label: str
    belief: str
    play: Floats | Policy


def steady(modules: Mapping[int, Any], **levers: Any) -> Floats:
    """Return a plan that is the same in all quarters but for the modules, which are built in the quarters named."""
    return plan([Decisions(module=modules.get(quarter, "none"), **levers) for quarter in range(1, QUARTERS + 1)])


PHASED = {1: "base", 2: "applications", 4: "portal"}
HELP: Mapping[str, Any] = {"training": 16, "incentive": 12, "cleaning": 14}
SERVICE: Mapping[str, Any] = {"service_a": 3, "service_b": 2, "service_c": 1, "key_accounts": 8}
REST: Mapping[str, Any] = {"acquisition": 16, "credit_days": 45, "credit_line": 45, "report": "survey"}


def fitted(state: State, moves: Floats) -> Floats:
    """Return moves cut until they fit the budget.

    Levels and key accounts go down a step at a time; if that is not enough, the report goes and then the module. What
    is left is shared out among the amounts in proportion.
    """
    moves = moves.copy()
    steps = [PLACE[name] for name in ("service_c", "service_b", "service_a", "key_accounts")]
    amounts = [PLACE[name] for name in AMOUNTS]
    fixed = moves.copy()
    fixed[:, amounts] = 0
    for turn in range(60):
        over = total(state, fixed) > BUDGET
        if not over.any():
            break
        lever = steps[turn % len(steps)]
        fixed[over, lever] = np.maximum(fixed[over, lever] - (4 if lever == PLACE["key_accounts"] else 1), 0)
    for name in ("report", "module"):
        fixed[total(state, fixed) > BUDGET, PLACE[name]] = 0
    room = BUDGET - total(state, fixed)
    wanted = moves[:, amounts].sum(axis=1)
    share = np.clip(room / np.maximum(wanted, 1e-9), 0.0, 1.0)
    cut = np.floor(moves[:, amounts] * share[:, None] / STEP[amounts]) * STEP[amounts]
    fixed[:, amounts] = cut
    return fixed


def everything(state: State) -> Floats:
    """Spend the whole budget: the best service there is money for, all modules, all reports, all amounts."""
    top = HIGH.copy()
    top[PLACE["credit_days"]], top[PLACE["credit_line"]] = 90, 0
    return fitted(state, np.repeat(top[None], state.games, axis=0))


def equal_shares(state: State) -> Floats:
    """Give each head the same sum: modules, the four amounts for data, service, key accounts, acquisition, reports."""
    each = BUDGET / 9
    missing = np.flatnonzero(state.built[0] == 0)
    saved = each * (state.quarter + 1) - sum(float(book["modules"][0]) for book in state.books)
    affords = len(missing) > 0 and saved >= MODULE_COST.min()
    options: dict[str, Any] = {name: int(each // 2 * 2) for name in AMOUNTS}
    module = MODULES[missing[0]] if affords else "none"
    options |= {"module": module, "service_a": 1, "service_b": 1, "service_c": 1, "key_accounts": int(each // 2)}
    return fitted(state, np.repeat(plan([Decisions(report="outlook", **options)]), state.games, axis=0))


def fitting(rows: Floats) -> Policy:
    """Return a plan as a policy that cuts each quarter's decisions to fit the budget."""
    return lambda state: fitted(state, np.repeat(rows[state.quarter][None], state.games, axis=0))


POLICIES: Mapping[str, Named] = {
    "sensible": Named(
        N_("phased, with help"),
        N_("Modules in phases, help and a bonus for those who enter data, service by tier, credit by score."),
        steady(PHASED, **HELP, **SERVICE, **REST),
    ),
    "nothing": Named(N_("do nothing"), N_("Our customers will stay anyway."), steady({})),
    "everything": Named(N_("spend everything"), N_("Much helps much."), everything),
    "software": Named(N_("software alone"), N_("Once the system runs, sales rise by themselves."), steady(PHASED)),
    "equal": Named(N_("equal shares"), N_("Give each head its share and nobody complains."), equal_shares),
    "at_once": Named(
        N_("everything at once"),
        N_("A system must be complete from the first day."),
        fitting(steady({1: "all"}, **HELP, **SERVICE, **REST)),
    ),
    "control": Named(
        N_("control instead of help"),
        N_("Salespeople enter data if they are watched."),
        steady(PHASED, control=42, **SERVICE, **REST),
    ),
    "alike": Named(
        N_("all customers alike"),
        N_("Every customer deserves the same service."),
        steady(PHASED, **HELP, service_a=2, service_b=2, service_c=2, **REST),
    ),
}
"""The first is the yardstick; the last three and “software alone” are the wrong beliefs of Company XX's own story."""
WRONG = ("software", "at_once", "control", "alike")
NEVER = ("nothing", "everything", "software", "equal")


def single(name: str) -> dict[float, Floats]:
    """Return, for each of a few values of one lever, the plan that uses this lever alone, the same in all quarters."""
    place = PLACE[name]
    base = steady({})
    found = {}
    for share in (0.25, 0.5, 0.75, 1.0):
        new = base.copy()
        value = LOW[place] + round(share * (HIGH[place] - LOW[place]) / STEP[place]) * STEP[place]
        new[:, place] = value
        found[float(value)] = new
    return found


def at_random(seed: int, skill: float = 0.0) -> Policy:
    """Return a policy whose decisions are drawn, each lever evenly over its range, and cut to fit the budget.

    Args:
        seed: the same seed decides the same.
        skill: chance of each decision (0–1) to be that of the sensible policy instead: from 0 blind to 1 sensible.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    places = np.round((HIGH - LOW) / STEP)
    drawn = LOW + STEP * np.floor(rng.random((QUARTERS, len(LOW))) * (places + 1))
    known = rng.random((QUARTERS, len(LOW))) < skill
    sensible = POLICIES["sensible"].play
    assert isinstance(sensible, np.ndarray)
    return fitting(np.where(known, sensible, drawn))
