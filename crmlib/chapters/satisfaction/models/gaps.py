"""Gaps of service quality: SERVQUAL's experience less expectation, and benchmarking's gap to those who do better."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models import survey as source
from crmlib.chapters.satisfaction.models.csi import stated_importance
from crmlib.chapters.satisfaction.models.survey import Answers
from crmlib.core.i18n import N_
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints

FEWEST = 30
"""A place that fewer patients have rated is not compared with."""


class GapRule(Inputs):
    """What the hospital is compared with, and an improvement to try out."""

    against: Literal["expectation", "best", "city", "private", "township"] = setting(
        "expectation",
        N_("Compare with"),
        choices={
            "expectation": N_("patients' expectations"),
            "best": N_("the best other place in each dimension"),
            **source.OTHERS,
        },
        help=N_("Expectations give SERVQUAL's gaps; another place gives those of benchmarking."),
    )
    weigh: Literal["stated", "equal"] = setting(
        "stated",
        N_("Importance of a dimension"),
        choices={"stated": N_("as patients state it"), "equal": N_("alike for all")},
    )
    better: float = setting(
        0,
        N_("Responsiveness improved by"),
        low=0,
        high=3,
        step=0.1,
        unit=N_("points"),
        help=N_("What if patients found it so much better? Its mean never exceeds 10."),
    )


@dataclass(frozen=True)
class Gaps:
    """What :func:`compare` returns; dimensions in the order of the survey, places in that of ``OTHERS``."""

    rule: GapRule
    ours: Floats
    expected: Floats
    others: Floats  # places × dimensions, nan for a place with too few raters
    raters: Ints
    yardstick: Floats
    model: Ints  # by dimension the place with the highest mean, −1 where none counts
    weights: Floats

    @property
    def gap(self) -> Floats:
        """Ours less the yardstick: negative where we fall short."""
        return np.asarray(self.ours - self.yardstick)


def weighted_gap(gap: Floats, weights: Floats) -> float:
    """Return the weighted gap over the dimensions for which one is known; nan where there is none.

    SERVQUAL (Parasuraman, Zeithaml & Berry 1988) subtracts expectation from perception; a negative gap is a shortfall.

    >>> round(weighted_gap(np.array([-1.0, 0.5, np.nan]), np.array([0.5, 0.3, 0.2])), 4)
    -0.4375
    """
    known = ~np.isnan(gap)
    carried = float(weights[known].sum())
    return float(gap[known] @ weights[known]) / carried if carried > 0 else float("nan")


def compare(answers: Answers, rule: GapRule) -> Gaps:
    """Compute means and gaps. A mean is over the patients who answered the question."""
    places = list(source.OTHERS)
    raters = np.array([(answers.other_place == place).sum() for place in places], dtype=np.int64)
    others = np.array([source.mean(answers.other[answers.other_place == place]) for place in places])
    others[raters < FEWEST] = np.nan
    filled = np.where(np.isnan(others), -np.inf, others)
    model = np.where(np.isinf(filled.max(axis=0)), -1, filled.argmax(axis=0))
    ours, expected = source.mean(answers.found), source.mean(answers.expected)
    place = list(source.DIMENSIONS).index("responsiveness")
    ours[place] = min(ours[place] + rule.better, 10)
    if rule.against == "expectation":
        yardstick = expected
    elif rule.against == "best":
        yardstick = np.where(model < 0, np.nan, filled.max(axis=0))
    else:
        yardstick = others[places.index(rule.against)]
    even = np.full(len(source.DIMENSIONS), 1 / len(source.DIMENSIONS))
    weights = stated_importance(answers.points) if rule.weigh == "stated" else even
    return Gaps(rule, ours, expected, others, raters, yardstick, model, weights)


def headline(g: Gaps) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    gap, known = g.gap, ~np.isnan(g.gap)
    places = {int(place) for place in g.model if place >= 0}
    return {
        "overall": weighted_gap(gap, g.weights),
        "largest": float(gap[known].min()) if known.any() else float("nan"),
        "behind": float((gap[known] < 0).sum()),
        "places": float(len(places)),
    }


def listing(g: Gaps) -> pd.DataFrame:
    """List the dimensions: columns ours, expectation, yardstick, gap, weight, the place to learn from."""
    names = [list(source.OTHERS)[place] if place >= 0 else "" for place in g.model.tolist()]
    columns = {"ours": g.ours, "expected": g.expected, "yardstick": g.yardstick, "gap": g.gap, "weight": g.weights}
    table = pd.DataFrame(columns, index=pd.Index(list(source.DIMENSIONS), name="dimension"))
    return table.assign(learn_from=names)


STUDY = Study(
    name="gaps",
    title=N_("Gaps of service quality"),
    datasets=("service_survey",),
    inputs=GapRule,
    prepare=source.prepare,
    run=compare,
    headline=headline,
    listing=listing,
    measures={
        "overall": Measure(N_("Weighted gap"), N_("points"), 2),
        "largest": Measure(N_("Largest shortfall"), N_("points"), 2),
        "behind": Measure(N_("Dimensions that fall short")),
        "places": Measure(N_("Places to learn from")),
    },
)
