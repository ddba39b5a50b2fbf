"""A paper as it is printed, exported or sat: questions in one language, with their keys beside them.

Every writer (PDF, Moodle, the mock exam …) reads :class:`Paper` and nothing of the bank.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crmlib.core import i18n
from crmlib.core.exercise import Exercise, measured
from crmlib.exams.assembly import Chosen, assemble, worth
from crmlib.exams.blueprint import Blueprint, Section
from crmlib.exams.dealing import deal
from crmlib.items.bank import Bank
from crmlib.items.item import Item, Written, is_drawn
from crmlib.items.rounding import Rounding, half_up, rounding

LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Mark:
    """What earns points in a written answer; ``levels`` are (points, what earns them)."""

    points: float
    text: str
    levels: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Specimen:
    """An answer such as a student writes, in one language: what it earns, and why."""

    points: float
    text: str
    why: str


@dataclass(frozen=True)
class Question:
    """One question in one language, its numbers drawn; :mod:`crmlib.items.prose` reads the marks in its texts.

    Attributes:
        id: of the item.
        kind: of the item: mcq, tf, num, short, essay, case.
        topic, bloom: of the item.
        points, minutes: what it earns and takes.
        text: what is asked.
        options: for mcq and tf.
        key: position of the right option (mcq, tf) or the right number (num); None where words answer.
        replies: for each option, why it is right or wrong.
        misconceptions: for each option, or of a number for each distractor, what it is called in the bank; empty for
            the right one.
        unit: of the number asked for.
        within: how far a number may be off, in its unit.
        distractors: wrong numbers that a misconception leads to, with the reply.
        worked: the worked solution (num, drawn mcq).
        model, rubric: for written answers.
        specimens: answers of three grades, the best first, for whoever marks and for students to mark.
        hints: in order.
        source: where it is taught.
        note: where textbooks' keys conflict.
        difficulty: of the item, 1 to 3; 0 where a manifest of an earlier version does not say.
        drawn: whether its numbers were drawn.
        decimals: to which a number is asked for; None where the question does not say.
        subject: what the topic is called.
    """

    id: str
    kind: str
    topic: str
    bloom: str
    points: float
    minutes: float
    text: str
    options: tuple[str, ...] = ()
    key: float | None = None
    replies: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    unit: str = ""
    within: float = 0.0
    distractors: tuple[tuple[float, str], ...] = ()
    worked: str = ""
    model: str = ""
    rubric: tuple[Mark, ...] = ()
    hints: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    difficulty: int = 0
    drawn: bool = False
    decimals: int | None = None
    subject: str = ""
    specimens: tuple[Specimen, ...] = ()

    @property
    def letter(self) -> str:
        """The key in a row of keys: a letter, or a number; what is true or false is T or F, 对 or 错 in Chinese."""
        return self.answer[:1] if self.kind == "tf" else self.answer

    @property
    def answer(self) -> str:
        """The key as printed: a letter, a word, or a number with its unit."""
        if self.key is None:
            return ""
        if self.kind == "mcq":
            return LABELS[int(self.key)]
        return self.options[int(self.key)] if self.options else measured(self.figure(self.key), self.unit)

    def figure(self, value: float) -> str:
        """Return a number of this question as printed: with the decimals that it asks for."""
        written = f"{value:,.10g}" if self.decimals is None else f"{value:,.{self.decimals}f}"
        return written.replace("-", "−")


@dataclass(frozen=True)
class Part:
    """A section of a paper with its questions, in order.

    Attributes:
        pick: of a pool, how many of its questions a platform draws for each student; 0 where all are asked.
    """

    name: str
    title: str
    instructions: str
    questions: tuple[Question, ...]
    pick: int = 0

    @property
    def points(self) -> float:
        """Points of the section."""
        return sum(question.points for question in self.questions[: self.pick or None])


@dataclass(frozen=True)
class Candidate:
    """Who sits a paper of one's own. ``copy`` is what it is called; the rest is printed on it where it is known."""

    copy: str
    name: str = ""
    number: str = ""
    group: str = ""


@dataclass(frozen=True)
class Paper:
    """One form of an exam in one language.

    Attributes:
        label: of the form: A, B …, or what a copy of one's own is called.
        seed: what its numbers and orders were drawn from; never printed on it.
        candidate: whose it is, if it is one person's.
    """

    title: str
    label: str
    lang: str
    minutes: float
    seed: str
    parts: tuple[Part, ...]
    candidate: Candidate | None = None

    @property
    def points(self) -> float:
        """Points of the whole paper."""
        return sum(part.points for part in self.parts)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(question for part in self.parts for question in part.questions)


def question(bank: Bank, item: Item, seed: int, points: float | None = None) -> Question:
    """Return an item as a question in the language now spoken, its numbers drawn with ``seed``."""
    common = {
        "id": item.id,
        "kind": item.type,
        "topic": item.topic,
        "bloom": item.bloom,
        "points": points or item.points,
        "minutes": item.minutes,
        "source": str(item.source),
        "note": str(item.note) if item.note else "",
        "difficulty": item.difficulty,
        "drawn": is_drawn(item),
        "subject": str(bank.topics[item.topic][0].title),
    }
    if isinstance(item, Written):
        rubric = [
            Mark(c.points, str(c.text), tuple((float(level.points), str(level.text)) for level in c.levels))
            for c in item.rubric
        ]
        return Question(
            **common,  # type: ignore[arg-type]
            text=str(item.stem),
            model=str(item.model),
            rubric=tuple(rubric),
            hints=tuple(str(hint) for hint in item.hints),
            specimens=tuple(Specimen(one.points, str(one.answer), str(one.why)) for one in item.specimens),
        )
    e = bank.exercise(item, seed)
    if not e.options:
        return _number(common, e, rounding(item.stem))
    replies = {int(m.answer): m for m in e.distractors}
    key = int(e.answer)
    why = [e.worked if n == key else replies[n].reply if n in replies else "" for n in range(len(e.options))]
    return Question(
        **common,  # type: ignore[arg-type]
        text=e.question,
        options=tuple(e.options),
        key=key,
        replies=tuple(why),
        misconceptions=tuple(replies[n].misconception if n in replies else "" for n in range(len(e.options))),
        unit=e.unit,
        worked=e.worked,
        hints=tuple(e.hints),
    )


def _number(common: Mapping[str, Any], e: Exercise, asked: Rounding | None) -> Question:
    """Return a question that asks for a number; key and distractors are rounded as it asks for."""

    def rounded(value: float) -> float:
        return float(half_up(value, asked.decimals)) if asked and not asked.at_least else value

    return Question(
        **common,
        text=e.question,
        key=rounded(e.answer),
        misconceptions=tuple(m.misconception for m in e.distractors),
        unit=e.unit,
        within=e.within,
        distractors=tuple((rounded(m.answer), m.reply) for m in e.distractors),
        worked=e.worked,
        hints=tuple(e.hints),
        decimals=asked.decimals if asked and not asked.at_least else None,
    )


def paper(
    bank: Bank,
    blueprint: Blueprint,
    chosen: Chosen,
    seed: str,
    label: str,
    lang: str,
    candidate: Candidate | None = None,
) -> Paper:
    """Return one form in a language; ``seed`` draws the numbers, the order of questions and that of options.

    Raises:
        UserError: the keys cannot be spread over the letters as the blueprint asks.
    """
    with i18n.speaking(lang):
        parts = [_part(bank, blueprint, section, chosen[section.name], seed) for section in blueprint.sections]
        return Paper(str(blueprint.title), label, lang, blueprint.minutes, seed, tuple(parts), candidate)


def _part(bank: Bank, blueprint: Blueprint, section: Section, ids: Iterable[str], seed: str) -> Part:
    dealt = deal(bank, section, [bank.item(id) for id in ids], seed, blueprint.key_letters)
    drawn = [question(bank, item, drawn_with, worth(section, item)) for item, drawn_with in dealt]
    return Part(
        section.name,
        str(section.title),
        str(section.instructions) if section.instructions else "",
        tuple(drawn),
    )


def forms(bank: Bank, blueprint: Blueprint, seed: int, many: int = 1, varied: bool = False) -> Mapping[str, Chosen]:
    """Return the items of parallel forms by their label: A, B, …; ``varied`` as :func:`assembly.assemble` has it."""
    chosen = assemble(list(bank.items.values()), blueprint, seed, many, varied)
    return dict(zip(LABELS, chosen, strict=False))
