"""A student's progress: every attempt a line of a file in their own folder, and what follows from them.

``mine/progress.jsonl`` is only ever added to. A line that cannot be read never costs the others: the file is set aside
under another name as it was, and the lines that can be read begin a new one.

What to review next follows Leitner's boxes (Leitner 1972): an item answered right without a hint when it was due moves
up a box and rests longer; answered wrong it goes back to the first.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _, ngettext
from crmlib.core.paths import own_folder

REST = (0, 1, 3, 7, 16, 35)
"""Days that an item rests in each of Leitner's boxes."""


@dataclass(frozen=True)
class Attempt:
    """One answer to one item.

    Attributes:
        at: when, in UTC, to the second.
        item: its id.
        seed: what its numbers were drawn with.
        verdict: right, mistake, wrong, or marked for an answer in words.
        earned, points: of how many points how many.
        misconception: the name of the one the answer shows, if it shows one.
        hints: how many were taken.
        mode: practice or exam.
    """

    at: AwareDatetime
    item: str
    seed: int
    verdict: str
    earned: float
    points: float
    misconception: str = ""
    hints: int = 0
    mode: str = "practice"

    @property
    def topic(self) -> str:
        """The topic of the item."""
        return self.item.partition(".")[0]


_ATTEMPT: TypeAdapter[Attempt] = TypeAdapter(Attempt)


def now() -> datetime:
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def progress_file() -> Path:
    """Return where the student's progress is kept."""
    return own_folder() / "mine" / "progress.jsonl"


def record(attempt: Attempt, path: Path | None = None) -> None:
    """Add an attempt to the student's progress.

    Raises:
        UserError: the file cannot be written; the attempt is then not kept.
    """
    path = path or progress_file()
    line = json.dumps(asdict(attempt) | {"at": attempt.at.isoformat()}, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _append(path, line)
    except OSError as why:
        said = _("Your progress cannot be saved in {file}: {why}.")
        raise UserError(said.format(file=path, why=reason(why))) from None


def _append(path: Path, text: str) -> None:
    """Add lines in one write; a line that was cut off before them stays a line of its own."""
    with path.open("ab+") as file:
        if end := file.seek(0, os.SEEK_END):
            file.seek(end - 1)
            text = text if file.read(1) == b"\n" else f"\n{text}"
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def attempts(path: Path | None = None) -> tuple[list[Attempt], str]:
    """Return the attempts so far, the oldest first, and what is to be said about the file, if anything.

    Raises:
        UserError: the file is there and cannot be opened.
    """
    path = path or progress_file()
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as why:
        raise UserError(
            _("Your progress in {file} cannot be read: {why}.").format(file=path, why=reason(why))
        ) from None
    found, damaged = [], 0
    for line in filter(bytes.strip, lines):
        try:
            found.append(_ATTEMPT.validate_json(line))
        except ValidationError:
            damaged += 1
    said = _set_aside(path, found, damaged) if damaged else ""
    return sorted(found, key=lambda attempt: attempt.at), said


def so_far() -> tuple[list[Attempt], str]:
    """Return the student's attempts and what is to be said about their file; none where it cannot be opened."""
    try:
        return attempts(progress_file())
    except UserError as refusal:
        return [], str(refusal)


def _set_aside(path: Path, found: Iterable[Attempt], damaged: int) -> str:
    """Keep a damaged file under another name, begin a new one with what could be read, and say so."""
    number = 1
    while (aside := path.with_name(f"{path.stem}-damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(aside)
        _append(path, "".join(_ATTEMPT.dump_json(attempt).decode() + "\n" for attempt in found))
    except OSError as why:
        return _("{file} is damaged and cannot be set aside: {why}.").format(file=path, why=reason(why))
    said = ngettext(
        "{n} line of your progress could not be read; the file as it was is kept as {aside}, the rest goes on.",
        "{n} lines of your progress could not be read; the file as it was is kept as {aside}, the rest goes on.",
        damaged,
    )
    return said.format(n=damaged, aside=aside.name)


def last_of_each(found: Iterable[Attempt]) -> dict[str, Attempt]:
    """Return the last attempt at each item."""
    return {attempt.item: attempt for attempt in found}


def due(found: Iterable[Attempt]) -> dict[str, datetime]:
    """Return when each item tried so far is due again, the most urgent first.

    An item answered right before it was due stays in its box: answering it five times in a row is not five reviews.
    """
    box: dict[str, int] = defaultdict(int)
    again: dict[str, datetime] = {}
    for attempt in found:
        right = attempt.earned >= attempt.points and not attempt.hints
        if not right:
            box[attempt.item] = 0
        elif attempt.at >= again.get(attempt.item, attempt.at):
            box[attempt.item] = min(box[attempt.item] + 1, len(REST) - 1)
        else:
            continue
        again[attempt.item] = attempt.at + timedelta(days=REST[box[attempt.item]])
    return dict(sorted(again.items(), key=lambda one: one[1]))


class Standing(NamedTuple):
    """How a student stands in a topic: items tried of how many, points of their last attempts, items due."""

    topic: str
    tried: int
    items: int
    earned: float
    points: float
    due: int


def by_topic(found: Iterable[Attempt], sizes: Mapping[str, int], at: datetime) -> list[Standing]:
    """Return how a student stands in each topic.

    Args:
        found: the attempts.
        sizes: number of items by topic; a topic that was never tried has its row too.
        at: the time now.
    """
    found = list(found)
    last, again = last_of_each(found), due(found)
    rows = []
    for topic, size in sizes.items():
        ours = [attempt for attempt in last.values() if attempt.topic == topic]
        earned, points = sum(a.earned for a in ours), sum(a.points for a in ours)
        waiting = sum(again[a.item] <= at for a in ours if a.item in again)
        rows.append(Standing(topic, len(ours), max(size, len(ours)), earned, points, waiting))
    return rows


def misconceptions(found: Iterable[Attempt]) -> Counter[tuple[str, str]]:
    """Return how often each misconception showed in the last attempt at an item, by topic and name."""
    return Counter((a.topic, a.misconception) for a in last_of_each(found).values() if a.misconception)


def as_table(found: Iterable[Attempt]) -> pd.DataFrame:
    """Return all attempts as a table to export, a row an attempt."""
    columns = ["at", "item", "topic", "seed", "verdict", "earned", "points", "misconception", "hints", "mode"]
    rows = [{**asdict(a), "topic": a.topic, "at": a.at.strftime("%Y-%m-%d %H:%M:%S")} for a in found]
    return pd.DataFrame(rows, columns=columns)
