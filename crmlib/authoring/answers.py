"""What a chapter still lacks of answers: a model answer to each question of its cases, specimens of each kind."""

from collections.abc import Iterator, Sequence

from crmlib.authoring.folders import shown
from crmlib.casebook import Case
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK
from crmlib.items.bank import bank
from crmlib.items.item import KINDS, Written

WANTED = ("short", "essay", "case")
"""Of each of these kinds one question of a chapter has specimens, in the bank or among those of its cases."""
ALIKE = {"discussion": "essay"}
"""A question of a case that is answered like an item of another kind."""


def lacks(topic: str, cases: Sequence[Case]) -> Iterator[str]:
    """Yield a translated sentence for each answer that a chapter still lacks.

    Raises:
        UserError: the bank or a case cannot be read.
    """
    found: set[str] = {item.type for item in bank().of(topic) if isinstance(item, Written) and item.specimens}
    for case in cases:
        for q in case.questions:
            if q.model is None:
                said = _("{file}: question “{id}” has no model answer; write it in numbered points.")
                yield said.format(file=shown(case.folder / "questions.yaml"), id=q.id)
        found |= {ALIKE.get(q.kind, q.kind) for q in case.questions if q.specimens}
    for kind in WANTED:
        if kind not in found:
            said = _(
                "{file}: no question of the kind “{kind}” has specimens; write three answers to one, here or in a case."
            )
            yield said.format(file=shown(CASEBOOK / "items" / f"{topic}.yaml"), kind=_(KINDS[kind]))
