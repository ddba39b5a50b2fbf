"""The calculator of the five discounts."""

from typing import Any

from crmlib.charts import discounts as charts
from crmlib.explorers.base import Explorer
from crmlib.models import discounts as model


def explore(**inputs: Any) -> Explorer[model.DiscountTerms, None, model.Bill]:
    """Return the calculator of the five discounts; it needs no data."""
    return Explorer(
        model.STUDY,
        [],
        lambda b, _view: [charts.waterfall(b), charts.forgoing(b)],
        inputs=model.DiscountTerms(**inputs),
    )
