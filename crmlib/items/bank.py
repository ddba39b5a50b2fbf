"""The question bank: every topic's file, read once and checked as a whole.

``casebook/items/*.yaml`` is the workbook's own; a folder of the instructor's adds to it. What is wrong is said with
file, line, item and field, and then nothing of the bank is used.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from random import Random

from crmlib.core.errors import UserError, reason
from crmlib.core.exercise import Exercise
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK
from crmlib.items.draw import draw, exercise
from crmlib.items.generators import GENERATORS
from crmlib.items.item import Choice, Item, Number, Topic, TrueFalse, Wording
from crmlib.support.strict_yaml import pick_known, plain_yaml, read_text, read_yaml, refused

ITEMS = CASEBOOK / "items"


@dataclass(frozen=True)
class Bank:
    """Topics and items, each by its name.

    Attributes:
        topics: in the order of their chapters.
        items: in the order of the files.
        mark: a hash of all that was read, by which a paper knows its bank again.
    """

    topics: dict[str, tuple[Topic, ...]]
    items: dict[str, Item]
    mark: str

    def of(self, topic: str) -> list[Item]:
        """Return the items of a topic; an unknown topic raises ``UserError``."""
        known = pick_known(topic, self.topics, _("There is no topic “{name}”."))
        return [item for item in self.items.values() if item.topic == known]

    def item(self, id: str) -> Item:
        """Return one item; an unknown id raises ``UserError``."""
        if id not in self.items:
            raise UserError(_("There is no item “{id}” in the bank.").format(id=id))
        return self.items[id]

    def for_practice(self) -> "Bank":
        """Return the bank that students practise with."""
        kept = {id: item for id, item in self.items.items() if item.use == "practice"}
        return self if len(kept) == len(self.items) else replace(self, items=kept)

    def misconception(self, item: Item, name: str) -> str:
        """Return what a misconception that an item can reveal is called, in the language now spoken."""
        known = (topic.misconceptions[name] for topic in self.topics[item.topic] if name in topic.misconceptions)
        return str(next(known, ""))

    def exercise(self, item: Choice | TrueFalse | Number, seed: int) -> Exercise:
        """Return the exercise that an item is for a seed."""
        return draw(item, seed, GENERATORS.get(item.topic, {}))

    def exercises(self, topic: str) -> dict[str, Callable[[Random], Exercise]]:
        """Return the exercises of a topic's chapter by name: what draws each, in the language spoken at the time.

        Raises:
            UserError: no file says anything of one of them.
        """
        items = (item for item in self.of(topic) if isinstance(item, Choice | Number))
        known: list[Wording] = [
            *items,
            *(part.with_words(text) for part in self.topics[topic] for text in part.exercises),
        ]
        texts = {text.generator: text for text in known if text.generator}
        exam = {item.id for part in self.topics[topic] for item in part.items if item.use == "exam"}
        asked = [name for name in GENERATORS.get(topic, {}) if name in texts or f"{topic}.{name}" not in exam]
        problem = _("There is no text for the exercise “{name}”.")
        found = {name: texts[pick_known(name, texts, problem)] for name in asked}
        return {name: partial(self._asked, topic, name, text) for name, text in found.items()}

    @staticmethod
    def _asked(topic: str, name: str, text: Wording, random: Random) -> Exercise:
        return exercise(text, GENERATORS[topic][name], random, f"{topic}.{name}")


@cache
def bank() -> Bank:
    """Return what students practise with: the workbook's bank without the items of use ``exam``."""
    return read_bank().for_practice()


def read_bank(*own: Path, packaged: bool = True) -> Bank:
    """Return the workbook's bank with the items of the instructor's own folders.

    Args:
        own: folders of the instructor's.
        packaged: whether the workbook's items are among them.

    Raises:
        UserError: one sentence for each thing that is wrong in any file.
    """
    paths = [path for folder in (*([ITEMS] if packaged else []), *own) for path in _files(folder)]
    read, problems = [], []
    for path in paths:
        try:
            read.append((path, _topic(path, read_text(path))))
        except UserError as refusal:
            problems += refusal.problems
    if not problems:
        problems = [str(fault) for check in CHECKS for fault in check(read)]
        problems += map(str, _enemies_exist(read, frozenset() if packaged else _left_out(read)))
    if problems:
        raise UserError(problems)
    topics: dict[str, tuple[Topic, ...]] = {}
    for _path, topic in sorted(read, key=lambda one: one[1].chapter):
        topics[topic.topic] = (*topics.get(topic.topic, ()), topic)
    items = {item.id: topic.with_words(item) for parts in topics.values() for topic in parts for item in topic.items}
    digest = hashlib.sha256(b"".join(topic.model_dump_json().encode() for _path, topic in read))
    return Bank(topics, items, digest.hexdigest()[:16])


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".yaml")
    except OSError as refusal:
        raise UserError(_("{file} cannot be read: {why}.").format(file=folder, why=reason(refusal))) from None
    if found:
        return found
    raise UserError(_("{folder}: there is no question file (*.yaml) in this folder.").format(folder=folder))


@lru_cache(maxsize=64)
def _topic(path: Path, text: str) -> Topic:
    """Return a file of the bank; the same text is found sound once, for it takes a tenth of a second."""
    try:
        return read_yaml(path, Topic, text)
    except UserError:
        content = plain_yaml(path, text)
        if isinstance(content, dict) and not {"topic", "items"} & set(content):
            said = _("{file} holds no questions (“topic”, “items”); keep blueprints and the like in another folder.")
            raise refused(path, said) from None
        raise


Read = Sequence[tuple[Path, Topic]]


def _ids_are_unique(read: Read) -> Iterator[UserError]:
    seen: dict[str, Path] = {}
    for path, topic in read:
        for item in topic.items:
            if item.id in seen:
                said = _("{file}: the id “{id}” is already used in {other}.")
                yield refused(path, said, id=item.id, other=seen[item.id].name)
            seen.setdefault(item.id, path)


def _left_out(read: Read) -> frozenset[str]:
    """Return the ids of the workbook's own items, where items that are read without them name one."""
    items = [item for _path, topic in read for item in topic.items]
    if {enemy for item in items for enemy in item.enemies} <= {item.id for item in items}:
        return frozenset()
    return frozenset(item.id for path in _files(ITEMS) for item in _topic(path, read_text(path)).items)


def _enemies_exist(read: Read, elsewhere: Collection[str]) -> Iterator[UserError]:
    """Hold enemies to what there is: among the items read, or ``elsewhere``, in the part of the bank left out."""
    known = {*elsewhere, *(item.id for _path, topic in read for item in topic.items)}
    for path, topic in read:
        for item in topic.items:
            for enemy in item.enemies:
                if enemy not in known or enemy == item.id:
                    said = _("{file}: item {id}, “enemies”: there is no other item “{enemy}”.")
                    yield refused(path, said, id=item.id, enemy=enemy)


def _generators_exist(read: Read) -> Iterator[UserError]:
    for path, topic in read:
        known = GENERATORS.get(topic.topic, {})
        items = [(item.id, item.generator) for item in topic.items if isinstance(item, Choice | Number)]
        for id, generator in [*items, *((f"{topic.topic}.{e.generator}", e.generator) for e in topic.exercises)]:
            if generator and generator not in known:
                said = _("{file}: item {id}, “generator”: the topic has no generator “{generator}”; it has: {names}.")
                yield refused(path, said, id=id, generator=generator, names=", ".join(known) or "–")
            elif generator and id != f"{topic.topic}.{generator}":
                said = _("{file}: item {id} has the generator “{generator}”, so its id must be “{topic}.{generator}”.")
                yield refused(path, said, id=id, generator=generator, topic=topic.topic)


def _texts_stand_once(read: Read) -> Iterator[UserError]:
    seen: set[str] = set()
    for path, topic in read:
        ids = [item.generator for item in topic.items if isinstance(item, Choice | Number) and item.generator]
        for id in (f"{topic.topic}.{name}" for name in (*ids, *(e.generator for e in topic.exercises))):
            if id in seen:
                yield refused(path, _("{file}: the exercise “{id}” has its text twice."), id=id)
            seen.add(id)


def _true_and_false_balance(read: Read) -> Iterator[UserError]:
    """Hold the share of true statements of a file between 40 and 60%, where there are enough to speak of a share."""
    for path, topic in read:
        answers = [item.answer for item in topic.items if isinstance(item, TrueFalse)]
        if len(answers) >= 5 and not 0.4 <= sum(answers) / len(answers) <= 0.6:
            said = _("{file}: {true} of {n} true/false statements are true; it must be 40 to 60%.")
            yield refused(path, said, true=sum(answers), n=len(answers))


CHECKS: tuple[Callable[[Read], Iterator[UserError]], ...] = (
    _ids_are_unique,
    _generators_exist,
    _texts_stand_once,
    _true_and_false_balance,
)
