"""Company XX: a move of the audit of 100,000 records against computing it from the tables, and of each other study.

The tables are read and matched once; a move of a control cuts what was prepared anew and may take a tenth of reading
them again. Matching is measured beside one pandas groupby over names and codes.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from measure import report, side_by_side

from crmlib.chapters.company.models import audit, opportunities, performance
from crmlib.core.study import Study
from crmlib.tables.data import load

RECORDS = 100_000


def larger(name: str, key: str, n: int) -> pd.DataFrame:
    """Return so many rows of a packaged table, with keys of their own."""
    known = load(name)
    rows = known.iloc[np.random.RandomState(1).randint(0, len(known), n)].reset_index(drop=True)
    return rows.assign(**{key: [f"N{k}" for k in range(n)]})


def extract(n: int) -> pd.DataFrame:
    """Return so many records of firms whose names and codes say which copy of the branch they are of."""
    rows = larger("crm_accounts", "record_id", n)
    copy = (np.arange(n) // 400).astype(str)
    return rows.assign(firm_name=copy + rows["firm_name"], customer_code=rows["customer_code"] + copy)


def move(study: Study[Any, Any, Any], tables: list[pd.DataFrame], moved: Callable[[int], dict[str, Any]]) -> None:
    """Compare one move of a study with computing it from its tables."""
    prepared, steps = study.prepare(*tables), iter(range(10**9))

    def ours() -> None:
        study.headline(study.run(prepared, study.inputs(**moved(next(steps)))))

    plain = side_by_side(ours, lambda: study.headline(study.answer(*tables)), rounds=5)
    report(f"one move of {study.name} over {len(tables[0]):,} rows against all of it", *plain, "ms", 0.1)


if __name__ == "__main__":
    accounts, customers = extract(RECORDS), load("crm_customers")
    move(audit.STUDY, [accounts, customers], lambda k: {"stale_days": 200 + 5 * (k % 40)})
    entries = larger("crm_opportunities", "opportunity", RECORDS)
    move(opportunities.STUDY, [entries], lambda k: {"window": 60 + 10 * (k % 4)})
    sellers = performance.prepare(larger("crm_customers", "customer_id", RECORDS))
    ours, theirs = side_by_side(
        lambda: performance.headline(performance.appraise(sellers, performance.AppraisalRule(peers=True))),
        lambda: load("crm_customers").groupby("salesperson")["billed"].sum(),
        rounds=5,
    )
    report(f"four measures over {RECORDS:,} customers against a groupby of 420", ours, theirs, "ms", 20)
