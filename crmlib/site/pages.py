"""A notebook as a page of the site: its text, its pictures, and a place for each thing that moves."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import unquote

from markupsafe import escape

from crmlib.chapters import chapter_in
from crmlib.chapters.studies import STUDIES
from crmlib.core.i18n import _, speaking
from crmlib.core.paths import NOTEBOOKS
from crmlib.items import prose
from crmlib.notebooks.jupyter import nbformat, new_cell
from crmlib.notebooks.sections import anchor
from crmlib.plotting.theme import described
from crmlib.reruns import page
from crmlib.site import challenges, predictions
from crmlib.site.states import declared
from crmlib.support.mime import PLOTLY_MIME

WIDGET = re.compile(r"\s*[\[［][^\[［]*Shift\+Enter[^\[［]*[\]］]$")
"""What stands behind the words of a widget where there is no kernel: how to run its cell."""
ASKS = re.compile(r'exercises\.ask\("(\w+)"\)')
"""A cell that asks one of its chapter's drawn exercises."""
WORKS = re.compile(r'^(?:practice\("(\w+)"\)|mock_exam\(\))$', re.MULTILINE)
"""A cell in which its chapter's questions are practised, or a mock exam is sat."""
MATHS = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
TAG = re.compile(r"<(script|style|math|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
PLACED = re.compile(r'href="([\w-]+)\.html#([^"]*)"')
"""A link to a section of another page."""
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A section of a page, as contents and search need it: where it begins, its heading, its words."""

    id: str
    heading: str
    words: str
    level: int


@dataclass(frozen=True)
class Sheet:
    """A notebook as HTML.

    Attributes:
        name: of the notebook.
        title: its first heading, as plain text.
        body: HTML.
        sections: the first is the page itself, before any heading.
        studies: names of the studies whose explorers stand on it.
        exercises: topic and name of each drawn exercise on it.
        kinds: of traces that its figures have, as plotly calls them.
    """

    name: str
    title: str
    body: str
    sections: tuple[Section, ...]
    studies: tuple[str, ...]
    exercises: tuple[tuple[str, str], ...]
    kinds: frozenset[str]


@dataclass(frozen=True)
class Turn:
    """Where a page leads on: ``prev`` or ``next``, what is said of it, the page's name and title."""

    rel: str
    said: str
    name: str
    title: str


def sheet(name: str, lang: str, moving: Collection[str] = STUDIES) -> Sheet:
    """Return a notebook, as it was executed, in a language.

    Args:
        name: of the notebook.
        lang: ``"zh"`` or ``"en"``.
        moving: names of the studies whose explorers move; the others show their first picture.
    """
    return executed(nbformat.read(NOTEBOOKS / lang / f"{name}.ipynb", as_version=4), name, lang, moving)


def executed(
    notebook: Any, name: str, lang: str, moving: Collection[str] = (), scenario: str = "", foot: str = ""
) -> Sheet:
    """Return an executed notebook in a language.

    Args:
        notebook: it is changed.
        name: of its page.
        lang: ``"zh"`` or ``"en"``.
        moving: names of the studies whose explorers move; the others show their first picture.
        scenario: named in the page's heading.
        foot: HTML that stands below.
    """
    with speaking(lang):
        moves = _("{title}: run this cell (Shift+Enter) to move the controls")
        titles = {moves.format(title=_(study.title)): key for key, study in STUDIES.items() if key in moving}
        asked = _asked(name, notebook)
        cells = [_told(cell, titles) for cell in notebook.cells]
        studies = tuple(cell.metadata.crm_study for cell in cells if "crm_study" in cell.metadata)
        kinds = frozenset(trace["type"] for cell in cells for trace in _traces(cell))
        notebook.cells = [cell for cell in cells if cell.cell_type != "code" or cell.outputs]
        cells = page.headed(list(_placed(page.page_cells(notebook), lang)), scenario)
        body = page.rendered(notebook, cells).replace('"00_start.ipynb', '"index.ipynb')
    body = re.sub(r' id="cell-id=[^"]*"', "", body)  # those of cells added here are random
    body = numbered(page.scrolling(re.sub(r'(href="[\w./-]+)\.ipynb(["#])', r"\1.html\2", body)))
    title = _heading(body, name)
    body += page.scrolling(foot)
    return Sheet(name, title, body, tuple(sections(title, body)), studies, asked, kinds)


def of_body(name: str, body: str) -> Sheet:
    """Return as a page what is of no notebook: HTML that begins with its heading."""
    body, title = numbered(page.scrolling(body)), _heading(body, name)
    return Sheet(name, title, body, tuple(sections(title, body)), (), (), page.kinds(body))


def _heading(body: str, name: str) -> str:
    head = re.search(r"<h1>(.*?)</h1>", body, re.DOTALL)
    return plain(head[1]) if head else name


def _asked(name: str, notebook: Any) -> tuple[tuple[str, str], ...]:
    """Note on each cell that asks a drawn exercise which one it is, and return them all."""
    chapter = chapter_in(name)
    found = []
    for cell in notebook.cells if chapter else ():
        if chapter and cell.cell_type == "code" and (asks := ASKS.fullmatch(cell.source.strip())):
            cell.metadata.crm_item = f"{chapter.topic}.{asks[1]}"
            found.append((chapter.topic, asks[1]))
    return tuple(found)


def _told(cell: Any, titles: dict[str, str]) -> Any:
    """Return a cell without the words on how to run it; an explorer's says of which study it is."""
    if cell.cell_type == "markdown":
        cell.source = MATHS.sub(lambda latex: _display(latex[1]), cell.source)
        return cell
    kept = []
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        words = data.get("text/plain", "")
        if PLOTLY_MIME in data and words in titles:
            cell.metadata.crm_study = titles[words]
        if PLOTLY_MIME in data and "Shift+Enter" in words:
            drawn = data[PLOTLY_MIME]
            data["text/plain"] = described(drawn, "")
        elif WIDGET.search(words) and "text/markdown" not in data:
            output.data = {"text/html": _offer(WIDGET.sub("", words), cell)}
        kept.append(output)
    cell.outputs = kept
    return cell


def _offer(words: str, cell: Any) -> str:
    """Return the words of a cell in the place where the page's script works, or what only the notebook does."""
    kind = ""
    if item := cell.metadata.get("crm_item"):
        kind = f'crm-ask" data-item="{item}'
    elif works := WORKS.search(cell.source):
        kind = f'crm-practice" data-topic="{works[1]}' if works[1] else "crm-mock"
    if kind:
        return f'<div class="{kind}"><p>{escape(words)}</p></div>'
    said = escape(_("In the notebook you work on this here."))
    return f'<p class="crm-offer">{escape(words)} <small>{said}</small></p>'


def _traces(cell: Any) -> Iterator[Any]:
    for output in cell.get("outputs", ()):
        yield from output.get("data", {}).get(PLOTLY_MIME, {}).get("data", ())


def _display(latex: str) -> str:
    return prose.html_run(prose.Run("maths", latex)).replace('display="inline"', 'display="block"')


def _placed(cells: list[Any], lang: str) -> Iterator[Any]:
    """Yield the cells of a page, code that is part of the text before what it gives, explorers in their places."""
    for cell in cells:
        if cell.cell_type == "code":
            if "open" in cell.metadata.get("tags", ()):
                code = escape(cell.source).replace("\n", "&#10;")
                yield new_cell("text", f'<pre class="code" tabindex="0"><code>{code}</code></pre>')
            if study := cell.metadata.get("crm_study"):
                data = cell.outputs[0]["data"]
                told = "".join(
                    f'<script type="application/json" class="crm-{name}">{json}</script>'
                    for name, json in (
                        ("declared", declared(study, lang)),
                        ("predictions", predictions.told(study)),
                        ("challenges", challenges.told(study)),
                    )
                )
                still = data["text/html"]
                data["text/html"] = f'<div class="crm-explorer" data-study="{study}">{still}{told}</div>'
        yield cell


def linked(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return pages whose links to a section of another page, named by its heading, lead to the section's id."""
    ids = {(one.name, anchor(part.heading)): part.id for one in sheets for part in one.sections if part.id}

    def led(link: re.Match[str]) -> str:
        place = ids.get((link[1], unquote(unescape(link[2]))), "")
        return f'href="{link[1]}.html#{place}"' if place else f'href="{link[1]}.html"'

    return [replace(one, body=PLACED.sub(led, one.body)) for one in sheets]


def numbered(body: str) -> str:
    """Return HTML whose headings have ids by their place: the same section has the same id in both languages."""
    places = iter(range(1, 1000))
    return HEADING.sub(lambda head: f'<h{head[1]} id="s{next(places)}">{head[2]}</h{head[1]}>', body)


def sections(title: str, body: str) -> Iterator[Section]:
    """Yield what stands on a page, section by section."""
    parts = re.split(r'<h([23]) id="(s\d+)">(.*?)</h\1>', body, flags=re.DOTALL)
    yield Section("", title, plain(parts[0]), 1)
    for level, place, heading, words in zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True):
        yield Section(place, plain(heading), plain(words), int(level))


def plain(html: str) -> str:
    """Return the words of HTML in one line."""
    return " ".join(unescape(TAG.sub(" ", html)).split())
