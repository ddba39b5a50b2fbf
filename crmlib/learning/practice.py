"""``practice("tiers")``: the bank's items one after another, what is due for review first.

The order: items that are due, then those never tried, the easy ones first; then the others. With several topics each
question is of another one than the last, as far as that goes. :class:`OpenCard` is for answers in words, which the
student marks by the rubric.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from random import Random
from typing import Any, Literal

import ipywidgets as w
from pydantic import TypeAdapter

from crmlib import casebook
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams.paper import Question, question
from crmlib.explorer.controls import Panel, button
from crmlib.items import credit, prose
from crmlib.items.bank import Bank, bank
from crmlib.items.compound import Corrected
from crmlib.items.credit import Given
from crmlib.items.item import KINDS, Item, Written
from crmlib.items.laying import Machine, lay
from crmlib.learning import progress
from crmlib.learning.answers import Judged, earned, known, to_rate
from crmlib.learning.cards import Card, hint_lines, keep, name_hint, share_left
from crmlib.learning.fields import Line, Said, asked, heading, words
from crmlib.learning.rubric import Rubric
from crmlib.learning.schedule import interleaved
from crmlib.learning.specimens import Specimens
from crmlib.plotting.theme import safe
from crmlib.support.memory import Later, own_seed, recall, remember
from crmlib.support.strict_yaml import pick_known


@dataclass(frozen=True)
class Draft:
    """How far a student got with a question answered in words.

    Attributes:
        text: what was written.
        judged: the verdict on a statement, by position.
        stage: write, compare or kept.
        hints: how many were taken.
        levels: of the rubric chosen, by position, once marked.
        graded: marks given to the specimens, in their order, once given.
    """

    text: str = ""
    stage: Literal["write", "compare", "kept"] = "write"
    hints: int = 0
    levels: tuple[int, ...] = ()
    graded: tuple[float, ...] = ()
    judged: int | None = None


_DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)


class OpenCard(w.VBox):  # type: ignore[misc]
    """One question answered in words: write, compare with what is expected, mark yourself by the rubric.

    Where there are specimens, they are marked next: it is then that what an answer earns is best seen.

    What is written is remembered; a question asked anew begins with an empty page, unless it was never compared.

    Args:
        ask: the question, in the language spoken at the time.
        done: called once it is marked, with the attempt.
        spoken: called after a change of language, with the language.
        again: whether a question that was compared or marked is shown as it was left.

    Attributes:
        draft: how far the student got.
    """

    def __init__(
        self,
        ask: Callable[[], Question],
        done: Callable[[progress.Attempt], object] = lambda _attempt: None,
        spoken: Callable[[str], object] = lambda _lang: None,
        again: bool = True,
    ):
        self.ask, self.done, self.spoken = ask, done, spoken
        self.lang, self.id = i18n.language(), ask().id
        known = recall(_DRAFT, self._memory)
        self.draft = known if known and (again or known.stage == "write") else Draft()
        self._saving, self._complaint, self._naming = Later(self._remember), "", False
        self._question, self._hinted, self._model, self._said = w.HTML(), Said(), w.HTML(), Said()
        self._name = f"crm-{self._question.model_id}"
        self._text: Line | Judged = Judged(self._name) if ask().kind == "tfc" else Line(self._name, rows=8)
        if isinstance(self._text, Line):
            self._text.value = self.draft.text
        self._text.observe(lambda change: self._write(change["new"]), "value")
        self._compare, self._hint, self._switch, self._keep = (button("") for _place in range(4))
        self.rubric: Rubric | None = None
        self.specimens: Specimens | None = None
        self._marking, self._graded = w.VBox(), w.VBox()
        beside = w.Box([self._model, self._marking])
        beside.add_class("crm-beside")
        self._compare.on_click(lambda _button: self._turn_to_rubric())
        self._hint.on_click(lambda _button: self._give_hint())
        self._switch.on_click(lambda _button: self.speak(i18n.other(self.lang)))
        self._keep.on_click(lambda _button: self._record())
        tools = w.HBox([self._compare, self._hint, self._switch])
        tools.add_class("crm-toolbar")
        super().__init__([self._question, self._text, tools, self._hinted, beside, self._said, self._graded])
        self.add_class("crm-ask")
        self._show()
        if self.draft.stage == "kept":
            self._close()

    @property
    def _memory(self) -> str:
        return f"words:{self.id}"

    def _write(self, given: str | list[Any]) -> None:
        judged, text = (None, given) if isinstance(given, str) else given
        if not self._naming:
            self.draft = replace(self.draft, text=text, judged=judged)
            self._saving.soon()

    @property
    def _given(self) -> Given:
        """What was answered, as it is marked."""
        return [self.draft.judged, self.draft.text] if isinstance(self._text, Judged) else self.draft.text

    def _name_field(self, asked_now: Question) -> None:
        """Name the field in the language of the card; what stands in it stays."""
        if isinstance(self._text, Judged):
            self._naming = True
            self._text.offer(asked_now, self._given)
            self._naming = False
            if self.draft.stage != "write":
                self._text.close()
            return
        self._text.name()
        self._text.placeholder = _("Write your answer here, then compare it with the model answer.")
        if not asked_now.model:
            self._text.placeholder = _("Write your answer here, then compare it with the marking points.")

    def _change(self, **changes: object) -> None:
        self.draft = replace(self.draft, **changes)  # type: ignore[arg-type]
        self._remember()
        self._show()

    def _remember(self) -> None:
        self._saving.off()
        self._complaint = remember(self._memory, asdict(self.draft))

    def speak(self, lang: str) -> None:
        """Show the card in another language; the text written and the marks given stay."""
        self.lang = lang
        self._said.value = ""
        self._show()
        self.spoken(lang)

    def focus(self) -> None:
        """Put the keyboard's focus where the answer goes."""
        self._text.focus()

    def _show(self) -> None:
        with i18n.speaking(self.lang):
            asked_now, writing = self.ask(), self.draft.stage == "write"
            kind = kind_line(asked_now.kind, asked_now.points, asked_now.minutes)
            self._question.value = asked(
                f'<span class="crm-kind">{safe(kind)}</span>{prose.html(asked_now.text)}'
                + words(safe(credit.rule(asked_now.kind))),
                self._name,
            )
            self._name_field(asked_now)
            self._compare.description, self._keep.description = _("Compare"), _("Save my marks")
            self._compare.tooltip = _("Show the model answer and the rubric")
            if not asked_now.model:
                self._compare.tooltip = _("Show the marking points")
            name_hint(self._hint)
            self._hint.layout.display = None if asked_now.hints else "none"
            self._hint.disabled = self.draft.hints >= len(asked_now.hints) or not writing
            self._compare.disabled = not writing
            self._switch.description = i18n.NAMES[i18n.other(self.lang)]
            self._switch.tooltip = _("Show this exercise in the other language")
            self._hinted.value = hint_lines(asked_now.hints[: self.draft.hints])
            if not writing:
                self._show_rubric(asked_now)
            if self.draft.stage == "kept" and asked_now.specimens:
                self._show_specimens()

    def _show_rubric(self, asked_now: Question) -> None:
        """Show the model answer, if there is one, and for each criterion what earns how many points."""
        model = asked_now.model
        self._model.value = heading(_("Model answer")).value + prose.html(model) if model else ""
        if earned(asked_now, self._given) is not None:
            return
        if self.rubric is None:
            self.rubric = Rubric(to_rate(asked_now))
            self._marking.children = (self.rubric, self._keep)
        self.rubric.show(to_rate(asked_now))

    def _show_specimens(self) -> None:
        if self.specimens is None:
            self.specimens = Specimens(self.ask, self.draft.graded, lambda given: self._change(graded=given))
            self._graded.children = (self.specimens,)
        else:
            self.specimens.show()

    def _turn_to_rubric(self) -> None:
        if self.draft.stage != "write":
            return
        if isinstance(self._text, Line) and not self.draft.text.strip():
            with i18n.speaking(self.lang):
                self._said.value = words(safe(_("Write an answer of your own first, if only in key words.")))
            return
        if isinstance(self._text, Judged) and self.draft.judged is None:
            with i18n.speaking(self.lang):
                self._said.value = words(safe(_("Say first whether the statement is true or false.")))
            return
        self._said.value = ""
        self._change(stage="compare")
        if (points := earned(self.ask(), self._given)) is not None:  # nothing is left to be marked by the student
            self._count(points, ())

    def _give_hint(self) -> None:
        if not self._hint.disabled:  # pressed twice while the kernel was busy
            self._change(hints=self.draft.hints + 1)

    def _record(self) -> None:
        if self.draft.stage != "compare" or self.rubric is None:
            return
        given = self.rubric.earned()
        if given is None:
            with i18n.speaking(self.lang):
                self._said.value = words(safe(_("Give a mark for each criterion first.")))
            return
        self._count(known(self.ask()) + given, tuple(self.rubric.chosen()))

    def _count(self, points: float, levels: tuple[int, ...]) -> None:
        """Keep what the answer earned in the student's progress, and say so."""
        with i18n.speaking(self.lang):
            most, hints = self.ask().points, self.draft.hints
            attempt = progress.Attempt(
                progress.now(), self.id, 0, "marked", points * share_left(hints), most, hints=hints
            )
            said = _("Kept: {earned:g} of {points:g} points.").format(earned=attempt.earned, points=most)
            more = words(safe(_("Three answers to mark stand below."))) if self.ask().specimens else ""
            self._said.value = words(safe(keep(attempt) or said)) + more
        self._change(stage="kept", levels=levels)
        self._close()
        self.done(attempt)

    def _close(self) -> None:
        """Take no further marks, and show those that were given."""
        if self.rubric:
            self.rubric.choose(self.draft.levels)
            self.rubric.close_marks()
        self._keep.disabled = True


def kind_line(kind: str, points: float, minutes: float) -> str:
    """Return what stands above a question, in the language now spoken: its kind, its points, its minutes."""
    head = _("{kind} · points: {points:g} · minutes: {minutes:g}")
    kinds = {**KINDS, **casebook.KINDS}
    return head.format(kind=_(kinds[kind]), points=points, minutes=minutes)


@dataclass(frozen=True)
class Sofar:
    """A session of practice, to go on with on the same day.

    Attributes:
        day: of it.
        item: shown last.
        tried, earned, points: how it went.
    """

    day: str
    item: str
    tried: int
    earned: float
    points: float


_SOFAR: TypeAdapter[Sofar] = TypeAdapter(Sofar)


class Practice(Panel):
    """Items, one after another.

    Args:
        bank, items: what is asked, and of which bank.
        title: what the session is called, in the language spoken at the time.
        memory: under which name it is kept, to go on with it; it is not kept if empty.
        queue: the ids in the order in which to ask them; then come those answered wrong, and then it ends. If None,
            what is due comes first, and it begins again and again.

    Attributes:
        card: the item now shown.
        queue: the ids still to come.
    """

    def __init__(
        self,
        bank: Bank,
        items: Sequence[Item],
        title: Callable[[], str],
        memory: str = "",
        queue: Sequence[str] | None = None,
    ):
        self.memory = memory
        self.bank, self.items, self.title = bank, {item.id: item for item in items}, title
        self.ends, self._began = queue is not None, progress.now()
        self.lang = i18n.language()
        self.earned = self.points = 0.0
        self.tried = 0
        self._head, self._remarked, self._place = w.HTML(), Said(), w.VBox()
        self._next = button("")
        self._next.on_click(lambda _button: self._go_on())
        super().__init__([self._head, self._remarked, self._place, w.HBox([self._next])])
        self.add_class("crm-practice")
        past, remark = progress.so_far()
        self._remarked.value = words(safe(remark))
        self._seeds = {id: sum(a.item == id for a in past) for id in self.items}
        self.queue = order(items, past) if queue is None else list(queue)
        self.card: Card | OpenCard | None = None
        kept = recall(_SOFAR, memory) if memory else None
        if kept and kept.item in self.items and kept.day == _today():
            self.tried, self.earned, self.points = kept.tried, kept.earned, kept.points
            self.queue = [id for id in self.queue if id != kept.item]
            self._lay(kept.item, again=True)
        else:
            self.next()

    def next(self) -> None:
        """Go to the next item; after the last one begin again with what is then due or was wrong."""
        if not self.queue:
            past, remark = progress.so_far()
            self._remarked.value = words(safe(remark))
            self.queue = self._left(past) if self.ends else order(list(self.items.values()), past)
        if not self.queue:
            return self._end()
        self._lay(self.queue.pop(0), again=False)

    def _left(self, past: Sequence[progress.Attempt]) -> list[str]:
        """Return what a session still asks before it ends: what is due and was not answered in it, or not known."""
        last = progress.last_of_each(past)
        done = {id for id, attempt in last.items() if attempt.at >= self._began and progress.known(attempt)}
        return [id for id in waiting(list(self.items.values()), past) if id not in done]

    def _end(self) -> None:
        """Ask no more: every question was answered, and none of them wrong the last time."""
        with i18n.speaking(self.lang):
            self._remarked.value = words(safe(_("These were all questions for today.")), "right")
        self._next.disabled, self.card, self._place.children = True, None, ()

    def _lay(self, id: str, again: bool) -> None:
        with i18n.speaking(self.lang):
            self.card = self._card(self.items[id], again)
        self._place.children = (self.card,)
        self._remember()
        self._tell()

    def _remember(self) -> None:
        if self.memory and self.card:
            so_far = Sofar(_today(), self.card.id, self.tried, self.earned, self.points)
            remember(self.memory, asdict(so_far))

    def focus(self) -> None:
        """Put the keyboard's focus where the answer goes, or to what is said at the end."""
        (self.card or self._remarked).focus()

    def _go_on(self) -> None:
        self.next()
        self.focus()

    def _card(self, item: Item, again: bool) -> Card | OpenCard:
        if isinstance(item, Written | Corrected):
            return OpenCard(lambda: question(self.bank, item, 0), self._done, self._spoken, again)
        self._seeds[item.id] += 1
        seed = Random(f"practice:{own_seed(item.id)}:{self._seeds[item.id]}").randrange(10**6)
        card = Card(
            item.id,
            lambda n: lay(item, n) if isinstance(item, Machine) else self.bank.exercise(item, n),
            seed,
            item.points,
            self._done,
            lambda name: self.bank.misconception(item, name),
            self._spoken,
            self.memory and f"{self.memory}:card",
            again,
        )
        if getattr(item, "generator", None) is None:
            card.single()
        return card

    def _done(self, attempt: progress.Attempt) -> None:
        self.tried += 1
        self.earned += attempt.earned
        self.points += attempt.points
        self._remember()
        self._tell()

    def _spoken(self, lang: str) -> None:
        self.lang = lang
        self._tell()

    def _tell(self) -> None:
        with i18n.speaking(self.lang):
            so_far = _("{tried} answered · {earned:g} of {points:g} points · {left} to come").format(
                tried=self.tried, earned=round(self.earned, 2), points=self.points, left=len(self.queue)
            )
            self._head.value = f"<b>{safe(self.title())}</b> · {safe(so_far)}"
            self._next.description = _("Next question")

    def __repr__(self) -> str:
        return _("{title} [run this cell (Shift+Enter) to practise]").format(title=self.title())


def _today() -> str:
    return f"{progress.today():%Y-%m-%d}"


def waiting(items: Sequence[Item], past: Sequence[progress.Attempt]) -> list[str]:
    """Return the ids of the items that are due and then of those never tried, in the order in which to ask them."""
    again, at = progress.due(past), progress.today()
    ids = {item.id for item in items}
    urgent = [id for id, when in again.items() if id in ids and progress.is_due(when, at)]
    new = [item.id for item in sorted(items, key=lambda item: item.difficulty) if item.id not in again]
    return interleaved(urgent) + interleaved(new)


def order(items: Sequence[Item], past: Sequence[progress.Attempt]) -> list[str]:
    """Return the ids of items in the order in which to practise them; if none is due or new, those due next."""
    ids = {item.id for item in items}
    return waiting(items, past) or interleaved(id for id in progress.due(past) if id in ids)


def practice(topic: str = "", kinds: Sequence[str] = ()) -> Practice:
    """Return practice on a topic of the bank, or on all of them.

    Args:
        topic: such as ``"tiers"``; all topics if empty.
        kinds: only items of these kinds: mcq, multi, tf, tfc, fill, order, match, num, term, short, essay, case.

    Raises:
        UserError: there is no such topic or kind, or no such item in the topic.
    """
    known = bank()
    for kind in kinds:
        pick_known(kind, KINDS, _("There is no kind of item “{name}”."))
    items = [item for item in (known.of(topic) if topic else known.items.values()) if not kinds or item.type in kinds]
    if not items:
        raise UserError(_("The topic “{topic}” has no items of this kind.").format(topic=topic))

    def title() -> str:
        return str(known.topics[topic][0].title) if topic else _("All topics")

    return Practice(known, items, title, "practice:" + ":".join([topic, *kinds]))
