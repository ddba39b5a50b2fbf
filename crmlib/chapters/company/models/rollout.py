"""Phases against all at once: cost, benefit and risk of a CRM project by quarter.

The paper on company XX says that the project was begun everywhere at once and must be done in phases; it computes
nothing. This model does, with teaching assumptions that are all inputs or stand in the table of modules. It works with
expected values: ``held[m]`` is the probability that module *m* has taken hold.

    load of a quarter = Σ effort × (1 − held) over the modules begun
    chance = best chance × min(1, capacity ÷ load) ** strain
    held after the quarter = held + (1 − held) × chance
    benefit of the next quarter = Σ benefit × held of the module and of all that it needs × usable data

A module that has not taken hold is begun again in the next quarter and costs a part of its price once more. Days above
the capacity are lost to selling. What is at risk is the money laid out for modules that have not taken hold. Money is
in 10,000 yuan, not discounted.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints

PEOPLE, COST = N_("People"), N_("Cost")


class RolloutPlan(Inputs):
    """What the organisation can take, and what its work is worth."""

    capacity: float = setting(
        6,
        N_("Days a salesperson can give in a quarter"),
        low=1,
        high=40,
        step=1,
        unit=N_("days"),
        help=N_("For learning, entering data and changed work. Above it, modules take hold less often."),
    )
    data: int = setting(
        60,
        N_("Usable data"),
        low=0,
        high=100,
        step=5,
        unit="%",
        help=N_("Benefits are in proportion to it; see the audit of the extract."),
    )
    quarters: int = setting(12, N_("Quarters counted"), low=4, high=20, step=1, unit=N_("quarters"))
    delay: int = setting(
        0,
        N_("Quarters between phases"),
        low=0,
        high=3,
        step=1,
        unit=N_("quarters"),
        help=N_("Additional ones, before each further phase. A phase that is never reached costs and brings nothing."),
    )
    best_chance: int = setting(
        90,
        N_("Best chance of taking hold in a quarter"),
        low=10,
        high=100,
        step=5,
        unit="%",
        group=PEOPLE,
        help=N_("With time enough. Training, help and top managers raise it."),
    )
    strain: float = setting(
        0.5,
        N_("How much overload harms"),
        low=0,
        high=2,
        step=0.25,
        group=PEOPLE,
        help=N_("0: not at all; 1: twice the load, half the chance; 0.5 lies between."),
    )
    people: int = setting(40, N_("Salespeople"), low=5, high=300, step=5, unit=N_("people"), group=PEOPLE)
    day: float = setting(
        0.05,
        N_("Sales margin lost with a day above the capacity"),
        low=0,
        high=0.5,
        step=0.01,
        unit=N_("10,000 yuan"),
        group=COST,
    )
    again: int = setting(50, N_("Cost of beginning a module again"), low=0, high=100, step=5, unit="%", group=COST)
    overrun: int = setting(0, N_("Modules cost more than planned by"), low=-20, high=100, step=5, unit="%", group=COST)


@dataclass(frozen=True)
class Modules:
    """The modules, in the order of the table. ``needed[i, j]``: module *i* needs *j*, directly or by way of others."""

    cost: Floats
    effort: Floats
    benefit: Floats
    phase: Ints
    needed: Bools


@dataclass(frozen=True)
class Course:
    """One way of going about it, by quarter (quarters): money in 10,000 yuan."""

    cost: Floats
    benefit: Floats
    load: Floats
    at_risk: Floats
    held: Floats  # quarters × modules, at the end of the quarter

    @property
    def net(self) -> Floats:
        """Benefit less cost, added up."""
        return np.asarray(np.cumsum(self.benefit - self.cost))


@dataclass(frozen=True)
class Rollout:
    """What :func:`compare` returns: the two courses under the same assumptions."""

    plan: RolloutPlan
    phased: Course
    at_once: Course


def prepare(modules: pd.DataFrame) -> Modules:
    """Return the modules with all that each of them needs.

    Raises:
        DataError: a module needs one that there is not, needs itself in a circle, or comes before what it needs.
    """
    if not len(modules):
        raise DataError(_("There is no module in the table."))
    ids = list(modules["module_id"])
    needed = np.zeros((len(ids), len(ids)), bool)
    phase = modules["phase"].to_numpy(np.int64)
    for i, want in enumerate(modules["needs"]):
        if pd.isna(want) or not str(want).strip():
            continue
        if want not in ids:
            raise DataError(
                _("Module {module} needs {needs}, which is not in the table.").format(module=ids[i], needs=want)
            )
        needed[i, ids.index(want)] = True
        if phase[ids.index(want)] > phase[i]:
            said = _("Module {module} begins before {needs}, which it needs.")
            raise DataError(said.format(module=ids[i], needs=want))
    for _step in ids:
        needed |= (needed.astype(int) @ needed.astype(int)) > 0
    if needed.diagonal().any():
        module = ids[int(np.argmax(needed.diagonal()))]
        raise DataError(_("Module {module} needs itself, by way of others.").format(module=module))
    cost, effort, benefit = (modules[name].to_numpy(float) for name in ("cost", "effort", "benefit"))
    return Modules(cost, effort, benefit, phase, needed)


def chance(load: float, capacity: float, best: float, strain: float) -> float:
    """Return the chance that a module takes hold in a quarter.

    >>> chance(12, 6, 0.9, 1), chance(5, 6, 0.9, 1)
    (0.45, 0.9)
    """
    return best * min(1.0, capacity / load) ** strain if load > 0 else best


def starts(modules: Modules, plan: RolloutPlan) -> Ints:
    """Return the quarter in which each module begins in the phased plan, from 0."""
    phases = np.unique(modules.phase)
    return np.asarray(modules.phase - 1 + plan.delay * np.searchsorted(phases, modules.phase), np.int64)


def course(m: Modules, plan: RolloutPlan, begin: Ints) -> Course:
    """Follow the modules quarter by quarter; ``begin`` counts from 0."""
    n = plan.quarters
    price = m.cost * (1 + plan.overrun / 100)
    held, spent = np.zeros(len(price)), np.zeros(len(price))
    rows = {name: np.zeros(n) for name in ("cost", "benefit", "load", "at_risk")}
    states = np.zeros((n, len(price)))
    for q in range(n):
        rows["benefit"][q] = (m.benefit * in_use(held, m.needed)).sum() * plan.data / 100
        open_ = begin <= q
        share = np.where(begin == q, 1.0, plan.again / 100 * (1 - held)) * open_
        load = float((m.effort * (1 - held) * open_).sum())
        over = max(0.0, load - plan.capacity) * plan.people * plan.day
        spent = spent + price * share
        held = held + (1 - held) * open_ * chance(load, plan.capacity, plan.best_chance / 100, plan.strain)
        rows["cost"][q] = (price * share).sum() + over
        rows["load"][q] = load
        rows["at_risk"][q] = (spent * (1 - held)).sum()
        states[q] = held
    return Course(**rows, held=states)


def in_use(held: Floats, needed: Bools) -> Floats:
    """Return the probability that a module works: it has taken hold, and so has all that it needs.

    >>> in_use(np.array([0.5, 0.8]), np.array([[False, False], [True, False]])).tolist()
    [0.5, 0.4]
    """
    return np.asarray(held * np.where(needed, held[None, :], 1.0).prod(axis=1))


def compare(m: Modules, plan: RolloutPlan) -> Rollout:
    """Follow both courses."""
    return Rollout(plan, course(m, plan, starts(m, plan)), course(m, plan, np.zeros(len(m.cost), np.int64)))


def paid_back(net: Floats) -> float:
    """Return the quarter, from 1, from which on the added-up net stays at zero or above; nan where it does not.

    >>> paid_back(np.array([-5.0, 2, -1, 3, 4]))
    4.0
    """
    below = np.flatnonzero(net < 0)
    first = int(below[-1]) + 1 if len(below) else 0
    return float(first + 1) if first < len(net) else math.nan


def headline(r: Rollout) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    return {
        "phased_net": float(r.phased.net[-1]),
        "once_net": float(r.at_once.net[-1]),
        "ahead": float(r.phased.net[-1] - r.at_once.net[-1]),
        "phased_low": float(min(0.0, r.phased.net.min())),
        "once_low": float(min(0.0, r.at_once.net.min())),
        "phased_risk": float(r.phased.at_risk.max()),
        "once_risk": float(r.at_once.at_risk.max()),
        "phased_back": paid_back(r.phased.net),
        "once_back": paid_back(r.at_once.net),
    }


def listing(r: Rollout) -> pd.DataFrame:
    """List the quarters: load, cost, benefit, money at risk and added-up net of both courses; index the quarter."""
    columns = {
        f"{name}_{figure}": getattr(c, figure)
        for name, c in (("phased", r.phased), ("once", r.at_once))
        for figure in ("load", "cost", "benefit", "at_risk", "net")
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(1, r.plan.quarters + 1, name="quarter"))


STUDY = Study(
    name="crm_rollout",
    title=N_("Phases against all at once"),
    datasets=("crm_modules",),
    inputs=RolloutPlan,
    prepare=prepare,
    run=compare,
    headline=headline,
    listing=listing,
    measures={
        "phased_net": Measure(N_("Net of the phased plan"), N_("10,000 yuan"), 1),
        "once_net": Measure(N_("Net of all at once"), N_("10,000 yuan"), 1),
        "ahead": Measure(N_("Phases ahead by"), N_("10,000 yuan"), 1),
        "phased_low": Measure(N_("Deepest point, phases"), N_("10,000 yuan"), 1),
        "once_low": Measure(N_("Deepest point, all at once"), N_("10,000 yuan"), 1),
        "phased_risk": Measure(N_("Most money at risk, phases"), N_("10,000 yuan"), 1),
        "once_risk": Measure(N_("Most money at risk, all at once"), N_("10,000 yuan"), 1),
        "phased_back": Measure(N_("Paid back, phases"), N_("quarter")),
        "once_back": Measure(N_("Paid back, all at once"), N_("quarter")),
    },
    textbook={"capacity": 20},
    first=("capacity", "data", "quarters", "best_chance", "strain"),
)
