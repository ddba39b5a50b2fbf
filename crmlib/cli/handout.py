"""``crm class`` and ``crm assignment``: work to hand out, with a key that only the instructor has."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from crmlib.cli.common import DropTotals, HeaderRow, Lang, Map, SheetName, Sheets, app, languages, reading_words, speak
from crmlib.core import i18n
from crmlib.core.i18n import _


@app.command("class")
def class_(
    case: Annotated[str, typer.Argument(help="name of a case, or of a topic that has one; “crm cases” lists them")],
    roster: Annotated[
        Path, typer.Option(help="class list: a table with the columns id and name, in either language", readable=False)
    ],
    out: Annotated[Path, typer.Option(help="folder of the class", readable=False)],
    seed: Annotated[
        str,
        typer.Option(
            help="secret seed needed to make the same class again; use a long value and do not share it; "
            "random if omitted"
        ),
    ] = "",
    map_: Map = None,
    header_row: HeaderRow = "",
    sheet: SheetName = "",
    sheets: Sheets = "",
    drop_totals: DropTotals = False,
    lang: Annotated[str, typer.Option(help="language of the sheets: zh, en or both")] = "",
) -> None:
    """Create an individual data set and worksheet for each student of a class, and an answer key for the instructor."""
    from crmlib.classes import class_list, handout

    langs = languages(lang)
    students = class_list.read(
        roster,
        reading_words(
            map_,
            header_row=header_row,
            sheet=sheet,
            sheets=sheets,
            drop_totals=drop_totals,
        ),
    )
    for note in students.notes:
        typer.echo(note, err=True)
    agreed = handout.plan_class(case, students.students, out, langs, seed)
    for path in handout.make(agreed, progress=sys.stderr.isatty()):
        typer.echo(path)
    said = i18n.ngettext(
        "{n} student has a folder of their own.", "{n} students have a folder each.", len(agreed.students)
    )
    typer.echo(said.format(n=len(agreed.students)))


@app.command()
def assignment(
    chapter: Annotated[str, typer.Argument(help="topic of a chapter with exercises, such as tiers")],
    out: Annotated[Path, typer.Option(help="course folder; it may hold other assignments", readable=False)],
    lang: Lang = "",
    seed: Annotated[
        str, typer.Option(help="random seed for the exercise numbers (keep it secret); random if omitted")
    ] = "",
) -> None:
    """Make a chapter's exercises an assignment that nbgrader grades."""
    from crmlib.classes import assignment as assignments

    agreed = assignments.plan_assignment(chapter, out, speak(lang), seed)
    for path in assignments.make(agreed):
        typer.echo(path)
    typer.echo(_("Hand out the folder {folder}; it has no keys.").format(folder=out / "release" / agreed.topic))
    said = _("Put what comes back at {place}; then, in {folder}: {commands}. See docs/handouts.md.")
    place = out / "submitted" / _("NUMBER") / agreed.topic / f"{agreed.topic}.ipynb"
    steps = (
        f"nbgrader {step}" for step in (f"autograde {agreed.topic}", f"generate_feedback {agreed.topic}", "export")
    )
    typer.echo(said.format(place=place, folder=out, commands=_(", ").join(steps)))
