"""The satisfaction index: c = b ÷ a by dimension, weights, importance and performance, and an index after ACSI."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models import survey as source
from crmlib.chapters.satisfaction.models.survey import Answers
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas import satisfaction as formulas
from crmlib.formulas.arrays import Bools, Floats

GROUPS = {
    "channel": {"all": N_("all channels"), **source.CHANNELS},
    "age": {"all": N_("all ages"), **source.AGES},
}


class SatisfactionRule(Inputs):
    """How satisfaction is computed, how dimensions are weighed, and who counts."""

    convention: formulas.Convention = setting(
        "ratio",
        N_("Satisfaction is"),
        choices={
            "ratio": N_("experience ÷ expectation"),
            "difference": N_("experience − expectation"),
            "relative": N_("(experience − expectation) ÷ expectation"),
        },
        help=N_("Met exactly, the expectation gives 1 by the ratio and 0 by the other two."),
    )
    weigh: Literal["derived", "stated", "equal"] = setting(
        "derived",
        N_("Importance of a dimension"),
        choices={
            "derived": N_("derived from correlations"),
            "stated": N_("as patients state it"),
            "equal": N_("alike for all"),
        },
        help=N_("Derived: in proportion to the correlation with overall satisfaction. Stated: 100 points dealt out."),
    )
    channel: Literal["all", "phone", "post", "spot", "web"] = setting(
        "all", N_("Answers by"), group=N_("Who counts"), choices=GROUPS["channel"]
    )
    age: Literal["all", "young", "middle", "old"] = setting(
        "all", N_("Age group"), group=N_("Who counts"), choices=GROUPS["age"]
    )
    satisfied_weight: float = setting(
        0.4, N_("Index: weight of overall satisfaction"), low=0, high=1, step=0.05, group=N_("Index of three questions")
    )
    met_weight: float = setting(
        0.3, N_("Index: weight of expectations met"), low=0, high=1, step=0.05, group=N_("Index of three questions")
    )
    ideal_weight: float = setting(
        0.3,
        N_("Index: weight of closeness to the ideal"),
        low=0,
        high=1,
        step=0.05,
        group=N_("Index of three questions"),
        help=N_("The three weights are divided by their sum. In ACSI they come from the model; here they are given."),
    )

    def weights(self) -> Floats:
        """Return the weights of the three overall questions as given."""
        return np.array([self.satisfied_weight, self.met_weight, self.ideal_weight])

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero."""
        if not self.weights().any():
            yield "ideal_weight", _("All three weights are zero. Give at least one question a weight.")

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum."""
        labels = [s.label for s in self.settings()[4:]]
        return weights_remark(self.weights().sum(), labels, self.weights() / self.weights().sum())


@dataclass(frozen=True)
class Satisfaction:
    """What :func:`measure` returns; dimensions in the order of the survey."""

    rule: SatisfactionRule
    answers: Answers
    who: Bools
    by_dimension: Floats  # c of each patient who counts, × dimensions
    satisfaction: Floats  # weighted, of each patient who counts
    importance: Floats  # sums to one
    index: float  # 0–100


def acsi(means: Floats, weights: Floats, low: float = 1, high: float = 10) -> float:
    """Return a satisfaction index from 0 to 100 of a few questions' means: (Σ w·x̄ − min·Σ w) ÷ ((max − min)·Σ w) × 100.

    Args:
        means: of the questions, on ``low`` to ``high``; nan for one that nobody answered makes the index nan.
        weights: of any sum above zero. ACSI estimates them from its model; given ones are a simplification.

    Source: Fornell, Johnson, Anderson, Cha & Bryant (1996), with three questions on 1–10.

    >>> round(acsi(np.array([8.0, 7.0, 7.5]), np.array([0.4, 0.3, 0.3])), 2)
    72.78
    """
    whole = float(weights.sum())
    return float(100 * (means @ weights - low * whole) / ((high - low) * whole))


def stated_importance(points: Floats) -> Floats:
    """Return the mean of the shares of points that patients dealt to each dimension, brought to sum one.

    Raises:
        DataError: nobody dealt points to all dimensions.
    """
    given = points[~np.isnan(points).any(axis=1)]
    if not len(given):
        raise DataError(_("Nobody dealt points to all dimensions; choose another way to weigh them."))
    shares = given.mean(axis=0)
    return np.asarray(shares / shares.sum())


def measure(answers: Answers, rule: SatisfactionRule) -> Satisfaction:
    """Compute satisfaction of everybody who counts.

    Conventions: a patient's satisfaction is the weighted mean of c over the dimensions with both answers, a mean of
    ratios and no ratio of means; who gave no pair of answers has none. Importance is taken from all who counts.

    Raises:
        DataError: nobody is meant, or an expectation is zero.
    """
    who = source.chosen(answers, rule.channel, rule.age)
    found, expected, overall = answers.found[who], answers.expected[who], answers.overall[who]
    by_dimension = formulas.satisfaction(found, expected, rule.convention)
    if rule.weigh == "derived":
        importance = formulas.derived_importance(found, overall[:, 0])
    elif rule.weigh == "stated":
        importance = stated_importance(answers.points[who])
    else:
        importance = np.full(len(source.DIMENSIONS), 1 / len(source.DIMENSIONS))
    satisfaction = np.round(formulas.weighted_mean(by_dimension, importance), 6)
    index = acsi(source.mean(overall), rule.weights())
    return Satisfaction(rule, answers, who, by_dimension, satisfaction, importance, index)


def performance(s: Satisfaction) -> Floats:
    """Return the mean experience of each dimension, 1–10."""
    return source.mean(s.answers.found[s.who])


def fields(s: Satisfaction) -> list[str]:
    """Return the field of importance and performance in which each dimension lies, crossed at the means."""
    found = performance(s)
    known = ~np.isnan(found)
    if not known.any():
        return [formulas.FIELDS[4]] * len(found)
    return formulas.fields(s.importance, found, (float(found[known].mean()), float(s.importance[known].mean())))


def headline(s: Satisfaction) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    neutral = formulas.NEUTRAL[s.rule.convention]
    known = s.satisfaction[~np.isnan(s.satisfaction)]
    means = source.mean(s.by_dimension)
    n = max(len(known), 1)
    return {
        "patients": float(s.who.sum()),
        "satisfaction": float(known.mean()) if known.size else float("nan"),
        "delighted": 100 * float((known > neutral).sum()) / n,
        "dissatisfied": 100 * float((known < neutral).sum()) / n,
        "below": float((means < neutral).sum()),
        "urgent": float(fields(s).count(formulas.FIELDS[1])),
        "index": s.index,
    }


def listing(s: Satisfaction) -> pd.DataFrame:
    """List the patients who count: index the id; columns channel, age, satisfaction and c of each dimension."""
    columns = {"channel": s.answers.channel[s.who], "age": s.answers.age[s.who], "satisfaction": s.satisfaction}
    columns |= {name: s.by_dimension[:, k] for k, name in enumerate(source.DIMENSIONS)}
    return pd.DataFrame(columns, index=pd.Index(s.answers.ids[s.who], name="patient_id"))


STUDY = Study(
    name="csi",
    title=N_("Satisfaction index"),
    datasets=("service_survey",),
    inputs=SatisfactionRule,
    prepare=source.prepare,
    run=measure,
    headline=headline,
    listing=listing,
    measures={
        "patients": Measure(N_("Answers that count"), N_("patients")),
        "satisfaction": Measure(N_("Mean satisfaction"), "", 3),
        "delighted": Measure(N_("Experience above expectation"), "%", 1),
        "dissatisfied": Measure(N_("Experience below expectation"), "%", 1),
        "below": Measure(N_("Dimensions below expectation")),
        "urgent": Measure(N_("Important and poor dimensions")),
        "index": Measure(N_("Index of three questions, 0–100"), "", 1),
    },
    textbook={"weigh": "equal"},
    first=("convention", "weigh", "channel", "age", "satisfied_weight"),
)
