"""An executed notebook as one HTML file that opens without a kernel and without a network, figures live."""

import json
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any

import pandas as pd

from crmlib import __version__, webpage
from crmlib.charts.library import plotly_js
from crmlib.i18n import _
from crmlib.inputs import Inputs, Setting
from crmlib.mime import PLOTLY_MIME

STYLE = """
* { box-sizing: border-box; }
body { font-family: "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif;
  margin: 0; line-height: 1.6; color: #222; background: #fff; overflow-wrap: anywhere; }
:lang(en) body { font-family: "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "Noto Sans CJK SC", sans-serif; }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-size: .9rem; display: block; overflow-x: auto;
  overflow-wrap: normal; }
table, th, td { border: none; }
th, td { padding: .2rem .7rem; border-bottom: 1px solid #e4e4e4; text-align: right; }
th:first-child, td:first-child, footer th, footer td { text-align: left; }
thead th { border-bottom: 2px solid #999; vertical-align: bottom; }
table.dataframe thead th:first-child { text-align: left; }
pre { white-space: pre-wrap; } a { color: #0072b2; }
.figure { width: 100%; min-height: 200px; }
@media (max-width: 600px) { .modebar-container { display: none !important; } } /* it would hide the title */
@media print { table { display: table; width: auto; max-width: 100%; font-size: 8.5pt; } th, td { padding: 1pt 4pt; }
  .figure, tr { break-inside: avoid; } thead { display: table-header-group; }
  h2, h3, .text_cell { break-after: avoid; } .modebar { display: none; } }
"""
PAGE_STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.3; } h2 { font-size: 1.25rem; border-bottom: 1px solid #ddd; margin-top: 2rem; }
.figure { min-height: 340px; }
footer { margin-top: 3rem; border-top: 2px solid #999; font-size: .85rem; color: #444; }
@page { size: A4; margin: 15mm; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10pt; } footer { font-size: 8.5pt; } }
"""
# No request leaves the page, whatever the text in it says.
# A figure is drawn before all that stands beside it is there, and paper is narrower than its window.
FIGURES = """
const figures = () => document.querySelectorAll(".figure");
const fill = size => figures().forEach(figure => Plotly.relayout(figure, size));
addEventListener("beforeprint", () => fill({autosize: false, %s}));
addEventListener("afterprint", () => fill({autosize: true, %s}));
fill({autosize: true});
"""


def figures_script(**paper: int) -> str:
    """Return the script that keeps figures as large as their places; ``paper`` is their size in print, in pixels."""
    printed = ", ".join(f"{side}: {pixels}" for side, pixels in paper.items())
    return FIGURES % (printed, ", ".join(f"{side}: null" for side in paper))


def page(notebook: Any, title: str, lang: str, foot: str) -> str:
    """Return the page.

    Args:
        notebook: executed; its code is left out, its text, tables and figures stay.
        title: of the page.
        lang: language of the page.
        foot: HTML, as :func:`colophon` gives it.
    """
    body = rendered(notebook, still(notebook))
    return document(title, lang, f"<main>\n{body}\n</main>\n{foot}", PAGE_STYLE, figures_script(width=660))


def document(title: str, lang: str, body: str, style: str, script: str = "") -> str:
    """Return a whole HTML file that fetches nothing: plotly.js is in it, once, before the body that draws with it.

    Args:
        title: plain text.
        lang: ``"zh"`` or ``"en"``.
        body: HTML; what comes from files is escaped in it.
        style: what is added to the style of all pages.
        script: what runs when the body is there.
    """
    drawn = f"{body}\n<script>{script}</script>"
    return webpage.document(title, lang, drawn, STYLE + style, plotly_js().decode(), webpage.LIVE)


def colophon(inputs: Inputs, sources: Iterable[str]) -> str:
    """Return the foot of a page: the inputs it was made with, where its data are from, what made it."""
    values = [_used(s, getattr(inputs, s.name)) for s in inputs.settings()]
    used = inputs.reference().iloc[:, :1].assign(**{_("Used here"): pd.Series(values, dtype=object).array})
    heading = escape(_("Inputs of this page"))
    return f"<footer>\n<h2>{heading}</h2>\n{used.to_html(border=0)}\n{provenance(sources)}\n</footer>"


def _used(s: Setting, value: Any) -> Any:
    """Return a value as the colophon has it: with a choice's label stands the word that ``--set`` takes."""
    return _("{label} ({unit})").format(label=s.shown(value), unit=value) if s.choices else value


def provenance(sources: Iterable[str]) -> str:
    """Return as HTML where the data are from and what made the page. No date: the same run gives the same bytes."""
    lines = "".join(f"<li>{escape(source)}</li>" for source in sources)
    made = _("Made with crm-workbook {version}.").format(version=__version__)
    heading = escape(_("Data"))
    return f"<h2>{heading}</h2>\n<ul>{lines}</ul>\n<p>{escape(made)}</p>"


def still(notebook: Any) -> list[Any]:
    """Return the cells that a page shows, their figures as HTML that draws itself.

    The first cell switches languages, which leads nowhere from a page; text tagged ``code`` speaks of code left out.
    """
    kept = [cell for cell in notebook.cells[1:] if "code" not in cell.metadata.get("tags", [])]
    return [_still(cell, number) for number, cell in enumerate(kept)]


def rendered(notebook: Any, cells: Iterable[Any]) -> str:
    """Return some cells of a notebook as HTML, without their code."""
    copy = notebook.copy()
    copy.cells = list(cells)
    body, _resources = exporter().from_notebook_node(copy)
    return str(body).strip()


@cache
def exporter() -> Any:
    """Return nbconvert's exporter; it is slow to make and the same for all pages."""
    from crmlib import lean  # noqa: F401  # isort: skip
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="basic", exclude_input=True, exclude_output_prompt=True, exclude_anchor_links=True
    )


def _still(cell: Any, number: int) -> Any:
    """Return a cell whose plotly outputs are HTML that draws itself."""
    if cell.cell_type != "code":
        return cell
    cell = cell.copy()
    cell.outputs = [_drawn(output, f"figure-{number}-{i}") for i, output in enumerate(cell.outputs)]
    return cell


def _drawn(output: Any, place: str) -> Any:
    if PLOTLY_MIME not in output.get("data", {}):
        return output
    label = str(output.data.get("text/plain", ""))
    output = output.copy()
    output.data = {"text/html": figure(output.data[PLOTLY_MIME], place, label)}
    return output


def figure(bundle: Any, place: str, label: str) -> str:
    """Return a figure as HTML that draws itself.

    Args:
        bundle: ``data``, ``layout`` and ``config`` as plotly.js takes them.
        place: id of its element.
        label: its alternative text.
    """
    arguments = ", ".join(_script_safe(bundle[part]) for part in ("data", "layout", "config"))
    return (
        f'<div class="figure" id="{place}" role="img" aria-label="{escape(label)}"></div>\n'
        f'<script>Plotly.newPlot("{place}", {arguments});</script>'
    )


def _script_safe(value: Any) -> str:
    """Return JSON that cannot end the script it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
