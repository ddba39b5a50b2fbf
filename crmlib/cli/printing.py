"""``crm print``: what a student prints before the exam."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.cli.common import app, formats, languages

print_ = typer.Typer(help="Print a short summary of the chapters.", rich_markup_mode=None)
app.add_typer(print_, name="print")


@print_.callback()
def _group() -> None:
    """Keep ``summary`` a command of its own although it is the only one yet."""


@print_.command()
def summary(
    topics: Annotated[list[str] | None, typer.Argument(help="chapters, such as tiers; all of them if none")] = None,
    to: Annotated[str, typer.Option(help="pdf, html, or both separated by a comma")] = "pdf",
    lang: Annotated[str, typer.Option(help="language of the pages: zh, en or both")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="overwrite files that are there already")] = False,
    out: Annotated[Path, typer.Option(help="folder to write to", readable=False)] = Path("out/summary"),
) -> None:
    """Make a page or two a chapter to print before the exam: key terms, formulas, and what is easily mixed up."""
    from crmlib.exams import summary as pages

    langs = languages(lang)
    wanted = formats(to, list(pages.FORMATS))
    for path in pages.write(topics or [], wanted, langs, out, replace):
        typer.echo(path)
