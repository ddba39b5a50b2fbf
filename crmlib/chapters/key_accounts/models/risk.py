"""Marketing risk: expected loss before and after controls, and which controls to take.

Expected loss of a kind = incidents a year × mean loss of one. A control prevents a share of each kind's incidents for a
yearly cost; controls act independently, so that what is left is Π (1 − share): a convention. Money is in yuan a year.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.key_accounts.models.duties import Conflicts, conflicts
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

KINDS = {
    "cash": N_("takings kept"),
    "goods": N_("goods taken"),
    "reports": N_("false reports"),
    "poaching": N_("customers taken away"),
    "default": N_("default"),
    "fraud": N_("fraud"),
    "dispute": N_("contract dispute"),
}
OWN = 4
"""The first so many kinds come from the firm's own salespeople, the others from distributors and customers."""
MOST = 15
"""With more controls than these the best set is no longer sought by trying all of them."""
SIZE = N_("How much may happen")


class RiskRule(Inputs):
    """How often and how much is lost, which controls are looked at, and what they may cost."""

    often: float = setting(1, N_("Incidents happen times"), low=0.2, high=5, step=0.1, group=SIZE)
    large: float = setting(
        1,
        N_("A loss is larger times"),
        low=0.2,
        high=5,
        step=0.1,
        group=SIZE,
        help=N_("Three years hold few large losses; try what a worse year does."),
    )
    net: Literal["net", "gross"] = setting(
        "net", N_("Loss counted"), choices={"net": N_("after what was recovered"), "gross": N_("in full")}, group=SIZE
    )
    side: Literal["both", "own", "customer"] = setting(
        "both",
        N_("Controls looked at"),
        choices={
            "both": N_("all fourteen"),
            "own": N_("the seven for own salespeople"),
            "customer": N_("the seven for distributors and customers"),
        },
        group=N_("Controls"),
    )
    effect: float = setting(
        100,
        N_("Controls work as well as assumed"),
        low=0,
        high=100,
        step=5,
        unit="%",
        group=N_("Controls"),
        help=N_("A rule that nobody follows prevents nothing."),
    )
    budget: float = setting(
        120_000, N_("Budget for controls"), low=0, high=500_000, step=5_000, unit=N_("yuan a year"),
        group=N_("Controls"),
    )  # fmt: skip
    choose: Literal["best", "ratio", "cheapest"] = setting(
        "best",
        N_("Choose controls"),
        choices={
            "best": N_("the set with the largest net gain"),
            "ratio": N_("by loss prevented per yuan"),
            "cheapest": N_("the cheapest first"),
        },
        group=N_("Controls"),
    )


@dataclass(frozen=True)
class Register:
    """Incidents by kind, controls, and conflicts of duties."""

    years: int
    count: Ints  # by kind
    gross: Floats  # yuan by kind, all years
    net: Floats
    controls: pd.DataFrame  # index the id; control, control_en, side
    own: Bools
    cost: Floats
    cut: Floats  # controls × kinds
    conflicts: Conflicts


@dataclass(frozen=True)
class Plan:
    """What :func:`run` returns; losses by kind, in yuan a year."""

    register: Register
    rule: RiskRule
    before: Floats
    after: Floats
    alone: Floats  # by control: loss prevented if it is taken alone
    chosen: Bools

    @property
    def spent(self) -> float:
        """Yuan a year for the controls chosen."""
        return float(self.register.cost[self.chosen].sum())


def prepare(incidents: pd.DataFrame, controls: pd.DataFrame, duties: pd.DataFrame) -> Register:
    """Count incidents by kind; the years are those from the first to the last incident.

    Raises:
        DataError: there are no incidents, more was recovered than lost, or there are too many controls.
    """
    if not len(incidents):
        raise DataError(_("There are no incidents, so nothing can be expected from them."))
    odd = incidents["incident_id"][incidents["recovered"] > incidents["loss"]]
    if len(odd):
        raise DataError([_("Incident {id}: more was recovered than lost.").format(id=one) for one in odd])
    if len(controls) > MOST:
        raise DataError(_("There are {n} controls; leave at most {most}.").format(n=len(controls), most=MOST))
    place = incidents["kind"].map(list(KINDS).index).to_numpy(np.int64)
    gross, back = (
        np.bincount(place, weights=incidents[name].to_numpy(float), minlength=len(KINDS)).astype(float)
        for name in ("loss", "recovered")
    )
    named = controls.set_index("control_id")
    texts = named[[name for name in ("control", "control_en", "side") if name in named]].fillna("")
    return Register(
        int(incidents["year"].max() - incidents["year"].min() + 1),
        np.bincount(place, minlength=len(KINDS)),
        gross,
        gross - back,
        texts,
        (controls["side"] == "own").to_numpy(bool),
        controls["cost"].to_numpy(float),
        controls[[f"cut_{kind}" for kind in KINDS]].to_numpy(float),
        conflicts(duties),
    )


def expected_loss(count: float, years: float, mean: float) -> float:
    """Return the expected loss a year: frequency × mean loss.

    >>> expected_loss(6, 3, 50_000)
    100000.0
    """
    return count / years * mean


def left(cut: Floats) -> Floats:
    """Return by kind the share of the loss that is left with all these controls: Π (1 − share).

    >>> left(np.array([[0.5, 0.2], [0.4, 0.0]])).round(2).tolist()
    [0.3, 0.8]
    """
    return np.asarray(np.prod(1 - cut, axis=0))


def best_set(loss: Floats, cut: Floats, cost: Floats, budget: float) -> Bools:
    """Return which controls together have the largest net gain within the budget; every set is tried.

    The sets are built up control by control: the row of a set without the next control, then the row with it.
    """
    rest, spent = loss[None, :], np.zeros(1)
    for share, price in zip(cut, cost, strict=True):
        rest = np.concatenate([rest, rest * (1 - share)])
        spent = np.concatenate([spent, spent + price])
    net = np.where(spent <= budget, loss.sum() - rest.sum(axis=1) - spent, -np.inf)
    best = int(net.argmax())
    return np.array([bool(best >> place & 1) for place in range(len(cost))], dtype=bool)


def in_order(order: Ints, cost: Floats, budget: float) -> Bools:
    """Return which controls are taken if they are taken in an order, each that the rest of the budget allows."""
    chosen = np.zeros(len(cost), dtype=bool)
    for place in order.tolist():
        if cost[place] <= budget:
            chosen[place] = True
            budget -= cost[place]
    return chosen


def run(register: Register, rule: RiskRule) -> Plan:
    """Compute expected losses, choose controls by the rule, and compute them again."""
    total = register.net if rule.net == "net" else register.gross
    loss = total / register.years * rule.often * rule.large
    able = np.ones(len(register.cost), bool) if rule.side == "both" else register.own == (rule.side == "own")
    cut = register.cut * rule.effect / 100
    alone = cut @ loss
    places = np.flatnonzero(able)
    if rule.choose == "best":
        taken = best_set(loss, cut[places], register.cost[places], rule.budget)
    else:
        price = np.maximum(register.cost[places], 1e-9)
        key = -alone[places] / price if rule.choose == "ratio" else price
        taken = in_order(np.argsort(key, kind="stable"), register.cost[places], rule.budget)
    chosen = np.zeros(len(able), bool)
    chosen[places] = taken
    return Plan(register, rule, loss, loss * left(cut[chosen]), alone, chosen)


def headline(p: Plan) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    before, after = float(p.before.sum()), float(p.after.sum())
    return {
        "before": before,
        "own_share": 100 * float(p.before[:OWN].sum()) / before if before else float("nan"),
        "after": after,
        "controls": float(p.chosen.sum()),
        "spent": p.spent,
        "net_gain": before - after - p.spent,
        "conflicts": float(len(p.register.conflicts.found)),
        "people": float(p.register.conflicts.people),
    }


def listing(p: Plan) -> pd.DataFrame:
    """List the controls: columns control, side, cost, loss prevented alone, per yuan, whether taken."""
    r = p.register
    per = ratio(p.alone, r.cost)
    columns = {"cost": r.cost, "prevents_alone": p.alone, "per_yuan": per, "chosen": p.chosen}
    return r.controls[["control", "side"]].assign(**columns)


STUDY = Study(
    name="risk",
    title=N_("Marketing risk"),
    datasets=("incidents", "risk_controls", "duties"),
    inputs=RiskRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "before": Measure(N_("Expected loss without further controls"), N_("yuan a year")),
        "own_share": Measure(N_("Part of it from own salespeople"), "%", 1),
        "after": Measure(N_("Expected loss with the controls"), N_("yuan a year")),
        "controls": Measure(N_("Controls taken")),
        "spent": Measure(N_("Spent on controls"), N_("yuan a year")),
        "net_gain": Measure(N_("Net gain of the controls"), N_("yuan a year")),
        "conflicts": Measure(N_("Pairs of duties that conflict")),
        "people": Measure(N_("People with such a pair")),
    },
    textbook={"effect": 100.0, "choose": "ratio"},
    first=("large", "side", "effect", "budget", "choose"),
)
