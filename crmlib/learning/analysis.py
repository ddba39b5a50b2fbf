"""The exercises of the chapter on customer and product analysis as a notebook asks them, and its opening guess."""

from crmlib.chapters.analysis.models import change as model
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("analysis")


def guess() -> Guess:
    """Return the guess that opens the chapter: what becomes of gross margin when sales grow a little."""
    tables = [load(name) for name in model.STUDY.datasets]
    answer = model.headline(model.STUDY.answer(*tables, measure="profit"))["change_pct"]
    question = _(
        "The food manufacturer's sales rose by 1.9% last year. By how many percent did its gross margin change? "
        "A fall is a negative number."
    )
    why = _("Materials became dearer and sales shifted to noodles, which earn little: sales hide what margin shows.")
    section = _("Price, volume and mix")
    return Guess(question, answer, -30, 30, "%", why=why, section=section, memory="guess:analysis")
