"""What a text tells of itself to somebody who knows nothing of the matter: its length, clauses and kinds of words.

The lists hold what students are taught to look for in coaching for examinations (Millman, Bishop and Ebel 1965, An
analysis of test-wiseness): hedges and absolutes, and beside them words that sound right whatever is asked.
"""

import re
from functools import cache
from typing import NamedTuple

from crmlib.items.prose import MARK

CLAUSE = re.compile(r"(?<!\d),|,(?!\d{3})|[，；：、;:()（）]")
"""What sets a clause or a member of a list apart; not the comma of thousands."""
WORDS: dict[str, dict[str, str]] = {
    "hedges": {
        "zh": r"往往|可能|通常|一般|常常|经常|有时|未必|不一定|不必|大多|多半|或许|也许|相对|部分"
        r"|有的|有些|视|取决于|要看|可以",
        "en": r"\b(may|might|can|could|often|usually|generally|sometimes|mostly|likely|tends?|partly|some|need not"
        r"|depends?|depending|not always|not necessarily|in part)\b",
    },
    "absolutes": {
        "zh": r"都|必须|必然|必定|(?<!不)一定|总是|总会|永远|任何|所有|全部|只[要有能看是按]"
        r"|唯一|完全|绝对|一律|凡|就会|就能|一概|不能|无法|从不|每",
        "en": r"\b(all|always|never|every|any|only|must|none|no|entirely|whatever|whenever|cannot|alone|certain|whole"
        r"|everything|nobody|nothing|at once)\b",
    },
    "still": {"zh": r"仍|依然|照样|还是", "en": r"\b(still|even so|nevertheless|all the same|even if|even though)\b"},
    "virtues": {
        "zh": r"兼顾|双方|共同|长期|适当|合理|公平|分别|结合|同时|关心|需要|尊重|信任|信赖|合作"
        r"|诚信|公开|透明|平衡|互利"
        r"|依据|说明|核对|差别|灵活|主动|承诺|合适|改进|理解",
        "en": r"\b(both|fair|fairly|long-term|trust|suitable|appropriate|reasonable|mutual|together|each|needs?|balance"
        r"|care|honest|open|check|explain|according|improve|understand|respect|flexible|own|promise|suits?|fits?)\b",
    },
    "denials": {
        "zh": r"不|没有|无|非|未",
        "en": r"\b(not|no|without|neither|nor|nothing|none|cannot|never|un\w+)\b",
    },
}


class Tells(NamedTuple):
    """What a text tells of itself: characters, clauses, and how many words there are of each kind."""

    length: float
    clauses: float
    hedges: float
    absolutes: float
    still: float
    virtues: float
    denials: float


@cache
def tells(text: str, lang: str) -> Tells:
    """Return what a text in a language tells of itself.

    >>> tells("They may stay, though some leave", "en")[:4]
    (32.0, 1.0, 2.0, 0.0)
    """
    plain = MARK.sub(lambda mark: mark["stress"] or mark["maths"], text).casefold()
    counts = {kind: float(len(re.findall(patterns[lang], plain))) for kind, patterns in WORDS.items()}
    return Tells(float(len(plain)), float(len(CLAUSE.findall(plain))), **counts)
