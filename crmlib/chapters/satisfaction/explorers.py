"""The explorers of the chapter: blueprint, satisfaction index, Kano, choice of a survey, gaps of service quality."""

from typing import Any

import pandas as pd

from crmlib.chapters.satisfaction.charts import blueprint as blueprint_charts
from crmlib.chapters.satisfaction.charts import csi as csi_charts
from crmlib.chapters.satisfaction.charts import gaps as gap_charts
from crmlib.chapters.satisfaction.charts import kano as kano_charts
from crmlib.chapters.satisfaction.charts import sampling as sampling_charts
from crmlib.chapters.satisfaction.models import blueprint, csi, gaps, kano, sampling
from crmlib.chapters.satisfaction.models.survey import Answers
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(
    steps: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[blueprint.BlueprintRule, blueprint.Blueprint, blueprint.Journey]:
    """Return the explorer of a service blueprint, on the hospital's or your own.

    Args:
        steps: the columns of ``data/service_steps.yaml``; the packaged ones if not given. The case belongs to those.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        blueprint.STUDY,
        [load("service_steps") if steps is None else steps],
        lambda j, _view: [blueprint_charts.drawing(j), blueprint_charts.along(j), blueprint_charts.per_yuan(j)],
        case="county_hospital" if steps is None else None,
        inputs=blueprint.BlueprintRule(**inputs),
    )


def explore_csi(
    survey: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[csi.SatisfactionRule, Answers, csi.Satisfaction]:
    """Return the explorer of the satisfaction index, on the hospital's survey or your own."""
    return Explorer(
        csi.STUDY,
        [load("service_survey") if survey is None else survey],
        lambda s, _view: [csi_charts.by_dimension(s), csi_charts.importance(s), csi_charts.questions(s)],
        inputs=csi.SatisfactionRule(**inputs),
    )


def explore_kano(survey: pd.DataFrame | None = None, **inputs: Any) -> Explorer[kano.KanoRule, Answers, kano.Kano]:
    """Return the explorer of Kano's model, on the hospital's survey or your own."""
    return Explorer(
        kano.STUDY,
        [load("service_survey") if survey is None else survey],
        lambda k, _view: [kano_charts.shares(k), kano_charts.better_worse(k)],
        inputs=kano.KanoRule(**inputs),
    )


def explore_sampling(
    survey: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[sampling.SurveyRule, sampling.Response, sampling.SurveyPlan]:
    """Return the explorer of the choice of a survey, with the response rates of the hospital's survey or your own."""
    return Explorer(
        sampling.STUDY,
        [load("service_survey") if survey is None else survey],
        lambda p, _view: [sampling_charts.costs(p), sampling_charts.curve(p), sampling_charts.silence(p)],
        inputs=sampling.SurveyRule(**inputs),
    )


def explore_gaps(survey: pd.DataFrame | None = None, **inputs: Any) -> Explorer[gaps.GapRule, Answers, gaps.Gaps]:
    """Return the explorer of the gaps of service quality, on the hospital's survey or your own."""
    return Explorer(
        gaps.STUDY,
        [load("service_survey") if survey is None else survey],
        lambda g, _view: [gap_charts.radar(g), gap_charts.bars_of_gaps(g)],
        inputs=gaps.GapRule(**inputs),
    )
