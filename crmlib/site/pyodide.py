"""A folder with Pyodide, as its makers publish it: whether all is there that the notebooks need, unchanged.

Pyodide is not on PyPI. Its archive is unpacked by whoever builds the site; each package in it is held to the hash that
``pyodide-lock.json`` gives, and the browser holds it to that again.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any
from zipfile import Path as ZipPath
from zipfile import ZipFile

from packaging.requirements import Requirement
from pydantic import BaseModel, Field

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _

VERSION, PYTHON = "314.0.6", "3.14"
"""The Pyodide that JupyterLite's kernel is made for, and its Python; a test compares them with the kernel's own."""
LOCK = "pyodide-lock.json"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)
"""What starts Python in a browser; no package."""
KERNEL = ("ipython", "jedi", "micropip")
"""Packages that JupyterLite's kernel asks for itself."""
IN_BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "python_version": PYTHON, "extra": ""}
"""What a package may ask of where it runs."""
SHOWN = 5
"""So many missing files are named; of more, their number is said."""


class Info(BaseModel):
    """What a lock says of its Pyodide, as far as it matters here."""

    python: str


class Package(BaseModel):
    """What a lock says of a package, as far as it matters here."""

    file_name: str = Field(pattern=r"^\w[\w.+-]*$")
    sha256: str
    depends: list[str]


class Lock(BaseModel):
    """A lock of Pyodide; no name in it leads out of the folder."""

    info: Info
    packages: dict[str, Package]


def lock(folder: Path) -> dict[str, Any]:
    """Return what the lock of a Pyodide says.

    Args:
        folder: with Pyodide.

    Raises:
        UserError: there is no such file, it cannot be read, or it is of another Python.
    """
    path = folder / LOCK
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        found = Lock.model_validate(told).info.python
    except FileNotFoundError:
        raise UserError(
            to_be_had(_("{folder} holds no Pyodide ({file} is missing).").format(folder=folder, file=LOCK))
        ) from None
    except OSError as refusal:
        raise UserError(_("{file} cannot be read: {why}.").format(file=path, why=reason(refusal))) from None
    except ValueError:  # a refusal of pydantic's is one too
        raise UserError(to_be_had(_("{file} is not the lock of a Pyodide.").format(file=path))) from None
    if found.split(".")[:2] != PYTHON.split("."):
        said = _("{folder} holds a Pyodide with Python {found}; JupyterLite's kernel needs Python {wanted}.")
        raise UserError(to_be_had(said.format(folder=folder, found=found, wanted=PYTHON)))
    return told


def needed(packages: Mapping[str, Any], wanted: Collection[str]) -> list[str]:
    """Return the names of packages with all that they depend on, in order of their names.

    >>> needed({"a": {"depends": ["B_b"]}, "b-b": {"depends": []}, "c": {"depends": []}}, ["a"])
    ['a', 'b-b']
    """
    found: set[str] = set()
    ahead = [named(name) for name in wanted]
    while ahead:
        name = ahead.pop()
        if name not in found and name in packages:
            found.add(name)
            ahead += map(named, packages[name]["depends"])
    return sorted(found)


def named(package: str) -> str:
    """Return a package's name as the lock's keys have it."""
    return package.lower().replace("_", "-").replace(".", "-")


def files(folder: Path, told: Mapping[str, Any], names: Collection[str]) -> Iterator[Path]:
    """Yield the files of Pyodide itself and of some packages, once all are there and none was changed.

    Raises:
        UserError: which are missing, and where they are to be had; or which are not what the lock names.
    """
    of = {told["packages"][name]["file_name"]: told["packages"][name]["sha256"] for name in names}
    missing = [name for name in (*CORE, *of) if not (folder / name).is_file()]
    if missing:
        shown = _(", ").join(missing[:SHOWN])
        if len(missing) > SHOWN:
            shown = _("{names} and {n} more").format(names=shown, n=len(missing) - SHOWN)
        raise UserError(to_be_had(_("{folder} lacks files of Pyodide: {names}.").format(folder=folder, names=shown)))
    for name, wanted in of.items():
        if sha256((folder / name).read_bytes()).hexdigest() != wanted:
            said = _("{file} is not the file that {lock} names (its SHA-256 is another); get it again.")
            raise UserError(said.format(file=folder / name, lock=LOCK))
    yield from (folder / name for name in (*CORE, *of))


def with_wheels(told: Mapping[str, Any], wheels: Sequence[Path]) -> str:
    """Return the lock of a Pyodide, as JSON, with wheels added that lie beside it.

    Each is named with its version, its SHA-256, the modules that call for it, and those of the packages it depends on
    that the lock knows.
    """
    packages = {**told["packages"], **{named(entry["name"]): entry for entry in map(_entry, wheels)}}
    for wheel in wheels:
        entry = packages[named(wheel.name.partition("-")[0])]
        entry["depends"] = sorted({named(name) for name in entry["depends"]} & {*packages})
    return json.dumps({**told, "packages": packages}, sort_keys=True) + "\n"


def _entry(wheel: Path) -> dict[str, Any]:
    """Return what the lock says of a wheel; it may depend on more than the lock knows."""
    name, version = wheel.name.split("-")[:2]
    with ZipFile(wheel) as archive:
        info = PathDistribution(ZipPath(archive, f"{name}-{version}.dist-info/"))
        asked = [Requirement(line) for line in info.requires or ()]
        tops = {path.split("/")[0].removesuffix(".py") for path in archive.namelist() if path.endswith(".py")}
    return {
        "name": named(name),
        "version": version,
        "file_name": wheel.name,
        "sha256": sha256(wheel.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": sorted(top for top in tops if top.isidentifier()),
        "depends": [one.name for one in asked if one.marker is None or one.marker.evaluate(IN_BROWSER)],
        "unvendored_tests": False,
    }


def to_be_had(said: str) -> str:
    """Return a refusal with where Pyodide is to be had."""
    how = _(
        "{refusal} Get {archive} from the releases of github.com/pyodide/pyodide (tag {version}), unpack it, "
        "and name its folder with --pyodide."
    )
    return how.format(refusal=said, archive=f"pyodide-{VERSION}.tar.bz2", version=VERSION)
