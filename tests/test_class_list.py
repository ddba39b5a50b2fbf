"""A class list is read as people write them, refused with rows where it cannot be, and names safe folders."""

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from books import KINDS, Book
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from crmlib.classes import class_list
from crmlib.classes.class_list import Student
from crmlib.core.errors import DataError
from crmlib.tables.data import TableError, csv_text
from crmlib.tables.template import template

Write = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Write a class list."""

    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "class.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def refusal(path: Path) -> list[str]:
    with pytest.raises(DataError) as refused:
        class_list.read(path)
    return refused.value.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_chinese_list_is_read_in_the_encodings_that_spreadsheets_write(file: Write, encoding: str) -> None:
    found = class_list.read(file("学号,姓名,班级,备注\n007,张三,1班,早退\n08,李四,,\n", encoding))
    assert found.students == (Student("007", "张三", "", "1班"), Student("08", "李四"))
    assert any("备注" in note for note in found.notes)


@pytest.mark.parametrize(
    "header", ["id,name", "Student ID;Full_Name", "NAME\tStudent number", "Ｎａｍｅ,学号", "Student no.,学生姓名"]
)
def test_columns_may_be_called_as_people_call_them_and_stand_in_any_order(file: Write, header: str) -> None:
    separator = next(sign for sign in ",;\t" if sign in header)
    name_first = header.casefold().startswith(("name", "ｎ"))
    row = ["Ann", "1"] if name_first else ["1", "Ann"]
    (student,) = class_list.read(file(header + "\n" + separator.join(row) + "\n")).students
    assert (student.id, student.name) == ("1", "Ann")


def test_a_workbook_is_read_as_a_csv_file_is(tmp_path: Path, english: None) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["学号", "姓名"], ["007", "张三"], [20240002, "李四"]):
        sheet.append(row)
    book.save(tmp_path / "class.xlsx")
    assert [s.id for s in class_list.read(tmp_path / "class.xlsx").students] == ["007", "20240002"]


BAD = {
    "an empty number": ("id,name\n,Ann\n", ["2"]),
    "an empty name": ("id,name\n1,Ann\n2,\n", ["3"]),
    "the same number twice": ("id,name\n1,Ann\n2,Bo\n1,Cy\n", ["2", "4", "id"]),
    "the same number in other letters": ("id,name\na1,Ann\nＡ１,Bo\n", ["2", "3"]),
    "numbers of one folder": ("id,name\na/b,Ann\na_b,Bo\n", ["2", "3", "a_b"]),
    "two columns for the number": ("id,学号,name\n1,1,Ann\n", ["id", "学号"]),
    "no column for the name": ("id,nickname\n1,Ann\n", ["name", "姓名"]),
    "a number without a letter": ("id,name\n../..,Ann\n", ["2", "../.."]),
    "an emoji for a number": ("id,name\n😀,Ann\n", ["2", "😀"]),
    "a bell in the number": ("id,name\n1\x07,Ann\n", ["2"]),
    "an unseen sign in the number": ("id,name\n1\u202e2,Ann\n", ["2"]),
    "a line break in a name": ('id,name\n1,"An\nn"\n', ["2"]),
    "a very long number": (f"id,name\n{'1' * 300},Ann\n", ["2", "300", "60"]),
    "a number that grows very long": (f"id,name\n{'ﷺ' * 60},Ann\n", ["2"]),
    "a very long name": (f"id,name\n1,{'x' * 300}\n", ["2", "300", "100"]),
    "a row too short": ("id,name\n1\n", ["2"]),
    "nothing": ("", ["class.csv"]),
    "no student": ("id,name\n", ["class.csv"]),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_used_is_refused_in_one_sentence_with_its_rows(file: Write, lang: str, what: str) -> None:
    content, named = BAD[what]
    (line,) = refusal(file(content))
    assert all(name in line for name in named), line
    assert "\n" not in line


def test_a_column_that_is_called_otherwise_may_be_told(file: Write, english: None) -> None:
    path = file("学号,nickname\n1,Ann\n")
    assert "name" in refusal(path)[0]
    found = class_list.read(path, ["name=nickname"])
    assert found.students == (Student("1", "Ann"),)
    assert found.notes == ("Columns were taken as told: id = 学号, name = nickname.",)
    with pytest.raises(DataError, match="no column “nick”"):
        class_list.read(path, ["name=nick"])


def test_a_problem_names_the_column_as_the_file_does(file: Write, english: None) -> None:
    with pytest.raises(TableError) as refused:
        class_list.read(file("学号,姓名\n../,甲\n"))
    assert [(p.row, p.column, p.kind) for p in refused.value.found] == [(2, "学号", "nameless")]
    assert refused.value.advice == [], "what goes by another of its names is taken already"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_the_same_students(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"class.{kind}"
    path.write_bytes(Book([["学号", "姓名"], ["007", "张三"], [20240002.0, "李四"]]).made(kind))
    assert class_list.read(path).students == (Student("007", "张三"), Student("20240002", "李四"))


def test_an_empty_class_list_can_be_had_and_filled_in(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(template("class_list")))
    book.active.append(["007", "张三"])
    book.save(tmp_path / "class.xlsx")
    assert class_list.read(tmp_path / "class.xlsx").students == (Student("007", "张三"),)


def test_all_problems_are_listed_at_once(file: Write, english: None) -> None:
    lines = refusal(file("id,name\n,Ann\n2,\n../,Cy\n4,Di\n4,Ed\n"))
    assert [line.partition(":")[0][:8] for line in lines] == ["Row 2, c", "Row 3, c", "Row 4, c", "Rows 5, "]


@pytest.mark.parametrize(
    ("number", "folder"),
    [
        ("2024-001", "2024-001"),
        ("../x", "x"),
        ("/etc", "etc"),
        (r"C:\x", "C__x"),
        ("con", "id_con"),
        ("CON.txt", "id_CON.txt"),
        ("lpt1", "id_lpt1"),
        ("console", "console"),
        (".hidden", "hidden"),
        ("end. ", "end"),
        ("张三 1", "张三_1"),
        ("１２", "12"),
        ("a😀b", "a_b"),
    ],
)
def test_the_folder_is_a_plain_name_made_from_the_number(number: str, folder: str) -> None:
    assert Student(number, "Ann").folder == folder


def test_names_may_be_anything_that_can_be_seen(file: Write) -> None:
    names = ["=1+1", "<b>", "O'Neil", "王　五", "👩‍💻", "../x", "con"]
    found = class_list.read(file("id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names, 1))))
    assert [s.name for s in found.students] == [*names[:3], "王 五", *names[4:]]


@given(numbers=st.lists(st.text(max_size=12), min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_any_list_is_refused_or_gives_folders_that_are_safe_and_apart(tmp_path: Path, numbers: list[str]) -> None:
    path, sheet = tmp_path / "any.csv", io.StringIO(newline="")
    csv.writer(sheet).writerows([("id", "name"), *((number, "Ann") for number in numbers)])
    path.write_bytes(sheet.getvalue().encode("utf-8", "replace"))
    try:
        folders = [s.folder for s in class_list.read(path).students]
    except DataError:
        return
    for folder in folders:
        assert folder and Path(folder).name == folder and not folder.startswith(".") and not folder.endswith(".")
        assert not set(folder) & set('<>:"/\\|?*') and folder.isprintable() and len(folder.encode()) <= 200
        assert folder.split(".")[0].casefold() not in ("con", "prn", "aux", "nul")
    assert len({unicodedata.normalize("NFKC", folder).casefold() for folder in folders}) == len(folders)


def test_a_list_that_the_workbook_exports_is_read_back(tmp_path: Path) -> None:
    import pandas as pd

    (tmp_path / "x.csv").write_text(csv_text(pd.DataFrame({"学号": ["007"], "姓名": ["张三"]})), "utf-8")
    assert class_list.read(tmp_path / "x.csv").students == (Student("007", "张三"),)
