"""The explorers of the chapter: minutes of an exam, knowing and guessing."""

from typing import Any

import pandas as pd

from crmlib.chapters.exam.charts import guessing as guess_charts
from crmlib.chapters.exam.charts import minutes as charts
from crmlib.chapters.exam.models import guessing, minutes
from crmlib.chapters.exam.models.sittings import Sittings
from crmlib.explorer.base import Explorer
from crmlib.tables.data import load


def explore(
    sittings: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[minutes.MinutesPlan, Sittings, minutes.Marks]:
    """Return the explorer of the minutes of an exam, on the mock exam of the course or your own.

    Args:
        sittings: the columns of ``data/mock_sittings.yaml``; the packaged ones if not given. The case belongs to those.
        inputs: inputs to begin with, by name.
    """
    return Explorer(
        minutes.STUDY,
        [load("mock_sittings") if sittings is None else sittings],
        lambda answer, _view: [charts.points(answer), charts.marks(answer), charts.rates(answer)],
        case="mock_exam" if sittings is None else None,
        inputs=minutes.MinutesPlan(**inputs),
    )


def explore_guessing(
    sittings: pd.DataFrame | None = None, **inputs: Any
) -> Explorer[guessing.GuessRule, Sittings, guessing.Guessed]:
    """Return the explorer of knowing and guessing, on the choices of the mock exam or your own."""
    return Explorer(
        guessing.STUDY,
        [load("mock_sittings") if sittings is None else sittings],
        lambda answer, _view: [guess_charts.marks(answer), guess_charts.worth(answer), guess_charts.known(answer)],
        inputs=guessing.GuessRule(**inputs),
    )
