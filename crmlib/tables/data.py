"""Tables in and out: the packaged data sets, the user's own files, and files for a spreadsheet.

Each data set is a CSV in ``data/`` beside its dictionary. A cell of a user's file that cannot be used is never
 mended or dropped in silence: :func:`read` refuses the file and lists every problem in it.
"""

import csv
import os
import re
from collections.abc import Iterable, Mapping

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from crmlib.tables.dictionary import categories, describe, dictionary, label, readable, spoken
from crmlib.tables.issues import listed
from crmlib.tables.own_file import SHOWN, Check, Table, TableError, read, read_bytes
from crmlib.tables.packaged import load
from crmlib.tables.reading import Columns, Reading
from crmlib.tables.shown import show
from crmlib.tables.together import read_all

__all__ = [
    "SHOWN",
    "Check",
    "Columns",
    "Reading",
    "Table",
    "TableError",
    "categories",
    "csv_text",
    "describe",
    "dictionary",
    "label",
    "listed",
    "load",
    "neutralise",
    "read",
    "read_bytes",
    "readable",
    "spoken",
    "table",
    "tables",
]  # fmt: skip


def table(name: str, path: str | os.PathLike[str] = "") -> pd.DataFrame:
    """Return the user's own file, checked, or the packaged data set ``name`` where ``path`` is empty."""
    return read(path, name).frame if path else load(name)


def tables(files: Mapping[str, str | os.PathLike[str]], columns: Iterable[str] = ()) -> list[pd.DataFrame]:
    """Return the tables of several data sets: the user's own file, checked, or the packaged one where none is given.

    In a notebook, what was assumed of the user's own files is shown below the cell.

    Args:
        files: for each data set the file, or an empty text.
        columns: how own files are read: ``wanted=theirs`` for columns that are called otherwise in them, ``auto``, and
            options such as ``--unit=total_assets=亿元``; see :mod:`crmlib.tables.reading`.
    """
    found = read_all(files, list(columns))
    show(found.notes)
    return found.frames


# Files for a spreadsheet ----------------------------------------------------------------------------------------------

RUNS = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def neutralise(text: str) -> str:
    """Return ``text`` with an apostrophe in front if a spreadsheet might run it as a formula.

    >>> neutralise("=1+1"), neutralise("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if RUNS.match(text) else text


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
