"""What JupyterLab gets to open: a notebook whose kernel is gone shows its still pictures and says to run it again.

A notebook is saved with a reference to each of its widgets, which live in the kernel. JupyterLab would show
“model not found” in place of a widget that is no more, although a picture and a sentence are stored beside it.
"""

import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psutil
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.utils import ensure_async
from nbformat.v4 import new_output

from crmlib.support.mime import PLOTLY_MIME, WIDGET_MIME

RUN = "Shift+Enter"
"""What the sentence that says to run a cell has in it, in any language."""
LANGUAGE = {
    "name": "python",
    "version": platform.python_version(),
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": f"ipython{sys.version_info[0]}",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}
"""What the kernel says of itself. JupyterLab writes it into a notebook that says otherwise: it would be unsaved before
anybody has touched it."""


class Notebooks(AsyncLargeFileManager):
    """The files a student opens and saves."""

    async def get(self, path: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Return a file; a notebook whose widgets are no more comes without references to them."""
        model: dict[str, Any] = await super().get(path, *arguments, **options)  # type: ignore[no-untyped-call]
        if model["type"] == "notebook" and (notebook := model["content"]):
            told = notebook["metadata"].get("language_info")
            if isinstance(told, dict) and told.get("name") == "python":
                notebook["metadata"]["language_info"] = LANGUAGE
            if not await self._lives(path, model["last_modified"]):
                be_still(notebook)
        return model

    async def _lives(self, path: str, saved: datetime) -> bool:
        """Say whether the kernel that ran when the notebook was saved still runs."""
        server: Any = self.parent
        for session in await ensure_async(server.session_manager.list_sessions()):
            if session["path"] == path.strip("/"):
                kernel = server.kernel_manager.get_kernel(session["kernel"]["id"])
                with suppress(psutil.Error, AttributeError, ValueError):
                    return datetime.fromtimestamp(psutil.Process(kernel.provisioner.pid).create_time(), UTC) <= saved
        return False


def be_still(notebook: Any) -> None:
    """Take the references to widgets out of a notebook; beside a picture stands then what to do to have it move.

    A notebook that was saved with the state of its widgets keeps both.
    """
    if "widgets" in notebook["metadata"]:
        return
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [still for output in cell.get("outputs", []) for still in _still(output)]


def _still(output: Any) -> Iterator[Any]:
    data = output.get("data", {})
    yield output
    if data.pop(WIDGET_MIME, None) and PLOTLY_MIME in data and RUN in data.get("text/plain", ""):
        yield new_output("display_data", {"text/plain": data["text/plain"]})
