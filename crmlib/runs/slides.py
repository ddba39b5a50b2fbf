"""An executed notebook as a deck: one HTML file that opens without a kernel and without a network, figures live.

A slide a section: a heading, the text under it, and what the first cell there shows. Each further cell that shows
something has a slide of its own under the same heading, and so has a table too wide to stand beside a figure.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from html import escape
from pathlib import Path
from typing import Any

from crmlib.i18n import _
from crmlib.mime import PLOTLY_MIME
from crmlib.runs.page import document, figures_script, rendered, still

HERE = Path(__file__).parent
WIDEST = 6
"""Columns that a table beside a figure may have."""
FEW = 12
"""Rows that are set large where nothing stands beside them."""
LARGER = 1.25
"""How much larger the letters of a figure are than on a page."""


def slides(notebook: Any, title: str, lang: str, foot: str) -> str:
    """Return the deck.

    Args:
        notebook: executed.
        title: of the deck.
        lang: language of the deck.
        foot: HTML of the last slide, as :func:`crmlib.runs.page.colophon` gives it.
    """
    first, *others = sections(pieces(still(_filling(notebook))))
    opening = f'{rendered(notebook, first)}\n<p class="subtitle">{escape(title)}</p>'
    inner = [opening, *(_two_parts(notebook, cells) for cells in others), foot]
    body = "\n".join(_slide(html, number, len(inner)) for number, html in enumerate(inner, 1))
    style, script = ((HERE / f"slides.{kind}").read_text("utf-8") for kind in ("css", "js"))
    script = figures_script(width=620, height=480) + script
    return document(title, lang, f"<main>\n{body}\n</main>\n{_bar(len(inner))}", style, script)


def pieces(cells: Iterable[Any]) -> Iterator[Any]:
    """Yield the cells that show something; one with a figure and a wide table becomes two."""
    for cell in cells:
        if cell.cell_type != "code":
            yield cell
        elif any(_is_figure(output) for output in cell.outputs):
            beside = [output for output in cell.outputs if _is_figure(output) or _columns(output) <= WIDEST]
            yield _showing(cell, beside)
            for output in cell.outputs:
                if output not in beside:
                    yield _showing(cell, [output])
        elif cell.outputs:
            yield cell


def sections(cells: Iterable[Any]) -> list[list[Any]]:
    """Return the cells of each slide: its text, the heading first, then at most one cell that shows something."""
    found: list[list[Any]] = []
    heading: Any = None
    for cell in cells:
        text = cell.cell_type == "markdown"
        if text and cell.source.startswith("#"):
            heading = cell
            found.append([cell])
        elif found and found[-1][-1].cell_type == "code":
            found.append([_continued(heading), cell])
        elif found:
            found[-1].append(cell)
    return found


def _continued(heading: Any) -> Any:
    """Return a heading without the text under it."""
    cell = heading.copy()
    cell.source = _("{heading} (continued)").format(heading=heading.source.splitlines()[0])
    return cell


def _two_parts(notebook: Any, cells: list[Any]) -> str:
    """Return what a slide says and, below, what it shows."""
    said = rendered(notebook, [cell for cell in cells if cell.cell_type == "markdown"])
    shown = [cell for cell in cells if cell.cell_type == "code"]
    if not shown:
        return said
    outputs = shown[0].outputs
    large = _rows(outputs[0]) <= FEW and _columns(outputs[0]) <= WIDEST
    kind = "beside" if len(outputs) > 1 else "few" if large else ""
    return f'{said}\n<div class="shown {kind}">\n{rendered(notebook, shown)}\n</div>'


def _slide(html: str, number: int, count: int) -> str:
    label = escape(_("Slide {number} of {count}").format(number=number, count=count))
    return f'<section class="slide" id="{number}" aria-label="{label}">\n{html}\n</section>'


def _bar(count: int) -> str:
    """Return the bar with which a pointer moves the deck, and which says where one is."""
    back, on = escape(_("Previous slide")), escape(_("Next slide"))
    return (
        f'<nav>\n<button type="button" data-by="-1" aria-label="{back}">‹</button>\n'
        f'<p role="status" aria-live="polite">1 / {count}</p>\n'
        f'<button type="button" data-by="1" aria-label="{on}">›</button>\n</nav>'
    )


def _showing(cell: Any, outputs: list[Any]) -> Any:
    copy = cell.copy()
    copy.outputs = outputs
    return copy


def _is_figure(output: Any) -> bool:
    return 'class="figure"' in output.get("data", {}).get("text/html", "")


def _columns(output: Any) -> int:
    """Return how many columns a table has; 0 for what is none."""
    head = output.get("data", {}).get("text/html", "").partition("<thead>")[2].partition("</tr>")[0]
    return int(head.count("<th"))


def _rows(output: Any) -> int:
    return int(output.get("data", {}).get("text/html", "").count("<tr"))


def _filling(notebook: Any) -> Any:
    """Return the notebook with figures as high as the room for them, and letters that are read from a distance."""
    copy = deepcopy(notebook)
    bundles = (output.data for cell in copy.cells for output in cell.get("outputs", []) if "data" in output)
    for figure in (data[PLOTLY_MIME] for data in bundles if PLOTLY_MIME in data):
        figure["layout"].pop("height", None)
        figure["layout"]["template"]["layout"].pop("height", None)
        _enlarge(figure["layout"])
    return copy


def _enlarge(part: Any) -> None:
    """Make every font in a part of a plotly layout larger."""
    if isinstance(part, list):
        for element in part:
            _enlarge(element)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name.endswith("font") and "size" in value:
                value["size"] = round(value["size"] * LARGER, 1)
            else:
                _enlarge(value)
