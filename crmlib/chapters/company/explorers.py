"""The explorers of the CRM project: data audit, diagnosis, four measures, phases, opportunities."""

from typing import Any

import pandas as pd

from crmlib.chapters.company.charts import audit as audit_charts
from crmlib.chapters.company.charts import diagnosis as diagnosis_charts
from crmlib.chapters.company.charts import opportunities as opportunity_charts
from crmlib.chapters.company.charts import performance as performance_charts
from crmlib.chapters.company.charts import rollout as rollout_charts
from crmlib.chapters.company.models import audit, diagnosis, opportunities, performance, rollout
from crmlib.chapters.company.models.records import Records
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(
    accounts: pd.DataFrame | None = None, customers: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[audit.AuditRule, Records, audit.Audit]:
    """Return the explorer of the data-quality audit, on the branch's extract and books or your own.

    Args:
        accounts: the columns of ``data/crm_accounts.yaml``; the packaged ones if not given.
        customers: those of ``data/crm_customers.yaml``. The case belongs to the packaged ones.
        inputs: inputs to begin with, by name.
    """
    draw = audit_charts
    return Explorer(
        audit.STUDY,
        [
            load("crm_accounts") if accounts is None else accounts,
            load("crm_customers") if customers is None else customers,
        ],
        lambda a, _view: [draw.faults(a), draw.people(a), draw.fields(a), draw.cleaning(a)],
        case="company" if accounts is None and customers is None else None,
        inputs=audit.AuditRule(**inputs),
    )


def explore_crm_diagnosis(
    symptoms: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[diagnosis.Remedies, diagnosis.Board, diagnosis.Diagnosis]:
    """Return the explorer of the diagnosis board, company XX's or your own."""
    return Explorer(
        diagnosis.STUDY,
        [load("crm_diagnosis") if symptoms is None else symptoms],
        lambda d, _view: [diagnosis_charts.symptoms(d), diagnosis_charts.causes(d)],
        inputs=diagnosis.Remedies(**inputs),
    )


def explore_four_measures(
    customers: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[performance.AppraisalRule, performance.Customers, performance.Appraisal]:
    """Return the explorer of the four measures, on the branch's customers or your own."""
    draw = performance_charts
    return Explorer(
        performance.STUDY,
        [load("crm_customers") if customers is None else customers],
        lambda a, _view: [draw.scores(a), draw.points(a), draw.moved(a)],
        inputs=performance.AppraisalRule(**inputs),
    )


def explore_crm_rollout(
    modules: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[rollout.RolloutPlan, rollout.Modules, rollout.Rollout]:
    """Return the explorer of phases against all at once, on the eight modules or your own."""
    draw = rollout_charts
    return Explorer(
        rollout.STUDY,
        [load("crm_modules") if modules is None else modules],
        lambda r, _view: [draw.net(r), draw.cost(r), draw.benefit(r), draw.risk(r)],
        inputs=rollout.RolloutPlan(**inputs),
    )


def explore_opportunity_test(
    opportunities_entered: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[opportunities.CountRule, opportunities.Entries, opportunities.Tested]:
    """Return the explorer of the test of opportunities, on the branch's entries or your own."""
    draw = opportunity_charts
    return Explorer(
        opportunities.STUDY,
        [load("crm_opportunities") if opportunities_entered is None else opportunities_entered],
        lambda t, _view: [draw.grown(t), draw.kinds(t), draw.rates(t), draw.people(t)],
        inputs=opportunities.CountRule(**inputs),
    )
