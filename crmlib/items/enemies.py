"""Which items give another one away: what a student reads in the one holds the key of the other, or nearly repeats it.

The measure is the share of a key's words that stand in the other item's text, a word weighing the more the fewer items
have it. It finds what reads alike and not what follows by thought; such pairs an author names herself.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from crmlib.core import i18n
from crmlib.items.bank import Bank
from crmlib.items.compound import Compound, Corrected, Fill, Matching, Ordering, Several
from crmlib.items.item import Choice, Item, Number, TrueFalse, Written, is_drawn
from crmlib.items.laying import Machine, lay
from crmlib.items.prose import BLANK
from crmlib.support.strict_yaml import Texts

SHARE = {"key": 0.45, "criterion": 0.6}
"""From which share on, in both languages, a key or a criterion of a rubric is given away."""
REPEATED = 0.4
"""From which share on, of the words of the shorter one and in both languages, one text repeats the other;"""
ALIKE = 0.15
"""and from which share on of the words of both, so that a long case does not repeat whatever is short."""
FEWEST = {"zh": 3, "en": 2}
"""Shorter keys stand in many texts and say nothing: pairs of characters in Chinese, words in English."""
DRAWS = 20
ENDINGS = re.compile(r"(ies|es|s|ed|ing|ly)$")
MARKS = re.compile(r"\\\(|\\\)|\*\*")

Words = frozenset[str]


class GivenAway(NamedTuple):
    """An item, and the one whose text holds its key."""

    item: str
    by: str


def given_away(bank: Bank) -> Iterator[GivenAway]:
    """Yield each item whose key stands in the text of another one that is not its enemy."""
    items = bank.items.values()
    read = {lang: {item.id: _shown(bank, item, lang) for item in items} for lang in i18n.LANGUAGES}
    shown = {lang: {id: _words(text, lang) for id, text in texts.items()} for lang, texts in read.items()}
    places = {lang: _places(texts) for lang, texts in shown.items()}
    for item in items:
        enemies = {*item.enemies, *(other.id for other in items if item.id in other.enemies), item.id}
        if isinstance(item, Ordering):
            yield from (
                GivenAway(item.id, other)
                for other in sorted(shown["zh"].keys() - enemies)
                if all(_in_order(item, lang, read[lang][other]) for lang in i18n.LANGUAGES)
            )
        for kind, both in _keys(item):
            keys = {lang: _words(getattr(both, lang), lang) for lang in i18n.LANGUAGES}
            if kind == "criterion":
                keys = {lang: words - shown[lang][item.id] for lang, words in keys.items()}
            if any(len(words) < FEWEST[lang] for lang, words in keys.items()):
                continue
            shares = [_shares(words, places[lang], len(items)) for lang, words in keys.items()]
            for other in sorted(shares[0].keys() - enemies):
                if all(share[other] >= SHARE[kind] for share in shares):
                    enemies.add(other)
                    yield GivenAway(item.id, other)


def repeated(bank: Bank) -> Iterator[GivenAway]:
    """Yield pairs of items that nearly repeat one another and are not enemies, each pair once."""
    items = bank.items.values()
    enemies = {frozenset((item.id, enemy)) for item in items for enemy in item.enemies}
    near = [
        set(_near({item.id: _words(_shown(bank, item, lang, 1), lang) for item in items})) for lang in i18n.LANGUAGES
    ]
    for pair in sorted(near[0].intersection(*near[1:])):
        if frozenset(pair) not in enemies:
            yield GivenAway(*pair)


def _near(shown: Mapping[str, Words]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of texts that have most of their words in common, a rare word weighing more."""
    weights = {word: _weight(len(ids), len(shown)) for word, ids in _places(shown).items()}
    whole = {id: sum(weights[word] for word in words) for id, words in shown.items()}
    for one, other in combinations(shown, 2):
        common = sum(weights[word] for word in shown[one] & shown[other])
        both = whole[one] + whole[other] - common
        if common >= max(REPEATED * min(whole[one], whole[other]), ALIKE * both):
            yield one, other


def _shown(bank: Bank, item: Item, lang: str, draws: int = DRAWS) -> str:
    """Return all that a student may read of an item before answering."""
    with i18n.speaking(lang):
        if isinstance(item, Machine):
            laid = lay(item, 0)
            return "\n".join((laid.question, *laid.lefts, *laid.options))
        if not is_drawn(item):
            options = [option.text for option in item.options] if isinstance(item, Choice) else []
            return "\n".join(map(str, (item.stem, *options)))
        assert isinstance(item, Choice | Number)
        drawn = [bank.exercise(item, seed) for seed in range(draws)]
        return "\n".join(dict.fromkeys(text for one in drawn for text in (one.question, *one.options)))


def _keys(item: Item) -> Iterator[tuple[str, Texts]]:
    """Yield what answers an item: the right option, a true statement, each criterion of a rubric."""
    if isinstance(item, Compound):
        yield from (("key", text) for text in _of_parts(item))
    elif isinstance(item, Choice):
        yield from (("key", option.text) for option in item.options if option.correct)
    elif isinstance(item, TrueFalse):
        yield from [("key", item.stem)] if item.answer else []
    elif isinstance(item, Written):
        yield from (("criterion", criterion.text) for criterion in item.rubric)


def _of_parts(item: Compound) -> Iterator[Texts]:
    """Yield what answers an item with several parts, where words do: of an order they are known, not their places."""
    if isinstance(item, Several):
        yield _together([option.text for option in item.options if option.correct])
    elif isinstance(item, Corrected):
        yield item.correction or item.stem
    elif isinstance(item, Fill):
        yield Texts(**{lang: _filled(item, lang) for lang in i18n.LANGUAGES})
    elif isinstance(item, Matching):
        yield from (_together((pair.left, pair.right)) for pair in item.pairs)


def _in_order(item: Ordering, lang: str, text: str) -> bool:
    """Tell whether a text names the lines of an order one after another."""
    plain, at = text.casefold(), 0
    for line in item.sequence:
        at = plain.find(getattr(line, lang).casefold(), at)
        if at < 0:
            return False
        at += 1
    return True


def _filled(item: Fill, lang: str) -> str:
    """Return the text of an item with its blanks filled in."""
    best = [getattr(blank.accept[0], lang) for blank in item.blanks]
    return BLANK.sub(lambda found: best[int(found[1]) - 1], getattr(item.stem, lang))


def _together(texts: Sequence[Texts]) -> Texts:
    return Texts(**{lang: "\n".join(getattr(text, lang) for text in texts) for lang in i18n.LANGUAGES})


def _words(text: str, lang: str) -> Words:
    """Return the words of a text: in Chinese each two characters that stand together."""
    plain = MARKS.sub(" ", text.lower())
    if lang == "zh":
        return frozenset(run[n : n + 2] for run in re.findall(r"[\u4e00-\u9fff]+", plain) for n in range(len(run) - 1))
    found = re.findall(r"[a-z]{3,}", plain)
    return frozenset(ENDINGS.sub("", word) if len(word) > 4 else word for word in found)


def _places(shown: Mapping[str, Words]) -> dict[str, list[str]]:
    """Return the texts that each word stands in."""
    found = defaultdict(list)
    for id, words in shown.items():
        for word in words:
            found[word].append(id)
    return found


def _weight(places: int, texts: int) -> float:
    """Return what a word weighs: the more, the fewer texts it stands in."""
    return math.log((texts + 1) / (places or 1))


def _shares(key: Words, places: Mapping[str, Sequence[str]], texts: int) -> dict[str, float]:
    """Return the share of a key that stands in each text which has a word of it."""
    weights = {word: _weight(len(places.get(word, ())), texts) for word in key}
    shares, whole = defaultdict[str, float](float), sum(weights.values())
    for word, weight in weights.items():
        for id in places.get(word, ()):
            shares[id] += weight / whole
    return shares
