"""Challenges below an explorer: bring something about with so many inputs; the model says whether it is done."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as w
from pydantic import TypeAdapter

from crmlib.core.i18n import _, ngettext
from crmlib.core.inputs import Inputs
from crmlib.explorer.base import Explorer
from crmlib.items import challenges
from crmlib.items.challenges import Challenge, of_study
from crmlib.learning import progress
from crmlib.learning.fields import Said, words
from crmlib.plotting.theme import safe
from crmlib.support.memory import recall, remember

_KEPT: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


def asked(challenge: Challenge, inputs: type[Inputs]) -> str:
    """Return, as text, a challenge with its terms: how many of which inputs may be moved.

    Args:
        inputs: of the challenge's study.
    """
    if challenge.among:
        titles = {s.name: s.title() for s in inputs.settings()}
        names = _(", ").join(titles[name] for name in challenge.among)
        said = ngettext("Move {n} of these at most: {names}.", "Move {n} of these at most: {names}.", challenge.moves)
    else:
        names, said = "", ngettext("Move {n} input at most.", "Move {n} inputs at most.", challenge.moves)
    return _("{task} {terms}").format(task=challenge.task, terms=said.format(n=challenge.moves, names=names))


class Challenges(w.VBox):  # type: ignore[misc]
    """The challenges of an explorer's study, each with what it still lacks; what is met stays met.

    Attributes:
        explorer: the explorer.
        done: the day on which each was met, by its id.
    """

    def __init__(self, explorer: Explorer[Any, Any, Any]):
        self.explorer, self.known = explorer, of_study(explorer.study.name)
        self.memory = f"challenges:{explorer.study.name}"
        self.done = recall(_KEPT, self.memory) or {}
        self._list, self._said = w.HTML(), Said()
        super().__init__([self._list, self._said])
        self.add_class("crm-guess")
        explorer.watch(self._look)
        self._show(explorer.study.headline(explorer.result))

    def _look(self, figures: Mapping[str, float]) -> None:
        """See what the inputs now shown bring about."""
        e = self.explorer
        new = [] if e.own else [c for c in self.known if c.id not in self.done and self._met(c, figures)]
        complaint = ""
        if new:
            today = f"{progress.now().astimezone():%Y-%m-%d}"
            elsewhere = recall(_KEPT, self.memory) or {}  # another tab may have met one since
            self.done = elsewhere | self.done | {challenge.id: today for challenge in new}
            complaint = remember(self.memory, self.done)
        said = [_("Challenge met: {why}").format(why=challenge.why) for challenge in new]
        self._said.say("".join(words(safe(line), "right") for line in said) + words(safe(complaint)), {})
        self._show(figures)

    def _met(self, challenge: Challenge, figures: Mapping[str, float]) -> bool:
        return challenges.met(challenge, self.explorer.initial, self.explorer.inputs, figures)

    def _show(self, figures: Mapping[str, float]) -> None:
        lines = [f"<li>{self._line(challenge, figures)}</li>" for challenge in self.known]
        title = safe(_("Challenges"))
        self._list.value = f'<h3>{title}</h3><ul class="crm-challenges">{"".join(lines)}</ul>'

    def _line(self, challenge: Challenge, figures: Mapping[str, float]) -> str:
        """Return, as HTML, a challenge with its terms and its state."""
        state = self._state(challenge, figures)
        met = ' class="crm-right"' if challenge.id in self.done else ""
        return f"{safe(asked(challenge, self.explorer.study.inputs))}<br><span{met}>{safe(state)}</span>"

    def _state(self, challenge: Challenge, figures: Mapping[str, float]) -> str:
        e = self.explorer
        if challenge.id in self.done:
            return _("✓ Met on {day}. {why}").format(day=self.done[challenge.id], why=challenge.why)
        if e.own:
            return _("It counts on the course data, and your own are shown.")
        if not challenges.reached(challenge, figures):
            return _("○ Not yet.")
        moved = challenges.moved(e.initial, e.inputs)
        titles = _(", ").join(s.title() for s in e.study.inputs.settings() if s.name in moved)
        return _("○ The figures are there, but too much was moved: {names}.").format(names=titles)
