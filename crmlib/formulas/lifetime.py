"""What a customer who may leave is worth: margin multiple, average lifetime, break-even of winning."""

import numpy as np

from crmlib.formulas.arrays import Floats


def multiple(retention: Floats, discount: float, first: str = "end", growth: float = 0.0) -> Floats:
    """Return the margin multiple: what a margin of 1 a year is worth while the customer stays.

    Convention: margins fall at the end of each year if the customer is still there, r/(1 + i − r(1 + g)). With
    ``first`` ``"now"`` one more falls today for certain; without growth this makes the multiple exactly one higher.
    Retention, discount rate and growth are per year and constant. Source: Gupta & Lehmann (2005), *Managing Customers
    as Investments*.

    Args:
        retention: probability of staying a year, 0–1.
        discount: rate per year.
        first: when the first margin falls, ``"end"`` or ``"now"``.
        growth: by how much the margin grows with each year the customer stays; r(1 + g) must be below 1 + i.

    >>> multiple(np.array([0.8]), 0.12).round(6).tolist(), multiple(np.array([0.8]), 0.12, "now").round(6).tolist()
    ([2.5], [3.5])
    """
    later = retention / (1 + discount - retention * (1 + growth))
    return np.asarray(1 + (1 + growth) * later if first == "now" else later)


def upkeep(retention: Floats, discount: float, years: str = "always") -> Floats:
    """Return what a service cost of 1 a year adds up to: it is paid at the start of each year the customer is there.

    (1 + i)/(1 + i − r); with ``years`` ``"once"`` it is paid this year only, and the multiple is one.
    """
    return np.ones_like(retention) if years == "once" else (1 + discount) / (1 + discount - retention)


def break_even(cost: float, margin: float, discount: float, first: str = "end", growth: float = 0.0) -> float:
    """Return the retention rate (0–1) from which a customer pays back what winning her cost.

    It solves cost = margin × :func:`multiple`: r = c(1 + i) ÷ (m + c(1 + g)), or (1 + i)(1 − m ÷ c) ÷ (1 + g) where the
    first margin falls now; 0 where that margin alone pays for it. nan where no retention rate does.

    >>> round(break_even(400.0, 600.0, 0.10), 6)
    0.44
    """
    if cost <= 0 or (first == "now" and margin >= cost):
        return 0.0
    if margin <= 0:
        return float("nan")
    if first == "now":
        rate = (1 + discount) * (1 - margin / cost) / (1 + growth)
    else:
        rate = cost * (1 + discount) / (margin + cost * (1 + growth))
    return rate if rate <= 1 else float("nan")


def average_lifetime(retention: float) -> float:
    """Return the average customer lifetime in years, 1 ÷ (1 − r); it has no end where nobody leaves.

    nan where the retention rate is not known.

    >>> round(average_lifetime(0.75), 6)
    4.0
    """
    return float("inf") if retention >= 1 else 1 / (1 - retention)
