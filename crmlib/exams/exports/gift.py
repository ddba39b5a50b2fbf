"""Papers as GIFT, the plain text that Moodle and others read.

GIFT knows neither points nor hints nor rubrics: a tag says the points, the unit is told with the question, and what is
left out is said when the file is made. A model answer is not written, for students would see it. Everything is HTML on
one line, so that no text begins a line of its own and none is taken for a comment.
"""

import re
from collections.abc import Iterator

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.exams.exports.common import (
    asked,
    category,
    check,
    fills,
    held,
    number,
    off,
    paragraphs,
    percent,
    plain_line,
    solution,
    tags,
    web,
)
from crmlib.exams.paper import Paper, Question

KINDS = ("mcq", "multi", "tf", "tfc", "fill", "match", "num", "term", "short", "essay", "case")
"""What GIFT can hold; of blanks one alone."""
CONTROL = re.compile(r"[~=#{}:\\]")
"""What means something in GIFT; each is escaped by a backslash, within formulas too."""


def holds(q: Question) -> bool:
    """Say whether the format can hold a question."""
    return q.kind in KINDS and len(q.accept) <= 1


def gift(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as one GIFT file, its questions in a category a section."""
    paper = held(paper, holds)
    check(paper)
    with i18n.speaking(paper.lang):
        blocks = [_comment(_("GIFT has no field for points; they stand in a comment before each question."))]
        for part in paper.parts:
            blocks.append(f"$CATEGORY: {category(paper, part)}")
            blocks += [_question(q) for q in part.questions]
    return [("gift.txt", ("\n\n".join(blocks) + "\n").encode())]


def _comment(said: str) -> str:
    return f"// {said}"


def _question(q: Question) -> str:
    known = "".join(f" [tag:{tag}]" for tag in (*tags(q), f"points-{q.points:g}"))
    answers = "\n".join(line for line in _answers(q) if line)
    lines = [
        _comment(_("Points: {points:g}").format(points=q.points)),
        _comment(f"[id:{q.id}]{known}"),
        f"::{q.id}::{_html(asked(q, web))} {{{answers}}}",
    ]
    return "\n".join(lines)


def _answers(q: Question) -> Iterator[str]:
    if q.kind == "mcq":
        for place, (option, reply) in enumerate(zip(q.options, q.replies, strict=True)):
            yield ("=" if place == q.key else "~") + _html(web(option)) + _feedback(reply)
    elif q.kind == "tf":
        right = int(q.key or 0)
        yield "TF"[right] + _feedback(q.replies[1 - right]) + _feedback(q.replies[right])
    elif q.kind == "multi":
        for place, (option, reply) in enumerate(zip(q.options, q.replies, strict=True)):
            yield f"~%{percent(q, place)}%" + _html(web(option)) + _feedback(reply)
    elif q.kind == "fill":
        yield from ("=" + CONTROL.sub(r"\\\g<0>", text) for text in fills(q, 0))
    elif q.kind == "match":
        lefts = dict(zip(q.keys, q.lefts, strict=True))
        for place, option in enumerate(q.options):
            left = _html(web(lefts[place])) if place in lefts else ""
            yield f"={left} -> {_plain(option)}"
    elif q.kind == "num":
        assert q.key is not None
        yield f"#={number(q.key)}:{number(q.within)}" + _feedback(q.worked)
        for value, reply in q.distractors:
            yield f"=%0%{number(value)}:{number(off(q, value))}" + _feedback(reply)
    if general := solution(q, web):
        yield f"####{_html(general)}"


def _plain(text: str) -> str:
    """Return a text as plain words on one line."""
    return CONTROL.sub(r"\\\g<0>", plain_line(text))


def _feedback(text: str) -> str:
    return "#" + (_html(paragraphs([web(text)])) if text else "")


def _html(html: str) -> str:
    return "[html]" + CONTROL.sub(r"\\\g<0>", html)
