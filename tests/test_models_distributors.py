"""Are the multi-criteria methods right by published examples, and is the choice of a distributor sound at its edges?"""

import runpy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmlib.chapters.distributors.models import distributors as model
from crmlib.core.errors import DataError, InputError
from crmlib.core.paths import DATA
from crmlib.formulas import multicriteria as mc
from crmlib.formulas.arrays import Floats
from crmlib.tables.data import load, read

pytestmark = pytest.mark.usefixtures("english")

FIGHTERS = np.array(
    [
        [2.0, 1500, 20000, 5.5, 5, 9],
        [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7],
        [2.2, 1800, 20000, 5.0, 5, 5],
    ]
)
"""Hwang & Yoon (1981): four fighter aircraft; speed, range, payload, cost, reliability, manoeuvrability."""
FIGHTER_WEIGHTS = np.array([0.2, 0.1, 0.1, 0.1, 0.2, 0.3])
MORE_IS_BETTER = np.array([True, True, True, False, True, True])


def reciprocal(*upper: list[float]) -> Floats:
    """Return the matrix of judgements whose upper triangle is given row by row."""
    n = len(upper) + 1
    matrix = np.eye(n)
    for i, row in enumerate(upper):
        for j, times in enumerate(row, i + 1):
            matrix[i, j], matrix[j, i] = times, 1 / times
    return matrix


HOUSE = reciprocal(
    [5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [6, 3, 4, 6, 1 / 5],
    [1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 2, 1 / 5, 1 / 6],
    [1 / 5, 1 / 6],
    [1 / 2],
)
"""Saaty (1990), *How to make a decision*: eight criteria of a family that buys a house."""
NATIONS = reciprocal(
    [4, 9, 6, 6, 5, 5], [7, 5, 5, 3, 4], [1 / 5, 1 / 5, 1 / 7, 1 / 5], [1, 1 / 3, 1 / 3], [1 / 3, 1 / 3], [2]
)
"""Saaty (1980): the wealth of seven nations by pairwise judgement."""


# Published examples ---------------------------------------------------------------------------------------------------


def test_topsis_gives_the_published_closeness_of_the_fighter_aircraft() -> None:
    """Hwang & Yoon (1981): C* = 0.643, 0.268, 0.613, 0.312; S* = 0.0545, 0.1197, 0.0580, 0.1009."""
    found = mc.topsis(FIGHTERS, FIGHTER_WEIGHTS, MORE_IS_BETTER)
    assert found.closeness == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=0.001)
    assert found.to_best == pytest.approx([0.0545, 0.1197, 0.0580, 0.1009], abs=0.0002)


def test_topsis_by_minimum_to_maximum_on_an_example_by_hand() -> None:
    """Columns become 1, 0, ½ and 0, 1, 1 times ½. To the best (½, ½): ½, ½, ¼; to the worst: ½, ½, √(1/16 + ¼)."""
    scores = np.array([[10.0, 1], [0, 3], [5, 3]])
    found = mc.topsis(scores, np.array([0.5, 0.5]), normalisation="range")
    far = np.sqrt(1 / 16 + 1 / 4)
    assert found.closeness == pytest.approx([0.5, 0.5, far / (far + 0.25)])


def test_entropy_weights_of_the_fighter_aircraft_are_those_published() -> None:
    """Hwang & Yoon (1981) find 0.0649, 0.2055, 0.0133, 0.0829, 0.3570, 0.2764 from entropies of four decimals."""
    weights = mc.entropy_weights(FIGHTERS)
    assert weights == pytest.approx([0.0649, 0.2055, 0.0133, 0.0829, 0.3570, 0.2764], abs=0.002)


def test_ahp_gives_the_published_weights_and_consistency_of_the_house() -> None:
    """Saaty (1990): weights .173 .054 .188 .018 .031 .036 .167 .333, λ max 9.669, CI .238, CR .169."""
    found = mc.ahp(HOUSE)
    assert found.weights == pytest.approx([0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333], abs=0.0006)
    assert (found.lambda_max, found.index, found.ratio) == pytest.approx((9.669, 0.238, 0.169), abs=0.0006)
    assert not found.consistent()


def test_ahp_names_the_judgement_that_saaty_found_furthest_off() -> None:
    """Saaty (2003), *Decision-making with the AHP*: neighbourhood against financing, a₃₇ w₇ ÷ w₃ = 5.32."""
    found = mc.ahp(HOUSE)
    assert found.offender == (2, 6)
    assert found.misfit == pytest.approx(5.32, abs=0.01)


def test_ahp_gives_the_published_wealth_of_nations() -> None:
    """Saaty (1980): λ max 7.61; U.S. .427, U.S.S.R. .230, China .021, France, U.K. .052, Japan .123, Germany .094."""
    found = mc.ahp(NATIONS)
    assert found.weights == pytest.approx([0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094], abs=0.001)
    assert found.lambda_max == pytest.approx(7.61, abs=0.005)
    assert found.consistent()


def test_the_mean_of_columns_on_an_example_by_hand() -> None:
    """Columns 1, ½, ¼ over 1.75; 2, 1, 1 over 4; 4, 1, 1 over 6: means of 4/7 ½ 2/3, 2/7 ¼ 1/6, 1/7 ¼ 1/6."""
    found = mc.ahp(reciprocal([2, 4], [1]), "column_mean")
    assert found.weights == pytest.approx(
        [(4 / 7 + 1 / 2 + 2 / 3) / 3, (2 / 7 + 1 / 4 + 1 / 6) / 3, (1 / 7 + 1 / 4 + 1 / 6) / 3]
    )


@pytest.mark.parametrize("table", ["saaty", "alonso_lamata"])
def test_random_indices_are_near_what_random_matrices_give(table: str) -> None:
    """The mean CI of 4,000 matrices of six factors drawn from Saaty's scale; Saaty drew few, so within 0.04."""
    rng = np.random.RandomState(3)
    scale = np.array([1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)])
    matrices = np.ones((4000, 6, 6))
    for i in range(6):
        for j in range(i + 1, 6):
            matrices[:, i, j] = rng.choice(scale, 4000)
            matrices[:, j, i] = 1 / matrices[:, i, j]
    index = (np.linalg.eigvals(matrices).real.max(axis=1) - 6) / 5
    assert index.mean() == pytest.approx(mc.RANDOM_INDEX[table][5], abs=0.04)


# What must hold for all inputs ----------------------------------------------------------------------------------------

WHOLE = st.integers(0, 100).map(float)


def tables(rows: tuple[int, int] = (2, 5), columns: tuple[int, int] = (2, 4)) -> st.SearchStrategy[Floats]:
    shapes = st.tuples(st.integers(*rows), st.integers(*columns))
    return shapes.flatmap(
        lambda s: st.lists(st.lists(WHOLE, min_size=s[1], max_size=s[1]), min_size=s[0], max_size=s[0]).map(np.array)
    )


def raw_weights(scores: Floats, data: st.DataObject) -> Floats:
    n = scores.shape[1]
    raw = np.array(data.draw(st.lists(st.integers(0, 30).map(float), min_size=n, max_size=n)))
    assume(raw.sum() > 0)
    return raw


@settings(max_examples=150, deadline=None)
@given(scores=tables(), data=st.data())
def test_beyond_the_dethroning_change_the_winner_is_beaten_and_before_it_is_not(
    scores: Floats, data: st.DataObject
) -> None:
    """The exact change against brute force: every weight, every change on a fine grid, the weights divided anew."""
    raw = raw_weights(scores, data)
    winner = int((scores @ raw).argmax())
    found = mc.dethroning(scores, raw, winner)
    for k, change in enumerate(found.change):
        grid = np.concatenate([np.linspace(-raw[k], 0, 400), np.linspace(0, 400, 1601)])
        moved = np.tile(raw, (len(grid), 1))
        moved[:, k] += grid
        usable = moved.sum(axis=1) > 1e-9
        totals = (moved[usable] / moved[usable].sum(axis=1, keepdims=True)) @ scores.T
        beaten = np.abs(grid[usable][totals.max(axis=1) > totals[:, winner] + 1e-7])
        assert not (beaten < abs(change) - 1e-6).any() if np.isfinite(change) else not beaten.size
        if np.isfinite(change):
            further = change + np.copysign(min(1e-3, (change + raw[k]) / 2 if change < 0 else 1e-3), change or 1.0)
            both = [raw + np.eye(len(raw))[k] * (further if change else sign * 1e-3) for sign in (1, -1)]
            both = [w for w in both if w.min() >= 0]
            assert any((scores @ w).max() > (scores @ w)[winner] for w in both)
            assert found.rival[k] not in (winner, -1)


@settings(max_examples=100, deadline=None)
@given(scores=tables())
def test_shares_of_random_weightings_add_up_and_the_dominated_win_none(scores: Floats) -> None:
    shares = mc.shares_won(scores, mc.weightings(scores.shape[1], 500))
    assert shares.sum() == pytest.approx(1)
    assert (shares[mc.dominance(scores).any(axis=0)] == 0).all()


@settings(max_examples=100, deadline=None)
@given(scores=tables(), data=st.data())
def test_no_method_ranks_a_dominated_candidate_above_its_better(scores: Floats, data: st.DataObject) -> None:
    raw = raw_weights(scores, data)
    weights = raw / raw.sum()
    for values in (mc.weighted_scores(scores, weights), mc.topsis(scores, weights).closeness):
        for better, worse in np.argwhere(mc.dominance(scores)):
            assert values[better] >= values[worse] - 1e-9


@settings(max_examples=100, deadline=None)
@given(scores=tables(rows=(1, 5)))
def test_entropy_weights_are_weights_or_none(scores: Floats) -> None:
    weights = mc.entropy_weights(scores)
    spread = np.ptp(scores, axis=0) > 0
    if weights is None:
        assert len(scores) == 1 or not spread.any()
    else:
        assert weights.sum() == pytest.approx(1)
        assert (weights[~spread] == 0).all() and (weights >= 0).all()


@settings(max_examples=100, deadline=None)
@given(scores=tables(rows=(1, 5)), data=st.data())
def test_topsis_stays_between_zero_and_one_whatever_the_scores(scores: Floats, data: st.DataObject) -> None:
    raw = raw_weights(scores, data)
    for way in ("vector", "range"):
        closeness = mc.topsis(scores, raw / raw.sum(), normalisation=way).closeness  # type: ignore[arg-type]
        assert np.isfinite(closeness).all() and (closeness >= 0).all() and (closeness <= 1).all()


@settings(max_examples=60, deadline=None)
@given(weights=st.lists(st.integers(1, 9), min_size=3, max_size=8))
def test_ahp_gives_back_the_weights_of_a_consistent_matrix(weights: list[int]) -> None:
    w = np.array(weights, float)
    for method in ("eigenvector", "column_mean"):
        found = mc.ahp(w[:, None] / w[None, :], method)  # type: ignore[arg-type]
        assert found.weights == pytest.approx(w / w.sum())
        assert found.ratio == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (np.ones((2, 3)), "as many rows"),
        (np.ones((11, 11)), "1 to 10"),
        (np.array([[1.0, 0], [0, 1]]), "above zero"),
        (np.array([[1.0, np.nan], [1, 1]]), "above zero"),
        (np.array([[1.0, 3], [1, 1]]), "1 to 2 and 2 to 1"),
    ],
)
def test_a_matrix_that_is_no_matrix_of_judgements_is_refused(matrix: Floats, said: str) -> None:
    with pytest.raises(DataError, match=said):
        mc.ahp(matrix)


# The choice of a distributor ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def candidates() -> model.Candidates:
    return model.prepare(load("distributors"), load("factor_judgements"))


def made(scores: list[list[float]], scorer: str = "sales_director", **facts: object) -> model.Candidates:
    """Return candidates A, B, … with the given scores, each padded with 50 to eight factors."""
    rows = [
        {"candidate_id": chr(65 + i), "name": chr(65 + i), "scorer": scorer, **facts}
        | dict(zip(model.FACTORS, line + [50.0] * (8 - len(line)), strict=True))
        for i, line in enumerate(scores)
    ]
    return model.prepare(pd.DataFrame(rows), load("factor_judgements"))


def only(**weights: float) -> model.DistributorRule:
    """Return a rule with these weights and none on the other factors."""
    return model.DistributorRule(**{**{f"{code}_weight": 0 for code in model.FACTORS}, **weights})  # type: ignore[arg-type]


def test_the_weighted_score_by_hand() -> None:
    """80 and 60 with weights 3 and 1: (240 + 60) ÷ 4 = 75; 50 and 90: (150 + 90) ÷ 4 = 60."""
    c = model.choose(made([[80, 60], [50, 90]]), only(coverage_weight=30, reputation_weight=10))
    assert c.total.tolist() == [75, 60]
    assert c.rank.tolist() == [1, 2]


def test_a_minimum_knocks_out_even_the_highest_total_and_says_by_which_factor() -> None:
    c = model.choose(made([[100, 40], [60, 70]]), model.DistributorRule(reputation_min=41))
    assert c.rank.tolist() == [0, 1]
    assert model.notes(c)[0] == "A is knocked out by: reputation."
    assert model.listing(c)["knocked_out_by"].tolist() == ["", "reputation"]


def test_a_score_equal_to_the_minimum_is_enough() -> None:
    assert model.choose(made([[100, 40]]), model.DistributorRule(reputation_min=40)).left.all()


def test_ties_share_a_rank_and_are_said() -> None:
    c = model.choose(made([[80, 20], [20, 80], [10, 10]]), only(coverage_weight=10, reputation_weight=10))
    assert c.rank.tolist() == [1, 1, 3]
    assert "Tie for the first place: A, B." in model.notes(c)
    found = model.robustness(c)
    assert found is not None and found.change[0] == 0


def test_a_single_candidate_wins_and_nobody_is_there_to_compare() -> None:
    for rule in (model.DistributorRule(), model.DistributorRule(method="topsis", weights_from="entropy")):
        c = model.choose(made([[80, 20]]), rule)
        assert c.rank.tolist() == [1] and model.robustness(c) is None
        assert any("nobody to compare it with" in said for said in model.notes(c))
        assert model.headline(c)["share_won"] == 100
        assert model.STUDY.headline_table({"": c}).loc["Lead over the next (points)"].tolist() == ["–"]


def test_with_everybody_knocked_out_there_is_no_winner() -> None:
    c = model.choose(made([[80, 20], [70, 30]]), model.DistributorRule(coverage_min=90))
    assert c.leaders == [] and c.heaviest is None
    assert "Everybody is knocked out: there is no winner. Lower a minimum." in model.notes(c)
    assert model.headline(c)["left"] == 0
    assert "nan" not in model.STUDY.headline_table({"": c}).to_string()


def test_candidates_alike_in_everything_get_equal_weights_from_entropy_and_it_is_said() -> None:
    c = model.choose(made([[60.0], [60.0]]), model.DistributorRule(weights_from="entropy", method="topsis"))
    assert c.weights == pytest.approx([1 / 8] * 8)
    assert c.closeness.tolist() == [0.5, 0.5]
    assert any("equal ones stand in" in said for said in model.notes(c))
    assert model.shares_won(c).tolist() == [0.5, 0.5]


def test_scores_of_zero_throughout_are_no_division_by_zero() -> None:
    c = model.choose(made([[0.0] * 8, [0.0] * 8]), model.DistributorRule(method="topsis"))
    missing = {name for name, v in model.headline(c).items() if not np.isfinite(v)}
    assert missing == {"smallest_change"}


def test_weights_of_zero_are_refused() -> None:
    with pytest.raises(InputError, match="All weights are zero"):
        only()


def test_weights_that_do_not_add_up_are_divided_and_it_is_said() -> None:
    assert model.DistributorRule().remarks() == []
    assert "add up to 110" in model.DistributorRule(coverage_weight=30).remarks()[0]


def test_a_negative_score_is_refused_by_the_dictionary(tmp_path: Path) -> None:
    table = load("distributors")
    table.loc[0, "coverage"] = -1
    path = tmp_path / "mine.csv"
    table.astype({"relative": int}).to_csv(path, index=False)
    with pytest.raises(DataError, match="coverage.*too small: 0 is the least"):
        read(path, "distributors")


def test_contradictory_judgements_are_said_with_the_offending_pair() -> None:
    turned = load("factor_judgements")
    pair = turned["factor"].eq("willingness") & turned["against"].eq("product_mix")
    turned.loc[pair, "times"] = 1 / 7
    c = model.choose(model.prepare(load("distributors"), turned), model.DistributorRule())
    assert any("“willingness” against “product mix”" in said for said in model.notes(c))
    assert model.notes(model.choose(model.prepare(load("distributors"), load("factor_judgements")), c.rule)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d[d["against"] != "promotion"], "of “coverage” against “promotion”.*there are 0"),
        (lambda d: pd.concat([d, d.head(1)]), "of “coverage” against “reputation”.*there are 2"),
        (
            lambda d: pd.concat([d, d.head(1).rename(columns={"factor": "against", "against": "factor"})]),
            "there are 2",
        ),
        (lambda d: pd.concat([d, d.head(1).assign(against="coverage")]), "compared with itself"),
    ],
)
def test_judgements_that_are_not_one_for_each_pair_are_refused(
    change: Callable[[pd.DataFrame], pd.DataFrame], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        model.matrix(change(load("factor_judgements")))


def test_a_judgement_may_stand_either_way_round() -> None:
    table = load("factor_judgements")
    other = table.rename(columns={"factor": "against", "against": "factor"}).assign(times=1 / table["times"])
    assert model.matrix(other) == pytest.approx(model.matrix(table))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.iloc[1:], "“D1” was not scored by: sales_director"),
        (lambda d: d.assign(city=[f"c{i}" for i in range(len(d))]), "more than one value in column “city”"),
        (lambda d: d.iloc[:0], "holds no candidate"),
        (lambda d: d.head(1).loc[[0] * 301].assign(candidate_id=[str(i) for i in range(301)]), "at most 300"),
    ],
)
def test_scores_that_make_no_candidates_are_refused(change: Callable[[pd.DataFrame], pd.DataFrame], said: str) -> None:
    with pytest.raises(DataError, match=said):
        model.prepare(change(load("distributors")), load("factor_judgements"))


def test_a_file_with_the_required_columns_alone_is_enough() -> None:
    rows = load("distributors").drop(columns=[c for c in model.FACTS if c != "name"])
    c = model.choose(model.prepare(rows, load("factor_judgements")), model.DistributorRule())
    assert model.headline(c)["favour"] == 0
    assert model.words_and_deeds(c).empty
    assert len(model.listing(c)) == 5


def test_a_panel_that_scored_nobody_is_refused() -> None:
    with pytest.raises(DataError, match="nobody of this panel"):
        model.choose(made([[50.0]]), model.DistributorRule(panel="area_manager"))


def test_the_favour_to_a_relative_is_a_difference_of_differences() -> None:
    """He gives his relative 90 where others give 60 (+30), and the other 40 where others give 50 (−10): 40 points."""
    rows = []
    for name, relative, head, local in (("A", True, 60.0, 90.0), ("B", False, 50.0, 40.0)):
        for scorer, value in (("sales_director", head), (model.LOCAL, local)):
            rows.append(
                {"candidate_id": name, "name": name, "relative": relative, "scorer": scorer}
                | dict.fromkeys(model.FACTORS, value)
            )
    c = model.choose(model.prepare(pd.DataFrame(rows), load("factor_judgements")), model.DistributorRule())
    assert model.favour(c) == pytest.approx(40)


def test_left_alone_the_area_manager_chooses_his_relative_and_head_office_puts_it_last(
    candidates: model.Candidates,
) -> None:
    relative = int(np.flatnonzero(candidates.facts["relative"])[0])
    assert model.choose(candidates, model.DistributorRule(panel="area_manager")).leaders == [relative]
    assert model.choose(candidates, model.DistributorRule(panel="head_office")).rank[relative] == 5


def test_the_base_case_is_fragile_as_the_chapter_tells_it(candidates: model.Candidates) -> None:
    c = model.choose(candidates, model.DistributorRule())
    figures = model.headline(c)
    assert 0 < figures["lead"] < 1
    assert figures["dethroning_factors"] == 8 and figures["smallest_change"] < 2
    firsts = {r.first for r in model.reasons(c)}
    assert len(firsts) == 2
    assert all(r.factor is not None for r in model.reasons(c) if r.first != (c.leaders[0],))


def test_a_willingness_minimum_makes_all_methods_agree(candidates: model.Candidates) -> None:
    c = model.choose(candidates, model.DistributorRule(willingness_min=60))
    assert model.headline(c)["methods_agree"] == 4


def test_words_far_ahead_of_deeds_are_marked(candidates: model.Candidates) -> None:
    """Of five candidates only the relative promises much and keeps little; 110% of promised staff counts as 100."""
    found = model.words_and_deeds(model.choose(candidates, model.DistributorRule()))
    assert found.index[found["fake"]].tolist() == ["D4"]
    assert found.loc["D2", "deeds"] == pytest.approx((90 + 100 + 100) / 3)


def test_the_study_answers_as_the_model_does(candidates: model.Candidates) -> None:
    c = model.STUDY.answer(load("distributors"), load("factor_judgements"), method="topsis")
    assert model.headline(c) == model.headline(model.choose(candidates, model.DistributorRule(method="topsis")))
    assert set(model.headline(c)) == set(model.STUDY.measures)


# Data -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "maker"), [("distributors", "make"), ("factor_judgements", "make_judgements")])
def test_a_rebuild_is_identical_byte_by_byte_and_fits_its_dictionary(name: str, maker: str) -> None:
    script = runpy.run_path(str(DATA / "make_distributors.py"))
    assert script["to_csv"](script[maker]()).encode() == (DATA / f"{name}.csv").read_bytes()
    pd.testing.assert_frame_equal(read(DATA / f"{name}.csv", name).frame, load(name))
