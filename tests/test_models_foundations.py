"""Is winning and keeping worth what the books say, and do odd rows of a panel do no harm?"""

import numpy as np
import pandas as pd
import pytest
from gyms import chain, members, years
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.foundations.models import panel as source
from crmlib.chapters.foundations.models import winning
from crmlib.core.errors import DataError
from crmlib.formulas.lifetime import average_lifetime, break_even, multiple

FEW = settings(max_examples=60, deadline=None)
RATE, DISCOUNT = st.floats(0.01, 0.98), st.floats(0.04, 0.30)


TWO_YEARS = members(
    *years("A", 2020, 2021),
    *years("B", 2020),
    *years("C", 2021, joined=2021, won_cost=300.0),
    *years("D", 2021, joined=2021, won_cost=500.0),
)
"""Two households in the first year, of whom one stays; two are won, for 300 and 500 yuan."""


# Lifetime -------------------------------------------------------------------------------------------------------------


@FEW
@given(RATE, DISCOUNT, st.floats(0, 0.03))
def test_the_margin_multiple_is_the_sum_of_what_comes_year_by_year(r: float, i: float, g: float) -> None:
    later = float(((r * (1 + g) / (1 + i)) ** np.arange(1, 4000)).sum())
    end, now = later / (1 + g), 1 + later
    assert float(multiple(np.array(r), i, "end", g)) == pytest.approx(end, rel=1e-9)
    assert float(multiple(np.array(r), i, "now", g)) == pytest.approx(now, rel=1e-9)


@FEW
@given(st.floats(50, 3000), st.floats(50, 3000), DISCOUNT, st.sampled_from(["end", "now"]), st.floats(0, 0.03))
def test_at_break_even_the_value_is_the_cost(cost: float, margin: float, i: float, first: str, g: float) -> None:
    rate = break_even(cost, margin, i, first, g)
    if np.isnan(rate):
        assert margin * float(multiple(np.array(1.0), i, first, g)) < cost * (1 + 1e-9)
    elif rate:
        assert margin * float(multiple(np.array(rate), i, first, g)) == pytest.approx(cost, rel=1e-9)
    else:
        assert first == "now" and margin >= cost


def test_a_margin_that_is_a_loss_never_pays_for_winning_and_a_gift_always_does() -> None:
    assert np.isnan(break_even(100.0, 0.0, 0.1)) and np.isnan(break_even(100.0, -5.0, 0.1))
    assert break_even(0.0, 100.0, 0.1) == 0.0
    assert break_even(400.0, 600.0, 0.10) == pytest.approx(440 / 1000)


def test_the_lifetimes_of_a_credit_card_customer_are_those_published() -> None:
    """Reichheld & Sasser (1990): 20% of customers leave, 5 years; 10%, 10 years; 5%, 20 years."""
    assert [average_lifetime(1 - churn) for churn in (0.20, 0.10, 0.05)] == pytest.approx([5, 10, 20])
    assert average_lifetime(1.0) == float("inf") and np.isnan(average_lifetime(float("nan")))


def test_five_points_by_hand() -> None:
    """.75/.35 to .80/.30 and .90/.20 to .95/.15; without a value before there is no share of it."""
    found = winning.five_points(np.array([0.75, 0.90, 0.0]), 0.10)
    assert found[:2] == pytest.approx([100 * ((0.80 / 0.30) / (0.75 / 0.35) - 1), 100 * ((0.95 / 0.15) / 4.5 - 1)])
    assert np.isnan(found[2])
    assert winning.five_points(np.array([0.98]), 0.10)[0] == pytest.approx(100 * ((1 / 0.10) / (0.98 / 0.12) - 1))


@FEW
@given(DISCOUNT)
def test_five_points_are_worth_more_from_a_higher_start(i: float) -> None:
    gains = winning.five_points(np.linspace(0.3, 0.95, 60), i)
    low = int(np.argmin(gains))
    assert (np.diff(gains[low:]) > 0).all() and gains[-1] > gains[low]


# Response -------------------------------------------------------------------------------------------------------------


def base(**more: float) -> winning.Base:
    return winning.Base(**{"customers": 1000.0, "margin": 500.0, "retention": 0.8, "spent": 1e5, "won": 200.0, **more})


def test_the_curve_of_winning_goes_through_nothing_last_year_and_its_ceiling() -> None:
    """With a ceiling of twice last year's, as much money again wins half of what is left."""
    assert winning.won(np.array([0.0, 1e5, 2e5, 3e5, 1e9]), base(), 2.0) == pytest.approx([0, 200, 300, 350, 400])
    assert winning.won(1e5, base(), 3.7) == pytest.approx(200)


def test_the_curve_of_keeping_takes_half_and_then_half_of_the_rest() -> None:
    """Of the 20% who leave, half could be kept: 10 points at most, 5 for 90 yuan, 7.5 for 180."""
    found = winning.kept(np.array([0.0, 90.0, 180.0, 1e6]), 0.8, 0.5, 90.0)
    assert found == pytest.approx([0.8, 0.85, 0.875, 0.9])
    assert winning.kept(500.0, 0.8, 0.0, 90.0) == pytest.approx(0.8)


def test_two_years_ahead_by_hand() -> None:
    """Nobody can be kept and nothing is discounted but the rate of 10%.

    800 of 1,000 stay and 200 join; they pay 800 × 500 a year on, then 1,000 × .8 × 500. The budget falls at the start.
    """
    plan = winning.BudgetPlan(budget=100_000, keep_share=0, reach=0, years=2, discount=10)
    count, value = winning.ahead(base(), plan, np.array([0.0]))
    assert count[:, 0] == pytest.approx([1000, 1000, 1000])
    assert value[0] == pytest.approx(400_000 / 1.1 + 400_000 / 1.21 - 100_000 - 100_000 / 1.1)
    now = plan.replace(first_margin="now")
    assert winning.ahead(base(), now, np.array([0.0]))[1][0] - value[0] == pytest.approx(
        200 * 500 / 1.1 + 200 * 500 / 1.21  # each year's new customers pay once more, at once
    )


@FEW
@given(RATE, st.floats(4, 30), st.floats(0, 3))
def test_present_customers_alone_are_worth_margin_times_multiple(r: float, i: float, g: float) -> None:
    plan = winning.BudgetPlan(budget=0, years=15, discount=i, growth=g)
    _count, value = winning.ahead(base(retention=r), plan, np.array([0.0]))
    t = np.arange(1, 16)
    wanted = 1000 * 500 * (r**t * (1 + g / 100) ** (t - 1) / (1 + i / 100) ** t).sum()
    assert value[0] == pytest.approx(wanted, rel=1e-9)


@FEW
@given(st.floats(0, 100), st.floats(0, 90), st.floats(10, 500), st.floats(1.1, 5), st.floats(10_000, 800_000))
def test_one_more_costs_what_a_little_more_money_brings(
    share: float, reach: float, half: float, ceiling: float, budget: float
) -> None:
    """The cost of one more of each, against money divided by what it brings, on the panel of the chain."""
    plan = winning.BudgetPlan(keep_share=share, reach=reach, half=half, ceiling=ceiling, budget=budget)
    answer = winning.run(chain(), plan)
    b, little = answer.base, 1.0
    win = (1 - share / 100) * budget
    new = float(winning.won(win + little, b, ceiling) - winning.won(win, b, ceiling))
    assert new * answer.win_more == pytest.approx(little, rel=1e-3, abs=1e-6)
    stay = b.customers * float(
        winning.kept(answer.each + little / b.customers, b.retention, reach / 100, half)
        - winning.kept(answer.each, b.retention, reach / 100, half)
    )
    if np.isfinite(answer.keep_more) and stay > 1e-9:
        assert stay * answer.keep_more == pytest.approx(little, rel=1e-3)


def test_at_the_best_division_no_other_one_is_worth_more() -> None:
    def value(share: float) -> float:
        return winning.headline(winning.run(chain(), winning.BudgetPlan(keep_share=share)))["value"]

    answer = winning.run(chain(), winning.BudgetPlan())
    best = winning.headline(answer)["best_share"]
    tried, top = [value(share) for share in range(0, 101, 10)], value(best)
    assert 0 < best < 100 and top >= max(tried) - 1e-6
    assert tried == pytest.approx(answer.values[::10])


def test_one_more_point_for_all_present_customers_by_hand() -> None:
    """1,000 × 500 × (.81/.29 − .80/.30)."""
    plan = winning.BudgetPlan(budget=0, discount=10)
    answer = winning.run(source.prepare(TWO_YEARS), plan)
    n, m, r = answer.base.customers, answer.base.margin, answer.base.retention
    assert (n, m, r) == (3, 600, 0.5)
    assert winning.point_value(answer) == pytest.approx(3 * 600 * (0.51 / 0.59 - 0.50 / 0.60))


# The panel ------------------------------------------------------------------------------------------------------------


def test_what_the_panel_shows_by_hand() -> None:
    found = winning.base_of(source.prepare(TWO_YEARS), winning.BudgetPlan())
    assert found == winning.Base(customers=3, margin=600, retention=0.5, spent=800, won=2)


def test_a_membership_that_passes_within_a_household_is_no_loss() -> None:
    table = members(
        *years("A", 2020, household_id="H1"),
        *years("B", 2021, household_id="H1", joined=2021, won_cost=100.0),
        *years("C", 2020, 2021, household_id="H2"),
        *years("D", 2021, household_id="H3", joined=2021, won_cost=300.0),
    )
    panel = source.prepare(table)
    rates = {unit: source.retention_by_year(panel.members[unit]).tolist() for unit in source.UNITS}
    assert rates == {"household": [1.0], "account": [0.5]}
    assert winning.base_of(panel, winning.BudgetPlan()).won == 1
    assert winning.base_of(panel, winning.BudgetPlan(unit="account")).won == 2


def test_two_accounts_of_a_household_are_one_customer_with_the_sum_of_both() -> None:
    table = members(*years("A", 2020, 2021, household_id="H"), *years("B", 2020, 2021, household_id="H", refunds=100.0))
    household = source.prepare(table).members["household"]
    assert household.margin().tolist() == [[1100.0, 1100.0]]
    assert household.margin("ignored").tolist() == [[1200.0, 1200.0]]


def test_who_pauses_for_a_year_has_left_and_was_won_back() -> None:
    panel = source.prepare(members(*years("A", 2020, 2022), *years("B", 2020, 2021, 2022)))
    account = panel.members["account"]
    assert source.retention_by_year(account).tolist() == [0.5, 1.0]
    assert source.joined_by_year(account).tolist() == [0, 1]


def test_a_start_that_is_not_known_for_one_account_is_not_known_for_its_household() -> None:
    table = members(
        *years("A", 2020, 2021, household_id="H", joined=2018), *years("B", 2020, household_id="H", joined=pd.NA)
    )
    panel = source.prepare(table)
    assert np.isnan(panel.members["household"].start).all()
    assert panel.members["account"].start[0] == 2018


@pytest.mark.parametrize(
    "table",
    [
        members(*years("A", 2020), *years("B", 2020)),
        members(*years("A", 2019, 2021)),
    ],
    ids=["one year", "a gap"],
)
def test_years_that_do_not_follow_one_another_are_refused(table: pd.DataFrame, lang: str) -> None:
    with pytest.raises(DataError, match="year"):
        source.prepare(table)


def test_where_nobody_was_won_at_a_known_cost_nothing_can_be_said(lang: str) -> None:
    with pytest.raises(DataError, match="won_cost"):
        winning.STUDY.answer(members(*years("A", 2020, 2021), *years("B", 2020, 2021)))
    with pytest.raises(DataError, match="won_cost"):
        winning.STUDY.answer(members(*years("A", 2020, 2021), *years("B", 2021, joined=2021, won_cost=pd.NA)))


def test_nothing_spent_and_everything_spent_leave_no_figure_undefined_but_those_that_are() -> None:
    for budget, share in ((0, 0), (0, 100), (800_000, 0), (800_000, 100)):
        figures = winning.headline(winning.STUDY.answer(TWO_YEARS, budget=budget, keep_share=share, reach=0))
        undefined = {name for name, value in figures.items() if not np.isfinite(value)}
        assert undefined <= {"times_average", "break_even"}
        assert ("times_average" in undefined) == (not budget * share)


def test_channels_by_hand() -> None:
    """Of two walk-ins of 2021 one stays: cost 400 on average, margin 600, rate 1 ÷ 2, CLV 600 × .5/.6."""
    table = members(
        *years("A", 2021, 2022, joined=2021),
        *years("B", 2021, joined=2021),
        *years("C", 2021, 2022, joined=2021, channel="takeover", won_cost=pd.NA),
    )
    table.loc[[0, 2], "won_cost"] = [300.0, 500.0]
    found = source.channel_figures(source.prepare(table), ["walk_in", "takeover", "voucher"])
    assert list(found.index) == ["walk_in"]
    row = found.loc["walk_in"]
    assert row[["cost", "retention", "margin"]].tolist() == [400, 0.5, 600]
    assert row["clv"] == pytest.approx(600 * 0.5 / 0.6)
    assert row["break_even"] == pytest.approx(400 * 1.1 / 1000)
