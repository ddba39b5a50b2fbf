"""``crm data``: the data sets, an empty file for one, and checking a file of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.cli.common import Lang, Map, app, speak
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _, ngettext, pick
from crmlib.support.files import written
from crmlib.tables.columns import parse
from crmlib.tables.data import Table, TableError, csv_text, dictionary, read
from crmlib.tables.dictionary import dictionaries

group = typer.Typer(help="Data of your own: what is wanted, an empty file, a check.")
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
    out: Annotated[Path | None, typer.Option(help="file to write; by default NAME.xlsx here")] = None,
    lang: Annotated[str, typer.Option(help="zh or en, of the explanations; both if none")] = "",
) -> None:
    """Write an empty workbook for a data set, with what each column means and may hold."""
    from crmlib.tables.template import template as empty

    spoken = speak(lang)
    if out and out.suffix.lower() != ".xlsx":
        raise UserError(_("{file}: the name must end in .xlsx, for it is an Excel workbook.").format(file=out))
    content = empty(name, (spoken,) if lang else i18n.LANGUAGES)
    typer.echo(written(out or Path(f"{name}.xlsx"), content))


@group.command()
def check(
    file: Annotated[Path, typer.Argument(help="your CSV, Excel or OpenDocument file")],
    as_: Annotated[str, typer.Option("--as", help="name of the data set that it is to be")],
    map_: Map = None,
    save: Annotated[Path | None, typer.Option(help="file for the whole list of problems, as CSV")] = None,
    lang: Lang = "",
) -> None:
    """Check a file of your own against a data set; list every problem in it."""
    speak(lang)
    dictionary(as_)
    try:
        table = read(file, as_, parse(map_ or []))
    except TableError as refusal:
        raise UserError([*str(refusal).splitlines(), *_counted(refusal), *_saved(refusal, save)]) from None
    for line in summary(table, file.name, as_):
        typer.echo(line)


def summary(table: Table, file: str, name: str) -> list[str]:
    """Return what is said of a file that fits: rows, columns, period, and what was assumed while it was read."""
    frame = table.frame
    said = _("{file} fits “{dataset}” ({title}): {rows:,} rows, {columns} columns.")
    title = pick(dictionary(name).title)
    lines = [said.format(file=file, dataset=name, title=title, rows=len(frame), columns=frame.shape[1])]
    for column in frame.select_dtypes("datetime"):
        first, last = (f"{day:%Y-%m-%d}" for day in (frame[column].min(), frame[column].max()))
        lines.append(_("{column}: {first} to {last}.").format(column=column, first=first, last=last))
    return [*lines, *table.notes]


def _counted(refusal: TableError) -> list[str]:
    n = len(refusal.found)
    said = ngettext("{n:,} problem in all:", "{n:,} problems in all:", n).format(n=n)
    return [said, *(f"  {times:>9,} × {kind}" for kind, times in refusal.counts())]


def _saved(refusal: TableError, path: Path | None) -> list[str]:
    if path is None:
        return [_("With --save FILE.csv the whole list is saved.")]
    return [_("The whole list is in {file}.").format(file=written(path, csv_text(refusal.table())))]
