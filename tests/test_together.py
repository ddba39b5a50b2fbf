"""A set of files appears together or not at all, whatever stops the program; what was there stays as it was."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crmlib.core.errors import UserError
from crmlib.support import keeper
from crmlib.support.files import NEW, together


def tree(folder: Path) -> dict[str, str]:
    """Return all files below a folder with what is in them, hidden ones too."""
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("there", ["", "out", "out/students", "out/students/p.txt"])
def test_all_files_appear_where_there_is_nothing_or_something(tmp_path: Path, there: str) -> None:
    if there.endswith(".txt"):
        (tmp_path / there).parent.mkdir(parents=True)
        (tmp_path / there).write_text("older")
    elif there:
        (tmp_path / there).mkdir(parents=True)
    with together(tmp_path / "out" / "deeper" / "..", ["instructor"]) as files:
        files.write("students/p.txt", "paper", replace=True)
        assert files.write("instructor/k.txt", b"key") == files.out / "instructor/k.txt"
        assert not (tmp_path / "out" / "instructor").exists()
    assert tree(tmp_path) == {"out/students/p.txt": "paper", "out/instructor/k.txt": "key"}


def test_what_is_private_is_closed_to_others_even_in_a_folder_that_was_open(tmp_path: Path) -> None:
    (tmp_path / "instructor").mkdir(mode=0o755)
    with together(tmp_path, ["instructor", "book.db", "absent"]) as files:
        files.write("instructor/sub/k.txt", "key")
        files.write("book.db", "marks")
        files.write("students/p.txt", "paper")
    assert [mode(tmp_path / name) for name in ("instructor", "instructor/sub")] == [0o700, 0o700]
    assert [mode(tmp_path / name) for name in ("instructor/sub/k.txt", "book.db")] == [0o600, 0o600]
    mask = os.umask(0)
    os.umask(mask)
    assert mode(tmp_path / "students/p.txt") == 0o666 & ~mask


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), ValueError()])
def test_whatever_stops_it_leaves_no_trace(tmp_path: Path, failure: BaseException) -> None:
    (tmp_path / "p.txt").write_text("older")

    def stopped(out: Path) -> None:
        with together(out) as files:
            files.write("p.txt", "newer", replace=True)
            raise failure

    for out in (tmp_path, tmp_path / "not" / "there"):
        with pytest.raises(type(failure)):
            stopped(out)
    assert tree(tmp_path) == {"p.txt": "older"} and len(list(tmp_path.iterdir())) == 1


def test_a_file_that_may_not_be_replaced_is_said_and_nothing_is_written(tmp_path: Path, english: None) -> None:
    (tmp_path / "b.txt").write_text("older")
    files = together(tmp_path)
    made = files.__enter__()
    made.write("a.txt", "newer")
    made.write("b.txt", "newer")
    with pytest.raises(UserError, match=r"b\.txt is there already; nothing was written"):
        files.__exit__(None, None, None)
    assert tree(tmp_path) == {"b.txt": "older"}


@pytest.mark.parametrize(("there", "wanted"), [("a", "a/b.txt"), ("a/b.txt/c", "a/b.txt")])
def test_a_file_never_makes_way_for_a_folder_nor_a_folder_for_a_file(
    tmp_path: Path, english: None, there: str, wanted: str
) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("older")
    with pytest.raises(UserError, match="cannot be written"), together(tmp_path) as files:
        files.write(wanted, "newer", replace=True)
    assert tree(tmp_path) == {there: "older"}


def test_what_is_taken_away_goes_when_the_others_appear(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("older")
    with together(tmp_path) as files:
        files.remove("a.txt")
        files.remove("b.txt")
        files.remove("absent.txt")
        files.write("b.txt", "newer")
        assert (tmp_path / "a.txt").exists()
    assert tree(tmp_path) == {"b.txt": "newer"}


def test_what_cannot_be_done_is_undone(tmp_path: Path) -> None:
    """The second move fails: the first is taken back, and so is what was taken away."""
    gathered, out = tmp_path / "gathered", tmp_path / "out"
    for folder in (gathered, out):
        folder.mkdir()
    for path in (gathered / "a", gathered / "b", out / "a", out / "c"):
        path.write_text(path.parent.name)
    before = tree(out)
    moves = [(gathered / "a", out / "a"), (gathered / "b", out / "no" / "b")]
    orders = {"gone": [str(out / "c")], "moves": [[str(a), str(b)] for a, b in moves], "modes": []}
    with pytest.raises(OSError, match="No such file"):
        keeper.settle(gathered, orders)
    assert tree(out) == before


KILLED = """
import os, signal, sys, time
from pathlib import Path
from crmlib.support import files

write = files.Together.write
stop, count = int(sys.argv[2]), 0
def counted(*given, **more):
    global count
    count += 1
    if count == stop:
        os.killpg(0, signal.SIGKILL)
    return write(*given, **more)
files.Together.write = counted
with files.together(Path(sys.argv[1]), ["instructor"]) as made:
    for n in range(3):
        made.write(f"students/{n}.txt", "new", replace=True)
        made.write(f"instructor/{n}.txt", "new", replace=True)
    if stop == 7:
        os.killpg(0, signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are POSIX's")
@pytest.mark.parametrize("stop", [1, 4, 7])
@pytest.mark.parametrize("there", [True, False])
def test_a_program_killed_with_all_its_group_leaves_no_trace(tmp_path: Path, stop: int, there: bool) -> None:
    out = tmp_path / "exam"
    if there:
        (out / "students").mkdir(parents=True)
        (out / "students" / "0.txt").write_text("old")
    before = tree(tmp_path)
    command = [sys.executable, "-c", KILLED, str(out), str(stop)]
    assert subprocess.run(command, start_new_session=True, check=False).returncode == -signal.SIGKILL
    wait_for_the_keeper(tmp_path)
    assert tree(tmp_path) == before and out.exists() == there


def wait_for_the_keeper(folder: Path) -> None:
    """Wait until what a killed program gathered has been cleared away."""
    while [*folder.glob(f"{NEW}*"), *folder.glob(f"*/{NEW}*")]:
        time.sleep(0.02)
