"""A student's progress: every attempt a line of a file in their own folder, and what follows from them.

``mine/progress.jsonl`` is only ever added to. A line that cannot be read never costs the others: the file is set aside
under another name as it was, and the lines that can be read begin a new one.

When an item is to be reviewed follows from all answers to it by FSRS (Free Spaced Repetition Scheduler, version 6, with
its default parameters and nothing random): the library ``fsrs`` estimates when the student would still know it in nine
cases of ten.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

import pandas as pd
from fsrs import Card, Rating, Scheduler, State
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _, ngettext
from crmlib.core.paths import own_folder

SOON = timedelta(minutes=10)
"""The step after which FSRS asks an item again that was answered wrong; one right at first sight rests for days."""
SCHEDULER = Scheduler(learning_steps=(SOON,), relearning_steps=(SOON,), maximum_interval=365, enable_fuzzing=False)
PASSED = 0.6
"""The share of its points from which an answer is a pass, though a laborious one."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between these lies every answer; a line with another time is damaged."""


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

    at: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
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


def today() -> datetime:
    """Return the time as the computer's clock shows it: its day is the student's."""
    return now().astimezone()


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


def rating(attempt: Attempt) -> Rating:
    """Return an answer as FSRS rates it: good if whole and without a hint, hard if a pass, else not known."""
    if attempt.earned >= attempt.points and not attempt.hints:
        return Rating.Good
    return Rating.Hard if attempt.earned >= PASSED * attempt.points else Rating.Again


def known(attempt: Attempt) -> bool:
    """Tell whether an answer is a pass, be it a laborious one."""
    return rating(attempt) is not Rating.Again


def due(found: Iterable[Attempt]) -> dict[str, datetime]:
    """Return when each item tried so far is due again, in UTC, the most urgent first.

    One that rests for minutes only is due from its last answer on: it belongs to that day, at 23:55 too.

    Args:
        found: all attempts, the oldest first; each is a review.
    """
    cards: dict[str, Card] = {}
    for attempt in found:
        card, at = cards.get(attempt.item) or Card(0), attempt.at.astimezone(UTC)
        cards[attempt.item], _log = SCHEDULER.review_card(card, rating(attempt), at)
    again = {
        item: card.due if card.state is State.Review else card.last_review or card.due for item, card in cards.items()
    }
    return dict(sorted(again.items(), key=lambda one: (one[1], one[0])))


def day(when: datetime, at: datetime) -> date:
    """Return the day of a time, as the time zone of ``at`` counts days."""
    return when.astimezone(at.tzinfo).date()


def is_due(when: datetime, at: datetime) -> bool:
    """Tell whether what is due at a time is to be reviewed on the day of ``at``."""
    return day(when, at) <= at.date()


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
        at: the time now; what is due counts by its day.
    """
    found = list(found)
    last, again = last_of_each(found), due(found)
    rows = []
    for topic, size in sizes.items():
        ours = [attempt for attempt in last.values() if attempt.topic == topic]
        earned, points = sum(a.earned for a in ours), sum(a.points for a in ours)
        waiting = sum(is_due(again[a.item], at) for a in ours)
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
