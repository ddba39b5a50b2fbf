"""Months and years where a day is wanted: 2023年3月, 2023年末. Which day is meant is plain for some of them only."""

import re
from calendar import monthrange
from typing import NamedTuple
from unicodedata import normalize

from crmlib.tables.traditional import simplified

YEAR = re.compile(r"((?:19|20|21)[0-9]{2})\s*(?:年度?)?\s*([初末底终]?)")
MONTH = re.compile(
    r"((?:19|20|21)[0-9]{2})(?:\s*年\s*(0?[1-9]|1[0-2])\s*月份?|[-/](0?[1-9]|1[0-2])|\.(0[1-9]|1[0-2]))\s*([初末底终]?)"
)
"""A month; behind a point with two digits only, because a spreadsheet makes 2023.1 of 2023.10."""
EDGES = {"初": "first", "末": "last", "底": "last", "终": "last"}


class Period(NamedTuple):
    """A month or a year; ``month`` is 0 for a year, ``edge`` is ``"first"`` or ``"last"`` where the text says it."""

    year: int
    month: int
    edge: str

    def day(self, told: str) -> str | None:
        """Return the day that stands for it, as 2024-12-31; None where neither it nor ``told`` says first or last.

        >>> period_of("2023年末").day(""), period_of("2024年2月").day("last"), period_of("2023").day("")
        ('2023-12-31', '2024-02-29', None)
        """
        match self.edge or told:
            case "first":
                return f"{self.year}-{self.month or 1:02}-01"
            case "last":
                month = self.month or 12
                return f"{self.year}-{month:02}-{monthrange(self.year, month)[1]}"
        return None


def period_of(text: str) -> Period | None:
    """Return the month or the year that a cell says, None if it says none.

    >>> period_of("2023 年 3 月份"), period_of("2023/03"), period_of("2023年3月5日")
    (Period(year=2023, month=3, edge=''), Period(year=2023, month=3, edge=''), None)
    """
    bare = simplified(normalize("NFKC", text)).strip()
    if not (found := YEAR.fullmatch(bare) or MONTH.fullmatch(bare)):
        return None
    year, *months, edge = found.groups()
    return Period(int(year), int(next(filter(None, months), 0)), EDGES.get(edge, ""))
