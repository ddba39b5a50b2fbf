"""Charts of the customer value pyramid."""

import math

import numpy as np
import pandas as pd

from crmlib.chapters.tiers.models import pyramid as model
from crmlib.core.i18n import _, ngettext
from crmlib.plotting.template import GREEN, VIOLET
from crmlib.plotting.theme import BESIDE_BARS, Chart, matrix, spec


def layers(p: model.Pyramids) -> Chart:
    """The pyramid of customers beside what each layer earns."""
    table = model.layer_table(p)
    names = [_(name) for name in table.index]
    customers = 100 * table["customers"] / table["customers"].sum()
    income = 100 * table["income"] / (table["income"].sum() or np.inf)  # no income: no shares of it
    top = income.iloc[:2].sum()

    def side(values: pd.Series, sign: int, name: str) -> dict[str, object]:
        return {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": (sign * values).round(2).tolist(),
            "customdata": values.round(1).tolist(),
            "texttemplate": "%{customdata:.1f}%",
            **BESIDE_BARS,
            "hovertemplate": _("{name}<br>%{{y}}: %{{customdata:.1f}}%").format(name=name) + "<extra></extra>",
            "name": name,
            "marker": {"color": VIOLET if sign < 0 else GREEN},
        }

    reach = 25 * math.ceil(max(customers.max(), income.max(), 1) / 25)
    ticks = [*range(-reach, reach + 1, 25 if reach <= 50 else 50)]

    drawn = spec(
        [side(customers, -1, _("customers")), side(income, 1, _("income"))],
        _("The two top layers bring {top:.0f}% of the income").format(top=top),
        _("← customers · share (%) · income →"),
        "",
        barmode="relative",
        yaxis_autorange="reversed",
        xaxis_range=[-1.25 * reach, 1.25 * reach],
        xaxis_tickvals=ticks,
        xaxis_ticktext=[str(abs(tick)) for tick in ticks],
        bargap=0.12,
    )
    alt = _("Two bars a layer: to the left the share of customers, to the right the share of income.")
    return Chart(drawn, alt, lambda: _layer_table(p))


def crossing(p: model.Pyramids) -> Chart:
    """Who stands where in the profit pyramid and in the potential pyramid."""
    cells = model.crossing(p)
    names = [_(name) for name in model.LAYERS]
    gems = int(model.headline(p)["hidden_gems"])
    drawn = spec(
        [matrix(cells, names, names, _("profit %{y}, potential %{x}, firms: %{customdata:,}") + "<extra></extra>")],
        ngettext(
            "{n:,} customer is at the top in potential, not yet in profit",
            "{n:,} customers are at the top in potential, not yet in profit",
            gems,
        ).format(n=gems),
        _("Layer by potential"),
        _("Layer by profit"),
        yaxis_autorange="reversed",
    )
    alt = _("Grid of the number of customers by layer of profit (rows) and of potential (columns).")
    return Chart(drawn, alt, lambda: pd.DataFrame(cells, pd.Index(names, name=_("profit \\ potential")), names))


def _layer_table(p: model.Pyramids) -> pd.DataFrame:
    table = model.layer_table(p)
    columns = [_("Customers"), _("Income"), _("Same layer in potential")]
    whole = np.round(table.to_numpy(float)).astype(np.int64)
    return pd.DataFrame(whole, pd.Index([_(name) for name in table.index], name=_("Layer")), columns)
