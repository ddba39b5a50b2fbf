"""Do printed papers show every text as it is, keep keys out of students' hands, and come out the same each time?"""

import io
import json
import re
import zipfile
import zlib
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import typst
from conftest import needs
from docx import Document
from docx.text.paragraph import Paragraph

from crmlib.core.errors import UserError
from crmlib.exams import manifest as manifests
from crmlib.exams import papers, printing
from crmlib.exams.blueprint import blueprint
from crmlib.exams.manifest import make_manifest, read_manifest
from crmlib.exams.paper import Candidate, Mark, Paper, Part, Question, forms, paper
from crmlib.exams.school import School
from crmlib.items.bank import bank

HOSTILE = "a < b & $5 {x} #set *no* _no_ `no` @me \"q\" 'q' “引” （１） \\ ~ [l](u) <script>alert(1)</script> — 客户"
SECRET = "the reason nobody may see"


def question(kind: str, **more: Any) -> Question:
    return Question(f"own.{kind}", kind, "own", "apply", 2, 1, **{"text": f"{kind}: {HOSTILE}", **more})


@pytest.fixture
def hostile(lang: str) -> Paper:
    formula = r"choose \( \frac{a_1}{b} < \sqrt{c} \) **now**"
    questions = (
        question(
            "mcq", text=formula, options=(HOSTILE, "two", "三", "d"), key=1, replies=(SECRET, SECRET, SECRET, ""),
            misconceptions=("m", "", "m", ""), source="Books", note="books differ",
        ),
        question("tf", options=("True", "False"), key=0, replies=(SECRET, SECRET), misconceptions=("", "m")),
        question("num", key=1234.5, unit="%", worked=SECRET, distractors=((1.5, SECRET),)),
        question("essay", model=SECRET, rubric=(Mark(2, "criterion", ((2, SECRET), (0, "none"))),)),
    )  # fmt: skip
    return Paper("Title <i> & $", "A", lang, 45, "secret-seed-77", (Part("all", "All", "Read **this**.", questions),))


def words(data: bytes, fmt: str) -> str:
    """Return all that a document says or carries, read without the libraries that made it."""
    if fmt == "html":
        return unescape(data.decode())
    if fmt == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.read(name).decode(errors="ignore") for name in archive.namelist()]
        return unescape(" ".join([*(re.sub(r"<[^>]+>", "", part) for part in parts), *parts]))
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    unpacked = []
    for stream in streams:
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            unpacked.append(stream)
    return b" ".join([data, *unpacked]).decode("latin-1")


@pytest.mark.parametrize("fmt", ["html", "docx"])
def test_every_text_stands_as_it_is(hostile: Paper, fmt: str) -> None:
    shown = words(printing.FORMATS[fmt](hostile, "paper"), fmt)
    plain = re.sub(r"\s+", " ", shown)
    for part in ("$5 {x} #set *no* _no_ `no` @me", "“引” （１） \\ ~ [l](u)", "Title <i> & $"):
        assert part in plain, part
    assert "**now**" not in plain


def test_a_page_runs_nothing_of_a_text(hostile: Paper) -> None:
    page = printing.html(hostile, "key").decode()
    assert "<script" not in page
    assert "<math" in page
    assert "default-src 'none'" in page


def test_formulas_are_native_in_word(hostile: Paper) -> None:
    with zipfile.ZipFile(io.BytesIO(printing.docx(hostile, "paper"))) as archive:
        document = archive.read("word/document.xml").decode()
    assert "<m:oMath" in document and "<m:f>" in document


def test_word_has_a4_one_title_and_ruled_tables_of_rows_that_do_not_split(hostile: Paper) -> None:
    book = Document(io.BytesIO(printing.docx(hostile, "marking")))
    assert [round(side.mm) for side in (book.sections[0].page_width, book.sections[0].page_height)] == [210, 297]
    assert [words.text for words in book.paragraphs if "Title <i>" in words.text] == [book.paragraphs[0].text]
    assert all("<w:insideH" in table._tbl.xml for table in book.tables) and book.tables
    assert all("<w:cantSplit" in row._tr.xml for table in book.tables for row in table.rows)


def test_word_keeps_a_question_with_its_options_whose_letters_are_text(hostile: Paper) -> None:
    book = Document(io.BytesIO(printing.docx(hostile, "paper")))
    styles = [words.style.name for words in book.paragraphs]
    first = next(n for n, style in enumerate(styles) if style.startswith("Options"))
    options = book.paragraphs[first : first + 4]
    assert [words.text[:2] for words in options] == ["A.", "B.", "C.", "D."]
    assert not any("numPr" in words._p.xml for words in book.paragraphs)
    kept = [words.paragraph_format.keep_with_next for words in book.paragraphs[first - 1 : first + 4]]
    assert kept == [True] * 4 + [None]


def test_word_sets_short_options_four_or_two_a_line(lang: str) -> None:
    four = question("mcq", text="?", options=("a", "b", "c", "d"), key=0, replies=("",) * 4, misconceptions=("",) * 4)
    two = replace(four, id="two", options=("not all that short",) * 4)
    book = Document(
        io.BytesIO(printing.docx(Paper("T", "A", lang, 1, "s", (Part("p", "p", "", (four, two)),)), "paper"))
    )
    rows = [words for words in book.paragraphs if words.style.name.startswith("Options")]
    assert [words.text.count("\t") for words in rows] == [3, 1, 1]
    assert [len(words.style.paragraph_format.tab_stops) for words in rows] == [3, 1, 1]


def test_word_numbers_pages_and_writes_black_in_song_and_times(hostile: Paper) -> None:
    with zipfile.ZipFile(io.BytesIO(printing.docx(hostile, "paper"))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    feet = [text for name, text in parts.items() if "footer" in name]
    assert feet and all('w:instr="PAGE"' in text and 'w:instr="NUMPAGES"' in text for text in feet)
    styles = parts["word/styles.xml"]
    assert 'w:eastAsia="SimSun"' in styles and 'w:ascii="Times New Roman"' in styles
    assert "Theme=" not in "".join(re.findall("<w:rFonts[^>]*>", styles))
    heads = re.findall(r'<w:style [^>]*w:styleId="Heading[12]".*?</w:style>', styles, re.DOTALL)
    assert heads and all('w:val="000000"' in head for head in heads)


@pytest.mark.parametrize("letters", ["brackets", "grid"])
def test_word_keeps_a_heading_with_all_up_to_its_first_question(hostile: Paper, letters: Any) -> None:
    book = Document(io.BytesIO(printing.docx(hostile, "paper", School(letters=letters))))
    seen, between = [], False
    for block in book.iter_inner_content():
        style = block.style.name if isinstance(block, Paragraph) else "table"
        between = style.startswith("Heading") or (between and style != "Question")
        if between:
            words = [block] if style != "table" else [w for row in block.rows for c in row.cells for w in c.paragraphs]
            seen.append(style)
            assert all(w.paragraph_format.keep_with_next or w.style.paragraph_format.keep_with_next for w in words), (
                style
            )
    assert {"Heading 2", "Score", "How", *(["table"] if letters == "grid" else [])} == set(seen)
    assert book.element.xml.count("<w:bdr ") == 2, "a box for the marks and one for the marker"
    assert book.paragraphs[-1].text.strip(), "no page may follow that is empty"


def test_word_seals_the_names_of_a_chinese_paper_and_asks_an_english_one_for_them_at_its_head(hostile: Paper) -> None:
    whose = Candidate("7", "Ou & Yang", "2023<7>", "g")
    with zipfile.ZipFile(io.BytesIO(printing.docx(replace(hostile, candidate=whose), "paper"))) as archive:
        head = "".join(archive.read(name).decode() for name in archive.namelist() if "word/header" in name)
        body = archive.read("word/document.xml").decode()
    place = head if hostile.lang == "zh" else body
    assert "Ou &amp; Yang" in place and "2023&lt;7&gt;" in place
    assert ("btLr" in head) == (hostile.lang == "zh")


def can_be_made(fmt: str) -> None:
    """Leave the test out where a paper with Chinese words, in either language, cannot be set for want of a font."""
    needs(fmt != "pdf" or set(printing.FONTS["zh"]) & set(typst.Fonts().families()), "a font for Chinese papers")


@pytest.mark.parametrize("fmt", list(printing.FORMATS))
def test_what_students_get_holds_no_key(hostile: Paper, fmt: str) -> None:
    can_be_made(fmt)
    shown = words(printing.FORMATS[fmt](hostile, "paper"), fmt)
    for secret in (SECRET, "secret-seed-77", "1,234.5", "1234.5", "books differ", "own.mcq"):
        assert secret not in shown


def test_what_typst_is_handed_for_students_holds_no_key(hostile: Paper) -> None:
    handed = json.dumps(printing.outline(hostile, "paper"), ensure_ascii=False)
    for secret in (SECRET, "secret-seed", "1234", "own.mcq"):
        assert secret not in handed


@pytest.mark.parametrize("fmt", ["html", "docx"])
def test_the_key_has_every_reason_and_the_marking_sheet_the_rubric(hostile: Paper, fmt: str) -> None:
    key = words(printing.FORMATS[fmt](hostile, "key"), fmt)
    assert key.count(SECRET) >= 6
    assert "1,234.5%" in key and "books differ" in key
    sheet = words(printing.FORMATS[fmt](hostile, "marking"), fmt)
    assert "criterion" in sheet and SECRET in sheet
    assert "4." in sheet and "two" not in sheet


def test_points_are_counted_as_one_speaks_and_sections_numbered_as_one_writes(hostile: Paper) -> None:
    one = replace(hostile.questions[0], points=1)
    for lang, said in {
        "en": ("(1 point)", "(2 points)", "<h2>1 All ("),
        "zh": ("（1 分）", "（2 分）", "<h2>一、All（"),
    }.items():
        part = replace(hostile.parts[0], questions=(one, replace(one, id="two", points=2)))
        page = printing.html(replace(hostile, lang=lang, parts=(part,)), "paper").decode()
        assert all(words in page for words in said)


@pytest.mark.shared(2)
@pytest.mark.parametrize("fmt", list(printing.FORMATS))
@pytest.mark.parametrize("kind", printing.DOCUMENTS)
def test_the_same_paper_is_the_same_bytes(hostile: Paper, fmt: str, kind: printing.Kind) -> None:
    can_be_made(fmt)
    made = printing.FORMATS[fmt](hostile, kind)
    assert made == printing.FORMATS[fmt](hostile, kind)


def test_fonts_are_embedded_and_pages_counted(hostile: Paper) -> None:
    can_be_made("pdf")
    made = printing.pdf(hostile, "paper")
    assert made.startswith(b"%PDF-")
    carried = words(made, "pdf")
    assert "FontFile3" in carried
    if hostile.lang == "zh":
        assert re.search("Noto|Han|Sim|Song|YaHei|PingFang|WenQuan", carried)


def test_without_a_chinese_font_one_sentence_says_which_to_install(
    english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(printing.FONTS, "zh", ("No Such Font",))
    printing._typesetter.cache_clear()
    for lang, text in (("zh", "Why?"), ("en", "Why is 客户 a customer?"), ("en", "Why （?")):
        sample = Paper("x", "A", lang, 1, "s", (Part("p", "p", "", (question("essay", text=text),)),))
        with pytest.raises(UserError, match="No Chinese font was found on this machine; install one of: No Such Font"):
            printing.pdf(sample, "paper")
    for kind in printing.DOCUMENTS:
        assert printing.pdf(drawn("en"), kind).startswith(b"%PDF"), "which has no Chinese word"
    printing._typesetter.cache_clear()


@pytest.mark.parametrize(("module", "fmt"), [("typst", "pdf"), ("pypandoc", "docx"), ("docx", "docx")])
def test_a_missing_extra_is_named(english: None, monkeypatch: pytest.MonkeyPatch, module: str, fmt: str) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "crmlib.exams.word", raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    printing._typesetter.cache_clear()
    sample = Paper("x", "A", "en", 1, "s", (Part("p", "p", "", (question("essay"),)),))
    with pytest.raises(UserError, match=r"setup --all"):
        printing.FORMATS[fmt](sample, "paper")
    printing._typesetter.cache_clear()


def test_typst_runs_nothing_of_a_text(english: None) -> None:
    sample = Paper("#panic()", "A", "en", 1, "s", (Part("p", '#read("x")', "", (question("tf", text="#panic(1)"),)),))
    assert printing.pdf(sample, "paper").startswith(b"%PDF")


# The manifest ---------------------------------------------------------------------------------------------------------


def drawn(lang: str = "en") -> Paper:
    plan = blueprint("mock")
    (chosen,) = forms(bank(), plan, 5).values()
    return paper(bank(), plan, chosen, "5:A:", "A", lang)


def test_a_paper_comes_back_from_its_manifest_as_it_was(tmp_path: Path) -> None:
    can_be_made("pdf")
    made = make_manifest("mock", 5, bank().mark, (drawn("zh"), drawn("en")))
    path = tmp_path / "manifest.json"
    path.write_text(manifests.as_json(made), "utf-8")
    again = read_manifest(path)
    assert again == made
    for one, other in zip(made.papers, again.papers, strict=True):
        assert printing.pdf(one, "key") == printing.pdf(other, "key")
        assert printing.html(one, "paper") == printing.html(other, "paper")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": 1}', "\x00"])
def test_a_damaged_manifest_is_said(tmp_path: Path, english: None, content: str) -> None:
    (tmp_path / "m.json").write_text(content)
    with pytest.raises(UserError, match="m.json is not a manifest of papers, or it is damaged"):
        read_manifest(tmp_path / "m.json")


def test_a_manifest_of_another_format_is_said(tmp_path: Path, english: None) -> None:
    made = replace(make_manifest("mock", 5, "x", ()), format=9)
    (tmp_path / "m.json").write_text(manifests.as_json(made))
    with pytest.raises(UserError, match="of format 9; this version reads format 1"):
        read_manifest(tmp_path / "m.json")


def test_a_manifest_that_is_not_there_is_said(tmp_path: Path, english: None) -> None:
    with pytest.raises(UserError, match="m.json cannot be read"):
        read_manifest(tmp_path / "m.json")


# Sets of papers -------------------------------------------------------------------------------------------------------


def test_copies_share_questions_and_have_numbers_of_their_own() -> None:
    made = papers.compose(bank(), blueprint("mock"), 3, ["en"], 1, [f"{n:03d}" for n in range(6)])
    ids = [sorted(q.id for q in one.questions) for one in made.papers]
    assert all(one == ids[0] for one in ids)
    assert [one.label for one in made.papers] == [f"A-{n:03d}" for n in range(6)]
    assert len({str([q.key for q in one.questions]) for one in made.papers}) == 6


def test_both_languages_of_a_form_ask_the_same() -> None:
    zh, en = papers.compose(bank(), blueprint("mock"), 3, ["zh", "en"], 1).papers
    assert [(q.id, q.key, q.points) for q in zh.questions] == [(q.id, q.key, q.points) for q in en.questions]


def test_files_for_students_and_for_instructors_lie_apart(tmp_path: Path) -> None:
    made = papers.compose(bank(), blueprint("mock"), 3, ["en"], 2)
    written = [path.relative_to(tmp_path).as_posix() for path in papers.write(made, ["html"], tmp_path)]
    assert written[0] == "instructor/manifest.json"
    assert sorted(p for p in written if p.startswith("students")) == [
        "students/mock-A-en.html", "students/mock-B-en.html",
    ]  # fmt: skip
    ends = {p.removeprefix("instructor/mock-") for p in written if p.startswith("instructor/mock")}
    assert ends == {"keys-en.csv", *(f"{form}-en-{kind}.html" for form in "AB" for kind in ("key", "marking"))}
    assert papers.steps(made, ["html"]) == len(written) - 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, english: None) -> None:
    (tmp_path / "instructor").write_text("in the way")
    made = papers.compose(bank(), blueprint("mock"), 3, ["en"], 1)
    with pytest.raises(UserError, match="instructor cannot be written: a file stands where a folder is wanted"):
        papers.write(made, ["html"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["instructor"]
