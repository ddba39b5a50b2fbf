"""Charts of the customer life cycle."""

import numpy as np
import pandas as pd

from crmlib.chapters.foundations.models import life_cycle as model
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, bars, fill, spec


def _known(values: pd.Series) -> Floats:
    """Return values with nothing where one is not known, as bars are drawn."""
    return np.asarray(np.nan_to_num(values.to_numpy(float)).round())


def _room(values: Floats) -> list[float]:
    """Return a range of an axis with room for the numbers beside bars."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1.0)
    span = high - low
    return [low - 0.34 * span if low < 0 else 0.0, high + 0.26 * span]


def stages(lives: model.Lives) -> Chart:
    """What a customer earns in a year, by stage."""
    table = model.by_stage(lives)
    names, profit = [_(name) for name in table.index], _known(table["profit"])
    best = int(np.argmax(profit))
    drawn = spec(
        [
            bars(names, profit, color=[BLUE if n == best else QUIET for n in range(len(names))],
                 texttemplate="%{y:,.0f}", textposition="outside", cliponaxis=False)
        ],
        _("A customer earns most in {stage}: {yuan:,.0f} yuan a year").format(stage=names[best], yuan=profit[best]),
        "",
        _("Mean profit of a year (yuan)"),
        yaxis_range=_room(profit),
    )  # fmt: skip
    said = _("Four bars, a stage each, in the order of the life cycle.")
    shown = pd.DataFrame(
        {
            _("Customer-years"): table["years"].to_numpy(np.int64),
            _("Share (%)"): [f"{value:.1f}" for value in table["share"]],
            _("Mean profit (yuan)"): _text(table["profit"]),
        },
        index=pd.Index(names, name=_("Stage")),
    )
    return Chart(drawn, said, lambda: shown)


def _text(values: pd.Series, digits: int = 0) -> list[str]:
    return [figure(value, digits) for value in values]


def tenure(lives: model.Lives) -> Chart:
    """What a customer earns in a year, by how long she has been one."""
    table = model.by_tenure(lives)
    *firsts, last = [str(year) for year in table.index]
    names, profit = [*firsts, _("{year} and later").format(year=last)], _known(table["profit"])
    drawn = spec(
        [
            {"type": "scatter", "mode": "lines+markers", "x": names, "y": profit.tolist(),
             "line": {"color": BLUE, "width": 3}, "name": _("profit")}
        ],
        _("A customer earns {first:,.0f} yuan in the first year, {third:,.0f} yuan in the third").format(
            first=profit[0], third=profit[2]
        ),
        _("Year of the relationship"),
        _("Mean profit of a year (yuan)"),
        yaxis_rangemode="tozero",
        xaxis_type="category",
    )  # fmt: skip
    shown = pd.DataFrame(
        {_("Customers"): table["customers"].to_numpy(np.int64), _("Mean profit (yuan)"): _text(table["profit"])},
        index=pd.Index(names, name=_("Year of the relationship")),
    )
    said = _("A line over the years of the relationship; each year has only those who stayed until then.")
    return Chart(drawn, said, lambda: shown)


def patterns(lives: model.Lives) -> Chart:
    """What a whole relationship has earned, by its pattern."""
    table = model.by_pattern(lives)
    names, profit = [_(name) for name in table.index], _known(table["profit"])
    colors = [ORANGE if value < 0 else BLUE for value in profit[: model.OPEN]] + [QUIET]
    losing = int((table["customers"].to_numpy()[: model.OPEN] * (profit[: model.OPEN] < 0)).sum())
    drawn = spec(
        [
            {"type": "bar", "orientation": "h", "y": names, "x": profit.tolist(), "texttemplate": "%{x:,.0f}",
             "textposition": "outside", "cliponaxis": False, "marker": fill(colors), "name": _("profit")}
        ],
        _("{n:,} relationships are of patterns that cost more than they bring").format(n=losing),
        _("Mean profit of a relationship (yuan)"),
        "",
        xaxis_range=_room(profit),
        yaxis_autorange="reversed",
    )  # fmt: skip
    shown = pd.DataFrame(
        {_("Customers"): table["customers"].to_numpy(np.int64), _("Mean profit (yuan)"): _text(table["profit"])},
        index=pd.Index(names, name=_("Pattern")),
    )
    said = _("Six bars: five patterns of profit, then those whose relationship is still open.")
    return Chart(drawn, said, lambda: shown)


def stopping(lives: model.Lives) -> Chart:
    """What the year after one, two, three and more years of decline brings, against what care costs."""
    table, care = model.after_decline(lives), lives.rule.care
    *firsts, last = [str(years) for years in table.index]
    names, profit = [*firsts, _("{year} and more").format(year=last)], _known(table["profit"])
    stop = model.stop_after(table["profit"].to_numpy(float), care)
    title = _("Care pays after every number of years of decline")
    if not np.isnan(stop):
        title = _("After {n:.0f} years of decline the next year brings less than care costs").format(n=stop)
    colors = [ORANGE if value < care else BLUE for value in profit]
    drawn = spec(
        [
            bars(names, profit, _("profit of the year after"), color=colors, texttemplate="%{y:,.0f}",
                 textposition="outside", cliponaxis=False, showlegend=False),
            {"type": "scatter", "mode": "lines", "x": names, "y": [care] * len(names), "name": _("cost of care"),
             "line": {"color": QUIET, "dash": "dash", "width": 3}},
        ],
        title,
        _("Years of decline in a row"),
        _("Mean profit of the year after (yuan)"),
        yaxis_range=_room(np.append(profit, care)),
        xaxis_type="category",
    )  # fmt: skip
    shown = pd.DataFrame(
        {
            _("Customers"): table["customers"].to_numpy(np.int64),
            _("Came back (%)"): _text(table["back"], 1),
            _("Left (%)"): _text(table["left"], 1),
            _("Mean profit (yuan)"): _text(table["profit"]),
        },
        index=pd.Index(names, name=_("Years of decline")),
    )
    said = _("Three bars of the profit of the year after, and a dashed line at the cost of care.")
    return Chart(drawn, said, lambda: shown)
