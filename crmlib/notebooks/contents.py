"""The table of contents in the first notebook: a row a chapter, from the chapters and the cases."""

from crmlib import casebook
from crmlib.casebook import Case
from crmlib.chapters import Chapter, chapters
from crmlib.core.i18n import _, speaking

MARK = "<!-- contents -->"
"""Stands in the source where the table goes."""


def filled(text: str, lang: str) -> str:
    """Return a text cell with the table in the place of its mark."""
    return text.replace(MARK, table(lang)) if MARK in text else text


def table(lang: str) -> str:
    """Return the table in Markdown, in a language: number and title, what it is about, its cases."""
    with speaking(lang):
        cases = [casebook.case(name) for name in casebook.cases()]
        rows = [[_("Chapter"), _("What it is about"), _("Case")]]
        for chapter in chapters().values():
            rows.append(_row(chapter, [case for case in cases if case.chapter == chapter.notebook]))
    head, *lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---|---|---|", *lines])


def _row(chapter: Chapter, cases: list[Case]) -> list[str]:
    links = [f"[{case.short}](case_{case.name}.ipynb)" for case in cases]
    title = f"[{chapter.number:02} {_(chapter.title)}]({chapter.notebook}.ipynb)"
    return [title, _(chapter.about), _(", ").join(links)]
