"""Chapter 9: customer and product analysis."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.analysis.models import change, composition, ratios, trend
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=9,
    topic="analysis",
    title=N_("Customer and product analysis"),
    about=N_("composition, own share, margin and turnover, cross ratio, price–volume–mix, season"),
    step=NC_("step of the course", "analysis"),
    asks=N_("whom and what to sell, and where the money comes from"),
    studies=(ratios.STUDY, change.STUDY, composition.STUDY, trend.STUDY),
    recipe=Recipe(
        "make_analysis",
        drawn={"lift": (10, 40), "amount": (300_000, 1_000_000), "capital": (5, 20)},
        asked=("margin", "turnover", "cross", "gain", "forgone"),
    ),
)
