"""Is a student's progress kept across restarts, never lost, and does review follow Leitner's boxes?"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.core.errors import UserError
from crmlib.learning.progress import (
    REST,
    Attempt,
    Standing,
    as_table,
    attempts,
    by_topic,
    due,
    misconceptions,
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


def test_an_item_answered_right_rests_longer_each_time() -> None:
    found, day = [], 0.0
    for rest in REST[1:]:
        found.append(attempt(day=day))
        assert due(found) == {"tiers.veto": MONDAY + timedelta(days=day + rest)}
        day += rest
    found.append(attempt(day=day))
    assert due(found) == {"tiers.veto": MONDAY + timedelta(days=day + REST[-1])}


def test_five_right_answers_in_a_row_are_one_review() -> None:
    found = [attempt(day=n / 1000) for n in range(5)]
    assert due(found) == {"tiers.veto": MONDAY + timedelta(days=REST[1])}


def test_a_wrong_answer_goes_back_to_the_first_box() -> None:
    found = [attempt(), attempt(day=1), attempt(day=4, earned=0)]
    assert due(found) == {"tiers.veto": MONDAY + timedelta(days=4)}
    assert due([*found, attempt(day=4.1)]) == {"tiers.veto": MONDAY + timedelta(days=4.1 + REST[1])}


def test_a_right_answer_with_a_hint_is_due_again_at_once() -> None:
    assert due([attempt(earned=1.5, hints=1)]) == {"tiers.veto": MONDAY}


def test_the_most_urgent_is_first() -> None:
    found = [attempt("a.x", 0), attempt("b.x", -5), attempt("c.x", 0, earned=0)]
    assert list(due(sorted(found, key=lambda a: a.at))) == ["b.x", "c.x", "a.x"]


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
