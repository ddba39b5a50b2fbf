"""The page that leads to the pages of all scenarios and shows their headline figures side by side."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

import pandas as pd

from crmlib import casebook
from crmlib.errors import UserError
from crmlib.i18n import _
from crmlib.inputs import Setting
from crmlib.plotting.scenarios import measure_by_scenario
from crmlib.runs.compared import Compared
from crmlib.runs.page import PAGE_STYLE, chart_figure, document, provenance
from crmlib.runs.rerun import Plan, file_name
from crmlib.tables import html

STYLE = """
.scenarios { padding-left: 1.2rem; } .scenarios li { margin-bottom: .6rem; } .why { color: var(--soft); }
.scenarios a { display: inline-block; padding: .1rem 0; margin-right: .9rem; white-space: nowrap; }
.failed { color: var(--wrong); }
tr > :first-child { position: sticky; left: 0; background: var(--paper); max-width: 42vw; } td { white-space: nowrap; }
td:first-child { white-space: normal; }
.modebar-container { display: none !important; } .many .crm-figure { margin: 0; }
.many { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: .5rem 1.5rem; }
@media print { tr > :first-child { position: static; } td { white-space: normal; }
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
        _section(_("Headline figures"), html(compared.headlines())),
        _section(
            _("Differences from the base"),
            _paragraph(_("Each difference is in the unit of its figure and, in brackets, in per cent of the base."))
            + _paragraph(_("Figures that are in per cent differ by percentage points."))
            + html(compared.differences()),
        ),
        _section(_("Figure by figure"), _small_charts(compared)),
        _section(_("Inputs that differ"), _inputs(compared)),
        f"<footer>\n{provenance(base.sources())}\n</footer>",
    ]
    body = "<main>\n" + "\n".join(parts) + "\n</main>"
    return document(title, base.lang, body, PAGE_STYLE + STYLE, paper={"width": 320})


def _entry(name: str, plan: Plan | None, refusal: UserError | None, formats: Iterable[str], base: Plan) -> str:
    """Return one scenario as an item of the list: why it is there, and its files or why there are none."""
    scenario = casebook.case(base.case).scenarios.get(name)
    title = escape(plan.title if plan else scenario.label() if scenario else name)
    story = str(scenario.why) if scenario and scenario.why else _changes(plan) if plan and plan is not base else ""
    why = f' <span class="why">{escape(story)}</span>' if story else ""
    if refusal or not plan:
        said = escape(_("Failed: {why}").format(why=refusal))
        return f'<li><strong>{title}</strong>{why}<br><span class="failed">{said}</span></li>'
    labels = {"html": _("Page"), "slides": _("Slides"), "ipynb": _("Notebook"), "csv": _("Table")}
    names = {fmt: quote(file_name(plan, fmt)) for fmt in formats}
    links = "".join(f'<a href="{names[fmt]}">{escape(label)}</a>' for fmt, label in labels.items() if fmt in names)
    return f"<li><strong>{title}</strong>{why}<br>{links}</li>"


def _changes(plan: Plan) -> str:
    """Return in a sentence what a scenario without a story of its own changes."""
    moved = [
        _("{label} {old} → {new}").format(label=s.title(), old=s.shown(s.default), new=s.shown(value))
        for s in plan.inputs.settings()
        if (value := getattr(plan.inputs, s.name)) != s.default
    ]
    return _("Changed: {inputs}.").format(inputs=_("; ").join(moved)) if moved else _("Every input is at its default.")


def _section(heading: str, html: str) -> str:
    return f"<section>\n<h2>{escape(heading)}</h2>\n{html}\n</section>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>\n"


def _small_charts(compared: Compared) -> str:
    """Return a small chart of each figure that differs, and a sentence on those that do not."""
    told, charts, same = "", [], []
    for number, (key, measure) in enumerate(compared.measures.items()):
        values = compared.values(key)
        if len(set(map(measure.shown, values))) == 1:
            same.append(f"{measure.title()} {measure.shown(values[0])}")
        else:
            charts.append(chart_figure(measure_by_scenario(measure, compared.titles, values), f"figure-{number}"))
    if same:
        told += _paragraph(_("The same in every scenario: {figures}.").format(figures=_("; ").join(same)))
    if charts:
        told += _paragraph(_("A bar a scenario; the base is gray, and its value goes on as a dotted line."))
    return f'{told}<div class="many">\n' + "\n".join(charts) + "\n</div>"


def _inputs(compared: Compared) -> str:
    """Return the table of inputs that differ, an arrow before what is not as in the base, and a line on the others."""
    shared = [f"{setting.title()} = {setting.shown(value)}" for setting, value in compared.changed()]
    told = _("All other inputs are at their defaults in every scenario.")
    if shared:
        told = _("In every scenario: {inputs}. All other inputs are at their defaults.").format(
            inputs=_("; ").join(shared)
        )
    differ = compared.inputs()
    listed = {setting.title(): [_value(setting, value, values[0]) for value in values] for setting, values in differ}
    table = pd.DataFrame.from_dict(listed, orient="index", columns=compared.titles).rename_axis(_("Input"))
    return (html(table) if listed else "") + _paragraph(told)


def _value(setting: Setting, value: Any, base: Any) -> str:
    """Return an input of a scenario; what differs from the base has an arrow before it."""
    return setting.shown(value) if value == base else f"→ {setting.shown(value)}"
