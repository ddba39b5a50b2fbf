"""The explorer of 80/20 and ABC."""

from typing import Any

import pandas as pd

from crmlib.charts import pareto as charts
from crmlib.data import load
from crmlib.explorers.base import Explorer
from crmlib.models import pareto as model


def explore(
    loans: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[model.AbcRule, model.Customers, model.Concentration]:
    """Return the explorer of 80/20 and ABC, on the branch's customers or your own."""
    return Explorer(
        model.STUDY,
        [load("bank_loans") if loans is None else loans],
        lambda c, _view: [charts.curve(c), charts.classes(c)],
        inputs=model.AbcRule(**inputs),
    )
