"""The ``crm`` command."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from crmlib import casebook, i18n
from crmlib.errors import UserError
from crmlib.i18n import N_, _

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, help=__doc__)
Lang = Annotated[str, typer.Option(help="zh or en; by default the language of the system")]


def speak(lang: str) -> str:
    """Speak the language asked for, or the system's."""
    if lang and lang not in i18n.LANGUAGES:
        raise UserError(_("“{lang}” is not a language of the workbook: zh or en.").format(lang=lang))
    i18n.use(lang or i18n.language())
    return i18n.language()


@app.command()
def cases(lang: Lang = "") -> None:
    """List the cases and their scenarios."""
    speak(lang)
    for name in casebook.cases():
        case = casebook.case(name)
        typer.echo(f"{name}: {case.label()}")
        for scenario in case.scenarios.values():
            typer.echo(f"  {scenario.name}: {scenario.label()}")


@app.command()
def rerun(
    case: Annotated[str, typer.Argument(help="name of a case; “crm cases” lists them")],
    scenario: Annotated[str, typer.Option(help="name of one of its scenarios")] = "base",
    set_: Annotated[list[str] | None, typer.Option("--set", help="name=value of an input; may be repeated")] = None,
    data: Annotated[
        list[str] | None, typer.Option(help="your own CSV file; name=FILE for a case with several; may be repeated")
    ] = None,
    lang: Lang = "",
    out: Annotated[Path, typer.Option(help="folder to write to")] = Path("out"),
    to: Annotated[str, typer.Option(help="ipynb, html, csv, separated by commas")] = "ipynb,html",
) -> None:
    """Rerun a case with other inputs or other data."""
    from crmlib.runs import rerun as runs

    spoken = speak(lang)
    formats = [fmt.strip() for fmt in to.split(",") if fmt.strip()]
    for fmt in formats:
        if fmt not in runs.FORMATS:
            raise UserError(
                _("“{fmt}” is not a format: choose from {formats}.").format(fmt=fmt, formats=", ".join(runs.FORMATS))
            )
    agreed = runs.plan(case, spoken, scenario, set_ or [], data or [])
    for note in agreed.notes:
        typer.echo(note, err=True)
    for path in runs.run(agreed, out, formats, progress=sys.stderr.isatty()):
        typer.echo(path)


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


MISUSES = {
    "NoSuchOption": N_("There is no option “{option}”; “{help}” lists them."),
    "BadOptionUsage": N_("The option “{option}” needs a value; “{help}” says which."),
    "MissingParameter": N_("The command is not complete; “{help}” says what is missing."),
    "other": N_("The command cannot be read ({why}); “{help}” shows how it is used."),
}


def misuse(refusal: typer.TyperException) -> str:
    """Return the line that is said when the command line itself cannot be read."""
    command = getattr(getattr(refusal, "ctx", None), "command_path", "crm")
    said = _(MISUSES.get(type(refusal).__name__, MISUSES["other"]))
    option, why = getattr(refusal, "option_name", ""), " ".join(refusal.format_message().split())
    return said.format(option=option, why=why.rstrip("."), help=f"{command} --help")


def main() -> NoReturn:
    """Run the command; what the user can mend is said in a sentence a line, with exit code 2."""
    arguments = sys.argv[1:] or ["--help"]
    try:
        sys.exit(app(arguments, "crm", standalone_mode=False))
    except UserError as refusal:
        said = str(refusal)
    except typer.TyperException as refusal:
        after = " ".join(arguments).replace("--lang=", "--lang ").partition("--lang ")[2][:2]
        speak(after if after in i18n.LANGUAGES else "")  # what could not be read may still say in which language
        said = misuse(refusal)
    for line in said.splitlines():
        print(line, file=sys.stderr)
    sys.exit(2)
