"""Where a table begins and what in it is no row: titles above the header, two header rows, totals, notes below.

Nothing is skipped unasked. What looks like it is refused in one sentence with the option that accepts it.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.core.inputs import shorten
from crmlib.tables.traditional import simplified
from crmlib.tables.units import is_unit

Recognise = Callable[[Collection[str]], int]
"""How well a header fits what is wanted: the more, the better."""

LOOKED_THROUGH = 20
"""Rows from the top in which a header is looked for."""
SURE = 200
"""How well a row must fit to be taken for a header: two columns known by name."""
WORDS = re.compile(r"[\W_]+")
TOTALS = frozenset(
    [
        "合计",
        "总计",
        "小计",
        "共计",
        "总和",
        "总数",
        "汇总",
        "合计数",
        "平均",
        "平均值",
        "均值",
        "平均数",
        "本页合计",
        "total",
        "totals",
        "grandtotal",
        "subtotal",
        "sum",
        "average",
        "mean",
    ]
)
SUBTOTAL = re.compile(r"(合计|总计|小计)[:：]?$|\b(sub)?totals?:?$", re.IGNORECASE)
"""How a first cell ends in a row that sums up the rows above it, such as “苏州 小计”, where most others are empty."""
NOTE = re.compile(
    r"\s*(注|备注|附注|说明|数据来源|资料来源|来源|制表|填表|审核|截至|note|source|remark|\*|※)", re.IGNORECASE
)
SHORT = 8
"""Characters that a unit has at most."""
LONG = 12
"""Characters from which on a text that stands alone in its row is taken for a note."""


class Header(NamedTuple):
    """The rows of a header, and the names in them."""

    first: int
    last: int
    names: list[str]


def find(rows: Mapping[int, Sequence[str]], recognise: Recognise, told: str, top: int = 1) -> Header:
    """Return the header of a table.

    Args:
        rows: the cells by row.
        recognise: tells how well a header fits.
        told: the rows that the user names, such as ``"3"`` or ``"2-3"``; "" if none.
        top: the row in which a header stands if nothing is told.

    Raises:
        DataError: it stands in another row, goes on in the next one, or the rows told are none.
    """
    if told:
        return _told(rows, recognise, told)
    fits = {row: recognise([cell.strip() for cell in rows[row]]) for row in sorted(rows)[:LOOKED_THROUGH]}
    best = max(fits, key=lambda row: fits[row], default=top)
    if best != top and fits[best] >= SURE and fits[best] > fits.get(top, 0):
        said = _("The header seems to be in row {row}, not in row {top}: if it is, add --header-row {row}.")
        raise DataError(said.format(row=best, top=top))
    below = rows.get(top + 1, ())
    if fits.get(top, 0) >= SURE and (fits.get(top + 1, 0) * 2 >= fits[top] or _units(below)):
        said = _(
            "Row {below} looks like a second header: add --header-row {top}-{below} to read both as one, "
            "or --header-row {below} to take its names."
        )
        raise DataError(said.format(top=top, below=top + 1))
    return Header(top, top, list(rows.get(top, [])))


def _units(cells: Sequence[str]) -> bool:
    """Tell whether a row gives the units of the columns above: short words, most of them known units."""
    filled = [cell.strip(" ()（）") for cell in cells if cell.strip()]
    units = sum(is_unit(cell) and not cell.isdigit() for cell in filled)
    words = all(is_unit(cell) or (len(cell) <= SHORT and not re.search(r"[0-9]", cell)) for cell in filled)
    return words and units > 1 and 2 * units >= len(filled)


def _told(rows: Mapping[int, Sequence[str]], recognise: Recognise, told: str) -> Header:
    """Return the header in the rows told: of the ways to read them, the one that is recognised best."""
    found = re.fullmatch(r"\s*([0-9]{1,6})\s*(?:[-–]\s*([0-9]{1,6}))?\s*", told)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last <= first + LOOKED_THROUGH:
        said = _("“--header-row {value}” is no row: write its number, such as 3, or 2-3 for two rows.")
        raise DataError(said.format(value=shorten(told)))
    if last not in rows:
        raise DataError(_("There is no row {row}; the file has {n:,}.").format(row=last, n=max(rows, default=0)))
    some = [list(rows.get(row, [])) for row in range(first, last + 1)]
    width = max(map(len, some))
    some = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in some]
    above = [rows.get(row, []) for row in range(first - 1, 0, -1)]
    lowest = [next((row[at] for row in reversed(some) if row[at]), "") or _above(above, at) for at in range(width)]
    if first == last:
        return Header(first, last, lowest)
    spread = [_spread(row) for row in some[:-1]] + [some[-1]]
    highest = [next((row[at] for row in spread if row[at]), "") for at in range(width)]
    units = _units(some[-1])
    joined = [_joined([row[at] for row in spread[:-1] if row[at]], spread[-1][at], units) for at in range(width)]
    return Header(first, last, max((joined, lowest, highest), key=recognise))


def _above(above: Sequence[Sequence[str]], at: int) -> str:
    """Return what stands nearest above a name that is empty, as where cells are merged downwards."""
    return next((row[at].strip() for row in above if at < len(row) and row[at].strip()), "")


def _spread(row: Sequence[str]) -> list[str]:
    """Return a row of headings in which an empty cell belongs to the one on its left."""
    filled: list[str] = []
    for cell in row:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _joined(names: Sequence[str], last: str, units: bool) -> str:
    """Return the names of one column as one: a unit in brackets, else one after the other."""
    if names and last and (units or is_unit(last.strip("()（）"))):
        return f"{' '.join(names)}({last.strip('()（）')})"
    return " ".join(dict.fromkeys([*names, *([last] if last else [])]))


def is_apart(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether a row looks like a total, a note or the header ``names`` once more, not like a row of the table."""
    bare = [cell.strip() for cell in cells]
    filled = [cell for cell in bare if cell]
    if not filled or len(names) < 3:
        return False
    if bare[0] == names[0].strip() and bare == [name.strip() for name in names]:
        return True
    first = simplified(filled[0])
    if SUBTOTAL.search(first) and 2 * len(filled) < len(names):
        return True
    if len(filled) == 1 and (NOTE.match(first) or len(first) >= LONG):
        return True
    return WORDS.sub("", first).casefold() in TOTALS
