"""Do the table of keys and the class's papers in one file say what each paper says, for every form and copy?"""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from conftest import Crm
from printed import Pages, squeezed
from test_printed_pages import ask, choice, made
from test_printing import can_be_made

from crmlib.core import i18n
from crmlib.exams import papers, printing
from crmlib.exams.blueprint import blueprint
from crmlib.exams.keys import keys_csv
from crmlib.exams.outline import quick
from crmlib.exams.paper import LABELS, Candidate, Paper
from crmlib.items.bank import bank

STUDENTS = [
    Candidate("007", "欧阳小明", "007", "营销 1 班"),
    Candidate("008", '=HYPERLINK("x")', "008", "营销 2 班"),
    Candidate("009", "O'Neil & <b>", "009", ""),
]


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def dealt(request: pytest.FixtureRequest) -> tuple[Paper, ...]:
    return papers.compose(bank(), blueprint("mock"), 3, [request.param], 1, STUDENTS).papers


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_table_has_each_key_of_each_paper(dealt: tuple[Paper, ...]) -> None:
    table = rows(keys_csv(dealt))
    assert len(table) == len(dealt)
    for row, one in zip(table, dealt, strict=True):
        for n, q in enumerate(one.questions, 1):
            if q.kind == "mcq":
                assert row[str(n)] == LABELS[int(q.key or 0)]
            elif q.kind == "tf":
                right = q.options[int(q.key or 0)]
                assert row[str(n)] in ("对", "错", "T", "F") and right.startswith(row[str(n)])
            else:
                assert q.key is None and str(n) not in row
        assert one.candidate is not None and one.candidate.number in row.values()


def test_the_table_runs_nothing_in_a_spreadsheet(dealt: tuple[Paper, ...]) -> None:
    cells = [cell for row in rows(keys_csv(dealt)) for cell in row.values()]
    assert '\'=HYPERLINK("x")' in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_a_number_is_a_number_and_what_no_key_answers_has_no_column() -> None:
    one = made(ask("num", key=-5.25, unit="%"), ask("essay", model="m"), choice("甲", "乙"), lang="en")
    (row,) = rows(keys_csv([one]))
    assert row == {"Form": "A", "1": "-5.25", "3": "A"}


def test_the_quick_key_goes_by_fives_and_not_over_a_section() -> None:
    letters = [choice("甲", "乙") for _n in range(7)]
    one = made(*letters, ask("num", key=2.5, unit="%"), choice("甲", "乙"), ask("short", model="m"), choice("甲", "乙"))
    assert [(row["numbers"], row["keys"]) for row in quick(one)] == [
        ("1–5", "AAAAA"), ("6–7", "AA"), ("8", "2.5%"), ("9", "A"), ("11", "A"),
    ]  # fmt: skip


@pytest.mark.parametrize("fmt", list(printing.FORMATS))
def test_the_quick_key_stands_on_the_key_and_on_nothing_that_students_get(fmt: str) -> None:
    can_be_made("pdf")
    from test_school import said

    one = made(*[choice("甲", "乙")] * 5, ask("num", key=2.5, unit="%"))
    key, paper = (said(printing.FORMATS[fmt](one, kind), fmt) for kind in ("key", "paper"))
    assert "1–5AAAAA" in key and "AAAAA" not in paper


def test_the_printed_table_has_every_paper_with_its_keys(dealt: tuple[Paper, ...]) -> None:
    can_be_made("pdf")
    pages = Pages(printing.keys_pdf(dealt))
    for one in dealt:
        keys = [row["keys"] for row in quick(one)]
        whose = one.candidate
        assert whose is not None
        row = "".join([one.label, whose.name, whose.number, whose.group, *keys])
        assert squeezed(row) in squeezed("".join(pages.texts)), row
    assert pages.sizes[0][0] > pages.sizes[0][1]


def test_a_class_in_one_file_has_each_paper_on_sheets_of_its_own_and_counts_its_pages(
    dealt: tuple[Paper, ...],
) -> None:
    can_be_made("pdf")
    whole = Pages(printing.class_pdf(dealt))
    first = 0
    for one in dealt:
        alone = Pages(printing.pdf(one, "paper"))
        assert first % 2 == 0, "it begins on the front of a sheet"
        assert whole.texts[first : first + len(alone)] == alone.texts
        first += len(alone)
        if first < len(whole) and first % 2:
            assert not whole.texts[first], "the back of a last sheet is empty"
            first += 1
    assert first == len(whole)


def test_the_command_writes_one_file_of_a_class_and_tables_of_keys(tmp_path: Path, crm: Crm) -> None:
    can_be_made("pdf")
    (tmp_path / "class.csv").write_text("id,name\n1,张三\n2,李四\n", "utf-8")
    make: list[Any] = ["exam", "make", "--blueprint", "mock", "--seed", "3", "--lang", "zh"]
    code, _said, refused = crm(*make, "--to", "pdf", "--roster", tmp_path / "class.csv", "--out", tmp_path / "a")
    assert code == 0, refused
    names = {path.relative_to(tmp_path / "a").as_posix() for path in (tmp_path / "a").rglob("mock*")}
    assert {"students/mock-class-zh.pdf", "instructor/mock-keys-zh.csv", "instructor/mock-keys-zh.pdf"} <= names
    code, _said, refused = crm(*make, "--to", "html", "--forms", "2", "--out", tmp_path / "b")
    assert code == 0, refused
    names = {path.relative_to(tmp_path / "b").as_posix() for path in (tmp_path / "b").rglob("mock*")}
    assert "instructor/mock-keys-zh.csv" in names and not any(name.endswith(".pdf") for name in names)
    assert [row["卷别"] for row in rows((tmp_path / "b/instructor/mock-keys-zh.csv").read_bytes())] == ["A", "B"]
    code, _said, refused = crm(*make, "--to", "gift", "--out", tmp_path / "c")
    assert code == 0, refused
    assert not list((tmp_path / "c").rglob("*keys*")), "an export has its keys in itself"
