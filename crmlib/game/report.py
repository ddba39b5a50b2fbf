"""Tables of the debriefing that the notebook and the pages of a class share."""

from collections.abc import Mapping, Sequence

import pandas as pd

from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Floats
from crmlib.game.debrief import Effect, said_of
from crmlib.game.decisions import Decisions, decided
from crmlib.game.policies import POLICIES
from crmlib.game.score import Score
from crmlib.game.seen import HEADS, dashboard, money
from crmlib.game.state import State

AS_ENTERED = N_("The records are as good as what was entered. How much of them is right, the system does not tell.")
WITHOUT = N_("Each figure is what the same game would have lost without the decision. They do not add up.")
HINDSIGHT = N_("The search tried changes one by one, knowing the market. It found this plan, not surely the best one.")
YOURS = (N_("your game"), N_("what you decided"))
ENDS = 4
"""So many single decisions are named from either end."""


def plan_table(plan: Floats) -> pd.DataFrame:
    """Return decisions as a table: a row a lever, a column a quarter."""
    quarters = [decided(row).model_dump() for row in plan]
    settings = Decisions.settings()
    columns = {
        _("Quarter {n}").format(n=n): [s.shown(values[s.name]) for s in settings]
        for n, values in enumerate(quarters, 1)
    }
    return pd.DataFrame(columns, index=[s.title() for s in settings]).rename_axis(_("Decision"))


def facts_table(state: State, game: int = 0) -> pd.DataFrame:
    """Return what the system shows of the records, a row a figure."""
    return pd.DataFrame({_("Figure"): dashboard(state, game)}).rename_axis(_("The system shows"))


def score_table(score: Score, points: float, game: int = 0) -> pd.DataFrame:
    """Return what a game came to, part by part."""
    rows = {
        _("Profit of the quarters, present value"): money(float(score.profit[game])),
        _("Customer equity gained"): money(float(score.gained[game])),
        _("Value created"): money(float(score.value[game])),
        _("In points (0 do nothing, 100 phased, with help)"): f"{points:.0f}",
    }
    return pd.DataFrame({_("Your game"): rows}).rename_axis(_("Result"))


def by_lever(effects: Sequence[Effect]) -> pd.DataFrame:
    """Return what each lever did over all quarters, the most first."""
    rows = [(said_of(effect), money(effect.gain)) for effect in effects if effect.quarter == 0]
    return pd.DataFrame(rows, columns=[_("Decision"), _("Value lost without it")]).set_index(_("Decision"))


def by_quarter(effects: Sequence[Effect]) -> pd.DataFrame:
    """Return the single decisions that did most, and those that did least or harm."""
    single = [effect for effect in effects if effect.quarter]
    named = single if len(single) <= 2 * ENDS else [*single[:ENDS], *single[-ENDS:]]
    rows = [(said_of(effect), money(effect.gain)) for effect in named]
    return pd.DataFrame(rows, columns=[_("Decision"), _("Value lost without it")]).set_index(_("Decision"))


def beliefs_table(
    values: Mapping[str, float], yours: float, best: float | None = None, whose: tuple[str, str] = YOURS
) -> pd.DataFrame:
    """Return a game's value beside those of the policies with names, the highest first.

    Args:
        values: of the policies.
        yours: of the game.
        best: of the best plan found with hindsight, if one was looked for.
        whose: what the game is called, and the belief it was played in; both are translated here.
    """
    rows = [(_(POLICIES[name].label), _(POLICIES[name].belief), value) for name, value in values.items()]
    rows.append((_(whose[0]), _(whose[1]), yours))
    if best is not None:
        rows.append((_("best plan found with hindsight"), _("nobody can know the market beforehand"), best))
    rows.sort(key=lambda row: -row[2])
    columns = [_("Policy"), _("Belief"), _("Value created")]
    return pd.DataFrame([(label, belief, money(value)) for label, belief, value in rows], columns=columns).set_index(
        columns[0]
    )


def spent_table(books: Sequence[Mapping[str, Floats]], game: int = 0) -> pd.DataFrame:
    """Return what was spent by head, a column a quarter."""
    columns = {
        _("Quarter {n}").format(n=n): [money(float(book[head][game])) for head in HEADS]
        for n, book in enumerate(books, 1)
    }
    return pd.DataFrame(columns, index=[_(label) for label in HEADS.values()]).rename_axis(_("Spent on"))
