"""A user's file as a sheet, whatever kind of file it is: seen in what it holds, not in its name."""

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.tables.excel import is_workbook, read_workbook
from crmlib.tables.sheet import Recognise, Sheet, read_text


def read_sheet(data: bytes, file: str, recognise: Recognise) -> Sheet:
    """Read a file; a CSV's separator and a workbook's sheet are those whose header is recognised best.

    Args:
        data: what the file holds.
        file: its name, for sentences about it.
        recognise: tells how well a header fits.

    Raises:
        DataError: it is no table, too large, or has no rows.
    """
    sheet = read_workbook(data, file, recognise) if is_workbook(data) else read_text(data, file, recognise)
    if not sheet.faults and sheet.cells.empty:
        raise DataError(_("“{file}” has no rows below its header.").format(file=file))
    return sheet
