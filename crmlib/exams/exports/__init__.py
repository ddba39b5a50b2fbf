"""Papers for learning platforms and decks of cards: a file a format, each a paper's questions with their keys."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from crmlib.core.i18n import N_, _, ngettext
from crmlib.exams.exports.anki import KINDS as ANKI_KINDS
from crmlib.exams.exports.anki import anki
from crmlib.exams.exports.gift import KINDS as GIFT_KINDS
from crmlib.exams.exports.gift import gift
from crmlib.exams.exports.moodle import KINDS as MOODLE_KINDS
from crmlib.exams.exports.moodle import moodle
from crmlib.exams.exports.platform import KINDS as PLATFORM_KINDS
from crmlib.exams.exports.platform import text, word, xlsx
from crmlib.exams.exports.qti12 import KINDS as QTI12_KINDS
from crmlib.exams.exports.qti12 import qti12
from crmlib.exams.exports.qti21 import KINDS as QTI21_KINDS
from crmlib.exams.exports.qti21 import qti21
from crmlib.exams.paper import Paper, Question
from crmlib.items.item import KINDS as ITEM_KINDS


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


HOLD: Mapping[str, tuple[tuple[str, Collection[str]], ...]] = {
    "moodle": (("Moodle XML", MOODLE_KINDS),),
    "qti": (("QTI 1.2", QTI12_KINDS), ("QTI 2.1", QTI21_KINDS)),
    "qti-feedback": (("QTI 2.1", QTI21_KINDS),),
    "gift": (("GIFT", GIFT_KINDS),),
    "anki": (("Anki", ANKI_KINDS),),
    **dict.fromkeys(("xlsx", "text", "word"), ((N_("Workbook, text and Word"), PLATFORM_KINDS),)),
}
"""The kinds of questions that each format can hold, by the name of the files."""


def _not_held(formats: Iterable[str], questions: Sequence[Question]) -> Iterator[str]:
    """Yield a sentence for each format that leaves questions out because it cannot hold their kind."""
    files = dict(one for fmt in formats for one in HOLD[fmt])
    for name, kinds in files.items():
        odd = Counter(q.kind for q in questions if q.kind not in kinds)
        if odd:
            said = ngettext(
                "{name}: {n} question is left out of the file, for the format cannot hold it ({kinds}).",
                "{name}: {n} questions are left out of the file, for the format cannot hold them ({kinds}).",
                odd.total(),
            )
            named = _(", ").join(_(ITEM_KINDS[kind]) for kind in ITEM_KINDS if odd[kind])
            yield said.format(name=_(name), n=odd.total(), kinds=named)


def left_out(formats: Iterable[str], papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a sentence for each thing on papers that a format has no place for, translated."""
    known, questions = set(formats), [q for paper in papers for q in paper.questions]
    yield from _not_held(sorted(known & set(HOLD)), questions)
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
