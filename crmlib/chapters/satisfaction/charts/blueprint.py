"""Charts and tables of a service blueprint."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models import blueprint as model
from crmlib.core.i18n import N_, _, ngettext
from crmlib.formulas.arrays import ratio
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, ink, safe, spec, wrapped
from crmlib.tables.data import spoken

ZONES = {
    "customer": N_("customer actions"),
    "front": N_("front stage"),
    "back": N_("back stage"),
    "support": N_("support processes"),
}
FAIL_POINTS = 3
"""So many steps are marked as fail points: those that spoil the most journeys."""


def texts(blueprint: model.Blueprint, column: str) -> list[str]:
    """Return a column of texts of the steps in the language now spoken, made safe for a chart."""
    steps = blueprint.steps
    return [safe(text) for text in spoken(steps, column)] if column in steps else [""] * len(steps)


def numbered(blueprint: model.Blueprint) -> list[str]:
    """Return the names of the steps with their place, such as “3 Wait to be called”."""
    return [f"{n} {name}" for n, name in enumerate(texts(blueprint, "step"), 1)]


def fail_points(j: model.Journey) -> list[int]:
    """Return the places of the steps that spoil the most journeys now, the worst first."""
    order = np.argsort(-j.spoiled_now, kind="stable")[:FAIL_POINTS]
    return [int(i) for i in order if j.spoiled_now[i] > 0]


def drawing(j: model.Journey) -> Chart:
    """The blueprint: steps in their order and zone, fail points marked, the line of visibility across."""
    x, y = list(range(1, len(j.spoiled_now) + 1)), j.blueprint.zone.tolist()
    worst, names = fail_points(j), texts(j.blueprint, "step")
    path = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": QUIET}, "hoverinfo": "skip"}
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "x": x,
        "y": y,
        "text": [str(n) for n in x],
        "customdata": [[name, round(100 * u, 2)] for name, u in zip(names, j.spoiled_now.tolist(), strict=True)],
        "hovertemplate": _("%{customdata[0]}: spoils %{customdata[1]:.1f}%") + "<extra></extra>",
        "marker": {
            "size": [24 if i in worst else 20 for i in range(len(x))],
            "color": [ORANGE if i in worst else BLUE for i in range(len(x))],
            "symbol": ["diamond" if i in worst else "circle" for i in range(len(x))],
            "opacity": 1,
        },
        "textfont": {"size": 11, "color": [ink(ORANGE) if i in worst else ink(BLUE) for i in range(len(x))]},
    }
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1.5, "y1": 1.5, "line": {"dash": "dash"}}
    said = _(", ").join(names[i] for i in worst)
    drawn = spec(
        [path, marks],
        _("Fail points: {names}").format(names=said) if worst else _("No step fails"),
        _("Step, in the order of the journey"),
        "",
        shapes=[line],
        showlegend=False,
        xaxis_range=[0.2, len(x) + 0.8],
        xaxis_dtick=2 if len(x) < 24 else 5,
        yaxis_range=[3.5, -0.5],
        yaxis_tickvals=[0, 1, 2, 3],
        yaxis_ticktext=[_(zone) for zone in ZONES.values()],
    )
    alt = _(
        "Steps numbered along the journey, each at the height of its zone. The dashed line is the line of visibility: "
        "customers see what lies above it. Orange diamonds are fail points."
    )
    return Chart(drawn, alt, lambda: steps_table(j))


def steps_table(j: model.Journey) -> pd.DataFrame:
    """Return the steps with zone, probabilities, standard and visible evidence."""
    b = j.blueprint
    names = list(ZONES.values())
    columns = {
        _("Zone of the blueprint"): [_(names[place]) for place in b.zone.tolist()],
        _("Fails (%)"): [f"{100 * v:.1f}" for v in np.minimum(b.failure * j.rule.busy, 1)],
        _("Recovered (%)"): [f"{100 * v:.0f}" for v in b.recovered],
        _("Spoils the journey (%)"): [f"{100 * v:.2f}" for v in j.spoiled_now],
        _("Standard"): [text or "–" for text in texts(b, "standard")],
        _("Visible evidence"): [text or "–" for text in texts(b, "evidence")],
    }
    return pd.DataFrame(columns, index=pd.Index(numbered(b), name=_("Step of the service")))


def along(j: model.Journey) -> Chart:
    """How many journeys are still unspoiled after each step, now and with the measures chosen."""
    x = list(range(len(j.spoiled_now) + 1))
    now, then = 100 * model.along(j.spoiled_now), 100 * model.along(j.spoiled_then)
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": np.round(values, 3).tolist(),
            "name": name,
            "line": {"color": color, "dash": dash, "width": 3},
        }
        for values, name, color, dash in (
            (now, _("now"), QUIET, "dash"),
            (then, _("with the measures"), BLUE, "solid"),
        )
    ]
    drawn = spec(
        lines,
        _("{now:.1f}% of the journeys succeed now, {then:.1f}% with the measures").format(now=now[-1], then=then[-1]),
        _("Steps done"),
        _("Journeys still unspoiled (%)"),
        xaxis_range=[0, len(x) - 1],
        yaxis_range=[max(0.0, float(now.min()) - 6), 101],
    )
    alt = _("Both lines fall with every step: gray and dashed now, blue with the measures chosen.")

    def table() -> pd.DataFrame:
        columns = {
            _("Now (%)"): [f"{v:.1f}" for v in now[1:]],
            _("With the measures (%)"): [f"{v:.1f}" for v in then[1:]],
        }
        return pd.DataFrame(columns, index=pd.Index(numbered(j.blueprint), name=_("After step")))

    return Chart(drawn, alt, table)


def _rows(names: Sequence[str], values: Sequence[float], texts: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return horizontal bars with a text beside each."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": list(values),
        "text": list(texts),
        **BESIDE_BARS,
        **more,
    }


def per_yuan(j: model.Journey) -> Chart:
    """What one yuan of each measure brings if it is taken alone; those chosen are blue."""
    b = j.blueprint
    has = np.flatnonzero(~np.isnan(b.cost))
    shown = ratio(j.gain[has], b.cost[has], 0.0)
    measures = texts(b, "measure")
    names = [wrapped(f"{i + 1} {measures[i]}", 20) for i in has.tolist()] or [_("no measure")]
    values = [round(float(v), 3) for v in shown] or [0.0]
    said = [f"{v:.2f}" for v in values]
    colors = [BLUE if taken else QUIET for taken in j.chosen[has]] or [QUIET]
    n, spent = int(j.chosen.sum()), j.spent
    title = ngettext(
        "{n} measure for {spent:,.0f} yuan a month nets {net:,.0f}",
        "{n} measures for {spent:,.0f} yuan a month net {net:,.0f}",
        n,
    ).format(n=n, spent=spent, net=model.headline(j)["net_gain"] + 0.0)
    even = {"type": "line", "yref": "paper", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "line": {"dash": "dot"}}
    drawn = spec(
        [_rows(names, values, said, marker=fill(colors), hovertemplate="%{y}: %{x:.2f}<extra></extra>")],
        title,
        _("Gain per yuan spent (yuan)"),
        "",
        shapes=[even],
        height=120 + 34 * len(names),
        xaxis_range=[0, 1.25 * max(1.1, *values)],
        yaxis_autorange="reversed",
    )
    alt = _(
        "A bar a measure, taken alone: blue ones are chosen, hatched gray ones not. At the dotted line it pays exactly."
    )
    return Chart(drawn, alt, lambda: measures_table(j))


def measures_table(j: model.Journey) -> pd.DataFrame:
    """Return the measures with cost, gain alone, gain per yuan, and whether they are chosen."""
    b = j.blueprint
    has = np.flatnonzero(~np.isnan(b.cost)).tolist()
    step, measure = numbered(b), texts(b, "measure")
    columns = {
        _("Measure"): [measure[i] for i in has] or ["–"],
        _("Prevents (%)"): [f"{100 * b.cut[i]:.0f}" for i in has] or ["–"],
        _("Cost (yuan a month)"): [f"{b.cost[i]:,.0f}" for i in has] or ["–"],
        _("Gain alone (yuan a month)"): [f"{j.gain[i]:,.0f}" for i in has] or ["–"],
        _("Gain per yuan"): [f"{j.gain[i] / b.cost[i]:.2f}" if b.cost[i] else "–" for i in has] or ["–"],
        _("Chosen"): [_("yes") if j.chosen[i] else _("no") for i in has] or ["–"],
    }
    return pd.DataFrame(columns, index=pd.Index([step[i] for i in has] or ["–"], name=_("Step of the service")))


def compared(blueprint: model.Blueprint, rule: model.BlueprintRule) -> pd.DataFrame:
    """Return what each way of choosing measures leads to with the same budget."""
    return model.STUDY.by_choice(blueprint, rule, "choose", "measures", "spent", "success_then", "net_gain")
