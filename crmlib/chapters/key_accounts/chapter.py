"""Chapter 10: key accounts, complaints and risk."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.key_accounts.models import complaints, funnel, key_accounts, risk, signs
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=10,
    topic="key_accounts",
    title=N_("Key accounts, complaints and risk"),
    about=N_("concentration, sales funnel; seven steps of a complaint; fourteen controls of marketing risk"),
    step=NC_("step of the course", "risk"),
    asks=N_("whether key accounts will last, how to handle complaints, whether gaps are closed"),
    studies=(key_accounts.STUDY, funnel.STUDY, complaints.STUDY, risk.STUDY, signs.STUDY),
    recipe=Recipe(
        "make_key_accounts",
        drawn={"least": (0.6, 1.4), "replaced": (0, 40), "uplift": (3, 10)},
        asked=("key", "largest", "hhi", "profit_then", "net_gain"),
    ),
    further={
        "complaints": Recipe(
            "make_key_accounts",
            drawn={"promise": (8, 18), "voice": (4, 20), "mend": (20, 80), "margin": (200, 600)},
            asked=("kept", "silent", "silent_loss", "gain"),
        ),
        "risk": Recipe(
            "make_key_accounts",
            drawn={"often": (0.8, 1.6), "large": (0.8, 1.6), "effect": (70, 100), "budget": (80_000, 200_000)},
            asked=("before", "after", "spent", "net_gain"),
        ),
    },
)
