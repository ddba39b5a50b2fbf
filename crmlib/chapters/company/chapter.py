"""Chapter 11: company XX, a CRM project."""

from crmlib.chapters import Chapter, Recipe, Taught
from crmlib.chapters.company.models import audit, diagnosis, opportunities, performance, rollout
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=11,
    topic="company",
    title=N_("Company XX: a CRM project"),
    about=N_("diagnosis, data quality, four measures of performance, phases against all at once, opportunities"),
    step=NC_("step of the course", "a whole case"),
    asks=N_("what is wrong with a firm's CRM project, and how to mend it"),
    studies=(audit.STUDY, diagnosis.STUDY, performance.STUDY, rollout.STUDY, opportunities.STUDY),
    rows=(
        Taught(
            "S-43",
            sections=(
                "What kind of company XX is",
                "Three modules of the platform",
                "Four measures of performance",
                "Opportunities: entered is not won",
                "Diagnosis board: symptom, problem, cause, remedy",
                "A data-quality audit",
                "The data score",
                "Phases or all at once",
                "A customer-centred culture",
                "Why CRM projects fail, and what lets them succeed",
            ),
            studies=("crm_audit", "crm_diagnosis", "four_measures", "crm_rollout", "opportunity_test"),
            items=(
                "two_counts",
                "first_cause",
                "tf_vip",
                "portal",
                "fill_modules",
                "old_measure",
                "multi_measures",
                "stock_turnover",
                "our_share",
                "four_points",
                "essay_measures",
                "counted_growth",
                "rate_change",
                "case_dealer",
                "front_first",
                "order_diagnosis",
                "match_cause",
                "match_remedy",
                "short_problems",
                "audit_witness",
                "short_audit",
                "data_score",
                "once_wins",
                "case_rollout",
                "overload",
                "culture_trait",
                "short_traits",
                "minefield",
            ),
            cases=("company",),
        ),
    ),
    recipe=Recipe(
        "make_company",
        drawn={"stale_days": (240, 500), "hours": (5, 20), "allowed": (0, 1)},
        asked=("usable", "duplicate", "left_out", "score", "covered"),
    ),
)
