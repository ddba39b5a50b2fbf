"""Problems of a user's table: where, what is wrong, how to mend it; as lines to print and as a table to keep."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import pandas as pd

from crmlib.core.i18n import N_, _
from crmlib.core.inputs import shorten

DOUBTS = {
    "other_unit": (
        N_("column “{theirs}” says {said}, but {column} is in {unit}"),
        N_("to have it converted, add --unit {option}; if the header is wrong, --unit {mine}"),
    ),
    "unit_around": (
        N_("a line above or below the table gives the unit {said}, but {column} is in {unit}"),
        N_("to have it converted, add --unit {option}; if the column is in {unit} all the same, --unit {mine}"),
    ),
    "strange_unit": (
        N_("column “{theirs}” says {said}, but {column} is in {unit}"),
        N_("its numbers were read as they stand: check that they are in {unit}"),
    ),
    "percent_column": (
        N_("column “{column}” looks like percentages: half of it is above {median}, usual is {usual}"),
        N_("if it is, add --unit {column}=%; if these are ratios all the same, --unit {column}=1"),
    ),
    "ratio_column": (
        N_("column “{column}” is in %, but looks like ratios: nothing is above 1.5, usual is {usual}"),
        N_("if it is, add --unit {column}=1; if these are percentages all the same, --unit {column}=%"),
    ),
    "unit_far": (
        N_("column “{column}” looks like another unit: half of it is above {median}, usual is {usual}"),
        N_("if it is in {other}, add --unit {option}; if it is as the dictionary says all the same, --unit {mine}"),
    ),
    "unit_odd": (
        N_("column “{column}” is far from the usual: half of it is above {median}, usual is {usual}"),
        N_("check its unit; --unit {column}=… tells another"),
    ),
    "lone": (
        N_("column “{column}”: {n} amounts are over 1,000 times its median {median} (rows {rows}; first “{value}”)"),
        N_("check their unit and the decimal point"),
    ),
    "lone_share": (
        N_("column “{column}”: {n} shares are far above 1, the median is {median} (rows {rows}; first “{value}”)"),
        N_("check whether these are percentages"),
    ),
    "negative": (
        N_("column “{column}”: {n} numbers are negative, which is not usual here (rows {rows}; first “{value}”)"),
        N_("check the sign"),
    ),
    "scale": (
        N_("columns {columns} ({n} in all): no answer is above {short}, but the scale runs to {top}"),
        N_("if the question had another scale, bring the answers to this one"),
    ),
    "future": (
        N_("column “{column}”: {n} dates are still to come (rows {rows}; first “{value}”)"),
        N_("check the year"),
    ),
    "long_past": (
        N_("column “{column}”: {n} dates are before {year} (rows {rows}; first “{value}”)"),
        N_("check the year"),
    ),
    "ids": (
        N_(
            "column “{column}”: {ids} ids differ from others only by blanks, case, width or unseen signs "
            "({pair}; rows {rows}; {n} in all)"
        ),
        N_("if they are the same, add --trim-ids; if not, write them so that they are told apart"),
    ),
    "loose_ids": (
        N_("column “{column}”: {n} ids have blanks around them or unseen signs within (rows {rows})"),
        N_("--trim-ids reads them without"),
    ),
    "rounded": (
        N_("column “{column}”: {n} ids were rounded by a spreadsheet (rows {rows}; first “{value}”)"),
        N_("export them anew as text; the digits are lost here"),
    ),
    "digits": (
        N_("column “{column}”: {n} ids have more than 15 digits and end in zeros (rows {rows}; first “{value}”)"),
        N_("a spreadsheet may have rounded them: compare with the source, and export them as text"),
    ),
    "digits_twice": (
        N_(
            "column “{column}”: {n} ids have more than 15 digits, end in zeros and are the same "
            "(rows {rows}; first “{value}”)"
        ),
        N_("a spreadsheet has rounded them: export them anew as text"),
    ),
    "zeros": (
        N_("column “{column}”: {n} ids are shorter than others (rows {rows}; first “{value}”)"),
        N_("if they began with zeros, a spreadsheet has taken these away: write them again, as text"),
    ),
}
"""The same of what is readable and yet unlikely; each says itself where it is."""

KINDS = {
    **DOUBTS,
    "number": (
        N_("“{value}” is not a number"),
        N_("write digits only, such as 1234.5, or nothing if it is unknown"),
    ),
    "whole": (N_("“{value}” is not a whole number"), N_("write digits only, such as 12")),
    "finite": (N_("“{value}” is not a finite number"), N_("write digits only, or nothing if it is unknown")),
    "plain": (N_("“{value}” is not a plain number"), N_("write {plain}")),
    "percent": (N_("“{value}” is a percentage"), N_("write the number {plain}")),
    "date": (N_("“{value}” is not a date"), N_("write it as 2024-12-31")),
    "no_day": (N_("there is no day “{value}”"), N_("check month and day")),
    "serial": (
        N_("“{value}” is the serial number of a date in a spreadsheet"),
        N_("if it is meant, write the date {plain}, as in the other rows"),
    ),
    "period": (
        N_("“{value}” is a month or a year, not a day"),
        N_("if its last day is meant, add --day last; if its first day, --day first"),
    ),
    "sign": (
        N_("“{value}” seems to say that there is nothing"),
        N_("if such signs mean an empty cell, add --empty-signs; if not, write what is meant"),
    ),
    "gaps": (
        N_("column “{column}”: {n} ids are missing below others (rows {rows})"),
        N_("if the cells were merged and the id above holds for these rows, add --fill-down; if not, fill them in"),
    ),
    "merged_down": (
        N_("the cells {value} are merged"),
        N_("if the value holds for each of their rows, add --fill-down; if not, unmerge them and fill in each one"),
    ),
    "comma": (
        N_("“{value}” has a comma that may be a decimal point or stand between thousands"),
        N_("write the number without it"),
    ),
    "flag": (N_("“{value}” is neither 0 (no) nor 1 (yes)"), N_("write 0 or 1")),
    "isin": (N_("“{value}” is none of the codes"), N_("write one of {codes}")),
    "not_nullable": (N_("the value is missing"), N_("fill it in, or take the row out")),
    "ge": (N_("{value} is too small"), N_("{bound} is the least allowed")),
    "gt": (N_("{value} is too small"), N_("it must be more than {bound}")),
    "le": (N_("{value} is too large"), N_("{bound} is the most allowed")),
    "formula": (N_("the formula has no stored value"), N_("open the workbook in Excel and save it")),
    "error": (N_("the cell holds the error {value}"), N_("mend its formula, or empty the cell")),
    "merged": (N_("the cells {value} are merged"), N_("unmerge them and fill in each one")),
    "twice": (
        N_("row {row} names column “{column}” more than once"),
        N_("keep one of them, or name the others otherwise"),
    ),
    "keys": (N_("rows {rows} have the same {key}"), N_("each may stand in one row only")),
    "length": (N_("row {row} has {n} cells, but the header has {m}"), N_("look for a cell too many or too few")),
    "quotes": (
        N_("row {row}: the cells cannot be told apart; check its quotation marks"),
        N_("a quotation mark within a text is written twice, and each text is closed by one"),
    ),
    "apart": (
        N_("rows {rows} look like totals, notes or the header once more (“{value}”)"),
        N_("take them out, or add --drop-totals to have them left out"),
    ),
    "long": (N_("“{value}” has {n} characters"), N_("{most} is the most")),
    "unseen": (N_("“{value}” holds a line break or another sign that cannot be seen"), N_("take it out")),
    "nameless": (N_("no folder can be named after “{value}”"), N_("a student number needs letters or digits")),
    "folder": (
        N_("rows {rows}: these student numbers differ, but each would name a folder “{folder}”"),
        N_("change one of them"),
    ),
    "alike": (N_("row 1: the columns {columns} all say “{meaning}”"), N_("keep one of them")),
    "absent": (N_("column “{column}” is missing"), N_("add it under this name")),
    "called": (N_("column “{column}” is missing"), N_("call it {names}")),
    "like": (N_("column “{column}” is missing"), N_("it may be the one named “{like}”")),
    "unit": (
        N_("column “{column}” is missing"),
        N_("“{like}” is like it, but in another unit; bring it to {unit} under the name {column}"),
    ),
    "convertible": (
        N_("column “{column}” is missing"),
        N_("“{like}” is like it, but in {said}; to have it converted to {unit}, add --map {options}"),
    ),
    "nothing": (N_("row 1 names none of the columns wanted"), N_("name them {columns}")),
    "more": (N_("there are {n} more problems in column “{column}”"), N_("mend those listed and try again")),
}  # fmt: skip
"""Kind of problem → what is wrong and how to mend it: clauses, put into sentences where they are shown."""

PLACELESS = (
    "twice", "alike", "keys", "folder", "length", "quotes", "absent", "called", "like", "unit", "nothing",
    "convertible", "apart", "more", "gaps", *DOUBTS,
)  # fmt: skip
"""Kinds whose clause says itself where the problem is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a table, in the language that was spoken when it was found.

    Attributes:
        row: as a spreadsheet numbers it; 1 is the header.
        column: as the file names it; "" for a whole row.
        value: what the cell says, short and printable.
        kind: one of :data:`KINDS`, or "" for a sentence of its own.
        wrong, mend: translated clauses.
    """

    row: int
    column: str
    value: str
    kind: str
    wrong: str
    mend: str

    @classmethod
    def of(cls, kind: str, row: int, column: str = "", value: str = "", **facts: object) -> Self:
        """Return a problem of a kind; ``facts`` fill the places of its clauses."""
        shown = shorten(value)
        facts = {"row": row, "column": shorten(column), "value": shown, **facts}
        wrong, mend = (_(clause).format(**facts) for clause in KINDS[kind])
        return cls(row, column, shown, kind, wrong, mend)

    @classmethod
    def said(cls, sentence: str) -> Self:
        """Return a problem that is a translated sentence and nothing else."""
        return cls(0, "", "", "", sentence, "")

    def at(self, row: int, column: str) -> Self:
        """Return the same problem in another place."""
        return type(self)(row, column, self.value, self.kind, self.wrong, self.mend)

    def under(self, column: str) -> Self:
        """Return the same problem in a column that the file names otherwise."""
        return self.at(self.row, column)

    def __str__(self) -> str:
        if not self.kind:
            return self.wrong
        if self.kind in PLACELESS:
            return _("{first} {second}").format(first=_sentence(self.wrong), second=_sentence(self.mend))
        line = _("Row {row}, column “{column}”: {wrong}: {mend}.")
        return line.format(row=self.row, column=shorten(self.column), wrong=self.wrong, mend=self.mend)


Faults = dict[tuple[int, str], Problem]
"""The problems of a table by row of the file and column ("" for a whole row)."""


def listed(rows: Iterable[int]) -> str:
    """Return the numbers of rows in a sentence, the first ten."""
    some = list(rows)
    return _(", ").join(str(row) for row in some[:10]) + (" …" if len(some) > 10 else "")


def table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return problems as a table in the language now spoken: where, the value, what is wrong, how to mend it."""
    rows = [(p.row or None, shorten(p.column), p.value, _sentence(p.wrong), _sentence(p.mend)) for p in problems]
    names = [_("Row"), _("Column"), _("Value"), _("What is wrong"), _("How to mend it")]
    plain = all(type(row[0]) is int for row in rows if row[0])
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.astype({names[0]: "Int64"}) if plain else frame.assign(**{names[0]: [str(row[0]) for row in rows]})


def counts(problems: Iterable[Problem]) -> list[tuple[str, int]]:
    """Return what kinds of problems there are and how many of each, the most frequent first."""
    blank: dict[str, str] = defaultdict(lambda: "…")
    kinds = Counter(p.kind for p in problems if p.kind)
    said = Counter[str]()
    for kind, n in kinds.items():
        said[_capital(_(KINDS[kind][0]).format_map(blank))] += n
    return said.most_common()


def _capital(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _sentence(clause: str) -> str:
    """Make a clause a sentence; one that is a sentence already stays as it is."""
    whole = not clause or clause.endswith((".", "。", "?", "？"))
    return _capital(clause) if whole else _("{sentence}.").format(sentence=_capital(clause))
