"""Workbooks of every kind are read alike: .xlsx, .xls, .ods and .xlsb.

No library writes .xlsb; its tests read files put together record by record, as the format's description says.
"""

import struct
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from books import KINDS, Book, ods_cell, ods_file, record, xlsb_sheet, zipped
from hypothesis import given
from hypothesis import strategies as st
from test_sheet_xlsx import CHINESE, FEW, HEADER, NAME, SOME

from crmlib.core.errors import DataError
from crmlib.tables.data import Table, TableError, read_bytes

every_kind = pytest.mark.parametrize("kind", KINDS)


def cells() -> list[list[Any]]:
    """Return four loans as a workbook holds them: dates as text, flags as 0 and 1, a gap as nothing."""
    texts = SOME.assign(as_of=SOME["as_of"].dt.strftime("%Y-%m-%d")).astype(object).where(SOME.notna(), None)
    rows = [[v if isinstance(v, str) or v is None else float(v) for v in row] for row in texts.to_numpy().tolist()]
    return [HEADER, *rows]


def place(column: str, row: int) -> tuple[int, int]:
    return row, HEADER.index(column) + 1


def found(data: bytes) -> list[tuple[str, int, str]]:
    with pytest.raises(TableError) as refusal:
        read_bytes(data, "mine", NAME)
    return [(problem.kind, problem.row, problem.column) for problem in refusal.value.found]


@every_kind
def test_every_kind_gives_the_same_table(kind: str) -> None:
    table = read_bytes(Book(cells()).made(kind), "mine", NAME)
    pd.testing.assert_frame_equal(table.frame, SOME, check_exact=True)
    assert not [note for note in table.notes if kind != "xls"]


@every_kind
def test_an_error_in_a_cell_is_a_problem_in_every_kind(kind: str, english: None) -> None:
    data = Book(cells(), divided_by_zero=place("sales", 3)).made(kind)
    assert found(data) == [("error", 3, "sales")]
    with pytest.raises(DataError, match="#DIV/0!"):
        read_bytes(data, "mine", NAME)


@every_kind
def test_what_is_hidden_is_read_and_said_in_every_kind(kind: str, english: None) -> None:
    table = read_bytes(Book(cells(), hidden_rows=[3, 4], hidden_columns=[3], hidden=True).made(kind), "mine", NAME)
    assert len(table.frame) == 4
    told = " ".join(table.notes)
    assert "2 rows are hidden" in told
    assert "Hidden columns were read all the same: C." in told
    assert "“Table” is hidden in the workbook" in told


@every_kind
def test_merged_cells_are_a_problem_in_every_kind(kind: str) -> None:
    found_here = found(Book(cells(), merged=[(2, 4, 3, 4)]).made(kind))
    assert ("merged_down", 2, HEADER[3]) in found_here
    assert not [one for one in found_here if one[0] == "not_nullable"]


@pytest.mark.parametrize("kind", ["ods", "xlsb"])
def test_formulas_are_read_by_their_stored_values_and_said(kind: str, lang: str) -> None:
    table = read_bytes(Book(cells(), formula=place("sales", 3)).made(kind), "mine", NAME)
    pd.testing.assert_frame_equal(table.frame, SOME, check_exact=True)
    (note,) = table.notes
    assert bool(CHINESE.search(note)) == (lang == "zh")


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_zeros_that_only_a_format_shows_are_read_and_said(kind: str, lang: str) -> None:
    rows = cells()
    for row, number in zip(rows[1:], [12.0, 345.0, 6789.0, 123456789.0], strict=True):
        row[HEADER.index("firm_id")] = number
    table = read_bytes(Book(rows, eight_digits=[place("firm_id", n) for n in range(2, 6)]).made(kind), "mine", NAME)
    assert list(table.frame["firm_id"]) == ["00000012", "00000345", "00006789", "123456789"]
    note = next(note for note in table.notes if "000123" in note)
    assert "4" in note and bool(CHINESE.search(note)) == (lang == "zh")


def test_an_xls_file_says_that_its_formulas_cannot_be_told_apart(lang: str) -> None:
    (note,) = read_bytes(Book(cells()).made("xls"), "mine", NAME).notes
    assert ".xls" in note and bool(CHINESE.search(note)) == (lang == "zh")


def test_a_formula_of_an_ods_file_without_a_value_is_a_problem() -> None:
    rows = cells()
    rows[2][HEADER.index("sales")] = None
    assert found(Book(rows, formula=place("sales", 3)).made("ods")) == [("formula", 3, "sales")]


# OpenDocument writes a repeated cell or row once ----------------------------------------------------------------------


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def small(*rows: str) -> bytes:
    return ods_file(
        f'<table:table table:name="T">{row(ods_cell("firm_id"), ods_cell("x"))}{"".join(rows)}</table:table>'
    )


def test_rows_after_repeated_rows_keep_their_numbers() -> None:
    error = '<table:table-cell table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell>'
    data = small(
        row(ods_cell("a"), ods_cell("b"), repeated=3), row(ods_cell(None), repeated=2), row(ods_cell("c"), error)
    )
    assert ("error", 7, "x") in found(data)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (row(ods_cell("a", ' table:number-columns-repeated="2000"')), "2,000 columns"),
        (row(ods_cell("a"), ods_cell("b"), repeated=3_000_000), "rows"),
        (row(ods_cell("a", ' table:number-columns-repeated="0"')), "damaged"),
    ],
)
def test_a_table_that_would_fill_the_memory_is_refused_unread(
    rows: str, said: str, english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("python_calamine.load_workbook", lambda *_a: pytest.fail("it was opened"))
    with pytest.raises(DataError, match=said):
        read_bytes(small(rows), "mine", NAME)


def test_a_far_corner_of_an_xlsb_file_is_refused(english: None) -> None:
    parts = Book(cells()).made("xlsb")
    far = record(0, struct.pack("<IIHBBBI", 10, 0, 300, 0, 0, 0, 0)) + record(5, struct.pack("<IId", 5_000, 0, 1.0))
    sheet = xlsb_sheet(Book(cells())).replace(record(146), far + record(146))
    with pytest.raises(DataError, match="5,001 columns"):
        read_bytes(with_part(parts, "xl/worksheets/sheet1.bin", lambda _old: sheet), "mine", NAME)


# What is refused ------------------------------------------------------------------------------------------------------


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    from crmlib.support.files import unzipped

    parts = unzipped(data)
    return zipped(parts | {name: change(parts[name])})


def test_a_protected_xls_file_is_said_to_be_protected(english: None) -> None:
    user = struct.pack("<HH", 0x5C, 112)
    data = Book(cells()).made("xls")
    assert data.count(user) == 1
    with pytest.raises(DataError, match="password"):
        read_bytes(data.replace(user, struct.pack("<HH", 0x2F, 112)), "mine", NAME)


def test_what_makes_the_library_panic_is_a_data_error(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        """As pyo3's PanicException."""

    def load_workbook(*_arguments: object) -> None:
        raise Panic

    monkeypatch.setattr("python_calamine.load_workbook", load_workbook)
    with pytest.raises(DataError, match="damaged"):
        read_bytes(Book(cells()).made("xlsx"), "mine", NAME)


FILES = {kind: Book(cells()).made(kind) for kind in KINDS}


@every_kind
@FEW
@given(start=st.integers(4, 3_000), junk=st.binary(max_size=40), length=st.integers(0, 200))
def test_a_damaged_file_of_any_kind_is_a_table_or_a_data_error(kind: str, start: int, junk: bytes, length: int) -> None:
    good = FILES[kind]
    try:
        assert isinstance(read_bytes(good[:start] + junk + good[start + length :], "x", NAME), Table)
    except DataError as refusal:
        assert all(refusal.problems)


@FEW
@given(
    data=st.data(),
    at=st.sampled_from([("ods", "content.xml"), ("xlsb", "xl/worksheets/sheet1.bin"), ("xlsb", "xl/workbook.bin")]),
)
def test_a_file_with_a_damaged_part_is_a_table_or_a_data_error(data: st.DataObject, at: tuple[str, str]) -> None:
    def damage(content: bytes) -> bytes:
        start, length = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 60))
        return content[:start] + data.draw(st.binary(max_size=20)) + content[start + length :]

    try:
        assert isinstance(read_bytes(with_part(FILES[at[0]], at[1], damage), "x", NAME), Table)
    except DataError as refusal:
        assert all(refusal.problems)
