"""Chapter 9: customer and product analysis."""

from crmlib.chapters import Chapter, Recipe, Taught
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
    rows=(
        Taught(
            "S-38",
            sections=(
                "What customer analysis looks at",
                "Composition of customers",
                "Our share in a customer's purchases",
                "Products by sales, and plan attainment",
                "Margin rate",
                "Turnover and average stock",
                "Cross ratio",
                "Contribution ratio and contribution index",
                "Which product to push",
            ),
            studies=("ratios", "composition", "change", "trend"),
            items=(
                "match_ratios",
                "short_seven",
                "composition_by",
                "abc_then",
                "own_share_meaning",
                "own_share",
                "plan_and_season",
                "tf_attained",
                "tf_markup",
                "average_stock",
                "tf_ends",
                "turnover",
                "cross_ratio",
                "cross_says",
                "which_formula",
                "term_cross",
                "term_contribution",
                "order_cross",
                "contribution",
                "tfc_index",
                "essay_push",
                "case_bakery",
            ),
            cases=("food_factory",),
        ),
    ),
    recipe=Recipe(
        "make_analysis",
        drawn={"lift": (10, 40), "amount": (300_000, 1_000_000), "capital": (5, 20)},
        asked=("margin", "turnover", "cross", "gain", "forgone"),
    ),
)
