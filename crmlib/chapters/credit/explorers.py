"""The explorers of the chapter on credit: policy, scorecard, limits, receivables."""

from typing import Any

import pandas as pd

from crmlib.chapters.credit.charts import limits as limit_charts
from crmlib.chapters.credit.charts import policy as charts
from crmlib.chapters.credit.charts import receivables as receivable_charts
from crmlib.chapters.credit.charts import scoring as score_charts
from crmlib.chapters.credit.models import limits, policy, receivables, scoring
from crmlib.chapters.credit.models.ageing import AgeingRule
from crmlib.chapters.credit.models.ledger import Ledger
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(
    customers: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[policy.PolicyChange, pd.Series, policy.Change]:
    """Return the explorer of a change of credit policy, on the wholesaler's customers or your own.

    Args:
        customers: the packaged ones if not given. The case and its scenarios belong to those.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        policy.STUDY,
        [load("credit_customers") if customers is None else customers],
        lambda c, _view: [charts.steps(c), charts.against_growth(c), charts.balances(c)],
        case="credit" if customers is None else None,
        inputs=policy.PolicyChange(**inputs),
    )


def explore_credit_scorecard(
    customers: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[scoring.Scorecard, scoring.Applicants, scoring.Scored]:
    """Return the explorer of scorecard and cut-off, on the wholesaler's customers or your own."""
    return Explorer(
        scoring.STUDY,
        [load("credit_customers") if customers is None else customers],
        lambda s, _view: [score_charts.profit(s), score_charts.bands(s), score_charts.roc(s)],
        inputs=scoring.Scorecard(**inputs),
    )


def explore_credit_limits(
    customers: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[limits.LimitRule, limits.Accounts, limits.Limits]:
    """Return the explorer of credit limits and periods, on the wholesaler's customers or your own."""
    return Explorer(
        limits.STUDY,
        [load("credit_customers") if customers is None else customers],
        lambda found, _view: [limit_charts.methods(found), limit_charts.bound(found), limit_charts.period(found)],
        inputs=limits.LimitRule(**inputs),
    )


def explore_receivables(
    invoices: pd.DataFrame | None = None, months: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[AgeingRule, Ledger, receivables.Receivables]:
    """Return the explorer of receivables, on the wholesaler's open documents and sales by month or your own."""
    draw = receivable_charts
    return Explorer(
        receivables.STUDY,
        [
            load("credit_invoices") if invoices is None else invoices,
            load("credit_months") if months is None else months,
        ],
        lambda r, _view: [draw.ageing(r), draw.rolled(r), draw.dso(r), draw.line(r), draw.queue(r)],
        inputs=AgeingRule(**inputs),
    )
