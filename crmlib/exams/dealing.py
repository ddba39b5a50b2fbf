"""In which order the questions of a section come and what each is drawn with, so that the keys form no pattern.

A key's place does not depend on the language, so both languages of a form are dealt alike.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams.blueprint import KeyLetters, Section
from crmlib.items.bank import Bank
from crmlib.items.item import Choice, Item, TrueFalse

REDRAWN = 500
SHUFFLED = 2000


class Dealt(NamedTuple):
    """An item with what its numbers and the order of its options are drawn with."""

    item: Item
    seed: int


class Key(NamedTuple):
    """The place of a key among so many options; of a question without options its id, so that no two are alike."""

    place: int | str
    options: int = 0


def deal(bank: Bank, section: Section, items: Sequence[Item], seed: str, letters: KeyLetters) -> list[Dealt]:
    """Return the items of a section in the order in which they are asked, each with its seed.

    Args:
        bank: that draws them.
        section: which they stand in.
        items: in any order.
        seed: of the paper.
        letters: how keys are to spread; where they do not, a choice whose letter is too common is drawn again.

    Raises:
        UserError: the keys cannot be spread in this way.
    """
    random, order = Random(f"order:{section.name}:{seed}"), list(items)
    random.shuffle(order)
    seeds = {item.id: Random(f"{item.id}:{seed}").randrange(10**9) for item in order}
    keys = {item.id: _key(bank, item, seeds[item.id]) for item in order}
    choices = [item for item in order if isinstance(item, Choice)]
    for _attempt in range(REDRAWN):
        common = _too_common([keys[item.id] for item in choices], letters)
        if common is None:
            break
        item = random.choice([item for item in choices if keys[item.id].place == common])
        seeds[item.id] = random.randrange(10**9)
        keys[item.id] = _key(bank, item, seeds[item.id])
    else:
        said = _("Section “{title}”: its keys cannot be spread over the letters in this way; widen “key_letters”.")
        raise UserError(said.format(title=section.title))
    return [Dealt(item, seeds[item.id]) for item in _without_runs(section, order, keys, letters.run, random)]


def _key(bank: Bank, item: Item, seed: int) -> Key:
    if not isinstance(item, Choice | TrueFalse):
        return Key(item.id)
    drawn = bank.exercise(item, seed)
    return Key(int(drawn.answer), len(drawn.options))


def _too_common(keys: Sequence[Key], letters: KeyLetters) -> int | None:
    """Return the place that is the key too often, or most often where another is so too seldom; None if all is well."""
    counts = Counter(int(key.place) for key in keys)
    many = Counter(key.options for key in keys)
    usual = max(many, key=lambda options: (many[options], options), default=1)
    equal = {place: len(keys) / usual for place in range(usual)}
    equal |= {place: sum(key.options > place for key in keys) / usual for place in range(usual, max(many, default=0))}
    for place, part in equal.items():
        if counts[place] > math.ceil(round(letters.most * part, 6)):
            return place
    short = any(counts[place] < math.floor(round(letters.least * part, 6)) for place, part in equal.items())
    return max(counts, key=lambda place: (counts[place], place)) if short else None


def _without_runs(
    section: Section, order: list[Item], keys: Mapping[str, Key], most: int, random: Random
) -> Sequence[Item]:
    """Return the items in an order in which no key stands more often in a row than it may."""
    for _attempt in range(SHUFFLED):
        if all(len(list(run)) <= most for _key, run in groupby(order, key=lambda item: keys[item.id].place)):
            return order
        random.shuffle(order)
    said = _("Section “{title}”: more than {most} keys in a row are the same in any order; raise “run”.")
    raise UserError(said.format(title=section.title, most=most))
