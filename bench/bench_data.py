"""A loan book of a million rows: graded, against reading one of its columns from Parquet and sorting it; read from CSV.

Parquet is read by pandas through fastparquet; pyarrow is not installed on purpose.
"""

import tempfile
from pathlib import Path

import fastparquet
import numpy as np
import pandas as pd
from measure import report, side_by_side

from crmlib.chapters.tiers.models import tiers
from crmlib.tables.data import load, read
from crmlib.tables.dictionary import dictionary

ROWS = 1_000_000
SPREAD = ("sales", "total_assets", "exposure", "deposits", "income")
"""Columns whose figures are drawn apart, so that the copies of the packaged book are not all alike."""


def million() -> pd.DataFrame:
    """Return the packaged loan book many times over, other firms with other figures each time."""
    book, rng = load("bank_loans"), np.random.default_rng(1)
    copies = [book.assign(firm_id=book["firm_id"] + f"-{n:03d}") for n in range(-(-ROWS // len(book)))]
    large = pd.concat(copies, ignore_index=True).head(ROWS)
    factors = rng.uniform(0.5, 1.5, (ROWS, len(SPREAD)))
    spread = large.assign(**{name: (large[name] * factors[:, n]).round(2) for n, name in enumerate(SPREAD)})
    return spread.sort_values(["firm_id", "as_of"], ignore_index=True)  # as the packaged book is


def main() -> None:
    """Measure and print."""
    loans = million()
    with tempfile.TemporaryDirectory() as folder:
        parquet, csv = str(Path(folder) / "loans.parquet"), Path(folder) / "loans.csv"
        fastparquet.write(parquet, loans)
        loans = dictionary("bank_loans").typed(fastparquet.ParquetFile(parquet).to_pandas())  # as fresh from a file

        def grade() -> object:
            return tiers.grade(tiers.prepare(loans), tiers.TierPolicy())

        def sort(column: str) -> object:
            return fastparquet.ParquetFile(parquet).to_pandas(columns=[column]).sort_values(column)

        for column in ("exposure", "firm_id"):
            ours, theirs = side_by_side(grade, lambda column=column: sort(column), 5)  # type: ignore[misc]
            what = f"a million loans prepared and graded, against “{column}” read from Parquet and sorted"
            report(what, ours, theirs, "ms", 3)
        loans.to_csv(csv, index=False)
        ours, theirs = side_by_side(lambda: read(csv, "bank_loans"), lambda: pd.read_csv(csv), 1)
        report("a million loans read from CSV and checked, against pandas.read_csv unchecked", ours, theirs, "ms", 30)


if __name__ == "__main__":
    main()
