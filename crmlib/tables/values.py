"""The text of one cell and the value it stands for. Strict: what is not plainly a value is refused with the reason."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite
from unicodedata import normalize

from crmlib.core.i18n import _
from crmlib.core.inputs import shorten
from crmlib.tables.issues import Problem
from crmlib.tables.periods import period_of

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]{1,15}(\.0*)?")
NUMERIC = {"number": NUMBER, "integer": WHOLE}
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
PERCENT = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{0,15})?\s*%")
DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
"""A number whose comma may be a decimal point or stand between thousands."""
NOT_FINITE = ("nan", "inf", "infinity")
SERIAL = re.compile(r"([2-7][0-9]{4})(?:\.0+)?")
EPOCH = datetime(1899, 12, 30)
"""Day 0 of the serial numbers of spreadsheets, for days after February 1900."""
FLAGS = {"0": 0.0, "1": 1.0, "false": 0.0, "true": 1.0}
FLAG_WORDS = {"no": "0", "yes": "1", "n": "0", "y": "1", "否": "0", "是": "1"}
"""Words that stand for a flag too; whoever takes them so says it."""

Value = str | float | datetime


class CellError(ValueError):
    """A cell that stands for no value of its kind; ``problem`` says why, in no place yet."""

    def __init__(self, kind: str, text: str, plain: str = ""):
        self.problem = Problem.of(kind, 0, value=text, plain=shorten(plain))
        super().__init__(_("{wrong}: {mend}.").format(wrong=self.problem.wrong, mend=self.problem.mend))


def value(text: str, kind: str, unit: str = "") -> Value:
    """Return the value of a cell that is not empty.

    Args:
        text: the cell.
        kind: type of its column.
        unit: unit of its column, untranslated; a percentage is told how to be written in it.

    Raises:
        CellError: a ValueError with the reason as a sentence.
    """
    if kind == "text":
        return text
    text = text.strip()
    if kind == "category":
        return text
    if kind == "date":
        return _date(text)
    if kind == "flag":
        return _flag(text)
    return _number(text, NUMERIC[kind], unit)


def values(texts: Sequence[str], kind: str, unit: str = "") -> tuple[list[Value | None], dict[int, CellError]]:
    """Return the values of many cells, None for an empty one, and the refusals by place, where there is None too.

    The same as :func:`value` one by one, but plain numbers go through in one piece: nearly every cell is one.
    """
    found: list[Value | None] = _plain_numbers(texts, NUMERIC[kind]) if kind in NUMERIC else [None] * len(texts)
    refused: dict[int, CellError] = {}
    for place in [place for place, known in enumerate(found) if known is None]:
        try:
            found[place] = value(texts[place], kind, unit) if texts[place].strip() else None
        except CellError as why:
            refused[place] = why
    return found, refused


def _plain_numbers(texts: Sequence[str], pattern: re.Pattern[str]) -> list[Value | None]:
    """Return the numbers of the cells that are plainly one, None for the others."""
    stripped = [*map(str.strip, texts)]
    numbers = [
        float(text) if fits else None for text, fits in zip(stripped, map(pattern.fullmatch, stripped), strict=True)
    ]
    return [number if number is not None and isfinite(number) else None for number in numbers]


def _date(text: str) -> datetime:
    try:
        year, month, day = DATE.fullmatch(text).groups()  # type: ignore[union-attr]
        return datetime(int(year), int(month), int(day))
    except (AttributeError, ValueError):
        bare = normalize("NFKC", text).strip()
        if DATE.fullmatch(bare):
            raise CellError("no_day", text) from None
        if day := serial_day(text):
            raise CellError("serial", text, day) from None
        if period_of(text):
            raise CellError("period", text) from None
        raise CellError("date", text) from None


def serial_day(text: str) -> str:
    """Return the day that a spreadsheet's serial number stands for, as 2024-12-31; "" if it is none.

    >>> serial_day("45291")
    '2023-12-31'
    """
    found = SERIAL.fullmatch(text.strip())
    return f"{EPOCH + timedelta(days=int(found[1])):%Y-%m-%d}" if found else ""


def _flag(text: str) -> float:
    if text.casefold() not in FLAGS:
        raise CellError("flag", text)
    return FLAGS[text.casefold()]


def _number(text: str, pattern: re.Pattern[str], unit: str) -> float:
    if pattern.fullmatch(text) and isfinite(float(text)):
        return float(text)
    plain = normalize("NFKC", text).strip()
    plain = plain.replace(",", "") if GROUPED.fullmatch(plain) else plain
    if (NUMBER.fullmatch(text) and pattern is NUMBER) or plain.lstrip("+-").casefold() in NOT_FINITE:
        raise CellError("finite", text)
    if COMMA.fullmatch(normalize("NFKC", text).strip()):
        raise CellError("comma", text)
    if plain != text and pattern.fullmatch(plain):
        raise CellError("plain", text, plain)
    if pattern is NUMBER and PERCENT.fullmatch(plain) and (not unit or "%" in unit):
        number = Decimal(plain.rstrip(" %"))
        raise CellError("percent", text, f"{number if unit else number / 100:f}")
    raise CellError("whole" if pattern is WHOLE else "number", text)
