"""The explorer of relationship types."""

from typing import Any

import pandas as pd

from crmlib.chapters.relationships.charts import relationships as charts
from crmlib.chapters.relationships.models import relationships as model
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(
    accounts: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[model.ServicePlan, model.Accounts, model.Allocation]:
    """Return the explorer of relationship types, on the supplier's accounts or your own.

    Args:
        accounts: the columns of ``data/accounts.yaml``; the packaged ones if not given. The case belongs to those.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        model.STUDY,
        [load("accounts") if accounts is None else accounts],
        lambda p, view: [
            charts.by_type(p, view.measure),
            charts.matrix_chart(p),
            charts.frontier(p),
            charts.for_all(p),
        ],
        charts.RelationView,
        case="relationships" if accounts is None else None,
        inputs=model.ServicePlan(**inputs),
    )
