"""The exercises of the chapter on relationships as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.relationships.models import relationships as model
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("relationships")


def guess() -> Guess:
    """Return the guess that opens the chapter: how many times today's hours a partnership for all would take."""
    p = model.allocate(model.prepare(load("accounts")), model.ServicePlan())
    today = float(p.accounts.hours[p.accounts.known].sum())
    question = _("If every account got a partnership, how many times today's service hours would that take?")
    why = _("A partner takes many times the hours of an account that is served only when it asks.")
    answer, section = float(model.for_all(p)["hours"].iloc[-1]) / today, _("What a partnership for all would cost")
    return Guess(question, answer, 1, 100, _("times"), why=why, section=section, memory="guess:relationships")
