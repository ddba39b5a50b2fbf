"""What the hub asks before it starts: who may come in, with which password, in which language."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _, system_language
from crmlib.core.inputs import shorten
from crmlib.support.strict_yaml import read_text, refused

USER = re.compile(r"[a-z0-9_][a-z0-9._-]{0,31}\Z")
"""What a user may be called: a login name of Linux and the name of a folder, never a path."""
TEACHER = "teacher"
SHORTEST = {"CRM_HUB_PASSWORD": 8, "CRM_HUB_TEACHER_PASSWORD": 32}
"""How long the shared passwords of a trial must be, by their variables; JupyterHub asks for as much."""


@dataclass(frozen=True)
class Roster:
    """Who may come in, by the names they log in with."""

    students: frozenset[str]
    teachers: frozenset[str]


def read_roster(path: Path) -> Roster:
    """Read the roster: a name a line, ``teacher`` behind a teacher's, whatever follows ``#`` is a remark.

    Capitals are read as small letters, as JupyterHub does.

    Raises:
        UserError: the file is missing or empty, or holds what is no name; a sentence for each line.
    """
    lines = [line.partition("#")[0].lower().split() for line in read_text(path).splitlines()]
    if problems := list(_wrong_lines(path, lines)):
        raise UserError(problems)
    named = [line for line in lines if line]
    if not named:
        raise refused(path, _("{file} names nobody: write a login name a line."))
    teachers = frozenset(line[0] for line in named if len(line) == 2)
    return Roster(frozenset(line[0] for line in named) - teachers, teachers)


def _wrong_lines(path: Path, lines: list[list[str]]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, (name, *more) in ((number, line) for number, line in enumerate(lines, 1) if line):
        said = {"line": number, "name": shorten(name)}
        if not USER.match(name):
            why = _("{file}, line {line}: “{name}” cannot be a login name: use a–z, 0–9, _, - and . (not first).")
            yield str(refused(path, why, **said))
        if more not in ([], [TEACHER]):
            why = _("{file}, line {line}: behind the name stands “{more}”; only the word teacher may.")
            yield str(refused(path, why, more=shorten(" ".join(more)), **said))
        if (first := seen.setdefault(name, number)) != number:
            why = _("{file}, line {line}: “{name}” stands in line {first} already.")
            yield str(refused(path, why, first=first, **said))


def shared_password(variable: str) -> str | None:
    """Return the shared password that a variable holds, or None where it is not set and system accounts log in.

    Raises:
        UserError: it is set, but empty or too short.
    """
    password, least = os.environ.get(variable), SHORTEST[variable]
    if password is not None and len(password) < least:
        said = _("{variable} holds {n} characters; it needs at least {least}. Leave it unset to do without.")
        raise UserError(said.format(variable=variable, n=len(password), least=least))
    return password


def start_language() -> str:
    """Return the language of the start page and of the menus: what ``CRM_HUB_LANG`` says, else the system's.

    Raises:
        UserError: the workbook does not speak it.
    """
    lang = os.environ.get("CRM_HUB_LANG") or system_language()
    if lang not in LANGUAGES:
        raise UserError(_("“{lang}” is not a language of the workbook: zh or en.").format(lang=shorten(lang)))
    return lang
