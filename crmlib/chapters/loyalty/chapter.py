"""Chapter 4: customer loyalty."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=4,
    topic="loyalty",
    title=N_("Loyalty"),
    about=N_(
        "satisfaction, eight loyalty indicators, share of wallet, four kinds of loyalty, why satisfied "
        "customers are not necessarily loyal"
    ),
    step=NC_("step of the course", "loyalty"),
    asks=N_("who will stay, and what holds them"),
    studies=(model.STUDY,),
    recipe=Recipe(
        "make_loyalty",
        drawn={
            "recommend_weight": (0.1, 0.25),
            "wallet_weight": (0.1, 0.3),
            "loyal_from": (54, 66),
            "attitude_cut": (54, 66),
        },
        asked=("satisfaction", "index_change", "satisfied_not_loyal", "true_loyal", "nps", "wallet_by_rank"),
    ),
)
