"""Is a student's progress kept across restarts, never lost, and is each answer a review as FSRS counts them?"""

import math
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fsrs import Card, Rating, Scheduler
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from crmlib.core.errors import UserError
from crmlib.learning.progress import (
    SCHEDULER,
    Attempt,
    Standing,
    as_table,
    attempts,
    by_topic,
    due,
    is_due,
    misconceptions,
    rating,
    record,
)

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def attempt(item: str = "tiers.veto", day: float = 0, earned: float = 2, **more: object) -> Attempt:
    verdict = "right" if earned else "mistake"
    return Attempt(MONDAY + timedelta(days=day), item, 7, verdict, earned, 2, **more)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine" / "progress.jsonl"


def test_what_is_recorded_is_read_again(path: Path) -> None:
    first, second = attempt(misconception="总量", hints=1), attempt("loyalty.nps", 1, 0)
    record(second, path)
    record(first, path)
    assert attempts(path) == ([first, second], "")


def test_without_a_file_there_is_nothing_to_say(path: Path) -> None:
    assert attempts(path) == ([], "")


@pytest.mark.parametrize("junk", [b"{", b"\xff\xfe", b'{"at": 1}', b"null", b'{"item": "x"}\x00'])
def test_a_damaged_line_is_set_aside_and_costs_no_other(path: Path, english: None, junk: bytes) -> None:
    record(attempt(), path)
    before = path.read_bytes() + junk + b"\n"
    path.write_bytes(before)
    record(attempt(day=1), path)
    found, said = attempts(path)
    assert [a.at for a in found] == [MONDAY, MONDAY + timedelta(days=1)]
    assert said.startswith(
        "1 line of your progress could not be read; the file as it was is kept as progress-damaged-1"
    )
    assert junk in (path.parent / "progress-damaged-1.jsonl").read_bytes()
    assert attempts(path) == (found, "")


def test_a_line_cut_off_by_a_crash_stays_alone(path: Path, english: None) -> None:
    record(attempt(), path)
    path.write_bytes(path.read_bytes() + path.read_bytes()[:40])
    record(attempt(day=1), path)
    found, said = attempts(path)
    assert len(found) == 2
    assert "1 line" in said


def test_files_set_aside_never_replace_one_another(path: Path) -> None:
    for _time in range(3):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"junk\n")
        attempts(path)
    assert len(list(path.parent.glob("progress-damaged-*.jsonl"))) == 3


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, english: None) -> None:
    (tmp_path / "mine").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="Your progress cannot be saved in"):
        record(attempt(), tmp_path / "mine" / "progress.jsonl")


def test_a_full_disk_is_said(path: Path, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        record(attempt(), path)


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_bytes_break_the_reading(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("p") / "progress.jsonl"
    path.write_bytes(b"\n".join(lines))
    found, _said = attempts(path)
    assert found == []
    kept = b"".join(p.read_bytes() for p in path.parent.glob("progress-damaged-*.jsonl"))
    assert all(line in kept for line in lines if line.strip())


def days_until_due(found: list[Attempt]) -> float:
    return (due(found)["tiers.veto"] - found[-1].at) / timedelta(days=1)


def test_an_item_answered_right_when_due_rests_longer_each_time_as_fsrs_6_says() -> None:
    """By hand: a first good answer has a stability of 2.3065 days; the next ones follow from the formulas of FSRS-6."""
    found, rests = [attempt()], []
    for _review in range(4):
        rests.append(days_until_due(found))
        found.append(attempt(day=(due(found)["tiers.veto"] - MONDAY) / timedelta(days=1)))
    assert rests == [2, 11, 46, 163]


def test_the_second_interval_is_that_of_the_published_formula() -> None:
    """S' = S (1 + e^w8 (11 - D) S^-w9 (e^((1 - R) w10) - 1)) with D of a good first answer and R after 2 days."""
    w = DEFAULT_PARAMETERS
    stability, difficulty = w[2], w[4] - math.exp(w[5] * 2) + 1
    factor = 0.9 ** (-1 / w[20]) - 1
    known = (1 + factor * 2 / stability) ** -w[20]
    gain = math.exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (math.exp((1 - known) * w[10]) - 1)
    assert days_until_due([attempt(), attempt(day=2)]) == round(stability * (1 + gain))


def test_the_scheduler_has_its_default_parameters_and_nothing_random() -> None:
    assert SCHEDULER.parameters == Scheduler().parameters and not SCHEDULER.enable_fuzzing
    found = [attempt(day=day) for day in (0, 3, 20)]
    assert len({due(found)["tiers.veto"] for _time in range(20)}) == 1


def test_five_right_answers_on_a_day_are_hardly_more_than_one() -> None:
    found = [attempt(day=n / 1000) for n in range(5)]
    assert days_until_due(found) == days_until_due(found[:1])


def test_a_wrong_answer_is_asked_again_on_the_same_day_and_then_rests_less() -> None:
    found = [attempt(), attempt(day=2), attempt(day=13, earned=0)]
    assert is_due(due(found)["tiers.veto"], found[-1].at)
    assert days_until_due([*found, attempt(day=13.1)]) < days_until_due(found[:2])


@pytest.mark.parametrize(
    ("earned", "hints", "rated"),
    [(2, 0, Rating.Good), (2, 1, Rating.Hard), (1.5, 1, Rating.Hard), (1.2, 0, Rating.Hard), (1.19, 0, Rating.Again)],
)
def test_hints_and_parts_of_the_points_make_an_answer_a_hard_one_or_none(
    earned: float, hints: int, rated: Rating
) -> None:
    assert rating(attempt(earned=earned, hints=hints)) == rated


def test_a_first_right_answer_with_a_hint_is_asked_again_on_the_same_day() -> None:
    assert is_due(due([attempt(earned=1.5, hints=1)])["tiers.veto"], MONDAY)


def test_a_file_of_the_time_of_leitners_boxes_is_read_on(path: Path) -> None:
    """Its lines are what they were: each is a review by FSRS."""
    old = """\
{"at": "2026-03-02T09:00:00+00:00", "item": "tiers.veto", "seed": 7, "verdict": "right", "earned": 2.0, "points": 2.0,\
 "misconception": "", "hints": 0, "mode": "practice"}
{"at": "2026-03-04T17:00:00+08:00", "item": "tiers.veto", "seed": 8, "verdict": "right", "earned": 2.0, "points": 2.0,\
 "misconception": "", "hints": 0, "mode": "exam"}
"""
    path.parent.mkdir()
    path.write_text(old)
    found, said = attempts(path)
    card = Card(0)
    for one in found:
        card, _log = SCHEDULER.review_card(card, Rating.Good, one.at.astimezone(UTC))
    assert (due(found), said) == ({"tiers.veto": card.due}, "")
    assert card.due == MONDAY + timedelta(days=2 + 11)


def test_a_time_that_no_clock_shows_is_damage_and_harms_nothing(path: Path, english: None) -> None:
    record(attempt(), path)
    path.write_text(
        path.read_text() + path.read_text().replace("2026", "9999") + path.read_text().replace("2026", "0001")
    )
    found, said = attempts(path)
    assert len(due(found)) == 1 and said.startswith("2 lines")


def test_the_day_is_that_of_the_students_clock() -> None:
    china = timezone(timedelta(hours=8))
    evening = datetime(2026, 3, 2, 22, tzinfo=china)
    assert is_due(datetime(2026, 3, 2, 15, 59, tzinfo=UTC), evening)
    assert not is_due(datetime(2026, 3, 2, 16, 1, tzinfo=UTC), evening)


@given(minute=st.integers(0, 24 * 60 - 1), known=st.booleans(), before=st.booleans())
def test_what_is_asked_again_at_once_is_asked_on_the_day_at_any_hour(minute: int, known: bool, before: bool) -> None:
    """At 23:55 too: an answer not known is due ten minutes later, one known with a hint at first sight fifteen."""
    at = MONDAY.replace(hour=minute // 60, minute=minute % 60)
    past = [replace(attempt(), at=at - timedelta(days=30))] if before and not known else []
    found = [*past, replace(attempt(earned=2 * known, hints=int(known)), at=at)]
    assert is_due(due(found)["tiers.veto"], at)
    found.append(replace(attempt(), at=at + timedelta(seconds=30)))
    assert not is_due(due(found)["tiers.veto"], found[-1].at), "known now, it rests"


def test_what_rests_for_a_day_is_not_asked_twice_on_it() -> None:
    """Not known just after midnight, known a minute later: it rests to the next day, and late in the evening too."""
    found = [replace(attempt(earned=earned), at=MONDAY.replace(hour=0, minute=5 + earned // 2)) for earned in (0, 2)]
    assert due(found)["tiers.veto"] == found[-1].at + timedelta(days=1)
    assert not is_due(due(found)["tiers.veto"], MONDAY.replace(hour=23, minute=59))


def test_the_most_urgent_is_first() -> None:
    found = [attempt("b.x", -5), attempt("a.x", 0), attempt("d.x", 0), attempt("c.x", 0, earned=0)]
    assert list(due(found)) == ["b.x", "c.x", "a.x", "d.x"]


def test_a_topic_counts_the_last_attempt_at_each_item() -> None:
    found = [attempt(earned=0), attempt(day=1), attempt("tiers.boundary", 1, earned=0)]
    sizes = {"tiers": 30, "own": 25}
    at = MONDAY + timedelta(days=1)
    assert by_topic(found, sizes, at) == [Standing("tiers", 2, 30, 2, 4, 1), Standing("own", 0, 25, 0, 0, 0)]


def test_misconceptions_that_have_been_mended_are_not_held_against_anyone() -> None:
    found = [
        attempt(earned=0, misconception="total"),
        attempt("tiers.abc", 0, 0, misconception="total"),
        attempt(day=1),
    ]
    assert misconceptions(found) == {("tiers", "total"): 1}


def test_the_export_has_a_row_an_attempt() -> None:
    table = as_table([attempt(misconception="=1+1")])
    assert table.iloc[0].tolist() == [
        "2026-03-02 09:00:00", "tiers.veto", "tiers", 7, "right", 2, 2, "=1+1", 0, "practice",
    ]  # fmt: skip
    assert len(as_table([])) == 0
