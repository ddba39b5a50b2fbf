"""An empty workbook for a data set: its header, what each column means, and what a cell may hold.

The same bytes each time for the same dictionary and language.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from wcwidth import wcswidth as width

from crmlib.core.i18n import LANGUAGES, _, language, pick
from crmlib.support.files import undated
from crmlib.tables.data import neutralise
from crmlib.tables.dictionary import KINDS, Column, describe, dictionary, heading

FORMATS = {"text": "@", "date": "yyyy-mm-dd", "number": "General", "integer": "0", "category": "@", "flag": "0"}
LONGEST_LIST = 255
"""How many characters of choices Excel takes in a rule itself."""
LAST_ROW = 1_048_576


def template(name: str, langs: Sequence[str] = LANGUAGES) -> bytes:
    """Return an empty .xlsx file for data set ``name``; reading it back, filled in, gives the table.

    In Chinese its columns are called by their meanings, with their units.

    Args:
        name: the data set.
        langs: languages in which the notes on the columns give their meaning; all else is in the one spoken.

    Raises:
        DataError: there is no such data set.
    """
    from openpyxl import Workbook

    book = Workbook()
    _data_sheet(book.active, name, langs)
    _dictionary_sheet(book.create_sheet(_("dictionary")), name)
    out = BytesIO()
    book.save(out)
    return undated(out.getvalue())


def _data_sheet(sheet: Any, name: str, langs: Sequence[str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.title, sheet.freeze_panes = name[:31], "A2"
    for place, (column, spec) in enumerate(dictionary(name).columns.items(), 1):
        head = heading(name, column) if language() == "zh" else column
        cell, letter = sheet.cell(1, place, neutralise(head)), get_column_letter(place)
        cell.font = Font(bold=spec.required)
        cell.comment = Comment(_note(column, spec, langs), "crm", height=160, width=320)
        sheet.column_dimensions[letter].width = max(width(head) + 2, 12)
        sheet.column_dimensions[letter].number_format = FORMATS[spec.type]
        if rule := _rule(spec):
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(rule)


def _note(column: str, spec: Column, langs: Sequence[str]) -> str:
    """Return what is said about a column: its meaning in each language, then what a cell may hold."""
    units = [f" ({spec.unit[lang]})" if spec.unit else "" for lang in langs]
    lines = [column, *(spec.meaning[lang] + unit for lang, unit in zip(langs, units, strict=True)), _(KINDS[spec.type])]
    lines += [f"{code} = {' / '.join(names[lang] for lang in langs)}" for code, names in spec.categories.items()]
    lines += [
        f"{sign} {spec.bounds[rule]:g}" for rule, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤")) if rule in spec.bounds
    ]
    lines.append(_("A cell may be empty.") if spec.nullable else _("No cell may be empty."))
    return "\n".join(lines + ([] if spec.required else [_("The column may be left out.")]))


def _rule(spec: Column) -> Any:
    """Return the rule by which a spreadsheet checks a cell as it is typed, None where there is nothing to check."""
    from openpyxl.worksheet.datavalidation import DataValidation

    error = _("The note on the column says what it may hold.")
    said: dict[str, Any] = {"allow_blank": spec.nullable, "showErrorMessage": True, "error": error}
    codes = ",".join(["0", "1"] if spec.type == "flag" else spec.categories)
    if codes:
        return DataValidation(type="list", formula1=f'"{codes}"', **said) if len(codes) <= LONGEST_LIST else None
    if not spec.bounds:
        return None
    kind: Any = "whole" if spec.type == "integer" else "decimal"
    operators: dict[str, Any] = {"ge": "greaterThanOrEqual", "gt": "greaterThan", "le": "lessThanOrEqual"}
    first, *second = (f"{bound:g}" for bound in spec.bounds.values())
    if second:
        return DataValidation(type=kind, operator="between", formula1=first, formula2=second[0], **said)
    return DataValidation(type=kind, operator=operators[next(iter(spec.bounds))], formula1=first, **said)


def _dictionary_sheet(sheet: Any, name: str) -> None:
    """Write the dictionary as a table: title and source below it, so that the header stays in row 1."""
    from openpyxl.styles import Alignment, Font

    table = describe(name).reset_index()
    for place, title in enumerate(table.columns, 1):
        sheet.cell(1, place, neutralise(title)).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = 40 if title == _("Values") else 24
    for row, cells in enumerate(table.itertuples(index=False), 2):
        for place, text in enumerate(cells, 1):
            sheet.cell(row, place, neutralise(str(text))).alignment = Alignment(wrap_text=True, vertical="top")
    book = dictionary(name)
    sheet.append([])
    sheet.append([neutralise(pick(book.title))])
    sheet.append([neutralise(pick(book.source))])
