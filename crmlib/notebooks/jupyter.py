"""The heavy Jupyter libraries, imported through here alone so that they come without their slowest part."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crmlib.support import light  # noqa: F401  # isort: skip  (before nbformat: see there)

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from crmlib.notebooks.forked_kernel import QUIET
from crmlib.support.mime import WIDGET_MIME

__all__ = [
    "CellExecutionError",
    "CellTimeoutError",
    "DeadKernelError",
    "NotebookClient",
    "NotebookNode",
    "as_text",
    "assembled",
    "client",
    "kernel_config",
    "nbformat",
    "new_cell",
    "what_a_cell_said",
]


def kernel_config(folder: str) -> Config:
    """Return a configuration in which a kernel talks through files in ``folder``: TCP ports of kernels collide.

    Windows has no such sockets; there the default is kept. All that a kernel leaves behind if it is killed lies in
    ``folder``.
    """
    config = Config()
    config.KernelManager.connection_file = f"{folder}/kernel.json"
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{folder}/k"
    return config


def client(notebook: NotebookNode, folder: Path, sockets: str, **more: Any) -> NotebookClient:
    """Return what runs a notebook in a kernel of its own and keeps no state of widgets.

    Args:
        notebook: what is run; its outputs are put into it.
        folder: where the kernel works.
        sockets: what :func:`kernel_config` is told.
        more: what else :class:`NotebookClient` is told.
    """
    return NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,  # on a busy machine what a cell prints comes in pieces
        config=kernel_config(sockets),
        extra_arguments=QUIET,
        **more,
    )


def new_cell(kind: str, source: str, **metadata: Any) -> NotebookNode:
    """Return a cell that has not been run; ``kind`` is ``"code"``, or else it is text."""
    make: Any = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    cell: NotebookNode = make(source, metadata=metadata)
    return cell


def assembled(cells: Iterable[NotebookNode], name: str) -> NotebookNode:
    """Return a notebook of cells, which are numbered after ``name``."""
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=list(cells))
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{name}-{number:03d}"
    return notebook


def as_text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    return f"{nbformat.writes(notebook)}\n"


def what_a_cell_said(failure: CellExecutionError) -> str:
    """Return the sentence a failed cell ended with, without its traceback."""
    return f"{failure.evalue}" if failure.evalue else str(failure.ename)


def drop_volatile(notebook: NotebookNode) -> NotebookNode:
    """Take out of an executed notebook what changes from run to run: widget state, ids, versions."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("papermill", None)
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"  # papermill draws one at random
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data.pop(WIDGET_MIME, None)
                output.metadata = {}
    return notebook
