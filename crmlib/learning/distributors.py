"""The exercises of the chapter on distributors as a notebook asks them, and the guess that opens each part."""

from crmlib.chapters.distributors.models import distributors as model
from crmlib.core.i18n import _
from crmlib.formulas.discount import annual_cost
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("distributors")


def guess() -> Guess:
    """Return the guess that opens the first part: how many random weightings the leader wins."""
    candidates = model.prepare(load("distributors"), load("factor_judgements"))
    won = model.headline(model.choose(candidates, model.DistributorRule()))["share_won"]
    question = _(
        "Five candidates are scored on eight factors and one comes first. If the eight weights were drawn at random, "
        "in what share of the draws would it still come first?"
    )
    why = _("First place depends on the weights: other weights put forward a candidate that is strong elsewhere.")
    section = _("How safe is the first place?")
    return Guess(question, won, 0, 100, "%", why=why, section=section, memory="guess:distributors")


def guess_motivation() -> Guess:
    """Return the guess that opens the second part: the annualised cost of forgoing a textbook cash discount."""
    cost = 100 * annual_cost(0.02, 10, 30)
    question = _(
        "A distributor may pay within 10 days and take off 2%, or pay in full within 30 days. If it gives up the 2% "
        "and pays on day 30, what interest does it pay in effect, in % a year?"
    )
    why = _("It pays 2 on 98 for 20 days only, and there are 18 times 20 days in a year of 360 days.")
    section = _("The cash discount: both sides compute")
    return Guess(question, cost, 0, 100, "%", why=why, section=section, memory="guess:motivation")
