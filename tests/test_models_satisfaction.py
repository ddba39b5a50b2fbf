"""Index, Kano and gaps: each formula against a published figure or by hand, and what holds whatever the data."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from crmlib.chapters.satisfaction.models import csi, gaps, kano
from crmlib.chapters.satisfaction.models import survey as source
from crmlib.core.errors import DataError, InputError
from crmlib.formulas import satisfaction as formulas
from crmlib.formulas.arrays import Floats
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)
NAN = float("nan")
A, O, M, I, R, Q = range(6)  # noqa: E741


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return load("service_survey")


@pytest.fixture(scope="module")
def answers(survey: pd.DataFrame) -> source.Answers:
    return source.prepare(survey)


def few(survey: pd.DataFrame, n: int = 3, **columns: Any) -> pd.DataFrame:
    """Return the first answers with some columns replaced."""
    rows = survey[survey["answered"]].head(n).copy()
    for name, values in columns.items():
        rows[name] = values
    return rows


# The survey -----------------------------------------------------------------------------------------------------------


def test_a_survey_nobody_answered_is_a_sentence(survey: pd.DataFrame, english: None) -> None:
    silent = survey.assign(answered=False)
    with pytest.raises(DataError, match="Nobody answered the survey"):
        source.prepare(silent)


def test_a_group_nobody_belongs_to_is_a_sentence(survey: pd.DataFrame, english: None) -> None:
    young = source.prepare(few(survey, age=["young"] * 3))
    with pytest.raises(DataError, match="Nobody of this group"):
        csi.measure(young, csi.SatisfactionRule(age="old"))


def test_points_that_do_not_add_up_are_divided_by_their_sum_and_counted(survey: pd.DataFrame) -> None:
    dealt = {f"points_{name}": [n, 20, 20] for name, n in zip(source.DIMENSIONS, (10, 20, 20, 20, 10), strict=True)}
    found = source.prepare(few(survey, **dealt))
    assert found.gaps["odd_points"] == 1
    assert found.points[0] == pytest.approx([10 / 80, 20 / 80, 20 / 80, 20 / 80, 10 / 80])


def test_missing_and_odd_answers_are_counted_and_none_is_filled_in(answers: source.Answers) -> None:
    survey = load("service_survey")
    assert answers.gaps["invited"] == len(survey) and answers.gaps["silent"] == int((~survey["answered"]).sum())
    assert len(answers.ids) == answers.gaps["invited"] - answers.gaps["silent"]
    assert np.isnan(answers.expected).all(axis=1).sum() == answers.gaps["no_expectation"] > 0
    assert min(answers.gaps.values()) > 0


# Index ----------------------------------------------------------------------------------------------------------------


def test_the_index_by_hand() -> None:
    """0.4·8 + 0.3·7 + 0.3·7.5 = 7.55; (7.55 − 1) ÷ 9 = 72.78%. Weights of sum 10 give the same."""
    means = np.array([8.0, 7.0, 7.5])
    assert csi.acsi(means, np.array([0.4, 0.3, 0.3])) == pytest.approx(655 / 9)
    assert csi.acsi(means, np.array([4.0, 3.0, 3.0])) == pytest.approx(655 / 9)


@pytest.mark.parametrize(("answer", "index"), [(1, 0), (5.5, 50), (10, 100)])
def test_the_index_runs_from_0_to_100_as_fornell_and_others_define_it(answer: float, index: float) -> None:
    """Fornell et al. (1996): 0 if everybody gives the lowest, 100 if everybody gives the highest answer."""
    assert csi.acsi(np.full(3, float(answer)), np.array([0.5, 0.3, 0.2])) == pytest.approx(index)


@quick
@given(hnp.arrays(float, 3, elements=st.floats(1, 10)), hnp.arrays(float, 3, elements=st.floats(0.01, 1)))
def test_the_index_lies_between_its_questions(means: Floats, weights: Floats) -> None:
    points = (means - 1) / 9 * 100
    assert points.min() - 1e-9 <= csi.acsi(means, weights) <= points.max() + 1e-9


def test_a_question_nobody_answered_leaves_no_index() -> None:
    assert np.isnan(csi.acsi(np.array([8.0, NAN, 7.0]), np.array([1.0, 1, 1])))


def test_satisfaction_of_a_patient_by_hand(survey: pd.DataFrame) -> None:
    """8 ÷ 8, 6 ÷ 10, 6 ÷ 5, 9 ÷ 9, 4 ÷ 8 with equal weights: (1 + 0.6 + 1.2 + 1 + 0.5) ÷ 5 = 0.86."""
    values = {"expect": (8, 10, 5, 9, 8), "found": (8, 6, 6, 9, 4)}
    columns = {
        f"{side}_{name}": v for side, row in values.items() for name, v in zip(source.DIMENSIONS, row, strict=True)
    }
    s = csi.measure(source.prepare(few(survey, 1, **columns)), csi.SatisfactionRule(weigh="equal"))
    assert s.satisfaction.tolist() == [0.86]


def test_an_expectation_of_zero_is_a_sentence(survey: pd.DataFrame, english: None) -> None:
    broken = source.prepare(few(survey, expect_empathy=[0, 5, 6]))
    with pytest.raises(DataError, match="1 expectation is zero or negative"):
        csi.measure(broken, csi.SatisfactionRule())


def test_stated_importance_is_the_mean_of_the_shares() -> None:
    points = np.array([[0.1, 0.3, 0.2, 0.3, 0.1], [0.3, 0.3, 0.2, 0.1, 0.1], [NAN, 1, 0, 0, 0]])
    assert csi.stated_importance(points) == pytest.approx([0.2, 0.3, 0.2, 0.2, 0.1])


def test_nobody_who_dealt_points_is_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="Nobody dealt points"):
        csi.stated_importance(np.full((2, 5), NAN))


def test_weights_that_are_all_zero_are_refused(english: None) -> None:
    with pytest.raises(InputError, match="All three weights are zero"):
        csi.SatisfactionRule(satisfied_weight=0, met_weight=0, ideal_weight=0)


def test_the_four_fields_of_importance_and_performance() -> None:
    """Martilla and James (1977), clockwise from the good and important; a value at the middle counts as above."""
    importance, performance = np.array([0.3, 0.3, 0.1, 0.1, 0.2]), np.array([8.0, 5.0, 8.0, 5.0, 7.0])
    found = formulas.fields(importance, performance, (7.0, 0.2))
    assert found == [*formulas.FIELDS[:4], formulas.FIELDS[0]]
    assert formulas.fields(np.array([0.2]), np.array([NAN]), (7.0, 0.2)) == [formulas.FIELDS[4]]


# Kano -----------------------------------------------------------------------------------------------------------------

PUBLISHED = """
like: Q A A A O
must-be: R I I I M
neutral: R I I I M
live with: R I I I M
dislike: R R R R Q
"""
"""The evaluation table as Berger et al. (1993) print it: rows the presence, columns the absence in the same order."""


def test_the_evaluation_table_is_the_published_one() -> None:
    rows = [line.partition(": ")[2].split() for line in PUBLISHED.strip().splitlines()]
    answers = np.arange(1.0, 6)
    present, absent = np.meshgrid(answers, answers, indexing="ij")
    found = [[list(kano.CLASSES)[place] for place in row] for row in kano.classes(present, absent).tolist()]
    assert found == rows


def test_a_missing_answer_has_no_class() -> None:
    assert kano.classes(np.array([NAN, 1.0]), np.array([1.0, NAN])).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("counts", "place", "better", "worse"),
    [
        ((7.0, 32.3, 49.3, 9.5, 0.3, 1.5), M, 0.40, -0.83),
        ((10.4, 45.1, 30.5, 11.5, 1.2, 1.2), O, 0.57, -0.78),
    ],
    ids=["edge grip", "ease of turn"],
)
def test_the_ski_of_sauerwein_and_others(counts: tuple[float, ...], place: int, better: float, worse: float) -> None:
    """Sauerwein et al. (1996): shares of the answers, class and coefficients of two requirements of a ski."""
    table = np.array([counts])
    assert kano.class_of(table).tolist() == [place]
    found = [float(values[0]) for values in kano.coefficients(table)]
    assert [round(value, 2) for value in found] == [better, worse]


def test_in_a_tie_what_asks_most_of_the_firm_goes_first() -> None:
    """Berger et al. (1993): M > O > A > I."""
    ties = np.array([[5, 5, 5, 5, 0, 0], [5, 5, 0, 5, 0, 0], [5, 0, 0, 5, 0, 0], [0, 0, 0, 5, 5, 0]], float)
    assert kano.class_of(ties).tolist() == [M, O, A, I]


def test_nobody_leaves_neither_class_nor_coefficients() -> None:
    nothing = np.zeros((1, 6))
    assert kano.class_of(nothing).tolist() == [-1]
    assert all(np.isnan(values).all() for values in kano.coefficients(nothing))


tables = hnp.arrays(float, (3, 6), elements=st.integers(0, 50).map(float))


@quick
@given(tables, st.floats(0, 1))
def test_growing_used_to_a_feature_keeps_everybody_and_makes_it_more_of_a_must(counts: Floats, share: float) -> None:
    grown = kano.grow(counts, share)
    assert grown.sum(axis=1) == pytest.approx(counts.sum(axis=1))
    assert (grown >= -1e-9).all() and (grown[:, M] >= counts[:, M] - 1e-9).all()
    assert (grown[:, [I, R, Q]] == counts[:, [I, R, Q]]).all()
    (better, worse), (before, less) = kano.coefficients(grown), kano.coefficients(counts)
    known = ~np.isnan(before)
    assert (better[known] <= before[known] + 1e-9).all() and (worse[known] <= less[known] + 1e-9).all()


@quick
@given(tables)
def test_the_coefficients_stay_within_their_bounds(counts: Floats) -> None:
    better, worse = kano.coefficients(counts)
    known = ~np.isnan(better)
    assert ((better[known] >= 0) & (better[known] <= 1)).all()
    assert ((worse[known] >= -1) & (worse[known] <= 0)).all()


def test_the_classes_of_the_survey_are_counted_as_a_loop_counts_them(
    survey: pd.DataFrame, answers: source.Answers
) -> None:
    """The first feature once more, a patient at a time by the words of the table."""
    found = dict.fromkeys("AOMIRQ", 0)
    for row in survey[survey["answered"]].dropna(subset=["with_clean", "without_clean"]).to_dict("records"):
        w, o = int(row["with_clean"]), int(row["without_clean"])
        if w == o and w in (1, 5):
            found["Q"] += 1
        elif w == 5 or o == 1:
            found["R"] += 1
        elif w == 1:
            found["O" if o == 5 else "A"] += 1
        else:
            found["M" if o == 5 else "I"] += 1
    counted = kano.classify(answers, kano.KanoRule()).counts[0]
    assert counted.tolist() == list(map(float, found.values()))


# Gaps -----------------------------------------------------------------------------------------------------------------


def test_a_weighted_gap_by_hand() -> None:
    """0.5·(−1) + 0.3·(−0.6) + 0.2·0.4 = −0.6; an unknown one is left out with its weight: −0.68 ÷ 0.8 = −0.85."""
    weights = np.array([0.5, 0.3, 0.2])
    assert gaps.weighted_gap(np.array([-1, -0.6, 0.4]), weights) == pytest.approx(-0.6)
    assert gaps.weighted_gap(np.array([-1, -0.6, NAN]), weights) == pytest.approx(-0.85)
    assert np.isnan(gaps.weighted_gap(np.full(3, NAN), weights))


def test_the_best_place_is_taken_dimension_by_dimension(answers: source.Answers) -> None:
    g = gaps.compare(answers, gaps.GapRule(against="best"))
    for k in range(len(source.DIMENSIONS)):
        means = [np.nanmean(answers.other[answers.other_place == place, k]) for place in source.OTHERS]
        assert g.yardstick[k] == pytest.approx(max(means)) and g.model[k] == int(np.argmax(means))


def test_a_place_with_too_few_raters_is_not_compared_with(survey: pd.DataFrame) -> None:
    known = source.prepare(few(survey, gaps.FEWEST - 1, other_place="city"))
    g = gaps.compare(known, gaps.GapRule(against="best"))
    assert g.raters.tolist() == [gaps.FEWEST - 1, 0, 0] and (g.model == -1).all() and np.isnan(g.gap).all()
    assert all(np.isnan(value) for name, value in gaps.headline(g).items() if name in ("overall", "largest"))
    more = source.prepare(few(survey, gaps.FEWEST, other_place="city"))
    assert not (gaps.compare(more, gaps.GapRule(against="best")).model == -1).all()


def test_against_expectations_the_gap_is_experience_less_expectation(answers: source.Answers) -> None:
    g = gaps.compare(answers, gaps.GapRule())
    assert g.gap == pytest.approx(np.nanmean(answers.found, axis=0) - np.nanmean(answers.expected, axis=0))


def test_an_improvement_raises_responsiveness_alone_and_stops_at_ten(answers: source.Answers) -> None:
    before, after = (gaps.compare(answers, gaps.GapRule(better=more)).ours for more in (0, 1.5))
    moved = after - before
    assert moved.round(9).tolist() == [0, 0, 1.5, 0, 0]
    top = gaps.compare(answers, gaps.GapRule(better=3)).ours[2]
    assert top == pytest.approx(min(before[2] + 3, 10))
