"""Does ``crm print summary`` hold all of a chapter in both languages, on few pages, and nothing that runs?"""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from printed import Pages, squeezed
from test_printing import can_be_made

from crmlib.chapters import Chapter, chapters
from crmlib.core.i18n import speaking
from crmlib.exams import printing
from crmlib.exams import summary as pages
from crmlib.items import summaries
from crmlib.items.summaries import Formula, Pair, Summary, key_terms
from crmlib.support.strict_yaml import Texts

Crm = Callable[..., tuple[int, str, str]]
EACH = pytest.mark.parametrize("chapter", chapters().values(), ids=chapters())
MOST_PAGES = 2


def told(chapter: Chapter, lang: str) -> list[str]:
    """Return every text that the pages of a chapter hold."""
    known = summaries.summary(chapter.topic)
    assert known
    texts = [
        text for key in key_terms(*chapter.notebooks) for text in (key.term.zh, key.term.en, getattr(key.said, lang))
    ]
    texts += [getattr(text, lang) for f in known.formulas for text in (f.name, f.where)]
    return texts + [getattr(text, lang) for p in known.pairs for text in (p.one, p.other, p.difference)]


@EACH
def test_the_html_page_holds_all_of_a_chapter(lang: str, chapter: Chapter) -> None:
    page = unescape(pages.html(pages.outline([chapter])).decode())
    assert [text for text in told(chapter, lang) if text not in page] == []
    known = summaries.summary(chapter.topic)
    assert known and page.count("<math") == len(known.formulas)
    assert "<script" not in page and not re.search(r"(src|href)=", page)


@pytest.mark.shared(2)
@EACH
def test_the_pdf_holds_all_of_a_chapter_on_two_pages_at_most(lang: str, chapter: Chapter) -> None:
    can_be_made("pdf")
    made = Pages(pages.pdf(pages.outline([chapter])))
    assert len(made) <= MOST_PAGES
    whole = squeezed("".join(made.texts))
    rows = [text for text in told(chapter, lang) if squeezed(text) not in whole]
    assert rows == []


@pytest.mark.shared(2)
def test_each_chapter_begins_on_a_page_of_its_own(lang: str) -> None:
    can_be_made("pdf")
    doc = pages.outline(chapters().values())
    made = Pages(pages.pdf(doc))
    starts = [made.page_of(chapter["title"]) for chapter in doc["chapters"]]
    assert None not in starts and len(set(starts)) == len(starts)


def test_the_pdf_is_the_same_bytes_each_time(english: None) -> None:
    can_be_made("pdf")
    doc = pages.outline(chapters().values())
    assert pages.pdf(doc) == pages.pdf(doc)


def test_texts_are_data_in_both_formats(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = Texts(zh="#panic()<b>$x$", en="#panic()<b>$x$")
    formula = Formula(name=hostile, latex="a", where=hostile)
    pair = Pair(one=hostile, other=hostile, difference=hostile)
    monkeypatch.setattr(pages, "summary", lambda topic: Summary(topic=topic, formulas=(formula,), pairs=(pair,)))
    doc = pages.outline([next(iter(chapters().values()))])
    assert "<b>" not in pages.html(doc).decode()
    can_be_made("pdf")
    assert "#panic()<b>$x$" in "".join(Pages(pages.pdf(doc)).texts)


def test_the_command_writes_both_formats_in_both_languages_and_replaces_nothing_unasked(
    crm: Crm, tmp_path: Path
) -> None:
    can_be_made("pdf")
    command = ("print", "summary", "tiers", "--to", "pdf,html", "--lang", "both", "--out", tmp_path / "out")
    code, said, _complaint = crm(*command)
    names = ["summary-tiers.en.html", "summary-tiers.en.pdf", "summary-tiers.zh.html", "summary-tiers.zh.pdf"]
    assert code == 0 and sorted(Path(line).name for line in said.splitlines()) == names
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    before = (tmp_path / "out" / names[0]).read_bytes()
    (tmp_path / "out" / names[0]).write_bytes(b"own")
    code, _said, complaint = crm(*command)
    assert code == 2 and names[0] in complaint and (tmp_path / "out" / names[0]).read_bytes() == b"own"
    assert crm(*command, "--replace")[0] == 0
    assert (tmp_path / "out" / names[0]).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("teirs",), "There is no chapter “teirs”. Did you mean “tiers”?"),
        (("--to", "docx"), "“docx” is not a format: choose from pdf, html."),
        (("--lang", "fr"), "“fr” is not a language"),
    ],
)
def test_what_there_is_not_is_named_and_nothing_is_written(
    crm: Crm, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    lang = () if "--lang" in arguments else ("--lang", "en")
    code, _said, complaint = crm("print", "summary", *arguments, *lang, "--out", tmp_path / "out")
    assert code == 2 and said.split("“")[1] in complaint
    assert not (tmp_path / "out").exists()


def test_without_a_typesetter_it_is_said_what_to_install(
    english: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, crm: Crm
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    printing._typesetter.cache_clear()
    code, _said, complaint = crm("print", "summary", "--lang", "en", "--out", tmp_path / "out")
    printing._typesetter.cache_clear()
    assert code == 2 and "exam" in complaint and not (tmp_path / "out").exists()


def test_chinese_and_english_pages_have_the_same_chapters_and_formulas() -> None:
    docs = []
    for lang in ("zh", "en"):
        with speaking(lang):
            docs.append(pages.outline(chapters().values()))
    shapes = [
        [(len(c["terms"]), [f["runs"] for f in c["formulas"]], len(c["pairs"])) for c in d["chapters"]] for d in docs
    ]
    assert shapes[0] == shapes[1]
