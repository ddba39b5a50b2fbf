"""To how many decimals a question asks for its number, read from its words: what it asks for is what is printed.

“保留两位小数”, “to two decimal places”; “至少保留…”, “at least” leave room for more.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from crmlib.support.strict_yaml import Texts

ZH = re.compile(
    r"(?P<before>至少)?(?P<least>)(?:保留|精确)到?(?:小数点后)?(?:(?P<many>[一二两三四五六1-6])位(?:小数)?|(?P<whole>整数))"
)
EN = re.compile(
    r"(?P<before>at least )?(?:to )?(?:(?P<many>one|two|three|four|five|six|[1-6]) decimals?(?: places?)?"
    r"|the nearest (?P<whole>whole number|integer))(?P<least> at least)?",
    re.IGNORECASE,
)
WORDS = ("一二三四五六", "一两三四五六", "123456", ("one", "two", "three", "four", "five", "six"))
FIGURES = {word: n for words in WORDS for n, word in enumerate(words, 1)}


class Rounding(NamedTuple):
    """Decimals asked for; ``at_least`` where more are as good."""

    decimals: int
    at_least: bool


def rounding(stem: Texts | None) -> Rounding | None:
    """Return how a question asks for its number to be rounded; None if it does not say.

    >>> rounding(Texts(zh="得分是多少（保留一位小数）？", en="What is the score, to one decimal place?"))
    Rounding(decimals=1, at_least=False)
    """
    return _read(ZH, stem.zh) if stem else None


def differs(stem: Texts) -> bool:
    """Say whether the two languages ask for different roundings."""
    return _read(ZH, stem.zh) != _read(EN, stem.en)


def _read(pattern: re.Pattern[str], text: str) -> Rounding | None:
    """Return what a text says last of rounding."""
    found = [match.groupdict() for match in pattern.finditer(text)]
    if not found:
        return None
    said = found[-1]
    return Rounding(0 if said["whole"] else FIGURES[said["many"].lower()], bool(said["before"] or said["least"]))


def half_up(value: float, decimals: int) -> Decimal:
    """Return a number rounded as at school: halves away from nought.

    >>> half_up(2.675, 2), half_up(-0.5, 0)
    (Decimal('2.68'), Decimal('-1'))
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def few_figures(value: float) -> float:
    """Return a number with six figures at most, as bounds are written into files.

    >>> few_figures(0.35295000000000004), few_figures(1234567.8)
    (0.35295, 1234570.0)
    """
    return float(f"{value:.6g}")
