"""Credit policy and scorecard against published examples and sums by hand, and what must hold for all data."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.credit.models import customers, policy, scoring
from crmlib.chapters.credit.models.policy import PolicyChange, Terms
from crmlib.chapters.credit.models.scoring import Applicants, Scorecard
from crmlib.core.errors import DataError, InputError
from crmlib.formulas.discount import annual_cost, best_day, break_even_takeup
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)
PRESENT = Terms(500_000, 30, 5_000, 3_000)
"""A usual example of Chinese textbooks of corporate finance: 100,000 units at 5 yuan, variable cost 4, capital 15%."""
LONGER = Terms(600_000, 60, 9_000, 4_000)
WITH_DISCOUNT = Terms(600_000, 45, 4_500, 2_000, discount=2_400)


# Policy ---------------------------------------------------------------------------------------------------------------


def test_the_textbook_example_of_30_to_60_days() -> None:
    found = policy.increments(PRESENT, LONGER, 0.8, 0.15)
    assert (found.contribution, found.bad, found.collection) == pytest.approx((20_000, 4_000, 1_000))
    assert policy.carrying_cost(PRESENT, 0.8, 0.15) == pytest.approx(5_000)
    assert policy.carrying_cost(LONGER, 0.8, 0.15) == pytest.approx(12_000)
    assert found.profit == pytest.approx(8_000)


def test_the_same_example_with_a_cash_discount() -> None:
    """0.8/30, n/60, half of the sales take it: 45 days, 600,000 × 50% × 0.8% of discount; 15,100 against today."""
    found = policy.increments(PRESENT, WITH_DISCOUNT, 0.8, 0.15)
    assert found.carrying == pytest.approx(4_000) and found.discount == 2_400
    assert found.profit == pytest.approx(20_000 - 4_000 + 500 + 1_000 - 2_400)
    assert found.profit == pytest.approx(15_100)


def test_the_conventions_change_the_carrying_cost() -> None:
    """At the selling price 100,000 − 41,666.67 of receivables at 15% cost 8,750; 365 days take off 5 of 365."""
    at_price = policy.increments(PRESENT, LONGER, 0.8, 0.15, tied=1.0)
    assert at_price.carrying == pytest.approx(8_750)
    other_year = policy.increments(PRESENT, LONGER, 0.8, 0.15, year=365)
    assert other_year.carrying == pytest.approx(7_000 * 360 / 365)


def segments(shop: float = 500_000.0) -> pd.Series:
    return pd.Series({"contractor": 0.0, "decorator": 0.0, "shop": shop, "reseller": 0.0})


def test_the_study_gives_the_increments_of_its_inputs() -> None:
    given = PolicyChange(
        offered_to="shop", old_days=30, new_days=60, growth=20, variable_cost=80, capital_cost=15, old_bad=1,
        new_bad=1.5, old_collection=0.6, new_collection=0.7,
    )  # fmt: skip
    found = policy.change(segments(), given)
    assert found.new.sales == pytest.approx(600_000) and found.new.bad == pytest.approx(9_000)
    assert found.increments.profit == pytest.approx(20_000 - 7_000 - 4_000 - 1_200)


def test_a_new_bad_debt_rate_for_added_sales_alone_leaves_the_present_ones_at_theirs() -> None:
    """500,000 × 1% + 100,000 × 5% = 10,000; where sales fall, what is left keeps the present rate."""
    rates: dict[str, Any] = {"old_bad": 1, "new_bad": 5, "bad_on": "added"}
    _old, grown = policy.terms(500_000, PolicyChange(**rates), 20)
    assert grown.bad == pytest.approx(10_000)
    _old, fallen = policy.terms(500_000, PolicyChange(**rates), -20)
    assert fallen.bad == pytest.approx(4_000)


def test_discount_takers_shorten_the_period_by_their_share() -> None:
    _old, new = policy.terms(600.0, PolicyChange(discount=2, takers=25, discount_days=10, new_days=50), 0)
    assert new.days == pytest.approx(40) and new.discount == pytest.approx(600 * 0.25 * 0.02)
    _old, without = policy.terms(600.0, PolicyChange(takers=25, discount_days=10, new_days=50), 0)
    assert (without.days, without.discount) == (50, 0)


def test_break_even_growth_by_hand() -> None:
    """No bad debts or collection: 1,000 at 80% variable cost, 12% of capital, 36 to 72 days of 360.

    Contribution of g: 200·g. Carrying: (1,000·(1 + g)·0.2 − 100)·0.8·0.12 = 9.6 + 19.2·g. So g = 9.6 ÷ 180.8.
    """
    none: dict[str, Any] = {"old_bad": 0, "new_bad": 0, "old_collection": 0, "new_collection": 0}
    inputs = PolicyChange(variable_cost=80, capital_cost=12, old_days=36, new_days=72, **none)
    assert policy.break_even_growth(1_000, inputs) == pytest.approx(100 * 9.6 / 180.8)


def test_where_no_growth_helps_there_is_no_break_even() -> None:
    hopeless = PolicyChange(variable_cost=100)
    assert math.isnan(policy.break_even_growth(1_000, hopeless))
    assert math.isnan(
        policy.headline(policy.change(segments(0.0) + 0.0, PolicyChange(offered_to="shop")))["break_even"]
    )


def test_a_discount_for_paying_no_sooner_is_refused(lang: str) -> None:
    with pytest.raises(InputError) as refusal:
        PolicyChange(discount=2, discount_days=60, new_days=60)
    assert list(refusal.value.fields) == ["discount_days"]


def test_customers_who_buy_nothing_are_refused_in_a_sentence(lang: str) -> None:
    nobody = load("credit_customers").assign(sales=0.0)
    with pytest.raises(DataError) as refusal:
        policy.prepare(nobody)
    assert "sales" in str(refusal.value)


def test_break_even_take_up_by_hand() -> None:
    """Everybody taking it costs 600,000 × (2% − 0.6%) = 8,400; a gain of 4,200 pays for half of that."""
    assert break_even_takeup(4_200, 600_000, 0.02, 0.006) == pytest.approx(0.5)
    assert break_even_takeup(30_000, 600_000, 0.02, 0.006) == 1.0
    assert break_even_takeup(-1, 600_000, 0.02, 0.006) == 0.0
    assert math.isnan(break_even_takeup(4_200, 600_000, 0.01, 0.02))


@pytest.mark.parametrize(("borrowing", "day"), [(0.08, 10), (0.36, 10), (0.37, 30), (0.5, 30)])
def test_a_buyer_pays_on_the_last_day_of_one_of_the_two_periods(borrowing: float, day: int) -> None:
    """2/10, n/30 costs 36.73% a year to forgo."""
    assert best_day(0.02, 10, 30, borrowing) == day
    assert annual_cost(0.02, 10, 30) == pytest.approx(0.3673, abs=5e-5)


@quick
@given(st.floats(1, 1e6), st.floats(-60, 100), st.floats(0, 100), st.floats(0, 40), st.floats(0, 30), st.floats(0, 30))
def test_the_parts_add_up_and_no_bad_debt_exceeds_the_sales(
    sales: float, growth: float, variable: float, capital: float, old: float, new: float
) -> None:
    given = PolicyChange(growth=growth, variable_cost=variable, capital_cost=capital, old_bad=old, new_bad=new)
    found = policy.change(segments(sales), given)
    costs = found.increments.carrying + found.increments.bad + found.increments.collection + found.increments.discount
    assert found.increments.profit == pytest.approx(found.increments.contribution - costs, abs=1e-6 * sales)
    assert 0 <= found.new.bad <= found.new.sales
    if not math.isnan(found.break_even) and found.break_even <= 100:
        at = policy.compare(sales, given, found.break_even).profit
        assert at == pytest.approx(0, abs=1e-6 * sales)


# Investigation and scorecard ------------------------------------------------------------------------------------------


def asked(**answers: float | None) -> pd.DataFrame:
    """Return one customer with these answers; all others are favourable."""
    row = {name: float(name in customers.YES_IS_GOOD) for names in customers.CHECKLISTS.values() for name in names}
    return pd.DataFrame([row | answers], dtype="Float64")


def test_a_checklist_earns_the_share_of_its_favourable_answers() -> None:
    """11 of 11; 9 of 11 with two noes; a yes to a warning sign counts against, a yes to ample cash for the customer."""
    assert customers.checklist_points(asked(), "business").tolist() == [100]
    assert customers.checklist_points(asked(b01=0, b02=0), "business") == pytest.approx([900 / 11])
    assert customers.checklist_points(asked(p01=1), "payment").tolist() == [80]
    assert customers.checklist_points(asked(f01=0), "finance") == pytest.approx([1000 / 11])


def test_what_nobody_answered_counts_neither_way_and_too_little_gives_no_points() -> None:
    assert customers.checklist_points(asked(p01=None, p02=None, p03=1), "payment") == pytest.approx([200 / 3])
    assert np.isnan(customers.checklist_points(asked(p01=None, p02=None, p03=None), "payment")).all()


def test_warning_signs_are_counted() -> None:
    assert customers.warning_signs(asked()).tolist() == [0]
    assert customers.warning_signs(asked(f01=0, f05=1, p03=1, p04=None)).tolist() == [2]


def test_the_working_asset_score_by_hand_and_at_its_ends() -> None:
    """Current 200, quick 100, current liabilities 100, liabilities 150, net worth 250: 2 + 1 − 0.4 − 0.6 = 2."""
    one = [np.array([x]) for x in (100.0, 200.0, 100.0, 150.0, 250.0)]
    assert customers.working_asset_score(one[0], one[1], one[2], one[3], one[4]).tolist() == [2.0]
    assert customers.working_asset_score(one[0], one[1], np.zeros(1), np.zeros(1), one[4]).tolist() == [np.inf]
    assert customers.working_asset_score(one[0], one[1], one[2], one[3], np.array([-5.0])).tolist() == [-np.inf]
    assert np.isnan(customers.working_asset_score(np.array([np.nan]), one[1], one[2], one[3], one[4])).all()


def scored(points: list[float], failed: list[bool], sales: float = 100.0, **card: Any) -> scoring.Scored:
    """Score customers that have the same points on all four criteria."""
    n = len(points)
    people = Applicants(
        np.array([f"C{k}" for k in range(n)], object), np.tile(np.array(points)[:, None], 4), np.full(n, sales),
        np.array(failed),
    )  # fmt: skip
    return scoring.score(people, Scorecard(**card))


def test_gini_and_ks_by_hand() -> None:
    """Good 90, 70, 50; bad 60, 40: of 6 pairs the good one is ahead in 5, so area 5/6, Gini 2/3; KS after 70: 2/3."""
    s = scored([90, 70, 50, 60, 40], [False, False, False, True, True])
    assert s.gini == pytest.approx(2 * 5 / 6 - 1)
    assert s.ks == pytest.approx(2 / 3)


def test_equal_scores_count_as_half_a_pair() -> None:
    assert scored([50, 50], [False, True]).gini == pytest.approx(0)
    assert scored([60, 50, 50], [False, False, True]).gini == pytest.approx(2 * 1.5 / 2 - 1)


def test_ks_of_the_four_bands_in_the_chapter() -> None:
    good, bad = np.array([20.0, 40, 60, 80]), np.array([22.0, 16, 8, 4])
    assert scoring.ks(good, bad) == pytest.approx(0.46)


@pytest.mark.parametrize("failed", [[True, True], [False, False]])
def test_where_nobody_failed_or_nobody_paid_there_is_nothing_to_tell_apart(failed: list[bool]) -> None:
    s = scored([60, 40], failed)
    assert math.isnan(s.gini) and math.isnan(s.ks)


def test_profit_by_cut_off_by_hand() -> None:
    """Good at 80 and 50 earn 100 × 10%; bad at 60 and 20 lose 100 × 180/360 × 80% = 40.

    From the top: 80 → 10; 60 → −30; 50 → −20; 20 → −60. Highest above 60, where the lowest such cut-off is 60.1.
    """
    s = scored([80, 60, 50, 20], [False, True, False, True], margin=10, exposure_days=180, loss=80)
    assert [s.profits[10 * k] for k in (90, 80, 60, 50, 20, 0)] == pytest.approx([0, 10, -30, -20, -60, -60])
    assert scoring.best_cut_off(s) == pytest.approx(60.1)


def test_a_customer_without_a_score_is_let_in_or_kept_out_as_the_card_says() -> None:
    assert scoring.let_in(scored([70, np.nan], [False, False])).tolist() == [True, False]
    admitted = scored([70, np.nan], [False, False], unscored="admit")
    assert scoring.let_in(admitted).tolist() == [True, True]
    assert admitted.profits[1000] == pytest.approx(100 * 0.08)


def test_a_survey_that_nobody_answered_is_a_sentence(lang: str) -> None:
    with pytest.raises(DataError) as refusal:
        scored([np.nan, np.nan], [False, True])
    assert len(refusal.value.problems) == 1


def test_a_rate_of_nobody_is_a_dash() -> None:
    figures = scoring.headline(scored([50, 40], [False, True], cut_off=90))
    assert figures["admitted"] == 0 and math.isnan(figures["bad_rate"])


def test_weights_that_are_all_zero_are_refused(lang: str) -> None:
    with pytest.raises(InputError):
        Scorecard(business=0, finance=0, payment=0, balance=0)


points = st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=1, max_size=40)


@quick
@given(points, st.integers(0, 100), st.integers(0, 100))
def test_a_lower_cut_off_lets_in_no_fewer_and_leaves_gini_alone(
    people: list[tuple[int, bool]], one: int, other: int
) -> None:
    scores, failed = [p / 10 for p, _f in people], [f for _p, f in people]
    low, high = (scored(scores, failed, cut_off=f(one, other)) for f in (min, max))
    assert (scoring.let_in(low) | ~scoring.let_in(high)).all()
    assert low.gini == high.gini or math.isnan(low.gini)
    earned = scoring.let_in(low)
    bad = np.array(failed)
    by_hand = 100 * (0.08 * (earned & ~bad).sum() - 120 / 360 * 0.8 * (earned & bad).sum())
    assert scoring.headline(low)["profit"] == pytest.approx(by_hand, abs=1e-6)


@quick
@given(points)
def test_gini_is_that_of_all_pairs(people: list[tuple[int, bool]]) -> None:
    s = scored([p / 10 for p, _f in people], [f for _p, f in people])
    good, bad = ([p for p, f in people if f == one] for one in (False, True))
    if not good or not bad:
        assert math.isnan(s.gini)
        return
    wins = sum((g > b) + (g == b) / 2 for g in good for b in bad)
    assert s.gini == pytest.approx(2 * wins / (len(good) * len(bad)) - 1)
