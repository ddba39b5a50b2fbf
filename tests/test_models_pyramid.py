"""The value pyramid against sums by hand, and what must hold for all data and inputs."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import books, both, loans, values_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmlib.chapters.tiers.models import pyramid
from crmlib.chapters.tiers.models.pareto import Customers
from crmlib.chapters.tiers.models.pyramid import PyramidRule, Pyramids
from crmlib.core.errors import DataError, InputError
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)
numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)
WEIGHTS = ("income_weight", "deposits_weight", "products_weight")
FOUR: dict[str, list[float]] = {
    "income": [40, 10, 20, 30],
    "deposits": [0, 100, 50, 50],
    "products": [1, 1, 1, 1],
    "growth": [0.1, 0.5, -0.2, 0.0],
    "outlook": [80, 20, 50, 60],
}


def built(columns: dict[str, list[float]], **rule: Any) -> Pyramids:
    n = len(columns["income"])
    ids = np.array([f"F{k}" for k in range(n)], object)
    return pyramid.build(Customers(ids, {c: np.array(v, float) for c, v in columns.items()}), PyramidRule(**rule))


# Formulas -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "ranks"),
    [
        ([10, 20, 30, 40, 50], [0, 25, 50, 75, 100]),
        ([50, 10, 40, 20, 30], [100, 0, 75, 25, 50]),
        ([1, 2, 2, 3], [0, 50, 50, 100]),  # ranks 2 and 3 share 2.5: (2.5 − 1) ÷ 3
        ([7, 7, 7], [50, 50, 50]),
        ([7], [50]),
        ([0, 1e9], [0, 100]),
    ],
)
def test_percentile_ranks_by_hand(values: list[float], ranks: list[float]) -> None:
    assert pyramid.percentile_rank(np.array(values, float)).tolist() == ranks


@pytest.mark.parametrize(
    ("values", "scaled"),
    [([10, 20, 30, 40, 50], [0, 25, 50, 75, 100]), ([-1, 0, 3], [0, 25, 100]), ([4, 4], [50, 50]), ([4], [50])],
)
def test_minimum_to_maximum_by_hand(values: list[float], scaled: list[float]) -> None:
    assert pyramid.range_scale(np.array(values, float)).tolist() == scaled


def test_a_giant_moves_the_range_but_not_the_ranks() -> None:
    values = np.array([1.0, 2, 3, 4])
    with_giant = np.array([1.0, 2, 3, 1000])
    assert pyramid.percentile_rank(values).tolist() == pyramid.percentile_rank(with_giant).tolist()
    assert pyramid.range_scale(with_giant)[2] < 1


def test_composite_values_by_hand() -> None:
    p = built(FOUR, scale="range")
    # income 100, 0, 33.33, 66.67; deposits 0, 100, 50, 50; products all alike, all 50; weights 0.5, 0.3, 0.2
    assert p.value == pytest.approx([50 + 0 + 10, 0 + 30 + 10, 50 / 3 + 15 + 10, 100 / 3 + 15 + 10])
    # growth 42.857, 100, 0, 28.571 at 0.6; outlook 100, 0, 50, 66.667 at 0.4
    assert p.potential == pytest.approx([300 / 7 * 0.6 + 40, 60, 20, 200 / 7 * 0.6 + 80 / 3])
    ranks = built(FOUR)
    # income ranks 100, 0, 33.33, 66.67; deposits 0, 100, 50, 50 by the mean of ranks two and three
    assert ranks.value == pytest.approx(p.value)


@pytest.mark.parametrize(
    ("n", "shares", "sizes"),
    [
        (1000, (1, 4, 15), (10, 40, 150, 800)),
        (100, (1, 4, 15), (1, 4, 15, 80)),
        (50, (1, 4, 15), (1, 2, 7, 40)),  # ends at 0.5 → 1, 2.5 → 3, 10
        (10, (1, 4, 15), (0, 1, 1, 8)),  # ends at 0.1 → 0, 0.5 → 1, 2
        (7, (20, 30, 30), (1, 3, 2, 1)),  # ends at 1.4 → 1, 3.5 → 4, 5.6 → 6
        (1, (1, 4, 15), (0, 0, 0, 1)),
    ],
)
def test_layers_have_their_shares_rounded_half_up(n: int, shares: tuple[float, ...], sizes: tuple[int, ...]) -> None:
    layers = pyramid.layer_of(np.arange(n, dtype=float), np.array(shares, float))
    assert tuple(np.bincount(layers, minlength=4)) == sizes
    assert layers[-1] == min(np.flatnonzero(sizes)), "the largest value stands at the top"


def test_equal_values_are_cut_in_the_order_of_the_data() -> None:
    assert pyramid.layer_of(np.full(10, 5.0), np.array([10.0, 20, 30])).tolist() == [0, 1, 1, 2, 2, 2, 3, 3, 3, 3]


def test_the_crossing_and_the_headline_by_hand() -> None:
    p = built(FOUR, scale="range", platinum=20, gold=40, iron=30)
    # ends at 0.8 → 1, 2.4 → 2, 3.6 → 4. Value: F0 60, F3 58.3, F2 41.7, F1 40; potential: F0, F1, F3, F2
    assert p.profit_layer.tolist() == [0, 2, 2, 1]
    assert p.potential_layer.tolist() == [0, 1, 2, 2]
    wanted = np.zeros((4, 4), int)
    for profit, potential in ((0, 0), (2, 1), (2, 2), (1, 2)):
        wanted[profit, potential] += 1
    assert pyramid.crossing(p).tolist() == wanted.tolist()
    assert pyramid.headline(p) == {"rated": 4, "left_out": 0, "top_income": 70, "same_layer": 50, "hidden_gems": 1}
    table = pyramid.layer_table(p)
    assert table["income"].tolist() == [40, 30, 30, 0]
    assert table["same_in_potential"].tolist() == [1, 0, 1, 0]


def test_weights_are_divided_by_their_sum_and_said(lang: str) -> None:
    rule = PyramidRule(income_weight=1, deposits_weight=0.6, products_weight=0.4)
    assert rule.weights() == pytest.approx([0.5, 0.3, 0.2])
    assert built(FOUR, **rule.changes()).value == pytest.approx(built(FOUR).value)
    (remark,) = rule.remarks()
    assert "2.00" in remark and "50.0%" in remark
    assert PyramidRule().remarks() == []


# The book -------------------------------------------------------------------------------------------------------------


def test_growth_is_against_the_first_date() -> None:
    book = loans(
        *both("a", sales=(100.0, 150.0)),
        *both("zero", sales=(0.0, 10.0)),
        *both("lost", sales=(10.0, None)),
        {"id": "new", "at": 1},
        {"id": "gone", "at": 0},
    )
    found = pyramid.prepare(book)
    assert found.ids.tolist() == ["a", "lost", "new", "zero"]
    assert found.values["growth"][0] == pytest.approx(0.5)
    assert np.isnan(found.values["growth"][1:]).all()
    p = pyramid.build(found, PyramidRule())
    assert p.ids.tolist() == ["a"]
    assert pyramid.headline(p)["left_out"] == 3


def test_of_three_dates_the_first_and_the_last_count() -> None:
    book = loans(*({"id": "a", "at": at, "sales": sales} for at, sales in ((0, 100.0), (1, 1.0), (2, 300.0))))
    assert pyramid.prepare(book).values["growth"].tolist() == [2]


def test_one_date_is_said_in_a_sentence(lang: str) -> None:
    with pytest.raises(DataError) as refusal:
        pyramid.prepare(loans({"id": "a"}))
    (sentence,) = refusal.value.problems
    assert "as_of" in sentence and "1" in sentence


@pytest.mark.parametrize("scale", ["rank", "range"])
def test_nobody_with_all_indicators_is_said_in_a_sentence(lang: str, scale: str) -> None:
    with pytest.raises(DataError) as refusal:
        pyramid.STUDY.answer(loans(*both("a", sales=None)), scale=scale)
    (sentence,) = refusal.value.problems
    assert "growth" in sentence


def test_firms_without_any_income_have_no_share_of_it() -> None:
    p = pyramid.STUDY.answer(loans(*both("a", income=0.0), *both("b", income=0.0)))
    assert pyramid.headline(p)["top_income"] == 0


@pytest.mark.parametrize(
    ("inputs", "field"),
    [(dict.fromkeys(WEIGHTS, 0), "products_weight"), ({"platinum": 20, "gold": 40, "iron": 40}, "iron")],
)
def test_rules_between_the_inputs_are_said_at_a_field(lang: str, inputs: dict[str, float], field: str) -> None:
    with pytest.raises(InputError) as refusal:
        PyramidRule(**inputs)
    assert list(refusal.value.fields) == [field]


def test_the_listing_names_both_layers() -> None:
    listed = pyramid.listing(built(FOUR, platinum=20, gold=40, iron=30))
    assert listed.columns.tolist() == ["value", "layer", "potential", "potential_layer"]
    assert set(listed["layer"]) <= set(pyramid.LAYERS)


# What holds for all data and inputs -----------------------------------------------------------------------------------

CUSTOMERS = pyramid.prepare(load("bank_loans"))


@st.composite
def rules(draw: st.DrawFn) -> PyramidRule:
    drawn = draw(values_of(PyramidRule))
    assume(sum(drawn[w] for w in WEIGHTS) > 0 and drawn["platinum"] + drawn["gold"] + drawn["iron"] < 100)
    return PyramidRule(**drawn)


@quick
@given(numbers)
def test_both_scales_run_from_0_to_100_in_the_order_of_the_values(values: list[float]) -> None:
    given_values = np.array(values)
    for scaled in (pyramid.percentile_rank(given_values), pyramid.range_scale(given_values)):
        assert (scaled >= -1e-9).all() and (scaled <= 100 + 1e-9).all()
        assert (np.diff(scaled[np.argsort(given_values, kind="stable")]) >= -1e-9).all()


@quick
@given(numbers, st.floats(0.5, 20), st.floats(1, 40), st.floats(1, 39))
def test_layers_hold_everybody_and_no_one_stands_above_a_better_one(
    values: list[float], platinum: float, gold: float, iron: float
) -> None:
    layers = pyramid.layer_of(np.array(values), np.array([platinum, gold, iron]))
    assert np.bincount(layers, minlength=4).sum() == len(values)
    assert (np.diff(layers[np.argsort(-np.array(values), kind="stable")]) >= 0).all()


@quick
@given(rules(), st.floats(0.05, 1))
def test_scaling_all_weights_changes_no_value(rule: PyramidRule, factor: float) -> None:
    scaled = rule.replace(**{w: getattr(rule, w) * factor for w in WEIGHTS})
    np.testing.assert_allclose(pyramid.build(CUSTOMERS, scaled).value, pyramid.build(CUSTOMERS, rule).value, atol=1e-9)


@quick
@given(rules())
def test_the_crossing_counts_everybody_once(rule: PyramidRule) -> None:
    p = pyramid.build(CUSTOMERS, rule)
    cells, figures = pyramid.crossing(p), pyramid.headline(p)
    assert cells.sum() == figures["rated"] == len(p.ids)
    assert figures["rated"] + figures["left_out"] == len(CUSTOMERS.ids)
    assert cells.sum(axis=1).tolist() == cells.sum(axis=0).tolist(), "both pyramids have layers of the same size"
    assert cells[2:, :2].sum() == figures["hidden_gems"] == cells[:2, 2:].sum()
    assert pyramid.layer_table(p)["customers"].sum() == figures["rated"]


@quick
@given(books(), rules())
def test_any_book_gives_finite_figures_or_one_sentence(book: pd.DataFrame, rule: PyramidRule) -> None:
    try:
        figures = pyramid.headline(pyramid.STUDY.answer(book, **rule.model_dump()))
    except DataError as refusal:
        assert len(refusal.problems) == 1
        return
    assert set(figures) == set(pyramid.STUDY.measures)
    assert all(np.isfinite(v) for v in figures.values()), figures
