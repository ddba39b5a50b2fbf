"""Kernels that start at once: forked from a process that has done the imports already.

:func:`install` makes every kernel that this process starts from here on such a fork, by Python's own fork server. A
kernel provisioner is Jupyter's own extension point for it. Where there is no fork (Windows), kernels start as ever.
"""

import atexit
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from types import ModuleType

from crmlib.notebooks import forked_kernel

NAME = "crm-fork"


class Fork:
    """A forked kernel, with what Jupyter asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, cwd: str | None, env: dict[str, str]):
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=forked_kernel.become_kernel, args=(connection_file, cwd, env))
        with _no_program():
            self._process.start()
        self.pid = self._process.pid or 0
        atexit.register(self._process.kill)  # or multiprocessing would wait for it

    @property
    def returncode(self) -> int | None:
        """The exit code (negative for the signal that ended the kernel), or None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel to end and return its exit code."""
        self._process.join(timeout)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the kernel has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


@contextmanager
def _no_program() -> Iterator[None]:
    """Keep multiprocessing from importing the program that runs here into what it starts: a kernel has none."""
    program, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def install() -> bool:
    """Have kernels forked from now on; return whether this system can.

    Call it early: the process warms up while this one goes on with its own imports.
    """
    if not hasattr(os, "fork"):
        return False
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(["crmlib.notebooks.preloaded"])
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # what we start is deaf to Ctrl-C: it is for us
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
    from crmlib.support import light  # noqa: F401  (before jupyter_client brings nbformat in)

    from jupyter_client.provisioning.factory import KernelProvisionerFactory  # isort: skip

    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(NAME, "crmlib.notebooks.provisioner:ForkProvisioner", factory.GROUP_NAME)
    factory.default_provisioner_name = NAME
    return True
