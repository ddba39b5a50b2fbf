"""The explorer of bank customer tiers."""

from typing import Any

import pandas as pd

from crmlib.charts import tiers as charts
from crmlib.data import load
from crmlib.explorers.base import Explorer
from crmlib.models import tiers as model


def explore(loans: pd.DataFrame | None = None, **inputs: Any) -> Explorer[model.TierPolicy, model.Book, model.Grading]:
    """Return the explorer of bank customer tiers, on the branch's loan book or your own.

    Args:
        loans: a loan book in long form; the packaged one if not given. The case and its scenarios belong to that one.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        model.STUDY,
        [load("bank_loans") if loans is None else loans],
        lambda g, view: [
            charts.by_tier(g, view.measure),
            charts.scores(g),
            charts.migration(g),
            charts.credit_check(g),
        ],
        charts.TierView,
        case="bank_tiers" if loans is None else None,
        inputs=model.TierPolicy(**inputs),
    )
