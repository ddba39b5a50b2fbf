"""Papers in print: the paper itself, its key with every reason, and the marking sheet, as PDF, DOCX or HTML.

One outline of plain data (:func:`outline`) says what stands in a document; typst sets it as PDF, a small page holds it
as HTML, and pandoc turns that page into DOCX with native formulas. Texts pass run by run as data: none is read as
markup. What students get holds no key in any form.
"""

import base64
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from crmlib.core import i18n
from crmlib.core.errors import UserError, missing_extra
from crmlib.core.i18n import _
from crmlib.exams.keys import keys_outline
from crmlib.exams.outline import DOCUMENTS as DOCUMENTS
from crmlib.exams.outline import TAB, Outline, outline
from crmlib.exams.outline import Kind as Kind
from crmlib.exams.paper import Paper
from crmlib.exams.school import PLAIN, Layout, School
from crmlib.items import prose
from crmlib.support.files import unzipped, zipped
from crmlib.support.markup import filled
from crmlib.support.webpage import document

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
CHINESE = re.compile(r"[\u3000-\u9fff\uff01-\uff60]")
"""Signs that no other font has: left to itself typst prints nothing in their place."""
LOGO = "logo"
TEMPLATE, KEYS = (Path(__file__).with_name(name) for name in ("paper.typ", "keys.typ"))

# HTML -----------------------------------------------------------------------------------------------------------------

SERIF = """
body { font-family: "Noto Serif SC", "Noto Serif CJK SC", "Songti SC", SimSun, Georgia, serif; }
:lang(en) body { font-family: "Noto Serif", Georgia, "Times New Roman", "Noto Serif CJK SC", serif; }
"""
"""The letters of pages to be printed."""
STYLE = """
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6; color: #111; background: #fff;
  position: relative; }
h1 { font-size: 1.4rem; text-align: center; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.facts, .head, .header { text-align: center; } .head { font-size: 1.2rem; font-weight: bold; margin: .2rem; }
body:has(.seal) { padding-left: 5rem; } .options li { line-height: 1.4; }
.seal { position: absolute; left: 0; top: 0; height: 250mm; writing-mode: vertical-rl; transform: rotate(180deg);
  text-align: center; } .seal p { margin: 0; } .seal .line { border-right: 1px dashed #555; font-size: .85em; }
.logo { height: 1.4cm; } .space { height: 8mm; margin: 0; } .ruled { border-bottom: 1px solid #bbb; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { border: 1px solid #999; padding: .2rem .5rem; }
table.score { width: 20rem; } .score td { width: 25%; white-space: nowrap; } td { height: 1.6em; }
tr, .start, .question { break-inside: avoid; } thead { break-after: avoid; } .question { margin: 1rem 0 .3rem; }
.open { break-after: avoid; }
.options { margin: .3rem 0 0 1.5rem; padding-left: 1rem; display: grid; column-gap: 2rem; }
.in-4 { grid-template-columns: repeat(4, 1fr); } .in-2 { grid-template-columns: repeat(2, 1fr); }
.points { font-size: .85em; color: #444; white-space: nowrap; }
.question p { margin: 0; } .question p.left { margin: .2rem 0 0 1.5rem; }
@media screen and (max-width: 40rem) { body:has(.seal) { padding-left: 1rem; } .seal { display: none; }
  table.score { width: 100%; } .in-4 { grid-template-columns: repeat(2, 1fr); } .options { margin-left: .3rem; } }
@media print { html { font-size: 10.5pt; } body { margin: 0; max-width: none; } }
"""
SHEETS: Mapping[Layout, str] = {
    "a4": "@page { size: A4; margin: 18mm; }",
    "a3": "@page { size: A3 landscape; margin: 18mm; } @media print { body { columns: 2; } }",
    "b4": "@page { size: 364mm 257mm; margin: 16mm; } @media print { body { columns: 2; } }",
}
"""What is said of each sheet to a browser that prints."""


def html(paper: Paper, kind: Kind, school: School = PLAIN) -> bytes:
    """Return a document as one HTML page; formulas are MathML."""
    doc = outline(paper, kind, school)
    with i18n.speaking(paper.lang):
        body = _body(doc, school, word=False)
        return document(doc["title"], paper.lang, body, SERIF + STYLE + SHEETS[doc["layout"]]).encode()


def _body(doc: Outline, school: School, *, word: bool) -> str:
    """Return a document as HTML: to be shown, or for pandoc, which makes it a text for Word."""
    words, parts = doc["words"], doc["parts"]
    sections = [
        (words["section"], *(part["number"].rstrip("、 ") for part in parts), words["total"]),
        (words["points"], *(part["points"] for part in parts), doc["points"]),
        (words["mark"], *("" for _part in parts), ""),
        (words["marker"], *("" for _part in parts), ""),
    ]
    more = {"heading": not word, "word": word, "tab": TAB, "logo": school.logo or ""}
    return filled(Path(__file__).with_name("paper.html"), doc=doc, sections=sections, runs=_html, **more)


def _html(runs: Iterable[Mapping[str, str]]) -> Markup:
    return Markup("").join(Markup(prose.html_run(prose.Run(run["kind"], run["text"]))) for run in runs)  # type: ignore[arg-type]


# DOCX -----------------------------------------------------------------------------------------------------------------


def docx(paper: Paper, kind: Kind, school: School = PLAIN) -> bytes:
    """Return a document as DOCX with native formulas, made by pandoc from HTML and then laid out.

    Raises:
        UserError: pandoc or python-docx is not installed.
    """
    try:
        from crmlib.exams.word import laid_out
    except ImportError:
        raise missing_extra("DOCX", "exam") from None
    doc = outline(paper, kind, school)
    with i18n.speaking(paper.lang):
        page = document("", paper.lang, _body(doc, school, word=True), "")
        made = _pandoc("html", "docx", page.encode())
    return zipped(unzipped(laid_out(made, doc)))


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


def pdf(paper: Paper, kind: Kind, school: School = PLAIN) -> bytes:
    """Return a document as PDF, set by typst with the fonts embedded.

    Raises:
        UserError: typst or pandoc is not installed, no font of this machine has Chinese, or the logo cannot be shown.
    """
    return _typeset([outline(paper, kind, school)], paper.lang, school)


def class_pdf(papers: Sequence[Paper], school: School = PLAIN) -> bytes:
    """Return papers of one language in one PDF to be printed at once, each beginning on a sheet of its own.

    Raises:
        UserError: as :func:`pdf`.
    """
    return _typeset([outline(paper, "paper", school) for paper in papers], papers[0].lang, school)


def keys_pdf(papers: Sequence[Paper]) -> bytes:
    """Return the keys of papers in one language as a table to print.

    Raises:
        UserError: as :func:`pdf`.
    """
    return typeset(KEYS, [keys_outline(papers)], papers[0].lang)


def _typeset(docs: list[Outline], lang: str, school: School) -> bytes:
    for doc in docs:
        doc["logo"] = LOGO if school.logo else ""
    logo = base64.b64decode(school.logo.partition(",")[2]) if school.logo else b""
    return typeset(TEMPLATE, docs, lang, logo)


def typeset(template: Path, docs: Sequence[Outline], lang: str, logo: bytes = b"") -> bytes:
    """Return as PDF what a template of typst makes of plain data; runs of the kind ``maths`` are formulas in LaTeX.

    Raises:
        UserError: as :func:`pdf`.
    """
    compiler, fonts = _typesetter(lang, bool(CHINESE.search(json.dumps(docs, ensure_ascii=False))))
    docs = deepcopy(list(docs))
    maths = [run for run in _all_runs(docs) if run["kind"] == "maths"]
    latex = tuple(dict.fromkeys(run["text"] for run in maths))
    formulas = dict(zip(latex, _formulas(latex), strict=True))
    for run in maths:
        run["text"] = formulas[run["text"]]
    inputs = {"docs": json.dumps(docs, ensure_ascii=False), "fonts": json.dumps(fonts)}
    return compiler(template, inputs, logo)


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
def _typesetter(lang: str, chinese: bool) -> tuple[Callable[..., bytes], tuple[Any, ...]]:
    """Return what compiles a template, and the fonts: of the language, and of Chinese words in an English text."""
    try:
        import typst
    except ImportError:
        raise missing_extra("PDF", "exam") from None
    fonts = typst.Fonts()
    found = tuple(name for name in FONTS["zh"] if name in fonts.families())
    if not found and (chinese or lang == "zh"):
        said = _("No Chinese font was found on this machine; install one of: {fonts}.")
        raise UserError(said.format(fonts=_(", ").join(FONTS["zh"])))
    latin = {"name": FONTS["en"][0], "covers": "latin-in-cjk"}  # quotation marks then come from the Chinese font
    chosen = (latin, *found) if lang == "zh" else (*FONTS["en"], *found)

    def compile_(template: Path, inputs: dict[str, str], logo: bytes = b"") -> bytes:
        with tempfile.TemporaryDirectory(prefix="crm-") as empty:
            if logo:
                (Path(empty) / LOGO).write_bytes(logo)
            compiler = typst.Compiler(template.read_bytes(), root=empty, font_paths=fonts, sys_inputs=inputs)
            try:
                made = compiler.compile(format="pdf", timestamp=0)
            except typst.TypstError as why:
                if "decode image" not in str(why):
                    raise
                raise UserError(_("The logo is damaged: it cannot be shown as a picture.")) from None
            assert isinstance(made, bytes)
            return made

    return compile_, chosen


FORMATS: Mapping[str, Callable[..., bytes]] = {"pdf": pdf, "docx": docx, "html": html}
"""How each printed format is made: of a paper, a kind and a school."""
