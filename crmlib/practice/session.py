"""``practice("tiers")``: the bank's items one after another, what is due for review first.

The order: items whose rest is over, the most urgent first; then those never tried, the easy ones first; then those
answered wrong last time. :class:`OpenCard` is for answers in words, which the student marks by the rubric.
"""

from collections.abc import Callable, Sequence
from random import Random

import ipywidgets as w

from crmlib import i18n
from crmlib.charts.theme import safe
from crmlib.controls import Panel, button
from crmlib.errors import UserError
from crmlib.i18n import _
from crmlib.plain import pick_known
from crmlib.practice import progress, prose
from crmlib.practice.ask import NAMES, Card, hint_lines, keep, name_hint, share_left
from crmlib.practice.bank import Bank, bank
from crmlib.practice.fields import Line, Said, asked, heading, words
from crmlib.practice.items import KINDS, Item, Written
from crmlib.practice.paper import question
from crmlib.practice.rubric import Rubric


class OpenCard(w.VBox):  # type: ignore[misc]
    """One item answered in words: write, compare with the model answer, mark yourself by the rubric.

    Args:
        item: the item.
        done: called once it is marked, with the attempt.
        spoken: called after a change of language, with the language.

    Attributes:
        stage: write, compare or kept.
    """

    def __init__(
        self,
        item: Written,
        done: Callable[[progress.Attempt], object] = lambda _attempt: None,
        spoken: Callable[[str], object] = lambda _lang: None,
    ):
        self.item, self.done, self.spoken = item, done, spoken
        self.lang, self.hints, self.stage = i18n.language(), 0, "write"
        self._question, self._hinted, self._model, self._said = w.HTML(), Said(), w.HTML(), Said()
        self._name = f"crm-{self._question.model_id}"
        self._text = Line(self._name, rows=8)
        self._compare, self._hint, self._switch, self._keep = (button("") for _place in range(4))
        self.rubric: Rubric | None = None
        self._marking = w.VBox()
        self._compare.on_click(lambda _button: self._turn_to_rubric())
        self._hint.on_click(lambda _button: self._give_hint())
        self._switch.on_click(lambda _button: self.speak(i18n.other(self.lang)))
        self._keep.on_click(lambda _button: self._record())
        tools = w.HBox([self._compare, self._hint, self._switch])
        tools.add_class("crm-toolbar")
        super().__init__([self._question, self._text, tools, self._hinted, self._model, self._marking, self._said])
        self.add_class("crm-ask")
        self._show()

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
            item = self.item
            head = _("{kind} · points: {points:g} · minutes: {minutes:g}")
            shown = head.format(kind=_(KINDS[item.type]), points=item.points, minutes=item.minutes)
            self._question.value = asked(
                f'<span class="crm-kind">{safe(shown)}</span>{prose.html(str(item.stem))}', self._name
            )
            self._text.name()
            self._text.placeholder = _("Write your answer here, then compare it with the model answer.")
            self._compare.description, self._keep.description = _("Compare"), _("Keep my marks")
            self._compare.tooltip = _("Show the model answer and the rubric")
            name_hint(self._hint)
            self._hint.disabled = self.hints >= len(item.hints) or self.stage != "write"
            self._compare.disabled = self.stage != "write"
            self._switch.description = NAMES[i18n.other(self.lang)]
            self._switch.tooltip = _("Show this exercise in the other language")
            self._hinted.value = hint_lines(item.hints[: self.hints])
            if self.stage != "write":
                self._show_rubric()

    def _show_rubric(self) -> None:
        """Show the model answer, and for each criterion what earns how many points."""
        self._model.value = heading(_("Model answer")).value + prose.html(str(self.item.model))
        marks = question(bank(), self.item, 0).rubric
        if self.rubric is None:
            self.rubric = Rubric(marks)
            self._marking.children = (self.rubric, self._keep)
        self.rubric.show(marks)

    def _turn_to_rubric(self) -> None:
        if self.stage == "write":
            self.stage = "compare"
            self._show()

    def _give_hint(self) -> None:
        if not self._hint.disabled:  # pressed twice while the kernel was busy
            self.hints += 1
            self._show()

    def _record(self) -> None:
        if self.stage != "compare" or self.rubric is None:
            return
        given = self.rubric.earned()
        with i18n.speaking(self.lang):
            if given is None:
                self._said.value = words(safe(_("Give a mark for each criterion first.")))
                return
            earned = given * share_left(self.hints)
            attempt = progress.Attempt(
                progress.now(), self.item.id, 0, "marked", earned, self.item.points, hints=self.hints
            )
            said = _("Kept: {earned:g} of {points:g} points.").format(earned=earned, points=self.item.points)
            self._said.value = words(safe(keep(attempt) or said))
        self.stage, self._keep.disabled = "kept", True
        self.rubric.close_marks()
        self._show()
        self.done(attempt)


class Practice(Panel):
    """Items of a topic, one after another.

    Attributes:
        card: the item now shown.
        queue: the ids still to come.
    """

    def __init__(self, bank: Bank, items: Sequence[Item], title: Callable[[], str]):
        self.bank, self.items, self.title = bank, {item.id: item for item in items}, title
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
        self.queue = order(items, past)
        self.card: Card | OpenCard | None = None
        self.next()

    def next(self) -> None:
        """Go to the next item; after the last one begin again with what is then due or was wrong."""
        if not self.queue:
            past, remark = progress.so_far()
            self._remarked.value = words(safe(remark))
            self.queue = order(list(self.items.values()), past)
        with i18n.speaking(self.lang):
            self.card = self._card(self.items[self.queue.pop(0)])
        self._place.children = (self.card,)
        self._tell()

    def focus(self) -> None:
        """Put the keyboard's focus where the answer goes."""
        assert self.card
        self.card.focus()

    def _go_on(self) -> None:
        self.next()
        self.focus()

    def _card(self, item: Item) -> Card | OpenCard:
        if isinstance(item, Written):
            return OpenCard(item, self._done, self._spoken)
        self._seeds[item.id] += 1
        seed = Random(f"practice:{item.id}:{self._seeds[item.id]}").randrange(10**6)
        card = Card(
            item.id,
            lambda n: self.bank.exercise(item, n),
            seed,
            item.points,
            self._done,
            lambda name: self.bank.misconception(item, name),
            self._spoken,
        )
        if getattr(item, "maker", None) is None:
            card.single()
        return card

    def _done(self, attempt: progress.Attempt) -> None:
        self.tried += 1
        self.earned += attempt.earned
        self.points += attempt.points
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


def order(items: Sequence[Item], past: Sequence[progress.Attempt]) -> list[str]:
    """Return the ids of items in the order in which to practise them."""
    ids = {item.id for item in items}
    again = {id: when for id, when in progress.due(past).items() if id in ids}
    waiting = [id for id, when in again.items() if when <= progress.now()]
    new = [item.id for item in sorted(items, key=lambda item: item.difficulty) if item.id not in again]
    rest = [id for id in again if id not in waiting]
    return waiting + new or rest


def practice(topic: str = "", kinds: Sequence[str] = ()) -> Practice:
    """Return practice on a topic of the bank, or on all of them.

    Args:
        topic: such as ``"tiers"``; all topics if empty.
        kinds: only items of these kinds: mcq, tf, num, short, essay, case.

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

    return Practice(known, items, title)
