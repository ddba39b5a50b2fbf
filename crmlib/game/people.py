"""The people who enter data: what they enter by what the system does for them, and how good the records are then."""

from dataclasses import dataclass

import numpy as np

from crmlib.chapters.foundations.models.winning import kept
from crmlib.formulas.arrays import Floats
from crmlib.game.market import Market

USE = np.array([0.15, 0.50, 0.25])
"""How much each module helps a salesperson who knows how to use it; together 0.9."""
UNTRAINED = 0.15
"""What remains of that help for somebody who was never shown how."""
STALE = 0.14
"""Share of what the records say that goes out of date in a quarter."""


@dataclass(frozen=True)
class Staff:
    """Where the salespeople stand; arrays are games × people.

    Attributes:
        skill: how well each can use the system, 0–1.
        goodwill: how far each takes it for a help and not for a burden, 0–1.
        swamped: how far the users are still swamped by modules that came all at once, 0–1, games × 1.
    """

    skill: Floats
    goodwill: Floats
    swamped: Floats


def saturating(spent: Floats, half: float) -> Floats:
    """Return the share (0–1) of its greatest effect that money has; ``half`` brings a half, twice that three quarters.

    It is the curve of chapter 1 for keeping customers, for a retention of zero and a reach of one.

    >>> saturating(np.array([0.0, 15.0, 30.0]), 15.0).tolist()
    [0.0, 0.5, 0.75]
    """
    return kept(spent, 0.0, 1.0, half)


def usefulness(staff: Staff, built: Floats) -> Floats:
    """Return what the system does for each salesperson, 0–1: the modules there are, by skill, less while swamped."""
    modules = (built @ USE)[:, None]
    return np.asarray(modules * (UNTRAINED + (1 - UNTRAINED) * staff.skill) * (1 - 0.7 * staff.swamped))


def learn(staff: Staff, help_: Floats, training: Floats, incentive: Floats, control: Floats) -> Staff:
    """Return the salespeople after a quarter.

    Args:
        help_: usefulness of the system for each.
        training, incentive, control: money, games × 1.

    Of the skill 12% fades with staff that change and with disuse; training closes a part of the gap. Goodwill moves
    half-way to what the quarter felt like: help raises it, control without help lowers it most.
    """
    skill = 0.88 * staff.skill
    skill = skill + 0.6 * saturating(training, 16.0) * (1 - skill) * (1 - 0.5 * staff.swamped)
    pressed = saturating(control, 14.0)
    felt = 0.35 + 0.6 * help_ - 0.55 * pressed * (1 - help_) + 0.12 * saturating(incentive, 14.0) - 0.2 * staff.swamped
    return Staff(skill, 0.5 * staff.goodwill + 0.5 * np.clip(felt, 0.0, 1.0), 0.6 * staff.swamped)


def entered(
    staff: Staff, help_: Floats, open_: Floats, incentive: Floats, control: Floats, built: Floats
) -> tuple[Floats, Floats]:
    """Return for each salesperson how much of what there is to enter is entered, and how much of that is right.

    Control brings entries, not truth: who is pressed fills in fields.
    """
    pressed, paid = saturating(control, 14.0), saturating(incentive, 14.0)
    much = 0.05 + 0.15 * open_ + 0.55 * help_ + 0.35 * paid + 0.35 * pressed
    right = 0.35 + 0.25 * staff.skill + 0.35 * staff.goodwill + 0.16 * paid * (0.5 + 0.5 * open_) - 0.30 * pressed
    ceiling = 0.6 + 0.4 * built[:, :1]  # without the base module there are spreadsheets
    return np.clip(much, 0.0, 1.0) * ceiling, np.clip(right, 0.05, 0.95)


def recorded(market: Market, known: Floats, much: Floats, right: Floats, built: Floats, cleaning: Floats) -> Floats:
    """Return how much of what the records say of each account is right after a quarter, 0–1.

    Records go stale. Of the accounts' facts a share is entered anew, as right as the salesperson enters them. Of
    accounts behind a distributor little is heard until the portal joins both sides. Cleaning mends a part of the rest.
    """
    reach = market.direct + (1 - market.direct) * (0.35 + 0.65 * built[:, 2:3])
    share = 0.5 * much[:, market.person] * reach
    known = (1 - STALE) * known
    known = known + share * (right[:, market.person] - known)
    return np.asarray(known + 0.3 * saturating(cleaning, 18.0) * np.maximum(0.85 - known, 0.0))
