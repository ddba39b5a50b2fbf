"""The help of the ``crm`` command, in the language of the user: what typer knows of a command, laid out in columns."""

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

import wcwidth
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from crmlib.cli.common import app
from crmlib.core.i18n import _

NARROWEST, WIDEST = 60, 100
"""Columns of a terminal that the help is laid out for."""
NAMES = 14
"""Columns that names take at the left, with the room beside them."""
PIECE = re.compile(r"\s+|[^\s⺀-￯]+|[⺀-￯][，。；：、）”]*")
"""What is not torn apart at the end of a line: a word, or a Chinese character with the signs that may not begin one."""


def found(arguments: Sequence[str]) -> tuple[str, TyperCommand | TyperGroup]:
    """Return the command that a command line names, as far as it can be followed, with its whole name."""
    name, command = "crm", cast("TyperCommand | TyperGroup", get_command(app))
    for word in arguments:
        if not isinstance(command, TyperGroup) or word not in command.commands:
            break
        name, command = f"{name} {word}", cast("TyperCommand | TyperGroup", command.commands[word])
    return name, command


def names(command: TyperGroup) -> list[str]:
    """Return the commands of a group, in order."""
    return list(command.commands)


def page(arguments: Sequence[str]) -> str:
    """Return the help of the command that a command line names, in the language now spoken."""
    name, command = found(arguments)
    taken = [param for param in command.params if isinstance(param, TyperArgument)]
    options = [param for param in command.params if isinstance(param, TyperOption) and not param.hidden]
    below = command.commands if isinstance(command, TyperGroup) else {}
    words = [name, *(param.name if param.required else f"[{param.name}]" for param in taken)]
    words += [_("COMMAND")] if below else [_("[options]")]
    blocks = [
        (_("Usage: {usage}").format(usage=" ".join(words)), []),
        (_(str(command.help)), []),
        (_("Arguments:"), [(param.name, _said(param)) for param in taken]),
        (_("Options:"), [("/".join([param.opts[0], *param.secondary_opts]), _said(param)) for param in options]),
        (_("Commands:"), [(short, _(str(one.help))) for short, one in below.items()]),
    ]
    kept = [(head, rows) for place, (head, rows) in enumerate(blocks) if rows or place < 2]
    last = _("“{name} COMMAND --help” says more.").format(name=name) if below else ""
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    lines = ["\n".join([*_wrapped(head, width), *_rows(rows, width)]) for head, rows in [*kept, (last, [])] if head]
    return "\n\n".join(lines)


def _said(param: TyperArgument | TyperOption) -> str:
    """Return what is said of a parameter: what it is, whether it has to be given, what it is if it is not."""
    default = param.default
    if param.required:
        known = _("required")
    elif default is None or default is False or default == "":
        known = ""
    else:
        known = _("default: {default}").format(default=default.as_posix() if isinstance(default, Path) else default)
    said = _(str(param.help))
    return _("{what} ({more})").format(what=said, more=known) if known else said


def _rows(rows: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    for name, said in rows:
        first, *others = _wrapped(said, width - NAMES - 2)
        yield f"  {name:<{NAMES}}{first}" if len(name) < NAMES else f"  {name}\n{'':{NAMES + 2}}{first}"
        yield from (f"{'':{NAMES + 2}}{line}" for line in others)


def _wrapped(text: str, width: int) -> list[str]:
    """Return text in lines of at most so many columns; a Chinese character takes two."""
    lines = [""]
    for piece in PIECE.findall(text):
        if lines[-1] and wcwidth.width(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]
