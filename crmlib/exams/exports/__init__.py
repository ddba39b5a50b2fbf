"""Papers for learning platforms and decks of cards: a file a format, each a paper's questions with their keys."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from crmlib.core.i18n import N_, _, ngettext
from crmlib.exams.exports.anki import anki
from crmlib.exams.exports.gift import gift
from crmlib.exams.exports.gift import holds as gift_holds
from crmlib.exams.exports.moodle import holds as moodle_holds
from crmlib.exams.exports.moodle import moodle, weight
from crmlib.exams.exports.platform import holds as platform_holds
from crmlib.exams.exports.platform import text, word, xlsx
from crmlib.exams.exports.qti12 import holds as qti12_holds
from crmlib.exams.exports.qti12 import qti12
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


HOLD: Mapping[str, tuple[tuple[str, Callable[[Question], bool]], ...]] = {
    "moodle": (("Moodle XML", moodle_holds),),
    "qti": (("QTI 1.2", qti12_holds),),
    "gift": (("GIFT", gift_holds),),
    **dict.fromkeys(("xlsx", "text", "word"), ((N_("Workbook, text and Word"), platform_holds),)),
}
"""Which questions each format can hold, by the name of the files; what is not named holds all."""


def _not_held(formats: Iterable[str], questions: Sequence[Question]) -> Iterator[str]:
    """Yield a sentence for each format that leaves questions out because it cannot hold their kind."""
    files = dict(one for fmt in formats for one in HOLD[fmt])
    each = {q.id: q for q in questions}.values()
    for name, holds in files.items():
        odd = Counter(q.kind for q in each if not holds(q))
        if odd:
            said = ngettext(
                "{name}: {n} question is left out of the file, for the format cannot hold it ({kinds}).",
                "{name}: {n} questions are left out of the file, for the format cannot hold them ({kinds}).",
                odd.total(),
            )
            named = _(", ").join(_(ITEM_KINDS[kind]) for kind in ITEM_KINDS if odd[kind])
            yield said.format(name=_(name), n=odd.total(), kinds=named)


def _in_their_own_way(known: Collection[str], questions: Sequence[Question]) -> Iterator[str]:
    """Yield a sentence for each kind of question that a platform marks otherwise than the bank does."""
    kinds = {q.kind for q in questions}
    for fmt, name in (("moodle", "Moodle XML"), ("gift", "GIFT"), ("qti", "QTI 1.2")):
        if fmt in known and "multi" in kinds:
            said = _("{name}: of several right options each earns its share, where the paper gives half.")
            yield said.format(name=name)
    if "moodle" in known and "order" in kinds:
        yield _("Moodle XML: ordering needs the question type “Ordering”, which older Moodles have as a plugin alone.")
    if "moodle" in known and any(weight(q) * len(q.accept) != q.points for q in questions if q.accept):
        yield _("Moodle XML: blanks earn whole points alone; set the mark of the question in the quiz.")


def left_out(formats: Iterable[str], papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a sentence for each thing on papers that a format has no place for, translated."""
    known, questions = set(formats), [q for paper in papers for q in paper.questions]
    yield from _not_held(sorted(known & set(HOLD)), questions)
    yield from _in_their_own_way(known, questions)
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
