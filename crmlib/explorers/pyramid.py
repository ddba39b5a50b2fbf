"""The explorer of the customer value pyramid."""

from typing import Any

import pandas as pd

from crmlib.charts import pyramid as charts
from crmlib.data import load
from crmlib.explorers.base import Explorer
from crmlib.models import pyramid as model
from crmlib.models.pareto import Customers


def explore(loans: pd.DataFrame | None = None, **inputs: Any) -> Explorer[model.PyramidRule, Customers, model.Pyramids]:
    """Return the explorer of the customer value pyramid, on the branch's customers or your own."""
    return Explorer(
        model.STUDY,
        [load("bank_loans") if loans is None else loans],
        lambda p, _view: [charts.layers(p), charts.crossing(p)],
        inputs=model.PyramidRule(**inputs),
    )
