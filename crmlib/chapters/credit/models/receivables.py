"""Receivables: how old they are, how they age, what may be lost, how long money is out, and whom to call first.

Ageing sorts what is open by days past the due date (or since the invoice date), as the chapter on managing customers
asks, customer by customer. Roll rates say what share of each band moved to an older one between the two dates. DSO is
computed in two ways: from the sales of a period, and by counting back month by month until the receivables are used
up, which does not mistake a good month of sales for slow payment (Lewellen and Johnson 1972). The warning line is a
share of the firm's assets; the figure in the source is lost, so that it is an input without a claimed original.
Provision rates and the effect of a call are teaching assumptions.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.chapters.credit.models.ageing import BAND_ENDS, BANDS, AgeingRule
from crmlib.chapters.credit.models.ledger import Ledger, Snapshot, read
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints, ratio


@dataclass(frozen=True)
class Receivables:
    """What :func:`age` returns; money in yuan.

    Attributes:
        before, now: open amount in each band at both dates.
        rolled: opening band × (closing band …, paid): where what was open went.
        overdue: customers × bands at the closing date, what may be dunned.
        queue: places of the customers with something to call for, in the order of the calls.
        advances: advance payments held at the closing date.
        disputed: disputed amount open at the closing date.
        dso, counted_back: days at the opening and the closing date.
    """

    rule: AgeingRule
    ledger: Ledger
    before: Floats
    now: Floats
    rolled: Floats
    overdue: Floats
    queue: Ints
    advances: float
    disputed: float
    dso: tuple[float, float]
    counted_back: tuple[float, float]


def prepare(invoices: pd.DataFrame, months: pd.DataFrame) -> Ledger:
    """Return the documents and months, checked."""
    return read(invoices, months)


def band_of(age: Floats) -> Ints:
    """Return the band of each age in days.

    >>> band_of(np.array([-5.0, 0, 1, 30, 31, 180, 181])).tolist()
    [0, 0, 1, 1, 2, 4, 5]
    """
    return np.searchsorted(BAND_ENDS, age, side="left")


def bands_at(s: Snapshot, rule: AgeingRule) -> Ints:
    """Return the band of each document at the date of its list."""
    due = np.where(np.isnan(s.due), s.issued + rule.assumed_days, s.due)
    return band_of(s.day - (due if rule.age_from == "due" else s.issued))


def receivable(s: Snapshot, rule: AgeingRule) -> Floats:
    """Return what each document adds to the receivables: invoices, less credit notes if so set; no advances."""
    notes = s.credit_note if rule.credit_notes == "deduct" else np.zeros(len(s.open), dtype=bool)
    return np.where(s.invoice, s.open, np.where(notes, -s.open, 0.0))


def dso_by_sales(balance: float, sales: float, period: float) -> float:
    """Return receivables ÷ credit sales × days of the period; nan without sales.

    >>> dso_by_sales(900.0, 1200.0, 92)
    69.0
    """
    return balance / sales * period if sales > 0 else math.nan


def count_back(balance: float, sales: Floats, lengths: Ints) -> float:
    """Return DSO by counting back: months are used up from the last one on; the rest is a share of the next month.

    Args:
        balance: receivables.
        sales, lengths: credit sales and days of each month, the last month at the end.

    Returns:
        nan where the receivables exceed the sales of all months given.

    >>> round(count_back(900.0, np.array([450.0, 350.0, 400.0]), np.array([31, 30, 31])), 1)
    71.3
    """
    left, found = max(balance, 0.0), 0.0
    for sold, length in zip(sales[::-1].tolist(), lengths[::-1].tolist(), strict=True):
        if left <= sold:
            return float(found + (left / sold * length if sold > 0 else 0.0))
        left, found = left - sold, found + length
    return math.nan


def summed(place: Ints, amounts: Floats, n: int) -> Floats:
    """Return the sum of the amounts at each of n places."""
    return np.bincount(place, weights=amounts, minlength=n).astype(float)


def provision(bands: Floats, rates: Floats) -> float:
    """Return Σ amount × rate over the bands; a band in credit needs none.

    >>> provision(np.array([100.0, 50.0]), np.array([0.01, 0.1]))
    6.0
    """
    return float(np.maximum(bands, 0) @ rates)


def roll(ledger: Ledger, rule: AgeingRule) -> Floats:
    """Return where the invoices open at the first date went: opening band × (closing band …, paid), yuan."""
    first, last, n = ledger.opening, ledger.closing, len(BANDS)
    start, end = bands_at(first, rule), bands_at(last, rule)
    stays = ledger.later >= 0
    to = np.where(stays, end[ledger.later], n)
    left = np.where(stays, np.minimum(last.open[ledger.later], first.open), 0.0)
    own = first.invoice
    cells = summed((start * (n + 1) + to)[own], left[own], n * (n + 1)).reshape(n, n + 1)
    was = summed(start[own], first.open[own], n)
    cells[:, n] = was - cells[:, :n].sum(axis=1)
    return cells


def roll_rates(rolled: Floats) -> Floats:
    """Return for each band but the oldest the share (0–1) that moved to an older band; nan where nothing was open."""
    n = len(rolled)
    older = np.array([rolled[k, k + 1 : n].sum() for k in range(n - 1)])
    return ratio(older, rolled[: n - 1].sum(axis=1))


def _dso(ledger: Ledger, balance: float, day: int, months: int) -> tuple[float, float]:
    """Return DSO by sales and by count-back at a date.

    Raises:
        DataError: the sales end before the date, or begin too late.
    """
    upto = ledger.month_ends <= day
    if upto.sum() < months or day - ledger.month_ends[upto].max(initial=0) > 31:
        raise DataError(
            _("The sales by month must reach the dates of the open invoices and go back {n} months.").format(n=months)
        )
    sold, lengths = ledger.month_sales[upto], ledger.month_days[upto]
    return (
        dso_by_sales(balance, float(sold[-months:].sum()), float(lengths[-months:].sum())),
        count_back(balance, sold, lengths),
    )


def age(ledger: Ledger, rule: AgeingRule) -> Receivables:
    """Age the receivables at both dates and put the customers into the order of the calls."""
    dates = (ledger.opening, ledger.closing)
    bands = [bands_at(s, rule) for s in dates]
    totals = [summed(b, receivable(s, rule), len(BANDS)) for s, b in zip(dates, bands, strict=True)]
    last = ledger.closing
    duns = last.invoice & ~(last.disputed & (rule.disputed == "leave"))
    n = len(ledger.customers)
    cells = last.customer * len(BANDS) + bands[1]
    overdue = summed(cells[duns], last.open[duns], n * len(BANDS)).reshape(n, len(BANDS))
    overdue[:, 0] = 0.0
    found = [_dso(ledger, float(t.sum()), s.day, int(rule.dso_months)) for t, s in zip(totals, dates, strict=True)]
    return Receivables(
        rule,
        ledger,
        totals[0],
        totals[1],
        roll(ledger, rule),
        overdue,
        call_order(overdue, rule),
        float(last.open[last.advance].sum()),
        float(last.open[last.disputed & last.invoice].sum()),
        (found[0][0], found[1][0]),
        (found[0][1], found[1][1]),
    )


def call_order(overdue: Floats, rule: AgeingRule, order: str = "") -> Ints:
    """Return the customers with something overdue in the order of the calls; equal ones in the order of the data."""
    sums = overdue.sum(axis=1)
    oldest = np.where(overdue > 0, np.arange(len(BANDS)), 0).max(axis=1, initial=0)
    by = {"expected": overdue @ rule.uplift(), "amount": sums, "oldest": oldest + sums / (sums.max(initial=0.0) + 1)}
    ranked = np.argsort(-by[order or rule.order], kind="stable")
    return np.asarray(ranked[sums[ranked] > 0])


def headline(r: Receivables) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units. Without receivables a share is nan."""
    total, late = float(r.now.sum()), float(r.now[1:].sum())
    called = r.queue[: r.rule.calls]
    return {
        "total": total / TEN_THOUSAND,
        "overdue_share": 100 * late / total if total > 0 else math.nan,
        "provision": provision(r.now, r.rule.rates()) / TEN_THOUSAND,
        "dso": r.dso[1],
        "counted_back": r.counted_back[1],
        "of_assets": total / TEN_THOUSAND / r.rule.assets * 100,
        "above_line": total / TEN_THOUSAND - r.rule.warning_line / 100 * r.rule.assets,
        "expected": float((r.overdue[called] @ r.rule.uplift()).sum()) / TEN_THOUSAND,
    }


def listing(r: Receivables) -> pd.DataFrame:
    """List the calls in order: index the customer; columns overdue by band and in all, what a call brings."""
    table = pd.DataFrame(r.overdue[r.queue][:, 1:].round(2), columns=BANDS[1:])
    table["overdue"] = r.overdue[r.queue].sum(axis=1).round(2)
    table["expected"] = (r.overdue[r.queue] @ r.rule.uplift()).round(2)
    return table.set_index(pd.Index(r.ledger.customers[r.queue], name="customer_id"))


STUDY = Study(
    name="receivables",
    title=N_("Ageing and collection of receivables"),
    datasets=("credit_invoices", "credit_months"),
    inputs=AgeingRule,
    prepare=prepare,
    run=age,
    headline=headline,
    listing=listing,
    measures={
        "total": Measure(N_("Receivables"), N_("10,000 yuan")),
        "overdue_share": Measure(N_("Of these overdue"), "%", 1),
        "provision": Measure(N_("Provision for bad debts"), N_("10,000 yuan"), 1),
        "dso": Measure(N_("DSO by sales"), N_("days"), 1),
        "counted_back": Measure(N_("DSO by count-back"), N_("days"), 1),
        "of_assets": Measure(N_("Receivables over assets"), "%", 1),
        "above_line": Measure(N_("Above the warning line"), N_("10,000 yuan")),
        "expected": Measure(N_("Brought in by the calls"), N_("10,000 yuan"), 1),
    },
    textbook={"dso_months": "12", "credit_notes": "apart"},
    first=("age_from", "rate_90", "warning_line", "calls", "order"),
)
