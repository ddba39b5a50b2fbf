"""``crm site``: the whole book as a folder of pages, in both languages, the same bytes whenever it is built."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from markupsafe import Markup

from crmlib.casebook import CASE
from crmlib.chapters import chapter_in, chapters
from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, NAMES, TAGS, _, other, speaking
from crmlib.core.paths import NOTEBOOKS, SOURCES
from crmlib.exams import samples
from crmlib.explorer import states
from crmlib.learning import fields
from crmlib.notebooks import contents
from crmlib.notebooks.build import reading_order
from crmlib.notebooks.jupyter import assembled, new_cell
from crmlib.plotting import partial
from crmlib.plotting.library import LIVE, live_script, plotly_js
from crmlib.plotting.template import DARK, TEMPLATE, config
from crmlib.reruns import page
from crmlib.site import challenges, exercises, handy, lite, practising, predictions, questions, scenarios
from crmlib.site import states as explorers
from crmlib.site.pages import Section, Sheet, Turn, linked, plain, sheet
from crmlib.site.scripts import packed_script, script
from crmlib.support.files import Together, together
from crmlib.support.markup import filled
from crmlib.support.texts import title as first_heading

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self' file: 'unsafe-inline'; style-src 'self' file: 'unsafe-inline'; "
    "img-src 'self' file: data: blob:; font-src data:; manifest-src 'self'; worker-src 'self'"
)
"""What stands beside a page may be shown and run; the network is asked for nothing else."""
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="10" fill="#0072b2"/>'
    '<path d="M14 48V34h9v14zM28 48V24h9v24zM42 48V14h9v34z" fill="#fff"/></svg>\n'
)
FIELDS = fields.HERE / "fields.js"
"""The fields that the notebook answers in; a page uses them without the kernel's side of them."""
SCRIPTS = (
    partial.UNPACKED,
    *states.SCRIPTS,
    *(HERE / f"{name}.js" for name in ("site", "find", "field", "ask", "challenge", "predict")),
    *(HERE / f"{name}.js" for name in ("question", "practice", "mock", "cards", "keep")),
)
START = "00_start"
INDEX = "index"
"""The first page of a language."""
OF_THE_SITE = (INDEX, practising.NAME)
"""Pages in the row of the book that are no notebooks."""
EDITION = re.compile(rb'^const EDITION = "crm-', re.MULTILINE)
"""Stands in a script of every site, and tells its folder from any other."""


@dataclass(frozen=True)
class Listed:
    """A page in the contents; a case stands within the chapter before it."""

    name: str
    title: str
    inner: bool


def notebooks(only: Sequence[str] = ()) -> list[str]:
    """Return the notebooks in the order of the book, without the first; cases and a game follow their chapter.

    Args:
        only: topics of chapters, whose notebooks come without the appendices of the book; all if none.
    """
    found, topic = [], ""
    for name in (source.stem for source in reading_order() if source.stem != START):
        if chapter := chapter_in(name):
            topic = chapter.topic
        elif name.startswith(contents.APPENDIX):
            topic = ""
        if not only or topic in only:
            found.append(name)
    return found


def write(
    out: Path,
    only: Sequence[str] = (),
    cut: bool = True,
    moving: Collection[str] = STUDIES,
    told: Callable[[str], object] = lambda _name: None,
    every_scenario: bool = True,
    lab: lite.Lab | None = None,
) -> None:
    """Write the site; what a former build left in the folder under the same names gives way to it.

    Args:
        out: the folder.
        only: topics of chapters; all of them if none.
        cut: whether plotly.js is cut down to what is drawn, which needs npm.
        moving: names of the studies whose explorers move; what they show is worked out now, which takes minutes.
        told: called with the name of each file of a page or an explorer.
        every_scenario: whether each scenario of a case has a page, not its base alone; they are rerun now.
        lab: what the JupyterLab beside the pages is like, in which the notebooks run; None if there is none.

    Raises:
        UserError: the folder cannot be written to or holds something else, plotly.js cannot be cut, or what JupyterLab
            needs is not there.
    """
    if lab:
        lite.check(lab)
    if stranger := _stranger(out):
        raise UserError(_("{file} is there already and is of no site; choose another folder.").format(file=stranger))
    drawing = partial.cut() if cut else plotly_js()  # first: what npm lacks is not to be told after minutes of work
    names = notebooks(only)
    sheets = {lang: linked([sheet(name, lang, moving) for name in names]) for lang in LANGUAGES}
    topics = [topic for topic in chapters() if not only or topic in only]
    for lang, of in sheets.items():
        of.append(practising.sheet(lang, topics))
    kinds = {kind for one in sheets["en"] for kind in one.kinds}
    with together(out) as gathered:
        files = Noted(gathered)
        for name, text, drawn in _moves(sheets):
            files.write(name, text)
            kinds |= drawn
            told(name)
        further: list[scenarios.Told] = []
        for one in scenarios.sheets(names) if every_scenario else ():
            further.append(one)
            kinds |= one.sheet.kinds
        for lang, of in sheets.items():
            for name, text in _pages(lang, of, further, lab is not None):
                files.write(f"{lang}/{name}.html", text)
                told(f"{lang}/{name}.html")
            for name, text in _scripts(lang, of, topics):
                files.write(f"static/{name}", text)
            for place, text in _papers(lang, of):
                files.write(f"{lang}/{place}", text)
        for lang, name, text in scenarios.decks(names, "../static/plotly.js"):
            files.write(f"{lang}/{name}.html", text)
            told(f"{lang}/{name}.html")
        for place, text in handy.files(names):
            files.write(place, text)
        if cut and not kinds <= partial.KINDS:
            drawing = partial.cut(kinds | partial.KINDS)
        _shared(files, drawing)
        _keeper(files)
        if lab:
            lite.write(gathered.new / lite.FOLDER, [START, *names], lab)
            told(f"{lite.FOLDER}/")
            gathered.replacing.update((gathered.new / lite.FOLDER).rglob("*"))


def _stranger(out: Path) -> Path | None:
    """Return a file that would give way to the site though no former build wrote it; None if there is none."""
    worker = out / "sw.js"
    with suppress(OSError):
        if EDITION.search(worker.read_bytes()):
            return None
    places = [
        worker,
        out / "index.html",
        out / "app.webmanifest",
        *(out / name for name in ("data", "static", lite.FOLDER, *LANGUAGES)),
    ]
    found = (path for place in places for path in (place, *sorted(place.rglob("*"))))
    return next((path for path in found if path.is_file()), None)


def _moves(sheets: Mapping[str, Sequence[Sheet]]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield the scripts of what explorers show from each base: name, text, kinds of traces; all cores work on them."""
    studies = [study for one in sheets["en"] for study in one.studies]
    jobs = [
        (study, base, lang)
        for study in studies
        for base in explorers.files(explorers.explorer(study))
        for lang in sheets
    ]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for job, (texts, kinds) in zip(jobs, pool.map(_moved, *zip(*jobs, strict=True)) if jobs else (), strict=True):
            for name, text in texts.items():
                yield f"static/moves/{job[-1]}/{name}.js", text, kinds


def _scripts(lang: str, sheets: Sequence[Sheet], topics: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the scripts that pages of a language read: name and text."""
    yield f"{lang}.js", _words(lang)
    yield f"search.{lang}.js", _search(sheets)
    for name, text in _exercises(lang, sheets):
        yield f"exercises/{lang}/{name}.js", text
    yield from practising.files(lang, topics)


def _exercises(lang: str, sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """Yield the drawn exercises of each chapter as a script: topic and text."""
    asked = [pair for one in sheets for pair in one.exercises]
    for topic in dict.fromkeys(topic for topic, _name in asked):
        with speaking(lang):
            text = exercises.told(topic, [name for of, name in asked if of == topic])
        yield topic, packed_script("crmExercises", topic, text)


def _papers(lang: str, sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """Yield the sample papers that the pages link to: where each lies in the folder of the language, and its HTML."""
    text = "".join(one.body for one in sheets)
    for path in sorted((NOTEBOOKS / lang).glob(f"{samples.FOLDER}/*.html")):
        place = path.relative_to(NOTEBOOKS / lang).as_posix()
        if f'href="{place}"' in text:
            yield place, path.read_text("utf-8")


def _moved(study: str, base: str, lang: str) -> tuple[dict[str, str], set[str]]:
    """Return the scripts of one explorer's moves from one base by name, packed, and the kinds of traces it draws."""
    texts, kinds = explorers.moves(study, base, lang)
    named = {f"{study}.{base}.{n - 1}" if n else f"{study}.{base}": text for n, text in enumerate(texts)}
    return {name: packed_script("crmMoves", name, text) for name, text in named.items()}, kinds


class Noted:
    """Files of the site as they are written, each with what tells it from another edition's."""

    def __init__(self, gathered: Together):
        self._gathered = gathered
        self.digests: dict[str, str] = {}

    def write(self, place: str, content: str, replace: bool = True) -> None:
        """Write a file; one that is there gives way."""
        self.digests[place] = sha256(content.encode("utf-8")).hexdigest()
        self._gathered.write(place, content, replace)


def _keeper(files: Noted) -> None:
    """Write the script that keeps pages for reading without a network, and what makes the site an app."""
    title = _title("zh")
    icon = {"src": "static/icon.svg", "sizes": "any", "type": "image/svg+xml"}
    app = {"name": title, "short_name": "CRM", "start_url": "index.html", "display": "standalone", "icons": [icon]}
    files.write("app.webmanifest", json.dumps(app, ensure_ascii=False))
    files.write("static/icon.svg", ICON)
    edition = f"crm-{sha256(repr(sorted(files.digests.items())).encode()).hexdigest()[:16]}"
    whole = json.dumps(sorted(files.digests))
    worker = (HERE / "sw.js").read_text("utf-8").replace("{{ edition }}", edition).replace("{{ files }}", whole)
    files.write("sw.js", worker)


def _shared(files: Noted, drawing: bytes) -> None:
    """Write what all pages use."""
    ours = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    notebook = FIELDS.read_text("utf-8").replace("export default { initialize }", "globalThis.crmFields = KINDS")
    reach = page.REACHABLE.read_text("utf-8")
    files.write("static/site.js", f"{live_script()}(() => {{\n{notebook}\n}})();\n{ours}\n{reach}")
    styles = (
        page.HERE / "page.css",
        LIVE.with_suffix(".css"),
        FIELDS.with_suffix(".css"),
        states.STYLE,
        HERE / "site.css",
    )
    files.write("static/site.css", "\n".join(path.read_text("utf-8") for path in styles))
    licence = f"/* {' '.join(plotly_js()[:200].decode().split('*/')[0].replace('*', ' ').strip('/ ').split())} */"
    files.write("static/plotly.js", f"{licence}\n{script('crmPlotly', partial.packed(drawing))}")
    books = {lang: _title(lang) for lang in LANGUAGES}
    files.write("index.html", filled(HERE / "root.html", books=books, policy=POLICY) + "\n")


def _pages(
    lang: str, sheets: Sequence[Sheet], further: Sequence[scenarios.Told] = (), runs: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield the pages of a language: name and HTML.

    Args:
        sheets: the book.
        further: pages that belong to one of them, of all languages.
        runs: whether the notebooks can be run beside them.
    """
    if runs:
        sheets = [replace(one, body=f"{one.body}\n{lite.link(one.name, lang)}") for one in sheets]
    titles = {one.name: one.title for one in sheets if one.name not in OF_THE_SITE}
    taken = list(handy.sheets(lang, titles))
    with speaking(lang):
        start = _start(lang, sheets)
        listed = [Listed(one.name, one.title, one.name.startswith(CASE)) for one in [start, *sheets]]
        row = list(listed)
        listed += [Listed(one.name, one.title, False) for one in taken[:2]]
        for place, one in enumerate([start, *sheets]):
            turns = [Turn("prev", _("Previous page"), row[place - 1].name, row[place - 1].title)] if place else []
            turns += [Turn("next", _("Next page"), then.name, then.title) for then in row[place + 1 : place + 2]]
            yield one.name, _page(lang, _around(lang, one, bool(further)), listed, turns)
        for one in taken:
            yield one.name, _page(lang, one, listed, ())
        for told in further:
            if told.lang == lang:
                shown = _around(lang, told.sheet, True, told.within)
                yield shown.name, _page(lang, shown, listed, told.turns, told.within)


def _around(lang: str, one: Sheet, whole: bool, within: str = "") -> Sheet:
    """Return a page with what belongs to it: above it the scenarios of a case, below it what there is to take along."""
    book = within or one.name
    above = [scenarios.links(case, lang, one.name, whole) for case in scenarios.cases([book])]
    below = handy.along(book, lang) if book not in OF_THE_SITE else ""
    return replace(one, body="\n".join([*above, one.body, below]).strip())


def _page(lang: str, one: Sheet, listed: Sequence[Listed], turns: Sequence[Turn], within: str = "") -> str:
    words = {
        "skip": _("Skip to the text"),
        "find": _("Search the book"),
        "found": _("What was found"),
        "contents": _("Contents"),
        "turn": _("Previous and next page"),
        "other": NAMES[other(lang)],
    }
    return (
        filled(
            HERE / "page.html",
            **{"tag": TAGS[lang], "lang": lang, "other": other(lang), "other_tag": TAGS[other(lang)]},
            **{"policy": POLICY, "words": words, "listed": listed, "turns": turns, "within": within},
            **{"name": one.name, "title": one.title, "book": listed[0].title, "body": Markup(one.body)},
            draws=bool(one.kinds),
            sections=[part for part in one.sections if part.level == 2],
        )
        + "\n"
    )


def _title(lang: str) -> str:
    """Return what the book is called."""
    return first_heading(SOURCES / f"{START}.md", lang)


def _start(lang: str, sheets: Sequence[Sheet]) -> Sheet:
    """Return the first page: what the book is, and its contents, as far as it is on the site."""
    title = _title(lang)
    about = _(
        "A workbook to read in the browser: a short passage, a guess, a slider that moves the chart, a case. "
        "It works without a network once it is open. In the notebooks you can also change the code and use data of "
        "your own."
    )
    here = {one.name for one in sheets}
    rows = [row for n, row in enumerate(contents.table(lang).splitlines()) if n < 2 or _named(row) in here]
    text = f"# {title}\n\n{about}\n\n{contents.course_map(lang, here)}\n\n" + "\n".join(rows)
    if any(f'href="{samples.FOLDER}/' in one.body for one in sheets):
        papers = _("Sample papers")
        text += f"\n\n## {papers}\n\n{contents.sample_papers(lang)}"
    notebook = assembled([new_cell("text", text)], INDEX)
    body = page.scrolling(page.rendered(notebook, notebook.cells).replace('.ipynb"', '.html"'))
    heading = _("Your progress")
    taken = handy.listing(lang, {one.name: one.title for one in sheets})
    body = re.sub(r' id="cell-id=[^"]*"', "", body) + f'\n{taken}\n<section id="progress"><h2>{heading}</h2></section>'
    return Sheet(INDEX, title, body, (Section("", title, plain(body), 1),), (), (), frozenset())


def _named(row: str) -> str:
    return row.partition("](")[2].partition(".ipynb)")[0]


def _words(lang: str) -> str:
    """Return the script of what all pages of a language share: themes of figures, and what the scripts say."""
    with speaking(lang):
        words = {
            **states.words(),
            "themes": [_("Colours: as the system"), _("Colours: light"), _("Colours: dark")],
            "hits": _("{n} places found"),
            "near": _("Nothing has all of it; these come near"),
            "none": _("Nothing found"),
            "progress": _("Answers kept in this browser: {n}; right: {right}."),
            "save": _("Save your progress"),
            "load": _("Add progress from a file"),
            "taken": _("The progress of the file is added."),
            "noProgress": _(
                "This file holds no progress; choose a progress.jsonl that the notebook or this page saved."
            ),
            "keep": _("Keep the whole book for reading without a network"),
            "keeping": _("The book is being kept; this takes a while."),
            "whole": _("The whole book is kept on this device."),
            "notKept": _("The book could not be kept; try again where there is a network and room on the device."),
        }
        return script(
            "crmSite",
            {
                "lang": lang,
                "light": TEMPLATE,
                "dark": DARK,
                "config": config(),
                "words": words,
                "answers": exercises.words(),
                "predictions": predictions.words(),
                "challenges": challenges.words(),
                "questions": questions.words(),
                "mock": questions.mock_words(),
                "cards": practising.words(),
            },
        )


def _search(sheets: Sequence[Sheet]) -> str:
    """Return the script of what is searched: page, title, id, heading, words of each section."""
    return script(
        "crmFind",
        [[one.name, one.title, part.id, part.heading, part.words] for one in sheets for part in one.sections],
    )
