"""The five price discounts of the graduate paper, one after the other, and the annualised cost of forgoing one.

The notes name quantity, functional grade, cash, seasonal and pickup-volume discounts without any figure; the rates
here are teaching assumptions. Convention: the discounts are taken in chain, each on what the one before left; the
pickup rebate is credited afterwards on the same amount. Money is yuan.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from crmlib.core.i18n import N_, NC_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.discount import annual_cost

CASES = NC_("boxes", "cases")
KINDS = (
    N_("quantity discount"),
    N_("functional discount"),
    N_("seasonal discount"),
    N_("cash discount"),
    N_("pickup-volume rebate"),
)
"""In the order in which they are taken: the price first, the payment next, the rebate last."""


class DiscountTerms(Inputs):
    """An order, the five rates, and the terms of payment."""

    cases: int = setting(600, N_("Size of the order"), low=10, high=4000, step=10, unit=CASES)
    list_price: float = setting(200, N_("List price"), low=10, high=1000, step=10, unit=N_("yuan a case"))
    quantity_from: int = setting(500, N_("Quantity discount from"), low=0, high=4000, step=10, unit=CASES)
    quantity_rate: float = setting(3, N_("Quantity discount"), low=0, high=20, step=0.5, unit="%")
    functional_rate: float = setting(
        8,
        N_("Functional discount"),
        low=0,
        high=40,
        step=0.5,
        unit="%",
        help=N_("By the distributor's level in the channel."),
    )
    seasonal_rate: float = setting(
        2, N_("Seasonal discount"), low=0, high=30, step=0.5, unit="%", help=N_("For ordering ahead of the season.")
    )
    cash_rate: float = setting(2, N_("Cash discount"), low=0, high=10, step=0.5, unit="%")
    cash_days: int = setting(10, N_("Cash discount if paid within"), low=0, high=60, step=1, unit=N_("days"))
    net_days: int = setting(30, N_("Full payment due after"), low=1, high=180, step=1, unit=N_("days"))
    year: Literal["360", "365"] = setting(
        "360",
        N_("Days in a year"),
        choices={"360": "360", "365": "365"},
        help=N_("Books differ; the rate differs too."),
    )
    compound: bool = setting(False, N_("Compound the annual rate"), help=N_("Interest on interest within the year."))
    takes_cash: bool = setting(True, N_("The distributor pays within the discount period"))
    pickup_from: int = setting(500, N_("Pickup rebate from"), low=0, high=4000, step=10, unit=CASES)
    pickup_rate: float = setting(1, N_("Pickup rebate"), low=0, high=20, step=0.5, unit="%")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse a cash period that does not end before the payment is due."""
        if self.net_days <= self.cash_days:
            yield (
                "net_days",
                _("The credit period must be longer than the discount period of {days} days.").format(
                    days=self.cash_days
                ),
            )


@dataclass(frozen=True)
class Bill:
    """An order's way from list price to net price: the amount taken at each of :data:`KINDS`, and the annual rate."""

    terms: DiscountTerms
    gross: float
    taken: tuple[float, ...]
    annual: float  # cost of forgoing the cash discount, share a year

    @property
    def net(self) -> float:
        """What the distributor pays in the end, yuan."""
        return self.gross - sum(self.taken)


def bill(_none: None, terms: DiscountTerms) -> Bill:
    """Take the five discounts off an order."""
    rates = (
        terms.quantity_rate if terms.cases >= terms.quantity_from else 0.0,
        terms.functional_rate,
        terms.seasonal_rate,
        terms.cash_rate if terms.takes_cash else 0.0,
        terms.pickup_rate if terms.cases >= terms.pickup_from else 0.0,
    )
    gross = left = terms.cases * terms.list_price
    taken = []
    for rate in rates:
        taken.append(left * rate / 100)
        left -= taken[-1]
    annual = annual_cost(terms.cash_rate / 100, terms.cash_days, terms.net_days, int(terms.year), terms.compound)
    return Bill(terms, gross, tuple(taken), annual)


def headline(b: Bill) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    return {
        "gross": b.gross,
        "net": b.net,
        "off": 100 * (1 - b.net / b.gross),
        "net_price": b.net / b.terms.cases,
        "annual": 100 * b.annual,
    }


def steps(b: Bill) -> pd.DataFrame:
    """Return what each discount takes off and what it leaves (yuan); index the untranslated kind."""
    left = b.gross - pd.Series(b.taken).cumsum()
    return pd.DataFrame({"taken": b.taken, "left": left.to_numpy()}, index=pd.Index(KINDS, name="kind"))


STUDY = Study(
    name="discounts",
    title=N_("Five discounts"),
    datasets=(),
    inputs=DiscountTerms,
    prepare=lambda: None,
    run=bill,
    headline=headline,
    listing=steps,
    measures={
        "gross": Measure(N_("At list price"), N_("yuan")),
        "net": Measure(N_("Paid in the end"), N_("yuan")),
        "off": Measure(N_("Taken off in all"), "%", 2),
        "net_price": Measure(N_("Net price"), N_("yuan a case"), 2),
        "annual": Measure(N_("Cost of forgoing the cash discount"), N_("% a year"), 2),
    },
    textbook={
        "quantity_rate": 0,
        "functional_rate": 0,
        "seasonal_rate": 0,
        "pickup_rate": 0,
        "cash_rate": 2,
        "cash_days": 10,
        "net_days": 30,
    },
    first=("cases", "list_price", "quantity_rate", "cash_rate", "net_days"),
)
