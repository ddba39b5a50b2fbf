"""The importance–performance grid of Martilla and James (1977)."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, named, spec


def importance_performance(
    names: Sequence[str],
    importance: NDArray[np.float64],
    performance: NDArray[np.float64],
    fields: Sequence[str],
    urgent: str,
    axes: tuple[str, str],
) -> Chart:
    """Return the grid of attributes, crossed at the means; those in the field ``urgent`` are orange diamonds.

    Args:
        names: of the attributes, translated.
        importance: in %.
        performance: on the scale of the answers; nan for an attribute nobody answered, which is not drawn.
        fields: of each attribute, translated.
        urgent: the field that comes first, translated.
        axes: titles of the performance and of the importance axis, translated.
    """
    first = [n for n, f in zip(names, fields, strict=True) if f == urgent]
    title = _("Concentrate here: {names}").format(names=_(", ").join(first)) if first else _("No attribute is urgent")
    known = [k for k, value in enumerate(performance) if not math.isnan(value)]
    x, y = ([round(float(values[k]), 3) for k in known] for values in (performance, importance))
    within = [min(x) - 0.4, max(x) + 0.4], [min(y) - 3, max(y) + 3]
    poor = [fields[k] == urgent for k in known]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": x,
        "y": y,
        **named(x, y, [names[k] for k in known], within),
        "cliponaxis": False,
        "marker": {
            "size": 12,
            "color": [ORANGE if p else BLUE for p in poor],
            "symbol": ["diamond" if p else "circle" for p in poor],
        },
        "hovertemplate": _("%{customdata}: performance %{x:.2f}, importance %{y:.1f}%") + "<extra></extra>",
    }
    middle = float(np.mean(x)), float(np.mean(y))
    dotted = {"type": "line", "line": {"color": QUIET, "dash": "dot"}}
    cross = [
        dotted | {"x0": middle[0], "x1": middle[0], "y0": 0, "y1": 1, "yref": "paper"},
        dotted | {"x0": 0, "x1": 1, "xref": "paper", "y0": middle[1], "y1": middle[1]},
    ]
    drawn = spec([trace], title, *axes, shapes=cross, xaxis_range=within[0], yaxis_range=within[1])
    alt = _(
        "Five attributes, importance upward, performance to the right, crossed at the means; orange diamonds are "
        "important and poor."
    )

    def table() -> pd.DataFrame:
        columns = {
            _("Importance (%)"): [f"{value:.2f}" for value in importance],
            _("Performance (1–10)"): [figure(value, 2) for value in performance],
            _("Advice"): list(fields),
        }
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Attribute")))

    return Chart(drawn, alt, table)
