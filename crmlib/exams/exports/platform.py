"""Papers and banks in the layout that Chinese platforms import: a workbook, plain text, and Word.

Its headings and marks (题型, 答案：, 解析： …) are read by programs, so they are Chinese whatever the language of the
questions. In text and Word every field is one line, so that no text begins a line of its own and is taken for an option
or an answer.
"""

import io
from collections.abc import Iterator
from typing import Any

from crmlib.core import i18n
from crmlib.core.errors import missing_extra
from crmlib.exams.exports.common import check, held, labelled, number, plain_line
from crmlib.exams.paper import LABELS, LISTED, Paper, Question
from crmlib.items import prose
from crmlib.support.files import undated, unzipped, zipped

KINDS = {
    "mcq": "单选题",
    "multi": "多选题",
    "tfc": "判断改错题",
    "fill": "填空题",
    "order": "排序题",
    "match": "连线题",
    "tf": "判断题",
    "num": "填空题",
    "short": "简答题",
    "essay": "论述题",
    "case": "案例分析题",
    "term": "名词解释",
}
DIFFICULTY = {1: "易", 2: "中", 3: "难"}
TRUTH = ("对", "错")
MOST_OPTIONS = 6
HEADINGS = (
    "题型",
    "题干",
    *(f"选项{letter}" for letter in LABELS[:MOST_OPTIONS]),
    "答案",
    "解析",
    "难度",
    "知识点",
    "分值",
)
WIDTHS = (10, 60, *(24 for _letter in range(MOST_OPTIONS)), 24, 60, 6, 18, 6)


def holds(q: Question) -> bool:
    """Say whether the layout can hold a question: it has room for so many options."""
    return q.kind not in LISTED or len(q.options) <= MOST_OPTIONS


def _row(q: Question) -> tuple[str, ...]:
    """Return a question as a row under the headings."""
    options = [prose.plain_text(option) for option in q.options] if q.kind in LISTED else []
    padded = (*options, *("" for _n in range(MOST_OPTIONS)))[:MOST_OPTIONS]
    rest = (_answer(q), _why(q), DIFFICULTY.get(q.difficulty, ""), q.subject or q.topic, number(q.points))
    return (KINDS[q.kind], _asked(q), *padded, *rest)


def _asked(q: Question) -> str:
    lefts = "".join(f"\n({n}) {prose.plain_text(left)}" for n, left in enumerate(q.lefts, 1))
    return prose.plain_text(q.text) + (f"（{q.unit}）" if q.unit else "") + lefts


def _answer(q: Question) -> str:
    """Return the answer: letters, 对 or 错, a bare number, what fills the blanks, or the model answer."""
    if q.kind == "fill":
        return "；".join("/".join(known) for known in q.accept)
    if q.kind == "match":
        return "；".join(f"{n}-{LABELS[key]}" for n, key in enumerate(q.keys, 1))
    if q.kind in ("multi", "order"):
        return q.answer
    if q.kind == "tf":
        return TRUTH[int(q.key or 0)]
    if q.kind == "num":
        return q.figure(q.key or 0.0).replace(",", "").replace("−", "-")
    return q.answer if q.kind == "mcq" else prose.plain_text(q.model)


def _why(q: Question) -> str:
    """Return every option's reason with its letter, the reason of a statement, or the worked solution."""
    if q.kind in ("mcq", "multi", "fill"):
        return "\n".join(f"{label} {prose.plain_text(reply)}" for label, reply in q.reasons)
    return prose.plain_text(q.replies[int(q.key or 0)] if q.kind == "tf" else q.worked)


def xlsx(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as a workbook, a row a question; no text in it is a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    paper = held(paper, holds)
    check(paper)
    book = Workbook()
    sheet: Any = book.active
    sheet.title, sheet.freeze_panes = "题库", "A2"
    with i18n.speaking(paper.lang):
        rows = [HEADINGS, *map(_row, paper.questions)]
    for at, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(at, place)
                cell.value, cell.data_type = text, "s"
                cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(bold=at == 1)
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    out = io.BytesIO()
    book.save(out)
    return [("import.xlsx", undated(out.getvalue()))]


def _lines(paper: Paper) -> Iterator[list[str]]:
    """Yield the lines of each question."""
    with i18n.speaking(paper.lang):
        for place, q in enumerate(paper.questions, 1):
            kind, asked, *_options, answer, why, hard, subject, points = _row(q)
            lettered = labelled(q.options) if q.kind in LISTED else ()
            yield [
                f"{place}、（{kind}）{_one_line(asked)}",
                *(f"{letter}. {plain_line(option)}" for letter, option in lettered),
                f"答案：{_one_line(answer)}",
                f"解析：{_one_line(why)}",
                *([f"难度：{hard}"] if hard else []),
                f"知识点：{subject}",
                f"分值：{points}",
            ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def text(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as plain text, a blank line between two questions."""
    paper = held(paper, holds)
    check(paper)
    blocks = ("\n".join(lines) for lines in _lines(paper))
    return [("import.txt", ("\n\n".join(blocks) + "\n").encode())]


def word(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as a Word file with the lines of :func:`text`.

    Raises:
        UserError: python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError:
        raise missing_extra("Word", "exam") from None
    paper = held(paper, holds)
    check(paper)
    book: Any = Document()
    for lines in _lines(paper):
        for line in [*lines, ""]:
            book.add_paragraph(line)
    out = io.BytesIO()
    book.save(out)
    return [("import.docx", zipped(unzipped(out.getvalue())))]
