"""How live figures reach the browser: the one place that knows, with :mod:`crmlib.plotting.library`.

A :class:`Board` holds all figures of an explorer, so that a move is one message of a few kB. It does not carry
plotly.js; that is sent once per kernel, gzipped, by a library that all boards share. What the kernel holds is always
what the browser shows, so a reloaded page is right without a helper.

A :class:`Frame` draws a board. It is a widget apart, and never sent a message: anywidget gives a model two seconds to
be loaded and passes it none after that, so that on a slow computer the pictures would stay as they are for good.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from ipywidgets import Widget, widget_serialization

from crmlib.core.i18n import _
from crmlib.plotting.library import LIVE, Library, library
from crmlib.plotting.template import DARK, TEMPLATE, config
from crmlib.support.html_table import html

if TYPE_CHECKING:
    from crmlib.plotting.theme import Chart


class Board(Widget):  # type: ignore[misc]
    """Figures, headline figures and remarks, updated in place.

    Args:
        tables: whether each figure has a table of its values that opens.

    Attributes:
        turn: grows when another control is moved than before; the page then remembers what it shows, to compare with.
        tables: by place of the figure, the table of its values as HTML, where it is open.
    """

    library = traitlets.Instance(Library).tag(sync=True, **widget_serialization)
    light = traitlets.Dict().tag(sync=True)
    dark = traitlets.Dict().tag(sync=True)
    config = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)
    figures: Any = traitlets.List().tag(sync=True)
    facts: Any = traitlets.List().tag(sync=True)
    changes: Any = traitlets.List().tag(sync=True)
    remarks: Any = traitlets.List().tag(sync=True)
    tables = traitlets.Dict().tag(sync=True)

    def __init__(self, tables: bool = True) -> None:
        self._charts: Sequence[Chart] = ()
        self._open: frozenset[int] = frozenset()
        words = {
            "values": _("Table of values") if tables else "",
            "facts": _("Headline figures"),
            "gone": _("The kernel was restarted or is gone: run this cell again (Shift+Enter)."),
            "sorry": _("The chart could not be drawn in this browser; the figures above are right."),
        }
        super().__init__(library=library(), light=TEMPLATE, dark=DARK, config=config(), words=words)

    def show(
        self,
        charts: "Iterable[Chart]",
        facts: Iterable[tuple[str, str]] = (),
        remarks: Iterable[str] = (),
        changes: Iterable[str] = (),
        turn: int = 0,
    ) -> None:
        """Show other figures in place of the last ones, in one message.

        Args:
            charts: the figures.
            facts: headline figures, label and value.
            remarks: translated sentences.
            changes: of each headline figure, how it differs from before; empty if it does not.
            turn: see above.
        """
        self._charts = tuple(charts)
        figures = [light(chart) for chart in self._charts]
        with self.hold_sync():
            self.figures = figures
            self.facts = [list(fact) for fact in facts]
            self.remarks = list(remarks)
            self.changes = list(changes)
            self.turn = turn
            self.tabulate(self._open)

    def tabulate(self, places: Iterable[int]) -> None:
        """Show the tables of these figures, and of no others."""
        self._open = frozenset(places)
        shown = {place: chart for place, chart in enumerate(self._charts) if place in self._open}
        self.tables = {str(place): html(chart.table()) for place, chart in shown.items()}


class Frame(anywidget.AnyWidget):
    """A board as it is drawn on the page.

    Attributes:
        opened: places of the figures whose table is open; the page says so.
    """

    _esm = LIVE
    _css = LIVE.with_suffix(".css")
    board = traitlets.Instance(Board).tag(sync=True, **widget_serialization)
    opened: Any = traitlets.List().tag(sync=True)

    def __init__(self, board: Board):
        super().__init__(board=board)
        self.observe(lambda change: board.tabulate(change["new"]), "opened")


def live(chart: "Chart") -> Frame:
    """Return a chart alone, as a page with a kernel draws it; its table stands in the cell's output."""
    board = Board(tables=False)
    board.show([chart])
    return Frame(board)


def light(chart: "Chart") -> dict[str, Any]:
    """Return a chart as the page needs it: the template went ahead with the board."""
    return {**chart.spec, "alt": chart.alt, "title": chart.title()}
