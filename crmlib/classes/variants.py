"""A student's own variant of a study: seeded data, drawn inputs, and the headline figures asked for.

A student's seeds are made from the secret of the class and the student's number, with a keyed hash (HMAC-SHA256): who
knows one student's data, or even one student's seed, can tell nothing about another's.
"""

import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from crmlib.chapters import Recipe, chapters
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs
from crmlib.core.paths import DATA
from crmlib.core.study import Study
from crmlib.support.files import atomic_write
from crmlib.tables import data
from crmlib.tables.scripts import read_script

MOST_DRAWS = 200


@dataclass(frozen=True)
class Variant:
    """What one student gets, and what follows from it.

    Attributes:
        inputs: the drawn ones over the study's defaults.
        result: of the study, on the files that the student gets.
        figures: all headline figures of the study.
    """

    inputs: Inputs
    result: Any
    figures: Mapping[str, float]


def recipe(study: Study[Any, Any, Any]) -> Recipe:
    """Return how variants of a study are made.

    Raises:
        UserError: nobody has said yet how.
    """
    recipes = {name: known for chapter in chapters().values() for name, known in chapter.recipes.items()}
    if study.name not in recipes:
        said = _("There are no students' own data for the study “{study}”; there are for: {names}.")
        raise UserError(said.format(study=study.name, names=", ".join(recipes)))
    return recipes[study.name]


def make(study: Study[Any, Any, Any], secret: str, student: str, folder: Path) -> Variant:
    """Write a student's own data files into ``folder`` and return the variant; the same arguments give the same bytes.

    The study runs on the files as they are read back, so the figures are those of what the student gets.

    Args:
        study: one with a recipe.
        secret: of the class.
        student: the student's number.
        folder: an empty folder; a file ``<data set>.csv`` is written for each data set.

    Raises:
        OSError: the folder cannot be written to.
    """
    variant = read_script(DATA / f"{recipe(study).script}.py").variant
    assert variant, f"{study.name}: its script makes no student's own tables"
    tables = variant(_seed(secret, f"data {study.name}", student) % 2**31)
    for name in study.datasets:
        atomic_write(folder / f"{name}.csv", data.csv_text(tables[name]))
    prepared = study.prepare(*(data.read(folder / f"{name}.csv", name).frame for name in study.datasets))
    draw = Random(_seed(secret, f"inputs {study.name}", student))
    for _attempt in range(MOST_DRAWS):
        inputs = drawn(study, draw)
        result = study.run(prepared, inputs)
        figures = study.headline(result)
        if not any(math.isnan(figures[name]) for name in recipe(study).asked):
            return Variant(inputs, result, figures)
    raise RuntimeError(f"{study.name}: no inputs were found for which every figure asked for is defined")


def drawn(study: Study[Any, Any, Any], draw: Random) -> Inputs:
    """Return inputs of the study with those of its recipe drawn, each on its own steps."""
    values: dict[str, Any] = {}
    for name, (low, high) in recipe(study).drawn.items():
        setting = study.inputs.setting_of(name)
        step = setting.step or 1
        value = low + step * draw.randrange(round((high - low) / step) + 1)
        values[name] = setting.kind(round(value, 9))
    inputs: Inputs = study.inputs(**values)
    return inputs


def _seed(secret: str, purpose: str, student: str) -> int:
    """Return a whole number of 256 bits that cannot be told without the secret."""
    return int.from_bytes(hmac.digest(secret.encode(), f"{purpose}\0{student}".encode(), "sha256"))
