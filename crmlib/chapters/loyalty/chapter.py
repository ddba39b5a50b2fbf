"""Chapter 4: customer loyalty."""

from crmlib.chapters import Chapter, Recipe, Taught
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
    rows=(
        Taught(
            "S-13",
            sections=("Satisfaction c = b / a",),
            studies=("loyalty",),
            items=(
                "met_expectation",
                "zero_expectation",
                "two_shops",
                "satisfaction",
                "tf_mean_ratio",
                "tf_ordinal",
                "mean_of_ratios",
                "three_conventions",
                "order_satisfaction",
            ),
        ),
        Taught(
            "S-18",
            sections=("Eight indicators of loyalty", "An index", "Two repeat purchase rates"),
            studies=("loyalty",),
            items=(
                "one_of_eight",
                "less_is_more",
                "direction",
                "tf_choosing_time",
                "two_halves",
                "case_coffee",
                "order_index",
                "missing",
                "tf_missing_zero",
                "repeat_rate",
                "tf_two_rates",
                "two_rates",
            ),
            cases=("loyalty",),
        ),
        Taught(
            "S-19", sections=("Five components",), studies=("loyalty",), items=("no_counterpart", "several_components")
        ),
        Taught(
            "S-20",
            sections=(
                "Satisfied customers are not necessarily loyal",
                "The net promoter score",
                "Share of wallet and rank",
                "Four kinds of loyalty",
            ),
            studies=("loyalty",),
            items=(
                "new_rival",
                "tf_satisfied",
                "tf_often_not_satisfied",
                "quadrant",
                "tf_latent",
                "four_kinds",
                "define_spurious",
                "promoters",
                "one_number",
                "rank_falls",
                "wallet_rule",
                "wallet",
                "case_gym",
            ),
            cases=("loyalty",),
        ),
        Taught(
            "S-21",
            sections=("How to raise loyalty",),
            items=(
                "unspoken",
                "one_stop",
                "customer_range",
                "recovery",
                "tf_surprise_first",
                "tf_complaints",
                "aplus_dentist",
                "fill_needs",
            ),
        ),
        Taught(
            "B-04", sections=("Four kinds of loyalty",), items=("what_holds", "fans", "points_card", "match_holders")
        ),
    ),
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
