"""The explorers of the chapter: churn campaign, RFM segments, lifetime value, retention curve, winning back,
probability alive.
"""

from typing import Any

import pandas as pd

from crmlib.chapters.customer_value.charts import alive as alive_charts
from crmlib.chapters.customer_value.charts import campaign as campaign_charts
from crmlib.chapters.customer_value.charts import clv as clv_charts
from crmlib.chapters.customer_value.charts import retention as retention_charts
from crmlib.chapters.customer_value.charts import rfm as rfm_charts
from crmlib.chapters.customer_value.charts import winback as winback_charts
from crmlib.chapters.customer_value.models import alive, campaign, clv, retention, rfm, winback
from crmlib.chapters.customer_value.models.shop import Shop
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def _tables(orders: pd.DataFrame | None, accounts: pd.DataFrame | None) -> list[pd.DataFrame]:
    return [
        load("shop_orders") if orders is None else orders,
        load("shop_accounts") if accounts is None else accounts,
    ]


def explore(
    orders: pd.DataFrame | None = None, accounts: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[campaign.CampaignRule, campaign.Base, campaign.Campaign]:
    """Return the explorer of a churn campaign, on the shop's orders or your own.

    Args:
        orders, accounts: the columns of ``data/shop_orders.yaml`` and ``data/shop_accounts.yaml``; the packaged ones if
            not given. The case belongs to those.
        inputs: inputs to begin with, by name.
    """
    own = orders is not None or accounts is not None
    return Explorer(
        campaign.STUDY,
        _tables(orders, accounts),
        lambda c, _view: [campaign_charts.by_threshold(c), campaign_charts.ordered(c), campaign_charts.by_band(c)],
        case=None if own else "shop_vouchers",
        inputs=campaign.CampaignRule(**inputs),
    )


def explore_rfm(
    orders: pd.DataFrame | None = None, accounts: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[rfm.RfmRule, Shop, rfm.Rfm]:
    """Return the explorer of RFM, on the shop's orders or your own."""
    return Explorer(
        rfm.STUDY,
        _tables(orders, accounts),
        lambda r, _view: [rfm_charts.grid(r), rfm_charts.segments(r), rfm_charts.weighted(r)],
        inputs=rfm.RfmRule(**inputs),
    )


def explore_clv(**inputs: Any) -> Explorer[clv.ClvRule, None, clv.Clv]:
    """Return the explorer of customer lifetime value."""
    return Explorer(
        clv.STUDY,
        [],
        lambda c, _view: [
            clv_charts.conventions(c),
            clv_charts.payback(c),
            clv_charts.sensitivity(c),
            clv_charts.survivors(c),
        ],
        inputs=clv.ClvRule(**inputs),
    )


def explore_retention(
    orders: pd.DataFrame | None = None, accounts: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[retention.RetentionRule, Shop, retention.Retention]:
    """Return the explorer of the retention curve, on the shop's orders or your own."""
    return Explorer(
        retention.STUDY,
        _tables(orders, accounts),
        lambda r, _view: [retention_charts.curve(r), retention_charts.rates(r)],
        inputs=retention.RetentionRule(**inputs),
    )


def explore_winback(
    orders: pd.DataFrame | None = None, accounts: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[winback.WinbackRule, Shop, winback.Winback]:
    """Return the explorer of winning back lost customers, on the shop's orders or your own."""
    return Explorer(
        winback.STUDY,
        _tables(orders, accounts),
        lambda w, _view: [winback_charts.by_months(w), winback_charts.chance(w), winback_charts.ways(w)],
        inputs=winback.WinbackRule(**inputs),
    )


class AliveExplorer(Explorer[alive.AliveRule, alive.Fitted, alive.Alive]):
    """The explorer of one customer, which also says where the shop's orders do not determine the models."""

    def remarks(self) -> list[str]:
        """Return the translated sentences that stand above the pictures."""
        return [*super().remarks(), *self.prepared.remarks()]


def explore_alive(
    orders: pd.DataFrame | None = None, accounts: pd.DataFrame | None = None, **inputs: Any
) -> AliveExplorer:
    """Return the explorer of one customer as time passes, with models fitted to the shop's orders or your own."""
    return AliveExplorer(
        alive.STUDY,
        _tables(orders, accounts),
        lambda c, _view: [alive_charts.course(c), alive_charts.expected(c)],
        inputs=alive.AliveRule(**inputs),
    )
