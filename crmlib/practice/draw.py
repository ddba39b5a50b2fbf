"""From an item to what one student meets: numbers drawn, options in order, key and feedback ready.

The same item, seed and language always give the same exercise; the numbers and the place of the key do not depend on
the language.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from crmlib.i18n import _
from crmlib.practice.exercise import Exercise, Maker, Mistake, measured
from crmlib.practice.items import Choice, Number, Option, TrueFalse

OPTIONS = 4
APART = 0.03
"""Options of a drawn choice differ by at least this share of the larger one, and by twice the tolerance."""
ATTEMPTS = 500


def draw(item: Choice | TrueFalse | Number, seed: int, makers: dict[str, Maker]) -> Exercise:
    """Return the exercise that an item is for a seed, in the language now spoken.

    Args:
        item: any item that is not answered in words.
        seed: any whole number; every one gives the same kind of exercise with other numbers or another order.
        makers: those of the item's topic, by name.

    Raises:
        RuntimeError: its maker gave no numbers that can be told apart; ``crm exam check`` finds such makers.
    """
    random = Random(f"{item.id}:{seed}")
    hints = tuple(str(hint) for hint in item.hints)
    if isinstance(item, TrueFalse):
        return replace(_true_false(item), hints=hints)
    if item.maker:
        make = makers[item.maker]
        made = as_choice(make, random, item.id) if isinstance(item, Choice) else make(random)
        return replace(made, hints=(*made.hints, *hints))
    written = _number(item) if isinstance(item, Number) else _choice(item, random)
    return replace(written, hints=hints)


def _true_false(item: TrueFalse) -> Exercise:
    key, other = (0, 1) if item.answer else (1, 0)
    mistake = Mistake(other, str(item.why), item.misconception)
    return Exercise(str(item.stem), key, str(item.why), [mistake], [_("True"), _("False")], tolerance=0)


def _number(item: Number) -> Exercise:
    assert item.answer is not None
    traps = [Mistake(trap.answer, str(trap.why), trap.misconception) for trap in item.traps]
    unit = str(item.unit) if item.unit else ""
    return Exercise(str(item.stem), item.answer, str(item.worked), traps, unit=unit, tolerance=item.tolerance)


def _choice(item: Choice, random: Random) -> Exercise:
    """Return a choice with its options in an order of its own; the key is as likely in each place."""
    order: list[Option] = random.sample(item.options, len(item.options))
    key = next(place for place, option in enumerate(order) if option.correct)
    mistakes = [Mistake(n, str(o.why), o.misconception or "") for n, o in enumerate(order) if n != key]
    return Exercise(
        str(item.stem), key, str(order[key].why), mistakes, [str(option.text) for option in order], tolerance=0
    )


def as_choice(make: Maker, random: Random, name: str) -> Exercise:
    """Return a made exercise as a choice whose key is as likely to be the lowest, a middle or the highest option.

    The key's rank is drawn first; numbers are drawn until that many misconceptions lead below the key and the rest
    above it, all far enough apart.
    """
    rank = random.randrange(OPTIONS)
    for _attempt in range(ATTEMPTS):
        made = make(random)
        if made.options:
            return _shuffled(made, random)
        if others := _around(made, rank, random):
            return _of_numbers(made, others)
    raise RuntimeError(f"{name}: no numbers with the key at rank {rank} in {ATTEMPTS} draws")


def _shuffled(made: Exercise, random: Random) -> Exercise:
    """Return a made choice with its options in another order."""
    order = random.sample(range(len(made.options)), len(made.options))
    mistakes = [replace(m, answer=order.index(int(m.answer))) for m in made.mistakes if m.answer in order]
    return replace(
        made, answer=order.index(int(made.answer)), mistakes=mistakes, options=[made.options[n] for n in order]
    )


def _around(made: Exercise, rank: int, random: Random) -> list[Mistake]:
    """Return misconceptions with ``rank`` answers below the key and the others above it, or none if there are not."""
    below, above, chosen = rank, OPTIONS - 1 - rank, [Mistake(made.answer, "")]
    for mistake in random.sample(made.mistakes, len(made.mistakes)):
        low = mistake.answer < made.answer
        if (below if low else above) and all(_apart(mistake.answer, c.answer, made.tolerance) for c in chosen):
            chosen.append(mistake)
            below, above = below - low, above - (not low)
    return [] if below or above or _alike(chosen) else chosen[1:]


def _apart(a: float, b: float, tolerance: float) -> bool:
    return abs(a - b) > max(APART, 2 * tolerance) * max(abs(a), abs(b))


def _alike(chosen: Sequence[Mistake]) -> bool:
    answers = [mistake.answer for mistake in chosen]
    return len(set(displayed(answers))) < len(answers)


def _of_numbers(made: Exercise, others: Sequence[Mistake]) -> Exercise:
    """Return a choice among the key and the given wrong numbers, from the lowest to the highest."""
    ordered = sorted([Mistake(made.answer, ""), *others], key=lambda m: m.answer)
    key = next(place for place, mistake in enumerate(ordered) if mistake.answer == made.answer)
    options = [measured(number, made.unit) for number in displayed([m.answer for m in ordered])]
    mistakes = [replace(m, answer=n) for n, m in enumerate(ordered) if n != key]
    return replace(made, answer=key, mistakes=mistakes, options=options, unit="", tolerance=0)


def displayed(values: Sequence[float]) -> list[str]:
    """Return numbers as an examiner prints them: alike in decimals, four figures for the smallest, halves up.

    >>> displayed([1234.5, 12.345]), displayed([3, 40])
    (['1,234.50', '12.35'], ['3', '40'])
    """
    if all(abs(value - round(value)) < 1e-9 for value in values):
        digits = 0
    else:
        smallest = min(abs(value) for value in values if value)
        digits = min(max(3 - math.floor(math.log10(smallest)), 0), 6)
        digits = min(digits, 2) if smallest >= 1 else digits
    step = Decimal(1).scaleb(-digits)
    return [f"{Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP):,}" for value in values]
