"""What lies finished in a folder of reruns and from what it was made, so that ``--resume`` redoes only the rest.

The manifest is one small JSON file beside the others. A file counts as finished if its name stands there with the
digest of all that it is made from and of what it holds; so a file that was changed or cut short is made anew.
"""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK, DATA, ROOT
from crmlib.reruns.rerun import Rerun, digest
from crmlib.support.files import file_digest, written

NAME = "crm-rerun.json"
SOURCES = (".py", ".js", ".css", ".mo")
LIBRARIES = ("nbconvert", "numpy", "pandas", "plotly", "scipy")


class Entry(BaseModel):
    """One finished file: digests of what it was made from and of what it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    made_from: str
    holds: str


Entries = dict[str, Entry]
_entries = TypeAdapter(Entries)


def read(out: Path) -> Entries:
    """Return what is finished in a folder, by the name of the file.

    Raises:
        UserError: the manifest is damaged.
    """
    path = out / NAME
    try:
        return _entries.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError):
        raise UserError(_("{file} is damaged, so everything is done anew.").format(file=path)) from None


def record(out: Path, origin: str, names: Iterable[str]) -> None:
    """Note files as finished; what another command noted meanwhile stays.

    Args:
        out: their folder.
        origin: what they were made from, as :func:`origin_of` gave it before that began.
        names: the files.

    Raises:
        UserError: the manifest cannot be written.
    """
    try:
        entries = read(out)
    except UserError:
        entries = {}
    entries |= {name: Entry(made_from=origin, holds=file_digest(out / name)) for name in names}
    written(out / NAME, _entries.dump_json(dict(sorted(entries.items())), indent=1).decode() + "\n")


def is_finished(out: Path, entries: Entries, origin: str, name: str) -> bool:
    """Tell whether a file is there, whole, and made from what it would be made from now."""
    entry, path = entries.get(name), out / name
    return bool(entry and path.is_file() and entry.made_from == origin and entry.holds == file_digest(path))


def origin_of(agreed: Rerun) -> str:
    """Return a digest of all that a rerun is made from: notebook, inputs, data, the package and its libraries."""
    packaged = [DATA / f"{dataset}.{kind}" for dataset in agreed.study().datasets for kind in ("csv", "yaml")]
    files = [agreed.job().source, CASEBOOK / agreed.case / "case.yaml", *packaged, *agreed.tables.values()]
    parameters = {name: str(value) for name, value in agreed.parameters().items()}
    said = [agreed.chosen.scenario.model_dump(), agreed.links, agreed.moves]
    return digest([agreed.lang, parameters, said, [file_digest(path) for path in files if path.is_file()], _package()])


@cache
def _package() -> list[str]:
    """Return digests of the package's own files, and the versions of what it computes and draws with."""
    files = sorted(path for path in (ROOT / "crmlib").rglob("*") if path.suffix in SOURCES)
    return [file_digest(path) for path in files] + [version(name) for name in LIBRARIES]
