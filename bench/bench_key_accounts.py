"""The explorers of chapter 10: one move against working everything out anew from the table, on logs of 100,000 rows.

A move re-cuts what was prepared once; the other side prepares the table again and runs the same model.
"""

import numpy as np
import pandas as pd
from measure import report, side_by_side

from crmlib.chapters.studies import STUDIES
from crmlib.tables.data import load

ROWS = 100_000
LARGE = {"key_accounts": "key_accounts", "funnel": "opportunities", "complaints": "complaints", "risk": "incidents",
         "signs": "payment_history"}  # fmt: skip
KEYS = {"key_accounts": "account_id", "opportunities": "opportunity_id", "complaints": "case_id",
        "incidents": "incident_id", "payment_history": "customer_id"}  # fmt: skip


def large(name: str) -> pd.DataFrame:
    """Return a packaged table repeated up to so many rows, each repetition with ids of its own."""
    table, key = load(name), KEYS[name]
    times = -(-ROWS // len(table))
    again = pd.concat([table] * times, ignore_index=True)
    turn = np.repeat(np.arange(times), len(table)).astype(str)
    return again.assign(**{key: again[key].astype(str) + "-" + turn})


def move(study: str, data: str) -> None:
    """Compare one move of a study with the same from the table."""
    one = STUDIES[study]
    tables = [large(name) if name == data else load(name) for name in one.datasets]
    prepared, rule = one.prepare(*tables), one.inputs()

    def ours() -> None:
        one.headline(one.run(prepared, rule))

    def anew() -> None:
        one.headline(one.run(one.prepare(*tables), rule))

    report(f"one move of {study} on {ROWS:,} rows against all anew", *side_by_side(ours, anew, 5), "ms", 0.1)


if __name__ == "__main__":
    for study, data in LARGE.items():
        move(study, data)
