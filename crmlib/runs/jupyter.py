"""The heavy Jupyter libraries, imported through here alone so that they come without their slowest part.

nbformat → jsonschema imports ``rfc3987_syntax``, which compiles 38 grammars on import (more than a second) for a check
of international addresses that no notebook schema asks for; jsonschema treats the module as optional. Known upstream:
python-jsonschema/jsonschema issue 1428. ``tests/test_build.py`` says when this is no longer needed.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import nbformat  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: E402
from nbformat import NotebookNode  # noqa: E402
from traitlets.config import Config  # noqa: E402

__all__ = [
    "CellExecutionError",
    "CellTimeoutError",
    "DeadKernelError",
    "NotebookClient",
    "NotebookNode",
    "kernel_config",
    "nbformat",
    "what_a_cell_said",
]

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


def kernel_config(folder: str) -> Config:
    """Return a configuration in which a kernel talks through files in ``folder``: TCP ports of kernels collide.

    Windows has no such sockets; there the default is kept.
    """
    config = Config()
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{folder}/k"
    return config


def what_a_cell_said(failure: CellExecutionError) -> str:
    """Return the sentence a failed cell ended with, without its traceback."""
    return f"{failure.evalue}" if failure.evalue else str(failure.ename)


def drop_volatile(notebook: NotebookNode) -> NotebookNode:
    """Take out of an executed notebook what changes from run to run: widget state, model ids, versions."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("papermill", None)
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data.pop(WIDGET_MIME, None)
                output.metadata = {}
    return notebook
