"""Challenges below an explorer of a page: those of the notebook, and which of them the figures of a state reach."""

from collections.abc import Callable, Mapping

from crmlib.chapters.studies import STUDIES
from crmlib.core.i18n import _
from crmlib.items.challenges import of_study, reached
from crmlib.learning.challenge import asked
from crmlib.support.markup import compact, unending


def reached_of(study: str) -> Callable[[Mapping[str, float]], list[int]]:
    """Return what tells from a study's headline figures which of its challenges they reach, by their places."""
    known = of_study(study)
    return lambda figures: [place for place, challenge in enumerate(known) if reached(challenge, figures)]


def told(study: str) -> str:
    """Return the challenges about a study as JSON that cannot end a script, in the language now spoken.

    The page sees itself whether more was moved than may be; that only the picture was changed does not count.
    """
    inputs = STUDIES[study].inputs
    found = [
        {"id": one.id, "asked": asked(one, inputs), "why": str(one.why), "moves": one.moves, "among": one.among}
        for one in of_study(study)
    ]
    return unending(compact({"inputs": [s.name for s in inputs.settings()], "asked": found}))


def words() -> dict[str, str]:
    """Return what a page says of challenges, in the language now spoken."""
    return {
        "title": _("Challenges"),
        "done": _("Challenge met: {why}"),
        "met": _("✓ Met on {day}. {why}"),
        "open": _("○ Not yet."),
        "much": _("○ The figures are there, but too much was moved: {names}."),
        "alone": _("○ Not yet. On this page one input moves at a time, in the notebook {n} can."),
        "comma": _(", "),
    }
