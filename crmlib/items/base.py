"""What all items of the bank share: their head, and what is looked for in any of their texts and options."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from crmlib.core.i18n import LANGUAGES, _
from crmlib.items import prose, templates
from crmlib.support.strict_yaml import Part, Texts

Name = Annotated[str, StringConstraints(pattern=r"^[_a-z0-9]+$")]
Id = Annotated[str, StringConstraints(pattern=r"^[_a-z0-9]+\.[_a-z0-9]+$")]
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
TEN_THOUSAND = re.compile(r"(?<![\d,])10,000 yuan|(?<=in )¥10,000(?!,)")
"""The unit 万元 in English, “in ¥10,000”; in 210,000 yuan it is a part of the amount."""
NOT_IN_FULL = re.compile(rf"{TEN_THOUSAND.pattern}|(?<!\w)ten[ -]thousand(?= yuan)", re.IGNORECASE)
"""Money that does not stand in full."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
IN_TEN_THOUSANDS = re.compile(r"(\d[\d,]*(?:\.\d+)?) ?万")


class Option(Part):
    """One option of a choice. The right one has no misconception, every other one names its own."""

    text: Texts
    correct: bool = False
    why: Texts
    misconception: Name | None = None


class Head(Part):
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
        for fault in text_faults(texts_in(self), bool(getattr(self, "generator", None))):
            raise ValueError(_("item {id}, {fault}").format(id=self.id, fault=fault))
        return self


def text_faults(texts: Iterable[tuple[str, Texts]], drawn: bool) -> Iterator[str]:
    """Say what is wrong with the texts of one item: numbers that differ between the languages, money, formulas.

    Of templates what is fixed is looked at.
    """
    texts = list(texts)
    tens = in_ten_thousands(both for _place, both in texts)
    for place, both in texts:
        zh, en = (templates.literal(text) if drawn else text for text in (both.zh, both.en))
        if NOT_IN_FULL.search(en):
            said = _("“{field}” (en): money stands in full in English: write ¥600,000, and “yuan” for the unit.")
            yield said.format(field=place)
        if odd := differing_numbers(prose.BLANK.sub("", zh), prose.BLANK.sub("", en), tens):
            said = _("“{field}”: the numbers in zh and en differ ({numbers}).")
            yield said.format(field=place, numbers=", ".join(odd))
        for latex in formulas(both, drawn):
            try:
                prose.formula(latex)
            except prose.FormulaError:
                said = _("“{field}”: the formula “{latex}” cannot be read; mend its LaTeX.")
                yield said.format(field=place, latex=latex)


def formulas(both: Texts, drawn: bool) -> Iterator[str]:
    """Yield the formulas of a text, a figure standing for each value that is drawn."""
    shown = (templates.literal(text, "0") if drawn else text for text in (both.zh, both.en))
    yield from (run.text for text in shown for run in prose.runs(text) if run.kind == "maths")


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


def in_ten_thousands(texts: Iterable[Texts]) -> bool:
    """Say whether amounts of an item are in 万元: it is said once, in its stem, and holds for the numbers after it."""
    return any("万元" in both.zh for both in texts)


def differing_numbers(zh: str, en: str, tens: bool = False) -> list[str]:
    """Return the numbers that stand in one language of a text and not, or not as often, in the other.

    An amount in 万 or 万元 may stand in full in English; where all amounts are in 万元 (``tens``), any number may.

    >>> differing_numbers("每年 60 万元，共 3 户", "¥600,000 a year, 3 accounts")
    []
    >>> differing_numbers("60 万元", "¥60,000")
    ['60', '60000']
    >>> differing_numbers("100 − 70 = 30", "1,000,000 − 700,000 = 300,000", tens=True)
    []
    """
    in_zh, in_en = numbers_in(zh), numbers_in(en)
    only_zh, only_en = in_zh - in_en, in_en - in_zh
    amounts = only_zh.elements() if tens else IN_TEN_THOUSANDS.findall(unicodedata.normalize("NFKC", zh))
    for amount in list(amounts):
        short = amount.replace(",", "")
        full = f"{(Decimal(short) * 10_000).normalize():f}"
        if only_zh[short] > 0 and only_en[full] > 0:
            only_zh[short] -= 1
            only_en[full] -= 1
    return sorted(+only_zh + +only_en)


def option_faults(options: tuple[Option, ...]) -> Iterator[str]:
    """Say what is wrong with the options of a choice with one key."""
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


def stem_faults(stem: Texts) -> Iterator[str]:
    """Say so where the question asks for what does not hold and does not stress the word that says it."""
    for lang in LANGUAGES:
        asked = re.split(r"(?<=[.。！!;；])", getattr(stem, lang).rstrip("?？ "))[-1]
        if NEGATIVE.search(re.sub(r"\*\*.+?\*\*", "", asked)):
            yield _("a negative word in its question is not stressed: put ** around it ({lang}).").format(lang=lang)


def raise_first(id: str, faults: Iterable[str]) -> None:
    """Refuse an item for the first thing that is wrong with it."""
    for fault in faults:
        raise ValueError(_("item {id}: {fault}").format(id=id, fault=fault))
