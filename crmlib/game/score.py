"""What a game comes to: profit, and what customer equity has gained."""

from dataclasses import dataclass

import numpy as np

from crmlib.formulas.arrays import Floats
from crmlib.formulas.lifetime import multiple, upkeep
from crmlib.game.decisions import KEY_COST, LEVEL_COST
from crmlib.game.engine import begin
from crmlib.game.state import State, failing

DISCOUNT = 0.12
"""A year; a quarter's profit is discounted at a quarter of it."""


def equity(state: State) -> Floats:
    """Return customer equity, an entry a game: margin × margin multiple − cost of service × upkeep multiple, over all.

    Retention of a year is that of a quarter to the power of four; an account that may fail to pay counts as leaving.
    """
    stays = (1 - state.risk) * (1 - failing(state))
    year = stays * stays * stays * stays
    margin = 4 * state.wallet * state.share * state.market.margin
    cost = 4 * (LEVEL_COST[state.level] + KEY_COST * state.key)
    each = margin * multiple(year, DISCOUNT) - cost * upkeep(year, DISCOUNT)
    return np.asarray((state.active * each).sum(axis=1))


@dataclass(frozen=True)
class Score:
    """What a game comes to, in 10,000 yuan, an entry a game.

    Attributes:
        profit: present value of the profit of all quarters.
        gained: customer equity at the end, discounted, less that at the beginning.
    """

    profit: Floats
    gained: Floats

    @property
    def value(self) -> Floats:
        """Value created: profit and customer equity gained."""
        return self.profit + self.gained


def score(state: State) -> Score:
    """Return the score of games that have been played to the end, or so far."""
    each = 1 + DISCOUNT / 4
    factor = 1.0
    profit = np.zeros(state.games)
    for book in state.books:
        factor *= each
        profit = profit + book["profit"] / factor
    start = equity(begin(state.market))  # of one game or of each
    return Score(profit, equity(state) / factor - start)
