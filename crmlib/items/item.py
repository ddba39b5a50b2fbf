"""What an item of the question bank is: six kinds, checked as strictly as an examiner would.

A file ``casebook/items/<topic>.yaml`` holds a topic's misconceptions by name and its items. Every text is in Chinese
and in English. Text is data: nothing in it is obeyed but ``\\( … \\)`` around a formula in LaTeX and ``**…**`` around
words to stress.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AliasChoices, Field, StringConstraints, model_validator

from crmlib.core.exercise import apart
from crmlib.core.i18n import LANGUAGES, N_, _
from crmlib.items import prose, rounding, templates
from crmlib.items.steps import glued
from crmlib.support.answers import Specimen, check_model, check_specimens, is_numbered
from crmlib.support.strict_yaml import Line, Part, Texts

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

Name = Annotated[str, StringConstraints(pattern=r"^[_a-z0-9]+$")]
Id = Annotated[str, StringConstraints(pattern=r"^[_a-z0-9]+\.[_a-z0-9]+$")]
Positive = Annotated[float, Field(gt=0)]
Words = dict[Name, tuple[Texts, ...]]
"""Texts among which one is drawn, by the name of the value that says which."""

MUCH_LONGER = 1.6
"""A key this much longer than the other options on average gives itself away."""
CATCH_ALL = re.compile(
    r"\b(all|none|both) of (the )?(above|these)\b|^以上|以上[都皆均全]|[都皆均]不(对|是|正确)$", re.IGNORECASE
)
NEGATIVE = re.compile(
    r"\b(not|except|incorrect|false|wrong|least|never)\b|不(正确|属于|包括|符合|恰当|是|对|应|会|能)|错误",
    re.IGNORECASE,
)
TEN_THOUSAND = re.compile(r"(?<![\d,])10,000 yuan|(?<=in )¥10,000(?!,)")
"""The unit 万元 in English, “in ¥10,000”; in 210,000 yuan it is a part of the amount."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
IN_TEN_THOUSANDS = re.compile(r"(\d[\d,]*(?:\.\d+)?) ?万")


class Option(Part):
    """One option of a choice. The right one has no misconception, every other one names its own."""

    text: Texts
    correct: bool = False
    why: Texts
    misconception: Name | None = None


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
        use: what it is for; students practise with the one and meet the other in no exercise and no mock exam.
    """

    id: Id
    bloom: Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
    difficulty: Literal[1, 2, 3]
    minutes: Positive
    source: Texts
    note: Texts | None = None
    hints: tuple[Texts, ...] = ()
    enemies: tuple[Id, ...] = ()
    use: Literal["practice", "exam"] = "practice"

    @property
    def topic(self) -> str:
        """The topic it belongs to."""
        return self.id.partition(".")[0]

    @model_validator(mode="after")
    def _texts_are_sound(self) -> Self:
        for fault in _text_faults(texts_in(self), bool(getattr(self, "generator", None))):
            raise ValueError(_("item {id}, {fault}").format(id=self.id, fault=fault))
        return self


def _text_faults(texts: Iterable[tuple[str, Texts]], drawn: bool) -> Iterator[str]:
    """Say which numbers differ between the languages and which formulas cannot be read; of templates what is fixed."""
    for place, both in texts:
        zh, en = (templates.literal(text) if drawn else text for text in (both.zh, both.en))
        if odd := differing_numbers(zh, en):
            said = _("“{field}”: the numbers in zh and en differ ({numbers}).")
            yield said.format(field=place, numbers=", ".join(odd))
        for latex in _formulas(both, drawn):
            try:
                prose.formula(latex)
            except prose.FormulaError:
                said = _("“{field}”: the formula “{latex}” cannot be read; mend its LaTeX.")
                yield said.format(field=place, latex=latex)


def _formulas(both: Texts, drawn: bool) -> Iterator[str]:
    """Yield the formulas of a text, a figure standing for each value that is drawn."""
    shown = (templates.literal(text, "0") if drawn else text for text in (both.zh, both.en))
    yield from (run.text for text in shown for run in prose.runs(text) if run.kind == "maths")


class Wording(Part):
    """What an exercise says. With a generator its texts are templates: the values that it draws stand in them.

    Attributes:
        generator: what draws the numbers, among those of the topic; without one the texts stand as they are written.
        stem: what is asked.
        worked: the worked solution; where there are steps it is these in a row.
        steps: the worked solution step by step, each with what it computes at its end.
        hints: in order, each telling more.
        unit: of the number asked for.
        tolerance: how far a number may be off, as a share of it (absolute below one).
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


class Drawing(Wording):
    """A drawn exercise of a chapter that is no item of the bank: it reads a figure off the chapter's explorer, say."""

    generator: Name

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _raise_first(self.generator, _drawn_faults(self))
        _raise_first(self.generator, _text_faults(texts_in(self), drawn=True))
        return self


class Choice(_Item, Wording):
    """One right option among several; either written out, or drawn by one of the topic's generators."""

    type: Literal["mcq"]
    points: Positive = 2
    options: tuple[Option, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.generator:
            _raise_first(self.id, _rounded_otherwise(self))
            _raise_first(self.id, _written_as_well(self, "options"))
            _raise_first(self.id, _drawn_faults(self))
            return self
        _raise_first(self.id, _incomplete(self, "stem", "options"))
        _raise_first(self.id, _out_of_place(self, "worked", "steps", "unit", "tolerance", "replies", "words"))
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


class Number(_Item, Wording):
    """A number to compute; either written out, or drawn by one of the topic's generators."""

    type: Literal["num"]
    points: Positive = 2
    answer: float | None = None
    distractors: Annotated[tuple[WrongNumber, ...], Field(validation_alias=AliasChoices("distractors", "traps"))] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _raise_first(self.id, _rounded_otherwise(self))
        if self.generator:
            _raise_first(self.id, _written_as_well(self, "answer", "distractors"))
            _raise_first(self.id, _drawn_faults(self))
            return self
        _raise_first(self.id, _incomplete(self, "stem", "answer", "worked"))
        _raise_first(self.id, _out_of_place(self, "steps", "replies", "words"))
        if self.answer is not None:
            _raise_first(self.id, self._too_near(self.answer))
        return self

    def _too_near(self, key: float) -> Iterator[str]:
        for wrong in self.distractors:
            if not apart([wrong.answer, key], self.tolerance):
                said = _("the distractor {wrong:g} cannot be told from the key {key:g}.")
                yield said.format(wrong=wrong.answer, key=key)


class Written(_Item):
    """A question answered in words, marked by a rubric against a model answer.

    Attributes:
        model: numbered points with their marks (:mod:`crmlib.support.answers`), or an answer in one piece.
        specimens: answers of three grades, to be marked by the student.
    """

    type: Literal["short", "essay", "case"]
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
Item = Annotated[Choice | TrueFalse | Number | Written, Field(discriminator="type")]


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
        for fault in chain(_template_faults(texts), _text_faults(texts, drawn=True)):
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


def is_drawn(item: Choice | TrueFalse | Number | Written) -> bool:
    """Say whether an item has numbers drawn for each paper."""
    return isinstance(item, Wording) and item.generator is not None


def formulas_in(item: Choice | TrueFalse | Number | Written) -> list[str]:
    """Return the formulas of an item, each once."""
    found = (latex for _place, both in texts_in(item) for latex in _formulas(both, is_drawn(item)))
    return list(dict.fromkeys(found))


def misconceptions_of(item: Choice | TrueFalse | Number | Written) -> Iterator[str]:
    """Yield the names of the misconceptions that an item can reveal."""
    if isinstance(item, TrueFalse):
        yield item.misconception
        return
    if isinstance(item, Wording):
        yield from item.replies
    if isinstance(item, Choice):
        yield from (option.misconception for option in item.options if option.misconception)
    elif isinstance(item, Number):
        yield from (wrong.misconception for wrong in item.distractors)


def texts_in(part: object, place: str = "") -> Iterator[tuple[str, Texts]]:
    """Yield every bilingual text within a part of the bank, with its place."""
    if isinstance(part, Texts):
        yield place, part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from texts_in(getattr(part, name), f"{place}.{name}".lstrip("."))
    elif isinstance(part, list | tuple):
        for number, member in enumerate(part, 1):
            yield from texts_in(member, f"{place}.{number}")
    elif isinstance(part, dict):
        for name, member in part.items():
            yield from texts_in(member, f"{place}.{name}")


def numbers_in(text: str) -> Counter[str]:
    """Return the numbers that stand in a text, thousands commas and full-width digits read; 万元 is 10,000 yuan.

    >>> sorted(numbers_in("１,200 of 3.50")) == sorted(numbers_in("1200 中的 3.50"))
    True
    """
    plain = TEN_THOUSAND.sub("", unicodedata.normalize("NFKC", text))
    return Counter(found.replace(",", "").rstrip(".") for found in NUMBER.findall(plain))


def differing_numbers(zh: str, en: str) -> list[str]:
    """Return the numbers that stand in one language of a text and not, or not as often, in the other.

    An amount in 万 or 万元 may stand in full in English.

    >>> differing_numbers("每年 60 万元，共 3 户", "¥600,000 a year, 3 accounts")
    []
    >>> differing_numbers("60 万元", "¥60,000")
    ['60', '60000']
    """
    in_zh, in_en = numbers_in(zh), numbers_in(en)
    only_zh, only_en = in_zh - in_en, in_en - in_zh
    for amount in IN_TEN_THOUSANDS.findall(unicodedata.normalize("NFKC", zh)):
        short = amount.replace(",", "")
        full = f"{(Decimal(short) * 10_000).normalize():f}"
        if only_zh[short] > 0 and only_en[full] > 0:
            only_zh[short] -= 1
            only_en[full] -= 1
    return sorted(+only_zh + +only_en)


def _written_as_well(item: Part, *fields: str) -> Iterator[str]:
    if item.model_fields_set.intersection(fields):
        yield _("it has a generator and is written out as well; one of the two.")


def _rounded_otherwise(item: Wording) -> Iterator[str]:
    if item.stem and rounding.differs(item.stem):
        yield _("zh and en ask for different roundings; say the same decimals in both.")


def _incomplete(item: Part, *fields: str) -> Iterator[str]:
    if any(getattr(item, name) in (None, ()) for name in fields):
        yield _("it has neither a generator nor all that belongs to an item written out.")


def _out_of_place(item: Part, *fields: str) -> Iterator[str]:
    for name in fields:
        if name in item.model_fields_set:
            yield _("“{field}” belongs to a generator, and it has none.").format(field=name)


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
