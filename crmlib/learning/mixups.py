"""What a student mixes up: at the head of a chapter the misconceptions that her answers on earlier ones showed."""

from collections.abc import Collection, Iterable

import ipywidgets as w

from crmlib.core.i18n import _, ngettext
from crmlib.explorer.controls import Panel, button
from crmlib.items.bank import Bank, bank
from crmlib.learning import progress
from crmlib.learning.practice import Practice
from crmlib.learning.schedule import interleaved
from crmlib.plotting.theme import safe

MOST_NAMED = 5
"""How many misconceptions are named."""


def named(bank: Bank, past: Iterable[progress.Attempt], topics: Collection[str]) -> list[str]:
    """Return in words the misconceptions that showed most often in the last answers on some topics."""
    lines = []
    for (topic, name), times in progress.misconceptions(past).most_common():
        known = (part.misconceptions.get(name) for part in bank.topics.get(topic, ()))
        if topic in topics and (text := next(filter(None, known), None)):
            lines.append(ngettext("{name}: {n} time", "{name}: {n} times", times).format(name=text, n=times))
    return lines[:MOST_NAMED]


def shown(lines: Iterable[str]) -> str:
    """Return sentences as a list in HTML."""
    return f"<ul>{''.join(f'<li>{safe(line)}</li>' for line in lines)}</ul>"


class MixUps(Panel):
    """The misconceptions, and a button to practise the questions that showed them; nothing at all without any.

    Args:
        bank: what is asked.
        topic: of the chapter; what the topics before it showed is named.
    """

    def __init__(self, bank: Bank, topic: str):
        topics = list(bank.topics)
        earlier = topics[: topics.index(topic)] if topic in topics else []
        past, _remark = progress.so_far()
        lines = named(bank, past, earlier)
        last = progress.last_of_each(past).values()
        asked = [a.item for a in last if a.misconception and a.topic in earlier and a.item in bank.items]
        self._page, self._room = w.HTML(), w.VBox()
        self._again = button(_("Practise these questions"))
        self._again.on_click(lambda _button: self._begin(bank, interleaved(asked)))
        super().__init__([self._page, w.HBox([self._again]), self._room])
        self.add_class("crm-progress")
        self.add_class("crm-mixups")
        self.layout.display = None if lines else "none"
        self._again.layout.display = None if asked else "none"
        title = safe(_("What you mix up"))
        why = safe(_("Your last answers on earlier chapters showed these mistakes."))
        self._page.value = f"<h2>{title}</h2><p>{why}</p>{shown(lines)}" if lines else ""

    def _begin(self, bank: Bank, ids: list[str]) -> None:
        session = Practice(bank, [bank.items[id] for id in ids], lambda: _("What you mix up"), queue=ids)
        self._room.children = (session,)
        session.focus()

    def __repr__(self) -> str:
        return _("What you mix up [run this cell (Shift+Enter) to see it]")


def mixups(topic: str) -> MixUps:
    """Return what the student mixes up of the chapters before a topic."""
    return MixUps(bank(), topic)
