"""A service blueprint with numbers: where a journey fails, and where one yuan of prevention helps most.

A blueprint (Shostack 1984) is a table of steps in the order in which the customer goes through them. Conventions, all
of them the workbook's: steps fail independently; a failure that is not recovered on the spot spoils the journey; a
spoiled journey costs one fixed amount. A measure of prevention takes away a share of a step's failures for a monthly
cost. Probabilities and shares run from 0 to 1, money is in yuan a month, arrays run over the steps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

ZONES = ("customer", "front", "back", "support")
"""From top to bottom: the line of visibility runs below ``front``."""
SEEN = 2
"""So many zones lie above the line of visibility."""
MOST = 15
"""With more measures than these the best set is no longer sought by trying all of them."""


class BlueprintRule(Inputs):
    """How many journeys there are, what a spoiled one costs, and how measures are chosen."""

    journeys: float = setting(
        20_000, N_("Journeys"), low=1_000, high=100_000, step=1_000, unit=N_("a month"), group=N_("Situation")
    )
    busy: float = setting(
        1,
        N_("Failure probabilities times"),
        low=0.5,
        high=3,
        step=0.1,
        group=N_("Situation"),
        help=N_("Above 1 in a busy season; a probability never exceeds 1."),
    )
    recovery: float = setting(
        0,
        N_("Better recovery: of what is not recovered now"),
        low=0,
        high=90,
        step=5,
        unit="%",
        group=N_("Situation"),
        help=N_("Training and authority let staff recover this share of the failures that spoil a journey now."),
    )
    loss: float = setting(
        40,
        N_("Loss by a spoiled journey"),
        low=0,
        high=300,
        step=5,
        unit=N_("yuan"),
        group=N_("Situation"),
        help=N_("Repeated work, complaints, and what customers who stay away would have brought."),
    )
    budget: float = setting(
        35_000,
        N_("Budget for measures"),
        low=0,
        high=100_000,
        step=1_000,
        unit=N_("yuan a month"),
        group=N_("Measures"),
    )
    choose: Literal["best", "ratio", "riskiest", "cheapest"] = setting(
        "best",
        N_("Choose measures"),
        group=N_("Measures"),
        choices={
            "best": N_("the set with the largest net gain"),
            "ratio": N_("by gain per yuan"),
            "riskiest": N_("the most failures first"),
            "cheapest": N_("the cheapest first"),
        },
        help=N_("Except for the best set, measures are taken in this order as long as the budget allows."),
    )


@dataclass(frozen=True)
class Blueprint:
    """The steps of a service, in order; ``cost`` and ``cut`` are nan for a step without a measure."""

    steps: pd.DataFrame  # index the id; columns step, measure and whatever texts there are
    zone: Ints  # place in ZONES
    failure: Floats
    recovered: Floats
    cost: Floats
    cut: Floats


@dataclass(frozen=True)
class Journey:
    """What :func:`run` returns."""

    blueprint: Blueprint
    rule: BlueprintRule
    spoiled_now: Floats  # by step: a failure that is not recovered
    spoiled_then: Floats  # with the measures chosen
    gain: Floats  # yuan a month of each measure taken alone, before its cost; nan where there is none
    chosen: Bools

    @property
    def now(self) -> float:
        """Share of journeys that succeed now."""
        return success(self.spoiled_now)

    @property
    def then(self) -> float:
        """Share of journeys that succeed with the measures chosen."""
        return success(self.spoiled_then)

    @property
    def spent(self) -> float:
        """Yuan a month for the measures chosen."""
        return float(self.blueprint.cost[self.chosen].sum())


def prepare(steps: pd.DataFrame) -> Blueprint:
    """Return the blueprint of a table with the columns of ``data/service_steps.yaml``, in the order of its rows.

    Raises:
        DataError: there are no steps, a measure lacks its cost or its effect, or there are too many measures.
    """
    if not len(steps):
        raise DataError(_("The blueprint has no steps."))
    cost, cut = (steps[name].to_numpy(float, na_value=np.nan) for name in ("cost", "cut"))
    named = steps["measure"].fillna("").str.strip().ne("").to_numpy(bool)
    broken = (named != ~np.isnan(cost)) | (named != ~np.isnan(cut))
    if problems := list(_unfinished(steps["step_id"].to_numpy(object)[broken])):
        raise DataError(problems)
    if named.sum() > MOST:
        raise DataError(_("There are {n} measures; leave at most {most}.").format(n=int(named.sum()), most=MOST))
    texts = [c for c in steps.columns if c.startswith(("step", "standard", "evidence", "measure")) and c != "step_id"]
    return Blueprint(
        steps.set_index("step_id")[texts].fillna(""),
        np.array([ZONES.index(zone) for zone in steps["zone"]], dtype=np.int64),
        steps["failure"].to_numpy(float),
        steps["recovered"].to_numpy(float),
        cost,
        cut,
    )


def _unfinished(ids: Labels) -> Iterator[str]:
    for one in ids:
        yield _(
            "Step {id}: a measure needs its name, its cost and the share that it prevents, or none of them."
        ).format(id=one)


def spoiled(failure: Floats, recovered: Floats, busy: float = 1.0, recovery: float = 0.0) -> Floats:
    """Return the probability that a step spoils the journey: it fails and is not recovered, p·(1 − r).

    Args:
        failure: p, multiplied by ``busy`` and at most 1.
        recovered: r.
        recovery: share of the rest that is recovered in future, so that 1 − r becomes (1 − r)·(1 − recovery).

    >>> spoiled(np.array([0.10, 0.50]), np.array([0.40, 0.0]), busy=3).round(2).tolist()
    [0.18, 1.0]
    """
    return np.minimum(failure * busy, 1.0) * (1 - recovered) * (1 - recovery)


def success(spoiling: Floats) -> float:
    """Return the share of journeys in which no step is spoiled: Π (1 − u). Steps fail independently, a convention.

    >>> round(success(np.full(20, 0.02)), 3)  # 20 steps, each 98% sure
    0.668
    """
    return float(np.prod(1 - spoiling))


def along(spoiling: Floats) -> Floats:
    """Return the share of journeys that are still unspoiled after each step, from 1 before the first."""
    return np.concatenate([[1.0], np.cumprod(1 - spoiling)])


def gains(spoiling: Floats, cut: Floats, worth: float) -> Floats:
    """Return what each measure brings if it is taken alone; nan where there is none.

    With measure i the success S becomes S·(1 − u·(1 − cut)) ÷ (1 − u), for which the product without step i is taken,
    so that a step that always fails divides by nothing.

    Args:
        spoiling: u of each step.
        cut: share of a step's failures that its measure takes away.
        worth: yuan a month if all journeys succeed rather than none.
    """
    n = len(spoiling)
    rest = np.array([np.prod(np.delete(1 - spoiling, i)) for i in range(n)]) if n else np.zeros(0)
    return np.asarray(worth * rest * spoiling * cut)


def best_set(spoiling: Floats, cut: Floats, cost: Floats, worth: float, budget: float) -> Bools:
    """Return which measures together bring the largest net gain within the budget; every set is tried.

    Of sets with equal net gain the one found first is taken, which is the one with fewer of the later steps.
    """
    has = np.flatnonzero(~np.isnan(cost))
    sets = (np.arange(2 ** len(has))[:, None] >> np.arange(len(has))) & 1
    left = 1 - spoiling[has] * (1 - sets * cut[has])
    others = np.prod(np.delete(1 - spoiling, has))
    spent = sets @ cost[has]
    net = np.where(spent <= budget, worth * others * left.prod(axis=1) - spent, -np.inf)
    chosen = np.zeros(len(spoiling), dtype=bool)
    chosen[has] = sets[net.argmax()] > 0
    return chosen


def in_order(order: Ints, cost: Floats, budget: float) -> Bools:
    """Return which measures are taken if they are taken in an order, each that the rest of the budget allows."""
    chosen = np.zeros(len(cost), dtype=bool)
    for i in order.tolist():
        if not np.isnan(cost[i]) and cost[i] <= budget:
            chosen[i] = True
            budget -= cost[i]
    return chosen


def run(blueprint: Blueprint, rule: BlueprintRule) -> Journey:
    """Compute the journey now, choose measures by the rule, and compute it again."""
    now = spoiled(blueprint.failure, blueprint.recovered, rule.busy, rule.recovery / 100)
    worth = rule.journeys * rule.loss
    gain = gains(now, blueprint.cut, worth)
    if rule.choose == "best":
        chosen = best_set(now, blueprint.cut, blueprint.cost, worth, rule.budget)
    else:
        free = np.where(blueprint.cost > 0, blueprint.cost, 1e-9)
        key = {"ratio": -gain / free, "riskiest": -now, "cheapest": blueprint.cost}[rule.choose]
        chosen = in_order(np.argsort(key, kind="stable"), blueprint.cost, rule.budget)
    then = np.where(chosen, now * (1 - np.nan_to_num(blueprint.cut)), now)
    return Journey(blueprint, rule, now, then, gain, chosen)


def headline(j: Journey) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    avoided = (j.then - j.now) * j.rule.journeys
    hidden = j.spoiled_now[j.blueprint.zone >= SEEN].sum()
    total = j.spoiled_now.sum()
    return {
        "success_now": 100 * j.now,
        "success_then": 100 * j.then,
        "spoiled_now": (1 - j.now) * j.rule.journeys,
        "avoided": avoided,
        "measures": float(j.chosen.sum()),
        "spent": j.spent,
        "net_gain": avoided * j.rule.loss - j.spent,
        "hidden": 100 * float(hidden / total) if total else float("nan"),
    }


def listing(j: Journey) -> pd.DataFrame:
    """List the steps: index the id; columns name, zone, probabilities in %, measure, cost, gain and whether taken."""
    steps = j.blueprint.steps
    columns = {
        "step": steps["step"],
        "zone": np.array(ZONES)[j.blueprint.zone],
        "spoiled_now_pct": 100 * j.spoiled_now,
        "spoiled_then_pct": 100 * j.spoiled_then,
        "measure": steps["measure"],
        "cost": j.blueprint.cost,
        "gain": j.gain,
        "chosen": j.chosen,
    }
    return pd.DataFrame(columns, index=steps.index)


STUDY = Study(
    name="blueprint",
    title=N_("Service blueprint"),
    datasets=("service_steps",),
    inputs=BlueprintRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "success_now": Measure(N_("Journeys that succeed now"), "%", 1),
        "success_then": Measure(N_("Journeys that succeed with the measures"), "%", 1),
        "spoiled_now": Measure(N_("Spoiled journeys now"), N_("a month")),
        "avoided": Measure(N_("Spoiled journeys avoided"), N_("a month")),
        "measures": Measure(N_("Measures taken")),
        "spent": Measure(N_("Spent on measures"), N_("yuan a month")),
        "net_gain": Measure(N_("Net gain of the measures"), N_("yuan a month")),
        "hidden": Measure(N_("Share of failures behind the line of visibility"), "%", 1),
    },
    textbook={"busy": 1.0, "recovery": 0.0, "choose": "riskiest"},
    first=("busy", "recovery", "loss", "budget", "choose"),
)
