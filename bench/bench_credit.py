"""Credit: a scorecard over 100,000 customers cut anew, and the ageing of 1,000,000 invoices, each against pandas.

The scorecard: a move of the cut-off, with ROC, Gini, KS and the profit at every cut-off, against one sort of the
scores. The ageing: bands at both dates, roll rates, DSO, provision and the queue of calls, against a groupby of the
open amounts by date and customer. Reading and checking the file is measured beside it.
"""

import numpy as np
import pandas as pd
from measure import report, side_by_side

from crmlib.chapters.credit.models import receivables, scoring
from crmlib.chapters.credit.models.ageing import AgeingRule
from crmlib.chapters.credit.models.scoring import Applicants, Scorecard
from crmlib.tables.data import load

CUSTOMERS, INVOICES = 100_000, 1_000_000


def applicants(n: int) -> Applicants:
    """Return so many customers, those of the course with other ids."""
    known = scoring.prepare(load("credit_customers"))
    pick = np.random.RandomState(1).randint(0, len(known.ids), n)
    return Applicants(np.arange(n).astype(object), known.criteria[pick], known.sales[pick], known.failed[pick])


def ledger(n: int) -> pd.DataFrame:
    """Return so many open documents at the two dates of the course, of 20,000 customers."""
    rng = np.random.RandomState(2)
    known = load("credit_invoices")
    rows = known.iloc[rng.randint(0, len(known), n)].reset_index(drop=True)
    ids = np.array([f"C{k:05d}" for k in range(20_000)], dtype=object)
    return rows.assign(document=np.arange(n).astype(str), customer_id=ids[rng.randint(0, len(ids), n)])


people = applicants(CUSTOMERS)
cuts = iter(range(10**9))
scores = pd.Series(people.criteria @ np.full(4, 0.25))
ours, theirs = side_by_side(
    lambda: scoring.headline(scoring.score(people, Scorecard(cut_off=40 + next(cuts) % 40))),
    lambda: scores.sort_values(),
    rounds=15,
)
report(f"scorecard over {CUSTOMERS:,} customers cut anew against one sort", ours, theirs, "ms", 2)

invoices, months = ledger(INVOICES), load("credit_months")
prepared = receivables.prepare(invoices, months)
left = invoices.assign(left=invoices["amount"] - invoices["paid"])
ours, theirs = side_by_side(
    lambda: receivables.headline(receivables.age(prepared, AgeingRule())),
    lambda: left.groupby(["as_of", "customer_id"])["left"].sum(),
    rounds=7,
)
report(f"ageing of {INVOICES:,} invoices against one groupby", ours, theirs, "ms", 3)
ours, theirs = side_by_side(
    lambda: receivables.prepare(invoices, months),
    lambda: left.groupby(["as_of", "customer_id"])["left"].sum(),
    rounds=5,
)
report(f"reading {INVOICES:,} invoices against one groupby", ours, theirs, "ms", 12)
