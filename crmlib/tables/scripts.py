"""The seeded scripts in ``data/`` and the data sets that each of them makes."""

import runpy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from crmlib.core.paths import DATA


@dataclass(frozen=True)
class Script:
    """A script ``data/make_*.py``.

    Attributes:
        file: where it lies.
        seed: of the packaged data.
        tables: a seed → each data set that it makes, by name; without a seed the packaged ones.
        to_csv: a table → the text of its file.
        variant: a seed → a student's own tables; None where there are none.
    """

    file: Path
    seed: int
    tables: Callable[..., dict[str, pd.DataFrame]]
    to_csv: Callable[[pd.DataFrame], str]
    variant: Callable[[int], dict[str, pd.DataFrame]] | None


@cache
def read_script(file: Path) -> Script:
    """Return a script's functions; the scripts are no package.

    Raises:
        KeyError: it lacks ``SEED``, ``tables`` or ``to_csv``.
    """
    found = runpy.run_path(str(file))
    return Script(file, found["SEED"], found["tables"], found["to_csv"], found.get("variant"))


@cache
def packaged(script: Path) -> dict[str, pd.DataFrame]:
    """Return the data sets that a script makes with its own seed."""
    return read_script(script).tables()


def seeds(made: Script) -> set[str]:
    """Return the seeds that dictionaries may name: a script may draw each data set with one counted on from its own."""
    return {str(made.seed + n) for n in range(len(packaged(made.file)))}


def scripts() -> list[Path]:
    """Return all scripts that make data."""
    return sorted(DATA.glob("make_*.py"))


def maker_of(dataset: str) -> Script | None:
    """Return the script that makes a data set; None if there is none."""
    return next((read_script(script) for script in scripts() if dataset in packaged(script)), None)
