"""The stress test of the bank: every item drawn over many seeds, and what an examiner would ask of the lot."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random

import pandas as pd

from crmlib.core import i18n
from crmlib.core.exercise import Exercise, Generator, apart
from crmlib.core.i18n import _
from crmlib.core.numbers import times
from crmlib.items.bank import Bank
from crmlib.items.base import differing_numbers, in_ten_thousands
from crmlib.items.compound import Corrected
from crmlib.items.credit import Given
from crmlib.items.generators import GENERATORS
from crmlib.items.item import KINDS, Choice, Item, Number, TrueFalse, Wording, Written, templates_in, texts_in
from crmlib.items.laying import Laid, Machine, lay
from crmlib.items.plausible import absurd, bounds
from crmlib.items.rounding import half_up, rounding
from crmlib.items.templates import names

LABELS = "ABCDEF"
"""What stands before options."""
DISTINCT = 0.2
"""Share of the seeds that must give a question of its own, where numbers are drawn."""
RAREST = 0.05
"""Share of the seeds in which each misconception of a drawn choice must be offered."""
CHI2_MOST = {3: 13.82, 4: 16.27, 5: 18.47, 6: 20.52}
"""Chi-square by number of options: above it the places of the key are uneven with p < .001."""
FEWEST = 200
"""Below so many seeds, shares say nothing and are not judged."""


@dataclass(frozen=True)
class Stress:
    """What one item did over the seeds.

    Attributes:
        item: its id.
        kind: of the item.
        seeds: how many were drawn.
        distinct: different questions among them.
        places: how often the key stood in each place; empty where there are no places.
        rarest: share of seeds in which the rarest misconception was offered; nan where none are drawn.
        faults: a translated sentence for each thing wrong.
    """

    item: str
    kind: str
    seeds: int
    distinct: int
    places: tuple[int, ...]
    rarest: float
    faults: tuple[str, ...]


def stress(bank: Bank, items: Iterable[Item], seeds: int) -> Iterator[Stress]:
    """Yield the stress test of each item that a machine can mark; those answered in words draw nothing."""
    for item in items:
        if isinstance(item, Machine):
            yield _of_parts(item, seeds)
        elif not isinstance(item, Written | Corrected):
            yield _stress(bank, item, seeds)


def _of_parts(item: Machine, seeds: int) -> Stress:
    """Return the stress test of an item with several parts: in each order its key earns all, and nothing else does."""
    laid = [lay(item, seed) for seed in range(seeds)]
    faults: dict[str, None] = {}
    for one in laid:
        if one.share(one.right) != 1:
            faults[_("its own key is not accepted.")] = None
        if one.share(None) or any(one.share(wrong) == 1 for wrong in _all_but_right(one)):
            faults[_("an answer that is not right earns all points.")] = None
    places = Counter(key for one in laid if one.kind == "multi" for key in one.keys)
    shown = tuple(places[n] for n in range(len(laid[0].options))) if places else ()
    if seeds >= FEWEST and shown and _chi2(shown) > CHI2_MOST[len(shown)]:
        faults[_("the key does not stand in each place as often.")] = None
    distinct = len({(one.options, one.lefts) for one in laid})
    return Stress(item.id, item.type, seeds, distinct, shown, math.nan, tuple(faults))


def _all_but_right(one: Laid) -> Iterator[Given]:
    """Yield answers that differ from the right one in one place."""
    right = one.right if isinstance(one.right, list) else []
    if one.kind == "multi":
        yield from ([key for key in right if key != left] for left in right)
        yield from ([*right, n] for n in range(len(one.options)) if n not in right)
    elif one.kind == "order":
        yield from ([*right[:n], right[n + 1], right[n], *right[n + 2 :]] for n in range(len(right) - 1))
    else:
        yield from ([*right[:n], None, *right[n + 1 :]] for n in range(len(right)))


def _stress(bank: Bank, item: Choice | TrueFalse | Number, seeds: int) -> Stress:
    drawn: list[Exercise] = []
    for seed in range(seeds):
        try:
            drawn.append(bank.exercise(item, seed))
        except Exception as failure:
            said = _("seed {seed}: it cannot be drawn ({why}).").format(seed=seed, why=failure)
            return Stress(item.id, item.type, seeds, 0, (), math.nan, (said,))
    made = isinstance(item, Wording) and item.generator is not None
    questions = {e.question for e in drawn}
    places = _places(drawn) if isinstance(item, Choice) else ()
    offered = Counter(d.misconception for e in drawn for d in e.distractors) if made else Counter()
    rarest = min(1, min(offered.values()) / seeds) if offered else math.nan
    faults = dict.fromkeys(chain(_unsound(drawn), _rounded_away(item, drawn)))
    if isinstance(item, Wording) and made:
        found = (_unnamed(bank, item, offered), _differs(bank, item, seeds), _unused(item), _absurd(item, drawn))
        faults |= dict.fromkeys(chain.from_iterable(found))
    if made and seeds >= FEWEST and len(questions) < DISTINCT * seeds:
        faults[_("only {n} different questions in {seeds} seeds.").format(n=len(questions), seeds=seeds)] = None
    if isinstance(item, Wording) and seeds >= FEWEST and (idle := _idle(item, offered, seeds)):
        faults[_("no seed leads to its replies: {names}.").format(names=", ".join(idle))] = None
    if seeds >= FEWEST and places and _chi2(places) > CHI2_MOST.get(len(places), 25.0):
        faults[_("the key does not stand in each place as often.")] = None
    if seeds >= FEWEST and isinstance(item, Choice) and rarest < RAREST:
        faults[_("a misconception is offered in less than 5% of the seeds.")] = None
    return Stress(item.id, item.type, seeds, len(questions), places, rarest, tuple(faults))


def _places(drawn: list[Exercise]) -> tuple[int, ...]:
    counts = Counter(int(e.answer) for e in drawn)
    return tuple(counts[place] for place in range(max(len(e.options) for e in drawn)))


def _chi2(places: tuple[int, ...]) -> float:
    """Return Pearson's chi-square of the places of the key against evenness."""
    expected = sum(places) / len(places)
    return sum((n - expected) ** 2 for n in places) / expected


def _unsound(drawn: list[Exercise]) -> Iterator[str]:
    """Say what is wrong with single draws: options that read alike, a key that is also a distractor."""
    for seed, e in enumerate(drawn):
        if len(set(e.options)) < len(e.options):
            yield _("two options read the same.")
        if any(option in LABELS for option in e.options):
            yield _("an option is a single letter, as those are that stand before options.")
        if e.options and not 0 <= e.answer < len(e.options):
            yield _("the key is none of the options.")
        if e.check(e.answer).verdict != "right":
            yield _("its own key is not accepted.")
        if not apart([e.answer, *(d.answer for d in e.distractors)], e.tolerance):
            yield _("seed {seed}: two of the answers cannot be told apart.").format(seed=seed)


def _rounded_away(item: Item, drawn: list[Exercise]) -> Iterator[str]:
    """Say so where a number, rounded as the question asks for, is not marked right."""
    asked = rounding(item.stem) if isinstance(item, Number) else None
    for seed, e in enumerate(drawn):
        if asked and e.check(float(half_up(e.answer, asked.decimals))).verdict != "right":
            yield _("seed {seed}: rounded as the question asks for, its key is not marked right.").format(seed=seed)


def _unnamed(bank: Bank, item: Item, offered: Counter[str]) -> Iterator[str]:
    if "" in offered:
        yield _("one of its distractors has no misconception named.")
    for name in filter(None, offered):
        if not bank.misconception(item, name):
            yield _("the misconception “{name}” is not named at the head of the file.").format(name=name)


def _absurd(item: Wording, drawn: list[Exercise]) -> Iterator[str]:
    """Say which options are numbers that make no sense, such as a share of 1,004%."""
    for seed, e in enumerate(drawn):
        for option in e.options:
            if absurd(option, item):
                said = _("seed {seed}: the option “{option}” makes no sense: it lies outside {least:g} to {most:g}.")
                yield said.format(seed=seed, option=option, least=bounds(item)[0], most=bounds(item)[1])
                return


def _idle(item: Wording, offered: Iterable[str], seeds: int) -> list[str]:
    """Return the replies that nobody hears, neither to an option nor to a number that is typed."""
    idle = set(item.replies) - set(offered)
    if not idle or not isinstance(item, Choice | Number):
        return sorted(idle)
    generate = GENERATORS[item.topic][str(item.generator)]
    return sorted(idle - {d.misconception for seed in range(seeds) for d in generate(Random(seed)).distractors})


def _differs(bank: Bank, item: Choice | Number, seeds: int) -> Iterator[str]:
    """Say so where a drawn exercise shows other numbers in Chinese than in English, or has another key."""
    for seed in range(0, seeds, max(seeds // 20, 1)):
        both = []
        for lang in i18n.LANGUAGES:
            with i18n.speaking(lang):
                both.append(bank.exercise(item, seed))
        if differing(item, *both):
            yield _("seed {seed}: the numbers in zh and en differ.").format(seed=seed)


def differing(text: Wording, zh: Exercise, en: Exercise) -> list[str]:
    """Return the numbers that an exercise shows in one language alone, its keys among them.

    Amounts may be in 万元 in Chinese and in full in English.
    """
    tens = in_ten_thousands(both for _place, both in texts_in(text))
    said = [
        (e.question, e.worked, *e.hints, *(d.reply for d in e.distractors), " ; ".join(e.options)) for e in (zh, en)
    ]
    odd = [number for one, other in zip(*said, strict=True) for number in differing_numbers(one, other, tens)]
    factor = times(zh.unit, en.unit)
    keys = [(zh.answer, factor, en.answer)]
    for one, other in zip(zh.distractors, en.distractors, strict=True):
        keys.append((one.answer, 1 if one.as_it_is else factor, other.answer))
    return odd + [
        f"{a:g}" for a, by, b in keys if not math.isclose(a * by, b, rel_tol=1e-9, abs_tol=0.01 if by != 1 else 0)
    ]


def _unused(item: Choice | Number) -> Iterator[str]:
    """Say which values the generator gives that stand in none of the texts."""
    if idle := without_use(item, GENERATORS[item.topic][str(item.generator)]):
        yield _("the generator gives values that stand in no text: {names}.").format(names=", ".join(idle))


def without_use(text: Wording, generate: Generator, seeds: int = 40) -> list[str]:
    """Return the values that a generator gives and that stand in none of the texts of an exercise."""
    texts = [one for _place, both in templates_in(text) for one in (both.zh, both.en)]
    standing = frozenset[str]().union(*map(names, texts))
    drawn = [generate(Random(f"unused:{seed}")) for seed in range(seeds)]
    given = [set(d.values).union(*(other.values for other in d.distractors)) for d in drawn]
    return sorted(set[str]().union(*given) - standing)


def table(found: Iterable[Stress]) -> pd.DataFrame:
    """Return the stress tests as a table, a row an item."""
    rows = [
        (
            s.item,
            _(KINDS[s.kind]),
            s.distinct,
            "/".join(map(str, s.places)) or "–",
            f"{_chi2(s.places):.1f}" if s.places else "–",
            "–" if math.isnan(s.rarest) else f"{s.rarest:.0%}",
            " ".join(s.faults) or _("sound"),
        )
        for s in found
    ]
    columns = [
        _("Item"),
        _("Kind"),
        _("Different questions"),
        _("Places of the key"),
        "χ²",
        _("Rarest misconception"),
        _("Verdict"),
    ]
    return pd.DataFrame(rows, columns=columns)
