"""The notebooks themselves beside the site, for those who want to change code: JupyterLite, with Pyodide as its kernel.

All that runs is in the site. JupyterLite's own builder lays JupyterLab out; Pyodide comes from a folder
(:mod:`crmlib.site.pyodide`), what it lacks from the package index as wheels of pure Python, each held to the hashes of
``requirements.lock``; ``crmlib`` is a wheel made here, with data, casebook and sources in it. All of them stand in
Pyodide's lock, so that a cell that imports ``crmlib`` has them loaded.
"""

import importlib.util
import json
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import yaml
from markupsafe import escape
from packaging.requirements import Requirement

from crmlib.core.errors import UserError, missing_extra, reason
from crmlib.core.i18n import LANGUAGES, _, speaking
from crmlib.core.paths import BOOK, CASEBOOK, DATA, NOTEBOOKS, PACKAGE, ROOT, SOURCES
from crmlib.exams import samples
from crmlib.items import bank
from crmlib.notebooks.jupyter import nbformat
from crmlib.site import pyodide
from crmlib.support.programs import failure
from crmlib.support.strict_yaml import plain_yaml

FOLDER = "lite"
"""Where it stands within the site."""
PURE = (
    *("anywidget", "comm", "defusedxml", "et-xmlfile", "fsrs", "ipywidgets"),
    *("latex2mathml", "openpyxl", "plotly", "psygnal"),
)
"""Packages that the notebooks use and Pyodide lacks; a test holds the notebooks to these and to what Pyodide has."""
EXTENSIONS = (
    "@jupyterlite/pyodide-kernel-extension",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
    "jupyterlab-plotly",
)
"""What JupyterLab loads beside its own."""
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
FILES = {"@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False}}
"""Further settings: the files of a site are of no date."""
LONGEST = 600.0
"""Seconds that one program may take."""
NOISE = re.compile(r"WARNING|warn|\[notice\]")
"""What programs say beside the reason why they failed."""


@dataclass(frozen=True)
class Lab:
    """What the JupyterLab of the site is to be like.

    Attributes:
        pyodide: a folder with Pyodide.
        settings: of JupyterLab, for each language.
        extensions: a folder with extensions of the workbook's own.
        unused: extensions that are not loaded.
    """

    pyodide: Path
    settings: Mapping[str, Mapping[str, Any]]
    extensions: Path
    unused: Collection[str]


def check(lab: Lab) -> None:
    """Refuse at once what would be refused after minutes of work.

    Raises:
        UserError: the extra is not installed, or something is the matter with the folder of Pyodide.
    """
    modules = ("hatchling", "jupyterlite_core", "jupyterlite_pyodide_kernel")
    if not all(map(importlib.util.find_spec, modules)):
        raise missing_extra("--lite", "lite")
    _held(lab.pyodide)


def _held(folder: Path) -> tuple[dict[str, Any], list[Path]]:
    """Return the lock of a Pyodide and the files that are needed of it."""
    told = pyodide.lock(folder)
    names = pyodide.needed(told["packages"], [*wanted(), *pyodide.KERNEL])
    return told, list(pyodide.files(folder, told, names))


def wanted() -> list[str]:
    """Return the packages that ``crmlib`` and the pure ones ask for; Pyodide has some of them."""
    lines = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    asked = [Requirement(line) for line in [*lines, *(line for name in PURE for line in requires(name) or ())]]
    return sorted({one.name for one in asked if one.marker is None})


def write(out: Path, names: Sequence[str], lab: Lab) -> None:
    """Write JupyterLite with some notebooks in both languages.

    Args:
        out: a folder; it must not be there.
        names: of the notebooks.
        lab: what it is to be like.

    Raises:
        UserError: a file of Pyodide is missing or another, a wheel cannot be had or built, or a disk is full.
    """
    told, theirs = _held(lab.pyodide)
    try:
        with tempfile.TemporaryDirectory(prefix="crm-lite-") as place:
            work = Path(place)
            _runtime(work, told, theirs)
            _notebooks(work, names)
            _configure(work, lab)
            refused = _("JupyterLite could not be built ({why}).")
            _run([sys.executable, "-P", "-m", "jupyterlite_core", "build"], work, refused)
            _two_languages(work / "out", lab.settings)
            shutil.move(work / "out", out)
    except OSError as refusal:
        file = refusal.filename or out
        raise UserError(_("{file} cannot be written: {why}.").format(file=file, why=reason(refusal))) from None


def _runtime(work: Path, told: Mapping[str, Any], theirs: Sequence[Path]) -> None:
    """Gather Python and its packages where JupyterLite's builder looks for Pyodide."""
    folder = work / "static" / "pyodide"
    folder.mkdir(parents=True)
    for path in theirs:
        shutil.copyfile(path, folder / path.name)
    ours = [*downloaded(PURE, folder), wheel(work / "wheel", folder)]
    (folder / pyodide.LOCK).write_text(pyodide.with_wheels(told, ours), "utf-8")


def _notebooks(work: Path, names: Sequence[str]) -> None:
    """Gather the notebooks and the papers they lead to, in the folders that tell a kernel its language."""
    for lang in LANGUAGES:
        folder = work / "contents" / "notebooks" / lang
        shutil.copytree(NOTEBOOKS / lang / samples.FOLDER, folder / samples.FOLDER)
        for name in names:
            (folder / f"{name}.ipynb").write_text(as_told(NOTEBOOKS / lang / f"{name}.ipynb"), "utf-8")


def link(name: str, lang: str) -> str:
    """Return as HTML where a page's notebook runs; nothing where it has none."""
    if not (NOTEBOOKS / lang / f"{name}.ipynb").is_file():
        return ""
    with speaking(lang):
        said = _("Change the code: open this notebook with Python in the browser")
        note = _("About 60 MB are loaded the first time. What you change is kept in this browser.")
    place = f"../{FOLDER}/lab-{lang}/index.html?path=notebooks/{lang}/{name}.ipynb"
    return f'<p class="crm-lite"><a href="{place}">{escape(said)}</a> <small>{escape(note)}</small></p>'


def downloaded(names: Collection[str], folder: Path) -> list[Path]:
    """Download wheels of pure Python from the package index, each held to the hashes of ``requirements.lock``.

    Raises:
        UserError: one cannot be had or is another.
    """
    text = (ROOT / "requirements.lock").read_text("utf-8")
    lines = dict(re.findall(r"^([\w.-]+)(==.*(?:\n    --hash=.*)+)", text, re.MULTILINE))
    with tempfile.TemporaryDirectory(prefix="crm-wheels-") as place:
        pins, wheels = Path(place) / "pins.txt", Path(place) / "wheels"
        pins.write_text("\n".join(f"{name}{lines[name]}" for name in names), "utf-8")
        only = ["--only-binary=:all:", "--no-deps", "--require-hashes", "--platform=any", "--abi=none"]
        python = ["--implementation=py", f"--python-version={pyodide.PYTHON}", "--disable-pip-version-check", "--quiet"]
        command = [sys.executable, "-P", "-m", "pip", "download", *only, *python, "-d", str(wheels), "-r", str(pins)]
        _run(command, Path(place), _("The packages for the browser could not be downloaded ({why})."))
        return [Path(shutil.move(path, folder / path.name)) for path in sorted(wheels.glob("*.whl"))]


def as_told(path: Path) -> str:
    """Return a notebook with each text in one piece: JupyterLite, unlike a server, tells files as they are."""
    return json.dumps(nbformat.read(path, as_version=4), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def wheel(place: Path, folder: Path) -> Path:
    """Build the wheel of ``crmlib`` with what the notebooks read in it; nothing that students are not to have.

    Args:
        place: a folder to gather it in; it must not be there.
        folder: where the wheel is to lie.

    Raises:
        UserError: it cannot be built.
    """
    away = shutil.ignore_patterns("__pycache__", "*.py[co]")
    shutil.copytree(PACKAGE, place / PACKAGE.name, ignore=away)
    for name, content in book():
        path = place / PACKAGE.name / BOOK / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, place / name)
    (place / ".gitignore").write_text("", "utf-8")  # hatchling would look for one above
    command = [sys.executable, "-P", "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    _run(command, place, _("The package crmlib could not be built ({why})."))
    return next(folder.glob("crm_workbook-*.whl"))


def book() -> Iterator[tuple[str, bytes]]:
    """Yield what the notebooks read beside the package: place and content.

    Items that are marked for exams are left out, as are teaching notes, the user's own scenarios and the scripts that
    draw data.
    """
    for path in sorted([*DATA.glob("*.csv"), *DATA.glob("*.yaml"), *SOURCES.glob("*.md"), *CASEBOOK.rglob("*")]):
        parts = path.relative_to(ROOT).parts
        if path.suffix not in (".csv", ".md", ".yaml") or "mine" in parts or path.name.startswith(("teaching.", ".")):
            continue
        content = path.read_bytes()
        yield "/".join(parts), _for_practice(path, content) if path.parent == CASEBOOK / "items" else content


def _for_practice(path: Path, content: bytes) -> bytes:
    """Return a file of items without those marked for exams, and without their names."""
    kept = bank.bank().items
    told = plain_yaml(path)
    items = [item for item in told["items"] if item["id"] in kept]
    if len(items) == len(told["items"]) and not any({*item.get("enemies", ())} - {*kept} for item in items):
        return content
    rid = [{**item, "enemies": [one for one in item.get("enemies", ()) if one in kept]} for item in items]
    told["items"] = [{key: value for key, value in item.items() if value != [] or key != "enemies"} for item in rid]
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False).encode("utf-8")


def _configure(work: Path, lab: Lab) -> None:
    """Write what JupyterLite's builder reads, and what the JupyterLab it lays out does."""
    labextensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    own = [path.parent for path in sorted(lab.extensions.glob("*/package.json"))]
    for folder in (*(labextensions / name for name in EXTENSIONS), *own):
        name = folder.relative_to(labextensions) if folder.is_relative_to(labextensions) else Path(folder.name)
        shutil.copytree(folder, work / "labextensions" / name, ignore=shutil.ignore_patterns("*.map"))
    build = {
        "LiteBuildConfig": {
            "apps": ["lab"],
            "contents": ["contents"],
            "output_dir": "out",
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_libarchive": True,
            "source_date_epoch": 315532800,
        },
        "FederatedExtensionAddon": {"extra_labextensions_path": ["labextensions"]},
    }
    home = {"CRM_HOME": "/drive"}  # what a student does is kept where her notebooks are: in the browser
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"env": home}}
    page = {"disabledExtensions": sorted(lab.unused), "litePluginSettings": {KERNEL: kernel}}
    (work / "jupyter_lite_config.json").write_text(json.dumps(build), "utf-8")
    config = {"jupyter-lite-schema-version": 0, "jupyter-config-data": page}
    (work / "jupyter-lite.json").write_text(json.dumps(config), "utf-8")


def _two_languages(out: Path, settings: Mapping[str, Mapping[str, Any]]) -> None:
    """Make of the one page two, a language each, with the same notebooks and the same memory.

    JupyterLite opens the notebook that an address names only where the page's own name begins with ``lab``.
    """
    for lang in LANGUAGES:
        shutil.copytree(out / "lab", out / f"lab-{lang}")
        own = {"appUrl": f"/lab-{lang}", "settingsOverrides": {**settings[lang], **FILES}}
        _changed(out / f"lab-{lang}" / "jupyter-lite.json", own)
    shutil.rmtree(out / "lab")
    first = f"./lab-{LANGUAGES[0]}"
    _changed(out / "jupyter-lite.json", {"appUrl": first, "faviconUrl": f"{first}/favicon.ico"})


def _changed(path: Path, own: Mapping[str, Any]) -> None:
    """Change some of what a page of JupyterLite is told."""
    told = json.loads(path.read_text("utf-8"))
    told["jupyter-config-data"] |= own
    path.write_text(json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def _run(command: Sequence[str], folder: Path, refused: str) -> None:
    """Run a program in a folder, its files as old as an archive can have them.

    Args:
        refused: what is said when it fails, with ``{why}`` in it.
    """
    env = {"SOURCE_DATE_EPOCH": "315532800", "PYTHONWARNINGS": "ignore", "JUPYTER_NO_CONFIG": "1"}
    if why := failure(command, folder, NOISE, LONGEST, env):
        raise UserError(refused.format(why=why[-1]))
