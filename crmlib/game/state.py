"""Where a batch of games stands."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crmlib.formulas.arrays import Bools, Floats, Ints
from crmlib.game.market import Market
from crmlib.game.people import Staff


@dataclass(frozen=True)
class State:
    """Where all games of a batch stand at the end of a quarter. Arrays are games × accounts unless said otherwise.

    Attributes:
        market: what is hidden and never changes.
        quarter: quarters played.
        active: who is a customer.
        prospect: who may still be won.
        wallet: purchases from all suppliers a quarter.
        share: ours of them.
        attitude: 0–100.
        known: how much of what the records say of an account is right.
        credit_known: the same of the credit score; a credit report raises it for a year.
        seen, seen_credit: value a year and credit score as the records have them.
        level: relationship type; ``key``: whether it is a key account.
        risk: of leaving or failing in a quarter.
        satisfaction: c = b ÷ a.
        staff: the salespeople.
        much: share of what is to be entered that was, games × people.
        built: modules that are ready, games × 3.
        last: the last move, games × levers.
        books: for each quarter what was earned and spent, each an array with an entry a game.
    """

    market: Market
    quarter: int
    active: Bools
    prospect: Bools
    wallet: Floats
    share: Floats
    attitude: Floats
    known: Floats
    credit_known: Floats
    seen: Floats
    seen_credit: Floats
    level: Ints
    key: Bools
    risk: Floats
    satisfaction: Floats
    staff: Staff
    much: Floats
    built: Floats
    last: Floats
    books: tuple[Mapping[str, Floats], ...] = ()

    @property
    def games(self) -> int:
        """How many games there are."""
        return len(self.active)


def value(state: State) -> Floats:
    """Return the value of each account a year: the contribution it would bring with the whole of its wallet."""
    return np.asarray(4 * state.wallet * state.market.margin)


def failing(state: State) -> Floats:
    """Return the risk that an account fails to pay in a quarter, by its credit score."""
    bad = 1 - state.market.credit / 100
    return np.asarray(0.20 * bad * bad * bad)
