"""Warning signs in a payment history: which customers they point at, how many they miss, how many they wrong.

Signs are looked for in the last six months: delay and orders against the months before, payments in part and pleas for
delay by their number in those six. What became of the customers in the half-year after is known for those in the table,
so that the rule can be judged. Days and months as in the table, money in yuan.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Labels

SIGNS = {
    "later": N_("pays later and later"),
    "parts": N_("pays in part"),
    "asks": N_("asks for delay"),
    "surge": N_("orders much more"),
}
RECENT = 6
"""So many months are the last ones; delay and orders are compared with the months before."""
DECISION = N_("What it costs")


class SignRule(Inputs):
    """When a sign is there, how many of them count as a warning, and what mistakes cost."""

    later: float = setting(6, N_("Later than before by"), low=1, high=30, step=0.5, unit=N_("days"))
    parts: float = setting(
        2, N_("Months paid in part"), low=1, high=6, step=1, unit=N_("of the last six"),
    )  # fmt: skip
    asks: float = setting(2, N_("Months with a plea for delay"), low=1, high=6, step=1, unit=N_("of the last six"))
    surge: float = setting(40, N_("Orders more than before by"), low=10, high=150, step=5, unit="%")
    needed: float = setting(
        1,
        N_("Signs that make a warning"),
        low=1,
        high=4,
        step=1,
        help=N_("More signs: fewer false alarms, more missed."),
    )
    missed: float = setting(
        60_000, N_("Cost of a failure missed"), low=0, high=300_000, step=5_000, unit=N_("yuan"), group=DECISION
    )
    alarm: float = setting(
        8_000, N_("Cost of a false alarm"), low=0, high=100_000, step=1_000, unit=N_("yuan"), group=DECISION
    )


@dataclass(frozen=True)
class Payers:
    """By customer, in the last months: two changes against the months before, and two counts."""

    names: Labels
    later: Floats  # days more than before
    parts: Floats  # months
    asks: Floats  # months
    surge: Floats  # % more than before
    failed: Bools


@dataclass(frozen=True)
class Warned:
    """What :func:`run` returns."""

    payers: Payers
    rule: SignRule
    signs: Bools  # customers × signs
    warned: Bools


def prepare(history: pd.DataFrame) -> Payers:
    """Find what each customer's last six months show, delay and orders against the months before.

    Raises:
        DataError: a customer has too few months, or two answers to whether it failed.
    """
    history = history.sort_values(["customer_id", "month"], kind="stable", ignore_index=True)
    by = history.groupby("customer_id", sort=True)
    size, mixed = by.size(), by["failed"].nunique()
    said = _("Customer {id} has too few months: at least {n} are needed to compare.")
    problems = [said.format(id=name, n=2 * RECENT) for name in size[size < 2 * RECENT].index]
    said = _("Customer {id} is said to have failed and not to have failed.")
    problems += [said.format(id=name) for name in mixed[mixed > 1].index]
    if problems or not len(size):
        raise DataError(problems or [_("There are no payments in the table.")])
    recent = history["month"] > by["month"].transform("max") - RECENT
    now, then = (history[who].groupby("customer_id", sort=True) for who in (recent, ~recent))
    late = now["days_late"].mean() - then["days_late"].mean()
    grown = now["billed"].mean() / then["billed"].mean().where(lambda mean: mean > 0) - 1
    parts = (history["paid_share"] < 1)[recent].groupby(history["customer_id"], sort=True).sum()
    return Payers(
        late.index.to_numpy(object),
        late.to_numpy(float),
        np.asarray(parts, float),
        now["asked_delay"].sum().to_numpy(float),
        100 * grown.fillna(0).to_numpy(float),
        now["failed"].first().to_numpy(bool),
    )


def run(payers: Payers, rule: SignRule) -> Warned:
    """Count each customer's signs; as many as are needed make a warning."""
    signs = np.column_stack(
        [
            payers.later >= rule.later,
            payers.parts >= rule.parts,
            payers.asks >= rule.asks,
            payers.surge >= rule.surge,
        ]
    )
    return Warned(payers, rule, signs, signs.sum(axis=1) >= rule.needed)


def headline(w: Warned) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    failed, none = w.payers.failed, float("nan")
    missed, alarms = int((failed & ~w.warned).sum()), int((~failed & w.warned).sum())
    return {
        "warned": float(w.warned.sum()),
        "caught": 100 * float(w.warned[failed].mean()) if failed.any() else none,
        "right": 100 * float(failed[w.warned].mean()) if w.warned.any() else none,
        "missed": float(missed),
        "alarms": float(alarms),
        "cost": missed * w.rule.missed + alarms * w.rule.alarm,
    }


def listing(w: Warned) -> pd.DataFrame:
    """List the customers: columns the figure of each sign, how many signs, warned, failed."""
    p = w.payers
    columns = {"later_days": p.later, "parts": p.parts, "asks": p.asks, "surge_pct": p.surge}
    table = pd.DataFrame(columns, index=pd.Index(p.names, name="customer"))
    return table.assign(signs=w.signs.sum(axis=1), warned=w.warned, failed=p.failed)


STUDY = Study(
    name="signs",
    title=N_("Warning signs"),
    datasets=("payment_history",),
    inputs=SignRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "warned": Measure(N_("Customers warned of")),
        "caught": Measure(N_("Failures seen coming"), "%", 1),
        "right": Measure(N_("Warnings that come true"), "%", 1),
        "missed": Measure(N_("Failures missed")),
        "alarms": Measure(N_("Warnings that were false")),
        "cost": Measure(N_("Cost of the mistakes"), N_("yuan")),
    },
    textbook={"needed": 1.0},
    first=("later", "asks", "needed", "missed", "alarm"),
)
