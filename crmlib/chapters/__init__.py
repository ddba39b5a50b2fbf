"""The chapters, found by scanning this folder: nothing else in the project lists them.

A chapter is a folder: ``models/`` and ``charts/``, ``explorers.py``, and ``chapter.py``, which holds one
:class:`Chapter` called ``CHAPTER``. Chapters do not import one another.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from crmlib.core.paths import SOURCES
from crmlib.core.study import Study


@dataclass(frozen=True)
class Recipe:
    """How each student of a class gets data and inputs of her own.

    Attributes:
        script: the generator in ``data/``; its ``variant(seed)`` gives a table for each data set of the study.
        drawn: the inputs that differ from student to student, with the least and the greatest value drawn.
        asked: the headline figures that students are asked for.
    """

    script: str
    drawn: Mapping[str, tuple[float, float]]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Taught:
    """What a chapter has on one row of the syllabus, ``casebook/syllabus.yaml``; several may teach the same row.

    Attributes:
        row: its id, such as ``S-07``.
        sections: English headings of the sections that explain it, in any of the chapter's notebooks.
        items: the items that ask it, by what stands behind the topic in their names.
        studies: those of the chapter that compute it; their explorers move it, their data sets show it.
        cases: cases about it; ``bank_tiers.fairness`` is one question of a case.
    """

    row: str
    sections: tuple[str, ...]
    items: tuple[str, ...]
    studies: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes:
        number: of the chapter in the book.
        topic: the name of its folder, and of its file in ``casebook/items``.
        title: msgid, as the table of contents has it.
        about: msgid of what it is about, in a few words.
        step: message of what it is on the way through the course, in a word or two: a station of the course's map.
        asks: msgid of what this step asks.
        studies: its models; the first is the one its case and its class sheets are about.
        recipe: of the class sheets.
        further: recipes of the further studies that have a case of their own, by the study's name.
        rows: what it teaches of the syllabus.
    """

    number: int
    topic: str
    title: str
    about: str
    step: str
    asks: str
    studies: tuple[Study[Any, Any, Any], ...]
    recipe: Recipe
    further: Mapping[str, Recipe] = field(default_factory=dict)
    rows: tuple[Taught, ...] = ()

    @property
    def recipes(self) -> dict[str, Recipe]:
        """The recipes of its class sheets, by the study's name; that of the first study comes first."""
        return {self.studies[0].name: self.recipe, **self.further}

    @property
    def notebook(self) -> str:
        """The name of its notebook, such as ``02_tiers``; of its first, if it has several parts."""
        return f"{self.number:02}_{self.topic}"

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of its notebooks: the first, then one for each further part, found in ``notebooks/src``.

        A further part is called after the study that it is about: ``08_distributors_motivation``.
        """
        return (self.notebook, *sorted(path.stem for path in SOURCES.glob(f"{self.notebook}_*.md")))

    def part(self, notebook: str) -> str:
        """Return what one of its notebooks adds to the name of the first: ``motivation``; nothing for the first."""
        return notebook.removeprefix(self.notebook).removeprefix("_")

    def study(self, notebook: str) -> Study[Any, Any, Any]:
        """Return the study that one of its notebooks is about; the first for one called after none of them."""
        return next((study for study in self.studies if study.name == self.part(notebook)), self.studies[0])

    def explores(self, study: str) -> str:
        """Return what makes the explorer of a study: ``explore`` for the first, else ``explore_<study>``."""
        return "explore" if study == self.studies[0].name else f"explore_{study}"

    def explore(self, study: str, *tables: Any, **inputs: Any) -> Any:
        """Return the explorer of a study, which ``explorers.py`` makes."""
        return getattr(import_module(f"{__name__}.{self.topic}.explorers"), self.explores(study))(*tables, **inputs)

    def modules(self) -> Iterator[ModuleType]:
        """Yield all modules of the chapter."""
        package = import_module(f"{__name__}.{self.topic}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(found.name)


@cache
def chapters() -> Mapping[str, Chapter]:
    """Return the chapters by topic, in the order of the book."""
    folders = [found.name for found in pkgutil.iter_modules(__path__) if found.ispkg]
    found: list[Chapter] = [import_module(f"{__name__}.{folder}.chapter").CHAPTER for folder in folders]
    return {chapter.topic: chapter for chapter in sorted(found, key=lambda chapter: chapter.number)}


def chapter_in(notebook: str) -> Chapter | None:
    """Return the chapter that a notebook, such as ``02_tiers``, teaches; None for any other notebook."""
    return next((chapter for chapter in chapters().values() if notebook in chapter.notebooks), None)


def chapter_of(study: str) -> Chapter:
    """Return the chapter of a study.

    Raises:
        KeyError: no chapter has a study of this name.
    """
    for chapter in chapters().values():
        if any(one.name == study for one in chapter.studies):
            return chapter
    raise KeyError(study)
