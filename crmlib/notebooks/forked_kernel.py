"""How a fork of the warmed process becomes a kernel.

Each kernel is a process of its own with its own environment and folder; only the imports are shared. When whoever asked
is gone, however it ended, the kernel ends too.
"""

import multiprocessing
import os
import random
import signal
import sys
from threading import Thread
from typing import Any

from crmlib.support import html_table

QUIET = ["--log-level=CRITICAL"]
"""Arguments of a kernel whose own log nobody should meet: what cells say reaches the notebook, errors reach us."""


def become_kernel(connection_file: str, cwd: str | None, env: dict[str, str]) -> None:
    """Turn this fork into a kernel, in its own session, with nothing of the asker's but its imports."""
    from crmlib.notebooks.preloaded import PATH

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    sys.path[:] = PATH
    os.environ.clear()
    os.environ.update(env, JPY_PARENT_PID=str(os.getppid()))
    if cwd:
        os.chdir(cwd)
    _reseed()
    Thread(target=_end_with_asker, daemon=True).start()
    _run_kernel(connection_file)
    os._exit(0)


def _end_with_asker() -> None:
    if asker := multiprocessing.parent_process():
        asker.join()
    os._exit(1)


def _reseed() -> None:
    """Give the fork random numbers of its own, as a fresh process has."""
    import numpy as np

    random.seed()
    np.random.seed()


def _run_kernel(connection_file: str) -> None:
    import ipywidgets
    import pandas as pd
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", "-f", connection_file, *QUIET]
    app: Any = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    # They came before there was a shell to see: widgets and tables register with it, pandas asks if it is a terminal.
    ipywidgets.load_ipython_extension(app.shell)
    html_table.install()
    pd.set_option("display.max_columns", 20)
    app.start()
