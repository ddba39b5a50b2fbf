"""Make ``customer_files.csv``: when each field of the branch's customer files was last confirmed. Synthetic, seeded.

Run ``python data/make_customer_files.py`` after ``make_bank_loans.py``: the firms are 240 of those in the loan book at
its last date, under the same numbers and names. ``numpy.random.RandomState`` is used because numpy has frozen its
stream, so that a rebuild is identical byte by byte.

How the numbers hang together: each card belongs to a manager who is more or less careful, and a careful one fills in
more and comes back sooner. Basic data are nearly always there and seldom looked at again; sales come from the books
and are recent; ideas, strategy and problems need a visit, so they are missing or old. Key customers are looked after a
little better, not much. Cards that test a model are put in at the end (:func:`awkward`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState

from crmlib.support.files import atomic_write
from crmlib.tables.data import load

SEED = 20250704
CARDS, KEY = 240, 48
LATEST = pd.Timestamp("2024-12-31")
LONGEST = 1400
FIELDS = pd.DataFrame(
    [
        # field, share filled in, days since it was confirmed on average
        ("contact", 0.99, 420), ("owner", 0.96, 520), ("people", 0.90, 430), ("started", 0.97, 700),
        ("area", 0.88, 330), ("selling_power", 0.78, 360), ("potential", 0.66, 400), ("ideas", 0.55, 480),
        ("sales", 0.97, 45), ("market_share", 0.72, 210), ("competitiveness", 0.70, 240), ("relation", 0.86, 160),
        ("problems", 0.62, 190), ("strategy", 0.50, 330), ("reputation", 0.70, 260), ("finances", 0.90, 120),
    ],
    columns=["field", "filled", "days"],
)  # fmt: skip


def make(seed: int = SEED) -> pd.DataFrame:
    """Return the cards: a row a customer, sorted by number; a date a field, empty where nothing was filled in."""
    rng = RandomState(seed)
    loans = load("bank_loans")
    last = loans[loans["as_of"] == loans["as_of"].max()]
    chosen = last.iloc[np.sort(rng.permutation(len(last))[:CARDS])].reset_index(drop=True)
    key = (-chosen["income"].to_numpy(float)).argsort(kind="stable").argsort(kind="stable") < KEY
    care = rng.standard_normal(CARDS) + 0.35 * key
    frame = pd.DataFrame(
        {
            "firm_id": chosen["firm_id"].astype(str),
            "firm_name": chosen["firm_name"].astype(str),
            "firm_name_en": chosen["firm_name_en"].astype(str),
            "level": np.where(key, "key", "other"),
            "in_charge": rng.choice([0, 1, 2, 3], size=CARDS, p=[0.06, 0.83, 0.09, 0.02]),
        }
    )
    for field, filled, days in FIELDS.itertuples(index=False):
        age = np.round(np.clip(days * rng.exponential(1, CARDS) * np.exp(-0.4 * care), 0, LONGEST))
        there = rng.uniform(size=CARDS) < filled + (1 - filled) * np.clip(0.35 * care, -0.8, 0.8)
        frame[field] = (LATEST - pd.to_timedelta(age, unit="D")).where(there)
    return awkward(frame)


def awkward(frame: pd.DataFrame) -> pd.DataFrame:
    """Put in cards that test a model: empty, never touched again, perfect but of nobody, confirmed on one day."""
    fields = FIELDS["field"].to_list()
    frame.loc[[5, 6], fields] = pd.NaT
    frame.loc[20, fields] = pd.Timestamp("2021-03-08")
    frame.loc[50, fields] = LATEST
    frame.loc[50, "in_charge"] = 0
    frame.loc[51, fields] = LATEST
    frame.loc[51, "in_charge"] = 1
    frame.loc[80, [field for field in fields if field not in ("contact", "owner", "people", "started")]] = pd.NaT
    return frame.astype({"in_charge": "Int64"})


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own cards."""
    return {"customer_files": make(seed)}


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"customer_files": make(seed)}


def to_csv(frame: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))
