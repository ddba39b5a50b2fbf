"""A table pasted from a spreadsheet: factors, weights and candidates of the student's own, as data and a rule.

The first row names the factors, a row called weight (权重) may give their weights, every other row is a candidate with
a score for each factor. Cells are separated by tabs, semicolons or commas. What is wrong is said in one sentence each,
with row and column as the spreadsheet numbers them.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from pydantic import create_model

from crmlib.chapters.distributors.models import distributors as model
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import setting, shorten
from crmlib.core.study import Study
from crmlib.formulas.arrays import Floats
from crmlib.tables import sheet, values
from crmlib.tables.data import TableError

WEIGHT_ROW = ("weight", "weights", "权重", "权数", "权")
"""What the first cell of the row of weights may say."""
MOST_FACTORS, MOST_CANDIDATES, MOST_SCORE = 20, 60, 1_000_000
OF_THE_CASE = ("favour", "consistency")
"""Headline figures that need an area manager or pairwise judgements: no table of one's own has them."""


class OwnSelection(model.Selection):
    """The rule for a table of one's own; a weight and a minimum for each of its factors are added by :func:`rule`."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse AHP, which has no pairwise judgements to work on."""
        yield from super().problems()
        if self.weights_from == "ahp":
            yield "weights_from", _("A table of your own has no pairwise judgements, so AHP has nothing to work on.")


@dataclass(frozen=True)
class Pasted:
    """A table as pasted: names of candidates and factors, weights, and scores (candidates × factors)."""

    names: list[str]
    factors: list[str]
    weights: list[float]
    scores: Floats


def separator(text: str) -> str:
    """Return what separates the cells: a tab if there is one, else a semicolon, else a comma."""
    return next((sign for sign in "\t;" if sign in text), ",")


def rows(text: str) -> list[list[str]]:
    """Return the cells of a text, without outer blanks; for a grid to show."""
    found, _faults = sheet.split(_plain(text), separator(_plain(text)))
    return [[cell.strip() for cell in line] for line in found.values() if any(cell.strip() for cell in line)]


def text(grid: list[list[str]]) -> str:
    """Return cells as text with tabs between them, which :func:`parse` reads back."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in grid)


def _plain(text: str) -> str:
    """Put full-width separators, as a Chinese keyboard types them, into plain ones."""
    return text.strip("\ufeff\r\n").replace("，", ",").replace("；", ";")


def parse(text: str) -> Pasted:
    """Read a pasted table.

    Raises:
        TableError: a DataError with a sentence for each problem.
    """
    if not text.strip():
        raise DataError(_("There is no table yet: write or paste one, the factors in the first row."))
    read = sheet.arrange(*sheet.split(_plain(text), separator(_plain(text))))
    table = read.cells
    problems = [str(fault) for fault in read.faults.values()]
    corner, *factors = [str(name) for name in table.columns]
    first = table[corner].astype(str).str.strip()
    is_weight = first.str.casefold().isin(WEIGHT_ROW)
    problems += _shape(factors, first[~is_weight], is_weight)
    numbers = pd.DataFrame(0.0, index=table.index, columns=factors)
    for row in table.index:
        for factor in factors:
            try:
                numbers.at[row, factor] = _score(str(table.at[row, factor]))
            except ValueError as why:
                said = _("Row {row}, column “{column}”: {fault}")
                problems.append(said.format(row=row, column=shorten(factor), fault=why))
    weights = numbers[is_weight].iloc[0].tolist() if is_weight.any() else [10.0] * len(factors)
    if not problems and not sum(weights):
        problems.append(_("All weights are zero. Give at least one factor a weight."))
    if problems:
        raise TableError(problems)
    return Pasted(first[~is_weight].tolist(), factors, weights, numbers[~is_weight].to_numpy(np.float64))


def _shape(factors: list[str], names: pd.Series, is_weight: pd.Series) -> Iterator[str]:
    """Yield what is wrong with the table as a whole: its size and its names."""
    if not factors:
        yield _("Row 1 names no factor: cells are separated by tabs, semicolons or commas.")
    if len(factors) > MOST_FACTORS:
        yield _("There are {n} factors; at most {most} can be weighed.").format(n=len(factors), most=MOST_FACTORS)
    if is_weight.sum() > 1:
        yield _("There is more than one row of weights: rows {rows}.").format(
            rows=", ".join(str(row) for row in is_weight.index[is_weight])
        )
    if names.empty:
        yield _("There is no candidate below the first row.")
    if len(names) > MOST_CANDIDATES:
        yield _("There are {n:,} candidates; at most {most} can be compared.").format(
            n=len(names), most=MOST_CANDIDATES
        )
    for row in names.index[names == ""]:
        yield _("Row {row}: the first cell must name the candidate.").format(row=row)
    for name, times in Counter(names[names != ""]).items():
        if times > 1:
            alike = ", ".join(str(row) for row in names.index[names == name])
            yield _("Rows {rows} name the same candidate “{name}”.").format(rows=alike, name=shorten(name))


def _score(text: str) -> float:
    """Return the number in a cell, or raise ValueError with the reason as a sentence."""
    if not text.strip():
        raise ValueError(_("the value is missing."))
    value = values.value(text, "number")
    assert isinstance(value, float)
    if value < 0:
        raise ValueError(_("{value} is too small: {bound} is the least allowed.").format(value=shorten(text), bound=0))
    if value > MOST_SCORE:
        said = _("{value} is too large: {bound} is the most allowed.")
        raise ValueError(said.format(value=shorten(text), bound=f"{MOST_SCORE:,}"))
    return value


def rule(pasted: Pasted) -> type[OwnSelection]:
    """Return the class of inputs for a table: a weight and a minimum for each of its factors, on fitting scales."""
    top, best = max(pasted.weights), float(pasted.scores.max())
    most = 1 if top <= 1 else max(100, math.ceil(top))
    weigh: dict[str, Any] = {"low": 0, "high": most, "step": step(pasted.weights, 0.01 if most == 1 else 1.0)}
    least: dict[str, Any] = {"low": 0, "high": max(math.ceil(best), 1), "step": 0.1 if best <= 10 else 1.0}
    fields: dict[str, Any] = {}
    for number, (factor, weight) in enumerate(zip(pasted.factors, pasted.weights, strict=True), 1):
        label = _("Weight of {factor}").format(factor=factor)
        fields[f"factor_{number}_weight"] = (float, setting(weight, label, **weigh))
    for number, factor in enumerate(pasted.factors, 1):
        label = _("Least {factor}").format(factor=factor)
        fields[f"factor_{number}_min"] = (float, setting(0, label, group=N_("Vetoes"), **least))
    made: type[OwnSelection] = create_model("OwnRule", __base__=OwnSelection, **fields)
    return made


def step(values: list[float], most: float) -> float:
    """Return a slider's step, ``most`` or a tenth of it as often as the decimals of the values need.

    >>> step([0.7, 0.3], 0.01), step([12.5, 3.0], 1.0)
    (0.01, 0.1)
    """
    decimals = max(-int(Decimal(repr(v)).normalize().as_tuple().exponent) for v in values)
    return min(most, float(f"1e-{max(decimals, 0)}"))


def candidates(pasted: Pasted) -> model.Candidates:
    """Return the candidates of a table, in one scorer's eyes and without pairwise judgements."""
    names = np.array(pasted.names, dtype=object)
    facts = pd.DataFrame(index=pd.Index(names, name="candidate_id"))
    return model.Candidates(names, names, names, facts, tuple(pasted.factors), ("own",), pasted.scores[None], None)


def study(pasted: Pasted) -> Study[Any, model.Candidates, model.Choice]:
    """Return the study of distributor selection, with a table's own factors for inputs."""
    base: Study[Any, model.Candidates, model.Choice] = model.STUDY
    inputs = rule(pasted)
    weights = [s.name for s in inputs.settings() if s.name.endswith("_weight")]
    measures = {key: m for key, m in model.STUDY.measures.items() if key not in OF_THE_CASE}
    return replace(
        base,
        inputs=inputs,
        datasets=(),
        prepare=lambda: candidates(pasted),
        measures=measures,
        textbook={},
        first=("weights_from", "method", *weights[:3]),
    )
