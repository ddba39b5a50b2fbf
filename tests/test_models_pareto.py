"""ABC, Lorenz curve and Gini against known distributions and sums by hand, and what must hold for all data."""

import numpy as np
import pandas as pd
import pytest
from drawn import books, both, loans, values_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmlib.chapters.tiers.charts import pareto as abc_charts
from crmlib.chapters.tiers.models import pareto
from crmlib.chapters.tiers.models.pareto import AbcRule, Concentration, Customers
from crmlib.core.errors import DataError, InputError
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)
SALES = [500.0, 250, 120, 60, 30, 20, 10, 10]
"""A textbook example: a total of 1,000, cumulated to 50, 75, 87, 93, 96, 98, 99 and 100%."""

amounts = st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda values: max(values) > 1e-3)


def ranked(values: list[float], **rule: object) -> Concentration:
    ids = np.array([f"F{n}" for n in range(len(values))], object)
    return pareto.classify(Customers(ids, {"income": np.array(values, float)}), AbcRule(**rule))


def letters(c: Concentration) -> str:
    return "".join(pareto.CLASSES[k] for k in c.classes)


# Gini and Lorenz ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 10])
def test_gini_of_equals_is_zero_and_of_one_who_has_all_is_one_minus_one_nth(n: int) -> None:
    assert pareto.gini(np.full(n, 7.0)) == pytest.approx(0)
    assert pareto.gini(np.array([0.0] * (n - 1) + [5])) == pytest.approx(1 - 1 / n)


@pytest.mark.parametrize("n", [5, 100])
def test_gini_of_one_to_n_is_n_less_one_over_three_n(n: int) -> None:
    """Σ(2i − n − 1)·i = n(n+1)(n−1)/6, divided by n · n(n+1)/2."""
    assert pareto.gini(np.arange(1.0, n + 1)) == pytest.approx((n - 1) / (3 * n))


def test_gini_by_hand_from_all_pairs() -> None:
    values = np.array([3.0, 1, 8, 0, 8])
    pairs = np.abs(values[:, None] - values[None, :]).sum()
    assert pareto.gini(values) == pytest.approx(pairs / (2 * len(values) ** 2 * values.mean()))
    assert pareto.gini(values) == pytest.approx(0.46)  # pairs 92 ÷ (2 · 25 · 4)


def test_gini_of_known_distributions() -> None:
    p = (np.arange(200_000) + 0.5) / 200_000
    assert pareto.gini(-np.log(1 - p)) == pytest.approx(0.5, abs=1e-3), "exponential"
    assert pareto.gini((1 - p) ** (-1 / 3)) == pytest.approx(1 / 5, abs=1e-3), "Pareto: 1/(2α − 1) with α = 3"


def test_pareto_with_the_famous_exponent_gives_80_20() -> None:
    """Lorenz of a Pareto law: the top p hold p^(1 − 1/α); α = log 5 / log 4 = 1.161 makes 20% hold 80%."""
    alpha = np.log(5) / np.log(4)
    edges = (np.arange(1_000_000) / 1_000_000) ** (1 - 1 / alpha)
    descending = np.append(np.diff(edges), 1 - edges[-1])
    assert pareto.top_share(descending, 0.2) == pytest.approx(0.8, abs=1e-6)


def test_the_curve_and_the_share_of_the_top_by_hand() -> None:
    c = ranked(SALES)
    assert c.cumulative == pytest.approx([0.5, 0.75, 0.87, 0.93, 0.96, 0.98, 0.99, 1])
    descending = np.array(SALES)
    assert pareto.top_share(descending, 0.25) == pytest.approx(0.75)
    assert pareto.top_share(descending, 0.20) == pytest.approx(0.65), "1.6 of 8 customers: 500 + 0.6 · 250"
    assert pareto.top_share(descending, 1) == pytest.approx(1)


# ABC ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        # 75 / 20 / 5: the second lands on 75%; 93 → 96 crosses 95
        ({}, "AABBBCCC"),
        ({"boundary": "below"}, "AABBCCCC"),
        # 80 / 15 / 5: 75 → 87 crosses 80
        ({"a_share": 80, "b_share": 15}, "AAABBCCC"),
        ({"a_share": 80, "b_share": 15, "boundary": "below"}, "AABBCCCC"),
        # 70 / 20 / 10: 50 → 75 crosses 70, 87 → 93 crosses 90
        ({"a_share": 70, "b_share": 20}, "AABBCCCC"),
        ({"a_share": 70, "b_share": 20, "boundary": "below"}, "ABBCCCCC"),
        # 55 / 30 / 15: 75 → 87 crosses 85
        ({"a_share": 55, "b_share": 30}, "AABCCCCC"),
        ({"a_share": 55, "b_share": 30, "boundary": "below"}, "ABCCCCCC"),
    ],
)
def test_classes_of_the_textbook_example(rule: dict[str, object], wanted: str) -> None:
    assert letters(ranked(SALES, **rule)) == wanted


def test_a_customer_that_lands_on_the_line_is_above_it_under_both_rules() -> None:
    """Ten equal customers: 0.1 added seven times is 0.7 with dust, and still the seventh lands on 70%."""
    for boundary in ("above", "below"):
        assert letters(ranked([10.0] * 10, a_share=70, b_share=20, boundary=boundary)) == "AAAAAAABBC"


def test_one_giant_is_class_a_or_all_below_it() -> None:
    assert letters(ranked([990.0, 5, 5])) == "ACC"
    assert letters(ranked([990.0, 5, 5], boundary="below")) == "CCC"


def test_the_table_of_classes_by_hand() -> None:
    table = pareto.class_table(ranked(SALES))
    assert table["customers"].tolist() == [2, 3, 3]
    assert table["customers_pct"].tolist() == [25, 37.5, 37.5]
    assert table["total"].tolist() == [750, 210, 40]
    assert np.allclose(table["total_pct"], [75, 21, 4])


def test_negative_and_unknown_values_are_counted_and_left_out() -> None:
    c = ranked([100.0, -5, np.nan, 0, -1])
    assert (c.negative, c.missing, len(c.values)) == (2, 1, 2)
    assert c.ids.tolist() == ["F0", "F3"]
    assert pareto.headline(c)["a_customers_pct"] == 50


def test_equal_values_keep_the_order_of_the_data() -> None:
    assert ranked([5.0, 9, 5, 9]).ids.tolist() == ["F1", "F3", "F0", "F2"]


def test_the_listing_names_what_was_ranked() -> None:
    listed = pareto.listing(ranked(SALES))
    assert listed.columns.tolist() == ["income", "cumulative_pct", "class"]
    assert "".join(listed["class"]) == "AABBBCCC"


# The book -------------------------------------------------------------------------------------------------------------


def test_customers_are_those_of_the_last_date() -> None:
    book = loans(*both("b", income=(1.0, 2.0)), {"id": "gone", "at": 0}, {"id": "a", "at": 2, "income": 7.0})
    found = pareto.prepare(book)
    assert found.ids.tolist() == ["a"]
    assert found.values["income"].tolist() == [7]
    one_date = pareto.prepare(loans({"id": "x", "at": 0, "sales": None}))
    assert one_date.ids.tolist() == ["x"] and np.isnan(one_date.values["sales"]).all()


@pytest.mark.parametrize("values", [[0.0, 0.0], [-1.0], [np.nan]])
def test_nothing_above_zero_to_rank_is_said_in_a_sentence(lang: str, values: list[float]) -> None:
    with pytest.raises(DataError) as refusal:
        ranked(values)
    (sentence,) = refusal.value.problems
    assert "income" in sentence


@pytest.mark.parametrize(("a", "b"), [(80, 20), (99, 1), (60, 60)])
def test_lines_that_leave_nothing_for_c_are_refused(lang: str, a: float, b: float) -> None:
    with pytest.raises(InputError) as refusal:
        AbcRule(a_share=a, b_share=b)
    assert list(refusal.value.fields) == ["b_share"]
    assert f"{a + b:g}" in str(refusal.value)


def test_the_branch_is_concentrated_but_not_by_the_rule_of_thumb() -> None:
    figures = pareto.headline(pareto.STUDY.answer(load("bank_loans")))
    assert 60 < figures["top_share"] < 79
    assert 0.5 < figures["gini"] < 0.8


# What holds for all data and inputs -----------------------------------------------------------------------------------


@quick
@given(amounts, st.floats(0.01, 1000))
def test_gini_lies_in_0_to_1_and_does_not_depend_on_the_unit(values: list[float], factor: float) -> None:
    found = pareto.gini(np.array(values))
    assert -1e-9 <= found <= 1 - 1 / len(values) + 1e-9
    assert pareto.gini(np.array(values) * factor) == pytest.approx(found, abs=1e-9)
    assert pareto.gini(np.array(values[::-1])) == pytest.approx(found, abs=1e-9)


@quick
@given(amounts)
def test_gini_is_twice_the_area_between_the_curve_and_the_line_of_equality(values: list[float]) -> None:
    lorenz = np.concatenate([[0], np.cumsum(np.sort(values)) / np.sum(values)])
    area = np.trapezoid(lorenz, dx=1 / len(values))
    assert pareto.gini(np.array(values)) == pytest.approx(1 - 2 * area, abs=1e-9)


@quick
@given(amounts, values_of(AbcRule, "by"))
def test_classes_fall_from_the_largest_customer_on(values: list[float], rule: dict[str, object]) -> None:
    assume(rule["a_share"] + rule["b_share"] < 100)  # type: ignore[operator]
    c = ranked(values, **rule)
    assert (np.diff(c.classes) >= 0).all() and set(c.classes.tolist()) <= {0, 1, 2}
    assert (np.diff(c.values) <= 0).all() and (np.diff(c.cumulative) >= -1e-12).all()
    table = pareto.class_table(c)
    assert table["customers"].sum() == len(values)
    assert table["customers_pct"].sum() == pytest.approx(100) and table["total_pct"].sum() == pytest.approx(100)
    assert all(np.isfinite(v) for v in pareto.headline(c).values())


@quick
@given(amounts, st.floats(1, 60), st.floats(0, 39))
def test_the_rule_above_puts_nobody_lower_and_its_a_reaches_the_line(values: list[float], a: float, b: float) -> None:
    above = ranked(values, a_share=a, b_share=b)
    below = ranked(values, a_share=a, b_share=b, boundary="below")
    assert (above.classes <= below.classes).all()
    assert pareto.class_table(above)["total_pct"].iloc[0] >= a - 1e-6
    assert pareto.class_table(below)["total_pct"].iloc[0] <= a + 1e-6


@quick
@given(amounts, st.floats(0.01, 1), st.floats(0.01, 1))
def test_more_of_the_top_bring_no_less_and_never_less_than_their_number(
    values: list[float], one: float, other: float
) -> None:
    descending = np.sort(values)[::-1]
    few, many = (pareto.top_share(descending, f(one, other)) for f in (min, max))
    assert few <= many + 1e-12
    assert few >= min(one, other) - 1e-9
    assert many <= 1 + 1e-9


@quick
@given(books(), values_of(AbcRule))
def test_any_book_gives_finite_figures_or_one_sentence(book: pd.DataFrame, rule: dict[str, object]) -> None:
    assume(rule["a_share"] + rule["b_share"] < 100)  # type: ignore[operator]
    try:
        figures = pareto.headline(pareto.STUDY.answer(book, **rule))
    except DataError as refusal:
        assert len(refusal.problems) == 1
        return
    assert set(figures) == set(pareto.STUDY.measures)
    assert all(np.isfinite(v) for v in figures.values())
    assert figures["negative"] + figures["missing"] < (book["as_of"] == book["as_of"].max()).sum()


# Two rankings ---------------------------------------------------------------------------------------------------------


def test_rank_correlation_by_hand_and_at_its_ends() -> None:
    """Ranks 1–5 against 3, 1, 2, 5, 4: Σd² = 8, ρ = 1 − 6·8 ÷ (5·24) = 0.6."""
    sales, profit = np.array([50.0, 40, 30, 20, 10]), np.array([30.0, 50, 40, 10, 20])
    assert pareto.rank_correlation(sales, profit) == pytest.approx(0.6)
    assert pareto.rank_correlation(sales, sales**3) == pytest.approx(1)
    assert pareto.rank_correlation(sales, -sales) == pytest.approx(-1)
    assert np.isnan(pareto.rank_correlation(sales, np.ones(len(sales))))


def test_rank_correlation_leaves_out_what_is_not_known_and_gives_ties_their_mean_rank() -> None:
    """Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, ρ = 4.5 ÷ √(4.5 · 5)."""
    values = np.array([1.0, 2, 2, 4, np.nan]), np.array([1.0, 2, 3, 4, 5])
    assert pareto.rank_correlation(*values) == pytest.approx(4.5 / np.sqrt(4.5 * 5))


def test_the_customers_whose_ranks_differ_most_come_first() -> None:
    ids = np.array(["a", "b", "c", "d"], object)
    known = {"sales": np.array([40.0, 30, 20, 10]), "income": np.array([1.0, 9, 8, np.nan])}
    found = pareto.disagreements(Customers(ids, known), most=2)
    assert found.index.tolist() == ["a", "b"]
    assert found.loc["a"].tolist() == [1, 3, 2] and found.loc["b"].tolist() == [2, 1, 1]
    assert pareto.top_table(Customers(ids, known), top=0.34).tolist() == [[0, 1], [1, 1]]
    assert pareto.shared_top(Customers(ids, known), top=0.34) == 0
    assert pareto.shared_top(Customers(ids, known), top=1) == 1


def test_the_table_of_disagreements_shows_both_ways_and_nobody_of_whom_the_ranks_agree() -> None:
    ids = np.array(["large, brings little", "small, brings much", "as expected"], object)
    known = {"sales": np.array([90.0, 10, 50]), "income": np.array([1.0, 9, 5])}
    found = pareto.disagreements(Customers(ids, known))
    assert found.index.tolist() == ["large, brings little", "small, brings much"]
    assert found["difference"].tolist() == [2, 2]


def test_the_tables_of_the_two_rankings_are_named_in_both_languages(lang: str) -> None:
    customers = pareto.prepare(load("bank_loans"))
    assert abc_charts.rank_correlations(customers).shape == (4, 4)
    assert list(abc_charts.rank_correlations(customers).index) == list(abc_charts.concentrations(customers).index)
    assert len(abc_charts.disagreements(customers, 3)) == 3
