"""What in a file is readable and yet unlikely: another unit, another scale, ids that are not what they were.

The measure of what is usual is the packaged table of the same data set. A doubt names the column, the rows and what to
do. It refuses the file where the figures would mean nothing (:data:`REFUSES`); else it is a remark, which goes wherever
the figures go.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from shlex import quote
from typing import Any
from unicodedata import category, normalize

import pandas as pd

from crmlib.core.i18n import _, pick
from crmlib.tables.dictionary import Column, DataDictionary
from crmlib.tables.issues import Problem, listed
from crmlib.tables.reading import Reading
from crmlib.tables.units import likely, spoken, unit_of

REFUSES = ("other_unit", "unit_around", "percent_column", "ratio_column", "unit_far", "ids", "rounded", "digits_twice")
"""Kinds of doubt that refuse the file until the user says how it is to be read."""
UNIT_KINDS = ("unit_around", "percent_column", "ratio_column", "unit_far")
FAR, FARTHER = 50, 500
"""How many times the usual amount is remarked on, and how many times is refused."""
ENOUGH = 8
"""Numbers that a column must have for its middle to say anything."""
LONE = 1000
"""How many times the column's own median one amount may be."""
FEW = 20
"""Answers from which on it is remarked that nobody gives the upper half of a scale."""
SCALES = {7: (5,), 10: (5,), 100: (5, 10)}
"""The top of a scale, and the tops of others that an answer may have been given on."""
OLDEST = 1950
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}")
EXACT = 15
"""Digits of a number that a spreadsheet keeps."""


@dataclass(frozen=True)
class Look:
    """What is looked at: values by row of the file, the cells as they stand, the dictionary, what is usual."""

    values: pd.DataFrame
    cells: pd.DataFrame
    book: DataDictionary
    usual: pd.DataFrame
    reading: Reading

    @cached_property
    def numbers(self) -> "list[tuple[str, Column, pd.Series[float], pd.Series[float]]]":
        """Each column of numbers that is filled, with the usual ones, without gaps and zeros."""
        found = []
        for column, spec in self.book.columns.items():
            if spec.type in ("number", "integer") and column in self.values and column in self.usual:
                own, usual = (frame[column].dropna().astype(float) for frame in (self.values, self.usual))
                own, usual = own[own != 0], usual[usual != 0]
                if len(own) >= ENOUGH and len(usual):
                    found.append((column, spec, own, usual))
        return found


def doubts(look: Look) -> list[Problem]:
    """Return everything about a table that is readable and yet unlikely."""
    looks: tuple[Callable[[Look], Iterator[Problem]], ...] = (_units, _lone, _negative, _dates, _scales, _ids)
    return [doubt for one in looks for doubt in one(look)]


def tidy(text: str) -> str:
    """Return an id without what the eye does not see: blanks around it, unseen signs, full width.

    >>> tidy("SZ0001\\u3000"), tidy("ＳＺ\\u200b0001")
    ('SZ0001', 'SZ0001')
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(sign for sign in normalize("NFKC", text) if category(sign) not in ("Cf", "Cc"))
    return " ".join(seen.split())


def plain_id(text: str) -> str:
    """Return an id as it is compared and, with ``--trim-ids``, read: tidy, in capitals."""
    return tidy(text).upper()


def id_columns(book: DataDictionary) -> list[str]:
    """Return the columns that hold ids: text that is part of the key, or the key of another data set."""
    return [name for name, spec in book.columns.items() if spec.type == "text" and (name in book.key or spec.of)]


# Units and scales -----------------------------------------------------------------------------------------------------


def _units(look: Look) -> Iterator[Problem]:
    """Doubt columns whose numbers are so far from the usual ones that their unit may be another."""
    for column, spec, own, usual in look.numbers:
        if column in look.reading.units or (spec.type == "integer" and spec.unit is None):
            continue
        middle, common = float(own.abs().median()), float(usual.abs().median())
        unit = pick(spec.unit) if spec.unit else ""
        facts = {
            "mine": quote(f"{column}={spoken(unit_of(spec))}"),
            "median": f"{middle:,.6g}",
            "usual": f"{common:,.6g}" + (f" ({unit})" if unit else ""),
        }
        first = own.index.tolist()[0]
        if unit_of(spec) == "1" and spec.unit is None and middle > float(usual.abs().max()) and middle < 1000 * common:
            yield Problem.of("percent_column", first, column, **facts)
        elif unit_of(spec) == "%" and float(own.abs().max()) <= 1.5 and middle * 20 <= common:
            yield Problem.of("ratio_column", first, column, **facts)
        elif not 1 / FARTHER < middle / common < FARTHER and (other := spoken(likely(spec, middle / common))):
            option = quote(f"{column}={other}")
            yield Problem.of("unit_far", first, column, other=other, option=option, **facts)
        elif not 1 / FAR < middle / common < FAR:
            yield Problem.of("unit_odd", first, column, **facts)


def _lone(look: Look) -> Iterator[Problem]:
    """Doubt single amounts that are far above the rest of their column, and shares far above 1."""
    for column, spec, own, usual in look.numbers:
        top, middle = float(usual.abs().max()), float(own.abs().median())
        share = unit_of(spec) == "1" and top <= 2
        most = 2 * max(top, 1) if share else max(LONE * middle, 10 * top)
        if len(far := own[own.abs() > most]) and 2 * len(far) < len(own):
            yield _told("lone_share" if share else "lone", column, far, look, median=f"{middle:,.6g}")


def _negative(look: Look) -> Iterator[Problem]:
    """Doubt negative amounts where the packaged table has none and the dictionary does not rule them out."""
    for column, spec, own, usual in look.numbers:
        if not spec.bounds and not (usual < 0).any() and len(below := own[own < 0]):
            yield _told("negative", column, below, look)


def _scales(look: Look) -> Iterator[Problem]:
    """Doubt answers that never reach the upper half of their scale where others do."""
    found: dict[tuple[float, int], list[str]] = defaultdict(list)
    for column, spec, own, usual in look.numbers:
        top = spec.bounds.get("le", 0)
        fitting = [short for short in SCALES.get(int(top), ()) if own.max() <= short < usual.max()]
        if fitting and len(own) >= FEW:
            found[top, fitting[0]].append(column)
    for (top, short), columns in found.items():
        names = _(", ").join(f"“{name}”" for name in columns[:5]) + (" …" if columns[5:] else "")
        yield Problem.of("scale", 1, columns[0], columns=names, n=len(columns), short=short, top=f"{top:g}")


# Dates ----------------------------------------------------------------------------------------------------------------


def _dates(look: Look) -> Iterator[Problem]:
    """Doubt days that are still to come and days long past."""
    today = datetime.now(UTC).replace(tzinfo=None)
    for column in (name for name, spec in look.book.columns.items() if spec.type == "date" and name in look.values):
        days = look.values[column].dropna()
        if len(ahead := days[days > today + pd.Timedelta(days=1)]):
            yield _told("future", column, ahead, look)
        if len(past := days[days < datetime(OLDEST, 1, 1)]):
            yield _told("long_past", column, past, look, year=OLDEST)


# Ids ------------------------------------------------------------------------------------------------------------------


def _ids(look: Look) -> Iterator[Problem]:
    """Doubt ids that a blank or a letter's case keeps apart, and ids that a spreadsheet took for numbers."""
    for column in (name for name in id_columns(look.book) if name in look.cells):
        texts = look.cells[column].astype(str)
        known = [text for text in dict.fromkeys(texts) if text.strip()]
        same: dict[str, list[str]] = defaultdict(list)
        for text in known:
            same[plain_id(text)].append(text)
        others = {text for alike in same.values() for text in alike[1:]}
        if look.usual.empty:
            pass  # a table that comes with no data set, such as a class list, tells twins apart by rules of its own
        elif others:
            pair = next(alike for alike in same.values() if len(alike) > 1)
            shown = _(", ").join(f"“{_visible(text)}”" for text in pair[:3])
            yield _told("ids", column, texts[texts.isin(others)], look, pair=shown, ids=len(others))
        elif loose := {text for text in known if tidy(text) != text}:
            yield _told("loose_ids", column, texts[texts.isin(loose)], look)
        yield from _damaged(column, texts, known, look)


def _damaged(column: str, texts: "pd.Series[str]", known: list[str], look: Look) -> Iterator[Problem]:
    """Doubt ids that went through a spreadsheet as numbers."""
    if rounded := {text for text in known if SCIENTIFIC.fullmatch(text.strip())}:
        yield _told("rounded", column, texts[texts.isin(rounded)], look)
    long = [text for text in known if text.strip().isdigit() and len(text.strip()) > EXACT]
    cut = {text for text in long if set(text.strip()[EXACT:]) == {"0"}}
    if cut and 2 * len(cut) > len(long):
        rows = texts[texts.isin(cut)]
        twice = look.book.key == [column] and rows.duplicated().any()
        yield _told("digits_twice" if twice else "digits", column, rows, look)
    short = [text.strip() for text in known]
    if all(text.isdigit() for text in short) and len({len(text) for text in short}) > 1:
        numbers = {int(text) for text in short}
        if len(numbers) < max(numbers) / 2 and not any(text.startswith("0") for text in short):
            least = min(map(len, short))
            yield _told("zeros", column, texts[texts.str.strip().str.len() == least], look)


def _visible(text: str) -> str:
    """Return an id with each sign that the eye does not tell from nothing or from a blank as its number."""
    return "".join(
        "␣" if sign == " " else f"[U+{ord(sign):04X}]" if sign.isspace() or category(sign)[0] == "C" else sign
        for sign in text[:40]
    )


def _told(kind: str, column: str, where: "pd.Series[Any]", look: Look, **facts: object) -> Problem:
    """Return a doubt about some rows of a column, the first of them named and all counted."""
    rows = where.index.tolist()
    value = str(look.cells.loc[rows[0], column])
    return Problem.of(kind, rows[0], column, value, rows=listed(rows), n=f"{len(rows):,}", **facts)
