"""Charts and tables of the choice of a survey."""

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models import sampling as model
from crmlib.chapters.satisfaction.models import survey as source
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec


def channels() -> list[str]:
    """Return the names of the four channels."""
    return [_(name) for name in source.CHANNELS.values()]


def costs(p: model.SurveyPlan) -> Chart:
    """What the answers needed cost by each channel; the channel chosen is blue."""
    names, cost = channels(), np.nan_to_num(p.cost)
    colors = [BLUE if k == p.chosen else QUIET for k in range(len(names))]
    said = [_(why) if why else figure(p.cost[k], 0) for k, why in enumerate(p.fits)]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(float(v), 1) for v in cost],
        "text": said,
        **BESIDE_BARS,
        "marker": fill(colors),
        "hovertemplate": "%{y}: %{x:,.0f}<extra></extra>",
    }
    limit = p.rule.budget
    line = {"type": "line", "yref": "paper", "x0": limit, "x1": limit, "y0": 0, "y1": 1, "line": {"dash": "dot"}}
    if p.chosen >= 0:
        title = _("{n:,} answers: {channel}").format(n=p.answers, channel=names[p.chosen])
    else:
        title = _("{n:,} answers: no channel keeps all limits").format(n=p.answers)
    drawn = spec(
        [bars],
        title,
        _("Cost (yuan)"),
        "",
        shapes=[line],
        xaxis_range=[0, 2.1 * max(float(cost.max()), limit, 1)],
        yaxis_autorange="reversed",
        height=260,
    )
    alt = _("A bar a channel: the one chosen is blue; at the others stands their cost or what speaks against them.")
    return Chart(drawn, alt, lambda: table(p))


def table(p: model.SurveyPlan) -> pd.DataFrame:
    """Return the plan by channel: response, invitations, cost, days, reach, bias, and what speaks against it."""
    rates = p.response.rate
    columns = {
        _("Response (%)"): [figure(100 * v, 1) for v in rates],
        _("Invitations"): [figure(v, 0) for v in p.invitations],
        _("Cost (yuan)"): [figure(v, 0) for v in p.cost],
        _("Days"): [f"{c.days:g}" for c in model.COSTS.values()],
        _("Reach (%)"): [f"{100 * c.reach:.0f}" for c in model.COSTS.values()],
        _("Bias (points)"): [figure(v, 1) for v in p.bias],
        _("Limits"): [_(why) if why else _("kept") for why in p.fits],
    }
    return pd.DataFrame(columns, index=pd.Index(channels(), name=_("Survey channel")))


def curve(p: model.SurveyPlan) -> Chart:
    """The margin of error against the number of answers, and the number needed."""
    n = np.unique(np.linspace(20, max(2 * p.answers, 200), 60).astype(int))
    n = n[n < p.rule.population]
    n = n if n.size else np.array([int(p.rule.population) - 1])
    z, share, population = p.rule.confidence / 100, p.rule.share / 100, p.rule.population
    margins = [100 * model.margin_of_error(float(k), z, share, population) for k in n.tolist()]
    needed = 100 * model.margin_of_error(p.answers, z, share, population)
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": n.tolist(),
        "y": [round(v, 3) for v in margins],
        "line": {"color": BLUE, "width": 3},
        "name": _("margin of error"),
    }
    mark = {
        "type": "scatter",
        "mode": "markers",
        "x": [p.answers],
        "y": [round(needed, 3)],
        "marker": {"color": ORANGE, "size": 12, "symbol": "diamond"},
        "name": _("answers needed"),
    }
    drawn = spec(
        [line, mark],
        _("± {margin:g} points need {n:,} answers").format(margin=p.rule.margin, n=p.answers),
        _("Answers"),
        _("Margin of error (± points)"),
        xaxis_rangemode="tozero",
        yaxis_range=[0, 1.1 * max(margins)],
    )
    alt = _("The line falls steeply at first and is soon flat: half the error takes four times the answers.")

    def values() -> pd.DataFrame:
        picked = [100, 200, 400, 800, 1600]
        found = [100 * model.margin_of_error(k, z, share, max(population, k + 1)) for k in picked]
        return pd.DataFrame(
            {_("Margin of error (± points)"): [figure(v) for v in found]}, pd.Index(picked, name=_("Answers"))
        )

    return Chart(drawn, alt, values)


def silence(p: model.SurveyPlan) -> Chart:
    """What non-response adds to the error: the margin of error beside the bias of each channel."""
    names = channels()
    bias = np.abs(np.nan_to_num(p.bias))
    worse = [value > p.rule.margin for value in bias.tolist()]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [round(float(v), 2) for v in bias],
        "text": [figure(v, 1) for v in p.bias],
        **BESIDE_BARS,
        "marker": fill([ORANGE if w else BLUE for w in worse]),
        "hovertemplate": "%{y}: %{x:.1f}<extra></extra>",
    }
    at = p.rule.margin
    line = {"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1, "line": {"dash": "dot"}}
    title = _("Channels whose bias exceeds the margin of error: {n}").format(n=sum(worse))
    drawn = spec(
        [bars],
        title,
        _("Bias by non-response (points)"),
        "",
        shapes=[line],
        xaxis_range=[0, 1.3 * max(float(bias.max()), at, 1)],
        yaxis_autorange="reversed",
        height=260,
    )
    alt = _(
        "A bar a channel; orange ones go beyond the dotted line, the margin of error. The text gives the direction."
    )
    return Chart(drawn, alt, lambda: table(p))


def sizes() -> pd.DataFrame:
    """Return how many answers ± 5 points at 95% need, by the number of people in all."""
    people = [100, 500, 1_000, 5_000, 10_000, 100_000]
    found = [model.sample_size(0.05, population=n) for n in people]
    index = pd.Index([f"{n:,}" for n in people], name=_("Patients in all"))
    return pd.DataFrame({_("Answers needed"): [str(n) for n in found]}, index)
