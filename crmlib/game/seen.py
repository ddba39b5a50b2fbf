"""What a team sees: the books, which are true, and the records, which are as good as the data entered.

What is not shown: how much of the records is right, the hidden types, who is about to leave.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlib.core.i18n import N_, NC_, _, language
from crmlib.game.decisions import MODULE, MODULES, PLACE
from crmlib.game.market import TYPES
from crmlib.game.state import State, value

SHOWN = 10
"""Accounts at the head of the list."""
BOOKS: Mapping[str, str] = {
    "sales": N_("Sales"),
    "margin": N_("Contribution margin"),
    "carrying": N_("Cost of credit"),
    "bad": N_("Bad debts"),
    "spent": N_("Spent"),
    "profit": N_("Profit"),
}
HEADS: Mapping[str, str] = {
    "modules": N_("Modules, with upkeep"),
    "training": N_("Training and help"),
    "incentive": N_("Bonus for good data"),
    "control": N_("Control of entries"),
    "cleaning": N_("Data cleaning"),
    "service": N_("Service by tier"),
    "key_accounts": NC_("lever", "Key accounts"),
    "acquisition": N_("Winning new accounts"),
    "reports": N_("Reports"),
}


def money(amount: float) -> str:
    """Return an amount given in 10,000 yuan, as each language writes it.

    >>> from crmlib.core import i18n
    >>> with i18n.speaking("en"): money(-184.25)
    '−¥1,842,500'
    >>> with i18n.speaking("zh"): money(184.25)
    '184 万元'
    """
    whole = round(abs(amount)) if language() == "zh" else round(abs(amount) * 100) * 100
    said = _("¥{amount}").format(amount=f"{whole:,}")
    return f"−{said}" if amount < 0 and whole else said


def books(state: State, game: int = 0) -> pd.DataFrame:
    """Return the accounts of all quarters played, a row a head, a column a quarter; true to the yuan."""
    columns = {
        _("Quarter {n}").format(n=n): [money(float(book[head][game])) for head in BOOKS]
        for n, book in enumerate(state.books, 1)
    }
    table = pd.DataFrame(columns, index=[_(label) for label in BOOKS.values()])
    return table.rename_axis(_("Books"))


def dashboard(state: State, game: int = 0) -> dict[str, str]:
    """Return what the system shows: figures by label, made from the records, right or wrong."""
    here = state.active[game]
    ready = [MODULE.shown(name) for name, there in zip(MODULES, state.built[game], strict=True) if there]
    facts = {
        _("Accounts on file"): f"{int(here.sum())}",
        _("Fields filled in"): f"{float(state.much[game].mean()):.0%}",
        _("Modules at work"): _(", ").join(ready) or _("none"),
    }
    if state.books and state.last[game, PLACE["report"]] == 1:
        facts[_("Satisfaction by survey, c = b ÷ a")] = f"{float(state.satisfaction[game, here].mean()):.2f}"
    return facts


def accounts(state: State, game: int = 0, most: int = SHOWN) -> pd.DataFrame:
    """Return the first accounts as the records have them, with our relationship type."""
    rows = first(state, game, most)
    table = {
        _("Recorded value a year"): [money(float(state.seen[game, n])) for n in rows],
        _("Recorded credit score"): [f"{state.seen_credit[game, n]:.0f}" for n in rows],
        _("Relationship type"): [int(state.level[game, n]) for n in rows],
        _("Key account"): [bool(state.key[game, n]) for n in rows],
    }
    return pd.DataFrame(table, index=[called(n) for n in rows]).rename_axis(_("Account"))


def revealed(state: State, game: int = 0, most: int = SHOWN) -> pd.DataFrame:
    """Return the same accounts with the truth beside the records: type, value, score, how much was right."""
    rows, m = first(state, game, most), state.market
    at = min(game, m.games - 1)
    true = value(state)
    table = {
        _("Hidden type"): [_(TYPES[m.kind[at, n]].label) for n in rows],
        _("Recorded value a year"): [money(float(state.seen[game, n])) for n in rows],
        _("True value a year"): [money(float(true[game, n])) for n in rows],
        _("Recorded credit score"): [f"{state.seen_credit[game, n]:.0f}" for n in rows],
        _("True credit score"): [f"{m.credit[at, n]:.0f}" for n in rows],
        _("Records right"): [f"{state.known[game, n]:.0%}" for n in rows],
    }
    return pd.DataFrame(table, index=[called(n) for n in rows]).rename_axis(_("Account"))


def first(state: State, game: int = 0, most: int = SHOWN) -> list[int]:
    """Return the places of the accounts with the highest recorded value, the highest first."""
    order = np.argsort(np.where(state.active[game], -state.seen[game], np.inf), kind="stable")
    return [int(n) for n in order[: min(most, int(state.active[game].sum()))]]


def called(place: int) -> str:
    """Return the number of an account, as the records call it.

    >>> called(6)
    'K007'
    """
    return f"K{place + 1:03}"
