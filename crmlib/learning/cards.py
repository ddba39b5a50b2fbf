"""Exercises and guesses in the notebook, as widgets.

A card holds one item: the question, a field, buttons, and a line that says what is right or which mistake was made. The
first answer counts and is kept in the student's progress; what comes after it is for learning. The browser is sent a
question's text, its options and what has been said; keys stay in the kernel until they are earned.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from random import Random
from typing import Any, Literal

import ipywidgets as w
from pydantic import TypeAdapter

from crmlib.core import i18n, numbers
from crmlib.core.errors import UserError
from crmlib.core.exercise import FREE, Exercise, Feedback, measured
from crmlib.core.i18n import _
from crmlib.explorer.controls import Panel, button
from crmlib.items import credit, prose
from crmlib.items.bank import bank
from crmlib.items.credit import Given
from crmlib.items.laying import Laid
from crmlib.learning import answers, progress
from crmlib.learning.fields import Said, Scale, asked, pointer, verdict, words
from crmlib.learning.ladder import OWN, WAYS, Ladder, ways
from crmlib.plotting.theme import safe
from crmlib.support.memory import own_seed, recall, remember
from crmlib.support.strict_yaml import pick_known

HINT_COSTS = 0.25
"""Share of an item's points that each hint costs."""
POINTS = 2.0
"""What an exercise earns that is not in the bank."""


@dataclass(frozen=True)
class Kept:
    """How far a student got with an item: numbers, last answer judged, hints, and what was last said.

    Attributes:
        seed: what its numbers were drawn with.
        given: the answer judged last.
        unit: that it was asked for in; languages may ask for an amount in units of their own.
        hints: how many were taken.
        answered: whether an answer has counted.
        told: whether the answer is known.
        says: feedback on the answer given, the solution, or nothing.
    """

    seed: int
    given: Given = None
    unit: str = ""
    hints: int = 0
    answered: bool = False
    told: bool = False
    says: Literal["", "feedback", "solution"] = ""


_KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)
_WAY: TypeAdapter[str] = TypeAdapter(Literal["worked", "blank", "order", "why", "free"])


class Card(Panel):
    """One item that the machine marks.

    Args:
        id: of the item, under which progress is kept.
        draw: a seed → the exercise, in the language spoken at the time.
        seed: what to begin with.
        points: what the item earns.
        done: called after the first answer, with the attempt.
        called: a misconception's name → what it is called, in the language spoken at the time; empty if it has no name.
        spoken: called after a change of language, with the language.
        memory: under which name it is remembered; not at all if empty.
        again: whether to go on where it was left; else it begins anew.
    """

    def __init__(
        self,
        id: str,
        draw: Callable[[int], Exercise | Laid],
        seed: int = 0,
        points: float = POINTS,
        done: Callable[[progress.Attempt], object] = lambda _attempt: None,
        called: Callable[[str], str] = lambda _name: "",
        spoken: Callable[[str], object] = lambda _lang: None,
        memory: str = "",
        again: bool = True,
    ):
        self.id, self.draw, self.points, self.memory = id, draw, points, memory
        self.done, self.called, self.spoken = done, called, spoken
        self.lang = i18n.language()
        self._question, self._feedback = w.HTML(), Said()
        self._field: Any = None
        self._kind = ""
        self._check, self._another, self._hint, self._solve, self._switch = (button("") for _place in range(5))
        self._check.on_click(lambda _button: self._judge())
        self._another.on_click(lambda _button: self._go_on())
        self._hint.on_click(lambda _button: self._give_hint())
        self._solve.on_click(lambda _button: self._give_solution())
        self._switch.on_click(lambda _button: self.speak(i18n.other(self.lang)))
        self._tools = w.HBox([self._check, self._another, self._hint, self._solve, self._switch])
        self._tools.add_class("crm-toolbar")
        super().__init__()
        self.add_class("crm-ask")
        kept = recall(_KEPT, memory) if memory and again else None
        self._begin(kept or Kept(seed))
        if kept is None and not again:
            self._remember()

    @property
    def seed(self) -> int:
        """What the numbers shown were drawn with."""
        return self.kept.seed

    def check(self, given: Any) -> str:
        """Return the feedback on an answer, as the button would show it."""
        with i18n.speaking(self.lang):
            return self.exercise.check(given).said

    def single(self) -> None:
        """Take away “another one”: an item written out has no other numbers."""
        self._tools.children = tuple(tool for tool in self._tools.children if tool is not self._another)

    def speak(self, lang: str) -> None:
        """Show the card in another language, the answer given and the feedback with it."""
        self.lang = lang
        self._show(self._field.value, self._unit)
        self.spoken(lang)

    def focus(self) -> None:
        """Put the keyboard's focus where the answer goes."""
        self._field.focus()

    def _begin(self, kept: Kept) -> None:
        """Begin with the numbers of a seed, or go on where the student was."""
        self.kept, self._complaint = kept, ""
        self._show(kept.given, kept.unit)
        self._field.turn += 1

    def _change(self, **changes: Any) -> None:
        """Note how far the student got; show it, and keep it."""
        self.kept = replace(self.kept, **changes)
        self._show_help()
        self._remember()
        self._say()

    def _remember(self) -> None:
        if self.memory and (complaint := remember(self.memory, asdict(self.kept))):
            self._complaint = self._complaint or complaint

    def _go_on(self) -> None:
        self._begin(Kept(self.kept.seed + 1))
        self._remember()
        self.focus()

    def _show(self, given: Any = None, unit: str = "") -> None:
        """Show the exercise in the language spoken, with an answer that was given where ``unit`` was asked for."""
        with i18n.speaking(self.lang):
            self.exercise: Exercise | Laid = self.draw(self.kept.seed)
            e = self.exercise
            given = self._read_on(given, unit)
            self.kept = replace(self.kept, given=self._read_on(self.kept.given, self.kept.unit))
            self._question.value = asked(prose.html(e.question), self._name) + self._beside()
            self._turn_field(given)
            self._check.description, self._another.description = _("Check"), _("Another one like this")
            self._solve.description = _("Worked solution")
            self._switch.description = i18n.NAMES[i18n.other(self.lang)]
            self._switch.tooltip = _("Show this exercise in the other language")
        self._show_help()
        self._say()
        with i18n.speaking(self.lang):
            self.children = (self._question, self._field, self._tools, self._feedback, *self._below())

    @property
    def _unit(self) -> str:
        """The unit that the answer is asked for in; empty if it is none."""
        return "" if isinstance(self.exercise, Laid) else self.exercise.unit

    def _read_on(self, given: Any, unit: str) -> Any:
        return numbers.carried(given, unit, self._unit) if isinstance(given, str) else given

    def _below(self) -> Sequence[w.Widget]:
        """Return what stands below all else."""
        return ()

    def _beside(self) -> str:
        """Return as HTML what else stands below the question: what a part of the answer earns."""
        return words(safe(credit.rule(self.exercise.kind)))

    @property
    def _name(self) -> str:
        return f"crm-{self._question.model_id}"

    def _turn_field(self, given: Any) -> None:
        """Turn the field to the exercise; it stays where it is on the page while the kind of answer is the same."""
        if self._kind != self.exercise.kind:
            self._kind = self.exercise.kind
            self._field = answers.field(self._kind, self._name)
            self._field.entered = self._judge
        answers.offer(self._field, self.exercise, given)

    def _show_help(self) -> None:
        """Offer hints and the solution until the answer is known; a hint costs nothing once an answer has counted."""
        with i18n.speaking(self.lang):
            name_hint(self._hint, free=self.kept.answered)
        self._hint.disabled = self.kept.told or self.kept.hints >= len(hints_of(self.exercise))
        self._solve.disabled = self.kept.told

    def _say(self, instead: str = "") -> None:
        """Show what there is to say: the hints taken, then the feedback or something else in its place."""
        kept = self.kept
        with i18n.speaking(self.lang):
            said = instead or self._verdict() + words(safe(self._complaint))
            standing = {"piece": self._field.id, "value": answers.standing(kept.given)}
            judged = standing if kept.says == "feedback" else {}
            self._feedback.say(hint_lines(hints_of(self.exercise)[: kept.hints]) + said, judged)

    def _verdict(self) -> str:
        if self.kept.says == "solution":
            return words(prose.html(solution(self.exercise)))
        return verdict(self._reply(self.kept.given)) if self.kept.says == "feedback" else ""

    def _judge(self) -> None:
        given = self._field.value
        if answers.empty(given):
            with i18n.speaking(self.lang):
                self._say(words(safe(_("Give an answer first."))))
            return
        with i18n.speaking(self.lang):
            feedback = self.exercise.check(given)
        told = self.kept.told or feedback.verdict == "right"
        answered = self.kept.answered or feedback.verdict not in FREE
        if answered and not self.kept.answered:
            share = self.exercise.share(given) if isinstance(self.exercise, Laid) else 0.0
            self._count(feedback, share)
        self._change(given=given, unit=self._unit, told=told, answered=answered, says="feedback")

    def _reply(self, given: Any) -> str:
        feedback = self.exercise.check(given)
        called = safe(named(self.called, feedback.misconception))
        return words(prose.html(feedback.said), feedback.verdict) + words(called)

    def _give_hint(self) -> None:
        if not self._hint.disabled:  # pressed twice while the kernel was busy
            self._change(hints=self.kept.hints + 1)

    def _give_solution(self) -> None:
        if not self.kept.answered:
            self._count(Feedback("wrong", ""))
        self._change(answered=True, told=True, says="solution")

    def _count(self, feedback: Feedback, share: float = 0.0) -> None:
        """Keep the first answer in the student's progress; note what to say if that cannot be done.

        Args:
            feedback: on it.
            share: of the points that an answer earns that is right in part.
        """
        hints, right = self.kept.hints, feedback.verdict == "right"
        earned = credit.earned(self.points * share_left(hints), 1.0 if right else share)
        attempt = progress.Attempt(
            progress.now(),
            self.id,
            self.kept.seed,
            feedback.verdict,
            earned,
            self.points,
            feedback.misconception,
            hints,
        )
        with i18n.speaking(self.lang):
            self._complaint = keep(attempt)
        self.done(attempt)

    def __repr__(self) -> str:
        return to_answer(self.exercise)


def solution(e: Exercise | Laid) -> str:
    """Return the solution of an exercise."""
    if isinstance(e, Laid):
        return e.solution()
    if not e.options:
        return _("Worked solution: {worked}").format(worked=e.worked)
    key = e.options[int(e.answer)]
    return _("The right answer is: {key} {worked}").format(key=key + _("."), worked=e.worked)


def named(called: Callable[[str], str], misconception: str) -> str:
    """Return the sentence that names a misconception; empty if it has no name."""
    name = called(misconception) if misconception else ""
    return _("This mistake is called: {name}.").format(name=name) if name else ""


def of_bank(id: str) -> tuple[float, Callable[[str], str]]:
    """Return what an exercise earns, and a misconception's name → what the bank calls it there."""
    item = bank().items.get(id)
    return (item.points, partial(bank().misconception, item)) if item else (POINTS, lambda _name: "")


def drawn_from(id: str, seed: int) -> Random:
    """Return what the numbers of an exercise are drawn from."""
    return Random(f"{id}:{seed}")


def hint_label(free: bool = False) -> str:
    """Return what stands on the button that gives a hint."""
    return _("Hint") if free else _("Hint (−{cost:.0%})").format(cost=HINT_COSTS)


def name_hint(hint: w.Button, free: bool = False) -> None:
    """Say on the button that gives a hint what it costs."""
    hint.description = hint_label(free)
    hint.tooltip = "" if free else _("Each hint costs a share of the points")


def hints_of(e: Exercise | Laid) -> list[str]:
    """Return an exercise's hints; a choice that has none strikes out a wrong option."""
    if e.hints or e.kind not in ("mcq", "multi"):
        return list(e.hints)
    right = e.keys if isinstance(e, Laid) else (int(e.answer),)
    wrong = next(n for n in range(len(e.options)) if n not in right)
    return [_("It is not: {option}").format(option=e.options[wrong])]


def numbered_hints(hints: Iterable[object]) -> list[str]:
    """Return hints as HTML, each with its number."""
    return [prose.html(_("Hint {n}: {hint}").format(n=n, hint=hint)) for n, hint in enumerate(hints, 1)]


def hint_lines(hints: Iterable[object]) -> str:
    """Return the hints taken so far as HTML."""
    return "".join(map(words, numbered_hints(hints)))


def share_left(hints: int) -> float:
    """Return the share of the points that is left after so many hints."""
    return max(1 - HINT_COSTS * hints, 0)


def keep(attempt: progress.Attempt) -> str:
    """Add an attempt to the student's progress; return what to say if that cannot be done."""
    try:
        progress.record(attempt, progress.progress_file())
    except UserError as refusal:
        return str(refusal)
    return ""


class Ask(Card):
    """An exercise of a chapter, ``topic.name``, as it is drawn; points and names of misconceptions are the bank's.

    Without a seed each student has numbers of their own, the same whenever the cell runs. What is stored in the
    notebook, for pages without a kernel, is the exercise with seed 0.
    """

    def __init__(self, name: str, make: Callable[[Random], Exercise], seed: int | None = None):
        self.name, self.make, self._stored = name, make, seed or 0
        self._way = w.Dropdown(options=list(WAYS), value=recall(_WAY, f"way:{name}") or OWN)
        self._way.observe(self._turn_way, "value")
        points, called = of_bank(name)
        super().__init__(
            name,
            lambda n: make(drawn_from(name, n)),
            own_seed(name) if seed is None else seed,
            points,
            called=called,
            memory=name if seed is None else f"{name}:{seed}",
        )

    @property
    def _made(self) -> Exercise:
        """The exercise of the chapter: a number or a choice."""
        assert isinstance(self.exercise, Exercise)
        return self.exercise

    def _beside(self) -> str:
        return words(pointer(_("Look at the figures again"), _("Move it")))

    def _below(self) -> Sequence[w.Widget]:
        """Return the steps of the solution, where the student wants that much help; the field is away then."""
        way = self._way.value if self._made.steps and self._way.value in ways(self._made) else OWN
        for part in (self._field, self._feedback, self._check, self._hint, self._solve):
            part.layout.display = None if way == OWN else "none"
        if self._made.steps:
            self._name_ways()
            self._tools.children = (*(t for t in self._tools.children if t is not self._way), self._way)
        return () if way == OWN else (Ladder(self._made, way, self.seed, self._name, self.called),)

    def _name_ways(self) -> None:
        """Name the ways in the language of the card; which one is chosen stays."""
        chosen = self._way.value if self._way.value in ways(self._made) else OWN
        self._way.unobserve(self._turn_way, "value")  # other options choose the first of them for a moment
        self._way.options = [(_(label), way) for way, label in ways(self._made).items()]
        self._way.value, self._way.description = chosen, _("Help")
        self._way.observe(self._turn_way, "value")

    def _turn_way(self, change: Any) -> None:
        """Meet the exercise in another way; whoever has seen its steps gets other numbers."""
        remember(f"way:{self.id}", change["new"])
        if change["old"] == OWN:
            self._show(self.kept.given)
        else:
            self._begin(Kept(self.kept.seed + 1))
            self._remember()

    def __repr__(self) -> str:
        return to_answer(self.draw(self._stored))


def asks(topic: str) -> Callable[..., Ask]:
    """Return what asks the exercises of a chapter, by name."""

    def ask(name: str, seed: int | None = None) -> Ask:
        """Return one of the chapter's exercises; without a seed with numbers of the student's own.

        Raises:
            UserError: the chapter has no exercise of this name.
        """
        known = bank().exercises(topic)
        return Ask(f"{topic}.{name}", known[pick_known(name, known, _("There is no exercise “{name}”."))], seed)

    return ask


def to_answer(exercise: Exercise | Laid) -> str:
    """Return what stands in place of an exercise where no kernel runs."""
    return _("{question} [run this cell (Shift+Enter) to answer]").format(question=prose.plain_text(exercise.question))


@dataclass(frozen=True)
class Guessed:
    """A guess that a student committed to, and the day of it."""

    guess: float
    day: str


_GUESSED: TypeAdapter[Guessed] = TypeAdapter(Guessed)


class Guess(Panel):
    """A guess before the answer is shown: commit yourself to a number, then look. The page suggests none.

    Args:
        question: translated.
        answer: what is right.
        low, high: between which the guess must lie.
        unit: translated.
        digits: decimals of guess and answer.
        why: translated: what explains the answer.
        section: heading of the section of the notebook whose figure explains it; translated.
        memory: under which name the guess is remembered; not at all if empty.
    """

    def __init__(
        self,
        question: str,
        answer: float,
        low: float,
        high: float,
        unit: str,
        digits: int = 0,
        why: str = "",
        section: str = "",
        memory: str = "",
    ):
        self.question, self.answer, self.low, self.high, self.unit = question, answer, low, high, unit
        self.digits, self.why, self.section, self.memory = digits, why, section, memory
        shown = w.HTML()
        shown.value = asked(prose.html(question), f"crm-{shown.model_id}")
        self._scale = Scale(f"crm-{shown.model_id}", low, high, 10**-digits, unit)
        self._scale.entered = self._commit
        self._said = Said()
        show = button(_("Show the answer"))
        show.on_click(lambda _button: self._commit())
        super().__init__([shown, self._scale, w.HBox([show]), self._said])
        self.add_class("crm-guess")
        if memory and (kept := recall(_GUESSED, memory)):
            self._scale.value = self._number(kept.guess)
            self._tell(kept.guess, kept.day)

    def reveal(self, guess: float, day: str = "") -> str:
        """Return what is said to a guess: how far off it is and on which side, and why."""
        numbers = {"guess": self._shown(guess), "answer": self._shown(self.answer), "day": day}
        said = _("You guessed {guess} on {day}; it is {answer}.") if day else _("You guessed {guess}; it is {answer}.")
        return "\n".join(filter(None, (said.format(**numbers), self._off(guess), self.why)))

    def _off(self, guess: float) -> str:
        """Say how far off a guess is, both numbers taken as they are shown."""
        off = round(guess, self.digits) - round(self.answer, self.digits)
        if not off:
            return _("That is exactly right.")
        far = _("{number} percentage points") if self.unit == "%" else "{number}"
        far = far.format(number=self._number(abs(off)))
        return (_("Your guess was too high by {far}.") if off > 0 else _("Your guess was too low by {far}.")).format(
            far=far
        )

    def _number(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"

    def _shown(self, value: float) -> str:
        return measured(self._number(value), self.unit)

    def _commit(self) -> None:
        guess = numbers.read(self._scale.value, self.unit)
        if guess is None or not self.low <= guess <= self.high:
            said = _("Give a number between {low:g} and {high:g} first.").format(low=self.low, high=self.high)
            self._said.say(words(safe(said)), {})
            return
        today = f"{progress.now().astimezone():%Y-%m-%d}"
        complaint = remember(self.memory, asdict(Guessed(guess, today))) if self.memory else ""
        self._tell(guess, "", complaint)

    def _tell(self, guess: float, day: str, complaint: str = "") -> None:
        lines = "".join(words(safe(line)) for line in self.reveal(guess, day).split("\n"))
        link = pointer(_("See the figure under “{section}”").format(section=self.section), self.section)
        said = verdict(lines + (words(link) if self.section else "")) + words(safe(complaint))
        self._said.say(said, {"piece": self._scale.id, "value": self._scale.value})

    def __repr__(self) -> str:
        return _("{question} [run this cell (Shift+Enter) to answer]").format(question=self.question)
