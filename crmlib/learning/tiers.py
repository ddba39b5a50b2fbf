"""The exercises of the chapter on classifying bank customers as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.tiers.models import pareto
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("tiers")


def guess() -> Guess:
    """Return the guess that opens the chapter: what the top fifth of the branch's customers bring."""
    shares = pareto.headline(pareto.classify(pareto.prepare(load("bank_loans")), pareto.AbcRule()))
    question = _("What share of the branch's income do its top 20% of firms bring?")
    why = _(
        "Income is concentrated, but less than 80/20 says: "
        "the curve rises steeply at first and is almost flat at the end."
    )
    section = _("80/20 and ABC")
    return Guess(question, shares["top_share"], 0, 100, "%", why=why, section=section, memory="guess:tiers")
