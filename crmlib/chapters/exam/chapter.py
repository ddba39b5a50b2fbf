"""Chapter 12: the exam, its kinds of questions, how they are marked, and what to do with the time."""

from crmlib.chapters import Chapter, Recipe, Taught
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
    rows=(
        Taught(
            "S-44",
            sections=(
                "What the paper looks like",
                "Choice and true or false",
                "Short answers: expand briefly",
                "Essays: expand fully",
                "Cases: substance and reasons",
                "How answers are marked",
                "What a minute earns",
                "Dividing the time",
                "Should you guess?",
                "How to review",
            ),
            studies=("exam_minutes", "guessing"),
            items=(
                "largest_section",
                "fill_points",
                "kinds_match",
                "several_keys",
                "expand_briefly",
                "essay_or_short",
                "named_and_expanded",
                "case_marked",
                "opening_of_case",
                "case_earns",
                "case_steps",
                "term_rubric",
                "where_next_minute",
                "first_section",
                "minutes_by_points",
                "share_of_the_rest",
                "worth_of_guesses",
                "known_by_correction",
                "luck_with_statements",
                "essay_review",
            ),
            cases=("mock_exam",),
        ),
    ),
    recipe=Recipe(
        "make_mock_sittings",
        drawn={"pace": (80, 125), "kept": (0, 20), "for_case": (8, 30)},
        asked=("mean", "passed", "late", "case_reached"),
    ),
)
