"""One level of service for each account, as much value as a budget of hours allows: the exact best mix.

This is the multiple-choice knapsack (Sinha & Zoltners 1979; Kellerer, Pferschy & Pisinger 2004, ch. 11). Levels 0, 1, …
take rising hours, level 0 none, so that an empty budget always has a plan: everybody at level 0. Values are shaped
accounts × levels.
"""

from dataclasses import dataclass

import numpy as np

from crmlib.formulas.arrays import Bools, Floats, Ints

DUST = 1e-9
"""Differences of value (万元, or 万元 an hour) below this are rounding, not gain: such a choice is a tie."""


@dataclass(frozen=True)
class Steps:
    """Raising accounts level by level, the best gain per hour first; arrays run over the steps."""

    account: Ints
    to: Ints  # the level it is raised to
    hours: Ints  # more than before
    gain: Floats  # of value
    rate: Floats  # gain per hour, never rising


@dataclass(frozen=True)
class Mix:
    """A best mix: level of each account, hours used, value, and what a further hour would bring."""

    level: Ints
    hours: int
    value: float
    rate: float


def worthwhile(values: Floats) -> Bools:
    """Say which levels bring more than every level with fewer hours. A tie goes to fewer hours.

    >>> worthwhile(np.array([[0.0, 2.0, 2.0, 1.0, 5.0]])).tolist()
    [[True, True, False, False, True]]
    """
    before = np.maximum.accumulate(values, axis=1)[:, :-1]
    first = np.ones((len(values), 1), dtype=bool)
    return np.hstack([first, values[:, 1:] > before + DUST])


def best_level(values: Floats) -> Ints:
    """Return the best level of each account if hours are not limited, fewest hours in a tie."""
    best: Ints = np.where(worthwhile(values), values, -np.inf).argmax(axis=1)
    return best


def steps(values: Floats, hours: Ints) -> Steps:
    """Return the steps on each account's upper hull of (hours, value), the best gain per hour first.

    Equal rates keep the order of the accounts.

    Raises:
        ValueError: the hours do not rise from zero.
    """
    if hours[0] != 0 or (np.diff(hours) <= 0).any():
        raise ValueError(f"hours must rise from zero: {hours}")
    rows, at = np.arange(len(values)), np.zeros(len(values), dtype=np.int64)
    last = np.full(len(values), np.inf)
    found: list[tuple[Ints, Ints, Ints, Floats, Floats]] = []
    for _round in range(len(hours) - 1):
        width = hours - hours[at][:, None]
        rise = values - values[rows, at][:, None]
        rate = np.where(width > 0, rise / np.where(width > 0, width, 1.0), -np.inf)
        to = rate.argmax(axis=1)
        go = rate[rows, to] > DUST
        last = np.minimum(last, rate[rows, to])  # the hull bends down; rounding must not bend it up
        found.append((rows[go], to[go], width[rows, to][go], rise[rows, to][go], last[go]))
        at = np.where(go, to, at)
    account, to, width, rise, rate = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(-rate, kind="stable")
    return Steps(account[order], to[order], width[order], rise[order], rate[order])


def best_mix(values: Floats, hours: Ints, budget: int) -> Mix:
    """Return the best mix under a budget of whole hours; exact, ties to fewer hours, then to the order of the accounts.

    The steps are taken as they fit, the best rate first. What that leaves open is settled by :func:`_settle`, among
    the few choices that could still better it: with λ the rate of the first step that does not fit, no plan is worth
    more than Σ max(value − λ·hours) + λ·budget, and a choice that falls behind its account's maximum by more than the
    gap between that bound and the plan in hand is in no better plan (Lagrangian bound, variable fixing).
    """
    path = steps(values, hours)
    level, rate = _greedy(path, len(values), budget)
    if rate > 0:
        bound = values - rate * hours
        most = bound.max(axis=1, keepdims=True)
        gap = most.sum() + rate * budget - values[np.arange(len(values)), level].sum()
        if gap > DUST:
            level = _settle(values, hours, budget, worthwhile(values) & (most - bound <= gap + DUST))
    level = _in_order(values, level)
    value = values[np.arange(len(values)), level].sum()
    return Mix(level, int(hours[level].sum()), float(value), rate)


def _greedy(path: Steps, accounts: int, budget: int) -> tuple[Ints, float]:
    """Take each step that fits and whose account took all before it; return the levels, and the first rate left out."""
    fits = np.cumsum(path.hours) <= budget
    level = np.zeros(accounts, dtype=np.int64)
    np.maximum.at(level, path.account[fits], path.to[fits])
    if fits.all():
        return level, 0.0
    left, passed = budget - int(path.hours[fits].sum()), set()
    rest = (column[~fits].tolist() for column in (path.account, path.to, path.hours))
    for account, to, hours in zip(*rest, strict=True):
        if account not in passed and hours <= left:
            level[account], left = to, left - hours
        else:
            passed.add(account)
    return level, float(path.rate[~fits][0])


def _settle(values: Floats, hours: Ints, budget: int, open_: Bools) -> Ints:
    """Choose one of the open levels of each account: dynamic programming over hours (Dudziński & Walukiewicz 1987).

    ``best[b]`` is the most value that the accounts seen so far bring with at most b hours.
    """
    level: Ints = open_.argmax(axis=1)
    free = np.flatnonzero(open_.sum(axis=1) > 1)
    left = budget - int(np.delete(hours[level], free).sum())
    best = np.zeros(left + 1)
    choices = np.zeros((len(free), left + 1), dtype=np.int8)
    for row, account in enumerate(free):
        tried = np.full((len(hours), left + 1), -np.inf)
        for at in np.flatnonzero(open_[account]):
            if hours[at] <= left:
                tried[at, hours[at] :] = best[: left + 1 - hours[at]] + values[account, at]
        choices[row] = tried.argmax(axis=0)
        best = tried.max(axis=0)
    room = int(np.argmax(best >= best[left] - DUST))  # the fewest hours that do it
    for row in range(len(free) - 1, -1, -1):
        level[free[row]] = choices[row, room]
        room -= int(hours[choices[row, room]])
    return level


def _in_order(values: Floats, level: Ints) -> Ints:
    """Give the higher levels to the earlier of accounts that are alike in every value."""
    _kinds, kind = np.unique(values, axis=0, return_inverse=True)
    by_level, by_place = np.lexsort((-level, kind)), np.argsort(kind, kind="stable")
    ordered: Ints = level.copy()
    ordered[by_place] = level[by_level]
    return ordered


def swappable(values: Floats, level: Ints) -> Bools:
    """Say which accounts have a twin, alike in every value, at another level: swapping the two costs nothing."""
    _kinds, kind = np.unique(values, axis=0, return_inverse=True)
    lowest, highest = np.full(len(values), values.shape[1]), np.full(len(values), -1)
    np.minimum.at(lowest, kind, level)
    np.maximum.at(highest, kind, level)
    return np.asarray(lowest[kind] < highest[kind])
