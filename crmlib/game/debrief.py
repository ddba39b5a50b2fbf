"""After the game: what each decision did, the usual beliefs played on the same market, and how much was luck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats
from crmlib.game.decisions import LEVERS, NOTHING, PLACE, QUARTERS, Decisions
from crmlib.game.engine import begin, play, step
from crmlib.game.market import Market, draw_all
from crmlib.game.policies import POLICIES, at_random
from crmlib.game.score import score
from crmlib.game.state import State


@dataclass(frozen=True)
class Effect:
    """What one lever did in one quarter, or in all of them.

    Attributes:
        lever: its name.
        quarter: from 1; 0 for all quarters.
        gain: value created with the decision less what it would have been without it, in 10,000 yuan.
    """

    lever: str
    quarter: int
    gain: float


def effects(market: Market, plan: Floats) -> list[Effect]:
    """Return what each decision of a plan did, the largest first: the same game is played without it, all else equal.

    Without a decision means that its lever stands where :data:`NOTHING` has it. Effects do not add up to the value of
    the game: decisions work together, such as a module and the training for it.

    Args:
        market: of one game.
        plan: as it was played, quarters × levers.
    """
    asked = list(_asked(plan))
    if not asked:
        return []
    plans = np.stack([plan, *(_without(plan, lever, quarter) for lever, quarter in asked)])
    values = score(play(market, plans)).value
    found = [
        Effect(lever, quarter, float(values[0] - value))
        for (lever, quarter), value in zip(asked, values[1:], strict=True)
    ]
    return sorted(found, key=lambda effect: -effect.gain)


def _asked(plan: Floats) -> Iterator[tuple[str, int]]:
    """Yield each lever that was used and each quarter in which it was, 0 for all."""
    for lever in LEVERS:
        used = np.flatnonzero(plan[:, PLACE[lever]] != NOTHING[PLACE[lever]])
        if len(used):
            yield lever, 0
        yield from ((lever, int(quarter) + 1) for quarter in used)


def _without(plan: Floats, lever: str, quarter: int) -> Floats:
    new = plan.copy()
    new[slice(None) if quarter == 0 else quarter - 1, PLACE[lever]] = NOTHING[PLACE[lever]]
    return new


def beliefs(market: Market) -> dict[str, float]:
    """Return the value that each policy with a name creates on the market of one game."""
    return {name: float(score(play(market, policy.play)).value[0]) for name, policy in POLICIES.items()}


def ends(values: Mapping[str, float]) -> tuple[float, float]:
    """Return, of the values of :func:`beliefs`, what doing nothing creates, and what the yardstick creates."""
    return values["nothing"], values["sensible"]


def index(value: float, between: tuple[float, float]) -> float:
    """Return a value as points: 0 at the first of the two :func:`ends`, 100 at the second.

    >>> index(30.0, (10.0, 50.0))
    50.0
    """
    nothing, yardstick = between
    return 100 * (value - nothing) / (yardstick - nothing)


def played(market: Market, decisions: Sequence[Decisions]) -> list[State]:
    """Return the states of one game, the beginning first, then after each quarter that has been decided."""
    states = [begin(market)]
    for one in decisions[:QUARTERS]:
        states.append(step(states[-1], one))
    return states


def skill_share(teams: int = 40, seeds: int = 50) -> float:
    """Return the share (0–1) of the variance of the value created that is between teams, the rest being the market's.

    Teams differ in skill, from blind (0) to sensible (1) in equal steps; each plays on each market. With T the mean
    square between teams, the share is the variance of the teams' means, corrected for what luck adds to them, in the
    sum of it and the variance within teams: σ²(team) ÷ (σ²(team) + σ²(luck)), as in a one-way analysis of variance.
    """
    market = draw_all(range(seeds))
    values = np.stack([
        score(play(market, at_random(team, team / (teams - 1)))).value for team in range(teams)
    ])  # fmt: skip
    luck = float(values.var(axis=1, ddof=1).mean())
    skill = max(float(values.mean(axis=1).var(ddof=1)) - luck / seeds, 0.0)
    return skill / (skill + luck)


def said_of(effect: Effect) -> str:
    """Return what an effect is called: the lever, and in which quarter."""
    label = Decisions.setting_of(effect.lever).title()
    if effect.quarter == 0:
        return _("{lever}, all quarters").format(lever=label)
    return _("{lever}, quarter {n}").format(lever=label, n=effect.quarter)
