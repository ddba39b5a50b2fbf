"""What stands on the board after the last quarter: result, effects, other policies, the best plan, the reflection."""

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as w
import pandas as pd

from crmlib.core.i18n import _
from crmlib.explorer.controls import Fold, button
from crmlib.game import debrief, report, seen
from crmlib.game.cases import GameCase
from crmlib.game.decisions import Decisions, plan
from crmlib.game.engine import play
from crmlib.game.hindsight import SOON, search
from crmlib.game.policies import POLICIES
from crmlib.game.score import score
from crmlib.game.state import State
from crmlib.learning.fields import words
from crmlib.learning.practice import OpenCard
from crmlib.plotting.theme import safe
from crmlib.support.html_table import html


class Ending(w.VBox):  # type: ignore[misc]
    """The debriefing of a game.

    Args:
        case: the game.
        state: after the last quarter.
        played: the decisions of each quarter.
        again: begins a new game.
    """

    def __init__(self, case: GameCase, state: State, played: Sequence[Decisions], again: Callable[[], object]):
        self.state, self.plan, self.result = state, plan(played), score(state)
        self.beliefs = debrief.beliefs(state.market)
        self._policy, self._best = w.HTML(), w.HTML()
        self.choice = self._choice()
        best, new = button(_("Find the best plan with hindsight")), button(_("Play on another market"))
        best.on_click(lambda _button: self.find())
        new.on_click(lambda _button: again())
        tools = w.HBox([best, new])
        tools.add_class("crm-toolbar")
        super().__init__([
            *self._told(), self.choice, self._policy, tools, self._best,
            _part(_("What the records hid"), wide(seen.revealed(state))),
            Fold(_("Your decisions"), [w.HTML(wide(report.plan_table(self.plan)))]),
            OpenCard(case.asked),
        ])  # fmt: skip

    @property
    def value(self) -> float:
        """What the game created, in 10,000 yuan."""
        return float(self.result.value[0])

    def _told(self) -> list[w.Widget]:
        """Return result, effects and beliefs."""
        effects = debrief.effects(self.state.market, self.plan)
        points = debrief.index(self.value, debrief.ends(self.beliefs))
        tables = wide(report.by_lever(effects)) + wide(report.by_quarter(effects)) if effects else ""
        return [
            _part(_("Result"), wide(report.score_table(self.result, points))),
            _part(_("What each decision did"), words(safe(_(report.WITHOUT))), tables),
            _part(_("Other policies on the same market"), wide(report.beliefs_table(self.beliefs, self.value))),
        ]

    def _choice(self) -> w.Dropdown:
        options = [(_("choose"), ""), *((_(policy.label), name) for name, policy in POLICIES.items())]
        style = {"description_width": "initial"}
        choice = w.Dropdown(options=options, description=_("Run a policy"), style=style)
        choice.observe(lambda change: self.run(change["new"]) if change["new"] else None, "value")
        return choice

    def run(self, name: str) -> None:
        """Show the books of a policy with a name, on the same market."""
        policy = POLICIES[name]
        state = play(self.state.market, policy.play)
        value = _("Value created: {value}").format(value=seen.money(self.beliefs[name]))
        tables = wide(seen.books(state)) + wide(report.spent_table(state.books))
        self._policy.value = words(safe(_(policy.belief))) + words(safe(value)) + tables

    def find(self) -> None:
        """Search for the best plan and show it."""
        best = search(self.state.market, self.plan, SOON)
        told = words(safe(_(report.HINDSIGHT)))
        gain = _("It creates {value}, {more} more than yours.")
        line = gain.format(value=seen.money(best.value), more=seen.money(best.value - self.value))
        self._best.value = told + words(safe(line)) + wide(report.plan_table(best.plan))


def wide(frame: pd.DataFrame) -> str:
    """Return a table as HTML that scrolls within itself where there is no room for it."""
    name = escape(str(frame.index.name))
    return f'<div class="crm-wide" tabindex="0" role="region" aria-label="{name}">{html(frame)}</div>'


def _part(title: str, *parts: str) -> w.HTML:
    return w.HTML(f"<h4>{safe(title)}</h4>{''.join(parts)}")
