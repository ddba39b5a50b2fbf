"""Generators on the customer file: a part of :mod:`crmlib.chapters.tiers.exercises`."""

from random import Random

import numpy as np

from crmlib.chapters.tiers.models import customer_file as model
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors

EACH = 4
"""Fields of each kind of data."""
EQUAL = np.full(len(model.KINDS), 1 / len(model.KINDS))


def _figures(filled: list[int], fresh: list[int]) -> tuple[float, float]:
    """Return completeness and freshness of one card, from the numbers of its fields by kind."""

    def marks(counts: list[int]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        return np.array([[place < count for count in counts for place in range(EACH)]])

    completeness, freshness = model.scores(marks(filled), marks(fresh), EQUAL)
    return float(completeness[0]), float(freshness[0])


def freshness(draw: Random) -> Drawn:
    """Compute the freshness of one card from how many fields of each kind are filled in and fresh."""
    while True:
        filled = [draw.choice([2, 3, 4]) for _kind in model.KINDS]
        fresh = [draw.randrange(n + 1) for n in filled]
        there, new = sum(filled), sum(fresh)
        if there in (8, 10, 12) and 0 < new < there:
            break
    completeness, key = _figures(filled, fresh)
    values = {
        "pairs": [f"{a}, {b}" for a, b in zip(filled, fresh, strict=True)],
        "filled": " + ".join(map(str, filled)),
        "there": there,
        "fresh": " + ".join(map(str, fresh)),
        "new": new,
        "key": key,
    }
    found = {
        "completeness_given": completeness,
        "over_all_fields": 100 * new / (EACH * len(model.KINDS)),
        "stale_share": 100 - key,
        "kinds_with_fresh": 100 * sum(n > 0 for n in fresh) / len(fresh),
        "mean_of_kinds": 100 * sum(b / a for a, b in zip(filled, fresh, strict=True)) / len(fresh),
    }
    return Drawn(values, key, distractors(found))


CARDS = 6


def usable_cards(draw: Random) -> Drawn:
    """Count the cards that can be used: complete, up to date, exactly one person in charge."""
    complete, fresh = draw.choice([70, 75, 80]), draw.choice([50, 60])
    while True:
        cards = [_card(draw, complete, fresh) for _card_ in range(CARDS)]
        counts = _counted(cards, complete, fresh)
        if 0 < counts["key"] < CARDS and counts["key"] != counts["nobody_looked_at"]:
            break
    values = {
        "complete": complete,
        "fresh": fresh,
        "cards": [f"{c}%, {f}%, {n}" for c, f, n in cards],
        "incomplete": sum(c < complete for c, _f, _n in cards),
        "stale": sum(c >= complete and f < fresh for c, f, _n in cards),
        "not_one": sum(c >= complete and f >= fresh and n != 1 for c, f, n in cards),
        "all": CARDS,
        "key": counts["key"],
    }
    return Drawn(values, counts["key"], _distinct(counts, draw))


def _card(draw: Random, complete: int, fresh: int) -> tuple[int, int, int]:
    """Return completeness, freshness and people in charge of a card, some of them exactly on their line."""
    return (
        draw.choice([complete, *range(50, 101, 5)]),
        draw.choice([fresh, *range(30, 101, 5)]),
        draw.choices([0, 1, 2], [15, 65, 20])[0],
    )


def _counted(cards: list[tuple[int, int, int]], complete: int, fresh: int) -> dict[str, int]:
    """Return how many cards can be used, and how many it seems to be by each misconception."""
    return {
        "key": sum(c >= complete and f >= fresh and n == 1 for c, f, n in cards),
        "nobody_looked_at": sum(c >= complete and f >= fresh for c, f, _n in cards),
        "several_allowed": sum(c >= complete and f >= fresh and n >= 1 for c, f, n in cards),
        "complete_alone": sum(c >= complete and n == 1 for c, _f, n in cards),
        "line_excluded": sum(c > complete and f > fresh and n == 1 for c, f, n in cards),
        "unusable_counted": sum(not (c >= complete and f >= fresh and n == 1) for c, f, n in cards),
        "one_fault_allowed": sum((c >= complete) + (f >= fresh) + (n == 1) >= 2 for c, f, n in cards),
    }


def _distinct(counts: dict[str, int], draw: Random) -> list[Distractor]:
    """Return one misconception for each wrong count, any of those that lead to it."""
    names = sorted(set(counts) - {"key"})
    found: dict[int, Distractor] = {}
    for name in draw.sample(names, len(names)):
        if counts[name] != counts["key"]:
            found.setdefault(counts[name], Distractor(counts[name], name))
    return list(found.values())


FILE_GENERATORS: tuple[Generator, ...] = (freshness, usable_cards)
