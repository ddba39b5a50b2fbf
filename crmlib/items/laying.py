"""From an item with several parts to what one student meets: options and lines in an order of their own, keys beside.

The same item and seed always give the same order, in either language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from crmlib.core import i18n
from crmlib.core.exercise import Feedback
from crmlib.core.i18n import _
from crmlib.core.numbers import read
from crmlib.items import credit
from crmlib.items.compound import Corrected, Fill, Matching, Ordering, Several
from crmlib.items.credit import Given
from crmlib.support.strict_yaml import Texts

Machine = Several | Fill | Ordering | Matching
"""Items with several parts that a machine marks."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Laid:
    """A question with several parts, in the language spoken when it was laid.

    Attributes:
        kind: multi, fill, order or match.
        question: what is asked.
        options: of several keys; the lines of an order; the right sides of pairs; each in the order shown.
        lefts: the left sides of pairs.
        keys: positions of the right options: of several keys all, of an order in order, of pairs for each left side.
        accept: for each blank what is accepted in this language, the best first.
        also: for each blank what is accepted in the other language.
        replies: for each option, or each blank, why.
        misconceptions: for each option of several keys what choosing it shows; empty for the right ones.
        worked: why the answer is right.
        hints: in order, each telling more.
    """

    kind: str
    question: str
    options: tuple[str, ...] = ()
    lefts: tuple[str, ...] = ()
    keys: tuple[int, ...] = ()
    accept: tuple[tuple[str, ...], ...] = ()
    also: tuple[tuple[str, ...], ...] = ()
    replies: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    worked: str = ""
    hints: tuple[str, ...] = ()

    @property
    def right(self) -> Given:
        """The right answer."""
        return [known[0] for known in self.accept] if self.kind == "fill" else list(self.keys)

    def share(self, given: Given) -> float:
        """Return the share of the points that an answer earns."""
        return credit.share(self, given)

    def shown(self, given: Given) -> str:
        """Return an answer in words, one part a line where there are several lines to it."""
        return shown(self.kind, self.options, self.lefts, given)

    def solution(self) -> str:
        """Return the right answer with the reasons for it, a line a reason."""
        lines = [_("The right answer:"), self.shown(self.right), *self._reasons(), self.worked]
        return "\n".join(line for line in lines if line)

    def _reasons(self) -> list[str]:
        if self.kind == "fill":
            return [f"({n}) {why}" for n, why in enumerate(self.replies, 1)]
        return [f"{letter}. {why}" for letter, why in zip(LETTERS, self.replies, strict=False)]

    def check(self, given: Given) -> Feedback:
        """Return the feedback on an answer: what it earns, which parts are right, and why others are not."""
        share = self.share(given)
        if share == 1:
            return Feedback("right", _("Right. {worked}").format(worked=self._why_right()))
        name, lines = self._faults(given)
        return Feedback("mistake" if name else "wrong", "\n".join([self._so_far(given, share), *lines]), name)

    def _why_right(self) -> str:
        return self.worked or "\n".join(["", *self._reasons()]).rstrip()

    def _so_far(self, given: Given, share: float) -> str:
        if self.kind == "multi":
            said = _("So far right, but some right options are missing: half of the points.")
            return said if share else _("Not quite: no points.")
        right = credit.parts(self, given)
        said = _("Parts that are right: {right} of {n}.")
        return said.format(right=sum(right), n=len(right))

    def _faults(self, given: Given) -> tuple[str, list[str]]:
        """Return the name of the first misconception shown, and what is said to the wrong parts without their keys."""
        answers = given if isinstance(given, list) else []
        if self.kind == "multi":
            wrong = [n for n in answers if isinstance(n, int) and n not in self.keys]
            lines = [_("{option}: {why}").format(option=f"**{LETTERS[n]}**", why=self.replies[n]) for n in wrong]
            return next((self.misconceptions[n] for n in wrong), ""), lines
        wrong = [n for n, right in enumerate(credit.parts(self, given)) if not right]
        said = {
            "fill": _("To be mended: blank {places}."),
            "order": _("Not in their places: {places}."),
            "match": _("To be mended: pair {places}."),
        }[self.kind]
        return "", [said.format(places=_(", ").join(f"({n + 1})" for n in wrong))]


def shown(kind: str, options: Sequence[str], lefts: Sequence[str], given: Given) -> str:
    """Return an answer to a question of several parts in words; a dash where there is none.

    >>> shown("fill", (), (), ["a", ""])
    '(1) a\\n(2) –'
    """
    answers = given if isinstance(given, list) else []
    if kind == "fill":
        return "\n".join(f"({n}) {text or '–'}" for n, text in enumerate(answers, 1)) or "–"
    places = [n for n in answers if n is None or (isinstance(n, int) and 0 <= n < len(options))]
    if kind == "multi":
        return "\n".join(f"{LETTERS[n]}. {options[n]}" for n in places if n is not None) or "–"
    if kind == "order":
        return "\n".join(f"({n}) {options[at]}" for n, at in enumerate(places, 1) if at is not None) or "–"
    pairs = zip(lefts, [*places, *[None] * len(lefts)], strict=False)
    return "\n".join(f"{left} — {'–' if at is None else options[at]}" for left, at in pairs)


def lay(item: Machine, seed: int) -> Laid:
    """Return an item as it is asked with a seed, in the language now spoken."""
    random = Random(f"{item.id}:{seed}")
    hints = tuple(map(str, item.hints))
    if isinstance(item, Several):
        order = random.sample(item.options, len(item.options))
        return Laid(
            item.type,
            str(item.stem),
            tuple(str(option.text) for option in order),
            keys=tuple(n for n, option in enumerate(order) if option.correct),
            replies=tuple(str(option.why) for option in order),
            misconceptions=tuple(option.misconception or "" for option in order),
            hints=hints,
        )
    if isinstance(item, Fill):
        accept = tuple(tuple(map(str, blank.accept)) for blank in item.blanks)
        also = tuple(_also(blank.accept) for blank in item.blanks)
        why = tuple(str(blank.why) for blank in item.blanks)
        return Laid(item.type, str(item.stem), accept=accept, also=also, replies=why, hints=hints)
    if isinstance(item, Ordering):
        return _ordering(item, random, hints)
    return _matching(item, random, hints)


def _ordering(item: Ordering, random: Random, hints: tuple[str, ...]) -> Laid:
    """Return lines in an order in which they are not right already."""
    right = list(range(len(item.sequence)))
    mixed = random.sample(right, len(right))
    while mixed == right:
        random.shuffle(mixed)
    lines = tuple(str(item.sequence[n]) for n in mixed)
    keys = tuple(mixed.index(n) for n in right)
    return Laid(item.type, str(item.stem), lines, keys=keys, worked=str(item.why), hints=hints)


def _also(accept: tuple[Texts, ...]) -> tuple[str, ...]:
    """Return what is accepted in the other language, but for a number in another unit, such as 60 (万元)."""
    other = i18n.other(i18n.language())
    return tuple(str(text) if _in_two_units(text) else getattr(text, other) for text in accept)


def _in_two_units(text: Texts) -> bool:
    zh, en = read(text.zh), read(text.en)
    return None not in (zh, en) and zh != en


def _matching(item: Matching, random: Random, hints: tuple[str, ...]) -> Laid:
    lefts = random.sample(range(len(item.pairs)), len(item.pairs))
    rights = random.sample(range(len(item.rights)), len(item.rights))
    return Laid(
        item.type,
        str(item.stem),
        tuple(str(item.rights[n]) for n in rights),
        tuple(str(item.pairs[n].left) for n in lefts),
        tuple(rights.index(n) for n in lefts),
        worked=str(item.why),
        hints=hints,
    )


def statement(item: Corrected) -> str:
    """Return the model answer to a statement to be judged and corrected."""
    if item.correction is None:
        return _("True. {why}").format(why=item.why)
    return _("False. Corrected: {correction} {why}").format(correction=item.correction, why=item.why)
