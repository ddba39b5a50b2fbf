"""The explorer of satisfaction and loyalty."""

from typing import Any

import pandas as pd

from crmlib.chapters.loyalty.charts import loyalty as charts
from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.chapters.loyalty.models.survey import Survey
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(
    customers: pd.DataFrame | None = None, orders: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[model.LoyaltyPolicy, Survey, model.Loyalty]:
    """Return the explorer of satisfaction and loyalty, on the department store's data or your own.

    Args:
        customers: surveys in long form; the packaged ones if not given. The case belongs to those.
        orders: orders of the same customers; the packaged ones if not given.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        model.STUDY,
        [
            load("loyalty_customers") if customers is None else customers,
            load("loyalty_orders") if orders is None else orders,
        ],
        lambda m, view: [
            charts.satisfied_and_loyal(m) if view.first == "shares" else charts.distribution(m),
            charts.indicators(m),
            charts.kinds(m),
            charts.curve(m, view.curve_of),
        ],
        charts.LoyaltyView,
        case="loyalty" if customers is None and orders is None else None,
        inputs=model.LoyaltyPolicy(**inputs),
    )
