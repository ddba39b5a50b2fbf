"""The rules of the game: a state and the decisions of a quarter give the next state.

Pure and deterministic. All games of a batch are played at once, a row a game. What the chapters teach is called, not
written again: satisfaction c = b ÷ a, the share of wallet by rank, the kind of loyalty by attitude and behaviour, the
risk of leaving by relationship type, the carrying cost of credit, the customers that money wins, and what a customer
is worth. How these are joined, and every number here, is a teaching assumption of the workbook.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from crmlib.chapters.credit.models.policy import Terms, carrying_cost
from crmlib.chapters.foundations.models.winning import Base, won
from crmlib.chapters.loyalty.models.measures import dick_basu, points, wallet_allocation
from crmlib.formulas.arrays import Bools, Floats, Ints
from crmlib.formulas.satisfaction import satisfaction
from crmlib.game.costs import affordable, levels, lever, ordered_modules, spending, tier_sizes
from crmlib.game.decisions import MODULES, NOTHING, QUARTERS, Decisions, move
from crmlib.game.market import ACCOUNTS, PEOPLE, Market
from crmlib.game.people import Staff, entered, learn, recorded, saturating, usefulness
from crmlib.game.state import State, failing, value

CAPITAL = 0.10
DAY = carrying_cost(Terms(1.0, 1.0, 0.0, 0.0), 0.75, CAPITAL)
"""Cost a year of one day's credit on sales of 1 a year (chapter 7)."""
FELT = np.array([0.0, 0.5, 1.1, 1.9, 2.4])
"""How much better service is at each relationship type, in points of the scale of 1–10."""
BASIC = 5.6
BY_RANK = wallet_allocation(np.array([3.0, 2.0, 1.0]))
"""Our share of the wallet in the long run if no rival, one or both are rated above us (chapter 4)."""
RISK = np.array([0.008, 0.020, 0.040, 0.065])
"""Risk of leaving in a quarter under basic service, by kind of loyalty: true, latent, spurious, none."""
WINNING = Base(0.0, 0.0, 0.0, spent=24.0, won=3.0)
TIDY = 1e6
"""States are rounded to a millionth each quarter, so that the last binary digit of a machine decides nothing."""


def begin(market: Market, games: int | None = None) -> State:
    """Return the state before the first quarter.

    Args:
        market: of one game, or of as many as are played.
        games: how many are played on a market of one game; by default as many as the market has.
    """
    n = games or market.games
    shape = (n, market.kind.shape[1])
    active = np.broadcast_to(np.arange(shape[1]) < ACCOUNTS, shape)
    zeros = np.zeros(shape)
    staff = Staff(np.full((n, PEOPLE), 0.1), np.full((n, PEOPLE), 0.4), np.zeros((n, 1)))
    first = State(
        market, 0, active, ~active, np.broadcast_to(market.wallet, shape), np.broadcast_to(market.share, shape),
        zeros + 50.0, np.broadcast_to(market.known, shape), zeros, zeros, zeros, zeros.astype(np.int64), zeros > 0,
        zeros, zeros + 1.0, staff, np.full((n, PEOPLE), 0.2), np.zeros((n, len(MODULES))),
        np.broadcast_to(NOTHING, (n, len(NOTHING))),
    )  # fmt: skip
    served = _served(_looked_up(first), first.last)
    return replace(served, risk=_leaving(served))


def step(state: State, moves: Decisions | Floats) -> State:
    """Return the state after a quarter.

    Args:
        state: before it.
        moves: one set of decisions for all games, or games × levers.
    """
    asked = move(moves)[None] if isinstance(moves, Decisions) else np.atleast_2d(moves)
    asked = np.broadcast_to(asked, (state.games, len(NOTHING)))
    done = affordable(state, asked)
    costs = spending(state, done)
    now = _served(_looked_up(_entered(state, done), done), done)
    now, trade = _traded(_felt(now, done), done)
    now, moved = _won(_left(now), done)
    book = {**trade, **moved, "spent": sum(costs.values(), np.zeros(state.games)), **costs}
    book["profit"] = book["margin"] - book["carrying"] - book["bad"] - book["spent"]
    built = np.maximum(state.built, ordered_modules(state, done))
    tidy = {name: np.round(getattr(now, name) * TIDY) / TIDY for name in ("share", "attitude", "known", "wallet")}
    return replace(now, **tidy, built=built, last=done, quarter=state.quarter + 1, books=(*state.books, book))


Policy = Callable[[State], Floats]
"""What a team does by what it finds: the state → games × levers."""


def play(market: Market, policy: Floats | Policy, games: int | None = None) -> State:
    """Play all quarters and return the last state.

    Args:
        market: of one game or several.
        policy: a plan (quarters × levers, or games × quarters × levers), or a function of the state.
        games: see :func:`begin`; with a plan for each game their number.
    """
    if not callable(policy):
        plan = policy if policy.ndim == 3 else policy[None]
        games = games or max(len(plan), market.games)
    state = begin(market, games)
    for quarter in range(QUARTERS):
        state = step(state, policy(state) if callable(policy) else plan[:, quarter])
    return state


# Data -----------------------------------------------------------------------------------------------------------------


def _entered(state: State, moves: Floats) -> State:
    """Let the salespeople work with the system and enter data."""
    incentive, control = lever(moves, "incentive"), lever(moves, "control")
    swamped = np.maximum(state.staff.swamped, (ordered_modules(state, moves).sum(axis=1) > 1)[:, None].astype(float))
    staff = replace(state.staff, swamped=swamped)
    help_ = usefulness(staff, state.built)
    staff = learn(staff, help_, lever(moves, "training"), incentive, control)
    much, right = entered(staff, help_, state.market.open, incentive, control, state.built)
    known = recorded(state.market, state.known, much, right, state.built, lever(moves, "cleaning"))
    return replace(state, staff=staff, much=much, known=known)


def _looked_up(state: State, moves: Floats | None = None) -> State:
    """Look accounts up in the records: what is not known is somebody else's figure."""
    credit_known = 0.75 * state.credit_known
    if moves is not None:
        credit_known = np.maximum(credit_known, np.where(lever(moves, "report") == 2, 0.95, 0.0))
    stranger = 4 * 0.24 * (12 * 0.4 / (1 - 0.9 * state.market.stranger_value) + 1)
    seen = state.known * value(state) + (1 - state.known) * stranger
    sure = np.maximum(credit_known, 0.8 * state.known)
    credit = sure * state.market.credit + (1 - sure) * (25 + 75 * state.market.stranger_credit)
    return replace(state, credit_known=credit_known, seen=seen, seen_credit=credit)


def _rank(scores: Floats, among: Bools) -> Ints:
    """Return the rank of each account, 0 the highest, those that are not among them last."""
    order = np.argsort(np.where(among, -scores, np.inf), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    return rank


def _served(state: State, moves: Floats) -> State:
    """Put accounts into tiers by their recorded value, and serve them as the tiers are served."""
    rank, sizes = _rank(state.seen, state.active), tier_sizes(state.active.sum(axis=1)).cumsum(axis=1)
    place = (rank >= sizes[:, :1]).astype(int) + (rank >= sizes[:, 1:2])
    key = (rank < lever(moves, "key_accounts")) & state.active
    return replace(state, level=np.take_along_axis(levels(moves), place, axis=1), key=key)


# Customers ------------------------------------------------------------------------------------------------------------


def _felt(state: State, moves: Floats) -> State:
    """Let accounts compare what they meet with what they expect and with rivals; attitude and share follow slowly."""
    m = state.market
    personal = 1.2 * state.built[:, 1:2] * state.known  # who is known is served personally
    surveyed = np.where(lever(moves, "report") == 1, 0.3, 0.0)  # complaints that were heard are dealt with
    late = 0.6 * state.staff.swamped  # who fights with the system answers late
    experience = BASIC + m.responds * (FELT[state.level] + 1.6 * state.key + personal) + surveyed - late
    experience = np.clip(experience, 1.0, 10.0)
    c = satisfaction(experience, m.expects)
    attitude = state.attitude + 0.5 * (points(c, 0.6, 1.3) - state.attitude)
    better = (m.rivals[..., 0] > experience).astype(int) + (m.rivals[..., 1] > experience)
    aim = BY_RANK[better] + 0.10 * state.key + 0.05 * state.built[:, 1:2] * state.known
    share = state.share + 0.3 * (aim - state.share)
    risen = replace(state, satisfaction=c, attitude=attitude, share=np.clip(share, 0.0, 0.9))
    return replace(risen, risk=_leaving(risen))


def _leaving(state: State) -> Floats:
    """Return each account's risk of leaving in a quarter: by kind of loyalty, then by relationship type."""
    kind = dick_basu(state.attitude, 100 * state.share, 55.0, 35.0)
    left = state.market.left_by_level
    at = np.arange(len(left)) if len(left) > 1 else np.zeros(state.games, np.int64)
    eased = left[at[:, None], np.arange(left.shape[1])[None], state.level]
    return np.asarray(RISK[kind] * (1 + 0.6 * state.market.price) * eased * np.where(state.key, 0.5, 1.0))


def _traded(state: State, moves: Floats) -> tuple[State, dict[str, Floats]]:
    """Sell for a quarter; return who is left, and sales, margin, the cost of credit and bad debts, an entry a game."""
    m, days = state.market, lever(moves, "credit_days")
    open_ = state.seen_credit >= lever(moves, "credit_line")
    drawn = 1 + 0.40 * saturating(days, 30.0) * (0.5 + 0.5 * m.price)
    sales = state.active * state.wallet * state.share * np.where(open_, drawn, 0.9)
    fails = state.active & open_ & (days > 0) & (m.defaults[:, state.quarter] < failing(state))
    bad = np.where(fails, sales * (days + 45) / 90, 0.0)  # the credit period and what went on while it was overdue
    book = {
        "sales": sales.sum(axis=1),
        "margin": (sales * m.margin).sum(axis=1),
        "carrying": (sales * open_ * days).sum(axis=1) * DAY,
        "bad": bad.sum(axis=1),
        "failed": fails.sum(axis=1).astype(float),
    }
    return replace(state, active=state.active & ~fails), book


def _left(state: State) -> State:
    """Let accounts leave whose number of this quarter is below their risk."""
    gone = state.market.leaves[:, state.quarter] < state.risk
    return replace(state, active=state.active & ~gone)


def _won(state: State, moves: Floats) -> tuple[State, dict[str, Floats]]:
    """Win prospects; the better the records, the more valuable the ones that are spoken to first."""
    sure = state.known.mean(axis=1, keepdims=True)
    score = sure * value(state) / 40 + (1 - sure) * state.market.picks[:, state.quarter]
    wins = np.floor(won(lever(moves, "acquisition"), WINNING, 2.0) + 0.5)
    new = (_rank(score, state.prospect) < wins) & state.prospect
    grown = state.wallet * np.where(state.active | state.prospect, state.market.growth, 1.0)
    now = replace(state, active=state.active | new, prospect=state.prospect & ~new, wallet=grown)
    now = replace(now, share=np.where(new, 0.25, now.share), attitude=np.where(new, 55.0, now.attitude))
    counts = {"won": new.sum(axis=1), "accounts": now.active.sum(axis=1)}
    return now, {name: count.astype(float) for name, count in counts.items()}
