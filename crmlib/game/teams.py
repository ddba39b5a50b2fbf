"""Teams and what they hand in: from a class list and a file of decisions to moves, with a sentence for each default.

Nothing that was handed in is dropped without a word. What cannot be used is replaced by a stated default:

- a lever that is empty, out of bounds or unreadable: a purchase is not made; service, key accounts and credit stay as
  they were in the quarter before;
- a module that is there already, or whose forerunner is missing: nothing is built;
- a quarter that costs more than the budget, and a quarter not handed in: nothing is bought, the rest stays;
- a quarter that has been played already: what was played stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np

from crmlib.classes.class_list import NAME as CLASS_LIST
from crmlib.classes.class_list import Student
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.i18n import LANGUAGES, _
from crmlib.core.inputs import Setting, shorten
from crmlib.core.numbers import read as number
from crmlib.formulas.arrays import Floats
from crmlib.game.costs import standing, total
from crmlib.game.decisions import BUDGET, LEVERS, MODULE, MODULES, PLACE, QUARTERS, Decisions, decided, move
from crmlib.game.seen import money
from crmlib.game.state import State
from crmlib.support.strict_yaml import pick_known
from crmlib.tables import data
from crmlib.tables.reading import told

FORM = "game_decisions"
Texts = Mapping[str, str]
"""What stands in a row of decisions, by lever; an empty text where nothing does."""


@dataclass(frozen=True)
class Team:
    """A team: its name, the name of its folder, and who is in it."""

    name: str
    folder: str
    members: tuple[Student, ...]


@dataclass(frozen=True)
class Settled:
    """A team's move in a quarter, and what is to be said of it."""

    row: Floats
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """What teams have handed in, by team and quarter, and sentences on how the file was read."""

    rows: Mapping[tuple[str, int], Texts]
    notes: tuple[str, ...] = ()

    @property
    def through(self) -> int:
        """The last quarter of which there is something."""
        return max((quarter for _team, quarter in self.rows), default=0)


def teams(students: Iterable[Student]) -> list[Team]:
    """Return the teams of a class list, in its order: the column “group” names them; who has none plays alone.

    Raises:
        UserError: two teams would have one folder.
    """
    found: dict[str, list[Student]] = {}
    for student in students:
        found.setdefault(student.group or student.id, []).append(student)
    made = [Team(name, Student(name, "").folder, tuple(members)) for name, members in found.items()]
    taken: dict[str, Team] = {}
    for team in made:
        place = normalize("NFKC", team.folder.casefold())
        if not team.folder or place in taken:
            other = taken[place].name if place in taken else ""
            said = _("Team “{name}” needs another name: no folder can be made of it that differs from “{other}”.")
            raise UserError(said.format(name=shorten(team.name), other=shorten(other)))
        taken[place] = team
    return made


def read(path: Path, known: Sequence[Team], columns: Iterable[str] = ()) -> Handed:
    """Read a file of decisions.

    Args:
        path: a CSV file or a workbook with a row a team and quarter.
        known: the teams.
        columns: how the file is to be read; what is said there of columns of the class list is not for it.

    Raises:
        DataError: there is no readable table in the file, or it does not fit.
        UserError: it names a team that is not in the class list.
    """
    table = data.read(path, FORM, told(columns, [FORM, CLASS_LIST])[FORM])
    names = {text: team.name for team in known for text in (data.neutralise(team.name), team.name)}
    file = path.name.replace("{", "{{").replace("}", "}}")  # pick_known puts the name in
    problem = _("{file}: no team of the class list is called “{name}”.").format(file=file, name="{name}")
    rows = {}
    for row in table.frame.astype(object).fillna("").astype(str).to_dict("records"):
        name = names[pick_known(row["team"].strip(), names, problem)]
        rows[name, int(row["quarter"])] = {lever: row.get(lever, "").strip() for lever in LEVERS}
    return Handed(rows, tuple(table.notes))


def settle(state: State, game: int, texts: Texts | None) -> Settled:
    """Return what a team plays in the quarter that comes, and a sentence for each default.

    Args:
        state: before the quarter.
        game: the team's place.
        texts: what it handed in, None if nothing.
    """
    row = standing(state.last[game : game + 1])[0]
    if texts is None:
        said = _("Nothing was handed in for this quarter: nothing is bought, service and credit stay as they were.")
        return Settled(row, (said,))
    notes = []
    empty = [s for s in Decisions.settings() if not texts.get(s.name)]
    for s in Decisions.settings():
        if text := texts.get(s.name):
            value, refusal = _read(s, text)
            row[PLACE[s.name]] = row[PLACE[s.name]] if value is None else value
            notes += [_("{refusal} {default}").format(refusal=refusal, default=_default(s, row))] if refusal else []
    if empty:
        labels = _(", ").join(_(s.label) for s in empty)
        notes.append(_("Left empty, so as the rules say: {labels}.").format(labels=labels))
    row, more = _buildable(state, game, row)
    return _within_budget(state, game, Settled(row, (*notes, *more)))


def _read(s: Setting, text: str) -> tuple[float | None, str]:
    """Return a cell as the number of a move, or None and the sentence that refuses it."""
    if s.choices:
        value: Any = _choice(s, text)
    else:
        found = _number(s, text)
        value = text if found is None else int(found) if found == int(found) else found
    try:
        return float(move(Decisions(**{s.name: value}))[PLACE[s.name]]), ""
    except InputError as refusal:
        return None, str(refusal)


def _number(s: Setting, text: str) -> float | None:
    """Return the number that a text is, with its unit in either language or none; None if it is none."""
    for lang in LANGUAGES:
        with i18n.speaking(lang):
            found = number(text, _(s.unit))
        if found is not None:
            return found
    return None


def _choice(s: Setting, text: str) -> str:
    """Return the choice that a text names: its word, or its label in either language."""
    for lang in LANGUAGES:
        with i18n.speaking(lang):
            labels = {_(label).casefold(): choice for label, choice in zip(s.choice_labels, s.choices, strict=True)}
        if text.casefold() in labels:
            return labels[text.casefold()]
    return text.casefold()


def _default(s: Setting, row: Floats) -> str:
    kept = s.shown(decided(row).model_dump()[s.name])
    return _("In its place: {value}.").format(value=kept)


def _buildable(state: State, game: int, row: Floats) -> tuple[Floats, list[str]]:
    """Take out a module that cannot be built."""
    chosen = int(row[PLACE["module"]])
    if not 1 <= chosen <= len(MODULES):
        return row, []
    there, before = state.built[game, chosen - 1] > 0, chosen == 1 or state.built[game, chosen - 2] > 0
    if before and not there:
        return row, []
    said = _("The module “{module}” is there already: nothing is built.")
    said = said if there else _("The module “{module}” needs the one before it: nothing is built.")
    new = row.copy()
    new[PLACE["module"]] = 0
    return new, [said.format(module=MODULE.shown(MODULE.choices[chosen]))]


def _within_budget(state: State, game: int, settled: Settled) -> Settled:
    """Put what stands without purchases in place of what costs more than the budget."""
    moves = state.last.copy()
    moves[game] = settled.row
    cost = float(total(state, moves)[game])
    if cost <= BUDGET + 1e-9:
        return settled
    said = _(
        "These decisions cost {cost}, the budget is {budget}: nothing is bought, service and credit stay as they were."
    )
    note = said.format(cost=money(cost), budget=money(BUDGET))
    return replace(settled, row=standing(state.last)[game], notes=(*settled.notes, note))


def late(before: Floats, now: Settled) -> list[str]:
    """Return what is said where a file has another move for a quarter that has been played."""
    if np.array_equal(before, now.row):
        return []
    return [_("This quarter has been played already; what came later is not used.")]


def template(known: Sequence[Team], quarter: int) -> str:
    """Return an empty file of decisions for a quarter, a row a team, headed in the language now spoken."""
    import pandas as pd

    labels = {name: i18n.pick(column.meaning) for name, column in data.dictionary(FORM).columns.items()}
    blank = dict.fromkeys(labels.values(), "")
    rows = [blank | {labels["team"]: team.name, labels["quarter"]: min(quarter, QUARTERS)} for team in known]
    return data.csv_text(pd.DataFrame(rows))
