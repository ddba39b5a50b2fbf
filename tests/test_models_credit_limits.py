"""Credit limits and periods against sums by hand, and what must hold for all customers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.credit.models import limits
from crmlib.chapters.credit.models.limits import LimitRule
from crmlib.core.errors import InputError

quick = settings(max_examples=60, deadline=None, derandomize=True)


def account(**figures: float) -> limits.Accounts:
    """Return one customer of grade A: current 700, quick 400, total 1,000, current liabilities 300, liabilities 500."""
    usual = {"quick_assets": 400.0, "current_assets": 700, "total_assets": 1_000}
    usual |= {"current_liabilities": 300, "liabilities": 500, "sales": 400, "score": 90, "strength": 0}
    given = {name: np.array([float(value)]) for name, value in (usual | figures).items()}
    balance = {name: given[name] for name in usual if name.endswith(("assets", "liabilities"))}
    balance["net_worth"] = balance["total_assets"] - balance["liabilities"]
    return limits.Accounts(np.array(["C1"], object), given["sales"], balance, given["strength"], given["score"])


def test_the_three_methods_by_hand() -> None:
    """Contribution 400 × 15% = 60; (700 − 300) × 20% = 80; (0.9·400 + 0.5·600 − 500) × 25% = 160 × 25% = 40."""
    found = limits.raw_limits(account(), LimitRule(capital_share=20, liquidation_share=25, stock_value=50))
    assert {name: float(found[name][0]) for name in ("parity", "working_capital", "liquidation")} == pytest.approx(
        {"parity": 60, "working_capital": 80, "liquidation": 40}
    )


def test_the_example_of_the_chapter_is_held_by_the_cap_of_net_assets() -> None:
    found = limits.limit(account(), LimitRule(method="parity", net_cap=10, current_cap=10))
    assert found.granted.tolist() == [50] and list(limits.BOUND)[found.bound[0]] == "net_assets"


def test_the_smallest_of_the_three() -> None:
    wide = {"net_cap": 100, "current_cap": 100}
    assert limits.limit(account(), LimitRule(method="smallest", liquidation_share=25, **wide)).granted.tolist() == [40]


@pytest.mark.parametrize(
    ("score", "share"),
    [(-9, 0), (-4.6, 0), (-4.59, 2.5), (-3.9, 2.5), (-3.2, 5), (-2.5, 7.5), (-1.8, 10), (-1.1, 12.5), (-0.4, 15),
     (0.0, 17.5), (0.3, 17.5), (0.31, 20), (0.99, 20), (1.0, 25), (8, 25), (np.inf, 25), (-np.inf, 0), (np.nan, 0)],
)  # fmt: skip
def test_the_shares_of_the_working_asset_method(score: float, share: float) -> None:
    assert limits.working_asset_share(np.array([score])).tolist() == [share]


def test_the_working_asset_limit_by_hand() -> None:
    """(50 + 70) ÷ 2 × 17.5% = 10.5; nothing is granted on working assets below zero."""
    found = limits.working_asset_limit(np.array([0.0, 0.0]), np.array([50.0, -90]), np.array([70.0, 40]))
    assert found.tolist() == [10.5, 0]


def test_no_credit_for_grade_d_and_without_net_assets() -> None:
    for without in ({"score": 49}, {"score": np.nan}, {"liabilities": 1_200}, {"total_assets": np.nan}):
        found = limits.limit(account(**without), LimitRule())
        assert found.granted.tolist() == [0] and list(limits.BOUND)[found.bound[0]] == "none"
        assert math.isnan(limits.headline(found)["period"])


def test_the_overall_limit_cuts_all_down_in_proportion() -> None:
    both = account()
    two = limits.Accounts(
        np.array(["C1", "C2"], object), np.tile(both.sales, 2), {k: np.tile(v, 2) for k, v in both.balance.items()},
        np.tile(both.strength, 2), np.array([90.0, 70.0]),
    )  # fmt: skip
    found = limits.limit(two, LimitRule(net_cap=100, current_cap=100, overall=100))
    assert found.wanted == pytest.approx(120) and found.granted.tolist() == pytest.approx([50, 50])


def test_the_credit_period_is_a_product() -> None:
    assert limits.credit_period(45, 0.8, 1.25) == pytest.approx(45)
    rule = LimitRule(industry_dso=60, company_factor=0.8, a_factor=1.25, c_factor=0.5)
    assert limits.periods(rule).tolist() == pytest.approx([60, 48, 24, 0])


def test_grades_whose_cut_offs_do_not_fall_are_refused(lang: str) -> None:
    with pytest.raises(InputError) as refusal:
        LimitRule(b_from=80)
    assert list(refusal.value.fields) == ["b_from"]


@quick
@given(
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.floats(0, 2e5),
    st.sampled_from([*limits.METHODS, "smallest"]),
)
def test_no_limit_exceeds_net_assets_or_current_assets(
    sales: float, current: float, total: float, debt: float, method: str
) -> None:
    one = account(sales=sales, current_assets=current, total_assets=total, liabilities=debt, quick_assets=current / 2)
    found = limits.limit(one, LimitRule(method=method, net_cap=100, current_cap=100))  # type: ignore[arg-type]
    granted = float(found.granted[0])
    assert 0 <= granted <= max(total - debt, 0) + 1e-6 and granted <= current + 1e-6
    assert granted <= LimitRule().overall + 1e-6


# By ABC class ---------------------------------------------------------------------------------------------------------


def three(**balance: float) -> limits.Accounts:
    """Return three customers that buy for 750, 200 and 50: 75%, 20% and 5% of all sales, so one of each class."""
    one = account(**balance)
    return limits.Accounts(
        np.array(["C1", "C2", "C3"], object), np.array([50.0, 750.0, 200.0]),
        {name: np.tile(value, 3) for name, value in one.balance.items()}, np.tile(one.strength, 3),
        np.tile(one.score, 3),
    )  # fmt: skip


def test_limits_by_abc_class_by_hand() -> None:
    """C: 50 × 15% × 30% = 2.25. A: 750 × 15% = 112.5, above the cap of 50. B: 200 × 15% = 30, below it."""
    rule = LimitRule(by_class=True, class_c_part=30)
    found = limits.limit(three(), rule)
    assert found.classes.tolist() == [2, 0, 1]
    assert found.granted.tolist() == pytest.approx([2.25, 112.5, 30])
    assert [list(limits.BOUND)[place] for place in found.bound] == ["class_c", "method", "method"]
    assert limits.headline(found)["class_a"] == pytest.approx(100 * 112.5 / 144.75)
    table = limits.by_class(found)
    assert table["customers"].tolist() == [1, 1, 1] and table["sales_pct"].tolist() == pytest.approx([75, 20, 5])
    assert table["granted"].tolist() == pytest.approx([112.5, 30, 2.25])


def test_without_classes_the_caps_hold_for_all() -> None:
    found = limits.limit(three(), LimitRule())
    assert found.granted.tolist() == pytest.approx([7.5, 50, 30])
    assert [list(limits.BOUND)[place] for place in found.bound] == ["method", "net_assets", "method"]


def test_class_a_gets_no_credit_either_where_nobody_does() -> None:
    for without in ({"score": 49}, {"liabilities": 1_200}):
        assert not limits.limit(three(**without), LimitRule(by_class=True)).granted.any()


def test_classes_that_leave_nothing_for_the_last_are_refused(english: None) -> None:
    with pytest.raises(InputError, match="must leave something for class C") as refusal:
        LimitRule(class_a=80, class_b=20)
    assert list(refusal.value.fields) == ["class_b"]


@quick
@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=30), st.floats(0, 100))
def test_by_class_nobody_in_b_or_c_gets_more_than_under_the_caps_and_nobody_in_a_less(
    sales: list[float], part: float
) -> None:
    one, n = account(), len(sales)
    many = limits.Accounts(
        np.arange(n).astype(object), np.array(sales), {name: np.tile(v, n) for name, v in one.balance.items()},
        np.tile(one.strength, n), np.tile(one.score, n),
    )  # fmt: skip
    wide = {"overall": 20_000, "margin": 1}
    by_class = limits.limit(many, LimitRule(by_class=True, class_c_part=part, **wide))  # type: ignore[arg-type]
    capped = limits.limit(many, LimitRule(**wide))  # type: ignore[arg-type]
    first, rest = by_class.classes == 0, by_class.classes > 0
    assert (by_class.granted[first] >= capped.granted[first] - 1e-9).all() or by_class.wanted > 20_000
    assert (by_class.granted[rest] <= capped.granted[rest] + 1e-9).all()
