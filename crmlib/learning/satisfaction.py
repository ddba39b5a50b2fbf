"""The exercises of the chapter on satisfaction and service as a notebook asks them, and the guess that opens it."""

from crmlib.chapters.satisfaction.models import blueprint as model
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("satisfaction")


def guess() -> Guess:
    """Return the guess that opens the chapter: how many visits go well from beginning to end."""
    answer = model.headline(model.STUDY.answer(load("service_steps")))["success_now"]
    question = _(
        "A visit to the hospital has 14 steps. On average about 97 in 100 patients get through a step without trouble. "
        "What share of visits goes well from beginning to end?"
    )
    why = _("Every step looks good, but a visit succeeds only if all of them do, so that small failures multiply.")
    section = _("Service blueprint")
    return Guess(question, answer, 0, 100, "%", why=why, section=section, memory="guess:satisfaction")
