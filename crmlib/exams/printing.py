"""Papers in print: the paper itself, its key with every reason, and the marking sheet, as PDF, DOCX or HTML.

One outline of plain data (:func:`outline`) says what stands in a document; typst sets it as PDF, a small page holds it
as HTML, and pandoc turns that page into DOCX with native formulas. Texts pass run by run as data: none is read as
markup. What students get holds no key in any form.
"""

import io
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import wcwidth
from markupsafe import Markup

from crmlib.core import i18n
from crmlib.core.errors import UserError, missing_extra
from crmlib.core.i18n import _, ngettext
from crmlib.exams.paper import LABELS, Paper, Part, Question
from crmlib.items import prose
from crmlib.items.item import KINDS
from crmlib.support.files import unzipped, zipped
from crmlib.support.markup import filled
from crmlib.support.webpage import document

Kind = Literal["paper", "key", "marking"]
DOCUMENTS: tuple[Kind, ...] = ("paper", "key", "marking")
FONTS = {
    "zh": (
        "Noto Serif CJK SC",
        "Source Han Serif SC",
        "Noto Serif SC",
        "Songti SC",
        "SimSun",
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "Noto Sans SC",
        "PingFang SC",
        "Microsoft YaHei",
        "WenQuanYi Micro Hei",
    ),
    "en": ("Libertinus Serif",),
}
"""Fonts by language, the best first; the English one comes inside typst."""
WIDE = {4: 16, 2: 40}
"""Options stand in so many columns if none is wider than this; a Chinese character counts two."""
NUMBERS = "一二三四五六七八九十"
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
BEHIND = ("shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription")
"""Of a table in Word: its sides in the order in which their lines must be named, and what must be named after them."""
TEMPLATE = Path(__file__).with_name("paper.typ")

Outline = dict[str, Any]


# What stands in a document --------------------------------------------------------------------------------------------


def outline(paper: Paper, kind: Kind) -> Outline:
    """Return what stands in a document, in the paper's language, as plain data; texts are lists of runs."""
    with i18n.speaking(paper.lang):
        numbers = {q.id: str(number) for number, q in enumerate(paper.questions, 1)}
        parts = [_part(part, number, kind, numbers) for number, part in enumerate(paper.parts)]
        titles = {"paper": "{title}", "key": _("{title} – key"), "marking": _("{title} – marking sheet")}
        facts = _("Form {label} · {minutes:g} minutes · {points:g} points")
        said = facts.format(label=paper.label, minutes=paper.minutes, points=paper.points)
        return {
            "kind": kind,
            "lang": paper.lang,
            "title": titles[kind].format(title=paper.title),
            "subtitle": said,
            "points": f"{paper.points:g}",
            "blanks": [_("Student's name"), _("Student number"), _("Class group")],
            "words": {
                "page": _("Page {n} of {m}"),
                "section": _("Section"),
                "points": _("Points to earn"),
                "mark": _("Points earned"),
                "total": _("In all"),
                "criterion": _("Criterion"),
                "most": _("At most"),
                "given": _("Earned"),
                "model": _("Model answer:"),
            },
            "parts": [part for part in parts if part["questions"]],
        }


def _part(part: Part, number: int, kind: Kind, numbers: Mapping[str, str]) -> Outline:
    shown = [q for q in part.questions if kind != "marking" or q.rubric]
    return {
        "number": f"{NUMBERS[number]}、" if i18n.language() == "zh" else f"{number + 1} ",
        "title": _("{title} ({points:g} points)").format(title=part.title, points=part.points),
        "instructions": part.instructions if kind == "paper" else "",
        "points": f"{part.points:g}",
        "questions": [{"number": numbers[q.id], **_question(q, kind)} for q in shown],
    }


def _question(q: Question, kind: Kind) -> Outline:
    lettered = q.options if q.kind == "mcq" else ()
    points = ngettext("({points:g} point)", "({points:g} points)", 1 if q.points == 1 else 2)
    return {
        "runs": _runs(q.text),
        "points": points.format(points=q.points),
        "options": [{"letter": LABELS[n], "runs": _runs(option)} for n, option in enumerate(lettered)],
        "columns": _columns(lettered),
        "lines": _lines(q) if kind == "paper" else 0,
        "answer": [{"label": label, "runs": _runs(text)} for label, text in _answer(q)] if kind == "key" else [],
        "model": _runs(q.model) if kind == "marking" else [],
        "rubric": [
            {
                "runs": _runs(mark.text),
                "points": f"{mark.points:g}",
                "levels": [{"points": f"{points:g}", "runs": _runs(text)} for points, text in mark.levels],
            }
            for mark in q.rubric
        ]
        if kind == "marking"
        else [],
    }


def _runs(text: str) -> list[dict[str, str]]:
    return [run._asdict() for run in prose.runs(text)]


def _columns(options: Iterable[str]) -> int:
    """Return in how many columns options stand: four or two where they are short."""
    widest = max((wcwidth.width(option) for option in options), default=0)
    return next((columns for columns, most in WIDE.items() if widest <= most), 1)


def _lines(q: Question) -> int:
    """Return how many lines of space an answer in words gets: by its points; a number gets a few."""
    return {"num": 3, "short": 8, "essay": 20, "case": 26}.get(q.kind, 0)


def _answer(q: Question) -> list[tuple[str, str]]:
    """Return the lines of the key: the answer, every option's reason, the solution, where it is taught."""
    lines = [(_("Answer:"), q.answer)] if q.key is not None else [(_("Model answer:"), q.model)]
    lettered = [(LABELS[n] + ".", reply) for n, reply in enumerate(q.replies) if q.kind == "mcq" and reply]
    if q.kind == "tf":
        lettered = [("", q.replies[int(q.key or 0)])]
    lines += lettered
    if q.kind == "num":
        lines += [(_("Solution:"), q.worked), *((f"{value:,.10g}:", reply) for value, reply in q.distractors)]
    notes = [(_("Where books differ:"), q.note)] if q.note else []
    return [*lines, *notes, (_("Source:"), _("{source} · {kind}").format(source=q.source, kind=_(KINDS[q.kind])))]


# HTML -----------------------------------------------------------------------------------------------------------------

STYLE = """
body { font-family: "Noto Serif SC", "Noto Serif CJK SC", "Songti SC", SimSun, Georgia, serif; max-width: 48rem;
  margin: 2rem auto; padding: 0 1rem; line-height: 1.6; color: #111; }
:lang(en) body { font-family: "Noto Serif", Georgia, "Times New Roman", "Noto Serif CJK SC", serif; }
h1 { font-size: 1.4rem; text-align: center; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.facts { text-align: center; } .blanks td { border: none; padding-right: 2rem; }
.space { border-bottom: 1px dotted #bbb; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #999; padding: .2rem .5rem; }
.question { margin: 1rem 0; break-inside: avoid; } .options { margin: .3rem 0 0 1.5rem; padding-left: 1rem; }
.points { font-size: .85em; color: #444; white-space: nowrap; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""


def html(paper: Paper, kind: Kind) -> bytes:
    """Return a document as one HTML page; formulas are MathML."""
    return _html_page(outline(paper, kind), paper.lang, heading=True).encode()


def _html_page(doc: Outline, lang: str, heading: bool = False) -> str:
    words, parts = doc["words"], doc["parts"]
    sections = [
        (words["section"], *(part["number"].rstrip("、 ") for part in parts), words["total"]),
        (words["points"], *(part["points"] for part in parts), doc["points"]),
        (words["mark"], *("" for _part in parts), ""),
    ]
    body = filled(Path(__file__).with_name("paper.html"), doc=doc, sections=sections, heading=heading, runs=_html)
    with i18n.speaking(lang):
        return document(doc["title"], lang, body, STYLE)


def _html(runs: Iterable[Mapping[str, str]]) -> Markup:
    return Markup("").join(Markup(prose.html_run(prose.Run(run["kind"], run["text"]))) for run in runs)  # type: ignore[arg-type]


# DOCX -----------------------------------------------------------------------------------------------------------------


def docx(paper: Paper, kind: Kind) -> bytes:
    """Return a document as DOCX with native formulas, made by pandoc from the page and then laid out for A4.

    Raises:
        UserError: pandoc or python-docx is not installed.
    """
    made = _pandoc("html", "docx", _html_page(outline(paper, kind), paper.lang).encode())
    return zipped(unzipped(_laid_out(made)))


def _laid_out(made: bytes) -> bytes:
    """Return what pandoc made on A4, with lines in its tables and no question apart from its options."""
    try:
        from docx import Document
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls
        from docx.shared import Mm
        from docx.text.paragraph import Paragraph as Words
    except ImportError:
        raise missing_extra("DOCX", "exam") from None

    book = Document(io.BytesIO(made))
    for section in book.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    for block, after in pairwise(book.iter_inner_content()):
        if isinstance(block, Words) and isinstance(after, Words) and _is_option(after):
            block.paragraph_format.keep_with_next = True
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>' for side in SIDES)
    for table in book.tables:
        if len(table.rows) > 1:  # not the line on which a student puts a name
            ruled = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
            table._tblPr.insert_element_before(ruled, *(f"w:{name}" for name in BEHIND))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _is_option(words: Any) -> bool:
    """Tell whether a paragraph is one of a list."""
    properties = words._p.pPr
    return properties is not None and properties.numPr is not None


def _pandoc(source: str, target: str, content: bytes) -> bytes:
    try:
        import pypandoc
    except ImportError:
        raise missing_extra("DOCX, PDF", "exam") from None
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
    command = [pypandoc.get_pandoc_path(), "--sandbox", "-f", source, "-t", target, "-o", "-"]
    done = subprocess.run(command, input=content, capture_output=True, env=environment, check=False)
    if done.returncode:
        raise UserError(_("pandoc failed: {why}").format(why=done.stderr.decode(errors="replace").strip()))
    return done.stdout


# PDF ------------------------------------------------------------------------------------------------------------------


def pdf(paper: Paper, kind: Kind) -> bytes:
    """Return a document as PDF, set by typst with the fonts embedded.

    Raises:
        UserError: typst or pandoc is not installed, or no font of this machine has Chinese.
    """
    compiler, fonts = _typesetter(paper.lang)
    doc = outline(paper, kind)
    formulas = {run["text"]: "" for run in _all_runs(doc) if run["kind"] == "maths"}
    for latex, typst in zip(formulas, _formulas(tuple(formulas)), strict=True):
        formulas[latex] = typst
    for run in _all_runs(doc):
        if run["kind"] == "maths":
            run["text"] = formulas[run["text"]]
    inputs = {"doc": json.dumps(doc, ensure_ascii=False), "fonts": json.dumps(fonts)}
    return compiler(inputs)


def _all_runs(part: Any) -> list[dict[str, str]]:
    """Return every run within an outline."""
    if isinstance(part, dict) and set(part) == {"kind", "text"}:
        return [part]
    members = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [run for member in members for run in _all_runs(member)]


@cache
def _formulas(latex: tuple[str, ...]) -> list[str]:
    """Return formulas in typst's own notation, all in one call of pandoc."""
    if not latex:
        return []
    paragraphs = "\n\n".join(f"\\({formula}\\)" for formula in latex)
    made = _pandoc("latex", "typst", paragraphs.encode()).decode()
    return [paragraph.strip().strip("$").strip() for paragraph in made.strip().split("\n\n")]


@cache
def _typesetter(lang: str) -> tuple[Callable[[dict[str, str]], bytes], tuple[Any, ...]]:
    try:
        import typst
    except ImportError:
        raise missing_extra("PDF", "exam") from None
    fonts = typst.Fonts()
    found = tuple(name for name in FONTS[lang] if name in fonts.families())
    if not found:
        said = _("No Chinese font was found on this machine; install one of: {fonts}.")
        raise UserError(said.format(fonts=_(", ").join(FONTS[lang])))
    latin = {"name": FONTS["en"][0], "covers": "latin-in-cjk"}  # quotation marks then come from the Chinese font
    chosen = (latin, *found) if lang == "zh" else found

    def compile_(inputs: dict[str, str]) -> bytes:
        with tempfile.TemporaryDirectory(prefix="crm-") as empty:
            compiler = typst.Compiler(TEMPLATE.read_bytes(), root=empty, font_paths=fonts, sys_inputs=inputs)
            made = compiler.compile(format="pdf", timestamp=0)
            assert isinstance(made, bytes)
            return made

    return compile_, chosen


FORMATS: Mapping[str, Callable[[Paper, Kind], bytes]] = {"pdf": pdf, "docx": docx, "html": html}
"""How each printed format is made."""
