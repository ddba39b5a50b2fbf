"""A class at the game: quarter by quarter from a file of decisions to a page a team and a ranking.

In the folder of a game lie ``students/<team>/quarter-N.html``, which is handed out, and ``instructor/``, which is not:
the ranking, an empty file of decisions for the next quarter, and ``played.json``, which says what was played. A later
run takes the game up there. All files of a run appear together or not at all, and a page that is there stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field, TypeAdapter

from crmlib.classes import folders
from crmlib.classes.class_list import Student
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.inputs import shorten
from crmlib.formulas.arrays import Floats
from crmlib.game import pages, teams
from crmlib.game.cases import GameCase, Seed, checked_seed, game_case
from crmlib.game.decisions import QUARTERS, Decisions, decided, move
from crmlib.game.engine import begin, step
from crmlib.game.market import Market, draw
from crmlib.game.pages import Final, Notes
from crmlib.game.score import score
from crmlib.game.state import State
from crmlib.game.teams import Handed, Settled, Team
from crmlib.support.files import together
from crmlib.tables import data

PLAYED = "instructor/played.json"
PARTS = {"game": N_("game"), "seed": N_("seed"), "teams": N_("teams")}


@dataclass(frozen=True)
class Played:
    """What was played, as it is kept: the game, its market, the teams, and what each decided, quarter by quarter."""

    game: str
    seed: Seed
    teams: tuple[str, ...]
    played: dict[str, Annotated[list[dict[str, Any]], Field(max_length=QUARTERS)]]


_PLAYED: TypeAdapter[Played] = TypeAdapter(Played)


@dataclass(frozen=True)
class Contest:
    """A class at a game; everything about it has been checked.

    Attributes:
        case: the game.
        seed: of the market.
        teams: in the order of the class list.
        languages: of the pages.
        out: the folder of the game.
        before: what each team played in the quarters before, a list of decisions a team.
    """

    case: GameCase
    seed: int
    teams: tuple[Team, ...]
    languages: tuple[str, ...]
    out: Path
    before: Mapping[str, Sequence[Decisions]]

    @property
    def quarter(self) -> int:
        """How many quarters have been played before."""
        return min(len(self.before[team.name]) for team in self.teams)

    def file(self, name: str, ending: str, lang: str) -> str:
        """Return a file's name, which says its language where there are two."""
        return f"{name}.{ending}" if len(self.languages) == 1 else f"{name}.{lang}.{ending}"


@dataclass(frozen=True)
class Outcome:
    """A game as far as it was played.

    Attributes:
        market: of the one game that all play.
        states: after each quarter, the beginning first; a row a team.
        notes: by language, that of the terminal among them, what is to be said of decisions.
    """

    market: Market
    states: Sequence[State]
    notes: Mapping[str, Notes]

    @property
    def quarter(self) -> int:
        """Quarters played."""
        return len(self.states) - 1

    def plan(self, game: int) -> Floats:
        """Return what a team played, quarters × levers."""
        return np.array([state.last[game] for state in self.states[1:]])


def plan_game(
    name: str, students: Iterable[Student], out: Path, languages: Sequence[str], seed: int | None = None
) -> Contest:
    """Check everything about a class at a game.

    Args:
        name: of the game.
        students: of the class list; the column “group” names the teams.
        out: folder of the game; one that was begun there is taken up.
        languages: of the pages.
        seed: of the market; that of the game if not given.

    Raises:
        UserError: there is no such game or seed, a team has no name for its folder, or ``out`` holds something else.
    """
    case, known = game_case(name), tuple(teams.teams(students))
    if not known:
        raise UserError(_("The class list names nobody."))
    strangers = _("{folder} holds files that are not of a game; choose another folder.")
    begun = folders.begun(out, PLAYED, _PLAYED, strangers)
    if seed is None:
        seed = begun.seed if begun else case.seed
    wanted = {"game": case.name, "seed": checked_seed(seed), "teams": tuple(team.name for team in known)}
    if begun is not None and (other := folders.differing(PARTS, vars(begun), wanted)):
        said = _("{folder} holds another game (not the same: {what}); choose another folder for this one.")
        raise UserError(said.format(folder=out, what=other))
    before = _before(begun, known, out / PLAYED)
    return Contest(case, seed, known, tuple(languages), out, before)


def _before(begun: Played | None, known: Sequence[Team], file: Path) -> dict[str, list[Decisions]]:
    """Return what was played before, by team."""
    if begun is None:
        return {team.name: [] for team in known}
    try:
        found = {team.name: [Decisions(**one) for one in begun.played[team.name]] for team in known}
    except (InputError, KeyError, TypeError):
        found = {}
    if len({len(rows) for rows in found.values()}) != 1:
        raise UserError(_("{file} cannot be read; choose another folder.").format(file=file))
    return found


def play(contest: Contest, handed: Handed, through: int = 0) -> Outcome:
    """Play what was handed in.

    Args:
        contest: the class.
        handed: decisions of all quarters, those played before among them.
        through: the last quarter to play, though nobody handed in anything; by default the last in the file.

    Raises:
        UserError: there is nothing new to play.
    """
    last = max(through, handed.through)
    if last <= contest.quarter and (handed.rows or contest.quarter):
        said = _("Quarter {n} has been played; hand in decisions for the next one, or name it with --through.")
        said = _("All {n} quarters have been played.") if contest.quarter == QUARTERS else said
        raise UserError(said.format(n=contest.quarter))
    market = draw(contest.seed)
    states = [begin(market, len(contest.teams))]
    notes: dict[str, dict[tuple[str, int], tuple[str, ...]]] = {}
    spoken = dict.fromkeys([*contest.languages, i18n.language()])
    for quarter in range(1, last + 1):
        state, rows = states[-1], []
        for game, team in enumerate(contest.teams):
            for lang in spoken:
                with i18n.speaking(lang):
                    settled = _settled(contest, handed, state, game, quarter)
                notes.setdefault(lang, {})[team.name, quarter] = settled.notes
            rows.append(settled.row)
        states.append(step(state, np.array(rows)))
    return Outcome(market, states, notes)


def _settled(contest: Contest, handed: Handed, state: State, game: int, quarter: int) -> Settled:
    """Return what a team plays in a quarter: what was played before, or what it handed in."""
    team = contest.teams[game]
    texts = handed.rows.get((team.name, quarter))
    if quarter > contest.quarter:
        return teams.settle(state, game, texts)
    row = move(contest.before[team.name][quarter - 1])
    return Settled(row, tuple(teams.late(row, teams.settle(state, game, texts))) if texts is not None else ())


# Files ----------------------------------------------------------------------------------------------------------------


def make(contest: Contest, outcome: Outcome) -> list[Path]:
    """Write the pages of the teams and the instructor's files; return what was written, the students' folder first.

    Raises:
        UserError: something cannot be written; nothing has been written then.
    """
    n, written = outcome.quarter, []
    final = pages.final(outcome.market, [outcome.plan(g) for g in range(len(contest.teams))]) if n == QUARTERS else None
    with together(contest.out, ["instructor"]) as files:
        for lang in contest.languages:
            with i18n.speaking(lang):
                notes = outcome.notes.get(lang, {})
                for game, team in enumerate(contest.teams):
                    place = f"students/{team.folder}/{contest.file(f'quarter-{n}', 'html', lang)}"
                    files.write(place, pages.team(contest.case, team, outcome.states, notes, game, final))
                place = f"instructor/{contest.file(f'ranking-{n}', 'html', lang)}"
                table = ranking(contest, outcome, final)
                written.append(files.write(place, pages.ranking(contest.case, table, n, final)))
        with i18n.speaking(contest.languages[0]):
            table = ranking(contest, outcome, final).reset_index()
            written.append(files.write(f"instructor/ranking-{n}.csv", data.csv_text(table)))
            if n < QUARTERS:
                empty = teams.template(contest.teams, n + 1)
                written.append(files.write(f"instructor/decisions-{n + 1}.csv", empty))
        content = _PLAYED.dump_json(_record(contest, outcome), indent=1).decode() + "\n"
        written.append(files.write(PLAYED, content, replace=True))
    return [contest.out / "students", *written]


def _record(contest: Contest, outcome: Outcome) -> Played:
    """Return what was played, as it is kept."""
    played = {
        team.name: [decided(row).model_dump() for row in outcome.plan(game)] for game, team in enumerate(contest.teams)
    }
    return Played(contest.case.name, contest.seed, tuple(team.name for team in contest.teams), played)


def ranking(contest: Contest, outcome: Outcome, last: Final | None = None) -> pd.DataFrame:
    """Return the teams by what they have created, the most first; teams that created as much share a rank.

    Args:
        contest: the class.
        outcome: what was played.
        last: the debriefing, by which points are given; there is none before the last quarter.
    """
    state = outcome.states[-1]
    result = score(state)
    known = (state.known * state.active).sum(axis=1) / np.maximum(state.active.sum(axis=1), 1)
    order = np.argsort(-np.round(result.value, 6), kind="stable")
    rows = []
    for game in order:
        above = int((np.round(result.value, 6) > np.round(result.value[game], 6)).sum())
        row: dict[str, Any] = {_("Rank"): above + 1, _("Team"): contest.teams[game].name}
        amounts = {
            _("Value created"): result.value,
            _("Profit so far, present value"): result.profit,
            _("Customer equity gained"): result.gained,
        }
        row |= {in_ten_thousands(label): round(float(amount[game]), 1) for label, amount in amounts.items()}
        row |= {_("Accounts"): int(state.active[game].sum()), _("Records right"): f"{known[game]:.0%}"}
        if last:
            row[_(NC_("score", "Points"))] = f"{last.points(float(result.value[game])):.0f}"
        rows.append(row)
    return pd.DataFrame(rows).set_index(_("Rank"))


def in_ten_thousands(label: str) -> str:
    """Return what a column of amounts in 10,000 yuan is called."""
    return _("{label} ({unit})").format(label=label, unit=_("10,000 yuan"))


def said(outcome: Outcome) -> list[str]:
    """Return all that is to be said of decisions, in the language now spoken, a line each: team, quarter, sentence."""
    line = _("Team {team}, quarter {n}: {sentence}")
    return [
        line.format(team=shorten(team), n=quarter, sentence=note)
        for (team, quarter), notes in outcome.notes.get(i18n.language(), {}).items()
        for note in notes
    ]
