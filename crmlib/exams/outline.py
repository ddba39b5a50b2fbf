"""What stands in a printed document, as plain data in the paper's language: every format is made from this.

Texts pass run by run, so that none is read as markup. What students get holds no key.
"""

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, Literal

import wcwidth

from crmlib.core import i18n
from crmlib.core.i18n import _, ngettext
from crmlib.exams.paper import LABELS, LISTED, Candidate, Paper, Part, Question
from crmlib.exams.school import PLAIN, School
from crmlib.items import prose
from crmlib.items.credit import rule
from crmlib.items.item import KINDS

Kind = Literal["paper", "key", "marking"]
DOCUMENTS: tuple[Kind, ...] = ("paper", "key", "marking")
Outline = dict[str, Any]

TAB = "\ue000"
"""A sign of nobody's that stands where a tab is meant, which HTML has not."""
WIDE = {4: 14, 2: 34}
"""Options stand in so many columns if none is wider than this; a Chinese character counts two. typst measures."""
NUMBERS = "一二三四五六七八九十"
RATIO = re.compile(r"(?<=\d) : (?=\d)")
LETTERED = ("mcq", "tf", "tfc")
"""Kinds whose key is one letter."""
BRACKETED = ("mcq", "multi", "tf", "tfc")
"""Kinds answered by letters in brackets before the number, or in a grid."""
ROOM = {"tfc": 2, "order": 1, "num": 4, "term": 4, "short": 6, "essay": 15, "case": 20}
"""How many lines of 8 mm an answer of each kind gets."""


def outline(paper: Paper, kind: Kind, school: School = PLAIN) -> Outline:
    """Return what stands in a document; texts are lists of runs."""
    with i18n.speaking(paper.lang):
        before = accumulate((len(part.questions) for part in paper.parts), initial=1)
        parts = [
            _part(part, n, first, kind, school)
            for n, (part, first) in enumerate(zip(paper.parts, before, strict=False))
        ]
        titles = {"paper": "{title}", "key": _("{title} – key"), "marking": _("{title} – marking sheet")}
        asked = kind == "paper"
        return {
            "kind": kind,
            "lang": paper.lang,
            "layout": school.layout if asked else "a4",
            "sealed": asked and paper.lang == "zh",
            "head": [str(said) for said in (school.school, school.semester) if said],
            "header": str(school.header or ""),
            "blank": "" if paper.lang == "zh" else " ",
            "title": titles[kind].format(title=paper.title),
            "facts": _facts(paper, school),
            "foot": _("{title} · Form {label}").format(title=paper.title, label=paper.label),
            "points": f"{paper.points:g}",
            "blanks": _blanks(paper) if asked or paper.candidate else [],
            "quick": quick(paper) if kind == "key" else [],
            "words": _words(),
            "parts": [part for part in parts if part["questions"]],
        }


def _words() -> dict[str, str]:
    return {
        "page": _("Page {n} of {m}"),
        "section": _("Section no."),
        "points": _("Points to earn"),
        "mark": _("Points earned"),
        "marker": _("Marker"),
        "total": _("In all"),
        "number": _("Number"),
        "answer": _("Answer"),
        "criterion": _("Criterion"),
        "most": _("At most"),
        "given": _("Earned"),
        "model": _("Model answer:"),
        "quick": _("Quick key"),
        "seal": _("Do not write beyond this line"),
        "end": _("End of the paper"),
    }


def _facts(paper: Paper, school: School) -> list[str]:
    """Return what a student is to know before she begins."""
    books = {"closed": _("Closed book"), "open": _("Open book"), None: ""}
    return [
        *([_("Course: {course}").format(course=school.course)] if school.course else []),
        *([_("Course code: {code}").format(code=school.code)] if school.code else []),
        *([books[school.book]] if school.book else []),
        _("Time: {minutes:g} minutes").format(minutes=paper.minutes),
        _("{points:g} points in all").format(points=paper.points),
        _("Form {label}").format(label=paper.label),
    ]


def _blanks(paper: Paper) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in names(paper.candidate).items()]


def names(whose: Candidate | None) -> dict[str, str]:
    """Return what a paper says of whose it is, by what each is called; empty where it is nobody's yet."""
    known = (whose.name, whose.number, whose.group) if whose else ("", "", "")
    return dict(zip((_("Student's name"), _("Student number"), _("Class group")), known, strict=True))


def quick(paper: Paper) -> list[dict[str, str]]:
    """Return the keys that are a letter by fives, and each number alone, as a marker reads them off.

    >>> quick(Paper("t", "A", "en", 1, "s", ()))
    []
    """
    rows: list[dict[str, str]] = []
    number = 0
    for part in paper.parts:
        fresh = True
        for q in part.questions:
            number += 1
            row = rows[-1] if rows and not fresh else None
            if not q.answer:
                fresh = True
            elif q.kind in LETTERED and row and len(row["keys"]) < 5:
                row.update(last=str(number), keys=row["keys"] + q.letter)
            else:
                rows.append({"first": str(number), "last": str(number), "keys": q.letter})
                fresh = q.kind not in LETTERED
    return [{"numbers": _span(row["first"], row["last"]), "keys": row["keys"]} for row in rows]


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _part(part: Part, number: int, first: int, kind: Kind, school: School) -> Outline:
    """Return a section, which is the ``number``-th from 0 and begins with question ``first``."""
    numbered = list(enumerate(part.questions, first))
    shown = [(n, q) for n, q in numbered if kind != "marking" or q.rubric]
    asked, lettered = kind == "paper", [(n, q) for n, q in numbered if q.kind in BRACKETED]
    grid = asked and school.letters == "grid"
    same = len({q.points for q in part.questions}) == 1 and len(part.questions) > 1
    questions = [{"number": str(n), **_question(q, kind, asked and same, asked and not grid)} for n, q in shown]
    how = [part.instructions, *_how_to_answer({q.kind for q in part.questions}, school)]
    with_note = _("{title} ({note})").format(title=part.title, note=_note(part, same))
    return {
        "number": f"{_chinese(number)}、" if i18n.language() == "zh" else f"{number + 1} ",
        "title": with_note,
        "instructions": ("" if i18n.language() == "zh" else " ").join(filter(None, how)) if asked else "",
        "points": f"{part.points:g}",
        "grid": [str(n) for n, _q in lettered] if grid else [],
        "questions": questions,
    }


def _chinese(number: int) -> str:
    """Return the number of a section as a Chinese paper writes it: from 0, up to 二十.

    >>> _chinese(0), _chinese(10)
    ('一', '十一')
    """
    return NUMBERS[number] if number < len(NUMBERS) else f"十{NUMBERS[(number - len(NUMBERS)) % len(NUMBERS)]}"


def _note(part: Part, same: bool) -> str:
    """Return how many questions a section has and what they earn."""
    n, each = len(part.questions), part.questions[0].points if part.questions else 0
    if same:
        said = ngettext(
            "{n} questions of {each:g} point each, {points:g} points in all",
            "{n} questions of {each:g} points each, {points:g} points in all",
            1 if each == 1 else 2,
        )
        return said.format(n=n, each=each, points=part.points)
    said = ngettext("{n} question, {points:g} points", "{n} questions, {points:g} points in all", n)
    return said.format(n=n, points=part.points)


def _how_to_answer(kinds: Iterable[str], school: School) -> list[str]:
    """Return where answers are written and what a part of one earns, for the kinds of questions that a section has."""
    truth = _("Write T (true) or F (false) in the brackets before the number.")
    in_table = _("Write T (true) or F (false) in the table.")
    known = set(kinds)
    in_brackets = {
        "mcq": _("Write the letter in the brackets before the number."),
        "multi": _("Write the letters of all right options in the brackets before the number."),
        "tf": truth,
        "tfc": truth,
    }
    in_grid = {kind: in_table if kind in ("tf", "tfc") else _("Write the letters in the table.") for kind in BRACKETED}
    said = {
        **(in_grid if school.letters == "grid" else in_brackets),
        "order": _("Write the letters in the right order on the line."),
        "match": _("Write the letter that belongs to each number in the brackets before it."),
    }
    more = {"tfc": _("Correct a false statement on the lines below it.")}
    lines = [[said.get(kind, ""), more.get(kind, ""), rule(kind)] for kind in KINDS if kind in known]
    return list(dict.fromkeys(line for one in lines for line in one if line))


def _question(q: Question, kind: Kind, same: bool, bracketed: bool) -> Outline:
    lettered = q.options if q.kind in LISTED else ()
    points = ngettext("({points:g} point)", "({points:g} points)", 1 if q.points == 1 else 2)
    asked, marked = kind == "paper", kind == "marking"
    return {
        "runs": _runs(q.text),
        "points": "" if same else points.format(points=q.points),
        "bracket": bracketed and q.kind in BRACKETED,
        "lefts": [{"number": str(n), "bracket": asked, "runs": _runs(left)} for n, left in enumerate(q.lefts, 1)],
        "options": [{"letter": LABELS[n], "runs": _runs(option)} for n, option in enumerate(lettered)],
        "columns": _columns(lettered),
        "lines": ROOM.get(q.kind, 0) if asked else 0,
        "ruled": q.kind != "num",
        "answer": [{"label": label, "runs": _runs(text)} for label, text in _answer(q)] if kind == "key" else [],
        "model": _runs("\n".join((q.model, *_specimens(q)))) if marked else [],
        "rubric": [
            {
                "runs": _runs(mark.text),
                "points": f"{mark.points:g}",
                "levels": [{"points": f"{points:g}", "runs": _runs(text)} for points, text in mark.levels],
            }
            for mark in q.rubric
        ]
        if marked
        else [],
    }


def _specimens(q: Question) -> list[str]:
    """Return the specimens of a question as whoever marks reads them: what one earns, the answer, and why."""
    said = _("**An answer, {earned:g} of {points:g} points:** {answer}\n**Why:** {why}")
    return [said.format(earned=one.points, points=q.points, answer=one.text, why=one.why) for one in q.specimens]


def _runs(text: str) -> list[dict[str, str]]:
    """Return a text as its runs; a ratio such as 3 : 2 : 5 stays on one line."""
    runs = [run._asdict() for run in prose.runs(text)]
    return [run if run["kind"] == "maths" else {**run, "text": RATIO.sub("\u00a0:\u00a0", run["text"])} for run in runs]


def _columns(options: Iterable[str]) -> int:
    """Return in how many columns options stand: four or two where they are short."""
    widest = max((wcwidth.width(option) for option in options), default=0)
    return next((columns for columns, most in WIDE.items() if widest <= most), 1)


def _answer(q: Question) -> list[tuple[str, str]]:
    """Return the lines of the key: the answer, every option's reason, the solution, where it is taught."""
    lines = [(_("Answer:"), q.answer)] if q.answer else []
    lines += [(_("Model answer:"), q.model)] if q.in_words else []
    lines += [("", text) for text in _specimens(q)]
    if q.kind == "tf":
        lines += [("", q.replies[int(q.key or 0)])]
    elif not q.in_words:
        lines += q.reasons
    if q.kind in ("order", "match"):
        lines += [("", q.worked)]
    if q.kind == "num":
        lines += [(_("Solution:"), q.worked), *((f"{q.figure(value)}:", reply) for value, reply in q.distractors)]
    notes = [(_("Where books differ:"), q.note)] if q.note else []
    return [*lines, *notes, (_("Source:"), _("{source} · {kind}").format(source=q.source, kind=_(KINDS[q.kind])))]
