"""Growth and trend: moving averages, a seasonal index, and growth that the season does not disturb.

Seasonal index by the ratio to the moving average: each month ÷ the centred moving average of twelve months (a 2 × 12
average, since twelve is even), averaged by month of the year and brought to a mean of 1. The simple index is the mean
of a month of the year ÷ the mean of all months; a trend disturbs it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.models import cube as source
from crmlib.chapters.analysis.models.cube import KINDS, YEAR, Cube
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio


class TrendRule(Inputs):
    """Which months are looked at, and how they are smoothed."""

    measure: Literal["sales", "quantity", "profit"] = setting(
        "sales",
        N_("Follow"),
        choices={"sales": N_("sales"), "quantity": N_("quantity"), "profit": N_("gross margin")},
    )
    customers: Literal["all", "distributor", "retailer", "agent", "end"] = setting(
        "all", N_("Kinds of customers"), choices={"all": N_("all customers"), **KINDS}
    )
    season: Literal["ratio", "simple"] = setting(
        "ratio",
        N_("Seasonal index"),
        choices={"ratio": N_("ratio to the moving average"), "simple": N_("simple mean of each month")},
    )
    window: int = setting(
        12,
        N_("Moving average of"),
        low=2,
        high=12,
        step=1,
        unit=N_("months"),
        help=N_("Of the months up to and with the one shown. Only twelve take the season out."),
    )
    promotion: bool = setting(
        True,
        N_("Count months of promotion"),
        help=N_("Left out, a product promoted in a month is left out of it and of the next in every year."),
    )


@dataclass(frozen=True)
class Trend:
    """What :func:`run` returns; arrays run over the months."""

    cube: Cube
    rule: TrendRule
    values: Floats
    average: Floats  # moving, nan before the window is full
    index: Floats  # of the twelve months of the year from January, mean 1
    cleaned: Floats  # values without the season, nan where the index is zero


def moving_average(values: Floats, window: int) -> Floats:
    """Return the mean of each month and the ``window`` − 1 before it; nan where there are not so many.

    >>> moving_average(np.array([2.0, 4.0, 6.0, 8.0]), 3).tolist()
    [nan, nan, 4.0, 6.0]
    """
    found = np.full(len(values), np.nan)
    if len(values) >= window:
        total = np.cumsum(np.concatenate([[0.0], values]))
        found[window - 1 :] = (total[window:] - total[:-window]) / window
    return found


def centred(values: Floats, window: int = YEAR) -> Floats:
    """Return the centred moving average of an even window, a 2 × window average; nan at both ends.

    >>> centred(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 2).tolist()
    [nan, 2.0, 3.0, 4.0, nan]
    """
    found = np.full(len(values), np.nan)
    weights = np.concatenate([[0.5], np.ones(window - 1), [0.5]]) / window
    half = window // 2
    if len(values) > window:
        found[half:-half] = np.convolve(values, weights, "valid")
    return found


def seasonal_index(values: Floats, place: Ints, how: str = "ratio", periods: int = YEAR) -> Floats:
    """Return the seasonal index of each period of the year, with a mean of 1.

    Args:
        values: a period each, in a row.
        place: of each period in its year, from 0.
        how: ``"ratio"`` to the centred moving average, or ``"simple"``.
        periods: in a year.

    Raises:
        DataError: a period of the year has no ratio: two years in a row are needed; or everything is zero.
    """
    against = centred(values, periods) if how == "ratio" else np.full(len(values), values.mean())
    ratios = ratio(values, np.nan_to_num(against))
    by = [ratios[(place == k) & ~np.isnan(ratios)] for k in range(periods)]
    if any(not len(found) for found in by):
        raise DataError(_("A seasonal index needs two years in a row with sales; these data are too short or empty."))
    means = np.array([found.mean() for found in by])
    if means.sum() <= 0:
        raise DataError(_("A seasonal index needs two years in a row with sales; these data are too short or empty."))
    return np.asarray(means / means.mean())


def near_promotion(cube: Cube) -> Bools:
    """Return where a product was promoted, or in the month before, in this or in any other year (products × months)."""
    place, found = cube.months % YEAR, np.zeros(cube.promotion.shape, dtype=bool)
    for product, month in np.argwhere(cube.promotion).tolist():
        found[product] |= np.isin(place, [place[month], (place[month] + 1) % YEAR])
    return found


def run(cube: Cube, rule: TrendRule) -> Trend:
    """Compute moving average, seasonal index and the values without the season."""
    who = source.chosen(rule.customers)
    counted = np.ones(cube.promotion.shape) if rule.promotion else (~near_promotion(cube)).astype(float)
    sales, quantity, cost = (
        (values[who].sum(axis=0) * counted).sum(axis=0) for values in (cube.sales, cube.quantity, cube.cost)
    )
    values = {"sales": sales, "quantity": quantity, "profit": sales - cost}[rule.measure]
    place = cube.months % YEAR
    index = seasonal_index(values, place, rule.season)
    return Trend(cube, rule, values, moving_average(values, rule.window), index, ratio(values, index[place]))


def growth(now: float, before: float) -> float:
    """Return the growth in percent; nan where there was nothing before.

    >>> growth(110.0, 100.0)
    10.0
    """
    return 100 * (now - before) / before if before > 0 else float("nan")


def headline(t: Trend) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    last, before = t.values[-YEAR:].sum(), t.values[-2 * YEAR : -YEAR].sum()
    level = float(np.nanmean(t.cleaned[-YEAR:]))
    following = int(t.cube.months[-1] + 1) % YEAR
    return {
        "growth": growth(float(last), float(before)),
        "month_growth": growth(float(t.values[-1]), float(t.values[-1 - YEAR])),
        "average": float(t.average[-1]),
        "peak": float(t.index.max()),
        "low": float(t.index.min()),
        "following": level * float(t.index[following]),
    }


def listing(t: Trend) -> pd.DataFrame:
    """List the months: columns value, moving average, seasonal index, value without the season."""
    columns = {
        "value": t.values,
        "average": t.average,
        "index": t.index[t.cube.months % YEAR],
        "cleaned": t.cleaned,
    }
    return pd.DataFrame(columns, index=pd.Index([source.label(m) for m in t.cube.months.tolist()], name="month"))


STUDY = Study(
    name="trend",
    title=N_("Growth and season"),
    datasets=("sales_cube", "product_months", "customer_purchases"),
    inputs=TrendRule,
    prepare=source.prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "growth": Measure(N_("Growth on the year before"), "%", 1),
        "month_growth": Measure(N_("Growth of the last month on its year before"), "%", 1),
        "average": Measure(N_("Moving average now")),
        "peak": Measure(N_("Highest seasonal index"), "", 2),
        "low": Measure(N_("Lowest seasonal index"), "", 2),
        "following": Measure(N_("Expected for the month that follows")),
    },
)
