"""The syllabus and what the chapters say that they teach of it: compared, and made into tables.

``docs/syllabus.md`` follows from the chapters' declarations and ``casebook/syllabus.yaml``; ``crm build`` writes it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from crmlib import casebook
from crmlib.chapters import Chapter, Taught, chapters
from crmlib.core.i18n import LANGUAGES, NAMES, NC_, _, speaking
from crmlib.core.paths import ROOT, SOURCES
from crmlib.core.study import Study
from crmlib.items.bank import bank
from crmlib.notebooks.sections import Section, sections_of
from crmlib.support.files import folder, written
from crmlib.support.glossary import glossary
from crmlib.support.strict_yaml import pick_known
from crmlib.support.syllabus import DOES, SYLLABUS, Row, rows
from crmlib.support.texts import markdown_table

DOCUMENT = ROOT / "docs" / "syllabus.md"
ITEMS = 2
"""So many items ask a row at least."""
NOTEBOOK = re.compile(r"\]\(<?(\w+\.ipynb)")
"""A link to a notebook beside."""


class Lesson(NamedTuple):
    """A row as one chapter teaches it."""

    row: Row
    chapter: Chapter
    taught: Taught

    def sections(self) -> list[Section]:
        """Return the sections that explain it, in the order of the declaration."""
        return [found for heading in self.taught.sections for found in _called(self.chapter, heading)]

    def studies(self) -> list[Study[Any, Any, Any]]:
        """Return the studies of the chapter that compute it."""
        return [study for study in self.chapter.studies if study.name in self.taught.studies]

    def data(self) -> list[str]:
        """Return the data sets that show it: those of its studies."""
        return list(dict.fromkeys(name for study in self.studies() for name in study.datasets))

    def does(self) -> set[str]:
        """Return the letters of what the chapter has on it; items are counted over all chapters."""
        moved = any(_shown(self.chapter, study.name) for study in self.studies())
        found = {"T": self.sections(), "M": self.studies(), "W": moved, "D": self.data(), "C": self.taught.cases}
        return {letter for letter, there in found.items() if there}


def lessons(*of: Chapter) -> list[Lesson]:
    """Return what chapters, by default all of them, teach of the syllabus, in the order of its rows."""
    given = [(chapter, taught) for chapter in of or chapters().values() for taught in chapter.rows]
    known = rows()
    found = [Lesson(known[taught.row], chapter, taught) for chapter, taught in given if taught.row in known]
    return sorted(found, key=lambda lesson: list(known).index(lesson.row.id))


def _called(chapter: Chapter, heading: str) -> list[Section]:
    return [section for section in sections_of(*chapter.notebooks) if section.heading["en"] == heading]


def _shown(chapter: Chapter, study: str) -> bool:
    """Tell whether one of a chapter's notebooks shows the explorer of a study."""
    calls = re.compile(rf"\b{chapter.explores(study)}\(\)")
    return any(calls.search((SOURCES / f"{name}.md").read_text("utf-8")) for name in chapter.notebooks)


def faults(chapter: Chapter) -> Iterator[str]:
    """Yield a translated sentence for whatever a chapter names in its rows that there is not, or fails to name."""
    file = f"crmlib/chapters/{chapter.topic}/chapter.py"
    for taught in chapter.rows:
        for why in _faults(chapter, taught):
            yield _("{file}: row {row}: {why}").format(file=file, row=taught.row, why=why)
    named = {name for taught in chapter.rows for name in taught.studies}
    for study in chapter.studies:
        if study.name not in named:
            said = _("{file}: study {study}: no row of the syllabus names it; write one that does.")
            yield said.format(file=file, study=study.name)


def _faults(chapter: Chapter, taught: Taught) -> Iterator[str]:
    if taught.row not in rows():
        yield _("{file} has no such row.").format(file=SYLLABUS.relative_to(ROOT).as_posix())
    for heading in taught.sections:
        if (n := len(_called(chapter, heading))) != 1:
            said = _("{n} sections of the chapter are called “{name}”; there must be one.")
            yield said.format(n=n, name=heading)
    for name in taught.items:
        if f"{chapter.topic}.{name}" not in bank().items:
            yield _("there is no item “{name}” to practise.").format(name=f"{chapter.topic}.{name}")
    own = {study.name for study in chapter.studies}
    for name in sorted(set(taught.studies) - own):
        yield _("“{name}” is no study of the chapter.").format(name=name)
    for name in taught.cases:
        case, _dot, question = name.partition(".")
        asked = [one.id for one in casebook.case(case).questions] if case in casebook.cases() else []
        if not asked or (question and question not in asked):
            yield _("there is no case, or question of a case, “{name}”.").format(name=name)


def lacking() -> Iterator[str]:
    """Yield a translated sentence for each row of the syllabus that no chapter teaches, or not as the row asks."""
    every = lessons()
    for row in rows().values():
        own = [lesson for lesson in every if lesson.row == row]
        if not own:
            yield _("{row} {name}: no chapter teaches it.").format(row=row.id, name=row.name)
            continue
        found = {letter for lesson in own for letter in lesson.does()}
        items = {f"{lesson.chapter.topic}.{name}" for lesson in own for name in lesson.taught.items}
        found |= {"Q"} if len(items) >= ITEMS else set()
        for letter in sorted({*row.does, "T"} - found, key=list(DOES).index):
            yield _("{row} {name}: it is not {what}.").format(row=row.id, name=row.name, what=_(DOES[letter]))


# Tables ---------------------------------------------------------------------------------------------------------------


def by_chapter(lang: str) -> str:
    """Return a heading and a table a chapter: what it teaches of the syllabus, and where. For a notebook."""
    with speaking(lang):
        found = []
        for chapter in chapters().values():
            head = [
                _("Topic"),
                _("Sections"),
                _("Explorer"),
                _(NC_("section", "Questions")),
                _("Case"),
                _("Comes from"),
            ]
            lines = [[_named(lesson.row), *_where(lesson), _from(lesson.row)] for lesson in lessons(chapter)]
            heading = _("Chapter {number}: {title}").format(number=chapter.number, title=_(chapter.title))
            found += [f"### {heading}", markdown_table([head, *lines])] if lines else []
        return "\n\n".join(found)


def _named(row: Row) -> str:
    return f"{row.id} {row.name}"


def _where(lesson: Lesson) -> list[str]:
    return [
        "<br>".join(section.link() for section in lesson.sections()),
        "<br>".join(_(study.title) for study in lesson.studies()),
        str(len(lesson.taught.items)),
        "<br>".join(_cases(lesson)),
    ]


def _cases(lesson: Lesson) -> list[str]:
    """Return a link to each case of a lesson, once."""
    names = dict.fromkeys(name.partition(".")[0] for name in lesson.taught.cases)
    return [f"[{casebook.case(name).short}]({casebook.CASE}{name}.ipynb)" for name in names]


def _from(row: Row) -> str:
    names = {source.name.zh: str(source.name) for source in glossary().sources}
    problem = _("casebook/syllabus.yaml: the glossary has no source “{name}”.")
    return _(", ").join(names[pick_known(name, names, problem)] for name in row.sources) or _("past papers")


def document() -> str:
    """Return ``docs/syllabus.md``: a table of all rows in each language."""
    titles = []
    for lang in LANGUAGES:
        with speaking(lang):
            titles.append(_("What the workbook teaches"))
    return "\n\n".join([f"# {' · '.join(titles)}", *map(_half, LANGUAGES)]) + "\n"


def _half(lang: str) -> str:
    with speaking(lang):
        said = _(
            "“crm build” makes this page of what the chapters declare (crmlib/chapters/*/chapter.py) and of the list "
            "of topics (casebook/syllabus.yaml). “crm chapter check” says what is missing. S rows come from the "
            "course's documents, B rows from past papers."
        )
        does = "\n".join(f"- {letter}: {_(what)}" for letter, what in DOES.items())
        asks = _("What each topic must have stands in the second column:")
        head = [_("Topic"), _("Asks for"), _("Sections"), _("Explorer and study"), _("Data"), _("Items"), _("Case")]
        lines = [_line(lesson) for lesson in lessons()]
        text = "\n\n".join([f"## {NAMES[lang]}", said, f"{asks}\n\n{does}", markdown_table([head, *lines])])
        return NOTEBOOK.sub(lambda link: link[0].replace(link[1], f"../notebooks/{lang}/{link[1]}"), text)


def _line(lesson: Lesson) -> list[str]:
    sections, _explorers, _n, cases = _where(lesson)
    asked = [f"`{name}`" for name in lesson.taught.cases if "." in name]
    return [
        _named(lesson.row),
        "".join(letter for letter in DOES if letter in {*lesson.row.does, "T"}),
        sections,
        "<br>".join(f"`{study.name}`" for study in lesson.studies()),
        "<br>".join(f"`{name}`" for name in lesson.data()),
        " ".join(f"`{lesson.chapter.topic}.{name}`" for name in lesson.taught.items),
        "<br>".join([cases, *asked]) if cases else "",
    ]


def write(path: Path = DOCUMENT) -> None:
    """Write the document.

    Raises:
        UserError: it cannot be written.
    """
    folder(path.parent)
    written(path, document())


def stale(path: Path = DOCUMENT) -> Iterator[str]:
    """Yield a sentence if the document is not what follows from the declarations."""
    if not path.exists() or path.read_text("utf-8") != document():
        yield _("{file}: older than what the chapters declare; run “crm build”.").format(
            file=path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        )
