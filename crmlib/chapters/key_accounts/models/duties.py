"""Separation of duties, checked over a table of who may do what.

The pairs that one person must not hold follow the source's rule that managing money, spending it and recording it are
in different hands, and usual practice of internal control. A person without such a pair is in order.
"""

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _

DUTIES = {
    "credit": N_("approve credit"),
    "price": N_("approve prices"),
    "expense": N_("approve expenses"),
    "hire": N_("hire people"),
    "order": N_("take orders"),
    "visit": N_("visit customers"),
    "ship": N_("ship goods"),
    "collect": N_("collect money"),
    "ledger": N_("keep the ledger"),
    "invoice": N_("issue invoices"),
    "reconcile": N_("reconcile accounts"),
    "count": N_("count stock"),
}
ROLES = {
    "manager": N_("manager"),
    "sales": N_("salesperson"),
    "office": N_("branch office"),
    "finance": N_("finance"),
    "warehouse": N_("warehouse"),
}
APART = {
    ("order", "credit"): N_("sells and allows the credit"),
    ("visit", "credit"): N_("sells and allows the credit"),
    ("order", "price"): N_("sells and sets the price"),
    ("collect", "ledger"): N_("takes money and records it"),
    ("collect", "reconcile"): N_("takes money and checks it"),
    ("collect", "order"): N_("sells and takes the money"),
    ("collect", "invoice"): N_("bills and takes the money"),
    ("ship", "count"): N_("gives out goods and counts them"),
    ("ship", "order"): N_("sells and gives out the goods"),
    ("ship", "ledger"): N_("gives out goods and records them"),
    ("collect", "expense"): N_("takes money and spends it"),
    ("ledger", "reconcile"): N_("records and checks the record"),
}
"""Pairs of duties that one person must not hold, and why."""


@dataclass(frozen=True)
class Conflicts:
    """Who holds a pair that must be apart: (person, role, duty, duty) in the order of the table."""

    found: list[tuple[str, str, str, str]]
    people: int
    checked: int


PEOPLE = (N_("Wang"), N_("Li"), N_("Zhang"), N_("Chen"))
"""Names of people of whom only one can be chosen."""


def pair(one: str, other: str) -> str:
    """Return two duties, named in the language now spoken."""
    return _("{one} and {other}").format(one=_(DUTIES[one]), other=_(DUTIES[other]))


def apart(one: str, other: str) -> str:
    """Return why two duties must be in different hands, a msgid; empty where they may be in one.

    >>> apart("ledger", "collect"), apart("visit", "order")
    ('takes money and records it', '')
    """
    return APART.get((one, other)) or APART.get((other, one)) or ""


def conflicts(duties: pd.DataFrame) -> Conflicts:
    """Check a table with the columns of ``data/duties.yaml``.

    Raises:
        DataError: the table is empty, or a person has two positions.
    """
    if not len(duties):
        raise DataError(_("The table of duties is empty."))
    found, people = [], duties.groupby("person_id", sort=False)
    for person, rows in people:
        roles = rows["role"].unique()
        if len(roles) > 1:
            raise DataError(_("Person {id} has two positions; write one of them in all rows.").format(id=person))
        held = sorted(rows["duty"], key=list(DUTIES).index)
        found += [(str(person), str(roles[0]), a, b) for a, b in combinations(held, 2) if apart(a, b)]
    return Conflicts(found, len({one[0] for one in found}), people.ngroups)
