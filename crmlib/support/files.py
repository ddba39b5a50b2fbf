"""Writing files so that a reader never meets half of one, and so that the same content gives the same bytes."""

import errno
import hashlib
import io
import json
import os
import re
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _

YEAR_ZERO = (1980, 1, 1, 0, 0, 0)
"""The date of what stands in an archive: the earliest that a zip can hold."""
STAMP = b"1980-01-01T00:00:00Z"
"""The date of what stands in a workbook."""
NEW = ".new-"
"""How the name of a folder begins in which files are gathered that are to appear together."""
KEEPER = Path(__file__).with_name("keeper.py")
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
"""Permissions of what nobody but its owner may read."""


def atomic_write(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write ``content`` to ``path`` whole or not at all, and return the path.

    The content goes to a temporary file in the same folder, is flushed to the disk, and takes the name ``path`` in one
    step. Whatever stops it half-way, Ctrl-C too, the temporary file goes and an older file under that name stays.

    Args:
        content: bytes as they are, or text, which is written as UTF-8 with its line ends untouched.

    Raises:
        OSError: the folder does not exist, cannot be written to, or is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def folder(out: Path) -> Path:
    """Return the folder to write to; it is made if it is not there.

    Raises:
        UserError: it cannot be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as refusal:
        raise UserError(_("{folder}: cannot be made ({why}).").format(folder=out, why=reason(refusal))) from None
    if not os.access(out, os.W_OK):
        raise UserError(_("{folder}: cannot be written to.").format(folder=out))
    return out


def written(path: Path, content: str | bytes) -> Path:
    """Write a file as :func:`atomic_write` does, and return its path.

    Raises:
        UserError: it cannot be written, as when the disk is full.
    """
    try:
        return atomic_write(path, content)
    except OSError as refusal:
        raise _refused(path, refusal) from None


class Together:
    """Files that are to appear together; see :func:`together`.

    Attributes:
        out: the folder that they are for.
        new: a folder that stands for ``out`` until then; programs that write files of their own write here.
        replacing: files in it that may take the place of others.
    """

    def __init__(self, out: Path, private: Collection[str]):
        self.out, self._private, self._there = out, private, _absolute(out)
        there = self._there
        self._base = next(place for place in (there, *there.parents) if os.path.lexists(place))
        self._gathered = self._base / f"{NEW}{secrets.token_hex(6)}"
        self.new = self._gathered / "new" / there.relative_to(self._base)
        self._gone: list[Path] = []
        self.replacing: set[Path] = set()

    def write(self, place: str, content: str | bytes, replace: bool = False) -> Path:
        """Write a file and return where it will be.

        Args:
            place: its path within the folder.
            content: what stands in it.
            replace: whether it may take the place of one that is there.

        Raises:
            UserError: it cannot be written.
        """
        path = self.new / place
        if replace:
            self.replacing.add(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "xb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as refusal:
            raise _refused(self.out / place, refusal) from None
        return self.out / place

    def remove(self, place: str) -> None:
        """Take a file away that is there now, when the others appear."""
        if os.path.lexists(self.out / place):
            self._gone.append(self.out / place)

    def open(self) -> "subprocess.Popen[str]":
        """Start the process that puts the files in their places or clears them away, and make the folder for them."""
        command = [sys.executable, "-I", "-S", str(KEEPER), str(self._gathered)]
        pipe = subprocess.PIPE
        keeper = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8", start_new_session=True)
        try:
            self._gathered.mkdir(mode=PRIVATE_FOLDER)
            self.new.mkdir(parents=True)
        except OSError as refusal:
            keeper.communicate()
            said = _("{folder}: cannot be made ({why}).")
            raise UserError(said.format(folder=self.out, why=reason(refusal))) from None
        return keeper

    def settle(self, keeper: "subprocess.Popen[str]") -> None:
        """Have all files put in their places.

        Raises:
            UserError: something is in the way; everything is then as it was.
        """
        away = {_absolute(path) for path in self._gone}
        moves = list(_moves(self._gathered / "new", self._base))
        taken = [end for start, end in moves if start not in self.replacing and os.path.lexists(end)]
        if in_the_way := [end for end in taken if end not in away]:
            said = _("{file} is there already; nothing was written.")
            raise UserError(said.format(file=self._shown(path)) for path in in_the_way)
        orders: dict[str, list[Any]] = {
            "gone": list(map(str, away)),
            "moves": [[str(start), str(end)] for start, end in moves],
            "modes": [],
        }
        for name in self._private:
            if (self.new / name).is_dir():
                _close(self.new / name)
                orders["modes"].append([str(self._there / name), PRIVATE_FOLDER])
            elif (self.new / name).exists():
                (self.new / name).chmod(PRIVATE_FILE)
        answer, _nothing = keeper.communicate(json.dumps(orders) + "\n")
        if stopped := json.loads(answer):
            number, why, file = stopped
            raise _refused(self._shown(Path(file or self._there)), OSError(number, why))

    def _shown(self, path: Path) -> Path:
        """Return a path as the user would write it."""
        return self.out / path.relative_to(self._there) if path.is_relative_to(self._there) else path


@contextmanager
def together(out: Path, private: Collection[str] = ()) -> Iterator[Together]:
    """Write a set of files so that they appear in ``out`` together at the end, or, whatever stops it, not at all.

    What stands in ``out`` stays as it is until then. This holds although the program be killed: a process of its own
    clears up or brings to an end (:mod:`crmlib.support.keeper`).

    Args:
        out: a folder; it is made if it is not there.
        private: names within it of folders and files that nobody but their owner may read.

    Raises:
        UserError: something cannot be written.
    """
    files = Together(out, private)
    keeper = files.open()
    try:
        yield files
        files.settle(keeper)
    finally:
        if keeper.poll() is None:
            keeper.communicate()


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  (takes “..” out, which Path.absolute does not)


def _moves(new: Path, base: Path) -> Iterator[tuple[Path, Path]]:
    """Yield what to move where: a folder as a whole where there is none yet of its name, else what stands in it."""
    for path in sorted(new.iterdir()):
        end = base / path.name
        if path.is_dir() and end.is_dir():
            yield from _moves(path, end)
        elif os.path.lexists(end) and path.is_dir() != end.is_dir():
            raise _refused(end, OSError(errno.EISDIR if end.is_dir() else errno.EEXIST, ""))
        else:
            yield path, end


def _close(folder: Path) -> None:
    """Keep a folder and what stands in it from all but its owner."""
    folder.chmod(PRIVATE_FOLDER)
    for path in folder.rglob("*"):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)


def _refused(file: Path, refusal: OSError) -> UserError:
    return UserError(_("{file} cannot be written: {why}.").format(file=file, why=reason(refusal)))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file while it is read and written anew; whoever else asks for it, in any process, waits.

    The lock lies on a file beside it, which stays. The system lets go of it when its holder ends, however that happens.

    Raises:
        OSError: the folder does not exist or cannot be written to.
    """
    with path.with_name(f".{path.name}.lock").open("ab") as held:
        if sys.platform == "win32":
            import msvcrt

            held.seek(0)
            msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)
        elif sys.platform != "emscripten":  # there is one process in a browser
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip, in order of their names and without dates: the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name, YEAR_ZERO)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return packed.getvalue()


def unzipped(archive: bytes | Path) -> dict[str, bytes]:
    """Return the files in a zip."""
    with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def file_digest(path: Path) -> str:
    """Return the SHA-256 of what a file holds."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def undated(workbook: bytes) -> bytes:
    """Take the time of writing out of an .xlsx file."""
    parts = unzipped(workbook)
    parts["docProps/core.xml"] = re.sub(rb"\d{4}-\d\d-\d\dT[0-9:.]+Z", STAMP, parts["docProps/core.xml"])
    return zipped(parts)
