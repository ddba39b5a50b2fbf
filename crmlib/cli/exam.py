"""``crm exam``: the question bank checked, and papers made from it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmlib.cli.common import Lang, Map, app, formats, languages, speak
from crmlib.core.errors import UserError
from crmlib.core.i18n import _, ngettext

if TYPE_CHECKING:
    from crmlib.exams.manifest import Manifest
    from crmlib.exams.paper import Candidate
    from crmlib.items.bank import Bank

exam = typer.Typer(help="Check the question bank and make papers from it.", rich_markup_mode=None)
app.add_typer(exam, name="exam")
MOST_SEEDS = 100_000
OwnBank = Annotated[
    list[Path] | None, typer.Option("--bank", help="folder with items of your own; may be repeated", readable=False)
]
OnlyOwn = Annotated[
    bool, typer.Option("--only-own", help="leave out the workbook's items, which every student has with their keys")
]


@exam.command()
def check(
    topic: Annotated[list[str] | None, typer.Option(help="only this topic; may be repeated")] = None,
    seeds: Annotated[int, typer.Option(help="how many seeds each item is drawn with")] = 1000,
    own: OwnBank = None,
    only_own: OnlyOwn = False,
    lang: Lang = "",
) -> None:
    """Test every question with many random seeds and report the results; exits with code 2 if a question is faulty."""
    import pandas as pd
    from tqdm import tqdm

    from crmlib.items import testwise
    from crmlib.items.audit import stress, table
    from crmlib.items.compound import Corrected
    from crmlib.items.enemies import given_away, repeated
    from crmlib.items.item import Written

    speak(lang)
    if not 1 <= seeds <= MOST_SEEDS:
        raise UserError(_("--seeds may be 1 to {most:,}.").format(most=MOST_SEEDS))
    bank = bank_of(own, only_own)
    items = [item for name in topic or bank.topics for item in bank.of(name)]
    drawn = [item for item in items if not isinstance(item, Written | Corrected)]
    found = list(tqdm(stress(bank, drawn, seeds), total=len(drawn), disable=None, leave=False))
    with pd.option_context("display.unicode.east_asian_width", True):
        typer.echo(table(found).to_string(index=False))
        if guessed := testwise.rates(bank, bank.items.values()):
            typer.echo("\n" + testwise.table(guessed).to_string(index=False))
    for line in (testwise.explained(), *testwise.worst(guessed)) if guessed else ():
        typer.echo(line)
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
    said = _("{by} nearly repeats {item}; name one of them among the “enemies” of the other.")
    unsound += [said.format(by=pair.by, item=pair.item) for pair in repeated(bank) if known.intersection(pair)]
    unsound += testwise.faults(guessed)
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
    copies: Annotated[int, typer.Option(help="number of individual versions, each with its own numbers and order")] = 0,
    roster: Annotated[
        Path | None, typer.Option(help="class list: a paper of one's own for each student", readable=False)
    ] = None,
    map_: Map = None,
    to: Annotated[
        str,
        typer.Option(
            help="pdf, docx, html, moodle, qti, qti-feedback, gift, anki, xlsx, text, word, separated by commas"
        ),
    ] = "pdf",
    own: OwnBank = None,
    only_own: OnlyOwn = False,
    school: Annotated[
        Path | None,
        typer.Option(help="YAML file of your school: its name, logo, sheet … as the guide shows", readable=False),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", help="manifest of papers to make again, for instance in another format", readable=False),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="put it in the place of the exam in the folder")] = False,
    out: Annotated[Path, typer.Option(help="folder to write to", readable=False)] = Path("out/exam"),
) -> None:
    """Create exam papers with answer keys and marking sheets, or export questions for a learning platform."""
    import dataclasses
    from secrets import randbelow

    from tqdm import tqdm

    from crmlib.exams import blueprint as blueprints
    from crmlib.exams import papers
    from crmlib.exams.exports import left_out
    from crmlib.exams.school import PLAIN, read_school

    langs = languages(lang)
    wanted = formats(to, papers.FORMATS)
    printed_by = read_school(school) if school else PLAIN
    if from_:
        drawn = {"--blueprint": blueprint, "--seed": seed is not None, "--forms": parallel != 1, "--copies": copies}
        made = _again(from_, drawn | {"--roster": roster, "--map": map_, "--only-own": only_own}, own)
        made = dataclasses.replace(made, school=printed_by) if school else made
        langs = _languages(made, langs if lang else ())
    else:
        names, bank = _names(copies, roster, map_), bank_of(own, only_own)
        plan = blueprints.blueprint(blueprint or "final")
        drawn_with = randbelow(10**9) if seed is None else seed
        made = papers.compose(bank, plan, drawn_with, langs, parallel, names, printed_by)
    with tqdm(total=papers.steps(made, wanted), disable=None, leave=False) as bar:
        written = papers.write(made, wanted, out, langs, replace, bar.update)
    for path in written:
        typer.echo(path)
    for said in left_out(wanted, made.papers):
        typer.echo(said, err=True)
    if not from_:
        typer.echo(_("Seed: {seed}").format(seed=made.seed), err=True)
        _say_of_open_questions(made, bank)


@exam.command()
def samples(
    seed: Annotated[int | None, typer.Option(help="chooses other questions; the same as before if not given")] = None,
    lang: Lang = "",
) -> None:
    """Make the workbook's own sample papers anew, with their answers: the pages that the exam chapter links to."""
    from crmlib.exams import samples as pages

    speak(lang)
    files, why = pages.write(seed)
    for file in files:
        typer.echo(f"notebooks/{file}")
    for said in why:
        typer.echo(said, err=True)


def _again(manifest: Path, drawn: Mapping[str, object], own: list[Path] | None) -> "Manifest":
    """Return papers from their manifest; say so where the bank is not the one that they were drawn from.

    Raises:
        UserError: it cannot be used, or options are given that say how papers are drawn.
    """
    from crmlib.exams.manifest import read_manifest
    from crmlib.items.bank import bank, read_bank

    if given := [option for option, value in drawn.items() if value]:
        said = _("With --from the papers are made again as they were; leave out {options}.")
        raise UserError(said.format(options=_(", ").join(given)))
    made = read_manifest(manifest)
    marks = {read_bank(*own, packaged=packaged).mark for packaged in (True, False)} if own else {bank().mark}
    if made.bank not in marks:
        said = _(
            "The bank is another one than these papers were drawn from, or has changed; they are made as they were."
        )
        typer.echo(said, err=True)
    return made


def bank_of(own: list[Path] | None, only_own: bool) -> "Bank":
    """Return the bank that is asked for.

    Raises:
        UserError: something in it is wrong, or there is none.
    """
    from crmlib.exams import formulas
    from crmlib.items.bank import read_bank

    if only_own and not own:
        raise UserError(_("--only-own leaves out the workbook's items; name a folder of your own with --bank."))
    bank = read_bank(*own or [], packaged=not only_own)
    if own:
        formulas.check(bank)
    return bank


def _names(copies: int, roster: Path | None, columns: list[str] | None) -> "list[Candidate]":
    """Return what the copies are called and who sits them, or nothing where there are forms alone."""
    from crmlib.classes import class_list
    from crmlib.exams.paper import Candidate

    if copies < 0 or (copies and roster):
        raise UserError(_("Give either --roster or a --copies of 1 or more."))
    if roster is None:
        return [Candidate(f"{n:03d}") for n in range(1, copies + 1)]
    students = class_list.read(roster, columns or [])
    for note in students.notes:
        typer.echo(note, err=True)
    return [Candidate(one.folder, one.name, one.id, one.group) for one in students.students]


def _say_of_open_questions(made: "Manifest", bank: "Bank") -> None:
    """Say how many questions students can read with their keys."""
    asked = {q.id for one in made.papers for q in one.questions}
    if open_ := sum(bank.item(id).use == "practice" for id in asked):
        said = _(
            "{open} of {n} questions are of use “practice”, as all of the workbook's own are: students can read them "
            "with their keys. For an exam that counts, keep a bank of your own: --bank FOLDER --only-own."
        )
        typer.echo(said.format(open=open_, n=len(asked)), err=True)


def _languages(made: "Manifest", asked: Sequence[str]) -> list[str]:
    """Return the languages to make papers in: those asked for, or all that a manifest has.

    Raises:
        UserError: it has none in one that is asked for.
    """
    known = list(dict.fromkeys(one.lang for one in made.papers))
    for lang in asked:
        if lang not in known:
            said = _("The manifest has no papers in “{lang}”; it has: {langs}.")
            raise UserError(said.format(lang=lang, langs=_(", ").join(known)))
    return list(asked) or known
