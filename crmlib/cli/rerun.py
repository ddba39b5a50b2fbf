"""``crm cases`` and ``crm rerun``: what cases there are, and running them again."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    formats,
    reading_words,
    speak,
)
from crmlib.core.errors import UserError
from crmlib.core.i18n import _

if TYPE_CHECKING:
    from crmlib.reruns.batch import Batch


@app.command()
def cases(lang: Lang = "") -> None:
    """List the cases and their scenarios."""
    from crmlib import casebook

    speak(lang)
    for name in casebook.cases():
        case = casebook.case(name)
        typer.echo(f"{name}: {case.label()}")
        for scenario in case.scenarios.values():
            typer.echo(f"  {scenario.name}: {scenario.label()}")


@app.command()
def rerun(
    case: Annotated[str, typer.Argument(help="name of a case, or of a topic that has one; “crm cases” lists them")],
    scenario: Annotated[
        str, typer.Option(help="name of one of its scenarios; several, separated by commas, or “all” are compared")
    ] = "base",
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
    lang: Lang = "",
    out: Annotated[Path, typer.Option(help="folder to write to", readable=False)] = Path("out"),
    to: Annotated[str, typer.Option(help="ipynb, html, csv, slides, separated by commas")] = "ipynb,html",
    jobs: Annotated[int, typer.Option(help="scenarios run at the same time; 0: as many as there are cores")] = 0,
    timeout: Annotated[float, typer.Option(help="seconds that a scenario may take")] = 600,
    moves: Annotated[
        bool | None,
        typer.Option(
            "--moves/--still",
            help="let inputs be moved on pages, or not; if neither is said, on the page of a single scenario only",
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="redo only what is missing or out of date")] = False,
    no_npm: Annotated[
        bool, typer.Option("--no-npm", help="do not fetch a smaller plotly.js for pages and slides with npm")
    ] = False,
) -> None:
    """Rerun a case with other inputs or other data."""
    spoken = speak(lang)
    names = list(dict.fromkeys(part.strip() for part in scenario.split(","))) if "," in scenario else [scenario]
    several = len(names) > 1 or scenario == "all"
    batch: Batch | None = None
    try:
        _begin_warming(jobs, timeout)
        from crmlib.reruns import batch as batches
        from crmlib.reruns.rerun import FORMATS

        wanted = formats(to, FORMATS)
        words = reading_words(
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
        )
        moving = _moves(several) if moves is None else moves
        batch = batches.begin(
            case, spoken, names, out, wanted, set_ or [], data or [], words, several or resume, moving
        )
        _say_notes(batch)
        if moves is None and several and "html" in wanted:
            _say_still()
        if resume:
            _take_up(batch)
        if {"html", "slides"} & set(wanted) and not no_npm and (several or batch.todo()):
            _cut_plotly()
        with _progress(batch) as tick:
            batch.run(jobs or None, timeout, tick)
        compared = batch.compare() if several else []
    except KeyboardInterrupt:
        _say_stopped(batch)
        raise typer.Exit(130) from None
    _say_endings(batch, compared)


def _begin_warming(jobs: int, timeout: float) -> None:
    """Check the numbers, then start warming kernels up before this process makes its own imports."""
    if jobs < 0:
        raise UserError(
            _("“--jobs” cannot be {value}: it is the number of scenarios that run at the same time, or 0.").format(
                value=jobs
            )
        )
    if not timeout > 0:
        raise UserError(_("“--timeout” cannot be {value:g}: it is a number of seconds above 0.").format(value=timeout))
    from crmlib.notebooks import fork_server

    fork_server.install()


def _say_notes(batch: "Batch") -> None:
    """Say what was assumed about the data, once, and about the inputs of each scenario, with its name if several."""
    notes = [note for agreed in batch.reruns for note in agreed.notes]
    for agreed in batch.reruns:
        for remark in agreed.inputs.remarks():
            notes.append(
                _("{scenario}: {why}").format(scenario=agreed.title, why=remark) if batch.names[1:] else remark
            )
    for note in dict.fromkeys(notes):
        typer.echo(note, err=True)


def _moves(several: bool) -> bool:
    """Say whether inputs move on pages where nothing is said of it: on one alone, for it takes seconds a page."""
    return not several


def _say_still() -> None:
    said = _(
        "The pages show still figures; with “--moves” an input can be moved on each, which takes a few seconds a page."
    )
    typer.echo(said, err=True)


def _take_up(batch: "Batch") -> None:
    try:
        batch.resume()
    except UserError as damage:
        typer.echo(damage, err=True)


def _cut_plotly() -> None:
    """Have the pages carry a smaller plotly.js; say it where that takes long, or why they carry the whole one."""
    from crmlib.plotting import partial

    if partial.kept() is not None:
        return
    try:
        partial.npm()
        typer.echo(_("npm fetches a smaller plotly.js for the pages: once, and it takes a minute."), err=True)
        partial.cut()
    except partial.Uncut as refusal:
        said = _("{why} The pages carry the whole plotly.js: 2 MB each in place of 0.6 MB.")
        typer.echo(said.format(why=refusal), err=True)


@contextmanager
def _progress(batch: "Batch") -> Iterator[Callable[[], object]]:
    """Show a bar of cells while the scenarios run; none where nobody watches."""
    from tqdm import tqdm

    cells = sum(agreed.job().cells() for agreed in batch.todo()) if sys.stderr.isatty() else 0
    with tqdm(total=cells, desc=_("Cells"), leave=False, disable=None) as bar:
        yield bar.update


def _say_stopped(batch: "Batch | None") -> None:
    if batch is None or not batch.noted:
        typer.echo(_("Stopped; no file was left half-written."), err=True)
        return
    with suppress(UserError):
        batch.resume()  # the last one may have been noted just before it was stopped
    said = _("Stopped with {done} of {count} scenarios finished; the same command with “--resume” does the rest.")
    typer.echo(said.format(done=len(batch.files), count=len(batch.names)), err=True)


def _say_endings(batch: "Batch", compared: list[Path]) -> None:
    """Print the files, the index last, and refuse what failed, each with its scenario if there are several."""
    for agreed in batch.reruns:
        for path in batch.files.get(agreed.scenario, []):
            typer.echo(path)
    for path in compared:
        typer.echo(path)
    if batch.refused:
        several = len(batch.names) > 1
        raise UserError(
            _("{scenario}: {why}").format(scenario=name, why=problem) if several else problem
            for name in batch.names
            if name in batch.refused
            for problem in batch.refused[name].problems
        )
