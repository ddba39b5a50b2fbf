"""The explorers of the chapter: key accounts, sales funnel, complaints, marketing risk, warning signs."""

from typing import Any

import pandas as pd

from crmlib.chapters.key_accounts.charts import complaints as complaint_charts
from crmlib.chapters.key_accounts.charts import funnel as funnel_charts
from crmlib.chapters.key_accounts.charts import key_accounts as charts
from crmlib.chapters.key_accounts.charts import risk as risk_charts
from crmlib.chapters.key_accounts.charts import signs as sign_charts
from crmlib.chapters.key_accounts.models import complaints, funnel, risk, signs
from crmlib.chapters.key_accounts.models import key_accounts as model
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(
    accounts: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[model.KeyRule, model.Accounts, model.Concentration]:
    """Return the explorer of concentration, on the manufacturer's accounts or your own.

    Args:
        accounts: the columns of ``data/key_accounts.yaml``; the packaged ones if not given. The case belongs to those.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        model.STUDY,
        [load("key_accounts") if accounts is None else accounts],
        lambda c, _view: [charts.largest(c), charts.falls(c), charts.department(c)],
        case="washing_machines" if accounts is None else None,
        inputs=model.KeyRule(**inputs),
    )


def explore_funnel(
    opportunities: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[funnel.FunnelRule, funnel.Pipeline, funnel.Funnel]:
    """Return the explorer of the sales funnel, on the manufacturer's opportunities or your own."""
    return Explorer(
        funnel.STUDY,
        [load("opportunities") if opportunities is None else opportunities],
        lambda f, _view: [funnel_charts.narrowing(f), funnel_charts.pipeline(f), funnel_charts.ageing(f)],
        inputs=funnel.FunnelRule(**inputs),
    )


def explore_complaints(
    log: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[complaints.ComplaintRule, complaints.Log, complaints.Handling]:
    """Return the explorer of complaints, on the manufacturer's log or your own."""
    return Explorer(
        complaints.STUDY,
        [load("complaints") if log is None else log],
        lambda h, _view: [
            complaint_charts.pareto(h),
            complaint_charts.times(h),
            complaint_charts.promise(h),
            complaint_charts.iceberg(h),
        ],
        case="spreading_complaint" if log is None else None,
        inputs=complaints.ComplaintRule(**inputs),
    )


def explore_risk(
    incidents: pd.DataFrame | None = None,
    controls: pd.DataFrame | None = None,
    duties: pd.DataFrame | None = None,
    **inputs: Any,
) -> Explorer[risk.RiskRule, risk.Register, risk.Plan]:
    """Return the explorer of marketing risk; a table that is not given is the manufacturer's."""
    own = (incidents, controls, duties)
    tables = [load(name) if table is None else table for name, table in zip(risk.STUDY.datasets, own, strict=True)]
    return Explorer(
        risk.STUDY,
        tables,
        lambda p, _view: [risk_charts.losses(p), risk_charts.per_yuan(p), risk_charts.matrix(p)],
        case="lost_takings" if all(table is None for table in own) else None,
        inputs=risk.RiskRule(**inputs),
    )


def explore_signs(
    history: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[signs.SignRule, signs.Payers, signs.Warned]:
    """Return the explorer of warning signs, on the manufacturer's payment history or your own."""
    return Explorer(
        signs.STUDY,
        [load("payment_history") if history is None else history],
        lambda w, _view: [sign_charts.outcomes(w), sign_charts.each_sign(w), sign_charts.by_needed(w)],
        inputs=signs.SignRule(**inputs),
    )
