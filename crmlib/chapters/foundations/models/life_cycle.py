"""The customer life cycle in a panel: stages by dealings, profit by stage, five patterns of profit, when to stop.

The four stages are those usual in textbooks, after Dwyer, Schurr & Oh (1987): exploration, formation, stability and
decline. How they are told from figures is the workbook's own rule: a customer's fees against those of the median
customer of the year, so that a rise of all fees makes nobody grow, and their change against the year before.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.foundations.models.panel import (
    DATA,
    Members,
    Panel,
    prepare,
    refunds_setting,
    unit_setting,
)
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels, ratio

STAGES = (N_("exploration"), N_("formation"), N_("stability"), N_("decline"))
EXPLORATION, FORMATION, STABILITY, DECLINE = range(len(STAGES))
PATTERNS = (N_("ended early"), N_("broken off"), N_("left too soon"), N_("stayed long"), N_("lost money"))
EARLY, BROKEN, SOON, LONG, LOSS = range(len(PATTERNS))
OPEN = len(PATTERNS)
"""Of a customer whose relationship goes on and may still become any pattern."""
UNPLACED = -1
LONGEST = 3
"""Years of decline in a row that are told apart: one, two, three and more."""


class LifeRule(Inputs):
    """How stages are told from the fees of a customer, what makes a long stay, and what care costs in decline."""

    rise: float = setting(15, N_("Formation: fees rise by at least"), low=5, high=60, step=1, unit="%")
    fall: float = setting(15, N_("Decline: fees fall by at least"), low=5, high=60, step=1, unit="%")
    steady_from: float = setting(
        75,
        N_("Stability: fees of at least"),
        low=30,
        high=120,
        step=5,
        unit=N_("% of the median customer"),
        help=N_("Fees are compared with the median customer of the year, so that a rise of all fees moves nobody."),
    )
    long_from: int = setting(
        2,
        N_("A long stay: stable for at least"),
        low=1,
        high=4,
        step=1,
        unit=N_("years"),
    )
    care: float = setting(
        250,
        N_("Care for a customer in decline costs"),
        low=0,
        high=1500,
        step=10,
        unit=N_("yuan a year"),
        help=N_("Calls, a trainer's time, small gifts. Teaching assumption."),
    )
    unknown: Literal["left_out", "first_seen"] = setting(
        "left_out",
        N_("Customers of unknown start are"),
        group=DATA,
        choices={"left_out": N_("left out"), "first_seen": N_("taken to begin when first seen")},
        help=N_("Their first year in the books is not their first year as customers."),
    )
    unit: Literal["household", "account"] = unit_setting()  # type: ignore[assignment]
    refunds: Literal["deducted", "ignored"] = refunds_setting()  # type: ignore[assignment]


@dataclass(frozen=True)
class Lives:
    """What :func:`run` returns; matrices run over customers × years."""

    rule: LifeRule
    years: Ints
    ids: Labels
    start: Floats
    margin: Floats  # yuan, nan where the customer is not there
    stage: Ints  # UNPLACED where none is told
    profit: Floats  # of each customer over all years, less what winning cost
    pattern: Ints  # UNPLACED where the beginning is not in the panel, OPEN where nothing is decided
    left_out: int


def told(level: Floats, started: Bools, rise: float, fall: float, steady_from: float) -> Ints:
    """Return the stage of each customer in each year, :data:`UNPLACED` where none can be told.

    In this order: exploration in the first year; formation where the level has risen by at least ``rise``; decline
    where it has fallen by at least ``fall``; stability at a level of at least ``steady_from``; below it decline where
    it was once that high, else exploration. Without the year before only the first rule and that of stability serve.

    Args:
        level: fees ÷ those of the median customer of the year, nan where the customer is not there.
        started: whether the year is the customer's first.
        rise, fall, steady_from: shares of one.
    """
    before = np.column_stack([np.full(len(level), np.nan), level[:, :-1]])
    highest = np.fmax.accumulate(np.nan_to_num(level), axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.round(level / before - 1, 9)
        rules = [
            (started, EXPLORATION),
            (change >= rise, FORMATION),
            (change <= -fall, DECLINE),
            (level >= steady_from, STABILITY),
            (~np.isnan(change) & (highest >= steady_from), DECLINE),
            (~np.isnan(change), EXPLORATION),
        ]
    stage = np.select([rule for rule, _stage in rules], [found for _rule, found in rules], UNPLACED)
    return np.where(np.isnan(level), UNPLACED, stage)


def levels(members: Members) -> Floats:
    """Return fees ÷ those of the median customer of the same year; nan where a customer is not there."""
    fees = np.where(members.present, members.fees, np.nan)
    median = np.array([np.median(column[~np.isnan(column)]) if (~np.isnan(column)).any() else 0.0 for column in fees.T])
    return fees / np.where(median > 0, median, np.nan)


def run(panel: Panel, rule: LifeRule) -> Lives:
    """Place the customers in stages and patterns.

    Raises:
        DataError: no customer has a known start and could be placed.
    """
    members = panel.members[rule.unit]
    first_seen = panel.years[np.argmax(members.present, axis=1)]
    start = members.start
    if rule.unknown == "first_seen":
        start = np.where(np.isnan(start), first_seen, start)
    known = ~np.isnan(start)
    if not known.any():
        raise DataError(_("Column joined: no customer has a year of joining, so that no life cycle can be followed."))
    level = np.where(known[:, None], levels(members), np.nan)
    started = members.present & (panel.years == start[:, None])
    stage = told(level, started, rule.rise / 100, rule.fall / 100, rule.steady_from / 100)
    money = members.margin(rule.refunds)
    margin = np.where(members.present & known[:, None], money, np.nan)
    profit = (money - members.won_cost).sum(1)
    whole = known & (start >= panel.years[0]) & (start == first_seen)
    return Lives(
        rule=rule,
        years=panel.years,
        ids=members.ids,
        start=start,
        margin=margin,
        stage=stage,
        profit=profit,
        pattern=np.where(whole, patterns(stage, members.present, profit, rule.long_from), UNPLACED),
        left_out=int((~known).sum()),
    )


def patterns(stage: Ints, present: Bools, profit: Floats, long_from: int) -> Ints:
    """Return the pattern of each customer whose whole life is in the panel.

    Lost money: three years or more in the books, and less earned than spent. Else stayed long: stable for
    ``long_from`` years or more. Of those who have left: ended early without growing, broken off before they were
    stable, left too soon after. Who is still there and none of these is :data:`OPEN`. The first four are usual in
    Chinese textbooks as patterns of the life cycle; the fifth is the workbook's, after Reinartz & Kumar (2002).
    """
    years, stable = present.sum(1), (stage == STABILITY).sum(1)
    grown = ((stage == FORMATION) | (stage == STABILITY)).any(1)
    gone = ~present[:, -1]
    rules = [
        ((years >= 3) & (profit < 0), LOSS),
        (stable >= long_from, LONG),
        (gone & ~grown, EARLY),
        (gone & (stable == 0), BROKEN),
        (gone, SOON),
    ]
    return np.select([rule for rule, _pattern in rules], [found for _rule, found in rules], OPEN)


def by_stage(lives: Lives) -> pd.DataFrame:
    """Return customer-years, their share (%) and the mean profit of a year (yuan) of each stage."""
    placed = lives.stage != UNPLACED
    n = np.bincount(lives.stage[placed], minlength=len(STAGES))
    total = np.bincount(lives.stage[placed], weights=lives.margin[placed], minlength=len(STAGES))
    mean = ratio(total, n)
    share = 100 * n / max(n.sum(), 1)
    return pd.DataFrame({"years": n, "share": share, "profit": mean}, index=pd.Index(STAGES, name="stage"))


def by_tenure(lives: Lives, most: int = 8) -> pd.DataFrame:
    """Return customers and mean profit (yuan) by the year of the relationship; the last row has all later ones."""
    tenure = np.clip(lives.years - lives.start[:, None], 0, most - 1)
    there = ~np.isnan(lives.margin)
    place = tenure[there].astype(np.int64)
    n = np.bincount(place, minlength=most)
    total = np.bincount(place, weights=lives.margin[there], minlength=most)
    mean = ratio(total, n)
    return pd.DataFrame({"customers": n, "profit": mean}, index=pd.Index(range(1, most + 1), name="year"))


def by_pattern(lives: Lives) -> pd.DataFrame:
    """Return customers and the mean profit of a whole relationship (yuan), by pattern; last those still open."""
    counted = lives.pattern != UNPLACED
    names = (*PATTERNS, N_("still open"))
    n = np.bincount(lives.pattern[counted], minlength=len(names))
    total = np.bincount(lives.pattern[counted], weights=lives.profit[counted], minlength=len(names))
    mean = ratio(total, n)
    return pd.DataFrame({"customers": n, "profit": mean}, index=pd.Index(names, name="pattern"))


def in_decline(stage: Ints) -> Ints:
    """Return for how many years in a row each customer has been in decline, up to that year; 0 outside decline.

    >>> in_decline(np.array([[2, 3, 3, 2, 3]])).tolist()
    [[0, 1, 2, 0, 1]]
    """
    run_of = np.zeros_like(stage)
    for year in range(stage.shape[1]):
        before = run_of[:, year - 1] if year else 0
        run_of[:, year] = np.where(stage[:, year] == DECLINE, before + 1, 0)
    return run_of


def after_decline(lives: Lives) -> pd.DataFrame:
    """Return what comes in the year after one, two, three and more years of decline.

    Columns: customers, who came back to formation or stability (%), who left (%), mean profit of the year after (yuan),
    those who left counted with nothing. The last year has none after it and is not counted.
    """
    run_of = np.minimum(in_decline(lives.stage)[:, :-1], LONGEST)
    later, stage = lives.margin[:, 1:], lives.stage[:, 1:]
    rows = []
    for years in range(1, LONGEST + 1):
        at = run_of == years
        n = int(at.sum())
        back, left = np.isin(stage[at], (FORMATION, STABILITY)), np.isnan(later[at])
        figures = [100 * back.mean(), 100 * left.mean(), np.nan_to_num(later[at]).mean()] if n else [np.nan] * 3
        rows.append([n, *figures])
    columns = ["customers", "back", "left", "profit"]
    return pd.DataFrame(rows, index=pd.Index(range(1, LONGEST + 1), name="declined"), columns=columns)


def stop_after(expected: Floats, care: float) -> float:
    """Return after how many years of decline care no longer pays: the first whose expected profit is below its cost.

    Args:
        expected: mean profit of the year after one, two, … years of decline, yuan.
        care: what a year of care costs, yuan.

    Returns:
        The number of years; nan where care always pays.

    >>> stop_after(np.array([400.0, 300.0, 120.0]), 250.0)
    3.0
    """
    too_little = np.flatnonzero(expected < care)
    return float(too_little[0] + 1) if too_little.size else float("nan")


def headline(lives: Lives) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    profit, table = by_stage(lives)["profit"], by_pattern(lives)
    decided = table["customers"].iloc[:OPEN].sum()
    after = after_decline(lives)

    def share(pattern: int) -> float:
        return float(100 * table["customers"].iloc[pattern] / decided) if decided else float("nan")

    return {
        **{f"profit_{stage}": float(profit[stage]) for stage in STAGES},
        "early_share": share(EARLY),
        "long_share": share(LONG),
        "loss_share": share(LOSS),
        "next_profit": float(after["profit"].iloc[0]),
        "stop_after": stop_after(after["profit"].to_numpy(float), lives.rule.care),
        "left_out": float(lives.left_out),
    }


def listing(lives: Lives) -> pd.DataFrame:
    """List the customers whose whole life is in the panel: index the id; columns joining year, profit and pattern."""
    at = np.flatnonzero(lives.pattern != UNPLACED)
    names = np.array([*PATTERNS, "still open"])
    joined, found = lives.start[at].astype(np.int64), names[lives.pattern[at]]
    columns = {"joined": joined, "profit": lives.profit[at], "pattern": found}
    return pd.DataFrame(columns, index=pd.Index(lives.ids[at], name="customer"))


STUDY = Study(
    name="life_cycle",
    title=N_("Customer life cycle"),
    datasets=("members",),
    inputs=LifeRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "profit_exploration": Measure(N_("Profit of a year: exploration"), N_("yuan")),
        "profit_formation": Measure(N_("Profit of a year: formation"), N_("yuan")),
        "profit_stability": Measure(N_("Profit of a year: stability"), N_("yuan")),
        "profit_decline": Measure(N_("Profit of a year: decline"), N_("yuan")),
        "early_share": Measure(N_("Relationships that ended early"), "%", 1),
        "long_share": Measure(N_("Relationships that lasted long"), "%", 1),
        "loss_share": Measure(N_("Relationships that lost money"), "%", 1),
        "next_profit": Measure(N_("Expected profit of the year after a first decline"), N_("yuan")),
        "stop_after": Measure(N_("Care no longer pays after decline of"), N_("years")),
        "left_out": Measure(N_("Left out: start not known"), N_("customers")),
    },
    first=("rise", "fall", "steady_from", "long_from", "care"),
)
