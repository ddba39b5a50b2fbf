"""Generators: what draws the numbers of a chapter's exercises, in ``exercises.py`` of its folder.

Each draws values, takes the key from the chapter's model and the answer of each distractor from a named misconception.
What an exercise says stands in ``casebook/items/<topic>.yaml``.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from crmlib.chapters import chapters
from crmlib.core.exercise import Generator

GENERATORS: Mapping[str, Mapping[str, Generator]] = {
    topic: import_module(f"crmlib.chapters.{topic}.exercises").GENERATORS
    for topic in chapters()
    if find_spec(f"crmlib.chapters.{topic}.exercises")
}
"""By topic and name, in the order of the book and in that in which a chapter asks."""
