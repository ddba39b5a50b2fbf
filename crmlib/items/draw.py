"""From an item to what one student meets: numbers drawn, options in order, key and feedback ready.

The same item, seed and language always give the same exercise; the numbers and the place of the key do not depend on
the language. Amounts that Chinese gives in 万元 stand in full in English, where the item's unit is yuan.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from crmlib.core.errors import UserError
from crmlib.core.exercise import Distractor, Drawn, Exercise, Generator, apart, measured
from crmlib.core.figures import minus
from crmlib.core.i18n import _
from crmlib.core.numbers import times
from crmlib.items.item import Choice, Number, Option, TrueFalse, Wording
from crmlib.items.plausible import bounds
from crmlib.items.rounding import Rounding, half_up, rounding
from crmlib.items.templates import fill
from crmlib.support.strict_yaml import Texts

OPTIONS = 4
SIDE_BY_SIDE = 0.03
"""Numbers that stand side by side as options differ by at least this share of the larger one."""
ATTEMPTS = 500
CENTS = 2
"""Decimals of an amount in yuan."""


def draw(item: Choice | TrueFalse | Number, seed: int, generators: Mapping[str, Generator]) -> Exercise:
    """Return the exercise that an item is for a seed, in the language now spoken.

    Args:
        item: any item that is not answered in words.
        seed: any whole number; every one gives the same kind of exercise with other numbers or another order.
        generators: those of the item's topic, by name.

    Raises:
        RuntimeError: its generator gave no numbers that can be told apart; ``crm exam check`` finds such generators.
    """
    random = Random(f"{item.id}:{seed}")
    if isinstance(item, TrueFalse):
        return _true_false(item)
    if item.generator is None:
        return _number(item) if isinstance(item, Number) else _choice(item, random)
    generate = generators[item.generator]
    if isinstance(item, Number):
        return exercise(item, generate, random, item.id)
    unit, asked = str(item.unit or ""), rounding(item.stem)
    chosen = as_choice(generate, random, item.id, item.tolerance, unit, asked, bounds(item))
    return replace(worded(item, chosen, item.id), unit="", tolerance=0)


def exercise(text: Wording, generate: Generator, random: Random, name: str) -> Exercise:
    """Return what a generator draws as a chapter asks it: a number to compute, or a choice among words as they come."""
    return in_unit(worded(text, numbers(generate, random, text.tolerance, name), name), text.unit)


def in_unit(e: Exercise, unit: Texts | None) -> Exercise:
    """Return an exercise, whose numbers are given in the Chinese unit, in the unit of the language now spoken."""
    factor = times(unit.zh, str(unit)) if unit and not e.options else 1
    if factor == 1:
        return e
    wrong = [d if d.as_it_is else replace(d, answer=round(d.answer * factor, CENTS)) for d in e.distractors]
    return replace(e, answer=round(e.answer * factor, CENTS), distractors=wrong)


def numbers(generate: Generator, random: Random, tolerance: float, name: str) -> Drawn:
    """Draw until the key and all distractors are far enough apart."""
    for _attempt in range(ATTEMPTS):
        drawn = generate(random)
        if apart([drawn.key, *(d.answer for d in drawn.distractors)], tolerance):
            return drawn
    raise RuntimeError(f"{name}: no numbers far enough apart for the tolerance {tolerance:g} in {ATTEMPTS} draws")


def worded(text: Wording, drawn: Drawn, name: str) -> Exercise:
    """Put an exercise's text to its numbers.

    Raises:
        UserError: a template needs what the generator does not give, or a misconception has no reply.
    """
    values = _spoken(text, drawn, name)

    def said(of: Texts, field: str, **more: object) -> str:
        return fill(of, {**values, **more}, f"{name}, “{field}”")

    def replied(to: Distractor) -> Distractor:
        if to.misconception not in text.replies:
            problem = _("{place}: there is no reply to the misconception “{misconception}”.")
            raise UserError(problem.format(place=name, misconception=to.misconception))
        reply = said(text.replies[to.misconception], f"replies.{to.misconception}", **to.values)
        return replace(to, reply=reply)

    assert text.stem
    assert text.worked
    return Exercise(
        said(text.stem, "stem"),
        drawn.key,
        said(text.worked, "worked"),
        [replied(distractor) for distractor in drawn.distractors],
        drawn.options,
        str(text.unit or ""),
        text.tolerance,
        tuple(said(hint, f"hints.{n}") for n, hint in enumerate(text.hints, 1)),
        tuple(said(step, f"steps.{n}") for n, step in enumerate(text.steps, 1)),
    )


def _spoken(text: Wording, drawn: Drawn, name: str) -> dict[str, object]:
    """Return the values with each place in a list of words as the word that stands there."""
    values = dict(drawn.values)
    for word, texts in text.words.items():
        place = values.get(word)
        if isinstance(place, int):
            if place >= len(texts):
                said = _("{place}: the list of words has {n} members; the generator wants number {wanted}.")
                raise UserError(said.format(place=f"{name}, “words.{word}”", n=len(texts), wanted=place + 1))
            values[word] = fill(texts[place], values, f"{name}, “words.{word}”")
    return values


def _written_hints(item: Wording | TrueFalse) -> tuple[str, ...]:
    return tuple(map(str, item.hints))


def _true_false(item: TrueFalse) -> Exercise:
    key, other = (0, 1) if item.answer else (1, 0)
    wrong, hints = Distractor(other, item.misconception, str(item.why)), _written_hints(item)
    return Exercise(str(item.stem), key, str(item.why), [wrong], [_("True"), _("False")], tolerance=0, hints=hints)


def _number(item: Number) -> Exercise:
    assert item.answer is not None
    known = [Distractor(d.answer, d.misconception, str(d.why)) for d in item.distractors]
    unit = str(item.unit or "")
    question, worked, hints = str(item.stem), str(item.worked), _written_hints(item)
    e = Exercise(question, item.answer, worked, known, unit=unit, tolerance=item.tolerance, hints=hints)
    return in_unit(e, item.unit)


def _choice(item: Choice, random: Random) -> Exercise:
    """Return a choice with its options in an order of its own; the key is as likely in each place."""
    order: list[Option] = random.sample(item.options, len(item.options))
    key = next(place for place, option in enumerate(order) if option.correct)
    wrong = [Distractor(n, o.misconception or "", str(o.why)) for n, o in enumerate(order) if n != key]
    options, hints = [str(option.text) for option in order], _written_hints(item)
    return Exercise(str(item.stem), key, str(order[key].why), wrong, options, tolerance=0, hints=hints)


def as_choice(
    generate: Generator,
    random: Random,
    name: str,
    tolerance: float = 0.005,
    unit: str = "",
    asked: Rounding | None = None,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> Drawn:
    """Return what is drawn as a choice whose key is as likely to be the lowest, a middle or the highest option.

    The key's rank is drawn first; numbers are drawn until that many misconceptions lead below the key and the rest
    above it, all far enough apart, as they read once they are rounded as ``asked`` for, and ``within`` bounds.
    """
    rank = random.randrange(OPTIONS)
    for _attempt in range(ATTEMPTS):
        drawn = numbers(generate, random, tolerance, name)
        if drawn.options:
            return _shuffled(drawn, random)
        sensible = [d for d in drawn.distractors if within[0] <= d.answer <= within[1]]
        if others := _around(replace(drawn, distractors=sensible), rank, random, tolerance, asked):
            return _of_numbers(drawn, others, unit, asked)
    raise RuntimeError(f"{name}: no numbers with the key at rank {rank} in {ATTEMPTS} draws")


def _shuffled(drawn: Drawn, random: Random) -> Drawn:
    """Return a choice among words with its options in another order."""
    order = random.sample(range(len(drawn.options)), len(drawn.options))
    wrong = [replace(d, answer=order.index(int(d.answer))) for d in drawn.distractors if d.answer in order]
    options = [drawn.options[n] for n in order]
    return replace(drawn, key=order.index(int(drawn.key)), distractors=wrong, options=options)


def _around(
    drawn: Drawn, rank: int, random: Random, tolerance: float, asked: Rounding | None = None
) -> list[Distractor]:
    """Return distractors with ``rank`` answers below the key and the others above it, or none if there are not."""
    below, above, chosen, answers = rank, OPTIONS - 1 - rank, list[Distractor](), [drawn.key]
    for distractor in random.sample(drawn.distractors, len(drawn.distractors)):
        low = distractor.answer < drawn.key
        if (below if low else above) and apart([*answers, distractor.answer], tolerance, SIDE_BY_SIDE):
            chosen.append(distractor)
            answers.append(distractor.answer)
            below, above = below - low, above - (not low)
    return [] if below or above or len(set(displayed(answers, asked))) < len(answers) else chosen


def _of_numbers(drawn: Drawn, others: Sequence[Distractor], unit: str, asked: Rounding | None = None) -> Drawn:
    """Return a choice among the key and the given wrong numbers, from the lowest to the highest."""
    ordered = sorted([Distractor(drawn.key), *others], key=lambda d: d.answer)
    key = next(place for place, one in enumerate(ordered) if one.answer == drawn.key)
    options = [measured(number, unit) for number in displayed([one.answer for one in ordered], asked)]
    wrong = [replace(one, answer=n) for n, one in enumerate(ordered) if n != key]
    return replace(drawn, key=key, distractors=wrong, options=options)


def displayed(values: Sequence[float], asked: Rounding | None = None) -> list[str]:
    """Return numbers as an examiner prints them: alike in decimals, four figures for the smallest, halves up.

    Where a question asks for a rounding, that is how they are printed.

    >>> displayed([1234.5, 12.345]), displayed([3, -40])
    (['1,234.50', '12.35'], ['3', '−40'])
    >>> displayed([51.8, 75], Rounding(1, at_least=False))
    ['51.8', '75.0']
    """
    if all(abs(value - round(value)) < 1e-9 for value in values):
        digits = 0
    else:
        smallest = min(abs(value) for value in values if value)
        digits = min(max(3 - math.floor(math.log10(smallest)), 0), 6)
        digits = min(digits, 2) if smallest >= 1 else digits
    if asked:
        digits = max(digits, asked.decimals) if asked.at_least else asked.decimals
    return [minus(f"{half_up(value, digits):,}") for value in values]
