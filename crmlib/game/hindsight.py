"""The best plan with hindsight: a search that may look at the market, which no team can.

Coordinate ascent. In each round all plans are played that differ from the best one so far in one lever of one quarter,
or in one lever of all quarters from one on. The changes that gained are then made one after another, the largest gain
first, and of these ever longer lists the best is kept. It ends when nothing gains, or after so many rounds. It finds a
good plan, not surely the best one: no plan near it is better. The best of all is not known.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crmlib.formulas.arrays import Floats
from crmlib.game.decisions import HIGH, LEVERS, LOW, QUARTERS, STEP, Decisions
from crmlib.game.engine import play
from crmlib.game.market import Market
from crmlib.game.score import score

GRID = 4
"""So many steps, evenly spread, of a lever that has more places than that are tried; and its neighbours."""
ROUNDS = 12
SOON = 3
"""Rounds of a search that somebody waits for."""


@dataclass(frozen=True)
class Best:
    """The plan found (quarters × levers), its value, and the value after each round, the start first."""

    plan: Floats
    value: float
    path: tuple[float, ...]


def values(market: Market, plans: Floats) -> Floats:
    """Return the value created by each of several plans on the market of one game."""
    return score(play(market, plans)).value


def search(market: Market, start: Floats, rounds: int = ROUNDS) -> Best:
    """Return the best plan that is found on the market of one game.

    Args:
        start: quarters × levers.
        rounds: at most.
    """
    best, path = start, [float(values(market, start[None])[0])]
    for _round in range(rounds):
        changes = list(_changes(best))
        plans = np.stack([_changed(best, change) for change in changes])
        gains = values(market, plans) - path[-1]
        order = [n for n in np.argsort(-gains, kind="stable").tolist() if gains[n] > 1e-6]
        if not order:
            break
        longer, tried = best, []
        for n in order[:60]:
            longer = _changed(longer, changes[n])
            tried.append(longer)
        found = values(market, np.stack([plans[order[0]], *tried]))
        top = int(found.argmax())
        best = (plans[order[0]], *tried)[top]
        path.append(float(found[top]))
    return Best(best, path[-1], tuple(path))


Change = tuple[int, int, int, float]
"""First quarter, the one after the last, lever, value."""


def _changes(plan: Floats) -> Iterator[Change]:
    for lever in range(len(LEVERS)):
        for quarter in range(QUARTERS):
            for value in _tried(lever, plan[quarter, lever]):
                yield quarter, quarter + 1, lever, value
                if quarter < QUARTERS - 1 and not Decisions.settings()[lever].choices:
                    yield quarter, QUARTERS, lever, value


def _tried(lever: int, now: float) -> list[float]:
    low, high, step = LOW[lever], HIGH[lever], STEP[lever]
    places = round((high - low) / step)
    spread = {round(place * places / GRID) for place in range(GRID + 1)} if places > GRID else set(range(places + 1))
    here = round((now - low) / step)
    near = {place for place in (here - 1, here + 1) if 0 <= place <= places}
    return [float(low + step * place) for place in sorted((spread | near) - {here})]


def _changed(plan: Floats, change: Change) -> Floats:
    first, end, lever, value = change
    new = plan.copy()
    new[first:end, lever] = value
    return new
