"""Numbers and dates as spreadsheets write them, as plain ones: where the column leaves no doubt what is meant.

What is read so is said. Where there is doubt the cell stays as it is, and is refused with the right spelling.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from unicodedata import normalize

from crmlib.tables.dictionary import Column
from crmlib.tables.periods import period_of
from crmlib.tables.traditional import simplified
from crmlib.tables.units import MONEY, times, unit_of
from crmlib.tables.values import DATE, NUMBER, serial_day

PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
SPACED = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
BRACKETS = re.compile(r"\(\s*([^()+-]+?)\s*\)")
CURRENCY = re.compile(r"(?:¥|RMB|CNY)\s*", re.IGNORECASE)
SUFFIX = re.compile(r"([^%万亿元千百]+?)\s*(%|(?:千|百万|千万|万|亿)?元|千|万|亿)")
MIDNIGHT = re.compile(r"(.+?)[ T]0?0:00(?::00(?:\.0+)?)?")
EIGHT = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
PEOPLE = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "千": Decimal(1_000)}

Spell = Callable[[str], str | None]


def spelled(texts: Sequence[str], spec: Column, semicolons: bool = False, day: str = "") -> list[str]:
    """Return the cells of a column, each once, with plain spellings for those that leave no doubt.

    Args:
        texts: the cells.
        spec: what the column holds.
        semicolons: whether the file has semicolons between its cells, so that a comma may be a decimal point.
        day: ``"first"`` or ``"last"``, the day that a month or a year stands for; "" if the user has not said.
    """
    if spec.type == "date":
        spell: Spell = _day_of(texts, day)
    elif spec.type in ("number", "integer"):
        spell = _number_of(texts, spec, semicolons)
    else:
        return list(texts)
    return [text if not text.strip() else spell(text) or text for text in texts]


# Dates ----------------------------------------------------------------------------------------------------------------


def _day_of(texts: Sequence[str], told: str) -> Spell:
    """Return what spells a column's dates: serial numbers only where the whole column has them."""
    serials = all(serial_day(text) for text in texts if text.strip())

    def spell(text: str) -> str | None:
        bare = normalize("NFKC", text).strip()
        if DATE.fullmatch(text.strip()):
            return None
        if serials:
            return serial_day(bare) or None
        bare = found[1].strip() if (found := MIDNIGHT.fullmatch(bare)) else bare
        if eight := EIGHT.fullmatch(bare):
            bare = "-".join(eight.groups())
        if period := period_of(bare):
            return period.day(told)
        return bare if DATE.fullmatch(bare) and bare != text.strip() else None

    return spell


# Numbers --------------------------------------------------------------------------------------------------------------


def _bare(text: str) -> str:
    """Return a cell without width, spaces between thousands and brackets for a minus."""
    bare = SPACED.sub("", simplified(normalize("NFKC", text)).replace("−", "-").strip())
    return f"-{found[1]}" if (found := BRACKETS.fullmatch(bare)) else bare


def _split(text: str) -> tuple[str, str]:
    """Return a cell's number and the sign of money or the unit that stands beside it."""
    bare = _bare(text)
    sign = "-" if bare.startswith("-") else ""
    bare = bare.removeprefix("-")
    if found := CURRENCY.match(bare):
        return sign + bare[found.end() :], "¥"
    if found := SUFFIX.fullmatch(bare):
        return sign + found[1], found[2]
    return sign + bare, ""


def commas(numbers: Sequence[str], semicolons: bool, whole: bool) -> str:
    """Return what a comma stands for in a column: "thousands", "decimal", or "" where there is doubt.

    >>> commas(["1,234"], False, False), commas(["0,581"], True, False), commas(["1,234"], True, False)
    ('thousands', 'decimal', '')
    """
    with_commas = [number for number in numbers if "," in number]
    grouped = [number for number in with_commas if GROUPED.fullmatch(number)]
    sure = any("." in number or number.count(",") > 1 for number in grouped)
    if len(grouped) == len(with_commas):
        return "thousands" if sure or whole or not semicolons else ""
    points = any("." in number for number in numbers)
    one = all(re.fullmatch(r"[+-]?[0-9]+,[0-9]+", number) for number in with_commas)
    return "decimal" if one and not sure and not points and not whole else ""


def _number_of(texts: Sequence[str], spec: Column, semicolons: bool) -> Spell:
    """Return what spells a column's numbers."""
    parts = {text: _split(text) for text in texts if text.strip()}
    comma = commas([number for number, _unit in parts.values()], semicolons, spec.type == "integer")
    units = {unit for _number, unit in parts.values()}
    factors = {unit: factor for unit in units if (factor := _factor(unit, units, spec)) is not None}

    def spell(text: str) -> str | None:
        number, unit = parts[text]
        if "," in number:
            number = number.replace(",", {"thousands": "", "decimal": "."}.get(comma, ","))
        if NUMBER.fullmatch(text.strip()) or unit not in factors or not PLAIN.fullmatch(number) or len(number) > 30:
            return None
        plain = f"{Decimal(number) * factors[unit]:f}"
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return plain

    return spell


def _factor(unit: str, units: set[str], spec: Column) -> Decimal | None:
    """Return by what a number beside a sign or unit is multiplied to be the column's; None where there is doubt.

    Args:
        unit: beside the number, "" for none.
        units: all that there are in the column.
        spec: what the column holds.
    """
    own = unit_of(spec)
    if not unit:
        return Decimal(1)
    if unit == "%":
        return {"1": Decimal("0.01"), "%": Decimal(1)}.get(own) if units == {"%"} else None
    if own not in MONEY:
        return PEOPLE.get(unit) if own not in ("1", "%") else None
    if unit == "¥":
        return Decimal(1) if own == "元" else None
    if unit in PEOPLE and own != "元" and not all(other.endswith(("元", "万", "亿")) for other in units):
        return None
    factor = times(unit, spec)
    return None if factor is None else Decimal(repr(factor))
