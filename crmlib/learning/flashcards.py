"""Flash-cards and glossary: the key terms of the chapters, and the notions that are easily mixed up.

A card shows a term, or two notions; the student says to herself what it means, turns it, and says whether she knew it.
Each answer is a review by FSRS, as an answer to a question is, and is kept beside them. The glossary lists the terms.
"""

from collections.abc import Iterable
from typing import NamedTuple

import ipywidgets as w

from crmlib.chapters import Chapter, chapters
from crmlib.core.i18n import _, language, ngettext, other
from crmlib.explorer.controls import Panel, button
from crmlib.items.summaries import KeyTerm, key_terms, summary
from crmlib.learning import progress
from crmlib.learning.cards import keep
from crmlib.learning.fields import Said, words
from crmlib.plotting.theme import safe

CARD = "card"
"""What the name of a card begins with among the answers, and their mode."""
ANSWERS = {"right": 1.0, "near": progress.PASSED, "wrong": 0.0}
"""What each of the three answers earns of one point."""


NEW_A_DAY = 15
"""How many new cards of all chapters are laid out on a day; of a chapter that is chosen there are all."""


class Face(NamedTuple):
    """A card: its name among the answers, what it asks, and what stands on its back."""

    id: str
    asks: str
    back: str


def faces(chapter: Chapter) -> list[Face]:
    """Return the cards of a chapter in the language now spoken: its terms, then its pairs."""
    found = []
    for key in key_terms(*chapter.notebooks):
        found.append(Face(f"{CARD}.{chapter.topic}:{key.term.en}", str(key.term), _back(key)))
    known = summary(chapter.topic)
    for pair in known.pairs if known else ():
        asks = _("{one} – {other}: what tells them apart?").format(one=pair.one, other=pair.other)
        found.append(Face(f"{CARD}.{chapter.topic}:{pair.one.en} / {pair.other.en}", asks, str(pair.difference)))
    return found


def _back(key: KeyTerm) -> str:
    return _("{term}. {said}").format(term=getattr(key.term, other(language())), said=key.said)


class Flashcards(Panel):
    """A card at a time, the due ones first, and below it the glossary with a field to search it.

    Attributes:
        card: the one now shown; None when none is due.
        queue: those still to come today.
    """

    def __init__(self) -> None:
        every = chapters().values()
        self._known = {chapter.topic: faces(chapter) for chapter in every}
        choices = [(_("All chapters"), ""), *((f"{c.number:02} {_(c.title)}", c.topic) for c in every)]
        self._chapter = w.Dropdown(options=choices, description=_("Chapter"), layout={"width": "auto"})
        self._chapter.observe(lambda _change: self._deal(), "value")
        self._head, self._front, self._said, self._list = w.HTML(), Said(), Said(), w.HTML()
        self._turn = button(_("Turn the card"))
        self._turn.button_style = "primary"
        self._turn.on_click(lambda _button: self._show_back())
        labels = {"right": _("Knew it"), "near": _("Half knew it"), "wrong": _("Did not know it")}
        self._answers = {verdict: button(label) for verdict, label in labels.items()}
        for verdict, one in self._answers.items():
            one.on_click(lambda _button, verdict=verdict: self._answer(verdict))
        self._search = w.Text(description=_("Search"), placeholder=_("a word of the term"), layout={"width": "auto"})
        self._search.observe(lambda _change: self._show_list(), "value")
        tools = w.HBox([self._turn, *self._answers.values()])
        for box in (tools, picking := w.HBox([self._chapter])):
            box.add_class("crm-toolbar")
        super().__init__([picking, self._head, self._front, self._said, tools, self._search, self._list])
        self.add_class("crm-progress")
        self.add_class("crm-cards")
        self._deal()

    def _deal(self) -> None:
        """Lay out the cards of the chosen chapters that are due or were never shown."""
        past, remark = progress.so_far()
        self._remark = remark
        again, at = progress.due(past), progress.today()
        chosen = [f for topic, known in self._known.items() if self._chapter.value in ("", topic) for f in known]
        urgent = {face.id: again[face.id] for face in chosen if face.id in again}
        due = sorted(
            (f for f in chosen if f.id in urgent and progress.is_due(urgent[f.id], at)), key=lambda f: urgent[f.id]
        )
        fresh = [face for face in chosen if face.id not in again]
        self.queue = due + (fresh if self._chapter.value else fresh[: self._room_for_new(past)])
        self.card: Face | None = None
        self._next()
        self._show_list()

    def _room_for_new(self, past: Iterable[progress.Attempt]) -> int:
        """Return how many new cards the day still takes."""
        first: dict[str, progress.Attempt] = {}
        for attempt in past:
            if attempt.mode == CARD:
                first.setdefault(attempt.item, attempt)
        today = progress.today()
        met = sum(progress.day(attempt.at, today) == today.date() for attempt in first.values())
        return max(NEW_A_DAY - met, 0)

    def _next(self) -> None:
        self.card = self.queue.pop(0) if self.queue else None
        left = len(self.queue) + bool(self.card)
        said = ngettext("{n} card for today", "{n} cards for today", left).format(n=left)
        self._head.value = f"<p>{safe(said)}</p>"
        self._front.value = f"<h3>{safe(self.card.asks)}</h3>" if self.card else ""
        end = "" if self.card else words(safe(_("No card is due today.")), "right")
        self._said.value = words(safe(self._remark)) + end
        self._turned(False)

    def _turned(self, turned: bool) -> None:
        """Show the buttons that belong to a side of the card."""
        self._turn.layout.display = None if self.card and not turned else "none"
        for one in self._answers.values():
            one.layout.display = None if self.card and turned else "none"

    def _show_back(self) -> None:
        if self.card:
            self._said.value = words(safe(self.card.back))
            self._turned(True)
            self._said.focus()

    def _answer(self, verdict: str) -> None:
        """Keep an answer; a card not known comes once more at the end."""
        if self.card is None:
            return
        attempt = progress.Attempt(progress.now(), self.card.id, 0, verdict, ANSWERS[verdict], 1.0, mode=CARD)
        self._remark = keep(attempt)
        if verdict == "wrong":
            self.queue.append(self.card)
        self._next()
        (self._front if self.card else self._said).focus()

    def _show_list(self) -> None:
        """Show the terms of the chosen chapters that hold what is searched, in either language."""
        wanted = self._search.value.strip().casefold()
        rows = []
        for chapter in chapters().values():
            for notebook in chapter.notebooks if self._chapter.value in ("", chapter.topic) else ():
                for key in key_terms(notebook):
                    if wanted in f"{key.term.zh} {key.term.en} {key.said}".casefold():
                        rows.append(_row(f"{chapter.number:02}", notebook, key))
        heads = (_("Term"), _("In the other language"), _("In a sentence"), _("Chapter"))
        head = "".join(f"<th scope=col>{safe(title)}</th>" for title in heads)
        title = ngettext("{n} term", "{n} terms", len(rows)).format(n=len(rows))
        table = f'<table class="crm-progress-table crm-terms"><tr>{head}</tr>{"".join(rows)}</table>'
        opened = " open" if wanted else ""
        self._list.value = f'<details class="crm-past"{opened}><summary>{safe(title)}</summary>{table}</details>'

    def __repr__(self) -> str:
        return _("Terms and cards [run this cell (Shift+Enter) to use them]")


def _row(number: str, notebook: str, key: KeyTerm) -> str:
    other = key.term.en if str(key.term) == key.term.zh else key.term.zh
    link = f'<a class="crm-page" href="{notebook}.ipynb">{number}</a>'
    cells = f"<td>{safe(other)}</td><td>{safe(key.said)}</td><td>{link}</td>"
    return f"<tr><th scope=row>{safe(key.term)}</th>{cells}</tr>"


def flashcards() -> Flashcards:
    """Return the cards and the glossary of all chapters."""
    return Flashcards()
