"""An executed notebook as one HTML file that opens without a kernel and without a network, figures live."""

import json
from html import escape
from typing import Any

from crmlib.explorers.live import plotly_js
from crmlib.i18n import _
from crmlib.inputs import Inputs
from crmlib.mime import PLOTLY_MIME

STYLE = """
body { font-family: "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6; color: #222; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; border-bottom: 1px solid #ddd; margin-top: 2rem; }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-size: .9rem; display: block; overflow-x: auto; }
table, th, td { border: none; }
th, td { padding: .2rem .7rem; border-bottom: 1px solid #e4e4e4; text-align: right; }
th:first-child, td:first-child, footer th, footer td { text-align: left; }
thead th { border-bottom: 2px solid #999; }
pre { white-space: pre-wrap; } .figure { width: 100%; min-height: 340px; }
footer { margin-top: 3rem; border-top: 2px solid #999; font-size: .85rem; color: #444; }
@media print { body { max-width: none; margin: 0; }
  .figure, table, tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""
# No request leaves the page, whatever the text in it says.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; worker-src blob:; connect-src data: blob:"
)


def page(notebook: Any, title: str, lang: str, reference: Any, inputs: Inputs) -> str:
    """Return the page.

    Args:
        notebook: executed; its code is left out, its text, tables and figures stay.
        title: of the page.
        lang: language of the page.
        reference: the reference table of the inputs.
        inputs: what the notebook was run with, listed in the foot.
    """
    from nbconvert import HTMLExporter

    copy = notebook.copy()
    # The first cell switches languages, which leads nowhere from here; text tagged “code” speaks of code left out.
    kept = [cell for cell in notebook.cells[1:] if "code" not in cell.metadata.get("tags", [])]
    copy.cells = [_still(cell, number) for number, cell in enumerate(kept)]
    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    heading = escape(_("Inputs of this page"))
    body, _resources = exporter.from_notebook_node(copy)
    foot = reference.iloc[:, :1].assign(**{_("Used here"): list(inputs.model_dump().values())}).to_html(border=0)
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n<script>{plotly_js().decode()}</script>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<footer>\n<h2>{heading}</h2>\n{foot}\n</footer>\n"
        "</body>\n</html>\n"
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
    figure = output.data[PLOTLY_MIME]
    arguments = ", ".join(_script_safe(figure[part]) for part in ("data", "layout", "config"))
    label = escape(str(output.data.get("text/plain", "")))
    output = output.copy()
    output.data = {
        "text/html": f'<div class="figure" id="{place}" role="img" aria-label="{label}"></div>\n'
        f'<script>Plotly.newPlot("{place}", {arguments});</script>'
    }
    return output


def _script_safe(value: Any) -> str:
    """Return JSON that cannot end the script it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
