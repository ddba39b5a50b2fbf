"""Tables of what the chapter on relationships teaches in words, in the language now spoken."""

import pandas as pd

from crmlib.chapters.relationships.models.ideas import Ideas
from crmlib.core.i18n import _


def table(ideas: Ideas) -> pd.DataFrame:
    """Return a table of knowledge."""
    return pd.DataFrame([[_(c) for c in row] for row in ideas.rows], columns=[_(c) for c in ideas.columns])
