"""The exercises of the chapter on customer value as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.customer_value.models import retention as model
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("customer_value")


def guess() -> Guess:
    """Return the guess that opens the chapter: how many customers of a shop buy once and never again."""
    answer = model.headline(model.STUDY.answer(load("shop_orders"), load("shop_accounts")))["once"]
    question = _(
        "An online shop for tea and snacks has won 6,000 customers in three years. What share bought just once so far?"
    )
    why = _("Most customers of a shop are hardly known to it. Who they are and what they are worth must be found out.")
    section = _("Identification, as against segmentation and selection")
    return Guess(question, answer, 0, 100, "%", why=why, section=section, memory="guess:customer_value")
