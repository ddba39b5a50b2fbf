"""What a topic's items and exercises still lack: enough of each kind, hints, levels, misconceptions, oracles."""

import runpy
from collections import Counter
from collections.abc import Iterator, Sequence

from crmlib.authoring import quotas
from crmlib.authoring.folders import TESTS, shown
from crmlib.authoring.quotas import Quota
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK
from crmlib.items.bank import Bank, bank
from crmlib.items.item import BLOOM, Choice, Item, Number, Written, misconceptions_of

DRAWS = 50
"""With so many seeds it is looked which misconceptions an exercise reveals."""


def lacks(topic: str) -> Iterator[str]:
    """Yield a translated sentence for each thing that a topic's items and exercises still lack.

    Raises:
        UserError: the bank cannot be read.
    """
    known, file = bank(), shown(CASEBOOK / "items" / f"{topic}.yaml")
    if topic not in known.topics:
        yield _("{file}: the topic in it is not “{topic}”.").format(file=file, topic=topic)
        return
    yield from counted(known.of(topic), file, quotas.ITEMS)
    yield from _worded(known, topic, file)
    yield from _misconceptions(known, topic, file)
    kinds = Counter[str](item.type for item in known.of(topic))
    for kind, wanted in quotas.OF_PARTS.items():
        yield from wanted.lacks(file, kinds[kind])
    drawn = [item for item in known.of(topic) if isinstance(item, Choice | Number) and item.generator]
    yield from quotas.DRAWN.lacks(file, len(drawn))
    yield from quotas.EXERCISES.lacks(file, len(known.exercises(topic)))
    yield from _oracles(topic, {str(item.generator) for item in drawn})


def counted(items: Sequence[Item], file: str, quota: Quota) -> Iterator[str]:
    """Yield a translated sentence for each kind and each level of which there are too few items."""
    kinds = Counter[str](item.type for item in items)
    yield from quota.lacks(file, len(items))
    for kind, wanted in quotas.OF_KIND.items():
        yield from wanted.lacks(file, kinds[kind])
    for level in quotas.LEVELS:
        if level not in {item.bloom for item in items}:
            yield _("{file}: no item asks to “{level}”; write one.").format(file=file, level=_(BLOOM[level]))


def _worded(known: Bank, topic: str, file: str) -> Iterator[str]:
    for item in known.of(topic):
        if isinstance(item, Choice | Number) and not known.exercise(item, 0).hints:
            yield _("{file}: item {id} has no hint; write one.").format(file=file, id=item.id)
        if isinstance(item, Written) and item.type in ("essay", "case") and not all(one.levels for one in item.rubric):
            said = _("{file}: item {id}: say for each criterion which levels of an answer earn what.")
            yield said.format(file=file, id=item.id)


def _misconceptions(known: Bank, topic: str, file: str) -> Iterator[str]:
    parts = known.topics[topic]
    named = {name for part in parts for name in part.misconceptions}
    used = {name for item in known.of(topic) for name in misconceptions_of(item)}
    for item in known.of(topic):
        if isinstance(item, Choice | Number) and item.generator:
            used |= {d.misconception for seed in range(DRAWS) for d in known.exercise(item, seed).distractors}
    used |= {name for part in parts for exercise in part.exercises for name in exercise.replies}
    for name in sorted(named - used):
        said = _("{file}: the misconception “{name}” is shown by no wrong answer; use it or take it out.")
        yield said.format(file=file, name=name)
    for name in sorted(used - named):
        yield _("{file}: name the misconception “{name}” at the head of the file.").format(file=file, name=name)


def _oracles(topic: str, generators: set[str]) -> Iterator[str]:
    path = TESTS / f"oracles_{topic}.py"
    if path.exists():
        found = runpy.run_path(str(path))
        known = {*found.get("ORACLES", {}), *found.get("READERS", {})}
        for name in sorted(generators - known):
            said = _("{file}: compute the key of “{name}” from the numbers in the question.")
            yield said.format(file=shown(path), name=name)
