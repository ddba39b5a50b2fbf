"""Charts and tables of the satisfaction index."""

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models import csi as model
from crmlib.chapters.satisfaction.models import survey as source
from crmlib.core.figures import figure
from crmlib.core.i18n import N_, _
from crmlib.formulas import satisfaction as formulas
from crmlib.formulas.arrays import Floats
from crmlib.plotting.importance import importance_performance
from crmlib.plotting.template import BLUE, ORANGE
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec

MEANS = {
    "ratio": N_("Mean of c = b ÷ a"),
    "difference": N_("Mean of b − a (points)"),
    "relative": N_("Mean of (b − a) ÷ a"),
}
"""What the axis of satisfaction says, by convention."""
QUESTIONS = (N_("overall satisfaction"), N_("expectations met"), N_("closeness to the ideal"))
GAPS = {
    "invited": (N_("patients invited"), N_("the base of the response rate")),
    "silent": (N_("did not answer"), N_("counted, not filled in: what they think is not known")),
    "no_expectation": (N_("gave no expectation at all"), N_("have no c; they count in means of experience")),
    "hurried": (N_("left two in five of these questions or more empty"), N_("count with what they gave")),
    "odd_points": (N_("importance does not add up to 100"), N_("divided by its sum")),
    "all_tens": (N_("ticked ten throughout"), N_("kept: an extreme answer is an answer")),
}


def dimensions() -> list[str]:
    """Return the names of the five dimensions."""
    return [_(name) for name in source.DIMENSIONS.values()]


def gaps(answers: source.Answers) -> pd.DataFrame:
    """Return how many answers are missing or unusual, and what is done with them."""
    rows = [(_(what), answers.gaps[name], _(done)) for name, (what, done) in GAPS.items()]
    return pd.DataFrame(rows, columns=[_("Patients who"), _("How many"), _("Treatment")]).set_index(_("Patients who"))


def by_dimension(s: model.Satisfaction) -> Chart:
    """Mean satisfaction of each dimension, by the convention in use, against the value that means “just met”."""
    means = source.mean(s.by_dimension)
    neutral = formulas.NEUTRAL[s.rule.convention]
    names, shown = dimensions(), np.nan_to_num(means, nan=neutral)
    low = [value < neutral for value in shown.tolist()]
    poor = [name for name, below in zip(names, low, strict=True) if below]
    title = (
        _("Below expectation: {names}").format(names=_(", ").join(poor))
        if poor
        else _("No dimension is below expectation")
    )
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(float(v), 3) for v in shown],
        "text": [figure(v, 3) for v in means],
        **BESIDE_BARS,
        "marker": fill([ORANGE if below else BLUE for below in low]),
        "hovertemplate": "%{y}: %{x:.3f}<extra></extra>",
    }
    met = {"type": "line", "yref": "paper", "x0": neutral, "x1": neutral, "y0": 0, "y1": 1, "line": {"dash": "dot"}}
    reach = max(1.35, 1.25 * float(shown.max())) if neutral else max(1.0, 2.2 * float(np.abs(shown).max()))
    drawn = spec(
        [bars],
        title,
        _(MEANS[s.rule.convention]),
        "",
        shapes=[met],
        xaxis_range=[0, reach] if neutral else [-reach, reach],
        yaxis_autorange="reversed",
    )
    alt = _("A bar a dimension; orange ones are below the dotted line, where experience just meets expectation.")
    return Chart(drawn, alt, lambda: dimension_table(s))


def dimension_table(s: model.Satisfaction) -> pd.DataFrame:
    """Return mean expectation, experience, satisfaction and importance of each dimension."""
    columns = {
        _("Expectation a"): [figure(v) for v in source.mean(s.answers.expected[s.who])],
        _("Experience b"): [figure(v) for v in model.performance(s)],
        _("Satisfaction c"): [figure(v, 3) for v in source.mean(s.by_dimension)],
        _("Importance (%)"): [figure(100 * v, 1) for v in s.importance],
    }
    return pd.DataFrame(columns, index=pd.Index(dimensions(), name=_("Dimension of quality")))


def importance(s: model.Satisfaction) -> Chart:
    """The importance–performance grid of the five dimensions."""
    axes = _("Performance: mean experience, 1–10"), _("Importance (%)")
    advice = [_(field) for field in model.fields(s)]
    performance = model.performance(s)
    if np.isnan(performance).all():
        performance = np.full(len(performance), 5.5)
    return importance_performance(dimensions(), 100 * s.importance, performance, advice, _(formulas.FIELDS[1]), axes)


def questions(s: model.Satisfaction) -> Chart:
    """The three overall questions on 0–100, and the index that they make."""
    means = source.mean(s.answers.overall[s.who])
    points = np.nan_to_num(100 * (means - 1) / 9)
    names = [_(name) for name in QUESTIONS]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(float(v), 2) for v in points],
        "text": [figure(v, 1) for v in points],
        **BESIDE_BARS,
        "marker": fill(BLUE),
        "hovertemplate": "%{y}: %{x:.1f}<extra></extra>",
    }
    line = {"type": "line", "yref": "paper", "x0": s.index, "x1": s.index, "y0": 0, "y1": 1, "line": {"dash": "dot"}}
    drawn = spec(
        [bars],
        _("The index of three questions is {index}").format(index=figure(s.index, 1)),
        _("Points, 0–100"),
        "",
        shapes=[] if np.isnan(s.index) else [line],
        xaxis_range=[0, 112],
        yaxis_autorange="reversed",
        height=240,
    )
    alt = _("A bar a question, turned from 1–10 into 0–100; the dotted line is the weighted mean, the index.")

    def table() -> pd.DataFrame:
        weights = s.rule.weights() / s.rule.weights().sum()
        columns = {
            _("Mean (1–10)"): [figure(v) for v in means],
            _("Weight"): [figure(v) for v in weights],
            _("Points, 0–100"): [figure(v, 1) for v in points],
        }
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Question")))

    return Chart(drawn, alt, table)


def conventions(found: Floats, expected: Floats) -> pd.DataFrame:
    """Return the satisfaction of some patients by each convention, a row a patient."""
    how = model.SatisfactionRule.setting_of("convention")
    columns = {_("Experience b"): found, _("Expectation a"): expected}
    columns |= {how.shown(name): formulas.satisfaction(found, expected, name).round(3) for name in formulas.NEUTRAL}
    return pd.DataFrame(columns)


def weighed(answers: source.Answers) -> pd.DataFrame:
    """Return the importance of each dimension as stated and as derived, and the advice that follows from each."""
    how = model.SatisfactionRule.setting_of("weigh")
    columns: dict[str, list[str]] = {}
    for name in ("stated", "derived"):
        s = model.measure(answers, model.SatisfactionRule(weigh=name))
        label = how.shown(name)
        columns[_("Importance (%), {how}").format(how=label)] = [figure(100 * v, 1) for v in s.importance]
        columns[_("Advice, {how}").format(how=label)] = [_(field) for field in model.fields(s)]
    return pd.DataFrame(columns, index=pd.Index(dimensions(), name=_("Dimension of quality")))


def by_channel(answers: source.Answers) -> pd.DataFrame:
    """Return answers, mean satisfaction and the index of each channel."""
    rows = {}
    for name, label in source.CHANNELS.items():
        if (answers.channel == name).any():
            figures = model.headline(model.measure(answers, model.SatisfactionRule(channel=name)))  # type: ignore[arg-type]
            rows[_(label)] = (
                f"{figures['patients']:,.0f}",
                figure(figures["satisfaction"], 3),
                figure(figures["index"], 1),
            )
    columns = [_("Answers"), _("Mean satisfaction c"), _("Index, 0–100")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(_("Survey channel"))
