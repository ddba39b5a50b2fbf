"""The bank's items for a page without Python: what is asked, how it is marked, and what is said to each answer.

Only the bank that students practise with is read here (:func:`crmlib.items.bank.bank`): what is marked for exams is in
no file of the site.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from crmlib.core.i18n import _, ngettext
from crmlib.exams.assembly import Chosen, worth
from crmlib.exams.blueprint import blueprint
from crmlib.exams.dealing import deal
from crmlib.exams.paper import Question, forms, question
from crmlib.items import credit, prose
from crmlib.items.bank import bank
from crmlib.items.compound import Corrected
from crmlib.items.item import Item, Written, is_drawn
from crmlib.items.laying import LETTERS, Laid, Machine, lay
from crmlib.learning.answers import known, to_rate
from crmlib.learning.cards import hints_of, named, numbered_hints
from crmlib.learning.mock import ANNOUNCED, rules, still_to_rate, unanswered
from crmlib.learning.practice import kind_line
from crmlib.learning.rubric import levels
from crmlib.site.exercises import told_exercise
from crmlib.support.markup import compact

DRAWN, ORDERS = 12, 3
"""So many times an item stands in a chapter's practice: with other numbers, or with its options in another order."""
PAPERS = 12
"""So many mock exams stand on the site."""
MOCK = "mock"
"""The blueprint that they are drawn by."""


def practice(topic: str) -> str:
    """Return the items of a chapter as JSON, in the language now spoken: the easy ones first."""
    items = sorted(bank().of(topic), key=lambda item: item.difficulty)
    return compact([{**_head(item), "drawn": [asked(item, seed) for seed in range(_many(item))]} for item in items])


def mock(n: int) -> str:
    """Return a mock exam as JSON, in the language now spoken: its sections, each question as it is asked there."""
    plan = blueprint(MOCK)
    chosen = _chosen(n, bank().mark, tuple(bank().items))
    parts = [
        {
            "title": str(section.title),
            "questions": [
                {**_head(item, worth(section, item)), **asked(item, seed, worth(section, item))}
                for item, seed in deal(
                    bank(), section, [bank().item(id) for id in chosen[section.name]], f"mock:{n}", plan.key_letters
                )
            ],
        }
        for section in plan.sections
    ]
    return compact({"title": str(plan.title), "minutes": plan.minutes, "points": plan.points, "parts": parts})


@lru_cache(maxsize=PAPERS)
def _chosen(n: int, _mark: str, _items: tuple[str, ...]) -> Chosen:
    """Return the items of a mock exam by section, which are the same in both languages and take a while to choose."""
    (chosen,) = forms(bank(), blueprint(MOCK), n).values()
    return chosen


def _many(item: Item) -> int:
    """Return how many times an item is drawn for practice."""
    if is_drawn(item):
        return DRAWN
    return ORDERS if item.type in ("mcq", "multi", "order", "match") else 1


def _head(item: Item, points: float | None = None) -> dict[str, Any]:
    points = item.points if points is None else points
    head = kind_line(item.type, points, item.minutes)
    return {"id": item.id, "kind": item.type, "points": points, "head": head}


def asked(item: Item, seed: int, points: float | None = None) -> dict[str, Any]:
    """Return an item as it is asked with a seed, in the language now spoken; texts are HTML."""
    if isinstance(item, Written | Corrected):
        return _in_words(question(bank(), item, seed, points))
    called = partial(bank().misconception, item)
    if isinstance(item, Machine):
        return {**_of_parts(lay(item, seed), called), "seed": seed}
    return {**told_exercise(bank().exercise(item, seed), called), "seed": seed}


def _of_parts(laid: Laid, called: Callable[[str], str]) -> dict[str, Any]:
    """Return a question with several parts, which the page marks as :mod:`crmlib.items.credit` does."""
    wrong = zip(LETTERS, laid.replies, strict=False)
    faults = [_("{option}: {why}").format(option=f"**{letter}**", why=why) for letter, why in wrong]
    right = laid.check(laid.right).said
    return {
        "question": prose.html(laid.question),
        "options": [_option(laid.kind, option) for option in laid.options],
        "lefts": [prose.html(left) for left in laid.lefts],
        "keys": list(laid.keys),
        "accept": [[*own, *other] for own, other in zip(laid.accept, laid.also, strict=True)],
        "faults": [prose.html(fault) for fault in faults] if laid.kind == "multi" else [],
        "names": [[name, named(called, name)] for name in laid.misconceptions],
        "right": prose.html(right),
        "solution": prose.html(laid.solution()),
        "hints": numbered_hints(hints_of(laid)),
        "rule": credit.rule(laid.kind),
    }


def _option(kind: str, text: str) -> str:
    """Return an option as HTML; those of pairs as plain text, for lists can show no other."""
    return prose.plain_text(text) if kind == "match" else prose.html(text)


def _in_words(q: Question) -> dict[str, Any]:
    """Return a question answered in words: what is expected of it, and the levels of each criterion."""
    marks = [
        {
            "text": prose.html(_("{text} (at most {points:g})").format(text=mark.text, points=mark.points)),
            "levels": [[points, prose.html(f"{points:g}  {text}".rstrip())] for points, text in levels(mark)],
        }
        for mark in to_rate(q)
    ]
    return {
        "question": prose.html(q.text),
        "options": list(q.options),
        "key": q.key,
        "known": known(q),
        "model": prose.html(q.model),
        "rubric": marks,
        "names": list(q.misconceptions),
        "hints": numbered_hints(q.hints),
        "rule": credit.rule(q.kind),
    }


def words() -> dict[str, Any]:
    """Return what a page says around questions, in the language now spoken."""
    return {
        "answer": _("Answer"),
        "blank": _("Blank {n}"),
        "none": _("– choose –"),
        "up": _("Move up"),
        "down": _("Move down"),
        "placed": _("Now in place {n} of {all}."),
        "corrected": _("Corrected statement, if it is false"),
        "several": [
            _("Not quite: no points."),
            _("So far right, but some right options are missing: half of the points."),
        ],
        "parts": _("Parts that are right: {right} of {n}."),
        "mend": {
            "fill": _("To be mended: blank {places}."),
            "order": _("Not in their places: {places}."),
            "match": _("To be mended: pair {places}."),
        },
        "comma": _(", "),
        "compare": _("Compare"),
        "write": _("Write your answer here, then compare it with the model answer."),
        "writeFirst": _("Write an answer of your own first, if only in key words."),
        "verdictFirst": _("Say first whether the statement is true or false."),
        "model": _("Model answer"),
        "rubric": _("Mark yourself by the rubric"),
        "keep": _("Save my marks"),
        "markFirst": _("Give a mark for each criterion first."),
        "kept": _("Kept: {earned:g} of {points:g} points."),
        "next": _("Next question"),
        "so_far": _("{tried} answered · {earned:g} of {points:g} points · {left} to come"),
        "chapter": _("Chapter"),
        "late": _("The questions could not be loaded; load the page again."),
    }


def mock_words() -> dict[str, Any]:
    """Return what a page says around a mock exam, in the language now spoken."""
    return {
        "papers": PAPERS,
        "announced": ANNOUNCED,
        "minutesLeft": {n: ngettext("{n} minute left.", "{n} minutes left.", n).format(n=n) for n in ANNOUNCED},
        "left": _("Time left"),
        "timeUp": _("The time is up; the paper was handed in as it was."),
        "facts": _("{n} questions · {points:g} points · {minutes:g} minutes"),
        "rules": rules(),
        "start": _("Start"),
        "handIn": _("Submit"),
        "back": _("Previous"),
        "on": _("Next"),
        "flag": _("Flag"),
        "unflag": _("Unflag"),
        "another": _("Another paper"),
        "question": _("Question {n}: {state}"),
        "flagged": _("{state}, flagged"),
        "open": _("no answer yet"),
        "answered": _("answered"),
        "unread": [_("answered in part"), _("no number that can be read")],
        "toRate": _("to be rated"),
        "full": _("full points"),
        "lost": _("points lost"),
        "unanswered": [unanswered(n) for n in (1, 2)],
        "marked": _("{points:g} of {most:g} points marked so far; the paper has {all:g}."),
        "waiting": [still_to_rate(n) for n in (1, 2)],
        "earned": _("{earned:g} of {points:g}"),
        "section": _("Section"),
        "pointsEarned": _("Points earned"),
        "late": _("The paper could not be loaded; load the page again."),
    }
