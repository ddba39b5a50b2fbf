"""The value scorecard against sums by hand, and what must hold for all data and inputs."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import both, loans, values_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmlib.chapters.tiers.models import scorecard
from crmlib.chapters.tiers.models.pareto import Customers
from crmlib.chapters.tiers.models.scorecard import ScorecardRule
from crmlib.core.errors import DataError, InputError
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)
WEIGHTS = ("financial_weight", "sales_weight", "customer_weight", "service_weight")
NAN = float("nan")
THREE: dict[str, list[float]] = {
    "income": [10, 20, 30],
    "deposits": [0, 50, 100],
    "exposure": [5, 5, 5],
    "products": [1, 3, 2],
    "growth": [0.2, 0.1, 0.0],
    "elsewhere": [80, NAN, 20],
    "cooperation": [5, 3, 1],
    "demands": [1, 3, 5],
}
"""Three customers A, B and C; of B it is not known what it does elsewhere."""


def scored(columns: dict[str, list[float]] | None = None, **rule: Any) -> scorecard.Scorecard:
    known = {c: np.array(v, float) for c, v in (columns or THREE).items()}
    ids = np.array(list("ABCDEFGH")[: len(known["income"])], object)
    return scorecard.score(Customers(ids, known), ScorecardRule(**rule))


# Formulas -------------------------------------------------------------------------------------------------------------


def test_the_example_of_the_chapter() -> None:
    """80, 60, 50 and 90 points at 30, 20, 30 and 20%: (24 + 12) ÷ 0.5 = 72, (15 + 18) ÷ 0.5 = 66, 36 + 33 = 69."""
    asked = np.array([[80.0, 60, 50, 90]]), np.array([0.3, 0.2, 0.3, 0.2])
    sides = (scorecard.CURRENT, scorecard.POTENTIAL, scorecard.ALL)
    assert [scorecard.weighted(*asked, side).tolist() for side in sides] == [[72.0], [66.0], [69.0]]


@pytest.mark.parametrize(
    ("values", "scale", "less", "points"),
    [
        ([5, 1, 3], "rank", False, [100, 0, 50]),
        ([5, 1, 3], "rank", True, [0, 100, 50]),
        ([10, 20, 50], "range", False, [0, 25, 100]),
        ([10, NAN, 50], "range", True, [100, NAN, 0]),
        ([NAN, 7, NAN], "rank", False, [NAN, 50, NAN]),
        ([NAN, NAN], "range", False, [NAN, NAN]),
    ],
)
def test_points_by_hand(values: list[float], scale: str, less: bool, points: list[float]) -> None:
    assert scorecard.scaled(np.array(values, float), scale, less) == pytest.approx(points, nan_ok=True)


def test_three_customers_by_hand() -> None:
    s = scored()
    # financial: ranks 0, 50, 100 twice; sales: exposure all 50, products 0, 100, 50
    assert s.groups[:, 0].tolist() == [0, 50, 100]
    assert s.groups[:, 1].tolist() == [25, 75, 50]
    # customer: growth 100, 50, 0; elsewhere 100, unknown, 0; service: willing 100, 50, 0, demanding 0, 50, 100 turned
    assert s.groups[:, 2].tolist() == pytest.approx([100, NAN, 0], nan_ok=True)
    assert s.groups[:, 3].tolist() == [100, 50, 0]
    # current: (0.3 × 0 + 0.2 × 25) ÷ 0.5 = 10, and (30 + 10) ÷ 0.5 = 80; total: 0.5 × 10 + 0.5 × 100 = 55
    assert s.current == pytest.approx([10, NAN, 80], nan_ok=True)
    assert s.potential == pytest.approx([100, NAN, 0], nan_ok=True)
    assert s.total == pytest.approx([55, NAN, 40], nan_ok=True)
    assert s.quadrant.tolist() == [2, -1, 1]
    assert scorecard.headline(s) == {"key": 0, "keep": 1, "develop": 1, "basic": 0, "apart": 1, "key_income": 0}


def test_what_is_unknown_is_left_to_the_other_indicator_of_the_group_and_never_made_up() -> None:
    s = scored(missing="known")
    assert s.groups[1].tolist() == [50, 75, 50, 50]  # customer indicators: growth alone
    assert (s.current[1], s.potential[1], s.quadrant[1]) == (60, 50, 1)  # (15 + 15) ÷ 0.5, (15 + 10) ÷ 0.5
    nothing = {**THREE, "cooperation": [5, NAN, 1], "demands": [1, NAN, 5]}
    assert scored(nothing, missing="known").quadrant.tolist() == [2, -1, 1]


def test_a_group_without_weight_is_not_asked_for() -> None:
    s = scored(customer_weight=0)
    assert s.quadrant.tolist() == [2, 1, 1] and s.potential.tolist() == [100, 50, 0]


@pytest.mark.parametrize(("cut", "place"), [(80, 1), (80.5, 3)])
def test_a_value_equal_to_a_cut_off_is_high(cut: float, place: int) -> None:
    assert scored(current_from=cut).quadrant[2] == place


def test_shares_of_the_quadrants_are_of_those_who_are_placed() -> None:
    table = scorecard.quadrant_table(scored())
    assert table["customers"].tolist() == [0, 1, 1, 0]
    assert table["income"].tolist() == [0, 30, 10, 0]
    assert table["income_pct"].tolist() == [0, 75, 25, 0]


# Data -----------------------------------------------------------------------------------------------------------------


def ratings(**rows: tuple[float, float, float]) -> pd.DataFrame:
    columns = ["elsewhere", "cooperation", "demands"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("firm_id").reset_index()
    return frame.astype(dict.fromkeys(columns, "float64"))


def test_customers_meet_their_ratings_and_those_without_have_none() -> None:
    book = loans(*both("A", sales=(100.0, 150.0)), *both("B", sales=(200.0, 100.0)), {"id": "C", "at": 0})
    made = scorecard.prepare(book, ratings(B=(40, 4, 2), Z=(10, 1, 1)))
    assert made.ids.tolist() == ["A", "B"]  # C has left, Z is nobody's customer
    assert made.values["growth"].tolist() == [0.5, -0.5]
    assert made.values["elsewhere"] == pytest.approx([NAN, 40], nan_ok=True)
    assert made.values["demands"] == pytest.approx([NAN, 2], nan_ok=True)


def test_a_book_of_which_nobody_is_rated_is_refused_in_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="there is nobody to place"):
        scored({**THREE, "demands": [NAN, NAN, NAN]})


@pytest.mark.parametrize(
    ("weights", "field"),
    [
        ({"financial_weight": 0, "sales_weight": 0}, "sales_weight"),
        ({"customer_weight": 0, "service_weight": 0}, "service_weight"),
    ],
)
def test_a_side_without_weight_is_refused(weights: dict[str, float], field: str, english: None) -> None:
    with pytest.raises(InputError) as refused:
        ScorecardRule(**weights)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


# What holds for all ---------------------------------------------------------------------------------------------------

figures = st.one_of(st.just(NAN), st.floats(-1e6, 1e6))
tables = st.integers(1, 8).flatmap(
    lambda n: st.fixed_dictionaries({c: st.lists(figures, min_size=n, max_size=n) for c in THREE})
)


def rule_of(drawn: dict[str, Any]) -> ScorecardRule:
    assume(any(drawn[w] for w in WEIGHTS[:2]) and any(drawn[w] for w in WEIGHTS[2:]))
    return ScorecardRule(**drawn)


@quick
@given(tables, values_of(ScorecardRule))
def test_everybody_is_placed_once_or_kept_apart(columns: dict[str, list[float]], drawn: dict[str, Any]) -> None:
    rule = rule_of(drawn)
    try:
        s = scored(columns, **rule.model_dump())
    except DataError:
        return
    figures = scorecard.headline(s)
    assert sum(figures[name] for name in (*scorecard.QUADRANTS, "apart")) == len(s.ids)
    placed = s.quadrant >= 0
    for value in (s.current, s.potential, s.total):
        assert np.isnan(value[~placed]).all()
        assert (value[placed] >= -0.05).all() and (value[placed] <= 100.05).all()
    between = np.minimum(s.current, s.potential) - 0.11, np.maximum(s.current, s.potential) + 0.11
    assert (s.total[placed] >= between[0][placed]).all() and (s.total[placed] <= between[1][placed]).all()


@quick
@given(values_of(ScorecardRule))
def test_doubling_all_weights_changes_nothing(drawn: dict[str, Any]) -> None:
    halves = {**drawn, **{w: round(drawn[w] / 2, 6) for w in WEIGHTS}}
    doubled = {**halves, **{w: 2 * halves[w] for w in WEIGHTS}}
    once, twice = (
        scored(
            **rule_of(one).model_dump(),
        )
        for one in (halves, doubled)
    )
    assert once.quadrant.tolist() == twice.quadrant.tolist()


@quick
@given(st.integers(0, 99))
def test_a_higher_cut_off_never_lifts_anybody(cut: int) -> None:
    below, above = (scored(missing="known", current_from=c) for c in (cut, cut + 1))
    assert set(np.flatnonzero(above.quadrant < 2)) <= set(np.flatnonzero(below.quadrant < 2))


def test_the_packaged_book_has_firms_in_each_quadrant_and_some_apart() -> None:
    figures = scorecard.headline(scorecard.STUDY.answer(load("bank_loans"), load("value_ratings")))
    assert all(figures[name] > 50 for name in (*scorecard.QUADRANTS, "apart"))
