"""Chapter 3: satisfaction and service."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.satisfaction.models import blueprint, csi, gaps, kano, sampling
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=3,
    topic="satisfaction",
    title=N_("Satisfaction and service"),
    about=N_("satisfaction index, Kano, surveys, gaps of service quality, service blueprint"),
    step=NC_("step of the course", "satisfaction"),
    asks=N_("who is satisfied, and what is amiss"),
    studies=(blueprint.STUDY, csi.STUDY, kano.STUDY, sampling.STUDY, gaps.STUDY),
    recipe=Recipe(
        "make_service",
        drawn={"loss": (30, 60), "budget": (20_000, 45_000), "busy": (0.8, 1.5)},
        asked=("success_now", "success_then", "spoiled_now", "spent", "net_gain"),
    ),
)
