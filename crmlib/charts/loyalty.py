"""Charts of satisfaction and loyalty."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.charts.loyalty_tables import figures, satisfaction_name
from crmlib.charts.theme import BLUE, GREEN, INK, ORANGE, PURPLE, QUIET, Chart, bars, matrix, spec
from crmlib.i18n import N_, _
from crmlib.inputs import Inputs, setting
from crmlib.models import loyalty as model
from crmlib.models import loyalty_measures as measures
from crmlib.models import loyalty_survey as source
from crmlib.models.arrays import Floats

BINS = np.arange(0, 101, 5.0)


class LoyaltyView(Inputs):
    """How the charts are drawn; changes no figure."""

    first: Literal["shares", "distribution"] = setting(
        "shares",
        N_("The first chart shows"),
        group="view",
        choices={"shares": N_("satisfied and loyal customers"), "distribution": N_("the index as a distribution")},
    )
    curve_of: Literal["index", "wallet", "repurchase"] = setting(
        "wallet",
        N_("The curve shows"),
        group="view",
        choices={
            "index": N_("the loyalty index"),
            "wallet": N_("share of wallet"),
            "repurchase": N_("intention to buy again"),
        },
    )


def _color(wave: int, waves: int) -> str:
    """Return the colour of a wave: the last one blue, those before it gray first, then others."""
    return BLUE if wave == waves - 1 else (QUIET, GREEN, PURPLE)[wave % 3]


def satisfied_and_loyal(m: model.Loyalty) -> Chart:
    """Shares of satisfied, loyal, and satisfied but not loyal customers in each wave."""
    shares = model.shares_by_wave(m)
    names = [_("satisfied"), _("loyal"), _("satisfied but not loyal")]
    years = [str(y) for y in m.survey.years]
    waves = len(years)
    more, loyal = (values[-1] - values[0] for values in (shares["satisfied"], shares["loyal"]))
    if more > 0 > loyal:
        title = _("Satisfied up {more:.1f} points, loyal down {less:.1f}")
    else:
        title = _("Satisfied {more:+.1f} points, loyal {loyal:+.1f}")
    traces = [
        bars(names, [v[k] for v in shares.values()], years[k], _color(k, waves))
        for k in range(waves)
        if not any(np.isnan(v[k]) for v in shares.values())
    ]
    drawn = spec(
        traces,
        title.format(more=more, less=-loyal, loyal=loyal),
        "",
        _("Customers (%)"),
        yaxis_range=[0, 100],
    )
    alt = _("Bars by survey year: % of customers that are satisfied, loyal, and satisfied without being loyal.")
    columns = {year: [v[k] for v in shares.values()] for k, year in enumerate(years)}
    return Chart(drawn, alt, lambda: figures(names, _("% of customers"), columns))


def indicators(m: model.Loyalty) -> Chart:
    """The eight indicators in each wave, as points."""
    means = model.indicators_by_wave(m)
    names = [_(i.label) for i in source.INDICATORS.values()]
    change = means[:, -1] - means[:, 0]
    fell = int((np.round(change, 1) < 0).sum())
    known = np.where(np.isnan(change), 0.0, change)
    if fell:
        title = _("{fell} of 8 fell, most of all {worst}").format(fell=fell, worst=names[known.argmin()])
    else:
        title = _("No indicator fell between the surveys")
    return _dumbbells(m, names, means, title, _("Indicator"), _("Mean points (100 = most loyal)"))


def components(m: model.Loyalty) -> Chart:
    """The five components of loyalty in each wave, as points."""
    means = model.components_by_wave(m)
    names = [_(label) for label in source.COMPONENTS.values()]
    change = means[:, -1] - means[:, 0]
    title = _("Satisfaction {first:+.1f}, resistance {last:+.1f} points").format(
        first=np.nan_to_num(change[0]), last=np.nan_to_num(change[-1])
    )
    return _dumbbells(m, names, means, title, _("Component"), _("Mean points"))


def _dumbbells(m: model.Loyalty, names: list[str], means: Floats, title: str, what: str, unit: str) -> Chart:
    """A row a name: a dot for each wave's mean and a line between them; what nobody answered has no dot."""
    years = [str(y) for y in m.survey.years]
    rows = [k for k in range(len(names)) if not np.isnan(means[k]).any()]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [float(v) for v in (means[k].min(), means[k].max())],
            "y": [names[k]] * 2,
            "line": {"color": QUIET, "width": 2},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for k in rows
    ]
    traces += [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [round(float(means[k, t]), 2) for k in rows],
            "y": [names[k] for k in rows],
            "name": year,
            "marker": {"color": _color(t, len(years)), "size": 12, "symbol": "diamond" if t else "circle"},
            "hovertemplate": "%{y}: %{x:.1f}",
        }
        for t, year in enumerate(years)
    ]
    shown = means[rows] if rows else np.array([0.0, 100.0])
    ends = [max(10 * float(np.floor(shown.min() / 10)) - 5, -3), min(10 * float(np.ceil(shown.max() / 10)) + 5, 103)]
    drawn = spec(traces, title, unit, "", yaxis_autorange="reversed", xaxis_range=ends)
    alt = _("Dots by survey year on a scale of 0 to 100, a row each: {names}.").format(names=_(", ").join(names))
    return Chart(drawn, alt, lambda: figures(names, what, dict(zip(years, means.T, strict=True))))


def kinds(m: model.Loyalty) -> Chart:
    """The four kinds of loyalty (attitude × behaviour) in the survey shown."""
    counts = model.kinds_by_wave(m)[:, m.shown]
    total = max(int(counts[: measures.UNKNOWN].sum()), 1)
    cells = [[counts[1], counts[0]], [counts[3], counts[2]]]
    order = [[1, 0], [3, 2]]
    labels = [[_field(k, int(counts[k]), counts[k] / total) for k in row] for row in order]
    columns = [_("behaviour low"), _("behaviour high")]
    rows = [_("attitude high"), _("attitude low")]
    trace = matrix(cells, rows, columns, _("%{y}, %{x}: %{customdata:,} customers") + "<extra></extra>")
    drawn = spec(
        [trace | {"text": labels, "zmin": 0}],
        _("{share:.0%} spurious, {latent:.0%} latent loyalty").format(
            share=counts[2] / total, latent=counts[1] / total
        ),
        _("Behaviour (cut at {cut:g} points)").format(cut=m.policy.behaviour_cut),
        _("Attitude (cut at {cut:g} points)").format(cut=m.policy.attitude_cut),
        yaxis_autorange="reversed",
        xaxis_showgrid=False,
        yaxis_showgrid=False,
    )
    alt = _("Two by two: attitude high or low, behaviour high or low, with the customers in each field.")
    by_wave = model.kinds_by_wave(m)
    names = [_(k) for k in (*measures.KINDS, N_("not known"))]
    years = {str(y): by_wave[:, k].astype(float) for k, y in enumerate(m.survey.years)}
    return Chart(drawn, alt, lambda: figures(names, _("Kind of loyalty"), years, 0))


def _field(kind: int, n: int, share: float) -> str:
    name = _(measures.KINDS[kind])
    return _("{kind}<br>{n:,} · {share:.0%}").format(kind=name, n=n, share=share)


CURVES = {
    "index": N_("Loyalty index (points)"),
    "wallet": N_("Our share of wallet (%)"),
    "repurchase": N_("Intention to buy again (points)"),
}


def curve(m: model.Loyalty, of: str = "wallet") -> Chart:
    """Loyalty against satisfaction, a line each for low and high competition."""
    values = {
        "index": m.index,
        "wallet": m.points[:, source.WALLET],
        "repurchase": m.survey.components[:, list(source.COMPONENTS).index("repurchase")],
    }[of]
    found = model.curve(m, values)
    named = {"low": (_("low competition"), ORANGE, "circle"), "high": (_("high competition"), BLUE, "diamond")}
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [round(float(v), 4) for v in x],
            "y": [round(float(v), 2) for v in y],
            "customdata": n.tolist(),
            "name": named[side][0],
            "line": {"color": named[side][1]},
            "marker": {"symbol": named[side][2], "size": 8},
            "hovertemplate": _("satisfaction %{x:.2f}: %{y:.1f}, %{customdata:,} customers") + "<extra></extra>",
        }
        for side, (x, y, n) in found.items()
        if len(x)
    ]
    neutral = measures.NEUTRAL[m.policy.satisfaction]
    line = {"type": "line", "x0": neutral, "x1": neutral, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": INK, "dash": "dot"}}  # fmt: skip
    drawn = spec(
        traces,
        _curve_title(found),
        _("Satisfaction, {how}").format(how=satisfaction_name(m)),
        _(CURVES[of]),
        yaxis_range=[0, 100],
        shapes=[line],
    )
    alt = _("Two lines over satisfaction, for low and for high competition; the dotted line is expectation just met.")
    return Chart(drawn, alt, lambda: _curve_table(found, named, of))


def _curve_title(found: dict[str, tuple[Floats, Floats, Any]]) -> str:
    """Return a title that says how far the two curves are apart, or that they cannot be compared."""
    (__, low, ___), (__, high, ___) = found["low"], found["high"]
    if min(len(low), len(high)) < 2:
        return _("Too few customers to compare")
    return _("Equally satisfied, yet {gap:.0f} points apart").format(gap=abs(low.mean() - high.mean()))


def _curve_table(found: dict[str, Any], named: dict[str, Any], of: str) -> pd.DataFrame:
    rows = [
        (named[side][0], f"{x:.2f}", f"{y:.1f}", int(n))
        for side, points in found.items()
        for x, y, n in zip(*points, strict=True)
    ]
    columns = [_("Competition"), _("Satisfaction"), _(CURVES[of]), _("Customers")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def distribution(m: model.Loyalty) -> Chart:
    """Distribution of the loyalty index in each wave, with the cut from which customers count as loyal."""
    years = [str(y) for y in m.survey.years]
    centres = (BINS[:-1] + BINS[1:]) / 2
    traces, table = [], {}
    for t, year in enumerate(years):
        index = m.index[(m.survey.wave == t) & ~np.isnan(m.index)]
        share = 100 * np.histogram(index, BINS)[0] / len(index)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "line": {
                    "shape": "hvh",
                    "color": _color(t, len(years)),
                    "dash": "dot" if t < len(years) - 1 else "solid",
                },
                "x": centres.tolist(),
                "y": [round(float(v), 3) for v in share],
                "name": year,
                "hovertemplate": _("%{x} ± 2.5 points: %{y:.1f} % of customers"),
            }
        )
        table[year] = [float(v) for v in np.percentile(index, [10, 25, 50, 75, 90])] + [float(index.mean())]
    cut = m.policy.loyal_from
    line = {"type": "line", "x0": cut, "x1": cut, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": INK, "dash": "dash"}}  # fmt: skip
    means = model.mean_by_wave(m, m.index)
    drawn = spec(
        traces,
        _("The mean index went from {first:.1f} to {last:.1f} points").format(first=means[0], last=means[-1]),
        _("Loyalty index (points)"),
        _("Customers (%)"),
        shapes=[line],
        xaxis_range=[0, 100],
        yaxis_rangemode="tozero",
    )
    alt = _("Outlines of the index by survey year, the last one solid; the dashed line is the cut of {cut:g}.").format(
        cut=cut
    )
    names = ["10 %", "25 %", _("median"), "75 %", "90 %", _("mean")]
    return Chart(drawn, alt, lambda: figures(names, _("Index up to which so many customers lie"), table))


def importance(m: model.Loyalty) -> Chart:
    """The importance–performance grid of the five attributes."""
    weight, found = model.importance_performance(m)
    weight = 100 * weight
    names = [_(label) for label in source.ATTRIBUTES.values()]
    known = ~np.isnan(found)
    middle = (float(found[known].mean()), float(weight[known].mean()))
    fields = _fields(weight, found, middle)
    urgent = [n for n, f in zip(names, fields, strict=True) if f == FIELDS[1]]
    title = _("Concentrate here: {names}").format(names=_(", ").join(urgent)) if urgent else _("No attribute is urgent")
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [round(float(v), 3) for v in found[known]],
        "y": [round(float(v), 3) for v in weight[known]],
        "text": [n for n, k in zip(names, known, strict=True) if k],
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {"size": 12, "color": [ORANGE if f == FIELDS[1] else BLUE
                                         for f, k in zip(fields, known, strict=True) if k]},
        "hovertemplate": _("%{text}: performance %{x:.2f}, importance %{y:.1f} %") + "<extra></extra>",
    }  # fmt: skip
    dotted = {"type": "line", "line": {"color": QUIET, "dash": "dot"}}
    cross = [
        dotted | {"x0": middle[0], "x1": middle[0], "y0": 0, "y1": 1, "yref": "paper"},
        dotted | {"x0": 0, "x1": 1, "xref": "paper", "y0": middle[1], "y1": middle[1]},
    ]
    drawn = spec(
        [trace], title, _("Performance: mean experience, 1–10"), _("Derived importance (%)"), shapes=cross,
        xaxis_range=[float(found[known].min()) - 0.4, float(found[known].max()) + 0.4],
        yaxis_range=[float(weight[known].min()) - 2, float(weight[known].max()) + 3],
    )  # fmt: skip
    alt = _("Scatter of five attributes, importance upward, performance to the right, crossed at the means.")

    def table() -> pd.DataFrame:
        shown = figures(names, _("Attribute"), {_("Importance (%)"): weight, _("Performance (1–10)"): found}, 2)
        return shown.assign(**{_("Advice"): [_(f) for f in fields]})

    return Chart(drawn, alt, table)


FIELDS = (
    N_("keep up the good work"),
    N_("concentrate here"),
    N_("possible overkill"),
    N_("low priority"),
    N_("not known"),
)
"""The four fields of Martilla and James (1977), and one for an attribute nobody answered."""


def _fields(weight: Floats, found: Floats, middle: tuple[float, float]) -> list[str]:
    """Return the field of each attribute; a value equal to the mean counts as above it."""
    place = 2 * (weight < middle[1]) + (found < middle[0])
    return [FIELDS[4] if np.isnan(f) else FIELDS[p] for p, f in zip(place.tolist(), found, strict=True)]


def wallets(m: model.Loyalty) -> Chart:
    """Share of wallet by store: what customers spend, and what the ranks lets expect."""
    actual, ranked = model.wallets_by_wave(m)
    t, names = m.shown, [_(s) for s in source.STORES.values()]
    fall = ranked[0, -1] - ranked[0, 0]
    if np.isnan(actual[0, t]):
        title, traces = _("Nobody gave all three spends and all three ratings"), []
    else:
        title = _("By rank our share changed by {change:+.1f} points").format(change=fall)
        traces = [
            bars(names, actual[:, t], _("actual share"), QUIET),
            bars(names, ranked[:, t], _("expected from rank"), BLUE),
        ]
    drawn = spec(traces, title, _("Store, {year}").format(year=m.survey.years[t]), _("Share of wallet (%)"))
    alt = _("Bars by store: actual share of wallet and the share that its rank among the three lets expect.")
    columns = {}
    for k, year in enumerate(m.survey.years):
        columns[_("actual {year}").format(year=year)] = actual[:, k]
        columns[_("by rank {year}").format(year=year)] = ranked[:, k]
    return Chart(drawn, alt, lambda: figures(names, _("Store"), columns))
