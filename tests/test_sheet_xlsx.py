"""A workbook is read as the CSV of the same table would be, and what only a workbook has is said."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

import crmlib.tables.excel
from crmlib.core.errors import DataError
from crmlib.core.paths import DATA
from crmlib.tables.data import Table, TableError, load, read, read_bytes
from crmlib.tables.dictionary import dictionary, heading
from crmlib.tables.template import template

NAME = "bank_loans"
HEADER = list(dictionary(NAME).columns)
SOME = load(NAME).head(4)
CHINESE = re.compile("[一-鿿]")
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Sheet = Any


def rows_of(frame: pd.DataFrame) -> list[list[Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [[v.to_pydatetime() if isinstance(v, pd.Timestamp) else v for v in row] for row in plain.to_numpy().tolist()]


def workbook(rows: Iterable[Iterable[Any]] | None = None, change: Callable[[Sheet], None] | None = None) -> bytes:
    """Return a workbook of one sheet; without rows, that of four loans."""
    book = openpyxl.Workbook()
    for row in [HEADER, *rows_of(SOME)] if rows is None else rows:
        book.active.append(list(row))
    if change:
        change(book.active)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(column: str, row: int) -> str:
    return f"{get_column_letter(HEADER.index(column) + 1)}{row}"


def problems(data: bytes) -> list[str]:
    with pytest.raises(DataError) as refusal:
        read_bytes(data, "mine.xlsx", NAME)
    return refusal.value.problems


def patched(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


# What is read ---------------------------------------------------------------------------------------------------------


def test_a_workbook_gives_the_table_its_csv_gives(tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_bytes(workbook())
    table = read(tmp_path / "mine.xlsx", NAME)
    pd.testing.assert_frame_equal(table.frame, SOME, check_exact=True)
    assert table.notes == ()


def test_the_kind_of_file_is_seen_in_it_and_not_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(workbook())
    assert len(read(tmp_path / "mine.csv", NAME).frame) == 4


@pytest.mark.parametrize(
    ("value", "kept"),
    [(12, "12"), (12.0, "12"), (0.1, "0.1"), (1e-7, "1e-07"), (1e300, "1e+300"), ("x y", "x y"), (True, "TRUE"),
     (datetime(2024, 5, 1), "2024-05-01"), (datetime(2024, 5, 1, 9, 30), "2024-05-01 09:30:00"), (None, "")],
)  # fmt: skip
def test_a_typed_cell_becomes_the_text_a_csv_would_hold(value: object, kept: str) -> None:
    rows = [[*HEADER, "other"], *([*row, value] for row in rows_of(SOME))]
    assert read_bytes(workbook(rows), "x", NAME).extra["other"].tolist() == [kept] * 4 if kept else True


def test_flags_may_be_booleans_and_numbers_may_be_text() -> None:
    def change(sheet: Sheet) -> None:
        sheet[cell("defaulted", 2)], sheet[cell("sales", 2)], sheet[cell("as_of", 2)] = True, "13938.5", "2023/12/31"

    frame = read_bytes(workbook(change=change), "x", NAME).frame
    assert frame.loc[0, "defaulted"] and frame.loc[0, "sales"] == 13938.5
    assert frame.loc[0, "as_of"] == pd.Timestamp("2023-12-31")


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [("sales", datetime(2024, 1, 1), "number"), ("as_of", datetime(2024, 1, 1, 1), "date"),
     ("products", 2.5, "whole"), ("sales", "45%", "number"), ("roa", "45%", "percent"), ("defaulted", 2, "flag"),
     ("sales", True, "number"), ("sales", time(1, 2), "number")],
)  # fmt: skip
def test_a_cell_of_the_wrong_type_is_named_by_its_row_in_the_spreadsheet(column: str, value: object, kind: str) -> None:
    def change(sheet: Sheet) -> None:
        sheet.insert_rows(3)  # an empty row counts
        sheet[cell(column, 4)] = value

    with pytest.raises(TableError) as refusal:
        read_bytes(workbook(change=change), "x", NAME)
    (found,) = refusal.value.found
    assert (found.row, found.column, found.kind) == (4, column, kind)


def test_empty_rows_between_are_said_and_those_below_do_not_count() -> None:
    def change(sheet: Sheet) -> None:
        sheet.insert_rows(3)
        sheet.cell(50, 1).number_format = "@"
        sheet.cell(60, 2).value = " "

    assert read_bytes(workbook(change=change), "x", NAME).notes == ("1 empty row was left out.",)


def test_a_cell_beyond_the_header_is_a_problem(english: None) -> None:
    (sentence,) = problems(workbook(change=lambda sheet: sheet.cell(3, 20, "remark")))
    assert sentence.startswith("Row 3 has 20 cells, but the header has 18.")


def test_the_sheet_that_names_the_columns_is_read_and_said(lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.create_sheet("封面", 0).append(["nothing", "here"])
    (note,) = read_bytes(saved(book), "x", NAME).notes
    assert "Sheet" in note and bool(CHINESE.search(note)) == (lang == "zh")
    second = book.create_sheet("second")
    second.append(["firm_id"])
    (note,) = read_bytes(saved(book), "x", NAME).notes
    assert "second" in note and "Sheet" in note
    book["Sheet"].sheet_state = "hidden"
    book.remove(second)
    assert len(read_bytes(saved(book), "x", NAME).notes) == 2


# What is said ---------------------------------------------------------------------------------------------------------


def test_hidden_rows_columns_and_filters_are_read_and_said(lang: str) -> None:
    def change(sheet: Sheet) -> None:
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.auto_filter.ref = "A1:R5"

    table = read_bytes(workbook(change=change), "x", NAME)
    assert len(table.frame) == 4
    rows, columns = table.notes
    assert "2" in rows and "C" in columns
    assert all(bool(CHINESE.search(note)) == (lang == "zh") for note in table.notes)


@pytest.mark.parametrize("where", ["D2:D3", "A2:R2", "A1:B1"])
def test_merged_cells_are_one_problem_that_names_the_range(lang: str, where: str) -> None:
    found = problems(workbook(change=lambda sheet: sheet.merge_cells(where)))
    named = [sentence for sentence in found if where in sentence]
    assert len(named) == 1 and bool(CHINESE.search(named[0].replace("第", ""))) == (lang == "zh")
    if where == "D2:D3":
        # both rows now say the same date, so the key repeats; nothing is said to be missing
        assert [p for p in found if p not in named] == [p for p in found if "firm_id + as_of" in p]


def test_cells_merged_beside_the_table_do_not_matter() -> None:
    assert len(read_bytes(workbook(change=lambda sheet: sheet.merge_cells("T1:U9")), "x", NAME).frame) == 4


def test_a_formula_without_a_stored_value_is_a_problem_at_its_cell(lang: str) -> None:
    def change(sheet: Sheet) -> None:
        sheet[cell("sales", 3)] = "=1+1"
        sheet[cell("firm_name", 4)] = "=A4"

    found = problems(workbook(change=change))
    assert [re.findall(r"\d", s)[0] for s in found] == ["3", "4"]
    assert "sales" in found[0] and "firm_name" in found[1] and all("Excel" in s for s in found)


def test_a_formula_with_a_stored_value_is_read_by_it(lang: str) -> None:
    data = workbook(change=lambda sheet: sheet.__setitem__(cell("sales", 3), "=40+2"))

    def store(part: bytes) -> bytes:
        return part.replace(b"<f>40+2</f><v></v>", b"<f>40+2</f><v>42</v>").replace(
            b"<f>40+2</f><v />", b"<f>40+2</f><v>42</v>"
        )

    table = read_bytes(patched(data, "xl/worksheets/sheet1.xml", store), "x", NAME)
    assert table.frame.loc[1, "sales"] == 42
    assert len(table.notes) == 1


@pytest.mark.parametrize("value", ["#N/A", "#DIV/0!", "#REF!"])
def test_an_error_in_a_cell_is_a_problem(lang: str, value: str) -> None:
    for column in ("sales", "firm_name", "roa"):
        (sentence,) = problems(workbook(change=lambda sheet, c=column: sheet.__setitem__(cell(c, 3), value)))  # type: ignore[misc]
        assert value in sentence and column in sentence and "3" in sentence


# What is refused ------------------------------------------------------------------------------------------------------


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (OLE, "Excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码|password"),
        (archive(**{"content.xml": b"<x/>", "mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "Excel"),
        (archive(**{"Index__Document.iwa": b"x"}), "Numbers"),
        (archive(**{"xl__workbook.bin": b"x"}), "Excel"),
        (archive(**{"a.csv": b"a,b"}), "zip|压缩"),
        (archive(**{"xl__workbook.xml": b"<x/>"}), "Excel"),
        (archive(**{"xl__workbook.xml": bytes(30_000_000)}), "30"),
        (workbook()[:2000], "Excel"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(lang: str, data: bytes, said: str) -> None:
    (sentence,) = problems(data)
    assert re.search(said, sentence) and "mine.xlsx" in sentence
    assert bool(CHINESE.search(sentence)) == (lang == "zh")


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("python_calamine.load_workbook", lambda *_a: pytest.fail("it was opened"))
    monkeypatch.setattr(crmlib.tables.excel, "MOST_UNPACKED", 5_000)
    (sentence,) = problems(workbook())
    assert "MB" in sentence


def test_workbooks_are_read_alike_with_and_without_lxml() -> None:
    assert find_spec("lxml"), "openpyxl would take it if it were let"
    assert not openpyxl.LXML


def test_entities_are_not_unfolded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        assert len(problems(patched(workbook(), part, lambda _old: bomb))) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="3"', b'<row r="999999999"'),
        (b'<row r="3"', b'<row r="1"'),
        (b'<row r="3"', b'<row r="x"'),
        (b'r="A3"', b'r="XFD3"'),
        (b't="inlineStr"', b't="s"'),
        (b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A2:R5"/>' * 3 + b"</mergeCells>"),
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="?"/></mergeCells>'),
        (b'<dimension ref="A1:R5"', b'<dimension ref="A1:XFD1048576"'),
    ],
)
def test_a_workbook_that_contradicts_itself_is_read_or_refused(old: bytes, new: bytes) -> None:
    data = patched(workbook(), "xl/worksheets/sheet1.xml", lambda part: part.replace(old, new, 1))
    try:
        assert len(read_bytes(data, "x", NAME).frame) == 4
    except DataError as refusal:
        assert refusal.problems and len(refusal.problems) < 40


def test_a_corner_far_away_is_refused(english: None) -> None:
    (sentence,) = problems(workbook(change=lambda sheet: sheet.cell(3, 2000, "x")))
    assert "2,000 columns" in sentence


def test_a_workbook_without_cells_is_refused(lang: str) -> None:
    assert len(problems(saved(openpyxl.Workbook()))) == 1
    assert len(problems(workbook([HEADER]))) == 1


# Any workbook ---------------------------------------------------------------------------------------------------------

CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 3, 1), date(9999, 1, 1)),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 1, 1)),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(["=1+1", "#N/A", "45%", "firm_id", *HEADER]),
)


@FEW
@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=6), header=st.booleans())
def test_any_workbook_is_a_table_or_a_data_error(rows: list[list[Any]], header: bool) -> None:
    data = workbook([HEADER, *rows] if header else rows)
    try:
        assert isinstance(read_bytes(data, "x", NAME), Table)
    except DataError as refusal:
        assert refusal.problems and all(refusal.problems)


GOOD = workbook()


@FEW
@given(start=st.integers(4, len(GOOD)), junk=st.binary(max_size=40), length=st.integers(0, 200))
def test_a_damaged_workbook_is_a_table_or_a_data_error(start: int, junk: bytes, length: int) -> None:
    try:
        assert isinstance(read_bytes(GOOD[:start] + junk + GOOD[start + length :], "x", NAME), Table)
    except DataError as refusal:
        assert all(refusal.problems)


@FEW
@given(data=st.data(), part=st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]))
def test_a_workbook_with_a_damaged_part_is_a_table_or_a_data_error(data: st.DataObject, part: str) -> None:
    def damage(content: bytes) -> bytes:
        start, length = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 60))
        return content[:start] + data.draw(st.binary(max_size=20)) + content[start + length :]

    try:
        assert isinstance(read_bytes(patched(GOOD, part, damage), "x", NAME), Table)
    except DataError as refusal:
        assert all(refusal.problems)


@FEW
@given(numbers=st.lists(st.integers(0, 10**15).map(lambda n: n / 1000), min_size=4, max_size=4))
def test_numbers_come_back_to_the_last_of_their_fifteen_digits(numbers: list[float]) -> None:
    frame = SOME.assign(sales=np.array(numbers, dtype=float))
    back = read_bytes(workbook([HEADER, *rows_of(frame)]), "x", NAME).frame
    assert back["sales"].tolist() == frame["sales"].tolist()


# The template ---------------------------------------------------------------------------------------------------------


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", [path.stem for path in DATA.glob("*.yaml")])
def test_a_template_filled_with_the_packaged_rows_reads_as_them(lang: str, name: str) -> None:
    wanted = load(name).head(3)
    book = openpyxl.load_workbook(io.BytesIO(template(name)))
    columns = list(dictionary(name).columns)
    heads = columns if lang == "en" else [heading(name, column) for column in columns]
    assert [c.value for c in book.active[1]] == heads
    for row in rows_of(wanted):
        book.active.append([int(v) if isinstance(v, bool) else v for v in row])
    pd.testing.assert_frame_equal(read_bytes(saved(book), "x", name).frame, wanted, check_exact=True)


def test_a_template_is_the_same_bytes_each_time(lang: str) -> None:
    assert template(NAME) == template(NAME)
    with zipfile.ZipFile(io.BytesIO(template(NAME))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_template_explains_and_guards_its_columns() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template(NAME, ["zh"])))[NAME]
    note = sheet["E1"].comment.text
    assert "所属行业" in note and "textiles = 纺织服装" in note and "Industry" not in note
    both = openpyxl.load_workbook(io.BytesIO(template(NAME)))[NAME]["E1"].comment.text
    assert "所属行业" in both and "Industry" in both
    rules = {str(rule.sqref).split("2")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["E"].type == "list" and "textiles" in rules["E"].formula1
    assert rules["N"].formula1 == '"0,1"'
    assert (rules["R"].type, rules["R"].formula1, rules["R"].formula2) == ("whole", "1", "9")
    assert sheet.column_dimensions["D"].number_format == "yyyy-mm-dd"


def test_every_list_of_codes_fits_into_a_rule() -> None:
    for path in DATA.glob("*.yaml"):
        for column, spec in dictionary(path.stem).columns.items():
            assert len(",".join(spec.categories)) <= 255, column
