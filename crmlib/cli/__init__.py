"""The ``crm`` command: a file a group of commands; importing one registers it."""

import sys
from typing import NoReturn

import typer

from crmlib import i18n
from crmlib.cli import build, data, exam, handout, rerun, sweep  # noqa: F401
from crmlib.cli.common import app, speak
from crmlib.errors import UserError
from crmlib.i18n import N_, _

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
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        sys.exit(130)
    except UserError as refusal:
        said = str(refusal)
    except typer.TyperException as refusal:
        after = " ".join(arguments).replace("--lang=", "--lang ").partition("--lang ")[2][:2]
        speak(after if after in i18n.LANGUAGES else "")  # what could not be read may still say in which language
        said = misuse(refusal)
    for line in said.splitlines():
        print(line, file=sys.stderr)
    sys.exit(2)
