"""A workbook (.xlsx, .xls, .xlsb, .ods) as a sheet of text, cell by cell as a CSV file would hold it.

What a spreadsheet can hold and a table cannot is never passed over: merged cells, errors and formulas without a stored
value are problems; hidden rows and columns are read all the same, and said. Formulas are not computed.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _, ngettext
from crmlib.core.inputs import shorten
from crmlib.tables.excel_layout import Box, Layout, layouts, old_layouts
from crmlib.tables.header import LOOKED_THROUGH, Header, Recognise, find
from crmlib.tables.issues import Faults, Problem
from crmlib.tables.reading import Reading
from crmlib.tables.sheet import MOST_ROWS, Sheet, arrange, hold_size

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 200_000_000
"""Bytes of a workbook's parts together, unpacked; more is refused before it is opened."""
MOST_RATIO, SMALL = 200, 10_000_000
"""How many times smaller a packed workbook may be; below :data:`SMALL` bytes unpacked it does no harm."""
PARTS = (".xml", ".rels", ".bin", "mimetype")
"""Ends of the names of the parts that are read."""

PROTECTED = N_("“{file}” is protected by a password: open it in Excel, take the password off and save it.")
NUMBERS = N_("“{file}” is a Numbers document: open it in Numbers and export it as .xlsx or CSV.")
ARCHIVE = N_("“{file}” is a zip archive, not an Excel workbook: unpack it and choose the table in it.")
DAMAGED = N_("“{file}” is damaged or no Excel workbook: open it in Excel and save it anew as .xlsx or CSV.")
BOMB = N_("“{file}” would unpack to {size:,.0f} MB, more than a workbook may have here: save the table as CSV.")


def is_workbook(data: bytes) -> bool:
    """Tell whether a file looks like a workbook of any kind, by its first bytes."""
    return data.startswith((ZIP, OLE))


def read_workbook(data: bytes, file: str, recognise: Recognise, reading: Reading) -> Sheet:
    """Read the sheet of a workbook that the user names, or the one whose header is recognised best, or all that fit.

    Raises:
        DataError: it is another kind of file, protected, damaged, or too large.
    """
    import python_calamine

    try:
        if "EncryptedPackage".encode("utf-16-le") in data and data.startswith(OLE):
            raise python_calamine.PasswordError
        parts = {} if data.startswith(OLE) else _unpacked(data, file)
        found = layouts(parts) if parts else old_layouts(data)
        if "content.xml" in parts:  # whose sheets the library reads all at once
            for layout in found.values():
                hold_size(layout.columns, layout.rows, layout.columns * layout.rows)
        with python_calamine.load_workbook(io.BytesIO(_packed(parts) if parts else data)) as book:
            return _read(book, found, recognise, reading)
    except DataError:
        raise
    except python_calamine.PasswordError:
        raise DataError(_(PROTECTED).format(file=file)) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except (
        BaseException
    ):  # a damaged file fails anywhere in the libraries, with any error; Rust's panics are no Exception
        raise DataError(_(DAMAGED).format(file=file)) from None


def _unpacked(data: bytes, file: str) -> dict[str, bytes]:
    """Return a workbook's parts; refuse what only looks like a workbook, and what would fill the memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if not any(name.startswith("xl/") or name == "content.xml" for name in names):
            raise DataError(_(NUMBERS if any(name.endswith(".iwa") for name in names) else ARCHIVE).format(file=file))
        size = sum(part.file_size for part in archive.infolist())
        if size > MOST_UNPACKED or (size > SMALL and size > MOST_RATIO * len(data)):
            raise DataError(_(BOMB).format(file=file, size=size / 1e6))
        return {name: archive.read(name) for name in names if name.endswith(PARTS)}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Return parts as a file again: none can unpack to more than it says, and none is there twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _read(book: Any, found: Mapping[str, Layout], recognise: Recognise, reading: Reading) -> Sheet:
    from python_calamine import SheetVisibleEnum

    known = [one for one in book.sheets_metadata if one.name in found]
    sheets = {one.name: one.visible == SheetVisibleEnum.Visible for one in known}
    if not sheets:
        raise DataError(_("The workbook has no sheet with cells."))
    fits = {
        name: max(map(recognise, _top(book, name, found[name])), default=0)
        for name in sorted(sheets, key=lambda name: not sheets[name])
    }
    fitting = [name for name, fit in fits.items() if fit]
    if reading.every_sheet and fitting:
        wanted = [name for name in sheets if name in fitting]
        read = [_sheet(book, name, found[name], recognise, reading, n) for n, name in enumerate(wanted)]
        return _stacked(dict(zip(wanted, read, strict=True)))
    chosen = reading.sheet or max(fits, key=lambda name: fits[name])
    if chosen not in sheets:
        names = _(", ").join(shorten(name) for name in sheets)
        raise DataError(
            _("There is no sheet “{sheet}”; there are: {names}.").format(sheet=shorten(chosen), names=names)
        )
    sheet = _sheet(book, chosen, found[chosen], recognise, reading)
    sheet.notes = [*_choice(chosen, sheets, fitting, bool(reading.sheet)), *sheet.notes]
    return sheet


def _sheet(
    book: Any, name: str, layout: Layout, recognise: Recognise, reading: Reading, number: int | None = None
) -> Sheet:
    """Read one sheet; ``number`` is its place where several are read, and its rows are named with it then."""
    hold_size(layout.columns, layout.rows, layout.columns * layout.rows)
    rows, header = _texts(book.get_sheet_by_name(name).to_python(skip_empty_area=False), layout, recognise, reading)
    sheet = arrange(rows, {}, header, reading.drop_totals)
    down = _downwards(layout, header)
    sheet.faults |= _faults(layout, header, reading, down)
    sheet.notes = [*_hidden(layout), *_filled_down(down if reading.fill_down else []), *sheet.notes]
    if number is not None:

        def placed(row: int) -> int:
            return Placed.of(name, number, row)

        sheet.cells.index = pd.Index([placed(int(row)) for row in sheet.cells.index], dtype=object)
        at = {(placed(row), column): p.at(placed(row), p.column) for (row, column), p in sheet.faults.items()}
        sheet.faults = at
    return sheet


class Placed(int):
    """The number of a row in one of several sheets that are read as one; it is shown with the sheet's name."""

    name: str

    @classmethod
    def of(cls, name: str, number: int, row: int) -> "Placed":
        """Return the row of a sheet; numbers rise from sheet to sheet."""
        placed = cls(number * 10 * MOST_ROWS + row)
        placed.name = f"{shorten(name)}!{row}"
        return placed

    def __str__(self) -> str:
        return self.name

    def __format__(self, spec: str) -> str:
        return self.name


def _stacked(sheets: Mapping[str, Sheet]) -> Sheet:
    """Return several sheets as one below the other; a column that one of them has not is empty there."""
    faults = {at: problem for sheet in sheets.values() for at, problem in sheet.faults.items()}
    cells = pd.concat([sheet.cells for sheet in sheets.values()]).fillna("")
    cells.index = pd.Index([row for sheet in sheets.values() for row in sheet.cells.index], dtype=object)
    names = _(", ").join(f"{shorten(name)} ({len(sheet.cells):,})" for name, sheet in sheets.items())
    told = _("All sheets that fit were read as told, with their rows: {names}.").format(names=names)
    said = _("{file}: {why}")
    each = [said.format(file=shorten(name), why=note) for name, sheet in sheets.items() for note in sheet.notes]
    around = tuple(text for sheet in sheets.values() for text in sheet.around)
    return Sheet(cells, faults, [told, *each], around=around)


def _top(book: Any, name: str, layout: Layout) -> list[list[str]]:
    """Return the first rows of a sheet; one too large to be read is not looked into."""
    try:
        hold_size(layout.columns, layout.rows, layout.columns * layout.rows)
    except DataError:
        return []
    if not layout.rows:
        return []
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=LOOKED_THROUGH)
    return [[text for value in row if (text := _text(value).strip())] for row in rows]


def _text(value: object) -> str:
    """Return a cell's value as a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        day, time = value.isoformat(" ").split(" ")
        return day if time == "00:00:00" else f"{day} {time}"
    return str(value)  # a date as 2024-05-01


def _texts(
    values: Sequence[Sequence[object]], layout: Layout, recognise: Recognise, reading: Reading
) -> tuple[dict[int, list[str]], Header]:
    """Return the rows as text, cut or filled to the header's width, and the header."""
    rows = {number: [_text(value) for value in row] for number, row in enumerate(values, 1)}
    for row, column, _error in layout.errors:
        if column <= len(rows.get(row, ())):
            rows[row][column - 1] = ""
    for (row, column), digits in layout.zeros.items():
        if column <= len(rows.get(row, ())) and rows[row][column - 1].isdigit():
            rows[row][column - 1] = rows[row][column - 1].zfill(digits)
    header = find(rows, recognise, reading.header)
    _spread_merged(rows, layout, header.last)
    width = _width(header.names)
    header = header._replace(names=header.names[:width])
    for row, texts in rows.items():
        rows[row] = texts[: max(width, _width(texts))] + [""] * (width - len(texts))
    while rows and not any(map(str.strip, rows[max(rows)])):
        del rows[max(rows)]
    return rows, header


def _width(texts: Sequence[str]) -> int:
    return next((at for at in range(len(texts), 0, -1) if texts[at - 1].strip()), 0)


def _spread_merged(rows: dict[int, list[str]], layout: Layout, header: int) -> None:
    """Put a merged range's text into all its cells, so that it is one problem and not as many as it has cells."""
    room = layout.rows * layout.columns
    for top, left, bottom, right in layout.merged:
        bottom, right = min(bottom, layout.rows), min(right, layout.columns)
        room -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if room < 0:
            raise ValueError("merged ranges lie over one another")
        if top > header:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    rows[row][column - 1] = rows[top][left - 1]


def _downwards(layout: Layout, header: Header) -> list[Box]:
    """Return the ranges of the table that are merged downwards, in one column."""
    width = len(header.names)
    return [box for box in layout.merged if box[0] > header.last and box[1] == box[3] <= width and box[0] < box[2]]


def _filled_down(boxes: Sequence[Box]) -> Iterator[str]:
    """Say which merged cells were read as if each row had their value."""
    if boxes:
        said = _("Cells merged downwards were read with their value in each row, as told: {ranges} ({n:,} in all).")
        yield said.format(ranges=_ranges(boxes), n=len(boxes))


def _faults(layout: Layout, header: Header, reading: Reading, down: Sequence[Box]) -> Faults:
    """Return the problems that only a workbook has, for the cells of the table; headings may be merged if told.

    Args:
        down: the ranges that are merged downwards; they may be read as told.
    """
    told, apart = bool(reading.header), set(down)

    def name(column: int) -> str:
        return header.names[column - 1].strip() or f"#{column}"

    found = [("error", row, column, value) for row, column, value in layout.errors]
    found += [("formula", row, column, "") for row, column in layout.unstored]
    found += [
        ("merged", *box[:2], _where(box))
        for box in layout.merged
        if box[:2] != box[2:] and not (told and box[2] <= header.last) and box not in apart
    ]
    by_column = groupby(sorted(down, key=lambda box: (box[1], box)), key=lambda box: box[1])
    for _column, of_column in by_column if not reading.fill_down else ():
        boxes = list(of_column)
        found.append(("merged_down", *boxes[0][:2], _ranges(boxes)))
    return {
        (row, name(column)): Problem.of(kind, row, name(column), value)
        for kind, row, column, value in found
        if column <= len(header.names) and (header.first if told else 1) <= row <= layout.rows
    }


def _ranges(boxes: Sequence[Box]) -> str:
    """Return ranges in a sentence, the first three."""
    return _(", ").join(map(_where, boxes[:3])) + (" …" if len(boxes) > 3 else "")


def _where(box: Box) -> str:
    """Return a range as a spreadsheet names it."""
    from openpyxl.utils import get_column_letter

    top, left, bottom, right = box
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"


def _choice(chosen: str, sheets: Mapping[str, bool], fitting: list[str], told: bool) -> Iterator[str]:
    """Say which sheet was read where that is not plain; ``sheets`` tells of each whether it is to be seen."""
    title = shorten(chosen)
    if len(fitting) > 1 and not told:
        names = _(", ").join(shorten(other) for other in fitting[:10])
        said = _(
            "Several sheets fit ({names}); only “{sheet}” was read. To read another, add --sheet NAME; to read all, "
            "--sheets all."
        )
        yield said.format(names=names, sheet=title)
    elif len(sheets) > 1:
        yield _("The sheet “{sheet}” was read.").format(sheet=title)
    if not sheets[chosen]:
        yield _("The sheet “{sheet}” is hidden in the workbook; it was read all the same.").format(sheet=title)


def _hidden(layout: Layout) -> Iterator[str]:
    """Say what a reader of the workbook does not see, and that it was read."""
    from openpyxl.utils.cell import get_column_letter

    if n := sum(len(range(max(rows.start, 2), min(rows.stop, layout.rows + 1))) for rows in layout.hidden_rows):
        yield ngettext(
            "{n} row is hidden or filtered out in the workbook; it was read all the same.",
            "{n} rows are hidden or filtered out in the workbook; they were read all the same.",
            n,
        ).format(n=n)
    hidden = {
        at for columns in layout.hidden_columns for at in range(columns.start, min(columns.stop, layout.columns + 1))
    }
    if letters := [get_column_letter(at) for at in sorted(hidden)]:
        yield _("Hidden columns were read all the same: {columns}.").format(columns=_(", ").join(letters[:50]))
    if n := len(layout.zeros):
        yield ngettext(
            "{n} cell has a format that fills its number up with zeros (000123); it was read as it is shown.",
            "{n} cells have a format that fills numbers up with zeros (000123); they were read as they are shown.",
            n,
        ).format(n=n)
    if not layout.tells_formulas:
        yield _("Formulas, if there are any, were read by their stored values: an .xls file does not tell them here.")
    if layout.formulas:
        yield _("Formulas were read by their stored values, as last computed in the spreadsheet.")
