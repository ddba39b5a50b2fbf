"""Make ``members.csv``: the members of a regional chain of gyms, a row an account and year. Synthetic, seeded.

Run ``python data/make_members.py``. ``numpy.random.RandomState`` is used because numpy has frozen its stream; all
figures are rounded, so that a rebuild is identical byte by byte.

How the numbers hang together: every account goes through stages (exploration, formation, stability, decline) by yearly
chances of its own channel; what it pays follows its stage and its taste, what it costs follows its visits. Rows that
test a model are put in on purpose: second accounts of a household, memberships that pass to another member of the
family, refunds, the higher fees from :data:`DEARER` on, breaks of a year, heavy users, and members taken over with
another club, of whom nobody knows since when they are members.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]
Ints = NDArray[np.int_]

SEED = 20251109
YEARS = tuple(range(2018, 2025))
BEFORE, EACH_YEAR, TAKEN_OVER = 620, 300, 0.28
DEARER, RISE = 2022, 0.12
SPEND, FAMILY, PASSED_ON, HEAVY, BREAK = 2700, 0.15, 0.16, 0.09, 0.025
NONE, EXPLORATION, FORMATION, STABILITY, DECLINE, GONE = -1, 0, 1, 2, 3, 4
MOVES = np.array(
    [
        # exploration, formation, stability, decline, gone
        [0.16, 0.48, 0.00, 0.00, 0.36],
        [0.00, 0.14, 0.56, 0.10, 0.20],
        [0.00, 0.00, 0.74, 0.17, 0.09],
        [0.00, 0.00, 0.16, 0.40, 0.44],
    ]
)
"""Chances of a year, by the stage in it, of the stage in the next."""
CHANNELS = pd.DataFrame(
    [
        # name, share of those who join, cost of winning one (yuan), by how much the chance of leaving is multiplied
        ("referral", 0.24, 210.0, 0.72),
        ("walk_in", 0.20, 140.0, 0.95),
        ("advertising", 0.31, 890.0, 1.00),
        ("voucher", 0.25, 640.0, 1.38),
    ],
    columns=["name", "share", "cost", "leaving"],
)


def make(seed: int = SEED, size: float = 1.0) -> pd.DataFrame:
    """Return the members: a row an account and year (about 7,000 × 10), sorted by account and year; money in yuan.

    Args:
        seed: of all that is drawn.
        size: how many times as many accounts as in the packaged file.
    """
    rng = RandomState(seed)
    joined = joining_years(rng, size)
    taken = (joined < YEARS[0]) & (rng.uniform(size=len(joined)) < TAKEN_OVER)
    channel = rng.choice(len(CHANNELS), size=len(joined), p=CHANNELS["share"])
    stages = stages_by_year(rng, joined, channel)
    household, stages, joined = families(rng, stages, joined, taken)
    money = dealings(rng, stages)
    frame = long_form(stages, money)
    name = np.where(taken, "takeover", CHANNELS["name"].to_numpy()[channel])
    cost = CHANNELS["cost"].to_numpy()[channel] * np.exp(rng.normal(0, 0.25, len(joined)))
    number = rng.permutation(len(joined)) + 1
    return rounded(described(frame, number, household, joined, taken, name, cost))


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own members, about a quarter as many."""
    return {"members": make(seed, 0.25)}


def joining_years(rng: RandomState, size: float) -> Ints:
    """Return the year in which each account joined: those there at the beginning, then so many a year."""
    before = YEARS[0] - 1 - np.minimum(rng.geometric(0.35, round(BEFORE * size)) - 1, 9)
    later = np.repeat(YEARS, round(EACH_YEAR * size))
    return np.concatenate([before, later]).astype(int)


def stages_by_year(rng: RandomState, joined: Ints, channel: Ints) -> Ints:
    """Return the stage of each account in each year (accounts × years); those of before come in at any stage."""
    n = len(joined)
    stages = np.full((n, len(YEARS)), NONE)
    early = joined < YEARS[0]
    now = np.where(early, rng.choice([1, 2, 2, 2, 3], size=n), EXPLORATION)
    leaving = CHANNELS["leaving"].to_numpy()[channel]
    for t, year in enumerate(YEARS):
        stages[:, t] = np.where(joined <= year, now, NONE)
        now = np.where(joined <= year, moved(rng, now, leaving, year), now)
    stages[stages == GONE] = NONE
    resting = (rng.uniform(size=stages.shape) < BREAK) & (stages == STABILITY)
    resting[:, [0, -1]] = False
    stages[resting & (np.roll(stages, -1, axis=1) != NONE)] = NONE
    return stages


def moved(rng: RandomState, now: Ints, leaving: Array, year: int) -> Ints:
    """Return the stage of the year after; higher fees drive some members out."""
    chances = np.vstack([MOVES, [0, 0, 0, 0, 1.0]])[now]
    dearer = 1.15 if year + 1 == DEARER else 1.0
    gone = np.clip(chances[:, GONE] * leaving * dearer, 0, 1)
    rest = np.divide(1 - gone, 1 - chances[:, GONE], out=np.zeros(len(gone)), where=now < GONE)
    staying = chances[:, :GONE] * rest[:, None]
    reached = np.cumsum(staying, axis=1)
    next_stage: Ints = (rng.uniform(size=len(now))[:, None] >= reached).sum(axis=1)
    return np.where(now == GONE, GONE, next_stage)


def families(rng: RandomState, stages: Ints, joined: Ints, taken: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Return households, stages and joining years: some accounts belong to one household, some follow on another.

    A membership that passes to another member of the family is a new account that begins the year after the old one
    ended, at the old one's stage.
    """
    n = len(joined)
    household = np.arange(n)
    later = np.flatnonzero(rng.uniform(size=n) < FAMILY)
    household[later] = rng.randint(0, n, len(later))
    last = len(YEARS) - 1 - np.argmax(stages[:, ::-1] != NONE, axis=1)
    ended = np.flatnonzero((stages != NONE).any(axis=1) & (last < len(YEARS) - 1) & (rng.uniform(size=n) < PASSED_ON))
    fresh = list(np.flatnonzero(~taken & (joined >= YEARS[0]))[::-1])
    joined, stages = joined.copy(), stages.copy()
    for old in ended:
        begins = YEARS[last[old] + 1]
        new = next((account for account in fresh if joined[account] == begins and account != old), None)
        if new is None or new in ended:
            continue
        fresh.remove(new)
        household[new] = household[old]
        first = last[old] + 1
        stages[new, first] = stages[old, last[old]]
    return household, stages, joined


def dealings(rng: RandomState, stages: Ints) -> dict[str, Array]:
    """Return fees, refunds, cost of service (yuan) and visits of each account in each year (accounts × years)."""
    shape = stages.shape
    taste = np.exp(rng.normal(0, 0.28, shape[0]))[:, None]
    heavy = np.asarray(rng.uniform(size=shape[0]) < HEAVY)[:, None]
    level = levels(stages)
    price = np.where(np.array(YEARS) >= DEARER, 1 + RISE, 1.0)
    revenue = SPEND * price * level * taste * np.exp(rng.normal(0, 0.06, shape))
    visits = np.round(np.clip(70 * level * np.exp(rng.normal(0, 0.35, shape)) * np.where(heavy, 2.6, 1.0), 1, 330))
    cost = 420 + 10.5 * visits + 0.09 * revenue + np.where(stages == EXPLORATION, 320, 0)
    ends = (stages != NONE) & (np.roll(np.pad(stages, ((0, 0), (0, 1)), constant_values=NONE), -1, 1)[:, :-1] == NONE)
    ends[:, -1] = False
    paid_back = rng.uniform(size=shape) < np.where(ends, 0.14, 0.012)
    refunds = np.where(paid_back, revenue * rng.uniform(0.2, 0.6, shape), 0.0)
    return {"revenue": revenue, "refunds": refunds, "service_cost": cost, "visits": visits}


def levels(stages: Ints) -> Array:
    """Return what an account of each stage spends, as a share of what a steady one does; decline goes on falling."""
    base = np.array([0.45, 0.75, 1.0, 0.72])
    found = np.zeros(stages.shape)
    for t in range(stages.shape[1]):
        now = stages[:, t]
        before = found[:, t - 1] if t else np.zeros(len(now))
        known = t > 0 and (before > 0)
        falling = np.where(known, before * 0.66, base[DECLINE])
        growing = np.where(known & (before >= 0.7), before * 1.2, base[FORMATION])
        found[:, t] = np.select(
            [now == EXPLORATION, now == FORMATION, now == STABILITY, now == DECLINE],
            [base[EXPLORATION], np.minimum(growing, 1.0), base[STABILITY], falling],
            0.0,
        )
    return found


def long_form(stages: Ints, money: dict[str, Array]) -> pd.DataFrame:
    """Return a row for each account and year in which it is a member."""
    account, year = np.nonzero(stages != NONE)
    columns = {name: values[account, year] for name, values in money.items()}
    return pd.DataFrame({"account": account, "year": np.array(YEARS)[year], **columns})


def described(
    frame: pd.DataFrame,
    number: Ints,
    household: Ints,
    joined: Ints,
    taken: NDArray[np.bool_],
    channel: NDArray[np.str_],
    cost: Array,
) -> pd.DataFrame:
    """Add what does not change: household, joining year, channel, and the cost of winning in the year of joining.

    Numbers are given out at random, so that they tell nothing of the year of joining.
    """
    at = frame["account"].to_numpy()
    first_year = frame["year"].to_numpy() == joined[at]
    known = np.where(taken[at], np.nan, joined[at].astype(float))
    frame = frame.assign(
        account_id=[f"A{one:04d}" for one in number[at]],
        household_id=[f"H{one:04d}" for one in number[household[at]]],
        joined=known,
        channel=channel[at],
        won_cost=np.where(taken[at], np.nan, np.where(first_year, cost[at], 0.0)),
    )
    return frame.sort_values(["account_id", "year"], ignore_index=True)


COLUMNS = (
    "account_id", "household_id", "year", "joined", "channel", "revenue", "refunds", "service_cost", "won_cost",
    "visits",
)  # fmt: skip


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the columns in file order and round all figures to whole numbers."""
    frame = frame[list(COLUMNS)].copy()
    for column in ("joined", "revenue", "refunds", "service_cost", "won_cost", "visits"):
        frame[column] = (frame[column].round(0) + 0.0).astype("Int64")
    return frame


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"members": make(seed)}


def to_csv(frame: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return frame.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))
