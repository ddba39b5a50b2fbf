"""Pages of a class at the game: one a team after each quarter, and the ranking. Text of files is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import escape

from crmlib.classes import worksheet
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Floats
from crmlib.game import debrief, report, seen
from crmlib.game.cases import GameCase
from crmlib.game.debrief import Effect
from crmlib.game.decisions import BUDGET, QUARTERS, Decisions
from crmlib.game.engine import play
from crmlib.game.hindsight import SOON, Best, search
from crmlib.game.market import Market
from crmlib.game.policies import POLICIES
from crmlib.game.score import score
from crmlib.game.state import State
from crmlib.game.teams import Team
from crmlib.support import html_table

Notes = Mapping[tuple[str, int], Sequence[str]]


@dataclass(frozen=True)
class Final:
    """What the last page of all teams is made of: the effects of each team's decisions, the beliefs, the best plan."""

    effects: Sequence[Sequence[Effect]]
    beliefs: Mapping[str, float]
    best: Best
    yours: Sequence[float]

    def points(self, value: float) -> float:
        """Return a value created as points."""
        return debrief.index(value, debrief.ends(self.beliefs))


def final(market: Market, plans: Sequence[Floats]) -> Final:
    """Return what the debriefing of a class is made of.

    Args:
        market: of the one game that all played.
        plans: what each team played.
    """
    yours = score(play(market, np.stack(plans))).value
    sensible = POLICIES["sensible"].play
    assert not callable(sensible)
    beliefs = debrief.beliefs(market)
    start = plans[int(yours.argmax())] if yours.max() > beliefs["sensible"] else sensible
    effects = [debrief.effects(market, one) for one in plans]
    return Final(effects, beliefs, search(market, start, SOON), yours.tolist())


def team(case: GameCase, who: Team, states: Sequence[State], notes: Notes, game: int, last: Final | None) -> str:
    """Return a team's page after a quarter, in the language now spoken."""
    state, n = states[-1], len(states) - 1
    title = _("{game} · {team}").format(game=case.title, team=who.name)
    members = _(", ").join(member.name for member in who.members)
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(members)}</p>",
        worksheet.html(str(case.story)) if n == 0 else "",
        *_noted(notes, who, n),
        *(_result(states, game) if n else ()),
        *_records(state, game),
        *(_debriefing(state, game, last) if last else _next(n)),
    ]
    return worksheet.html_page("\n".join(part for part in parts if part), title)


def _headed(title: str, *parts: str) -> list[str]:
    return [f"<h2>{escape(title)}</h2>", *parts]


def _said(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _noted(notes: Notes, who: Team, n: int) -> list[str]:
    """Return what is to be said of the decisions of the quarter just played, and of what came late."""
    line = _("Quarter {n}: {sentence}")
    found = [line.format(n=quarter, sentence=note) for (name, quarter), all_ in notes.items() if name == who.name
             for note in all_]  # fmt: skip
    if not n or not found:
        return []
    items = "".join(f"<li>{escape(one)}</li>" for one in found)
    return _headed(_("What was not as you decided"), f"<ul>{items}</ul>")


def _result(states: Sequence[State], game: int) -> list[str]:
    state = states[-1]
    plan = pd.DataFrame([one.last[game] for one in states[1:]]).to_numpy()
    return [
        *_headed(_("Your decisions"), html_table.html(report.plan_table(plan))),
        *_headed(_("The books"), html_table.html(seen.books(state, game))),
        html_table.html(report.spent_table(state.books, game)),
    ]


def _records(state: State, game: int) -> list[str]:
    """Return what the system shows."""
    facts = html_table.html(report.facts_table(state, game))
    note = _said(_(report.AS_ENTERED))
    return _headed(_("The records"), facts, note, html_table.html(seen.accounts(state, game)))


def _next(n: int) -> list[str]:
    """Return what can be decided in the next quarter."""
    said = _("The budget of a quarter is {budget}. What costs more is not played.").format(budget=seen.money(BUDGET))
    title = _("Your decisions for quarter {n}").format(n=n + 1)
    return _headed(title, _said(said), html_table.html(Decisions.reference()))


def _debriefing(state: State, game: int, last: Final) -> list[str]:
    result = score(state)
    points = last.points(last.yours[game])
    effects = last.effects[game]
    said, told = _(report.WITHOUT), _(report.HINDSIGHT)
    return [
        *_headed(_("Result"), html_table.html(report.score_table(result, points, game))),
        *_headed(_("What each decision did"), _said(said), html_table.html(report.by_lever(effects))),
        html_table.html(report.by_quarter(effects)),
        *_headed(
            _("Other policies on the same market"),
            html_table.html(report.beliefs_table(last.beliefs, last.yours[game], last.best.value)),
        ),
        *_headed(
            _("The best plan found with hindsight"), _said(told), html_table.html(report.plan_table(last.best.plan))
        ),
        *_headed(_("What the records hid"), html_table.html(seen.revealed(state, game))),
    ]


def ranking(case: GameCase, table: pd.DataFrame, n: int, last: Final | None) -> str:
    """Return the instructor's page, in the language now spoken."""
    title = _("{game}: ranking after quarter {n}").format(game=case.title, n=n)
    said = _("Value created counts customer equity, which teams do not see before the end of quarter {n}.")
    parts = [f"<h1>{escape(title)}</h1>", _said(said.format(n=QUARTERS)), html_table.html(table)]
    if last:
        values = report.beliefs_table(last.beliefs, max(last.yours), last.best.value, (N_("the best team"), ""))
        parts += _headed(_("Other policies on the same market"), html_table.html(values))
        parts += _headed(_("Reflection"), worksheet.html(case.reflection.markdown(1, marking=True)))
    return worksheet.html_page("\n".join(parts), title)
