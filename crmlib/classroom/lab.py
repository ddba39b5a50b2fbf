"""JupyterLab as a student meets it: her own copies, the workbook's settings. ``python -m crmlib.classroom.lab zh``.

Here for ``work.py lab``; :mod:`crmlib.classroom.server` does the same for each student of a hub.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from crmlib.classroom.copies import deliver
from crmlib.core.errors import reason
from crmlib.core.i18n import LANGUAGES, NAMES, _, speaking, use
from crmlib.core.paths import own_folder
from crmlib.support import light  # noqa: F401  (before jupyter_server brings nbformat in: half the time a server takes to start)
from crmlib.support.files import atomic_write

UNUSED = (
    "@jupyter/nbgrader",
    "@jupyterlab/application-extension:property-inspector",
    "@jupyterlab/cell-toolbar-extension",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension",
)
"""Panels and buttons of JupyterLab that a reader does without; they took a fifth of a telephone's width."""
EXTENSIONS = Path(__file__).parent / "labextensions"
"""What JupyterLab's settings cannot say."""
STANDINS = Path(__file__).parent / "standins"
"""In place of extensions that are installed for the site's JupyterLite and would complain in JupyterLab."""
LOCALES = {"zh": "zh_CN", "en": "en"}
NBGRADER = [
    f"nbgrader.server_extensions.{part}"
    for part in ("assignment_list", "course_list", "formgrader", "validate_assignment")
]


def start_page(lang: str, folder: str = "") -> str:
    """Return the address of the page a student begins on, her copies being in ``folder`` of what is served."""
    return f"/lab/tree/{folder}notebooks/{lang}/00_start.ipynb"


def furnish(home: Path, lang: str) -> None:
    """Fill a student's folder and have the JupyterLab of this process use it; call it before Jupyter is imported.

    A disk that is full keeps nobody from clearing it up: what cannot be written is said, and JupyterLab starts all the
    same.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        beside = [path for path in deliver(home) if Path(path.stem).suffix]
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
            filter(None, [str(settings(home, lang)), os.environ.get("JUPYTER_CONFIG_PATH")])
        )
    except OSError as refusal:
        print(_("{file} cannot be written: {why}.").format(file=home, why=reason(refusal)), file=sys.stderr)
    else:
        for path in beside:
            print(
                _("You have written in a notebook that has a new edition: it lies beside yours, {file}.").format(
                    file=path
                )
            )
    os.environ.setdefault("IPYTHONDIR", str(home / ".ipython"))
    os.environ.setdefault("JUPYTERLAB_WORKSPACES_DIR", str(home / ".jupyter" / "workspaces"))


def settings(home: Path, lang: str) -> Path:
    """Write what JupyterLab is to start with, and return the folder it looks in.

    One button runs a notebook; the menus are in ``lang``; nothing is asked of the network, no other program is started;
    nbgrader, an instructor's tool, is left out, which saves a quarter of the server's memory. What students set
    themselves still wins.
    """
    folder = home / ".jupyter"
    (folder / "labconfig").mkdir(parents=True, exist_ok=True)
    for name, content in {
        "labconfig/default_setting_overrides.json": overrides(lang),
        "labconfig/page_config.json": {"disabledExtensions": dict.fromkeys(UNUSED, True)},
        "jupyter_server_config.json": {
            "ServerApp": {
                "contents_manager_class": "crmlib.classroom.contents.Notebooks",
                "jpserver_extensions": dict.fromkeys(NBGRADER, False),
            },
            "LabApp": {"extra_labextensions_path": [str(EXTENSIONS), str(STANDINS)], "extension_manager": "readonly"},
            "LanguageServerManager": {"autodetect": False},
        },
    }.items():
        atomic_write(folder / name, json.dumps(content))
    return folder


def overrides(lang: str) -> dict[str, dict[str, Any]]:
    """Return JupyterLab's settings as they are before a student changes them."""
    labels = {}
    for spoken in LANGUAGES:
        with speaking(spoken):
            labels[spoken] = _("▶ Start")
    start = {"name": "crm-start", "command": "crm:start", "args": {"labels": labels}, "rank": 0}
    change = {"name": "crm-language", "command": "crm:language", "label": " / ".join(NAMES.values()), "rank": 999}
    return {
        "@jupyterlab/translation-extension:plugin": {"locale": LOCALES[lang]},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/notebook-extension:panel": {"toolbar": [start, change]},
        "@jupyterlab/notebook-extension:tracker": {"scrollPastEnd": False, "windowingMode": "none"},
    }


def main(lang: str, *arguments: str) -> None:
    """Serve the workbook's folder, or the one that ``CRM_HOME`` names; the copies lie in its ``mine``."""
    use(lang)
    root = own_folder()
    furnish(root / "mine", lang)
    from jupyterlab.labapp import main as serve  # JupyterLab's folders are decided on import

    sys.argv[1:] = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url={start_page(lang, 'mine/')}", *arguments]
    serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
