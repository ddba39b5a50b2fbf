"""A class list: who the students are, and the name of a folder that is safe for each of them on any system.

A CSV file, read as any other table of the user's own (:mod:`crmlib.sheet`), with a row a student. The header may be in
Chinese or English. What cannot be used is refused, all problems at once, with the rows as a spreadsheet numbers them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category, normalize

import pandas as pd

from crmlib.data import TableError
from crmlib.dictionary import Column, DataDictionary
from crmlib.i18n import N_, _, pick
from crmlib.inputs import shorten
from crmlib.mapping import plain
from crmlib.sheet import content, read_sheet

ROSTER = DataDictionary(
    title={"zh": "学生名单", "en": "Class list"},
    source={"zh": "教师", "en": "the instructor"},
    key=["id"],
    columns={
        "id": Column(type="text", meaning={"zh": "学号", "en": "Student number"}),
        "name": Column(type="text", meaning={"zh": "姓名", "en": "Name"}),
        "email": Column(type="text", meaning={"zh": "邮箱", "en": "E-mail"}, required=False, nullable=True),
        "group": Column(type="text", meaning={"zh": "班级", "en": "Group"}, required=False, nullable=True),
    },
)
"""What a roster holds; other columns are left aside."""
ALSO = {
    "id": ("学生编号", "学生学号", "student id", "student no", "matriculation number"),
    "name": ("名字", "学生姓名", "student", "student name", "full name"),
    "email": ("电子邮箱", "电子邮件", "mail", "email address"),
    "group": ("小组", "组别", "分组", "class", "team", "section"),
}
"""What else a column may be called, beside its code and its meaning in either language."""
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
class Roster:
    """The students in the order of the file, and sentences on how it was read."""

    students: tuple[Student, ...]
    notes: tuple[str, ...]


def read(path: Path) -> Roster:
    """Read a roster.

    Raises:
        DataError: there is no readable table in the file.
        TableError: a DataError that lists every problem, with rows.
    """
    sheet = read_sheet(content(path), path.name, _recognised)
    fields, problems = _fields(sheet.cells.columns.tolist())
    problems += [str(sheet.faults[at]) for at in sorted(sheet.faults)]
    if not problems:
        cells = sheet.cells[list(fields.values())].set_axis(list(fields), axis=1)
        rows = {int(row): Student(**_texts(cells.loc[row])) for row in cells.index}
        problems = [problem for row, student in rows.items() for problem in _faults(row, student)]
        problems += _clashes(rows)
    if problems:
        raise TableError(problems)
    left = [shorten(name) for name in sheet.cells.columns if name not in fields.values()]
    aside = [_("Columns of the class list that were left aside: {columns}.").format(columns=_(", ").join(left))]
    return Roster(tuple(rows.values()), (*sheet.notes, *(aside if left else [])))


def _known_as(code: str) -> set[str]:
    """Return the plain names a column is known by."""
    return {plain(name) for name in (code, *ROSTER.columns[code].meaning.values(), *ALSO[code])}


def _recognised(header: Iterable[str]) -> int:
    """Return how many columns of a roster a header names."""
    names = {plain(name) for name in header}
    return sum(not names.isdisjoint(_known_as(code)) for code in ROSTER.columns)


def _fields(header: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the column of the file for each field, and a sentence for each that is missing or there twice."""
    fields, problems = {}, []
    for code, column in ROSTER.columns.items():
        found = [name for name in header if plain(name) in _known_as(code)]
        if len(found) > 1:
            said = _("Row 1: the columns {columns} all say “{meaning}”; keep one of them.")
            names = _(", ").join(f"“{shorten(name)}”" for name in found)
            problems.append(said.format(columns=names, meaning=pick(column.meaning)))
        elif not found and column.required:
            said = _("Row 1: there is no column “{meaning}”; call it {names}.")
            names = _(" or ").join(f"“{name}”" for name in (code, *column.meaning.values()))
            problems.append(said.format(meaning=pick(column.meaning), names=names))
        elif found:
            fields[code] = found[0]
    return fields, problems


def _texts(cells: "pd.Series[str]") -> dict[str, str]:
    """Return a row's cells without blanks around them; any kind of blank within is one space."""
    return {str(code): re.sub(r"[^\S\t\r\n]+", " ", str(text)).strip() for code, text in cells.items()}


UNUSABLE = {
    "empty": N_("Row {row}: the column “{meaning}” is empty."),
    "long": N_("Row {row}: the column “{meaning}” has {n} characters; {most} is the most."),
    "unseen": N_("Row {row}: “{value}”, column “{meaning}”, holds a line break or another sign that cannot be seen."),
    "nameless": N_("Row {row}: no folder can be named after “{value}”; a student number needs letters or digits."),
}


def _faults(row: int, student: Student) -> Iterator[str]:
    """Yield a sentence for each cell of a row that cannot be used."""
    for code, column in ROSTER.columns.items():
        text = getattr(student, code)
        why = ""
        if not text and column.required:
            why = "empty"
        elif len(text) > LONGEST[code] or (code == "id" and len(student.folder.encode()) > LONGEST_FOLDER):
            why = "long"
        elif any(category(sign)[0] == "C" for sign in text if code == "id" or sign not in JOINERS):
            why = "unseen"
        elif code == "id" and not student.folder:
            why = "nameless"
        if why:
            facts = {"row": row, "meaning": pick(column.meaning), "value": shorten(text)}
            yield _(UNUSABLE[why]).format(**facts, n=len(text), most=LONGEST[code])


def _clashes(rows: dict[int, Student]) -> Iterator[str]:
    """Yield a sentence for each group of rows with one number, or with numbers that name one folder."""
    same: dict[str, list[int]] = defaultdict(list)
    for row, student in rows.items():
        if student.folder:
            same[normalize("NFKC", student.folder.casefold())].append(row)
    for folder, twins in same.items():
        if len(twins) == 1:
            continue
        listed = _(", ").join(str(row) for row in twins[:10]) + (" …" if len(twins) > 10 else "")
        if len({normalize("NFKC", rows[row].id).casefold() for row in twins}) == 1:
            said = _("Rows {rows} have the same student number “{id}”; each may stand in one row only.")
        else:
            said = _("Rows {rows}: these student numbers differ, but each would name a folder “{folder}”; change one.")
        yield said.format(rows=listed, id=shorten(rows[twins[0]].id), folder=folder)
