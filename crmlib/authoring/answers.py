"""What a chapter still lacks of answers: model answers in points to questions in words, specimens of each kind."""

from collections.abc import Iterator, Sequence

from crmlib.authoring.folders import shown
from crmlib.casebook import Case
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK
from crmlib.items.bank import bank
from crmlib.items.item import KINDS, Written
from crmlib.support.answers import fills, is_numbered
from crmlib.support.strict_yaml import Texts

WANTED = ("short", "essay", "case")
"""Of each of these kinds one question of a chapter has specimens, in the bank or among those of its cases."""
ALIKE = {"discussion": "essay"}
"""A question of a case that is answered like an item of another kind."""


def lacks(topic: str, cases: Sequence[Case]) -> Iterator[str]:
    """Yield a translated sentence for each answer that a chapter still lacks.

    Raises:
        UserError: the bank or a case cannot be read.
    """
    file = shown(CASEBOOK / "items" / f"{topic}.yaml")
    written = [item for item in bank().of(topic) if isinstance(item, Written)]
    found: set[str] = {item.type for item in written if item.specimens}
    for item in written:
        yield from _model(file, item.id, item.model, [criterion.points for criterion in item.rubric])
    for case in cases:
        for q in case.questions:
            yield from _model(shown(case.folder / "questions.yaml"), q.id, q.model, [one.points for one in q.marking])
        found |= {ALIKE.get(q.kind, q.kind) for q in case.questions if q.specimens}
    for kind in WANTED:
        if kind not in found:
            said = _(
                "{file}: no question of the kind “{kind}” has specimens; write three answers to one, here or in a case."
            )
            yield said.format(file=file, kind=_(KINDS[kind]))


def _model(file: str, id: str, model: Texts | None, criteria: list[int]) -> Iterator[str]:
    """Say so where a model answer is missing, is not in points, or its points do not go by the criteria."""
    if model is None or not is_numbered(model):
        yield _("{file}: write the model answer of “{id}” in numbered points with marks.").format(file=file, id=id)
    elif not fills(model, criteria):
        said = _("{file}: let the points of the model answer of “{id}” fill one criterion after the other.")
        yield said.format(file=file, id=id)
