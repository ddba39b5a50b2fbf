"""A class list: who the students are, and the name of a folder that is safe for each of them on any system.

A file with a row a student, read as any other table of the user's own. Its dictionary is
``crmlib/tables/forms/class_list.yaml``; a column may go by any of the names given there.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category, normalize

import pandas as pd

from crmlib.core.i18n import _, pick
from crmlib.core.inputs import shorten
from crmlib.tables import data
from crmlib.tables.columns import likeness
from crmlib.tables.dictionary import dictionary
from crmlib.tables.issues import Faults, Problem
from crmlib.tables.reading import told

NAME = "class_list"
LONGEST = {"id": 60, "name": 100, "email": 254, "group": 100}
LONGEST_FOLDER = 200
"""Bytes; file systems allow 255, and a name made plain may be longer than the number it is made from."""
DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
JOINERS = "\u200c\u200d"
"""Invisible signs that belong to the spelling of names in some scripts."""


@dataclass(frozen=True)
class Student:
    """One student. ``folder`` is a name made from ``id`` that is safe on any system and no other student's."""

    id: str
    name: str
    email: str = ""
    group: str = ""

    @property
    def folder(self) -> str:
        """The name of the student's folder; empty where ``id`` has nothing a name can be made of."""
        kept = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in normalize("NFKC", self.id))
        kept = kept.strip("._")
        return f"id_{kept}" if DEVICE.fullmatch(kept) else kept


@dataclass(frozen=True)
class ClassList:
    """The students in the order of the file, and sentences on how it was read."""

    students: tuple[Student, ...]
    notes: tuple[str, ...]


def read(path: Path, columns: Iterable[str] = (), beside: Sequence[str] = ()) -> ClassList:
    """Read a class list.

    Args:
        path: a CSV file or a workbook.
        columns: ``wanted=theirs`` for columns that are called otherwise in the file, or ``auto``.
        beside: names of other data sets that this may be about as well.

    Raises:
        DataError: there is no readable table in the file, or the columns do not fit it.
        TableError: a DataError that lists every problem, with rows.
    """
    table = data.read(path, NAME, told(columns, [NAME, *beside])[NAME], _faults)
    rows = table.frame.fillna("").to_dict("records")
    students = [Student(**{str(code): _plain(text) for code, text in row.items()}) for row in rows]
    return ClassList(tuple(students), table.notes)


def _plain(text: str) -> str:
    """Return a cell without blanks around it; any kind of blank within is one space."""
    return re.sub(r"[^\S\t\r\n]+", " ", text).strip()


def _faults(cells: pd.DataFrame) -> Faults:
    """Return what a class list may not hold beside what its dictionary says: problems by row and column."""
    faults = dict(_rivals(cells.columns.tolist()))
    known = [code for code in LONGEST if code in cells]
    rows = [int(row) for row in cells.index]
    for code in known:
        for row, text in zip(rows, map(_plain, cells[code]), strict=True):
            if unusable := _unusable(code, text):
                faults[row, code] = unusable.at(row, code)
    if "id" in known:
        faults |= _clashes({row: Student(_plain(text), "") for row, text in zip(rows, cells["id"], strict=True)})
    return faults


def _rivals(header: list[str]) -> Iterator[tuple[tuple[int, str], Problem]]:
    """Yield a problem for each column that stands in the file under two names."""
    for code, column in dictionary(NAME).columns.items():
        alike = [name for name in header if likeness(name, NAME, code) == 1]
        if len(alike) > 1:
            names = _(", ").join(f"“{shorten(name)}”" for name in alike)
            yield (1, code), Problem.of("alike", 1, code, columns=names, meaning=pick(column.meaning))


def _unusable(code: str, text: str) -> Problem | None:
    """Return why a cell cannot be used, in no place yet; an empty one is for the dictionary to judge."""
    folder = Student(text, "").folder if code == "id" else "x"
    if len(text) > LONGEST[code] or len(folder.encode()) > LONGEST_FOLDER:
        return Problem.of("long", 0, value=text, n=len(text), most=LONGEST[code])
    if any(category(sign)[0] == "C" for sign in text if code == "id" or sign not in JOINERS):
        return Problem.of("unseen", 0, value=text)
    return Problem.of("nameless", 0, value=text) if text and not folder else None


def _clashes(rows: dict[int, Student]) -> Faults:
    """Return a problem for each group of rows with one number, or with numbers that name one folder."""
    same: dict[str, list[int]] = defaultdict(list)
    for row, student in rows.items():
        if student.folder:
            same[normalize("NFKC", student.folder.casefold())].append(row)
    found: Faults = {}
    for folder, twins in ((folder, twins) for folder, twins in same.items() if len(twins) > 1):
        one = len({normalize("NFKC", rows[row].id).casefold() for row in twins}) == 1
        facts = {"rows": data.listed(twins), "folder": folder, "key": "id"}
        found[twins[0], ""] = Problem.of("keys" if one else "folder", twins[0], **facts)
    return found
