"""Kernels forked from a warmed process: a process each, and the same outputs as a fresh kernel's."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import KernelManager

from crmlib.core.paths import NOTEBOOKS, ROOT
from crmlib.notebooks import fork_server
from crmlib.notebooks.provisioner import ForkProvisioner

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kernels are forked only where there is fork")

RUN = """
import os, sys, tempfile
from crmlib.core.paths import NOTEBOOKS, SOURCES, UNATTENDED
from crmlib.notebooks import build
from crmlib.notebooks import fork_server
from crmlib.notebooks.jupyter import client, drop_volatile, nbformat
for install in (lambda: None, fork_server.install):
    install()
    made = build.assemble(SOURCES / "case_bank_tiers.md", "zh")
    with tempfile.TemporaryDirectory() as sockets:
        client(made, NOTEBOOKS / "zh", sockets, timeout=300).execute(env={**os.environ, **UNATTENDED})
    sys.stdout.write(nbformat.writes(drop_volatile(made)) + "\\0")
"""
"""Executes a notebook in a fresh kernel, then in a forked one."""


def test_a_forked_kernel_says_what_a_fresh_one_says() -> None:
    done = subprocess.run([sys.executable, "-c", RUN], cwd=ROOT, capture_output=True, text=True, check=True)
    fresh, forked, rest = done.stdout.split("\0")
    assert fresh == forked != rest == ""


def forked(file: str = "no-such-file.json") -> fork_server.Fork:
    return fork_server.Fork(file, str(NOTEBOOKS / "zh"), {**os.environ, "CRM_LANG": "zh"})


def ended(fork: fork_server.Fork, seconds: float = 20) -> int | None:
    end = time.monotonic() + seconds
    while fork.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    return fork.poll()


@pytest.fixture(scope="module")
def server() -> psutil.Process:
    """Return the warmed process."""
    fork_server.install()
    return next(
        child for child in psutil.Process().children() if "crmlib.notebooks.preloaded" in " ".join(child.cmdline())
    )


def test_every_fork_is_a_process_and_a_session_of_its_own(server: psutil.Process, tmp_path: Path) -> None:
    forks = [forked(str(tmp_path / f"{n}.json")) for n in range(2)]
    try:
        assert forks[0].pid != forks[1].pid
        assert all(fork.poll() is None for fork in forks)
        assert all(psutil.Process(fork.pid).ppid() == server.pid for fork in forks)
        while any(os.getsid(fork.pid) != fork.pid for fork in forks):
            time.sleep(0.02)
    finally:
        for fork in forks:
            fork.kill()
    assert [ended(fork) for fork in forks] == [-signal.SIGKILL] * 2


def test_a_kernel_that_is_killed_has_ended_when_that_is_said(server: psutil.Process) -> None:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(NOTEBOOKS / "zh"))
    provisioner = manager.provisioner
    assert isinstance(provisioner, ForkProvisioner) and provisioner.pid and manager.is_alive()
    pid = provisioner.pid
    asyncio.run(provisioner.kill())
    assert not provisioner.has_process and not manager.is_alive() and not psutil.pid_exists(pid)
    manager.shutdown_kernel(now=True)


def test_a_fork_that_ended_is_not_signalled(server: psutil.Process, tmp_path: Path) -> None:
    fork = forked(str(tmp_path / "kernel.json"))
    fork.kill()
    assert fork.wait() == -signal.SIGKILL
    fork.terminate()
    assert fork.poll() == -signal.SIGKILL


OWNER = """
import os, sys, time
import psutil
from crmlib.notebooks import fork_server
fork_server.install()
if sys.argv[1] == "a kernel":
    fork_server.Fork(sys.argv[3], None, dict(os.environ))
print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
if sys.argv[2] == "killed":
    time.sleep(60)
"""


@pytest.mark.parametrize(
    ("started", "end"),
    [
        pytest.param("the warmed process", "ended", marks=pytest.mark.whole),  # it ends beside a kernel too
        pytest.param("a kernel", "ended", marks=pytest.mark.whole),
        ("a kernel", "killed"),
    ],
)
def test_nothing_outlives_its_owner(started: str, end: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, started, end, str(tmp_path / "kernel.json")]
    owner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    children = []
    for pid in map(int, owner.stdout.readline().split()):
        with suppress(psutil.NoSuchProcess):
            children.append(psutil.Process(pid))
    if end == "killed":
        owner.kill()
    owner.communicate(timeout=30)
    assert not psutil.wait_procs(children, timeout=30)[1]


def test_a_warmed_process_that_is_gone_is_started_again(server: psutil.Process, tmp_path: Path) -> None:
    server.kill()
    while server.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.02)
    fork = forked(str(tmp_path / "kernel.json"))
    try:
        assert fork.poll() is None
        assert psutil.Process(fork.pid).ppid() != server.pid
    finally:
        fork.kill()
    assert ended(fork) == -signal.SIGKILL


def test_the_program_that_asks_is_not_run_again_in_its_kernels(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys\nfrom crmlib.notebooks import fork_server\nprint('once')\nfork_server.install()\n"
        "fork = fork_server.Fork(sys.argv[1], None, dict(os.environ))\n"
        "while os.getsid(fork.pid) != fork.pid:\n    pass\nfork.kill()\n"
    )
    command = [sys.executable, str(program), str(tmp_path / "kernel.json")]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "once\n", "")
