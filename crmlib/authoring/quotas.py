"""How much of everything a chapter needs: each quota once, with its name and its number."""

from collections.abc import Iterator
from dataclasses import dataclass

from crmlib.core.i18n import N_, _
from crmlib.items.item import KINDS


@dataclass(frozen=True)
class Quota:
    """How many of something there must be at least, or may be at most.

    Attributes:
        what: msgid of what is counted.
        least: as few as that are enough.
        most: as many as that are too few to complain of.
    """

    what: str
    least: float = 0
    most: float = float("inf")

    def lacks(self, file: str, n: float) -> Iterator[str]:
        """Yield a translated sentence if there are too few or too many in a file."""
        if n < self.least:
            said = _("{file}: {what}: {n:g}; write {more:g} more, so that there are at least {least:g}.")
            yield said.format(file=file, what=_(self.what), n=n, more=self.least - n, least=self.least)
        if n > self.most:
            said = _("{file}: {what}: {n:g}; shorten it to {most:g} at most.")
            yield said.format(file=file, what=_(self.what), n=n, most=self.most)


ITEMS = Quota(N_("items"), 25)
DRAWN = Quota(N_("items with drawn numbers"), 5)
OF_KIND = {kind: Quota(KINDS[kind], least) for kind, least in
           {"mcq": 8, "tf": 8, "short": 3, "essay": 2, "case": 1}.items()}  # fmt: skip
"""Items of each kind; of calculations there may be none, for choices are drawn too."""
OF_PARTS = {kind: Quota(KINDS[kind], 2) for kind in ("multi", "tfc", "fill", "order", "match", "term")}
"""Items of the kinds with several parts, and terms to define, of a topic that has a chapter."""
LEVELS = ("remember", "understand", "apply", "analyse", "evaluate")
"""The levels of the taxonomy that a topic's items must reach."""
DATA_BYTES = Quota(N_("bytes of the data file"), most=1_200_000)
BEGINNER = 5
"""Inputs that an explorer with many shows at once; the others are folded away."""
EXERCISES = Quota(N_("exercises of the chapter"), 8)
CHALLENGES = Quota(N_("challenges"), 2)
SCENARIOS = Quota(N_("scenarios beside the base case"), 3)
QUESTIONS = Quota(N_("questions of the case"), 10)
CASE_MINUTES = 90
"""What the stages of a teaching note's time plan add up to."""
CASE_SECTIONS = Quota(N_("sections of the case notebook"), 4)
CODE_LINES = Quota(N_("lines of a code cell"), most=12)
TYPICAL_LINES = Quota(N_("lines of half the code cells"), most=3)
PROSE = {
    "zh": Quota(N_("characters of a text cell outside lists and tables"), most=160),
    "en": Quota(N_("words of a text cell outside lists and tables"), most=75),
}
"""How long a text cell of a chapter may be."""
OPEN_CELLS = Quota(N_("code cells that are not folded away"), most=8)
