"""Make ``mock_sittings.csv``: a class of a made-up university sits a mock exam, a row for each student and section.

Run ``python data/make_mock_sittings.py``. Synthetic, seeded. ``numpy.random.RandomState`` is used because its stream is
frozen; a rebuild is identical byte by byte.

How the numbers hang together: each student knows more or less and works faster or slower. Sections are answered in the
order of the paper until two hours are up, so that the slow ones do not reach the end. A few choices and statements are
left blank on the way. Some come and hand in nothing, some sheets are lost, and some watches stand still.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20251112
STUDENTS = 160
MINUTES = 120.0

SECTIONS = ("choice", "true_false", "short", "essay", "case")
QUESTIONS = np.array([20, 15, 4, 2, 4])
"""Questions of a section; of essay and case analysis their parts."""
POINTS = np.array([40.0, 15.0, 20.0, 10.0, 15.0])
PACE = np.array([1.75, 0.6, 6.0, 9.5, 7.0])
"""Minutes a question as the typical student of the class takes them."""
EASE = np.array([0.95, 1.05, 0.55, 0.2, 0.35])
"""Share earned of what is answered, as log-odds of the typical student."""
SKIPPED = 0.06
"""Share of the choices and statements reached that a student leaves blank, not knowing the answer."""
STEP = np.array([2.0, 1.0, 0.5, 0.5, 0.5])
"""Points are given in these steps."""


def make(seed: int = SEED, students: int = STUDENTS) -> pd.DataFrame:
    """Return the sittings (5 × students rows, less the lost sheets)."""
    rng = RandomState(seed)
    able = rng.normal(0, 0.75, students)[:, None]
    slow = np.exp(rng.normal(0, 0.17, students))[:, None]
    pace = PACE * slow * np.exp(rng.normal(0, 0.10, (students, 5)))
    success = 1 / (1 + np.exp(-(EASE + able + rng.normal(0, 0.35, (students, 5)))))
    answered, minutes = worked(pace)
    answered[:, :2] -= rng.binomial(answered[:, :2].astype(int), SKIPPED)
    earned = np.round(POINTS * answered / QUESTIONS * success / STEP) * STEP
    absent = np.zeros(students, bool)
    absent[rng.choice(students, max(students // 40, 1), replace=False)] = True
    answered[absent], minutes[absent], earned[absent] = 0, 0.0, 0.0
    rows = pd.DataFrame(
        {
            "student_id": np.repeat([f"S{number + 1:03d}" for number in range(students)], 5),
            "section": np.tile(SECTIONS, students),
            "questions": np.tile(QUESTIONS, students),
            "points": np.tile(POINTS, students),
            "minutes": np.round(minutes, 1).ravel(),
            "answered": answered.astype("int64").ravel(),
            "earned": earned.ravel(),
        }
    )
    stopped = rng.choice(np.flatnonzero(np.repeat(~absent, 5)), max(students // 20, 1), replace=False)
    rows.loc[stopped.tolist(), "minutes"] = np.nan
    lost = rng.choice(np.flatnonzero(np.repeat(~absent, 5)), max(students // 50, 1), replace=False)
    kept = np.ones(len(rows), bool)
    kept[lost] = False
    return rows[kept].reset_index(drop=True)


def worked(pace: Array) -> tuple[Array, Array]:
    """Return the questions answered and the minutes spent (students × sections), in the order of the paper."""
    left = np.full(len(pace), MINUTES)
    answered, minutes = np.zeros(pace.shape), np.zeros(pace.shape)
    for place in range(len(SECTIONS)):
        done = np.minimum(np.floor(left / pace[:, place]), QUESTIONS[place])
        answered[:, place], minutes[:, place] = done, done * pace[:, place]
        left -= minutes[:, place]
    return answered, minutes


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"mock_sittings": make(seed)}


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return the class of a student's own, 80 of them."""
    return {"mock_sittings": make(seed, 80)}


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))
