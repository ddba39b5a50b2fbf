"""How live figures reach the browser: the one place that knows.

A :class:`Board` holds all figures of an explorer, so that a move is one message of a few kB. It does not carry
plotly.js; that is sent once per kernel, gzipped, by a :class:`Library` that all boards share. What the kernel holds is
always what the browser shows, so a reloaded page is right without a helper.

A :class:`Frame` draws a board. It is a widget apart, and never sent a message: anywidget gives a model two seconds to
be loaded and passes it none after that, so that on a slow computer the pictures would stay as they are for good.
"""

import gzip
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from ipywidgets import Widget, widget_serialization

from crmlib.charts.theme import CONFIG, TEMPLATE, Chart
from crmlib.i18n import N_, _

HERE = Path(__file__).parent
SORRY = N_("The chart could not be drawn in this browser; the figures above are right.")


class Library(Widget):  # type: ignore[misc]
    """plotly.js, once per kernel, for all boards to use."""

    packed = traitlets.Bytes().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)


_library: Library | None = None


def plotly_js() -> bytes:
    """Return the plotly.js of the installed plotly, found without importing it."""
    return (files("plotly") / "package_data" / "plotly.min.js").read_bytes()


@cache
def packed() -> bytes:
    """Return plotly.js gzipped; level 1 packs three times as fast as the default and comes out a sixth larger."""
    return gzip.compress(plotly_js(), 1, mtime=0)


def library() -> Library:
    """Return the kernel's library; it is sent to the page when it is first asked for."""
    global _library
    if _library is None or _library.comm is None:
        _library = Library(packed=packed(), version=version("plotly"))
    return _library


class Board(Widget):  # type: ignore[misc]
    """Figures, headline figures and remarks, updated in place."""

    library = traitlets.Instance(Library).tag(sync=True, **widget_serialization)
    template = traitlets.Dict().tag(sync=True)
    config = traitlets.Dict().tag(sync=True)
    sorry = traitlets.Unicode().tag(sync=True)
    figures: Any = traitlets.List().tag(sync=True)
    facts: Any = traitlets.List().tag(sync=True)
    remarks: Any = traitlets.List().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(library=library(), template=TEMPLATE, config=CONFIG, sorry=_(SORRY))

    def show(self, charts: Iterable[Chart], facts: Sequence[tuple[str, str]], remarks: Sequence[str]) -> None:
        """Show charts, ``(label, value)`` facts and remarks in place of the last ones, in one message."""
        figures = [_light(chart) for chart in charts]
        with self.hold_sync():
            self.figures = figures
            self.facts = [list(fact) for fact in facts]
            self.remarks = list(remarks)


class Frame(anywidget.AnyWidget):
    """A board as it is drawn on the page."""

    _esm = HERE / "live.js"
    _css = HERE / "live.css"
    board = traitlets.Instance(Board).tag(sync=True, **widget_serialization)


def _light(chart: Chart) -> dict[str, Any]:
    """Return a chart as the page needs it: the template went ahead with the board."""
    return {**chart.spec, "alt": chart.alt, "title": chart.title()}
