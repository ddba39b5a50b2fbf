"""An Excel workbook as a sheet of text, cell by cell as a CSV file would hold it.

What a spreadsheet can hold and a table cannot is never passed over: merged cells, errors and formulas without a stored
value are problems; hidden rows and columns are read all the same, and said. Formulas are not computed.
"""

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from crmlib.errors import DataError
from crmlib.i18n import N_, _, ngettext
from crmlib.inputs import shorten
from crmlib.problems import Faults, Problem
from crmlib.sheet import MOST_COLUMNS, MOST_ROWS, Recognise, Sheet, arrange, hold_size

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 200_000_000
"""Bytes of a workbook's parts together, unpacked; more is refused before it is opened."""
MOST_RATIO, SMALL = 200, 10_000_000
"""How many times smaller a packed workbook may be; below :data:`SMALL` bytes unpacked it does no harm."""

PROTECTED = N_("“{file}” is protected by a password: open it in Excel, take the password off and save it.")
OLD = N_("“{file}” is in the old Excel format (.xls): open it in Excel and save it as .xlsx.")
OTHERS = {
    "xl/workbook.bin": N_("“{file}” is a binary Excel workbook (.xlsb): open it in Excel and save it as .xlsx."),
    "content.xml": N_("“{file}” is an OpenDocument file (.ods): open it in its program and save it as .xlsx or CSV."),
    ".iwa": N_("“{file}” is a Numbers document: open it in Numbers and export it as .xlsx or CSV."),
    "": N_("“{file}” is a zip archive, not an Excel workbook: unpack it and choose the table in it."),
}
DAMAGED = N_("“{file}” is damaged or no Excel workbook: open it in Excel and save it anew as .xlsx or CSV.")
BOMB = N_("“{file}” would unpack to {size:,.0f} MB, more than a workbook may have here: save the table as CSV.")


@dataclass
class Layout:
    """What a worksheet holds beside its values. Cells are places (row, column), both from 1."""

    rows: int = 0
    columns: int = 0
    merged: list[tuple[str, tuple[int, int, int, int]]] = field(default_factory=list)
    unstored: list[tuple[int, int]] = field(default_factory=list)
    formulas: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def is_workbook(data: bytes) -> bool:
    """Tell whether a file looks like a workbook of any kind, by its first bytes."""
    return data.startswith((ZIP, OLE))


def read_workbook(data: bytes, file: str, recognise: Recognise) -> Sheet:
    """Read the sheet of a workbook whose first row is recognised best.

    Raises:
        DataError: it is another kind of file, protected, damaged, or too large.
    """
    _refuse_others(data, file)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not know of a workbook's looks
            book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                return _read(book, recognise)
            finally:
                book.close()
    except DataError:
        raise
    except Exception:  # a damaged file fails anywhere in the library, with any error
        raise DataError(_(DAMAGED).format(file=file)) from None


def _refuse_others(data: bytes, file: str) -> None:
    """Refuse what only looks like a workbook, and a workbook that would fill the memory."""
    if data.startswith(OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise DataError(_(PROTECTED if protected else OLD).format(file=file))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise DataError(_(DAMAGED).format(file=file)) from None
    names = [part.filename for part in parts]
    if "xl/workbook.bin" in names or not any(name.startswith("xl/") for name in names):
        said = next(sentence for end, sentence in OTHERS.items() if any(name.endswith(end) for name in names))
        raise DataError(_(said).format(file=file))
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED or (size > SMALL and size > MOST_RATIO * len(data)):
        raise DataError(_(BOMB).format(file=file, size=size / 1e6))


def _read(book: Any, recognise: Recognise) -> Sheet:
    sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    if not sheets:
        raise DataError(_("The workbook has no sheet with cells."))
    fits = {sheet.title: recognise(_header(sheet)) for sheet in sheets}
    chosen = max(sheets, key=lambda sheet: fits[sheet.title])
    layout = _layout(chosen)
    hold_size(layout.columns, layout.rows, layout.columns * layout.rows)
    rows, errors = _texts(chosen, layout)
    header = rows.get(1, [])
    sheet = arrange(rows, {})
    sheet.faults |= _faults(layout, errors, header)
    sheet.notes = [*_choice(chosen, [title for title, fit in fits.items() if fit]), *_hidden(layout), *sheet.notes]
    return sheet


def _header(sheet: Any) -> list[str]:
    sheet.reset_dimensions()  # what a workbook says of its size need not be true
    row = next(sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS + 1), ())
    return [text for cell in row if (text := _text(cell.value).strip())]


def _text(value: object) -> str:
    """Return a cell's value as a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        day, time = value.isoformat(" ").split(" ")
        return day if time == "00:00:00" else f"{day} {time}"
    return str(value)


def _layout(sheet: Any) -> Layout:
    """Read what the library leaves out when it reads a sheet row by row."""
    from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

    layout, number, place = Layout(), 0, 0
    with sheet.parent._archive.open(sheet._worksheet_path) as part:
        for event, element in iterparse(part, events=("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if tag == "row" and event == "start":
                before, number, place = number, int(element.get("r") or number + 1), 0
                if not before < number <= MOST_ROWS:
                    raise ValueError("rows out of order")
            elif event == "start":
                continue
            elif tag == "c":
                at = element.get("r")
                place = coordinate_to_tuple(at)[1] if at else place + 1
                _take_cell(layout, element, number, place)
            elif tag == "row":
                if element.get("hidden") in ("1", "true"):
                    layout.hidden_rows.add(number)
                element.clear()
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                last = min(int(element.get("max")), MOST_COLUMNS)
                layout.hidden_columns |= {*range(int(element.get("min")), last + 1)}
            elif tag == "mergeCell":
                left, top, right, bottom = (int(at or 0) for at in range_boundaries(element.get("ref")))
                layout.merged.append((element.get("ref"), (top, left, bottom, right)))
    return layout


def _take_cell(layout: Layout, cell: Any, row: int, column: int) -> None:
    """Note one cell: how far the table goes, and whether a formula has its value."""
    parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
    if parts:
        layout.rows, layout.columns = row, max(layout.columns, column)
    if "f" in parts:
        layout.formulas += 1
        if parts.get("v") is None and cell.get("t") != "str":  # a text of no letters is a value too
            layout.unstored.append((row, column))


def _texts(sheet: Any, layout: Layout) -> tuple[dict[int, list[str]], list[tuple[int, int, str]]]:
    """Return the rows as text, cut or filled to the header's width, and the cells that hold an error."""
    rows: dict[int, list[str]] = {}
    errors: list[tuple[int, int, str]] = []
    if layout.columns:
        for number, cells in enumerate(sheet.iter_rows(max_row=layout.rows, max_col=layout.columns), 1):
            wrong = [(number, at, cell.value) for at, cell in enumerate(cells, 1) if cell.data_type == "e"]
            errors += wrong
            rows[number] = ["" if cell.data_type == "e" else _text(cell.value) for cell in cells]
    _spread_merged(rows, layout)
    width = _width(rows.get(1, []))
    for row, texts in rows.items():
        rows[row] = texts[: max(width, _width(texts))] + [""] * (width - len(texts))
    while rows and not any(map(str.strip, rows[max(rows)])):
        del rows[max(rows)]
    return rows, errors


def _width(texts: Sequence[str]) -> int:
    return next((at for at in range(len(texts), 0, -1) if texts[at - 1].strip()), 0)


def _spread_merged(rows: dict[int, list[str]], layout: Layout) -> None:
    """Put a merged range's text into all its cells, so that it is one problem and not as many as it has cells."""
    room = layout.rows * layout.columns
    for _range, (top, left, bottom, right) in layout.merged:
        bottom, right = min(bottom, layout.rows), min(right, layout.columns)
        room -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if room < 0:
            raise ValueError("merged ranges lie over one another")
        if top > 1:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    rows[row][column - 1] = rows[top][left - 1]


def _faults(layout: Layout, errors: list[tuple[int, int, str]], header: list[str]) -> Faults:
    """Return the problems that only a workbook has, for the cells of the table."""

    def name(column: int) -> str:
        return header[column - 1].strip() or f"#{column}"

    found = [("error", row, column, value) for row, column, value in errors]
    found += [("formula", row, column, "") for row, column in layout.unstored]
    found += [("merged", box[0], box[1], where) for where, box in layout.merged if box[:2] != box[2:]]
    return {
        (row, name(column)): Problem.of(kind, row, name(column), value)
        for kind, row, column, value in found
        if column <= len(header) and row <= layout.rows
    }


def _choice(chosen: Any, fitting: list[str]) -> Iterator[str]:
    """Say which sheet was read where that is not plain."""
    title = shorten(chosen.title)
    if len(fitting) > 1:
        names = _(", ").join(shorten(other) for other in fitting[:10])
        yield _("Several sheets fit ({names}); “{sheet}” was read.").format(names=names, sheet=title)
    elif len(chosen.parent.worksheets) > 1:
        yield _("The sheet “{sheet}” was read.").format(sheet=title)
    if chosen.sheet_state != "visible":
        yield _("The sheet “{sheet}” is hidden in the workbook; it was read all the same.").format(sheet=title)


def _hidden(layout: Layout) -> Iterator[str]:
    """Say what a reader of the workbook does not see, and that it was read."""
    from openpyxl.utils.cell import get_column_letter

    if n := sum(1 < row <= layout.rows for row in layout.hidden_rows):
        yield ngettext(
            "{n} row is hidden or filtered out in the workbook; it was read all the same.",
            "{n} rows are hidden or filtered out in the workbook; they were read all the same.",
            n,
        ).format(n=n)
    if letters := [get_column_letter(at) for at in sorted(layout.hidden_columns) if at <= layout.columns]:
        yield _("Hidden columns were read all the same: {columns}.").format(columns=_(", ").join(letters[:50]))
    if layout.formulas:
        yield _("Formulas were read by their stored values, as last computed in the spreadsheet.")
