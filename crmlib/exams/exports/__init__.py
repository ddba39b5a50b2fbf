"""Papers for learning platforms and decks of cards: a file a format, each a paper's questions with their keys."""

from collections.abc import Callable, Mapping

from crmlib.exams.exports.anki import anki
from crmlib.exams.exports.gift import gift
from crmlib.exams.exports.moodle import moodle
from crmlib.exams.exports.qti12 import qti12
from crmlib.exams.exports.qti21 import qti21
from crmlib.exams.paper import Paper


def qti(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as QTI 1.2, for Canvas, and as QTI 2.1, for others."""
    return [qti12(paper), qti21(paper)]


EXPORTS: Mapping[str, Callable[[Paper], list[tuple[str, bytes]]]] = {
    "moodle": moodle,
    "qti": qti,
    "gift": gift,
    "anki": anki,
}
"""By the name that ``crm exam make --to`` knows: a paper → the end of each file's name with what is in it."""
