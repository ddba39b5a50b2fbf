"""Chapter 8: selecting and motivating distributors."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.distributors.models import discounts, motivation
from crmlib.chapters.distributors.models import distributors as model
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=8,
    topic="distributors",
    title=N_("Distributors: selection and motivation"),
    about=N_("eight factors, scoring and its robustness, AHP, TOPSIS"),
    step=NC_("step of the course", "channel"),
    asks=N_("through whom to sell, and how to make them want to"),
    studies=(model.STUDY, motivation.STUDY, discounts.STUDY),
    recipe=Recipe(
        "make_distributors",
        drawn={"coverage_weight": (10, 25), "willingness_weight": (15, 35), "finances_weight": (10, 30)},
        asked=("score", "lead", "smallest_change", "favour", "consistency"),
    ),
    further={
        "motivation": Recipe(
            "make_depletions",
            drawn={"rate_3": (3, 5), "dumping": (4, 7.5), "maker_margin": (25, 35), "service": (92, 98)},
            asked=("order", "stuffed", "maker_gain", "safety", "reorder"),
        )
    },
)
