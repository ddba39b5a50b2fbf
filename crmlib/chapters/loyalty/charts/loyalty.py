"""Charts of satisfaction and loyalty."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.chapters.loyalty.charts.tables import figures, satisfaction_name
from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.chapters.loyalty.models import measures
from crmlib.chapters.loyalty.models import survey as source
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import VIEW, Inputs, setting
from crmlib.formulas import satisfaction as formulas
from crmlib.formulas.arrays import Floats
from crmlib.plotting.importance import importance_performance
from crmlib.plotting.template import BLUE, GREEN, QUIET, VIOLET
from crmlib.plotting.theme import BESIDE_BARS, Chart, bars, grid, shade, spec, wrapped

BINS = np.arange(0, 101, 5.0)


class LoyaltyView(Inputs):
    """How the charts are drawn; changes no figure."""

    first: Literal["shares", "distribution"] = setting(
        "shares",
        N_("The first chart shows"),
        group=VIEW,
        choices={"shares": N_("satisfied and loyal customers"), "distribution": N_("the index as a distribution")},
    )
    curve_of: Literal["index", "wallet", "repurchase"] = setting(
        "wallet",
        N_("The curve shows"),
        group=VIEW,
        choices={
            "index": N_("the loyalty index"),
            "wallet": N_("share of wallet"),
            "repurchase": N_("intention to buy again"),
        },
    )


SYMBOLS = ("circle", "square", "triangle-up")
"""Of the waves before the last one, which is a diamond."""


def _color(wave: int, waves: int) -> str:
    """Return the colour of a wave: the last one blue, those before it gray."""
    return BLUE if wave == waves - 1 else QUIET


def _symbol(wave: int, waves: int) -> str:
    return "diamond" if wave == waves - 1 else SYMBOLS[wave % len(SYMBOLS)]


def satisfied_and_loyal(m: model.Loyalty) -> Chart:
    """Shares of customers that are satisfied, loyal, and one without the other, in each wave."""
    shares = model.shares_by_wave(m)
    names = [_("satisfied"), _("loyal"), _("satisfied but not loyal"), _("loyal but not satisfied")]
    labels = [wrapped(name, 14) for name in names]
    years = [str(y) for y in m.survey.years]
    waves = len(years)
    more, loyal = (values[-1] - values[0] for values in (shares["satisfied"], shares["loyal"]))
    if waves == 1:
        title = _("{first:.1f}% are satisfied and {last:.1f}% are loyal; one survey alone tells of no change")
        title = title.format(first=shares["satisfied"][0], last=shares["loyal"][0])
    elif np.isnan([more, loyal]).any():
        title = _("How satisfaction or loyalty changed is not known")
    elif more > 0 > loyal:
        title = _("Satisfied up {more:.1f} percentage points, loyal down {less:.1f}").format(more=more, less=-loyal)
    else:
        title = _("Satisfied {more:+.1f} percentage points, loyal {loyal:+.1f}").format(more=more, loyal=loyal)
    figures_on = {"texttemplate": "%{y:.1f}", **BESIDE_BARS}
    traces = [
        bars(labels, [v[k] for v in shares.values()], years[k], _color(k, waves), **figures_on)
        for k in range(waves)
        if not any(np.isnan(v[k]) for v in shares.values())
    ]
    drawn = spec(
        traces,
        title,
        "",
        _("Customers (%)"),
        yaxis_range=[0, 108],
        showlegend=True,
    )
    alt = _(
        "% of customers that are satisfied, loyal, satisfied but not loyal, and loyal but not satisfied: "
        "hatched gray before, blue in the last survey."
    )
    columns = {year: [v[k] for v in shares.values()] for k, year in enumerate(years)}
    return Chart(drawn, alt, lambda: figures(names, _("% of customers"), columns))


def indicators(m: model.Loyalty) -> Chart:
    """The eight indicators in each wave, as points."""
    means = model.indicators_by_wave(m)
    names = [_(i.label) for i in source.INDICATORS.values()]
    change = means[:, -1] - means[:, 0]
    fell = int((np.round(change, 1) < 0).sum())
    known = np.where(np.isnan(change), 0.0, change)
    if len(m.survey.years) == 1:
        title = _("One survey alone tells of no change")
    elif fell:
        title = _("{fell} of 8 fell, most of all {worst}").format(fell=fell, worst=names[known.argmin()])
    elif np.isnan(change).any():
        title = _("How some indicators changed is not known")
    else:
        title = _("No indicator fell between the surveys")
    return _dumbbells(m, names, means, title, _("Indicator"), _("Mean points (100 = most loyal)"))


def components(m: model.Loyalty) -> Chart:
    """The five components of loyalty in each wave, as points."""
    means = model.components_by_wave(m)
    names = [_(label) for label in source.COMPONENTS.values()]
    change = means[:, -1] - means[:, 0]
    title = _("Satisfaction {first:+.1f}, resistance {last:+.1f} points").format(first=change[0], last=change[-1])
    if len(m.survey.years) == 1:
        title = _("One survey alone tells of no change")
    elif np.isnan(change[[0, -1]]).any():
        title = _("How satisfaction or resistance changed is not known")
    return _dumbbells(m, names, means, title, _("Component"), _("Mean points"))


def _dumbbells(m: model.Loyalty, names: list[str], means: Floats, title: str, what: str, unit: str) -> Chart:
    """A row a name: a dot for each wave's mean and a line between them; what nobody answered has no dot."""
    years = [str(y) for y in m.survey.years]
    rows = [k for k in range(len(names)) if not np.isnan(means[k]).any()]
    labels = [wrapped(name, 20) for name in names]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [float(v) for v in (means[k].min(), means[k].max())],
            "y": [labels[k]] * 2,
            "line": {"color": QUIET, "width": 2, "dash": "dot"},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for k in rows
    ]
    traces += [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [round(float(means[k, t]), 2) for k in rows],
            "y": [labels[k] for k in rows],
            "text": [f"{means[k, t]:.1f}" if t in (0, len(years) - 1) else "" for k in rows],
            "textposition": [_outward(means[k], t) for k in rows],
            "cliponaxis": False,
            "name": year,
            "marker": {"color": _color(t, len(years)), "size": 12, "symbol": _symbol(t, len(years))},
            "hovertemplate": "%{y}: %{x:.1f}",
        }
        for t, year in enumerate(years)
    ]
    shown = means[rows] if rows else np.array([0.0, 100.0])
    room = 0.55 * max(float(np.ptp(shown)), 10)
    drawn = spec(
        traces,
        title,
        unit,
        "",
        yaxis_autorange="reversed",
        xaxis_range=[float(shown.min()) - room, float(shown.max()) + room],
        xaxis_zeroline=False,
        showlegend=True,
        height=160 + 38 * max(len(names), 4),
    )
    alt = _("Each row has a mark and a value for each survey year: gray before, a blue diamond for the last one.")
    return Chart(drawn, alt, lambda: figures(names, what, dict(zip(years, means.T, strict=True))))


def _outward(values: Floats, wave: int) -> str:
    """Return where the value of a mark stands: away from the other marks of its row."""
    return "middle right" if values[wave] > values.mean() or (wave and values[wave] == values.mean()) else "middle left"


def kinds(m: model.Loyalty) -> Chart:
    """The four kinds of loyalty (attitude × behaviour) in the survey shown."""
    counts = model.kinds_by_wave(m)[:, m.shown]
    total = max(int(counts[: measures.UNKNOWN].sum()), 1)
    cells = [[counts[1], counts[0]], [counts[3], counts[2]]]
    order = [[1, 0], [3, 2]]
    labels = [[_field(k, int(counts[k]), counts[k] / total) for k in row] for row in order]
    columns = [_("behaviour low"), _("behaviour high")]
    rows = [_("attitude high"), _("attitude low")]
    shades = np.reshape(shade(np.ravel(cells).tolist()), (2, 2)).tolist()
    hover = _("%{y}, %{x}, customers: %{customdata:,}") + "<extra></extra>"
    drawn = spec(
        [grid(shades, labels, columns, rows, hover) | {"customdata": np.array(cells).tolist()}],
        _("{share:.0%} spurious, {latent:.0%} latent loyalty").format(
            share=counts[2] / total, latent=counts[1] / total
        ),
        _("Behaviour (cut-off {cut:g} points)").format(cut=m.policy.behaviour_cut),
        _("Relative attitude (cut-off {cut:g} points)").format(cut=m.policy.attitude_cut),
        yaxis_autorange="reversed",
    )
    alt = _(
        "Two by two: relative attitude high or low, behaviour high or low, with the number of "
        "customers in each quadrant."
    )
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
    sides = {
        "low": (_("low competition"), VIOLET, "circle", "solid"),
        "high": (_("high competition"), GREEN, "diamond", "dash"),
    }
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [round(float(v), 4) for v in x],
            "y": [round(float(v), 2) for v in y],
            "customdata": n.tolist(),
            "name": sides[side][0],
            "line": {"color": sides[side][1], "dash": sides[side][3]},
            "marker": {"symbol": sides[side][2], "size": 8},
            "hovertemplate": _("satisfaction %{x:.2f}: %{y:.1f}, customers: %{customdata:,}") + "<extra></extra>",
        }
        for side, (x, y, n) in found.items()
        if len(x)
    ]
    neutral = formulas.NEUTRAL[m.policy.satisfaction]
    line = {"type": "line", "x0": neutral, "x1": neutral, "y0": 0, "y1": 1, "yref": "paper", "line": {"dash": "dot"}}
    drawn = spec(
        traces,
        _curve_title(found, of),
        _("Satisfaction, {how}").format(how=satisfaction_name(m)),
        _(CURVES[of]),
        yaxis_range=[0, 100],
        xaxis_ticklabelstandoff=5,  # the first may stand below the zero of the other axis
        shapes=[line],
    )
    alt = _("Low competition is a solid line, high competition a dashed one; the dotted line is expectation just met.")
    return Chart(drawn, alt, lambda: _curve_table(found, sides, of))


def _curve_title(found: dict[str, tuple[Floats, Floats, Any]], of: str) -> str:
    """Return a title that says how the line for high competition rises, or that it cannot be drawn.

    The two lines are not compared: loyalty without a choice is no measure of what satisfaction does.
    """
    __, high, ___ = found["high"]
    if len(high) < 2:
        return _("Too few customers to compare")
    said = (
        _("High competition: {first:.0f}% → {last:.0f}% of the wallet, {late:+.0f} points in the last step")
        if of == "wallet"
        else _("High competition: {first:.0f} → {last:.0f} points, {late:+.0f} in the last step")
    )
    return said.format(first=high[0], last=high[-1], late=high[-1] - high[-2])


def _curve_table(found: dict[str, Any], sides: dict[str, Any], of: str) -> pd.DataFrame:
    rows = [
        (sides[side][0], f"{x:.2f}", f"{y:.1f}", int(n))
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
                "name": _("{year}, mean {mean:.1f}").format(year=year, mean=index.mean()),
                "hovertemplate": _("%{x} ± 2.5 points: %{y:.1f}% of customers"),
            }
        )
        table[year] = [float(v) for v in np.percentile(index, [10, 25, 50, 75, 90])] + [float(index.mean())]
    cut = m.policy.loyal_from
    line = {"type": "line", "x0": cut, "x1": cut, "y0": 0, "y1": 1, "yref": "paper", "line": {"dash": "dash"}}
    means = model.mean_by_wave(m, m.index)
    drawn = spec(
        traces,
        _("The mean index went from {first:.1f} to {last:.1f} points").format(first=means[0], last=means[-1]),
        _("Loyalty index (points)"),
        _("Customers (%)"),
        shapes=[line],
        xaxis_range=[0, 100],
        yaxis_rangemode="tozero",
        showlegend=True,
    )
    alt = _(
        "Outlines of the index by survey year, the last one solid; the dashed line is the cut-off of {cut:g}."
    ).format(cut=cut)
    names = ["10%", "25%", _("median"), "75%", "90%", _("mean")]
    return Chart(drawn, alt, lambda: figures(names, _("Index up to which so many customers lie"), table))


def importance(m: model.Loyalty) -> Chart:
    """The importance–performance grid of the five attributes."""
    weight, found = model.importance_performance(m)
    names = [_(label) for label in source.ATTRIBUTES.values()]
    known = ~np.isnan(found)
    middle = (float(found[known].mean()), float(weight[known].mean()))
    fields = [_(field) for field in formulas.fields(weight, found, middle)]
    axes = _("Performance: mean experience, 1–10"), _("Derived importance (%)")
    return importance_performance(names, 100 * weight, found, fields, _(formulas.FIELDS[1]), axes)


def wallets(m: model.Loyalty) -> Chart:
    """Share of wallet by store in each wave: what customers spend, and what the ranks let expect."""
    actual, ranked = model.wallets_by_wave(m)
    stores = [_(s) for s in source.STORES.values()]
    names, means = [], []
    for k, store in enumerate(stores):
        names += [_("{store}: actual").format(store=store), _("{store}: by rank").format(store=store)]
        means += [actual[k], ranked[k]]
    if np.isnan(ranked[0, [0, -1]]).any():
        title = _("Nobody gave all three spends and all three ratings")
    else:
        title = _("By rank our share went from {first:.1f}% to {last:.1f}%").format(
            first=ranked[0, 0], last=ranked[0, -1]
        )
    shown = _dumbbells(m, names, np.array(means), title, _("Store"), _("Share of wallet (%)"))
    columns = {}
    for k, year in enumerate(m.survey.years):
        columns[_("actual {year}").format(year=year)] = actual[:, k]
        columns[_("by rank {year}").format(year=year)] = ranked[:, k]
    return Chart(shown.spec, shown.said, lambda: figures(stores, _("Store"), columns))
