"""The exercises of the chapter on loyalty as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.loyalty.exercises import survey
from crmlib.chapters.loyalty.models import loyalty
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks

ask = asks("loyalty")


def guess() -> Guess:
    """Return the guess that opens the chapter: how many satisfied customers are not loyal."""
    m = loyalty.measure(survey(), loyalty.LoyaltyPolicy())
    shares = loyalty.shares_by_wave(m)
    question = _("Of a department store's satisfied customers, how many in a hundred are not loyal?")
    answer = 100 * float(shares["not_loyal"][-1] / shares["satisfied"][-1])
    why = _(
        "Satisfied customers leave too: they buy where it is near or cheap, and a rival may satisfy them just as well."
    )
    section = _("Satisfied customers are not necessarily loyal")
    return Guess(question, answer, 0, 100, _("in a hundred"), why=why, section=section, memory="guess:loyalty")
