"""Tables that are made when a notebook is built: the contents of the book, and what a chapter's reader mixes up."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from crmlib import casebook
from crmlib.casebook import Case
from crmlib.chapters import Chapter, chapter_in, chapters
from crmlib.core.i18n import _, language, speaking
from crmlib.core.paths import SOURCES
from crmlib.exams import printing, samples
from crmlib.items.bank import bank
from crmlib.items.summaries import summary
from crmlib.notebooks import asked, index, syllabus
from crmlib.support.markup import filled as template
from crmlib.support.texts import headings, markdown_table, matter, title

MARK = "<!-- contents -->"
"""Stands in the source where the table of contents goes."""
ASKED = "<!-- asked -->"
"""Stands in a chapter where the table goes of what is asked, and how often."""
OFTEN = "<!-- often -->"
"""Stands at the head of a chapter where a sentence goes on what is asked most often."""
PAIRS = "<!-- pairs -->"
"""Stands in a chapter where the table goes of what is easily mixed up."""
MAP = "<!-- map -->"
"""Stands where the map of the course goes."""
SAMPLES = "<!-- samples -->"
"""Stands where the table of the sample papers goes."""
GAME = "game_"
"""How the notebook of a chapter's game begins, before the topic."""
MAP_PAGE = Path(__file__).with_name("map.html")
TERMS = {"zh": "<!-- terms zh -->", "en": "<!-- terms en -->"}
"""Stand where the index goes of the terms of a language."""
SYLLABUS = "<!-- syllabus -->"
"""Stands where the tables go of what each chapter teaches of the syllabus."""
APPENDIX = "appendix_"
"""How a notebook begins that stands after all chapters and belongs to none."""


def filled(text: str, lang: str, notebook: str) -> str:
    """Return a text cell of a notebook with each table in the place of its mark."""
    made: dict[str, Callable[[], str]] = {
        MARK: lambda: table(lang),
        ASKED: lambda: exam_matter(notebook, lang),
        OFTEN: lambda: often(notebook, lang),
        PAIRS: lambda: pairs(notebook, lang),
        MAP: lambda: course_map(lang),
        SAMPLES: lambda: sample_papers(lang),
        SYLLABUS: lambda: syllabus.by_chapter(lang),
        **{mark: partial(index.index, of, lang) for of, mark in TERMS.items()},
    }
    for mark, make in made.items():
        text = text.replace(mark, make()) if mark in text else text
    return text


def exam_matter(notebook: str, lang: str) -> str:
    """Return in Markdown what of a chapter is asked in the exam, and how often."""
    chapter = chapter_in(notebook)
    if chapter is None or chapter.topic not in bank().topics:
        return ""
    with speaking(lang):
        line, rows = asked.told(chapter, notebook)
        heads = [_("Section of the chapter"), _("Kinds of questions"), _("In all")]
    return f"{line}\n\n{markdown_table([heads, *rows])}"


def often(notebook: str, lang: str) -> str:
    """Return in Markdown the sentence on a chapter's part in the exam: its points, and the sections asked most."""
    chapter = chapter_in(notebook)
    if chapter is None or chapter.topic not in bank().topics:
        return ""
    with speaking(lang):
        return asked.often(chapter, notebook)


def pairs(notebook: str, lang: str) -> str:
    """Return in Markdown what is easily mixed up in a notebook: one notion, the other, what tells them apart."""
    chapter = chapter_in(notebook)
    known = summary(chapter.topic) if chapter else None
    shown = [pair for pair in known.pairs if pair.part == chapter.part(notebook)] if chapter and known else []
    with speaking(lang):
        rows = [[_("This"), _("and that"), _("What tells them apart")]]
        rows += [[str(pair.one), str(pair.other), str(pair.difference)] for pair in shown]
    return markdown_table(rows)


def sample_papers(lang: str) -> str:
    """Return in Markdown the sample papers with links to their pages: the paper, its key, its marking sheet."""
    known = samples.samples()
    with speaking(lang):
        said = {
            "paper": _("Form {label}"),
            "key": _("Answers to form {label}"),
            "marking": _("Marking sheet of form {label}"),
        }
        rows = [
            [f"[{said[kind].format(label=label)}]({samples.place(known, label, kind)})" for kind in printing.DOCUMENTS]
            for label in known.forms
        ]
        return markdown_table([[_("Sample paper"), _("Answers with reasons"), _("Marking sheet")], *rows])


def course_map(lang: str, here: Collection[str] | None = None) -> str:
    """Return the map of the course as HTML: a line with a station a chapter, each a link that says what it asks.

    It is a list, whose look stands in its attributes: that is all of a picture that JupyterLab leaves in a text. The
    stations wrap where the window is narrow.

    Args:
        lang: ``"zh"`` or ``"en"``.
        here: notebooks that there are, where others than all.
    """
    with speaking(lang):
        stations = [
            {"number": one.number, "page": f"{one.notebook}.ipynb", "step": _(one.step), "asks": _(one.asks)}
            for one in chapters().values()
            if here is None or one.notebook in here
        ]
        return template(MAP_PAGE, label=_("Map of the course"), stations=stations)


def games(topic: str) -> list[Path]:
    """Return the source of the game of a chapter, if it has one."""
    return list(SOURCES.glob(f"{GAME}{topic}.md"))


def appendices() -> list[Path]:
    """Return the sources of the pages that stand after all chapters."""
    return sorted(SOURCES.glob(f"{APPENDIX}*.md"))


def table(lang: str) -> str:
    """Return the table in Markdown, in a language: a row a notebook of a chapter, with title, matter and cases.

    Appendices come last, with their headings for their matter.
    """
    with speaking(lang):
        cases = [casebook.case(name) for name in casebook.cases()]
        rows = [[_("Chapter"), _("What it is about"), _("Case")]]
        for chapter in chapters().values():
            for name in chapter.notebooks:
                rows.append(_row(chapter, name, [case for case in cases if case.chapter == name]))
        for source in appendices():
            rows.append([f"[{title(source, lang)}]({source.stem}.ipynb)", _(", ").join(headings(source, lang)), ""])
    return markdown_table(rows)


def _row(chapter: Chapter, name: str, cases: list[Case]) -> list[str]:
    links = [f"[{case.short}]({casebook.CASE}{case.name}.ipynb)" for case in cases]
    if name == chapter.notebook:
        played = _("Game")
        links += [f"[{played}]({source.stem}.ipynb)" for source in games(chapter.topic)]
    parted = len(chapter.notebooks) > 1
    title = matter(SOURCES / f"{name}.md", language()) if parted else _(chapter.title)
    about = _(chapter.about if name == chapter.notebook else chapter.study(name).title)
    return [f"[{chapter.number:02} {title}]({name}.ipynb)", about, _(", ").join(links)]
