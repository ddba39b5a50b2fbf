"""A student's sheet on a case: one text, as a notebook to work in and as a page to print.

A sheet is made from the case, the student and the student's inputs alone. It never meets the data or a result, so no
key can be read from it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from crmlib.casebook import Case
from crmlib.classes.class_list import NAME, Student
from crmlib.core.i18n import _, language, pick
from crmlib.core.inputs import Inputs
from crmlib.core.study import Measure, Study
from crmlib.support import light  # noqa: F401  (before nbformat and what brings it in: see there)
from crmlib.support.webpage import document
from crmlib.tables.dictionary import dictionary

MARKUP = re.compile(r"[\\`*_{}\[\]<>&$#|~^!@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
LINE = '<div class="answer"></div>'
STYLE = """
body { font-family: "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif;
  max-width: 52rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6; color: #222; background: #fff;
  overflow-wrap: anywhere; }
:lang(en) body { font-family: "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; border-bottom: 1px solid #ddd; margin-top: 2rem; }
h3 { font-size: 1.05rem; margin-bottom: .3rem; }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-size: .9rem; overflow-wrap: normal; }
th, td { padding: .2rem .7rem; border: none; border-bottom: 1px solid #e4e4e4; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #999; } .crm-table td { text-align: right; }
.students td:nth-child(-n+2) { text-align: left; white-space: nowrap; }
pre { white-space: pre-wrap; font-size: .85rem; }
.answer { border-bottom: 1px solid #777; height: 1.9rem; } .answers { margin: .3rem 0 1.2rem; }
@page { margin: 16mm; }
@media print { body { max-width: none; margin: 0; }
  h2, h3 { break-after: avoid; } .answers, tr { break-inside: avoid; }
  /* a question goes to the next page with its lines */
  .answers { break-before: avoid; }
  p:has(+ .answers), p:has(+ p + .answers) { break-after: avoid; break-inside: avoid; } }
"""


@dataclass(frozen=True)
class Cell:
    """A stretch of a sheet: Markdown for both forms, code or Markdown for the notebook alone, HTML for paper alone."""

    kind: Literal["text", "code", "screen", "paper"]
    content: str


def literal(text: str) -> str:
    """Return text from a file as Markdown shows it: none of its signs is obeyed, not even as a formula or an address.

    Formulas are looked for in the finished page too, but never across an element.

    >>> literal("*a* www.b")
    '&#42;a&#42; www&#46;b'
    >>> literal("$")
    '<span>&#36;</span>'
    """
    return MARKUP.sub(lambda sign: ("<span>&#{};</span>" if sign[0] in "$\\" else "&#{};").format(ord(sign[0])), text)


def cells(
    case: Case, study: Study[Any, Any, Any], student: Student, inputs: Inputs, asked: Sequence[str], file: str
) -> list[Cell]:
    """Return a student's sheet in the language now spoken.

    Args:
        case: the case.
        study: that of the case.
        student: whose sheet it is.
        inputs: the student's own; those that were set are shown.
        asked: names of the headline figures asked for.
        file: name of the notebook, which the paper form mentions.
    """
    return [
        *_heading(case, student, file),
        Cell("text", "## " + _("The case")),
        Cell("text", case.text(deeper=2)),
        *_data(study),
        *_inputs(inputs),
        *_figures([study.measures[name] for name in asked]),
        *_questions(case),
    ]


def _heading(case: Case, student: Student, file: str) -> Iterator[Cell]:
    columns = dictionary(NAME).columns
    shown = [(pick(columns[code].meaning), literal(getattr(student, code))) for code in ("name", "id", "group")]
    listed = " · ".join(_("{label}: {value}").format(label=label, value=value) for label, value in shown if value)
    yield Cell("text", "# " + _("{case}: your own sheet").format(case=case.label()))
    yield Cell("text", f"**{listed}**")
    yield Cell(
        "text",
        _(
            "The data and the inputs on this sheet are yours alone; nobody else's figures fit them, nor do those in "
            "the chapter. Hand in your answers with the reasons for them."
        ),
    )
    yield Cell(
        "screen",
        _(
            "Open this notebook in the workbook's JupyterLab, in the folder in which you received it. It comes without "
            "outputs: choose Run → Run All Cells once, then write your answers in place of the dots."
        ),
    )
    said = _("You can work on screen, too: open {file} from the same folder in the workbook's JupyterLab.")
    yield Cell("paper", html(said.format(file=f"`{file}`")))


def _data(study: Study[Any, Any, Any]) -> Iterator[Cell]:
    rows = [(f"`{name}.csv`", literal(pick(dictionary(name).title))) for name in study.datasets]
    yield Cell("text", "## " + _("Your data"))
    yield Cell("text", _table([_("File"), _("What it holds")], rows))
    read = [f'{name} = read("{name}.csv", "{name}").frame' for name in study.datasets]
    code = [
        "from crmlib.core import i18n",
        "from crmlib.tables.data import describe, read",
        "from crmlib.chapters.studies import STUDIES",
        "",
        f'i18n.use("{language()}")',
        f'study = STUDIES["{study.name}"]',
        *read,
    ]
    yield Cell("code", "\n".join(code))
    yield Cell("screen", _("This is what the columns mean."))
    yield from (Cell("code", f'describe("{name}")') for name in study.datasets)


def _inputs(inputs: Inputs) -> Iterator[Cell]:
    given = inputs.model_dump()
    settings = [setting for setting in inputs.settings() if setting.name in inputs.model_fields_set]
    rows = [(literal(s.title()), f"`{s.name}`", f"{given[s.name]:g}") for s in settings]
    yield Cell("text", "## " + _("Your inputs"))
    yield Cell("text", _("All other inputs keep their defaults."))
    yield Cell("text", _table([_("Input"), _("Name"), _("Value")], rows))
    values = ", ".join(f"{s.name}={given[s.name]!r}" for s in settings)
    yield Cell("code", f"inputs = study.inputs({values})")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [" | ".join(cells) for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(f"| {line} |" for line in lines)


def _figures(asked: Sequence[Measure]) -> Iterator[Cell]:
    yield Cell("text", "## " + _("Figures"))
    yield Cell(
        "text",
        _(
            "Work these out from your data with your inputs, by the chapter's functions or in a spreadsheet, and say "
            "how you did it. Round as stated."
        ),
    )
    for number, measure in enumerate(asked, 1):
        place = _("a whole number") if measure.digits == 0 else _("decimals: {n}").format(n=measure.digits)
        question = _("{label} – {place}").format(label=literal(measure.title()), place=place)
        yield Cell("text", f"**{number}.** {question}")
        yield Cell("code", f"answer_{number} = ...")
        yield _lines(1)


def _questions(case: Case) -> Iterator[Cell]:
    yield Cell("text", "## " + _("Questions"))
    for number, question in enumerate(case.questions, 1):
        yield Cell("text", question.markdown(number, marking=False))
        yield Cell("screen", "…")
        yield _lines(3 + question.points // 2)


def _lines(count: int) -> Cell:
    """Return lines to write on."""
    return Cell("paper", f'<div class="answers">{LINE * count}</div>')


def notebook(sheet: Sequence[Cell]) -> str:
    """Return a sheet as a notebook: no outputs, no execution counts, nothing in it that changes from run to run."""
    from crmlib.notebooks.jupyter import as_text, assembled, new_cell

    cells = (new_cell(cell.kind, cell.content) for cell in sheet if cell.kind != "paper")
    return as_text(assembled(cells, "sheet"))


def page(sheet: Sequence[Cell], title: str) -> str:
    """Return a sheet as a page to print, in the language now spoken, that opens without a network."""
    on_paper: dict[str, Callable[[str], str]] = {"text": html, "paper": str}
    return html_page("\n".join(on_paper[cell.kind](cell.content) for cell in sheet if cell.kind in on_paper), title)


def html_page(body: str, title: str) -> str:
    """Return a page around a body of HTML, in the language now spoken; nothing on it runs."""
    return document(title, language(), f"<main>\n{body}\n</main>", STYLE)


@cache
def html(markdown: str) -> str:
    """Return Markdown as HTML."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer: Any = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(markdown))
