"""The exercises of the chapter on distributors as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.distributors.models import distributors as model
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("distributors")


def guess() -> Guess:
    """Return the guess that opens the chapter: how many random weightings the leader wins."""
    candidates = model.prepare(load("distributors"), load("factor_judgements"))
    won = model.headline(model.choose(candidates, model.DistributorRule()))["share_won"]
    question = _(
        "Five candidates are scored on eight factors and one comes first. If the eight weights were drawn at random, "
        "in what share of the draws would it still come first?"
    )
    why = _("First place depends on the weights: other weights put forward a candidate that is strong elsewhere.")
    section = _("How safe is the first place?")
    return Guess(question, won, 0, 100, "%", why=why, section=section, memory="guess:distributors")
