"""What a student did, kept in their own folder: it is there again when a cell runs again, in whichever kernel.

``memory.json`` beside the progress holds one entry a thing: an exercise, a guess, an explorer, a session of practice.
Each change is written at once and whole; two kernels that write take turns, and neither undoes an entry of the other. A
notebook that runs unattended (:func:`crmlib.core.paths.unattended`) remembers nothing and is reminded of nothing.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _
from crmlib.core.paths import own_folder, unattended
from crmlib.support.files import atomic_write, locked

SALT = "salt"
PAUSE = 0.5
"""Seconds after which is kept what is being typed or moved."""
T = TypeVar("T")


class Later:
    """Something to do once a pause has passed since it was first asked for; at once where no loop runs."""

    def __init__(self, act: Callable[[], object]):
        self.act = act
        self._waiting: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Do it after a pause; asked again meanwhile, it is done once."""
        if self._waiting is None:
            try:
                self._waiting = asyncio.get_running_loop().call_later(PAUSE, self._act)
            except RuntimeError:
                self.act()

    def off(self) -> None:
        """Do not do it any more: it has been done."""
        if self._waiting:
            self._waiting.cancel()
        self._waiting = None

    def _act(self) -> None:
        self._waiting = None
        self.act()


def memory_file() -> Path:
    """Return where it is kept."""
    return own_folder() / "mine" / "memory.json"


def recall(kind: TypeAdapter[T], key: str) -> T | None:
    """Return what was remembered under a name; None if nothing was, or if it cannot be read."""
    try:
        return None if unattended() else kind.validate_python(_read(memory_file()).get(key))
    except (OSError, ValidationError):
        return None


def remember(key: str, what: object) -> str:
    """Remember something in place of what was remembered under that name; return what to say if that cannot be done."""
    try:
        if not unattended():
            _change(lambda known: {**known, key: what})
    except UserError as refusal:
        return str(refusal)
    return ""


def own_seed(name: str) -> int:
    """Return what a student's numbers begin with: always the same for a student, another one for each.

    It comes from a salt that is drawn once and kept. Where none can be kept, everybody begins with 0.
    """
    if unattended():
        return 0
    try:
        known = _read(memory_file())
        if not isinstance(known.get(SALT), str):
            known = _change(lambda now: {SALT: secrets.token_hex(8), **now})
    except (OSError, UserError):
        return 0
    return Random(f"{known[SALT]}:{name}").randrange(1, 10**6)


def _change(change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Change the entries and return them.

    Raises:
        UserError: they cannot be written.
    """
    path = memory_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            known = change(_read(path))
            atomic_write(path, json.dumps(known, indent=1))
    except OSError as why:
        said = _("Your answers cannot be kept in {file}: {why}.")
        raise UserError(said.format(file=path, why=reason(why))) from None
    return known


def _read(path: Path) -> dict[str, Any]:
    """Return the entries; none if the file is not there or is damaged, which costs no more than what it held.

    Raises:
        OSError: the file is there and cannot be read; it must not be written over then.
    """
    try:
        known = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
