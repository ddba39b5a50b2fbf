"""The exercises of the chapter on key accounts, complaints and risk as its notebooks ask them, and their guesses."""

from crmlib.chapters.key_accounts.models import complaints, key_accounts, risk
from crmlib.core.i18n import _
from crmlib.learning.cards import Guess, asks
from crmlib.tables.data import load

ask = asks("key_accounts")


def guess() -> Guess:
    """Return the guess that opens the chapter: what the loss of the largest customer does to profit."""
    answer = key_accounts.headline(key_accounts.STUDY.answer(load("key_accounts")))["fall"]
    question = _(
        "A manufacturer of washing machines sells 15.8% of its output to one store. The store leaves; a fifth of the "
        "lost margin is won elsewhere. What part of the profit goes?"
    )
    why = _("Fixed costs stay. What leaves is the margin that was to pay for them, so that profit falls much faster.")
    section = _("What the loss of the largest does to profit")
    return Guess(question, answer, 0, 100, "%", why=why, section=section, memory="guess:key_accounts")


def guess_complaints() -> Guess:
    """Return the guess that opens the part on complaints: how often the promise of twelve days is kept."""
    answer = complaints.headline(complaints.STUDY.answer(load("complaints")))["kept"]
    question = _(
        "A complaint goes through seven steps, none of which takes more than about three days on average. The firm "
        "promises to settle it within twelve days. In what share of cases is the promise kept?"
    )
    why = _("Seven short steps add up, and every one of them is sometimes slow: a mean says nothing about a promise.")
    section = _("Time per step and the promise")
    return Guess(question, answer, 0, 100, "%", why=why, section=section, memory="guess:key_accounts_complaints")


def guess_risk() -> Guess:
    """Return the guess that opens the part on risk: how much of the expected loss comes from one's own people."""
    answer = risk.headline(risk.STUDY.answer(*map(load, risk.STUDY.datasets)))["own_share"]
    question = _(
        "A manufacturer lists the incidents of three years. Its own salespeople kept takings, took goods, reported "
        "what was false and left with customers. Customers defaulted, committed fraud or disputed contracts. What part "
        "of the loss comes from its own people?"
    )
    why = _("Incidents with customers are more frequent, but the losses by one's own people are larger.")
    section = _("Expected loss")
    return Guess(question, answer, 0, 100, "%", why=why, section=section, memory="guess:key_accounts_risk")
