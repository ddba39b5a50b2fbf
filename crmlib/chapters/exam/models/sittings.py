"""What a class did in a mock exam: the table of sittings as arrays, students by sections."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Bools, Floats, Labels

SECTIONS = ("choice", "true_false", "short", "essay", "case")
"""In the order of the paper."""
CHANCE = np.array([1 / 4, 1 / 2, 0.0, 0.0, 0.0])
"""What a blind guess earns of a question: one option of four, one of two, nothing in words."""


@dataclass(frozen=True)
class Sittings:
    """The students who handed in every section; arrays are students × sections, in the order of the paper.

    Attributes:
        questions: of each section, and ``points`` of each (one number a section, the same for all students).
        answered: questions answered, ``earned`` the points for them.
        pace: minutes a question, at which a student works; the median of the class where it is not known.
        success: share earned of what was answered (0–1); the median of the class where nothing was.
        absent: how many came and answered nothing at all.
        torn: how many lack a section, and are left out.
    """

    ids: Labels
    questions: Floats
    points: Floats
    answered: Floats
    earned: Floats
    pace: Floats
    success: Floats
    absent: int
    torn: int


def prepare(rows: pd.DataFrame) -> Sittings:
    """Turn the sittings (a row a student and section) into arrays.

    Conventions: students who lack a section, or who answered nothing at all, are left out and counted. An unknown pace
    or success is the median of those of whom it is known, in that section.

    Raises:
        DataError: more was answered or earned than there is, a section differs from student to student, or nobody has
            all sections.
    """
    _plausible(rows)
    wide = {name: _wide(rows, name) for name in ("questions", "points", "minutes", "answered", "earned")}
    whole = ~np.isnan(wide["answered"]).any(axis=1)
    present = np.nansum(wide["answered"], axis=1) > 0
    here = whole & present
    if not here.any():
        raise DataError(_("No student has a row for each of the five sections with an answer in it."))
    ids = np.unique(rows["student_id"].to_numpy(object))
    questions, points = (_same(wide[name][here]) for name in ("questions", "points"))
    answered, earned, minutes = (wide[name][here] for name in ("answered", "earned", "minutes"))
    done = answered > 0
    pace = _known(minutes, answered, done & (np.nan_to_num(minutes) > 0))
    success = _known(earned, answered * points / questions, done)
    left = {"absent": int((whole & ~present).sum()), "torn": int((~whole).sum())}
    return Sittings(ids[here], questions, points, answered, earned, pace, success, **left)


def _plausible(rows: pd.DataFrame) -> None:
    """Refuse rows in which more was answered or earned than there is."""
    for least, most in (("answered", "questions"), ("earned", "points")):
        wrong = rows[rows[least] > rows[most]]
        if len(wrong):
            said = _("Student {id}, section {section}: {least} is {a:g}, more than {most}, which is {b:g}.")
            first = wrong.iloc[0]
            raise DataError(
                said.format(
                    id=first["student_id"],
                    section=first["section"],
                    least=least,
                    most=most,
                    a=first[least],
                    b=first[most],
                )
            )


def _wide(rows: pd.DataFrame, column: str) -> Floats:
    """Return a column as an array students × sections, nan where there is no row."""
    table = rows.pivot(index="student_id", columns="section", values=column).reindex(columns=list(SECTIONS))
    return np.asarray(table.sort_index().to_numpy(float))


def _same(values: Floats) -> Floats:
    """Return what is the same for all students of each section."""
    if (values != values[0]).any():
        section = SECTIONS[int(np.argmax((values != values[0]).any(axis=0)))]
        raise DataError(
            _("Section {section}: all students must have the same questions and points.").format(section=section)
        )
    return np.asarray(values[0])


def _known(above: Floats, below: Floats, known: Bools) -> Floats:
    """Return a ratio where it is known, elsewhere the median of its column; a column that nobody knows is refused."""
    ratio = np.divide(above, below, out=np.full(above.shape, np.nan), where=known)
    if np.isnan(ratio).all(axis=0).any():
        section = SECTIONS[int(np.argmax(np.isnan(ratio).all(axis=0)))]
        raise DataError(_("Section {section}: nobody has answered a question in a known time.").format(section=section))
    return np.asarray(np.where(known, ratio, np.nanmedian(ratio, axis=0)))


def mock_marks(sittings: Sittings) -> Floats:
    """Return what each student earned in the mock exam, in points."""
    return np.asarray(sittings.earned.sum(axis=1))
