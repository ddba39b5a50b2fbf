"""Ageing, roll rates, DSO, provision and calls against sums by hand; documents that contradict themselves."""

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.credit.charts import receivables as charts
from crmlib.chapters.credit.models import ledger, receivables
from crmlib.chapters.credit.models.ageing import AgeingRule
from crmlib.core.errors import DataError, InputError
from crmlib.tables.data import load

quick = settings(max_examples=30, deadline=None, derandomize=True)
FIRST, LAST = "2025-11-30", "2025-12-31"


def document(name: str, as_of: str = LAST, **given: Any) -> dict[str, Any]:
    """Return a row: an invoice of 100 yuan of customer C1, issued on 1 November and due on 1 December, nothing paid."""
    usual = {"as_of": as_of, "document": name, "customer_id": "C1", "kind": "invoice", "issued": "2025-11-01"}
    return usual | {"due": "2025-12-01", "amount": 100.0, "paid": 0.0, "last_paid": None, "disputed": 0} | given


def documents(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return documents as they are read; each date has one at least."""
    frame = pd.DataFrame([*rows, document("Z1", FIRST, amount=1e-9)])
    for name in ("as_of", "issued", "due", "last_paid"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def months(*sales: float) -> pd.DataFrame:
    """Return months up to December 2025 with these sales, the last one December's."""
    first = pd.period_range(end="2025-12", periods=len(sales), freq="M").to_timestamp()
    return pd.DataFrame({"month": first, "sales": sales})


def aged(*rows: dict[str, Any], sales: tuple[float, ...] = (1000.0,) * 14, **rule: Any) -> receivables.Receivables:
    return receivables.age(receivables.prepare(documents(*rows), months(*sales)), AgeingRule(**rule))


# Ageing ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "band"),
    [("2026-01-15", 0), ("2025-12-31", 0), ("2025-12-30", 1), ("2025-12-01", 1), ("2025-11-30", 2), ("2025-11-01", 2)],
)
def test_an_invoice_stands_in_the_band_of_its_days_past_due(due: str, band: int) -> None:
    """31 December less 1 December is 30 days, the last of the first band."""
    now = aged(document("I1", issued="2025-09-01", due=due)).now
    assert now[band] == pytest.approx(100) and now.sum() == pytest.approx(100)


def test_partial_payments_credit_notes_and_advances() -> None:
    rows = (
        document("I1", paid=30.0, last_paid="2025-12-05"),
        document("N1", kind="credit_note", due=None, amount=20.0, issued="2025-12-20"),
        document("A1", kind="advance", due=None, amount=500.0, issued="2025-12-20"),
    )
    deducted, apart = aged(*rows), aged(*rows, credit_notes="apart")
    assert deducted.now.sum() == pytest.approx(50) and apart.now.sum() == pytest.approx(70)
    assert deducted.advances == apart.advances == 500


def test_an_invoice_without_due_date_is_due_after_the_period_assumed() -> None:
    """Issued on 1 November: after 30 days due on 1 December, 30 days ago; after 60 days on 31 December."""
    row = document("I1", due=None)
    assert aged(row, assumed_days=30).now[1] == pytest.approx(100)
    assert aged(row, assumed_days=60).now[0] == pytest.approx(100)
    assert aged(row, age_from="issued").now[2] == pytest.approx(100), "60 days since the invoice"


def test_provision_by_hand() -> None:
    """900 × 1% + 200 × 5% + 100 × 20% + 40 × 50% = 9 + 10 + 20 + 20 = 59, the example of the chapter."""
    bands, rates = np.array([900.0, 200, 100, 40]), np.array([0.01, 0.05, 0.2, 0.5])
    assert receivables.provision(bands, rates) == pytest.approx(59)
    assert receivables.provision(np.array([-50.0, 100]), np.array([0.01, 0.1])) == pytest.approx(10)


def test_provision_rates_that_fall_with_age_are_refused(lang: str) -> None:
    with pytest.raises(InputError) as refusal:
        AgeingRule(rate_90=40, rate_180=30)
    assert list(refusal.value.fields) == ["rate_180"]


def test_roll_rates_by_hand() -> None:
    """Of 400 not due at first, 100 are paid, 100 are still not due, 200 have become overdue: half has rolled."""
    at_first = [document(f"I{n}", FIRST, due="2025-12-01" if n < 4 else "2026-01-20") for n in (1, 2, 3, 4)]
    later = [document(f"I{n}", due="2025-12-01" if n < 4 else "2026-01-20") for n in (1, 2, 4)]
    found = aged(*at_first, *later)
    assert found.rolled[0].tolist() == pytest.approx([100, 200, 0, 0, 0, 0, 100])
    assert receivables.roll_rates(found.rolled)[0] == pytest.approx(0.5)


def test_what_is_paid_in_part_between_the_dates_counts_as_paid() -> None:
    found = aged(document("I1", FIRST), document("I1", paid=40.0, last_paid="2025-12-10"))
    assert found.rolled[0].tolist() == pytest.approx([0, 60, 0, 0, 0, 0, 40])


def test_a_band_that_was_empty_has_no_roll_rate() -> None:
    assert np.isnan(receivables.roll_rates(aged(document("I1")).rolled)[3])


# DSO ------------------------------------------------------------------------------------------------------------------


def test_dso_in_two_ways_by_hand() -> None:
    """900 of 400 + 350 + 450 in 92 days: 69 days; back: 31 + 30 + 150 ÷ 450 × 31 = 71.33."""
    sales, lengths = np.array([450.0, 350, 400]), np.array([31, 30, 31])
    assert receivables.dso_by_sales(900, 1200, 92) == pytest.approx(69)
    assert receivables.count_back(900, sales, lengths) == pytest.approx(31 + 30 + 150 / 450 * 31)
    assert receivables.count_back(400, sales, lengths) == pytest.approx(31)
    assert receivables.count_back(0, sales, lengths) == 0
    assert math.isnan(receivables.count_back(1300, sales, lengths))


def test_months_without_sales_divide_by_nothing() -> None:
    assert receivables.count_back(100, np.array([200.0, 0, 0]), np.array([31, 30, 31])) == pytest.approx(61 + 15.5)
    assert receivables.count_back(0, np.array([0.0]), np.array([31])) == 0
    assert math.isnan(receivables.dso_by_sales(100, 0, 31))
    figures = receivables.headline(aged(document("I1"), sales=(0.0,) * 14))
    assert math.isnan(figures["dso"]) and math.isnan(figures["counted_back"])


def test_without_receivables_the_shares_are_dashes_and_not_errors() -> None:
    figures = receivables.headline(aged(document("A1", kind="advance", due=None)))
    assert figures["total"] == 0 and math.isnan(figures["overdue_share"])
    assert figures["dso"] == figures["provision"] == figures["expected"] == 0


def test_titles_say_what_cannot_be_known_and_call_nothing_zero(english: None) -> None:
    nothing = aged(document("A1", kind="advance", due=None))
    assert charts.ageing(nothing).title() == "No receivables are open on 2025-12-31"
    empty = dataclasses.replace(nothing, rolled=np.zeros_like(nothing.rolled))
    assert charts.rolled(empty).title() == "Nothing was open on 2025-11-30"
    ours = [document("I1", as_of=day, issued="2025-11-20", due="2025-12-20") for day in (FIRST, LAST)]
    assert charts.rolled(aged(*ours)).title() == "100.0% of what was not due has become overdue"
    old = charts.rolled(aged(*ours, age_from="issued")).title()
    assert old == "100.0% of what was 1–30 days old has moved to an older band"
    today = document("I9", as_of=FIRST, issued=FIRST, due="2025-12-20"), document("I9", issued=FIRST, due="2025-12-20")
    new = charts.rolled(aged(*today, age_from="issued")).title()
    assert new == "100.0% of what was ≤ 0 days old has moved to an older band"
    much = charts.dso(aged(*ours, sales=(1.0,) * 14)).title()
    assert much.endswith("more than the sales of all the months given")
    assert charts.dso(aged(*ours, sales=(0.0,) * 14)).title() == "There are no sales to measure the receivables by"


def test_a_strong_last_month_misleads_dso_by_sales_and_not_count_back() -> None:
    """The same 1,000 a month, but 3,000 in December, all of it open: by sales of a month 31, and so by count-back."""
    late = [document(f"I{n}", issued="2025-12-02", due="2026-02-01", amount=1000.0) for n in range(1, 4)]
    found = aged(*late, sales=(*(1000.0,) * 13, 3000.0), dso_months="3")
    assert found.dso[1] == pytest.approx(3000 / 5000 * 92)
    assert found.counted_back[1] == pytest.approx(31)


# The queue ------------------------------------------------------------------------------------------------------------


def three() -> tuple[dict[str, Any], ...]:
    """A owes 300 for 10 days, B 500 for 45, C 100 for more than 180."""
    return (
        document("I1", customer_id="A", amount=300.0, due="2025-12-21"),
        document("I2", customer_id="B", amount=500.0, due="2025-11-16"),
        document("I3", customer_id="C", amount=100.0, issued="2025-01-01", due="2025-02-01"),
    )


@pytest.mark.parametrize(("order", "wanted"), [("expected", "ABC"), ("amount", "BAC"), ("oldest", "CBA")])
def test_the_order_of_the_calls(order: str, wanted: str) -> None:
    """A call brings 40% × 300 = 120, 40% × 50% × 500 = 100, 40% × 50%⁴ × 100 = 2.5."""
    found = aged(*three(), order=order, brings=40, fades=50)
    listed = receivables.listing(found)
    assert "".join(listed.index) == wanted
    assert listed["expected"].to_dict() == pytest.approx({"A": 120, "B": 100, "C": 2.5})


def test_only_the_calls_in_the_budget_bring_money() -> None:
    for calls, expected in ((0, 0.0), (5, 222.5)):
        figures = receivables.headline(aged(*three(), calls=calls, brings=40, fades=50))
        assert figures["expected"] == pytest.approx(expected / 1e4)


def test_a_disputed_invoice_is_settled_before_it_is_dunned() -> None:
    row = document("I1", due="2025-12-10", disputed=1)
    assert receivables.listing(aged(row)).empty
    assert len(receivables.listing(aged(row, disputed="call"))) == 1
    assert aged(row).disputed == pytest.approx(100)


# Documents that contradict themselves ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"paid": 10.0, "last_paid": "2025-10-01"}, "last_paid"),
        ({"issued": "2026-01-02", "due": "2026-02-01"}, "as_of"),
        ({"due": "2025-10-01"}, "due"),
        ({"paid": 101.0}, "amount"),
    ],
)
def test_a_document_that_contradicts_itself_is_named_in_a_sentence(
    given: dict[str, Any], column: str, lang: str
) -> None:
    with pytest.raises(DataError) as refusal:
        aged(document("I77", **given))
    (sentence,) = refusal.value.problems
    assert "I77" in sentence and column in sentence


def test_all_contradictions_are_said_at_once_and_the_first_few_are_named(lang: str) -> None:
    early = [document(f"I{n}", paid=1.0, last_paid="2025-01-01") for n in range(5)]
    with pytest.raises(DataError) as refusal:
        aged(*early, document("J1", due="2025-01-01"))
    first, second = refusal.value.problems
    assert "I2" in first and "I3" not in first and "…" in first and "J1" in second


def test_the_lists_of_one_date_or_of_three_are_refused(lang: str) -> None:
    for rows in ([document("I1", FIRST)], [document("I1"), document("I2", "2025-10-31", issued="2025-10-01")]):
        with pytest.raises(DataError) as refusal:
            receivables.prepare(documents(*rows), months(*(1.0,) * 14))
        assert "as_of" in str(refusal.value)


def test_sales_with_a_gap_or_that_end_too_early_are_refused(lang: str) -> None:
    gap = months(*(1.0,) * 14).drop(index=5)
    with pytest.raises(DataError):
        ledger.by_month(gap)
    with pytest.raises(DataError):
        aged(document("I1"), sales=(1.0,) * 2, dso_months="3")


# What holds for all documents -----------------------------------------------------------------------------------------

amounts = st.lists(
    st.tuples(st.floats(1, 1e6), st.floats(0, 1), st.integers(-90, 300), st.booleans()), min_size=1, max_size=30
)


@quick
@given(amounts)
def test_every_yuan_stands_in_one_band_and_no_provision_exceeds_the_debt(
    rows: list[tuple[float, float, int, bool]],
) -> None:
    last = pd.Timestamp(LAST)
    made = [
        document(f"I{n}", issued="2025-01-01", due=last - pd.Timedelta(days=late), amount=amount, paid=amount * share,
                 disputed=int(odd))
        for n, (amount, share, late, odd) in enumerate(rows)
    ]  # fmt: skip
    found = aged(*made)
    open_now = sum(amount * (1 - share) for amount, share, _late, _odd in rows)
    assert found.now.sum() == pytest.approx(open_now, abs=1e-6)
    assert 0 <= receivables.provision(found.now, found.rule.rates()) <= open_now + 1e-6
    assert found.overdue.sum() <= open_now + 1e-6


@quick
@given(st.floats(0, 1e6), st.lists(st.floats(0, 1e5), min_size=1, max_size=18))
def test_counting_back_never_counts_more_days_than_there_are(balance: float, sales: list[float]) -> None:
    lengths = np.full(len(sales), 30)
    found = receivables.count_back(balance, np.array(sales), lengths)
    assert math.isnan(found) == (balance > sum(sales[::-1])) or 0 <= found <= 30 * len(sales)


def test_the_packaged_documents_hold_what_the_chapter_speaks_of() -> None:
    """Partial payments, disputes, credit notes, invoices without due date and advance payments are all there."""
    rows = load("credit_invoices")
    invoices = rows[rows["kind"] == "invoice"]
    assert (invoices["paid"] > 0).any() and (invoices["disputed"] > 0).any() and invoices["due"].isna().any()
    assert {"credit_note", "advance"} <= set(rows["kind"])
