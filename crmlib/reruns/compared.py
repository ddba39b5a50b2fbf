"""The scenarios of a case compared: their headline figures, how far each is from the base, the inputs that differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from crmlib.core.i18n import _
from crmlib.core.inputs import Setting
from crmlib.core.study import Measure
from crmlib.reruns.rerun import Rerun


@dataclass(frozen=True)
class Compared:
    """Scenarios side by side; the first rerun is the base, and all belong to one case."""

    reruns: Sequence[Rerun]

    @property
    def measures(self) -> dict[str, Measure]:
        """The headline figures of the study."""
        return dict(self.reruns[0].study().measures)

    @property
    def titles(self) -> list[str]:
        """The titles of the scenarios."""
        return [agreed.title for agreed in self.reruns]

    @cached_property
    def figures(self) -> list[dict[str, float]]:
        """The headline figures of each scenario, by a direct call of the study."""
        return [agreed.study().headline(agreed.answer()) for agreed in self.reruns]

    def values(self, key: str) -> list[float]:
        """Return one headline figure of each scenario."""
        return [float(figures[key]) for figures in self.figures]

    def headlines(self) -> pd.DataFrame:
        """Return the headline figures, a column a scenario, rounded as declared."""
        rows = [[m.title(), *map(m.shown, self.values(key))] for key, m in self.measures.items()]
        return pd.DataFrame(rows, columns=[_("Figure"), *self.titles])

    def differences(self) -> pd.DataFrame:
        """Return how far each other scenario is from the base, in the figure's unit and in per cent of the base."""
        rows = []
        for key, measure in self.measures.items():
            base, *others = self.values(key)
            rows.append([measure.title(), measure.shown(base), *(_difference(measure, base, v) for v in others)])
        base_column = _("{scenario} (base)").format(scenario=self.titles[0])
        return pd.DataFrame(rows, columns=[_("Figure"), base_column, *self.titles[1:]])

    def inputs(self) -> list[tuple[Setting, list[Any]]]:
        """Return each input that is not the same in all scenarios, with its value in each."""
        return [(setting, values) for setting, values in self._inputs() if len(set(values)) > 1]

    def changed(self) -> list[tuple[Setting, Any]]:
        """Return each input that all scenarios have in common and that is not at its default."""
        return [(s, values[0]) for s, values in self._inputs() if len(set(values)) == 1 and values[0] != s.default]

    def _inputs(self) -> list[tuple[Setting, list[Any]]]:
        return [(s, [getattr(p.inputs, s.name) for p in self.reruns]) for s in self.reruns[0].inputs.settings()]

    def listing(self) -> pd.DataFrame:
        """Return all of it as a spreadsheet wants it: a row for each figure of each scenario."""
        rows = []
        for key, measure in self.measures.items():
            base = self.values(key)[0]
            for agreed, value in zip(self.reruns, self.values(key), strict=True):
                change, share = value - base, percent(base, value)
                rows.append((agreed.scenario, agreed.title, key, measure.title(), value, change, share))
        columns = ["scenario", "title", "figure", "label", "value", "difference", "difference_percent"]
        return pd.DataFrame(rows, columns=columns)


def percent(base: float, value: float) -> float:
    """Return the difference of a value from the base in per cent of the base's size; NaN where that is no number."""
    share = (value - base) / abs(base) * 100 if base else math.nan
    return share if math.isfinite(share) else math.nan


def _difference(measure: Measure, base: float, value: float) -> str:
    """Return a difference as the table shows it: with its sign, and in per cent of the base where that means anything.

    A difference that rounds away is 0, a figure that the data do not allow a dash. A figure that is itself in per cent
    differs by percentage points; a share of a share would be read wrongly and is left out.
    """
    change = value - base
    if math.isnan(change):
        return "–"
    shown = measure.shown(abs(change))
    if shown == measure.shown(0.0):
        return shown
    signed = ("+" if change > 0 else "−") + shown
    share = percent(base, value)
    if measure.unit == "%" or math.isnan(share):
        return signed
    return f"{signed} ({'+' if share > 0 else '−'}{abs(share):,.1f}%)"
