"""Open invoices at two dates and the sales of the months before: what is checked and computed once for a file.

Money is in yuan, days are counted from 1970, as numpy counts them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

INVOICE, CREDIT_NOTE, ADVANCE = "invoice", "credit_note", "advance"
NAMED = 3
"""Documents that a sentence names."""


@dataclass(frozen=True)
class Snapshot:
    """What is open at one date, an entry a document.

    Attributes:
        day: the date, in days.
        label: the date as text.
        issued: in days.
        due: in days, nan where none is given.
        open: yuan not yet paid or used up; above zero for every kind of document.
        invoice, credit_note, advance, disputed: which documents these are.
        customer: place of the customer in :attr:`Ledger.customers`.
    """

    day: int
    label: str
    issued: Floats
    due: Floats
    open: Floats
    invoice: Bools
    credit_note: Bools
    advance: Bools
    disputed: Bools
    customer: Ints


@dataclass(frozen=True)
class Documents:
    """All documents of a file, a row each: days, yuan still open, kind, dispute, place of the customer."""

    issued: Floats
    due: Floats
    open: Floats
    kind: Labels
    disputed: Bools
    customer: Ints


@dataclass(frozen=True)
class Ledger:
    """The open documents at two dates, aligned.

    Attributes:
        later: for each document at the opening date its place at the closing date, −1 where it is open no more.
        month_ends, month_days, month_sales: the months in order: last day, length in days, credit sales (yuan).
    """

    opening: Snapshot
    closing: Snapshot
    later: Ints
    customers: Labels
    month_ends: Ints
    month_days: Ints
    month_sales: Floats


def days(dates: pd.Series) -> Floats:
    """Return dates as days since 1970; nan where there is none."""
    found = dates.to_numpy("datetime64[D]").astype(np.int64)
    return np.where(dates.isna().to_numpy(), np.nan, found.astype(float))


def read(invoices: pd.DataFrame, months: pd.DataFrame) -> Ledger:
    """Check the documents and bring them into arrays.

    Raises:
        DataError: there are not exactly two dates, or documents contradict themselves: paid before they were issued,
            issued after the date of the list, due before they were issued, paid beyond their amount.
    """
    dates = sorted(invoices["as_of"].unique())
    if len(dates) != 2:
        said = _("The open invoices must be those of two dates; column as_of holds {n}: {dates}.")
        shown = _(", ").join(f"{day:%Y-%m-%d}" for day in dates[:6])
        raise DataError(said.format(n=len(dates), dates=shown))
    issued, due, paid_on = (days(invoices[name]) for name in ("issued", "due", "last_paid"))
    as_of = days(invoices["as_of"])
    amount, paid = (invoices[name].to_numpy(float) for name in ("amount", "paid"))
    refuse(invoices, as_of, issued, due, paid_on, amount, paid)
    code, names = pd.factorize(invoices["customer_id"])
    every = Documents(
        issued,
        due,
        amount - paid,
        invoices["kind"].to_numpy(object),
        invoices["disputed"].to_numpy(float) > 0,
        code.astype(np.int64),
    )
    at = [np.flatnonzero(as_of == day) for day in np.unique(as_of)]
    first, last = (snapshot(date, float(as_of[rows[0]]), every, rows) for date, rows in zip(dates, at, strict=True))
    documents = invoices["document"].to_numpy(object)
    later = pd.Index(documents[at[1]]).get_indexer(pd.Index(documents[at[0]]))
    return Ledger(first, last, later.astype(np.int64), np.asarray(names, dtype=object), *by_month(months))


def snapshot(date: pd.Timestamp, day: float, every: Documents, rows: Ints) -> Snapshot:
    """Return the documents of one date, those of the given rows."""
    kind = every.kind[rows]
    return Snapshot(
        int(day),
        f"{date:%Y-%m-%d}",
        every.issued[rows],
        every.due[rows],
        every.open[rows],
        kind == INVOICE,
        kind == CREDIT_NOTE,
        kind == ADVANCE,
        every.disputed[rows],
        every.customer[rows],
    )


def refuse(
    invoices: pd.DataFrame, as_of: Floats, issued: Floats, due: Floats, paid_on: Floats, amount: Floats, paid: Floats
) -> None:
    """Refuse documents that contradict themselves, a sentence for each way of doing so, naming the first few."""
    faults = {
        _("These documents were paid before they were issued: {names}. Compare last_paid with issued."): (
            paid_on < issued
        ),
        _("These documents were issued after the date of the list: {names}. Compare issued with as_of."): (
            issued > as_of
        ),
        _("These documents are due before they were issued: {names}. Compare due with issued."): due < issued,
        _("More was paid on these documents than their amount: {names}. Compare paid with amount."): (
            paid > amount + 0.005
        ),
    }
    problems = []
    for said, wrong in faults.items():
        if wrong.any():
            names = invoices["document"][wrong].astype(str).unique()
            more = " …" if len(names) > NAMED else ""
            problems.append(said.format(names=_(", ").join(names[:NAMED]) + more))
    if problems:
        raise DataError(problems)


def by_month(months: pd.DataFrame) -> tuple[Ints, Ints, Floats]:
    """Return last day, length and sales of each month, in order.

    Raises:
        DataError: a month is missing between the first and the last.
    """
    ordered = months.sort_values("month")
    first = ordered["month"].dt.to_period("M")
    gaps = np.diff(first.dt.year * 12 + first.dt.month)
    if (gaps != 1).any():
        after = first.iloc[int(np.flatnonzero(gaps != 1)[0])]
        said = _("The sales must be those of months in a row, each once; look after {month}.")
        raise DataError(said.format(month=f"{after}"))
    ends = days(first.dt.to_timestamp(how="end").dt.normalize()).astype(np.int64)
    return ends, first.dt.days_in_month.to_numpy(np.int64), ordered["sales"].to_numpy(float)
