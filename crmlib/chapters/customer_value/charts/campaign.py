"""Charts and tables of the churn campaign."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import campaign as model
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats, Ints, ratio
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, fill, spec


def _peaked(
    at: Floats | Ints, profit: Floats, highest: tuple[float, float], here: tuple[float, float]
) -> list[dict[str, Any]]:
    """Return the traces of a line of profit with two marks on it: where it is highest, and what is set."""
    line = {"type": "scatter", "mode": "lines", "x": at.tolist(), "y": profit.round(2).tolist()}
    marks = ((highest, _("highest"), BLUE, "diamond"), (here, _("as set"), ORANGE, "circle"))
    return [line | {"name": _("profit"), "line": {"color": BLUE}}] + [
        {"type": "scatter", "mode": "markers", "x": [x], "y": [round(y, 2)], "name": name}
        | {"marker": {"color": color, "size": 12, "symbol": symbol}}
        for (x, y), name, color, symbol in marks
    ]


def by_threshold(c: model.Campaign) -> Chart:
    """The profit at each threshold of the warning score."""
    values, at = model.by_threshold(c), c.rule.threshold
    best = int(np.argmax(values))
    here = float(np.interp(at, model.THRESHOLDS, values))
    drawn = spec(
        _peaked(model.THRESHOLDS, values, (float(model.THRESHOLDS[best]), float(values[best])), (at, here)),
        _("Profit is highest at a threshold of {best:.0f} points: ¥{v:,.0f}").format(
            best=model.THRESHOLDS[best], v=values[best]
        ),
        _("Warning score at least (points)"),
        _("Expected profit (yuan)"),
    )
    alt = _("A line over thresholds from 0 to 100 with two marks: the highest profit and the threshold as set.")

    def table() -> pd.DataFrame:
        columns = {_("Expected profit (yuan)"): [f"{v:,.0f}" for v in values]}
        index = pd.Index(model.THRESHOLDS.astype(int), name=_("Warning score at least (points)"))
        return pd.DataFrame(columns, index=index)

    return Chart(drawn, alt, table)


def by_band(c: model.Campaign) -> Chart:
    """What a voucher earns in each band of the warning score, among those to whom one is sent."""
    table = model.by_band(c)
    each = ratio(table["gain"].to_numpy(), table["sent"].to_numpy(), 0.0)
    names = list(table.index)
    bars = {
        "type": "bar",
        "x": names,
        "y": each.round(3).tolist(),
        "text": [f"{v:.1f}" for v in each],
        **BESIDE_BARS,
        "marker": fill([ORANGE if v < 0 else BLUE for v in each.tolist()]),
        "hovertemplate": "%{x}: %{y:.1f}<extra></extra>",
    }
    loss = int((each < 0).sum())
    high, low = max(float(each.max()), 1.0), min(float(each.min()), 0.0)
    drawn = spec(
        [bars],
        _("Bands in which vouchers lose money on average: {n}").format(n=loss),
        _("Warning score (points)"),
        _("Gain of a voucher (yuan)"),
        xaxis_type="category",
        yaxis_range=[1.35 * low - 0.15 * high * (low < 0), 1.25 * high],
    )
    alt = _("A bar for each band of 20 points of the warning score; orange bars lose money.")
    return Chart(drawn, alt, lambda: band_table(c))


def band_table(c: model.Campaign) -> pd.DataFrame:
    """Return the test on the past and the vouchers of each band."""
    table = model.by_band(c)
    columns = {
        _("Customers half a year ago"): [f"{n:,}" for n in table["tested"]],
        _("Of them lost since (%)"): [f"{v:.1f}" for v in table["risk"]],
        _("Vouchers"): [f"{n:,}" for n in table["sent"]],
        _("Gain (yuan)"): [f"{v:,.0f}" for v in table["gain"]],
    }
    return pd.DataFrame(columns, index=pd.Index(table.index, name=_("Warning score (points)")))


def ordered(c: model.Campaign) -> Chart:
    """The profit as one voucher after the other is sent, in the order of the choice."""
    gain = c.gain[c.order][c.base.score[c.order] >= c.rule.threshold]
    total = np.append(0.0, np.cumsum(gain))
    places = np.unique(np.linspace(0, len(total) - 1, 61).astype(int))
    best, sent = int(np.argmax(total)), int(c.sent.sum())
    drawn = spec(
        _peaked(places, total[places], (best, float(total[best])), (sent, float(total[sent]))),
        _("In this order {best:,} vouchers earn most; {sent:,} are sent").format(best=best, sent=sent),
        _("Vouchers sent"),
        _("Expected profit (yuan)"),
    )
    alt = _("A curve over the number of vouchers; where it falls, each further voucher loses money.")

    def table() -> pd.DataFrame:
        columns = {_("Expected profit (yuan)"): [f"{v:,.0f}" for v in total[places[::6]]]}
        return pd.DataFrame(columns, index=pd.Index([f"{n:,}" for n in places[::6]], name=_("Vouchers sent")))

    return Chart(drawn, alt, table)


def compared(base: model.Base, rule: model.CampaignRule) -> pd.DataFrame:
    """Return the four ways of choosing side by side, as they are shown."""
    return _side_by_side(model.compared(base, rule))


def _side_by_side(table: pd.DataFrame) -> pd.DataFrame:
    columns = {
        _("Vouchers"): [f"{v:,.0f}" for v in table["sent"]],
        _("Customers kept, expected"): [f"{v:,.1f}" for v in table["kept"]],
        _("Expected profit (yuan)"): [f"{v:,.0f}" for v in table["profit"]],
    }
    index = pd.Index([_(model.CHOICES[name]) for name in table.index], name=_("Vouchers go first to"))
    return pd.DataFrame(columns, index=index)


def choices(base: model.Base, rule: model.CampaignRule) -> Chart:
    """The profit of the four ways of choosing, all vouchers sent."""
    table = model.compared(base, rule)
    short = {"gain": _("gain"), "risk": _("score"), "value": _("spend"), "recent": _("latest")}
    names, values = [short[name] for name in table.index], table["profit"].to_numpy(float)
    colors = [BLUE if name == rule.choose else QUIET for name in table.index]
    high, low = max(float(values.max()), 1.0), min(float(values.min()), 0.0)
    trace = {"type": "bar", "x": names, "y": values.round(2).tolist(), "marker": fill(colors)}
    drawn = spec(
        [trace | {"text": [f"{v:,.0f}" for v in values], **BESIDE_BARS}],
        _("Best of the four: {name}, ¥{v:,.0f}").format(name=names[int(values.argmax())], v=values.max()),
        _("Vouchers go first to the highest …"),
        _("Expected profit (yuan)"),
        yaxis_range=[1.5 * low - 0.15 * high * (low < 0), 1.25 * high],
    )
    alt = _("Four bars, a way of choosing each; the one in use is blue, the others hatched.")
    return Chart(drawn, alt, lambda: _side_by_side(table))
