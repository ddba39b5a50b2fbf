"""A study: one model with its inputs declared once, as explorers, reruns, sweeps and exercises use it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pandas as pd

from crmlib.i18n import _
from crmlib.inputs import Inputs

I = TypeVar("I", bound=Inputs)  # noqa: E741
P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Measure:
    """One headline figure of a study: what it is called, its unit and its decimals."""

    label: str
    unit: str = ""
    digits: int = 0

    def title(self) -> str:
        """Return the label with its unit, translated."""
        return _("{label} ({unit})").format(label=_(self.label), unit=_(self.unit)) if self.unit else _(self.label)

    def shown(self, value: float) -> str:
        """Return a value rounded as declared; a figure that the data do not allow is a dash."""
        return "–" if math.isnan(value) else f"{value:,.{self.digits}f}"


@dataclass(frozen=True)
class Study(Generic[I, P, R]):
    """One model, declared once.

    Attributes:
        name: as the command line calls it.
        title: msgid.
        datasets: names of the packaged data sets it reads, the main one first.
        inputs: class of its inputs.
        prepare: a table for each data set → what is computed once for them.
        run: (prepared, inputs) → result; pure.
        headline: result → its headline figures, one a key of ``measures``.
        listing: result → the rows a reader wants to take home, as exported to CSV.
        measures: what those figures are.
        textbook: the inputs of the textbook case, where they differ from the defaults.
    """

    name: str
    title: str
    datasets: tuple[str, ...]
    inputs: type[I]
    prepare: Callable[..., P]
    run: Callable[[P, I], R]
    headline: Callable[[R], dict[str, float]]
    listing: Callable[[R], pd.DataFrame]
    measures: Mapping[str, Measure]
    textbook: Mapping[str, Any] = field(default_factory=dict)

    def answer(self, *tables: pd.DataFrame, **values: Any) -> R:
        """Run the study on its tables with the given inputs; the others keep their defaults."""
        return self.run(self.prepare(*tables), self.inputs(**values))

    def headline_table(self, results: Mapping[str, R]) -> pd.DataFrame:
        """Return the headline figures, a row each, a column for each named result, rounded as declared."""
        columns = {name: self.headline(result) for name, result in results.items()}
        rows = {m.title(): [m.shown(figures[key]) for figures in columns.values()] for key, m in self.measures.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).rename_axis(_("Figure"))

    def beside_default(self, default: R, result: R, name: str = "") -> pd.DataFrame:
        """Return the headline figures of a case page beside those of the default inputs."""
        return self.headline_table({_("Default"): default, name or _("This page"): result})
