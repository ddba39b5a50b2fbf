"""Are the formulas of loyalty those of the books, does the model do what it says, and does it refuse what it cannot?"""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.chapters.loyalty.models import measures as f
from crmlib.chapters.loyalty.models.survey import INDICATORS, RECOMMEND, WALLET, Survey, order_figures, prepare
from crmlib.core.errors import DataError, InputError
from crmlib.formulas.arrays import Floats
from crmlib.tables.data import load

NAN = float("nan")


@pytest.fixture(scope="module")
def survey() -> Survey:
    return prepare(load("loyalty_customers"), load("loyalty_orders"))


@pytest.fixture(scope="module")
def result(survey: Survey) -> model.Loyalty:
    return model.measure(survey, model.LoyaltyPolicy())


def one(**answers: object) -> pd.DataFrame:
    """One customer in one wave, every answer in the middle unless given."""
    row = load("loyalty_customers").iloc[[0]].copy()
    for name in row.columns[4:]:
        row[name] = 4
    row["customer_id"], row["wave"], row["competition"] = "K1", 2024, "high"
    row["joined"] = pd.Timestamp("2019-12-31")
    for name, value in answers.items():
        row[name] = [value]
    return row


def bought(*amounts: float, who: str = "K1", day: str = "2024-03-01") -> pd.DataFrame:
    frame = pd.DataFrame({"order_id": range(1, len(amounts) + 1), "customer_id": who, "amount": amounts})
    return frame.assign(date=pd.Timestamp(day)).astype({"amount": float, "date": "datetime64[us]"})


def measured(customers: pd.DataFrame, orders: pd.DataFrame, **inputs: object) -> model.Loyalty:
    return model.measure(prepare(customers, orders), model.LoyaltyPolicy(**inputs))  # type: ignore[arg-type]


# Satisfaction ---------------------------------------------------------------------------------------------------------


def test_satisfaction_is_experience_over_expectation() -> None:
    """Expected 8, found 6: c = 6/8 = 0.75, difference −2, relative −2/8 = −0.25."""
    b, a = np.array([6.0]), np.array([8.0])
    assert f.satisfaction(b, a).tolist() == [0.75]
    assert f.satisfaction(b, a, "difference").tolist() == [-2.0]
    assert f.satisfaction(b, a, "relative").tolist() == [-0.25]


@pytest.mark.parametrize("a", [0.0, -1.0])
@pytest.mark.parametrize("how", list(f.NEUTRAL))
def test_an_expectation_of_zero_or_less_is_an_error_and_not_infinity(a: float, how: str, english: None) -> None:
    with pytest.raises(DataError, match="1 expectation is zero or negative"):
        f.satisfaction(np.array([5.0, 5.0]), np.array([a, 5.0]), how)  # type: ignore[arg-type]


def test_a_missing_answer_gives_no_satisfaction_and_stays_missing() -> None:
    found = f.satisfaction(np.array([NAN, 5.0]), np.array([5.0, NAN]))
    assert np.isnan(found).all()


@given(st.floats(1, 10), st.floats(1, 10))
def test_the_three_conventions_agree_on_who_is_satisfied(b: float, a: float) -> None:
    values = {how: f.satisfaction(np.array([b]), np.array([a]), how)[0] for how in ("ratio", "difference", "relative")}
    assert len({bool(v >= f.NEUTRAL[how]) for how, v in values.items()}) == 1 or math.isclose(a, b)


def test_a_mean_of_ratios_is_taken_and_not_a_ratio_of_means() -> None:
    """Expected 4 and 10, found 8 and 5: c is 2 and 0.5, mean 1.25; the ratio of the sums would be 13/14."""
    five = {f"expect_{n}": 4 for n in ("service", "range", "store")} | {
        f"found_{n}": 4 for n in ("service", "range", "store")
    }
    m = measured(one(expect_quality=4, found_quality=8, expect_price=10, found_price=5, **five), bought(100))
    assert m.satisfaction.tolist() == [(2 + 0.5 + 1 + 1 + 1) / 5]


def test_attributes_count_by_derived_importance() -> None:
    """Perfectly correlated with the overall rating counts, constant and negatively correlated ones do not."""
    overall = np.array([1.0, 2, 3, 4])
    found = np.column_stack([overall * 2, np.full(4, 5.0), -overall, overall + 1])
    assert f.derived_importance(found, overall).round(9).tolist() == [0.5, 0.0, 0.0, 0.5]


def test_attributes_count_alike_where_nothing_can_be_derived() -> None:
    assert f.derived_importance(np.full((4, 2), 7.0), np.array([1.0, 2, 3, 4])).tolist() == [0.5, 0.5]


# Weighted means and points --------------------------------------------------------------------------------------------


def test_a_missing_value_is_left_out_and_its_weight_with_it() -> None:
    """80 × .5 + 50 × .2 over .7 is 50 ÷ .7 = 71.43, neither 50 (missing as zero) nor 65 (unweighted)."""
    assert round(float(f.weighted_mean(np.array([80, NAN, 50]), np.array([0.5, 0.3, 0.2]))), 2) == 71.43


def test_too_few_values_give_no_mean() -> None:
    values = np.array([[80, NAN, 50], [80, 70, 50], [NAN, NAN, NAN]])
    assert np.isnan(f.weighted_mean(values, np.ones(3), 3)).tolist() == [True, False, True]


def test_only_values_that_carry_weight_count_towards_the_minimum() -> None:
    assert np.isnan(f.weighted_mean(np.array([80.0, 70.0, NAN]), np.array([1.0, 0.0, 1.0]), 2))


@pytest.mark.parametrize("weights", [[0.0, 0.0], [1.0, -1.0]])
def test_weights_that_are_all_zero_or_negative_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError):
        f.weighted_mean(np.array([1.0, 2.0]), np.array(weights))


@given(
    hnp.arrays(float, (4, 3), elements=st.floats(0, 100) | st.just(NAN)),
    hnp.arrays(float, 3, elements=st.floats(0.01, 1)),
    st.floats(0.1, 10),
)
def test_a_weighted_mean_lies_between_its_values_and_ignores_the_scale_of_weights(
    values: Floats, weights: Floats, factor: float
) -> None:
    mean = f.weighted_mean(values, weights)
    np.testing.assert_allclose(mean, f.weighted_mean(values, weights * factor), rtol=1e-9, atol=1e-9)
    for row, m in zip(values, mean, strict=True):
        known = row[~np.isnan(row)]
        assert np.isnan(m) if not known.size else known.min() - 1e-6 <= m <= known.max() + 1e-6


def test_points_run_straight_between_the_anchors_in_the_direction_they_state() -> None:
    assert f.points(np.array([1.0, 4, 7]), 1, 7).tolist() == [0, 50, 100]
    assert f.points(np.array([0.0, 15, 60, 90]), 60, 0).tolist() == [100, 75, 0, 0]


def test_where_all_are_equal_everyone_gets_fifty() -> None:
    assert f.range_points(np.array([3.0, 3.0, NAN])).tolist()[:2] == [50, 50]
    assert np.isnan(f.range_points(np.array([3.0, NAN]))[1])
    assert np.isnan(f.range_points(np.array([NAN, NAN]))).all()


def test_negative_figures_have_points_too() -> None:
    assert f.range_points(np.array([-10.0, 0.0, 30.0])).tolist() == [0, 25, 100]


# Recommending, wallets, kinds -----------------------------------------------------------------------------------------


def test_the_net_promoter_score_is_promoters_less_detractors_over_all_who_answered() -> None:
    """50 promoters, 30 passives, 20 detractors of a hundred: 50 − 20 = 30. Reichheld (2003)."""
    answers = np.array([10.0] * 25 + [9] * 25 + [8] * 15 + [7] * 15 + [6] * 10 + [0] * 10 + [NAN] * 40)
    assert f.nps(answers) == (30.0, 50.0, 20.0)


@given(hnp.arrays(float, st.integers(1, 30), elements=st.integers(0, 10).map(float)))
def test_the_score_lies_between_minus_and_plus_a_hundred(answers: Floats) -> None:
    score, promoters, detractors = f.nps(answers)
    assert -100 <= score <= 100 and 0 <= promoters + detractors <= 100 + 1e-9


def test_nobody_answering_is_said() -> None:
    with pytest.raises(DataError):
        f.nps(np.array([NAN]))


@pytest.mark.parametrize(
    ("ratings", "shares"),
    [
        ([9.0, 8.0], [0.667, 0.333]),
        ([9.0, 8.0, 7.0], [0.5, 0.333, 0.167]),
        ([4.0, 9.0, 7.0], [0.167, 0.5, 0.333]),
        ([9.0], [1.0]),
    ],
)
def test_the_wallet_allocation_rule_gives_the_published_shares(ratings: list[float], shares: list[float]) -> None:
    """Keiningham et al. (2011): two brands .667 and .333; three brands .5, .333 and .167."""
    assert f.wallet_allocation(np.array(ratings)).round(3).tolist() == shares


def test_brands_that_tie_share_the_mean_rank() -> None:
    """Two firsts of three share rank 1.5: (1 − 1.5/4) × 2/3 = 0.41667 each, the third (1 − 3/4) × 2/3 = 0.16667."""
    assert f.mean_ranks(np.array([8.0, 8.0, 5.0])).tolist() == [1.5, 1.5, 3.0]
    assert f.wallet_allocation(np.array([8.0, 8.0, 5.0])).round(5).tolist() == [0.41667, 0.41667, 0.16667]


@given(hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 7)), elements=st.integers(1, 10).map(float)))
def test_expected_shares_sum_to_one_and_follow_the_ratings(ratings: Floats) -> None:
    shares = f.wallet_allocation(ratings)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    for rated, given_ in zip(ratings, shares, strict=True):
        assert (np.diff(given_[np.argsort(rated, kind="stable")]) >= -1e-12).all()


def test_a_missing_rating_leaves_all_shares_of_the_customer_open() -> None:
    assert np.isnan(f.wallet_allocation(np.array([[9.0, NAN, 5.0], [9, 8, 7]])))[0].all()


def test_share_of_wallet_takes_a_negative_net_as_zero_and_no_spend_as_unknown() -> None:
    """Net 1,800 of 5,000 is 36%."""
    ours, others = np.array([1800.0, -5, 0, NAN]), np.array([[2400.0, 800], [10, 0], [0, 0], [1, 1]])
    np.testing.assert_array_equal(f.wallet_share(ours, others), [0.36, 0.0, NAN, NAN])


def test_attitude_and_behaviour_make_four_kinds_and_a_score_on_the_cut_is_high() -> None:
    attitude, behaviour = np.array([60.0, 60, 59.9, 59.9, NAN]), np.array([50.0, 49.9, 50, 49.9, 80])
    assert f.dick_basu(attitude, behaviour, 60, 50).tolist() == [0, 1, 2, 3, f.UNKNOWN]


def test_the_repeat_purchase_rate_counts_buyers_only() -> None:
    """Purchases 0, 1, 2, 5: three buyers, two of them at least twice."""
    assert f.repeat_purchase_rate(np.array([0.0, 1, 2, 5])) == 2 / 3
    assert math.isnan(f.repeat_purchase_rate(np.array([0.0, NAN])))


# Orders ---------------------------------------------------------------------------------------------------------------


def test_returns_lower_the_net_amount_and_are_no_purchases() -> None:
    orders = bought(100, 50, -50, -20)
    purchases, net, strangers = order_figures(orders, pd.Index(["K1"]), (2023, 2024))
    assert purchases.tolist() == [[0.0, 2.0]]
    assert net.tolist() == [[0.0, 80.0]]
    assert strangers == 0


def test_a_customer_without_any_order_is_unknown_and_one_who_lapsed_has_zero() -> None:
    orders = bought(100, day="2022-05-01")
    purchases, net, _strangers = order_figures(orders, pd.Index(["K1", "K2"]), (2023, 2024))
    assert purchases[0].tolist() == [0.0, 0.0] and net[0].tolist() == [0.0, 0.0]
    assert np.isnan(purchases[1]).all() and np.isnan(net[1]).all()


def test_orders_of_strangers_are_counted_and_left_out() -> None:
    purchases, _net, strangers = order_figures(bought(10, 20, who="X"), pd.Index(["K1"]), (2024,))
    assert strangers == 2 and np.isnan(purchases).all()


def test_orders_of_other_years_change_nothing() -> None:
    late, early = bought(5, day="2025-01-01"), bought(7, day="2022-12-31")
    purchases, net, _s = order_figures(pd.concat([late, early, bought(9)]), pd.Index(["K1"]), (2023, 2024))
    assert purchases.tolist() == [[0.0, 1.0]] and net.tolist() == [[0.0, 9.0]]


def test_aggregation_agrees_with_a_plain_groupby() -> None:
    orders = load("loyalty_orders")
    ids = pd.Index(load("loyalty_customers")["customer_id"].unique())
    _purchases, net, strangers = order_figures(orders, ids, (2022, 2023, 2024))
    plain = orders.groupby([orders["customer_id"], orders["date"].dt.year])["amount"].sum().unstack(fill_value=0)
    np.testing.assert_allclose(np.nan_to_num(net), plain.reindex(ids, fill_value=0).to_numpy())
    assert strangers == (~orders["customer_id"].isin(ids)).sum() > 0


# One customer, by hand ------------------------------------------------------------------------------------------------


def test_the_eight_indicators_of_one_customer_by_hand() -> None:
    """Four purchases: 3 of 12 repeats, 25. Rivals 3: 4/6. Recommend 8. 15 of 60 min: 75. 300 of 1,000 yuan: 30.

    Feeling 5: 4/6. Tolerance 6, price 4: mean of 6 and 4 is 5: 4/6. Joined 31 Dec 2019, five years of ten: 50.
    """
    m = measured(
        one(rivals_attraction=3, recommend=8, minutes_choosing=15, spend_us=300, spend_rival_a=500, spend_rival_b=200,
            feeling=5, quality_tolerance=6, price_sensitivity=4),
        bought(10, 10, 10, 10, -10),
    )  # fmt: skip
    hand = [25, 400 / 6, 80, 75, 30, 400 / 6, 400 / 6, 10 * 1827 / 365.25]
    np.testing.assert_allclose(m.points[0], hand)
    weights = [0.15, 0.10, 0.15, 0.05, 0.20, 0.15, 0.10, 0.10]
    assert m.index[0] == round(sum(w * p for w, p in zip(weights, hand, strict=True)), 1)
    assert m.attitude[0] == round((400 / 6 * 3 + 80) / 4, 1)
    assert m.behaviour[0] == 27.5


def test_the_direction_of_good_is_stated_and_kept() -> None:
    """More of the raw figure raises the points, unless less is better: rivals and minutes."""
    low, high = (np.array([[min(i.zero_at, i.full_at) if end == 0 else max(i.zero_at, i.full_at)
                            for i in INDICATORS.values()]]) for end in (0, 1))  # fmt: skip
    less = [name for name, i in INDICATORS.items() if i.less_is_better]
    assert less == ["rivals", "choosing"]
    for k, i in enumerate(INDICATORS.values()):
        worse, better = (high, low) if i.less_is_better else (low, high)
        assert f.points(worse[:, k], i.zero_at, i.full_at) < f.points(better[:, k], i.zero_at, i.full_at)


def test_a_single_customer_can_be_measured(lang: str) -> None:
    m = measured(one(), bought(100))
    figures = model.headline(m)
    unknown = {name for name, value in figures.items() if not math.isfinite(value)}
    assert unknown == {"satisfaction_change", "index_change", "nps_change"}, "one survey tells of no change"
    assert len(m.survey.years) == 1


def test_a_customer_who_joined_after_the_survey_has_length_zero_and_is_counted() -> None:
    m = measured(one(joined=pd.Timestamp("2026-01-01")), bought(100))
    assert m.survey.raw[0, -1] == 0 and m.survey.gaps["joined_later"] == 1


def test_a_customer_without_orders_is_measured_on_the_rest() -> None:
    m = measured(one(), bought(100, who="X"))
    assert np.isnan(m.points[0, 0]) and not np.isnan(m.index[0])
    assert m.survey.gaps["no_orders"] == 1 and m.survey.gaps["strangers"] == 1


def test_no_orders_at_all_is_no_obstacle() -> None:
    m = measured(one(), bought().astype({"customer_id": "str"}))
    assert not np.isnan(m.index[0])


# Refusals -------------------------------------------------------------------------------------------------------------


def test_weights_that_are_all_zero_are_refused(lang: str) -> None:
    with pytest.raises(InputError) as refusal:
        model.LoyaltyPolicy(**{f"{name}_weight": 0.0 for name in INDICATORS})  # type: ignore[arg-type]
    assert list(refusal.value.fields) == ["length_weight"]


def test_a_minimum_that_nobody_can_reach_is_refused(lang: str) -> None:
    with pytest.raises(InputError) as refusal:
        model.LoyaltyPolicy(wallet_weight=0, min_indicators=8)
    assert "7" in refusal.value.fields["min_indicators"]


def test_too_few_indicators_everywhere_is_said(lang: str) -> None:
    with pytest.raises(DataError, match="2024"):
        measured(one(feeling=pd.NA), bought(1), min_indicators=8)


@pytest.mark.parametrize("column", ["recommend", "spend_us", "rating_rival_a"])
def test_a_wave_without_any_answer_to_a_needed_question_is_said(column: str, lang: str) -> None:
    with pytest.raises(DataError, match="2024"):
        prepare(one(**{column: pd.NA}), bought(1))


def test_a_survey_without_rows_is_said(lang: str) -> None:
    with pytest.raises(DataError):
        prepare(one().iloc[:0], bought(1))


def test_zero_expectations_in_the_data_are_an_error(lang: str) -> None:
    with pytest.raises(DataError, match="1"):
        measured(one(expect_price=0), bought(1))


def test_weights_that_do_not_add_up_are_said(english: None) -> None:
    assert model.LoyaltyPolicy().remarks() == []
    assert "add up to 0.80" in model.LoyaltyPolicy(wallet_weight=0).remarks()[0]
    assert "12.5%" in model.LoyaltyPolicy(**model.STUDY.textbook).remarks()[0]


# The shipped data -----------------------------------------------------------------------------------------------------


def test_satisfaction_rises_while_loyalty_falls(result: model.Loyalty) -> None:
    figures = model.headline(result)
    assert figures["satisfaction_change"] > 0 > figures["index_change"]
    assert figures["nps_change"] < 0
    shares = model.shares_by_wave(result)
    assert shares["satisfied"][1] > shares["satisfied"][0] and shares["loyal"][1] < shares["loyal"][0]


@pytest.mark.parametrize("name", ["by_words", "by_deeds", "high_bar"])
def test_the_contradiction_holds_under_every_ruler_of_the_case(survey: Survey, name: str) -> None:
    from crmlib import casebook

    inputs = casebook.case("loyalty").scenario(name).inputs
    figures = model.headline(model.measure(survey, model.LoyaltyPolicy(**inputs)))
    assert figures["satisfaction_change"] > 0 > figures["index_change"]


def test_equally_satisfied_customers_are_less_loyal_where_competition_is_high(result: model.Loyalty) -> None:
    found = model.curve(result, result.points[:, WALLET])
    assert found["low"][1].min() > found["high"][1].max()


def test_the_awkward_rows_are_there(survey: Survey) -> None:
    assert {name for name, n in survey.gaps.items() if n} >= {
        "strangers", "returns", "no_orders", "no_expectation", "net_negative",
    }  # fmt: skip
    late = np.setdiff1d(survey.ids[survey.wave == 1], survey.ids[survey.wave == 0])
    gone = np.setdiff1d(survey.ids[survey.wave == 0], survey.ids[survey.wave == 1])
    assert len(late) > 100 and len(gone) > 50


def test_every_row_is_in_one_kind_and_kinds_by_wave_add_up(result: model.Loyalty) -> None:
    counts = model.kinds_by_wave(result)
    assert counts.sum(axis=0).tolist() == np.bincount(result.survey.wave).tolist()


def test_hints_follow_their_kinds(result: model.Loyalty) -> None:
    spurious = result.kind == f.KINDS.index("spurious loyalty")
    assert set(result.hint[spurious]) <= {2, 3, 4} and not (set(result.hint[~spurious]) & {2, 3, 4})
    priced = result.hint == model.HINTS.index("price or incentive loyalty")
    assert result.survey.price_minded[priced].all()
    assert not result.survey.contested[result.hint == model.HINTS.index("monopoly loyalty")].any()


def test_the_list_holds_satisfied_customers_that_are_not_loyal_largest_first(result: model.Loyalty) -> None:
    rows = model.listing(result)
    assert (rows["satisfaction"] >= 1).all() and (rows["index"] < 60).all()
    spend = rows["spend_rivals"].dropna()
    assert spend.is_monotonic_decreasing and rows["spend_rivals"].isna().sum() == len(rows) - len(spend)
    share = model.shares_by_wave(result)["not_loyal"][1]
    both = (result.survey.wave == 1) & ~np.isnan(result.index) & ~np.isnan(result.satisfaction)
    assert len(rows) == round(share * both.sum() / 100)


def test_actual_and_expected_wallets_sum_to_a_hundred(result: model.Loyalty) -> None:
    for shares in model.wallets_by_wave(result):
        np.testing.assert_allclose(shares.sum(axis=0), 100)


def test_the_score_by_wave_is_that_of_its_answers(result: model.Loyalty) -> None:
    last = load("loyalty_customers").query("wave == 2024")["recommend"].dropna()
    by_hand = 100 * ((last >= 9).sum() - (last <= 6).sum()) / len(last)
    assert model.nps_by_wave(result)[1][0] == pytest.approx(float(by_hand))
    assert RECOMMEND == 2


def test_order_of_rows_does_not_matter(result: model.Loyalty) -> None:
    customers, orders = load("loyalty_customers").sample(frac=1, random_state=1), load("loyalty_orders").iloc[::-1]
    assert model.headline(measured(customers, orders)) == pytest.approx(model.headline(result))


@given(
    weights=st.lists(st.sampled_from([0.0, 0.2, 0.5, 1.0]), min_size=8, max_size=8).filter(any),
    scale=st.sampled_from(["fixed", "range"]),
    how=st.sampled_from(["ratio", "difference", "relative"]),
    wallet=st.sampled_from(["survey", "orders"]),
    cut=st.integers(0, 100),
)
def test_whatever_the_inputs_all_figures_are_finite_and_in_range(
    survey: Survey, weights: list[float], scale: str, how: str, wallet: str, cut: int
) -> None:
    named = dict(zip((f"{n}_weight" for n in INDICATORS), weights, strict=True))
    policy = model.LoyaltyPolicy(
        **named, scale=scale, satisfaction=how, wallet_from=wallet, loyal_from=cut, min_indicators=1  # type: ignore[arg-type]
    )  # fmt: skip
    m = model.measure(survey, policy)
    figures = model.headline(m)
    assert all(math.isfinite(v) for v in figures.values())
    known = m.index[~np.isnan(m.index)]
    assert known.min() >= 0 and known.max() <= 100
