"""What the benchmarks share: medians side by side, code run in a real kernel, messages weighed as they arrive."""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def side_by_side(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the median milliseconds of two functions, called in turn so that both meet the same noise."""
    times: tuple[list[float], list[float]] = ([], [])
    first(), second()
    for _round in range(rounds):
        for job, into in zip((first, second), times, strict=True):
            start = time.perf_counter()
            job()
            into.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times[0]), statistics.median(times[1])


def report(what: str, ours: float, theirs: float, unit: str, most: float) -> None:
    """Print one ratio beside what it may be at most."""
    verdict = "kept" if ours / theirs <= most else "BROKEN"
    print(f"{what}: {ours:,.2f} / {theirs:,.2f} {unit} = {ours / theirs:.3f} (at most {most:g}: {verdict})", flush=True)


class Kernel:
    """A running kernel that reports what a piece of code printed and how many bytes it sent."""

    def __init__(self, client: Any):
        self.client = client

    def run(self, code: str, timeout: float = 120) -> tuple[str, int]:
        """Run code; return its standard output and the bytes of all messages it caused."""
        asked = self.client.execute(code)
        printed, weight = "", 0
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=timeout)
            except Empty:
                raise TimeoutError(f"the kernel said nothing for {timeout} s") from None
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            weight += len(json.dumps(content).encode()) + sum(len(part) for part in message["buffers"])
            if kind == "stream" and content["name"] == "stdout":
                printed += content["text"]
            if kind == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            if kind == "status" and content["execution_state"] == "idle":
                return printed, weight


@contextmanager
def kernel() -> Iterator[Kernel]:
    """Start a kernel as JupyterLab would."""
    from jupyter_client.manager import KernelManager

    from crmlib.notebooks.jupyter import kernel_config

    sockets = tempfile.TemporaryDirectory(prefix="crm-")
    manager = KernelManager(kernel_name="python3", config=kernel_config(sockets.name))
    manager.start_kernel(cwd=str(ROOT / "notebooks" / "en"))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    try:
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        sockets.cleanup()
