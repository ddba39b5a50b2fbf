"""The explorers of winning and keeping, and of the customer life cycle."""

from typing import Any

import pandas as pd

from crmlib.chapters.foundations.charts import life_cycle as life_charts
from crmlib.chapters.foundations.charts import winning as charts
from crmlib.chapters.foundations.models import life_cycle
from crmlib.chapters.foundations.models import winning as model
from crmlib.chapters.foundations.models.panel import Panel
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(members: pd.DataFrame | None = None, **inputs: Any) -> Explorer[model.BudgetPlan, Panel, model.Answer]:
    """Return the explorer of winning and keeping, on the chain's members or your own.

    Args:
        members: the columns of ``data/members.yaml``; the packaged ones if not given. The case belongs to those.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        model.STUDY,
        [load("members") if members is None else members],
        lambda a, _view: [charts.divisions(a), charts.costs(a), charts.growth(a), charts.five_points(a)],
        case="gym_chain" if members is None else None,
        inputs=model.BudgetPlan(**inputs),
    )


def explore_life_cycle(
    members: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[life_cycle.LifeRule, Panel, life_cycle.Lives]:
    """Return the explorer of the customer life cycle, on the chain's members or your own."""
    return Explorer(
        life_cycle.STUDY,
        [load("members") if members is None else members],
        lambda lives, _view: [
            life_charts.stages(lives),
            life_charts.tenure(lives),
            life_charts.patterns(lives),
            life_charts.stopping(lives),
        ],
        inputs=life_cycle.LifeRule(**inputs),
    )
