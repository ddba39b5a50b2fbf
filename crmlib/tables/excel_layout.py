"""What the sheets of a workbook hold beside their values: errors, formulas, merged cells, what is hidden, their size.

The library that reads the values leaves an error as an empty cell and says nothing of the rest, so each kind of file is
looked through once more: .xlsx and .ods as XML, .xlsb record by record, .xls by xlrd. An .xls file does not tell here
which of its values come from formulas; it always stores a value.
"""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from os import devnull
from typing import Any
from xml.parsers import expat

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from crmlib.tables.sheet import MOST_ROWS

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
"""Errors of the binary formats by their codes."""

Box = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


@dataclass
class Layout:
    """What a worksheet holds beside its values. Cells are places (row, column), both from 1."""

    rows: int = 0
    columns: int = 0
    merged: list[Box] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    unstored: list[tuple[int, int]] = field(default_factory=list)
    formulas: int = 0
    tells_formulas: bool = True
    hidden_rows: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    zeros: dict[tuple[int, int], int] = field(default_factory=dict)
    """Cells whose format fills their number up with zeros, with how many digits it shows (.xlsx and .xls)."""

    def reach(self, row: int, column: int) -> None:
        """Note that a cell holds something."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def layouts(parts: Mapping[str, bytes]) -> dict[str, Layout]:
    """Return the layout of each sheet of an .xlsx, .xlsb or .ods file by the sheet's name, from the file's parts.

    Raises:
        ValueError, KeyError, struct.error, expat.ExpatError: the file contradicts itself.
    """
    if "xl/workbook.bin" in parts:
        names = _binary_sheets(parts["xl/workbook.bin"])
        return {name: _binary(parts[path]) for name, path in _paths(parts, names, "workbook.bin")}
    if "xl/workbook.xml" in parts:
        sheets = fromstring(parts["xl/workbook.xml"]).iterfind("{*}sheets/{*}sheet")
        names = {one.get("name"): one.get(RELATION) or one.get(STRICT) for one in sheets}
        zeros = _zeros(parts.get("xl/styles.xml"))
        return {name: _Excel(zeros).read(parts[path]) for name, path in _paths(parts, names, "workbook.xml")}
    return _Open().read(parts["content.xml"])


def old_layouts(data: bytes) -> dict[str, Layout]:
    """Return the layout of each sheet of an .xls file by the sheet's name.

    Raises:
        python_calamine.PasswordError: it is protected.
        Exception: it is damaged, or no .xls file.
    """
    import xlrd
    from python_calamine import PasswordError

    try:
        with open(devnull, "w") as nowhere:
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=nowhere)
    except xlrd.XLRDError as why:
        raise (PasswordError if "encrypted" in str(why) else ValueError) from None
    return {sheet.name: _old(sheet) for sheet in book.sheets()}


def _old(sheet: Any) -> Layout:
    from xlrd import XL_CELL_ERROR, XL_CELL_NUMBER

    layout = Layout(sheet.nrows, sheet.ncols, tells_formulas=False)
    shown = [_digits(sheet.book.format_map[style.format_key].format_str) for style in sheet.book.xf_list]
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == XL_CELL_ERROR:
                layout.errors.append((row + 1, column + 1, ERRORS.get(sheet.cell_value(row, column), "#?")))
            elif kind == XL_CELL_NUMBER and (digits := shown[sheet.cell_xf_index(row, column)]):
                layout.zeros[row + 1, column + 1] = digits
    layout.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    layout.hidden_rows = [range(at + 1, at + 2) for at, row in sheet.rowinfo_map.items() if row.hidden]
    layout.hidden_columns = [range(at + 1, at + 2) for at, column in sheet.colinfo_map.items() if column.hidden]
    return layout


def _paths(parts: Mapping[str, bytes], names: Mapping[str, str], book: str) -> Iterator[tuple[str, str]]:
    """Yield each worksheet's name and the part that holds it."""
    relations = {one.get("Id"): one for one in fromstring(parts[f"xl/_rels/{book}.rels"])}
    for name, relation in ((name, relations[told]) for name, told in names.items()):
        if relation.get("Type").endswith("/worksheet"):
            target = relation.get("Target")
            yield name, target[1:] if target.startswith("/") else f"xl/{target}"


# XML ------------------------------------------------------------------------------------------------------------------


def _parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    """Return a parser of XML parts; one that declares entities is refused."""

    def refuse(*_said: object) -> None:
        raise ValueError("no declarations in a workbook")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    return parser


def _digits(shown_as: str) -> int:
    """Return how many digits a format such as 000000 shows at least; 0 for any other format.

    >>> _digits("000000"), _digits("0"), _digits("0.00")
    (6, 0, 0)
    """
    return len(shown_as) if len(shown_as) > 1 and set(shown_as) == {"0"} else 0


def _zeros(styles: bytes | None) -> list[int]:
    """Return, for each style of cells, how many digits it shows at least; nothing where no style says so."""
    if styles is None:
        return []
    tree = fromstring(styles)
    own = {one.get("numFmtId"): _digits(one.get("formatCode", "")) for one in tree.iterfind("{*}numFmts/{*}numFmt")}
    found = [own.get(one.get("numFmtId"), 0) for one in tree.iterfind("{*}cellXfs/{*}xf")]
    return found if any(found) else []


@cache
def _column(letters: str) -> int:
    from openpyxl.utils import column_index_from_string

    return column_index_from_string(letters)


def _is_true(said: str | None) -> bool:
    return said in ("1", "true")


class _Excel:
    """One worksheet of an .xlsx file. The ends of elements are looked at only within a formula or an error."""

    def __init__(self, zeros: Sequence[int]) -> None:
        self.layout, self.parser, self.zeros = Layout(), _parser(self._start), zeros
        self.row = self.column = 0
        self.kind, self.formula = "", False
        self.text: list[str] = []

    def read(self, part: bytes) -> Layout:
        self.parser.Parse(part, True)
        return self.layout

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            at = attributes.get("r")
            self.column = _column(at.rstrip("0123456789")) if at else self.column + 1
            self.kind, self.formula, self.text = attributes.get("t", ""), False, []
            if self.zeros:
                self._note_zeros(int(attributes.get("s", 0)))
        elif tag in ("v", "is", "f"):
            self.layout.reach(self.row, self.column)
            self.formula = self.formula or tag == "f"
            if self.formula or self.kind == "e":
                self.parser.EndElementHandler = self._end
                self.parser.CharacterDataHandler = self.text.append if tag == "v" else None
        elif tag == "row":
            self._new_row(attributes)
        elif tag == "col" and _is_true(attributes.get("hidden")):
            self.layout.hidden_columns.append(range(int(attributes["min"]), int(attributes["max"]) + 1))
        elif tag == "mergeCell":
            self.layout.merged.append(_box(attributes["ref"]))

    def _note_zeros(self, style: int) -> None:
        if self.kind in ("", "n") and style < len(self.zeros) and self.zeros[style]:
            self.layout.zeros[self.row, self.column] = self.zeros[style]

    def _new_row(self, attributes: dict[str, str]) -> None:
        before, self.row, self.column = self.row, int(attributes.get("r") or self.row + 1), 0
        if not before < self.row <= MOST_ROWS:
            raise ValueError("rows out of order")
        if _is_true(attributes.get("hidden")):
            self.layout.hidden_rows.append(range(self.row, self.row + 1))

    def _end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        if name.rpartition(" ")[2] == "c":
            self.parser.EndElementHandler = None
            at, text = (self.row, self.column), "".join(self.text)
            self.layout.formulas += self.formula
            if self.kind == "e":
                self.layout.errors.append((*at, text))
            elif not text and self.kind != "str":  # a text of no letters is a value too
                self.layout.unstored.append(at)


def _box(ref: str) -> Box:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = (int(at or 0) for at in range_boundaries(ref))
    return top, left, bottom, right


class _Open:
    """All sheets of an .ods file. A row or a cell that is repeated is written once, with how many times."""

    def __init__(self) -> None:
        self.found: dict[str, Layout] = {}
        self.layout, self.parser = Layout(), _parser(self._start)
        self.parser.EndElementHandler = self._end
        self.row = self.column = 1
        self.rows = self.columns = self.last_column = 0
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []

    def read(self, part: bytes) -> dict[str, Layout]:
        self.parser.Parse(part, True)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag not in ("table", "table-column", "table-row", "table-cell", "covered-table-cell", "p"):
            return
        told = {name if name == CALCEXT else name.rpartition(" ")[2]: text for name, text in attributes.items()}
        hidden = told.get("visibility", "visible") != "visible"
        if tag == "table":
            self.layout = self.found.setdefault(told.get("name", ""), Layout())
            self.row, self.rows, self.last_column = 1, 0, 0
        elif tag == "table-column":
            columns = range(self.last_column + 1, self.last_column + 1 + _times(told, "columns"))
            self.last_column = columns[-1]
            self.layout.hidden_columns += [columns] * hidden
        elif tag == "table-row":
            self.row, self.rows = self.row + self.rows, _times(told, "rows")
            self.column, self.columns = 1, 0
            self.layout.hidden_rows += [range(self.row, self.row + self.rows)] * hidden
        elif tag == "p":
            if self.cell is not None:
                self.parser.CharacterDataHandler = self.text.append
        else:
            self.column, self.columns = self.column + self.columns, _times(told, "columns")
            self.cell, self.text = told, []

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "p":
            self.parser.CharacterDataHandler = None
        elif tag in ("table-cell", "covered-table-cell") and self.cell is not None:
            self._take(self.cell, "".join(self.text))
            self.cell = None

    def _take(self, cell: dict[str, str], text: str) -> None:
        at, layout = (self.row, self.column), self.layout
        if text or "value-type" in cell or "formula" in cell:
            layout.reach(self.row + self.rows - 1, self.column + self.columns - 1)
        down, right = int(cell.get("number-rows-spanned", 1)), int(cell.get("number-columns-spanned", 1))
        if down > 1 or right > 1:
            layout.merged.append((*at, self.row + down - 1, self.column + right - 1))
        if "formula" in cell:
            layout.formulas += 1
        if cell.get(CALCEXT) == "error" or ("formula" in cell and (text in ERRORS.values() or text.startswith("Err:"))):
            layout.errors.append((*at, text))
        elif "formula" in cell and "value-type" not in cell:
            layout.unstored.append(at)


def _times(told: Mapping[str, str], what: str) -> int:
    times = int(told.get(f"number-{what}-repeated", 1))
    if times < 1:
        raise ValueError("nothing can be repeated less than once")
    return times


# Records of .xlsb -----------------------------------------------------------------------------------------------------

ROW, ERROR_CELL, FIRST_FORMULA, ERROR_FORMULA, COLUMNS, RICH_TEXT, SHEET, MERGED = 0, 3, 8, 11, 60, 62, 156, 176
"""Kinds of records, as [MS-XLSB] numbers them; 2 to 11 are cells with something in them."""


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and content of each record; both its kind and its size are written seven bits a byte."""
    at, end = 0, len(part)
    while at < end:
        numbers = []
        for most in (2, 4):
            number = 0
            for place in range(most):
                byte = part[at]
                at, number = at + 1, number | (byte & 0x7F) << 7 * place
                if byte < 0x80:
                    break
            numbers.append(number)
        kind, size = numbers
        yield kind, part[at : at + size]
        at += size


def _binary_sheets(part: bytes) -> dict[str, str]:
    """Return the relation of each sheet by the sheet's name."""
    found = {}
    for kind, content in _records(part):
        if kind == SHEET:
            relation, rest = _wide(content[8:])
            found[_wide(rest)[0]] = relation
    return found


def _wide(content: bytes) -> tuple[str, bytes]:
    """Return the text at the beginning of a record's content, and what follows it."""
    (length,) = struct.unpack_from("<I", content)
    if length == 0xFFFFFFFF:
        return "", content[4:]
    return content[4 : 4 + 2 * length].decode("utf-16-le"), content[4 + 2 * length :]


def _binary(part: bytes) -> Layout:
    """Return the layout of one worksheet of an .xlsb file."""
    layout, row = Layout(), 0
    for kind, content in _records(part):
        if kind == ROW:
            row = struct.unpack_from("<I", content)[0] + 1
            if not 0 < row <= MOST_ROWS:
                raise ValueError("a row too far away")
            layout.hidden_rows += [range(row, row + 1)] * bool(content[11] & 0x10)
        elif 2 <= kind <= ERROR_FORMULA or kind == RICH_TEXT:
            column = struct.unpack_from("<I", content)[0] + 1
            layout.reach(row, column)
            layout.formulas += FIRST_FORMULA <= kind <= ERROR_FORMULA
            if kind in (ERROR_CELL, ERROR_FORMULA):
                layout.errors.append((row, column, ERRORS.get(content[8], "#?")))
        elif kind == COLUMNS:
            first, last = struct.unpack_from("<II", content)
            layout.hidden_columns += [range(first + 1, last + 2)] * (content[16] & 1)
        elif kind == MERGED:
            top, bottom, left, right = (at + 1 for at in struct.unpack_from("<IIII", content))
            layout.merged.append((top, left, bottom, right))
    return layout
