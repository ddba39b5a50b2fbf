"""Charts and tables of growth and season."""

import numpy as np
import pandas as pd

from crmlib.chapters.analysis.models import cube as source
from crmlib.chapters.analysis.models import trend as model
from crmlib.core.figures import figure
from crmlib.core.i18n import N_, _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec

UNITS = {"sales": N_("10,000 yuan"), "quantity": N_("10,000 cases"), "profit": N_("10,000 yuan")}


def line(t: model.Trend) -> Chart:
    """The months and their moving average."""
    names = [source.label(m) for m in t.cube.months.tolist()]
    first = int(np.flatnonzero(~np.isnan(t.average))[0]) if not np.isnan(t.average).all() else len(names)
    traces = [
        _line(names, t.values, _("each month"), QUIET, "dot"),
        _line(names[first:], t.average[first:], _("moving average"), BLUE, "solid"),
    ]
    grown = model.headline(t)["growth"]
    drawn = spec(
        traces,
        _("Growth on the year before: {growth}%").format(growth=figure(grown, 1)),
        _("Month"),
        _(UNITS[t.rule.measure]).capitalize(),
        xaxis_dtick=12,
        xaxis_range=[-2, len(names)],
        xaxis_type="category",
        yaxis_range=[min(0.0, 1.1 * float(t.values.min()) / TEN_THOUSAND), 1.15 * float(t.values.max()) / TEN_THOUSAND],
    )
    alt = _("Months dotted, their moving average solid: it is smooth only when it covers the whole season.")
    return Chart(drawn, alt, lambda: table(t))


def _line(x: list[str], y: Floats, name: str, color: str, dash: str) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": [round(float(v) / TEN_THOUSAND, 3) for v in y],
        "name": name,
        "line": {"color": color, "dash": dash, "width": 3},
        "hovertemplate": "%{x}: %{y:,.1f}<extra></extra>",
    }


def season(t: model.Trend) -> Chart:
    """How far the twelve months of the year are above or below an ordinary month, in percent."""
    names = [_("month {n}").format(n=n + 1) for n in range(source.YEAR)]
    over = [round(100 * (float(v) - 1), 3) for v in t.index]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": over,
        "text": [f"{v:+.1f}" for v in over],
        **BESIDE_BARS,
        "marker": fill([BLUE if v >= 0 else ORANGE for v in over]),
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    reach = 1.6 * max([10.0, *map(abs, over)])
    drawn = spec(
        [bars],
        _("The strongest is {name}, with an index of {index}").format(
            name=names[int(t.index.argmax())], index=figure(float(t.index.max()))
        ),
        _("Above or below an ordinary month (%)"),
        "",
        xaxis_range=[-reach, reach],
        yaxis_autorange="reversed",
        height=380,
    )
    alt = _(
        "A bar a month of the year: to the right and blue above an ordinary month, to the left and orange below it."
    )
    return Chart(drawn, alt, lambda: index_table(t))


def table(t: model.Trend) -> pd.DataFrame:
    """Return value, moving average and the value without the season of each month."""
    columns = {
        _("Value"): [figure(v / TEN_THOUSAND, 1) for v in t.values],
        _("Moving average"): [figure(v / TEN_THOUSAND, 1) for v in t.average],
        _("Without the season"): [figure(v / TEN_THOUSAND, 1) for v in t.cleaned],
    }
    return pd.DataFrame(columns, index=pd.Index([source.label(m) for m in t.cube.months.tolist()], name=_("Month")))


def index_table(t: model.Trend) -> pd.DataFrame:
    """Return the seasonal index of each month of the year."""
    names = [_("month {n}").format(n=n + 1) for n in range(source.YEAR)]
    return pd.DataFrame({_("Seasonal index"): [figure(v, 3) for v in t.index]}, index=pd.Index(names, name=_("Month")))
