"""Between which bounds an answer makes sense: nobody offers as an option what cannot be, whoever computed it.

A share is none of 1,004%, points on a scale of 100 are not 1,155, and a count is not negative. An item says otherwise
with ``plausible``; what lies outside is still known as a mistake where a number is typed.
"""

import math

from crmlib.core.numbers import read
from crmlib.items.item import Wording

BY_UNIT = {"%": (0.0, 100.0), "points": (0.0, 100.0)}
"""By the English unit; the bounds belong to what makes sense."""
COUNTED = (0.0, math.inf)
"""Of all else: amounts, numbers of things, coefficients."""


def bounds(text: Wording) -> tuple[float, float]:
    """Return the least and the greatest number that make sense as an answer."""
    return text.plausible or BY_UNIT.get(text.unit.en if text.unit else "", COUNTED)


def absurd(option: str, text: Wording) -> bool:
    """Say whether an option, as printed, is a number that makes no sense; words always do."""
    unit = str(text.unit or "")
    number = read(option.removesuffix(f"({unit})").removesuffix(unit))
    least, most = bounds(text)
    return number is not None and not least <= number <= most
