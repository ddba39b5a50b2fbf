"""Tables of what the chapter on relationships teaches in words, in the language now spoken."""

from typing import Any

import pandas as pd

from crmlib.charts.theme import words
from crmlib.i18n import _
from crmlib.models.marketing_ideas import Ideas


def table(ideas: Ideas) -> Any:
    """Return a table of knowledge, as Markdown."""
    return words(pd.DataFrame([[_(c) for c in row] for row in ideas.rows], columns=[_(c) for c in ideas.columns]))
