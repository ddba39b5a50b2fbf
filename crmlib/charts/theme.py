"""How every chart of the workbook looks, and what a chart is: a figure, its alternative text, its table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmlib.i18n import _
from crmlib.mime import PLOTLY_MIME, WIDGET_MIME
from crmlib.paths import unattended
from crmlib.tables import html

if TYPE_CHECKING:
    import plotly.graph_objects as go

FONTS = (
    "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Hiragino Sans GB, Microsoft YaHei, "
    "WenQuanYi Micro Hei, Arial, sans-serif"
)
INK, GRID, QUIET = "#222222", "#e4e4e4", "#9a9a9a"
BLUE, ORANGE, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
"""Okabe & Ito (2008): colours that colour-blind readers tell apart."""
ORDERED = ("#08306b", "#2171b5", "#6baed6", "#bdbdbd", "#fdae61", "#b35806", "#f2f2f2")
"""From best to worst, blue over grey to orange; the last is for what has no rank."""
SHADES = ((0.0, "#ffffff"), (0.15, "#c6dbef"), (0.5, "#6baed6"), (1.0, "#08306b"))

AXIS: dict[str, Any] = {
    "exponentformat": "none",
    "separatethousands": True,
    "gridcolor": GRID,
    "zerolinecolor": QUIET,
    "automargin": True,
    "title": {"standoff": 8, "font": {"size": 12}},
    "tickfont": {"size": 12},
}
TEMPLATE: dict[str, Any] = {
    "layout": {
        "font": {"family": FONTS, "size": 13, "color": INK},
        "colorway": [BLUE, ORANGE, GREEN, PURPLE],
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "title": {"x": 0.01, "xref": "container", "xanchor": "left", "font": {"size": 14}},
        "margin": {"l": 56, "r": 12, "t": 60, "b": 48},
        "height": 320,
        "xaxis": AXIS,
        "yaxis": AXIS,
        "legend": {"orientation": "h", "x": 0, "y": -0.25, "yanchor": "top"},
        # plotly 7 would otherwise offer to upload the reader's chart to its vendor.
        "modebar": {"remove": ["sendChartToCloud", "lasso2d", "select2d", "autoScale2d"]},
        "hoverlabel": {"font": {"family": FONTS}},
    }
}
DARK: dict[str, Any] = {
    "layout": {
        **TEMPLATE["layout"],
        "font": {"family": FONTS, "size": 13, "color": "#e8e8e8"},
        "paper_bgcolor": "#111111",
        "plot_bgcolor": "#111111",
        "xaxis": AXIS | {"gridcolor": "#3a3a3a"},
        "yaxis": AXIS | {"gridcolor": "#3a3a3a"},
    }
}
pd.set_option("display.max_colwidth", None)  # a sentence in a table is shown whole


CONFIG = {"displaylogo": False, "responsive": True, "showSendToCloud": False}


def config() -> dict[str, Any]:
    """Return how plotly behaves, in the language now spoken."""
    return CONFIG


@dataclass(frozen=True)
class Chart:
    """A figure that says what to see, its alternative text, and the small table beside it.

    ``spec`` is the figure in plotly's JSON, without the template. Explorers and notebooks send it as it is: building
    and checking a ``go.Figure`` takes longer than the model behind it. :attr:`figure` builds one.
    """

    spec: Mapping[str, Any]
    alt: str
    table: Callable[[], pd.DataFrame]

    @property
    def figure(self) -> "go.Figure":
        """The plotly figure, every property checked."""
        import plotly.graph_objects as go

        return go.Figure(self._styled())

    def title(self) -> str:
        """Return the title as plain text."""
        return str(self.spec["layout"]["title"]["text"]).replace("<br>", " ")

    def bundle(self) -> dict[str, Any]:
        """Return the figure as a notebook shows it; plotly's own way imports half of Jupyter into the kernel."""
        return {PLOTLY_MIME: self._styled() | {"config": CONFIG}, "text/plain": f"{self.title()} — {self.alt}"}

    def _styled(self) -> dict[str, Any]:
        return {"data": self.spec["data"], "layout": {**self.spec["layout"], "template": TEMPLATE}}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.bundle() | _live(self), raw=True)
        display(folded(self.table(), _("Table of values")))


def _live(chart: Chart) -> dict[str, Any]:
    """Return the chart as a page with a kernel draws it; nothing where nobody looks on (see :mod:`crmlib.paths`)."""
    if unattended():
        return {}
    from crmlib.charts.live import live

    data: Any = (live(chart)._repr_mimebundle_() or ({},))[0]
    return {WIDGET_MIME: data[WIDGET_MIME]}


def folded(frame: pd.DataFrame, title: str) -> Any:
    """Return a table that opens by its title."""
    from IPython.display import HTML

    summary = f"<summary>{escape(title)}</summary>"
    return HTML(f'<details class="crm-values">{summary}{html(frame)}</details>')


def safe(text: object) -> str:
    """Return text from a file as plotly may show it: its pseudo-HTML (``<b>``, ``<a href>``) is shown, not obeyed."""
    return escape(str(text), quote=False)


def wrapped(title: str, width: int = 44) -> str:
    """Return a title broken over two lines where it is long; a Chinese character is as wide as two Latin ones."""
    widths = [2 if ord(c) > 0x2E7F else 1 for c in title]
    if sum(widths) <= width:
        return title
    so_far, cut = 0, 0
    for i, (c, w) in enumerate(zip(title, widths, strict=True)):
        so_far += w
        if so_far > width:
            break
        number = c == "," and title[i + 1 : i + 2].isdigit()
        if (c in " ,，；：、;" and not number) or (
            w == 2 and so_far >= width - 2 and title[i + 1 : i + 2] not in "，。；：、）"
        ):
            cut = i + 1
    return f"{title[:cut].rstrip()}<br>{title[cut:].lstrip()}" if cut else title


def spec(traces: Iterable[Mapping[str, Any]], title: str, x: str = "", y: str = "", **layout: Any) -> dict[str, Any]:
    """Return a figure in plotly's JSON.

    Args:
        traces: plotly traces as dicts of plain Python values.
        title: says what to see.
        x, y: axis titles with units.
        layout: anything else of plotly's layout, a property of a part by its underscored name (``xaxis_range``).
    """
    named = {"title_text": wrapped(title), "xaxis_title_text": x, "yaxis_title_text": y, "uirevision": "keep"}
    nested: dict[str, Any] = {}
    for name, value in {**named, **layout}.items():
        *path, last = name.split("_")
        part = nested
        for step in path:
            part = part.setdefault(step, {})
        part[last] = value
    return {"data": [dict(t) for t in traces], "layout": nested}


def bars(x: Sequence[str], y: Iterable[float], name: str = "", color: Any = None, **more: Any) -> dict[str, Any]:
    """Return a bar trace."""
    trace: dict[str, Any] = {"type": "bar", "x": list(x), "y": [float(v) for v in y], "name": name}
    return trace | ({"marker": {"color": color}} if color else {}) | more


def matrix(cells: Any, rows: Sequence[str], columns: Sequence[str], hover: str) -> dict[str, Any]:
    """Return a heat-map trace with the number in each cell; empty cells stay white and blank."""
    counts = [[int(v) for v in row] for row in cells]
    return {
        "type": "heatmap",
        "z": [[float(v) ** 0.5 for v in row] for row in counts],  # shaded by the root: one big cell hides no small one
        "text": [[f"{v:,}" if v else "" for v in row] for row in counts],
        "customdata": counts,
        "x": list(columns),
        "y": list(rows),
        "texttemplate": "%{text}",
        "hovertemplate": hover,
        "colorscale": SHADES,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }


def money() -> str:
    """Return the unit of money, translated."""
    return _("10,000 yuan")


def words(frame: pd.DataFrame) -> Any:
    """Return a table of words as Markdown, set to the left; a notebook sets a DataFrame to the right, like numbers."""
    from IPython.display import Markdown

    table = frame.reset_index() if frame.index.name else frame
    rows = [list(table.columns), [":---"] * len(table.columns), *table.to_numpy().tolist()]
    return Markdown("\n".join("| " + " | ".join(str(c).replace("|", "\\|") for c in row) + " |" for row in rows))
