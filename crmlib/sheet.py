"""A user's file as a sheet of text: decoded, split into cells, rows numbered as a spreadsheet numbers them.

Nothing here knows what a column means; :mod:`crmlib.data` does. Another kind of file needs only another way to a
:class:`Sheet`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from crmlib.errors import DataError
from crmlib.i18n import N_, _, ngettext
from crmlib.inputs import shorten

Faults = dict[tuple[int, str], str]
"""A translated sentence for each problem, by row of the file (the header is row 1) and column ("" for a whole row)."""

NOT_TEXT = {
    b"PK\x03\x04": N_("“{file}” is an Excel workbook, not a CSV file: open it in Excel and save it as “CSV UTF-8”."),
    b"\xd0\xcf\x11\xe0": N_(
        "“{file}” is an Excel workbook, not a CSV file: open it in Excel and save it as “CSV UTF-8”."
    ),
}
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


@dataclass
class Sheet:
    """The cells of a file as text, untouched: index = row of the file, columns = the header without outer blanks."""

    cells: pd.DataFrame
    faults: Faults = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_sheet(path: Path, known: Collection[str]) -> Sheet:
    """Read a CSV file; the separator is the one that finds most of the ``known`` column names in the header.

    Raises:
        DataError: there is no such file, it is no text table, or it has no rows.
    """
    text, encoding = decode(content(path), path.name)
    if not text.strip("\ufeff \t\r\n"):
        raise DataError(_("“{file}” is empty.").format(file=path.name))
    if MARKUP.match(text):
        raise DataError(
            _("“{file}” is a web page, not a table: download the data themselves as CSV.").format(file=path.name)
        )
    separator = max(SEPARATORS, key=lambda sign: len(set(known) & _names(text, sign)))
    rows, faults = split(text, separator)
    sheet = arrange(rows, faults)
    if not sheet.faults and sheet.cells.empty:
        raise DataError(_("“{file}” has no rows below its header.").format(file=path.name))
    sheet.notes = [_(note) for note in (READ_AS.get(encoding), SEPARATORS[separator]) if note] + sheet.notes
    return sheet


def content(path: Path) -> bytes:
    """Return the bytes of the file, or say in a DataError why there are none."""
    try:
        if path.is_dir():
            raise DataError(_("“{file}” is a folder, not a file.").format(file=path))
        if not path.is_file():
            raise DataError(_("There is no file “{file}”.").format(file=path))
        return path.read_bytes()
    except OSError as why:
        raise DataError(_("“{file}” cannot be opened: {why}.").format(file=path, why=why.strerror)) from None


def decode(data: bytes, file: str) -> tuple[str, str]:
    """Return the text and its encoding: what its mark (BOM) says, else UTF-8, else GB18030 (which includes GBK)."""
    for start, sentence in NOT_TEXT.items():
        if data.startswith(start):
            raise DataError(_(sentence).format(file=file))
    marked = [encoding for mark, encoding in MARKS.items() if data.startswith(mark)]
    if not marked and b"\0" in data:
        raise DataError(_(BINARY).format(file=file))
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise DataError(_("“{file}” is in an unknown encoding: save it as “CSV UTF-8” and try again.").format(file=file))


def _names(text: str, separator: str) -> set[str]:
    """Guess the column names, good enough to choose a separator."""
    return {name.strip(' \t\r"') for name in text.partition("\n")[0].split(separator)}


def split(text: str, separator: str) -> tuple[dict[int, list[str]], Faults]:
    """Split the text into rows of cells, numbered from 1; stop with a fault where the quotation marks do not match."""
    rows: dict[int, list[str]] = {}
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            rows[number] = cells
    except csv.Error:
        bad = len(rows) + 1
        why = _("Row {row}: the cells cannot be told apart; check its quotation marks.").format(row=bad)
        return rows, {(bad, ""): why}
    return rows, {}


def arrange(rows: dict[int, list[str]], faults: Faults) -> Sheet:
    """Put rows under their header; columns named twice and rows of another length are faults, empty rows a note."""
    faults = dict(faults)
    header = [name.strip() or f"#{place}" for place, name in enumerate(rows.get(1, []), 1)]
    for name in (name for name, times in Counter(header).items() if times > 1):
        faults[1, name] = _("Row 1 names column “{column}” more than once.").format(column=shorten(name))
    filled = {row: cells for row, cells in rows.items() if row > 1 and any(cell.strip() for cell in cells)}
    for row, cells in filled.items():
        if len(cells) != len(header):
            faults[row, ""] = _("Row {row} has {n} cells, but the header has {m}.").format(
                row=row, n=len(cells), m=len(header)
            )
    whole = {row: cells for row, cells in filled.items() if len(cells) == len(header)}
    frame = pd.DataFrame(list(whole.values()), index=list(whole), columns=header, dtype=object)
    sheet = Sheet(frame.loc[:, ~frame.columns.duplicated()], faults)
    empty = len(rows) - 1 - len(filled)
    if empty > 0:
        sheet.notes.append(
            ngettext("{n} empty row was left out.", "{n} empty rows were left out.", empty).format(n=empty)
        )
    return sheet
