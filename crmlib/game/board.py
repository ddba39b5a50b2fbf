"""The game in a notebook: sliders, one button for the next quarter, what is seen, and the debriefing after the last.

What a student decided is kept after each quarter in the student's own folder (:mod:`crmlib.support.memory`): the seed
and the decisions, from which the states follow. A notebook that runs unattended begins anew and keeps nothing.
"""

from dataclasses import asdict, dataclass
from typing import Any

import ipywidgets as w
from pydantic import TypeAdapter

from crmlib.core.errors import InputError
from crmlib.core.i18n import _
from crmlib.explorer.controls import Panel, button, control_for, value_of
from crmlib.game import debrief, report, seen
from crmlib.game.cases import SEEDS, Seed, checked_seed, game_case
from crmlib.game.costs import total
from crmlib.game.decisions import BUDGET, MODULE, MODULES, QUARTERS, Decisions, move
from crmlib.game.ending import Ending, wide
from crmlib.game.engine import begin, step
from crmlib.game.market import draw
from crmlib.game.score import Score, score
from crmlib.game.state import State
from crmlib.learning.fields import Said, words
from crmlib.plotting.theme import safe
from crmlib.support.html_table import html
from crmlib.support.memory import recall, remember

ONCE = {"module": "none", "report": "none"}
"""What is bought once is not bought again unasked."""


@dataclass(frozen=True)
class Kept:
    """A game as it is kept."""

    seed: Seed
    played: list[dict[str, Any]]


_KEPT = TypeAdapter(Kept)


class Board(Panel):
    """One game, played quarter by quarter.

    Args:
        name: of the game.
        seed: of the market; that of the game if not given, or of the game that was begun.

    Attributes:
        states: the beginning, then after each quarter played.
        played: the decisions of each quarter played.
        controls: one a lever.
    """

    def __init__(self, name: str, seed: int | None = None):
        self.case, self.memory = game_case(name), f"game:{name}"
        self.seed = self.case.seed if seed is None else checked_seed(seed)
        self.played: list[Decisions] = []
        self.states = [begin(draw(self.seed))]
        self._resume(seed)
        self._undone: list[dict[str, Any]] = []
        self._holding = False
        self._build()
        self._show(self._words_of_the_past())

    # Playing ----------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Where the game stands."""
        return self.states[-1]

    @property
    def over(self) -> bool:
        """Whether the last quarter has been played."""
        return self.state.quarter == QUARTERS

    def result(self) -> Score:
        """Return what the game has come to so far."""
        return score(self.state)

    def decisions(self) -> Decisions:
        """Return what the controls say."""
        return Decisions(**{name: value_of(one) for name, one in self.controls.items()})

    def cost(self) -> float:
        """Return what the decisions cost, in 10,000 yuan."""
        return float(total(self.state, move(self.decisions())[None])[0])

    def next_quarter(self) -> None:
        """Play the quarter and keep it; refuse decisions that cost more than the budget."""
        if self.over:
            return
        chosen, cost = self.decisions(), self.cost()
        if cost > BUDGET + 1e-9:
            said = _("These decisions cost {cost}; the budget is {budget}. Lower something first.")
            self._said.value = words(safe(said.format(cost=seen.money(cost), budget=seen.money(BUDGET))), "wrong")
            return
        self.played.append(chosen)
        self.states.append(step(self.state, chosen))
        complaint = self._keep()
        self._undone = []
        self._set(self._for_next(chosen))
        profit = seen.money(float(self.state.books[-1]["profit"][0]))
        said = _("Quarter {n} is over. Profit: {profit}.").format(n=self.state.quarter, profit=profit)
        self._show(words(safe(said)) + words(safe(complaint), "wrong"))
        if self.over:
            self._said.focus()

    def undo(self) -> None:
        """Take the last change of this quarter back."""
        if self._undone:
            self._set(self._undone.pop())
            self._said.value = words(safe(_("The last change is undone.")))
            self._price()

    def again(self) -> None:
        """Begin a new game on another market."""
        self.seed = (self.seed + 1) % SEEDS
        self.played, self.states, self._undone = [], [begin(draw(self.seed))], []
        self._set(Decisions().model_dump())
        complaint = self._keep()
        self._show(words(safe(_("A new game on another market has begun."))) + words(safe(complaint), "wrong"))
        self._said.focus()

    def _for_next(self, chosen: Decisions) -> dict[str, Any]:
        return {**chosen.model_dump(), **ONCE}

    def _keep(self) -> str:
        return remember(self.memory, asdict(Kept(self.seed, [one.model_dump() for one in self.played])))

    def _resume(self, seed: int | None) -> None:
        """Take up the game that was kept, if it is one of this seed."""
        kept = recall(_KEPT, self.memory)
        if not kept or seed not in (None, kept.seed):
            return
        try:
            played = [Decisions(**one) for one in kept.played[:QUARTERS]]
        except InputError:
            return
        self.seed, self.played = kept.seed, played
        self.states = debrief.played(draw(self.seed), played)

    def _words_of_the_past(self) -> str:
        if not self.played:
            return ""
        said = _("You have played {n} of {all} quarters; the game goes on where you left it.")
        return words(safe(said.format(n=len(self.played), all=QUARTERS)))

    # Showing ----------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        first = self._for_next(self.played[-1]) if self.played else Decisions().model_dump()
        self._now = dict(first)
        self.controls = {s.name: control_for(s, first[s.name]) for s in Decisions.settings()}
        for one in self.controls.values():
            one.continuous_update, one.layout.width = False, "auto"
            one.observe(lambda _change: self._moved(), "value")
        self._head, self._cost, self._facts, self._books = (w.HTML() for _place in range(4))
        self._said = Said()
        self._undo, self._next = button(_("Undo")), button(_("Next quarter"))
        self._undo.tooltip = _("Take the last change of this quarter back")
        self._undo.on_click(lambda _button: self.undo())
        self._next.on_click(lambda _button: self.next_quarter())
        self._tools = w.HBox([self._next, self._undo])
        self._tools.add_class("crm-toolbar")
        self._desk = w.VBox(self._grouped(), layout={"flex": "1 1 min(320px, 100%)", "max_width": "480px"})
        shown = w.VBox([self._facts, self._books], layout={"flex": "2 1 min(340px, 100%)", "min_width": "0"})
        panes = w.Box([self._desk, shown], layout={"display": "flex", "flex_flow": "row wrap", "grid_gap": "8px 28px"})
        self._end = w.VBox()
        super().__init__([self._head, self._cost, self._tools, self._said, self._end, panes])
        self.add_class("crm-guess")
        self.add_class("crm-game")

    def _grouped(self) -> list[w.Widget]:
        """Return the controls under the headings of their groups."""
        children: list[w.Widget] = []
        settings = Decisions.settings()
        for group in dict.fromkeys(s.group for s in settings):
            title = w.HTML(f"<h4>{safe(_(group))}</h4>")
            children += [title, *(self.controls[s.name] for s in settings if s.group == group)]
        return children

    def _moved(self) -> None:
        if self._holding:
            return
        self._undone.append(self._now)
        self._now = self.decisions().model_dump()
        self._price()

    def _set(self, values: dict[str, Any]) -> None:
        """Move the controls without noting it as a change."""
        self._holding = True
        for name, value in values.items():
            self.controls[name].value = value
        self._holding = False
        self._now = dict(values)

    def _price(self) -> None:
        """Say what the decisions cost."""
        cost = self.cost()
        said = _("These decisions cost {cost} of {budget}.")
        line = safe(said.format(cost=seen.money(cost), budget=seen.money(BUDGET)))
        self._cost.value = words(line, "wrong" if cost > BUDGET else "")
        self._undo.disabled = not self._undone

    def _offer_modules(self) -> None:
        """Offer the modules that can be built now."""
        there = int(self.state.built[0].sum())
        possible = ["none", *MODULES[there : there + 1], *(["all"] if there < len(MODULES) - 1 else [])]
        self._holding = True
        self.controls["module"].options = [(MODULE.shown(name), name) for name in possible]
        self.controls["module"].value = "none"
        self._holding = False
        self._now["module"] = "none"

    def _show(self, said: str) -> None:
        title = _("Quarter {n} of {all}").format(n=min(self.state.quarter + 1, QUARTERS), all=QUARTERS)
        title = _("The game is over") if self.over else title
        self._head.value = f"<h3>{safe(title)}</h3>"
        self._said.value = said
        self._facts.value = _seen(self.state)
        tables = seen.books(self.state), report.spent_table(self.state.books)
        self._books.value = "".join(map(wide, tables)) if self.played else ""
        for piece in (self._desk, self._tools, self._cost):
            piece.layout.display = "none" if self.over else None
        if self.over:
            self._end.children = (Ending(self.case, self.state, self.played, self.again),)
        else:
            self._end.children = ()
            self._offer_modules()
            self._price()

    def __repr__(self) -> str:
        return _("{title} [run this cell (Shift+Enter) to play]").format(title=self.case.title)


def _seen(state: State) -> str:
    """Return as HTML what the system shows, and what it does not."""
    hidden = _("You do not see: how much of the records is right, the hidden types, who is about to leave.")
    title = _("The records")
    told = words(safe(_(report.AS_ENTERED))) + words(safe(hidden))
    return f"<h4>{safe(title)}</h4>{html(report.facts_table(state))}{told}{wide(seen.accounts(state))}"


def play_game(name: str, seed: int | None = None) -> Board:
    """Return the board of a game; one that was begun goes on.

    Raises:
        UserError: there is no such game, or no market of this seed.
    """
    return Board(name, seed)


def story(name: str) -> Any:
    """Return the story of a game, in the language now spoken."""
    from IPython.display import Markdown

    return Markdown(str(game_case(name).story))


def levers() -> Any:
    """Return the reference table of the decisions."""
    return Decisions.reference()
