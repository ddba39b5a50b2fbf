"""Charts of the tiered rebate and of the distributor's stock."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.distributors.models import motivation as model
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, GREEN, ORANGE, PURPLE, QUIET
from crmlib.plotting.theme import Chart, fill, ink, spec


def ladder(m: model.Motivation) -> Chart:
    """What the distributor gains by each order, with the best response marked."""
    r = m.reply
    picked = _picked(r, m.rule)
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": r.orders[picked].tolist(),
        "y": r.gains[picked].round(1).tolist(),
        "line": {"color": BLUE},
        "hovertemplate": "%{x:,} → %{y:,.0f}<extra></extra>",
        "showlegend": False,
    }
    point = {
        "type": "scatter",
        "mode": "markers",
        "x": [r.order],
        "y": [round(float(r.gains[r.best]), 1)],
        "marker": {"color": ORANGE if r.stuffed > 0.5 else GREEN, "size": 13, "symbol": "diamond"},
        "hovertemplate": "%{x:,} → %{y:,.0f}<extra></extra>",
        "showlegend": False,
    }
    lines = [
        {"type": "line", "x0": s, "x1": s, "y0": 0, "y1": 1, "yref": "paper", "line": {"dash": "dot", "width": 1}}
        for s in m.rule.steps().tolist()
        if r.demand <= s <= r.orders[-1]
    ]
    if r.stuffed > 0.5:
        title = _("Best response: order {order:,}, of which {stuffed:,.0f} are not sold")
    elif r.extra > 0.5:
        title = _("Best response: order {order:,}; {extra:,.0f} more are sold, none left over")
    else:
        title = _("Best response: order the demand of {order:,} and do nothing more")
    figure = spec(
        [line, point],
        title.format(order=r.order, stuffed=r.stuffed, extra=r.extra),
        _("Order (cases a quarter)"),
        _("Distributor's gain (yuan)"),
        shapes=lines,
    )
    alt = _("The distributor's gain by its order; it jumps at the dotted thresholds. The diamond is the best response.")

    def table() -> pd.DataFrame:
        steps = np.flatnonzero(np.isin(r.orders, m.rule.steps()))
        at = np.unique([0, *steps.tolist(), r.best])
        columns = {
            _("Rebate (yuan)"): r.rebates[at].round(0).astype(np.int64),
            _("Distributor's gain (yuan)"): r.gains[at].round(0).astype(np.int64),
            _("Best response"): [_("yes") if i == r.best else "" for i in at],
        }
        return pd.DataFrame(
            columns, index=pd.Index([f"{v:,}" for v in r.orders[at].tolist()], name=_("Order (cases a quarter)"))
        )

    return Chart(figure, alt, table)


def _picked(r: model.Reply, rule: model.LadderRule) -> Any:
    """Return the places worth drawing: an even grid, both sides of each step, and the best response."""
    n = len(r.orders)
    edges = [i for s in (rule.steps() - r.demand).tolist() for i in (s - 1, s) if 0 <= i < n]
    return np.unique([*np.linspace(0, n - 1, min(n, 121)).astype(int), *edges, r.best])


def comparison(m: model.Motivation) -> Chart:
    """Where the order goes if the rate is paid on every case, and on the cases above the step only."""
    both = {
        _("on every case"): model.motivate(m.record, m.rule.replace(paid_on="all")),
        _("above the step only"): model.motivate(m.record, m.rule.replace(paid_on="excess")),
    }
    every, excess = both.values()
    rows = [
        _("{paid}:<br>manufacturer gains {gain:,.0f}").format(paid=name, gain=x.maker_gain + 0.0)
        for name, x in both.items()
    ]
    parts: dict[str, list[float]] = {
        _("demand"): [x.reply.demand for x in both.values()],
        _("sold by extra effort"): [x.reply.extra for x in both.values()],
        _("ordered and not sold"): [x.reply.stuffed for x in both.values()],
    }
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": list(both),
            "x": [round(float(v), 1) for v in values],
            "name": name,
            "marker": fill(color),
            "text": [f"{v:,.0f}" if v >= 0.5 else "" for v in values],
            "textposition": "auto" if color != QUIET else "none",
            "textangle": 0,
            "cliponaxis": False,
            "insidetextfont": {"color": ink(color)},
            "hovertemplate": name + ": %{x:,.0f}<extra></extra>",
        }
        for (name, values), color in zip(parts.items(), (QUIET, GREEN, ORANGE), strict=True)
    ]
    title = _("The manufacturer gains {every:,.0f} yuan on every case, {excess:,.0f} above the threshold only")
    figure = spec(
        traces,
        title.format(every=every.maker_gain, excess=excess.maker_gain),
        _("Order (cases a quarter)"),
        "",
        barmode="stack",
        showlegend=True,
        legend_traceorder="normal",
        xaxis_range=[0, 1.3 * max(1.0, *(x.reply.order for x in both.values()))],
        yaxis_autorange="reversed",
        yaxis_tickvals=list(range(len(rows))),
        yaxis_ticktext=rows,
        uniformtext={"minsize": 9, "mode": "hide"},
    )
    alt = _("The order under both ways of paying: demand hatched gray, extra sales green, what is not sold orange.")

    def table() -> pd.DataFrame:
        columns = {
            _("Size of the order"): [x.reply.order for x in both.values()],
            _("Sold by extra effort"): [round(x.reply.extra) for x in both.values()],
            _("Ordered and not sold"): [round(x.reply.stuffed) for x in both.values()],
            _("Rebate (yuan)"): [round(float(x.reply.rebates[x.reply.best])) for x in both.values()],
            _("Manufacturer's gain (yuan)"): [round(x.maker_gain) for x in both.values()],
        }
        return pd.DataFrame(columns, index=pd.Index(list(both), name=_("The rate is paid")))

    return Chart(figure, alt, table)


def surplus(m: model.Motivation) -> Chart:
    """What the best response becomes as surplus costs the distributor more."""
    costs = np.arange(0, 20.5, 0.5)
    replies = [model.best_reply(m.reply.demand, m.rule.replace(holding=float(c), dumping=float(c))) for c in costs]
    stuffed, extra = ([getattr(r, part) for r in replies] for part in ("stuffed", "extra"))

    def curve(values: list[float], name: str, color: str, dash: str) -> dict[str, Any]:
        line = {"color": color, "shape": "hv", "dash": dash}
        shown = {"name": name, "hovertemplate": "%{x:g}%: %{y:,.0f}<extra>" + name + "</extra>"}
        y = [round(v, 1) for v in values]
        return {"type": "scatter", "mode": "lines", "x": costs.tolist(), "y": y, "line": line, **shown}

    still = [c for c, s in zip(costs.tolist(), stuffed, strict=True) if s > 0.5]
    if not still:
        title = _("This rebate scheme invites no channel stuffing at all")
    elif still[-1] == costs[-1]:
        title = _("With this rebate scheme the distributor overstocks at any cost of surplus")
    else:
        title = _("Stuffing stops once surplus costs more than {cost:g}% of the price").format(cost=still[-1])
    now = 100 * m.rule.surplus_cost()
    figure = spec(
        [
            curve(stuffed, _("ordered and not sold"), ORANGE, "solid"),
            curve(extra, _("sold by extra effort"), GREEN, "dash"),
        ],
        title,
        _("Cost of a surplus case (% of price); dotted: now"),
        _("Cases a quarter"),
        shapes=[
            {
                "type": "line",
                "x0": now,
                "x1": now,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"dash": "dot"},
            }
        ],
        showlegend=True,
    )
    alt = _("By the cost of a surplus case: cases stuffed, a solid line, and cases sold by extra effort, dashed.")

    def table() -> pd.DataFrame:
        at = [0, 8, 16, 24, 32, 40]
        columns = {
            _("Sold by extra effort"): [round(extra[i]) for i in at],
            _("Ordered and not sold"): [round(stuffed[i]) for i in at],
        }
        return pd.DataFrame(columns, index=pd.Index(costs[at], name=_("Surplus costs (% of price)")))

    return Chart(figure, alt, table)


def stock(m: model.Motivation) -> Chart:
    """Weekly stock against safety stock and reorder point; crosses where the count does not add up."""
    weeks = m.record.weeks
    dates = [str(w)[:10] for w in weeks["week"]]
    odd = m.record.missing != 0
    counts = weeks["closing"].astype(float).to_numpy()
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": dates,
            "y": counts.tolist(),
            "line": {"color": BLUE, "shape": "hvh"},
            "name": _("stock"),
            "hovertemplate": _("%{x}: %{y:,} in stock") + "<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [date for date, o in zip(dates, odd, strict=True) if o],
            "y": counts[odd].tolist(),
            "marker": {"color": ORANGE, "size": 9, "symbol": "x"},
            "name": _("does not add up"),
            "customdata": m.record.missing[odd].tolist(),
            "hovertemplate": _("%{x}: %{y:,} in stock, %{customdata:,} unexplained") + "<extra></extra>",
        },
    ]
    for level, name, color, dash in (
        (m.reorder, _("reorder point"), GREEN, "dash"),
        (m.safety, _("safety stock"), PURPLE, "dashdot"),
    ):
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [dates[0], dates[-1]],
                "y": [round(level, 1)] * 2,
                "name": f"{name} {level:,.0f}",
                "line": {"color": color, "dash": dash},
                "hoverinfo": "skip",
            }
        )
    title = _("{short} of {n} weeks ended below the safety stock of {safety:,.0f} cases")
    figure = spec(
        traces,
        title.format(short=m.short, n=len(weeks), safety=m.safety),
        _("Week ending"),
        _("Stock (cases)"),
        xaxis_tickformat="%Y-%m",  # month names would stay English
        xaxis_hoverformat="%Y-%m-%d",
        showlegend=True,
        yaxis_rangemode="tozero",
    )
    alt = _(
        "Steps of the weekly stock, the reorder point dashed, the safety stock dash-dotted; "
        "orange crosses are weeks that do not add up."
    )
    return Chart(figure, alt, lambda: stock_table(m))


def stock_table(m: model.Motivation) -> pd.DataFrame:
    """Return what goes into safety stock and reorder point, step by step."""
    r = m.record
    rows = {
        _("Demand a week d (cases)"): f"{r.demand:.1f}",
        _("Its standard deviation σd (cases)"): f"{r.demand_sd:.1f}",
        _("Lead time L (weeks)"): f"{r.lead:.2f}",
        _("Its standard deviation σL (weeks)"): f"{r.lead_sd:.2f}",
        _("Service level (%)"): f"{m.rule.service:g}",
        "z": f"{model.z_of(m.rule.service):.3f}",
        _("Safety stock z·√(L·σd² + d²·σL²) (cases)"): f"{m.safety:.1f}",
        _("Reorder point d·L + safety stock (cases)"): f"{m.reorder:.1f}",
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=[_("Value")]).rename_axis(_("Figure"))


def unexplained(m: model.Motivation) -> pd.DataFrame:
    """Return the weeks in which the count does not follow from what came and went."""
    found = model.stock_check(m)
    columns = {
        _("Opening stock"): found["opening"].round(0).astype(np.int64),
        _("Received"): found["received"],
        _("Sold"): found["sold"],
        _("Counted"): found["closing"],
        _("Unexplained shrinkage (cases)"): found["missing"].round(0).astype(np.int64),
    }
    return pd.DataFrame(columns).set_index(pd.Index([str(w)[:10] for w in found["week"]], name=_("Week ending")))


def layers(m: model.Motivation) -> pd.DataFrame:
    """Return the closing stock by first in, first out: delivery, cases, cost, value; the last row is the sum."""
    found = m.record.layers
    value = found["cases"] * found["unit_cost"]
    fifo, _last = model.value_of_stock(m.record)
    columns = {
        _("Cases left"): [f"{v:,.0f}" for v in [*found["cases"], found["cases"].sum()]],
        _("Cost (yuan a case)"): [*[f"{v:,.2f}" for v in found["unit_cost"]], ""],
        _("Value (yuan)"): [f"{v:,.0f}" for v in [*value, fifo]],
    }
    index = pd.Index([*[str(w)[:10] for w in found["week"]], _("in all")], name=_("Delivered in the week ending"))
    return pd.DataFrame(columns, index=index)


def channel_levels() -> pd.DataFrame:
    """Return who is responsible for whom in a channel of two levels, as the course review sheet states it (S-37).

    The sheet says that each level is responsible for the one below it: distributors answer for the retailers.
    """
    rows = [
        (_("above the distributors"), _("the distributors only"), _("skips no level")),
        (_("distributor (first level)"), _("the retailers"), _("holds the key retailers of its territory")),
        (_("retailer (second level)"), "–", _("key retailers bring the ordinary ones along")),
    ]
    columns = [_("Channel level"), _("Responsible for (review sheet)"), _("To note")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def quarters(m: model.Motivation) -> pd.DataFrame:
    """Return what each quarter received, its last delivery, and the cases missing in the quarter."""
    found = model.quarters(m.record)
    columns = {
        _("Received in the quarter"): found["received"],
        _("Last delivery, week ending"): [str(w)[:10] for w in found["last"]],
        _("Its size"): found["last_size"],
        _("Unexplained shrinkage (cases)"): found["missing"],
    }
    return pd.DataFrame(columns).rename_axis(_("Quarter"))
