"""``crm chapter``: what a chapter still lacks, and the skeleton of a new one."""

from typing import Annotated

import typer

from crmlib.cli.common import Lang, app, speak
from crmlib.core.i18n import _, ngettext

chapter = typer.Typer(help="For authors: begin a chapter, and see what one still lacks.", rich_markup_mode=None)
app.add_typer(chapter, name="chapter")


@chapter.command()
def check(
    topic: Annotated[str | None, typer.Argument(help="a chapter, such as tiers; all of them if none")] = None,
    lang: Lang = "",
) -> None:
    """Say in one list everything that a chapter still lacks, and what to do; ends with code 1 if there is anything."""
    from crmlib.authoring import folders

    speak(lang)
    lacking = [said for name in folders.topics() for said in folders.broken(name)]
    if not lacking:
        from crmlib.authoring import check
        from crmlib.chapters import chapters

        topics = [check.chapter(topic).topic] if topic else list(chapters())
        lacking = [*(said for name in topics for said in check.lacks(name)), *check.of_all()]
    for said in dict.fromkeys(lacking):
        typer.echo(said)
    if lacking:
        said = ngettext("{n} thing is still lacking.", "{n} things are still lacking.", len(lacking))
        typer.echo(said.format(n=len(lacking)), err=True)
        raise typer.Exit(1)
    typer.echo(_("Nothing is lacking: {topics}.").format(topics=_(", ").join(topics)))


@chapter.command()
def new(
    topic: Annotated[str, typer.Argument(help="name of the chapter in files and commands, such as loyalty")],
    number: Annotated[int | None, typer.Option(help="number of the chapter; by default the one after the last")] = None,
    lang: Lang = "",
) -> None:
    """Write the skeleton of a new chapter: all files that it has, with sentences for what is still to be written."""
    from crmlib.authoring import begin, folders

    speak(lang)
    number = begin.free_number() if number is None else number
    for path in begin.begin(topic, number):
        typer.echo(folders.shown(path))
    said = _("Next: “crm build”, then “crm chapter check {topic}”, which lists what is to be written.")
    typer.echo(said.format(topic=topic), err=True)
