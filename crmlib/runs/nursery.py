"""A process that has imported what a notebook needs, and forks a kernel from itself when asked to.

Started by :mod:`crmlib.runs.warm` as ``python -m crmlib.runs.nursery``; answers JSON lines. Each kernel is a process of
its own with its own environment and folder; only the imports are shared. No thread may live here across the fork.
When whoever asked is gone, however it ended, the kernels are ended too.
"""

import json
import os
import random
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from crmlib import tables
from crmlib.errors import UserError

QUIET = ["--log-level=CRITICAL"]
"""Arguments of a kernel whose own log nobody should meet: what cells say reaches the notebook, errors reach us."""

PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "pandas",
    "pandas.io.formats.format",
    "pandas.io.formats.html",
    "ipywidgets",
    "anywidget",
    "crmlib.studies",
    "crmlib.explorer",
    "crmlib.practice",
)


def preload() -> None:
    """Import what chapters and cases import."""
    from importlib import import_module

    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # optional; nobody steps through a rerun
    for name in PRELOADED:
        package = import_module(name)
        if name.startswith("crmlib.") and hasattr(package, "__path__"):
            for file in sorted(Path(package.__path__[0]).glob("[a-z]*.py")):
                import_module(f"{name}.{file.stem}")
    for chapter in import_module("crmlib.chapters").chapters().values():
        list(chapter.modules())
    import_module("crmlib.plotting.library").packed()
    with suppress(UserError):  # a bank that cannot be read is said where it is asked for
        import_module("crmlib.practice.bank").bank()


def serve() -> None:
    """Answer requests until the asker is gone."""
    preload()
    alive: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        if pid := request.get("poll"):
            answer = _poll(pid, 0 if request["wait"] else os.WNOHANG)
            alive -= {pid} if answer is not None else set()
        elif (answer := os.fork()) == 0:
            _become_kernel(**request)
        else:
            alive.add(answer)
        with suppress(BrokenPipeError):  # the end of stdin says the same, and then the kernels are ended
            print(json.dumps(answer), flush=True)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)  # not reaped yet, so the number is still theirs


def _poll(pid: int, options: int) -> int | None:
    """Return the exit code of a child (negative for the signal that ended it), or None while it runs."""
    found, status = os.waitpid(pid, options)
    return os.waitstatus_to_exitcode(status) if found else None


def _become_kernel(connection_file: str, cwd: str | None, env: dict[str, str]) -> NoReturn:
    """Turn this fork into a kernel, in its own session, with nothing of the nursery's but its imports."""
    code = 1
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(env, JPY_PARENT_PID=str(os.getppid()))
        if cwd:
            os.chdir(cwd)
        _reseed()
        code = _run_kernel(connection_file)
    finally:
        os._exit(code)


def _reseed() -> None:
    """Give the fork random numbers of its own, as a fresh process has."""
    import numpy as np

    random.seed()
    np.random.seed()


def _run_kernel(connection_file: str) -> int:
    import ipywidgets
    import pandas as pd
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", "-f", connection_file, *QUIET]
    app: Any = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    # They came before there was a shell to see: widgets and tables register with it, pandas asks if it is a terminal.
    ipywidgets.load_ipython_extension(app.shell)
    tables.install()
    pd.set_option("display.max_columns", 20)
    app.start()
    return 0


if __name__ == "__main__":
    serve()
    os._exit(0)  # nothing here needs tidying up, and who asked is waiting
