"""How every chart of the workbook looks, and what a chart is: a figure, its alternative text, its table."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmlib.core.figures import minus
from crmlib.core.i18n import _
from crmlib.core.paths import unattended
from crmlib.plotting.template import BLUE, HEIGHT, MAGENTA, QUIET, TEMPLATE, WITHOUT_CELLS, config
from crmlib.support.html_table import html
from crmlib.support.mime import PLOTLY_MIME, WIDGET_MIME

if TYPE_CHECKING:
    import plotly.graph_objects as go

pd.set_option("display.max_colwidth", None)  # a sentence in a table is shown whole


@dataclass(frozen=True)
class Chart:
    """A figure that says what to see, its alternative text, and the small table beside it.

    ``spec`` is the figure in plotly's JSON, without the template. Explorers and notebooks send it as it is: building
    and checking a ``go.Figure`` takes longer than the model behind it. :attr:`figure` builds one. ``said`` is what a
    sentence says of it; :attr:`alt` says also the kind of chart, its axes and their ranges.
    """

    spec: Mapping[str, Any]
    said: str
    table: Callable[[], pd.DataFrame]

    @property
    def alt(self) -> str:
        """The alternative text: kind, axes and ranges as drawn, and the sentence that says what is shown."""
        return described(self.spec, self.said)

    @property
    def figure(self) -> "go.Figure":
        """The plotly figure, every property checked."""
        import plotly.graph_objects as go

        return go.Figure(self._styled())

    def title(self) -> str:
        """Return the title as plain text."""
        return unescape(str(self.spec["layout"]["title"]["text"]))

    def bundle(self) -> dict[str, Any]:
        """Return the figure as a notebook shows it; plotly's own way imports half of Jupyter into the kernel."""
        return {PLOTLY_MIME: self._styled() | {"config": config()}, "text/plain": f"{self.title()} — {self.alt}"}

    def _styled(self) -> dict[str, Any]:
        layout = self.spec["layout"]
        title = {**layout["title"], "text": wrapped(layout["title"]["text"])}
        kind = TEMPLATE if any(t["type"] == "heatmap" for t in self.spec["data"]) else WITHOUT_CELLS
        lines = 1 + title["text"].count("<br>")
        room = {"margin": {**layout.get("margin", {}), "t": 20 + 19 * lines}}
        return {"data": self.spec["data"], "layout": {**layout, **room, "title": title, "template": kind}}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.bundle() | _live(self), raw=True)
        display(folded(self.table(), _("Table of values")))


def _live(chart: Chart) -> dict[str, Any]:
    """Return the chart as a page with a kernel draws it; nothing where nobody looks on (see ``core.paths``)."""
    if unattended():
        return {}
    from crmlib.plotting.live import live

    data: Any = (live(chart)._repr_mimebundle_() or ({},))[0]
    return {WIDGET_MIME: data[WIDGET_MIME]}


def folded(frame: pd.DataFrame, title: str = "") -> Any:
    """Return a table that opens by its title."""
    from IPython.display import HTML

    title = title or _("Open the table")
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


def unwrapped(text: str) -> str:
    """Return a text as it was before it was broken over lines: Chinese has no space between the words.

    >>> unwrapped("one<br>two"), unwrapped("一<br>二")
    ('one two', '一二')
    """
    return re.sub(r"(?<=[⺀-￿])<br>|<br>(?=[⺀-￿])", "", text).replace("<br>", " ")


def spec(traces: Iterable[Mapping[str, Any]], title: str, x: str = "", y: str = "", **layout: Any) -> dict[str, Any]:
    """Return a figure in plotly's JSON.

    Args:
        traces: plotly traces as dicts of plain Python values.
        title: says what to see.
        x, y: axis titles with units.
        layout: anything else of plotly's layout, a property of a part by its underscored name (``xaxis_range``).
    """
    named = {"title_text": title, "height": HEIGHT, "uirevision": "keep"}
    named |= {"xaxis_title_text": wrapped(x, 28), "yaxis_title_text": wrapped(y, 30)}
    drawn = [dict(t) for t in traces]
    if any(t["type"] == "heatmap" for t in drawn):  # lines would show between the cells
        named |= {f"{axis}_{lines}": False for axis in ("xaxis", "yaxis") for lines in ("showgrid", "zeroline")}
    if any("coloraxis" in t for t in drawn):  # plotly would stretch the colours over the cells there are
        named |= {"coloraxis_cmin": 0, "coloraxis_cmax": 1}
    nested: dict[str, Any] = {}
    for name, value in {**named, **layout}.items():
        *path, last = name.split("_")
        part = nested
        for step in path:
            part = part.setdefault(step, {})
        part[last] = value
    figure: dict[str, Any] = _kept({"data": drawn, "layout": nested})
    return figure


def _kept(part: Any) -> Any:
    """Return a part of a figure as it is kept, with the sign of a minus where a text has a number below nought.

    Numbers are kept to ten digits: the last ones differ from processor to processor.
    """
    if isinstance(part, str):
        return minus(part)
    if isinstance(part, float):
        return float(f"{part:.10g}")
    if isinstance(part, dict):
        return {name: _kept(value) for name, value in part.items()}
    return [_kept(value) for value in part] if isinstance(part, list | tuple) else part


def fill(colors: str | Sequence[str]) -> dict[str, Any]:
    """Return a marker for bars: what is compared with is hatched, so that it differs not by its colour alone."""
    if isinstance(colors, str):
        hatched: Any = "/" if colors == QUIET else ""
    else:
        hatched = ["/" if color == QUIET else "" for color in colors]
    pattern = {"shape": hatched, "size": 5, "solidity": 0.55, "fillmode": "replace"}
    marker: dict[str, Any] = {"color": colors if isinstance(colors, str) else list(colors)}
    return marker | {"pattern": pattern} if any(hatched) else marker


def ink(color: str) -> str:
    """Return black or white, whichever can be read on a colour of the palette."""
    return "#ffffff" if color in (BLUE, MAGENTA) else "#000000"


BESIDE_BARS: Mapping[str, Any] = {"textposition": "outside", "textangle": 0, "cliponaxis": False}
"""Where the numbers of bars stand: beside their ends, upright, and not cut by the frame."""


def bars(x: Sequence[str], y: Iterable[float], name: str = "", color: Any = None, **more: Any) -> dict[str, Any]:
    """Return a bar trace."""
    trace: dict[str, Any] = {"type": "bar", "x": list(x), "y": [float(v) for v in y], "name": name}
    return trace | ({"marker": fill(color)} if color else {}) | more


def shade(values: Iterable[float]) -> list[float]:
    """Return how dark each cell is, in the five steps of :data:`SHADES`; nothing is 0.

    Steps go by the root, so that one big cell hides no small one.

    >>> shade([0, 1, 25, 100])
    [0.0, 0.2, 0.6, 1.0]
    """
    known = list(values)
    most = max(known, default=0)
    return [math.ceil(5 * math.sqrt(value / most) - 1e-9) / 5 if value > 0 else 0.0 for value in known]


def matrix(cells: Any, rows: Sequence[str], columns: Sequence[str], hover: str) -> dict[str, Any]:
    """Return a heat-map trace with the number in each cell; a cell of nobody shows its zero on the bare paper."""
    counts = [[int(v) for v in row] for row in cells]
    shades = iter(shade(v for row in counts for v in row))
    return grid(
        [[next(shades) for _cell in row] for row in counts],
        [[f"{v:,}" for v in row] for row in counts],
        columns,
        rows,
        hover,
    ) | {"customdata": counts}


def grid(
    shades: Sequence[Sequence[float]], texts: Sequence[Sequence[str]], x: Sequence[Any], y: Sequence[Any], hover: str
) -> dict[str, Any]:
    """Return a heat-map trace of cells with text, each as dark as :func:`shade` says."""
    return {
        "type": "heatmap",
        "z": [list(row) for row in shades],
        "text": [list(row) for row in texts],
        "x": list(x),
        "y": list(y),
        "texttemplate": "%{text}",
        "hovertemplate": hover,
        "coloraxis": "coloraxis",
        "xgap": 2,
        "ygap": 2,
    }


def money() -> str:
    """Return the unit of money, translated."""
    return _("10,000 yuan")


# What a figure is, in words ------------------------------------------------------------------------------------------

NAMED = 8
"""Names along an axis that an alternative text lists."""


def described(figure: Mapping[str, Any], sentence: str) -> str:
    """Return in words what kind of chart a figure is, what its axes show from where to where, and what to see."""
    across, up = (_axis(figure, axis) for axis in ("x", "y"))
    said = _("{kind}. Across: {across}. Upright: {up}. {said}")
    return minus(unescape(said.format(kind=_kind(figure), across=across, up=up, said=sentence)))


def _kind(figure: Mapping[str, Any]) -> str:
    kinds = []
    for trace in figure["data"]:
        if trace["type"] == "scatter":
            lines, points = ("lines" in trace["mode"], "markers" in trace["mode"])
            kinds += [_("Lines")] * lines + [_("Points")] * points
        elif trace["type"] == "bar":
            kinds.append(_("Stacked bars") if figure["layout"].get("barmode") == "stack" else _("Bars"))
        elif trace["type"] == "heatmap":
            cells = [v for row in trace.get("customdata", trace["z"]) for v in row if v is not None]
            whole = _("Grid of cells from {low} to {high}")
            kinds.append(
                whole.format(low=short_number(min(cells)), high=short_number(max(cells)))
                if cells
                else _("Grid of cells")
            )
        else:
            kinds.append(_("Waterfall"))
    return _(", ").join(dict.fromkeys(kinds)) or _("Nothing drawn")


def _axis(figure: Mapping[str, Any], axis: str) -> str:
    """Return the name of an axis and its range, or the names that stand on it."""
    layout = figure["layout"][f"{axis}axis"]
    names = layout.get("ticktext") or list(dict.fromkeys(v for v in _along(figure, axis) if isinstance(v, str)))
    if names:
        names = [str(name).replace("<br>", " ") for name in names]
        shown = _(", ").join(names)
        if len(names) > NAMED:
            shown = _("{n} from {first} to {last}").format(n=len(names), first=names[0], last=names[-1])
    else:
        values = _totals(figure, axis) or _along(figure, axis)
        shown = (
            _("{low} to {high}").format(low=short_number(min(values)), high=short_number(max(values)))
            if values
            else "–"
        )
    title = layout.get("title", {}).get("text")
    return _("{axis}: {shown}").format(axis=unwrapped(title), shown=shown) if title else shown


def _along(figure: Mapping[str, Any], axis: str) -> list[Any]:
    """Return what is drawn along an axis; a waterfall falls from its first value, never below zero."""
    falls = [0] if any(trace["type"] == "waterfall" for trace in figure["data"]) else []
    found = [value for trace in figure["data"] for value in trace.get(axis, []) if value is not None]
    return falls + [v for v in found if not falls or isinstance(v, str) or v >= 0]


def _totals(figure: Mapping[str, Any], axis: str) -> list[float]:
    """Return where bars along an axis begin and end, if any: at zero or at their base, stacked ones at their sums."""
    ends: list[float] = []
    sums: dict[Any, float] = {}
    for trace in figure["data"]:
        if trace["type"] != "bar" or (trace.get("orientation") == "h") != (axis == "x"):
            continue
        base = trace.get("base", 0)
        ends += [base, *(base + value for value in trace[axis] if value is not None)]
        for place, value in zip(trace["y" if axis == "x" else "x"], trace[axis], strict=True):
            sums[place] = sums.get(place, 0) + (value or 0)
    return [*ends, *sums.values()] if figure["layout"].get("barmode") == "stack" else ends


def short_number(value: float) -> str:
    """Return a number as it stands in a sentence: thousands apart, no more digits than one reads.

    >>> short_number(1186012.3), short_number(0.0351), short_number(-7.25), short_number(3)
    ('1,186,012', '0.0351', '-7.25', '3')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


# Names beside points -------------------------------------------------------------------------------------------------

WIDTHS = (360, 700)
"""Widths of a figure, in pixels, for which names must not run into one another."""
LOW = 280
"""Height of a figure without its title, in pixels."""
BESIDE = {
    "top center": (0, -1),
    "bottom center": (0, 1),
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top right": (1, -1),
    "top left": (-1, -1),
    "bottom right": (1, 1),
    "bottom left": (-1, 1),
}


def beside(
    x: Sequence[float], y: Sequence[float], names: Sequence[str], within: tuple[Sequence[float], Sequence[float]]
) -> list[str]:
    """Return for each point where its name stands (plotly's ``textposition``), or nothing where there is no room.

    One name after another takes the first place in which it meets neither point nor name and stays in the figure, on a
    narrow page and on a wide one.

    Args:
        x, y: of the points.
        names: as they are drawn.
        within: the ranges of the two axes.
    """
    taken: list[list[_Box]] = [[_box(place, 8, 8) for place in _places(x, y, within, width)] for width in WIDTHS]
    found = []
    for n, name in enumerate(names):
        for position, (right, down) in BESIDE.items():
            boxes = [_name_box(_places(x, y, within, width)[n], name, right, down) for width in WIDTHS]
            if all(
                _inside(box, width) and not any(_meet(box, other) for k, other in enumerate(there) if k != n)
                for box, width, there in zip(boxes, WIDTHS, taken, strict=True)
            ):
                for box, there in zip(boxes, taken, strict=True):
                    there.append(box)
                found.append(position)
                break
        else:
            found.append("")
    return found


NOTHING = " "
"""Stands for a name that has no room: where the text is empty, plotly keeps what stood there before."""


def named(
    x: Sequence[float], y: Sequence[float], names: Sequence[str], within: tuple[Sequence[float], Sequence[float]]
) -> dict[str, Any]:
    """Return what names the points of a trace: their names where there is room for them, in full under the mouse."""
    places = beside(x, y, names, within)
    shown = [name if place else NOTHING for name, place in zip(names, places, strict=True)]
    return {"text": shown, "textposition": [place or "top center" for place in places], "customdata": list(names)}


_Box = tuple[float, float, float, float]
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 26, 56
"""What stands around the plot, in pixels."""


def _places(
    x: Sequence[float], y: Sequence[float], within: tuple[Sequence[float], Sequence[float]], width: int
) -> list[tuple[float, float]]:
    (x0, x1), (y0, y1) = within
    across, up = width - LEFT - RIGHT, LOW - TOP - BOTTOM
    return [
        (LEFT + across * (a - x0) / (x1 - x0), TOP + up * (1 - (b - y0) / (y1 - y0))) for a, b in zip(x, y, strict=True)
    ]


def _box(centre: tuple[float, float], half_width: float, half_height: float) -> _Box:
    (a, b) = centre
    return a - half_width, b - half_height, a + half_width, b + half_height


def _name_box(point: tuple[float, float], name: str, right: int, down: int) -> _Box:
    half = sum(13 if ord(sign) > 0x2E7F else 7 for sign in name) / 2
    aside = (half + 9) if not down else (half + 4)
    return _box((point[0] + right * aside, point[1] + 17 * down), half, 9)


def _inside(box: _Box, width: int) -> bool:
    return box[0] >= LEFT and box[2] <= width and box[1] >= 0 and box[3] <= LOW - BOTTOM


def _meet(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
