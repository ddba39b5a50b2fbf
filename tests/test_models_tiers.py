"""Every formula of bank customer tiers against a derivation by hand, and what must hold whatever the data."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import CUTS, WEIGHTS, books, both, loans, policies
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.tiers.models import tiers
from crmlib.chapters.tiers.models.tiers import ABSENT, TIERS, UNRATED, Grading, TierPolicy
from crmlib.core.errors import DataError
from crmlib.formulas.scores import tier_of
from crmlib.tables.data import load

quick = settings(max_examples=40, deadline=None, derandomize=True)
KEY, PRIME, ORDINARY, RESTRICTED, EXIT = range(1, 6)
EQUAL: dict[str, Any] = dict.fromkeys(WEIGHTS, 0.25)


def graded(*rows: dict[str, Any], **inputs: Any) -> Grading:
    return tiers.grade(tiers.prepare(loans(*rows)), TierPolicy(**inputs))


def by_outlook(*rows: dict[str, Any], **inputs: Any) -> Grading:
    """Grade by industry outlook alone, so that the outlook is the score."""
    return graded(*rows, **{**dict.fromkeys(WEIGHTS, 0), "outlook_weight": 1, **inputs})


def test_a_plain_firm_by_hand() -> None:
    """0.35·94 + 0.20·60 + 0.30·73.33 + 0.15·60 = 32.9 + 12 + 22 + 9 = 75.9: a key firm."""
    g = graded(*both("a"))
    assert (g.closing.score.tolist(), g.closing.place.tolist()) == ([75.9], [KEY])


# Points ---------------------------------------------------------------------------------------------------------------

POINTS = [
    # straight lines: half-way between 0 days (100) and 30 days (70) is 85, and so on
    ("overdue_days", [0, 15, 30, 60, 90, 135, 180, 270, 360, 999], [100, 85, 70, 55, 40, 25, 10, 5, 0, 0]),
    ("years_with_bank", [0, 1, 2, 3.5, 5, 7.5, 10, 30], [40, 50, 60, 70, 80, 90, 100, 100]),
    ("debt_ratio", [0, 0.4, 0.475, 0.55, 0.625, 0.7, 0.775, 0.85, 1, 2], [100, 100, 90, 80, 65, 50, 35, 20, 0, 0]),
    ("current_ratio", [0, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 9], [0, 0, 25, 50, 65, 80, 90, 100, 100]),
    ("roa", [-1, -0.02, -0.01, 0, 0.015, 0.03, 0.055, 0.08, 1], [0, 0, 15, 30, 45, 60, 80, 100, 100]),
    # on the logarithm half-way is the geometric mean: √(500·2000) = 1000, √(10000·50000) = 22360.68
    ("sales", [0, 500, 1000, 2000, 10_000, 22360.679775, 50_000, 1e5, 1e9], [20, 20, 30, 40, 60, 70, 80, 90, 100]),
    ("total_assets", [500, 1000, 4472.135955], [20, 30, 50]),
]  # fmt: skip


@pytest.mark.parametrize(("indicator", "values", "wanted"), POINTS, ids=[row[0] for row in POINTS])
def test_points_run_in_straight_lines_between_the_bands(
    indicator: str, values: list[float], wanted: list[float]
) -> None:
    assert tiers.points(indicator, np.array(values, float)) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("indicator", tiers.BANDS)
def test_a_missing_value_has_no_points(indicator: str) -> None:
    assert np.isnan(tiers.points(indicator, np.array([np.nan]))).all()


def test_the_four_criteria_of_a_firm_by_hand() -> None:
    firm = loans(
        {"id": "a", "overdue_days": 15, "years_with_bank": 3.5, "sales": 1000.0, "total_assets": 10_000.0}
        | {"debt_ratio": 0.475, "current_ratio": 1.25, "roa": 0.015, "industry_outlook": 62.0}
    )
    credit = 0.7 * 85 + 0.3 * 70  # 80.5
    size = (30 + 60) / 2
    financial = (90 + 65 + 45) / 3
    assert tiers.criteria(firm)[0] == pytest.approx([credit, size, financial, 62])


@pytest.mark.parametrize("lost", ["sales", "debt_ratio", "current_ratio", "roa"])
def test_a_missing_indicator_takes_its_whole_criterion(lost: str) -> None:
    found = tiers.criteria(loans({"id": "a", lost: None}))[0]
    assert np.isnan(found).tolist() == [False, lost == "sales", lost != "sales", False]


# Score and tier -------------------------------------------------------------------------------------------------------


def test_the_weighted_score_by_hand() -> None:
    scores = np.array([[80.5, 45, 200 / 3, 62]])
    # 0.35·80.5 + 0.20·45 + 0.30·66.667 + 0.15·62 = 28.175 + 9 + 20 + 9.3 = 66.475
    assert tiers.score(scores, TierPolicy().weights()).tolist() == [66.5]
    assert tiers.score(scores, TierPolicy(**EQUAL).weights()).tolist() == [63.5]  # 254.1667 ÷ 4 = 63.54


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [(84.95, 85.0), (84.9499, 84.9), (84.45, 84.5), (84.85, 84.9), (74.25, 74.3), (0.05, 0.1), (99.95, 100), (35, 35)],
)
def test_a_score_is_rounded_half_up_to_one_decimal(exact: float, rounded: float) -> None:
    """84.45 is 84.5 as a reader rounds; rounding half to even would make it 84.4."""
    for weights in ([1.0, 0, 0, 0], [0.25] * 4, [0.1, 0.2, 0.3, 0.4], [1 / 3, 1 / 3, 1 / 6, 1 / 6]):
        assert tiers.score(np.full((1, 4), exact), np.array(weights)).tolist() == [rounded]


def test_dust_of_binary_fractions_does_not_decide_a_tier() -> None:
    """0.35·x + 0.2·x + 0.3·x + 0.15·x is 84.95 to the last but one digit only."""
    dusty = np.full((1, 4), 84.95) @ TierPolicy().weights()
    found = tiers.score(np.full((1, 4), 84.95), TierPolicy().weights())
    assert abs(dusty[0] - 84.95) < 1e-12
    assert tier_of(found, TierPolicy().cutoffs()).tolist() == [0]


def test_weights_are_divided_by_their_sum() -> None:
    policy = TierPolicy(credit_weight=0.6, size_weight=0.4, financial_weight=0.6, outlook_weight=0.4)
    assert policy.weights() == pytest.approx([0.3, 0.2, 0.3, 0.2])
    assert TierPolicy().remarks() == []
    (remark,) = policy.remarks()
    assert "2.00" in remark


def test_a_missing_criterion_counts_only_where_it_has_weight() -> None:
    scores = np.array([[80, np.nan, 70, 60.0]])
    assert np.isnan(tiers.score(scores, TierPolicy().weights())).all()
    # without size: (0.35·80 + 0.30·70 + 0.15·60) ÷ 0.80 = 58 ÷ 0.8 = 72.5
    assert tiers.score(scores, TierPolicy(size_weight=0).weights()).tolist() == [72.5]


CUTOFFS = [85.0, 75.0, 65.0, 50.0, 35.0]


@pytest.mark.parametrize("k", range(5))
def test_a_score_equal_to_a_cut_off_goes_where_the_boundary_rule_says(k: int) -> None:
    cut = np.array([CUTOFFS[k]])
    assert tier_of(cut, np.array(CUTOFFS), "upper").tolist() == [k]
    assert tier_of(cut, np.array(CUTOFFS), "lower").tolist() == [k + 1]
    for rule in ("upper", "lower"):
        assert tier_of(cut + 0.1, np.array(CUTOFFS), rule).tolist() == [k]
        assert tier_of(cut - 0.1, np.array(CUTOFFS), rule).tolist() == [k + 1]


def test_the_ends_of_the_scale_are_gold_and_exit() -> None:
    for rule in ("upper", "lower"):
        assert tier_of(np.array([100.0, 0.0]), np.array(CUTOFFS), rule).tolist() == [0, EXIT]


# Vetoes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("firm", "inputs", "place"),
    [
        ({"overdue_days": 91}, {}, RESTRICTED),
        ({"overdue_days": 90}, {}, 0),
        ({"overdue_days": 31}, {"overdue_veto": 30}, RESTRICTED),
        ({"defaulted": True}, {}, RESTRICTED),
        ({"defaulted": True}, {"default_cap": "exit"}, EXIT),
        ({"debt_ratio": 1.0}, {}, RESTRICTED),
        ({"debt_ratio": 0.999}, {}, 0),
        ({"debt_ratio": 1.0}, {"insolvency_cap": "ordinary"}, ORDINARY),
        ({"debt_ratio": 1.0}, {"insolvency_cap": "none"}, 0),
        ({"debt_ratio": None}, {}, 0),
        ({"debt_ratio": 1.0, "overdue_days": 100}, {"insolvency_cap": "ordinary"}, RESTRICTED),
        ({"debt_ratio": 1.0, "defaulted": True}, {"default_cap": "exit", "insolvency_cap": "ordinary"}, EXIT),
    ],
)
def test_a_veto_caps_the_tier_of_a_firm_that_scores_gold(
    firm: dict[str, Any], inputs: dict[str, Any], place: int
) -> None:
    g = by_outlook(*both("a", industry_outlook=95.0, **firm), **inputs)
    assert g.closing.place.tolist() == [place]
    assert g.closing.vetoed.tolist() == [place > 0]


def test_a_veto_lifts_nobody() -> None:
    g = by_outlook(*both("a", industry_outlook=10.0, defaulted=True, overdue_days=200, debt_ratio=1.5))
    assert g.closing.place.tolist() == [EXIT]
    assert g.closing.vetoed.tolist() == [False]


def test_a_firm_that_cannot_be_scored_stays_apart_even_under_a_veto() -> None:
    g = graded(*both("a", roa=None, defaulted=True), *both("b"))
    assert g.closing.place.tolist() == [UNRATED, KEY]
    assert tiers.headline(g)["unrated_firms"] == 1
    assert tiers.headline(g)["vetoed_firms"] == 0
    assert tiers.expected_loss(g).sum() == pytest.approx(0.005 * 0.45 * 100), "only the rated firm"


def test_without_weight_on_the_accounts_the_same_firm_is_scored() -> None:
    g = graded(*both("a", roa=None), financial_weight=0)
    # credit standing 0.7·100 + 0.3·80 = 94, size 60, outlook 60: (0.35·94 + 0.2·60 + 0.15·60) ÷ 0.7 = 53.9 ÷ 0.7 = 77
    assert g.closing.score.tolist() == [77.0]
    assert g.closing.place.tolist() == [KEY]


def test_the_shock_falls_on_property_and_construction_at_the_closing_date_alone() -> None:
    kinds = ("property", "construction", "textiles")
    rows = [row for kind in kinds for row in both(kind, industry=kind, industry_outlook=50.0)]
    g = by_outlook(*rows, *both("z", industry="property", industry_outlook=10.0), outlook_shock=20)
    assert g.book.firms.index.tolist() == ["construction", "property", "textiles", "z"]
    assert g.opening.score.tolist() == [50, 50, 50, 10]
    assert g.closing.score.tolist() == [30, 30, 50, 0], "not below zero"


# What is made of the grading ------------------------------------------------------------------------------------------


def test_default_probabilities_grow_by_the_factor_and_stop_at_one() -> None:
    found = TierPolicy().default_probabilities()
    assert found == pytest.approx([0.002, 0.005, 0.0125, 0.03125, 0.078125, 0.1953125])
    assert TierPolicy(pd_best=0.02, pd_step=4).default_probabilities()[-2:].tolist() == [1, 1]  # 0.02·4⁴ = 5.12


def test_expected_loss_by_hand() -> None:
    g = by_outlook(
        *both("gold", industry_outlook=90.0, exposure=1000.0),
        *both("prime", industry_outlook=70.0, exposure=(1.0, 400.0)),
        *both("lost", industry_outlook=90.0, exposure=200.0, defaulted=True),
        lgd=0.5,
    )
    loss = tiers.expected_loss(g)
    # gold 0.002·0.5·1000 = 1; prime 0.0125·0.5·400 = 2.5; in default, capped at restricted, probability one: 100
    assert loss == pytest.approx([1, 0, 2.5, 0, 100, 0])
    assert tiers.headline(g)["expected_loss"] == pytest.approx(103.5)
    assert tiers.headline(g)["expected_loss_rate"] == pytest.approx(100 * 103.5 / 1600)


def test_the_migration_matrix_by_hand() -> None:
    rows = [
        *both("rose", industry_outlook=(70.0, 90.0)),
        *both("fell", industry_outlook=(90.0, 40.0)),
        *both("stayed", industry_outlook=60.0),
        {"id": "left", "at": 0, "industry_outlook": 90.0},
        {"id": "joined", "at": 1, "industry_outlook": 20.0},
    ]
    g = by_outlook(*rows)
    wanted = np.zeros((8, 8), int)
    for before, after in ((PRIME, 0), (0, RESTRICTED), (ORDINARY, ORDINARY), (0, ABSENT), (ABSENT, EXIT)):
        wanted[before, after] += 1
    assert tiers.migration(g).tolist() == wanted.tolist()
    assert tiers.moved(g) == (1, 1)


CHECKED = [
    *both("grew", industry_outlook=(40.0, 90.0), exposure=(100.0, 160.0)),
    *both("shrank", industry_outlook=(40.0, 40.0), exposure=(500.0, 400.0)),
    *both("out", industry_outlook=(10.0, 10.0), exposure=(50.0, 70.0)),
    *both("free", industry_outlook=(90.0, 40.0), exposure=(10.0, 900.0)),
    {"id": "left", "at": 0, "industry_outlook": 40.0, "exposure": 30.0},
    {"id": "new", "at": 1, "industry_outlook": 40.0, "exposure": 25.0},
]


def test_the_credit_check_follows_the_firms_bound_at_the_opening_date() -> None:
    check = tiers.credit_check(by_outlook(*CHECKED))
    # restricted at the opening: grew 100 → 160, shrank 500 → 400, left 30 → 0
    assert check.loc["restricted"].tolist() == [630, 560, -70, True, 1]
    assert check.loc["exit"].tolist() == [50, 70, 20, False, 1]


def test_the_credit_check_can_follow_the_firms_bound_at_the_closing_date() -> None:
    check = tiers.credit_check(by_outlook(*CHECKED, policy_date="closing"))
    # restricted at the closing: shrank 500 → 400, free 10 → 900, new 0 → 25
    assert check.loc["restricted"].tolist() == [510, 1325, 815, False, 2]
    assert check.loc["exit"].tolist() == [50, 70, 20, False, 1]


def test_violations_are_the_bound_firms_that_grew_the_largest_growth_first() -> None:
    g = by_outlook(*CHECKED)
    found = tiers.violations(g)
    assert found.index.tolist() == ["grew", "out"]
    assert found["tier"].tolist() == ["restricted", "exit"]
    assert found["growth"].tolist() == [60, 20]
    assert found["score"].tolist() == [40, 10]
    assert (tiers.headline(g)["violating_firms"], tiers.headline(g)["violating_growth"]) == (2, 80)
    assert tiers.violations(by_outlook(*CHECKED, policy_date="closing")).index.tolist() == ["free", "new", "out"]


def test_the_tier_table_by_hand() -> None:
    table = tiers.tier_table(by_outlook(*CHECKED))
    assert table["firms_opening"].tolist() == [1, 0, 0, 0, 3, 1, 0]
    assert table["firms_closing"].tolist() == [1, 0, 0, 0, 3, 1, 0]
    assert table["exposure_opening"].tolist() == [10, 0, 0, 0, 630, 50, 0]
    assert table["exposure_closing"].tolist() == [160, 0, 0, 0, 1325, 70, 0]
    assert table.index.tolist() == [*TIERS, "unrated"]


# Awkward data ---------------------------------------------------------------------------------------------------------


def finite(g: Grading) -> dict[str, float]:
    figures = tiers.headline(g)
    assert set(figures) == set(tiers.STUDY.measures)
    rated = (g.closing.place < UNRATED).any()  # with nobody rated there is nothing to tell but how many cannot be
    assert all(np.isfinite(v) for name, v in figures.items() if rated or name == "unrated_firms"), figures
    return figures


def test_one_firm_alone_is_graded() -> None:
    figures = finite(graded(*both("a")))
    assert figures["gold_firms"] == figures["moved_up"] == figures["violating_firms"] == 0


def test_no_firm_may_be_a_customer_at_both_dates() -> None:
    g = graded({"id": "a", "at": 0}, {"id": "b", "at": 1})
    assert tiers.migration(g)[KEY, ABSENT] == tiers.migration(g)[ABSENT, KEY] == 1
    assert finite(g)["moved_up"] == 0


def test_a_book_without_exposure_carries_no_loss() -> None:
    figures = finite(graded(*both("a", exposure=0.0)))
    assert figures["expected_loss"] == figures["expected_loss_rate"] == 0


def test_a_book_in_which_nobody_can_be_scored_has_only_unrated_firms() -> None:
    figures = tiers.headline(graded(*both("a", roa=None), *both("b", sales=None)))
    assert figures.pop("unrated_firms") == 2 and all(map(math.isnan, figures.values())), "a dash, not a zero"


def test_firms_that_are_all_alike_stand_in_one_tier() -> None:
    g = graded(*(row for n in range(20) for row in both(f"F{n:02}")))
    assert tiers.firms_by_place(g.closing)[KEY] == 20


@pytest.mark.parametrize("dates", [(1,), (0, 1, 2)])
def test_not_two_dates_is_said_in_a_sentence(lang: str, dates: tuple[int, ...]) -> None:
    with pytest.raises(DataError) as refusal:
        tiers.prepare(loans(*({"id": "a", "at": at} for at in dates)))
    (sentence,) = refusal.value.problems
    assert "as_of" in sentence and str(len(dates)) in sentence


def test_own_data_need_no_english_names_and_may_come_in_any_order() -> None:
    book = loans(*both("b", exposure=(1.0, 2.0)), *both("a"))
    assert "firm_name_en" not in tiers.prepare(book).firms
    shuffled = tiers.STUDY.answer(book.iloc[[2, 1, 3, 0]])
    assert tiers.headline(shuffled) == tiers.headline(tiers.STUDY.answer(book))
    assert shuffled.book.firms.index.tolist() == ["a", "b"]


def test_grading_leaves_the_users_table_as_it_was() -> None:
    book = load("bank_loans")
    before = book.copy()
    tiers.STUDY.answer(book, outlook_shock=30)
    pd.testing.assert_frame_equal(book, before)


def test_grading_again_gives_the_same() -> None:
    book = tiers.prepare(load("bank_loans"))
    first = tiers.headline(tiers.grade(book, TierPolicy()))
    tiers.grade(book, TierPolicy(outlook_shock=60))
    assert tiers.headline(tiers.grade(book, TierPolicy())) == first


# What holds for all data and inputs -----------------------------------------------------------------------------------

BOOK = tiers.prepare(load("bank_loans"))


@quick
@given(books(), policies())
def test_any_book_and_policy_give_finite_figures_that_add_up(book: pd.DataFrame, policy: TierPolicy) -> None:
    g = tiers.grade(tiers.prepare(book), policy)
    finite(g)
    firms = book["firm_id"].nunique()
    assert tiers.migration(g).sum() == firms
    assert tiers.firms_by_place(g.opening).sum() == tiers.firms_by_place(g.closing).sum() == firms
    for graded_at, at, date in ((g.opening, g.book.opening, "min"), (g.closing, g.book.closing, "max")):
        there = book[book["as_of"] == getattr(book["as_of"], date)()]
        by_place = tiers.exposure_by_place(graded_at, at)
        assert by_place.sum() == pytest.approx(there["exposure"].sum())
        assert by_place[ABSENT] == 0
        assert (graded_at.place == ABSENT).sum() == firms - len(there)
    assert (tiers.expected_loss(g) >= 0).all()
    assert tiers.expected_loss(g).sum() <= g.book.closing.exposure.sum() + 1e-6
    assert tiers.headline(g)["violating_firms"] in (len(tiers.violations(g)), pytest.approx(np.nan, nan_ok=True))


@quick
@given(policies())
def test_a_veto_never_lifts(policy: TierPolicy) -> None:
    g = tiers.grade(BOOK, policy)
    rated = g.closing.place < UNRATED
    by_score = tier_of(g.closing.score[rated], policy.cutoffs(), policy.boundary)
    assert (g.closing.place[rated] >= by_score).all()
    assert ((g.closing.place[rated] > by_score) == g.closing.vetoed[rated]).all()


@quick
@given(policies(), st.floats(0.01, 1))
def test_scaling_all_weights_changes_no_score(policy: TierPolicy, factor: float) -> None:
    weights = [getattr(policy, name) * factor for name in WEIGHTS]
    scaled = policy.replace(**dict(zip(WEIGHTS, weights, strict=True)))
    assert scaled.weights() == pytest.approx(policy.weights())
    found, wanted = tiers.grade(BOOK, scaled), tiers.grade(BOOK, policy)
    np.testing.assert_array_equal(found.closing.score, wanted.closing.score)
    np.testing.assert_array_equal(found.closing.place, wanted.closing.place)


@quick
@given(policies(), st.data())
def test_raising_a_cut_off_lifts_nobody(policy: TierPolicy, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, 4))
    ceiling = 100.0 if k == 0 else getattr(policy, CUTS[k - 1])
    raised = data.draw(st.floats(getattr(policy, CUTS[k]), ceiling, exclude_max=k > 0))
    stricter = tiers.grade(BOOK, policy.replace(**{CUTS[k]: raised}))
    assert (stricter.closing.place >= tiers.grade(BOOK, policy).closing.place).all()


@quick
@given(policies(), st.floats(0, 1))
def test_a_stricter_veto_lifts_nobody(policy: TierPolicy, share: float) -> None:
    before = tiers.grade(BOOK, policy).closing.place
    caps = ("none", "ordinary", "restricted")
    stricter = [{"overdue_veto": share * policy.overdue_veto}, {"default_cap": "exit"}, {"boundary": "lower"}]
    stricter += [{"insolvency_cap": cap} for cap in caps[caps.index(policy.insolvency_cap) :]]
    for change in stricter:
        assert (tiers.grade(BOOK, policy.replace(**change)).closing.place >= before).all(), change


@quick
@given(st.floats(-50, 2000), st.floats(-50, 2000), st.sampled_from(sorted(tiers.BANDS)))
def test_points_stay_on_the_scale_and_run_one_way(a: float, b: float, indicator: str) -> None:
    low, high = tiers.points(indicator, np.array([min(a, b), max(a, b)]))
    assert 0 <= low <= 100 and 0 <= high <= 100
    worse_when_larger = indicator in ("overdue_days", "debt_ratio")
    assert (low >= high) if worse_when_larger else (low <= high)


@quick
@given(policies(), st.floats(0, 60), st.floats(0, 60))
def test_a_deeper_shock_lifts_nobody(policy: TierPolicy, one: float, other: float) -> None:
    mild, deep = (tiers.grade(BOOK, policy.replace(outlook_shock=f(one, other))).closing.place for f in (min, max))
    assert (deep >= mild).all()


@quick
@given(books(), policies())
def test_money_in_other_units_only_scales_the_money(book: pd.DataFrame, policy: TierPolicy) -> None:
    wanted = tiers.headline(tiers.grade(tiers.prepare(book), policy))
    scaled = tiers.headline(tiers.grade(tiers.prepare(book.assign(exposure=book["exposure"] * 4)), policy))
    for key, figure in wanted.items():
        assert scaled[key] == pytest.approx(
            figure * (4 if key in ("violating_growth", "expected_loss") else 1), nan_ok=True
        ), key
