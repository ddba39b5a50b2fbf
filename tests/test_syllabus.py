"""Is every topic of the course taught, as it asks to be, and does the document say where?"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Crm

from crmlib.authoring import check
from crmlib.chapters import Chapter, Taught, chapters
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES
from crmlib.notebooks import asked, contents, sections, syllabus
from crmlib.support.glossary import glossary
from crmlib.support.syllabus import DOES, Syllabus, rows
from crmlib.support.texts import headings

FIRST = next(iter(chapters().values()))
WHOLE = FIRST.rows[0]


def test_no_topic_is_left_out_of_the_list() -> None:
    assert list(rows()) == [f"S-{n:02}" for n in range(1, 45)] + [f"B-{n:02}" for n in range(1, 11)]
    known = {source.name.zh for source in glossary().sources}
    assert {name for row in rows().values() for name in row.sources} == known
    assert all(bool(row.sources) == row.id.startswith("S") for row in rows().values())


def test_every_topic_is_taught_as_it_asks_and_whatever_a_chapter_names_is_there(english: None) -> None:
    assert list(syllabus.lacking()) == []
    assert [said for chapter in chapters().values() for said in syllabus.faults(chapter)] == []


def test_no_chapter_declares_a_row_or_names_a_thing_twice() -> None:
    for chapter in chapters().values():
        assert set(Counter(taught.row for taught in chapter.rows).values()) <= {1}
        for taught in chapter.rows:
            for names in (taught.sections, taught.items, taught.studies, taught.cases):
                assert len(set(names)) == len(names), (taught.row, names)


def test_every_study_computes_some_topic() -> None:
    taught = {name for chapter in chapters().values() for row in chapter.rows for name in row.studies}
    assert taught == {study.name for chapter in chapters().values() for study in chapter.studies}


def with_rows(*taught: Taught) -> Chapter:
    return replace(FIRST, rows=taught)


FAULTS = {
    "a row that there is not": (replace(WHOLE, row="S-99"), "row S-99: casebook/syllabus.yaml has no such row"),
    "a section that there is not": (
        replace(WHOLE, sections=("Nothing",)),
        "0 sections of the chapter are called “Nothing”",
    ),
    "an item that there is not": (replace(WHOLE, items=("nothing",)), "there is no item “foundations.nothing”"),
    "a study of another chapter": (replace(WHOLE, studies=("kano",)), "“kano” is no study of the chapter"),
    "a case that there is not": (replace(WHOLE, cases=("nothing",)), "question of a case, “nothing”"),
    "a question that there is not": (replace(WHOLE, cases=("gym_chain.nothing",)), "“gym_chain.nothing”"),
}


def in_place_of_the_first(taught: Taught) -> Chapter:
    return replace(FIRST, rows=(taught, *FIRST.rows[1:]))


@pytest.mark.parametrize("what", FAULTS)
def test_what_a_chapter_names_and_is_not_there_is_told(what: str, english: None) -> None:
    taught, said = FAULTS[what]
    (found,) = syllabus.faults(in_place_of_the_first(taught))
    assert found.startswith("crmlib/chapters/foundations/chapter.py: row ") and said in found


def test_a_study_that_no_row_names_is_told(english: None) -> None:
    said = list(syllabus.faults(with_rows()))
    assert [line.split(":")[1] for line in said] == [f" study {study.name}" for study in FIRST.studies]
    assert all("no row of the syllabus names it" in line for line in said)


def test_a_source_that_the_glossary_has_not_is_refused_with_the_nearest(
    english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = glossary().sources[0].name.zh
    row = rows()[WHOLE.row].model_copy(update={"sources": (f"{known}误",)})
    monkeypatch.setattr(syllabus, "rows", lambda: {row.id: row})
    with pytest.raises(
        UserError, match=rf"^casebook/syllabus\.yaml: .* no source “{known}误”\. Did you mean “{known}”"
    ):
        syllabus.by_chapter("en")


def test_a_section_that_stands_in_one_language_alone_is_told_with_the_place(
    english: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = [
        ("zh", "### 一"),
        ("en", "### One"),
        ("zh", "### 二\n\n又一段。\n\n### 三"),
        ("en", "### Two"),
        ("zh", "## 四"),
    ]
    text = "".join(f'\n+++ {{"tags": ["{lang}"]}}\n\n{said}\n' for lang, said in heads)
    (tmp_path / "98_apart.md").write_text(text, "utf-8")
    monkeypatch.setattr(asked, "SOURCES", tmp_path)
    monkeypatch.setattr(sections, "SOURCES", tmp_path)
    with pytest.raises(UserError, match=r"^98_apart\.md: zh and en do not match after “### 二"):
        sections.sections_of("98_apart")


def test_a_fault_is_among_what_the_chapter_lacks(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "chapters", lambda: {FIRST.topic: with_rows(replace(WHOLE, items=("nothing",)))})
    assert any("“foundations.nothing”" in said for said in check.lacks(FIRST.topic))


LACKING = {
    "T": replace(WHOLE, sections=()),
    "M": replace(WHOLE, row="S-05", studies=()),
    "W": replace(WHOLE, row="S-05", studies=()),
    "D": replace(WHOLE, row="S-08", studies=()),
    "Q": replace(WHOLE, items=("two_points",)),
    "C": replace(WHOLE, row="S-07", cases=()),
}


@pytest.mark.parametrize("letter", DOES)
def test_what_a_topic_asks_for_and_no_chapter_has_is_told(
    letter: str, english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = with_rows(LACKING[letter])
    monkeypatch.setattr(syllabus, "chapters", lambda: {chapter.topic: chapter})
    said = list(syllabus.lacking())
    assert any(line.startswith(LACKING[letter].row) and line.endswith(f"it is not {DOES[letter]}.") for line in said)
    assert f"S-44 {rows()['S-44'].name}: no chapter teaches it." in said


def test_the_check_of_all_chapters_tells_of_a_topic_that_none_teaches(
    english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = with_rows(WHOLE)
    monkeypatch.setattr(syllabus, "chapters", lambda: {chapter.topic: chapter})
    assert any("no chapter teaches it" in line for line in check.of_all())


def test_an_explorer_that_no_notebook_shows_does_not_move_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = next(lesson for lesson in syllabus.lessons() if "W" in lesson.row.does)
    assert "W" in lesson.does()
    monkeypatch.setattr(Chapter, "explores", lambda self, study: "explore_nothing")
    assert "W" not in lesson.does() and "M" in lesson.does()


def test_the_document_follows_from_the_declarations(english: None, tmp_path: Path) -> None:
    assert list(syllabus.stale()) == []
    path = tmp_path / "docs" / "syllabus.md"
    (said,) = syllabus.stale(path)
    assert "run “crm build”" in said
    syllabus.write(path)
    assert list(syllabus.stale(path)) == [] and path.read_bytes() == syllabus.DOCUMENT.read_bytes()
    path.write_text(path.read_text("utf-8") + "more", "utf-8")
    assert list(syllabus.stale(path))


def test_a_document_that_cannot_be_written_is_said(english: None, tmp_path: Path) -> None:
    (tmp_path / "docs").write_text("", "utf-8")
    with pytest.raises(UserError, match=r"docs: cannot be made"):
        syllabus.write(tmp_path / "docs" / "syllabus.md")


def test_every_line_of_the_document_asks_for_a_section() -> None:
    lines = [line for line in syllabus.document().splitlines() if line.startswith(("| S-", "| B-"))]
    assert lines and all(line.split(" | ")[1].startswith("T") for line in lines)


def test_the_check_of_what_is_built_reads_the_document(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syllabus, "stale", lambda: iter(["docs/syllabus.md: old."]))
    code, _out, said = crm("build", "00_start", "--check", "--lang", "en")
    assert code == 2 and "docs/syllabus.md: old." in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tables_have_every_topic_of_every_chapter(lang: str) -> None:
    text = syllabus.by_chapter(lang)
    lines = [line for line in text.splitlines() if line.startswith(("| S-", "| B-"))]
    assert [line[2:6] for line in lines] == [
        lesson.row.id for c in chapters().values() for lesson in syllabus.lessons(c)
    ]
    assert all(getattr(rows()[line[2:6]].name, lang) in line for line in lines)
    assert {line.count(" | ") for line in lines} == {5}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_contents_end_with_the_appendices_and_their_headings(lang: str) -> None:
    last = contents.table(lang).splitlines()[-len(contents.appendices()) :]
    for line, source in zip(last, contents.appendices(), strict=True):
        assert f"]({source.stem}.ipynb)" in line and all(heading in line for heading in headings(source, lang))


def test_a_row_that_stands_twice_is_refused(english: None) -> None:
    row = next(iter(rows().values()))
    with pytest.raises((UserError, ValueError), match=r"S-01 stands twice"):
        Syllabus(rows=(row, row))
