"""Formulas of customer and product analysis against examples worked by hand, and what holds whatever the data are."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.chapters.analysis.charts import change as change_charts
from crmlib.chapters.analysis.models import change, composition, cube, ratios, trend
from crmlib.core.errors import DataError, InputError
from crmlib.tables.data import load

NAMES = ratios.STUDY.datasets


def table(rows: list[tuple[Any, ...]], columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


def small(months: int = 24) -> list[pd.DataFrame]:
    """Return three tables: two customers and two products over some months; B is made to order."""
    starts = pd.date_range("2024-01-01", periods=months, freq="MS")
    rows = [
        (month, who, what, 10.0, 10.0 * price, 10.0 * price * 0.75)
        for month in starts
        for who, what, price in (("X", "A", 20.0), ("Y", "B", 40.0))
    ]
    stock = [
        (what, what, month, held, held, 300.0, False, "")
        for month in starts
        for what, held in (("A", 100.0), ("B", 0.0))
    ]
    buyers = [("X", "X", "retailer", "", 10_000.0, 10_000.0, 40.0), ("Y", "Y", "agent", "", np.nan, np.nan, np.nan)]
    return [
        table(rows, "month customer_id product_id quantity sales cost"),
        table(stock, "product_id product month opening_stock closing_stock plan promotion renamed_to"),
        table(buyers, "customer_id customer kind merged_into purchases_before purchases_last target_share"),
    ]


@pytest.fixture(scope="module")
def real() -> cube.Cube:
    return cube.prepare(*(load(name) for name in NAMES))


# The cube -------------------------------------------------------------------------------------------------------------


def test_the_cube_keeps_every_yuan(real: cube.Cube) -> None:
    sales = load("sales_cube")
    for values, name in ((real.sales, "sales"), (real.cost, "cost"), (real.quantity, "quantity")):
        assert values.sum() == pytest.approx(sales[name].sum())
    assert real.bought.sum() == pytest.approx(sales["sales"].sum())


def test_a_month_without_sales_is_zero_and_keeps_its_place() -> None:
    sales, products, customers = small()
    without = sales[sales["month"] != "2025-03-01"]
    found = cube.prepare(without, products, customers)
    assert len(found.months) == 24 and found.counted["empty_months"] == 1
    assert found.sales[:, :, 14].sum() == 0 and found.sales[:, :, 15].sum() == 600


def test_returns_reduce_sales() -> None:
    sales, products, customers = small()
    back = table([("2025-12-01", "Y", "A", -4.0, -80.0, -60.0)], "month customer_id product_id quantity sales cost")
    back["month"] = pd.to_datetime(back["month"])
    found = cube.prepare(pd.concat([sales, back]), products, customers)
    assert found.counted["returns"] == 1
    assert ratios.run(found, ratios.RatioRule()).sales.tolist() == [12 * 200 - 80, 12 * 400]


def test_a_renamed_product_is_one_and_a_merged_customer_too() -> None:
    sales, products, customers = small()
    products.loc[products["product_id"] == "A", "renamed_to"] = "B"
    customers.loc[0, "merged_into"] = "Y"
    found = cube.prepare(sales, products, customers)
    assert ratios.run(found, ratios.RatioRule()).sales.tolist() == [12 * 600]
    together = composition.run(found, composition.CompositionRule())
    assert (len(together.who), together.sales.tolist()) == (1, [7200.0])
    apart = composition.run(found, composition.CompositionRule(merged="apart"))
    assert apart.sales.tolist() == [2400.0, 4800.0]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda s, p, c: (s, p[p["product_id"] == "A"], c), "no row of stock and plan: B"),
        (lambda s, p, c: (s, p, c[c["customer_id"] == "X"]), "in no list: Y"),
        (lambda s, p, c: (s, p.assign(renamed_to="Z"), c), "Nothing has the number Z"),
        (lambda s, p, c: (s, p, c.assign(merged_into=["Y", "X"])), "into itself"),
        (lambda s, p, c: (s[s["month"] < "2024-07-01"], p[p["month"] < "2024-07-01"], c), "6 months"),
    ],
)
def test_tables_that_do_not_fit_are_refused_in_a_sentence(spoil: Any, said: str, english: None) -> None:
    with pytest.raises(DataError, match=said):
        cube.prepare(*spoil(*small()))


def test_a_year_before_that_there_is_not_is_said(english: None) -> None:
    found = cube.prepare(*small(12))
    with pytest.raises(DataError, match="12 months; the year before needs 24"):
        change.run(found, change.ChangeRule())
    assert ratios.run(found, ratios.RatioRule()).sales.sum() == 7200


# Ratios ---------------------------------------------------------------------------------------------------------------


def test_the_worked_example_of_the_chapter() -> None:
    """Sales 400, cost 300, stock 50: 0.25 × 8 = 2, × 0.4 = 0.8; the other 0.2 × 15 = 3, × 0.6 = 1.8."""
    found = ratios.ratios(np.array([400.0, 600]), np.array([300.0, 480]), np.array([50.0, 40]))
    assert found["margin"].tolist() == pytest.approx([0.25, 0.2])
    assert found["turnover"].tolist() == [8, 15]
    assert found["cross"].tolist() == pytest.approx([2, 3])
    assert found["contribution"].tolist() == pytest.approx([0.8, 1.8])
    assert found["kpi"].tolist() == pytest.approx([0.10, 0.12])


def test_average_stock_by_months_and_by_ends() -> None:
    """Months (80 + 40) ÷ 2 = 60 and (40 + 20) ÷ 2 = 30 average 45; the ends (80 + 20) ÷ 2 are 50."""
    opening, closing = np.array([[80.0, 40]]), np.array([[40.0, 20]])
    assert ratios.average_stock(opening, closing, "months").tolist() == [45]
    assert ratios.average_stock(opening, closing, "ends").tolist() == [50]
    assert np.isnan(ratios.average_stock(opening * np.nan, closing, "ends")).all()


def test_the_cross_ratio_is_gmroi_by_sales_and_not_by_cost() -> None:
    sales, cost, stock = np.array([400.0, 600]), np.array([300.0, 480]), np.array([50.0, 40])
    by_sales, by_cost = (ratios.ratios(sales, cost, stock, basis) for basis in ("sales", "cost"))
    assert by_sales["cross"].tolist() == pytest.approx(by_sales["gmroi"].tolist())
    assert by_cost["cross"].tolist() == pytest.approx([0.25 * 6, 0.2 * 12])
    assert by_cost["gmroi"].tolist() == by_sales["gmroi"].tolist()


def test_a_product_without_stock_has_no_turnover_and_is_not_chosen() -> None:
    found = ratios.run(cube.prepare(*small()), ratios.RatioRule(push_by="turnover"))
    assert np.isnan(found.figures["turnover"][1]) and found.pushed == 0
    assert ratios.quadrants(found)[1] == ratios.UNKNOWN
    assert ratios.run(found.cube, ratios.RatioRule(push_by="margin")).pushed == 0  # equal rates: the first


def test_the_gains_of_a_push_worked_by_hand() -> None:
    """Bakery: 20% more toast earns 18 − 0.6 − 5, cake 24 − 1.2 − 5, biscuits 6 − 0.16 − 5."""
    sales, rate, stock = np.array([600.0, 300, 100]), np.array([0.15, 0.4, 0.3]), np.array([30.0, 60, 8])
    rule = ratios.RatioRule(push_cost=0, capital=10, lift=20)
    found = ratios.gains(sales, sales * (1 - rate), stock, rule) - 5
    assert found.tolist() == pytest.approx([12.4, 17.8, 0.84])
    same = ratios.gains(sales, sales * (1 - rate), stock, rule.replace(effect="yuan", amount=100_000, capital=0))
    assert same.tolist() == pytest.approx((100_000 * rate).tolist())
    held = ratios.gains(sales, sales * (1 - rate), stock, rule.replace(effect="stock", room=50_000, capital=0))
    assert held.tolist() == pytest.approx([150_000, 100_000, 187_500])


def test_each_effect_agrees_with_a_ratio_where_nothing_costs() -> None:
    tables = [load(name) for name in NAMES]
    for effect, name in (("percent", "kpi"), ("yuan", "margin"), ("stock", "gmroi")):
        found = ratios.STUDY.answer(*tables, effect=effect, push_by=name, capital=0, push_cost=0)
        assert found.pushed == found.best, effect


def test_months_of_promotion_left_out_are_brought_to_twelve() -> None:
    sales, products, customers = small()
    last = products["month"] == "2025-12-01"
    products.loc[last & (products["product_id"] == "A"), "promotion"] = True
    sales.loc[(sales["month"] == "2025-12-01") & (sales["product_id"] == "A"), ["sales", "cost"]] = [9_999.0, 1.0]
    found = ratios.run(cube.prepare(sales, products, customers), ratios.RatioRule(promotion=False))
    assert found.sales.tolist() == pytest.approx([12 * 200, 12 * 400])


def test_quadrants_compare_with_the_whole(real: cube.Cube) -> None:
    found = ratios.run(real, ratios.RatioRule())
    margin, turnover = ratios.overall(found)
    assert margin == pytest.approx(1 - found.cost.sum() / found.sales.sum())
    assert turnover == pytest.approx(found.sales.sum() / np.nansum(found.stock))


# Price, volume and mix ------------------------------------------------------------------------------------------------


def test_the_split_worked_by_hand() -> None:
    """A at 10: 100 → 160; B 100 → 60, 20 → 21. Volume 20 × 15, mix 50 × 10 − 50 × 20, price 60 × 1."""
    q0, q1 = np.array([100.0, 100]), np.array([160.0, 60])
    parts = change.split(q0, q1, q0 * [10, 20], q1 * [10, 21], q0, q1)
    assert dict(zip(change.PARTS, parts.sum(axis=1).tolist(), strict=True)) == pytest.approx(
        {"volume": 300, "mix": -500, "price": 60, "cost": 0, "joint": 0, "new": 0, "dropped": 0}
    )


def test_the_joint_part_goes_where_it_is_said_to() -> None:
    """One product 100 → 150 at 10 → 12: volume 500, price 200 at old quantities, 100 for both together."""
    q0, q1 = np.array([100.0]), np.array([150.0])
    for joint, wanted in (("price", (500, 300, 0)), ("quantity", (600, 200, 0)), ("apart", (500, 200, 100))):
        parts = change.split(q0, q1, q0 * 10, q1 * 12, q0, q1, joint).sum(axis=1)
        assert (parts[0], parts[2], parts[4]) == pytest.approx(wanted), joint


def test_gross_margin_falls_by_unit_cost() -> None:
    """100 cases at 10 with a cost of 6, then of 7: −100 by cost and nothing else."""
    q = np.array([100.0])
    parts = change.split(q, q, q * 10, q * 10, q * 6, q * 7, profit=True).sum(axis=1)
    assert parts.tolist() == pytest.approx([0, 0, 0, -100, 0, 0, 0])


def test_new_and_dropped_products_stand_apart() -> None:
    q0, q1 = np.array([100.0, 0, 50]), np.array([100.0, 20, 0])
    parts = change.split(q0, q1, q0 * 10, q1 * 10, q0, q1).sum(axis=1)
    assert (parts[5], parts[6]) == (200, -500) and parts[:5].tolist() == [0, 0, 0, 0, 0]


def test_a_trickle_counts_as_not_sold_where_that_is_asked() -> None:
    """From 10 to 100 cases at 2: a new product if more than 10 must be sold, else volume."""
    q0, q1 = np.array([10.0]), np.array([100.0])
    for least, wanted in ((0.0, [180, 0]), (10.0, [0, 180])):
        parts = change.split(q0, q1, q0 * 2, q1 * 2, q0, q1, least=least).sum(axis=1)
        assert [parts[0], parts[5]] == wanted


CELLS = st.lists(st.tuples(*[st.floats(-50, 500)] * 2, *[st.floats(-500, 5000)] * 4), min_size=1, max_size=8)


@given(CELLS, st.sampled_from(["price", "quantity", "apart"]), st.booleans())
def test_the_parts_add_up_to_the_change(cells: list[tuple[float, ...]], joint: str, profit: bool) -> None:
    q0, q1, s0, s1, c0, c1 = (np.where(np.abs(v) < 1, 0.0, v) for v in np.array(cells).T)
    total = (s1 - s0).sum() - profit * (c1 - c0).sum()
    assert change.split(q0, q1, s0, s1, c0, c1, joint, profit).sum() == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize(
    "inputs", [{}, {"measure": "profit"}, {"renamed": "new"}, {"level": "cells"}, {"period": "peak"}]
)
def test_the_waterfall_of_the_data_closes(real: cube.Cube, inputs: dict[str, Any]) -> None:
    found = change.run(real, change.ChangeRule(**inputs))
    assert sum(found.parts.values()) == pytest.approx(found.now - found.before)


def test_the_waterfall_says_where_its_axis_does_not_begin_at_zero(real: cube.Cube, lang: str) -> None:
    """A change of a few percent would not be seen from zero on."""
    said = {"zh": "不从零开始", "en": "does not begin at zero"}[lang]
    for inputs in ({}, {"renamed": "new"}, {"customers": "agent"}, {"customers": "agent", "measure": "profit"}):
        axis = change_charts.waterfall(change.run(real, change.ChangeRule(**inputs))).spec["layout"]["xaxis"]
        assert (said in axis["title"]["text"].replace("<br>", " ")) == (axis["range"][0] != 0), inputs


def test_a_product_taken_for_new_is_dropped_and_new(real: cube.Cube) -> None:
    same, other = (change.run(real, change.ChangeRule(renamed=how)).parts for how in ("same", "new"))
    assert other["new"] - same["new"] == pytest.approx(2_906_715)
    assert other["dropped"] - same["dropped"] == pytest.approx(-2_721_108)


# Composition ----------------------------------------------------------------------------------------------------------


def test_own_share_and_what_is_missing() -> None:
    """X buys 10,000, 2,400 of it from us, and 40% are aimed at: 1,600 are missing. Nothing is known of Y."""
    found = composition.run(cube.prepare(*small()), composition.CompositionRule())
    assert found.own.tolist() == pytest.approx([0.24, np.nan], nan_ok=True)
    assert found.missing.tolist() == pytest.approx([1600, 0])
    figures = composition.headline(found)
    assert figures["own_share"] == pytest.approx(24) and figures["below"] == 1
    assert figures["attained"] == pytest.approx(100 * 7200 / 7200)


def test_growth_of_customers_counts_a_merger_in_both_years() -> None:
    """X doubles from 2,400 to 4,800; Y, taken over by X, has 4,800 in both: 9,600 ÷ 7,200 − 1 is a third."""
    sales, products, customers = small()
    late = (sales["month"] >= "2025-01-01") & (sales["customer_id"] == "X")
    sales.loc[late, "sales"] *= 2
    customers.loc[1, "merged_into"] = "X"
    found = cube.prepare(sales, products, customers)
    apart = composition.run(found, composition.CompositionRule(merged="apart"))
    assert composition.growth(apart).tolist() == pytest.approx([1, 0])
    together = composition.run(found, composition.CompositionRule())
    assert composition.growth(together).tolist() == pytest.approx([1 / 3])
    first = composition.run(cube.prepare(*small(12)), composition.CompositionRule())
    assert np.isnan(composition.growth(first)).all()


def test_white_spots_worked_by_hand() -> None:
    """Three of one kind: two buy the second product, with shares 0.2 and 0.4; the third might bring 0.3 × 50."""
    grid = np.array([[80.0, 20, 0], [60, 40, 0], [50, 0, 0], [10, 0, 5]])
    white, potential = composition.white_spots(grid, np.array([0, 0, 0, 1]), 0.6)
    assert np.argwhere(white).tolist() == [[2, 1]]
    assert potential[2, 1] == pytest.approx(15)
    assert not composition.white_spots(grid, np.array([0, 0, 0, 1]), 0.7)[0].any()


def test_classes_of_customers_by_hand() -> None:
    """Of 100: 60 and 20 reach 80, past 75, so both are A; 15 reaches 95, B; 5 is C; a net return ranks last."""
    sales = np.array([5.0, 60, 20, 15, -3])
    assert composition.classes_of(sales, 0.75, 0.20).tolist() == [2, 0, 0, 1, 2]
    assert composition.classes_of(np.zeros(2), 0.75, 0.20).tolist() == [2, 2]


def test_classes_that_leave_nothing_are_refused(english: None) -> None:
    with pytest.raises(InputError, match="leaves nothing for C"):
        composition.CompositionRule(a_share=80, b_share=20)


# Trend ----------------------------------------------------------------------------------------------------------------


def test_a_season_without_a_trend_is_found_exactly() -> None:
    season = np.array([1.4, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2, 1.0, 0.9, 0.8, 1.1, 1.2])
    values = np.tile(100 * season, 3)
    for how in ("ratio", "simple"):
        found = trend.seasonal_index(values, np.arange(36) % 12, how)
        assert found.tolist() == pytest.approx(season.tolist())
    assert trend.moving_average(values, 12)[11:].tolist() == pytest.approx([100] * 25)


def test_the_ratio_stands_a_trend_that_the_simple_mean_does_not() -> None:
    values = np.arange(100.0, 136)  # no season at all
    by_ratio, simple = (trend.seasonal_index(values, np.arange(36) % 12, how) for how in ("ratio", "simple"))
    assert np.abs(by_ratio - 1).max() < 0.001 < np.abs(simple - 1).max()


def test_quarters_by_hand() -> None:
    """Two years of quarters, 8, 12, 16, 4 on a mean of 10: the centred average is 10 and the indices follow."""
    values = np.tile([8.0, 12, 16, 4], 3)
    found = trend.seasonal_index(values, np.arange(12) % 4, "ratio", 4)
    assert found.tolist() == pytest.approx([0.8, 1.2, 1.6, 0.4])


@given(st.lists(st.floats(1, 1000), min_size=25, max_size=48))
def test_an_index_has_a_mean_of_one(values: list[float]) -> None:
    for how in ("ratio", "simple"):
        found = trend.seasonal_index(np.array(values), np.arange(len(values)) % 12, how)
        assert found.mean() == pytest.approx(1)


def test_too_short_a_series_is_said(english: None) -> None:
    with pytest.raises(DataError, match="two years in a row"):
        trend.run(cube.prepare(*small(13)), trend.TrendRule())


def test_a_promoted_product_is_left_out_in_every_year(real: cube.Cube) -> None:
    near = trend.near_promotion(real)
    months = {source % 12 for source in np.asarray(real.months)[near.any(axis=0)].tolist()}
    assert months == {5, 6} and near.any(axis=1).sum() == 2
