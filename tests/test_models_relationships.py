"""Is a relationship worth what the textbook says, is the best mix really the best, and do odd accounts do no harm?"""

import itertools
import runpy
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.relationships.models import ideas
from crmlib.chapters.relationships.models import relationships as model
from crmlib.chapters.relationships.models.relationships import ServicePlan
from crmlib.chapters.relationships.models.service import best_level, best_mix, steps, swappable, worthwhile
from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import DataError, InputError
from crmlib.core.paths import DATA
from crmlib.formulas.arrays import Floats, Ints
from crmlib.formulas.lifetime import multiple, upkeep
from crmlib.tables.data import dictionary, load, read

FEW = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def accounts() -> model.Accounts:
    return model.prepare(load("accounts"))


@pytest.fixture(scope="module")
def base(accounts: model.Accounts) -> model.Allocation:
    return model.allocate(accounts, ServicePlan())


def some(**columns: Any) -> pd.DataFrame:
    """Return a small table of accounts; what is not given is the same for all of them."""
    n = max((len(v) for v in columns.values() if isinstance(v, list)), default=1)
    given: dict[str, Any] = {
        "account_id": [f"A{i}" for i in range(n)], "name": "甲", "segment": "rail", "region": "home", "volume": 1000,
        "unit_margin": 50.0, "margin": 5.0, "retention": 0.8, "growth": 0.0, "price_sensitivity": 0.0, "hours": 0.0,
        "relationship": "basic", "years": 1.0,
    }  # fmt: skip
    return pd.DataFrame(given | columns, index=range(n))


def plan(table: pd.DataFrame, **inputs: Any) -> model.Allocation:
    return model.STUDY.answer(table, **inputs)


# The matrix -----------------------------------------------------------------------------------------------------------

KOTLER = [
    (60, 90, "accountable"), (60, 20, "reactive"), (60, 5, "basic"),
    (30, 90, "proactive"), (30, 20, "accountable"), (30, 5, "reactive"),
    (10, 90, "partnership"), (10, 20, "proactive"), (10, 5, "accountable"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "margin", "expected"), KOTLER)
def test_each_cell_of_the_matrix_is_kotlers(number: int, margin: float, expected: str) -> None:
    p = plan(some(account_id=[f"A{i}" for i in range(number)], unit_margin=float(margin)))
    assert set(p.matrix.tolist()) == {model.TYPES.index(expected)}


def test_the_open_cell_takes_either_of_its_two_types() -> None:
    table = some(account_id=[f"A{i}" for i in range(60)], unit_margin=5.0)
    assert set(plan(table, many_low="reactive").matrix.tolist()) == {1}


@pytest.mark.parametrize(("boundary", "expected"), [("upper", "proactive"), ("lower", "accountable")])
def test_a_margin_equal_to_a_border_follows_the_stated_rule(boundary: str, expected: str) -> None:
    """30 accounts are a medium number; 40 yuan is the border of high margins."""
    table = some(account_id=[f"A{i}" for i in range(30)], unit_margin=40.0)
    assert set(plan(table, boundary=boundary).matrix.tolist()) == {model.TYPES.index(expected)}


@pytest.mark.parametrize(("boundary", "expected"), [("upper", 0), ("lower", 1)])
def test_a_number_equal_to_a_border_follows_the_stated_rule(boundary: str, expected: int) -> None:
    assert model.band(np.array([50]), (50, 20), boundary).tolist() == [expected]


@FEW
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8), rule=st.sampled_from(["upper", "lower"]))
def test_a_higher_figure_never_falls_into_a_lower_band(values: list[float], rule: str) -> None:
    assert (np.diff(model.band(np.array(sorted(values)), (40, 12), rule)) <= 0).all()


def test_accounts_of_unknown_retention_count_among_the_customers_of_their_segment() -> None:
    p = plan(some(retention=[0.8, np.nan, np.nan]), many_from=3, medium_from=2)
    assert p.row.tolist() == [0, 0, 0]


# What a type is worth -------------------------------------------------------------------------------------------------


def test_the_margin_multiple_is_that_of_gupta_and_lehmann() -> None:
    """Table in *Managing Customers as Investments*: r = 80%, i = 12% gives 2.50; r = 90% gives 4.09."""
    assert multiple(np.array([0.8, 0.9]), 0.12).round(2).tolist() == [2.5, 4.09]


@FEW
@given(r=st.floats(0, 0.98), i=st.floats(0.02, 0.5))
def test_the_multiples_are_the_sums_of_the_years(r: float, i: float) -> None:
    """Margins r, r², … at the ends of years 1, 2, …; service 1, r, … at their starts; discounted year by year."""
    years = np.arange(2000)
    kept = (r / (1 + i)) ** years
    assert float(multiple(np.array(r), i)) == pytest.approx(kept.sum() - 1, rel=1e-6, abs=1e-9)
    assert float(upkeep(np.array(r), i)) == pytest.approx(kept.sum(), rel=1e-6)
    assert float(multiple(np.array(r), i, "now")) == pytest.approx(float(multiple(np.array(r), i)) + 1)


def test_an_account_is_worth_what_a_hand_calculation_says() -> None:
    """Basic, retention 0.80, margin 10; i = 10%. Reactive: 8 h × 250 yuan = 0.2; risk 0.2 × (1 − 0.25) = 0.15.

    Basic 10 × 0.8/0.3 = 26.6667; reactive 10 × 0.85/0.25 − 0.2 × 1.1/0.25 = 34 − 0.88 = 33.12.
    """
    inputs = {"reactive_hours": 8, "reactive_effect": 0.25, "accountable_effect": 0.25, "partnership_hours": 150}
    p = plan(some(margin=10.0), **inputs)
    assert p.values[0, :2].round(4).tolist() == [26.6667, 33.12]
    assert p.retention[0, :2].round(6).tolist() == [0.8, 0.85]
    once = plan(some(margin=10.0), **inputs, cost_years="once")
    assert once.values[0, 1] == pytest.approx(34 - 0.2)


def test_the_present_retention_is_that_under_the_present_type() -> None:
    """Partnership removes 46% of the risk: 0.108 seen as a partner is 0.20 as basic."""
    p = plan(some(retention=0.892, relationship="partnership"))
    assert p.retention[0, 4] == pytest.approx(0.892)
    assert p.retention[0, 0] == pytest.approx(0.8)


def test_price_sensitivity_takes_its_share_of_the_effect() -> None:
    """Half of a damping of 0.4 takes 20% off an effect of 0.10: 0.08 of the risk 0.5 is removed, 0.46 is left."""
    p = plan(some(retention=0.5, price_sensitivity=0.5), price_damping=0.4)
    assert p.retention[0, 1] == pytest.approx(0.54)


def test_a_risk_never_exceeds_one() -> None:
    assert plan(some(retention=0.1, relationship="partnership")).retention.min() == 0.0


@FEW
@given(r=st.floats(0, 1), s=st.floats(0, 1), now=st.sampled_from(model.TYPES))
def test_a_higher_type_never_keeps_less_and_every_retention_is_a_probability(r: float, s: float, now: str) -> None:
    kept = plan(some(retention=r, price_sensitivity=s, relationship=now)).retention[0]
    assert (np.diff(kept) >= -1e-12).all() and kept.min() >= 0 and kept.max() <= 1


@FEW
@given(
    low=st.floats(0.3, 0.9),
    rise=st.floats(0.01, 0.09),
    cost=st.floats(0.05, 5),
    years=st.sampled_from(["always", "once"]),
)
def test_at_the_break_even_margin_the_service_neither_gains_nor_loses(
    low: float, rise: float, cost: float, years: Any
) -> None:
    policy = ServicePlan(cost_years=years)
    margin = np.array(model.break_even_margin(low, low + rise, cost, policy))
    served = model.worth(margin, np.array(low + rise), np.array(cost), policy)
    assert float(served) == pytest.approx(float(model.worth(margin, np.array(low), np.array(0.0), policy)), rel=1e-6)


def test_a_service_that_keeps_nobody_has_no_break_even() -> None:
    with pytest.raises(ValueError, match="rise"):
        model.break_even_margin(0.8, 0.8, 1, ServicePlan())


def test_when_the_first_margin_comes_changes_the_worth_but_not_the_mix(
    accounts: model.Accounts, base: model.Allocation
) -> None:
    now = model.allocate(accounts, ServicePlan(first_margin="now"))
    assert now.mix.level.tolist() == base.mix.level.tolist()
    assert (now.values - base.values)[accounts.known] == pytest.approx(
        np.repeat(base.margin[accounts.known, None], 5, axis=1)
    )


def test_a_price_war_makes_a_loss_larger_too_and_growth_counts_in_proportion() -> None:
    p = plan(some(margin=[10.0, -10.0], growth=20.0), margin_fall=25, growth_counted=0.5)
    assert p.margin.tolist() == pytest.approx([7.5 * 1.1, -12.5 * 1.1])


# The best mix ---------------------------------------------------------------------------------------------------------


def by_trying_all(values: Floats, hours: Ints, budget: int) -> tuple[float, int]:
    """Return the greatest value within the budget, and the fewest hours that reach it, by trying every plan."""
    plans = np.array(list(itertools.product(range(len(hours)), repeat=len(values))))
    used = hours[plans].sum(axis=1)
    brought = values[np.arange(len(values)), plans].sum(axis=1)
    best = brought[used <= budget].max()
    return float(best), int(used[(used <= budget) & (brought >= best - 1e-7)].min())


def test_a_mix_worked_out_by_hand() -> None:
    """A, B, C gain 10/16, 9/12, 4/15 for 20/50 hours; there are 70 hours.

    All three at 20 hours: 23 in 60. One at 50 and one at 20, 70 hours: A and B 25, A and C 20, B and A 22, B and C 16,
    C and A 25, C and B 24. Two plans reach 25; none reaches more.
    """
    values = np.array([[0.0, 10, 16], [0, 9, 12], [0, 4, 15]])
    mix = best_mix(values, np.array([0, 20, 50]), 70)
    assert (mix.value, mix.hours) == (25.0, 70)


def test_the_steepest_first_alone_would_miss_the_best() -> None:
    """Rates: A 6/20, then B 14/50. In 50 hours the steps bring 6 (A alone); B alone brings 14."""
    mix = best_mix(np.array([[0.0, 6, 6], [0, 0, 14]]), np.array([0, 20, 50]), 50)
    assert (mix.value, mix.level.tolist()) == (14.0, [0, 2])


@st.composite
def small_instances(draw: st.DrawFn) -> tuple[Floats, Ints, int]:
    k = draw(st.integers(2, 4))
    n = draw(st.integers(1, 5 if k == 4 else 6))
    whole = draw(st.booleans())  # whole values make ties likely
    number = st.integers(-5, 12) if whole else st.integers(-20_000, 60_000).map(lambda n: n / 1000)
    values = np.array(draw(st.lists(st.lists(number, min_size=k, max_size=k), min_size=n, max_size=n)), float)
    hours = np.cumsum([0, *draw(st.lists(st.integers(1, 15), min_size=k - 1, max_size=k - 1))])
    return values, hours, draw(st.integers(0, int(hours[-1]) * n + 3))


@settings(max_examples=500, deadline=None)
@given(case=small_instances())
def test_no_plan_within_the_budget_is_better(case: tuple[Floats, Ints, int]) -> None:
    values, hours, budget = case
    mix = best_mix(values, hours, budget)
    best, _fewest = by_trying_all(values, hours, budget)
    assert mix.value == pytest.approx(best, abs=1e-6)
    assert mix.hours == hours[mix.level].sum() <= budget
    assert mix.value == pytest.approx(values[np.arange(len(values)), mix.level].sum())


@settings(max_examples=100, deadline=None)
@given(case=small_instances())
def test_with_hours_to_spare_everyone_gets_the_best_level_and_a_tie_takes_fewer_hours(
    case: tuple[Floats, Ints, int],
) -> None:
    values, hours, _budget = case
    mix = best_mix(values, hours, int(hours[-1]) * len(values))
    assert mix.level.tolist() == best_level(values).tolist()
    assert mix.hours == by_trying_all(values, hours, int(hours[-1]) * len(values))[1]
    assert mix.rate == 0.0


@pytest.mark.parametrize("budget", [0, 1, 700, 2599, 3900, 5241, 8000])
def test_on_the_shipped_accounts_the_mix_is_that_of_a_whole_dynamic_program(
    base: model.Allocation, budget: int
) -> None:
    values, hours = base.values[base.accounts.known], base.policy.hours()
    best = np.zeros(budget + 1)
    for row in values:
        tried = [np.append(np.full(min(h, budget + 1), -np.inf), best[: max(budget + 1 - h, 0)] + v)
                 for h, v in zip(hours.tolist(), row, strict=True)]  # fmt: skip
        best = np.max(tried, axis=0)
    assert best_mix(values, hours, budget).value == pytest.approx(best[-1], rel=1e-12)


def test_a_solver_of_integer_programs_finds_the_same_mix(
    base: model.Allocation, capfd: pytest.CaptureFixture[str]
) -> None:
    """HiGHS on the whole problem, 1,445 binaries. (It writes to the screen, and is too slow for a slider.)"""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    values, hours = base.values[base.accounts.known], base.policy.hours()
    n, k = values.shape
    one_each = csr_array((np.ones(n * k), (np.repeat(np.arange(n), k), np.arange(n * k))))
    found = milp(
        -(values - values[:, :1]).ravel(),
        integrality=np.ones(n * k),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one_each, 1, 1), LinearConstraint(np.tile(hours, n)[None, :], -np.inf, 3900)],
        options={"mip_rel_gap": 0.0},
    )
    assert base.mix.value - values[:, 0].sum() == pytest.approx(-found.fun, abs=1e-4)


def test_no_hours_leave_everybody_basic(accounts: model.Accounts) -> None:
    p = model.allocate(accounts, ServicePlan(budget=0))
    assert p.mix.hours == 0 and set(p.mix.level.tolist()) == {0}
    assert model.headline(p)["plan_gain"] == 0.0


@FEW
@given(budgets=st.lists(st.integers(0, 12_000), min_size=2, max_size=2))
def test_more_hours_never_bring_less(base: model.Allocation, budgets: list[int]) -> None:
    low, high = (best_mix(base.values, base.policy.hours(), b) for b in sorted(budgets))
    assert low.value <= high.value + 1e-9


def test_every_point_of_the_frontier_is_the_best_mix_for_its_hours(base: model.Allocation) -> None:
    hours, gain = model.frontier(base)
    for at in range(0, len(hours), 37):
        best = best_mix(base.values, base.policy.hours(), int(hours[at])).value - base.values[:, 0].sum()
        assert gain[at] == pytest.approx(best, rel=1e-9)
    assert (np.diff(np.diff(gain) / np.diff(hours)) <= 1e-9).all()


def test_hours_that_do_not_rise_are_refused_by_the_solver() -> None:
    for hours in ([0, 5, 5], [1, 2, 3], [0, 5, 3]):
        with pytest.raises(ValueError, match="rise"):
            steps(np.zeros((1, 3)), np.array(hours))


def test_of_two_alike_the_earlier_is_served_first_and_the_tie_is_said() -> None:
    table = some(margin=[20.0, 20.0, 20.0])
    p = plan(table, budget=40, reactive_effect=0, accountable_effect=0, proactive_effect=0.4, partnership_effect=0.4)
    assert p.mix.level.tolist() == [3, 0, 0]
    assert p.swappable.tolist() == [True] * 3
    assert model.headline(p)["swappable"] == 3


def test_accounts_alike_at_the_same_level_are_no_tie() -> None:
    values = np.array([[0.0, 5.0], [0.0, 5.0], [0.0, 7.0]])
    assert swappable(values, np.array([1, 1, 1])).tolist() == [False] * 3
    assert swappable(values, np.array([1, 0, 1])).tolist() == [True, True, False]


def test_levels_that_bring_no_more_for_more_hours_are_never_worthwhile() -> None:
    assert worthwhile(np.array([[3.0, 3.0, 2.0, 4.0]])).tolist() == [[True, False, False, True]]


# Odd accounts ---------------------------------------------------------------------------------------------------------


def test_accounts_of_unknown_retention_are_kept_apart_and_counted(base: model.Allocation) -> None:
    unknown = ~base.accounts.known
    assert unknown.sum() == load("accounts")["retention"].isna().sum() == model.headline(base)["apart"]
    assert not base.values[unknown].any() and not base.mix.level[unknown].any()
    listed = model.listing(base)
    assert listed.loc[base.accounts.table.index[unknown], "planned_type"].eq("").all()
    assert listed.loc[base.accounts.table.index[unknown], "planned_retention"].isna().all()


def test_without_any_retention_there_is_nothing_to_plan(lang: str) -> None:
    with pytest.raises(DataError) as refusal:
        model.prepare(some(retention=[np.nan, np.nan]))
    assert len(refusal.value.problems) == 1


@pytest.mark.parametrize("margin", [0.0, -5.0])
def test_an_account_without_a_margin_is_left_basic(margin: float) -> None:
    p = plan(some(margin=margin))
    assert p.mix.level.tolist() == [0] == p.unlimited.tolist()
    assert not model.partners_by_paper(p).any()


def test_without_margin_and_without_cost_all_types_tie_and_the_one_without_hours_is_taken() -> None:
    p = plan(some(margin=0.0), cost_per_hour=0)
    assert not p.values.any() and p.mix.hours == 0


def test_an_account_that_never_leaves_needs_no_service() -> None:
    p = plan(some(retention=1.0, margin=50.0))
    assert p.values[0, 0] == pytest.approx(500)  # 50 ÷ 10%
    assert p.mix.level.tolist() == [0]


def test_accounts_all_alike_and_a_single_one_are_planned_without_nan() -> None:
    for table in (some(), some(margin=[5.0] * 40)):
        p = plan(table)
        assert np.isfinite(p.values).all() and np.isfinite(p.now).all()
        assert all(np.isfinite(v) for v in model.headline(p).values())


def test_effects_of_zero_leave_everybody_basic_but_refuse_nothing() -> None:
    zero = {f"{t}_effect": 0 for t in model.TYPES[1:]}
    assert plan(some(margin=500.0), **zero).mix.level.tolist() == [0]


# The inputs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"many_from": 20}, "medium_from"),
        ({"high_margin": 12}, "medium_margin"),
        ({"accountable_hours": 3}, "accountable_hours"),
        ({"proactive_hours": 160, "partnership_hours": 160}, "partnership_hours"),
        ({"proactive_effect": 0.1}, "proactive_effect"),
        ({"budget": -1}, "budget"),
        ({"budget": 10.5}, "budget"),
        ({"discount": 0}, "discount"),
        ({"boundary": "middle"}, "boundary"),
    ],
)
def test_inputs_that_cannot_be_are_refused_at_the_field_that_is_wrong(lang: str, inputs: Any, field: str) -> None:
    with pytest.raises(InputError) as refusal:
        ServicePlan(**inputs)
    assert list(refusal.value.fields) == [field]


def test_an_effect_that_does_not_diminish_is_remarked(lang: str) -> None:
    assert ServicePlan().remarks() == []
    assert len(ServicePlan(partnership_effect=0.9, partnership_hours=40).remarks()) == 1


def test_every_default_stands_on_a_step_of_its_slider() -> None:
    """A browser would otherwise move the value to the nearest step, and the figures with it."""
    for s in ServicePlan.settings():
        if s.kind in (int, float):
            steps_up = (s.default - s.low) / s.step  # type: ignore[operator]
            assert steps_up == pytest.approx(round(steps_up)), s.name


# The shipped plan -----------------------------------------------------------------------------------------------------


def test_the_headline_is_complete_and_the_study_is_registered(base: model.Allocation) -> None:
    assert STUDIES["relationships"] is model.STUDY
    figures = model.headline(base)
    assert set(figures) == set(model.STUDY.measures)
    assert all(type(v) is float and np.isfinite(v) for v in figures.values())


def test_the_best_mix_beats_the_matrix_at_the_same_hours_and_today_with_the_same(base: model.Allocation) -> None:
    figures = model.headline(base)
    assert model.matched_mix(base).hours <= figures["matrix_hours"]
    assert model.matched_mix(base).value >= model.value_of(base, base.matrix * base.accounts.known)
    assert figures["plan_gain"] > figures["now_gain"]


def test_a_partnership_for_all_costs_hours_times_accounts(base: model.Allocation) -> None:
    """289 accounts × 150 hours × 250 yuan = 1,083.75 万元."""
    last = model.for_all(base).loc["partnership"]
    assert (last["hours"], last["cost"]) == (289 * 150, pytest.approx(1083.75))


def test_the_sheet_picks_the_largest_and_those_that_grow(base: model.Allocation) -> None:
    picked = model.partners_by_paper(base)
    a = base.accounts
    assert picked[np.argsort(-a.margin)[:8]].all()
    rest = picked & (a.margin < np.sort(a.margin)[-8])
    assert rest.any() and (a.growth[rest] >= 0.4).all()
    assert picked.sum() == 8 + ((a.growth >= 0.4) & (a.margin > 0) & (a.margin < np.sort(a.margin)[-8])).sum()


def test_managers_are_whole_persons() -> None:
    assert [model.managers(h, ServicePlan(manager_hours=1300)) for h in (0, 1, 1300, 1301)] == [0, 1, 1, 2]


def test_the_listing_has_every_account_once_and_adds_up(base: model.Allocation) -> None:
    listed = model.STUDY.listing(base)
    assert sorted(listed["account_id"]) == sorted(load("accounts")["account_id"])
    assert listed["planned_hours"].sum() == base.mix.hours
    assert listed["gain"].sum() == pytest.approx(model.headline(base)["plan_gain"], abs=0.05)
    assert listed["planned_hours"].is_monotonic_decreasing


# Words ----------------------------------------------------------------------------------------------------------------

TABLES = [v for v in vars(ideas).values() if isinstance(v, ideas.Ideas)]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.columns[0])
def test_a_table_of_knowledge_is_whole(table: ideas.Ideas) -> None:
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(set(table.names())) == len(table.rows)


def test_the_ideas_are_as_many_as_the_course_counts() -> None:
    counts = [len(t.rows) for t in (ideas.CONCEPTS, ideas.MARKETS, ideas.BONDS, ideas.DEFINITIONS, ideas.STEPS)]
    assert counts == [6, 6, 3, 5, 4]
    assert len(ideas.PRINCIPLES.rows) == 4 and len(ideas.TECHNIQUES.rows) == 5
    assert ideas.DEFINITIONS.names() == model.TYPES


# The data -------------------------------------------------------------------------------------------------------------


def test_a_rebuild_is_identical_byte_by_byte_and_fits_its_dictionary() -> None:
    script = runpy.run_path(str(DATA / "make_accounts.py"))
    file = DATA / "accounts.csv"
    assert script["to_csv"](script["make"]()).encode() == file.read_bytes()
    assert all(str(script["SEED"]) in text for text in dictionary("accounts").source.values())
    table = read(file, "accounts")
    pd.testing.assert_frame_equal(table.frame, load("accounts"))
    assert list(table.frame) == list(dictionary("accounts").columns) and table.notes == ()


def test_the_awkward_rows_are_there() -> None:
    a = load("accounts")
    assert len(a) == 300 and a["name"].is_unique and a["name_en"].is_unique
    assert (a["unit_margin"] < 0).sum() == 3 and (a["unit_margin"] == 0).sum() == 2 and (a["volume"] == 0).sum() == 1
    assert a["retention"].isna().sum() == 11 and (a["retention"] == 1).sum() == 1
    twins = a.duplicated(["margin", "retention", "price_sensitivity", "relationship", "hours", "segment"], keep=False)
    assert (twins & (a["margin"] == 19.5)).sum() == 4
    assert a["margin"].max() > 4 * a["margin"].nlargest(2).iloc[-1]
    assert a["margin"].to_numpy() == pytest.approx((a["volume"] * a["unit_margin"] / 10_000).to_numpy(), abs=0.006)
