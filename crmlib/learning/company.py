"""The exercises of the chapter on company XX as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.company.models import opportunities as model
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("company")


def guess() -> Guess:
    """Return the guess that opens the chapter: by how much wins grew when entries grew by far more."""
    tested = model.STUDY.answer(load("crm_opportunities"))
    facts = model.headline(tested)
    question = _(
        "A branch enters {more:.0f}% more opportunities than the year before. By what percentage do the orders grow "
        "that it wins from real opportunities within {days} days?"
    ).format(more=facts["entered"], days=tested.rule.window)
    why = _("Most of the new entries are repeats, empty, or entered when the contract is signed: entered is not won.")
    section = _("Opportunities: entered is not won")
    return Guess(question, facts["won"], 0, 100, "%", why=why, section=section, memory="guess:company")
