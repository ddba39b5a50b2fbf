"""Chapter 11: company XX, a CRM project."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.company.models import audit, diagnosis, opportunities, performance, rollout
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=11,
    topic="company",
    title=N_("Company XX: a CRM project"),
    about=N_("diagnosis, data quality, four measures of performance, phases against all at once, opportunities"),
    step=NC_("step of the course", "a whole case"),
    asks=N_("what is wrong with a firm's CRM project, and how to mend it"),
    studies=(audit.STUDY, diagnosis.STUDY, performance.STUDY, rollout.STUDY, opportunities.STUDY),
    recipe=Recipe(
        "make_company",
        drawn={"stale_days": (240, 500), "hours": (5, 20), "allowed": (0, 1)},
        asked=("usable", "duplicate", "left_out", "score", "covered"),
    ),
)
