"""Make ``value_ratings.csv``: account managers' ratings of the firms in ``bank_loans.csv``. Synthetic, seeded.

Run ``python data/make_value_ratings.py`` after ``make_bank_loans.py``: there is a row for most firms that are in the
loan book at its last date, under the same numbers. ``numpy.random.RandomState`` is used because numpy has frozen its
stream, so that a rebuild is identical byte by byte.

How the numbers hang together: a firm that uses few of the bank's products does more of its business elsewhere, so it
has more to give. Firms with a long relation co-operate better, firms in growing industries ask for more service.
Ratings are the judgement of people: they cluster around 3, and some managers left cells empty. Rows that test a model
are put in at the end (:func:`awkward`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState

from crmlib.support.files import atomic_write
from crmlib.tables.data import load

SEED = 20250611
NOT_RATED, EMPTY = 0.06, 0.04
"""Share of the firms without a row, and of the cells that were left empty."""


def make(seed: int = SEED) -> pd.DataFrame:
    """Return the ratings: a row a firm, sorted by number; share elsewhere in %, ratings from 1 to 5."""
    rng = RandomState(seed)
    loans = load("bank_loans")
    last = loans[loans["as_of"] == loans["as_of"].max()].sort_values("firm_id", ignore_index=True)
    n = len(last)
    products, years = (last[c].to_numpy(float) for c in ("products", "years_with_bank"))
    outlook = last["industry_outlook"].to_numpy(float)
    elsewhere = np.clip(78 - 8.5 * products + 16 * rng.standard_normal(n), 0, 95)
    works_together = 3.2 + 0.06 * (years - 6) + 0.9 * rng.standard_normal(n)
    demands = 2.9 + 0.018 * (outlook - 50) + 0.9 * rng.standard_normal(n)
    frame = pd.DataFrame(
        {
            "firm_id": last["firm_id"].astype(str),
            "elsewhere": 5.0 * np.round(elsewhere / 5),
            "cooperation": np.clip(np.round(works_together), 1, 5),
            "demands": np.clip(np.round(demands), 1, 5),
        }
    )
    frame = awkward(rng, frame[rng.uniform(size=n) >= NOT_RATED].reset_index(drop=True))
    return frame.astype(dict.fromkeys(("elsewhere", "cooperation", "demands"), "Int64"))


def awkward(rng: RandomState, frame: pd.DataFrame) -> pd.DataFrame:
    """Leave cells empty, three whole rows among them, and let one manager give every firm the middle rating."""
    columns = ["elsewhere", "cooperation", "demands"]
    empty = rng.uniform(size=(len(frame), len(columns))) < EMPTY
    frame[columns] = frame[columns].mask(empty)
    frame.loc[frame.index[[40, 41, 42]], columns] = np.nan
    frame.loc[frame.index[300:330], ["cooperation", "demands"]] = 3.0
    return frame


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own ratings of the same firms."""
    return {"value_ratings": make(seed)}


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"value_ratings": make(seed)}


def to_csv(frame: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return frame.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))
