"""The retention curve: what share of a cohort's customers is still there, by periods since the first purchase.

A shop without contracts never hears of a departure. Two conventions stand in for it: a customer is “active” in a period
in which she buys, and “still there” until her last purchase. Periods are those of the calendar; a customer's period 0
is the one of the first purchase.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import shop as source
from crmlib.chapters.customer_value.models.shop import PERIOD_NAMES, PERIODS, Buyers, Shop
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas import lifetime
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

FEWEST = 30
"""A share of fewer customers is not shown."""
SILENCES = (60, 90, 180, 365)
"""Days after which a silence may count as churn, as a table compares them."""


class RetentionRule(Inputs):
    """Which customers are followed, by what unit of time, and what counts as being there."""

    cohort: Literal["all", "first", "second", "last"] = setting(
        "all",
        N_("Customers won in"),
        choices={
            "all": N_("all years"),
            "first": N_("the first year"),
            "second": N_("the second year"),
            "last": N_("the third year"),
        },
    )
    period: Literal["month", "quarter", "half", "year"] = setting("quarter", N_("A period is a"), choices=PERIOD_NAMES)
    there: Literal["kept", "active"] = setting(
        "kept",
        N_("Who is there"),
        choices={"kept": N_("who buys then or later"), "active": N_("who buys in that period")},
    )
    silence: int = setting(
        180, N_("Silent for more than"), low=30, high=540, step=15, unit=N_("days"),
        help=N_("Silence that long counts as churn. Before so much time has passed nobody can be said to have left."),
    )  # fmt: skip
    wholesale: bool = setting(False, N_("Count the wholesaler among consumers"))


@dataclass(frozen=True)
class Retention:
    """What :func:`follow` returns; arrays run over ages from period 0."""

    rule: RetentionRule
    customers: int
    exposed: Ints  # customers whose age can be judged
    share: Floats  # of them, still there, 0–1
    silent: float  # share of customers silent for longer than the rule says
    once: float  # share that bought once

    @property
    def rates(self) -> Floats:
        """Retention rate from each age to the next."""
        return ratio(self.share[1:], self.share[:-1], 0.0)

    @property
    def mean_rate(self) -> float:
        """The constant rate that leads from period 0 to the last one; nan where there is no later one."""
        n = len(self.share) - 1
        return float(self.share[-1] ** (1 / n)) if n else float("nan")


def follow(shop: Shop, rule: RetentionRule) -> Retention:
    """Follow a cohort.

    Conventions: at age k those count whose period k began at least ``silence`` days ago (“still there”) or is over
    (“active”): nobody is taken for lost who had no time to come back. “Still there” multiplies the retention rates from
    age to age, each among those who can be judged at both. Fewer than :data:`FEWEST` customers end the curve.

    Raises:
        DataError: the cohort has nobody.
    """
    b, months = shop.customers, PERIODS[rule.period]
    who = _cohort(b, rule)
    if not who.any():
        raise DataError(_("Nobody was won in that year; choose another cohort."))
    born, gone = _period(b.first, months), _period(b.last, months)
    latest = _last_judged(shop.today, months, rule)
    room = latest - born
    ages = np.arange(max(int(room[who].max(initial=0)), 0) + 1)
    exposed = np.array([np.count_nonzero(who & (room >= k)) for k in ages])
    fine = exposed >= FEWEST
    end = int(np.argmin(fine)) if not fine.all() else len(ages)
    end = max(end, 1)
    if rule.there == "kept":
        share = _still_there(who, room, gone - born, ages)
    else:
        there = _active(b, who & (room >= 0), born, room, months, len(ages))
        share = ratio(there, exposed, 1.0)
    silent = float(np.mean(shop.today - b.last[who] > rule.silence))
    return Retention(rule, int(who.sum()), exposed[:end], share[:end], silent, float(np.mean(b.orders[who] == 1)))


def _period(day: Ints, months: int) -> Ints:
    """Return the number of the calendar period of days since 1970."""
    return np.asarray(day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // months)


def _last_judged(today: int, months: int, rule: RetentionRule) -> int:
    """Return the latest period of which can be said who was there."""
    if rule.there == "active":
        return int(_period(np.array([today + 1]), months)[0]) - 1
    return int(_period(np.array([today - rule.silence]), months)[0])


def _cohort(b: Buyers, rule: RetentionRule) -> Bools:
    years = _period(b.first, 12)
    who = ~b.wholesale | rule.wholesale
    place = {"all": None, "first": 0, "second": 1, "last": 2}[rule.cohort]
    return np.asarray(who if place is None else who & (years == years.min() + place))


def _still_there(who: Bools, room: Ints, lived: Ints, ages: Ints) -> Floats:
    """Return the share still there at each age, as the product of the retention rates up to it."""
    rates: list[float] = [1.0]
    for k in ages[1:]:
        before = who & (room >= k) & (lived >= k - 1)
        rates.append(float((before & (lived >= k)).sum()) / max(float(before.sum()), 1.0))
    return np.asarray(np.cumprod(np.array(rates)), dtype=np.float64)


def _active(b: Buyers, who: Bools, born: Ints, room: Ints, months: int, ages: int) -> Ints:
    """Return how many buy in each period of their age."""
    age = _period(b.day, months) - born[b.who]
    counts = who[b.who] & (age <= room[b.who])
    pairs = np.unique(b.who[counts] * ages + age[counts])
    return np.bincount(pairs % ages, minlength=ages)


def by_silence(shop: Shop) -> pd.DataFrame:
    """Return how many consumers count as lost by how long a silence is allowed.

    Index: days; columns: customers silent for longer, and their share (%).
    """
    b = shop.customers
    silent = shop.today - b.last[~b.wholesale]
    lost = np.array([np.count_nonzero(silent > days) for days in SILENCES])
    columns = {"lost": lost, "share": 100 * lost / max(len(silent), 1)}
    return pd.DataFrame(columns, index=pd.Index(SILENCES, name="days"))


def headline(r: Retention) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units.

    An average lifetime needs somebody who has left: it is nan where all of the curve is still there, or has no second
    period.
    """
    rates = r.rates
    later = (
        float((r.share[-1] / r.share[1]) ** (1 / (len(rates) - 1))) if len(rates) > 1 and r.share[1] else float("nan")
    )
    mean = r.mean_rate
    return {
        "customers": float(r.customers),
        "once": 100 * r.once,
        "first": 100 * float(rates[0]) if len(rates) else float("nan"),
        "later": 100 * later,
        "churn": 100 * (1 - mean),
        "life": lifetime.average_lifetime(mean) if mean < 1 else float("nan"),
        "silent": 100 * r.silent,
    }


def listing(r: Retention) -> pd.DataFrame:
    """Return the curve: index the age; customers who can be judged, share there, rate from the age before."""
    columns = {"exposed": r.exposed, "share": 100 * r.share, "rate": np.append(np.nan, 100 * r.rates)}
    return pd.DataFrame(columns, index=pd.Index(range(len(r.share)), name="age"))


STUDY = Study(
    name="retention",
    title=N_("Retention curve"),
    datasets=("shop_orders", "shop_accounts"),
    inputs=RetentionRule,
    prepare=source.prepare,
    run=follow,
    headline=headline,
    listing=listing,
    measures={
        "customers": Measure(N_("Customers followed")),
        "once": Measure(N_("Bought once"), "%", 1),
        "first": Measure(N_("Retention rate in the first period"), "%", 1),
        "later": Measure(N_("Retention rate in later periods"), "%", 1),
        "churn": Measure(N_("Churn rate per period, on average"), "%", 1),
        "life": Measure(N_("Average customer lifetime"), N_("periods"), 2),
        "silent": Measure(N_("Silent for longer than set"), "%", 1),
    },
    textbook={"there": "active"},
)
