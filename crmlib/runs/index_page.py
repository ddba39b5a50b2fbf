"""The page that leads to the pages of all scenarios and shows their headline figures side by side."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from crmlib import casebook
from crmlib.charts.scenarios import measure_by_scenario
from crmlib.charts.theme import CONFIG
from crmlib.errors import UserError
from crmlib.i18n import _
from crmlib.inputs import Setting
from crmlib.mime import PLOTLY_MIME
from crmlib.runs.compared import Compared
from crmlib.runs.page import PAGE_STYLE, document, figure, figures_script, provenance
from crmlib.runs.rerun import Plan, file_name

STYLE = """
.scenarios { padding-left: 1.2rem; } .scenarios li { margin-bottom: .6rem; } .why { color: #444; }
.scenarios a { margin-right: .6rem; white-space: nowrap; } .failed { color: #a33a00; }
th:first-child, td:first-child { position: sticky; left: 0; background: #fff; min-width: 9em; max-width: 42vw; }
th { min-width: 6em; } td { white-space: nowrap; } td:first-child { white-space: normal; }
.many { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: .5rem 1.5rem; }
.figure { min-height: 0; }
@media print { th:first-child, td:first-child { position: static; } th { min-width: 0; } td { white-space: normal; }
  .many { grid-template-columns: 1fr 1fr; } }
"""


def index_page(
    names: Iterable[str],
    plans: Iterable[Plan],
    compared: Compared,
    refused: Mapping[str, UserError],
    formats: Sequence[str],
) -> str:
    """Return the page.

    Args:
        names: the scenarios that were to be rerun, in order.
        plans: those of them that could be.
        compared: those that are shown side by side, the base first.
        refused: why a scenario failed, by its name.
        formats: what was written for the others.
    """
    base = compared.plans[0]
    title = _("{case}: scenarios compared").format(case=casebook.case(base.case).label())
    made = {plan.scenario: plan for plan in plans}
    links = "\n".join(_entry(name, made.get(name), refused.get(name), formats, base) for name in names)
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<ul class="scenarios">\n{links}\n</ul>',
        _section(_("Headline figures"), compared.headlines().to_html(index=False, border=0)),
        _section(
            _("Differences from the base"),
            _paragraph(_("Each difference is in the unit of its figure and, in brackets, in per cent of the base."))
            + _paragraph(_("Figures that are in per cent differ by percentage points."))
            + compared.differences().to_html(index=False, border=0),
        ),
        _section(_("Figure by figure"), _small_charts(compared)),
        _section(_("Inputs that differ"), _inputs(compared)),
        f"<footer>\n{provenance(base.sources())}\n</footer>",
    ]
    body = "<main>\n" + "\n".join(parts) + "\n</main>"
    return document(title, base.lang, body, PAGE_STYLE + STYLE, figures_script(width=320))


def _entry(name: str, plan: Plan | None, refusal: UserError | None, formats: Iterable[str], base: Plan) -> str:
    """Return one scenario as an item of the list: why it is there, and its files or why there are none."""
    scenario = casebook.case(base.case).scenarios.get(name)
    title = escape(plan.title if plan else scenario.label() if scenario else name)
    why = f' <span class="why">{escape(str(scenario.why))}</span>' if scenario and scenario.why else ""
    if refusal or not plan:
        said = escape(_("Failed: {why}").format(why=refusal))
        return f'<li><strong>{title}</strong>{why}<br><span class="failed">{said}</span></li>'
    labels = {"html": _("Page"), "slides": _("Slides"), "ipynb": _("Notebook"), "csv": _("Table")}
    names = {fmt: quote(file_name(plan, fmt)) for fmt in formats}
    links = "".join(f'<a href="{names[fmt]}">{escape(label)}</a>' for fmt, label in labels.items() if fmt in names)
    return f"<li><strong>{title}</strong>{why}<br>{links}</li>"


def _section(heading: str, html: str) -> str:
    return f"<section>\n<h2>{escape(heading)}</h2>\n{html}\n</section>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>\n"


def _small_charts(compared: Compared) -> str:
    told = _paragraph(_("A bar a scenario; the base is gray, and its value goes on as a dotted line."))
    charts = []
    for number, (key, measure) in enumerate(compared.measures.items()):
        bundle = measure_by_scenario(measure, compared.titles, compared.values(key)).bundle()
        drawn = bundle[PLOTLY_MIME] | {"config": CONFIG | {"displayModeBar": False}}
        charts.append(figure(drawn, f"figure-{number}", bundle["text/plain"]))
    return f'{told}<div class="many">\n' + "\n".join(f"<div>{chart}</div>" for chart in charts) + "\n</div>"


def _inputs(compared: Compared) -> str:
    """Return the table of inputs that differ, what differs from the base in bold, and a line on what all changed."""
    head = "".join(f"<th>{escape(text)}</th>" for text in (_("Input"), *compared.titles))
    rows = "\n".join(_input_row(setting, values) for setting, values in compared.inputs())
    shared = [f"{setting.title()} = {setting.shown(value)}" for setting, value in compared.changed()]
    told = _("All other inputs are at their defaults in every scenario.")
    if shared:
        told = _("In every scenario: {inputs}. All other inputs are at their defaults.").format(
            inputs=_("; ").join(shared)
        )
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n" if rows else ""
    return table + _paragraph(told)


def _input_row(setting: Setting, values: Sequence[Any]) -> str:
    base = values[0]
    shown = [escape(setting.shown(value)) for value in values]
    cells = [text if value == base else f"<strong>{text}</strong>" for value, text in zip(values, shown, strict=True)]
    return f"<tr><th>{escape(setting.title())}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
