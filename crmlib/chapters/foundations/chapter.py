"""Chapter 1: foundations of customer relationship management."""

from crmlib.chapters import Chapter, Recipe, Taught
from crmlib.chapters.foundations.models import life_cycle, winning
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=1,
    topic="foundations",
    title=N_("Foundations of CRM"),
    about=N_("what CRM is, customer and consumer, how the theory grew, winning and keeping, customer life cycle"),
    step=NC_("step of the course", "understanding"),
    asks=N_("what CRM is, and whether keeping a customer pays"),
    studies=(winning.STUDY, life_cycle.STUDY),
    rows=(
        Taught(
            "S-01",
            sections=("What CRM is",),
            items=(
                "two_points",
                "core",
                "strategy_level",
                "tf_installed",
                "tf_share_of_customer",
                "which_crm_is",
                "tfc_levels",
                "term_crm",
                "term_share",
            ),
        ),
        Taught(
            "S-02",
            sections=("Customer and consumer",),
            items=("levels_of_customers", "which_task", "tf_reseller", "milk_tea"),
        ),
        Taught(
            "S-03",
            sections=("Why it came about, and how it grew",),
            items=("growth_period", "technology_push", "tfc_periods"),
        ),
        Taught(
            "S-04",
            sections=("Functions, meaning and basic requirements",),
            items=("win_back", "coaching", "tf_independent", "final_aim", "benefits"),
        ),
        Taught(
            "S-05",
            sections=("When winning a customer pays", "Does “five times” hold?", "Do “five points” hold?"),
            studies=("winning",),
            items=(
                "fill_break_even",
                "stand_still",
                "break_even_rate",
                "would_have_stayed",
                "divide_budget",
                "tf_keeping_only",
                "tf_five_times",
                "cost_per_kept",
                "cost_of_one_more",
                "essay_five_times",
                "claim_condition",
                "five_more_points",
                "point_worth",
                "which_plan",
            ),
            cases=("gym_chain",),
        ),
        Taught(
            "B-01",
            sections=("The four stages of the customer life cycle", "Five patterns of profit", "When to stop"),
            studies=("life_cycle",),
            items=(
                "formation",
                "tf_profit_peak",
                "tf_long_customer",
                "tfc_stage",
                "term_life_cycle",
                "four_stages_order",
                "stage_told",
                "broken_off",
                "years_of_care",
            ),
        ),
        Taught(
            "B-02",
            sections=("Three types of CRM, and call centres",),
            items=(
                "analytical_work",
                "third_generation",
                "tf_collaborative",
                "tf_voice",
                "operational_jobs",
                "generations_match",
                "optician",
            ),
        ),
        Taught(
            "B-06",
            sections=("What stood at the centre of management",),
            items=("next_centre", "tf_sales_profit", "centres_order", "five_centres"),
        ),
        Taught(
            "B-08",
            sections=("Customers are worth more than profit",),
            items=("gathering", "beside_profit", "worth_match", "no_profit_yet"),
        ),
    ),
    recipe=Recipe(
        "make_members",
        drawn={"budget": (40_000, 120_000), "keep_share": (10, 60), "reach": (30, 70), "half": (60, 150)},
        asked=("retention", "won", "clv", "break_even", "times_margin", "end_customers"),
    ),
)
