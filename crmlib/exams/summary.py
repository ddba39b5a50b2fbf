"""A page or two a chapter to print before the exam: key terms, formulas, and what is easily mixed up; PDF or HTML."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from crmlib.chapters import Chapter, chapters
from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.exams import printing
from crmlib.exams.outline import Outline
from crmlib.items import prose
from crmlib.items.summaries import key_terms, summary
from crmlib.support.files import together
from crmlib.support.markup import filled
from crmlib.support.strict_yaml import pick_known
from crmlib.support.webpage import document

TEMPLATE = Path(__file__).with_name("summary.typ")
STYLE = """
body { max-width: 52rem; margin: 1.5rem auto; padding: 0 1rem; line-height: 1.45; color: #111; background: #fff;
  font-size: .95rem; }
h1 { font-size: 1.3rem; text-align: center; } h2 { font-size: 1.15rem; margin: 1.6rem 0 .4rem; }
h3 { font-size: 1rem; margin: .9rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; padding: .15rem .45rem; text-align: left; vertical-align: top; }
math { math-style: normal; } td:has(math) { padding: .35rem .45rem; }
tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; }
@media (max-width: 40rem) { body { font-size: .85rem; } td, th { overflow-wrap: anywhere; } }
@media print { @page { size: A4; margin: 1.4cm; } body { margin: 0; max-width: none; font-size: 9.5pt; }
  section + section { break-before: page; } }
"""


def outline(found: Iterable[Chapter]) -> Outline:
    """Return in plain data what stands on the pages, in the language now spoken."""
    return {
        "lang": i18n.language(),
        "title": _("Summary before the exam"),
        "page": _("Page {n} of {m}"),
        "chapters": [_chapter(chapter) for chapter in found],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    known = summary(chapter.topic)
    there = i18n.other(i18n.language())
    terms = [[str(key.term), getattr(key.term, there), str(key.said)] for key in key_terms(*chapter.notebooks)]
    return {
        "title": f"{chapter.number:02} {_(chapter.title)}",
        "parts": {"terms": _("Key terms"), "formulas": _("Formulas"), "pairs": _("Easily mixed up")},
        "terms": [[_("Term"), _("In the other language"), _("In a sentence")], *terms],
        "formulas": [
            {"name": str(f.name), "runs": [{"kind": "maths", "text": f.latex}], "where": str(f.where)}
            for f in (known.formulas if known else ())
        ],
        "pairs": [
            [_("This"), _("and that"), _("What tells them apart")],
            *([str(p.one), str(p.other), str(p.difference)] for p in (known.pairs if known else ())),
        ],
    }


def formulas(found: Iterable[Chapter]) -> Outline:
    """Return in plain data the formulas alone, chapter by chapter; chapters without any are left out."""
    doc = outline(found)
    kept = [
        {**chapter, "parts": {**chapter["parts"], "formulas": ""}, "terms": [], "pairs": []}
        for chapter in doc["chapters"]
        if chapter["formulas"]
    ]
    return {**doc, "title": _("Formula sheet"), "chapters": kept}


def body(doc: Outline) -> str:
    """Return the pages as HTML that begins with their heading; formulas are MathML."""
    return filled(TEMPLATE.with_suffix(".html"), doc=doc, formula=_mathml)


def html(doc: Outline) -> bytes:
    """Return the pages as one HTML file."""
    shown = f"<main>\n{body(doc)}\n</main>"
    return document(doc["title"], doc["lang"], shown, printing.SERIF + STYLE).encode()


def _mathml(runs: Iterable[Mapping[str, str]]) -> Markup:
    return Markup("").join(Markup(prose.html_run(prose.Run("maths", run["text"]))) for run in runs)


def pdf(doc: Outline) -> bytes:
    """Return the pages as PDF, set by typst with the fonts embedded.

    Raises:
        UserError: typst or pandoc is not installed, or no font of this machine has Chinese.
    """
    return printing.typeset(TEMPLATE, [doc], doc["lang"])


FORMATS: Mapping[str, Callable[[Outline], bytes]] = {"pdf": pdf, "html": html}


def write(
    topics: Sequence[str], formats: Sequence[str], langs: Iterable[str], out: Path, replace: bool = False
) -> list[Path]:
    """Write the summary of some chapters, of all if none is named, and return its files; all of them or none.

    Args:
        topics: of the chapters.
        formats: among :data:`FORMATS`.
        langs: languages, a file each.
        out: the folder.
        replace: whether files that are there already give way.

    Raises:
        UserError: it cannot be made or written; there is no such chapter.
    """
    known = chapters()
    problem = _("There is no chapter “{name}”.")
    found = [known[pick_known(topic, known, problem)] for topic in topics] or list(known.values())
    name, files = "-".join(["summary", *topics]), []
    with together(out) as kept:
        for lang in langs:
            with i18n.speaking(lang):
                doc = outline(found)
            for fmt in formats:
                made = FORMATS[fmt](doc)
                files.append(kept.write(f"{name}.{lang}.{fmt}", made, replace))
    return files
