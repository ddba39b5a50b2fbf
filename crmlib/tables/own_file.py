"""The user's own file: text, columns, values, and a list of everything that is wrong or unlikely in it."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote
from typing import Any

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import _, ngettext, pick
from crmlib.core.inputs import shorten
from crmlib.tables import issues
from crmlib.tables.columns import (
    AUTO,
    LOOKED_AT,
    NEAR,
    Match,
    bare_name,
    checked,
    likeness,
    propose,
    recognised,
    spelling,
    unit_differs,
)
from crmlib.tables.dictionary import Column, DataDictionary, dictionary
from crmlib.tables.gaps import emptied, filled, gaps, is_sign, said_emptied
from crmlib.tables.issues import Faults, Problem, listed
from crmlib.tables.packaged import usual
from crmlib.tables.plausible import REFUSES, UNIT_KINDS, Look, doubts, id_columns, plain_id
from crmlib.tables.reader import read_sheet
from crmlib.tables.reading import Columns, Reading, as_reading
from crmlib.tables.sheet import MOST_ROWS, content
from crmlib.tables.spellings import spelled
from crmlib.tables.units import MONEY, money_said, spoken, times, unit_of
from crmlib.tables.values import FLAG_WORDS
from crmlib.tables.values import values as cell_values

SHOWN = 50
"""How many problems of a file are printed; ``TableError.problems`` has them all."""
MOST_PROBLEMS = 1_000_000
"""How many problems of a file's cells are listed one by one; the others are counted, a line a column."""


@dataclass(frozen=True)
class Table:
    """A user's file that fits its dictionary.

    Attributes:
        frame: the dictionary's columns, in its order and types, a row for each row of the file.
        extra: the file's other columns as text, same rows.
        notes: what is unlikely in it, and what was assumed or left aside while reading, a translated sentence each.
        rows: of the file, for each row of the frame.
        columns: which columns of the file were taken for which, where the names differ.
    """

    frame: pd.DataFrame
    extra: pd.DataFrame
    notes: tuple[str, ...]
    rows: tuple[int, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


class TableError(DataError):
    """A table with problems.

    Args:
        found: the problems, or translated sentences.
        proposal: what could be meant by the columns that are missing.

    Attributes:
        problems: a sentence each, all of them; what is printed stops after :data:`SHOWN`.
    """

    def __init__(self, found: Iterable[Problem | str], proposal: Mapping[str, Match] | None = None):
        self.found = [Problem.said(one) if isinstance(one, str) else one for one in found]
        self.proposal = {want: match for want, match in (proposal or {}).items() if match.certainty != "exact"}
        self.advice = _advice(self.proposal) if self.proposal else []
        super().__init__(str(problem) for problem in self.found)

    def table(self) -> pd.DataFrame:
        """Return all problems as a table, a row each: row and column in the file, value, what is wrong, how to mend."""
        return issues.table(self.found)

    def counts(self) -> list[tuple[str, int]]:
        """Return what kinds of problems there are and how many of each, the most frequent first."""
        return issues.counts(self.found)

    def _render_traceback_(self) -> list[str]:
        more = len(self.problems) - SHOWN
        rest = ngettext("… and {n} more problem.", "… and {n} more problems.", more).format(n=more) if more > 0 else ""
        return [*self.problems[:SHOWN], *([rest] if rest else []), *self.advice]

    def __str__(self) -> str:
        return "\n".join(self._render_traceback_())


def _advice(proposal: Mapping[str, Match]) -> list[str]:
    """Say which columns could be meant and how to say yes to that."""
    pairs = {want: shorten(match.column) for want, match in proposal.items()}
    options = " ".join(f"--map {quote(f'{want}={name}')}" for want, name in pairs.items())
    return [
        _("Columns of the file that may be meant: {pairs}.").format(
            pairs=_(", ").join(f"{want} = {name}" for want, name in pairs.items())
        ),
        _('If that is right, add to the command: {options} (or --map auto); in Python, mapping="auto".').format(
            options=options
        ),
    ]


Check = Callable[[pd.DataFrame], Faults]
"""What else is wrong with a table of texts, by the row of the file and the wanted name of the column."""


def read(
    path: str | os.PathLike[str], name: str, mapping: Columns | Reading = None, also: Check | None = None
) -> Table:
    """Read the user's own file and check it against the dictionary of data set ``name``.

    CSV: commas, semicolons or tabs between the cells; UTF-8, UTF-16 with its mark, or GBK. A workbook (.xlsx, .xls,
    .xlsb, .ods): the sheet whose first row names most columns. An empty cell is a missing value. Names of categories
    are read as their codes, yes and no as flags; the notes say so.

    Args:
        path: the file.
        name: the data set whose columns it has.
        mapping: wanted column → column of the file where the names differ, or ``"auto"`` for what is proposed.
        also: finds what the dictionary cannot say.

    Raises:
        DataError: there is no readable table in the file, or the mapping does not fit it.
        TableError: a DataError that lists every problem: rows as a spreadsheet numbers them, columns by name.
    """
    return read_bytes(content(Path(path)), Path(path).name, name, mapping, also)


def read_bytes(
    data: bytes, file: str, name: str, mapping: Columns | Reading = None, also: Check | None = None
) -> Table:
    """Read and check what a file holds, as :func:`read` does; ``file`` is what it is called in sentences about it."""
    book, reading = dictionary(name), as_reading(mapping)
    sheet = read_sheet(data, file, lambda header: recognised(header, name), reading)
    header = sheet.cells.columns.tolist()
    theirs = checked(reading.columns, header, name, reading.units)
    cells, trimmed = _trimmed(
        sheet.cells.rename(columns={their: want for want, their in theirs.items()}), book, reading
    )
    cells, down = filled(cells, book, reading)
    values, unreadable, words = _values(cells, book, reading, sheet.semicolons)
    faults = gaps(cells, book, _broken_rules(values, cells, book)) | _repeated_keys(values, book) | unreadable
    faults = (also(cells) if also else {}) | faults
    refusals, remarks = _doubts(Look(values, cells, book, usual(name), reading), theirs, money_said(sheet.around))
    faults = _without_cause(faults, refusals) | {(p.row, p.column): p for p in refusals}
    if theirs:
        faults = {(p.row, p.column): p for p in (p.under(theirs.get(p.column, p.column)) for p in faults.values())}
    proposed = propose(header, name, reading.units) if reading.columns is None else {}
    proposal = {want: match for want, match in proposed.items() if want not in theirs}
    missing = _missing_columns(cells.columns.tolist(), name, proposal)
    lost = any(problem.kind == "nothing" for problem in missing.values())
    faults = missing if lost else missing | faults | sheet.faults
    if faults:
        place = {column: n for n, column in enumerate(header)}
        raise TableError((faults[at] for at in sorted(faults, key=lambda at: (at[0], place.get(at[1], -1)))), proposal)
    extra = cells.drop(columns=list(values)).astype("str")
    taken = _taken(theirs if reading.columns else {})
    near = _alike(header, name, reading)
    told = (*taken, *_converted(reading, book), *trimmed, *down)
    notes = (*near, *remarks, *sheet.notes, *told, *words, *_kept_apart(extra))
    frame, rows = book.typed(values), tuple(values.index.tolist())
    return Table(frame.reset_index(drop=True), extra.reset_index(drop=True), notes, rows, theirs)


def _doubts(look: Look, theirs: Mapping[str, str], around: str) -> tuple[list[Problem], list[str]]:
    """Return what is unlikely: what refuses the file, and remarks, a sentence each; ``around`` is a unit of money."""
    said = [*_said_units(look, theirs), *_units_around(look, theirs, around)]
    known = {**look.reading.units} | {doubt.column: "" for doubt in said}
    found = [*said, *doubts(replace(look, reading=replace(look.reading, units=known)))]
    return [d for d in found if d.kind in REFUSES], [str(d) for d in found if d.kind not in REFUSES]


def _said_units(look: Look, theirs: Mapping[str, str]) -> Iterator[Problem]:
    """Doubt columns whose header gives another unit than the dictionary, where the user has not told which it is."""
    for want, their in theirs.items():
        spec = look.book.columns[want]
        if want in look.reading.units or not unit_differs(their, spec):
            continue
        said = spelling(their).unit
        unit = pick(spec.unit) if spec.unit else _("a plain number")
        facts = {"theirs": shorten(their), "said": said, "unit": unit}
        options = {"option": quote(f"{want}={said}"), "mine": quote(f"{want}={spoken(unit_of(spec)) or unit}")}
        yield Problem.of("other_unit" if times(said, spec) else "strange_unit", 1, want, **facts, **options)


def _units_around(look: Look, theirs: Mapping[str, str], said: str) -> Iterator[Problem]:
    """Doubt amounts whose header gives no unit where a title or a note gives another one than the dictionary."""
    for want, spec in look.book.columns.items() if said else ():
        if want not in look.values or want in look.reading.units:
            continue
        factor = times(said, spec) if unit_of(spec) in MONEY else 1
        if factor in (1, None) or spelling(theirs.get(want, want)).unit:
            continue
        unit = pick(spec.unit) if spec.unit else ""
        options = {"option": quote(f"{want}={spoken(said)}"), "mine": quote(f"{want}={spoken(unit_of(spec))}")}
        yield Problem.of("unit_around", 1, want, said=spoken(said), unit=unit, **options)


def _without_cause(faults: Faults, refusals: list[Problem]) -> Faults:
    """Leave out the faults that follow from a refusal: bounds where the unit is another, keys that were rounded."""
    units = {p.column for p in refusals if p.kind in UNIT_KINDS}
    ids = any(p.kind in ("rounded", "digits_twice") for p in refusals)
    bounds = ("ge", "gt", "le")
    return {
        at: p
        for at, p in faults.items()
        if not (p.column in units and p.kind in bounds) and not (ids and p.kind == "keys")
    }


def _trimmed(cells: pd.DataFrame, book: DataDictionary, reading: Reading) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells with ids as they are compared, where that is wished, and what is to be said of it."""
    if not reading.trim_ids:
        return cells, []
    said = []
    for column in (name for name in id_columns(book) if name in cells):
        plainer = cells[column].map({text: plain_id(text) for text in cells[column].unique()})
        if n := int((plainer != cells[column]).sum()):
            note = _("Column “{column}”: {n:,} ids were read without blanks and unseen signs, in capitals.")
            said.append(note.format(column=column, n=n))
        cells = cells.assign(**{column: plainer})
    return cells, said


def _converted(reading: Reading, book: DataDictionary) -> Iterator[str]:
    """Say which columns were read in which unit."""
    for column, unit in reading.units.items():
        factor = times(unit, book.columns[column]) or 1
        said = _("Column “{column}” was read in the unit {unit} as told: its numbers were multiplied by {factor}.")
        same = _("Column “{column}” is in the unit {unit}, as told.")
        yield (same if factor == 1 else said).format(column=column, unit=unit, factor=f"{factor:,.10g}")


def _taken(theirs: Mapping[str, str]) -> Iterator[str]:
    if pairs := _(", ").join(f"{want} = {shorten(their)}" for want, their in theirs.items()):
        yield _("Columns were taken as told: {pairs}.").format(pairs=pairs)


def _alike(header: list[str], name: str, reading: Reading) -> Iterator[str]:
    """Say which columns were taken unasked one by one although their names only look like the wanted ones."""
    if reading.columns != AUTO:
        return
    near = {w: m.column for w, m in propose(header, name, reading.units).items() if m.certainty == "near"}
    if near:
        pairs = _(", ").join(f"{want} = {shorten(column)}" for want, column in near.items())
        said = _(
            "Only alike by name: {pairs}. Where one does not mean the same, name the columns yourself, without auto."
        )
        yield said.format(pairs=pairs)


def _kept_apart(extra: pd.DataFrame) -> Iterator[str]:
    if names := _(", ").join(shorten(column) for column in extra.columns.tolist()):
        yield _("Columns unknown to the dictionary were kept apart: {columns}.").format(columns=names)


def _missing_columns(header: list[str], name: str, proposal: Mapping[str, Match]) -> Faults:
    """Name each required column that the file lacks, with the column of the file that may be meant."""
    columns = dictionary(name).columns
    required = [column for column, spec in columns.items() if spec.required]
    missing = [column for column in required if column not in header]
    if missing == required and not proposal:
        return {(1, ""): Problem.of("nothing", 1, columns=", ".join(missing))}
    unknown = [column for column in header if column not in columns][:LOOKED_AT]
    return {(1, column): _absent(column, name, proposal.get(column), unknown) for column in missing}


def _absent(column: str, name: str, match: Match | None, unknown: list[str]) -> Problem:
    """Say that a column is missing, and what may be meant by it."""
    if match:
        return Problem.of("like", 1, column, like=shorten(match.column))
    spec = dictionary(name).columns[column]
    alike = [other for other in unknown if unit_differs(other, spec) and likeness(other, name, column) >= NEAR]
    if alike:
        nearest = max(alike, key=lambda other: likeness(other, name, column))
        unit, said = pick(spec.unit) if spec.unit else _("a plain number"), spelling(nearest).unit
        options = quote(f"{column}={nearest}") + " --unit " + quote(f"{column}={said}")
        facts = {"like": shorten(nearest), "unit": unit, "said": said, "options": options}
        return Problem.of("convertible" if times(said, spec) else "unit", 1, column, **facts)
    if dictionary(name).by_any_name:
        names = _(" or ").join(f"“{known}”" for known in (column, *spec.meaning.values()))
        return Problem.of("called", 1, column, names=names)
    return Problem.of("absent", 1, column)


def _values(
    cells: pd.DataFrame, book: DataDictionary, reading: Reading, semicolons: bool
) -> tuple[pd.DataFrame, Faults, list[str]]:
    """Turn text into values, column by column in the dictionary's order; what cannot be turned is a gap and a fault.

    Each text of a column is looked at once, however many cells say it. The list says which words were taken as codes.
    """
    columns: dict[str, pd.Series] = {}
    faults, words = Faults(), []
    for name in (name for name in book.columns if name in cells):
        spec = book.columns[name]
        places, texts = pd.factorize(cells[name])
        written = texts.tolist()
        meant = _coded(written, spec)
        bare = emptied(written, meant, spec) if reading.empty_signs else meant
        coded = spelled(bare, spec, semicolons, reading.day)
        found, refused = cell_values(coded, spec.type, spec.unit["en"] if spec.unit else "")
        columns[name] = pd.Series(found, dtype=spec.loose_dtype).take(places).set_axis(cells.index)
        if (factor := times(reading.units.get(name, ""), spec) if name in reading.units else 1) not in (1, None):
            columns[name] = (columns[name] * factor).map(_twelve)
        if refused:
            bad = np.isin(places, list(refused))
            why = {at: _refusal(written[at], one.problem, spec) for at, one in refused.items()}
            _list(faults, name, cells.index[bad].tolist(), (why[at] for at in places[bad].tolist()))
        many = np.bincount(places).tolist()
        signs = {at for at, text in enumerate(bare) if text != meant[at]}
        if signs:
            words.append(said_emptied(name, [written[at] for at in signs], sum(many[at] for at in signs)))
        known = ["" if at in signs else text for at, text in enumerate(written)]
        if coded != known:
            words.append(_words(name, known, coded, many, spec))
    return pd.DataFrame(columns, index=cells.index), faults, words


def _refusal(text: str, problem: Problem, spec: Column) -> Problem:
    """Return what is wrong with a cell: that it seems to say that there is nothing, if it does."""
    return Problem.of("sign", 0, value=text) if is_sign(text, spec) else problem


def _twelve(number: float) -> float:
    """Return a number to twelve digits: what a conversion adds beyond them is none of the user's."""
    return float(f"{number:.12g}")


def _list(faults: Faults, column: str, rows: list[int], found: Iterable[Problem]) -> None:
    """Add problems of a column's cells; past :data:`MOST_PROBLEMS` they are only counted."""
    room = max(MOST_PROBLEMS - len(faults), 0)
    for row, problem in zip(rows[:room], found, strict=False):
        faults[row, column] = problem.at(row, column)
    if more := len(rows[room:]):
        faults[MOST_ROWS + 1, column] = Problem.of("more", MOST_ROWS + 1, column, n=f"{more:,}")


def _coded(texts: list[str], spec: Column) -> list[str]:
    """Put codes for the words that plainly mean one: names of categories in either language, yes and no."""
    if spec.type == "flag":
        return [FLAG_WORDS.get(text.strip().casefold(), text) for text in texts]
    if spec.type != "category":
        return texts
    meant: dict[str, set[str]] = defaultdict(set)
    for code, names in spec.categories.items():
        for word in (code, *names.values()):
            meant[bare_name(word)].add(code)
    clear = {word: next(iter(codes)) for word, codes in meant.items() if len(codes) == 1}
    return [text if text.strip() in spec.categories else clear.get(bare_name(text), text) for text in texts]


def _words(column: str, texts: list[str], coded: list[str], times: list[int], spec: Column) -> str:
    """Say which words were read as codes, which spellings as plain numbers and dates, and in how many cells."""
    pairs = {text: code for text, code in zip(texts, coded, strict=True) if text != code}
    n = int(sum(times[at] for at, text in enumerate(texts) if text in pairs))
    shown = _(", ").join(
        f"{shorten(text)} = {code}" for text, code in list(pairs.items())[: 20 if spec.categories else 3]
    )
    said = ngettext(
        "Column “{column}”: {n} cell says a word that was read as its code ({pairs}).",
        "Column “{column}”: {n} cells say a word that was read as its code ({pairs}).",
        n,
    )
    numbers = ngettext(
        "Column “{column}”: {n} cell was read as the plain number that it stands for ({pairs}).",
        "Column “{column}”: {n} cells were read as the plain numbers that they stand for ({pairs}).",
        n,
    )
    dates = ngettext(
        "Column “{column}”: {n} cell was read as the date that it stands for ({pairs}).",
        "Column “{column}”: {n} cells were read as the dates that they stand for ({pairs}).",
        n,
    )
    sentence = {"number": numbers, "integer": numbers, "date": dates}.get(spec.type, said)
    return sentence.format(column=column, n=n, pairs=shown)


def _broken_rules(values: pd.DataFrame, cells: pd.DataFrame, book: DataDictionary) -> Faults:
    """Check gaps, bounds and codes; types are checked while text becomes values."""
    faults = Faults()
    for column in map(str, values):
        spec = book.columns[column]
        codes = ", ".join(spec.categories)
        for rule, broken in _rules(values[column], spec):
            rows = values.index[broken].tolist()
            facts = {"bound": f"{spec.bounds.get(rule, 0):g}", "codes": codes}
            found = (
                Problem.of("sign" if rule == "isin" and is_sign(text, spec) else rule, 0, column, text, **facts)
                for text in cells.loc[rows, column]
            )
            _list(faults, column, rows, found)
    return faults


def _rules(values: "pd.Series[Any]", spec: Column) -> Iterator[tuple[str, "pd.Series[bool]"]]:
    """Yield each rule of a column with the rows that break it; an empty cell breaks none but the one on gaps."""
    if not spec.nullable:
        yield "not_nullable", values.isna()
    for rule, bound in spec.bounds.items():
        yield rule, values.notna() & ~getattr(values, rule)(bound)
    if spec.categories:
        yield "isin", values.notna() & ~values.isin(list(spec.categories))


def _repeated_keys(values: pd.DataFrame, book: DataDictionary) -> Faults:
    """Name the rows that share a key, once for each key, at the first of them."""
    if not set(book.key) <= set(values):
        return {}
    known = values[book.key].dropna()
    twins = known[known.duplicated(keep=False)]
    rows: dict[int, list[int]] = defaultdict(list)
    for key, row in zip(twins.groupby(book.key, sort=False).ngroup().tolist(), twins.index.tolist(), strict=True):
        rows[key].append(row)
    facts = {"key": " + ".join(book.key)}
    return {(some[0], ""): Problem.of("keys", some[0], rows=listed(some), **facts) for some in rows.values()}
