"""Charts of phases against all at once: cost, benefit, money at risk by quarter, and what is left."""

import numpy as np
import pandas as pd

from crmlib.chapters.company.models import rollout as model
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, QUIET
from crmlib.plotting.theme import Chart, money, spec


def _both(r: model.Rollout, phased: Floats, once: Floats, title: str, y: str, alt: str) -> Chart:
    """Return a line for each of the two courses, by quarter."""
    quarters = list(range(1, r.plan.quarters + 1))
    names = _("all at once"), _("in phases")
    lines = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": quarters,
            "y": np.round(values, 2).tolist(),
            "name": name,
            "line": {"color": color, "dash": dash, "width": 3},
        }
        for values, name, color, dash in ((once, names[0], QUIET, "dash"), (phased, names[1], BLUE, "solid"))
    ]
    drawn = spec(lines, title, _("Quarter"), y, yaxis_zeroline=True)

    def table() -> pd.DataFrame:
        columns = {
            name: [f"{v + 0.0:,.1f}" for v in np.round(values, 1)]
            for name, values in zip(names, (once, phased), strict=True)
        }
        return pd.DataFrame(columns, index=pd.Index(quarters, name=_("Quarter")))

    return Chart(drawn, alt, table)


def net(r: model.Rollout) -> Chart:
    """Benefit less cost, added up."""
    ahead = r.phased.net[-1] - r.at_once.net[-1]
    title = (
        _("After {n} quarters phases are {ahead:,.0f} ahead")
        if ahead >= 0
        else _("After {n} quarters all at once is {ahead:,.0f} ahead")
    )
    return _both(
        r,
        r.phased.net,
        r.at_once.net,
        title.format(n=r.plan.quarters, ahead=abs(ahead)),
        _("Net so far ({unit})").format(unit=money()),
        _("Both lines fall while money is laid out and rise with the benefits; blue in phases, gray all at once."),
    )


def cost(r: model.Rollout) -> Chart:
    """What each quarter costs."""
    return _both(
        r,
        r.phased.cost,
        r.at_once.cost,
        _("All at once costs {once:,.0f} in all, phases {phased:,.0f}").format(
            once=r.at_once.cost.sum(), phased=r.phased.cost.sum()
        ),
        _("Cost of the quarter ({unit})").format(unit=money()),
        _("All at once lays out most in the first quarters, with modules begun again; phases spread the cost."),
    )


def benefit(r: model.Rollout) -> Chart:
    """What each quarter brings."""
    last = r.phased.benefit[-1], r.at_once.benefit[-1]
    return _both(
        r,
        r.phased.benefit,
        r.at_once.benefit,
        _("In the last quarter: phases {phased:,.0f}, all at once {once:,.0f}").format(phased=last[0], once=last[1]),
        _("Benefit of the quarter ({unit})").format(unit=money()),
        _("Both lines climb to what the modules bring together; which climbs first depends on the load."),
    )


def risk(r: model.Rollout) -> Chart:
    """Money laid out for modules that have not taken hold."""
    most = r.at_once.at_risk.max(), r.phased.at_risk.max()
    return _both(
        r,
        r.phased.at_risk,
        r.at_once.at_risk,
        _("At most {once:,.0f} is at risk at once, {phased:,.0f} in phases").format(once=most[0], phased=most[1]),
        _("Money at risk ({unit})").format(unit=money()),
        _("What has been laid out for modules that have not taken hold yet."),
    )
