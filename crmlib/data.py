"""Tables in and out: the packaged data sets, the user's own files, and files for a spreadsheet.

Each data set is a CSV in ``data/`` beside its dictionary (:mod:`crmlib.dictionary`). A cell of a user's file that
cannot be used is never mended or dropped in silence: :func:`read` refuses the file and lists every problem in it.
"""

import csv
import os
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from crmlib.cells import value
from crmlib.dictionary import Column, DataDictionary, categories, describe, dictionary, label
from crmlib.errors import DataError
from crmlib.files import atomic_write
from crmlib.i18n import N_, _, ngettext
from crmlib.inputs import shorten
from crmlib.paths import DATA
from crmlib.sheet import Faults, read_sheet

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

__all__ = [
    "Table", "TableError", "categories", "csv_text", "describe", "dictionary", "export_csv", "label", "load",
    "neutralise", "read", "schema", "table",
]  # fmt: skip

SHOWN = 50
"""How many problems of a file are printed; ``TableError.problems`` has them all."""


# The packaged data ----------------------------------------------------------------------------------------------------


def load(name: str) -> pd.DataFrame:
    """Return the packaged data set ``name``, typed by its dictionary; the caller may change it freely.

    Numbers are ``float64``, whole numbers ``int64``, flags ``bool``, dates ``datetime64``, text and category codes
    ``str``. Nothing is checked here: a test holds every packaged file against its dictionary.

    Raises:
        DataError: there is no such data set.
    """
    return _packaged(name).copy()


def table(name: str, path: str | os.PathLike[str] = "") -> pd.DataFrame:
    """Return the user's own file, checked, or the packaged data set ``name`` where ``path`` is empty."""
    return read(path, name).frame if path else load(name)


@cache
def _packaged(name: str) -> pd.DataFrame:
    book = dictionary(name)
    kinds = {column: "str" if spec.type == "date" else spec.loose_dtype for column, spec in book.columns.items()}
    file = DATA / f"{name}.csv"
    return book.typed(pd.read_csv(file, dtype=kinds, keep_default_na=False, na_values=[""]))


def schema(name: str) -> "DataFrameSchema":
    """Return the pandera schema that the dictionary of data set ``name`` amounts to: types, bounds, codes, key."""
    import pandera.pandas as pa  # 0.8 s, so not before a user's file is to be checked

    def column(spec: Column) -> pa.Column:
        checks = [getattr(pa.Check, rule)(bound, error=rule) for rule, bound in spec.bounds.items()]
        if spec.categories:
            checks.append(pa.Check.isin(list(spec.categories), error="isin"))
        return pa.Column(spec.dtype, checks, nullable=spec.nullable, required=spec.required)

    book = dictionary(name)
    return pa.DataFrameSchema({name: column(spec) for name, spec in book.columns.items()}, unique=book.key)


# The user's own file --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A user's file that fits its dictionary.

    Attributes:
        frame: the dictionary's columns, in its order and types, a row for each row of the file.
        extra: the file's other columns as text, same rows.
        notes: what was assumed or left aside while reading, a translated sentence each.
    """

    frame: pd.DataFrame
    extra: pd.DataFrame
    notes: tuple[str, ...]


class TableError(DataError):
    """A table with problems. ``problems`` has them all; what is printed stops after :data:`SHOWN` of them."""

    def _render_traceback_(self) -> list[str]:
        more = len(self.problems) - SHOWN
        if more <= 0:
            return self.problems
        rest = ngettext("… and {n} more problem.", "… and {n} more problems.", more).format(n=more)
        return [*self.problems[:SHOWN], rest]

    def __str__(self) -> str:
        return "\n".join(self._render_traceback_())


def read(path: str | os.PathLike[str], name: str) -> Table:
    """Read the user's own CSV file and check it against the dictionary of data set ``name``.

    Commas, semicolons or tabs between the cells; UTF-8, UTF-16 with its mark, or GBK. An empty cell is a missing value.

    Raises:
        DataError: there is no readable table in the file.
        TableError: a DataError that lists every problem: rows as a spreadsheet numbers them, columns by name.
    """
    book = dictionary(name)
    sheet = read_sheet(Path(path), book.columns)
    cells = sheet.cells
    values, unreadable = _values(cells, book)
    faults = _broken_rules(values, cells, name) | _repeated_keys(values, book) | unreadable
    header = cells.columns.tolist()
    faults |= _missing_columns(header, book) | sheet.faults
    if faults:
        place = {column: n for n, column in enumerate(header)}
        raise TableError(faults[at] for at in sorted(faults, key=lambda at: (at[0], place.get(at[1], -1))))
    extra = cells.drop(columns=list(values)).astype("str")
    if names := ", ".join(shorten(column) for column in extra.columns.tolist()):
        sheet.notes.append(_("Columns unknown to the dictionary were kept apart: {columns}.").format(columns=names))
    return Table(book.typed(values).reset_index(drop=True), extra.reset_index(drop=True), tuple(sheet.notes))


def _missing_columns(header: list[str], book: DataDictionary) -> Faults:
    """Name each required column that the file lacks, with the unknown column that looks most like it."""
    missing = [name for name, spec in book.columns.items() if spec.required and name not in header]
    if len(missing) == sum(spec.required for spec in book.columns.values()):
        return {(1, ""): _("Row 1 names none of the columns wanted: {columns}.").format(columns=", ".join(missing))}
    unknown = [name for name in header if name not in book.columns][:100]  # enough to look among
    faults = {}
    for name in missing:
        like = _nearest([name, *book.columns[name].meaning.values()], unknown)
        known_as = _("Column “{column}” is missing; is it the one named “{like}”?")
        sentence = known_as if like else _("Column “{column}” is missing.")
        faults[1, name] = sentence.format(column=name, like=shorten(like))
    return faults


def _nearest(wanted: list[str], names: list[str]) -> str:
    """Return the name that looks most like any of the ``wanted`` ones, or "" if none is near."""

    def likeness(name: str) -> float:
        return max(SequenceMatcher(None, name.casefold()[:80], want.casefold()).ratio() for want in wanted)

    best = max(names, key=likeness, default="")
    return best if best and likeness(best) >= 0.6 else ""


def _fault(row: int, column: str, fault: str) -> str:
    return _("Row {row}, column “{column}”: {fault}").format(row=row, column=column, fault=fault)


def _values(cells: pd.DataFrame, book: DataDictionary) -> tuple[pd.DataFrame, Faults]:
    """Turn text into values, column by column in the dictionary's order; what cannot be turned is a gap and a fault."""
    values, faults = pd.DataFrame(index=cells.index), Faults()
    for name in (name for name in book.columns if name in cells):
        column, parsed = book.columns[name], []
        for row, text in zip(cells.index.tolist(), cells[name].tolist(), strict=True):
            try:
                parsed.append(value(text, column.type) if text.strip() else None)
            except ValueError as why:
                parsed.append(None)
                faults[row, name] = _fault(row, name, str(why))
        values[name] = pd.Series(parsed, index=cells.index, dtype=column.loose_dtype)
    return values, faults


RULES = {
    "ge": N_("{value} is too small: {bound} is the least allowed."),
    "gt": N_("{value} is too small: it must be more than {bound}."),
    "le": N_("{value} is too large: {bound} is the most allowed."),
    "isin": N_("“{value}” is none of: {codes}."),
    "not_nullable": N_("the value is missing."),
}


def _broken_rules(values: pd.DataFrame, cells: pd.DataFrame, name: str) -> Faults:
    """Check bounds, codes and gaps with pandera and put its failure cases into sentences."""
    from pandera.errors import SchemaErrors

    faults = Faults()
    try:
        schema(name).validate(values, lazy=True)
    except SchemaErrors as report:
        cases = report.failure_cases[report.failure_cases["check"].isin(list(RULES))]
        for column, rule, place in zip(cases["column"], cases["check"], cases["index"], strict=True):
            spec, row = dictionary(name).columns[column], int(place)
            fault = _(RULES[rule]).format(
                value=shorten(str(cells.at[row, column])),
                bound=f"{spec.bounds.get(rule, 0):g}",
                codes=", ".join(spec.categories),
            )
            faults[row, column] = _fault(row, column, fault)
    return faults


def _repeated_keys(values: pd.DataFrame, book: DataDictionary) -> Faults:
    """Name the rows that share a key, once for each key, at the first of them."""
    if not set(book.key) <= set(values):
        return {}
    known = values.dropna(subset=book.key)
    faults = {}
    for _key, twins in known[known.duplicated(book.key, keep=False)].groupby(book.key, sort=False):
        rows = ", ".join(str(row) for row in twins.index[:10]) + (" …" if len(twins) > 10 else "")
        message = _("Rows {rows} have the same {key}; each may stand in one row only.")
        faults[int(twins.index[0]), ""] = message.format(rows=rows, key=" + ".join(book.key))
    return faults


# Files for a spreadsheet ----------------------------------------------------------------------------------------------

RUNS = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def neutralise(text: str) -> str:
    """Return ``text`` with an apostrophe in front if a spreadsheet might run it as a formula.

    >>> neutralise("=1+1"), neutralise("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if RUNS.match(text) else text


def export_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table for a spreadsheet, whole or not at all, as :func:`csv_text` gives it; return the path.

    Raises:
        OSError: the file cannot be written.
    """
    return atomic_write(path, csv_text(frame))


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as a spreadsheet's CSV.

    It begins with a mark, so that Excel shows Chinese; LF line ends; text quoted and neutralised, headers too; numbers
    as they are, flags 0 or 1; the index is not written.
    """
    safe = frame.set_axis([neutralise(str(column)) for column in frame], axis=1)
    for place, (_name, column) in enumerate(frame.items()):
        if is_bool_dtype(column):
            safe.isetitem(place, column.astype("Int8").array)
        elif not (is_numeric_dtype(column) or is_datetime64_any_dtype(column)):
            text = column.astype(object).map(lambda cell: neutralise(cell) if isinstance(cell, str) else cell)
            safe.isetitem(place, text.array)
    return "\ufeff" + safe.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
