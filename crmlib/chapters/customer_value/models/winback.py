"""Winning back: which of the shop's lost customers are worth an attempt, and until how many months of silence.

An attempt costs c whatever comes of it; who comes back gets a gift g and is worth V, the present value of her later
margins. It pays where chance × (V − g) exceeds c, so the break-even chance is c ÷ (V − g). The chance falls with the
months since the last purchase. Money is yuan, chances are 0–1. Chance and half-life are inputs; they must come from a
test with a control group, for some of the lost come back anyway.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import clv
from crmlib.chapters.customer_value.models import shop as source
from crmlib.chapters.customer_value.models.campaign import YEAR
from crmlib.chapters.customer_value.models.churn import break_even_success
from crmlib.chapters.customer_value.models.shop import Shop
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas import lifetime
from crmlib.formulas.arrays import Floats, Labels

SINCE = 6
"""Months since the last purchase at which the chance is given."""
VALUE = N_("Value of a customer")


class WinbackRule(Inputs):
    """Who counts as lost, what an attempt costs, how likely it succeeds, and what somebody won back is worth."""

    chance: float = setting(
        12, N_("Chance of winning back after 6 months"), low=0, high=40, step=1, unit="%",
        help=N_("Six months after the last purchase; only those who would not have come back anyway."),
    )  # fmt: skip
    halves: int = setting(8, N_("The chance halves every"), low=3, high=36, step=1, unit=N_("months"))
    cost: float = setting(4, N_("Cost of an attempt"), low=0, high=30, step=0.5, unit=N_("yuan"))
    gift: float = setting(
        20, N_("Gift to whoever comes back"), low=0, high=100, step=1, unit=N_("yuan"),
        help=N_("Those who do not come back cost the attempt alone."),
    )  # fmt: skip
    retention: float = setting(50, N_("Retention rate of those won back, per year"), low=0, high=90, step=1, unit="%")
    margin: float = setting(35, N_("Margin on sales"), low=5, high=80, step=1, unit="%", group=VALUE)
    discount: float = setting(10, N_("Discount rate per year"), low=0, high=40, step=0.5, unit="%", group=VALUE)
    spend: Literal["own", "mean"] = setting(
        "own",
        N_("Spends per year once back"),
        group=VALUE,
        choices={"own": N_("as in her own last year with purchases"), "mean": N_("the mean of all lost")},
    )
    silence: int = setting(
        180, N_("Counts as lost when silent for more than"), low=90, high=540, step=15, unit=N_("days"),
        group=N_("Who is lost"),
    )  # fmt: skip

    def multiple(self) -> float:
        """Return what a margin of 1 a year is worth: the first one on coming back, then at the start of each year."""
        return clv.multiple(self.retention / 100, self.discount / 100, "now")

    def chance_at(self, months: Floats) -> Floats:
        """Return the chance of winning back, 0–1, by months since the last purchase; it halves again and again.

        >>> WinbackRule(chance=12, halves=8).chance_at(np.array([6.0, 14, 22])).tolist()
        [0.12, 0.06, 0.03]
        """
        return np.asarray(self.chance / 100 * 0.5 ** ((months - SINCE) / self.halves))

    def gain(self, months: Floats, value: Floats | float) -> Floats:
        """Return the expected profit of an attempt in yuan: chance × (value − gift) − cost."""
        return np.asarray(self.chance_at(months) * (value - self.gift) - self.cost)


@dataclass(frozen=True)
class Winback:
    """What :func:`run` returns; arrays run over the lost customers who agreed to messages."""

    rule: WinbackRule
    lost: int  # with those who did not agree
    ids: Labels
    months: Floats  # since the last purchase
    value: Floats  # if won back, before the gift, yuan
    gain: Floats  # of an attempt, yuan

    @property
    def mean_value(self) -> float:
        """Value of the average customer won back, before the gift."""
        return float(self.value.mean())

    @property
    def break_even(self) -> float:
        """The chance (0–1) at which an attempt at the average customer earns nothing; nan where no chance pays."""
        return break_even_success(self.mean_value, self.rule.cost, self.rule.gift)

    @property
    def until(self) -> float:
        """Months since the last purchase up to which an attempt pays on average; see :func:`last_month`."""
        return last_month(self.rule.chance / 100, self.break_even, self.rule.halves)


def last_month(chance: float, break_even: float, halves: float) -> float:
    """Return the month since the last purchase at which a chance, given at :data:`SINCE`, has fallen to its break-even.

    It is 6 + halves × log₂(chance ÷ break-even). Conventions: without end (inf) where an attempt costs nothing; nan
    where there is no chance or none pays; 0 where the chance never was so high.

    >>> last_month(0.12, 0.03, 8), last_month(0.12, 0.0, 8)
    (22.0, inf)
    """
    if math.isnan(break_even) or chance == 0:
        return float("nan")
    return float("inf") if break_even == 0 else max(SINCE + halves * math.log2(chance / break_even), 0.0)


def run(shop: Shop, rule: WinbackRule) -> Winback:
    """Weigh an attempt at each lost customer.

    Conventions: lost are consumers silent for longer than the rule says; messages go to those alone who agreed to them.
    A month is 365 ÷ 12 days. A year's spend is that of the 365 days up to the last purchase, before returns.

    Raises:
        DataError: nobody is lost, or nobody lost agreed to messages.
    """
    b = shop.customers
    silent = shop.today - b.last
    lost = ~b.wholesale & (silent > rule.silence)
    who = np.flatnonzero(lost & b.consent)
    if not len(who):
        raise DataError(_("No customer who agreed to messages has been silent for so long; nobody is to be won back."))
    yearly = b.spent(b.last[b.who] - YEAR, shop.today)[who]
    worth = yearly if rule.spend == "own" else np.full(len(who), yearly.mean())
    months, value = silent[who] * 12 / YEAR, worth * rule.margin / 100 * rule.multiple()
    return Winback(rule, int(lost.sum()), b.ids[who], months, value, rule.gain(months, value))


def profits(w: Winback) -> dict[str, float]:
    """Return the expected profit of three ways: nobody is written to, everybody, those of whom a profit is expected."""
    return {"none": 0.0, "all": float(w.gain.sum()), "worth": float(w.gain[w.gain > 0].sum())}


def headline(w: Winback) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units.

    An attempt of which nothing is expected is not worth making. Where no month is the last one, it is nan.
    """
    worth, earned = w.gain > 0, profits(w)
    return {
        "lost": float(w.lost),
        "value": w.mean_value,
        "break_even": 100 * w.break_even,
        "until": w.until if math.isfinite(w.until) else float("nan"),
        "worth": float(worth.sum()),
        "back": float(w.rule.chance_at(w.months[worth]).sum()),
        "profit": earned["worth"],
        "all": earned["all"],
        "life": lifetime.average_lifetime(w.rule.retention / 100),
    }


def listing(w: Winback) -> pd.DataFrame:
    """List whom to write to, the best first: index the id; months, chance and its break-even (%), value, gain."""
    order = np.argsort(-w.gain, kind="stable")
    k = order[w.gain[order] > 0]
    even = 100 * w.rule.cost / (w.value[k] - w.rule.gift)
    columns = {"months": w.months[k].round(1), "chance": (100 * w.rule.chance_at(w.months[k])).round(2)}
    columns |= {"break_even": even.round(2), "value": w.value[k].round(2), "gain": w.gain[k].round(2)}
    return pd.DataFrame(columns, index=pd.Index(w.ids[k], name="customer_id"))


STUDY = Study(
    name="winback",
    title=N_("Winning back"),
    datasets=("shop_orders", "shop_accounts"),
    inputs=WinbackRule,
    prepare=source.prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "lost": Measure(N_("Lost customers")),
        "value": Measure(N_("Value of the average customer won back"), N_("yuan"), 1),
        "break_even": Measure(N_("Break-even chance"), "%", 2),
        "until": Measure(N_("An attempt pays until month"), "", 1),
        "worth": Measure(N_("Attempts worth making")),
        "back": Measure(N_("Customers back, expected"), "", 1),
        "profit": Measure(N_("Profit of these attempts"), N_("yuan")),
        "all": Measure(N_("Profit of writing to all"), N_("yuan")),
        "life": Measure(N_("Who is back stays on average"), N_("years"), 2),
    },
    textbook={"spend": "mean", "discount": 0},
    first=("chance", "halves", "cost", "gift", "retention"),
)
