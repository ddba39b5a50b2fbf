"""Make ``depletions.csv``: a dealer's weekly stock record of a year. Synthetic, seeded.

Run ``python data/make_depletions.py``. The dealer sells about a hundred cases a week, more before the Spring Festival
and in the summer. He reorders as stock falls, and fills up at the end of a quarter to reach the next step of the
rebate ladder. In two weeks more leaves the warehouse than is sold: goods dumped in another region. In one week a few
cases are lost. ``numpy.random.RandomState`` is used because its stream is frozen; a rebuild is identical byte by byte.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState

from crmlib.support.files import atomic_write

SEED = 20240901
WEEKS = 52
FIRST_WEEK = "2024-01-07"
OPENING = 430
STEP = 1400
"""Cases a quarter from which the rebate jumps."""
FILLS = (11, 24, 37, 50)
"""Weeks in which he fills up to the step, shortly before the quarter ends."""
GONE = {25: 130, 38: 90, 44: 4}
"""Week → cases that leave the record."""
COSTS = ((0, 186.0), (20, 190.0), (33, 194.0), (49, 199.0))
"""Week from which a case costs so much, yuan."""


def demand(rng: RandomState) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Cases that customers want in each week: seasonal, with noise."""
    week = np.arange(WEEKS)
    season = 1 + 0.35 * np.exp(-(((week - 4) / 1.8) ** 2)) + 0.22 * np.exp(-(((week - 28) / 5) ** 2))
    return np.round(95 * season + 16 * rng.standard_normal(WEEKS)).clip(30).astype(np.int64)


def make(seed: int = SEED) -> pd.DataFrame:
    """Return the record, a row a week (52 × 6)."""
    rng = RandomState(seed)
    wanted = demand(rng)
    stock, quarter, due, lead = OPENING, 0, -1, 0.0
    rows = []
    for week in range(WEEKS):
        quarter = 0 if week % 13 == 0 else quarter
        received = 0
        if week == due:
            received, due = int(np.round(rng.uniform(330, 420), -1)), -1
        if week in FILLS:  # fills up to the step
            received += max(STEP - quarter - received, 0)
        quarter += received
        sold = int(min(wanted[week], stock + received))
        stock = stock + received - sold - min(GONE.get(week, 0), stock + received - sold)
        cost = next(price for start, price in reversed(COSTS) if week >= start)
        shown = (round(lead, 1), cost) if received else (np.nan, np.nan)
        rows.append((received, sold, stock, *shown))
        if stock < 310 and due < 0:
            lead = float(np.clip(rng.normal(2.0, 0.6), 0.8, 3.6))
            due = week + int(np.ceil(lead))
    table = pd.DataFrame(rows, columns=["received", "sold", "closing", "lead_weeks", "unit_cost"])
    table.insert(0, "week", pd.date_range(FIRST_WEEK, periods=WEEKS, freq="7D").strftime("%Y-%m-%d"))
    return table


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"depletions": make(seed)}


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own record; its dealer fills up to the step as well, and the same weeks do not add up."""
    return tables(seed)


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))
