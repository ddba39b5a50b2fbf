"""A user's file as a sheet of text: decoded, split into cells, rows numbered as a spreadsheet numbers them.

Nothing here knows what a column means; ``data`` does. A workbook is read by ``excel``, into the same :class:`Sheet`.
"""

import csv
import gc
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from crmlib.core.errors import DataError, reason
from crmlib.core.i18n import N_, _, ngettext
from crmlib.tables.issues import Faults, Problem

MOST_MEGABYTES = 300
MOST_ROWS = 2_000_000
MOST_CELLS = 40_000_000
MOST_COLUMNS = 1_000
LONGEST_LINE = 1_000_000
"""A table past one of these is refused in a sentence: reading it could take all the memory there is."""

BINARY = N_("“{file}” is not a text file: save the table as “CSV UTF-8” and try again.")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MARKUP = re.compile(r"\s*<(!doctype|!--|html|head|body|table|meta|\?xml)", re.IGNORECASE)
READ_AS = {
    "gb18030": N_("The file was read as GBK (GB18030): check that the Chinese is right, and better save it as UTF-8."),
    "utf-16": N_("The file was read as UTF-16."),
}
SEPARATORS = {
    ",": "",
    ";": N_("The file was read with semicolons between the cells."),
    "\t": N_("The file was read with tabs between the cells."),
}
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")

Recognise = Callable[[Collection[str]], int]
"""How well a header fits what is wanted: the more, the better."""


@dataclass
class Sheet:
    """The cells of a file as text, untouched: index = row of the file, columns = the header without outer blanks.

    ``semicolons``: they stand between the cells.
    """

    cells: pd.DataFrame
    faults: Faults = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    semicolons: bool = False


def read_text(data: bytes, file: str, recognise: Recognise) -> Sheet:
    """Return delimited text as a sheet; see :func:`crmlib.tables.reader.read_sheet`."""
    text, encoding = decode(data, file)
    if not text.strip("\ufeff \t\r\n"):
        raise DataError(_("“{file}” is empty.").format(file=file))
    if MARKUP.match(text):
        raise DataError(
            _("“{file}” is a web page, not a table: download the data themselves as CSV.").format(file=file)
        )

    def fit(sign: str) -> tuple[int, int]:
        names = _names(text, sign)
        return recognise(names), len(names)

    separator = max(SEPARATORS, key=fit)
    with _no_collector():
        sheet = arrange(*split(text, separator))
    sheet.semicolons = separator == ";"
    sheet.notes = [_(note) for note in (READ_AS.get(encoding), SEPARATORS[separator]) if note] + sheet.notes
    return sheet


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep Python from looking for rubbish among millions of fresh cells again and again: there is none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def content(path: Path) -> bytes:
    """Return the bytes of the file, or say in a DataError why there are none."""
    try:
        if path.is_dir():
            raise DataError(_("“{file}” is a folder, not a file.").format(file=path))
        if not path.is_file():
            raise DataError(_("There is no file “{file}”.").format(file=path))
        if (size := path.stat().st_size / 1e6) > MOST_MEGABYTES:
            said = _("“{file}” has {size:,.0f} MB; files of up to {most} MB are read.")
            raise DataError(said.format(file=path.name, size=size, most=MOST_MEGABYTES))
        return path.read_bytes()
    except OSError as why:
        raise DataError(_("“{file}” cannot be opened: {why}.").format(file=path, why=reason(why))) from None


def decode(data: bytes, file: str) -> tuple[str, str]:
    """Return the text and its encoding: what its mark (BOM) says, else UTF-8, else GB18030 (which includes GBK)."""
    marked = [encoding for mark, encoding in MARKS.items() if data.startswith(mark)]
    if not marked and b"\0" in data:
        raise DataError(_(BINARY).format(file=file))
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise DataError(_("“{file}” is in an unknown encoding: save it as “CSV UTF-8” and try again.").format(file=file))


def _names(text: str, separator: str) -> list[str]:
    """Guess the column names, good enough to choose a separator."""
    return [name.strip(' \t\r"') for name in text[:LONGEST_LINE].partition("\n")[0].split(separator, MOST_COLUMNS)]


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, as a spreadsheet sees them."""
    for found in LINE.finditer(text):
        if found.end() - found.start() > LONGEST_LINE:
            raise DataError(
                _("A line is longer than {most:,} characters; no table has such.").format(most=LONGEST_LINE)
            )
        yield found[0]


def split(text: str, separator: str) -> tuple[dict[int, list[str]], Faults]:
    """Split the text into rows of cells, numbered from 1; stop with a fault where the quotation marks do not match.

    Raises:
        DataError: there are more rows, columns or cells than can be read.
    """
    rows: dict[int, list[str]] = {}
    n_cells = 0
    try:
        for number, cells in enumerate(csv.reader(_lines(text), delimiter=separator, strict=True), 1):
            rows[number] = cells
            n_cells += len(cells)
            if number == 1 or number > MOST_ROWS or n_cells > MOST_CELLS:
                hold_size(len(rows[1]), number, n_cells)
    except csv.Error:
        bad = len(rows) + 1
        return rows, {(bad, ""): Problem.of("quotes", bad)}
    return rows, {}


def hold_size(columns: int, rows: int, cells: int) -> None:
    """Refuse a table that is too large, with a DataError that says what is the most."""
    if columns > MOST_COLUMNS:
        said = _("The table has {n:,} columns; at most {most:,} are read.")
        raise DataError(said.format(n=columns, most=MOST_COLUMNS))
    if rows > MOST_ROWS:
        said = _("The table has more than {most:,} rows, which is the most that are read.")
        raise DataError(said.format(most=MOST_ROWS))
    if cells > MOST_CELLS:
        said = _("The table has more than {most:,} cells, which is the most that are read.")
        raise DataError(said.format(most=MOST_CELLS))


def arrange(rows: dict[int, list[str]], faults: Faults) -> Sheet:
    """Put rows under their header; columns named twice and rows of another length are faults, empty rows a note."""
    faults = dict(faults)
    header = [name.strip() or f"#{place}" for place, name in enumerate(rows.get(1, []), 1)]
    for name in (name for name, times in Counter(header).items() if times > 1):
        faults[1, name] = Problem.of("twice", 1, name)
    filled = {row: cells for row, cells in rows.items() if row > 1 and any(map(str.strip, cells))}
    for row, cells in filled.items():
        if len(cells) != len(header):
            faults[row, ""] = Problem.of("length", row, n=len(cells), m=len(header))
    whole = {row: cells for row, cells in filled.items() if len(cells) == len(header)}
    frame = pd.DataFrame(list(whole.values()), index=list(whole), columns=header, dtype=object)
    sheet = Sheet(frame.loc[:, ~frame.columns.duplicated()], faults)
    empty = len(rows) - 1 - len(filled)
    if empty > 0:
        sheet.notes.append(
            ngettext("{n} empty row was left out.", "{n} empty rows were left out.", empty).format(n=empty)
        )
    return sheet
