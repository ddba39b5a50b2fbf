"""The exercises of the chapter on foundations as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.foundations.models import life_cycle
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("foundations")


def guess() -> Guess:
    """Return the guess that opens the chapter: how many relationships end before they have brought a profit."""
    share = life_cycle.headline(life_cycle.STUDY.answer(load("members")))["early_share"]
    question = _(
        "Of a gym chain's relationships whose course is decided, how many in a hundred ended early, before they grew?"
    )
    why = _("A new customer is no lasting customer: many try the service once and do not come back.")
    section = _("Five patterns of profit")
    return Guess(question, share, 0, 100, _("in a hundred"), why=why, section=section, memory="guess:foundations")
