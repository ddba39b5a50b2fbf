"""What a notebook needs, imported once for all kernels, by the fork server of ``fork_server`` as it starts.

Imported anywhere else it does nothing. No thread may live here across the fork.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path

from crmlib.core.errors import UserError

NAMES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "tornado.queues",
    "psutil",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "pandas",
    "pandas.io.formats.format",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "ipywidgets",
    "anywidget",
    "crmlib.chapters.studies",
    "crmlib.explorer",
    "crmlib.learning",
)


def preload() -> None:
    """Import what chapters and cases import; stop where whoever asked has ended already."""
    asker = os.getppid()
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # optional; nobody steps through a rerun
    for name in NAMES:
        package = import_module(name)
        if name.startswith("crmlib.") and hasattr(package, "__path__"):
            for file in sorted(Path(package.__path__[0]).glob("[a-z]*.py")):
                import_module(f"{name}.{file.stem}")
        if os.getppid() != asker:
            os._exit(0)
    for chapter in import_module("crmlib.chapters").chapters().values():
        list(chapter.modules())
    import_module("crmlib.plotting.library").packed()
    with suppress(UserError):  # a bank that cannot be read is said where it is asked for
        import_module("crmlib.items.bank").bank()


def be_silent() -> None:
    """Say nothing: whoever reads what the asker says need not wait for us."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


PATH = [folder for folder in sys.path if folder]
if getattr(sys.modules["__main__"], "main", None) is forkserver.main:
    be_silent()
    sys.path[:] = PATH
    preload()
