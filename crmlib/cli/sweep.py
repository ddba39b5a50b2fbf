"""``crm sweep``: a case's study over a grid of inputs, into a table and a page of charts."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmlib import casebook
from crmlib.cli.common import (
    Day,
    DropTotals,
    EmptySigns,
    FillDown,
    HeaderRow,
    Lang,
    OnlyOwn,
    OwnColumns,
    OwnData,
    SheetName,
    Sheets,
    TrimIds,
    Unit,
    app,
    reading_words,
    speak,
)
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.inputs import shorten

if TYPE_CHECKING:
    from crmlib.reruns.rerun import Rerun
    from crmlib.sweeps.grid import Grid
    from crmlib.sweeps.sweep import Engine

ENGINES = ("local", "dask")
MANY = 100_000
"""More scenarios than this are run only when it is asked for once more."""


@app.command()
def sweep(
    case: Annotated[str, typer.Argument(help="name of a case, or of a topic that has one; “crm cases” lists them")],
    out: Annotated[Path, typer.Option(help="FILE.csv or FILE.parquet; FILE.html is written beside it", readable=False)],
    grid: Annotated[
        list[str] | None, typer.Option(help="name=start:stop:step or name=a,b,c of an input; may be repeated")
    ] = None,
    random: Annotated[
        int | None, typer.Option(help="number of randomly sampled scenarios, instead of every combination")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="random seed for the sampled scenarios")] = 0,
    scenario: Annotated[str, typer.Option(help="name of the scenario the other inputs are taken from")] = "base",
    set_: Annotated[list[str] | None, typer.Option("--set", help="name=value of an input; may be repeated")] = None,
    data: OwnData = None,
    columns: OwnColumns = None,
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
    measure: Annotated[list[str] | None, typer.Option(help="headline figure to draw; may be repeated")] = None,
    engine: Annotated[str, typer.Option(help="local or dask")] = "local",
    address: Annotated[str, typer.Option(help="scheduler of a Dask cluster; without it, one on this machine")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="run even more than 100,000 scenarios")] = False,
    lang: Lang = "",
) -> None:
    """Recalculate a case for many combinations of inputs."""
    with _stoppable():
        from crmlib.reruns.rerun import plan_rerun
        from crmlib.sweeps.sweep_page import checked_place

        start = plan_rerun(
            case,
            speak(lang),
            scenario,
            files=data or [],
            columns=reading_words(
                columns,
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
        )
        agreed = _agreed(start, set_ or [], grid or [], random, seed)
        if (n := len(agreed.rows)) > MANY and not yes:
            raise UserError(
                _("These are {n:,} scenarios; add --yes to run them all, or take larger steps.").format(n=n)
            )
        shown, runner = _figures(agreed, measure or []), _engine(engine, address)
        place = checked_place(out)
        for note in start.notes:
            typer.echo(note, err=True)
        for path in _written(start, agreed, shown, runner, place):
            typer.echo(path)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Say in a line that Ctrl-C was heard, and end with the code that says so."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(_("Stopped; nothing was written."), err=True)
        raise typer.Exit(130) from None


def _agreed(start: "Rerun", changes: list[str], grid: list[str], random: int | None, seed: int) -> "Grid":
    """Return the sweep; what is set goes over the scenario's inputs, what is swept over both."""
    from crmlib.reruns.rerun import pairs
    from crmlib.sweeps import grid as grids

    given = casebook.case(start.case).scenario(start.scenario).inputs
    fixed, swept = dict(pairs(changes)), dict(pairs(grid))
    if both := [name for name in swept if name in fixed]:
        said = _("The input “{name}” is both set and swept; do one of the two.")
        raise UserError(said.format(name=shorten(name)) for name in both)
    return grids.plan_grid(start.study(), swept, {**given, **fixed}, random, seed)


def _figures(agreed: "Grid", wanted: list[str]) -> list[str]:
    """Return the headline figures to draw: those wanted, or all."""
    known = agreed.study.measures
    for name in wanted:
        if name not in known:
            said = _("There is no figure “{name}”. The figures are: {names}.")
            raise UserError(said.format(name=shorten(name), names=_(", ").join(known)))
    return [name for name in known if name in wanted or not wanted]


def _engine(engine: str, address: str) -> "AbstractContextManager[Engine]":
    """Return what runs the scenarios; a cluster is reached when it is entered."""
    from crmlib.sweeps.cluster import connected
    from crmlib.sweeps.sweep import locally

    if engine not in ENGINES:
        said = _("“{engine}” is not an engine: choose from {engines}.")
        raise UserError(said.format(engine=shorten(engine), engines=_(", ").join(ENGINES)))
    if address and engine != "dask":
        raise UserError(_("--address is that of a Dask cluster; add --engine dask."))
    return connected(address) if engine == "dask" else nullcontext(locally)


def _written(
    start: "Rerun", agreed: "Grid", shown: list[str], engine: "AbstractContextManager[Engine]", place: Path
) -> list[Path]:
    """Run a sweep and write its files; return them."""
    from tqdm import tqdm

    from crmlib.sweeps.sweep import table
    from crmlib.sweeps.sweep_page import page, write

    prepared = start.prepared()
    with engine as run, tqdm(total=len(agreed.rows), disable=None, leave=False) as bar:
        frame = table(agreed, prepared, bar.update, run)
    refused = int((frame["problem"] != "").sum())
    if refused:
        said = _("Refused scenarios: {refused:,} of {n:,}; the column “problem” says why.")
        typer.echo(said.format(refused=refused, n=len(frame)), err=True)
    if refused == len(frame) and agreed.drawn:
        typer.echo(_("Draw fewer inputs, or from narrower ranges: name them with --grid."), err=True)
    title = _("{case} · sweep").format(case=start.heading())
    return write(frame, page(agreed, prepared, frame, title, shown, start.sources(), start.notes), place)
