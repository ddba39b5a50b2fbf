"""The market of a game: accounts with hidden types, salespeople, and every piece of luck, all drawn from the seed.

Luck is drawn before the first decision is made and belongs to account and quarter. Two teams with one seed therefore
meet the same market, and a decision changes what it brings about and nothing else. Only uniform numbers of NumPy's
PCG64 are used, whose stream is the same on every machine.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from crmlib.chapters.relationships.models.relationships import risk_by_type
from crmlib.core.i18n import N_
from crmlib.formulas.arrays import Floats, Ints
from crmlib.game.decisions import QUARTERS

ACCOUNTS, PROSPECTS, PEOPLE = 240, 60, 12
"""Accounts at the beginning, firms that can be won, and salespeople."""
EVERYBODY = ACCOUNTS + PROSPECTS
DIRECT = 0.7
"""Share of accounts that are served directly; the others buy from a distributor."""
EFFECTS = np.array([0.0, 0.15, 0.35, 0.55, 0.65])
"""Share of the risk of leaving that each relationship type takes away from who is not price-minded (chapter 5)."""
DAMPING = 0.8
"""How far price sensitivity lessens these effects."""


@dataclass(frozen=True)
class Type:
    """A hidden type of account.

    Attributes:
        label: msgid.
        share: of all accounts.
        wallet: what it buys from all suppliers a quarter, typically, in 10,000 yuan.
        growth: factor on the wallet a quarter.
        margin: contribution margin, a share of sales.
        expects: service it expects, 1–10.
        responds: how far better service is felt.
        price: price sensitivity, 0–1.
        credit: typical credit score, 0–100.
    """

    label: str
    share: float
    wallet: float
    growth: float
    margin: float
    expects: float
    responds: float
    price: float
    credit: float


TYPES = (
    Type(N_("steady"), 0.30, 13.0, 1.00, 0.30, 6.3, 0.9, 0.20, 76.0),
    Type(N_("growing"), 0.20, 7.0, 1.07, 0.30, 6.3, 1.2, 0.25, 66.0),
    Type(N_("demanding"), 0.15, 24.0, 1.00, 0.28, 7.4, 1.2, 0.15, 76.0),
    Type(N_("bargain hunter"), 0.22, 15.0, 1.00, 0.13, 6.0, 0.2, 0.90, 60.0),
    Type(N_("slow payer"), 0.13, 16.0, 1.00, 0.24, 6.0, 0.5, 0.50, 28.0),
)
"""The types and their figures are the workbook's own teaching assumptions."""


@dataclass(frozen=True)
class Market:
    """What is hidden. Arrays are games × accounts, unless it is said otherwise.

    Attributes:
        kind: type of each account, its place in :data:`TYPES`.
        person: the salesperson of each account (accounts).
        direct: 1 for an account served directly, 0 for one behind a distributor.
        wallet: at the beginning, in 10,000 yuan a quarter.
        expects, responds, price, margin, growth, credit: as in :class:`Type`, each account's own.
        rivals: what the account thinks of two rivals, games × accounts × 2, on the scale of the expectation.
        share: our share of the wallet at the beginning.
        known: share of what the records say of an account at the beginning that is right.
        stranger_value, stranger_credit: what wrong records say instead, as a share of the range.
        open: how ready each salesperson is to share what they know, games × people.
        leaves, defaults: one number a quarter, games × quarters × accounts: below the risk it happens.
        picks: the order in which prospects are found where nothing is known, games × quarters × accounts.
    """

    kind: Ints
    person: Ints
    direct: Floats
    wallet: Floats
    expects: Floats
    responds: Floats
    price: Floats
    margin: Floats
    growth: Floats
    credit: Floats
    rivals: Floats
    share: Floats
    known: Floats
    stranger_value: Floats
    stranger_credit: Floats
    open: Floats
    leaves: Floats
    defaults: Floats
    picks: Floats

    @property
    def games(self) -> int:
        """How many games there are."""
        return len(self.kind)

    @cached_property
    def left_by_level(self) -> Floats:
        """What is left of the risk of leaving at each relationship type (chapter 5), games × accounts × levels."""
        risk, basic = np.ones(self.price.size), np.zeros(self.price.size, np.int64)
        left = risk_by_type(risk, basic, EFFECTS, self.price.ravel(), DAMPING)
        return left.reshape(*self.price.shape, len(EFFECTS))


def draw(seed: int) -> Market:
    """Return the market of one seed."""
    rng = np.random.Generator(np.random.PCG64(seed))
    u = rng.random((12, EVERYBODY))
    bell = (u[:3].sum(axis=0) + u[3:6].sum(axis=0)) / 6 - 0.5  # narrow, around zero, within ±0.5
    quotas = np.cumsum([t.share for t in TYPES])
    kind = np.searchsorted(quotas, (u[6].argsort().argsort() + 0.5) / EVERYBODY)
    of = {
        name: np.array([getattr(t, name) for t in TYPES])[kind] for name in Type.__dataclass_fields__ if name != "label"
    }
    direct = (u[7] < DIRECT).astype(float)
    wallet = of["wallet"] * 0.4 / (1 - 0.9 * u[8]) + 1.0
    large = np.clip((wallet - 12.0) / 40.0, -0.3, 1.2)  # who buys much expects much
    found = {
        "kind": kind.astype(np.int64),
        "person": np.arange(EVERYBODY, dtype=np.int64) % PEOPLE,
        "direct": direct,
        "wallet": wallet,
        "expects": of["expects"] + 2 * bell + large,
        "responds": of["responds"] * (0.7 + 0.6 * u[9]),
        "price": of["price"],
        "margin": of["margin"] - 0.03 * (1 - direct),
        "growth": of["growth"],
        "credit": np.clip(of["credit"] + 60 * (u[:3].sum(axis=0) / 3 - 0.5), 0, 100),
        "rivals": 4.6 + 3.0 * rng.random((EVERYBODY, 2)),
        "share": 0.12 + 0.5 * u[10],
        "known": 0.15 + 0.4 * u[11],
        "stranger_value": rng.random(EVERYBODY),
        "stranger_credit": rng.random(EVERYBODY),
        "open": rng.random(PEOPLE),
        "leaves": rng.random((QUARTERS, EVERYBODY)),
        "defaults": rng.random((QUARTERS, EVERYBODY)),
        "picks": rng.random((QUARTERS, EVERYBODY)),
    }
    return Market(**{name: value if name == "person" else value[None] for name, value in found.items()})


def draw_all(seeds: Iterable[int]) -> Market:
    """Return the markets of several seeds, a game a seed."""
    drawn = [draw(seed) for seed in seeds]
    whole = {f.name: np.concatenate([getattr(m, f.name) for m in drawn]) for f in fields(Market) if f.name != "person"}
    return Market(person=drawn[0].person, **whole)
