"""The survey of the hospital's patients as arrays, prepared once for the studies that read it.

An unanswered question is nan. Points of importance that do not add up to 100 are divided by their sum and counted;
nobody's answers are left out for being extreme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Bools, Floats, Labels, ratio

DIMENSIONS = {
    "tangibles": N_("tangibles"),
    "reliability": N_("reliability"),
    "responsiveness": N_("responsiveness"),
    "assurance": N_("assurance"),
    "empathy": N_("empathy"),
}
"""The five dimensions of SERVQUAL: Parasuraman, Zeithaml and Berry (1988)."""
FEATURES = {
    "clean": N_("clean toilets"),
    "screen": N_("call screen"),
    "wait": N_("short wait"),
    "pay": N_("in-room payment"),
    "follow": N_("follow-up call"),
    "robot": N_("robot guide"),
    "music": N_("music"),
}
CHANNELS = {
    "phone": N_("telephone survey"),
    "post": N_("postal survey"),
    "spot": N_("on-the-spot survey"),
    "web": N_("web survey"),
}
AGES = {"young": N_("young"), "middle": N_("middle-aged"), "old": N_("old")}
OTHERS = {"city": N_("city hospital"), "private": N_("private clinic"), "township": N_("township health centre")}
OVERALL = ("satisfied", "met", "ideal")


@dataclass(frozen=True)
class Answers:
    """The patients who answered; arrays run over them, dimensions across in the order of :data:`DIMENSIONS`."""

    ids: Labels
    channel: Labels
    age: Labels
    expected: Floats
    found: Floats
    overall: Floats  # × the three questions of OVERALL
    points: Floats  # importance as stated, a row's sum 1; nan where not all five were given
    present: Floats  # × FEATURES, 1–5
    absent: Floats
    other_place: Labels
    other: Floats
    gaps: dict[str, int]


def prepare(survey: pd.DataFrame) -> Answers:
    """Return the answers of a table with the columns of ``data/service_survey.yaml``.

    Raises:
        DataError: nobody answered.
    """
    rows = survey[survey["answered"].to_numpy(bool)].sort_values("patient_id", kind="stable")
    if not len(rows):
        raise DataError(_("Nobody answered the survey, so there is nothing to compute; look at the column answered."))
    points = _columns(rows, "points_", DIMENSIONS)
    total = points.sum(axis=1, keepdims=True)
    expected, found = _columns(rows, "expect_", DIMENSIONS), _columns(rows, "found_", DIMENSIONS)
    return Answers(
        ids=rows["patient_id"].to_numpy(object),
        channel=rows["channel"].to_numpy(object),
        age=rows["age"].to_numpy(object),
        expected=expected,
        found=found,
        overall=_columns(rows, "", OVERALL),
        points=ratio(points, total),
        present=_columns(rows, "with_", FEATURES),
        absent=_columns(rows, "without_", FEATURES),
        other_place=rows["other_place"].fillna("").to_numpy(object),
        other=_columns(rows, "other_", DIMENSIONS),
        gaps={
            "invited": len(survey),
            "silent": len(survey) - len(rows),
            "no_expectation": int(np.isnan(expected).all(axis=1).sum()),
            "hurried": int((np.isnan(np.column_stack([found, expected])).mean(axis=1) >= 0.4).sum()),
            "odd_points": int((np.abs(total[~np.isnan(total)] - 100) > 0.5).sum()),
            "all_tens": int((np.column_stack([found, expected]) == 10).all(axis=1).sum()),
        },
    )


def _columns(rows: pd.DataFrame, prefix: str, names: Mapping[str, str] | Sequence[str]) -> Floats:
    return np.column_stack([rows[prefix + name].to_numpy(float, na_value=np.nan) for name in names])


def chosen(answers: Answers, channel: str, age: str) -> Bools:
    """Return who is meant by a channel and an age group, ``"all"`` for everybody.

    Raises:
        DataError: there is nobody.
    """
    who = (answers.channel == channel) | (channel == "all")
    who = who & ((answers.age == age) | (age == "all"))
    if not who.any():
        raise DataError(_("Nobody of this group answered the survey; choose another one."))
    return np.asarray(who, dtype=bool)


def mean(values: Floats) -> Floats:
    """Return the mean of each column over the answers that are there; nan where there is none."""
    there = ~np.isnan(values)
    n = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return ratio(total, n)
