"""The ``crm`` command: a file a group of commands; importing one registers it."""

import codecs
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import typer
from typer.core import TyperGroup

from crmlib.cli import (  # noqa: F401
    build,
    case,
    chapter,
    data,
    exam,
    exam_export,
    game,
    handout,
    helping,
    printing,
    rerun,
    site,
    sweep,
)
from crmlib.cli.common import app, speak
from crmlib.core import i18n
from crmlib.core.errors import REASONS, UserError, reason
from crmlib.core.i18n import N_, _

MISUSES = {
    "NoSuchOption": N_("There is no option “{option}”; “{help}” lists them."),
    "BadOptionUsage": N_("The option “{option}” needs a value; “{help}” says which."),
    "BadParameter": N_("“{parameter}” cannot have this value; “{help}” says what it may be."),
    "MissingParameter": N_("“{parameter}” is missing; “{help}” says what it is."),
    "group": N_("After “{command}” comes one of: {names}. “{help}” explains them."),
    "other": N_("“{command}” got an unexpected argument; a value with spaces needs quotes. See “{help}”."),
}


COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python itself puts into LC_CTYPE where the locale of the environment is not installed (PEP 538)."""


def misuse(refusal: typer.TyperException, arguments: Sequence[str]) -> str:
    """Return the line that is said when the command line itself cannot be read."""
    name, command = helping.found(arguments)
    group, param = isinstance(command, TyperGroup), getattr(refusal, "param", None)
    said = _(MISUSES.get(type(refusal).__name__, MISUSES["group" if group else "other"]))
    parameter = param.opts[0] if param else ""
    names = _(", ").join(helping.names(command)) if isinstance(command, TyperGroup) else ""
    option = getattr(refusal, "option_name", "")
    return said.format(option=option, parameter=parameter, command=name, names=names, help=f"{name} --help")


def speak_the_terminals_letters() -> None:
    """Write in the encoding that the user's locale names, such as zh_CN.GBK, although it may not be installed here.

    Python then writes UTF-8, as it does in the UTF-8 mode that ``crm`` starts it in, which such a terminal shows as
    garbage. What ``PYTHONIOENCODING`` says goes before.
    """
    told = [os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    told[1] *= told[1] not in COERCED
    named = next(filter(None, told), "").partition("@")[0].partition(".")[2]
    with suppress(LookupError):
        if named and codecs.lookup(named).name != "utf-8" and "PYTHONIOENCODING" not in os.environ:
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, io.TextIOWrapper):
                    stream.reconfigure(encoding=named, errors="replace")


def main() -> NoReturn:
    """Run the command; what the user can mend is said in a sentence a line, with exit code 2."""
    speak_the_terminals_letters()
    arguments = sys.argv[1:] or ["--help"]
    if "--help" in arguments:
        _speak_as_asked(arguments)
        print(helping.page(arguments))
        sys.exit(0)
    try:
        sys.exit(app(arguments, "crm", standalone_mode=False))
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        sys.exit(130)
    except UserError as refusal:
        said = str(refusal)
    except OSError as refusal:
        if refusal.filename is None or refusal.errno not in REASONS:
            raise
        said = _("{file} cannot be used: {why}.").format(file=refusal.filename, why=reason(refusal))
    except typer.TyperException as refusal:
        _speak_as_asked(arguments)
        said = misuse(refusal, arguments)
    for line in said.splitlines():
        print(line, file=sys.stderr)
    sys.exit(2)


def _speak_as_asked(arguments: Sequence[str]) -> None:
    """Speak the language that a command line asks for, although it cannot be read."""
    after = " ".join(arguments).replace("--lang=", "--lang ").partition("--lang ")[2][:2]
    speak(after if after in i18n.LANGUAGES else "")
