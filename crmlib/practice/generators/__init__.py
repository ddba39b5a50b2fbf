"""Generators: what draws the numbers of a chapter's exercises, a module a topic.

Each draws values, takes the key from the chapter's model and the answer of each distractor from a named misconception.
What an exercise says stands in ``casebook/items/<topic>.yaml``.
"""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from crmlib.chapters import chapters
from crmlib.practice.exercise import Generator

_modules = {found.name for found in pkgutil.iter_modules(__path__)}
GENERATORS: Mapping[str, Mapping[str, Generator]] = {
    topic: import_module(f"{__name__}.{topic}").GENERATORS for topic in chapters() if topic in _modules
}
"""By topic and name, in the order of the book and in that in which a chapter asks."""
