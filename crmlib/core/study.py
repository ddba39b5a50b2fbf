"""A study: one model with its inputs declared once, as explorers, reruns, sweeps and exercises use it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pandas as pd

from crmlib.core.figures import figure, minus
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs

I = TypeVar("I", bound=Inputs)  # noqa: E741
P = TypeVar("P")
R = TypeVar("R")


ROOM = 21
"""So many characters stand beside one another: a figure, what it was, the change. Of longer ones the change alone."""


@dataclass(frozen=True)
class Measure:
    """One headline figure of a study: what it is called, its unit and its decimals."""

    label: str
    unit: str = ""
    digits: int = 0

    def title(self) -> str:
        """Return the label with its unit, translated; a unit that the label names is not said twice."""
        label, unit = _(self.label), _(self.unit)
        if not unit or unit.casefold() in label.casefold().split():
            return label
        return _("{label} ({unit})").format(label=label, unit=unit)

    def shown(self, value: float) -> str:
        """Return a value rounded as declared; nought has no sign, a figure that the data do not allow is a dash."""
        return figure(value, self.digits)

    def change(self, before: float, now: float) -> str:
        """Return what a value was before and how much it moved, both as shown; empty where nothing is seen to move.

        Of figures too long to stand beside one another it is how much the value moved.
        """
        was = self.shown(before)
        if was == self.shown(now):
            return ""
        if math.isnan(before) or math.isnan(now):
            return _("(was {before})").format(before=was)
        moved = minus(f"{round(now, self.digits) - round(before, self.digits):+,.{self.digits}f}")
        if len(was) + len(moved) + len(self.shown(now)) > ROOM:
            return _("({moved})").format(moved=moved)
        return _("(was {before}, {moved})").format(before=was, moved=moved)


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
        first: names of the inputs that a beginner needs; an explorer folds the others away.
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
    first: tuple[str, ...] = ()

    def answer(self, *tables: pd.DataFrame, **values: Any) -> R:
        """Run the study on its tables with the given inputs; the others keep their defaults."""
        return self.run(self.prepare(*tables), self.inputs(**values))

    def headline_table(self, results: Mapping[str, R]) -> pd.DataFrame:
        """Return the headline figures, a row each, a column for each named result, rounded as declared."""
        columns = {name: self.headline(result) for name, result in results.items()}
        rows = {m.title(): [m.shown(figures[key]) for figures in columns.values()] for key, m in self.measures.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).rename_axis(_("Figure"))

    def by_choice(self, prepared: P, inputs: I, name: str, *keys: str) -> pd.DataFrame:
        """Return some headline figures by each choice of one input, the others as they are; a row a choice."""
        how = self.inputs.setting_of(name)
        results = {how.shown(one): self.run(prepared, inputs.replace(**{name: one})) for one in how.choices}
        rows = self.headline_table(results).loc[[self.measures[key].title() for key in keys]]
        return rows.T.rename_axis(index=_(how.label), columns=None)

    def beside_default(self, default: R, result: R, name: str = "") -> pd.DataFrame:
        """Return the headline figures of a case page beside those of the default inputs."""
        return self.headline_table({_("Default"): default, name or _("This page"): result})
