"""Notebooks executed side by side, each in a kernel of its own: forked from a warmed process where the system can.

Parameters are injected by papermill's own function, so a notebook made here and one made by the ``papermill`` command
hold the same cells. What papermill does beyond that, a process and a kernel start a run, is what takes its time.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _
from crmlib.core.paths import ROOT, SOURCES, UNATTENDED
from crmlib.notebooks import fork_server


class Work(Protocol):
    """What can be executed: a notebook, made when its turn comes."""

    @property
    def folder(self) -> Path:
        """Where the kernel works."""

    @property
    def lang(self) -> str:
        """What it speaks, wherever it works."""

    def notebook(self) -> Any:
        """Return the notebook, not yet executed."""


@dataclass(frozen=True)
class Ready:
    """A notebook that is there already, with where its kernel works and what it speaks. It is executed in place."""

    made: Any
    folder: Path
    lang: str

    def notebook(self) -> Any:
        """Return the notebook."""
        return self.made


@dataclass(frozen=True)
class Job:
    """One notebook to execute.

    Attributes:
        source: a built notebook with a cell tagged ``parameters``.
        parameters: what is injected after that cell.
        folder: where the kernel works.
        lang: what it speaks, wherever it works.
    """

    source: Path
    parameters: Mapping[str, Any]
    folder: Path
    lang: str

    def cells(self) -> int:
        """Return how many cells will be executed, the injected one too; none if the notebook is not built."""
        if not self.source.exists() and not (source := SOURCES / f"{self.source.stem}.md").exists():
            said = _("{file} is missing: “crm case new” copies a case with its notebook.")
            raise UserError(said.format(file=source.relative_to(ROOT).as_posix()))
        if not self.source.exists():
            return 0
        stored = json.loads(self.source.read_text("utf-8"))["cells"]
        return 1 + len([cell for cell in stored if cell["cell_type"] == "code"])

    def notebook(self) -> Any:
        """Return the notebook with its parameters, not yet executed.

        Raises:
            UserError: it is not built.
        """
        from crmlib.notebooks import jupyter  # noqa: F401  # isort: skip  (nbformat without its slowest part)
        from papermill.iorw import load_notebook_node
        from papermill.parameterize import parameterize_notebook

        if not self.source.exists() and not (source := SOURCES / f"{self.source.stem}.md").exists():
            said = _("{file} is missing: “crm case new” copies a case with its notebook.")
            raise UserError(said.format(file=source.relative_to(ROOT).as_posix()))
        if not self.source.exists():
            raise UserError(_("{file}: not built yet; run “crm build”.").format(file=self.source.name))
        stored = load_notebook_node(str(self.source))
        return parameterize_notebook(stored, dict(self.parameters), kernel_name="python3", language="python")


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def running(
    jobs: Sequence[Work], at_once: int, timeout: float, tick: Callable[[], object] = lambda: None
) -> Iterator[Iterator[tuple[int, Any]]]:
    """Execute notebooks; the context is an iterator over what becomes of them, as they come to an end.

    It yields the number of a job with its executed notebook, or with the ``UserError`` that stopped it. Whatever ends
    the context, Ctrl-C too, ends the kernels that still run.

    Args:
        jobs: what to execute.
        at_once: how many kernels may run at the same time.
        timeout: seconds that a notebook may take, from the start of its kernel.
        tick: called after each code cell, from another thread.
    """
    fork_server.install()
    with _loop() as loop:
        gate = asyncio.Semaphore(at_once)
        waiting = {
            asyncio.run_coroutine_threadsafe(_execute(job, gate, timeout, tick), loop): number
            for number, job in enumerate(jobs)
        }
        try:
            yield ((waiting[future], future.result()) for future in as_completed(waiting))
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread: there nbclient leaves Ctrl-C to us, and pages are made while kernels work."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="crm-kernels")
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(_tidied(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _tidied() -> None:
    """Wait until what was cancelled has ended its kernel."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)


async def _execute(job: Work, gate: asyncio.Semaphore, timeout: float, tick: Callable[[], object]) -> Any:
    """Return the executed notebook, or the refusal in its place."""
    async with gate:
        try:
            return await _executed(job, timeout, tick)
        except UserError as refusal:
            return refusal


async def _executed(job: Work, timeout: float, tick: Callable[[], object]) -> Any:
    from crmlib.notebooks.jupyter import CellExecutionError, DeadKernelError, what_a_cell_said

    deadline = asyncio.timeout(timeout)
    try:
        with tempfile.TemporaryDirectory(prefix="crm-", ignore_cleanup_errors=True) as folder:
            async with deadline:
                return await _in_a_kernel(job, folder, tick)
    except CellExecutionError as failure:
        raise UserError(_("A cell failed: {why}").format(why=what_a_cell_said(failure))) from failure
    except (TimeoutError, DeadKernelError, RuntimeError) as end:
        # nbclient takes being stopped for the death of its kernel
        raise UserError(_too_long(timeout) if deadline.expired() else _died()) from end
    except OSError as refusal:
        raise UserError(_("No kernel can be started: {why}.").format(why=reason(refusal))) from refusal


def _too_long(timeout: float) -> str:
    said = _("The notebook took longer than {seconds:g} seconds and was stopped; “--timeout” gives it more.")
    return said.format(seconds=timeout)


def _died() -> str:
    return _(
        "The kernel ended before the notebook was done, for want of memory or of a package; set up again "
        "(“python3 work.py setup --all”), then try again."
    )


async def _in_a_kernel(job: Work, folder: str, tick: Callable[[], object]) -> Any:
    from crmlib.notebooks.jupyter import client, drop_volatile

    run = client(
        job.notebook(),
        job.folder,
        folder,
        timeout=None,
        shutdown_kernel="immediate",  # all it had to say has been said
        on_cell_executed=lambda **_cell: tick(),
    )
    return drop_volatile(await run.async_execute(env={**os.environ, **UNATTENDED, "CRM_LANG": job.lang}))
