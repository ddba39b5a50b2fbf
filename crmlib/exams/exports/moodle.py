"""Papers as Moodle XML: every kind of question with its key, its feedback, and its rubric for whoever marks it.

A distractor is an answer that earns nothing and has feedback of its own. Hints go where Moodle has several tries, with
choices and numbers. Everything is HTML in which formulas are ``\\( … \\)``.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator

from crmlib.core import i18n
from crmlib.exams.exports.common import (
    asked,
    category,
    check,
    document,
    fills,
    held,
    marking,
    node,
    number,
    off,
    paragraphs,
    percent,
    plain_line,
    solution,
    tags,
    web,
    with_fields,
)
from crmlib.exams.paper import Paper, Question

PENALTY = {"mcq": "0.25", "multi": "0.25", "num": "0.25", "tf": "1"}
"""What a further try costs, of those that Moodle knows; a true/false question has no second one."""
LINES = {"tfc": "4", "term": "6", "short": "10", "essay": "20", "case": "25"}
CODED = re.compile(r"[~}{#%=:/\\\"&<>]")
"""What means something in a field within a text."""
LONGEST_UNIT = 50
"""Moodle keeps no longer name of a unit."""


def holds(q: Question) -> bool:
    """Say whether the format can hold a question."""
    return q.kind in KINDS


def moodle(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as one Moodle XML file, its questions in a category a section."""
    paper = held(paper, holds)
    check(paper)
    quiz = node("quiz")
    with i18n.speaking(paper.lang):
        for part in paper.parts:
            name = node("category", [node("text", category(paper, part))])
            quiz.append(node("question", [name], type="category"))
            quiz.extend(_question(q) for q in part.questions)
    return [("moodle.xml", document(quiz))]


def _question(q: Question) -> ET.Element:
    kind, parts = KINDS[q.kind]
    head = [
        node("name", [node("text", q.id)]),
        _html("questiontext", with_fields(asked(q, web), lambda n: _cloze(q, n)) if q.accept else asked(q, web)),
        _html("generalfeedback", solution(q, web)),
        node("defaultgrade", number(q.points)),
        node("penalty", PENALTY.get(q.kind, "0")),
        node("hidden", "0"),
        node("idnumber", q.id),
    ]
    known = node("tags", [node("tag", [node("text", tag)]) for tag in tags(q)])
    return node("question", [*head, *parts(q), known], type=kind)


def _html(tag: str, html: str) -> ET.Element:
    return node(tag, [node("text", html)], format="html")


def _cloze(q: Question, place: int) -> str:
    """Return the field for a blank; what would mean something in it is coded."""
    texts = [CODED.sub(lambda found: f"&#{ord(found[0])};", text.replace("*", "\\*")) for text in fills(q, place)]
    return f"{{{weight(q)}:SHORTANSWER:{'~'.join(f'={text}' for text in texts)}}}"


def weight(q: Question) -> int:
    """Return the points of one blank; Moodle knows whole ones alone."""
    return max(round(q.points / len(q.accept)), 1)


def _blanks(q: Question) -> Iterator[ET.Element]:
    yield from _hints(q)


def _several(q: Question) -> Iterator[ET.Element]:
    yield from _choices("false")
    for place, (option, reply) in enumerate(zip(q.options, q.replies, strict=True)):
        feedback = _html("feedback", paragraphs([web(reply)]))
        yield node("answer", [node("text", web(option)), feedback], fraction=percent(q, place), format="html")
    yield from _hints(q)


def _ordering(q: Question) -> Iterator[ET.Element]:
    for tag, value in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", str(len(q.keys))),
        ("gradingtype", "ABSOLUTE_POSITION"),
        ("showgrading", "SHOW"),
    ):
        yield node(tag, value)
    yield from _no_feedback()
    for place, key in enumerate(q.keys, 1):
        yield node("answer", [node("text", web(q.options[key]))], fraction=str(place), format="html")
    yield from _hints(q)


def _matching(q: Question) -> Iterator[ET.Element]:
    yield node("shuffleanswers", "true")
    yield from _no_feedback()
    lefts = dict(zip(q.keys, q.lefts, strict=True))
    for place, option in sorted(enumerate(q.options), key=lambda one: one[0] not in lefts):
        left = node("text", web(lefts[place]) if place in lefts else "")
        yield node("subquestion", [left, node("answer", [node("text", plain_line(option))])], format="html")
    yield from _hints(q)


def _choice(q: Question) -> Iterator[ET.Element]:
    yield from _choices("true")
    for place, (option, reply) in enumerate(zip(q.options, q.replies, strict=True)):
        yield _answer(web(option), "html", reply, place == q.key)
    yield from _hints(q)


def _choices(single: str) -> Iterator[ET.Element]:
    yield node("single", single)
    yield node("shuffleanswers", "true")
    yield node("answernumbering", "ABCD")
    yield node("showstandardinstruction", "0")
    yield from _no_feedback()


def _no_feedback() -> Iterator[ET.Element]:
    return (_html(tag, "") for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"))


def _true_false(q: Question) -> Iterator[ET.Element]:
    for place, (name, reply) in enumerate(zip(("true", "false"), q.replies, strict=True)):
        yield _answer(name, "moodle_auto_format", reply, place == q.key)


def _number(q: Question) -> Iterator[ET.Element]:
    assert q.key is not None
    yield _answer(number(q.key), "moodle_auto_format", q.worked, True, q.within)
    for value, reply in q.distractors:
        yield _answer(number(value), "moodle_auto_format", reply, False, off(q, value))
    has_unit = 0 < len(q.unit) <= LONGEST_UNIT and not any(c.isdigit() for c in q.unit)
    if has_unit:
        yield node("units", [node("unit", [node("multiplier", "1"), node("unit_name", q.unit)])])
    yield node("unitgradingtype", "0")
    yield node("unitpenalty", "0.1")
    yield node("showunits", "0" if has_unit else "3")  # 0: a student may add the unit; 3: there is none
    yield node("unitsleft", "0")
    yield from _hints(q)


def _written(q: Question) -> Iterator[ET.Element]:
    for tag, value in (
        ("responseformat", "editor"),
        ("responserequired", "1"),
        ("responsefieldlines", LINES[q.kind]),
        ("attachments", "0"),
        ("attachmentsrequired", "0"),
    ):
        yield node(tag, value)
    yield _html("graderinfo", marking(q, web))
    yield _html("responsetemplate", "")


def _answer(text: str, form: str, reply: str, right: bool, within: float | None = None) -> ET.Element:
    parts = [node("text", text), _html("feedback", paragraphs([web(reply)]))]
    if within is not None:
        parts.append(node("tolerance", number(within)))
    return node("answer", parts, fraction="100" if right else "0", format=form)


def _hints(q: Question) -> Iterator[ET.Element]:
    for hint in q.hints:
        yield _html("hint", paragraphs([web(hint)]))


KINDS: dict[str, tuple[str, Callable[[Question], Iterable[ET.Element]]]] = {
    "mcq": ("multichoice", _choice),
    "multi": ("multichoice", _several),
    "tf": ("truefalse", _true_false),
    "tfc": ("essay", _written),
    "fill": ("cloze", _blanks),
    "order": ("ordering", _ordering),
    "match": ("matching", _matching),
    "num": ("numerical", _number),
    "short": ("essay", _written),
    "essay": ("essay", _written),
    "case": ("essay", _written),
    "term": ("essay", _written),
}
"""What Moodle calls a kind of question, and what it has of its own."""
