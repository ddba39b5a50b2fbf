"""The explorers of bank customer tiers, 80/20 and ABC, the customer pyramid, the value scorecard, the customer file."""

from typing import Any

import pandas as pd

from crmlib.chapters.tiers.charts import customer_file as file_charts
from crmlib.chapters.tiers.charts import pareto as pareto_charts
from crmlib.chapters.tiers.charts import pyramid as pyramid_charts
from crmlib.chapters.tiers.charts import scorecard as scorecard_charts
from crmlib.chapters.tiers.charts import tiers as charts
from crmlib.chapters.tiers.models import customer_file, pareto, pyramid, scorecard
from crmlib.chapters.tiers.models import tiers as model
from crmlib.chapters.tiers.models.pareto import Customers
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


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


def explore_pareto(
    loans: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[pareto.AbcRule, Customers, pareto.Concentration]:
    """Return the explorer of 80/20 and ABC, on the branch's customers or your own."""
    return Explorer(
        pareto.STUDY,
        [load("bank_loans") if loans is None else loans],
        lambda c, _view: [pareto_charts.curve(c), pareto_charts.classes(c)],
        inputs=pareto.AbcRule(**inputs),
    )


def explore_pyramid(
    loans: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[pyramid.PyramidRule, Customers, pyramid.Pyramids]:
    """Return the explorer of the customer value pyramid, on the branch's customers or your own."""
    return Explorer(
        pyramid.STUDY,
        [load("bank_loans") if loans is None else loans],
        lambda p, _view: [pyramid_charts.layers(p), pyramid_charts.crossing(p)],
        inputs=pyramid.PyramidRule(**inputs),
    )


def explore_scorecard(
    loans: pd.DataFrame | None = None, ratings: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[scorecard.ScorecardRule, Customers, scorecard.Scorecard]:
    """Return the explorer of the customer value scorecard, on the branch's customers and their ratings or your own."""
    return Explorer(
        scorecard.STUDY,
        [
            load("bank_loans") if loans is None else loans,
            load("value_ratings") if ratings is None else ratings,
        ],
        lambda s, _view: [scorecard_charts.quadrants(s), scorecard_charts.shares(s)],
        inputs=scorecard.ScorecardRule(**inputs),
    )


def explore_customer_file(
    files: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[customer_file.FileRule, customer_file.Files, customer_file.Reviewed]:
    """Return the explorer of the customer file, on the branch's cards or your own."""
    return Explorer(
        customer_file.STUDY,
        [load("customer_files") if files is None else files],
        lambda r, _view: [file_charts.states(r), file_charts.kinds(r)],
        inputs=customer_file.FileRule(**inputs),
    )
