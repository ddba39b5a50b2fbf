"""``crm data``: the data sets, an empty file for one, and checking a file of one's own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from crmlib.cli.common import (
    Day,
    DropTotals,
    EmptySigns,
    FillDown,
    HeaderRow,
    Lang,
    Map,
    OnlyOwn,
    SheetName,
    Sheets,
    TrimIds,
    Unit,
    app,
    reading_words,
    speak,
)
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _, ngettext, pick
from crmlib.support.files import written
from crmlib.tables import saved
from crmlib.tables.data import Table, TableError, csv_text, dictionary, read
from crmlib.tables.dictionary import dictionaries
from crmlib.tables.reading import told

group = typer.Typer(help="Work with your own data: list required columns, create a template, check a file.")
app.add_typer(group, name="data")


@group.command("list")
def list_(lang: Lang = "") -> None:
    """List the data sets and their columns."""
    speak(lang)
    for name in dictionaries():
        typer.echo(f"{name}: {pick(dictionary(name).title)}")
        typer.echo("  " + ", ".join(dictionary(name).columns))


@group.command()
def template(
    name: Annotated[str, typer.Argument(help="name of a data set; “crm data list” lists them")],
    out: Annotated[Path | None, typer.Option(help="file to write; by default NAME.xlsx here", readable=False)] = None,
    lang: Annotated[str, typer.Option(help="zh or en, of the explanations; both if none")] = "",
) -> None:
    """Write an empty workbook for a data set, with what each column means and may hold."""
    from crmlib.tables.template import template as empty

    spoken = speak(lang)
    dictionary(name)
    if out and out.suffix.lower() != ".xlsx":
        raise UserError(_("{file}: the name must end in .xlsx, for it is an Excel workbook.").format(file=out))
    content = empty(name, (spoken,) if lang else i18n.LANGUAGES)
    typer.echo(written(out or Path(f"{name}.xlsx"), content))


@group.command()
def check(
    file: Annotated[Path, typer.Argument(help="your CSV, Excel or OpenDocument file", readable=False)],
    as_: Annotated[str, typer.Option("--as", help="data set to check the file against")],
    map_: Map = None,
    unit: Unit = None,
    header_row: HeaderRow = "",
    sheet: SheetName = "",
    sheets: Sheets = "",
    drop_totals: DropTotals = False,
    trim_ids: TrimIds = False,
    only_own: OnlyOwn = False,
    fill_down: FillDown = False,
    empty_signs: EmptySigns = False,
    day: Day = "",
    save: Annotated[
        Path | None, typer.Option(help="file for the whole list of problems, as CSV", readable=False)
    ] = None,
    save_map: Annotated[
        Path | None,
        typer.Option(
            "--save-map", help="YAML file for how the file was read, to be given to --map again", readable=False
        ),
    ] = None,
    lang: Lang = "",
) -> None:
    """Check a file of your own against a data set; list every problem in it."""
    from crmlib.reruns.trial import trial

    speak(lang)
    dictionary(as_)
    reading = told(
        reading_words(
            map_,
            unit,
            header_row=header_row,
            sheet=sheet,
            sheets=sheets,
            drop_totals=drop_totals,
            trim_ids=trim_ids,
            only_own=only_own,
            fill_down=fill_down,
            empty_signs=empty_signs,
            day=day,
        ),
        [as_],
    )[as_]
    try:
        table = read(file, as_, reading)
    except TableError as refusal:
        raise UserError([*str(refusal).splitlines(), *_counted(refusal), *_saved(refusal, save)]) from None
    found = trial(as_, table, reading)
    if found.refused and len(found.refused) == len(found.tried):
        raise UserError(why for whys in found.refused.values() for why in whys)
    if save_map:
        typer.echo(saved.save(save_map, reading, table))
    for line in summary(table, file.name, as_, found.notes):
        typer.echo(line)
    for why in (why for whys in found.refused.values() for why in whys):
        typer.echo(why, err=True)


def summary(table: Table, file: str, name: str, notes: Sequence[str]) -> list[str]:
    """Return what is said of a file that fits: rows, columns, period, what is unlikely and how it was read."""
    frame = table.frame
    said = _("{file} fits “{dataset}” ({title}): {rows:,} rows, {columns} columns.")
    title = pick(dictionary(name).title)
    lines = [said.format(file=file, dataset=name, title=title, rows=len(frame), columns=frame.shape[1])]
    for column in frame.select_dtypes("datetime"):
        first, last = (f"{day:%Y-%m-%d}" for day in (frame[column].min(), frame[column].max()))
        lines.append(_("{column}: {first} to {last}.").format(column=column, first=first, last=last))
    return [*lines, *notes]


def _counted(refusal: TableError) -> list[str]:
    n = len(refusal.found)
    said = ngettext("{n:,} problem in all:", "{n:,} problems in all:", n).format(n=n)
    return [said, *(f"  {times:>9,} × {kind}" for kind, times in refusal.counts())]


def _saved(refusal: TableError, path: Path | None) -> list[str]:
    if path is None:
        return [_("With --save FILE.csv the whole list is saved.")]
    return [_("The whole list is in {file}.").format(file=written(path, csv_text(refusal.table())))]
