"""Chapter 7: credit."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.credit.models import limits, policy, receivables, scoring
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=7,
    topic="credit",
    title=N_("Customer credit"),
    about=N_("credit standards and policy, investigation, grades and limits, receivables and collection"),
    step=NC_("step of the course", "credit"),
    asks=N_("who may owe how much, and for how long"),
    studies=(policy.STUDY, scoring.STUDY, limits.STUDY, receivables.STUDY),
    recipe=Recipe(
        "make_credit",
        drawn={"growth": (8, 25), "capital_cost": (6, 14), "variable_cost": (76, 86), "new_bad": (1.2, 2.2)},
        asked=("contribution", "receivables", "carrying", "profit", "break_even"),
    ),
)
