"""What all commands share: the application they register with, and the language they speak."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Run cases again, sweep their inputs, check data, make classes, papers and the notebooks.",
)
OwnData = Annotated[
    list[str] | None,
    typer.Option(
        "--data", help="your own CSV, Excel or OpenDocument file; name=FILE for a case with several; may be repeated"
    ),
]
OwnColumns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="auto, or REQUIRED=YOURS if a column has another name in your file; "
        "NAME.REQUIRED=YOURS with several files; may be repeated",
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="wanted=theirs where a column is named otherwise, auto, or a file that --save-map wrote; may be repeated",
    ),
]
Unit = Annotated[
    list[str] | None,
    typer.Option("--unit", help="column=unit in your file where it is another, such as sales=yuan; may be repeated"),
]
TrimIds = Annotated[
    bool, typer.Option("--trim-ids", help="read ids without blanks around them and unseen signs, in capitals")
]
HeaderRow = Annotated[
    str, typer.Option("--header-row", help="row of the column names, such as 3; 2-3 reads two rows as one")
]
SheetName = Annotated[str, typer.Option("--sheet", help="name of the sheet of a workbook that is to be read")]
Sheets = Annotated[str, typer.Option("--sheets", help="all: every sheet that fits is read, one below the other")]
DropTotals = Annotated[bool, typer.Option("--drop-totals", help="leave out rows that look like totals or notes")]
FillDown = Annotated[
    bool,
    typer.Option("--fill-down", help="read cells merged downwards, and ids missing below others, with the value above"),
]
EmptySigns = Annotated[
    bool, typer.Option("--empty-signs", help="read signs for nothing, such as — / N/A, as empty cells")
]
Day = Annotated[
    str, typer.Option("--day", help="first or last: the day that a month or a year in a column of dates stands for")
]
OnlyOwn = Annotated[bool, typer.Option("--only-own", help="do without a packaged table that goes with your own")]
Lang = Annotated[str, typer.Option(help="zh or en; by default the language of the system")]


def reading_words(
    maps: Sequence[str] | None,
    unit: Sequence[str] | None = None,
    *,
    header_row: str = "",
    sheet: str = "",
    sheets: str = "",
    drop_totals: bool = False,
    trim_ids: bool = False,
    only_own: bool = False,
    fill_down: bool = False,
    empty_signs: bool = False,
    day: str = "",
) -> list[str]:
    """Return options on how own files are read as the words of :mod:`crmlib.tables.reading`.

    Args:
        maps: what ``--map`` was given.
        unit, header_row, sheet, sheets, drop_totals, trim_ids, only_own, fill_down, empty_signs, day: what the options
            of these names were given.
    """
    from crmlib.tables.saved import words

    switches = {"--trim-ids": trim_ids, "--only-own": only_own, "--drop-totals": drop_totals}
    switches |= {"--fill-down": fill_down, "--empty-signs": empty_signs}
    values = {"--header-row": header_row, "--sheet": sheet, "--sheets": sheets, "--day": day}
    mapped = [
        word
        for one in maps or []
        for word in (words(Path(one)) if one.endswith((".yaml", ".yml")) and "=" not in one else [one])
    ]
    return [
        *mapped,
        *(f"--unit={one}" for one in unit or []),
        *(name for name, on in switches.items() if on),
        *(f"{name}={value}" for name, value in values.items() if value),
    ]


def speak(lang: str) -> str:
    """Speak the language asked for, or the system's."""
    if lang and lang not in i18n.LANGUAGES:
        raise UserError(_("“{lang}” is not a language of the workbook: zh or en.").format(lang=lang))
    i18n.use(lang or i18n.language())
    return i18n.language()


def languages(lang: str) -> Sequence[str]:
    """Speak as :func:`speak` does, and return the languages to write in: both of them for ``both``."""
    spoken = speak("" if lang == "both" else lang)
    return i18n.LANGUAGES if lang == "both" else (spoken,)


def formats(asked: str, known: Sequence[str]) -> list[str]:
    """Return the formats named in a list with commas; one that is not known raises ``UserError``."""
    found = list(dict.fromkeys(name.strip() for name in asked.split(",") if name.strip()))
    for name in found or [asked]:
        if name not in known:
            said = _("“{fmt}” is not a format: choose from {formats}.")
            raise UserError(said.format(fmt=name, formats=_(", ").join(known)))
    return found
