"""Writing files so that a reader never meets half of one."""

import os
import secrets
from pathlib import Path


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
