"""The exercises of the chapter on the exam as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.exam.models import minutes
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("exam")


def guess() -> Guess:
    """Return the guess that opens the chapter: how many of a class do not reach every question."""
    share = minutes.headline(minutes.STUDY.answer(load("mock_sittings")))["unfinished"]
    question = _("Of a class that sits this exam, how many in a hundred do not reach every question?")
    why = _("Knowing is not enough: who spends the minutes in the wrong place gives away marks that were to be had.")
    section = _("A class sits the mock exam")
    return Guess(question, share, 0, 100, _("in a hundred"), why=why, section=section, memory="guess:exam")
