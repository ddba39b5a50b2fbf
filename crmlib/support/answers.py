"""Model answers in numbered points, each with its marks, and specimens in three grades: in the bank and in the cases.

A model answer is a list, a line a point, and each point ends with what it earns: “1. … （2 分）”, “1. … (2 marks)”. A
specimen is an answer such as a student writes, with the marks that it earns and why.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Annotated

from pydantic import Field

from crmlib.core.i18n import LANGUAGES, _
from crmlib.support.strict_yaml import Part, Texts

EARNS = {
    "zh": re.compile(r"（(?P<marks>\d+(?:\.5)?) 分）$"),
    "en": re.compile(r"\((?P<marks>\d+(?:\.5)?) marks?\)$"),
}
"""How a point ends, by language."""
GRADES = 3
"""So many specimens there are of a question: full, half, weak."""


class Specimen(Part):
    """An answer such as a student writes: what it earns, and where its points were earned and lost."""

    points: Annotated[float, Field(ge=0)]
    answer: Texts
    why: Texts


def is_numbered(model: Texts) -> bool:
    """Tell whether a model answer is written as numbered points, or means to be."""
    return any(EARNS[lang].search(line) for lang in LANGUAGES for line in getattr(model, lang).splitlines())


def marks(model: str, lang: str) -> list[float]:
    """Return what each numbered point of a model answer earns.

    Raises:
        ValueError: a line is no numbered point, or does not end with its marks.
    """
    found = []
    for number, line in enumerate(model.splitlines(), 1):
        earns = EARNS[lang].search(line)
        if not earns or not line.startswith(f"{number}. "):
            example = {"zh": "（2 分）", "en": "(2 marks)"}[lang]
            said = _("model ({lang}), line {n}: begin it with “{n}. ” and end it with what it earns, “{example}”.")
            raise ValueError(said.format(lang=lang, n=number, example=example))
        found.append(float(earns["marks"]))
    return found


def check_model(model: Texts, points: float) -> None:
    """Refuse a model answer that is not in numbered points, or whose marks do not add up to the question's points.

    Raises:
        ValueError: with a sentence that says where.
    """
    zh, en = (marks(getattr(model, lang), lang) for lang in ("zh", "en"))
    if zh != en:
        raise ValueError(_("model: the marks of its points differ between zh and en."))
    if (total := sum(zh)) != points:
        said = _("model: the marks of its points add up to {total:g}, not to {points:g}.")
        raise ValueError(said.format(total=total, points=points))


def fills(model: Texts, criteria: Iterable[float]) -> bool:
    """Tell whether the points of a numbered model answer, in order, fill one criterion of the marking after the other.

    >>> fills(Texts(zh="…", en="1. One. (1 mark)\\n2. Two. (1 mark)\\n3. Three. (2 marks)"), [2, 2])
    True
    """
    return set(accumulate(criteria)) <= set(accumulate(marks(model.en, "en")))


def check_specimens(specimens: Iterable[Specimen], points: float) -> None:
    """Refuse specimens that are not three, with different marks, of which the first earns all points.

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    for fault in _faults([specimen.points for specimen in specimens], points):
        raise ValueError(fault)


def _faults(earned: list[float], points: float) -> Iterator[str]:
    if not earned:
        return
    if len(earned) != GRADES:
        yield _("specimens: there are {n}; write three: full, half, weak.").format(n=len(earned))
    if earned[0] != points:
        said = _("specimens: the first earns {first:g}; it must earn all {points:g} points.")
        yield said.format(first=earned[0], points=points)
    if any(better <= worse for better, worse in pairwise(earned)):
        yield _("specimens: each must earn less than the one before it.")
