"""Items whose answer has several parts: several keys, a verdict with its correction, blanks, an order, pairs.

What each part earns is said in :mod:`crmlib.items.credit`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crmlib.core.i18n import LANGUAGES, _
from crmlib.items.base import CATCH_ALL, Head, Name, Option, Positive, raise_first, stem_faults
from crmlib.items.prose import BLANK
from crmlib.support.strict_yaml import Part, Texts

MOST = 10
"""So many lines, blanks or pairs fit a question."""


class Several(Head):
    """Two or more right options among several, and at least one wrong one."""

    type: Literal["multi"]
    points: Positive = 2
    stem: Texts
    options: tuple[Option, ...]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        raise_first(self.id, _options_of_several(self.options))
        raise_first(self.id, stem_faults(self.stem))
        return self


class Corrected(Head):
    """A statement to judge, and to correct where it is false."""

    type: Literal["tfc"]
    points: Positive = 2
    stem: Texts
    answer: bool
    why: Texts
    misconception: Name
    correction: Texts | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        raise_first(self.id, self._faults())
        return self

    def _faults(self) -> Iterator[str]:
        if self.answer and self.correction:
            yield _("its statement is true, so it has nothing to correct; take “correction” out.")
        if not self.answer and not self.correction:
            yield _("its statement is false; say under “correction” how it reads when it is true.")
        for lang in LANGUAGES:
            if self.correction and _plain(getattr(self.correction, lang)) == _plain(getattr(self.stem, lang)):
                yield _("its correction says the same as its statement ({lang}).").format(lang=lang)


class Blank(Part):
    """A gap in a text: what is accepted in it, the best answer first, and why that belongs there."""

    accept: Annotated[tuple[Texts, ...], Field(min_length=1)]
    why: Texts


class Fill(Head):
    """A text with blanks, ``[[1]]``, ``[[2]]`` …, in either language in its own order."""

    type: Literal["fill"]
    points: Positive = 2
    stem: Texts
    blanks: Annotated[tuple[Blank, ...], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        raise_first(self.id, self._faults())
        return self

    def _faults(self) -> Iterator[str]:
        wanted = list(range(1, len(self.blanks) + 1))
        for lang in LANGUAGES:
            text = getattr(self.stem, lang)
            found = sorted(int(n) for n in BLANK.findall(text))
            if found != wanted:
                said = _("it has {n} blanks, so its stem has [[1]] to [[{n}]], each once ({lang}).")
                yield said.format(n=len(wanted), lang=lang)
            if not _plain(BLANK.sub("", text)):
                yield _("its stem is nothing but blanks ({lang}).").format(lang=lang)


class Ordering(Head):
    """Lines to be put in order; they are written in the right one."""

    type: Literal["order"]
    points: Positive = 2
    stem: Texts
    sequence: Annotated[tuple[Texts, ...], Field(min_length=3, max_length=MOST)]
    why: Texts

    @model_validator(mode="after")
    def _sound(self) -> Self:
        raise_first(self.id, _alike(self.sequence, _("two of its lines read the same in {lang}.")))
        return self


class Pair(Part):
    """Two things that belong together."""

    left: Texts
    right: Texts


class Matching(Head):
    """Pairs to be found; ``others`` are right sides that belong to nothing."""

    type: Literal["match"]
    points: Positive = 2
    stem: Texts
    pairs: Annotated[tuple[Pair, ...], Field(min_length=3, max_length=MOST)]
    others: Annotated[tuple[Texts, ...], Field(max_length=MOST)] = ()
    why: Texts

    @property
    def rights(self) -> tuple[Texts, ...]:
        """The right sides: those of the pairs, then the others."""
        return (*(pair.right for pair in self.pairs), *self.others)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        lefts = tuple(pair.left for pair in self.pairs)
        raise_first(self.id, _alike(lefts, _("two of its left sides read the same in {lang}.")))
        raise_first(self.id, _alike(self.rights, _("two of its right sides read the same in {lang}.")))
        return self


Compound = Several | Corrected | Fill | Ordering | Matching


def _options_of_several(options: tuple[Option, ...]) -> Iterator[str]:
    right = sum(option.correct for option in options)
    if right < 2:
        yield _("{n} of its options are right; a question with several keys has two or more.").format(n=right)
    if right == len(options):
        yield _("all of its options are right; at least one must be wrong.")
    if not 4 <= len(options) <= 6:
        yield _("it has {n} options; it may have 4 to 6.").format(n=len(options))
    if any(option.correct == bool(option.misconception) for option in options):
        yield _("each wrong option names its misconception, and the right ones have none.")
    yield from _alike([option.text for option in options], _("two of its options read the same in {lang}."))
    for lang in LANGUAGES:
        if any(CATCH_ALL.search(_plain(getattr(option.text, lang))) for option in options):
            yield _("an option such as “all of the above” tests nothing; write another one ({lang}).").format(lang=lang)


def _alike(texts: Sequence[Texts], said: str) -> Iterator[str]:
    """Say so where two texts read the same in a language."""
    for lang in LANGUAGES:
        shown = [_plain(getattr(text, lang)) for text in texts]
        if len(set(shown)) < len(shown):
            yield said.format(lang=lang)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()
