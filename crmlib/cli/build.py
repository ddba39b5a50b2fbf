"""``crm build`` and ``crm text``: the notebooks from their sources, the interface text in Chinese."""

from typing import TYPE_CHECKING, Annotated

import typer

from crmlib.cli.common import Lang, app, speak
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.support.files import atomic_write

if TYPE_CHECKING:
    from crmlib.notebooks.build import Building


@app.command()
def build(
    names: Annotated[list[str] | None, typer.Argument(help="notebooks to build, such as 02_tiers; all if none")] = None,
    check: Annotated[bool, typer.Option("--check", help="build nothing; say what is stale or untranslated")] = False,
    agreed: Annotated[
        bool, typer.Option("--agreed", help="zh and en of these notebooks have been compared and say the same")
    ] = False,
    lang: Lang = "",
) -> None:
    """Build the notebooks from their sources, the sample papers and docs/syllabus.md, or check that they are built."""
    from crmlib.exams import samples
    from crmlib.notebooks import build as builder
    from crmlib.notebooks import fork_server, pairs, syllabus

    speak(lang)
    known = {source.stem: source for source in builder.sources()}
    if unknown := [name for name in names or [] if name not in known]:
        raise UserError(_("There is no notebook “{name}”.").format(name=name) for name in unknown)
    jobs = [builder.Building(known[name], spoken) for name in names or known for spoken in i18n.LANGUAGES]
    if check:
        _check(jobs, [] if names else samples.problems())
    else:
        fork_server.install()  # the kernels' process warms up while the notebooks are assembled
        for job in builder.build(jobs):
            typer.echo(job.name)
        for name in names or known:
            pairs.note(known[name], agreed)
        syllabus.write()
        if not names:
            for said in samples.write()[1]:
                typer.echo(said, err=True)
    if not names:
        atomic_write(builder.CHECKED, builder.mark())


def _check(jobs: "list[Building]", more: list[str]) -> None:
    """Raise a sentence for each thing that is stale or untranslated; what was found right before is not run again."""
    from crmlib.notebooks import build as builder
    from crmlib.notebooks import catalogue, pairs, syllabus

    problems = [
        *catalogue.problems(),
        *syllabus.stale(),
        *more,
        *(said for job in jobs for said in builder.check(job.source, job.lang)),
    ]
    problems += [said for source in dict.fromkeys(job.source for job in jobs) for said in pairs.problems(source)]
    if not problems and not (builder.CHECKED.exists() and builder.CHECKED.read_text("utf-8") == builder.mark()):
        problems += builder.stale(jobs)
    if problems:
        raise UserError(dict.fromkeys(problems))


@app.command()
def text(
    check: Annotated[bool, typer.Option("--check", help="change nothing; say what is missing")] = False, lang: Lang = ""
) -> None:
    """Update and compile the Chinese translation of the interface."""
    from crmlib.notebooks import catalogue

    speak(lang)
    if check and (problems := list(catalogue.problems())):
        raise UserError(problems)
    if not check:
        for message in catalogue.update():
            typer.echo(_("Not translated: “{message}”.").format(message=message))
