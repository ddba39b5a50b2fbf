"""Kernels that start at once: forked from a process that has done the imports already.

:func:`install` makes every kernel that this process starts from here on such a fork. A kernel provisioner is Jupyter's
own extension point for it. Where there is no fork (Windows), kernels start as ever.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from importlib.metadata import EntryPoint
from typing import Any

NAME = "crm-warm"


class Nursery:
    """The warmed process, started when it is first needed and gone with this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # -P: a kernel's path must not begin with the folder we happen to be in.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crmlib.runs.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._asked = False
        atexit.register(self.close)

    def ask(self, **request: Any) -> Any:
        """Send one request and return its answer.

        Raises:
            RuntimeError: the warmed process is gone.
        """
        answer = ""
        with self._lock, suppress(BrokenPipeError):
            self._asked = True
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()
            answer = self._answers.readline()
        if not answer:
            raise RuntimeError("the process that kernels are forked from has ended")
        return json.loads(answer)

    def lost(self) -> bool:
        """Tell whether the warmed process has ended."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End the warmed process and with it the kernels that still run."""
        with suppress(BrokenPipeError):
            self._requests.close()
        if not self._asked:
            self._process.kill()  # it may still be warming up, and there is nothing to wait for
        self._process.wait(10)
        self._answers.close()


class Fork:
    """A forked kernel, with what Jupyter asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, nursery: Nursery, pid: int):
        self.nursery, self.pid = nursery, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        if self.returncode is None:
            self.returncode = self.nursery.ask(poll=self.pid, wait=False)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel to end and return its exit code."""
        if self.returncode is None:
            self.returncode = self.nursery.ask(poll=self.pid, wait=True)
        return int(self.returncode or 0)

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


_nursery: Nursery | None = None


def nursery() -> Nursery:
    """Return the warmed process of this one; it is started when it is first asked for, and again if it is lost."""
    global _nursery
    if _nursery is None or _nursery.lost():
        _nursery = Nursery()
    return _nursery


def install() -> bool:
    """Have kernels forked from now on; return whether this system can.

    Call it early: the process warms up while this one goes on with its own imports.
    """
    if not hasattr(os, "fork"):
        return False
    nursery()
    from crmlib import lean  # noqa: F401  (before jupyter_client brings nbformat in)

    from jupyter_client.provisioning.factory import KernelProvisionerFactory  # isort: skip

    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(NAME, "crmlib.runs.forked:WarmProvisioner", factory.GROUP_NAME)
    factory.default_provisioner_name = NAME
    return True
