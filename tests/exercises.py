"""The exercises of every chapter as the tests draw them, and their keys by the chapter's oracle module."""

import re
from collections.abc import Callable
from importlib import import_module
from random import Random
from types import ModuleType

from crmlib.classes.assignment import READ_OFF
from crmlib.core.exercise import Exercise
from crmlib.core.paths import SOURCES
from crmlib.items.bank import bank
from crmlib.items.generators import GENERATORS
from crmlib.items.item import Choice, Number, Wording
from crmlib.learning.cards import Guess

EXERCISES: dict[str, Callable[[Random], Exercise]] = {
    f"{topic}.{name}": make for topic in GENERATORS for name, make in bank().exercises(topic).items()
}
"""By topic and name."""
TEXTS: dict[str, Wording] = {
    **{item.id: item for item in bank().items.values() if isinstance(item, Choice | Number) and item.generator},
    **{
        f"{name}.{text.generator}": text
        for name, parts in bank().topics.items()
        for part in parts
        for text in part.exercises
    },
}
"""What each says."""
BANKED = [name for name in EXERCISES if not name.partition(".")[2].startswith(READ_OFF)]
"""The exercises that the bank draws; the others read a figure off the explorer."""
PRINTED = re.compile(r"\d[\d,]*(?:\.\d+)?")
SLOW = 20
"""Exercises that solve a whole case for a key are drawn with every so many seeds."""


def draw(name: str, seed: int) -> Exercise:
    """Return an exercise as its chapter asks it."""
    return EXERCISES[name](Random(f"{name}:{seed}"))


def seeds(name: str, many: int) -> range:
    """Return the seeds with which an exercise is tried."""
    return range(0, many, 1 if name in BANKED else SLOW)


def chapter(topic: str) -> ModuleType:
    """Return the module with which a notebook asks the exercises of a topic."""
    return import_module(f"crmlib.learning.{topic}")


def exercises_in(notebook: str) -> list[str]:
    """Return the exercises that a notebook of a chapter asks, by name, in its order."""
    return re.findall(r'^exercises\.ask\("(\w+)"\)$', (SOURCES / f"{notebook}.md").read_text("utf-8"), re.MULTILINE)


def guesses(topic: str) -> list[Guess]:
    """Return the guesses that open the parts of a chapter."""
    made = vars(chapter(topic))
    return [made[name]() for name in made if name.partition("_")[0] == "guess"]


def banked(name: str, seed: int) -> Exercise:
    """Return an exercise as the bank asks it."""
    item = bank().item(name)
    assert isinstance(item, Choice | Number)
    return bank().exercise(item, seed)


def oracles(topic: str) -> set[str]:
    """Return the names of the exercises whose keys a topic's oracle module computes."""
    known = import_module(f"oracles_{topic}")
    return {*known.ORACLES, *getattr(known, "READERS", {})}


def oracle(name: str, question: str) -> float:
    """Return the key of an exercise by arithmetic of its own, from its question in English alone."""
    topic, _dot, short = name.partition(".")
    known = import_module(f"oracles_{topic}")
    if short in (readers := getattr(known, "READERS", {})):
        return float(readers[short](question))
    printed = getattr(known, "printed", numbers)
    return float(known.ORACLES[short](printed(question)))


def numbers(question: str) -> list[float]:
    """Return the numbers of a question as they stand in it."""
    return [float(found.replace(",", "")) for found in PRINTED.findall(question)]
