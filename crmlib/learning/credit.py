"""The exercises of the chapter on credit as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.credit.models import policy
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("credit")


def guess() -> Guess:
    """Return the guess that opens the chapter: how much more must be sold for a longer credit period to pay."""
    answer = policy.headline(policy.STUDY.answer(load("credit_customers")))["break_even"]
    question = _(
        "A wholesaler earns a contribution of 15% of its sales. It lets customers pay after 60 days in place of 30. "
        "By what percentage must credit sales grow for this to pay?"
    )
    why = _(
        "Each added sale brings little contribution, while all customers, old and new, "
        "now pay later and fail more often."
    )
    section = _("The three parts of a credit policy")
    return Guess(question, answer, 0, 40, "%", why=why, section=section, memory="guess:credit")
