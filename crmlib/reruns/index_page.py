"""The page that leads to the pages of all scenarios and shows their headline figures side by side."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

from crmlib import casebook
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.inputs import Setting
from crmlib.plotting.scenarios import measure_by_scenario
from crmlib.reruns.compared import Compared
from crmlib.reruns.page import PAGE_STYLE, chart_figure, document, provenance
from crmlib.reruns.rerun import Rerun, file_name
from crmlib.support.html_table import html
from crmlib.support.markup import filled

Shown = dict[str, str | list[tuple[str, str]]]

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
    reruns: Iterable[Rerun],
    compared: Compared,
    refused: Mapping[str, UserError],
    formats: Sequence[str],
) -> str:
    """Return the page.

    Args:
        names: the scenarios that were to be rerun, in order.
        reruns: those of them that could be.
        compared: those that are shown side by side, the base first.
        refused: why a scenario failed, by its name.
        formats: what was written for the others.
    """
    base = compared.reruns[0]
    made = {agreed.scenario: agreed for agreed in reruns}
    labels = {"html": _("Page"), "slides": _("Slides"), "ipynb": _("Notebook"), "csv": _("Table")}

    def entry(name: str) -> Shown:
        rerun, refusal = made.get(name), refused.get(name)
        if refusal or not rerun:
            return listed(name, rerun, base, failed=_("Failed: {why}").format(why=refusal))
        files = [(quote(file_name(rerun, fmt)), label) for fmt, label in labels.items() if fmt in formats]
        return listed(name, rerun, base, files)

    body = f"<main>\n{comparison(compared, [entry(name) for name in names])}\n</main>"
    return document(heading(base.case), base.lang, body, PAGE_STYLE + STYLE, paper={"width": 320})


def heading(case: str) -> str:
    """Return the title of the page of a case."""
    return _("{case}: scenarios compared").format(case=casebook.case(case).label())


def comparison(compared: Compared, scenarios: Sequence[Shown]) -> str:
    """Return as HTML the scenarios and what is different between them.

    Args:
        compared: those that are shown side by side, the base first.
        scenarios: all of them, as :func:`listed` gives each.
    """
    base = compared.reruns[0]
    return filled(
        Path(__file__).with_suffix(".html"),
        title=heading(base.case),
        scenarios=scenarios,
        sections=[
            (_("Headline figures"), [], Markup(html(compared.headlines())), ""),
            (
                _("Differences from the base"),
                [
                    _("Each difference is in the unit of its figure and, in brackets, in per cent of the base."),
                    _("Figures that are in per cent differ by percentage points."),
                ],
                Markup(html(compared.differences())),
                "",
            ),
            (_("Figure by figure"), *_small_charts(compared), ""),
            (_("Inputs that differ"), [], *_inputs(compared)),
        ],
        provenance=Markup(provenance(base.sources(), base.notes)),
    )


def listed(
    name: str, rerun: Rerun | None, base: Rerun, links: Sequence[tuple[str, str]] = (), failed: str = ""
) -> Shown:
    """Return one scenario as the list shows it: why it is there, and its files or why there are none."""
    scenario = casebook.case(base.case).scenarios.get(name)
    title = rerun.title if rerun else scenario.label() if scenario else name
    changed = _changes(rerun) if rerun and rerun is not base else ""
    why = str(scenario.why) if scenario and scenario.why else changed
    return {"title": title, "why": why, "failed": failed, "links": list(links)}


def _changes(agreed: Rerun) -> str:
    """Return in a sentence what a scenario without a story of its own changes."""
    moved = [
        _("{label} {old} → {new}").format(label=s.title(), old=s.shown(s.default), new=s.shown(value))
        for s in agreed.inputs.settings()
        if (value := getattr(agreed.inputs, s.name)) != s.default
    ]
    return _("Changed: {inputs}.").format(inputs=_("; ").join(moved)) if moved else _("Every input is at its default.")


def _small_charts(compared: Compared) -> tuple[list[str], Markup]:
    """Return sentences on the figures that do not differ and on the others, and a small chart of each of these."""
    told, charts, same = [], [], []
    for number, (key, measure) in enumerate(compared.measures.items()):
        values = compared.values(key)
        if len(set(map(measure.shown, values))) == 1:
            same.append(f"{measure.title()} {measure.shown(values[0])}")
        else:
            charts.append(chart_figure(measure_by_scenario(measure, compared.titles, values), f"figure-{number}"))
    if same:
        told.append(_("The same in every scenario: {figures}.").format(figures=_("; ").join(same)))
    if charts:
        told.append(_("A bar a scenario; the base is gray, and its value goes on as a dotted line."))
    return told, Markup('<div class="many">\n' + "\n".join(charts) + "\n</div>")


def _inputs(compared: Compared) -> tuple[Markup, str]:
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
    return Markup(html(table) if listed else ""), told


def _value(setting: Setting, value: Any, base: Any) -> str:
    """Return an input of a scenario; what differs from the base has an arrow before it."""
    return setting.shown(value) if value == base else f"→ {setting.shown(value)}"
