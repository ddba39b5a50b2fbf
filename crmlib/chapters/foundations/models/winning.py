"""How a yearly budget is best divided between winning new customers and keeping the present ones.

The response curves are those of Blattberg & Deighton (1996): what is won and what is kept rises with the money spent,
by less and less, towards a ceiling. The curve of winning goes through what the panel shows; that of keeping begins at
the retention rate it shows. Ceilings and the money that takes keeping half-way are judgements, and every one is an
input. The value of a customer is that of Gupta & Lehmann (2005); see :mod:`crmlib.formulas.lifetime`.

Money is in yuan, rates are shares of one per year inside and per cent in the inputs.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.foundations.models.panel import (
    DATA,
    Members,
    Panel,
    joined_by_year,
    prepare,
    refunds_setting,
    retention_by_year,
    unit_setting,
)
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, ratio
from crmlib.formulas.lifetime import break_even, multiple

SHARES = np.arange(101) / 100
"""The divisions of the budget that are tried: the share for keeping."""
POINT, POINTS = 0.01, 0.05
PLANS = (N_("plan A"), N_("plan B"), N_("plan C"))
"""Names of plans of which only one can be chosen."""
NOTHING = 1e-12
"""A yuan that keeps less of a customer than this keeps nobody."""
TIME = N_("Time and discount")


class BudgetPlan(Inputs):
    """How large the budget is, how it is divided, and how customers answer to it."""

    budget: float = setting(300_000, N_("Budget of a year"), low=0, high=800_000, step=10_000, unit=N_("yuan"))
    keep_share: float = setting(
        20,
        N_("Share of the budget for keeping"),
        low=0,
        high=100,
        step=1,
        unit="%",
        help=N_("The rest is spent on winning new customers."),
    )
    reach: float = setting(
        50,
        N_("Leavers who could be kept at all"),
        low=0,
        high=90,
        step=5,
        unit="%",
        group=N_("Response"),
        help=N_("The others move away, fall ill or find no time: no money keeps them. Teaching assumption."),
    )
    half: float = setting(
        90,
        N_("Spending on a customer that keeps half of those"),
        low=10,
        high=500,
        step=5,
        unit=N_("yuan a year"),
        group=N_("Response"),
        help=N_("Twice as much keeps three quarters of them, and so on. Teaching assumption."),
    )
    ceiling: float = setting(
        2,
        N_("Most that can be won, as a multiple of last year's"),
        low=1.1,
        high=5,
        step=0.1,
        group=N_("Response"),
        help=N_("However much is spent. The curve goes through what was spent and won last year."),
    )
    years: int = setting(5, N_("Years looked ahead"), low=1, high=15, step=1, unit=N_("years"), group=TIME)
    discount: float = setting(10, N_("Discount rate per year"), low=4, high=30, step=1, unit="%", group=TIME)
    growth: float = setting(
        0,
        N_("Margin grows with each year a customer stays"),
        low=0,
        high=3,
        step=0.5,
        unit="%",
        group=TIME,
    )
    first_margin: Literal["end", "now"] = setting(
        "end",
        N_("A new customer's first margin comes"),
        group=TIME,
        choices={"end": N_("at the end of the first year, if she stays"), "now": N_("when she joins, for certain")},
        help=N_("Books differ. The margin multiple of Gupta and Lehmann (2005) goes with the first."),
    )
    unit: Literal["household", "account"] = unit_setting()  # type: ignore[assignment]
    refunds: Literal["deducted", "ignored"] = refunds_setting()  # type: ignore[assignment]
    period: Literal["last", "all"] = setting(
        "last",
        N_("Margin and retention rate are those of"),
        group=DATA,
        choices={"last": N_("the last year"), "all": N_("all years")},
        help=N_("All years mix the fees before and after the rise."),
    )


@dataclass(frozen=True)
class Base:
    """What the panel says of customers today; money in yuan."""

    customers: float
    margin: float
    retention: float
    spent: float  # on winning, a year
    won: float  # customers a year


@dataclass(frozen=True)
class Answer:
    """What a plan comes to; arrays run over the years, ``values`` over :data:`SHARES`."""

    plan: BudgetPlan
    base: Base
    each: float  # spent on keeping a customer in the first year
    retention: float
    won: float
    win_cost: float  # of one customer won, on average
    win_more: float  # of one more customer won
    keep_more: float  # of one more customer kept; infinite where none can be
    customers: Floats  # from today on
    values: Floats  # present value by the share for keeping
    clv: float
    break_even: float


def base_of(panel: Panel, plan: BudgetPlan) -> Base:
    """Return what the panel shows: of the last year, or of all years together.

    Raises:
        DataError: nobody joined, or no cost of winning is known, so that no curve can go through it.
    """
    members = panel.members[plan.unit]
    at = slice(-1, None) if plan.period == "last" else slice(None)
    present, margin = members.present[:, at], members.margin(plan.refunds)[:, at]
    joined, spent = joined_by_year(members)[at], members.won_cost[:, 1:].sum(0)[at]
    if not joined.sum() or not spent.sum():
        raise DataError(_("Column won_cost: no customer was won at a known cost, so winning cannot be valued."))
    return Base(
        customers=float(members.present[:, -1].sum()),
        margin=float(margin.sum() / present.sum()),
        retention=_pooled(members, plan.period),
        spent=float(spent.mean()),
        won=float(joined.mean()),
    )


def _pooled(members: Members, period: str) -> float:
    """Return the retention rate of the last year, or of all years with their customers as weights."""
    rates, here = retention_by_year(members), members.present[:, :-1].sum(0)
    return float(rates[-1] if period == "last" else rates @ here / here.sum())


def kept(each: Floats | float, retention: float, reach: float, half: float) -> Floats:
    """Return the retention rate when so much is spent on each customer a year.

    Of those who would leave, the share ``reach`` (0–1) can be kept; ``half`` yuan keep half of them, twice as much
    three quarters: 1 − (1 − r)(1 − reach × (1 − 2^(−each ÷ half))).

    >>> kept(np.array([0.0, 90.0, 180.0]), 0.8, 0.5, 90.0).round(4).tolist()
    [0.8, 0.85, 0.875]
    """
    return np.asarray(1 - (1 - retention) * (1 - reach * (1 - 2 ** (-np.asarray(each, float) / half))))


def won(spent: Floats | float, base: Base, ceiling: float) -> Floats:
    """Return how many are won by so much money a year; the curve goes through what was spent and won last year.

    ceiling × (1 − (1 − 1 ÷ ceiling)^(spent ÷ spent last year)) times what was won last year.

    >>> won(np.array([0.0, 100.0, 200.0]), Base(0, 0, 0, spent=100.0, won=50.0), 2.0).tolist()
    [0.0, 50.0, 75.0]
    """
    return np.asarray(base.won * ceiling * (1 - (1 - 1 / ceiling) ** (np.asarray(spent, float) / base.spent)))


def ahead(base: Base, plan: BudgetPlan, shares: Floats) -> tuple[Floats, Floats]:
    """Return customers (years + 1 × shares) and the present value of margins less budgets, by the share for keeping.

    Convention: the budget is spent at the start of each year, half-years are not told apart; stayers pay at the end of
    it, and so do new ones if their first margin comes when they join, else a year later if they stay. Years beyond the
    last one do not count. A share of the budget is divided by the customers there are at the start of the year.
    """
    i, g, reach = plan.discount / 100, plan.growth / 100, plan.reach / 100
    new = won((1 - shares) * plan.budget, base, plan.ceiling)
    count, due = np.full(len(shares), base.customers), np.full(len(shares), base.customers * base.margin)
    seen, value = [count], np.zeros(len(shares))
    for year in range(1, plan.years + 1):
        rate = kept(shares * plan.budget / np.maximum(count, 1e-9), base.retention, reach, plan.half)
        paid, joined = due * rate, new * base.margin * (plan.first_margin == "now")
        value += (paid + joined) / (1 + i) ** year - plan.budget / (1 + i) ** (year - 1)
        due = paid * (1 + g) + (joined * (1 + g) if plan.first_margin == "now" else new * base.margin)
        count = count * rate + new
        seen.append(count)
    return np.array(seen), value


def run(panel: Panel, plan: BudgetPlan) -> Answer:
    """Work out a plan: what it wins and keeps, what that costs, and what it is worth beside every other division."""
    base = base_of(panel, plan)
    share, reach = plan.keep_share / 100, plan.reach / 100
    keep, win = share * plan.budget, (1 - share) * plan.budget
    each = keep / base.customers
    rate = float(kept(each, base.retention, reach, plan.half))
    new = float(won(win, base, plan.ceiling))
    slope = (1 - base.retention) * reach * np.log(2) / plan.half * 2 ** (-each / plan.half)
    reached = base.won * plan.ceiling * -np.log(1 - 1 / plan.ceiling) / base.spent  # won by the first yuan
    more = 1 / (reached * (1 - 1 / plan.ceiling) ** (win / base.spent))
    cost = win / new if new else 1 / reached
    customers, _value = ahead(base, plan, np.array([share]))
    i, g = plan.discount / 100, plan.growth / 100
    left = base.margin - each
    return Answer(
        plan=plan,
        base=base,
        each=each,
        retention=rate,
        won=new,
        win_cost=cost,
        win_more=float(more),
        keep_more=float(1 / slope) if slope > NOTHING else np.inf,
        customers=customers[:, 0],
        values=ahead(base, plan, SHARES)[1],
        clv=left * float(multiple(np.array(rate), i, plan.first_margin, g)),
        break_even=break_even(cost, left, i, plan.first_margin, g),
    )


def point_value(answer: Answer) -> float:
    """Return what one more point of retention adds to the value of the customers there are today (yuan)."""
    return answer.base.customers * answer.base.margin * (_worth(answer, POINT) - _worth(answer, 0.0))


def _worth(answer: Answer, more: float, first: str = "end") -> float:
    """Return the margin multiple with so much more retention, which stops at 1."""
    rate = np.array(min(answer.retention + more, 1.0))
    return float(multiple(rate, answer.plan.discount / 100, first, answer.plan.growth / 100))


def five_points(retention: Floats, discount: float, first: str = "end", growth: float = 0.0) -> Floats:
    """Return by how much five more points of retention raise the value of a customer (%).

    The claim of Reichheld & Sasser (1990) is about this value. It holds for a constant margin and nothing paid for the
    points; a retention rate above 95% rises to 100%. nan where the value is zero before.

    >>> five_points(np.array([0.75]), 0.10).round(2).tolist()
    [24.44]
    """
    before, after = (multiple(np.minimum(retention + more, 1.0), discount, first, growth) for more in (0.0, POINTS))
    return 100 * (ratio(after, before) - 1)


def headline(answer: Answer) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    plan = answer.plan
    rate = np.array([answer.retention])
    best = int(np.argmax(answer.values))
    return {
        "retention": 100 * answer.retention,
        "won": answer.won,
        "clv": answer.clv,
        "break_even": 100 * answer.break_even,
        "times_average": answer.win_cost / answer.each if answer.each else float("nan"),
        "times_margin": answer.win_more / answer.keep_more,
        "point_value": point_value(answer),
        "five_points": float(five_points(rate, plan.discount / 100, plan.first_margin, plan.growth / 100)[0]),
        "end_customers": float(answer.customers[-1]),
        "value": float(np.interp(plan.keep_share / 100, SHARES, answer.values)),
        "best_share": 100 * float(SHARES[best]),
    }


def listing(answer: Answer) -> pd.DataFrame:
    """List the divisions of the budget: index the share for keeping (%); columns money for each and the value."""
    budget = answer.plan.budget
    columns = {"keeping": SHARES * budget, "winning": (1 - SHARES) * budget, "value": answer.values}
    return pd.DataFrame(columns, index=pd.Index(np.arange(len(SHARES)), name="keep_share")).round(0)


STUDY = Study(
    name="winning",
    title=N_("Winning and keeping"),
    datasets=("members",),
    inputs=BudgetPlan,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "retention": Measure(N_("Retention rate"), "%", 1),
        "won": Measure(N_("Won in a year"), N_("customers")),
        "clv": Measure(N_("CLV of a new customer"), N_("yuan")),
        "break_even": Measure(N_("Retention rate at which winning breaks even"), "%", 1),
        "times_average": Measure(N_("Winning one is dearer than keeping one: on average"), N_("times"), 1),
        "times_margin": Measure(N_("… one more of each"), N_("times"), 2),
        "point_value": Measure(N_("One more point of retention is worth"), N_("yuan")),
        "five_points": Measure(N_("Five more points raise a customer's value by"), "%", 1),
        "end_customers": Measure(N_("Customers at the end"), N_("customers")),
        "value": Measure(N_("Present value of the plan"), N_("yuan")),
        "best_share": Measure(N_("Best share for keeping"), "%"),
    },
    textbook={"keep_share": 100},
    first=("budget", "keep_share", "reach", "half", "years"),
)
