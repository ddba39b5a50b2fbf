"""A sitting of the mock exam, kept in the student's own folder: what was asked, answered and when, and what it came to.

``exams/`` beside the progress holds a file a sitting. It is written whole, and merged with what another kernel wrote in
between: of each question the newest answer stands, and a paper handed in stays handed in.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _
from crmlib.items.credit import Given as Given
from crmlib.learning import progress
from crmlib.support.files import atomic_write, locked

LATEST = 4e9
"""Seconds since 1970 that no clock of a student shows."""
V = TypeVar("V")


@dataclass(frozen=True)
class Sitting:
    """A sitting; times are seconds since 1970, questions go by their position on the paper.

    Attributes:
        blueprint, seed, bank: what the paper was drawn by and from.
        items: of each section.
        begun: when the clock began to run.
        given: the answers, each with the time when it was given.
        flags: whether a question is flagged, and since when.
        handed: when it was handed in.
        marks: points of the questions that are marked.
        levels: which levels of the rubric the student chose for answers in words.
        points: that the paper has.
    """

    blueprint: str
    seed: int
    bank: str
    items: dict[str, list[str]]
    begun: Annotated[float, Field(ge=0, le=LATEST, allow_inf_nan=False)] = 0.0
    given: dict[int, tuple[Given, float]] = field(default_factory=dict)
    flags: dict[int, tuple[bool, float]] = field(default_factory=dict)
    handed: float | None = None
    marks: dict[int, float] = field(default_factory=dict)
    levels: dict[int, list[int]] = field(default_factory=dict)
    points: float = 0.0

    @property
    def path(self) -> Path:
        """Where it is kept."""
        begun = datetime.fromtimestamp(self.begun, UTC)
        return _folder() / f"{self.blueprint}-{begun:%Y%m%d-%H%M%S}-{self.seed}.json"

    @property
    def date(self) -> str:
        """When it was begun, by the clock of the computer."""
        return f"{datetime.fromtimestamp(self.begun):%Y-%m-%d %H:%M}"

    def with_answer(self, place: int, value: Given, at: float) -> "Sitting":
        """Return it with an answer."""
        return replace(self, given={**self.given, place: (value, at)})

    def with_flag(self, place: int, flagged: bool, at: float) -> "Sitting":
        """Return it with a flag set or taken away."""
        return replace(self, flags={**self.flags, place: (flagged, at)})

    def with_mark(self, place: int, points: float, levels: list[int]) -> "Sitting":
        """Return it with the student's own marks for an answer in words."""
        return replace(self, marks={**self.marks, place: points}, levels={**self.levels, place: levels})

    def merged(self, other: "Sitting") -> "Sitting":
        """Return it with what another kernel has written of the same sitting."""
        ends = [end for end in (self.handed, other.handed) if end is not None]
        return replace(
            self,
            given=_newest(self.given, other.given),
            flags=_newest(self.flags, other.flags),
            handed=min(ends, default=None),
            marks={**self.marks, **other.marks},
            levels={**self.levels, **other.levels},
        )


_SITTING: TypeAdapter[Sitting] = TypeAdapter(Sitting)


def _newest(ours: Mapping[int, tuple[V, float]], theirs: Mapping[int, tuple[V, float]]) -> dict[int, tuple[V, float]]:
    return {**ours, **{place: one for place, one in theirs.items() if place not in ours or one[1] > ours[place][1]}}


def _folder() -> Path:
    return progress.progress_file().with_name("exams")


def keep(sitting: Sitting) -> Sitting:
    """Write a sitting, merged with what is kept of it, and return it so.

    Raises:
        UserError: it cannot be written.
    """
    path = sitting.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            if kept := _read(path):
                sitting = sitting.merged(kept)
            atomic_write(path, json.dumps(asdict(sitting), indent=1))
    except OSError as why:
        said = _("Your answers cannot be kept in {file}: {why}.")
        raise UserError(said.format(file=path, why=reason(why))) from None
    return sitting


def kept(blueprint: str) -> list[Sitting]:
    """Return the sittings of a blueprint, the oldest first; a file that cannot be read is left alone."""
    found = filter(None, map(_looked_at, _folder().glob("*.json")))
    return sorted((one for one in found if one.blueprint == blueprint), key=lambda one: one.begun)


def changed(sitting: Sitting) -> int:
    """Return a number that is another one after each writing of a sitting."""
    try:
        return sitting.path.stat().st_mtime_ns
    except OSError:
        return 0


def again(sitting: Sitting) -> Sitting:
    """Return a sitting with what is kept of it by now."""
    found = _looked_at(sitting.path)
    return sitting.merged(found) if found else sitting


def _looked_at(path: Path) -> Sitting | None:
    with suppress(OSError):
        return _read(path)
    return None


def _read(path: Path) -> Sitting | None:
    """Return what a file holds, if it is there and whole.

    Raises:
        OSError: the file is there and cannot be read; it must not be written over then.
    """
    try:
        return _SITTING.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
