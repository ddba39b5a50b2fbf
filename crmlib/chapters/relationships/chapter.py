"""Chapter 5: types of relationships."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.relationships.models import relationships as model
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=5,
    topic="relationships",
    title=N_("Relationship types"),
    about=N_("how marketing concepts developed, five types of relationship, service hours and a budget"),
    step=NC_("step of the course", "relationships"),
    asks=N_("how to deal with whom, and for how many hours"),
    studies=(model.STUDY,),
    recipe=Recipe(
        "make_accounts",
        drawn={"budget": (3000, 5000), "cost_per_hour": (200, 300), "discount": (0.06, 0.14), "margin_fall": (0, 15)},
        asked=("plan_gain", "matrix_gain", "matrix_hours", "hour_rate", "partners"),
    ),
)
