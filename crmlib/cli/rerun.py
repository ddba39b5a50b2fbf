"""``crm cases`` and ``crm rerun``: what cases there are, and running them again."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from crmlib import casebook
from crmlib.cli.common import Lang, app, speak
from crmlib.errors import UserError
from crmlib.i18n import _


@app.command()
def cases(lang: Lang = "") -> None:
    """List the cases and their scenarios."""
    speak(lang)
    for name in casebook.cases():
        case = casebook.case(name)
        typer.echo(f"{name}: {case.label()}")
        for scenario in case.scenarios.values():
            typer.echo(f"  {scenario.name}: {scenario.label()}")


@app.command()
def rerun(
    case: Annotated[str, typer.Argument(help="name of a case; “crm cases” lists them")],
    scenario: Annotated[str, typer.Option(help="name of one of its scenarios")] = "base",
    set_: Annotated[list[str] | None, typer.Option("--set", help="name=value of an input; may be repeated")] = None,
    data: Annotated[
        list[str] | None, typer.Option(help="your own CSV file; name=FILE for a case with several; may be repeated")
    ] = None,
    lang: Lang = "",
    out: Annotated[Path, typer.Option(help="folder to write to")] = Path("out"),
    to: Annotated[str, typer.Option(help="ipynb, html, csv, separated by commas")] = "ipynb,html",
) -> None:
    """Rerun a case with other inputs or other data."""
    from crmlib.runs import rerun as runs

    spoken = speak(lang)
    formats = [fmt.strip() for fmt in to.split(",") if fmt.strip()]
    for fmt in formats:
        if fmt not in runs.FORMATS:
            raise UserError(
                _("“{fmt}” is not a format: choose from {formats}.").format(fmt=fmt, formats=", ".join(runs.FORMATS))
            )
    agreed = runs.plan(case, spoken, scenario, set_ or [], data or [])
    for note in agreed.notes:
        typer.echo(note, err=True)
    for path in runs.run(agreed, out, formats, progress=sys.stderr.isatty()):
        typer.echo(path)
