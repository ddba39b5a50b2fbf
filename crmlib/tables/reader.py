"""A user's file as a sheet, whatever kind of file it is: seen in what it holds, not in its name."""

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.tables.excel import is_workbook, read_workbook
from crmlib.tables.header import Recognise
from crmlib.tables.reading import Reading
from crmlib.tables.sheet import Sheet, read_text


def read_sheet(data: bytes, file: str, recognise: Recognise, reading: Reading) -> Sheet:
    """Read a file; a CSV's separator and a workbook's sheet are those whose header is recognised best.

    Args:
        data: what the file holds.
        file: its name, for sentences about it.
        recognise: tells how well a header fits.
        reading: how the user says that it is to be read.

    Raises:
        DataError: it is no table, too large, or has no rows.
    """
    read = read_workbook if is_workbook(data) else read_text
    sheet = read(data, file, recognise, reading)
    if not sheet.faults and sheet.cells.empty:
        raise DataError(_("“{file}” has no rows below its header.").format(file=file))
    return sheet
