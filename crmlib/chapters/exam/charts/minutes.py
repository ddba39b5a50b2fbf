"""Charts and tables of the minutes of an exam."""

from itertools import pairwise

import numpy as np
import pandas as pd

from crmlib.chapters.exam.models import minutes as model
from crmlib.chapters.exam.models.sittings import SECTIONS, Sittings, mock_marks
from crmlib.core.i18n import NC_, _
from crmlib.plotting.template import BLUE, GREEN, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec
from crmlib.tables.data import categories

WIDTH = 10
"""Points that a column of the histogram spans."""


def _names() -> list[str]:
    """Return the sections as they are called in the language now spoken."""
    shown = categories("mock_sittings", "section")
    return [shown[name] for name in SECTIONS]


def points(answer: model.Marks) -> Chart:
    """Where the points of each section go: earned, guessed, lost for want of time, lost otherwise."""
    found, sections = model.parts(answer), _names()
    parts = [_("earned"), _("by guessing"), _("no time"), _(NC_("marks", "not known"))]
    colors = [BLUE, GREEN, ORANGE, QUIET]
    place = int(np.argmax(found[2]))
    title = _("Everybody reaches every question")
    if found[2].sum() >= 0.05:
        title = _("Want of time costs {late:.1f} points, most of them in: {section}").format(
            late=found[2].sum(), section=sections[place]
        )
    drawn = spec(
        [
            {"type": "bar", "orientation": "h", "y": sections, "x": part.round(2).tolist(), "name": name,
             "marker": fill(color)}
            for name, part, color in zip(parts, found, colors, strict=True)
        ],
        title,
        _("Points, mean of the class"),
        "",
        barmode="stack",
        yaxis_autorange="reversed",
    )  # fmt: skip
    said = _("A bar for each section of the paper, divided into what is earned and what is lost, and why.")
    columns = {name: [f"{value:.1f}" for value in part] for name, part in zip(parts, found, strict=True)}
    return Chart(drawn, said, lambda: pd.DataFrame(columns, index=pd.Index(sections, name=_("Section"))))


def marks(answer: model.Marks) -> Chart:
    """How many students get which mark, and where the pass mark stands."""
    top = float(answer.sittings.points.sum())
    edges = np.arange(0, max(top, WIDTH) + WIDTH, WIDTH)
    number, _edges = np.histogram(np.minimum(answer.marks, top - 1e-9), edges)
    middle = (edges[:-1] + edges[1:]) / 2
    share = 100 * float((answer.marks >= answer.plan.pass_mark).mean())
    passed = edges[:-1] >= answer.plan.pass_mark
    drawn = spec(
        [
            {"type": "bar", "x": middle.tolist(), "y": number.tolist(), "width": [WIDTH * 0.9] * len(middle),
             "marker": fill([BLUE if one else QUIET for one in passed]), "name": _("students"), "showlegend": False},
            {"type": "scatter", "mode": "lines", "x": [answer.plan.pass_mark] * 2, "y": [0, 1.15 * int(number.max())],
             "line": {"color": ORANGE, "dash": "dash", "width": 3}, "name": _("pass mark"), "showlegend": True},
        ],
        _("{share:.0f}% of the class pass").format(share=share),
        _("Mark (points)"),
        _("Students"),
        xaxis_range=[0, top],
    )  # fmt: skip
    said = _("A column for every ten points with the number of students; a dashed line marks the pass mark.")
    spans = [f"{low:.0f}–{high:.0f}" for low, high in pairwise(edges)]
    table = pd.DataFrame({_("Students"): number.astype(np.int64)}, index=pd.Index(spans, name=_("Mark (points)")))
    return Chart(drawn, said, lambda: table)


def rates(answer: model.Marks) -> Chart:
    """What a minute earns in each section, at the pace of the plan."""
    sections, found = _names(), model.a_minute(answer.sittings, answer.plan.pace)
    best, least = int(np.argmax(found)), int(np.argmin(found))
    drawn = spec(
        [
            {"type": "bar", "orientation": "h", "y": sections, "x": found.round(3).tolist(), "name": _("points"),
             "texttemplate": "%{x:.2f}", **BESIDE_BARS,
             "marker": fill([GREEN if place == best else QUIET for place in range(len(found))])}
        ],
        _("A minute earns most here: {best}; least here: {least}").format(best=sections[best], least=sections[least]),
        _("Points a minute, mean of the class"),
        "",
        xaxis_range=[0, 1.6 * float(found.max())],
        yaxis_autorange="reversed",
    )  # fmt: skip
    said = _("A bar for each section: the points that a minute earns there; the longest should be finished first.")
    table = pd.DataFrame(
        {_("Points a minute"): [f"{value:.2f}" for value in found]}, index=pd.Index(sections, name=_("Section"))
    )
    return Chart(drawn, said, lambda: table)


# Tables of the mock exam ----------------------------------------------------------------------------------------------


def by_section(sittings: Sittings) -> pd.DataFrame:
    """Return for each section points, questions, minutes a question, share earned of what was answered, share blank."""
    columns = {
        _(NC_("section", "Points")): [f"{value:g}" for value in sittings.points],
        _(NC_("section", "Questions")): [f"{value:g}" for value in sittings.questions],
        _("Minutes a question"): [f"{value:.1f}" for value in np.median(sittings.pace, axis=0)],
        _("Earned of what was answered (%)"): [f"{100 * value:.0f}" for value in sittings.success.mean(axis=0)],
        _("Left blank (%)"): [
            f"{100 * value:.1f}" for value in 1 - sittings.answered.mean(axis=0) / sittings.questions
        ],
    }
    return pd.DataFrame(columns, index=pd.Index(_names(), name=_("Section")))


def overall(sittings: Sittings) -> pd.DataFrame:
    """Return how many sat the mock exam, how many are left out and why, and the mean mark."""
    rows = {
        _("Students counted"): f"{len(sittings.ids)}",
        _("Answered nothing, left out"): f"{sittings.absent}",
        _("A section is missing, left out"): f"{sittings.torn}",
        _("Mean mark (points)"): f"{mock_marks(sittings).mean():.1f}",
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=[_("In the mock exam")]).rename_axis(_("Figure"))
