"""A paper as it is printed, exported or sat: questions in one language, with their keys beside them.

Every writer (PDF, Moodle, the mock exam …) reads :class:`Paper` and nothing of the bank.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crmlib.core import i18n
from crmlib.core.exercise import Exercise, measured
from crmlib.core.i18n import _
from crmlib.exams.assembly import Chosen, assemble, worth
from crmlib.exams.blueprint import Blueprint, Section
from crmlib.exams.dealing import deal
from crmlib.items.bank import Bank
from crmlib.items.compound import Corrected
from crmlib.items.credit import HALF, MACHINE, Given
from crmlib.items.item import Item, Written, is_drawn
from crmlib.items.laying import Laid, Machine, lay, statement
from crmlib.items.rounding import Rounding, few_figures, half_up, rounding

LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LISTED = ("mcq", "multi", "order", "match")
"""Kinds whose options stand on paper, cards and in sheets, a letter each."""


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
        kind: of the item: mcq, multi, tf, tfc, fill, order, match, num, term, short, essay, case.
        topic, bloom: of the item.
        points, minutes: what it earns and takes.
        text: what is asked.
        options: for mcq, multi, tf and tfc; the lines of an order; the right sides of pairs.
        key: position of the right option (mcq, tf, tfc) or the right number (num); None elsewhere.
        replies: for each option, why it is right or wrong; for each blank, why that belongs there.
        misconceptions: for each option, or of a number for each distractor, what it is called in the bank; empty for
            the right one.
        unit: of the number asked for.
        within: how far a number may be off, in its unit, in six figures at most.
        distractors: wrong numbers that a misconception leads to, with the reply.
        worked: the worked solution (num, drawn mcq); why an order or pairs are right.
        model, rubric: for written answers, a statement to be corrected among them.
        specimens: answers of three grades, the best first, for whoever marks and for students to mark.
        hints: in order.
        source: where it is taught.
        note: where textbooks' keys conflict.
        difficulty: of the item, 1 to 3; 0 where a manifest of an earlier version does not say.
        drawn: whether its numbers were drawn.
        decimals: to which a number is asked for; None where the question does not say.
        subject: what the topic is called.
        lefts: the left sides of pairs.
        keys: several right options; of an order the options in order; of pairs the option for each left side.
        accept: for each blank what is accepted in the paper's language, the best first.
        also: for each blank what is accepted in the other language.
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
    lefts: tuple[str, ...] = ()
    keys: tuple[int, ...] = ()
    accept: tuple[tuple[str, ...], ...] = ()
    also: tuple[tuple[str, ...], ...] = ()

    @property
    def in_words(self) -> bool:
        """Whether it is answered in words, which somebody marks by the rubric."""
        return self.kind == "tfc" or (self.key is None and self.kind not in MACHINE)

    @property
    def right(self) -> Given:
        """The right answer to a question with several parts."""
        return [known[0] for known in self.accept] if self.accept else list(self.keys)

    @property
    def letter(self) -> str:
        """The key in a row of keys: a letter, or a number; what is true or false is T or F, 对 or 错 in Chinese."""
        return self.answer[:1] if self.kind in ("tf", "tfc") else self.answer

    @property
    def answer(self) -> str:
        """The key as printed: letters, a word, what fills the blanks, or a number with its unit."""
        if self.kind in MACHINE:
            return "  ".join(self.answers)
        if self.key is None:
            return ""
        if self.kind == "mcq":
            return LABELS[int(self.key)]
        return self.options[int(self.key)] if self.options else measured(self.figure(self.key), self.unit)

    @property
    def answers(self) -> list[str]:
        """The key of a question with several parts: letters in a row, or each blank or left side with its own."""
        letters = [LABELS[key] for key in self.keys]
        if self.kind in ("multi", "order"):
            return ["".join(letters)]
        return [f"({n}) {one}" for n, one in enumerate([" / ".join(known) for known in self.accept] or letters, 1)]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Why each option is right or wrong, or what belongs in a blank, with its letter or number."""
        labels = [f"({n + 1})" if self.kind == "fill" else f"{LABELS[n]}." for n in range(len(self.replies))]
        return [(label, reply) for label, reply in zip(labels, self.replies, strict=True) if reply]

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
    if isinstance(item, Corrected):
        return _corrected(common, item)
    if isinstance(item, Machine):
        return _of_parts(common, lay(item, seed))
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


def _of_parts(common: Mapping[str, Any], laid: Laid) -> Question:
    """Return a question with several parts that a machine marks."""
    return Question(
        **common,
        text=laid.question,
        options=laid.options,
        replies=laid.replies,
        misconceptions=laid.misconceptions,
        worked=laid.worked,
        hints=laid.hints,
        lefts=laid.lefts,
        keys=laid.keys,
        accept=laid.accept,
        also=laid.also,
    )


def _corrected(common: Mapping[str, Any], item: Corrected) -> Question:
    """Return a statement to be judged and corrected; the rubric says what the verdict and the correction earn."""
    points = common["points"]
    verdict = _("The verdict: the statement is {truth}.")
    if item.correction is None:
        marks = [(points, verdict.format(truth=_("true")))]
    else:
        corrected = _("Corrected: {correction}").format(correction=item.correction)
        marks = [(points * HALF, verdict.format(truth=_("false"))), (points * HALF, corrected)]
    return Question(
        **common,
        text=str(item.stem),
        options=(_("True"), _("False")),
        key=int(not item.answer),
        replies=(str(item.why),) * 2,
        misconceptions=(item.misconception, "") if not item.answer else ("", item.misconception),
        model=statement(item),
        rubric=tuple(Mark(most, text, ((most, _("right")), (0.0, _("wrong or missing")))) for most, text in marks),
        hints=tuple(map(str, item.hints)),
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
        within=few_figures(e.within),
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
