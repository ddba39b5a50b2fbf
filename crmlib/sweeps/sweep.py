"""Sweeps: a study's pure function over a grid of inputs, without a kernel; a row a scenario.

A combination that the study refuses keeps its row, with empty figures and the reason. The data are prepared once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmlib.core.errors import UserError
from crmlib.core.study import Study
from crmlib.formulas.arrays import Bools, Floats
from crmlib.sweeps.grid import Grid, Row, plan_grid
from crmlib.tables import data

CHUNK = 200
"""Scenarios between two moves of the progress bar."""

AND = " | "
"""Stands between the reasons of a scenario that has several."""

Figures = tuple[Floats, Bools]
"""Scenarios × headline figures, and which scenarios were refused; their figures are nan."""
Advance = Callable[[int], object]
"""Is told how many scenarios are done since it was last told."""
Engine = Callable[[Grid, Any, Advance], Figures]
"""(grid, prepared data, progress) → figures, in the order of the grid's rows."""


def sweep(
    study: Study[Any, Any, Any],
    grid: Mapping[str, object],
    tables: Sequence[pd.DataFrame] | None = None,
    base: Mapping[str, Any] | None = None,
    random: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Run a study over a grid; return a row a scenario: the swept inputs, every headline figure, ``problem``.

    Args:
        study: what is swept.
        grid: input → a list, a range or ``"start:stop:step"``; see :func:`~crmlib.sweeps.grid.plan_grid`.
        tables: a table for each of the study's data sets; the packaged ones if not given.
        base: inputs that differ from the defaults in every scenario.
        random: draw that many scenarios instead of taking every combination.
        seed: of the draws.

    Raises:
        UserError: something about the grid or the base is wrong, or the data cannot be prepared.

    >>> from crmlib.chapters.distributors.models.discounts import STUDY
    >>> terms = sweep(STUDY, {"cash_rate": "1:3:1", "net_days": [30, 60]}, base={"cash_days": 10})
    >>> terms[["cash_rate", "net_days", "annual"]].round(2).to_numpy().tolist()[:3]
    [[1.0, 30.0, 18.18], [1.0, 60.0, 7.27], [2.0, 30.0, 36.73]]
    """
    agreed = plan_grid(study, grid, base, random, seed)
    prepared = study.prepare(*(map(data.load, study.datasets) if tables is None else tables))
    return table(agreed, prepared)


def table(
    agreed: Grid, prepared: Any, advance: Advance = lambda _done: None, engine: Engine | None = None
) -> pd.DataFrame:
    """Run a sweep; return its table as :func:`sweep` does.

    An engine returns figures alone. Why a scenario was refused is asked here, so that it is said in the language
    spoken here, wherever the figures come from.
    """
    figures, refused = (engine or locally)(agreed, prepared, advance)
    said = [problem(agreed, prepared, row) if no else "" for row, no in zip(agreed.rows, refused, strict=True)]
    inputs = pd.DataFrame(agreed.rows, columns=[column(agreed.study, name) for name in agreed.values])
    answers = pd.DataFrame(figures, columns=list(agreed.study.measures))
    return pd.concat([inputs, answers], axis=1).assign(problem=pd.Series(said, dtype="str"))


def column(study: Study[Any, Any, Any], name: str) -> str:
    """Return the column of a swept input: its name, unless a headline figure is called the same."""
    return f"input_{name}" if name in study.measures else name


def locally(agreed: Grid, prepared: Any, advance: Advance) -> Figures:
    """Run a sweep in this process."""
    parts = []
    for start in range(0, len(agreed.rows), CHUNK):
        rows = agreed.rows[start : start + CHUNK]
        parts.append(figures(agreed.study, prepared, agreed.base, list(agreed.values), rows))
        advance(len(rows))
    return joined(parts)


def joined(parts: Sequence[Figures]) -> Figures:
    """Return the figures of consecutive chunks as one."""
    return np.concatenate([part for part, _refused in parts]), np.concatenate([refused for _part, refused in parts])


def figures(
    study: Study[Any, Any, Any], prepared: Any, base: Mapping[str, Any], names: Sequence[str], rows: Sequence[Row]
) -> Figures:
    """Return the headline figures of some scenarios, in the order of ``study.measures``."""
    found, refused = np.full((len(rows), len(study.measures)), np.nan), np.zeros(len(rows), dtype=bool)
    for place, row in enumerate(rows):
        try:
            result = study.run(prepared, study.inputs(**{**base, **dict(zip(names, row, strict=True))}))
            headline = study.headline(result)
        except UserError:
            refused[place] = True
        else:
            found[place] = [headline[key] for key in study.measures]
    return found, refused


def problem(agreed: Grid, prepared: Any, row: Row) -> str:
    """Return why the study refuses a scenario, as one line."""
    study = agreed.study
    try:
        inputs = study.inputs(**{**agreed.base, **dict(zip(agreed.values, row, strict=True))})
        study.headline(study.run(prepared, inputs))
    except UserError as refusal:
        return AND.join(refusal.problems)
    raise RuntimeError(f"a scenario was refused once and not twice: {row}")
