"""Kernels forked from a warmed process: a process each, and the same outputs as a fresh kernel's."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmlib.paths import NOTEBOOKS, ROOT
from crmlib.runs import warm

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kernels are forked only where there is fork")

RUN = """
import os, sys, tempfile
from crmlib.paths import NOTEBOOKS, SOURCES, UNATTENDED
from crmlib.runs import build, warm
from crmlib.runs.jupyter import client, drop_volatile, nbformat
if sys.argv[1] == "warm":
    warm.install()
made = build.assemble(SOURCES / "case_bank_tiers.md", "zh")
with tempfile.TemporaryDirectory() as sockets:
    client(made, NOTEBOOKS / "zh", sockets, timeout=300).execute(env={**os.environ, **UNATTENDED})
sys.stdout.write(nbformat.writes(drop_volatile(made)))
"""


def executed(how: str) -> str:
    done = subprocess.run([sys.executable, "-c", RUN, how], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_forked_kernel_says_what_a_fresh_one_says() -> None:
    assert executed("warm") == executed("fresh") != ""


@pytest.fixture(scope="module")
def nursery() -> Iterator[warm.Nursery]:
    made = warm.Nursery()
    yield made
    made.close()


def forked(nursery: warm.Nursery, file: str = "no-such-file.json") -> warm.Fork:
    env = {**os.environ, "CRM_LANG": "zh"}
    return warm.Fork(nursery, nursery.ask(connection_file=file, cwd=str(NOTEBOOKS / "zh"), env=env))


def ended(fork: warm.Fork, seconds: float = 20) -> int | None:
    end = time.monotonic() + seconds
    while fork.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    return fork.poll()


def test_every_fork_is_a_process_and_a_session_of_its_own(nursery: warm.Nursery, tmp_path: Path) -> None:
    forks = [forked(nursery, str(tmp_path / f"{n}.json")) for n in range(2)]
    try:
        assert forks[0].pid != forks[1].pid
        assert all(fork.poll() is None for fork in forks)
    finally:
        for fork in forks:
            fork.kill()
    assert [ended(fork) for fork in forks] == [-signal.SIGKILL] * 2


def test_a_fork_that_ended_is_not_signalled(nursery: warm.Nursery, tmp_path: Path) -> None:
    fork = forked(nursery, str(tmp_path / "kernel.json"))
    fork.kill()
    assert fork.wait() == -signal.SIGKILL
    fork.terminate()
    assert fork.poll() == -signal.SIGKILL


def test_the_warmed_process_ends_with_its_owner() -> None:
    code = "from crmlib.runs.warm import Nursery; print(Nursery()._process.pid, flush=True)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_a_warmed_process_that_is_gone_is_said() -> None:
    lost = warm.Nursery()
    lost._process.kill()
    lost._process.wait()
    with pytest.raises(RuntimeError, match="has ended"):
        lost.ask(poll=1, wait=False)
    lost.close()
