"""``crm case``: a case of one's own."""

from typing import Annotated

import typer

from crmlib.cli.common import Lang, app, speak
from crmlib.core.i18n import _

case = typer.Typer(help="For instructors: a case of your own.", rich_markup_mode=None)
app.add_typer(case, name="case")


@case.callback()
def _group() -> None:
    """Keep “new” a command of its own."""


@case.command()
def new(
    name: Annotated[str, typer.Argument(help="name of the case in files and commands, such as my_bank")],
    model: Annotated[str, typer.Option("--from", help="the case to copy; “crm cases” lists them")],
    lang: Lang = "",
) -> None:
    """Copy a case, with its notebook, under a name of your own; then change its text, scenarios and questions."""
    from crmlib.authoring import copy_case, folders

    speak(lang)
    for path in copy_case.copy(name, model):
        typer.echo(folders.shown(path))
    said = _("Change the texts in the folder; then “crm build case_{name}” and “crm rerun {name}”.")
    typer.echo(said.format(name=name), err=True)
