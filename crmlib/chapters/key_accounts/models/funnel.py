"""The sales funnel: stages, conversion, weighted pipeline, ageing, capacity of the salespeople.

Conversion of a stage = opportunities that passed it ÷ opportunities whose fate in it is known (passed or lost there).
Where nobody has got so far the conversion is unknown, and what stands there has no weight; where some were lost and
nobody passed, it is zero. Money is in yuan, times in days, arrays run over the stages or over the opportunities.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels, ratio

STAGES = {
    "lead": NC_("stage", "lead"),
    "qualified": N_("qualified"),
    "visited": N_("visited"),
    "quoted": N_("quoted"),
    "negotiated": N_("negotiating"),
}
HOURS = np.array([0.5, 1.0, 2.5, 2.0, 4.0])
"""Hours a week that an open opportunity takes in each stage: teaching assumptions."""
TARGET, PEOPLE = N_("Target and ageing"), N_("Salespeople")


class FunnelRule(Inputs):
    """What is wanted, when an opportunity is called stuck, and how much time there is."""

    target: float = setting(
        5_000_000, N_("Sales target"), low=500_000, high=20_000_000, step=250_000, unit=N_("yuan"), group=TARGET
    )
    stuck: float = setting(
        2,
        N_("Stuck after so many times the usual days"),
        low=1,
        high=5,
        step=0.25,
        group=TARGET,
        help=N_("Usual are the median days of those that passed the stage."),
    )
    worth: float = setting(
        100,
        N_("A stuck opportunity keeps of its probability"),
        low=0,
        high=100,
        step=10,
        unit="%",
        group=TARGET,
    )
    better: Literal["lead", "qualified", "visited", "quoted", "negotiated"] = setting(
        "visited", N_("Stage that is improved"), choices=dict(STAGES), group=N_("Improvement")
    )
    lift: float = setting(
        0, N_("Conversion of this stage rises by"), low=0, high=30, step=1, unit=N_("percentage points"),
        group=N_("Improvement"),
    )  # fmt: skip
    people: float = setting(6, N_("Salespeople at work"), low=1, high=20, step=1, group=PEOPLE)
    hours: float = setting(
        22, N_("Hours for selling"), low=5, high=40, step=1, unit=N_("a person and week"), group=PEOPLE
    )

    def remarks(self) -> list[str]:
        """Say so where the stage that is improved does not matter."""
        if self.lift:
            return []
        said = _("“{input}” changes nothing as long as “{other}” is 0.")
        return [said.format(input=_("Stage that is improved"), other=_("Conversion of this stage rises by"))]


@dataclass(frozen=True)
class Pipeline:
    """Counts of all opportunities by stage, and those that are open."""

    came: Ints  # reached the stage
    passed: Ints
    dropped: Ints
    usual: Floats  # median days of those that passed; nan where nobody did
    stage: Ints  # of the open ones
    amount: Floats
    days: Floats  # in the present stage
    names: Labels
    people: Labels


@dataclass(frozen=True)
class Funnel:
    """What :func:`run` returns."""

    pipeline: Pipeline
    rule: FunnelRule
    conversion: Floats  # by stage, 0–1, nan where unknown
    to_win: Floats  # by stage: the product from there to the end
    stuck: Bools  # by open opportunity
    weight: Floats  # by open opportunity: probability, 0 where unknown


def prepare(opportunities: pd.DataFrame) -> Pipeline:
    """Count the opportunities of a table with the columns of ``data/opportunities.yaml``.

    Raises:
        DataError: there are none, or an open one has no days in its stage.
    """
    if not len(opportunities):
        raise DataError(_("There are no opportunities."))
    names = list(STAGES)
    at = opportunities["stage"].map(names.index).to_numpy(np.int64)
    status = opportunities["status"].to_numpy(object)
    days = opportunities[[f"days_{name}" for name in names]].to_numpy(float, na_value=np.nan)
    here = days[np.arange(len(at)), at]
    is_open, won = status == "open", status == "won"
    missing = opportunities["opportunity_id"].to_numpy(object)[is_open & np.isnan(here)]
    if len(missing):
        said = _("Opportunity {id} is open, but the days in its stage are missing.")
        raise DataError([said.format(id=one) for one in missing])
    through = np.where(won, len(names), at)
    passed = np.arange(len(names)) < through[:, None]
    usual = [float(np.nanmedian(days[ok, k])) if (ok := passed[:, k] & ~np.isnan(days[:, k])).any() else np.nan
             for k in range(len(names))]  # fmt: skip
    count = [np.bincount(at[who], minlength=len(names)) for who in (status == "lost", is_open)]
    return Pipeline(
        passed.sum(axis=0) + count[0] + count[1],
        passed.sum(axis=0),
        count[0],
        np.array(usual),
        at[is_open],
        opportunities["amount"].to_numpy(float)[is_open],
        here[is_open],
        opportunities["opportunity_id"].to_numpy(object)[is_open],
        opportunities["salesperson"].to_numpy(object)[is_open],
    )


def conversions(passed: Ints, dropped: Ints) -> Floats:
    """Return passed ÷ (passed + lost) of each stage; nan where nobody's fate is known.

    >>> conversions(np.array([60, 30, 0, 0]), np.array([40, 30, 5, 0])).tolist()
    [0.6, 0.5, 0.0, nan]
    """
    return ratio(passed, passed + dropped)


def chances(conversion: Floats) -> Floats:
    """Return the chance to win from each stage on: the product of its own and all later conversions.

    It is nan where one of them is not known, and yet 0 where one is zero, whatever the others are.

    >>> chances(np.array([0.5, 0.4, 0.8])).round(2).tolist()
    [0.16, 0.32, 0.8]
    >>> chances(np.array([0.5, 0.0, np.nan])).tolist()
    [0.0, 0.0, nan]
    """
    later = conversion[::-1]
    nothing = np.logical_or.accumulate(later == 0)
    return np.asarray(np.where(nothing, 0.0, np.cumprod(later))[::-1])


def weighted(amount: Floats, chance: Floats) -> float:
    """Return the weighted pipeline: Σ amount × chance. An unknown chance weighs nothing.

    >>> weighted(np.array([100.0, 200.0, 50.0]), np.array([0.2, 0.5, np.nan]))
    120.0
    """
    return float(amount @ np.nan_to_num(chance))


def run(pipeline: Pipeline, rule: FunnelRule) -> Funnel:
    """Value the open opportunities by the conversion of the past."""
    conversion = conversions(pipeline.passed, pipeline.dropped)
    place = list(STAGES).index(rule.better)
    conversion[place] = min(conversion[place] + rule.lift / 100, 1.0)
    to_win = chances(conversion)
    stuck = pipeline.days > rule.stuck * pipeline.usual[pipeline.stage]
    weight = np.nan_to_num(to_win[pipeline.stage]) * np.where(stuck, rule.worth / 100, 1.0)
    return Funnel(pipeline, rule, conversion, to_win, stuck, weight)


def needed_hours(f: Funnel) -> float:
    """Return the hours a week that all open opportunities take."""
    return float(HOURS[f.pipeline.stage].sum())


def headline(f: Funnel) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    p, rule = f.pipeline, f.rule
    worth = weighted(p.amount, f.weight)
    known = ~np.isnan(f.conversion)
    return {
        "open": float(len(p.amount)),
        "pipeline": float(p.amount.sum()),
        "weighted": worth,
        "coverage": 100 * worth / rule.target,
        "to_win": 100 * float(f.to_win[0]),
        "lowest": 100 * float(f.conversion[known].min()) if known.any() else float("nan"),
        "held_up": float(f.stuck.sum()),
        "busy": 100 * needed_hours(f) / (rule.people * rule.hours),
    }


def listing(f: Funnel) -> pd.DataFrame:
    """List the open opportunities: columns stage, salesperson, amount, days, usual days, probability, stuck."""
    p = f.pipeline
    columns = {
        "stage": np.array(list(STAGES))[p.stage],
        "salesperson": p.people,
        "amount": p.amount,
        "days": p.days,
        "usual_days": p.usual[p.stage],
        "probability_pct": 100 * f.weight,
        "stuck": f.stuck,
    }
    return pd.DataFrame(columns, index=pd.Index(p.names, name="opportunity"))


STUDY = Study(
    name="funnel",
    title=N_("Sales funnel"),
    datasets=("opportunities",),
    inputs=FunnelRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "open": Measure(N_("Open opportunities")),
        "pipeline": Measure(N_("Pipeline, unweighted"), N_("yuan")),
        "weighted": Measure(N_("Weighted pipeline"), N_("yuan")),
        "coverage": Measure(N_("Target covered"), "%", 1),
        "to_win": Measure(N_("Leads that are won"), "%", 1),
        "lowest": Measure(N_("Lowest conversion of a stage"), "%", 1),
        "held_up": Measure(N_("Stuck opportunities")),
        "busy": Measure(N_("Selling time needed"), "%", 0),
    },
    textbook={"worth": 100.0, "lift": 0.0},
    first=("target", "stuck", "worth", "lift", "people"),
)
