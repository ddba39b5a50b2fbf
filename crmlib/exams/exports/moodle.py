"""Papers as Moodle XML: every kind of question with its key, its feedback, and its rubric for whoever marks it.

A distractor is an answer that earns nothing and has feedback of its own. Hints go where Moodle has several tries, with
choices and numbers. Everything is HTML in which formulas are ``\\( … \\)``.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator

from crmlib.core import i18n
from crmlib.exams.exports.common import (
    asked,
    category,
    check,
    document,
    held,
    marking,
    node,
    number,
    off,
    paragraphs,
    solution,
    tags,
    web,
)
from crmlib.exams.paper import Paper, Question

PENALTY = {"mcq": "0.25", "num": "0.25", "tf": "1"}
"""What a further try costs, of those that Moodle knows; a true/false question has no second one."""
LINES = {"term": "6", "short": "10", "essay": "20", "case": "25"}
LONGEST_UNIT = 50
"""Moodle keeps no longer name of a unit."""


def moodle(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as one Moodle XML file, its questions in a category a section."""
    paper = held(paper, KINDS)
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
        _html("questiontext", asked(q, web)),
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


def _choice(q: Question) -> Iterator[ET.Element]:
    yield node("single", "true")
    yield node("shuffleanswers", "true")
    yield node("answernumbering", "ABCD")
    yield node("showstandardinstruction", "0")
    for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        yield _html(tag, "")
    for place, (option, reply) in enumerate(zip(q.options, q.replies, strict=True)):
        yield _answer(web(option), "html", reply, place == q.key)
    yield from _hints(q)


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
    "tf": ("truefalse", _true_false),
    "num": ("numerical", _number),
    "short": ("essay", _written),
    "essay": ("essay", _written),
    "case": ("essay", _written),
    "term": ("essay", _written),
}
"""What Moodle calls a kind of question, and what it has of its own."""
