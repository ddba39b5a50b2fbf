"""The explorers of the chapter: ratios of products, price–volume–mix, composition of sales, growth and season."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmlib.chapters.analysis.charts import change as change_charts
from crmlib.chapters.analysis.charts import composition as composition_charts
from crmlib.chapters.analysis.charts import ratios as ratio_charts
from crmlib.chapters.analysis.charts import trend as trend_charts
from crmlib.chapters.analysis.models import change, composition, ratios, trend
from crmlib.chapters.analysis.models.cube import Cube
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def _tables(given: Sequence[pd.DataFrame | None]) -> list[pd.DataFrame]:
    """Return the tables given, the packaged one for each that is not."""
    names = ratios.STUDY.datasets
    return [load(name) if table is None else table for name, table in zip(names, given, strict=True)]


def explore(
    sales: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    purchases: pd.DataFrame | None = None,
    **inputs: Any,
) -> Explorer[ratios.RatioRule, Cube, ratios.Ratios]:
    """Return the explorer of the ratios of products, on the food manufacturer's tables or your own.

    Args:
        sales, products, purchases: the columns of ``data/sales_cube.yaml``, ``data/product_months.yaml`` and
            ``data/customer_purchases.yaml``; the packaged ones if not given. The case belongs to those.
        inputs: inputs to begin with, by name.
    """
    own = any(table is not None for table in (sales, products, purchases))
    return Explorer(
        ratios.STUDY,
        _tables((sales, products, purchases)),
        lambda r, _view: [ratio_charts.quadrant(r), ratio_charts.chosen(r), ratio_charts.gains(r)],
        case=None if own else "food_factory",
        inputs=ratios.RatioRule(**inputs),
    )


def explore_change(
    sales: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    purchases: pd.DataFrame | None = None,
    **inputs: Any,
) -> Explorer[change.ChangeRule, Cube, change.Change]:
    """Return the explorer of price, volume and mix, on the food manufacturer's tables or your own."""
    return Explorer(
        change.STUDY,
        _tables((sales, products, purchases)),
        lambda c, _view: [change_charts.waterfall(c), change_charts.by_product(c)],
        inputs=change.ChangeRule(**inputs),
    )


def explore_composition(
    sales: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    purchases: pd.DataFrame | None = None,
    **inputs: Any,
) -> Explorer[composition.CompositionRule, Cube, composition.Composition]:
    """Return the explorer of the composition of sales, on the food manufacturer's tables or your own."""
    return Explorer(
        composition.STUDY,
        _tables((sales, products, purchases)),
        lambda c, _view: [
            composition_charts.by_kind(c),
            composition_charts.own_share(c),
            composition_charts.white_spots(c),
        ],
        inputs=composition.CompositionRule(**inputs),
    )


def explore_trend(
    sales: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    purchases: pd.DataFrame | None = None,
    **inputs: Any,
) -> Explorer[trend.TrendRule, Cube, trend.Trend]:
    """Return the explorer of growth and season, on the food manufacturer's tables or your own."""
    return Explorer(
        trend.STUDY,
        _tables((sales, products, purchases)),
        lambda t, _view: [trend_charts.line(t), trend_charts.season(t)],
        inputs=trend.TrendRule(**inputs),
    )
