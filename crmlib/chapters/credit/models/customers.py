"""What an investigation finds out about a customer: three checklists and a balance sheet, as points.

The 27 questions are those of the chapter on managing customers: 11 on business, 11 on finance, 5 on payment. In the
data 1 is yes and 0 is no. That every question counts alike is a teaching assumption. Money is in 万元 (10,000 yuan).
"""

import numpy as np
import pandas as pd

from crmlib.core.i18n import N_
from crmlib.formulas.arrays import Floats

CHECKLISTS = {
    "business": tuple(f"b{n:02}" for n in range(1, 12)),
    "finance": tuple(f"f{n:02}" for n in range(1, 12)),
    "payment": tuple(f"p{n:02}" for n in range(1, 6)),
}
"""The columns of each checklist."""
YES_IS_GOOD = frozenset({*CHECKLISTS["business"], "f01"})
"""Questions whose yes speaks for the customer; a yes to any other one is a warning sign."""
CRITERIA = {
    "business": N_("business checklist"),
    "finance": N_("finance checklist"),
    "payment": N_("payment checklist"),
    "balance": N_("balance sheet"),
}
ANSWERED = 0.5
"""Share of a checklist that must be answered; with fewer answers it gives no points."""
WORST, BEST = -4.6, 1.0
"""Working-asset scores from which on a balance sheet earns 0 and 100 points."""
GRADES = ("A", "B", "C", "D")


def checklist_points(customers: pd.DataFrame, checklist: str) -> Floats:
    """Return the share of favourable answers in a checklist, 0–100 points; nan where less than half is answered.

    What is not answered counts neither way.
    """
    columns = list(CHECKLISTS[checklist])
    answers = customers[columns].to_numpy(float, na_value=np.nan)
    good = np.array([name in YES_IS_GOOD for name in columns])
    favourable = np.where(np.isnan(answers), 0.0, np.where(good, answers, 1 - answers)).sum(axis=1)
    given = (~np.isnan(answers)).sum(axis=1)
    enough = given >= ANSWERED * len(columns)
    return np.where(enough, 100 * favourable / np.maximum(given, 1), np.nan)


def warning_signs(customers: pd.DataFrame) -> Floats:
    """Return how many of the 15 warning signs of finance and payment each customer shows."""
    signs = [name for kind in ("finance", "payment") for name in CHECKLISTS[kind] if name not in YES_IS_GOOD]
    return np.asarray(np.nansum(customers[signs].to_numpy(float, na_value=np.nan), axis=1))


def working_asset_score(quick: Floats, current: Floats, current_debt: Floats, debt: Floats, worth: Floats) -> Floats:
    """Return the working-asset score: current ratio + quick ratio − current liabilities ÷ net worth − liabilities ÷ net
    worth.

    Args:
        quick, current: quick and current assets.
        current_debt, debt: current liabilities and all liabilities.
        worth: net worth (assets less liabilities).

    Returns:
        Without current liabilities +∞, without a net worth above zero −∞, where a figure is missing nan.

    >>> found = working_asset_score(*(np.array([x]) for x in (60.0, 100.0, 50.0, 80.0, 40.0)))
    >>> round(float(found[0]), 2)
    -0.05
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(current_debt > 0, (current + quick) / current_debt, np.inf)
        burden = np.where(worth > 0, (current_debt + debt) / worth, np.inf)
    known = ~np.isnan(quick + current + current_debt + debt + worth)
    score = np.where(np.isinf(burden), -np.inf, ratios - np.where(np.isinf(burden), 0.0, burden))
    return np.where(known, score, np.nan)


def balance_sheet(customers: pd.DataFrame) -> dict[str, Floats]:
    """Return quick, current and total assets, current and all liabilities, net worth: an array each, nan if missing."""
    names = ("quick_assets", "current_assets", "total_assets", "current_liabilities", "liabilities")
    found = {name: customers[name].to_numpy(float, na_value=np.nan) for name in names}
    return found | {"net_worth": found["total_assets"] - found["liabilities"]}


def strength(customers: pd.DataFrame) -> Floats:
    """Return the working-asset score of each customer."""
    b = balance_sheet(customers)
    parts = ("quick_assets", "current_assets", "current_liabilities", "liabilities", "net_worth")
    return working_asset_score(*(b[name] for name in parts))


def criteria(customers: pd.DataFrame) -> Floats:
    """Return the points (0–100) of each customer in the order of :data:`CRITERIA`; nan where nothing is known.

    A balance sheet earns points on a straight line from :data:`WORST` to :data:`BEST`. Teaching assumption.
    """
    lists = [checklist_points(customers, name) for name in CHECKLISTS]
    balance = np.clip((strength(customers) - WORST) / (BEST - WORST), 0, 1) * 100
    return np.column_stack([*lists, balance])


def rounded(scores: Floats) -> Floats:
    """Return scores rounded half up to one decimal, as they meet a cut-off."""
    return np.floor(np.round(10 * scores, 5) + 0.5) / 10
