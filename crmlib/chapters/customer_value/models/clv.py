"""Customer lifetime value: finite or without end, margin now or later, rate per period, acquisition counted or not.

Units: margins and the acquisition cost are yuan, retention and growth are per period, the discount rate is per year and
is turned into one per period here. A period is named (month, quarter, half-year, year), never a number.
Sources: Berger and Nasr (1998); Gupta, Lehmann and Stuart (2004); Gupta and Lehmann (2005).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models.shop import PER_YEAR, PERIOD_NAMES
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas import lifetime
from crmlib.formulas.arrays import Floats

First = Literal["end", "served", "now"]
FIRST = {
    "end": N_("at the end of a period, if still there"),
    "served": N_("at the end of a period, if there at its start"),
    "now": N_("today and at the start of each period"),
}
COHORT = 1000
SHOWN = 20
"""Periods in the picture and in the cohort table at most."""
LONG = 1000
"""Where margins have no end, so many are looked through for the acquisition cost; later ones add next to nothing."""


class ClvRule(Inputs):
    """A customer's margin, how long she stays, and what is assumed of time."""

    margin: float = setting(120, N_("Margin per period"), low=10, high=1000, step=5, unit=N_("yuan"))
    retention: float = setting(75, N_("Retention rate per period"), low=0, high=99, step=1, unit="%")
    discount: float = setting(10, N_("Discount rate per year"), low=0, high=40, step=0.5, unit="%")
    period: Literal["month", "quarter", "half", "year"] = setting(
        "year", N_("A period is a"), choices=PERIOD_NAMES,
        help=N_("Margin, retention and growth are per period. The discount rate stays per year and is turned."),
    )  # fmt: skip
    first: First = setting("end", N_("A margin falls"), choices=FIRST)
    horizon: Literal["always", "some"] = setting(
        "always",
        N_("Counted are"),
        group=N_("Conventions"),
        choices={"always": N_("all periods without end"), "some": N_("a given number of periods")},
    )
    periods: int = setting(5, N_("Periods, if their number is given"), low=1, high=60, step=1, group=N_("Conventions"))
    growth: float = setting(
        0, N_("Growth of the margin per period"), low=-20, high=45, step=0.5, unit="%", group=N_("Conventions")
    )
    acquisition: float = setting(
        150, N_("Acquisition cost"), low=0, high=2000, step=10, unit=N_("yuan"), group=N_("Conventions")
    )
    counted: bool = setting(
        True, N_("Take the acquisition cost off"), group=N_("Conventions"),
        help=N_("Count it before winning a customer. Once she has been won it is spent and decides nothing."),
    )  # fmt: skip
    turned: Literal["compound", "simple"] = setting(
        "compound",
        N_("Yearly rate to period"),
        group=N_("Conventions"),
        choices={"compound": N_("compound: (1 + i)^(1/n) − 1"), "simple": N_("simple: i ÷ n")},
    )

    def rate(self) -> float:
        """Return the discount rate of a period, as a share."""
        return per_period(self.discount / 100, self.period, self.turned)

    def counted_periods(self) -> int | None:
        """Return how many margins are counted; None without end."""
        return self.periods if self.horizon == "some" else None

    def multiple(self, first: str = "", retention: float | None = None) -> float:
        """Return the margin multiple, by another convention of timing or at another retention rate (%) if given."""
        r = (self.retention if retention is None else retention) / 100
        return multiple(r, self.rate(), first or self.first, self.growth / 100, self.counted_periods())

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse a value that is without bounds."""
        if self.horizon == "always" and self.retention / 100 * (1 + self.growth / 100) >= 1 + self.rate():
            yield (
                "growth",
                _("Margins grow faster than customers leave, so without end the value has no bound. Lower the growth."),
            )

    def remarks(self) -> list[str]:
        """Say which conventions change nothing here, and what both rates come to in the other unit of time."""
        idle = {
            "periods": self.horizon == "always",
            "counted": self.acquisition == 0,
            "turned": self.period == "year" or self.discount == 0,
        }
        named = [s.title() for s in self.settings() if idle.get(s.name)]
        nothing = [_("These change nothing here: {names}.").format(names=_("; ").join(named))] if named else []
        if self.period == "year":
            return nothing
        said = _(
            "Retention of {r:g}% per {period} is {year:.1f}% per year; {i:g}% per year is {rate:.2f}% per {period}."
        )
        year = 100 * (self.retention / 100) ** PER_YEAR[self.period]
        rates = said.format(
            r=self.retention,
            period=_(PERIOD_NAMES[self.period]),
            year=year,
            i=self.discount,
            rate=100 * self.rate(),
        )
        return [*nothing, rates]


@dataclass(frozen=True)
class Clv:
    """What :func:`value` returns; arrays run over periods from 1 (or from 0 where a margin falls today)."""

    rule: ClvRule
    multiple: float
    times: Floats  # when the margin falls, in periods from today
    alive: Floats  # of a cohort of COHORT customers, those who bring that margin
    margin: Floats  # of one customer, yuan
    present: Floats  # of one customer as won, yuan

    @property
    def paid(self) -> float:
        """When the margins counted have brought back the acquisition cost, in periods from today; nan if never.

        It may lie after the periods shown.
        """
        times, _there, _margin, present = _margins(self.rule, self.rule.counted_periods() or LONG)
        enough = np.flatnonzero(np.cumsum(present) >= self.rule.acquisition)
        return float(times[enough[0]]) if len(enough) else float("nan")

    @property
    def gross(self) -> float:
        """Value before the acquisition cost."""
        return self.rule.margin * self.multiple

    @property
    def clv(self) -> float:
        """Value as the rule counts it."""
        return self.gross - (self.rule.acquisition if self.rule.counted else 0)


def per_period(yearly: float, period: str, turned: str = "compound") -> float:
    """Return a discount rate per period of a rate per year, both shares.

    >>> round(per_period(0.12, "month"), 6), round(per_period(0.12, "month", "simple"), 6)
    (0.009489, 0.01)
    """
    n = PER_YEAR[period]
    return yearly / n if turned == "simple" else (1 + yearly) ** (1 / n) - 1


def multiple(
    retention: float, rate: float, first: str = "end", growth: float = 0.0, periods: int | None = None
) -> float:
    """Return what a margin of 1 a period is worth, over a number of periods or without end.

    ``"end"``: Σ rᵗ(1+g)ᵗ⁻¹ ÷ (1+i)ᵗ, without end r ÷ (1 + i − r(1+g)), Gupta and Lehmann's margin multiple.
    ``"served"``: the customer is there at the start, one factor r less, without end 1 ÷ (1 + i − r(1+g)). ``"now"``: a
    margin at the start of each period, the first one today, Σ (r(1+g) ÷ (1+i))ᵗ from t = 0, 1 + i times the one before.
    Over n periods each has n margins.

    >>> [round(multiple(0.8, 0.12, first), 4) for first in ("end", "served", "now")]
    [2.5, 3.125, 3.5]
    >>> round(multiple(0.5, 0.0, "end", periods=3), 6)
    0.875
    """
    ratio = retention * (1 + growth) / (1 + rate)
    if periods is None:
        whole = float(lifetime.multiple(np.array([retention]), rate, "end" if first == "end" else "now", growth)[0])
        return whole / (1 + rate) if first == "served" else whole
    terms = float((ratio ** np.arange(periods)).sum())
    return terms * {"end": retention / (1 + rate), "served": 1 / (1 + rate), "now": 1.0}[first]


def value(_none: None, rule: ClvRule) -> Clv:
    """Compute a customer's lifetime value and the table of a cohort."""
    times, there, margin, present = _margins(rule, min(rule.counted_periods() or SHOWN, SHOWN))
    return Clv(rule, rule.multiple(), times, COHORT * there, margin, present)


def _margins(rule: ClvRule, n: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return of the first n margins: when each falls, who is there to bring it (0–1), itself, and its present value."""
    k = np.arange(n, dtype=float)
    times = k if rule.first == "now" else k + 1
    there = (rule.retention / 100) ** (times if rule.first != "served" else k)
    margin = rule.margin * (1 + rule.growth / 100) ** k
    return times, there, margin, there * margin / (1 + rule.rate()) ** times


def headline(c: Clv) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    rule = c.rule
    return {
        "clv": c.clv,
        "gross": c.gross,
        "multiple": c.multiple,
        "life": lifetime.average_lifetime(rule.retention / 100),
        "rate": 100 * rule.rate(),
        "payback": c.paid,
        "point": rule.margin * (_one_point_more(rule) - c.multiple),
    }


def _one_point_more(rule: ClvRule) -> float:
    """Return the multiple with one point more of retention; nan where that has no bound."""
    more = rule.retention + 1
    if rule.horizon == "always" and more / 100 * (1 + rule.growth / 100) >= 1 + rule.rate():
        return float("nan")
    return rule.multiple(retention=more)


def cohort(c: Clv) -> pd.DataFrame:
    """Return the cohort table: index the time; customers, margin of one and of all, factor, present value, sum."""
    factor = (1 + c.rule.rate()) ** -c.times
    whole = c.alive * c.margin
    columns = {
        "customers": c.alive,
        "margin": c.margin,
        "together": whole,
        "factor": factor,
        "present": whole * factor,
        "cumulated": np.cumsum(whole * factor),
    }
    return pd.DataFrame(columns, index=pd.Index(c.times.astype(int), name="time"))


STUDY = Study(
    name="clv",
    title=N_("Customer lifetime value"),
    datasets=(),
    inputs=ClvRule,
    prepare=lambda: None,
    run=value,
    headline=headline,
    listing=cohort,
    measures={
        "clv": Measure(N_("Customer lifetime value"), N_("yuan"), 1),
        "gross": Measure(N_("Before the acquisition cost"), N_("yuan"), 1),
        "multiple": Measure(N_("Margin multiple"), "", 3),
        "life": Measure(N_("Average customer lifetime"), N_("periods"), 2),
        "rate": Measure(N_("Discount rate per period"), "%", 2),
        "payback": Measure(N_("Acquisition paid back in period")),
        "point": Measure(N_("One more point of retention is worth"), N_("yuan"), 1),
    },
    textbook={"margin": 100, "retention": 80, "discount": 12, "acquisition": 0},
    first=("margin", "retention", "discount", "period", "first"),
)
