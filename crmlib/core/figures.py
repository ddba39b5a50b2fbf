"""Figures as they are written for a reader."""

import math
import re

HYPHEN = re.compile(r"(?<![\w)\].%–-])-(?=\d)")


def figure(value: float, digits: int = 2) -> str:
    """Return a figure as it is shown: nought has no sign, one below it that of a minus; not known, it is a dash.

    >>> figure(-1234.5, 1), figure(-0.04, 1), figure(math.nan)
    ('−1,234.5', '0.0', '–')
    """
    return "–" if math.isnan(value) else minus(f"{value:z,.{digits}f}")


def minus(text: str) -> str:
    """Return a text whose numbers below nought have the sign of a minus in place of a hyphen.

    >>> minus("-1.5 to 2 (-10%)"), minus("2023-12-31, F-16")
    ('−1.5 to 2 (−10%)', '2023-12-31, F-16')
    """
    return HYPHEN.sub("−", text)
