"""Folders that a later run takes up again: what was begun in one, and the refusal of one that holds something else."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _

T = TypeVar("T")


def begun(out: Path, place: str, kind: TypeAdapter[T], strangers: str) -> T | None:
    """Return what was begun in a folder, or None where there is nothing yet.

    Args:
        out: the folder.
        place: of the file within it that says what was begun.
        kind: what the file holds.
        strangers: what is said of a folder that holds files of something else; ``{folder}`` stands for it.

    Raises:
        UserError: the file cannot be read, or the folder holds something else.
    """
    file = out / place
    try:
        return kind.validate_json(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        if any(any(part.iterdir()) for part in (out / "students", out / "instructor") if part.is_dir()):
            raise UserError(strangers.format(folder=out)) from None
        return None
    except OSError as refusal:
        raise UserError(_("{file} cannot be read: {why}.").format(file=file, why=reason(refusal))) from None
    except ValidationError:
        raise UserError(_("{file} cannot be read; choose another folder.").format(file=file)) from None


def differing(parts: Mapping[str, str], begun: Mapping[str, object], wanted: Mapping[str, object]) -> str:
    """Return what is not the same of what was begun and what is wanted, in words; empty where all of it is.

    Args:
        parts: what each part is called, to be translated.
        begun: by part.
        wanted: by part.
    """
    return _(", ").join(_(label) for part, label in parts.items() if begun.get(part) != wanted[part])
