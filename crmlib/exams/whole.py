"""The whole bank, or topics of it, as one paper that the exports write: a section a topic, or a pool an item.

A pool is a section with variants of one item, of which a platform draws one for each student.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams.paper import Paper, Part, Question, question
from crmlib.items.bank import Bank
from crmlib.items.item import Item, is_drawn

MOST_VARIANTS = 200
TRIES = 10
"""How many draws a variant may cost before an item is taken to have no more."""


def whole(bank: Bank, topics: Sequence[str], seed: int, lang: str, variants: int = 0) -> Paper:
    """Return topics of a bank as a paper in a language.

    Args:
        bank: to write.
        topics: in order; all if there are none.
        seed: draws the numbers; the same for the same seed.
        lang: of the texts.
        variants: for pools, how many of each item whose numbers are drawn; 0 for one question an item.

    Raises:
        UserError: there is no such topic, or too many variants are asked for.
    """
    if not 0 <= variants <= MOST_VARIANTS:
        raise UserError(_("--variants may be 0 to {most}.").format(most=MOST_VARIANTS))
    names = list(dict.fromkeys(topics)) or list(bank.topics)
    items = {name: bank.of(name) for name in names}
    with i18n.speaking(lang):
        if variants:
            parts = [_pool(bank, item, seed, variants) for name in names for item in items[name]]
        else:
            parts = [_topic(bank, name, items[name], seed) for name in names]
        title = _("Question bank")
    questions = [q for part in parts for q in part.questions[: part.pick or None]]
    return Paper(title, "", lang, sum(q.minutes for q in questions), f"bank:{seed}:{variants}", tuple(parts))


def _topic(bank: Bank, name: str, items: Sequence[Item], seed: int) -> Part:
    drawn = [question(bank, item, Random(f"{item.id}:{seed}").randrange(10**9)) for item in items]
    return Part(name, str(bank.topics[name][0].title), "", tuple(drawn))


def _pool(bank: Bank, item: Item, seed: int, variants: int) -> Part:
    found = list(_variants(bank, item, seed, variants)) if is_drawn(item) else [question(bank, item, seed)]
    named = [replace(q, id=f"{q.id}.{n}") for n, q in enumerate(found, 1)]
    return Part(item.id, item.id, "", tuple(named), pick=1)


def _variants(bank: Bank, item: Item, seed: int, many: int) -> Iterator[Question]:
    """Yield variants of a drawn item that differ in more than the order of options, fewer if there are no more."""
    random, seen = Random(f"pool:{item.id}:{seed}"), set[tuple[str, ...]]()
    for _try in range(TRIES * many):
        one = question(bank, item, random.randrange(10**9))
        if (mark := (one.text, *sorted(one.options))) not in seen:
            seen.add(mark)
            yield one
        if len(seen) == many:
            return


def few(paper: Paper, variants: int) -> Iterator[str]:
    """Yield a sentence for each pool of drawn numbers that has fewer variants than were asked for."""
    for part in paper.parts:
        if any(q.drawn for q in part.questions) and len(part.questions) < variants:
            yield _("{item}: there are only {n} different variants.").format(item=part.title, n=len(part.questions))
