"""Tables that belong together: whose ids are those of another table, and in which years its dates count."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.core.inputs import shorten
from crmlib.tables.dictionary import dictionary
from crmlib.tables.issues import listed
from crmlib.tables.own_file import Table, read
from crmlib.tables.packaged import load
from crmlib.tables.plausible import id_columns, plain_id
from crmlib.tables.reading import Reading, told

MOST_APART = 0.5
"""Share of ids without a match from which on it is remarked on."""
SAME = 0.9
"""Share of rows that agree with the packaged table from which on a file counts as that table, changed."""


@dataclass(frozen=True)
class Tables:
    """The tables of a study: the user's own, the packaged ones beside them, and what is to be said of all of them."""

    frames: list[pd.DataFrame]
    notes: tuple[str, ...] = field(default=())


def gather(
    datasets: Sequence[str],
    own: Mapping[str, Table],
    readings: Mapping[str, Reading],
    packaged: Callable[[str], pd.DataFrame] = load,
) -> Tables:
    """Return the tables of some data sets: the user's own where there are, else the packaged ones.

    Args:
        datasets: of a study.
        own: the user's tables, read and checked.
        readings: how they were read.
        packaged: gives the table that stands where there is none of the user's own.

    Raises:
        DataError: they do not belong together, a sentence for each pair that does not.
    """
    only_own = any(reading.only_own for reading in readings.values())
    refused: list[str] = []
    remarks: list[str] = []
    frames = {name: own[name].frame if name in own else packaged(name) for name in datasets}
    for child, column, parent in _links(datasets):
        if child in own and parent in own:
            said, heavy = _matched(own[child], own[parent], column, child, parent)
            (refused if heavy else remarks).extend(said)
        elif child in own or parent in own:
            mine, other = (child, parent) if child in own else (parent, child)
            if _packaged_again(own[mine].frame, mine):
                continue
            if not only_own:
                refused.append(_alone(own[mine].frame, mine, other))
            frames[other] = frames[other].head(0)
            remarks.append(_("“{other}” was left empty as told: figures that need it are a dash.").format(other=other))
    if refused:
        raise DataError(refused)
    remarks += [note for name in datasets if name in own for note in _years(own[name], name, frames)]
    return Tables(list(frames.values()), (*remarks, *each_notes(own)))


def each_notes(own: Mapping[str, Table]) -> list[str]:
    """Return what is to be said of each of the user's tables, with the data set where there are several."""
    said = _("{file}: {why}")
    return [
        said.format(file=name, why=note) if len(own) > 1 else note
        for name, table in own.items()
        for note in table.notes
    ]


def read_all(files: Mapping[str, str | os.PathLike[str]], words: Sequence[str]) -> Tables:
    """Read the tables of several data sets: the user's own file where one is given, else the packaged table.

    Args:
        files: for each data set the file, or an empty text.
        words: how own files are to be read; see :mod:`crmlib.tables.reading`.

    Raises:
        DataError: a file cannot be used, or they do not belong together.
    """
    readings = told(words, [name for name, path in files.items() if path])
    own = {name: read(path, name, readings[name]) for name, path in files.items() if path}
    return gather(list(files), own, readings)


def _links(datasets: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return which columns of which data sets hold the ids of which others, of those given."""
    return [
        (child, column, spec.of)
        for child in datasets
        for column, spec in dictionary(child).columns.items()
        if spec.of in datasets
    ]


def _matched(child: Table, parent: Table, column: str, name: str, other: str) -> tuple[list[str], bool]:
    """Say how far the ids of two own tables match; also whether they match so little that nothing can be made of it."""
    here, there = set(child.frame[column]), set(parent.frame[column])
    facts = {"child": name, "parent": other, "column": column, "example": shorten(next(iter(child.frame[column]), ""))}
    if not here & there:
        if {plain_id(one) for one in here} & {plain_id(one) for one in there}:
            said = _("“{child}” and “{parent}” have ids in common only without blanks and case: add --trim-ids.")
        elif {one.lstrip("0") for one in here} & {one.lstrip("0") for one in there}:
            said = _(
                "“{child}” and “{parent}” have ids in common only without the zeros at the front, which a spreadsheet "
                "takes away: write “{column}” as text in both."
            )
        else:
            said = _(
                "No id in “{column}” of “{child}” (such as “{example}”) is in “{parent}”: "
                "the files do not belong together."
            )
        return [said.format(**facts)], True
    said = _("{n:,} of {all:,} ids of “{child}” are not in “{parent}” (rows {rows}): their rows are left out.")
    strange = child.frame[column].map(lambda one: one not in there).to_numpy(bool)
    lost = {one for one in here if one not in there}
    if len(lost) <= MOST_APART * len(here):
        return [], False
    return [said.format(n=len(lost), all=len(here), rows=_rows(child, strange), **facts)], False


def _packaged_again(frame: pd.DataFrame, name: str) -> bool:
    """Tell whether a user's table is the packaged one, perhaps with other figures: same keys, same words."""
    book = dictionary(name)
    fixed = [c for c, spec in book.columns.items() if spec.type in ("text", "category") and c in frame]
    known = load(name).set_index(book.key)
    if not known.index.is_unique or frame.empty:
        return False
    mine = frame.set_index(book.key)
    there = mine.index.isin(known.index)
    if there.mean() < SAME:
        return False
    both = mine[there]
    words = [column for column in fixed if column not in book.key]
    alike = both[words].astype(str).to_numpy() == known.loc[both.index, words].astype(str).to_numpy()
    return not words or float(alike.mean()) >= SAME


def _alone(frame: pd.DataFrame, mine: str, other: str) -> str:
    """Say that the packaged table of another data set is about other people than the user's own."""
    said = _(
        "“{mine}” is your own, but “{other}” would be the packaged one, which is about other people: give your own "
        "too (--data {other}=FILE), or add --only-own to do without."
    )
    looser = frame.assign(**{column: frame[column].map(plain_id) for column in id_columns(dictionary(mine))})
    trimmed = _(
        "“{mine}” looks like the packaged table, but its ids differ by blanks or case: "
        "add --trim-ids to read them alike."
    )
    return (trimmed if _packaged_again(looser, mine) else said).format(mine=mine, other=other)


def _rows(table: Table, found: Iterable[bool]) -> str:
    """Return the rows of the file, in words, in which something was found."""
    return listed(row for row, here in zip(table.rows, found, strict=True) if here)


def _years(table: Table, name: str, frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Say how many rows have a date outside the years in which it counts: those of another table, and one before."""
    notes = []
    for column, spec in dictionary(name).columns.items():
        other, years = spec.years or ("", "")
        if other not in frames or frames[other].empty:
            continue
        first, last = int(frames[other][years].min()) - 1, int(frames[other][years].max())
        outside = ~table.frame[column].dt.year.between(first, last).to_numpy(bool)
        if not outside.any():
            continue
        said = _(
            "“{name}”: {n:,} of {all:,} rows have a date outside {first}–{last}, the years that count (rows {rows}), "
            "and are left out. Check the dates, and the years in “{years}” of “{other}”."
        )
        facts = {"n": int(outside.sum()), "all": len(table.frame), "first": first, "last": last}
        notes.append(said.format(name=name, years=years, other=other, rows=_rows(table, outside), **facts))
    return notes
