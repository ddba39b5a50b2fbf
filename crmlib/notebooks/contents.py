"""Tables that are made when a notebook is built: the contents of the book, and what a chapter's reader mixes up."""

from crmlib import casebook
from crmlib.casebook import Case
from crmlib.chapters import Chapter, chapters
from crmlib.core.i18n import _, speaking
from crmlib.items.bank import bank
from crmlib.items.summaries import summary
from crmlib.notebooks import asked

MARK = "<!-- contents -->"
"""Stands in the source where the table of contents goes."""
ASKED = "<!-- asked -->"
"""Stands in a chapter where the table goes of what is asked, and how often."""
PAIRS = "<!-- pairs -->"
"""Stands in a chapter where the table goes of what is easily mixed up."""


def chapter_in(notebook: str) -> Chapter | None:
    """Return the chapter that a notebook, such as ``02_tiers``, teaches; None for any other notebook."""
    return next((chapter for chapter in chapters().values() if chapter.notebook == notebook), None)


def filled(text: str, lang: str, notebook: str) -> str:
    """Return a text cell of a notebook with each table in the place of its mark."""
    text = text.replace(MARK, table(lang)) if MARK in text else text
    text = text.replace(ASKED, exam_matter(notebook, lang)) if ASKED in text else text
    return text.replace(PAIRS, pairs(notebook, lang)) if PAIRS in text else text


def exam_matter(notebook: str, lang: str) -> str:
    """Return in Markdown what of a chapter is asked in the exam, and how often."""
    chapter = chapter_in(notebook)
    if chapter is None or chapter.topic not in bank().topics:
        return ""
    with speaking(lang):
        line, rows = asked.told(chapter.topic, notebook)
        heads = [_("Section of the chapter"), _("Kinds of questions"), _("In all")]
    return f"{line}\n\n{_markdown([heads, *rows])}"


def pairs(notebook: str, lang: str) -> str:
    """Return in Markdown what is easily mixed up in a chapter: one notion, the other, what tells them apart."""
    chapter = chapter_in(notebook)
    known = summary(chapter.topic) if chapter else None
    with speaking(lang):
        rows = [[_("This"), _("and that"), _("What tells them apart")]]
        rows += [[str(pair.one), str(pair.other), str(pair.difference)] for pair in (known.pairs if known else ())]
    return _markdown(rows)


def table(lang: str) -> str:
    """Return the table in Markdown, in a language: number and title, what it is about, its cases."""
    with speaking(lang):
        cases = [casebook.case(name) for name in casebook.cases()]
        rows = [[_("Chapter"), _("What it is about"), _("Case")]]
        for chapter in chapters().values():
            rows.append(_row(chapter, [case for case in cases if case.chapter == chapter.notebook]))
    return _markdown(rows)


def _markdown(rows: list[list[str]]) -> str:
    """Return a table in Markdown; the first row is its head."""
    head, *lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *lines])


def _row(chapter: Chapter, cases: list[Case]) -> list[str]:
    links = [f"[{case.short}](case_{case.name}.ipynb)" for case in cases]
    title = f"[{chapter.number:02} {_(chapter.title)}]({chapter.notebook}.ipynb)"
    return [title, _(chapter.about), _(", ").join(links)]
