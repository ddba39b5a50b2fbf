"""An executed notebook as a deck: one HTML file that opens without a kernel and without a network, figures live.

A slide a section: a heading, the text under it, and what the first cell there shows. Each further cell that shows
something has a slide of its own under the same heading. A table too wide to stand beside its figure opens below it; one
too long for a slide goes on on the next. What is there only to say that there is nothing to say is left out. The script
makes the letters of a slide smaller where, with the reader's fonts, it would not hold all it has to.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs
from crmlib.reruns.page import changed_rows, document, enlarge, headed, page_cells, provenance, rendered, used_inputs
from crmlib.support import html_table
from crmlib.support.markup import filled
from crmlib.support.mime import PLOTLY_MIME

HERE = Path(__file__).parent
WIDEST = 6
"""Columns that a table beside a figure may have."""
FEW = 12
"""Rows that are set large where nothing stands beside them."""
LONGEST = 16
"""Rows of a table that one slide shows."""
LARGER = 1.25
"""How much larger the letters of a figure are than on a page."""
NOTHING = "crm-nothing"
"""Class of what a cell shows to say that there is nothing to say."""


def slides(
    notebook: Any,
    title: str,
    lang: str,
    foot: str,
    scenario: str = "",
    links: Sequence[tuple[str, str, str]] = (),
    library: str = "",
) -> str:
    """Return the deck.

    Args:
        notebook: executed.
        title: of the deck.
        lang: language of the deck.
        foot: HTML of the last slide, as :func:`last_slide` gives it.
        scenario: named in the first heading.
        links: text, address and language of pages that belong to it.
        library: as for :func:`~crmlib.reruns.page.document`.
    """
    first, *others = sections(pieces(headed(page_cells(_larger(notebook)), scenario)))
    opening = f'{rendered(notebook, first)}\n<p class="subtitle">{escape(title)}</p>'
    inner = [opening, *(_two_parts(notebook, cells) for cells in others), foot]
    label = _("Slide {number} of {count}")
    body = filled(
        HERE / "slides.html",
        slides=[(Markup(html), label.format(number=n, count=len(inner))) for n, html in enumerate(inner, 1)],
        back=_("Previous slide"),
        on=_("Next slide"),
        links=links,
    )
    style, script = ((HERE / f"slides.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return document(title, lang, body, style, script, {"width": 620, "height": 480}, LARGER, library)


def last_slide(inputs: Inputs, sources: Iterable[str]) -> str:
    """Return the slide at the end: the inputs that the deck was made with, and where its data are from."""
    used, changed = used_inputs(inputs).drop(columns=_("Name")), changed_rows(inputs)
    half = (len(used) + 1) // 2
    sides = [
        html_table.html(part, marked=[n - start for n in changed])
        for start, part in ((0, used.iloc[:half]), (half, used.iloc[half:]))
    ]
    listed = "\n".join(f"<div>{side}</div>" for side in sides)
    heading = escape(_("The inputs used"))
    shown = f'<h2>{heading}</h2>\n<div class="shown inputs">\n{listed}\n</div>'
    return f"{shown}\n<footer>{provenance(sources)}</footer>"


def pieces(cells: Iterable[Any]) -> Iterator[Any]:
    """Yield the cells that a deck shows; a table too long for one slide becomes several."""
    for cell in cells:
        if cell.cell_type != "code":
            yield cell
            continue
        outputs = [output for output in cell.outputs if NOTHING not in _html(output)]
        long = len(outputs) == 1 and not _is_figure(outputs[0]) and _rows(outputs[0]) > LONGEST
        if long:
            yield from (_showing(cell, [part]) for part in _cut(outputs[0]))
        elif outputs:
            yield _showing(cell, outputs)


def _cut(output: Any) -> Iterator[Any]:
    """Yield the parts of an output with a long table, each under the table's head, about as long as the others."""
    html = _html(output)
    head, _body, rest = html.partition("<tbody>")
    body, _end, foot = rest.partition("</tbody>")
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    parts = -(-len(rows) // LONGEST)
    size = -(-len(rows) // parts)
    for start in range(0, len(rows), size):
        part = output.copy()
        some = "\n".join(rows[start : start + size])
        part["data"] = {"text/html": f"{head}<tbody>\n{some}\n</tbody>{foot}"}
        yield part


def sections(cells: Iterable[Any]) -> list[list[Any]]:
    """Return the cells of each slide: its text, the heading first, then at most one cell that shows something.

    A section whose cells show nothing has no slide, but for the first.
    """
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
    return [part for number, part in enumerate(found) if number == 0 or part[-1].cell_type == "code"]


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
    first = shown[0].outputs[0]
    if _is_figure(first):
        kind = "beside" if 0 < _columns(first) <= WIDEST else ""
    else:
        kind = "few" if _rows(first) <= FEW and _columns(first) <= WIDEST else ""
    return f'{said}\n<div class="shown {kind}">\n{rendered(notebook, shown)}\n</div>'


def _showing(cell: Any, outputs: list[Any]) -> Any:
    copy = cell.copy()
    copy.outputs = outputs
    return copy


def _html(output: Any) -> str:
    return str(output.get("data", {}).get("text/html", ""))


def _is_figure(output: Any) -> bool:
    return 'class="crm-figure"' in _html(output)


def _columns(output: Any) -> int:
    """Return how many columns a table has; 0 for what is none."""
    head = _html(output).partition("<thead>")[2].partition("</tr>")[0]
    return len(re.findall(r"<t[hd]\b", head))


def _rows(output: Any) -> int:
    return _html(output).partition("<tbody>")[2].count("<tr")


def _larger(notebook: Any) -> Any:
    """Return the notebook with the letters of its figures as large as they are read from a distance."""
    copy = deepcopy(notebook)
    bundles = (output.data for cell in copy.cells for output in cell.get("outputs", []) if "data" in output)
    for figure in (data[PLOTLY_MIME] for data in bundles if PLOTLY_MIME in data):
        enlarge(figure["layout"], LARGER)
        enlarge(figure["data"], LARGER)
    return copy
