"""Workbooks of four kinds with the same content, for tests; .ods and .xlsb are put together by hand."""

import io
import struct
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.utils import get_column_letter

Cell = str | float | None
Box = tuple[int, int, int, int]
KINDS = ("xlsx", "xls", "ods", "xlsb")


@dataclass
class Book:
    """One sheet of texts and numbers; places are (row, column) from 1, boxes as in ``tables.excel_layout``."""

    rows: Sequence[Sequence[Cell]]
    divided_by_zero: tuple[int, int] = (0, 0)
    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()
    merged: Collection[Box] = ()
    formula: tuple[int, int] = (0, 0)
    eight_digits: Collection[tuple[int, int]] = ()
    title: str = "Table"
    hidden: bool = False

    def made(self, kind: str) -> bytes:
        """Return the workbook as a file of a kind."""
        return {"xlsx": xlsx, "xls": xls, "ods": ods, "xlsb": xlsb}[kind](self)


def xlsx(book: Book) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    sheet.title = book.title
    for row in book.rows:
        sheet.append(list(row))
    if all(book.divided_by_zero):
        sheet.cell(*book.divided_by_zero).value = "#DIV/0!"
    for row in book.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in book.hidden_columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    for top, left, bottom, right in book.merged:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for at in book.eight_digits:
        sheet.cell(*at).number_format = "00000000"
    if book.hidden:
        made.create_sheet("Empty")
        sheet.sheet_state = "hidden"
    made.save(out)
    return out.getvalue()


def xls(book: Book) -> bytes:
    made, out = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
    sheet = made.add_sheet(book.title, cell_overwrite_ok=True)
    for at, row in enumerate(book.rows):
        for place, value in enumerate(row):
            if value is not None:
                padded = (at + 1, place + 1) in book.eight_digits
                sheet.write(at, place, value, *[xlwt.easyxf(num_format_str="00000000")] * padded)
    if all(book.divided_by_zero):
        sheet.row(book.divided_by_zero[0] - 1).set_cell_error(book.divided_by_zero[1] - 1, "#DIV/0!")
    for row in book.hidden_rows:
        sheet.row(row - 1).hidden = True
    for column in book.hidden_columns:
        sheet.col(column - 1).hidden = True
    for top, left, bottom, right in book.merged:
        sheet.merge(top - 1, bottom - 1, left - 1, right - 1)
    if book.hidden:
        made.add_sheet("Empty")
        made.set_active_sheet(1)
        sheet.visibility = 1
    made.save(out)
    return out.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


NAMESPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
ODS = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/></manifest:manifest>'
)


def ods_cell(value: Cell, more: str = "") -> str:
    """Return a cell as LibreOffice writes it."""
    if value is None:
        return f"<table:table-cell{more}/>"
    if isinstance(value, str):
        return f'<table:table-cell{more} office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    told = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell{more} {told}><text:p>{value}</text:p></table:table-cell>"


def ods_file(tables: str) -> bytes:
    hidden = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="ta" style:family="table">{hidden}</style:style>'
    styles = f"<office:automatic-styles>{style}</office:automatic-styles>"
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?><office:document-content {NAMESPACES}>{styles}{body}</office:document-content>'
    return zipped({"mimetype": ODS, "content.xml": content, "META-INF/manifest.xml": MANIFEST})


def ods(book: Book) -> bytes:
    wide = max(map(len, book.rows))
    columns = "".join(
        f'<table:table-column table:visibility="{"collapse" if at in book.hidden_columns else "visible"}"/>'
        for at in range(1, wide + 1)
    )
    lines = []
    for at, row in enumerate(book.rows, 1):
        cells = []
        for place, value in enumerate(row, 1):
            more = "".join(
                f' table:number-rows-spanned="{bottom - top + 1}" table:number-columns-spanned="{right - left + 1}"'
                for top, left, bottom, right in book.merged
                if (at, place) == (top, left)
            )
            if (at, place) == book.divided_by_zero:
                told = 'table:formula="of:=1/0" calcext:value-type="error" office:value-type="string"'
                cells.append(f"<table:table-cell {told}><text:p>#DIV/0!</text:p></table:table-cell>")
            else:
                formula = ' table:formula="of:=1+1"' if (at, place) == book.formula else ""
                cells.append(ods_cell(value, more + formula))
        hidden = ' table:visibility="filter"' if at in book.hidden_rows else ""
        lines.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    rest = (
        f'<table:table-row table:number-rows-repeated="{1_048_576 - len(book.rows)}">{ods_cell(None)}</table:table-row>'
    )
    style = ' table:style-name="ta"' if book.hidden else ""
    empty = '<table:table table:name="Empty"><table:table-row><table:table-cell/></table:table-row></table:table>'
    table = f'<table:table table:name="{book.title}"{style}>{columns}{"".join(lines)}{rest}</table:table>'
    return ods_file(table + (empty if book.hidden else ""))


def record(kind: int, content: bytes = b"") -> bytes:
    """Return a record of an .xlsb part: kind and size seven bits a byte, the lowest first."""
    head = b""
    for number in (kind, len(content)):
        while number >= 0x80:
            head, number = head + bytes([number & 0x7F | 0x80]), number >> 7
        head += bytes([number])
    return head + content


def wide_text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb(book: Book) -> bytes:
    titles = {book.title: 1 if book.hidden else 0} | ({"Empty": 0} if book.hidden else {})
    bundles = b"".join(
        record(156, struct.pack("<II", state, n) + wide_text(f"rId{n}") + wide_text(title))
        for n, (title, state) in enumerate(titles.items(), 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(titles) + 1)
    )
    parts: dict[str, str | bytes] = {
        "xl/workbook.bin": record(131) + record(143) + bundles + record(144) + record(132),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>',
        "xl/worksheets/sheet1.bin": xlsb_sheet(book),
    }
    if book.hidden:
        parts["xl/worksheets/sheet2.bin"] = xlsb_sheet(Book([]))
    return zipped(parts)


def xlsb_sheet(book: Book) -> bytes:
    out = record(129) + record(148, struct.pack("<IIII", 0, max(len(book.rows) - 1, 0), 0, 30)) + record(390)
    for column in book.hidden_columns:
        out += record(60, struct.pack("<IIIIH", column - 1, column - 1, 2304, 0, 1))
    out += record(391) + record(145)
    for at, row in enumerate(book.rows, 1):
        hidden = 0x10 if at in book.hidden_rows else 0
        out += record(0, struct.pack("<IIHBBBI", at - 1, 0, 300, 0, hidden, 0, 0))
        for place, value in enumerate(row, 1):
            head = struct.pack("<II", place - 1, 0)
            if (at, place) == book.divided_by_zero:
                out += record(3, head + b"\x07")
            elif (at, place) == book.formula and isinstance(value, float):
                out += record(9, head + struct.pack("<dHII", value, 0, 0, 0))
            elif isinstance(value, str):
                out += record(6, head + wide_text(value))
            elif value is not None:
                out += record(5, head + struct.pack("<d", value))
    out += record(146)
    if book.merged:
        boxes = (
            struct.pack("<IIII", top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in book.merged
        )
        out += (
            record(177, struct.pack("<I", len(book.merged))) + b"".join(record(176, box) for box in boxes) + record(178)
        )
    return out + record(130)
