"""The customer file against counts by hand, and what must hold for all cards and inputs."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import values_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmlib.chapters.tiers.charts import customer_file as charts
from crmlib.chapters.tiers.models import customer_file as model
from crmlib.chapters.tiers.models.customer_file import FIELDS, FileRule
from crmlib.core.errors import DataError, InputError
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)
WEIGHTS = ("basic_weight", "characteristics_weight", "business_weight", "transactions_weight")
LATEST = pd.Timestamp("2024-12-31")
BASIC, CHARACTERISTICS, BUSINESS, TRANSACTIONS = (FIELDS[k : k + 4] for k in (0, 4, 8, 12))


def cards(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return cards: each row gives fields by the days since they were confirmed, and what is not as usual."""
    usual = {"level": "other", "in_charge": 1}
    made = []
    for n, row in enumerate(rows):
        given = {**usual, **row}
        dates = {f: LATEST - pd.Timedelta(days=given.pop(f)) if f in given else pd.NaT for f in FIELDS}
        made.append({"firm_id": f"F{n}", **given, **dates})
    frame = pd.DataFrame(made)
    return frame.astype(dict.fromkeys(FIELDS, "datetime64[ns]"))


def reviewed(*rows: dict[str, Any], **rule: Any) -> model.Reviewed:
    return model.review(model.prepare(cards(*rows)), FileRule(**rule))


def every(days: int = 0, *fields: str) -> dict[str, Any]:
    return dict.fromkeys(fields or FIELDS, days)


# By hand --------------------------------------------------------------------------------------------------------------


def test_the_example_of_the_chapter() -> None:
    """Filled 4, 4, 3, 1 of 4 each: 12 ÷ 16 = 75%. Fresh of these 4, 2, 0, 0: 6 ÷ 12 = 50%."""
    counts = np.array([4, 4, 3, 1]), np.array([4, 2, 0, 0])
    filled, fresh = (np.array([[place < n for n in of for place in range(4)]]) for of in counts)
    assert [figure.tolist() for figure in model.scores(filled, fresh, np.full(4, 0.25))] == [[75.0], [50.0]]


def test_kinds_count_by_their_weights_and_not_at_all_with_none() -> None:
    """Basic data full, transactions half: 0.75 × 100% + 0.25 × 50% = 87.5%; without transactions 100%."""
    card = every(0, *BASIC, *TRANSACTIONS[:2])
    weights = dict(zip(WEIGHTS, (0.75, 0, 0, 0.25), strict=True))
    assert reviewed(card, **weights).completeness.tolist() == [87.5]
    assert reviewed(card, **{**weights, "transactions_weight": 0}).completeness.tolist() == [100]
    assert reviewed(card).completeness.tolist() == [37.5]  # (4 + 0 + 0 + 2) ÷ 16


@pytest.mark.parametrize(("later", "fresh"), [(0, 100), (10, 75), (100, 50)])
def test_a_field_is_fresh_up_to_its_last_day(later: int, fresh: float) -> None:
    """At 90, 180, 370 and 730 days: transactions of 90 days are fresh to the day, business data of 80 go on."""
    card = every(0, *BASIC, *CHARACTERISTICS) | every(100, *BUSINESS) | every(90, *TRANSACTIONS)
    now = {"contact": 0}
    r = reviewed(card | now, days_later=later)
    assert r.freshness.tolist() == [fresh]


def test_key_customers_can_be_held_to_fewer_days() -> None:
    card = every(0, *BASIC, *CHARACTERISTICS, *BUSINESS) | every(60, *TRANSACTIONS)
    r = reviewed({**card, "level": "key"}, card, key_share=50)
    assert r.freshness.tolist() == [75, 100]


@pytest.mark.parametrize(
    ("card", "faults"),
    [
        (every(), []),
        (every(0, *FIELDS[:12]), []),  # 75% is enough
        (every(0, *FIELDS[:11]), ["incomplete"]),  # 68.8%
        (every(0, "sales"), ["incomplete"]),
        ({}, ["incomplete", "stale"]),
        ({**every(1400), "sales": 0}, ["stale"]),
        ({**every(), "in_charge": 0}, ["nobody"]),
        ({**every(), "in_charge": 3}, ["several"]),
        ({"in_charge": 0}, ["incomplete", "stale", "nobody"]),
    ],
)
def test_what_is_wrong_with_a_card(card: dict[str, Any], faults: list[str]) -> None:
    r = reviewed(card, every())
    assert [name for name, wrong in zip(model.FAULTS, r.faults[0], strict=True) if wrong] == faults
    assert not r.faults[1].any()
    assert model.headline(r)["usable"] == 2 - bool(faults)


def test_who_is_in_charge_may_be_left_aside() -> None:
    assert not reviewed({**every(), "in_charge": 0}, one_in_charge=False).faults.any()


def test_figures_of_three_cards() -> None:
    r = reviewed({**every(), "level": "key"}, {"level": "key", "sales": 0}, {**every(), "in_charge": 2})
    assert model.headline(r) == pytest.approx(
        {
            "usable": 1,
            "usable_pct": 100 / 3,
            "key_unusable": 1,
            "incomplete": 1,
            "stale": 0,
            "not_one": 1,
            "completeness": (100 + 6.3 + 100) / 3,  # 1 ÷ 16 = 6.25%, rounded half up
            "freshness": 100,
        }
    )
    assert model.listing(r).index.tolist() == ["F1", "F2"]
    assert model.fault_table(r)["key"].tolist() == [1, 1, 0, 0, 0]
    assert model.kind_table(r)["filled_pct"].tolist() == pytest.approx([200 / 3, 200 / 3, 75, 200 / 3])


def test_a_card_is_shown_with_the_age_of_each_field(english: None) -> None:
    r = reviewed({"sales": 30, "finances": 200}, every(), days_later=10)
    shown = charts.card(r, "F0").set_index("Field")
    assert len(shown) == 16
    assert shown.loc["Sales record"].tolist() == ["2024-12-01", "40", "fresh"]
    assert shown.loc["Finances and credit standing"].tolist() == ["2024-06-14", "210", "out of date"]
    assert shown.loc["Market share"].tolist() == ["–", "–", "not filled in"]


# Refusals -------------------------------------------------------------------------------------------------------------


def test_cards_without_any_date_are_refused_in_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="there is nothing to review"):
        model.prepare(cards({}, {}))


def test_weights_that_are_all_zero_are_refused(english: None) -> None:
    with pytest.raises(InputError) as refused:
        FileRule(**dict.fromkeys(WEIGHTS, 0))  # type: ignore[arg-type]
    assert list(refused.value.fields) == ["transactions_weight"]


# What holds for all ---------------------------------------------------------------------------------------------------

drawn_cards = st.lists(
    st.builds(
        lambda days, level, people: {**days, "level": level, "in_charge": people},
        st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 2000)),
        st.sampled_from(["key", "other"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)


@quick
@given(drawn_cards, values_of(FileRule))
def test_shares_are_shares_and_every_card_is_usable_or_listed(
    rows: list[dict[str, Any]], drawn: dict[str, Any]
) -> None:
    assume(any(drawn[w] for w in WEIGHTS) and any(set(row) & set(FIELDS) for row in rows))
    r = reviewed(*rows, **drawn)
    for figure in (r.completeness, r.freshness):
        assert (figure >= 0).all() and (figure <= 100).all()
    assert model.headline(r)["usable"] + len(model.listing(r)) == len(rows)


@quick
@given(drawn_cards, st.integers(0, 71))
def test_waiting_never_makes_a_card_fresher(rows: list[dict[str, Any]], tens: int) -> None:
    assume(any(set(row) & set(FIELDS) for row in rows))
    now, later = (reviewed(*rows, days_later=10 * n) for n in (tens, tens + 1))
    assert (later.freshness <= now.freshness).all()
    assert (later.completeness == now.completeness).all()


def test_the_packaged_cards_have_every_fault() -> None:
    table = model.fault_table(model.STUDY.answer(load("customer_files")))
    assert (table > 0).all(axis=None)
