"""A student's server: it fills the student's own folder with the notebooks, then serves it.

``python -m crmlib.classroom.server zh`` stands in for ``jupyterhub-singleuser`` and runs in the student's name: so the
hub, which may be root, never writes where a student could have laid a link. Every student has such a process, so it
imports nothing of the workbook that takes memory.
"""

import os
import sys

from crmlib.classroom.lab import furnish
from crmlib.core.paths import own_folder

FOLDER = "~/crm"
"""Where a student's own folder is; the server's ``CRM_HOME`` says so to the workbook."""


def main(lang: str, *arguments: str) -> None:
    """Fill the own folder, then serve."""
    os.umask(0o077)  # what a student writes, others cannot read
    furnish(own_folder(), lang)
    from jupyterhub.singleuser import main as serve  # JupyterLab's folders are decided on import

    sys.argv[1:] = arguments
    serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
