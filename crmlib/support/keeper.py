"""Put new files in their places for a program that may be killed meanwhile: all of them, or none and no trace.

A process of its own, which outlives the one it works for; run by :func:`crmlib.support.files.together`, not imported.
It is given the folder in which new files are gathered and waits for one line: what to put where. If the line never
comes, because the program has ended or was killed, the folder goes. With the line all is done or, where something is in
the way, undone; what was replaced is kept in the folder until then. It answers with a line: what stopped it.
"""

import json
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def settle(gathered: Path, orders: dict[str, Any]) -> None:
    """Carry out orders, or undo what was done of them.

    Args:
        gathered: folder for what makes room.
        orders: ``gone``: files to take away; ``moves``: pairs of paths, from where to where; ``modes``: pairs of a path
            and its permissions.

    Raises:
        OSError: something is in the way; all is as it was.
    """
    done: list[tuple[Path, Path]] = []
    room = gathered / "old"
    room.mkdir()
    try:
        for path in map(Path, orders["gone"]):
            _move(path, room / str(len(done)), done)
        for start, end in ((Path(start), Path(end)) for start, end in orders["moves"]):
            if os.path.lexists(end):
                _move(end, room / str(len(done)), done)
            _move(start, end, done)
    except BaseException:
        for start, end in reversed(done):
            os.replace(end, start)
        raise
    for path, mode in orders["modes"]:
        with suppress(OSError):  # a file system without permissions, or a folder of somebody else's
            Path(path).chmod(mode)


def _move(start: Path, end: Path, done: list[tuple[Path, Path]]) -> None:
    os.replace(start, end)
    done.append((start, end))


def main() -> None:
    """Wait for the orders; then carry them out, or clear away what was gathered."""
    gathered = Path(sys.argv[1])
    try:
        line = sys.stdin.readline()
        if line.endswith("\n"):
            settle(gathered, json.loads(line))
            answer: list[Any] = []
    except OSError as refusal:
        answer = [refusal.errno, refusal.strerror, refusal.filename2 or refusal.filename]
    finally:
        shutil.rmtree(gathered, ignore_errors=True)
    if line:
        with suppress(OSError):  # nobody may be there any more to hear it
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
