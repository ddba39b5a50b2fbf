"""Chapter 2: bank customer tiers."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.tiers.models import customer_file, pareto, pyramid, scorecard
from crmlib.chapters.tiers.models import tiers as model
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=2,
    topic="tiers",
    title=N_("Bank customer tiers"),
    about=N_("four criteria, six tiers, vetoes, 80/20, customer pyramid, value scorecard, customer file"),
    step=NC_("step of the course", "classification"),
    asks=N_("who is important, and who gets the resources"),
    studies=(model.STUDY, pareto.STUDY, pyramid.STUDY, scorecard.STUDY, customer_file.STUDY),
    recipe=Recipe(
        "make_bank_loans",
        drawn={"gold_from": (80, 88), "key_from": (71, 78), "overdue_veto": (45, 120), "lgd": (0.35, 0.6)},
        asked=("bound_firms", "moved_down", "violating_growth", "expected_loss", "expected_loss_rate"),
    ),
)
