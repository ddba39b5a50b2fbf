"""A student's own working copies of the notebooks: what is run, saved and written in is hers, and nothing git tracks.

The pages that notebooks link to, such as the sample papers, come with them.

The hub keeps them in each student's folder, ``work.py lab`` in the workbook's ``mine``. It imports nothing of the
workbook that takes memory: every student's server has it.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path

from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import NOTEBOOKS
from crmlib.support.files import atomic_write

DELIVERED = ".crm-delivered.json"
"""The file that says what was delivered: the digest of each notebook."""


KINDS = ("*.ipynb", "*/*.html")
"""What is delivered of the folder of a language."""


def deliver(home: Path) -> list[Path]:
    """Bring the notebooks and their pages into ``home/notebooks`` and return those that came.

    A missing notebook is copied. A copy whose cells still say what was delivered is replaced when the workbook has a
    newer one. A copy in which the student has written is left alone, always; the newer one comes beside it.

    Raises:
        OSError: the folder cannot be written to.
    """
    known, came = _delivered(home), []
    for source in sorted(path for lang in LANGUAGES for kind in KINDS for path in (NOTEBOOKS / lang).glob(kind)):
        new = _digest(source) or ""
        if name := _place(home, source.relative_to(NOTEBOOKS.parent), new, known):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            came.append(atomic_write(home / name, source.read_bytes()))
            known[name] = new
    atomic_write(home / DELIVERED, json.dumps(known, indent=1))
    return came


def _place(home: Path, path: Path, new: str, known: dict[str, str]) -> str | None:
    """Return where the edition with that digest is to go, or None where the student has it or has put it away."""
    for name in _names(path):
        present = _digest(home / name)
        if present == new:
            known[name] = new
            return None
        if present is None and (name == path.as_posix() or known.get(name) != new):
            return name
        if known.get(name) == new:  # she has written in it, or removed it from beside her own
            return None
        if present == known.get(name):
            return name
    raise AssertionError("names never end")


def _names(path: Path) -> Iterator[str]:
    """Yield the names an edition may have: the notebook's own, then those beside it."""
    yield path.as_posix()
    for number in count(1):
        yield path.with_stem(f"{path.stem}.new{number if number > 1 else ''}").as_posix()


def _delivered(home: Path) -> dict[str, str]:
    """Return the digests of what was delivered; a record that cannot be read knows nothing, so nothing is replaced."""
    with suppress(OSError, ValueError, RecursionError):
        known = json.loads((home / DELIVERED).read_text("utf-8"))
        if isinstance(known, dict):
            return known
    return {}


def _digest(path: Path) -> str | None:
    """Return the digest of what a notebook's cells say, "" of what is no notebook, None of what is not there.

    Outputs and metadata do not count: JupyterLab changes them when a notebook is opened or run. Of a page all counts.
    """
    try:
        if path.suffix == ".html":
            return sha256(path.read_bytes()).hexdigest()
        cells = json.loads(path.read_bytes())["cells"]
        said = [[cell["cell_type"], "".join(cell["source"]), cell.get("attachments", {})] for cell in cells]
    except FileNotFoundError:
        return "" if path.is_symlink() else None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
