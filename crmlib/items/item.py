"""What an item of the question bank is: twelve kinds, checked as strictly as an examiner would.

A file ``casebook/items/<topic>.yaml`` holds a topic's misconceptions by name and its items. Every text is in Chinese
and in English. Text is data: nothing in it is obeyed but ``\\( … \\)`` around a formula in LaTeX and ``**…**`` around
words to stress.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AliasChoices, Field, model_validator

from crmlib.core.exercise import apart
from crmlib.core.i18n import LANGUAGES, N_, _
from crmlib.core.numbers import times
from crmlib.items import rounding, templates
from crmlib.items.base import Head, formulas, option_faults, raise_first, stem_faults, text_faults
from crmlib.items.base import Id as Id
from crmlib.items.base import Name as Name
from crmlib.items.base import Option as Option
from crmlib.items.base import Positive as Positive
from crmlib.items.base import differing_numbers as differing_numbers
from crmlib.items.base import numbers_in as numbers_in
from crmlib.items.base import texts_in as texts_in
from crmlib.items.compound import Compound, Corrected, Several
from crmlib.items.steps import glued
from crmlib.support.answers import Specimen, check_model, check_specimens, is_numbered
from crmlib.support.strict_yaml import Line, Part, Texts

KINDS = {
    "mcq": N_("Choice"),
    "multi": N_("Multiple response"),
    "tf": N_("True or false"),
    "tfc": N_("True or false with correction"),
    "fill": N_("Fill in the blanks"),
    "order": N_("Ordering"),
    "match": N_("Matching"),
    "num": N_("Calculation"),
    "term": N_("Definition of a term"),
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

Words = dict[Name, tuple[Texts, ...]]
"""Texts among which one is drawn, by the name of the value that says which."""


class WrongNumber(Part):
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


class Wording(Part):
    """What an exercise says. With a generator its texts are templates: the values that it draws stand in them.

    Attributes:
        generator: what draws the numbers, among those of the topic; without one the texts stand as they are written.
        stem: what is asked.
        worked: the worked solution; where there are steps it is these in a row.
        steps: the worked solution step by step, each with what it computes at its end.
        hints: in order, each telling more.
        unit: of the number asked for; 万元 and yuan where all numbers given are in 万元 and English has them in full.
        tolerance: how far a number may be off, as a share of it (absolute below one).
        plausible: the least and the greatest number that make sense as an answer, where the unit does not say.
        replies: what is said to each misconception that the numbers may show.
        words: lists of words or sentences that are drawn; the generator gives the place in the list, from 0.
    """

    generator: Name | None = None
    stem: Texts | None = None
    worked: Texts | None = None
    steps: tuple[Texts, ...] = ()
    hints: tuple[Texts, ...] = ()
    unit: Texts | None = None
    tolerance: Annotated[float, Field(ge=0, le=0.1)] = 0.005
    plausible: tuple[float, float] | None = None
    replies: Annotated[dict[Name, Texts], Field(default_factory=dict)]
    words: Annotated[Words, Field(default_factory=dict)]

    @model_validator(mode="before")
    @classmethod
    def _steps_in_a_row(cls, given: Any) -> Any:
        """Put the steps of a worked solution together, so that whoever wants it whole has it."""
        lines = given.get("steps") if isinstance(given, dict) else None
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            return given
        whole = {lang: glued([str(line.get(lang, "")) for line in lines], lang) for lang in LANGUAGES}
        if given.get("worked", whole) != whole:
            raise ValueError(_("write “worked” or “steps”, not both."))
        return {**given, "worked": whole}


TEMPLATES = ("stem", "worked", "steps", "hints", "replies", "words")
"""What is a template where there is a generator."""


def templates_in(text: Wording) -> Iterator[tuple[str, Texts]]:
    """Yield the texts of a drawn exercise that values stand in, each with its place."""
    for name in TEMPLATES:
        yield from texts_in(getattr(text, name), name)


def _drawn_faults(text: Wording) -> Iterator[str]:
    """Say what is wrong with a drawn exercise."""
    for name in ("stem", "worked", "replies"):
        if not getattr(text, name):
            yield _("it has a generator, so it needs “{field}”.").format(field=name)
    yield from _template_faults(templates_in(text))


def _template_faults(texts: Iterable[tuple[str, Texts]]) -> Iterator[str]:
    for place, both in texts:
        for lang in LANGUAGES:
            for fault in templates.faults(getattr(both, lang)):
                yield _("“{field}” ({lang}): {fault}").format(field=place, lang=lang, fault=fault)


DRAWN_ALONE = ("worked", "steps", "unit", "tolerance", "plausible", "replies", "words")
"""What has no place in a choice that is written out."""


class Drawing(Wording):
    """A drawn exercise of a chapter that is no item of the bank: it reads a figure off the chapter's explorer, say."""

    generator: Name

    @model_validator(mode="after")
    def _sound(self) -> Self:
        raise_first(self.generator, _drawn_faults(self))
        raise_first(self.generator, text_faults(texts_in(self), drawn=True))
        return self


class Choice(Head, Wording):
    """One right option among several; either written out, or drawn by one of the topic's generators."""

    type: Literal["mcq"]
    points: Positive = 2
    options: tuple[Option, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.generator:
            raise_first(self.id, _rounded_otherwise(self))
            raise_first(self.id, _written_as_well(self, "options"))
            raise_first(self.id, _offered_in_two_units(self))
            raise_first(self.id, _drawn_faults(self))
            return self
        raise_first(self.id, _incomplete(self, "stem", "options"))
        raise_first(self.id, _out_of_place(self, *DRAWN_ALONE))
        if self.options and self.stem:
            raise_first(self.id, option_faults(self.options))
            raise_first(self.id, stem_faults(self.stem))
        return self


class TrueFalse(Head):
    """A statement that is true or false."""

    type: Literal["tf"]
    points: Positive = 1
    stem: Texts
    answer: bool
    why: Texts
    misconception: Name


class Number(Head, Wording):
    """A number to compute; either written out, or drawn by one of the topic's generators."""

    type: Literal["num"]
    points: Positive = 2
    answer: float | None = None
    distractors: Annotated[tuple[WrongNumber, ...], Field(validation_alias=AliasChoices("distractors", "traps"))] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        raise_first(self.id, _rounded_otherwise(self))
        if self.generator:
            raise_first(self.id, _written_as_well(self, "answer", "distractors"))
            raise_first(self.id, _drawn_faults(self))
            return self
        raise_first(self.id, _incomplete(self, "stem", "answer", "worked"))
        raise_first(self.id, _out_of_place(self, "steps", "replies", "words"))
        if self.answer is not None:
            raise_first(self.id, self._too_near(self.answer))
        return self

    def _too_near(self, key: float) -> Iterator[str]:
        for wrong in self.distractors:
            if not apart([wrong.answer, key], self.tolerance):
                said = _("the distractor {wrong:g} cannot be told from the key {key:g}.")
                yield said.format(wrong=wrong.answer, key=key)


class Written(Head):
    """A question answered in words, marked by a rubric against a model answer.

    Attributes:
        model: numbered points with their marks (:mod:`crmlib.support.answers`), or an answer in one piece.
        specimens: answers of three grades, to be marked by the student.
    """

    type: Literal["short", "essay", "case", "term"]
    points: Positive
    stem: Texts
    model: Texts
    rubric: Annotated[tuple[Criterion, ...], Field(min_length=2)]
    specimens: tuple[Specimen, ...] = ()

    @model_validator(mode="after")
    def _rubric_adds_up(self) -> Self:
        if (total := sum(criterion.points for criterion in self.rubric)) != self.points:
            said = _("the rubric of item {id} adds up to {total}, not to {points:g}.")
            raise ValueError(said.format(id=self.id, total=total, points=self.points))
        return self

    @model_validator(mode="after")
    def _answers_are_sound(self) -> Self:
        try:
            if is_numbered(self.model):
                check_model(self.model, self.points)
            check_specimens(self.specimens, self.points)
        except ValueError as fault:
            raise ValueError(_("item {id}, {fault}").format(id=self.id, fault=fault)) from None
        return self


W = TypeVar("W", bound=Part)
Item = Annotated[Choice | TrueFalse | Number | Written | Compound, Field(discriminator="type")]


class Topic(Part):
    """A file of the bank: a topic's misconceptions by name, and its items."""

    topic: Name
    title: Texts
    chapter: Line
    misconceptions: dict[Name, Texts]
    words: Annotated[Words, Field(default_factory=dict)]
    items: tuple[Item, ...]
    exercises: tuple[Drawing, ...] = ()

    def with_words(self, text: W) -> W:
        """Return an item or an exercise that knows the topic's words beside its own."""
        if not self.words or not isinstance(text, Wording) or not text.generator:
            return text
        return text.model_copy(update={"words": {**self.words, **text.words}})

    @model_validator(mode="after")
    def _words_are_sound(self) -> Self:
        texts = list(texts_in(self.words, "words"))
        for fault in chain(_template_faults(texts), text_faults(texts, drawn=True)):
            raise ValueError(fault)
        return self

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
        for drawing in self.exercises:
            for name in sorted(set(drawing.replies) - set(self.misconceptions)):
                said = _("item {id}: there is no misconception “{name}” at the head of the file.")
                raise ValueError(said.format(id=drawing.generator, name=name))
        if twice := [id for id, times in Counter(item.id for item in self.items).items() if times > 1]:
            raise ValueError(_("the id “{id}” is used twice.").format(id=twice[0]))
        return self


def is_drawn(item: Item) -> bool:
    """Say whether an item has numbers drawn for each paper."""
    return isinstance(item, Wording) and item.generator is not None


def formulas_in(item: Item) -> list[str]:
    """Return the formulas of an item, each once."""
    found = (latex for _place, both in texts_in(item) for latex in formulas(both, is_drawn(item)))
    return list(dict.fromkeys(found))


def misconceptions_of(item: Item) -> Iterator[str]:
    """Yield the names of the misconceptions that an item can reveal."""
    if isinstance(item, TrueFalse | Corrected):
        yield item.misconception
        return
    if isinstance(item, Wording):
        yield from item.replies
    if isinstance(item, Choice | Several):
        yield from (option.misconception for option in item.options if option.misconception)
    elif isinstance(item, Number):
        yield from (wrong.misconception for wrong in item.distractors)


def _written_as_well(item: Part, *fields: str) -> Iterator[str]:
    if item.model_fields_set.intersection(fields):
        yield _("it has a generator and is written out as well; one of the two.")


def _rounded_otherwise(item: Wording) -> Iterator[str]:
    if item.stem and rounding.differs(item.stem):
        yield _("zh and en ask for different roundings; say the same decimals in both.")


def _offered_in_two_units(item: Wording) -> Iterator[str]:
    if item.unit and times(item.unit.zh, item.unit.en) != 1:
        yield _("“unit”: what is offered as options stands in the same unit in both languages, as in yuan.")


def _incomplete(item: Part, *fields: str) -> Iterator[str]:
    if any(getattr(item, name) in (None, ()) for name in fields):
        yield _("it has neither a generator nor all that belongs to an item written out.")


def _out_of_place(item: Part, *fields: str) -> Iterator[str]:
    for name in fields:
        if name in item.model_fields_set:
            yield _("“{field}” belongs to a generator, and it has none.").format(field=name)
