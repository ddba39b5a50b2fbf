"""Charts and tables of Kano's model."""

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models import kano as model
from crmlib.chapters.satisfaction.models import survey as source
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.formulas.arrays import ratio
from crmlib.plotting.template import BLUE, GREEN, ORANGE, PURPLE, QUIET, VIOLET
from crmlib.plotting.theme import Chart, grid, named, shade, spec

MARKS = (
    (GREEN, "star"),
    (BLUE, "circle"),
    (ORANGE, "diamond"),
    (QUIET, "square"),
    (PURPLE, "x"),
    (VIOLET, "triangle-up"),
)
"""Colour and symbol of each class."""


def features() -> list[str]:
    """Return the names of the features."""
    return [_(name) for name in source.FEATURES.values()]


def class_name(place: int) -> str:
    """Return the name of a class; a dash where nobody answered."""
    return _(list(model.CLASSES.values())[place]) if place >= 0 else "–"


def evaluation() -> pd.DataFrame:
    """Return the evaluation table: the class of each pair of answers."""
    letters = list(model.CLASSES)
    names = [_(answer) for answer in model.ANSWERS]
    cells = [[letters[place] for place in row] for row in model.TABLE.tolist()]
    return pd.DataFrame(cells, pd.Index(names, name=_("with it \\ without it")), names)


def shares(k: model.Kano) -> Chart:
    """How many patients see each feature in each class, in % of the answers to it."""
    percent = ratio(100 * k.counts, k.counts.sum(axis=1, keepdims=True), 0.0)
    letters, names = list(model.CLASSES), features()
    cells = iter(shade(percent.ravel().tolist()))
    shades = [[next(cells) for _cell in row] for row in percent]
    said = [[f"{v:.0f}" for v in row] for row in percent]
    hover = _("%{y}, class %{x}: %{text}%") + "<extra></extra>"
    must = [name for name, place in zip(names, k.place.tolist(), strict=True) if place == model.M]
    title = _("Must be there: {names}").format(names=_(", ").join(must)) if must else _("No feature is must-be")
    drawn = spec(
        [grid(shades, said, letters, names, hover) | {"customdata": percent.round(1).tolist()}],
        title,
        _("Class (% of patients)"),
        "",
        yaxis_autorange="reversed",
        height=330,
    )
    alt = _("A row a feature, a column a class from A to Q; the darker a cell, the more patients see it so.")
    return Chart(drawn, alt, lambda: _table(k))


def better_worse(k: model.Kano) -> Chart:
    """The coefficients of better and worse, each feature marked with its class."""
    known = [i for i in range(len(k.better)) if not np.isnan(k.better[i])]
    names = features()
    x = [round(float(-k.worse[i]), 3) for i in known]
    y = [round(float(k.better[i]), 3) for i in known]
    within = [-0.6, 1.9], [-0.05, 1.05]
    marks = [MARKS[int(k.place[i])] for i in known]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": x,
        "y": y,
        **named(x, y, [names[i] for i in known], within),
        "cliponaxis": False,
        "marker": {
            "size": 13,
            "color": [color for color, _symbol in marks],
            "symbol": [symbol for _c, symbol in marks],
        },
        "hovertemplate": _("%{customdata}: worse −%{x:.2f}, better %{y:.2f}") + "<extra></extra>",
    }
    half = {"type": "line", "line": {"color": QUIET, "dash": "dot"}}
    cross = [
        half | {"x0": 0.5, "x1": 0.5, "y0": 0, "y1": 1, "yref": "paper"},
        half | {"x0": 0, "x1": 1, "xref": "paper", "y0": 0.5, "y1": 0.5},
    ]
    n = sum(place == model.A for place in k.place.tolist())
    drawn = spec(
        [trace],
        _("Attractive features: {n}; their absence costs little").format(n=n),
        _("Worse: dissatisfied without it (0–1)"),
        _("Better: satisfied with it (0–1)"),
        shapes=cross,
        xaxis_range=within[0],
        yaxis_range=within[1],
    )
    alt = _(
        "Features by how much they please when present and displease when absent: a star is attractive, a circle "
        "one-dimensional, a diamond must-be, a square indifferent, a cross reverse."
    )
    return Chart(drawn, alt, lambda: _table(k))


def _table(k: model.Kano) -> pd.DataFrame:
    percent = ratio(100 * k.counts, k.counts.sum(axis=1, keepdims=True))
    columns = {f"{letter} (%)": [figure(row[i], 1) for row in percent] for i, letter in enumerate(model.CLASSES)}
    columns |= {
        _("Class"): [class_name(place) for place in k.place.tolist()],
        _("Better"): [figure(v) for v in k.better],
        _("Worse"): [figure(v) for v in k.worse],
    }
    return pd.DataFrame(columns, index=pd.Index(features(), name=_("Feature")))


def by_age(answers: source.Answers) -> pd.DataFrame:
    """Return the class of each feature for each age group."""
    columns = {}
    for name, label in source.AGES.items():
        if (answers.age == name).any():
            found = model.classify(answers, model.KanoRule(age=name)).place  # type: ignore[arg-type]
            columns[_(label)] = [class_name(place) for place in found.tolist()]
    return pd.DataFrame(columns, index=pd.Index(features(), name=_("Feature")))
