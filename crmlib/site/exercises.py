"""The drawn exercises of a chapter for a page without Python: so many of each, with all that is said to an answer."""

from collections.abc import Callable
from typing import Any

from crmlib.core import numbers
from crmlib.core.exercise import Distractor, Exercise
from crmlib.core.i18n import _, ngettext
from crmlib.items import prose
from crmlib.items.bank import bank
from crmlib.learning.cards import HINT_COSTS, drawn_from, hint_label, hints_of, named, numbered_hints, of_bank, solution
from crmlib.support.markup import compact

VARIANTS = 40
"""Of each exercise; the numbers of each are those that the notebook draws with the same seed."""
MOST_DIGITS = 10


def variants(topic: str, name: str) -> list[dict[str, Any]]:
    """Return an exercise with the numbers of each seed, in the language now spoken."""
    make, id = bank().exercises(topic)[name], f"{topic}.{name}"
    _points, called = of_bank(id)
    return [told_exercise(make(drawn_from(id, seed)), called) for seed in range(VARIANTS)]


def told_exercise(e: Exercise, called: Callable[[str], str]) -> dict[str, Any]:
    """Return an exercise as a page asks and marks it; texts are HTML, numbers are compared as the notebook does."""
    return {
        "question": prose.html(e.question),
        "key": e.answer,
        "unit": e.unit,
        "tolerance": e.tolerance,
        "options": [prose.html(option) for option in e.options],
        "replies": [_reply(d, called) for d in e.distractors],
        "right": prose.html(_("Right. {worked}").format(worked=e.worked)),
        "solution": prose.html(solution(e)),
        "hints": numbered_hints(hints_of(e)),
    }


def _reply(d: Distractor, called: Callable[[str], str]) -> list[Any]:
    """Return what is said to a distractor: its answer, the reply, its misconception, and what that is called."""
    said = prose.html(_("Not quite. {reply}").format(reply=d.reply))
    return [d.answer, said, d.misconception, named(called, d.misconception)]


def words() -> dict[str, Any]:
    """Return what a page says to answers and how it reads numbers, in the language now spoken."""
    places = range(MOST_DIGITS + 1)
    so_far = [ngettext("Right to {n} decimal place", "Right to {n} decimal places", n).format(n=n) for n in places]
    give = [ngettext("give {n} decimal place at least", "give {n} decimal places at least", n) for n in places]
    ten = _("The figures are right, but off by a factor of 10,000. The answer is asked for in {unit}.")
    return {
        "check": _("Check"),
        "another": _("Another one like this"),
        "hint": hint_label(free=True),
        "hintAt": hint_label(),
        "cost": HINT_COSTS,
        "solve": _("Worked solution"),
        "first": _("Give an answer first."),
        "wrong": _("Incorrect, and not a mistake we recognise. Write out your steps and check them."),
        "sign": _("The size is right, the sign is not: ask whether it rises or falls."),
        "noNumber": _("“{given}” is not a number. Write for example 12.5."),
        "comma": _("“{given}” is not a number. Write the decimal point as a point: {better}."),
        "otherUnit": _("“{given}”: “{other}” is not the unit asked for, which is {unit}."),
        "soFar": [_("Right to the whole number"), *so_far[1:]],
        "give": [text.format(n=n) for n, text in enumerate(give)],
        "both": _("{so_far}; {more}."),
        "factor": ten,
        "percent": _("That is the share as a decimal. The answer is asked for in per cent: multiply by 100."),
        "decimal": _("That is in per cent. The answer is asked for as a decimal: divide by 100."),
        "money": numbers.MONEY,
        "percents": numbers.PERCENT,
        "sames": numbers.WORDS,
    }


def told(topic: str, names: list[str]) -> str:
    """Return the exercises of a chapter as JSON, by name."""
    found = {name: {"points": of_bank(f"{topic}.{name}")[0], "drawn": variants(topic, name)} for name in names}
    return compact(found)
