"""Do minutes and guesses earn what they earn by hand, and do odd rows of a list of marks do no harm?"""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.exam.models import guessing, minutes, sittings
from crmlib.core.errors import DataError
from crmlib.tables.data import load

FEW = settings(max_examples=60, deadline=None)
PAPER = {"choice": (20, 40), "true_false": (15, 15), "short": (4, 20), "essay": (2, 10), "case": (4, 15)}


def student(id: str, **sections: tuple[float | None, int, float]) -> pd.DataFrame:
    """Return a student's rows: minutes, questions answered and points of each section."""
    rows = [(id, name, *PAPER[name], *sections[name]) for name in sections]
    columns = ["student_id", "section", "questions", "points", "minutes", "answered", "earned"]
    return pd.DataFrame(rows, columns=columns)


def steady(id: str = "A") -> pd.DataFrame:
    """Return a student who takes 20 minutes for each section and earns half of everything."""
    return student(id, **{name: (20.0, questions, points / 2) for name, (questions, points) in PAPER.items()})


def plan(**inputs: object) -> minutes.MinutesPlan:
    given = {f"for_{name}": 20 for name in PAPER} | {"minutes": 100, "kept": 0} | inputs
    return minutes.MinutesPlan(**given)  # type: ignore[arg-type]


def test_who_has_the_time_she_needs_earns_what_she_knows() -> None:
    answer = minutes.run(sittings.prepare(steady()), plan())
    assert answer.reached.tolist() == [[1.0] * 5] and answer.marks.tolist() == pytest.approx([50.0])
    assert answer.spare.tolist() == pytest.approx([0.0])


def test_what_is_not_reached_is_lost_in_proportion_and_what_is_saved_passes_on() -> None:
    """Choice gets 10 of 20 minutes: half of 20 points. True or false gets 30, and 10 pass on to the short answers."""
    given = plan(for_choice=10, for_true_false=30, for_short=10, for_essay=20, for_case=30)
    answer = minutes.run(sittings.prepare(steady()), given)
    assert answer.reached.tolist() == [pytest.approx([0.5, 1, 1, 1, 1])]
    assert answer.marks.tolist() == pytest.approx([10 + 7.5 + 10 + 5 + 7.5]) and answer.spare.tolist() == [10.0]
    assert minutes.parts(answer)[2].tolist() == pytest.approx([10, 0, 0, 0, 0])


def test_a_guess_earns_a_quarter_of_a_choice_and_half_of_a_statement() -> None:
    """Half of choice is not reached: 20 points × 1/4 = 5. Three quarters of true or false: 11.25 × 1/2 = 5.625."""
    given = plan(for_choice=10, for_true_false=5, for_short=20, for_essay=20, for_case=45, blanks="guessed")
    guessed = minutes.run(sittings.prepare(steady()), given).guessed
    assert guessed.tolist() == [pytest.approx([5.0, 5.625, 0, 0, 0])]


def test_what_a_minute_earns_is_points_times_share_by_time() -> None:
    """15 points, half earned in 20 minutes: 0.375 a minute; at 80% of the time 0.46875."""
    prepared = sittings.prepare(steady())
    assert minutes.a_minute(prepared)[1] == pytest.approx(0.375)
    assert minutes.a_minute(prepared, 80)[1] == pytest.approx(0.46875)


@FEW
@given(
    st.lists(st.integers(1, 60), min_size=5, max_size=5), st.integers(30, 240), st.integers(0, 25),
    st.sampled_from(["paper", "written"]), st.sampled_from(["left", "guessed"]), st.integers(12, 28),
)  # fmt: skip
def test_points_go_somewhere_and_more_time_never_costs(
    shares: list[int], total: int, kept: int, order: str, blanks: str, pace: int
) -> None:
    prepared = sittings.prepare(load("mock_sittings"))
    inputs = {f"for_{name}": share for name, share in zip(PAPER, shares, strict=True)}
    given = {**inputs, "kept": kept, "order": order, "blanks": blanks, "pace": 5 * pace}
    answer = minutes.run(prepared, plan(**given, minutes=total))
    found = minutes.parts(answer)
    assert found.sum(axis=0) == pytest.approx([40, 15, 20, 10, 15]) and (found >= -1e-9).all()
    assert answer.given.sum() == pytest.approx(total - kept)
    assert (answer.marks <= 100 + 1e-9).all() and (answer.reached <= 1).all() and (answer.reached >= 0).all()
    longer = minutes.run(prepared, plan(**given, minutes=min(total + 20, 240)))
    assert (longer.known.sum(axis=1) >= answer.known.sum(axis=1) - 1e-9).all()


def test_students_without_an_answer_or_a_section_are_left_out_and_counted() -> None:
    nothing = student("B", **dict.fromkeys(PAPER, (0.0, 0, 0.0)))
    torn = steady("C").iloc[:4]
    found = sittings.prepare(pd.concat([steady("A"), nothing, torn], ignore_index=True))
    assert (found.ids.tolist(), found.absent, found.torn) == (["A"], 1, 1)


def test_a_pace_that_is_not_known_is_the_median_of_those_that_are() -> None:
    quick = student("B", **{name: (10.0, questions, points / 2) for name, (questions, points) in PAPER.items()})
    slow = student("C", **{name: (30.0, questions, points / 2) for name, (questions, points) in PAPER.items()})
    unknown = student("D", **{name: (None, questions, points / 2) for name, (questions, points) in PAPER.items()})
    found = sittings.prepare(pd.concat([quick, slow, unknown], ignore_index=True))
    assert found.pace[2] == pytest.approx((found.pace[0] + found.pace[1]) / 2)


@pytest.mark.parametrize("column", ["answered", "earned"])
def test_more_than_there_is_is_refused_with_the_student(column: str, english: None) -> None:
    table = steady("S7")
    table.loc[3, column] = 11
    with pytest.raises(DataError, match=f"Student S7, section essay: {column} is 11"):
        sittings.prepare(table)


def test_papers_that_differ_and_times_that_nobody_took_are_refused(english: None) -> None:
    other = steady("B")
    other.loc[0, "points"] = 50.0
    with pytest.raises(DataError, match="Section choice: all students must have the same"):
        sittings.prepare(pd.concat([steady(), other], ignore_index=True))
    untimed = steady()
    untimed.loc[4, "minutes"] = np.nan
    with pytest.raises(DataError, match="Section case: nobody has answered a question in a known time"):
        sittings.prepare(untimed)
    with pytest.raises(DataError, match="No student has a row for each of the five sections"):
        sittings.prepare(steady().iloc[:3])


# Guessing -------------------------------------------------------------------------------------------------------------


def test_the_worth_of_a_guess_and_the_penalty_that_takes_it_away_are_those_worked_by_hand() -> None:
    """Four options: 1/4 − 3/4 × 1/3 = 0. Five options, half taken off: 1/5 − 4/5 × 1/2 = −1/5."""
    assert guessing.worth(4) == 0.25 and guessing.worth(4, 1 / 3) == pytest.approx(0)
    assert guessing.worth(5, 0.5) == pytest.approx(-0.2)
    assert [guessing.break_even(n) for n in (2, 3, 5)] == [1, 0.5, 0.25]


@FEW
@given(st.integers(2, 8))
def test_at_the_break_even_penalty_a_guess_is_worth_nothing(options: int) -> None:
    assert guessing.worth(options, guessing.break_even(options)) == pytest.approx(0, abs=1e-12)


@FEW
@given(st.integers(0, 20), st.integers(0, 20), st.integers(4, 6), st.integers(0, 2))
def test_chances_add_up_and_the_mean_is_what_is_known_and_a_share_of_the_rest(
    knows: int, need: int, options: int, eliminated: int
) -> None:
    rule = guessing.GuessRule(knows=knows, need=need, options=options, eliminated=eliminated)
    answer = guessing.run(sittings.prepare(load("mock_sittings")), rule)
    assert answer.chances.sum() == pytest.approx(1)
    assert guessing.headline(answer)["mean"] == pytest.approx(knows + (20 - knows) / (options - eliminated))
    assert 0 <= guessing.passing(answer) <= 1 + 1e-12


def test_the_chance_to_pass_is_that_of_counting_every_outcome() -> None:
    """Knowing 14 of 20, needing 16, four options: two or more lucky of six, of 4^6 equally likely ways."""
    rule = guessing.GuessRule(knows=14, need=16)
    ways = [sum(one == 0 for one in way) >= 2 for way in product(range(4), repeat=6)]
    found = guessing.passing(guessing.run(sittings.prepare(load("mock_sittings")), rule))
    assert found == pytest.approx(sum(ways) / len(ways))


def test_blind_guessing_is_set_aside_by_the_correction() -> None:
    """Who knows 12 of 20 and guesses 8 of four options gets 14 right and 6 wrong on average."""
    known = guessing.corrected(np.array([14.0, 2.0]), np.array([6.0, 18.0]), 4)
    assert known.tolist() == pytest.approx([12.0, 0.0])


def test_a_rule_that_asks_for_more_than_the_paper_has_is_refused(english: None) -> None:
    small = steady()
    small.loc[0, ["questions", "answered"]] = 10
    with pytest.raises(DataError, match="the paper has 10 choices only"):
        guessing.run(sittings.prepare(small), guessing.GuessRule(knows=12))
