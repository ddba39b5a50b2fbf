"""Churn in formulas: rates of a period, cut-off of silence, break-even of a win-back, one customer's warning score.

Shares are 0–1, money is yuan.
"""

import numpy as np

from crmlib.formulas.arrays import Floats, Ints, ratio

SIGNS = (60.0, 25.0, 15.0)
"""Points of the three signs of the warning score, a teaching assumption: silence, falling spend, returns."""
SILENT = 3.0
"""Silence of so many usual gaps has all its points."""


def retention_rate(start: float, new: float, end: float) -> float:
    """Return the retention rate of a period: customers at its end less new ones, over those at its start.

    >>> retention_rate(500, 120, 520)
    0.8
    """
    return (end - new) / start


def over_periods(rate: float, periods: int) -> float:
    """Return the retention rate over several periods of a rate per period: they are multiplied.

    >>> round(over_periods(0.95, 12), 4)
    0.5404
    """
    return rate**periods


def win_back(people: float, success: float, worth: float, contact: float, gift: float) -> float:
    """Return the profit of a win-back: people × (success × (worth − gift) − contact). A gift goes to who comes back.

    >>> win_back(1000, 0.08, 300, 4, 50)
    16000.0
    """
    return people * (success * (worth - gift) - contact)


def break_even_success(worth: float, contact: float, gift: float) -> float:
    """Return the share that must come back for a win-back to pay: contact ÷ (worth − gift); nan where no share does.

    >>> break_even_success(300, 4, 50)
    0.016
    """
    return contact / (worth - gift) if 0 <= contact <= worth - gift and worth > gift else float("nan")


def list_quality(hits: float, listed: float, lost: float, customers: float) -> tuple[float, float, float]:
    """Return precision, recall and lift of a list of customers who are said to be lost soon.

    Precision is hits ÷ listed, recall hits ÷ all who were lost, lift precision ÷ the share of all who were lost.

    >>> list_quality(240, 500, 1000, 5000)
    (0.48, 0.24, 2.4)
    """
    precision = hits / listed
    return precision, hits / lost, precision / (lost / customers)


def warning_score(silence: Floats, usual_gap: Floats, spend: Floats, before: Floats, returned: Floats) -> Floats:
    """Return a warning score from 0 to 100 of three signs, the more the likelier a customer is lost.

    Silence counts as days since the last purchase over the customer's usual gap, all points from :data:`SILENT` gaps
    on. Falling spend counts by the share by which this year's is below last year's; who spent nothing last year has no
    such points. Returns count by their share of what was bought, all points from half on.

    Args:
        silence: days since the last purchase.
        usual_gap: days, above zero.
        spend, before: of the last 365 days and of the 365 days before.
        returned: share of what was bought that was sent back.
    """
    fall = ratio(before - spend, before, 0.0)
    parts = np.column_stack([silence / usual_gap / SILENT, fall, returned / 0.5])
    return np.asarray(np.clip(parts, 0, 1) @ np.array(SIGNS))


def usual_gaps(orders: Ints, first: Ints, last: Ints) -> Floats:
    """Return each customer's mean gap between purchases in days; who bought once takes the median of the others.

    Convention: where nobody bought twice, every gap is 90 days.
    """
    own = ratio(last - first, orders - 1)
    known = own[~np.isnan(own)]
    return np.where(np.isnan(own), np.median(known) if len(known) else 90.0, np.maximum(own, 1.0))
