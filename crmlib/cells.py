"""The text of one cell and the value it stands for. Strict: what is not plainly a value is refused with the reason."""

import re
from datetime import datetime
from math import isfinite
from unicodedata import normalize

from crmlib.i18n import _
from crmlib.inputs import shorten

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]{1,15}(\.0*)?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
NOT_FINITE = ("nan", "inf", "infinity")
FLAGS = {"0": 0.0, "1": 1.0, "false": 0.0, "true": 1.0}


def value(text: str, kind: str) -> str | float | datetime:
    """Return the value of a cell that is not empty, or raise ValueError with the reason as a sentence."""
    if kind == "text":
        return text
    text = text.strip()
    if kind == "category":
        return text
    if kind == "date":
        return _date(text)
    if kind == "flag" and text.casefold() in FLAGS:
        return FLAGS[text.casefold()]
    if kind == "flag":
        raise ValueError(_("“{value}” is neither 0 (no) nor 1 (yes).").format(value=shorten(text)))
    return _number(text, WHOLE if kind == "integer" else NUMBER)


def _date(text: str) -> datetime:
    try:
        year, month, day = DATE.fullmatch(text).groups()  # type: ignore[union-attr]
        return datetime(int(year), int(month), int(day))
    except (AttributeError, ValueError):
        raise ValueError(_("“{value}” is not a date: write it as 2024-12-31.").format(value=shorten(text))) from None


def _number(text: str, pattern: re.Pattern[str]) -> float:
    if pattern.fullmatch(text) and isfinite(float(text)):
        return float(text)
    plain = normalize("NFKC", text).strip()
    plain = plain.replace(",", "") if GROUPED.fullmatch(plain) else plain
    if (NUMBER.fullmatch(text) and pattern is NUMBER) or plain.lstrip("+-").casefold() in NOT_FINITE:
        why = _("“{value}” is not a finite number.")
    elif plain != text and pattern.fullmatch(plain):
        why = _("“{value}” is not a plain number: write {plain}.")
    elif pattern is WHOLE:
        why = _("“{value}” is not a whole number: write digits only, such as 12.")
    else:
        why = _("“{value}” is not a number: write digits only, such as 1234.5, or nothing if it is unknown.")
    raise ValueError(why.format(value=shorten(text), plain=shorten(plain)))
