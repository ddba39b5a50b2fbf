"""A user's file as a sheet of text: decoded, split into cells, rows numbered as a spreadsheet numbers them.

Nothing here knows what a column means; ``data`` does. A workbook is read by ``excel``, into the same :class:`Sheet`.
"""

import csv
import gc
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import category

import pandas as pd

from crmlib.core.errors import DataError, reason
from crmlib.core.i18n import N_, _, ngettext
from crmlib.tables.encodings import guess, unmarked_utf16
from crmlib.tables.header import LOOKED_THROUGH, Header, Recognise, find, is_apart
from crmlib.tables.issues import Faults, Problem, listed
from crmlib.tables.reading import Reading

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
    "cp950": N_("The file was read as Big5: check that the Chinese is right, and better save it as UTF-8."),
    "cp932": N_("The file was read as Shift-JIS: check that the text is right, and better save it as UTF-8."),
    "utf-16": N_("The file was read as UTF-16."),
    "utf-16-le": N_("The file was read as UTF-16."),
    "utf-16-be": N_("The file was read as UTF-16."),
}
SEPARATORS = {
    ",": "",
    ";": N_("The file was read with semicolons between the cells."),
    "\t": N_("The file was read with tabs between the cells."),
}
DIRECTIVE = re.compile(r'\ufeff?"?sep=([,;\t])"?\r?\n', re.IGNORECASE)
"""The first line of a file that tells Excel what stands between its cells."""
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


@dataclass
class Sheet:
    """The cells of a file as text, untouched: index = row of the file, columns = the header without outer blanks.

    ``semicolons``: they stand between the cells. ``around``: what stands above the header, and in totals and notes.
    """

    cells: pd.DataFrame
    faults: Faults = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    semicolons: bool = False
    around: tuple[str, ...] = ()


def read_text(data: bytes, file: str, recognise: Recognise, reading: Reading) -> Sheet:
    """Return delimited text as a sheet; see :func:`crmlib.tables.reader.read_sheet`."""
    text, encoding = decode(data, file)
    if not text.strip("\ufeff \t\r\n"):
        raise DataError(_("“{file}” is empty.").format(file=file))
    if MARKUP.match(text):
        raise DataError(
            _("“{file}” is a web page, not a table: download the data themselves as CSV.").format(file=file)
        )

    if reading.sheet or reading.every_sheet:
        raise DataError(_("“{file}” is text and has no sheets; leave --sheet out.").format(file=file))

    def fit(sign: str) -> tuple[int, int]:
        return max((recognise(names), len(names)) for names in _names(text, sign))

    directive = DIRECTIVE.match(text)
    separator = directive[1] if directive else max(SEPARATORS, key=fit)
    with _no_collector():
        rows, faults = split(text, separator)
        if directive:
            del rows[1]
        header = find(rows, recognise, reading.header, 2 if directive else 1)
        sheet = arrange(rows, faults, header, reading.drop_totals)
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
    """Return the text and its encoding: what its mark (BOM) says, else UTF-8, else what fits it best."""
    marked = [encoding for mark, encoding in MARKS.items() if data.startswith(mark)]
    if not marked and b"\0" in data:
        marked = [unmarked_utf16(data)]
        if not marked[0]:
            raise DataError(_(BINARY).format(file=file))
    try:
        return data.decode(marked[0] if marked else "utf-8"), marked[0] if marked else "utf-8"
    except UnicodeDecodeError:
        if not marked and (encoding := guess(data)):
            return data.decode(encoding), encoding
    raise DataError(_("“{file}” is in an unknown encoding: save it as “CSV UTF-8” and try again.").format(file=file))


def _names(text: str, separator: str) -> list[list[str]]:
    """Guess the column names in each of the first lines, good enough to choose a separator."""
    lines = text[:LONGEST_LINE].split("\n", LOOKED_THROUGH)[:LOOKED_THROUGH]
    return [[name.strip(' \t\r"') for name in line.split(separator, MOST_COLUMNS)] for line in lines]


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


def arrange(
    rows: dict[int, list[str]], faults: Faults, header: Header | None = None, drop_totals: bool = False
) -> Sheet:
    """Put rows under their header; columns named twice and rows of another length are faults, empty rows a note.

    Args:
        rows: the cells by row of the file.
        faults: what is wrong already.
        header: of the table; the first row if not given.
        drop_totals: whether rows that look like totals and notes are left out; else they are a fault.
    """
    faults = dict(faults)
    header = header or Header(1, 1, rows.get(1, []))
    names = [seen(name) or f"#{place}" for place, name in enumerate(header.names, 1)]
    for name in (name for name, times in Counter(names).items() if times > 1):
        faults[header.last, name] = Problem.of("twice", header.last, name)
    below = {row: cells for row, cells in rows.items() if row > header.last}
    filled = {row: cells for row, cells in below.items() if any(map(str.strip, cells))}
    apart = {row: cells for row, cells in filled.items() if is_apart(cells, header.names)}
    filled = {row: cells for row, cells in filled.items() if row not in apart}
    for row, cells in filled.items():
        if len(cells) != len(names):
            faults[row, ""] = Problem.of("length", row, n=len(cells), m=len(names))
    whole = {row: cells for row, cells in filled.items() if len(cells) == len(names)}
    index = pd.Index(list(whole), dtype="int64" if all(type(row) is int for row in whole) else object)
    frame = pd.DataFrame(list(whole.values()), index=index, columns=names, dtype=object)
    sheet = Sheet(frame.loc[:, ~frame.columns.duplicated()], faults)
    if apart and not drop_totals:
        first, cells = next(iter(apart.items()))
        value = next(cell for cell in cells if cell.strip())
        faults[first, ""] = Problem.of("apart", first, "", value, rows=listed(apart))
    above = [cell for row in sorted(rows) if row < header.first for cell in rows[row] if cell.strip()]
    sheet.around = (*above, *(cell for cells in apart.values() for cell in cells if cell.strip()))
    told = header.last if above else 0
    sheet.notes = [*_left_out(told, len(below) - len(filled) - len(apart), list(apart) if drop_totals else [])]
    return sheet


def seen(name: str) -> str:
    """Return a column's name without blanks around it and signs that cannot be seen, as a second mark of the file."""
    return "".join(sign for sign in name if category(sign) != "Cf").strip()


def _left_out(header: int, empty: int, apart: list[int]) -> Iterator[str]:
    """Say which rows are not in the table; ``header`` is the row of the names where something stands above it, or 0."""
    if header:
        yield _("The names of the columns were read from row {row}; what stands above was left out.").format(row=header)
    if empty > 0:
        yield ngettext("{n} empty row was left out.", "{n} empty rows were left out.", empty).format(n=empty)
    if apart:
        said = _(
            "Rows that look like totals, notes or the header once more were left out as told: {rows} ({n:,} in all)."
        )
        yield said.format(rows=listed(apart), n=len(apart))
