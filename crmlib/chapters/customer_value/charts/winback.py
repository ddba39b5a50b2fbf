"""Charts of winning back."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import winback as model
from crmlib.chapters.customer_value.models.campaign import YEAR
from crmlib.core.i18n import NC_, _
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec

WAYS = {
    "none": NC_("written to", "nobody"),
    "all": NC_("written to", "all"),
    "worth": NC_("written to", "those worth it"),
}
"""To whom the shop writes."""


def _months(w: model.Winback) -> Floats:
    """Return the months drawn: from the first of a lost customer to the longest silence there is."""
    first = w.rule.silence * 12 / YEAR
    return np.linspace(first, max(float(w.months.max()), first + 1), 61)


def _until(w: model.Winback) -> str:
    """Return the title that says until when an attempt for the average customer pays."""
    months = _months(w)
    gain = w.rule.gain(months, w.mean_value)
    if gain[0] <= 0:
        return _("For the average customer no attempt pays")
    if gain[-1] > 0:
        return _("For the average customer an attempt pays after any silence shown")
    return _("For the average customer an attempt pays until month {m:.1f} after the last purchase").format(m=w.until)


def _point(w: model.Winback, height: float) -> list[dict[str, Any]]:
    """Return the mark of the break-even point, where it lies among the months drawn."""
    months = _months(w)
    if not months[0] <= w.until <= months[-1]:
        return []
    mark = {"color": ORANGE, "size": 12}
    return [
        {"type": "scatter", "mode": "markers", "x": [round(w.until, 3)], "y": [height], "marker": mark}
        | {"name": _("break-even point")}
    ]


def _line(x: Floats, y: Floats, name: str, **style: Any) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": x.round(3).tolist(), "y": y.round(4).tolist()} | {
        "name": name,
        "line": style,
    }


def by_months(w: model.Winback) -> Chart:
    """The profit of an attempt for the average customer, by months since the last purchase."""
    months = _months(w)
    gain = w.rule.gain(months, w.mean_value)
    drawn = spec(
        [
            _line(months[[0, -1]], np.zeros(2), _("no attempt"), color=QUIET, dash="dot"),
            _line(months, gain, _("an attempt"), color=BLUE, width=3),
            *_point(w, 0.0),
        ],
        _until(w),
        _("Months since the last purchase"),
        _("Profit of an attempt (yuan)"),
    )
    alt = _("A line of the profit by months of silence; where it is below the dotted line, attempts lose money.")
    return Chart(drawn, alt, lambda: table(w))


def chance(w: model.Winback) -> Chart:
    """The chance of winning back by months, against the break-even chance."""
    months = _months(w)
    lines = [_line(months, 100 * w.rule.chance_at(months), _("chance of winning back"), color=BLUE, width=3)]
    if not np.isnan(w.break_even):
        even = np.full(2, 100 * w.break_even)
        lines.append(_line(months[[0, -1]], even, _("break-even, mean"), color=QUIET, dash="dot"))
        title = _("For the average customer the break-even chance is {chance:.2f}%").format(chance=100 * w.break_even)
    else:
        title = _("For the average customer no chance pays: gift and attempt cost more than is won")
    drawn = spec(
        [*lines, *_point(w, round(100 * w.break_even, 4))],
        title,
        _("Months since the last purchase"),
        _("Chance of winning back (%)"),
        yaxis_rangemode="tozero",
    )
    alt = _("A falling curve of the chance; dotted, the break-even chance. Where the curve is below, an attempt loses.")
    return Chart(drawn, alt, lambda: table(w))


def table(w: model.Winback) -> pd.DataFrame:
    """Return chance and profit of an attempt at the average customer each half year, and the lost up to the next."""
    first = _months(w)[0]
    at = np.append(first, np.arange(6 * (first // 6 + 1), w.months.max(), 6))
    groups = np.searchsorted(at, w.months, side="right") - 1
    people = np.bincount(groups, minlength=len(at))
    worth = np.bincount(groups[w.gain > 0], minlength=len(at))
    columns = {
        _("Chance (%)"): [f"{v:.2f}" for v in 100 * w.rule.chance_at(at)],
        _("Profit of an attempt (yuan)"): [f"{v:,.2f}" for v in w.rule.gain(at, w.mean_value)],
        _("Customers up to the next row"): [f"{n:,}" for n in people],
        _("Of them worth an attempt"): [f"{n:,}" for n in worth],
    }
    return pd.DataFrame(columns, index=pd.Index([f"{m:.1f}" for m in at], name=_("Months since the last purchase")))


def ways(w: model.Winback) -> Chart:
    """The profit of writing to nobody, to all, and to those of whom a profit is expected."""
    earned = model.profits(w)
    values = list(earned.values())
    high, low = max(*values, 1.0), min(values)
    trace = {"type": "bar", "x": [_(WAYS[name]) for name in earned], "y": [round(v, 2) for v in values]}
    bars = trace | {"text": [f"{v:,.0f}" for v in values], **BESIDE_BARS}
    drawn = spec(
        [bars | {"marker": fill([QUIET, ORANGE if earned["all"] < 0 else QUIET, BLUE])}],
        _("Writing to those worth it earns ¥{v:,.0f} more than to all").format(v=earned["worth"] - earned["all"]),
        _("The shop writes to"),
        _("Expected profit (yuan)"),
        yaxis_range=[1.5 * low - 0.15 * high * (low < 0), 1.25 * high],
    )
    alt = _("Three bars: nobody, all, and those of whom a profit is expected; the last one is never below the others.")

    def compared() -> pd.DataFrame:
        people = {"none": 0, "all": len(w.gain), "worth": int((w.gain > 0).sum())}
        columns = {
            _("Attempts"): [f"{people[name]:,}" for name in earned],
            _("Expected profit (yuan)"): [f"{v:,.0f}" for v in values],
        }
        return pd.DataFrame(columns, index=pd.Index([_(WAYS[name]) for name in earned], name=_("The shop writes to")))

    return Chart(drawn, alt, compared)
