"""Writing files so that a reader never meets half of one, and so that the same content gives the same bytes."""

import hashlib
import io
import os
import secrets
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _

YEAR_ZERO = (1980, 1, 1, 0, 0, 0)
"""The date of what stands in an archive: the earliest that a zip can hold."""


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
        raise UserError(_("{file} cannot be written: {why}.").format(file=path, why=reason(refusal))) from None


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
        else:
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
