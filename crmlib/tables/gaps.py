"""Cells that say nothing: signs such as — and 无, and ids that stand only in the first of several rows.

Neither is filled in or emptied unasked. What looks like it is refused with the option that says how it is to be read.
"""

from collections.abc import Iterator, Sequence
from unicodedata import normalize

import pandas as pd

from crmlib.core.i18n import _, ngettext
from crmlib.core.inputs import shorten
from crmlib.tables.dictionary import Column, DataDictionary
from crmlib.tables.issues import Faults, Problem, listed
from crmlib.tables.plausible import id_columns
from crmlib.tables.reading import Reading
from crmlib.tables.traditional import simplified

SIGNS = frozenset([*"-–—―/\\.", "--", "——", "n/a", "na", "null", "none", "nil", "无", "暂无", "空"])
"""What people write for nothing, without width and case, in simplified Chinese."""
SEVERAL = 2
"""So many ids must be missing for merged cells to be thought of."""


def is_sign(text: str, spec: Column) -> bool:
    """Tell whether a cell seems to say that there is nothing, in a column where that may be so.

    >>> from crmlib.tables.dictionary import dictionary
    >>> is_sign("－", dictionary("bank_loans").columns["sales"])
    True
    """
    if not spec.nullable or spec.type == "flag":  # there, 无 and - may mean no
        return False
    return simplified(normalize("NFKC", text)).strip().casefold() in SIGNS


def emptied(texts: Sequence[str], coded: Sequence[str], spec: Column) -> list[str]:
    """Return the cells of a column, each once, with nothing in place of the signs; codes of categories stay."""
    codes = spec.categories
    return ["" if code not in codes and is_sign(text, spec) else code for text, code in zip(texts, coded, strict=True)]


def said_emptied(column: str, texts: Sequence[str], n: int) -> str:
    """Say that ``n`` cells with these signs were read as empty."""
    said = ngettext(
        "Column “{column}”: {n} cell was read as empty, as told ({signs}).",
        "Column “{column}”: {n} cells were read as empty, as told ({signs}).",
        n,
    )
    return said.format(column=column, n=n, signs=_(", ").join(map(shorten, texts)))


def _fillable(cells: pd.DataFrame, book: DataDictionary) -> Iterator[tuple[str, "pd.Series[bool]"]]:
    """Yield the columns of ids that may stand for several rows, and where they are empty below an id.

    An id that is the whole key cannot: it would name several rows.
    """
    for column in (name for name in id_columns(book) if name in cells and book.key != [name]):
        if book.columns[column].nullable:
            continue
        empty = cells[column].str.strip() == ""
        if empty.any() and not empty.iloc[0]:
            yield column, empty


def filled(cells: pd.DataFrame, book: DataDictionary, reading: Reading) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells with ids filled down, where that is wished, and what is to be said of it."""
    if not reading.fill_down:
        return cells, []
    said = []
    for column, empty in list(_fillable(cells, book)):
        cells = cells.assign(**{column: cells[column].mask(empty).ffill()})
        note = _("Column “{column}”: {n:,} empty cells have the id above them, as told (rows {rows}).")
        said.append(note.format(column=column, n=int(empty.sum()), rows=listed(empty.index[empty])))
    return cells, said


def gaps(cells: pd.DataFrame, book: DataDictionary, faults: Faults) -> Faults:
    """Return the faults with one for all ids that are missing below others, where there are several in a column."""
    for column, empty in _fillable(cells, book):
        rows = empty.index[empty].tolist()
        if len(rows) < SEVERAL:
            continue
        faults = {at: problem for at, problem in faults.items() if at[1] != column or problem.kind != "not_nullable"}
        faults[rows[0], column] = Problem.of("gaps", rows[0], column, n=f"{len(rows):,}", rows=listed(rows))
    return faults
