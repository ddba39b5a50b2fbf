"""The little that text of the bank may say beyond plain words: a formula, a stress, a blank to fill in.

They are written ``\\( … \\)``, ``**…**`` and ``[[1]]``.

Everything else is data and shown as it stands, in whatever format: each writer escapes :class:`Run` by run.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html import escape
from typing import Literal, NamedTuple

Kind = Literal["text", "maths", "stress"]
REFERENCE = re.compile("&#x([0-9A-Fa-f]+);")
"""How latex2mathml writes a character that is none of ASCII; left as it is, it would be escaped once more."""
BLANK = re.compile(r"\[\[(\d{1,2})\]\]")
"""A blank to fill in, with its number."""
MARK = re.compile(rf"\\\((?P<maths>.+?)\\\)|\*\*(?P<stress>.+?)\*\*|{BLANK.pattern}", re.DOTALL)


class Run(NamedTuple):
    """A stretch of text of one kind; of a formula its LaTeX."""

    kind: Kind
    text: str


def runs(text: str) -> list[Run]:
    """Return a text as its stretches, in order.

    >>> runs(r"rate \\( \\frac{a}{b} \\), **not** $5")[1:3]
    [Run(kind='maths', text='\\\\frac{a}{b}'), Run(kind='text', text=', ')]
    """
    found, end = [], 0
    for match in MARK.finditer(text):
        found.append(Run("text", text[end : match.start()]))
        if match["maths"] or match["stress"]:
            kind: Kind = "maths" if match["maths"] else "stress"
            found.append(Run(kind, (match["maths"] or match["stress"]).strip()))
        else:
            found.append(Run("text", gap(match[3])))
        end = match.end()
    found.append(Run("text", text[end:]))
    return [run for run in found if run.text]


GAP = re.compile(r"\((\d{1,2})\)\u00a0_{12}")
"""A blank as :func:`gap` shows it, by which a writer that has a field for it finds its place."""


def gap(number: object) -> str:
    """Return a blank as it is shown and printed.

    >>> gap(1)
    '(1)\\xa0____________'
    """
    return f"({number})\u00a0{'_' * 12}"


Way = Callable[[str], str]


def write(text: str, text_as: Way, maths_as: Way, stress_as: Way) -> str:
    """Return a text in some format, given how it writes a stretch of each kind."""
    ways = {"text": text_as, "maths": maths_as, "stress": stress_as}
    return "".join(ways[run.kind](run.text) for run in runs(text))


def html(text: str) -> str:
    """Return a text as HTML: escaped, lines broken, formulas as MathML, which browsers show by themselves."""
    return "".join(html_run(run) for run in runs(text))


def html_run(run: Run) -> str:
    """Return one stretch of a text as HTML; a formula that cannot be read is shown as it was written."""
    words = escape(run.text).replace("\n", "<br>")
    if run.kind == "maths":
        try:
            return ET.tostring(formula(run.text), encoding="unicode", method="html")
        except FormulaError:
            return f"<code>{words}</code>"
    return f"<b>{words}</b>" if run.kind == "stress" else words


class FormulaError(ValueError):
    """A formula that is not LaTeX, or not of the kind that can be shown."""


ESCAPED = re.compile(r"\\(?:[a-zA-Z]+|.)", re.DOTALL)
"""A command of LaTeX, or one sign that stands for itself."""
LINKS = {"href", "src"}
"""What leads out of a formula."""


def _is_sound(latex: str) -> bool:
    """Say whether braces are paired, and no sign stands bare that LaTeX would not take there."""
    bare, depth = ESCAPED.sub("", latex), 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    in_table = r"\begin" in latex
    return depth == 0 and not set("$#") & set(bare) and (in_table or not ("&" in bare or r"\\" in latex))


def formula(latex: str) -> ET.Element:
    """Return a formula as a MathML element in which every text is text; the bank refuses what raises here.

    Raises:
        FormulaError: it cannot be read.
    """
    from latex2mathml.converter import convert_to_element

    if not _is_sound(latex):
        raise FormulaError(latex)
    try:
        found: ET.Element = convert_to_element(" ".join(latex.split()), xmlns="")
    except Exception as why:  # it raises errors of many kinds, not of its own alone
        raise FormulaError(latex) from why
    for part in found.iter():
        part.text = REFERENCE.sub(lambda code: chr(int(code[1], 16)), part.text or "")
        if LINKS & set(part.attrib) or ("\\" in part.text and len(part.text) > 1):  # a command that it does not know
            raise FormulaError(latex)
    found.attrib = {"display": "inline"}
    return found


def plain_text(text: str) -> str:
    """Return a text as plain words, its formulas in LaTeX."""
    return write(text, str, str, str)
