"""What the exports share: texts as XHTML, numbers that read back as they were, XML and archives that never differ.

A learning platform shows what it is given with filters of its own running over it: formulas between ``$$`` or
``\\( … \\)``, placeholders for files, sounds in brackets. :func:`web` therefore writes plain words so that none of
these begins in them, and they still look the same.
"""

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from html import escape

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams.paper import LABELS, Paper, Part, Question
from crmlib.items import prose
from crmlib.items.rounding import few_figures

Write = Callable[[str], str]
"""How a text of the bank is written as well-formed XHTML."""
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold."""
ALIVE = re.compile(r"(?P<apart>[\\$])|(?P<coded>\[|@(?=@)|(?<=@)@)")
"""What may begin a formula stands in an element of its own; brackets and ``@@`` as character references."""


def held(paper: Paper, holds: Callable[[Question], bool]) -> Paper:
    """Return a paper with the questions that a format can hold; a section without any is left out."""
    parts = [replace(part, questions=tuple(filter(holds, part.questions))) for part in paper.parts]
    return replace(paper, parts=tuple(part for part in parts if part.questions))


# Texts ----------------------------------------------------------------------------------------------------------------


def check(paper: Paper) -> None:
    """Refuse a paper with a character that no XML file may hold, a control character for instance."""
    for q in paper.questions:
        for text in _texts(q):
            if found := UNFIT.search(text):
                said = _("item {id}: the character U+{code:04X} cannot be exported; take it out of the text.")
                raise UserError(said.format(id=q.id, code=ord(found[0])))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for member in part:
            yield from _texts(member)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))


def web(text: str) -> str:
    """Return a text as XHTML whose formulas are ``\\( … \\)``, as MathJax reads them.

    >>> web(r"\\( a < b \\), **not** $5")
    '\\\\(a &lt; b\\\\), <strong>not</strong> <span>$</span>5'
    """
    return prose.write(text, words, lambda latex: rf"\({_coded(one_line(latex))}\)", stressed)


def words(text: str) -> str:
    """Return plain words as XHTML in which no platform finds anything but words."""
    safe = ALIVE.sub(_still, escape(text, quote=False))
    return re.sub(r"\r\n?|\n", "<br/>", safe)


def stressed(text: str) -> str:
    """Return stressed words as XHTML."""
    return f"<strong>{words(text)}</strong>"


def one_line(latex: str) -> str:
    """Return a formula on one line; LaTeX does not tell a line's end from a space."""
    return re.sub(r"\r\n?|\n", " ", latex)


def plain_line(text: str) -> str:
    """Return a text as plain words on one line, for lists that show no other."""
    return " ".join(prose.plain_text(text).split())


def _still(match: re.Match[str]) -> str:
    return f"<span>{match['apart']}</span>" if match["apart"] else f"&#{ord(match['coded'])};"


def _coded(latex: str) -> str:
    return escape(latex, quote=False).replace("[", "&#91;").replace("@@", "&#64;&#64;")


# What stands in a question --------------------------------------------------------------------------------------------


def asked(q: Question, write: Write) -> str:
    """Return what is asked; of a number with the unit it is asked in, of some kinds with what is to be done."""
    told = {
        "multi": _("More than one option is right."),
        "tfc": _("Is it true or false? If it is false, write how it reads when it is true."),
        "term": _("Explain the term."),
    }
    lines = [write(q.text), words(told.get(q.kind, ""))]
    if q.unit:
        lines.append(line(_("Unit of the answer:"), write(q.unit)))
    return paragraphs(lines)


def line(label: str, xhtml: str) -> str:
    """Return XHTML behind what it is; a full-width colon brings its own space."""
    return words(label if label.endswith("：") else f"{label} ") + xhtml


def paragraphs(lines: Iterable[str]) -> str:
    """Return XHTML texts as paragraphs, those left out that are empty."""
    return "".join(f"<p>{line}</p>" for line in lines if line)


def solution(q: Question, write: Write) -> str:
    """Return the worked solution, and whence it comes; the options of a choice have their own reasons."""
    worked = q.worked if q.kind in ("num", "order", "match") else ""
    blanks = [f"{label} {write(reply)}" for label, reply in q.reasons] if q.kind == "fill" else []
    return paragraphs([write(worked), *blanks]) + origin(q, write)


def with_fields(xhtml: str, field: Callable[[int], str]) -> str:
    """Return the text of a question with a field behind the number of each blank, in place of the line to write on."""
    return prose.GAP.sub(lambda found: f"({found[1]}) {field(int(found[1]) - 1)}", xhtml)


def fills(q: Question, place: int) -> tuple[str, ...]:
    """Return what is accepted in a blank, the best first, in either language."""
    return tuple(dict.fromkeys((*q.accept[place], *q.also[place])))


def origin(q: Question, write: Write) -> str:
    """Return where books differ on a question, and where it is taught."""
    note = line(_("Where books differ:"), write(q.note)) if q.note else ""
    source = line(_("Source:"), write(q.source)) if q.source else ""
    return paragraphs([note, source])


def marking(q: Question, write: Write) -> str:
    """Return the model answer with the rubric as a table: what earns points, and how many at most."""
    model = paragraphs([line(_("Model answer:"), write(q.model))])
    heads = "".join(f"<th>{words(name)}</th>" for name in (_("Criterion"), _("At most")))
    head = f"<tr>{heads}</tr>"
    rows = "".join(_rows(q, write))
    return f"{model}<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _rows(q: Question, write: Write) -> Iterator[str]:
    for mark in q.rubric:
        levels = "".join(f"<li>{number(points)} — {write(text)}</li>" for points, text in mark.levels)
        within = f"<ul>{levels}</ul>" if levels else ""
        yield f"<tr><td><p>{write(mark.text)}</p>{within}</td><td>{number(mark.points)}</td></tr>"


def distractors(q: Question, write: Write) -> str:
    """Return every wrong number that a misconception leads to, with its reply, as paragraphs."""
    return paragraphs(f"{words(q.figure(value))}: {write(reply)}" for value, reply in q.distractors)


def facts(q: Question) -> dict[str, str]:
    """Return what is known of a question beside what it asks, by name; of difficulty 0 nothing is known."""
    known = {
        "topic": q.topic,
        "bloom": q.bloom,
        "kind": q.kind,
        "difficulty": str(q.difficulty) if q.difficulty else "",
        "minutes": f"{q.minutes:g}",
        "misconceptions": " ".join(sorted({name for name in q.misconceptions if name})),
    }
    return {name: value for name, value in known.items() if value}


def tags(q: Question) -> tuple[str, ...]:
    """Return the words by which a question is found again; none has a blank in it."""
    known = facts(q)
    plain = [known.pop(name) for name in ("topic", "bloom", "kind")]
    return (*plain, *(f"{name}-{word}" for name, value in known.items() for word in value.split()))


# Numbers --------------------------------------------------------------------------------------------------------------


def exact(value: float) -> Decimal:
    """Return a number as the shortest decimal fraction that reads back as the same number."""
    return Decimal(repr(float(value)))


def number(value: float | Decimal) -> str:
    """Return a number written out, without an exponent, that reads back as the same number.

    >>> number(2.0), number(0.025), number(1e-7), number(-1e16)
    ('2', '0.025', '0.0000001', '-10000000000000000')
    """
    written = format(value if isinstance(value, Decimal) else exact(value), "f")
    shortened = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if shortened == "-0" else shortened


def percent(q: Question, place: int) -> str:
    """Return what ticking an option of several is worth, in the per cent that Moodle knows: a wrong one costs all."""
    return f"{100 / len(q.keys):.5f}".rstrip("0").rstrip(".") if place in q.keys else "-100"


def off(q: Question, value: float) -> float:
    """Return how far an answer may be off a distractor's number: the same share as of the key."""
    share = q.within / max(abs(q.key or 0.0), 1.0)
    return few_figures(share * max(abs(value), 1.0))


# Names ----------------------------------------------------------------------------------------------------------------


def mark(paper: Paper) -> str:
    """Return what tells this paper from any other in a name: platforms overwrite what has the same name."""
    known = "\n".join((paper.title, paper.label, paper.lang, paper.seed))
    return hashlib.sha256(known.encode()).hexdigest()[:8]


def safe_id(paper: Paper, q: Question) -> str:
    """Return a question's name in XML: a letter first, then letters, digits, ``_`` and ``-``."""
    return f"q-{q.id.replace('.', '-')}-{mark(paper)}"


def called(place: int) -> str:
    """Return what a question is called where students may see it: its id would lead to its key in the bank."""
    return _("Question {n}").format(n=place)


def category(paper: Paper, part: Part) -> str:
    """Return the question category of a section in Moodle: under the paper's name; words and digits remain of names."""
    names = f"{paper.title} {paper.label} {paper.lang}", part.title
    return "/".join(["$course$/top", *(" ".join(re.sub(r"[^\w.-]+", " ", name).split()) or "-" for name in names)])


def labelled(options: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield options with their letters."""
    return zip(LABELS, options, strict=False)


# Files ----------------------------------------------------------------------------------------------------------------


def node(tag: str, content: str | Iterable[ET.Element] = (), **attributes: str) -> ET.Element:
    """Return an XML element with a text or with elements in it."""
    made = ET.Element(tag, attributes)
    if isinstance(content, str):
        made.text = content
    else:
        made.extend(list(content))
    return made


def document(root: ET.Element, indent: bool = True) -> bytes:
    """Return an XML file; ``indent`` only where no element mixes words with elements."""
    if indent:
        ET.indent(root)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"
