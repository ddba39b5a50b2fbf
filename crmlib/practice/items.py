"""What an item of the question bank is: six kinds, checked as strictly as an examiner would.

A file ``casebook/items/<topic>.yaml`` holds a topic's misconceptions by name and its items. Every text is in Chinese
and in English. Text is data: nothing in it is obeyed but ``\\( … \\)`` around a formula in LaTeX and ``**…**`` around
words to stress.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from crmlib.i18n import LANGUAGES, N_, _
from crmlib.plain import Line, Part, Texts
from crmlib.practice import prose

KINDS = {
    "mcq": N_("Choice"),
    "tf": N_("True or false"),
    "num": N_("Calculation"),
    "short": N_("Short answer"),
    "essay": N_("Essay"),
    "case": N_("Case analysis"),
}
"""The kinds of items, in the order of an exam paper."""
BLOOM = {
    "remember": N_("remember"),
    "understand": N_("understand"),
    "apply": N_("apply"),
    "analyse": N_("analyse"),
    "evaluate": N_("evaluate"),
    "create": N_("create"),
}
"""Levels of the revised taxonomy (Anderson & Krathwohl 2001)."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
Positive = Annotated[float, Field(gt=0)]

MUCH_LONGER = 1.6
"""A key this much longer than the other options on average gives itself away."""
CATCH_ALL = re.compile(
    r"\b(all|none|both) of (the )?(above|these)\b|^以上|以上[都皆均全]|[都皆均]不(对|是|正确)$", re.IGNORECASE
)
NEGATIVE = re.compile(
    r"\b(not|except|incorrect|false|wrong|least|never)\b|不(正确|属于|包括|符合|恰当|是|对|应|会|能)|错误",
    re.IGNORECASE,
)
TEN_THOUSAND = re.compile(r"(?<![\d,])10,000 yuan")
"""The unit 万元 in English; in 210,000 yuan it is a part of the amount."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Option(Part):
    """One option of a choice. The right one has no misconception, every other one names its own."""

    text: Texts
    correct: bool = False
    why: Texts
    misconception: Name | None = None


class Trap(Part):
    """A wrong number that a known misconception leads to."""

    answer: float
    why: Texts
    misconception: Name


class Level(Part):
    """How much of a criterion an answer of this quality earns."""

    points: Annotated[int, Field(ge=0)]
    text: Texts


class Criterion(Part):
    """What earns points in a written answer; ``levels`` say what earns a part of them."""

    points: Annotated[int, Field(gt=0)]
    text: Texts
    levels: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _levels_fit(self) -> Self:
        if self.levels and max(level.points for level in self.levels) != self.points:
            raise ValueError(
                _("the best level must earn all {points} points of its criterion.").format(points=self.points)
            )
        return self


class _Item(Part):
    """What all items have.

    Attributes:
        id: ``topic.name``; never changes once published, for progress and exports are kept by it.
        bloom: level of the taxonomy.
        difficulty: 1 easy to 3 hard.
        minutes: how long a student needs.
        source: where it is taught: author and year, or the course notes.
        note: where textbooks' keys conflict.
        hints: in order, each telling more.
        enemies: items that must not stand on the same paper.
    """

    id: Id
    bloom: Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
    difficulty: Literal[1, 2, 3]
    minutes: Positive
    source: Texts
    note: Texts | None = None
    hints: tuple[Texts, ...] = ()
    enemies: tuple[Id, ...] = ()

    @property
    def topic(self) -> str:
        """The topic it belongs to."""
        return self.id.partition(".")[0]

    @model_validator(mode="after")
    def _languages_agree(self) -> Self:
        for place, text in texts_in(self):
            if odd := differing_numbers(text):
                said = _("item {id}, “{field}”: the numbers in zh and en differ ({numbers}).")
                raise ValueError(said.format(id=self.id, field=place, numbers=", ".join(odd)))
        return self

    @model_validator(mode="after")
    def _formulas_can_be_read(self) -> Self:
        texts = [(place, text) for place, both in texts_in(self) for text in (both.zh, both.en)]
        for place, latex in [
            (place, run.text) for place, text in texts for run in prose.runs(text) if run.kind == "maths"
        ]:
            try:
                prose.formula(latex)
            except prose.FormulaError:
                said = _("item {id}, “{field}”: the formula “{latex}” cannot be read; mend its LaTeX.")
                raise ValueError(said.format(id=self.id, field=place, latex=latex)) from None
        return self


class Choice(_Item):
    """One right option among several; either written out, or drawn by a maker of the topic's practice module."""

    type: Literal["mcq"]
    points: Positive = 2
    stem: Texts | None = None
    options: tuple[Option, ...] = ()
    maker: Name | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _raise_first(self.id, _made_or_written(self.maker, self.stem is None, not self.options))
        if self.options and self.stem:
            _raise_first(self.id, _option_faults(self.options))
            _raise_first(self.id, _stem_faults(self.stem))
        return self


class TrueFalse(_Item):
    """A statement that is true or false."""

    type: Literal["tf"]
    points: Positive = 1
    stem: Texts
    answer: bool
    why: Texts
    misconception: Name


class Number(_Item):
    """A number to compute; either written out, or drawn by a maker of the topic's practice module."""

    type: Literal["num"]
    points: Positive = 2
    stem: Texts | None = None
    answer: float | None = None
    unit: Texts | None = None
    tolerance: Annotated[float, Field(ge=0, le=0.1)] = 0.005
    worked: Texts | None = None
    traps: tuple[Trap, ...] = ()
    maker: Name | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        absent = (self.stem is None, self.answer is None, self.worked is None)
        _raise_first(self.id, _made_or_written(self.maker, *absent))
        if self.answer is not None:
            _raise_first(self.id, self._too_near(self.answer))
        return self

    def _too_near(self, key: float) -> Iterator[str]:
        for trap in self.traps:
            if abs(trap.answer - key) <= 2 * self.tolerance * max(abs(key), 1.0):
                yield _("the trap {trap:g} cannot be told from the key {key:g}.").format(trap=trap.answer, key=key)


class Written(_Item):
    """A question answered in words, marked by a rubric against a model answer."""

    type: Literal["short", "essay", "case"]
    points: Positive
    stem: Texts
    model: Texts
    rubric: Annotated[tuple[Criterion, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _rubric_adds_up(self) -> Self:
        if (total := sum(criterion.points for criterion in self.rubric)) != self.points:
            said = _("the rubric of item {id} adds up to {total}, not to {points:g}.")
            raise ValueError(said.format(id=self.id, total=total, points=self.points))
        return self


Item = Annotated[Choice | TrueFalse | Number | Written, Field(discriminator="type")]


class Topic(Part):
    """A file of the bank: a topic's misconceptions by name, and its items."""

    topic: Name
    title: Texts
    chapter: Line
    misconceptions: dict[Name, Texts]
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for item in self.items:
            if item.topic != self.topic:
                said = _("the id “{id}” must begin with the topic: “{topic}.”")
                raise ValueError(said.format(id=item.id, topic=self.topic))
            for name in misconceptions_of(item):
                if name not in self.misconceptions:
                    said = _("item {id}: there is no misconception “{name}” at the head of the file.")
                    raise ValueError(said.format(id=item.id, name=name))
        if twice := [id for id, times in Counter(item.id for item in self.items).items() if times > 1]:
            raise ValueError(_("the id “{id}” is used twice.").format(id=twice[0]))
        return self


def misconceptions_of(item: Choice | TrueFalse | Number | Written) -> Iterator[str]:
    """Yield the names of the misconceptions that an item written out can reveal."""
    if isinstance(item, TrueFalse):
        yield item.misconception
    elif isinstance(item, Choice):
        yield from (option.misconception for option in item.options if option.misconception)
    elif isinstance(item, Number):
        yield from (trap.misconception for trap in item.traps)


def texts_in(part: object, place: str = "") -> Iterator[tuple[str, Texts]]:
    """Yield every bilingual text within a part of the bank, with its place."""
    if isinstance(part, Texts):
        yield place, part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from texts_in(getattr(part, name), f"{place}.{name}".lstrip("."))
    elif isinstance(part, tuple):
        for number, member in enumerate(part, 1):
            yield from texts_in(member, f"{place}.{number}")


def numbers_in(text: str) -> Counter[str]:
    """Return the numbers that stand in a text, thousands commas and full-width digits read; 万元 is 10,000 yuan.

    >>> sorted(numbers_in("１,200 of 3.50")) == sorted(numbers_in("1200 中的 3.50"))
    True
    """
    plain = TEN_THOUSAND.sub("", unicodedata.normalize("NFKC", text))
    return Counter(found.replace(",", "").rstrip(".") for found in NUMBER.findall(plain))


def differing_numbers(text: Texts) -> list[str]:
    """Return the numbers that stand in one language of a text and not, or not as often, in the other."""
    zh, en = numbers_in(text.zh), numbers_in(text.en)
    return sorted((zh - en) + (en - zh))


def _made_or_written(maker: str | None, *absent: bool) -> Iterator[str]:
    if maker and not all(absent):
        yield _("it has a maker and is written out as well; one of the two.")
    if not maker and any(absent):
        yield _("it has neither a maker nor all that belongs to an item written out.")


def _option_faults(options: tuple[Option, ...]) -> Iterator[str]:
    right = [option for option in options if option.correct]
    if len(right) != 1:
        yield _("{n} of its options are right; it must be exactly one.").format(n=len(right))
    if not 3 <= len(options) <= 6:
        yield _("it has {n} options; it may have 3 to 6.").format(n=len(options))
    if any(option.correct == bool(option.misconception) for option in options):
        yield _("each wrong option names its misconception, and the right one has none.")
    for lang in LANGUAGES:
        shown = [" ".join(getattr(option.text, lang).casefold().split()) for option in options]
        if len(set(shown)) < len(shown):
            yield _("two of its options read the same in {lang}.").format(lang=lang)
        if any(CATCH_ALL.search(text) for text in shown):
            yield _("an option such as “all of the above” tests nothing; write another one ({lang}).").format(lang=lang)
        if _gives_itself_away([len(text) for text in shown], options):
            yield _("the right option is much longer than the others ({lang}) and gives itself away.").format(lang=lang)


def _gives_itself_away(lengths: list[int], options: tuple[Option, ...]) -> bool:
    key = [n for n, option in zip(lengths, options, strict=True) if option.correct]
    rest = [n for n, option in zip(lengths, options, strict=True) if not option.correct]
    return bool(key and rest) and key[0] > 12 and key[0] > MUCH_LONGER * sum(rest) / len(rest)


def _stem_faults(stem: Texts) -> Iterator[str]:
    """Say so where the question asks for what does not hold and does not stress the word that says it."""
    for lang in LANGUAGES:
        asked = re.split(r"(?<=[.。！!;；])", getattr(stem, lang).rstrip("?？ "))[-1]
        if NEGATIVE.search(re.sub(r"\*\*.+?\*\*", "", asked)):
            yield _("a negative word in its question is not stressed: put ** around it ({lang}).").format(lang=lang)


def _raise_first(id: str, faults: Iterable[str]) -> None:
    for fault in faults:
        raise ValueError(_("item {id}: {fault}").format(id=id, fault=fault))
