"""An executed notebook as one HTML file that opens without a kernel and without a network, figures live."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from crmlib import __version__
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs, Setting
from crmlib.plotting import partial
from crmlib.plotting.library import plotly_js
from crmlib.plotting.template import DARK, TEMPLATE, config
from crmlib.plotting.theme import Chart, unwrapped
from crmlib.reruns.moving import Moving
from crmlib.support import html_table, webpage
from crmlib.support.markup import filled, script_safe
from crmlib.support.mime import PLOTLY_MIME
from crmlib.tables import shown

HERE = Path(__file__).parent
REACHABLE = HERE / "reachable.js"
"""Lets the keyboard reach what scrolls."""
SCRIPTS = (HERE / "page.js", REACHABLE, partial.UNPACKED)
PAGE_STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.3; }
h2 { font-size: 1.25rem; border-bottom: 1px solid var(--line); margin-top: 2rem; }
.links { font-size: .9rem; } .links a, .links strong { display: inline-block; padding: .2rem 0; margin-right: .9rem; }
footer { margin-top: 3rem; border-top: 2px solid var(--strong); font-size: .85rem; }
@page { size: A4; margin: 15mm; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10pt; } footer { font-size: 8.5pt; }
  .links { display: none; } }
"""
ROOM = 40
"""Pixels that a chart's own height allows for its title, which stands above the picture here."""
HEIGHT = 320
"""Pixels of a chart that does not say how high it is."""
TOP = 26
"""Pixels above what is drawn, for the buttons."""
SPEC = re.compile(r'<figure class="crm-figure".*?<script type="application/json">(.*?)</script>', re.DOTALL)
"""What a figure is drawn from."""


def page(
    notebook: Any,
    title: str,
    lang: str,
    foot: str,
    scenario: str = "",
    links: Sequence[tuple[str, str]] = (),
    moves: Moving | None = None,
) -> str:
    """Return the page.

    Args:
        notebook: executed; its code is left out, its text, tables and figures stay.
        title: of the page.
        lang: language of the page.
        foot: HTML, as :func:`colophon` gives it.
        scenario: named in the page's heading.
        links: text and address of pages that belong to this one; this page itself has no address.
        moves: what moves on it, below all else.
    """
    body = rendered(notebook, headed(page_cells(notebook), scenario))
    around = links_of(links) if links else ""
    if moves is None:
        inner, style, script = body, PAGE_STYLE, ""
    else:
        inner, style, script = f"{moves.lead}\n{body}\n{moves.section}", PAGE_STYLE + moves.style, moves.script
    whole = f"{around}<main>\n{inner}\n</main>\n{foot}"
    return document(title, lang, whole, style, script, paper={"width": 660})


def document(
    title: str,
    lang: str,
    body: str,
    style: str,
    script: str = "",
    paper: Mapping[str, int] | None = None,
    larger: float = 1,
    library: str = "",
) -> str:
    """Return a whole HTML file that fetches nothing: plotly.js is in it, once and packed.

    Args:
        title: plain text.
        lang: ``"zh"`` or ``"en"``.
        body: HTML; what comes from files is escaped in it.
        style: what is added to the style of all pages.
        script: what else runs when the body is there.
        paper: how large figures are in print, in pixels.
        larger: how much larger the letters of figures are than elsewhere.
        library: address of the script that holds plotly.js, where pages that lie beside it share one.
    """
    light, dark = deepcopy(TEMPLATE), deepcopy(DARK)
    enlarge([light, dark], larger)
    given = {"light": light, "dark": dark, "config": config(), "paper": dict(paper or {}), "top": TOP}
    given["sorry"] = _("The chart could not be drawn in this browser; its values are in the table below it.")
    parts = [
        scrolling(body),
        f'<script type="application/json" id="crm-theme">{script_safe(given)}</script>',
        filled(HERE / "library.html", address=library, packed="" if library else packed_plotly(kinds(body))),
        f"<script>{''.join(path.read_text('utf-8') for path in SCRIPTS)}{script}</script>",
    ]
    whole = (HERE / "page.css").read_text("utf-8") + style
    policy = webpage.BESIDE if library else webpage.LIVE
    return webpage.document(title, lang, "\n".join(parts), whole, policy=policy)


def enlarge(part: Any, larger: float) -> None:
    """Make every font in a part of a plotly figure larger."""
    if isinstance(part, list):
        for element in part:
            enlarge(element, larger)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name.endswith("font") and isinstance(value, dict) and isinstance(value.get("size"), (int, float)):
                value["size"] = round(value["size"] * larger, 1)
            else:
                enlarge(value, larger)


def kinds(body: str) -> frozenset[str]:
    """Return the kinds of traces of the figures in HTML, as plotly calls them."""
    specs = [json.loads(found) for found in SPEC.findall(body)]
    return frozenset(trace.get("type", "scatter") for spec in specs for trace in spec["data"])


def packed_plotly(drawn: frozenset[str]) -> str:
    """Return plotly.js as a page carries it, gzipped, in Base64; the page unpacks it by the browser's own means.

    Args:
        drawn: kinds of traces on the page. It is cut down to those of the workbook's charts where it was cut before
            in this environment and the page has no other.
    """
    return _packed(drawn <= partial.KINDS)


@cache
def _packed(small: bool) -> str:
    return partial.packed((partial.kept() if small else None) or plotly_js())


def scrolling(body: str) -> str:
    """Return HTML with each table in a place that scrolls where it is too narrow for it."""
    return re.sub(
        r"<table.*?</table>", lambda table: f'<div class="crm-scroll">{table[0]}</div>', body, flags=re.DOTALL
    )


def links_of(links: Iterable[tuple[str, str]]) -> str:
    """Return as HTML where the pages of a case's scenarios are; the page itself has no address."""
    return filled(HERE / "links.html", label=_("Scenarios"), links=list(links)) + "\n"


def colophon(inputs: Inputs, sources: Iterable[str]) -> str:
    """Return the foot of a page: the inputs it was made with, where its data are from, what made it."""
    heading = escape(_("Inputs of this page"))
    used = html_table.html(used_inputs(inputs), marked=changed_rows(inputs))
    return f"<footer>\n<h2>{heading}</h2>\n{used}\n{provenance(sources)}\n</footer>"


def used_inputs(inputs: Inputs) -> pd.DataFrame:
    """Return all inputs with their defaults and what was used; what is not the default has an arrow before it."""
    rows = {s.title(): (s.named(s.default), _used(s, getattr(inputs, s.name)), s.name) for s in inputs.settings()}
    columns = [_("Default"), _("Used here"), _("Name")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Input"))


def changed_rows(inputs: Inputs) -> list[int]:
    """Return the numbers of the rows of :func:`used_inputs` that are not at their default."""
    return [n for n, s in enumerate(inputs.settings()) if getattr(inputs, s.name) != s.default]


def _used(s: Setting, value: Any) -> str:
    return s.named(value) if value == s.default else f"→ {s.named(value)}"


def provenance(sources: Iterable[str], notes: Sequence[str] = ()) -> str:
    """Return as HTML where the data are from, how own ones were read where no cell says it, and what made the page.

    No date: the same run gives the same bytes.
    """
    made = _("Made with crm-workbook {version}.").format(version=__version__)
    told = {"sources": list(sources), "read": shown.heading(), "notes": list(notes)}
    return filled(HERE / "provenance.html", heading=_("Data"), made=made, **told)


def page_cells(notebook: Any) -> list[Any]:
    """Return the cells that a page shows, their figures as HTML that draws itself.

    Text tagged ``nav`` leads to other notebooks, from a page to nowhere; text tagged ``code`` speaks of code left out.
    """
    kept = [cell for cell in notebook.cells if not {"code", "nav"} & set(cell.metadata.get("tags", []))]
    return [_page_cell(cell, number) for number, cell in enumerate(kept)]


def headed(cells: Sequence[Any], scenario: str) -> list[Any]:
    """Return the cells with the scenario named in the first heading, as text."""
    shown = list(cells)
    place = next(
        (n for n, cell in enumerate(shown) if cell.cell_type == "markdown" and cell.source.startswith("# ")), None
    )
    if scenario and place is not None:
        first, *rest = shown[place].source.splitlines()
        shown[place] = shown[place].copy()
        shown[place].source = "\n".join([f"{first} · {_literal(scenario)}", *rest])
    return shown


def _literal(text: str) -> str:
    """Return text as Markdown shows it unchanged."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$&])", r"\\\1", " ".join(text.split()))


def rendered(notebook: Any, cells: Iterable[Any]) -> str:
    """Return some cells of a notebook as HTML, without their code."""
    copy = notebook.copy()
    copy.cells = list(cells)
    body, _resources = exporter().from_notebook_node(copy)
    return str(body).strip()


@cache
def exporter() -> Any:
    """Return nbconvert's exporter; it is slow to make and the same for all pages."""
    from crmlib.support import light  # noqa: F401  # isort: skip
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="basic", exclude_input=True, exclude_output_prompt=True, exclude_anchor_links=True
    )


def _page_cell(cell: Any, number: int) -> Any:
    """Return a cell whose plotly outputs are HTML that draws itself, each with the table that came after it."""
    if cell.cell_type != "code":
        return cell
    cell = cell.copy()
    outputs: list[Any] = []
    for output in cell.outputs:
        shown = output.get("data", {})
        values = shown.get("text/html", "")
        if outputs and "<table" in values and _is_open(outputs[-1]):
            outputs[-1] = _with_values(outputs[-1], values[values.index("<table") : values.index("</table>") + 8])
        else:
            outputs.append(_drawn(output, f"figure-{number}-{len(outputs)}") if PLOTLY_MIME in shown else output)
    cell.outputs = outputs
    return cell


def _is_open(output: Any) -> bool:
    """Tell whether an output is a figure that has no table yet."""
    html = output.get("data", {}).get("text/html", "")
    return html.startswith('<figure class="crm-figure"') and "<details" not in html


def _with_values(output: Any, table: str) -> Any:
    output = output.copy()
    drawn = output["data"]["text/html"]
    output["data"] = {"text/html": drawn.replace("</figure>", f"{_folded(table)}\n</figure>")}
    return output


def _drawn(output: Any, place: str) -> Any:
    bundle = output.data[PLOTLY_MIME]
    title = plain_title(bundle["layout"]["title"]["text"])
    alt = str(output.data.get("text/plain", "")).removeprefix(title).removeprefix(" — ")
    output = output.copy()
    output.data = {"text/html": figure(bundle, place, title, alt)}
    return output


def chart_figure(chart: Chart, place: str) -> str:
    """Return a chart as HTML that draws itself, with its table."""
    return figure(chart.bundle()[PLOTLY_MIME], place, chart.title(), chart.alt, html_table.html(chart.table()))


def plain_title(title: str) -> str:
    """Return a title of plotly's as plain text."""
    return unescape(unwrapped(title))


def figure(bundle: Any, place: str, title: str, alt: str, table: str = "") -> str:
    """Return a figure as HTML that draws itself.

    Args:
        bundle: ``data`` and ``layout`` as plotly.js takes them.
        place: id of its element.
        title: in words; it stands above the picture.
        alt: its alternative text.
        table: of its values, HTML.
    """
    layout = {name: part for name, part in bundle["layout"].items() if name not in ("title", "template", "height")}
    high = bundle["layout"].get("height", HEIGHT) - ROOM
    spec = script_safe({"data": bundle["data"], "layout": layout})
    folded = Markup(_folded(table) if table else "")
    said = {"place": place, "title": title, "alt": alt}
    return filled(HERE / "figure.html", **said, high=high, spec=Markup(spec), table=folded)


def _folded(table: str) -> str:
    summary = escape(_("Table of values"))
    return f'<details class="crm-values"><summary>{summary}</summary>\n{table}\n</details>'
