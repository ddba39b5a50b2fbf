"""Is winning and keeping worth what the books say, does a life cycle read as it should, do odd rows do no harm?"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.foundations.models import life_cycle, winning
from crmlib.chapters.foundations.models import panel as source
from crmlib.core.errors import DataError
from crmlib.formulas.arrays import Floats
from crmlib.formulas.lifetime import average_lifetime, break_even, multiple
from crmlib.tables.data import load

FEW = settings(max_examples=60, deadline=None)
RATE, DISCOUNT = st.floats(0.01, 0.98), st.floats(0.04, 0.30)


def members(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a panel; each row says what is not as in a plain year of a member since 2020."""
    plain = {
        "account_id": "A", "household_id": "", "year": 2020, "joined": 2020, "channel": "walk_in", "revenue": 1000.0,
        "refunds": 0.0, "service_cost": 400.0, "won_cost": 0.0, "visits": 50,
    }  # fmt: skip
    frame = pd.DataFrame([{**plain, **row} for row in rows])
    frame["household_id"] = frame["household_id"].where(frame["household_id"] != "", frame["account_id"])
    return frame.astype({"joined": "Int64", "won_cost": "Float64"})


def years(account: str, *when: int, **more: Any) -> list[dict[str, Any]]:
    return [{"account_id": account, "year": year, **more} for year in when]


@cache
def chain() -> source.Panel:
    """Return the panel of the chain of gyms."""
    return source.prepare(load("members"))


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
    assert average_lifetime(1.0) == float("inf")


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


# The life cycle -------------------------------------------------------------------------------------------------------


def stages(*level: float, started: bool = True) -> list[str]:
    first = np.zeros((1, len(level)), bool)
    first[0, 0] = started
    found = life_cycle.told(np.array([level]), first, 0.15, 0.15, 0.75)[0]
    return [life_cycle.STAGES[stage] if stage >= 0 else "none" for stage in found]


def test_a_textbook_life_is_told_stage_by_stage() -> None:
    assert stages(0.4, 0.7, 1.0, 1.05, 1.0, 0.7, 0.5) == [
        "exploration", "formation", "formation", "stability", "stability", "decline", "decline",
    ]  # fmt: skip


def test_the_edges_of_the_rule_belong_to_the_change_and_a_low_level_depends_on_what_was() -> None:
    assert stages(0.5, 0.575) == ["exploration", "formation"]  # exactly 15% more
    assert stages(1.0, 0.85) == ["exploration", "decline"]  # exactly 15% less
    assert stages(0.5, 0.5) == ["exploration", "exploration"]  # never reached the line
    assert stages(0.8, 0.7) == ["exploration", "decline"]  # reached it once, below it now
    assert stages(1.0, 1.0, started=False) == ["stability", "stability"]
    assert stages(0.5, 0.5, started=False)[0] == "none"  # no year before, no beginning, a low level


def test_who_is_away_has_no_stage_and_comes_back_without_a_year_before() -> None:
    assert stages(1.0, float("nan"), 1.0, 1.0) == ["exploration", "none", "stability", "stability"]


@FEW
@given(st.lists(st.floats(10, 5000), min_size=2, max_size=6), st.floats(1.01, 2))
def test_a_rise_of_all_fees_moves_nobody(spent: list[float], rise: float) -> None:
    def told(factor: float) -> list[list[int]]:
        rows = [years(f"A{n}", year, revenue=fee * (factor if year > 2020 else 1)) for n, fee in enumerate(spent)
                for year in (2020, 2021)]  # fmt: skip
        panel = source.prepare(members(*(row for pair in rows for row in pair)))
        return life_cycle.run(panel, life_cycle.LifeRule()).stage.tolist()

    assert told(1.0) == told(rise)


E_, F_, S_, D_ = range(4)


@pytest.mark.parametrize(
    ("stage", "there", "profit", "pattern"),
    [
        ([E_, -1, -1, -1], 1, -300, life_cycle.EARLY),
        ([E_, F_, -1, -1], 2, 100, life_cycle.BROKEN),
        ([E_, F_, S_, -1], 3, 900, life_cycle.SOON),
        ([E_, S_, S_, -1], 3, 2000, life_cycle.LONG),
        ([E_, F_, S_, S_], 4, 2500, life_cycle.LONG),
        ([E_, S_, S_, -1], 3, -10, life_cycle.LOSS),
        ([E_, F_, F_, F_], 4, 500, life_cycle.OPEN),
        ([E_, F_, F_, F_], 4, -500, life_cycle.LOSS),
    ],
)
def test_each_pattern_by_hand(stage: list[int], there: int, profit: float, pattern: int) -> None:
    present = np.array([[n < there for n in range(4)]])
    assert life_cycle.patterns(np.array([stage]), present, np.array([profit]), 2)[0] == pattern


def test_after_decline_by_hand() -> None:
    """One in decline comes back with 700, one leaves; of those two years down one stays down with 200."""
    stage = np.array([[S_, D_, F_], [S_, D_, -1], [D_, D_, D_]])
    margin = np.array([[900.0, 500.0, 700.0], [900.0, 400.0, np.nan], [500.0, 300.0, 200.0]])
    lives = life_cycle.Lives(
        rule=life_cycle.LifeRule(), years=np.array([2020, 2021, 2022]), ids=np.array(["a", "b", "c"], object),
        start=np.array([2019.0] * 3), margin=margin, stage=stage, profit=np.zeros(3), pattern=np.full(3, -1),
        left_out=0,
    )  # fmt: skip
    table = life_cycle.after_decline(lives)
    assert table["customers"].tolist() == [3, 1, 0]
    assert table.loc[1, "profit"] == pytest.approx((700 + 0 + 300) / 3)  # c was one year down in 2020, and had 300
    assert table.loc[1, "back"] == pytest.approx(100 / 3) and table.loc[1, "left"] == pytest.approx(100 / 3)
    assert table.loc[2, "profit"] == 200 and np.isnan(table.loc[3, "profit"])


def test_when_to_stop_by_hand() -> None:
    expected: Floats = np.array([500.0, 350.0, 245.0])
    assert life_cycle.stop_after(expected, 250) == 3
    assert life_cycle.stop_after(expected, 600) == 1
    assert np.isnan(life_cycle.stop_after(expected, 100))
    assert life_cycle.stop_after(np.array([500.0, np.nan, np.nan]), 600) == 1


def test_customers_of_unknown_start_are_left_out_or_begin_when_first_seen() -> None:
    panel = chain()
    out, taken = (life_cycle.run(panel, life_cycle.LifeRule(unknown=u)) for u in ("left_out", "first_seen"))  # type: ignore[arg-type]
    unknown = np.isnan(panel.members["household"].start)
    assert out.left_out == unknown.sum() > 0 and taken.left_out == 0
    assert np.isnan(out.margin[unknown]).all() and (out.stage[unknown] == life_cycle.UNPLACED).all()
    first = [float(life_cycle.by_tenure(lives)["profit"].iloc[0]) for lives in (out, taken)]
    assert first[1] > first[0], "old members make the first year look better than it is"


def test_where_no_start_is_known_no_life_can_be_followed(lang: str) -> None:
    with pytest.raises(DataError, match="joined"):
        life_cycle.STUDY.answer(members(*years("A", 2020, 2021, joined=pd.NA)))


@FEW
@given(st.data())
def test_any_panel_is_worked_out_and_every_year_of_a_customer_has_one_stage_at_most(data: st.DataObject) -> None:
    money = st.one_of(st.just(0.0), st.floats(0, 5000).map(lambda x: round(x, 2)))
    rows: list[dict[str, Any]] = [*years("A", 2020, 2021, 2022)]
    for n in range(data.draw(st.integers(0, 6))):
        for year in data.draw(st.sets(st.sampled_from([2020, 2021, 2022]), min_size=1)):
            rows.append({
                "account_id": f"B{n}", "household_id": f"H{n % 3}", "year": year,
                "joined": data.draw(st.sampled_from([2019, 2020, pd.NA])), "revenue": data.draw(money),
                "refunds": data.draw(money), "service_cost": data.draw(money), "won_cost": data.draw(money),
            })  # fmt: skip
    panel = source.prepare(members(*rows))
    for unit in ("household", "account"):
        lives = life_cycle.run(panel, life_cycle.LifeRule(unit=unit))  # type: ignore[arg-type]
        assert set(np.unique(lives.stage)) <= {-1, 0, 1, 2, 3}
        assert life_cycle.by_stage(lives)["years"].sum() == (lives.stage >= 0).sum()
        assert set(life_cycle.headline(lives)) == set(life_cycle.STUDY.measures)
