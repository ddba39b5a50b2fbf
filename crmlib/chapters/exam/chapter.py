"""Chapter 12: the exam, its kinds of questions, how they are marked, and what to do with the time."""

from crmlib.chapters import Chapter, Recipe
from crmlib.chapters.exam.models import guessing, minutes
from crmlib.core.i18n import N_, NC_

CHAPTER = Chapter(
    number=12,
    topic="exam",
    title=N_("The exam"),
    about=N_("kinds of questions, how they are marked, use of time, mock exam, formulas and terms of the course"),
    step=NC_("step of the course", "exam"),
    asks=N_("how to turn what you know into marks"),
    studies=(minutes.STUDY, guessing.STUDY),
    recipe=Recipe(
        "make_mock_sittings",
        drawn={"pace": (80, 125), "kept": (0, 20), "for_case": (8, 30)},
        asked=("mean", "passed", "late", "case_reached"),
    ),
)
