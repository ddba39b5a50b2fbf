"""A data-quality audit of a CRM extract: five faults, a score by field and by salesperson, and what cleaning brings.

The paper on company XX names the faults in words (data neither complete nor accurate, work pleaded, “personal
relations” kept out) and gives no measure. The score is this workbook's own teaching assumption:

    score = usable records ÷ (records + customers billed who have no record) × 100

A record is usable if it is the first of its firm, was updated in time, and has no more faulty fields than allowed. The
books of finance are the other witness: a customer who is billed and stands in no record was left out. Minutes that
cleaning takes are inputs; money is in 10,000 yuan.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.company.models.records import FIELDS, Records, prepare
from crmlib.core.i18n import N_
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

FAULTS = {
    "duplicate": N_("duplicate"),
    "stale": N_("stale"),
    "missing": N_("a field missing"),
    "impossible": N_("an impossible value"),
    "left_out": N_("customers left out"),
}
"""What can be wrong; a record may have several faults, a customer left out has this one."""
CLEANING = N_("Cleaning")
MINUTES = {"duplicate": 8, "stale": 15, "field": 6, "left_out": 40}
"""Minutes to merge a duplicate, to confirm a stale record, to mend a field, to enter a customer who was left out."""


class AuditRule(Inputs):
    """What counts as a fault, and how many hours there are for cleaning."""

    stale_days: int = setting(
        365,
        N_("A record is stale after"),
        low=30,
        high=1095,
        step=5,
        unit=N_("days"),
        help=N_("Counted back from the latest update in the extract. A record updated so many days ago is in time."),
    )
    allowed: int = setting(
        0,
        N_("Faulty fields allowed"),
        low=0,
        high=6,
        step=1,
        unit=N_("fields"),
        help=N_("A record with no more missing or impossible fields can still be used."),
    )
    match: Literal["code", "name", "either"] = setting(
        "either",
        N_("Records are of one firm by"),
        choices={"code": N_("their code"), "name": N_("their cleaned name"), "either": N_("code or name")},
        help=N_("The name is compared without spaces, capitals and the form of the company."),
    )
    count_left_out: bool = setting(
        True,
        N_("Count customers left out"),
        help=N_("Customers whom finance bills and who stand in no record; nobody sees them in the CRM alone."),
    )
    days_later: int = setting(
        0,
        N_("Days after the latest update"),
        low=0,
        high=720,
        step=10,
        unit=N_("days"),
        help=N_("What the audit finds if nobody updates anything for so long."),
    )
    hours: int = setting(20, N_("Hours for cleaning"), low=0, high=100, step=5, unit=N_("hours"), group=CLEANING)
    first: Literal["quick", "billed", "rate", "listed"] = setting(
        "quick",
        N_("Clean first"),
        group=CLEANING,
        choices={
            "quick": N_("what takes the least time"),
            "billed": N_("the customers billed most"),
            "rate": N_("the most billed per minute"),
            "listed": N_("in the order of the list"),
        },
        help=N_("Work stops at the first record for which the time does not last."),
    )


@dataclass(frozen=True)
class Audit:
    """What :func:`audit` returns. Arrays run over the records, then over the customers left out."""

    records: Records
    rule: AuditRule
    faults: Bools  # records × the first four of FAULTS
    usable: Bools  # records
    minutes: Floats  # of cleaning, 0 for what is usable
    cleaned: Bools  # what is cleaned within the hours

    @property
    def left_out(self) -> int:
        """How many customers left out count."""
        return len(self.records.left_billed) if self.rule.count_left_out else 0


def first_of_firm(firms: Ints, age: Floats) -> Bools:
    """Tell which record of each firm was updated last; of equals the one listed first. The others are duplicates.

    >>> first_of_firm(np.array([0, 0, 2]), np.array([30.0, 10.0, 5.0])).tolist()
    [False, True, True]
    """
    order = np.lexsort((np.arange(len(firms)), age, firms))
    leading = np.ones(len(firms), bool)
    leading[1:] = firms[order][1:] != firms[order][:-1]
    found = np.zeros(len(firms), bool)
    found[order[leading]] = True
    return found


def score(usable: float, records: float, left_out: float) -> float:
    """Return the score of an extract, 0 to 100; of nothing at all it is 0.

    >>> score(24, 40, 10)
    48.0
    """
    whole = records + left_out
    return 100 * usable / whole if whole else 0.0


def audit(r: Records, rule: AuditRule) -> Audit:
    """Say of each record what is wrong with it, and what cleaning reaches within its hours.

    A record typed to try the system counts as a duplicate: it is of no firm. Cleaning it means deleting it.
    """
    duplicate = ~first_of_firm(r.firms[rule.match], r.age) | r.test
    stale = r.age + rule.days_later > rule.stale_days
    faulty = r.missing | r.impossible
    spoiled = faulty.sum(axis=1) > rule.allowed
    faults = np.column_stack([duplicate, stale, r.missing.any(axis=1) & spoiled, r.impossible.any(axis=1) & spoiled])
    usable = ~(duplicate | stale | spoiled)
    work = MINUTES["stale"] * stale + MINUTES["field"] * faulty.sum(axis=1) * spoiled
    minutes = np.where(duplicate, MINUTES["duplicate"], work).astype(float)
    left = np.full(len(r.left_billed), float(MINUTES["left_out"]) if rule.count_left_out else 0.0)
    both = np.concatenate([np.where(usable, 0.0, minutes), left])
    return Audit(r, rule, faults, usable, both, cleaned_first(r, both, rule))


def cleaned_first(r: Records, minutes: Floats, rule: AuditRule) -> Bools:
    """Return what is cleaned, in the order that the rule names, until the time no longer lasts."""
    billed = np.concatenate([r.billed, r.left_billed])
    rate = ratio(billed, minutes, 0.0)
    keys = {"quick": minutes, "billed": -billed, "rate": -rate, "listed": np.arange(len(minutes))}
    order = np.argsort(keys[rule.first], kind="stable")
    order = order[minutes[order] > 0]
    done = np.zeros(len(minutes), bool)
    done[order[np.cumsum(minutes[order]) <= 60 * rule.hours]] = True
    return done


def covered(a: Audit, after: bool = False) -> float:
    """Return the share of what is billed to customers of whom there is a usable record (%), each counted once."""
    r, n = a.records, len(a.usable)
    good = a.usable | (a.cleaned[:n] & ~a.faults[:, 0]) if after else a.usable
    _customers, once = np.unique(r.customer[good], return_index=True)
    entered = r.left_billed[a.cleaned[n:]] if after else r.left_billed[:0]
    return 100 * float(r.billed[good][once].sum() + entered.sum()) / r.total_billed


def after_cleaning(a: Audit) -> float:
    """Return the score once cleaning is done: mended records are usable, duplicates cleaned are gone."""
    n = len(a.usable)
    gone = int((a.cleaned[:n] & a.faults[:, 0]).sum())
    mended = int(a.usable.sum()) + int((a.cleaned[:n] & ~a.faults[:, 0]).sum()) + int(a.cleaned[n:].sum())
    return score(mended, n - gone, a.left_out)


def field_scores(a: Audit) -> pd.DataFrame:
    """Return by field the share missing, impossible and usable (%); duplicates are left aside, those left out count.

    A customer left out lacks every field.
    """
    r, kept = a.records, ~a.faults[:, 0]
    whole = int(kept.sum()) + a.left_out
    missing = (r.missing[kept].sum(axis=0) + a.left_out) / max(whole, 1)
    wrong = r.impossible[kept].sum(axis=0) / max(whole, 1)
    columns = {"missing": 100 * missing, "impossible": 100 * wrong, "usable": 100 * (1 - missing - wrong)}
    return pd.DataFrame(columns, index=pd.Index(list(FIELDS), name="field"))


def person_scores(a: Audit) -> pd.DataFrame:
    """Return by salesperson records, usable ones, customers left out, score without and with them, and billing."""
    r, n = a.records, len(a.records.people)
    records = np.bincount(r.seller, minlength=n)
    usable = np.bincount(r.seller, weights=a.usable, minlength=n)
    left = np.bincount(r.left_seller, minlength=n) if a.rule.count_left_out else np.zeros(n)
    once = np.unique(r.customer, return_index=True)[1]
    once = once[r.customer[once] >= 0]
    billed = np.bincount(r.seller[once], weights=r.billed[once], minlength=n)
    billed = billed + np.bincount(r.left_seller, weights=r.left_billed, minlength=n)
    rows = [
        (records[k], usable[k], left[k], score(usable[k], records[k], 0), score(usable[k], records[k], left[k]),
         billed[k])
        for k in range(n)
    ]  # fmt: skip
    columns = ["records", "usable", "left_out", "seen", "score", "billed"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(r.people, name="salesperson"))


def headline(a: Audit) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    counts = a.faults.sum(axis=0)
    return {
        "usable": float(a.usable.sum()),
        "duplicate": float(counts[0]),
        "stale": float(counts[1]),
        "missing": float(counts[2]),
        "impossible": float(counts[3]),
        "left_out": float(a.left_out),
        "score": score(float(a.usable.sum()), len(a.usable), a.left_out),
        "covered": covered(a),
        "score_after": after_cleaning(a),
        "covered_after": covered(a, after=True),
    }


def listing(a: Audit) -> pd.DataFrame:
    """List what is to be cleaned, with its faults and minutes: records first, then customers left out."""
    r, n = a.records, len(a.usable)
    said = [", ".join(name for name, wrong in zip(FAULTS, row, strict=False) if wrong) for row in a.faults]
    table = r.frame[["record_id", "firm_name", "salesperson"]].assign(faults=said, billed=r.billed)
    left = pd.DataFrame(
        {"record_id": "–", "firm_name": r.left["firm_name"], "salesperson": r.left["salesperson"],
         "faults": "left_out", "billed": r.left_billed}
    )  # fmt: skip
    whole = pd.concat([table, left], ignore_index=True).assign(minutes=a.minutes, cleaned=a.cleaned)
    return whole[np.concatenate([~a.usable, a.minutes[n:] > 0])].set_index("record_id")


STUDY = Study(
    name="crm_audit",
    title=N_("A data-quality audit of the CRM"),
    datasets=("crm_accounts", "crm_customers"),
    inputs=AuditRule,
    prepare=prepare,
    run=audit,
    headline=headline,
    listing=listing,
    measures={
        "usable": Measure(N_("Usable records"), N_("records")),
        "duplicate": Measure(N_("Duplicates"), N_("records")),
        "stale": Measure(N_("Stale records"), N_("records")),
        "missing": Measure(N_("Records with a field missing"), N_("records")),
        "impossible": Measure(N_("Records with an impossible value"), N_("records")),
        "left_out": Measure(N_("Customers left out"), N_("firms")),
        "score": Measure(N_("Data score"), N_("points"), 1),
        "covered": Measure(N_("Sales covered by usable records"), "%", 1),
        "score_after": Measure(N_("Data score after cleaning"), N_("points"), 1),
        "covered_after": Measure(N_("Sales covered after cleaning"), "%", 1),
    },
    textbook={"allowed": 1, "count_left_out": False},
    first=("stale_days", "allowed", "count_left_out", "hours", "first"),
)
