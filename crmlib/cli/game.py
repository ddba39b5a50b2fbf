"""``crm game``: a class at the game, quarter by quarter."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.cli.common import DropTotals, FillDown, HeaderRow, Map, SheetName, Sheets, app, languages, reading_words
from crmlib.core.errors import UserError
from crmlib.core.i18n import _


@app.command()
def game(
    case: Annotated[str, typer.Argument(help="name of a game, such as company")],
    teams: Annotated[
        Path,
        typer.Option(
            help="class list with the columns id, name and group; a group is a team; --map is for it too",
            readable=False,
        ),
    ],
    out: Annotated[Path, typer.Option(help="folder of the game; a game begun there goes on", readable=False)],
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="table with a row a team and quarter, read as --map and the options after it say; without it the "
            "game is set up",
            readable=False,
        ),
    ] = None,
    through: Annotated[
        int,
        typer.Option(min=0, max=8, help="last quarter to play; by default the last in the table"),
    ] = 0,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="random seed of the market; that of the game if omitted")
    ] = None,
    map_: Map = None,
    header_row: HeaderRow = "",
    sheet: SheetName = "",
    sheets: Sheets = "",
    drop_totals: DropTotals = False,
    fill_down: FillDown = False,
    lang: Annotated[str, typer.Option(help="language of the pages: zh, en or both")] = "",
) -> None:
    """Play the game with a class: a page for each team and a ranking from the decisions that were handed in."""
    from crmlib.classes import class_list
    from crmlib.game import contest
    from crmlib.game import teams as handing_in

    langs = languages(lang)
    words = reading_words(
        map_,
        header_row=header_row,
        sheet=sheet,
        sheets=sheets,
        drop_totals=drop_totals,
        fill_down=fill_down,
    )
    ways = [word for word in words if word.startswith("--")]
    if ways and not decisions:
        said = _("“{option}” is about the table of decisions; name it with --decisions.")
        raise UserError(said.format(option=ways[0].partition("=")[0]))
    mapped = [word for word in words if word not in ways]
    students = class_list.read(teams, mapped, beside=[handing_in.FORM])
    agreed = contest.plan_game(case, students.students, out, langs, seed)
    handed = handing_in.read(decisions, agreed.teams, words) if decisions else handing_in.Handed({})
    outcome = contest.play(agreed, handed, through)
    for note in (*students.notes, *handed.notes, *contest.said(outcome)):
        typer.echo(note, err=True)
    for path in contest.make(agreed, outcome):
        typer.echo(path)
    typer.echo(_("Quarters played: {n}.").format(n=outcome.quarter))
