"""Numbers as people type them, and answers that are nearly right.

What is no number (``8,,5``, ``46,2``) is refused and not guessed at. A near miss is an answer whose value is right and
whose form is not: rounded too far, in yuan for 10,000 yuan, per cent for a share. It is told as what it is and uses up
no attempt, for it says nothing of what the student knows. A reversed sign does: the direction is part of the answer.
"""

import math
import re
import unicodedata

from crmlib.core.i18n import _, ngettext
from crmlib.core.inputs import shorten

NUMBER = re.compile(
    r"""[=≈]?\s* (?P<sign>[-+]?)\s* [¥$]?\s*
    (?P<figures> \d{1,3}(?:,\d{3})+(?:\.\d*)? | \d{1,3}(?:\ \d{3})+(?:\.\d*)? | (?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,2})? )
    (?P<unit> (?:[^\d.,].*)? | \s*10,000\ yuan )""",
    re.VERBOSE | re.DOTALL,
)
TEN_THOUSAND = 10_000
"""So many yuan make 1 万元, the unit in which charts and large sums stand."""
MONEY = {
    "元": 1.0,
    "yuan": 1.0,
    "rmb": 1.0,
    "cny": 1.0,
    "万元": 1e4,
    "万": 1e4,
    "10,000 yuan": 1e4,
    "ten thousand yuan": 1e4,
    "亿元": 1e8,
    "亿": 1e8,
}
"""What each unit of money is in yuan."""
PERCENT = ("%", "percent", "per cent", "个百分点")
WORDS = (
    ("分", "point", "points"),
    ("家", "家企业", "firm", "firms"),
    ("个", "个客户", "个顾客", "customer", "customers", "account", "accounts"),
    ("箱", "case", "cases"),
    ("人", "位", "person", "persons", "people"),
    ("年", "year", "years"),
    ("倍", "time", "times"),
)
"""Words for the same unit, in both languages."""
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d{1,2}")


def read(text: str, unit: str = "") -> float | None:
    """Return the number that a text is, in the unit asked for; None if it is none, or in another unit.

    Full-width digits, thousands in groups of three, the ideographic full stop for the point, the Unicode minus and the
    unit's name behind the number, in either language, are read; money is turned into the unit asked for.

    >>> read("４６。２分", "points"), read("1 000.5"), read("−5"), read("3 万元", "yuan"), read("12%")
    (46.2, 1000.5, -5.0, 30000.0, 0.12)
    >>> read("8,,5"), read("46,2"), read("1,000,0"), read("about ten"), read("5 kg", "points")
    (None, None, None, None, None)
    """
    match = NUMBER.fullmatch(_plain(text))
    factor = _factor(match["unit"], _plain(unit)) if match else None
    if match is None or factor is None:
        return None
    value = float(match["figures"].replace(",", "").replace(" ", "")) * factor
    return (-value if match["sign"] == "-" else value) if math.isfinite(value) else None


def times(unit: str, other: str) -> float:
    """Return by what an amount in one unit of money is multiplied to stand in another one; 1 if either is none.

    >>> times("万元", "yuan"), times("元", "yuan"), times("points", "yuan")
    (10000.0, 1.0, 1.0)
    """
    return MONEY[unit] / MONEY[other] if unit in MONEY and other in MONEY else 1.0


def carried(text: str, unit: str, other: str) -> str:
    """Return what was typed where one unit of money is asked for, as it is read where another one is.

    >>> carried("80", "万元", "yuan"), carried("80 万元", "万元", "yuan"), carried("80", "yuan", "元")
    ('80 万元', '80 万元', '80')
    """
    whole = f"{text} {unit}"
    return whole if times(unit, other) != 1 and read(whole, other) is not None else text


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = re.sub(r"(?<=\d)[。｡](?=\d)", ".", plain)
    return re.sub(r"\s", " ", plain.replace("−", "-").replace("–", "-"))


def _factor(behind: str, unit: str) -> float | None:
    """Return what the number must be multiplied with for what stands behind it; None if it is another unit."""
    behind, unit = behind.strip(" ×*()"), unit.strip(" ×")
    if behind in ("", unit):
        return 1.0
    if behind in MONEY and (unit in MONEY or not unit):
        return MONEY[behind] / MONEY[unit or behind]
    if behind in PERCENT and unit in ("", *PERCENT):
        return 1.0 if unit else 0.01
    return 1.0 if any(behind in words and unit in words for words in WORDS) else None


def refusal(text: str, unit: str = "") -> str:
    """Return what is said to a text that cannot be read."""
    plain = _plain(text)
    if DECIMAL_COMMA.fullmatch(plain):
        return _("“{given}” is not a number. Write the decimal point as a point: {better}.").format(
            given=shorten(text), better=plain.replace(",", ".")
        )
    if (match := NUMBER.fullmatch(plain)) and unit:
        said = _("“{given}”: “{other}” is not the unit asked for, which is {unit}.")
        return said.format(given=shorten(text), other=match["unit"].strip(), unit=unit)
    return _("“{given}” is not a number. Write for example 12.5.").format(given=shorten(text))


def near_miss(value: float, key: float, within: float, unit: str = "") -> str:
    """Return what is said to an answer whose value is right and whose form is not; empty to any other.

    Args:
        value: the answer.
        key: the right one.
        within: how far it may be off.
        unit: asked for.
    """
    if too_few := _rounded_too_far(value, key, within):
        return too_few

    def fits(candidate: float) -> bool:
        return bool(key) and abs(candidate - key) <= within + 1e-9

    plain = _plain(unit).strip(" ×")
    if plain in MONEY and (fits(value / TEN_THOUSAND) or fits(value * TEN_THOUSAND)):
        return _("The figures are right, but off by a factor of 10,000. The answer is asked for in {unit}.").format(
            unit=unit
        )
    if plain in PERCENT and fits(value * 100):
        return _("That is the share as a decimal. The answer is asked for in per cent: multiply by 100.")
    if not plain and abs(key) <= 1 and fits(value / 100):
        return _("That is in per cent. The answer is asked for as a decimal: divide by 100.")
    return ""


def _rounded_too_far(value: float, key: float, within: float) -> str:
    """Say so if an answer is the key with fewer decimals than are needed."""
    typed = decimals(value)
    if not value or abs(value - key) > 0.1 * abs(key) or abs(value - key) > 0.5 * 10**-typed + 1e-9:
        return ""
    needed = next((n for n in range(decimals(key)) if 0.5 * 10**-n <= within + 1e-9), decimals(key))
    if needed <= typed:
        return ""
    so_far = ngettext("Right to {n} decimal place", "Right to {n} decimal places", typed).format(n=typed)
    so_far = so_far if typed else _("Right to the whole number")
    more = ngettext("give {n} decimal place at least", "give {n} decimal places at least", needed).format(n=needed)
    return _("{so_far}; {more}.").format(so_far=so_far, more=more)


def decimals(value: float) -> int:
    """Return how many decimals a number has as it is written.

    >>> decimals(46.0), decimals(46.2), decimals(0.0625)
    (0, 1, 4)
    """
    return len(f"{value:.10f}".rstrip("0").partition(".")[2])


def reversed_sign(value: float, key: float, within: float) -> str:
    """Return what is said to an answer that has the right size and the other sign; empty to any other."""
    right = bool(key) and abs(value + key) <= within + 1e-9
    return _("The size is right, the sign is not: ask whether it rises or falls.") if right else ""
