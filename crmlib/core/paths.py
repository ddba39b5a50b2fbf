"""Where the workbook keeps things. Everything is found from this file, never from the working folder."""

import os
from pathlib import Path

from crmlib.core.errors import UserError
from crmlib.core.i18n import _

PACKAGE = Path(__file__).resolve().parent.parent
BOOK = "book"
"""The folder within the package that holds data, casebook and sources where it was installed without its workbook."""
ROOT = PACKAGE / BOOK if (PACKAGE / BOOK).is_dir() else PACKAGE.parent
DATA = ROOT / "data"
CASEBOOK = ROOT / "casebook"
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "src"
UNATTENDED = {"CRM_UNATTENDED": "1"}
"""Environment of a kernel that runs with nobody looking on."""


def own_folder() -> Path:
    """Return where the user's own work is kept: the folder named in ``CRM_HOME``, else the workbook's own.

    Where a class shares one workbook (:mod:`crmlib.classroom`), each student has such a folder; ``~`` is their home.
    """
    named = os.environ.get("CRM_HOME")
    try:
        return Path(named).expanduser().absolute() if named else ROOT
    except RuntimeError:
        said = _("CRM_HOME is “{folder}”: there is no such user; name a folder.")
        raise UserError(said.format(folder=named)) from None


def unattended() -> bool:
    """Tell whether notebooks run with nobody looking on: built, tested, or rerun by a command.

    Nothing is then drawn live, and what a user did before is neither read nor kept.
    """
    return UNATTENDED.items() <= os.environ.items()
