"""What a team decides each quarter, declared once: from it come controls, checks and the columns of a CSV file.

Money is in 10,000 yuan a quarter. A *move* is a row of numbers, one a lever in the order of :data:`LEVERS`; a choice
is its place in the list of choices. Moves of several games stand one below another, so that all are played at once.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from crmlib.core.i18n import N_, NC_
from crmlib.core.inputs import Inputs, Setting, setting
from crmlib.formulas.arrays import Floats

QUARTERS = 8
BUDGET = 240.0
"""What may be spent a quarter, in 10,000 yuan; what is not spent stays in the firm and counts."""
MODULES = ("base", "applications", "portal")
"""The three modules of the platform, in the order in which each builds on the one before."""
MODULE_COST = np.array([50.0, 70.0, 50.0])
MODULE_UPKEEP = np.array([2.0, 4.0, 3.0])
"""What a module costs each quarter once it is there: licences and upkeep."""
AT_ONCE = 1.3
"""Factor on the cost of modules that are built together: interfaces, consultants, overtime."""
LEVEL_COST = np.array([0.0, 0.12, 0.40, 0.85, 1.8])
"""Cost of an account a quarter by relationship type: basic, reactive, accountable, proactive, partnership."""
KEY_COST = 1.8
"""Cost of a key account a quarter: its share of a manager, of travel and of joint projects."""
REPORT_COST = np.array([0.0, 10.0, 12.0, 25.0])
SYSTEM, DATA, SERVICE = N_("The system and its users"), N_("Data"), N_("Accounts and service")
RISK = N_("Credit and reports")
AMOUNTS = ("training", "incentive", "control", "cleaning", "acquisition")
"""Levers that are amounts of money."""
MONEY = N_("10,000 yuan")


class Decisions(Inputs):
    """The decisions of one quarter. The defaults spend nothing and leave service and credit at their simplest."""

    module: Literal["none", "base", "applications", "portal", "all"] = setting(
        "none",
        N_("Module to build"),
        choices={
            "none": N_("no module"),
            "base": N_("base information"),
            "applications": N_("applications"),
            "portal": N_("business-flow portal"),
            "all": N_("all that are missing, at once"),
        },
        group=SYSTEM,
        help=N_(
            "A module is ready in the next quarter. Each builds on the one before: base information, applications, "
            "portal. All at once costs 30% more and swamps the users for a while."
        ),
    )
    training: int = setting(
        0,
        N_("Training and help"),
        low=0,
        high=60,
        step=2,
        unit=MONEY,
        group=SYSTEM,
        help=N_("Salespeople learn to use the system for their own work. What they learn fades."),
    )
    incentive: int = setting(
        0,
        N_("Bonus for good data"),
        low=0,
        high=60,
        step=2,
        unit=MONEY,
        group=SYSTEM,
        help=N_("A bonus for entries that are complete and correct; they share their “own relations” more readily."),
    )
    control: int = setting(
        0,
        N_("Control of entries"),
        low=0,
        high=60,
        step=2,
        unit=MONEY,
        group=SYSTEM,
        help=N_("Head office counts entries and reports who enters little. More is entered; what is it worth?"),
    )
    cleaning: int = setting(
        0,
        N_("Data cleaning"),
        low=0,
        high=60,
        step=2,
        unit=MONEY,
        group=DATA,
        help=N_("Duplicates and stale or impossible entries are mended. Without good entry they come back."),
    )
    service_a: int = setting(
        0,
        N_("Relationship type, tier A"),
        low=0,
        high=4,
        step=1,
        group=SERVICE,
        help=N_("From 0 basic to 4 partnership, for the 15% of accounts whose recorded value is highest."),
    )
    service_b: int = setting(
        0,
        N_("Relationship type, tier B"),
        low=0,
        high=4,
        step=1,
        group=SERVICE,
        help=N_("From 0 basic to 4 partnership, for the next 35% of accounts by recorded value."),
    )
    service_c: int = setting(
        0,
        N_("Relationship type, tier C"),
        low=0,
        high=4,
        step=1,
        group=SERVICE,
        help=N_("From 0 basic to 4 partnership, for the other half of the accounts."),
    )
    key_accounts: int = setting(
        0,
        NC_("lever", "Key accounts"),
        low=0,
        high=30,
        step=1,
        unit=N_("accounts"),
        group=SERVICE,
        help=N_("So many accounts, the first by recorded value, get a manager of their own: ¥18,000 each a quarter."),
    )
    acquisition: int = setting(
        0,
        N_("Winning new accounts"),
        low=0,
        high=60,
        step=2,
        unit=MONEY,
        group=SERVICE,
        help=N_("More money wins more accounts, each further one at a higher cost."),
    )
    credit_days: int = setting(
        30,
        N_("Credit period"),
        low=0,
        high=90,
        step=15,
        unit=N_("days"),
        group=RISK,
        help=N_("A longer period sells more, ties up money and makes a loss larger."),
    )
    credit_line: int = setting(
        0,
        N_("Lowest credit score with open credit"),
        low=0,
        high=100,
        step=5,
        unit=N_("points"),
        group=RISK,
        help=N_("Accounts whose recorded score is lower pay in advance, and buy less. At 0 everybody has credit."),
    )
    report: Literal["none", "survey", "credit", "outlook"] = setting(
        "none",
        N_("Report to buy"),
        choices={
            "none": N_("no report"),
            "survey": N_("satisfaction survey (¥100,000)"),
            "credit": N_("credit reports on all accounts (¥120,000)"),
            "outlook": N_("“CRM outlook”, a glossy study (¥250,000)"),
        },
        group=RISK,
        help=N_("A report may be worth its price or not; the game does not say."),
    )


LEVERS = tuple(s.name for s in Decisions.settings())
PLACE = {name: place for place, name in enumerate(LEVERS)}
MODULE = Decisions.setting_of("module")
LOW = np.array([0.0 if s.choices else float(s.low or 0) for s in Decisions.settings()])
HIGH = np.array([len(s.choices) - 1.0 if s.choices else float(s.high or 0) for s in Decisions.settings()])
STEP = np.array([1.0 if s.choices else float(s.step or 1) for s in Decisions.settings()])


def move(decisions: Decisions) -> Floats:
    """Return decisions as a row of numbers.

    >>> move(Decisions(module="portal", training=10))[:2].tolist()
    [3.0, 10.0]
    """
    values = decisions.model_dump()
    return np.array([_number(s, values[s.name]) for s in Decisions.settings()])


def _number(s: Setting, value: object) -> float:
    return float(s.choices.index(str(value))) if s.choices else float(str(value))


def decided(row: Sequence[float] | Floats) -> Decisions:
    """Return a row of numbers as decisions.

    Raises:
        InputError: a number is out of its bounds.
    """
    values: dict[str, Any] = {
        s.name: s.choices[int(n)] if s.choices else int(n)
        for s, n in zip(Decisions.settings(), np.asarray(row).tolist(), strict=True)
    }
    return Decisions(**values)


def plan(quarters: Sequence[Decisions]) -> Floats:
    """Return the decisions of all quarters, quarters × levers."""
    return np.array([move(one) for one in quarters])


NOTHING = move(Decisions())
"""The move that buys nothing."""
