"""Is a paper printed as the school's own file says, and is what the file has wrong said in a sentence?"""

import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Crm
from docx import Document
from printed import Pages
from test_printed_pages import ask, choice, made
from test_printing import can_be_made

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import ROOT
from crmlib.exams import papers, printing
from crmlib.exams.blueprint import blueprint
from crmlib.exams.manifest import as_json, read_manifest
from crmlib.exams.school import PLAIN, School, read_school
from crmlib.items.bank import bank

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one point."""
GUIDE = (ROOT / "docs" / "authoring.md").read_text("utf-8")


def kept(folder: Path, text: str, logo: bytes = DOT) -> Path:
    (folder / "logo.png").write_bytes(logo)
    path = folder / "school.yaml"
    path.write_text(text, "utf-8")
    return path


def own(folder: Path) -> School:
    """Return the school of the guide."""
    (shown,) = [block for block in re.findall("```yaml\n(.*?)```", GUIDE, re.DOTALL) if "logo:" in block]
    return read_school(kept(folder, shown))


def said(data: bytes, fmt: str) -> str:
    """Return all words of a document."""
    if fmt == "pdf":
        return "".join(Pages(data).texts)
    if fmt == "html":
        return re.sub(r"<[^>]+>|\s", "", data.decode())
    book = Document(io.BytesIO(data))
    heads = [p.text for s in book.sections for place in (s.header, s.first_page_header) for p in place.paragraphs]
    return re.sub(r"\s", "", "".join([*heads, *(p.text for p in book.paragraphs)]))


@pytest.mark.parametrize("fmt", list(printing.FORMATS))
def test_a_paper_says_what_the_guides_file_says(tmp_path: Path, lang: str, fmt: str) -> None:
    can_be_made(fmt)
    school = own(tmp_path)
    shown = said(printing.FORMATS[fmt](made(ask("short", model="m"), lang=lang), "paper", school), fmt)
    with i18n.speaking(lang):
        wanted = [str(text) for text in (school.school, school.header, school.course, school.semester)]
    for text in [*wanted, "0301", "闭卷" if lang == "zh" else "Closed book"]:
        assert re.sub(r"\s", "", text) in shown, text


@pytest.mark.parametrize("fmt", list(printing.FORMATS))
def test_a_logo_is_shown(tmp_path: Path, fmt: str) -> None:
    can_be_made(fmt)
    one = made(ask("short", model="m"))
    with_logo, without = (printing.FORMATS[fmt](one, "paper", school) for school in (own(tmp_path), PLAIN))
    if fmt == "docx":
        assert [len(Document(io.BytesIO(data)).inline_shapes) for data in (with_logo, without)] == [1, 0]
    else:
        signs = (b"/Subtype/Image", b"/Subtype /Image", b"<img")
        assert [any(sign in data for sign in signs) for data in (with_logo, without)] == [True, False]


@pytest.mark.parametrize(("layout", "size"), [("a4", (210, 297)), ("a3", (420, 297)), ("b4", (364, 257))])
def test_the_sheet_is_the_one_asked_for(layout: Any, size: tuple[int, int]) -> None:
    can_be_made("pdf")
    one, school = made(*[choice("甲", "乙", "丙", "丁")] * 3, ask("case", model="m")), School(layout=layout)
    pages = Pages(printing.pdf(one, "paper", school))
    assert [round(side / 72 * 25.4) for side in pages.sizes[0]] == list(size)
    section = Document(io.BytesIO(printing.docx(one, "paper", school))).sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == list(size)
    columns = section._sectPr.xpath("w:cols/@w:num")
    assert columns == (["2"] if layout != "a4" else columns)
    key = Pages(printing.pdf(one, "key", school))
    assert [round(side / 72 * 25.4) for side in key.sizes[0]] == [210, 297], "a key is a sheet to read"


@pytest.mark.parametrize("fmt", list(printing.FORMATS))
def test_letters_go_into_brackets_or_into_a_grid(lang: str, fmt: str) -> None:
    can_be_made(fmt)
    one = made(*[choice("甲", "乙", "丙", "丁")] * 3, ask("short", model="m"), lang=lang)
    brackets, grid = (printing.FORMATS[fmt](one, "paper", School(letters=way)) for way in ("brackets", "grid"))
    if fmt == "docx":
        rows = [[c.text for c in row.cells] for t in Document(io.BytesIO(grid)).tables for row in t.rows]
        assert any(row[1:5] == ["1", "2", "3", ""] for row in rows)
    room = "（）" if lang == "zh" else "()"
    assert said(brackets, fmt).count(f"{room}1.") == 1 and f"{room}4." not in said(brackets, fmt)
    assert room not in said(grid, fmt)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_page_keeps_a_heading_with_its_first_question(lang: str) -> None:
    one = made(choice("甲", "乙", "丙", "丁"), ask("essay", text="second", model="m"), lang=lang)
    page = printing.html(one, "paper").decode()
    start = page[page.index('<div class="start') : page.index("second")]
    assert "<h2>" in start and start.count("<ol") == 1
    assert ".start" in page[page.index("break-inside: avoid") - 40 : page.index("break-inside: avoid")]
    assert ("密　　　封" in page) == (lang == "zh")


def test_a_manifest_keeps_how_its_papers_are_printed(tmp_path: Path) -> None:
    can_be_made("pdf")
    school = own(tmp_path)
    first = papers.compose(bank(), blueprint("mock"), 3, ["zh"], 1, school=school)
    (tmp_path / "manifest.json").write_text(as_json(first), "utf-8")
    again = read_manifest(tmp_path / "manifest.json")
    assert again == first and again.school == school
    assert printing.pdf(first.papers[0], "paper", school) == printing.pdf(again.papers[0], "paper", again.school)


def test_a_manifest_of_before_has_papers_of_no_school(tmp_path: Path) -> None:
    first = papers.compose(bank(), blueprint("mock"), 3, ["zh"], 1)
    content = json.loads(as_json(first))
    del content["school"]
    for one in content["papers"]:
        del one["candidate"]
    (tmp_path / "manifest.json").write_text(json.dumps(content), "utf-8")
    assert read_manifest(tmp_path / "manifest.json") == first


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("code: 0301", "school.yaml, line 1: “code”: it is read as something other than text; put it in quotes."),
        ("school: 2026-11-28", "line 1: “school”: it is read as something other than text; put it in quotes."),
        ("course: {zh: 课}", "line 1: “course.en” is missing."),
        ("layout: a5", "line 1: “layout” cannot be “a5”."),
        ("letters: both", "line 1: “letters” cannot be “both”."),
        ("colour: red", "line 1: there is no field “colour”."),
        ("logo: none.png", "school.yaml: the logo none.png cannot be read: no such file or folder."),
        ("logo: .", "school.yaml: the logo"),
        ("logo: school.yaml", "school.yaml: the logo school.yaml is no PNG or JPEG picture."),
        ('logo: "a\\0b"', "school.yaml: the logo"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(tmp_path: Path, english: None, text: str, refusal: str) -> None:
    with pytest.raises(UserError) as why:
        read_school(kept(tmp_path, text))
    assert refusal in str(why.value)


def test_a_logo_that_is_too_large_or_damaged_is_said(tmp_path: Path, english: None) -> None:
    with pytest.raises(UserError, match=r"school.yaml: the logo logo.png is larger than 1 MB."):
        read_school(kept(tmp_path, "logo: logo.png", DOT + bytes(1_000_001)))
    can_be_made("pdf")
    broken = read_school(kept(tmp_path, "logo: logo.png", DOT[:20] + b"\xff" * 30))
    with pytest.raises(UserError, match="The logo is damaged: it cannot be shown as a picture"):
        printing.pdf(made(ask("short", model="m"), lang="en"), "paper", broken)


@pytest.mark.parametrize("logo", ["x.png", "data:image/png;base64,", "data:image/svg+xml;base64,PHN2Zz4=", "data:,x"])
def test_a_manifests_logo_is_a_picture_or_refused(logo: str, english: None) -> None:
    with pytest.raises(ValueError, match="it is no PNG or JPEG picture"):
        School(logo=logo)


def test_the_command_prints_a_roster_with_names_as_the_school_does(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "class.csv").write_text("id,name,group\n2023-1,张三,营销 1 班\n2023-2,欧阳小明,营销 2 班\n", "utf-8")
    file = kept(tmp_path, "school: 江南理工大学")
    out = tmp_path / "papers"
    arguments = ["exam", "make", "--blueprint", "mock", "--seed", "3", "--lang", "zh", "--to", "html", "--out", out]
    code, _out, complaint = crm(*arguments, "--roster", tmp_path / "class.csv", "--school", file)
    assert code == 0, complaint
    page = (out / "students" / "mock-A-2023-2-zh.html").read_text("utf-8")
    assert all(words in page for words in ("欧阳小明", "2023-2", "营销 2 班", "江南理工大学"))
    code, _out, complaint = crm(
        "exam", "make", "--from", out / "instructor" / "manifest.json", "--lang", "zh", "--to", "docx", "--out", out
    )
    assert code == 0, complaint
    assert "江南理工大学" in said((out / "students" / "mock-A-2023-1-zh.docx").read_bytes(), "docx")
