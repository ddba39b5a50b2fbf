"""Charts of knowing and guessing."""

import numpy as np
import pandas as pd

from crmlib.chapters.exam.models import guessing as model
from crmlib.core.i18n import NC_, _
from crmlib.plotting.template import BLUE, GREEN, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec


def marks(answer: model.Guessed) -> Chart:
    """With which chance the student gets which mark, and which of them reach what is needed."""
    enough = answer.marks >= answer.rule.need - 1e-9
    drawn = spec(
        [
            {"type": "bar", "x": answer.marks[who].round(2).tolist(), "name": name, "marker": fill(color),
             "y": (100 * answer.chances[who]).round(2).tolist(),
             "width": [0.8 * (1 + answer.rule.penalty)] * int(who.sum())}
            for who, color, name in ((~enough, QUIET, _("too few")), (enough, BLUE, _("enough")))
        ],
        _("Knowing {knows}, the student reaches {need} with a chance of {chance:.0f}%").format(
            knows=answer.rule.knows, need=answer.rule.need, chance=100 * model.passing(answer)
        ),
        _("Mark (right answers)"),
        _("Chance (%)"),
        barmode="overlay",
    )  # fmt: skip
    said = _("A column for each mark that luck can give; those that reach what is needed have another colour.")
    columns = {_("Chance (%)"): [f"{100 * chance:.1f}" for chance in answer.chances]}
    index = pd.Index([f"{mark:.2f}".rstrip("0").rstrip(".") for mark in answer.marks], name=_("Mark (right answers)"))
    return Chart(drawn, said, lambda: pd.DataFrame(columns, index=index))


def worth(answer: model.Guessed) -> Chart:
    """What a guess is worth by the number of options left, at the penalty of the rule."""
    left = np.arange(2, 7)
    values = np.array([answer.points * model.worth(float(n), answer.rule.penalty) for n in left])
    names = [_("{n} options left").format(n=n) for n in left]
    worst = float(values.min())
    if worst > 1e-9:
        title = _("A guess never loses here; with fewer options left it earns more")
    elif values.max() > 1e-9:
        title = _("A guess pays only where few enough options are left")
    else:
        title = _("A guess never earns anything here")
    drawn = spec(
        [
            {"type": "bar", "orientation": "h", "y": names, "x": values.round(3).tolist(), "name": _("points"),
             "texttemplate": "%{x:.2f}", **BESIDE_BARS,
             "marker": fill([GREEN if n == answer.rule.left else QUIET for n in left])}
        ],
        title,
        _("Worth of a guess (points)"),
        "",
        xaxis_range=[min(1.9 * worst, 0.0), 1.6 * max(float(values.max()), 0.2)],
    )  # fmt: skip
    said = _("Five bars: what a guess earns on average with two to six options left; this student's is marked.")
    table = pd.DataFrame(
        {_(NC_("score", "Points")): [f"{value:.2f}" for value in values]}, index=pd.Index(names, name=_("Options"))
    )
    return Chart(drawn, said, lambda: table)


def known(answer: model.Guessed) -> Chart:
    """How many choices the students of the class know by the correction for guessing, beside what they got right."""
    n = round(float(answer.sittings.questions[0]))
    edges = np.arange(-0.5, n + 1.5)
    columns = {
        _("right answers"): np.histogram(answer.right, edges)[0],
        _("known, as estimated"): np.histogram(np.round(answer.corrected), edges)[0],
    }
    at = np.arange(n + 1)
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines+markers", "x": at.tolist(), "y": number.tolist(), "name": name,
             "line": {"color": color, "dash": dash, "width": 3}, "marker": {"size": 7, "symbol": symbol}}
            for (name, number), color, dash, symbol in zip(
                columns.items(), (QUIET, ORANGE), ("dash", "solid"), ("square", "circle"), strict=True
            )
        ],
        _("The class got {right:.1f} right; luck set aside, it knows {known:.1f}").format(
            right=answer.right.mean(), known=answer.corrected.mean()
        ),
        _("Choices"),
        _("Students"),
    )  # fmt: skip
    said = _("Two lines of students by number of choices: right answers dashed, known ones solid and further left.")
    table = pd.DataFrame({name: number.astype(np.int64) for name, number in columns.items()}, index=at)
    return Chart(drawn, said, lambda: table.rename_axis(_("Choices")))
