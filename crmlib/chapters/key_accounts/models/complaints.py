"""Complaints: causes by Pareto, time per step, the promise kept, recurrence, fairness and loyalty, the iceberg.

Counts are cases of a year, times days, money yuan. A case that is not finished has no total time. Fairness has three
kinds (Tax, Brown & Chandrashekaran 1998), each rated 1 to 5 by the customer. What silent customers do is an assumption.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints

CAUSES = {
    "install": N_("installation"),
    "late": N_("late delivery"),
    "quality": NC_("complaint", "product quality"),
    "manner": N_("manner of service"),
    "damage": N_("damage in transport"),
    "wrong": N_("wrong specification"),
    "bill": N_("billing error"),
}
STEPS = {
    "record": N_("record"),
    "judge": N_("judge"),
    "assign": N_("find department"),
    "analyse": N_("find cause"),
    "propose": N_("propose"),
    "carry": N_("carry out"),
    "review": NC_("complaint", "evaluate"),
}
JUSTICE = {"outcome": N_("outcome"), "process": N_("process"), "manner": N_("manner")}
FAIR = 3.0
"""A case is handled fairly if the mean of its three ratings is above this, the middle of the scale."""
TIME, ICEBERG = N_("Time and promise"), N_("Iceberg")


class ComplaintRule(Inputs):
    """What is counted, what was promised, and what is assumed of those who say nothing."""

    by: Literal["cases", "cost"] = setting(
        "cases",
        N_("Weigh causes by"),
        choices={"cases": N_("number of cases"), "cost": N_("cost of the failures")},
    )
    only: Literal["standing", "all"] = setting(
        "standing",
        N_("Count"),
        choices={"standing": N_("complaints that stand"), "all": N_("all complaints")},
    )
    line: float = setting(80, N_("Few causes make up"), low=50, high=95, step=5, unit="%")
    promise: float = setting(12, N_("Promised to settle within"), low=3, high=40, step=1, unit=N_("days"), group=TIME)
    step: Literal["record", "judge", "assign", "analyse", "propose", "carry", "review"] = setting(
        "assign", N_("Step that is made faster"), choices=dict(STEPS), group=TIME
    )
    faster: float = setting(0, N_("This step takes less by"), low=0, high=90, step=5, unit="%", group=TIME)
    voice: float = setting(
        10,
        N_("Of the dissatisfied so many complain"),
        low=1,
        high=100,
        step=1,
        unit="%",
        group=ICEBERG,
        help=N_("Differs from trade to trade; ask a sample of customers who did not complain."),
    )
    silent: float = setting(30, N_("Of the silent so many buy again"), low=0, high=100, step=5, unit="%", group=ICEBERG)
    margin: float = setting(
        300, N_("Margin of a customer who buys again"), low=10, high=3_000, step=10, unit=N_("yuan"), group=ICEBERG
    )
    mend: float = setting(
        0, N_("Of cases handled unfairly so many are handled fairly"), low=0, high=100, step=5, unit="%",
        group=ICEBERG,
    )  # fmt: skip

    def remarks(self) -> list[str]:
        """Say so where the step that is made faster does not matter."""
        if self.faster:
            return []
        said = _("“{input}” changes nothing as long as “{other}” is 0.")
        return [said.format(input=_("Step that is made faster"), other=_("This step takes less by"))]


@dataclass(frozen=True)
class Log:
    """The cases as arrays; a rating or an answer that is not there is nan."""

    cause: Ints
    stands: Bools
    days: Floats  # cases × steps, nan where a step was not reached
    cost: Floats
    paid: Floats
    again: Bools  # the same trouble once more
    fair: Floats  # cases × three kinds
    bought: Floats  # 1, 0 or nan


@dataclass(frozen=True)
class Handling:
    """What :func:`run` returns."""

    log: Log
    rule: ComplaintRule
    counted: Bools
    weights: Floats  # by cause, in the order of CAUSES
    total: Floats  # days of the finished cases counted
    kept: float  # share within the promise, nan without finished cases
    rebuy_fair: float
    rebuy_unfair: float
    unfair: int


def prepare(complaints: pd.DataFrame) -> Log:
    """Return the log of a table with the columns of ``data/complaints.yaml``.

    Raises:
        DataError: nobody complained.
    """
    if not len(complaints):
        raise DataError(_("There are no complaints in the log."))
    fair = complaints[[f"fair_{kind}" for kind in JUSTICE]].to_numpy(float, na_value=np.nan)
    return Log(
        complaints["cause"].map(list(CAUSES).index).to_numpy(np.int64),
        complaints["stands"].to_numpy(bool),
        complaints[[f"days_{step}" for step in STEPS]].to_numpy(float),
        complaints["cost"].to_numpy(float),
        complaints["paid"].to_numpy(float),
        complaints["again_same"].to_numpy(bool),
        fair,
        complaints["bought_again"].to_numpy(float, na_value=np.nan),
    )


def few(weights: Floats, line: float) -> int:
    """Return how many causes, the largest first, it takes to reach a share of the whole; the one that crosses counts.

    Args:
        weights: of the causes.
        line: %.

    >>> few(np.array([50.0, 30.0, 15.0, 5.0]), 80)
    2
    """
    order = np.sort(weights)[::-1]
    return int(np.searchsorted(np.cumsum(order) / order.sum(), line / 100 - 1e-9) + 1) if order.sum() > 0 else 0


def dissatisfied(complaints: float, voice: float) -> float:
    """Return how many are dissatisfied if so many % of them complain: complaints ÷ voice.

    >>> dissatisfied(50, 4)
    1250.0
    """
    return 100 * complaints / voice


def run(log: Log, rule: ComplaintRule) -> Handling:
    """Weigh causes, add up times and compare customers who were treated fairly with the others."""
    counted = log.stands | (rule.only == "all")
    each = log.cost if rule.by == "cost" else np.ones(len(log.cost))
    weights = np.bincount(log.cause, weights=each * counted, minlength=len(CAUSES)).astype(float)
    pace = np.ones(len(STEPS))
    pace[list(STEPS).index(rule.step)] -= rule.faster / 100
    done = counted & ~np.isnan(np.where(log.stands, log.days[:, -1], log.days[:, 1]))
    total = np.nansum(log.days[done] * pace, axis=1)
    mean = log.fair.mean(axis=1)
    told = counted & ~np.isnan(mean)
    well = told & (mean > FAIR)
    return Handling(
        log,
        rule,
        counted,
        weights,
        total,
        float((total <= rule.promise).mean()) if len(total) else float("nan"),
        _rebuy(log.bought[well]),
        _rebuy(log.bought[told & ~well]),
        round(int(counted.sum()) * float((told & ~well).sum()) / max(int(told.sum()), 1)),
    )


def _rebuy(bought: Floats) -> float:
    known = bought[~np.isnan(bought)]
    return float(known.mean()) if len(known) else float("nan")


def headline(h: Handling) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    rule, n = h.rule, int(h.counted.sum())
    silent = dissatisfied(n, rule.voice) - n
    gain = rule.mend / 100 * h.unfair * (h.rebuy_fair - h.rebuy_unfair) * rule.margin
    return {
        "cases": float(n),
        "few": float(few(h.weights, rule.line)),
        "kept": 100 * h.kept,
        "median_days": float(np.median(h.total)) if len(h.total) else float("nan"),
        "again": 100 * float(h.log.again[h.counted].mean()) if n else float("nan"),
        "rebuy_gap": 100 * (h.rebuy_fair - h.rebuy_unfair),
        "silent": silent,
        "silent_loss": silent * (1 - rule.silent / 100) * rule.margin / TEN_THOUSAND,
        "gain": gain,
    }


def listing(h: Handling) -> pd.DataFrame:
    """List the causes: columns cases counted, cost, weight, share in %, mean days and recurrence in %."""
    log, rows = h.log, []
    for place in range(len(CAUSES)):
        who = h.counted & (log.cause == place)
        days = np.nansum(log.days[who & ~np.isnan(log.days[:, -1])], axis=1)
        rows.append(
            (int(who.sum()), float(log.cost[who].sum()), h.weights[place],
             float(days.mean()) if len(days) else np.nan, 100 * float(log.again[who].mean()) if who.any() else np.nan)
        )  # fmt: skip
    columns = ["cases", "cost", "weight", "mean_days", "again_pct"]
    table = pd.DataFrame(rows, index=pd.Index(list(CAUSES), name="cause"), columns=columns)
    return table.assign(share_pct=100 * table["weight"] / max(table["weight"].sum(), 1e-12))


STUDY = Study(
    name="complaints",
    title=N_("Complaints"),
    datasets=("complaints",),
    inputs=ComplaintRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "cases": Measure(N_("Cases counted")),
        "few": Measure(N_("Causes that make up most")),
        "kept": Measure(N_("Promise kept"), "%", 1),
        "median_days": Measure(N_("Median time to settle"), N_("days"), 1),
        "again": Measure(N_("Same trouble again"), "%", 1),
        "rebuy_gap": Measure(N_("Fairly treated customers buy again more often by"), N_("percentage points"), 1),
        "silent": Measure(N_("Dissatisfied who say nothing")),
        "silent_loss": Measure(N_("Margin lost with the silent"), N_("10,000 yuan a year"), 1),
        "gain": Measure(N_("Margin kept by fair handling"), N_("yuan a year")),
    },
    textbook={"by": "cases", "line": 80.0},
    first=("by", "promise", "faster", "voice", "mend"),
)
