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
