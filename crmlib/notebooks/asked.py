"""What of a chapter is asked in the exam, and how often: its points in the final, and its questions by section.

No list says which section a question belongs to: it is counted where its wording is closest, by the pairs of characters
that the Chinese texts share, each the heavier the fewer sections have it (cosine of tf–idf; Salton and McGill 1983).
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from math import floor, log, sqrt
from typing import NamedTuple

from crmlib.chapters import Chapter
from crmlib.core.i18n import _, language
from crmlib.core.paths import SOURCES
from crmlib.exams.blueprint import Blueprint, blueprint
from crmlib.items.bank import bank
from crmlib.items.item import KINDS, Item, texts_in
from crmlib.support.texts import texts

HEADING = 5
"""How many times the words of a section's heading count."""
FINAL = "final"
"""The blueprint of the course's final exam."""


def sections(notebook: str, lang: str, code: bool = False) -> list[tuple[str, str]]:
    """Return the sections of a chapter that teach, third-level heading and text, in one language; with code if asked.

    Code stands behind the English text alone.
    """
    ours = "\n".join(texts(SOURCES / f"{notebook}.md", lang))
    fences = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
    text = fences.sub(lambda found: found[0].replace("\n#", "\n\\#") if code else "", ours)
    parts = re.split(r"^(##+ .+)$", text, flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return [(head.removeprefix("### "), body) for head, body in found if head.startswith("### ")]


@cache
def places(topic: str, notebooks: tuple[str, ...]) -> Mapping[str, tuple[str, int]]:
    """Return for each item of a topic, by id, the notebook and the number, from 0, of the section it is closest to."""
    where = list(_weighed(notebooks).vectors)
    found = {item.id: closeness(_words(item), notebooks) for item in bank().of(topic) if where}
    return {id: where[near.index(max(near))] for id, near in found.items()}


def closeness(text: str, notebooks: tuple[str, ...]) -> list[float]:
    """Return how close a Chinese text comes to each section of some notebooks, in their order: from 0 to 1."""
    weighed = _weighed(notebooks)
    words = _vector(_pairs(text), weighed.weight)
    return [sum(value * vector.get(pair, 0.0) for pair, value in words.items()) for vector in weighed.vectors.values()]


class _Weighed(NamedTuple):
    """The sections of some notebooks, by notebook and number, as vectors, and the weight of each pair of characters."""

    weight: Mapping[str, float]
    vectors: Mapping[tuple[str, int], Mapping[str, float]]


@cache
def _weighed(notebooks: tuple[str, ...]) -> _Weighed:
    found = {(name, n): part for name in notebooks for n, part in enumerate(sections(name, "zh"))}
    counts = [_pairs(head * HEADING + body) for head, body in found.values()]
    had_by = Counter(pair for count in counts for pair in count)
    weight = {pair: log((len(counts) + 1) / n) for pair, n in had_by.items()}
    return _Weighed(weight, dict(zip(found, (_vector(count, weight) for count in counts), strict=True)))


def _words(item: Item) -> str:
    return "\n".join(both.zh for place, both in texts_in(item) if not place.startswith("source"))


def _pairs(text: str) -> Counter[str]:
    """Return how often each two letters or characters stand beside each other."""
    letters = "".join(filter(str.isalpha, text))
    return Counter(letters[n : n + 2] for n in range(len(letters) - 1))


def _vector(count: Mapping[str, int], weight: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of a text, with length one."""
    found = {pair: (1 + log(n)) * weight[pair] for pair, n in count.items() if pair in weight}
    length = sqrt(sum(value * value for value in found.values())) or 1.0
    return {pair: value / length for pair, value in found.items()}


MOST = 3
"""So many sections are named as those asked most often."""


def often(chapter: Chapter, notebook: str) -> str:
    """Return a sentence, for the head of a notebook, on the points of its chapter and the sections asked most often."""
    _line, rows = told(chapter, notebook)
    most = sorted(rows, key=lambda row: -int(row[2]))[:MOST]
    named = [_("{section} ({n})").format(section=head, n=n) for head, _kinds, n in most]
    said = _("**In the exam**: at least {least:g} of {points:g} points on this chapter. Asked most often: {sections}.")
    plan = blueprint(FINAL)
    return said.format(least=_least(plan, chapter), points=plan.points, sections=_("; ").join(named))


def _least(plan: Blueprint, chapter: Chapter) -> int:
    """Return the whole points that a chapter has in an exam at least."""
    return floor(plan.bands(bank().topics)[chapter.topic].least)


def told(chapter: Chapter, notebook: str) -> tuple[str, list[list[str]]]:
    """Return a sentence on a chapter's share of the final, and a row a section asked: heading, kinds, number.

    Args:
        chapter: whose questions they are.
        notebook: the part of it whose sections are wanted.
    """
    items = bank().of(chapter.topic)
    plan = blueprint(FINAL)
    where, rows = places(chapter.topic, chapter.notebooks), []
    here = sum(name == notebook for name, _number in where.values())
    whole = _(
        "Of the {points:g} points of the final exam, at least {least:g} are on this chapter. The question bank has {n} "
        "questions on it; each is counted below in the section that its wording is closest to."
    )
    parted = _(
        "Of the {points:g} points of the final exam, at least {least:g} are on this chapter. The question bank has {n} "
        "questions on it, {here} of them on this part; each is counted below in the section that its wording is "
        "closest to."
    )
    said = parted if len(chapter.notebooks) > 1 else whole
    line = said.format(points=plan.points, least=_least(plan, chapter), n=len(items), here=here)
    for number, (head, _body) in enumerate(sections(notebook, language())):
        kinds = Counter(str(item.type) for item in items if where[item.id] == (notebook, number))
        by_kind = [_("{kind} {n}").format(kind=_(KINDS[kind]), n=kinds[kind]) for kind in KINDS if kinds[kind]]
        rows += [[head, _(", ").join(by_kind), str(kinds.total())]] if by_kind else []
    return line, rows
