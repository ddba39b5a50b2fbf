"""A cash discount from both sides: what forgoing it costs, when a buyer had better pay, how many takers pay off."""

import math


def annual_cost(rate: float, cash_days: int, net_days: int, year: int = 360, compound: bool = False) -> float:
    """Return the yearly cost of forgoing a cash discount, as a share.

    Simple: d ÷ (1 − d) × year ÷ (net − cash days). Compound: (1 + d ÷ (1 − d)) to the power of year ÷ (net − cash
    days), less one. The credit period must be longer than the discount period.

    >>> round(annual_cost(0.02, 10, 30), 4), round(annual_cost(0.02, 10, 30, 365), 4)
    (0.3673, 0.3724)
    """
    periods = year / (net_days - cash_days)
    each = rate / (1 - rate)
    return (1 + each) ** periods - 1 if compound else each * periods


def best_day(rate: float, cash_days: int, net_days: int, borrowing: float, year: int = 360) -> int:
    """Return the day on which a buyer had best pay: the last of the discount period, or the last of the credit period.

    A buyer pays early if forgoing the discount costs more a year than the money does that pays the invoice. Days in
    between are never best: they neither earn the discount nor use the whole of the credit period.

    Args:
        rate: cash discount, a share below one.
        borrowing: what a loan costs the buyer, or what its own money earns, a share a year.

    >>> best_day(0.02, 10, 30, 0.08), best_day(0.001, 10, 30, 0.08)
    (10, 30)
    """
    return cash_days if annual_cost(rate, cash_days, net_days, year) > borrowing else net_days


def break_even_takeup(gain: float, sales: float, discount: float, saved: float) -> float:
    """Return the share of sales (0–1) paid with the discount at which the seller gains nothing from it.

    Args:
        gain: what the discount brings apart from paying sooner, a year: contribution gained, bad debts saved.
        sales: credit sales a year under the new terms.
        discount: rate, a share.
        saved: carrying cost that a sale paid sooner saves, a share of it.

    Returns:
        At most 1; nan where paying sooner saves as much as the discount costs: then no take-up is too high.

    >>> break_even_takeup(gain=4_200, sales=600_000, discount=0.02, saved=0.006)
    0.5
    """
    cost = sales * (discount - saved)
    return min(max(gain / cost, 0.0), 1.0) if cost > 0 else math.nan
