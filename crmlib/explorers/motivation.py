"""The explorer of the rebate ladder and of the dealer's stock."""

from typing import Any

import pandas as pd

from crmlib.charts import motivation as charts
from crmlib.data import load
from crmlib.explorers.base import Explorer
from crmlib.models import motivation as model


def explore(
    depletions: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[model.LadderRule, model.Record, model.Motivation]:
    """Return the explorer of the rebate ladder, for the dealer of the packaged stock record or your own.

    Args:
        depletions: a stock record, a row a week; the packaged one if not given.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        model.STUDY,
        [load("depletions") if depletions is None else depletions],
        lambda m, _view: [charts.ladder(m), charts.comparison(m), charts.surplus(m), charts.stock(m)],
        inputs=model.LadderRule(**inputs),
    )
