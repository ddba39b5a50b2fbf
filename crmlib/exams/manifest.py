"""The manifest of a set of papers: all that is needed to make the same papers again, years later, without the bank."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

import crmlib
from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _
from crmlib.exams.paper import Paper

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What a set of papers was made from, and the papers.

    Attributes:
        format: of this file.
        version: of the workbook that made it.
        blueprint: its name.
        seed: what the papers were drawn with.
        bank: the mark of the bank they were drawn from.
        papers: every form and copy in every language, in full.
    """

    format: int
    version: str
    blueprint: str
    seed: int
    bank: str
    papers: tuple[Paper, ...]


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def manifest(blueprint: str, seed: int, bank: str, papers: tuple[Paper, ...]) -> Manifest:
    """Return the manifest of papers made now, as it will be when it is read again."""
    made = Manifest(FORMAT, crmlib.__version__, blueprint, seed, bank, papers)
    return _MANIFEST.validate_json(as_json(made))


def as_json(made: Manifest) -> str:
    """Return a manifest as it is kept."""
    content: dict[str, Any] = asdict(made)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Return a manifest read from its file.

    Raises:
        UserError: the file cannot be read, is no manifest, or of a format this version does not know.
    """
    try:
        content = path.read_bytes()
    except OSError as why:
        raise UserError(_("{file} cannot be read: {why}.").format(file=path, why=reason(why))) from None
    try:
        found = _MANIFEST.validate_json(content)
    except ValidationError as refusal:
        place = ".".join(str(step) for step in refusal.errors()[0]["loc"])
        said = _("{file} is not a manifest of papers, or it is damaged ({place}).")
        raise UserError(said.format(file=path, place=place or "–")) from None
    if found.format != FORMAT:
        said = _("{file} is a manifest of format {found}; this version reads format {known}.")
        raise UserError(said.format(file=path, found=found.format, known=FORMAT))
    return found
