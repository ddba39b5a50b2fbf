"""Chapter 6: customer value."""

from crmlib.chapters import Chapter, Recipe, Taught
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
    rows=(
        Taught(
            "S-26",
            sections=(
                "Identification, as against segmentation and selection",
                "RFM: three indicators",
                "Lifetime value: say the conventions first",
                "Who gets a voucher",
            ),
            studies=("rfm", "clv", "campaign"),
            items=(
                "identify",
                "identify_winning",
                "tf_identify",
                "term_identify",
                "short_identify",
                "rfm_ties",
                "rfm_limit",
                "quintile_score",
                "weighted_score",
                "clv_conventions",
                "clv_timing",
                "clv_three",
                "voucher_gain",
                "case_rfm",
            ),
            cases=("shop_vouchers",),
        ),
        Taught(
            "B-07",
            sections=("Data warehouse and data mining",),
            studies=("rfm",),
            items=(
                "mining_task",
                "lift_one",
                "warehouse",
                "tf_warehouse",
                "tf_cluster",
                "tf_test",
                "order_mining",
                "match_mining",
                "term_warehouse",
                "essay_mining",
            ),
        ),
        Taught(
            "B-09",
            sections=("Churn, seen and unseen", "Warning and winning back", "Is a silent customer still one? BG/NBD"),
            studies=("retention", "winback", "alive"),
            items=(
                "contractual",
                "curve_rises",
                "tf_silence",
                "tf_multiply",
                "tfc_contract",
                "fill_life",
                "term_churn",
                "yearly_rate",
                "retention_rate",
                "signs",
                "fill_winback",
                "match_metrics",
                "short_warning",
                "break_even_success",
                "list_lift",
                "win_back",
            ),
        ),
    ),
    recipe=Recipe(
        "make_shop",
        drawn={"face": (10, 35), "uplift": (8, 18), "redeem": (20, 60)},
        asked=("kept", "wasted", "cost", "profit", "break_even"),
    ),
)
