"""``crm build`` and ``crm text``: the notebooks from their sources, the interface text in Chinese."""

from typing import Annotated

import typer

from crmlib import i18n
from crmlib.cli.common import Lang, app, speak
from crmlib.errors import UserError
from crmlib.i18n import _


@app.command()
def build(
    names: Annotated[list[str] | None, typer.Argument(help="notebooks to build, such as 02_tiers; all if none")] = None,
    check: Annotated[bool, typer.Option("--check", help="build nothing; say what is stale or untranslated")] = False,
    lang: Lang = "",
) -> None:
    """Build the notebooks from their sources, or check that they are built."""
    from crmlib.runs import build as builder
    from crmlib.runs import warm

    speak(lang)
    known = {source.stem: source for source in builder.sources()}
    if unknown := [name for name in names or [] if name not in known]:
        raise UserError(_("There is no notebook “{name}”.").format(name=name) for name in unknown)
    jobs = [(known[name], spoken) for name in names or known for spoken in i18n.LANGUAGES]
    if check:
        if problems := [problem for source, spoken in jobs for problem in builder.check(source, spoken)]:
            raise UserError(dict.fromkeys(problems))
        return
    warm.install()
    for source, spoken in jobs:
        builder.build(source, spoken)
        typer.echo(f"{spoken}/{source.stem}.ipynb")


@app.command()
def text(
    check: Annotated[bool, typer.Option("--check", help="change nothing; say what is missing")] = False, lang: Lang = ""
) -> None:
    """Bring the Chinese interface text up to the code and compile it."""
    from crmlib.runs import text as catalogue

    speak(lang)
    if problems := list(catalogue.problems()) if check else catalogue.update():
        raise UserError(problems)
