"""A student's server: it fills the student's own folder with the notebooks, then serves it.

``python -m crmlib.classroom.server zh`` stands in for ``jupyterhub-singleuser`` and runs in the student's name: so the
hub, which may be root, never writes where a student could have laid a link. Every student has such a process, so it
imports nothing of the workbook that takes memory.
"""

import json
import os
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from crmlib import lean  # noqa: F401  (before jupyter_server brings nbformat in: half the time a server takes to start)
from crmlib.errors import reason
from crmlib.files import atomic_write
from crmlib.i18n import LANGUAGES, _
from crmlib.paths import NOTEBOOKS, own_folder

FOLDER = "~/crm"
"""Where a student's own folder is; the server's ``CRM_HOME`` says so to the workbook."""
DELIVERED = ".crm-delivered.json"
"""The file in it that says what was delivered: the digest of each notebook."""
LOCALES = {"zh": "zh_CN", "en": "en"}
NBGRADER = [
    f"nbgrader.server_extensions.{part}"
    for part in ("assignment_list", "course_list", "formgrader", "validate_assignment")
]


def deliver(home: Path) -> list[Path]:
    """Bring the notebooks into a student's folder and return those that came.

    A missing notebook is copied. A copy whose cells still say what was delivered is replaced when the workbook has a
    newer one. A copy in which the student has written is left alone, always.

    Raises:
        OSError: the folder cannot be written to.
    """
    known, came = _delivered(home), []
    for source in sorted(path for lang in LANGUAGES for path in (NOTEBOOKS / lang).glob("*.ipynb")):
        name = source.relative_to(NOTEBOOKS.parent).as_posix()
        new, present = _digest(source) or "", _digest(home / name)
        if present == "" or present not in (None, new, known.get(name)):
            continue
        if present != new:
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            came.append(atomic_write(home / name, source.read_bytes()))
        known[name] = new
    atomic_write(home / DELIVERED, json.dumps(known, indent=1))
    return came


def _delivered(home: Path) -> dict[str, str]:
    """Return the digests of what was delivered; a record that cannot be read knows nothing, so nothing is replaced."""
    with suppress(OSError, ValueError, RecursionError):
        known = json.loads((home / DELIVERED).read_text("utf-8"))
        if isinstance(known, dict):
            return known
    return {}


def _digest(path: Path) -> str | None:
    """Return the digest of what a notebook's cells say, "" of what is no notebook, None of what is not there.

    Outputs and metadata do not count: JupyterLab changes them when a notebook is opened or run.
    """
    try:
        cells = json.loads(path.read_bytes())["cells"]
        said = [[cell["cell_type"], "".join(cell["source"]), cell.get("attachments", {})] for cell in cells]
    except FileNotFoundError:
        return "" if path.is_symlink() else None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def settings(home: Path, lang: str) -> Path:
    """Write what JupyterLab is to start with, and return the folder it looks in.

    No news are fetched; the menus are in ``lang``; nbgrader, an instructor's tool, is left out, which saves a quarter
    of the server's memory. What students set themselves still wins.
    """
    folder = home / ".jupyter"
    (folder / "labconfig").mkdir(parents=True, exist_ok=True)
    for name, content in {
        "labconfig/default_setting_overrides.json": {
            "@jupyterlab/translation-extension:plugin": {"locale": LOCALES[lang]},
            "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        },
        "labconfig/page_config.json": {"disabledExtensions": {"@jupyter/nbgrader": True}},
        "jupyter_server_config.json": {"ServerApp": {"jpserver_extensions": dict.fromkeys(NBGRADER, False)}},
    }.items():
        atomic_write(folder / name, json.dumps(content))
    return folder


def main(lang: str, *arguments: str) -> None:
    """Fill the own folder, then serve; a disk that is full keeps nobody from clearing it up."""
    os.umask(0o077)  # what a student writes, others cannot read
    home = own_folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
        deliver(home)
        os.environ["JUPYTER_CONFIG_PATH"] = str(settings(home, lang))
    except OSError as refusal:
        print(_("{file} cannot be written: {why}.").format(file=home, why=reason(refusal)), file=sys.stderr)
    from jupyterhub.singleuser import main as serve  # JupyterLab's folders are decided on import

    sys.argv[1:] = arguments
    serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
