"""What a reader takes along from the site: data sets with their dictionaries, summaries to print, the formula sheet."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from crmlib import casebook
from crmlib.chapters import Chapter, chapter_in, chapters
from crmlib.chapters.studies import study_of
from crmlib.core.i18n import _, pick, speaking
from crmlib.core.paths import DATA, SOURCES
from crmlib.exams import summary
from crmlib.exams.outline import Outline
from crmlib.site.pages import Sheet, of_body
from crmlib.support.html_table import html
from crmlib.support.markup import filled
from crmlib.tables.dictionary import describe, dictionary

HERE = Path(__file__).parent
DATA_PAGE, FORMULAS = "data", "formulas"
"""Names of pages."""
USED = re.compile(r'\b(?:load|describe)\("(\w+)"\)')
"""How a notebook asks for a data set."""
EXCEL = "\ufeff"
"""At the beginning of a CSV file it has Excel show Chinese."""


def datasets(notebook: str) -> list[str]:
    """Return the data sets that a notebook is about: its studies', and what its cells load."""
    chapter = chapter_in(notebook)
    studies = chapter.studies if chapter else ()
    if notebook.startswith(casebook.CASE):
        studies = (study_of(casebook.case(notebook.removeprefix(casebook.CASE))),)
    found = [name for study in studies for name in study.datasets]
    return list(dict.fromkeys([*found, *USED.findall((SOURCES / f"{notebook}.md").read_text("utf-8"))]))


def files(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the files of the data sets that notebooks use: place and content."""
    for name in sorted({name for notebook in names for name in datasets(notebook)}):
        yield f"data/{name}.csv", EXCEL + (DATA / f"{name}.csv").read_bytes().decode("utf-8-sig")
        yield f"data/{name}.yaml", (DATA / f"{name}.yaml").read_bytes().decode("utf-8")


def sheets(lang: str, titles: Mapping[str, str]) -> Iterator[Sheet]:
    """Yield the pages: data sets, formula sheet, a summary a chapter.

    Args:
        titles: of the notebooks on the site, by name and in order.
    """
    found = _chapters(titles)
    with speaking(lang):
        if found:
            yield _data(titles)
            yield _printed(FORMULAS, summary.formulas(found))
        for chapter in found:
            title = _("{chapter}: summary before the exam").format(chapter=_(chapter.title))
            yield _printed(summary_place(chapter), {**summary.outline([chapter]), "title": title})


def _chapters(names: Iterable[str]) -> list[Chapter]:
    there = {chapter.topic for name in names if (chapter := chapter_in(name))}
    return [chapter for topic, chapter in chapters().items() if topic in there]


def summary_place(chapter: Chapter) -> str:
    """Return the name of the page with a chapter's summary."""
    return f"summary_{chapter.topic}"


def _printed(name: str, doc: Outline) -> Sheet:
    return of_body(name, f'<div class="crm-print">\n{summary.body(doc)}\n</div>')


def _data(titles: Mapping[str, str]) -> Sheet:
    used: dict[str, list[tuple[str, str]]] = {}
    for notebook, title in titles.items():
        for name in datasets(notebook):
            used.setdefault(name, []).append((f"{notebook}.html", title))
    body = filled(
        HERE / "data.html",
        title=_("Data sets"),
        about=_(
            "The data sets of the book as CSV files, with what each column means. Most are synthetic: scripts of the "
            "workbook drew them from the random seeds named here. A few were written for teaching, as their source "
            "says. None holds records of real customers. Work with them as you like; the scripts are under the MIT "
            "licence."
        ),
        words={
            **{"set": _("Data set"), "rows": _("Rows"), "columns": _("Columns"), "file": _("File")},
            **{"used": _("Used in:"), "key": _("A row is told by:"), "dictionary": _("What the columns mean")},
            **{"csv": _("Data (CSV, {kb} kB)"), "yaml": _("Dictionary (YAML, both languages)")},
        },
        sets=[_set(name, used[name]) for name in sorted(used)],
    )
    return of_body(DATA_PAGE, body)


def _set(name: str, used: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Return what the page says of a data set."""
    book, path = dictionary(name), DATA / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return {
        **{"name": name, "title": pick(book.title), "source": pick(book.source), "used": used},
        **{"rows": f"{len(rows):,}", "columns": len(header), "kb": f"{max(path.stat().st_size / 1000, 1):,.0f}"},
        "key": _(", ").join(pick(book.columns[column].meaning) for column in book.key),
        "table": Markup(html(describe(name))),
    }


def along(notebook: str, lang: str) -> str:
    """Return as HTML what a reader of a notebook may take along; nothing where there is nothing."""
    case = notebook.removeprefix(casebook.CASE)
    chapter = chapter_in(casebook.case(case).chapter if case != notebook else notebook)
    found = datasets(notebook)
    if not chapter and not found:
        return ""
    with speaking(lang):
        prints = [(f"{summary_place(chapter)}.html", _("Summary to print"))] if chapter else []
        return filled(
            HERE / "along.html",
            title=_("To take along"),
            prints=[*prints, (f"{FORMULAS}.html", _("Formula sheet"))],
            data=_("Data:"),
            sets=[(f"{DATA_PAGE}.html#data-{name}", pick(dictionary(name).title)) for name in found],
        )


def listing(lang: str, titles: Mapping[str, str]) -> str:
    """Return as HTML all that there is to take along, for the first page."""
    with speaking(lang):
        found = [(f"{DATA_PAGE}.html", _("Data sets")), (f"{FORMULAS}.html", _("Formula sheet"))]
        prints = [(f"{summary_place(chapter)}.html", _(chapter.title)) for chapter in _chapters(titles)]
        said = {"title": _("To take along"), "found": found, "prints": prints, "summaries": _("Summaries to print:")}
        return filled(HERE / "listing.html", **said)
