"""How the notebooks of chapters and cases are written: sections, lengths, letters, links."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmlib import casebook
from crmlib.authoring import quotas
from crmlib.authoring.folders import shown
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, N_, _, speaking
from crmlib.core.paths import SOURCES
from crmlib.notebooks import build, contents, pairs
from crmlib.support.texts import headings
from crmlib.support.texts import texts as written

START = SOURCES / "00_start.md"
SECTIONS = (
    N_("What you will be able to do"),
    N_("Guess first"),
    N_("See it"),
    N_("Move it"),
    N_("Check yourself"),
    N_("Easily mixed up"),
    N_("In the exam"),
    N_("The case"),
    N_("In one minute"),
)
"""The sections of a chapter, in order."""
BANNED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
NOT_PROSE = re.compile(r"\s*(\||- |\* |\d+\. |#)")


def lacks(source: Path) -> Iterator[str]:
    """Yield a translated sentence for each thing that the notebook of a chapter or a case still lacks."""
    if not source.exists():
        yield _("{file} is missing: write the notebook, its text in zh and in en.").format(file=shown(source))
        return
    for lang in LANGUAGES:
        try:
            wanted = build.assemble(source, lang)
        except UserError as refusal:
            yield from refusal.problems
            return
        yield from build.unlike(wanted, source, lang)
        cells = wanted.cells[1:-1]  # head and foot are built
        yield from _text(source, lang, [cell.source for cell in cells if cell.cell_type == "markdown"])
    yield from _code(source, cells)
    yield from pairs.problems(source)


def is_chapter(source: Path) -> bool:
    """Tell whether a source is that of a chapter: numbered, and not the first notebook."""
    return source != START and source.stem[:2].isdigit()


def _text(source: Path, lang: str, texts: list[str]) -> Iterator[str]:
    file = shown(source)
    if is_chapter(source):
        with speaking(lang):
            wanted = [_(section) for section in SECTIONS]
        if headings(source, lang) != wanted:
            said = _("{file}: the sections ({lang}) must be, in order: {sections}.")
            yield said.format(file=file, lang=lang, sections=_(", ").join(wanted))
        head = "\n".join(written(source, lang)).partition(f"\n## {wanted[1]}\n")[0]
        if contents.OFTEN not in head:
            said = _("{file}: list at its head ({lang}) class hours, what is required and optional, and {mark}.")
            yield said.format(file=file, lang=lang, mark=contents.OFTEN)
        for text in texts:
            for said in quotas.PROSE[lang].lacks(file, prose_length(text, lang)):
                yield f"{said} “{text[:30]}”"
    elif source.stem.startswith((casebook.CASE, contents.GAME)):
        yield from quotas.CASE_SECTIONS.lacks(file, len(headings(source, lang)))
    for text in texts:
        if slip := foreign(text, lang):
            said = _("{file}: letters or punctuation of the other language in {lang}: “{text}”.")
            yield said.format(file=file, lang=lang, text=slip)


def prose_length(text: str, lang: str) -> int:
    """Return the words, in Chinese the characters, of a text cell outside its lists and tables."""
    prose = " ".join(line for line in text.splitlines() if not NOT_PROSE.match(line))
    return len(prose.split()) if lang == "en" else len(re.sub(r"\s", "", prose))


def foreign(text: str, lang: str) -> str:
    """Return what of a text cell is not in the letters of its language; tables of terms have both."""
    prose = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    if lang == "en":
        prose = re.sub(r"\([一-鿿、]+\)", "", prose)  # a term of the field may be given in Chinese too
        slip = re.search(r".{0,15}[一-鿿，。；：？！（）].{0,15}", prose)
    elif not re.search("[一-鿿]", text):
        return text[:30]
    else:
        slip = re.search(r".{0,15}(?:[一-鿿][,;:?!]|[,;:?!][一-鿿]).{0,15}", prose)
    return slip[0] if slip else ""


def _code(source: Path, cells: Any) -> Iterator[str]:
    file = shown(source)
    code = [cell for cell in cells if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", [])]
    lines = [len([line for line in cell.source.splitlines() if line.strip()]) for cell in code]
    yield from quotas.CODE_LINES.lacks(file, max(lines, default=0))
    yield from quotas.TYPICAL_LINES.lacks(file, statistics.median(lines or [0]))
    opened = [cell for cell in cells if build.OPEN in cell.metadata.get("tags", [])]
    yield from quotas.OPEN_CELLS.lacks(file, len(opened))
    for cell in code:
        if any(isinstance(node, BANNED) for node in ast.walk(ast.parse(cell.source))):
            said = _("{file}: no functions, classes or loops in a notebook; move this to the chapter: “{text}”.")
            yield said.format(file=file, text=cell.source[:40])
    if is_chapter(source):
        yield from _order(file, cells)


EXPLORED = re.compile(r"\bexplore\w*\(\)")
"""A call that makes an explorer."""


def _order(file: str, cells: Any) -> Iterator[str]:
    kinds = [cell.cell_type for cell in cells]
    if kinds[:1] != ["markdown"] or "code code" in " ".join(kinds):
        yield _("{file}: a sentence must stand before each code cell.").format(file=file)
    first = next((k for k, cell in enumerate(cells) if build.EXPLORER in cell.metadata.get("tags", [])), None)
    if not first or f"## {SECTIONS[3]}" not in cells[first - 1].source:
        said = _("{file}: the first explorer must come right after the first text of “{section}”.")
        yield said.format(file=file, section=_(SECTIONS[3]))
    for cell in cells:
        if cell.cell_type == "code" and EXPLORED.search(cell.source) and "predict(" not in cell.source:
            said = _("{file}: each explorer must be shown by predict(explorer): “{text}”.")
            yield said.format(file=file, text=EXPLORED.findall(cell.source)[0])
