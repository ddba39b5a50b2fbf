"""What an answer in several parts earns: the one place where marks for a part of an answer are computed.

- Several keys: all right options and no wrong one earn all points, some right and no wrong one half, a wrong one none.
- Blanks, an order, pairs: each part that is right earns an equal share.
- A verdict with its correction: half each; where the statement is true, the verdict earns all.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from crmlib.core import numbers
from crmlib.core.i18n import N_, _

Given = str | int | None | list[str | int | None]
"""An answer: of a choice a position, of several keys and of an order positions, of blanks texts, of pairs positions."""
HALF = 0.5
RULES = {
    "multi": N_(
        "All right options and no wrong one earn all points; some right ones and no wrong one earn half; a wrong one "
        "earns nothing."
    ),
    "tfc": N_(
        "The verdict earns half of the points, the corrected statement the other half. If the statement is true, the "
        "verdict earns them all; a wrong verdict earns nothing."
    ),
    "fill": N_("Each blank earns an equal share of the points."),
    "order": N_("Each line in its right place earns an equal share of the points."),
    "match": N_("Each right pair earns an equal share of the points."),
}
"""What is said of the marks for a part of an answer, by kind; of other kinds there is nothing to say."""


class Keyed(Protocol):
    """What is known of the right answer to a question in several parts.

    Attributes:
        kind: multi, fill, order or match.
        keys: positions of the right options: of several keys all, of an order in order, of pairs for each left side.
        accept: for each blank what is accepted in its language.
        also: for each blank what is accepted in the other language.
    """

    @property
    def kind(self) -> str:
        """The kind of question."""

    @property
    def keys(self) -> tuple[int, ...]:
        """Positions of the right options."""

    @property
    def accept(self) -> tuple[tuple[str, ...], ...]:
        """What is accepted in each blank."""

    @property
    def also(self) -> tuple[tuple[str, ...], ...]:
        """What is accepted in the other language."""


MACHINE = ("multi", "fill", "order", "match")
"""The kinds with several parts that a machine marks."""


def rule(kind: str) -> str:
    """Return how a part of an answer earns a part of the points, translated; empty where nothing does."""
    return _(RULES[kind]) if kind in RULES else ""


def parts(of: Keyed, given: Given) -> list[bool]:
    """Return for each blank, place or left side whether it is answered right."""
    answers = list(given) if isinstance(given, list) else []
    if of.kind == "fill":
        filled = [*("" if one is None else str(one) for one in answers), *[""] * len(of.accept)]
        known = [(*own, *other) for own, other in zip(of.accept, of.also, strict=True)]
        return [accepted(text, texts) for text, texts in zip(filled, known, strict=False)]
    placed = [*answers, *[None] * len(of.keys)]
    return [one == key for one, key in zip(placed, of.keys, strict=False)]


def share(of: Keyed, given: Given) -> float:
    """Return the share of the points that an answer earns, from 0 to 1; no answer earns nothing."""
    if of.kind == "multi":
        return _of_several(set(of.keys), set(given) if isinstance(given, list) else set())
    right = parts(of, given)
    return sum(right) / len(right)


def _of_several(keys: set[int], given: set[str | int | None]) -> float:
    if not given or given - keys:
        return 0.0
    return 1.0 if given == keys else HALF


def of_verdict(true: bool, judged: bool | None, corrected: bool) -> float:
    """Return the share of the points for a verdict on a statement and, if it is false, for its correction."""
    if judged is not true:
        return 0.0
    return 1.0 if true or corrected else HALF


def earned(points: float, share: float) -> float:
    """Return the points of a share, to the hundredth.

    >>> earned(2, 1 / 3), earned(1.5, 1)
    (0.67, 1.5)
    """
    return points if share == 1 else round(points * share, 2)


def accepted(given: str, known: Sequence[str]) -> bool:
    """Say whether a text is one of those accepted.

    Width, capitals, spaces and closing marks make no difference; numbers are compared as numbers.

    >>> accepted("ＣＲＭ 系统", ["crm系统"]), accepted("0.80", ["80%"]), accepted("8 0", ["80"]), accepted("", ["a"])
    (True, True, False, False)
    """
    return any(_same(given, one) for one in known)


def _same(given: str, known: str) -> bool:
    wanted, value = _number(known), _number(given)
    if wanted is not None:
        return value is not None and abs(value - wanted) <= 1e-9 * max(abs(wanted), 1.0)
    return bool(folded(given)) and folded(given) == folded(known)


def _number(text: str) -> float | None:
    """Return a text as a number, money in yuan; None if it is none."""
    money = numbers.read(text, "yuan")
    return numbers.read(text) if money is None else money


def folded(text: str) -> str:
    """Return a text as it is compared: NFKC, without spaces and closing marks, in small letters.

    >>> folded("Customer  Value。"), folded("（ＣＬＶ）")
    ('customervalue', '(clv)')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", "", plain).rstrip(".。,;")
