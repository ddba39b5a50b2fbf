"""A workbook of 20,000 rows and 20 columns read cell by cell, against openpyxl reading its values only."""

import io

import numpy as np
from measure import report, side_by_side
from openpyxl import Workbook, load_workbook

from crmlib.tables.reader import read_sheet

ROWS, COLUMNS = 20_000, 20


def large() -> bytes:
    """Return an .xlsx file of numbers under names."""
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append([f"c{n}" for n in range(COLUMNS)])
    for row in np.random.default_rng(1).uniform(0, 1e6, (ROWS, COLUMNS)).round(2).tolist():
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def main() -> None:
    """Measure and print."""
    data = large()

    def theirs() -> object:
        return list(load_workbook(io.BytesIO(data), read_only=True, data_only=True).active.iter_rows(values_only=True))

    ours, other = side_by_side(lambda: read_sheet(data, "large.xlsx", len), theirs, 3)
    report("20,000 × 20 cells of an .xlsx file as a sheet of text, against openpyxl's values", ours, other, "ms", 1)


if __name__ == "__main__":
    main()
