"""``crm exam``: the question bank checked, and papers made from it."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.cli.common import Lang, Map, app, formats, speak
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _, ngettext

exam = typer.Typer(help="Check the question bank and make papers from it.", rich_markup_mode=None)
app.add_typer(exam, name="exam")
MOST_SEEDS = 100_000
OwnBank = Annotated[list[Path] | None, typer.Option("--bank", help="folder with items of your own; may be repeated")]


@exam.command()
def check(
    topic: Annotated[list[str] | None, typer.Option(help="only this topic; may be repeated")] = None,
    seeds: Annotated[int, typer.Option(help="how many seeds each item is drawn with")] = 1000,
    own: OwnBank = None,
    lang: Lang = "",
) -> None:
    """Draw every item with many seeds and print what each did; anything unsound ends with exit code 2."""
    import pandas as pd
    from tqdm import tqdm

    from crmlib.items.audit import stress, table
    from crmlib.items.bank import read_bank
    from crmlib.items.enemies import given_away
    from crmlib.items.item import Written

    speak(lang)
    if not 1 <= seeds <= MOST_SEEDS:
        raise UserError(_("--seeds may be 1 to {most:,}.").format(most=MOST_SEEDS))
    bank = read_bank(*own or [])
    items = [item for name in topic or bank.topics for item in bank.of(name)]
    drawn = [item for item in items if not isinstance(item, Written)]
    found = list(tqdm(stress(bank, drawn, seeds), total=len(drawn), disable=None, leave=False))
    with pd.option_context("display.unicode.east_asian_width", True):
        typer.echo(table(found).to_string(index=False))
    said = ngettext(
        "{n} item; {drawn} drawn with {seeds:,} seeds each.",
        "{n} items; {drawn} drawn with {seeds:,} seeds each.",
        len(items),
    )
    typer.echo(said.format(n=len(items), drawn=len(drawn), seeds=seeds))
    unsound = [f"{s.item}: {fault}" for s in found for fault in s.faults]
    said = _("{by}: its text gives {item} away; name one of them among the “enemies” of the other.")
    known = {item.id for item in items}
    unsound += [said.format(by=pair.by, item=pair.item) for pair in given_away(bank) if known.intersection(pair)]
    if unsound:
        raise UserError(unsound)


@exam.command()
def make(
    blueprint: Annotated[
        str, typer.Option(help="name of a blueprint of the casebook, or a YAML file; “final” if none")
    ] = "",
    seed: Annotated[int | None, typer.Option(help="draws the papers; a new one each time if not given")] = None,
    lang: Annotated[str, typer.Option(help="language of the papers: zh, en or both")] = "",
    parallel: Annotated[int, typer.Option("--forms", help="parallel forms, which share no question")] = 1,
    copies: Annotated[int, typer.Option(help="so many papers with numbers and orders of their own")] = 0,
    roster: Annotated[Path | None, typer.Option(help="class list: a paper of one's own for each student")] = None,
    map_: Map = None,
    to: Annotated[str, typer.Option(help="pdf, docx, html, moodle, qti, gift, anki, separated by commas")] = "pdf",
    own: OwnBank = None,
    from_: Annotated[Path | None, typer.Option("--from", help="manifest of papers to make again")] = None,
    out: Annotated[Path, typer.Option(help="folder to write to")] = Path("out/exam"),
) -> None:
    """Make papers with keys and marking sheets, or exports for a learning platform."""
    from secrets import randbelow

    from tqdm import tqdm

    from crmlib.classes import class_list
    from crmlib.exams import blueprint as blueprints
    from crmlib.exams import papers
    from crmlib.exams.manifest import read_manifest
    from crmlib.items.bank import read_bank

    spoken = speak("" if lang == "both" else lang)
    langs = LANGUAGES if lang == "both" else (spoken,)
    wanted = formats(to, papers.FORMATS)
    if from_:
        drawn_from = {"--blueprint": blueprint, "--seed": seed is not None, "--forms": parallel != 1}
        drawn_from |= {"--copies": copies, "--roster": roster, "--map": map_, "--bank": own}
        if given := [option for option, value in drawn_from.items() if value]:
            said = _("With --from the papers are made again as they were; leave out {options}.")
            raise UserError(said.format(options=_(", ").join(given)))
        made = read_manifest(from_)
    else:
        if copies < 0 or (copies and roster):
            raise UserError(_("Give either --roster or a --copies of 1 or more."))
        names = [f"{n:03d}" for n in range(1, copies + 1)]
        names = [student.folder for student in class_list.read(roster, map_ or []).students] if roster else names
        drawn = randbelow(10**9) if seed is None else seed
        plan = blueprints.blueprint(blueprint or "final")
        made = papers.compose(read_bank(*own or []), plan, drawn, langs, parallel, names)
        typer.echo(_("Seed: {seed}").format(seed=drawn), err=True)
    for path in tqdm(papers.write(made, wanted, out), total=papers.steps(made, wanted), disable=None, leave=False):
        typer.echo(path)
