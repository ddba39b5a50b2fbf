"""Chapter 6: customer value."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.customer_value.models import alive, campaign, clv, retention, rfm, winback
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=6,
    topic="customer_value",
    title=N_("Customer value"),
    about=N_("identification, RFM, lifetime value, churn and win-back, data mining"),
    step=NC_("step of the course", "value"),
    asks=N_("what a customer will be worth"),
    studies=(campaign.STUDY, rfm.STUDY, clv.STUDY, retention.STUDY, winback.STUDY, alive.STUDY),
    recipe=Recipe(
        "make_shop",
        drawn={"face": (10, 35), "uplift": (8, 18), "redeem": (20, 60)},
        asked=("kept", "wasted", "cost", "profit", "break_even"),
    ),
)
