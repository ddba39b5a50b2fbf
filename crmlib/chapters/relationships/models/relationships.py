"""Which of five relationship types for which account: Kotler's matrix, what a type is worth, and the best mix.

The matrix is Kotler's (2000, *Marketing Management*): number of customers × unit margin. It gives no borders, no
cost and no effect: those here are teaching assumptions, and every one is an input. The value of a type is a customer
lifetime value with the margin multiple of Gupta & Lehmann (2005); see :func:`worth`. The best mix is in
:mod:`crmlib.chapters.relationships.models.service`.

Money is in 万元 (10,000 yuan), margins per unit and cost per hour in yuan, rates are shares of one per year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.relationships.models.service import Mix, best_level, best_mix, steps, swappable
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels
from crmlib.formulas.lifetime import multiple, upkeep
from crmlib.formulas.scores import tier_of

TYPES = (N_("basic"), N_("reactive"), N_("accountable"), N_("proactive"), N_("partnership"))
APART = len(TYPES)
"""Place of an account whose retention is not known: no worth can be computed, so it is kept apart and counted."""

MARGINS = (N_("high margin"), N_("medium margin"), N_("low margin"))
NUMBERS = (N_("many customers"), N_("medium number"), N_("few customers"))
MATRIX = ((2, 1, 0), (3, 2, 1), (4, 3, 2))
"""Kotler's matrix: row of :data:`NUMBERS`, column of :data:`MARGINS` → place in :data:`TYPES`. The cell of many
customers at a low margin reads “basic or reactive”; which of the two is an input."""
EFFORT = N_("Hours and cost")


class ServicePlan(Inputs):
    """Where the matrix is cut, what each type costs and keeps, and how many hours there are."""

    many_from: int = setting(50, N_("Many customers from"), low=2, high=200, step=1, unit=N_("accounts in the segment"))
    medium_from: int = setting(
        20,
        N_("Medium number from"),
        low=1,
        high=199,
        step=1,
        unit=N_("accounts in the segment"),
        help=N_("Below it are few customers. All accounts of the segment count, also those listed separately."),
    )
    high_margin: float = setting(40, N_("High unit margin from"), low=1, high=200, step=1, unit=N_("yuan per unit"))
    medium_margin: float = setting(
        12,
        N_("Medium unit margin from"),
        low=0,
        high=199,
        step=1,
        unit=N_("yuan per unit"),
        help=N_("Below it margins are low, zero and losses included."),
    )
    boundary: Literal["upper", "lower"] = setting(
        "upper",
        N_("A figure equal to a border"),
        choices={"upper": N_("belongs above it"), "lower": N_("belongs below it")},
        help=N_("For the number of customers and for the unit margin."),
    )
    many_low: Literal["basic", "reactive"] = setting(
        "basic",
        N_("Many customers at a low margin"),
        choices={"basic": N_("basic"), "reactive": N_("reactive")},
        help=N_("The textbook says “basic or reactive”."),
    )
    budget: int = setting(3900, N_("Hours in the year"), low=0, high=12_000, step=100, unit=N_("hours"), group=EFFORT)
    cost_per_hour: float = setting(250, N_("Cost of an hour"), low=0, high=1000, step=10, unit=N_("yuan"), group=EFFORT)
    reactive_hours: int = setting(3, N_("Reactive"), low=1, high=40, step=1, unit=N_("hours a year"), group=EFFORT)
    accountable_hours: int = setting(
        10, N_("Accountable"), low=2, high=80, step=1, unit=N_("hours a year"), group=EFFORT
    )
    proactive_hours: int = setting(30, N_("Proactive"), low=3, high=160, step=1, unit=N_("hours a year"), group=EFFORT)
    partnership_hours: int = setting(
        150,
        N_("Partnership"),
        low=10,
        high=400,
        step=5,
        unit=N_("hours a year"),
        group=EFFORT,
        help=N_("Hours for one account in a year; basic takes none. The four must rise. Teaching assumption."),
    )
    manager_hours: int = setting(
        1300,
        N_("Hours per relationship manager"),
        low=400,
        high=2400,
        step=50,
        unit=N_("hours a year"),
        group=EFFORT,
        help=N_("Hours with customers, without travel and office work."),
    )
    cost_years: Literal["always", "once"] = setting(
        "always",
        N_("Service is paid for"),
        group=EFFORT,
        choices={"always": N_("every year the customer stays"), "once": N_("this year only")},
        help=N_(
            "Always: at the start of each year. Once: the gain goes on and the cost does not, "
            "which overstates the value."
        ),
    )
    reactive_effect: float = setting(
        0.10, N_("Reactive: risk of leaving falls by"), low=0, high=0.9, step=0.01, group=N_("Effect")
    )
    accountable_effect: float = setting(
        0.22, N_("Accountable: risk of leaving falls by"), low=0, high=0.9, step=0.01, group=N_("Effect")
    )
    proactive_effect: float = setting(
        0.34, N_("Proactive: risk of leaving falls by"), low=0, high=0.9, step=0.01, group=N_("Effect")
    )
    partnership_effect: float = setting(
        0.46,
        N_("Partnership: risk of leaving falls by"),
        low=0,
        high=0.9,
        step=0.01,
        group=N_("Effect"),
        help=N_("Share of the risk of leaving under basic that is removed. They may not fall. Teaching assumption."),
    )
    price_damping: float = setting(
        0.3,
        N_("Largest share of the effect lost to price sensitivity"),
        low=0,
        high=1,
        step=0.05,
        group=N_("Effect"),
        help=N_("Share lost by an account that looks at nothing but the price. Teaching assumption."),
    )
    discount: float = setting(0.10, N_("Discount rate per year"), low=0.01, high=0.5, step=0.01, group=N_("Effect"))
    first_margin: Literal["end", "now"] = setting(
        "end",
        N_("The first margin comes"),
        group=N_("Effect"),
        choices={"end": N_("at the end of the year, if the customer stays"), "now": N_("now, for certain")},
        help=N_("Now: the margin multiple is exactly one higher. The best mix stays the same."),
    )
    margin_fall: float = setting(
        0,
        N_("Price war: margins fall by"),
        low=0,
        high=60,
        step=1,
        unit="%",
        group=N_("Risk"),
        help=N_("Per cent of each margin; a loss grows by as much."),
    )
    growth_counted: float = setting(
        0,
        N_("Share of the growth within reach that is counted"),
        low=0,
        high=1,
        step=0.05,
        group=N_("Risk"),
        help=N_("Added to the yearly margin in proportion."),
    )
    largest: int = setting(
        8,
        N_("Partners by the paper's rule: number of largest accounts"),
        low=0,
        high=20,
        step=1,
        unit=N_("accounts"),
        help=N_("The paper on building relationships begins with the five to ten largest customers."),
    )
    unusual_growth: float = setting(
        40, N_("… and those whose growth within reach is at least"), low=0, high=100, step=1, unit="%"
    )

    def hours(self) -> Ints:
        """Return the hours of each type in a year, basic first."""
        rising = [self.reactive_hours, self.accountable_hours, self.proactive_hours, self.partnership_hours]
        return np.array([0, *rising], dtype=np.int64)

    def effects(self) -> Floats:
        """Return the share of the risk of leaving that each type removes, basic first."""
        given = [self.reactive_effect, self.accountable_effect, self.proactive_effect, self.partnership_effect]
        return np.array([0.0, *given])

    def costs(self) -> Floats:
        """Return what each type costs in a year (万元)."""
        return np.asarray(self.hours() * self.cost_per_hour / TEN_THOUSAND)

    def matrix(self) -> Ints:
        """Return Kotler's matrix with the open cell filled in."""
        cells = np.array(MATRIX, dtype=np.int64)
        cells[0, 2] = TYPES.index(self.many_low)
        return cells

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse borders out of order, hours that do not rise, and effects that fall."""
        if self.medium_from >= self.many_from:
            yield "medium_from", _("“Medium” must begin below “many”, which begins at {n}.").format(n=self.many_from)
        if self.medium_margin >= self.high_margin:
            said = _("“Medium margin” must begin below “high margin”, which begins at {n:g}.")
            yield "medium_margin", said.format(n=self.high_margin)
        for (low, at_low), (high, at_high) in pairwise(zip(TYPES, self.hours().tolist(), strict=True)):
            if at_high <= at_low:
                said = _("Hours must rise from type to type: {high} ({more}) must be above {low} ({less}).")
                yield f"{high}_hours", said.format(high=_(high), more=at_high, low=_(low), less=at_low)
        for (low, at_low), (high, at_high) in pairwise(zip(TYPES, self.effects().tolist(), strict=True)):
            if at_high < at_low:
                said = _("A closer type may not have a smaller effect: {high} ({more:g}) is below {low} ({less:g}).")
                yield f"{high}_effect", said.format(high=_(high), more=at_high, low=_(low), less=at_low)

    def remarks(self) -> list[str]:
        """Say so when the effect of an hour does not diminish from type to type, and when nothing moves by a choice."""
        said = []
        per_hour = np.diff(self.effects()) / np.diff(self.hours())
        if not (np.diff(per_hour) <= 1e-12).all():
            said.append(
                _(
                    "An hour has more effect at a closer type than at the one before it: the effect "
                    "does not diminish here."
                )
            )
        if self.first_margin == "now":
            said.append(
                _("The first margin now adds the same value under every type: gains and the best mix stay as they are.")
            )
        return said


@dataclass(frozen=True)
class Accounts:
    """The accounts as arrays, an entry each; retention is nan where it is not known."""

    table: pd.DataFrame  # index account_id; the columns of data/accounts.yaml
    segment: Labels
    in_segment: Ints
    unit_margin: Floats  # yuan
    margin: Floats  # 万元 a year
    risk: Floats  # of leaving within a year, 0–1
    growth: Floats  # share of the present volume
    sensitivity: Floats
    hours: Floats
    type: Ints
    known: Bools


@dataclass(frozen=True)
class Allocation:
    """What :func:`allocate` returns. ``values`` (accounts × types, 万元) is zero for an account kept apart."""

    accounts: Accounts
    policy: ServicePlan
    row: Ints  # of the matrix
    column: Ints
    matrix: Ints  # type by the matrix
    margin: Floats  # 万元 a year, after price war and growth
    retention: Floats  # accounts × types
    values: Floats
    now: Floats  # worth of each account as it is served today, 万元
    unlimited: Ints  # best type if hours are free to spend
    mix: Mix
    swappable: Bools


def prepare(table: pd.DataFrame) -> Accounts:
    """Turn the table of accounts into arrays.

    The worth of an account goes by its yearly margin as given, its place in the matrix by its margin per unit; the
    two are not checked against each other.

    Raises:
        DataError: no account has a retention rate.
    """
    risk = 1 - table["retention"].to_numpy(float, na_value=np.nan)
    if np.isnan(risk).all():
        raise DataError(_("No account has a retention rate, so no relationship can be valued."))
    return Accounts(
        table=table.set_index("account_id"),
        segment=table["segment"].to_numpy(object),
        in_segment=table.groupby("segment")["segment"].transform("size").to_numpy(dtype=np.int64),
        unit_margin=table["unit_margin"].to_numpy(float),
        margin=table["margin"].to_numpy(float),
        risk=risk,
        growth=table["growth"].to_numpy(float) / 100,
        sensitivity=table["price_sensitivity"].to_numpy(float),
        hours=table["hours"].to_numpy(float),
        type=table["relationship"].map(TYPES.index).to_numpy(np.int64),
        known=~np.isnan(risk),
    )


def band(values: Floats | Ints, borders: tuple[float, float], boundary: str = "upper") -> Ints:
    """Return the band of each value: 0 the highest, 1 the middle, 2 the lowest.

    Args:
        values: number of customers, or margin per unit.
        borders: where the highest and where the middle band begin, falling.
        boundary: ``"upper"`` puts a value equal to a border into the band above it, ``"lower"`` into the one below.

    >>> band(np.array([60, 50, 49]), (50, 20)).tolist(), band(np.array([60, 50, 49]), (50, 20), "lower").tolist()
    ([0, 0, 1], [0, 1, 1])
    """
    # Rounded first, so that a margin cut in a price war is not decided by its last binary digit.
    return tier_of(np.round(values, 6), np.array(borders, float), boundary)


def risk_by_type(risk: Floats, now: Ints, effects: Floats, sensitivity: Floats, damping: float) -> Floats:
    """Return the risk of leaving of each account (row) under each type (column).

    The risk an account shows is that under its present type. Each type takes its share off the risk under basic, so
    risk under L = present risk × (1 − effect of L) ÷ (1 − effect of the present type), at most one. An effect is
    first lessened by damping × price sensitivity. Teaching assumption; the gain diminishes as retention nears one.

    >>> risk_by_type(np.array([0.18]), np.array([1]), np.array([0, 0.1, 0.5]), np.zeros(1), 0).round(6).tolist()
    [[0.2, 0.18, 0.1]]
    """
    left = 1 - effects * (1 - damping * sensitivity)[:, None]
    return np.minimum(risk[:, None] * left / left[np.arange(len(risk)), now][:, None], 1.0)


def felt(policy: ServicePlan, sensitivity: float) -> Floats:
    """Return the share of the risk under basic that each type removes for an account of this price sensitivity."""
    return np.asarray(policy.effects() * (1 - policy.price_damping * sensitivity))


def worth(margin: Floats, retention: Floats, cost: Floats, policy: ServicePlan) -> Floats:
    """Return what an account is worth under a type (万元): margin × margin multiple − service cost × upkeep multiple.

    The arrays broadcast. Negative where the service costs more than the margin brings.
    """
    earned = margin * multiple(retention, policy.discount, policy.first_margin)
    return np.asarray(earned - cost * upkeep(retention, policy.discount, policy.cost_years))


def break_even_margin(low: float, high: float, cost: float, policy: ServicePlan) -> float:
    """Return the yearly margin (万元) from which a service of yearly ``cost`` pays that lifts retention low → high.

    From margin × (multiple(high) − multiple(low)) = cost × upkeep(high). The service below it is taken as free.

    Raises:
        ValueError: retention does not rise.
    """
    if high <= low:
        raise ValueError("retention must rise")
    at = np.array([low, high])
    gained = np.diff(multiple(at, policy.discount))[0]
    return float(cost * upkeep(at, policy.discount, policy.cost_years)[1] / gained)


def allocate(accounts: Accounts, policy: ServicePlan) -> Allocation:
    """Place every account in the matrix, value it under each type, and find the best mix under the budget."""
    a = accounts
    unit_margin = a.unit_margin - policy.margin_fall / 100 * np.abs(a.unit_margin)
    margin = (a.margin - policy.margin_fall / 100 * np.abs(a.margin)) * (1 + policy.growth_counted * a.growth)
    row = band(a.in_segment, (policy.many_from, policy.medium_from), policy.boundary)
    column = band(unit_margin, (policy.high_margin, policy.medium_margin), policy.boundary)
    risk = np.where(a.known, a.risk, 1.0)
    retention = 1 - risk_by_type(risk, a.type, policy.effects(), a.sensitivity, policy.price_damping)
    known = a.known[:, None]
    values = np.where(known, worth(margin[:, None], retention, policy.costs(), policy), 0.0)
    now = np.where(a.known, worth(margin, 1 - risk, a.hours * policy.cost_per_hour / TEN_THOUSAND, policy), 0.0)
    mix = best_mix(values, policy.hours(), policy.budget)
    return Allocation(
        accounts=a,
        policy=policy,
        row=row,
        column=column,
        matrix=policy.matrix()[row, column],
        margin=margin,
        retention=np.where(known, retention, 0.0),
        values=values,
        now=now,
        unlimited=best_level(values),
        mix=mix,
        swappable=swappable(values, mix.level) & a.known,
    )


def value_of(p: Allocation, types: Ints) -> float:
    """Return the worth (万元) of all accounts that can be valued, each served by its type."""
    return float(p.values[np.arange(len(types)), types].sum())


def hours_of(p: Allocation, types: Ints) -> int:
    """Return the hours a year that the types take for the accounts that can be valued."""
    return int(p.policy.hours()[types][p.accounts.known].sum())


def by_type(p: Allocation, types: Ints) -> Ints:
    """Return the number of accounts of each of :data:`TYPES`, among those that can be valued."""
    return np.bincount(types[p.accounts.known], minlength=len(TYPES))


def frontier(p: Allocation) -> tuple[Floats, Floats]:
    """Return hours and the most worth over all basic (万元) that they can bring, from no hours to all that pay.

    Each point is the exact optimum for its hours. Straight lines between them are an upper bound, never further off
    than one step.
    """
    path = steps(p.values, p.policy.hours())
    return np.append(0.0, np.cumsum(path.hours)), np.append(0.0, np.cumsum(path.gain))


def matched_mix(p: Allocation) -> Mix:
    """Return the best mix with as many hours as the matrix takes, for a fair comparison."""
    return best_mix(p.values, p.policy.hours(), hours_of(p, p.matrix))


def for_all(p: Allocation) -> pd.DataFrame:
    """Return what each type costs and brings if every account that can be valued got it.

    Returns:
        A row each of :data:`TYPES`; ``hours`` and ``cost`` (万元) a year, ``gain`` (万元) over everybody at basic.
    """
    n, values = int(p.accounts.known.sum()), p.values.sum(axis=0)
    columns = {"hours": p.policy.hours() * n, "cost": p.policy.costs() * n, "gain": values - values[0]}
    return pd.DataFrame(columns, index=pd.Index(TYPES, name="type"))


def partners_by_paper(p: Allocation) -> Bools:
    """Say whom the paper on building relationships would pick: the largest by margin, then those with unusual growth.

    Equal margins keep the order of the table; an account without a margin is never picked. Retention is not asked.
    """
    by_size = np.argsort(-p.accounts.margin, kind="stable")
    picked = np.zeros(len(by_size), dtype=bool)
    picked[by_size[: p.policy.largest]] = True
    picked |= p.accounts.growth >= p.policy.unusual_growth / 100
    return picked & (p.accounts.margin > 0)


def partners_by_plan(p: Allocation) -> Bools:
    """Say which accounts are partners in the best mix."""
    return np.asarray((p.mix.level == TYPES.index("partnership")) & p.accounts.known)


def managers(hours: float, policy: ServicePlan) -> int:
    """Return how many relationship managers the hours take, whole persons."""
    return int(np.ceil(hours / policy.manager_hours))


def listing(p: Allocation) -> pd.DataFrame:
    """Return the year's plan, an account a row, the most hours first, then the largest gain over basic.

    Returns:
        Index ``account_id``; the columns of the data, then ``matrix_type``, ``planned_type`` (empty if kept apart),
        ``planned_hours``, ``planned_retention``, ``gain`` over basic (万元), ``sheet_partner``, ``swappable``.
    """
    a, level = p.accounts, p.mix.level
    rows = np.arange(len(level))
    names = np.array([*TYPES, ""], dtype=object)
    listed = a.table.assign(
        matrix_type=names[p.matrix],
        planned_type=names[np.where(a.known, level, APART)],
        planned_hours=np.where(a.known, p.policy.hours()[level], 0),
        planned_retention=np.where(a.known, p.retention[rows, level].round(4), np.nan),
        gain=(p.values[rows, level] - p.values[:, 0]).round(4),
        sheet_partner=partners_by_paper(p),
        swappable=p.swappable,
    )
    return listed.sort_values(["planned_hours", "gain"], ascending=False, kind="stable")


def headline(p: Allocation) -> dict[str, float]:
    """Return the headline figures of a plan; see :data:`STUDY` for their names and units."""
    all_basic = float(p.values[:, 0].sum())
    everyone = for_all(p).iloc[-1].to_dict()
    return {
        "plan_gain": p.mix.value - all_basic,
        "now_gain": float(p.now.sum() - all_basic),
        "matrix_gain": value_of(p, p.matrix * p.accounts.known) - all_basic,
        "plan_hours": float(p.mix.hours),
        "matrix_hours": float(hours_of(p, p.matrix)),
        "hour_rate": p.mix.rate * TEN_THOUSAND,
        "partners": float(partners_by_plan(p).sum()),
        "sheet_partners": float(partners_by_paper(p).sum()),
        "both_partners": float((partners_by_paper(p) & partners_by_plan(p)).sum()),
        "managers": float(managers(p.mix.hours, p.policy)),
        "all_partner_cost": everyone["cost"],
        "below_zero": float((p.margin < 0).sum()),
        "apart": float((~p.accounts.known).sum()),
        "swappable": float(p.swappable.sum()),
    }


STUDY = Study(
    name="relationships",
    title=N_("Relationship types"),
    datasets=("accounts",),
    inputs=ServicePlan,
    prepare=prepare,
    run=allocate,
    headline=headline,
    listing=lambda p: listing(p).reset_index(),
    measures={
        "plan_gain": Measure(N_("Best mix: gain over all basic"), N_("10,000 yuan")),
        "now_gain": Measure(N_("As served now: gain over all basic"), N_("10,000 yuan")),
        "matrix_gain": Measure(N_("By the matrix: gain over all basic"), N_("10,000 yuan")),
        "plan_hours": Measure(N_("Hours the best mix uses"), N_("hours")),
        "matrix_hours": Measure(N_("Hours the matrix asks for"), N_("hours")),
        "hour_rate": Measure(N_("Net gain from one more hour a year"), N_("yuan")),
        "partners": Measure(N_("Partners in the best mix"), N_("accounts")),
        "sheet_partners": Measure(
            N_("Partners by the paper's rule: the largest and those of unusual growth"), N_("accounts")
        ),
        "both_partners": Measure(N_("Partners by the paper's rule and in the best mix"), N_("accounts")),
        "managers": Measure(N_("Relationship managers needed"), N_("persons")),
        "all_partner_cost": Measure(N_("A partnership for all costs a year"), N_("10,000 yuan")),
        "below_zero": Measure(N_("Accounts with a negative margin"), N_("accounts")),
        "apart": Measure(N_("Listed separately: retention rate not known"), N_("accounts")),
        "swappable": Measure(N_("Ties: could be swapped with a twin at another type"), N_("accounts")),
    },
    textbook={"price_damping": 0.0, "many_low": "reactive"},
    first=("budget", "many_from", "high_margin", "discount", "margin_fall"),
)
