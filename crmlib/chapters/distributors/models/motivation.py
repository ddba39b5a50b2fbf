"""Motivating a distributor: a tiered rebate and the best response to it; safety stock and first in, first out.

The rebate is paid on the orders of a quarter, at a rate that steps up with the quantity. The distributor's normal
demand is that of the stock record. An order beyond it can be sold by extra effort, or bought and not sold: kept over
the quarter's end, or diverted to another territory (窜货). The graduate paper warns of both ends: a rebate too easy
loses its effect, one too large brings price cuts and diversion. It gives no figures, so all rates and costs here are
teaching assumptions.

Quantities are cases, money is yuan, time is weeks; a quarter has 13 weeks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints

CASES = NC_("boxes", "cases")
WEEKS = 13
"""Weeks in a quarter."""


class LadderRule(Inputs):
    """A rebate of three steps, what surplus and effort cost the distributor, and the service level of its stock."""

    step_1: int = setting(1000, N_("First step from"), low=0, high=4000, step=10, unit=N_("cases a quarter"))
    rate_1: float = setting(1, N_("Rebate from the first step"), low=0, high=15, step=0.5, unit="%")
    step_2: int = setting(1400, N_("Second step from"), low=0, high=4000, step=10, unit=N_("cases a quarter"))
    rate_2: float = setting(2.5, N_("Rebate from the second step"), low=0, high=15, step=0.5, unit="%")
    step_3: int = setting(1800, N_("Third step from"), low=0, high=4000, step=10, unit=N_("cases a quarter"))
    rate_3: float = setting(
        4,
        N_("Rebate from the third step"),
        low=0,
        high=15,
        step=0.5,
        unit="%",
        help=N_("Steps must rise and rates must not fall."),
    )
    paid_on: Literal["all", "excess"] = setting(
        "all",
        N_("The rate is paid on"),
        choices={"all": N_("every case of the quarter"), "excess": N_("the cases above the step only")},
        help=N_("Every case: the rebate jumps at a step. Cases above the step: it only grows faster."),
    )
    price: float = setting(200, N_("Price to the distributor"), low=10, high=1000, step=10, unit=N_("yuan a case"))
    maker_margin: float = setting(
        30, N_("Manufacturer's margin"), low=0, high=80, step=1, unit="%", help=N_("Of the price, before the rebate.")
    )
    holding: float = setting(
        8,
        N_("Cost of keeping an unsold case to the next quarter"),
        low=0,
        high=30,
        step=0.5,
        unit=N_("% of price"),
        group=N_("Data"),
        help=N_("Money tied up, storage, ageing."),
    )
    dumping: float = setting(
        6,
        N_("Loss on a case diverted to another territory"),
        low=0,
        high=30,
        step=0.5,
        unit=N_("% of price"),
        group=N_("Data"),
        help=N_(
            "The price cut needed to sell it there, plus the fine if caught. "
            "The distributor takes the cheaper of the two: keeping the surplus or diverting it."
        ),
    )
    effort: float = setting(
        40,
        N_("Effort: cost of the last case when sales are doubled"),
        low=5,
        high=200,
        step=5,
        unit=N_("% of price"),
        group=N_("Data"),
        help=N_("Beyond its own margin; rises in proportion to the extra sales."),
    )
    capacity: float = setting(
        200,
        N_("The most the distributor can order"),
        low=100,
        high=300,
        step=10,
        unit=N_("% of demand"),
        group=N_("Data"),
        help=N_("Warehouse and credit set a limit."),
    )
    service: float = setting(
        95,
        N_("Service level of the stock"),
        low=50,
        high=99.9,
        step=0.1,
        unit="%",
        help=N_("Share of deliveries awaited without running out."),
    )

    def steps(self) -> Ints:
        """Return where the three steps begin, cases."""
        return np.array([self.step_1, self.step_2, self.step_3])

    def rates(self) -> Floats:
        """Return the three rates as shares of the price."""
        return np.array([self.rate_1, self.rate_2, self.rate_3]) / 100

    def surplus_cost(self) -> float:
        """Return what a case bought and not sold costs, as a share of its price: the cheaper of keeping and dumping."""
        return min(self.holding, self.dumping) / 100

    def remarks(self) -> list[str]:
        """Say which way out of a surplus is not taken: moving its cost changes nothing."""
        if self.holding == self.dumping:
            return []
        dearer = "holding" if self.holding > self.dumping else "dumping"
        label = self.setting_of(dearer).label
        said = _("“{input}” changes nothing now: the distributor takes the cheaper way out, at {cost:g}% of the price.")
        return [said.format(input=_(label), cost=100 * self.surplus_cost())]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse steps that do not rise and rates that fall."""
        for number, (low, high) in enumerate(pairwise(self.steps().tolist()), start=2):
            if high <= low:
                said = _("Steps must rise: this one ({high:,}) must be above the one before ({low:,}).")
                yield f"step_{number}", said.format(high=high, low=low)
        for number, (less, more) in enumerate(pairwise([self.rate_1, self.rate_2, self.rate_3]), start=2):
            if more < less:
                said = _("Rates must not fall: this one ({more:g}%) must be {less:g}% at least.")
                yield f"rate_{number}", said.format(more=more, less=less)


@dataclass(frozen=True)
class Record:
    """A distributor's weekly stock record and what follows from it without any rule; arrays run over the weeks."""

    weeks: pd.DataFrame
    demand: float  # cases a week, mean
    demand_sd: float  # of a week, n − 1
    lead: float  # weeks, mean over the deliveries
    lead_sd: float  # n − 1; zero with one delivery
    missing: Floats  # opening + received − sold − closing: cases that the record cannot explain
    layers: pd.DataFrame  # what is in stock at the end, oldest first: week, cases, unit_cost


def prepare(depletions: pd.DataFrame) -> Record:
    """Turn a stock record (a row a week) into demand, lead time, unexplained losses and the layers of the stock.

    Raises:
        DataError: fewer than two weeks, a week left out, no delivery with a lead time, nothing sold, or a delivery
            without a cost.
    """
    weeks = depletions.sort_values("week", ignore_index=True)
    arrived = weeks[weeks["received"] > 0]
    problems = []
    if len(weeks) < 2:
        problems.append(_("A stock record needs two weeks at least; there are {n}.").format(n=len(weeks)))
    for before, after in pairwise(weeks["week"]):
        if (after - before).days != 7:
            said = _("The record must have a row a week; after {week} the next is {next}.")
            problems.append(said.format(week=str(before)[:10], next=str(after)[:10]))
            break
    if not weeks["sold"].sum():
        problems.append(_("Nothing was sold in the whole record, so there is no demand to plan for."))
    if arrived["lead_weeks"].notna().sum() == 0:
        problems.append(_("No delivery in the record has a lead time; column lead_weeks needs one at least."))
    for week in arrived.loc[arrived["unit_cost"].isna(), "week"]:
        problems.append(_("The delivery of {week} has no unit cost.").format(week=str(week)[:10]))
    if problems:
        raise DataError(problems)
    lead = arrived["lead_weeks"].dropna()
    return Record(
        weeks,
        float(weeks["sold"].mean()),
        float(weeks["sold"].std()),
        float(lead.mean()),
        float(lead.std()) if len(lead) > 1 else 0.0,
        (opening(weeks) + weeks["received"] - weeks["sold"] - weeks["closing"]).to_numpy(np.float64),
        first_in_first_out(weeks),
    )


def opening(weeks: pd.DataFrame) -> pd.Series:
    """Return the opening stock of each week: the count that closed the week before; the first is taken to balance."""
    first = weeks["closing"].iloc[0] + weeks["sold"].iloc[0] - weeks["received"].iloc[0]
    return weeks["closing"].shift().fillna(first)


def first_in_first_out(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return what of each delivery is in stock at the end if the oldest goes out first.

    The closing count is taken as it is: going back from the last delivery, each accounts for what it brought until the
    count is used up. What is older than the first delivery on record carries that delivery's cost.

    >>> weeks = pd.DataFrame({"week": [1, 2], "received": [10, 10], "unit_cost": [5.0, 6.0], "closing": [10, 12]})
    >>> first_in_first_out(weeks)[["cases", "unit_cost"]].values.tolist()
    [[2.0, 5.0], [10.0, 6.0]]
    """
    arrived = weeks.loc[weeks["received"] > 0, ["week", "received", "unit_cost"]]
    newer = arrived["received"][::-1].cumsum()[::-1] - arrived["received"]  # what came after each delivery
    closing = float(weeks["closing"].iloc[-1])
    cases = (closing - newer).clip(lower=0, upper=arrived["received"].astype(float))
    if len(arrived) and closing > arrived["received"].sum():
        cases.iloc[0] += closing - arrived["received"].sum()
    layers = arrived.assign(cases=cases)[["week", "cases", "unit_cost"]]
    return layers[layers["cases"] > 0].reset_index(drop=True)


def rebate(orders: Ints, rule: LadderRule) -> Floats:
    """Return the rebate (yuan) on each order quantity (cases a quarter).

    On every case: rate of the step reached × price × order. On the excess: each rate on the cases between its step and
    the next.

    >>> rebate(np.array([999, 1000, 1400]), LadderRule()).tolist()
    [0.0, 2000.0, 7000.0]
    """
    steps, rates = rule.steps(), rule.rates()
    if rule.paid_on == "all":
        reached = np.searchsorted(steps, orders, side="right")
        return np.asarray(rule.price * orders * np.append(0.0, rates)[reached])
    rises = np.diff(rates, prepend=0.0)
    above = np.maximum(orders[:, None] - steps[None, :], 0)
    return np.asarray(rule.price * (above @ rises))


@dataclass(frozen=True)
class Reply:
    """The distributor's choices over all order quantities, and the best one; cases and yuan.

    Attributes:
        demand: what it sells in a quarter without any extra effort.
        orders: every quantity it may order, from demand to its limit.
        rebates, gains: rebate, and rebate less the cost of effort and surplus, for each of them.
        best: place of the best response in ``orders``; of equally good ones the smallest order.
        extra: cases sold beyond demand by effort, at the best response.
        stuffed: cases ordered and not sold, at the best response.
    """

    demand: int
    orders: Ints
    rebates: Floats
    gains: Floats
    best: int
    extra: float
    stuffed: float

    @property
    def order(self) -> int:
        """The best response, cases a quarter."""
        return int(self.orders[self.best])


def best_reply(demand: int, rule: LadderRule) -> Reply:
    """Return the order that leaves the distributor the most.

    Ordering x cases more than demand D, it sells e ≤ x of them by effort, which costs ½·k·e² ÷ D per yuan of price
    (k is ``effort``; its own margin pays for the effort of normal demand), and is left with x − e at c each (c is
    :meth:`LadderRule.surplus_cost`). Effort pays until its last case costs what a surplus case costs, so that
    e = min(x, c·D ÷ k).
    The gain is rebate − price × (½·k·e² ÷ D + c·(x − e)). Ordering less than demand loses margin and rebate, so that
    the search runs over every whole case from D to the limit: exact, no step is missed.

    If surplus costs nothing, nobody makes an effort: the cheaper it is to dump, the less a ladder sells.
    """
    most = max(int(np.floor(demand * rule.capacity / 100)), demand)
    orders = np.arange(demand, most + 1)
    k, c = rule.effort / 100, rule.surplus_cost()
    beyond = (orders - demand).astype(np.float64)
    extra = np.minimum(beyond, c * demand / k)
    rebates = rebate(orders, rule)
    gains = rebates - rule.price * (k * extra**2 / (2 * demand) + c * (beyond - extra))
    best = int(np.flatnonzero(gains >= gains.max() - 1e-9)[0])
    return Reply(demand, orders, rebates, gains, best, float(extra[best]), float(beyond[best] - extra[best]))


def z_of(service: float) -> float:
    """Return the standard normal quantile of a service level given in per cent.

    >>> round(z_of(95), 3)
    1.645
    """
    return NormalDist().inv_cdf(service / 100)


def safety_stock(z: float, demand_sd: float, lead: float, demand: float = 0.0, lead_sd: float = 0.0) -> float:
    """Return the safety stock z·√(L·σd² + d²·σL²), in the unit of demand.

    Demand and lead time are taken as independent and the demand over the lead time as normal; time is in one unit.
    Source: Chopra & Meindl, *Supply Chain Management*, safety inventory with uncertain lead time.

    >>> round(safety_stock(1.65, 5, 10), 1)
    26.1
    """
    return float(z * np.sqrt(lead * demand_sd**2 + demand**2 * lead_sd**2))


@dataclass(frozen=True)
class Motivation:
    """What :func:`motivate` returns: the response to the rebate, and the stock against what it should be."""

    record: Record
    rule: LadderRule
    reply: Reply
    safety: float  # cases
    reorder: float  # cases

    @property
    def short(self) -> int:
        """Weeks whose closing stock was below the safety stock."""
        return int((self.record.weeks["closing"] < self.safety).sum())

    @property
    def maker_gain(self) -> float:
        """What the manufacturer gains in a quarter: margin on cases really sold in addition, less the rebate.

        Surplus counts nothing: what is kept is missing from the next order, what is diverted from another's.
        """
        return self.rule.maker_margin / 100 * self.rule.price * self.reply.extra - float(
            self.reply.rebates[self.reply.best]
        )


def motivate(record: Record, rule: LadderRule) -> Motivation:
    """Let the distributor of the record answer a rebate; compute safety stock and reorder point (d·L + safety)."""
    demand = max(round(record.demand * WEEKS), 1)
    safety = safety_stock(z_of(rule.service), record.demand_sd, record.lead, record.demand, record.lead_sd)
    return Motivation(record, rule, best_reply(demand, rule), safety, record.demand * record.lead + safety)


def stock_check(m: Motivation) -> pd.DataFrame:
    """Return the weeks in which the count does not follow from what came and went.

    Returns:
        A row a week; columns week, opening, received, sold, closing, missing (cases; negative: too
        many).
    """
    table = m.record.weeks.assign(opening=opening(m.record.weeks), missing=m.record.missing)
    return table.loc[table["missing"] != 0, ["week", "opening", "received", "sold", "closing", "missing"]]


def quarters(record: Record) -> pd.DataFrame:
    """Return each quarter of a record: index the quarter; columns received, last (week), last_size, missing (cases)."""
    weeks = record.weeks.assign(missing=record.missing)
    rows = {}
    for quarter, part in weeks.groupby(weeks["week"].dt.to_period("Q")):
        arrived = part[part["received"] > 0]
        last = arrived.iloc[-1] if len(arrived) else None
        rows[str(quarter)] = {
            "received": int(part["received"].sum()),
            "last": last["week"] if last is not None else "–",
            "last_size": int(last["received"]) if last is not None else 0,
            "missing": round(part["missing"].sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def value_of_stock(record: Record) -> tuple[float, float]:
    """Return the value (yuan) of the closing stock by first in, first out, and at the cost of the last delivery."""
    layers = record.layers
    fifo = float((layers["cases"] * layers["unit_cost"]).sum())
    last = float(layers["cases"].sum() * layers["unit_cost"].iloc[-1]) if len(layers) else 0.0
    return fifo, last


def headline(m: Motivation) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    return {
        "demand": float(m.reply.demand),
        "order": float(m.reply.order),
        "extra": m.reply.extra,
        "stuffed": m.reply.stuffed,
        "rebate": float(m.reply.rebates[m.reply.best]),
        "maker_gain": m.maker_gain,
        "safety": m.safety,
        "reorder": m.reorder,
        "short": float(m.short),
        "missing": float(m.record.missing.sum()),
    }


STUDY = Study(
    name="motivation",
    title=N_("Tiered rebate and safety stock"),
    datasets=("depletions",),
    inputs=LadderRule,
    prepare=prepare,
    run=motivate,
    headline=headline,
    listing=stock_check,
    measures={
        "demand": Measure(N_("Demand without effort"), N_("cases a quarter")),
        "order": Measure(N_("Distributor's best order"), N_("cases a quarter")),
        "extra": Measure(N_("Sold by extra effort"), N_("cases a quarter")),
        "stuffed": Measure(N_("Ordered and not sold"), N_("cases a quarter")),
        "rebate": Measure(N_("Rebate paid"), N_("yuan")),
        "maker_gain": Measure(N_("Manufacturer's gain from the tiered rebate"), N_("yuan")),
        "safety": Measure(N_("Safety stock"), CASES),
        "reorder": Measure(N_("Reorder point"), CASES),
        "short": Measure(N_("Weeks below safety stock")),
        "missing": Measure(N_("Unexplained shrinkage"), CASES),
    },
    textbook={"paid_on": "excess"},
    first=("rate_1", "rate_3", "paid_on", "dumping", "service"),
)
