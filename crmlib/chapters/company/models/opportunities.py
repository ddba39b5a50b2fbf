"""Opportunities entered, put to the test: what grew by 65%?

The paper on company XX counts what was entered, 2,500 opportunities, 65% more, and calls it market opportunity. It does
not say how many were won. This model asks of two years, with the same time to follow up:

    counted = entered − repeats − entered with the contract already signed − empty
    win rate = won within the window ÷ counted
    difference of two rates ± 1.96 × √(p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂)

An opportunity that was entered less than the window before the extract has had no time to be won. It is left out,
and so is what was entered after the same day of the year before. The interval is the plain one by the normal curve.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

KINDS = {
    "counted": N_("counted"),
    "repeat": N_("repeats"),
    "late": N_("with the contract"),
    "empty": N_("empty"),
    "small": N_("below the least amount"),
}
"""What an entry is taken for; the first that applies, in the order late, repeat, empty, small."""
Z = 1.96


class CountRule(Inputs):
    """What counts as an opportunity, and how long it may take to be won."""

    drop_repeats: bool = setting(
        True,
        N_("Leave out repeats"),
        help=N_("The same customer and amount as an entry of the weeks before."),
    )
    drop_late: bool = setting(
        True,
        N_("Leave out entries made with the contract"),
        help=N_("Entered on the day of signing or later: nothing was foreseen."),
    )
    drop_empty: bool = setting(
        True,
        N_("Leave out empty entries"),
        help=N_("Without an amount and never followed up."),
    )
    window: int = setting(
        90,
        N_("Won within"),
        low=10,
        high=360,
        step=10,
        unit=N_("days"),
        help=N_("Both years get the same time. A longer window leaves fewer entries that have had it."),
    )
    repeat_days: int = setting(
        60,
        N_("A repeat follows within"),
        low=0,
        high=180,
        step=5,
        unit=N_("days"),
    )
    least: float = setting(
        0,
        N_("Least amount"),
        low=0,
        high=50,
        step=1,
        unit=N_("10,000 yuan"),
        help=N_("An entry without an amount is not below it."),
    )

    def remarks(self) -> list[str]:
        """Say which inputs do nothing as the others stand."""
        if self.drop_repeats:
            return []
        said = _("Repeats are counted: “{days}” changes nothing.")
        return [said.format(days=_("A repeat follows within"))]


@dataclass(frozen=True)
class Entries:
    """The entries of the two latest years, in order of entry."""

    years: tuple[int, int]
    late_year: Bools  # of the second year
    day: Ints  # of the year, from 1
    to_extract: Floats  # days from entry to the date of the extract
    to_close: Floats  # days from entry to winning, nan if not won
    amount: Floats
    actions: Ints
    since: Floats  # days since an entry of the same customer and amount, inf if there is none
    seller: Ints
    people: Labels
    frame: pd.DataFrame


@dataclass(frozen=True)
class Tested:
    """What :func:`test` returns; arrays run over the entries, pairs are of the two years."""

    entries: Entries
    rule: CountRule
    kind: Labels
    timely: Bools  # had the time of the window, in both years alike
    won: Bools  # within the window, before the extract
    difference: tuple[float, float, float]  # of the win rates in points: low, estimate, high


def prepare(opportunities: pd.DataFrame) -> Entries:
    """Return the entries of the two latest years. The extract is taken to be of its latest date.

    Raises:
        DataError: the entries are all of one year.
    """
    frame = opportunities.sort_values(["entered", "opportunity"], kind="stable").reset_index(drop=True)
    extract = frame[["entered", "closed"]].max().max()
    year = frame["entered"].dt.year
    known = sorted(year.unique())
    if len(known) < 2:
        raise DataError(_("All opportunities are of one year: there is nothing to compare with."))
    frame, years = frame[year >= known[-2]].reset_index(drop=True), (int(known[-2]), int(known[-1]))
    same = frame.groupby(["customer_id", "amount"])["entered"]
    since = (frame["entered"] - same.shift()).dt.days.to_numpy(float)
    won = (frame["state"] == "won").to_numpy(bool)
    seller, people = pd.factorize(frame["salesperson"], sort=True)
    return Entries(
        years,
        (frame["entered"].dt.year == years[1]).to_numpy(bool),
        frame["entered"].dt.day_of_year.to_numpy(np.int64),
        (extract - frame["entered"]).dt.days.to_numpy(float),
        np.where(won, (frame["closed"] - frame["entered"]).dt.days.to_numpy(float), np.nan),
        frame["amount"].to_numpy(float),
        frame["actions"].to_numpy(np.int64),
        np.where(np.isnan(since), np.inf, since),
        np.asarray(seller, np.int64),
        np.asarray(people, object),
        frame,
    )


def kinds(e: Entries, rule: CountRule) -> Labels:
    """Return what each entry is taken for."""
    late = (e.to_close <= 0) & rule.drop_late
    repeat = (e.since <= rule.repeat_days) & rule.drop_repeats
    empty = ~(e.amount > 0) & (e.actions == 0) & rule.drop_empty
    small = e.amount < rule.least
    return np.select([late, repeat, empty, small], ["late", "repeat", "empty", "small"], "counted").astype(object)


def difference(won: tuple[int, int], counted: tuple[int, int]) -> tuple[float, float, float]:
    """Return the second win rate less the first, in points, with the bounds of its 95% interval; nan without entries.

    >>> [round(x, 1) for x in difference((30, 40), (100, 200))]
    [-20.6, -10.0, 0.6]
    """
    if not all(counted):
        return math.nan, math.nan, math.nan
    p = [w / n for w, n in zip(won, counted, strict=True)]
    half = Z * sum(q * (1 - q) / n for q, n in zip(p, counted, strict=True)) ** 0.5
    d = p[1] - p[0]
    return 100 * (d - half), 100 * d, 100 * (d + half)


def test(e: Entries, rule: CountRule) -> Tested:
    """Count both years by the rule and compare their win rates."""
    kind = kinds(e, rule)
    first_late = e.day[e.late_year & (e.to_extract < rule.window)]
    cut = int(first_late.min()) if len(first_late) else 367
    timely = (e.day < cut) & (e.to_extract >= rule.window)
    won = timely & (e.to_close <= rule.window)
    counted = timely & (kind == "counted")
    pairs = [
        tuple(int((of & (e.late_year == year)).sum()) for year in (False, True)) for of in (won & counted, counted)
    ]
    return Tested(e, rule, kind, timely, won, difference(*pairs))  # type: ignore[arg-type]


def growth(before: float, now: float) -> float:
    """Return growth in per cent; nan from nothing.

    >>> growth(300, 495)
    65.0
    """
    return 100 * (now - before) / before if before else math.nan


def by_year(t: Tested, of: Bools, values: Floats | None = None) -> tuple[float, float]:
    """Return how many of the entries there are in each year, or the sum of their values."""
    what = np.ones(len(of)) if values is None else np.nan_to_num(values)
    before, now = (float(what[of & (t.entries.late_year == year)].sum()) for year in (False, True))
    return before, now


def steps(t: Tested) -> pd.DataFrame:
    """Return by year: entered, entered with time to be won, counted, won, and the amount won (10,000 yuan)."""
    counted = t.timely & (t.kind == "counted")
    every = np.ones(len(t.kind), bool)
    rows = {
        "entered": by_year(t, every),
        "timely": by_year(t, t.timely),
        "counted": by_year(t, counted),
        "won": by_year(t, counted & t.won),
        "amount": by_year(t, counted & t.won, t.entries.amount),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(t.entries.years)).rename_axis("step")


def headline(t: Tested) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    table = steps(t)
    rows = {name: (float(table.loc[name].iloc[0]), float(table.loc[name].iloc[1])) for name in table.index}
    rate = [100 * w / n if n else math.nan for w, n in zip(rows["won"], rows["counted"], strict=True)]
    return {
        "entered": growth(*rows["entered"]),
        "counted": growth(*rows["counted"]),
        "won": growth(*rows["won"]),
        "amount": growth(*rows["amount"]),
        "rate_before": rate[0],
        "rate_now": rate[1],
        "low": t.difference[0],
        "high": t.difference[2],
    }


def listing(t: Tested) -> pd.DataFrame:
    """List the entries with what they are taken for; index the opportunity."""
    columns = ["opportunity", "customer_id", "salesperson", "entered", "amount", "state"]
    return t.entries.frame[columns].assign(kind=t.kind, won_in_time=t.won).set_index("opportunity")


STUDY = Study(
    name="opportunity_test",
    title=N_("65% more opportunities, put to the test"),
    datasets=("crm_opportunities",),
    inputs=CountRule,
    prepare=prepare,
    run=test,
    headline=headline,
    listing=listing,
    measures={
        "entered": Measure(N_("Growth of what was entered"), "%", 1),
        "counted": Measure(N_("Growth of what counts"), "%", 1),
        "won": Measure(N_("Growth of what was won"), "%", 1),
        "amount": Measure(N_("Growth of the amount won"), "%", 1),
        "rate_before": Measure(N_("Win rate of the year before"), "%", 1),
        "rate_now": Measure(N_("Win rate of the latest year"), "%", 1),
        "low": Measure(N_("Change of the win rate, least"), N_("percentage points"), 1),
        "high": Measure(N_("Change of the win rate, most"), N_("percentage points"), 1),
    },
    textbook={"drop_repeats": False, "drop_late": False, "drop_empty": False},
)
