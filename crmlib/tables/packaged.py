"""The packaged tables, typed by their dictionaries."""

from functools import cache

import pandas as pd

from crmlib.core.paths import DATA
from crmlib.tables.dictionary import dictionary


def load(name: str) -> pd.DataFrame:
    """Return the packaged data set ``name``, typed by its dictionary; the caller may change it freely.

    Numbers are ``float64``, whole numbers ``int64``, flags ``bool``, dates ``datetime64``, text and category codes
    ``str``. Nothing is checked here: a test holds every packaged file against its dictionary.

    Raises:
        DataError: there is no such data set.
    """
    return _packaged(name).copy()


def usual(name: str) -> pd.DataFrame:
    """Return the packaged table as the measure of what is usual; an empty one for a data set that has none."""
    return _packaged(name) if (DATA / f"{name}.csv").exists() else pd.DataFrame()


@cache
def _packaged(name: str) -> pd.DataFrame:
    book = dictionary(name)
    kinds = {column: "str" if spec.type == "date" else spec.loose_dtype for column, spec in book.columns.items()}
    file = DATA / f"{name}.csv"
    return book.typed(pd.read_csv(file, dtype=kinds, keep_default_na=False, na_values=[""]))
