"""Chapter 1: foundations of customer relationship management."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.foundations.models import life_cycle, winning
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=1,
    topic="foundations",
    title=N_("Foundations of CRM"),
    about=N_("what CRM is, customer and consumer, how the theory grew, winning and keeping, customer life cycle"),
    step=NC_("step of the course", "understanding"),
    asks=N_("what CRM is, and whether keeping a customer pays"),
    studies=(winning.STUDY, life_cycle.STUDY),
    recipe=Recipe(
        "make_members",
        drawn={"budget": (40_000, 120_000), "keep_share": (10, 60), "reach": (30, 70), "half": (60, 150)},
        asked=("retention", "won", "clv", "break_even", "times_margin", "end_customers"),
    ),
)
