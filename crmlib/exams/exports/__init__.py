"""Papers for learning platforms and decks of cards: a file a format, each a paper's questions with their keys."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from crmlib.core.i18n import _
from crmlib.exams.exports.anki import anki
from crmlib.exams.exports.gift import gift
from crmlib.exams.exports.moodle import moodle
from crmlib.exams.exports.platform import text, word, xlsx
from crmlib.exams.exports.qti12 import qti12
from crmlib.exams.exports.qti21 import qti21
from crmlib.exams.paper import Paper, Question


def qti(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as QTI 1.2, for Canvas, and as QTI 2.1, for others."""
    return [qti12(paper), qti21(paper)]


def qti_feedback(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as QTI 2.1 that shows feedback to each answer: for practice, not for an exam."""
    return [qti21(paper, feedback=True)]


EXPORTS: Mapping[str, Callable[[Paper], list[tuple[str, bytes]]]] = {
    "moodle": moodle,
    "qti": qti,
    "qti-feedback": qti_feedback,
    "gift": gift,
    "anki": anki,
    "xlsx": xlsx,
    "text": text,
    "word": word,
}
"""By the name that ``crm exam make --to`` knows: a paper → the end of each file's name with what is in it."""


def _has_points(questions: Iterable[Question]) -> bool:
    return any(q.points != 1 for q in questions)


def _has_hints(questions: Iterable[Question]) -> bool:
    return any(q.hints for q in questions)


def _has_rubrics(questions: Iterable[Question]) -> bool:
    return any(q.rubric for q in questions)


def left_out(formats: Iterable[str], papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a sentence for each thing on papers that a format has no place for, translated."""
    known, questions = set(formats), [q for paper in papers for q in paper.questions]
    if "gift" in known:
        if _has_points(questions):
            yield _("GIFT: points cannot be carried; every question counts 1 until you set it. A tag says its points.")
        if any(q.unit for q in questions):
            yield _("GIFT: a unit is told with the question; an answer is given as a bare number.")
        if _has_hints(questions):
            yield _("GIFT: hints are left out; Moodle XML has them.")
    if "qti" in known and _has_hints(questions):
        yield _("QTI: hints are left out.")
    if known & {"xlsx", "text", "word"}:
        if any(q.within for q in questions):
            yield _("Workbook, text and Word: how far a number may be off is left out; set it on the platform.")
        if _has_hints(questions) or _has_rubrics(questions):
            yield _("Workbook, text and Word: hints and rubrics are left out.")
    if known & {"gift", "qti"} and _has_rubrics(questions):
        yield _("GIFT and QTI for Canvas: model answers and rubrics are left out, for students would see them.")
