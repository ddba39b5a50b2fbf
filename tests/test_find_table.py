"""Where a table begins and ends in a file: what is proposed, the option that accepts it, and what is said then."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

from crmlib.classes import class_list
from crmlib.core.errors import DataError
from crmlib.core.paths import DATA
from crmlib.reruns import rerun as runs
from crmlib.tables.data import Table, TableError, load, read
from crmlib.tables.dictionary import dictionary
from crmlib.tables.reading import told

NAME = "bank_loans"
ROWS = list(csv.reader((DATA / "bank_loans.csv").read_text("utf-8").splitlines()))[:13]
HEADER = ROWS[0]
MEANINGS = [spec.meaning["zh"] for spec in dictionary(NAME).columns.values()]
UNITS = [spec.unit["zh"] if spec.unit else "" for spec in dictionary(NAME).columns.values()]
GROUPS = ["企业", *[""] * 6, "财务", *[""] * 10]
TOTAL = ["合计", *[""] * 6, "99", "99", *[""] * 9]


def text(folder: Path, rows: Sequence[Sequence[str]], sep: str = ",", first: str = "") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=sep, lineterminator="\n").writerows(rows)
    path = folder / "mine.csv"
    path.write_text(first + out.getvalue(), "utf-8")
    return path


def workbook(folder: Path, merged: Sequence[str] = (), **sheets: Sequence[Sequence[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
        for box in merged:
            sheet.merge_cells(box)
    path = folder / "mine.xlsx"
    book.save(path)
    return path


def own(path: Path, *words: str) -> Table:
    return read(path, NAME, told(words, [NAME])[NAME])


def refusal(path: Path, *words: str) -> str:
    """Return what a file is refused with: one sentence."""
    with pytest.raises(DataError) as refused:
        own(path, *words)
    (sentence,) = refused.value.problems
    return sentence


def same(table: Table, rows: int = 12) -> None:
    pd.testing.assert_frame_equal(table.frame, load(NAME).head(rows), check_exact=True)


TITLED = {
    "a title": ([["2024年台账"], *ROWS], "--header-row=2"),
    "a title as wide as the table": ([["2024年台账", *[""] * 17], *ROWS], "--header-row=2"),
    "an empty row": ([[""], *ROWS], "--header-row=2"),
    "a title, an empty row and a note": ([["台账"], [], ["单位：万元"], *ROWS], "--header-row=4"),
    "group headings": ([GROUPS, *ROWS], "--header-row=2"),
}


@pytest.mark.parametrize("kind", ["csv", "semicolons", "xlsx"])
@pytest.mark.parametrize("what", TITLED)
def test_what_stands_above_the_header_is_one_line_with_the_option_that_accepts_it(
    tmp_path: Path, lang: str, what: str, kind: str
) -> None:
    rows, option = TITLED[what]
    sep = ";" if kind == "semicolons" else ","
    path = workbook(tmp_path, s=rows) if kind == "xlsx" else text(tmp_path, rows, sep)
    assert option.replace("=", " ") in refusal(path)
    table = own(path, option)
    same(table)
    assert what == "an empty row" or any(option.partition("=")[2] in note for note in table.notes)


def test_a_merged_title_and_merged_headings_of_a_workbook_are_no_problem_once_the_row_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["A1:R1", "A2:G2", "H2:R2"], s=[["台账"], GROUPS, *ROWS])
    assert "--header-row 3" in refusal(path)
    same(own(path, "--header-row=3"))
    same(own(path, "--header-row=2-3"))


def test_a_second_header_row_is_one_line_and_either_is_taken(tmp_path: Path, lang: str) -> None:
    path = text(tmp_path, [HEADER, MEANINGS, *ROWS[1:]])
    said = refusal(path)
    assert "--header-row 1-2" in said and "--header-row 2" in said
    same(own(path, "--header-row=1-2"))
    same(own(path, "--header-row=2", "auto"))


def test_a_row_of_units_below_the_header_is_read_with_it(tmp_path: Path, lang: str) -> None:
    path = text(tmp_path, [MEANINGS, UNITS, *ROWS[1:]])
    assert "--header-row 1-2" in refusal(path)
    same(own(path, "--header-row=1-2", "auto"))
    wrong = [unit.replace("万元", "元") for unit in UNITS]
    with pytest.raises(TableError, match="--unit '?sales"):
        own(text(tmp_path, [MEANINGS, wrong, *ROWS[1:]]), "--header-row=1-2", "auto")


def test_names_that_go_down_over_two_rows_are_found(tmp_path: Path) -> None:
    upper = [*HEADER[:7], "财务", *[""] * 4, *HEADER[12:]]
    lower = [*[""] * 7, *HEADER[7:12], *[""] * 6]
    same(own(text(tmp_path, [upper, lower, *ROWS[1:]]), "--header-row=1-2"))
    same(own(text(tmp_path, [upper, lower, *ROWS[1:]]), "--header-row=2"))


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_the_line_that_tells_excel_the_separator_is_no_row(tmp_path: Path, sign: str) -> None:
    same(own(text(tmp_path, ROWS, sign, f"sep={sign}\n")))


@pytest.mark.parametrize("row", ["0", "x", "99", "3-2"])
def test_a_row_that_there_is_not_is_refused(tmp_path: Path, lang: str, row: str) -> None:
    assert row in refusal(text(tmp_path, ROWS), f"--header-row={row}")


def test_a_file_with_none_of_the_columns_is_one_line(tmp_path: Path, lang: str) -> None:
    rows = [["报表"], *([["a", "b", "c"]] * 40)]
    assert "firm_id" in refusal(text(tmp_path, rows))


# Totals and notes -----------------------------------------------------------------------------------------------------

BELOW = {
    "a total": ([TOTAL], "14"),
    "a total in English": ([["Grand total:", *TOTAL[1:]]], "14"),
    "a short total": ([["合计", "", "", "9"]], "14"),
    "a note": ([["注：本表由风险部提供"]], "14"),
    "a note as wide as the table": ([["数据来源：核心系统", *[""] * 17]], "14"),
    "the header once more": ([HEADER], "14"),
    "a subtotal of a group": ([["SZ0001 小计", *TOTAL[1:]]], "14"),
    "a subtotal of a group in English": ([["Suzhou subtotal:", *TOTAL[1:]]], "14"),
    "all of them": ([TOTAL, [], ["制表：张三"], ["本表不含已核销的贷款，截至年末"]], "16"),
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("what", BELOW)
def test_totals_and_notes_are_one_line_and_left_out_when_told(tmp_path: Path, lang: str, what: str, kind: str) -> None:
    below, row = BELOW[what]
    path = workbook(tmp_path, s=[*ROWS, *below]) if kind == "xlsx" else text(tmp_path, [*ROWS, *below])
    said = refusal(path)
    assert "--drop-totals" in said and row in said
    table = own(path, "--drop-totals")
    same(table)
    assert any(row in note for note in table.notes)


def test_a_firm_that_is_called_like_a_total_stays(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[3][0], rows[3][1] = "苏州小计", "合计信息技术有限公司"
    found = own(text(tmp_path, rows)).frame.iloc[2]
    assert (found["firm_id"], found["firm_name"]) == ("苏州小计", "合计信息技术有限公司")


def test_a_class_list_from_the_registry_is_read_when_told(tmp_path: Path, lang: str) -> None:
    rows = [["学生名单"], ["学号", "姓名", "班级"], ["001", "安", "一班"], ["002", "波", "一班"], ["合计", "2", ""]]
    path = text(tmp_path, rows)
    with pytest.raises(DataError, match="--header-row 2"):
        class_list.read(path)
    with pytest.raises(DataError, match="--drop-totals"):
        class_list.read(path, ["--header-row=2"])
    found = class_list.read(path, ["--header-row=2", "--drop-totals"])
    assert [student.id for student in found.students] == ["001", "002"]


# Sheets ---------------------------------------------------------------------------------------------------------------

SHEETS = {"苏州": [HEADER, *ROWS[1:7]], "常熟": [HEADER, *ROWS[7:]], "说明": [["无"]]}


def test_of_several_sheets_that_fit_one_is_read_and_the_options_are_said(tmp_path: Path, lang: str) -> None:
    table = own(workbook(tmp_path, **SHEETS))
    same(table, 6)
    (note,) = table.notes
    assert all(part in note for part in ("苏州", "常熟", "--sheet", "--sheets all")) and "说明" not in note


def test_a_sheet_is_read_by_its_name(tmp_path: Path, lang: str) -> None:
    path = workbook(tmp_path, **SHEETS)
    assert own(path, "--sheet=常熟").frame["firm_id"].tolist() == [row[0] for row in ROWS[7:]]
    assert "常熟" in refusal(path, "--sheet=上海")
    assert "--sheet" in refusal(text(tmp_path, ROWS), "--sheet=常熟")


def test_all_sheets_are_read_one_below_the_other(tmp_path: Path, lang: str) -> None:
    table = own(workbook(tmp_path, **SHEETS), "--sheets=all")
    same(table)
    assert "苏州 (6)" in table.notes[0] and "常熟 (6)" in table.notes[0]


def test_a_problem_in_one_of_several_sheets_names_the_sheet(tmp_path: Path, lang: str) -> None:
    wrong = [list(row) for row in ROWS[7:]]
    wrong[1][7] = "viele"
    path = workbook(tmp_path, **(SHEETS | {"常熟": [HEADER, *wrong]}))
    assert "常熟!3" in refusal(path, "--sheets=all")
    with pytest.raises(TableError) as refused:
        own(path, "--sheets=all")
    assert refused.value.table().iloc[0, 0] == "常熟!3"


def test_the_same_key_in_two_sheets_is_told_with_both(tmp_path: Path, lang: str) -> None:
    said = refusal(workbook(tmp_path, **(SHEETS | {"常熟": [HEADER, ROWS[1]]})), "--sheets=all")
    assert "苏州!2" in said and "常熟!2" in said


def test_a_notebook_reads_the_table_in_the_same_way(tmp_path: Path) -> None:
    rows = [["2024年台账"], *csv.reader((DATA / "bank_loans.csv").read_text("utf-8").splitlines()), TOTAL]
    words = ["--header-row=2", "--drop-totals"]
    made = runs.plan_rerun("bank_tiers", "en", files=[str(text(tmp_path, rows))], columns=words)
    (path,) = runs.run(made, tmp_path / "out", ["ipynb"])
    shown = " ".join(str(cell.outputs) for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    assert "row 2" in shown and "3743" in shown


# The unit of a whole table --------------------------------------------------------------------------------------------

MONEY_COLUMNS = [name for name, spec in dictionary(NAME).columns.items() if spec.unit and spec.unit["zh"] == "万元"]
IN_THOUSANDS = [
    HEADER,
    *(
        [f"{float(cell) * 10:.12g}" if name in MONEY_COLUMNS else cell for name, cell in zip(HEADER, row, strict=True)]
        for row in ROWS[1:]
    ),
]
SAID = {
    "above": ([["对公贷款台账"], ["单位：千元"], *IN_THOUSANDS], "--header-row=3"),
    "above, with others": ([["金额单位：人民币千元、%"], *IN_THOUSANDS], "--header-row=2"),
    "above in English": ([["Loan book (in thousand yuan)"], *IN_THOUSANDS], "--header-row=2"),
    "in a note below": ([*IN_THOUSANDS, ["注：金额单位为千元"]], "--drop-totals"),
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("what", SAID)
def test_a_unit_said_once_for_the_whole_table_is_not_lost(tmp_path: Path, lang: str, what: str, kind: str) -> None:
    rows, option = SAID[what]
    path = workbook(tmp_path, s=rows) if kind == "xlsx" else text(tmp_path, rows)
    with pytest.raises(TableError) as refused:
        own(path, option)
    unit = "kyuan" if lang == "en" else "千元"
    assert [problem.column for problem in refused.value.found] == MONEY_COLUMNS
    assert all(f"--unit '{name}=千元'" in str(p) or f"--unit {name}={unit}" in str(p)
               for name, p in zip(MONEY_COLUMNS, refused.value.found, strict=True))  # fmt: skip
    same(own(path, option, *(f"--unit={name}={unit}" for name in MONEY_COLUMNS)))
    kept = own(path, option, *(f"--unit={name}=万元" for name in MONEY_COLUMNS)).frame
    assert kept["sales"].to_numpy() == pytest.approx(load(NAME).head(12)["sales"].to_numpy() * 10, nan_ok=True)


@pytest.mark.parametrize("title", ["单位：万元、%", "单位：某市分行", "单位：元；万元", "Firms in 10 towns"])
def test_a_title_with_the_right_unit_or_with_none_asks_nothing(tmp_path: Path, title: str) -> None:
    same(own(text(tmp_path, [[title], *ROWS]), "--header-row=2"))


def test_a_header_with_a_unit_of_its_own_counts_more_than_the_title(tmp_path: Path) -> None:
    rows = [["单位：千元"], [f"{name}（万元）" if name in MONEY_COLUMNS else name for name in HEADER], *ROWS[1:]]
    same(own(text(tmp_path, rows), "--header-row=2", "auto"))
