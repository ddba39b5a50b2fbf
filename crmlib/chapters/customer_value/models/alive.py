"""One customer as time passes: the probability that she still buys, what is expected of her, by BG/NBD and gamma-gamma.

The parameters are fitted to the shop's consumers. The customer is described by how often she bought, her usual gap and
how long she has been silent; from these follow the three figures of BG/NBD. What the model calls recency, the time from
the first purchase to the last, is ``until_last`` here; days since the last purchase are ``silence``.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import bgnbd, gamma_gamma
from crmlib.chapters.customer_value.models import shop as source
from crmlib.chapters.customer_value.models.bgnbd import History, Span
from crmlib.chapters.customer_value.models.shop import PERIOD_NAMES, PERIODS, Shop
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

LATER = 360
"""Days of further silence that the picture shows."""
NAMES = {"alpha": "α", "gamma": "γ"}
"""How parameters are written whose names in the code are no letters."""
STEP = 5
"""Days between two points of the picture."""


class AliveRule(Inputs):
    """What one customer did, how far ahead is looked, and what she spends."""

    purchases: int = setting(8, N_("Purchases so far"), low=1, high=40, step=1)
    gap: int = setting(35, N_("Usual gap between purchases"), low=1, high=90, step=1, unit=N_("days"))
    silence: int = setting(60, N_("Days since the last purchase"), low=0, high=720, step=5, unit=N_("days"))
    ahead: Literal["month", "quarter", "half", "year"] = setting("quarter", N_("Look ahead"), choices=PERIOD_NAMES)
    spend: float = setting(120, N_("Her mean spend"), low=10, high=1000, step=5, unit=N_("yuan"))
    margin: float = setting(35, N_("Margin on sales"), low=5, high=80, step=1, unit="%")

    @property
    def until_last(self) -> int:
        """Days from the first purchase to the last."""
        return self.gap * (self.purchases - 1)

    def remarks(self) -> list[str]:
        """Say what the model takes for granted of somebody who bought once."""
        if self.purchases > 1:
            return []
        return [_("Who bought once counts as alive: in this model customers leave after a repeat purchase only.")]


@dataclass(frozen=True)
class Fitted:
    """The two models of the shop, and the names of their parameters that its customers leave undetermined."""

    buying: bgnbd.Model
    spending: gamma_gamma.Model
    untold: tuple[str, ...] = ()

    def remarks(self) -> list[str]:
        """Say so where the shop's customers leave a parameter undetermined."""
        if not self.untold:
            return []
        said = _(
            "These orders do not determine the models fully (parameters {names}): what is expected is a rough guess."
        )
        return [said.format(names=_(", ").join(NAMES.get(name, name) for name in self.untold))]


@dataclass(frozen=True)
class Alive:
    """What :func:`follow` returns; the curves run over :attr:`days` since the first purchase."""

    rule: AliveRule
    fitted: Fitted
    days: Floats
    alive: Floats  # 0–1
    now: int  # place of today in the curve
    expected: float  # purchases in the time ahead
    spend: float  # expected of a purchase, yuan


def history(buyers: source.Buyers, end: int, who: Bools) -> tuple[History, Floats]:
    """Return the history of some buyers up to a day, and the mean amount of their repeat purchases (or nan)."""
    orders, last = buyers.until(end)
    known = who & (orders > 0)
    again = (buyers.day <= end) & (buyers.day > buyers.first[buyers.who])
    spent = np.bincount(buyers.who[again], buyers.amount[again], minlength=len(buyers.ids))
    weeks = bgnbd.DAYS["week"]
    past = bgnbd.history(
        orders[known] - 1, (last - buyers.first)[known] / weeks, (end - buyers.first)[known] / weeks, "week"
    )
    mean = ratio(spent[known], past.repeats)
    return past, mean


def prepare(orders: pd.DataFrame, accounts: pd.DataFrame) -> Fitted:
    """Return the models fitted to the shop's consumers."""
    return fitted(source.prepare(orders, accounts))


def fitted(shop: Shop) -> Fitted:
    """Return the models fitted to a shop's consumers, as known today."""
    b = shop.customers
    past, mean = history(b, shop.today, ~b.wholesale)
    spent = gamma_gamma.spending(past.repeats, mean)
    buying, spending = bgnbd.fit(past), gamma_gamma.fit(spent)
    return Fitted(buying.model, spending.model, (*buying.untold, *spending.untold))


def so_far(rule: AliveRule, days: Floats) -> History:
    """Return what was known of the customer on each day since her first purchase."""
    repeats = np.minimum(np.floor(days / rule.gap + 1e-9), rule.purchases - 1).astype(np.int64)
    weeks = bgnbd.DAYS["week"]
    return bgnbd.history(repeats, repeats * rule.gap / weeks, days / weeks, "week")


def follow(models: Fitted, rule: AliveRule) -> Alive:
    """Follow one customer from the first purchase to today, and further if she stays silent."""
    today = rule.until_last + rule.silence
    days = np.unique(
        np.concatenate([np.arange(0, today + LATER + 1, STEP), [today], rule.gap * np.arange(rule.purchases)])
    )
    days = days.astype(float)
    known = so_far(rule, days)
    now = int(np.searchsorted(days, today))
    here = so_far(rule, days[now : now + 1])
    ahead = Span(PERIODS[rule.ahead], "month")
    expected = float(models.buying.expected(here, ahead)[0])
    spend = float(models.spending.expected(here.repeats.astype(float), np.array([rule.spend]))[0])
    return Alive(rule, models, days, models.buying.alive(known), now, expected, spend)


def by_silence(c: Alive) -> tuple[Ints, Floats]:
    """Return days of silence, and the purchases expected in the time ahead after each."""
    silence = np.arange(0, 721, 20)
    past = so_far(c.rule, c.rule.until_last + silence.astype(float))
    return silence, c.fitted.buying.expected(past, Span(PERIODS[c.rule.ahead], "month"))


def headline(c: Alive) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    last = c.rule.until_last
    half = np.flatnonzero((c.alive < 0.5) & (c.days >= last))
    return {
        "alive": 100 * float(c.alive[c.now]),
        "expected": c.expected,
        "spend": c.spend,
        "margin": c.expected * c.spend * c.rule.margin / 100,
        "pauses": c.rule.silence / c.rule.gap if c.rule.purchases > 1 else float("nan"),
        "half": float(c.days[half[0]] - last) if len(half) else float("nan"),
    }


def listing(c: Alive) -> pd.DataFrame:
    """Return the curve: index days since the first purchase; purchases so far, probability alive (%)."""
    columns = {"purchases": so_far(c.rule, c.days).repeats + 1, "alive": 100 * c.alive}
    return pd.DataFrame(columns, index=pd.Index(c.days.astype(int), name="days"))


def backtest(shop: Shop, ahead: int = 182) -> pd.DataFrame:
    """Return the model fitted to the past, against what came then.

    Index: purchases after the first so far (0 to 4, 5 for more); columns customers, purchases expected of each in the
    days since, and purchases made.
    """
    b, then = shop.customers, shop.today - ahead
    who = ~b.wholesale & (b.first <= then)
    past, _mean = history(b, then, who)
    expected = bgnbd.fit(past).model.expected(past, Span(float(ahead), "day"))
    made = b.bought(then, shop.today)[who]
    group = np.minimum(past.repeats, 5)
    n = np.bincount(group, minlength=6)
    columns: dict[str, Ints | Floats] = {"customers": n}
    for name, values in (("expected", expected), ("made", made)):
        columns[name] = np.bincount(group, values, minlength=6) / np.maximum(n, 1)
    return pd.DataFrame(columns, index=pd.Index(range(6), name="repeats"))


STUDY = Study(
    name="alive",
    title=N_("Probability alive"),
    datasets=("shop_orders", "shop_accounts"),
    inputs=AliveRule,
    prepare=prepare,
    run=follow,
    headline=headline,
    listing=listing,
    measures={
        "alive": Measure(N_("Probability alive"), "%", 1),
        "expected": Measure(N_("Purchases expected ahead"), "", 2),
        "spend": Measure(N_("Spend expected of a purchase"), N_("yuan"), 1),
        "margin": Measure(N_("Margin expected ahead"), N_("yuan"), 1),
        "pauses": Measure(N_("Silence in usual gaps"), "", 1),
        "half": Measure(N_("Below 50% after a silence of"), N_("days")),
    },
    textbook={"purchases": 2},
)
