"""The explorers of distributor selection, also fed by a table of one's own, of the tiered rebate and the discounts."""

from collections.abc import Sequence
from typing import Any

import ipywidgets as w
import pandas as pd

from crmlib.chapters.distributors import pasted
from crmlib.chapters.distributors.charts import discounts as discounts_charts
from crmlib.chapters.distributors.charts import distributors as charts
from crmlib.chapters.distributors.charts import motivation as motivation_charts
from crmlib.chapters.distributors.models import discounts, motivation
from crmlib.chapters.distributors.models import distributors as model
from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.explorer.base import Explorer
from crmlib.explorer.controls import Panel, button
from crmlib.plotting.theme import Chart, safe
from crmlib.support.html_table import em
from crmlib.tables.data import load

WIDEST, LONGEST = 12, 16
"""Columns and rows that the grid of cells shows; a larger table is edited as text."""
FRAME = 2
"""What a cell takes beside its text, in em."""


class DistributorExplorer(Explorer[Any, model.Candidates, model.Choice]):
    """An explorer that also says what the result has to say: ties, knock-outs, contradictions."""

    def remarks(self) -> list[str]:
        """Return what the inputs and the result have to say."""
        return [*super().remarks(), *model.notes(self.result)]


def _draw(c: model.Choice, _view: object) -> Sequence[Chart]:
    return [charts.ranking(c), charts.dethroning(c), charts.methods(c), charts.shares(c)]


def explore(
    distributors: pd.DataFrame | None = None, judgements: pd.DataFrame | None = None, **inputs: Any
) -> DistributorExplorer:
    """Return the explorer of distributor selection, on the case's candidates or your own.

    Args:
        distributors: scores in long form; the packaged ones if not given. The case and its scenarios belong to those.
        judgements: pairwise judgements of the eight factors; the packaged ones if not given.
        inputs: inputs to begin with, by name.
    """
    own = distributors is not None or judgements is not None
    return DistributorExplorer(
        model.STUDY,
        [
            load("distributors") if distributors is None else distributors,
            load("factor_judgements") if judgements is None else judgements,
        ],
        _draw,
        case=None if own else "distributors",
        inputs=model.DistributorRule(**inputs),
    )


def example() -> str:
    """Return the case's candidates as a table to begin with: factors, weights, and the mean score of each candidate."""
    c = model.choose(model.prepare(load("distributors"), load("factor_judgements")), model.DistributorRule())
    header = [_("Candidate"), *(_(f) for f in c.candidates.factors)]
    weights = [_("weight"), *(f"{v:g}" for v in c.raw)]
    lines = [[name, *(f"{v:.0f}" for v in c.scores[row])] for row, name in enumerate(c.candidates.names)]
    return pasted.text([header, weights, *lines])


class OwnTable(Panel):
    """A table to edit cell by cell or to paste over, and the explorer that it feeds.

    Attributes:
        explorer: the explorer of the last table that could be read; None before there was one.
        problems: what is wrong with the table now shown, a sentence each; empty if nothing is.
    """

    def __init__(self, table: str | None = None):
        self._grid, self._said = w.VBox(), w.HTML()
        self._text = w.Textarea(
            description=_("The table as text: paste from a spreadsheet, then press the button."),
            continuous_update=False,
            rows=7,
            layout={"width": "auto"},
            style={"description_width": "initial"},
        )
        self._text.add_class("crm-control")
        self._text.add_class("crm-paste")
        use, restore = button(_("Use this text")), button(_("Back to the case"))
        use.on_click(lambda _button: self.paste(self._text.value))
        restore.on_click(lambda _button: self.paste(example()))
        tools = w.HBox([use, restore])
        told = w.HTML(safe(_("Edit any cell: factors in the first row, a row called weight, then a row a candidate.")))
        self._above = (told, self._grid, self._text, tools, self._said)
        self.problems: list[str] = []
        self.explorer: DistributorExplorer | None = None
        super().__init__(self._above)
        self.add_class("crm-own-table")
        self._text.value = table if table is not None else example()
        self._feed()

    def paste(self, text: str) -> list[str]:
        """Show a table; if it can be read the explorer is fed with it, else the last good one stays.

        Returns:
            What is wrong with it, a sentence each.
        """
        self._text.value = text
        self._feed()
        return self.problems

    def _feed(self, redraw: bool = True) -> None:
        """Read the text, put it into the grid, and make the explorer of it or say what is wrong."""
        if redraw:
            self._fill(pasted.rows(self._text.value))
        try:
            read = pasted.parse(self._text.value)
        except DataError as refusal:
            self.problems = refusal.problems
        else:
            self.problems = []
            self.explorer = DistributorExplorer(pasted.study(read), [], _draw)
            self.children = (*self._above, self.explorer)
        lines = "<br>".join(safe(sentence) for sentence in self.problems[:20])
        self._said.value = f'<span role="alert" class="crm-problem">{lines}</span>' if lines else ""

    def _fill(self, rows: list[list[str]]) -> None:
        """Put the cells into a grid of text fields, if they fit."""
        wide = max((len(line) for line in rows), default=0)
        if not rows or wide > WIDEST or len(rows) > LONGEST:
            self._grid.children = ()
            return
        field = w.Layout(width="auto", min_width="0")
        plain = [line + [""] * (wide - len(line)) for line in rows]
        cells = [
            [
                w.Text(cell, continuous_update=False, layout=field, description=f"{line[0]} · {name}")
                for cell, name in zip(line, plain[0], strict=True)
            ]
            for line in plain
        ]
        for line in cells:
            for cell in line:
                cell.observe(lambda _change, cells=cells: self._edited(cells), "value")
        widths = [max(em(line[place]) for line in plain) + FRAME for place in range(wide)]
        columns = " ".join(f"minmax({width:g}em, 1fr)" for width in widths)
        grid = w.GridBox(
            [cell for line in cells for cell in line],
            layout=w.Layout(grid_template_columns=columns, grid_gap="2px 4px", width="100%", overflow="auto"),
        )
        grid.add_class("crm-cells")
        self._grid.children = (grid,)

    def _edited(self, cells: list[list[w.Text]]) -> None:
        self._text.value = pasted.text([[cell.value for cell in line] for line in cells])
        self._feed(redraw=False)

    def __repr__(self) -> str:
        return _("Your own table: run this cell (Shift+Enter) to edit it")

    def without_kernel(self) -> dict[str, Any]:
        """Return the first figure, for a page that has no kernel."""
        return self.explorer.without_kernel() if self.explorer else {}


def own_table(table: str | None = None) -> OwnTable:
    """Return a table to edit or paste over, with the explorer it feeds; it begins with the case's candidates."""
    return OwnTable(table)


def explore_motivation(
    depletions: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[motivation.LadderRule, motivation.Record, motivation.Motivation]:
    """Return the explorer of the tiered rebate, for the distributor of the packaged stock record or your own.

    Args:
        depletions: a stock record, a row a week; the packaged one if not given. The case belongs to that.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        motivation.STUDY,
        [load("depletions") if depletions is None else depletions],
        lambda m, _view: [
            motivation_charts.ladder(m),
            motivation_charts.comparison(m),
            motivation_charts.surplus(m),
            motivation_charts.stock(m),
        ],
        case="juice_rebate" if depletions is None else None,
        inputs=motivation.LadderRule(**inputs),
    )


def explore_discounts(**inputs: Any) -> Explorer[discounts.DiscountTerms, None, discounts.Bill]:
    """Return the calculator of the five discounts; it needs no data."""
    return Explorer(
        discounts.STUDY,
        [],
        lambda b, _view: [discounts_charts.waterfall(b), discounts_charts.forgoing(b)],
        inputs=discounts.DiscountTerms(**inputs),
    )
