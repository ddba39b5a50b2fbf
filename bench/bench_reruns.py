"""Reruns of a case: sixteen at once against the ``papermill`` command sixteen times, and one against bare nbclient.

Ours are a process of their own too, so that its imports and the warming up of its kernels count. Sixteen runs of the
command are sixteen: nothing is scaled. ``bench_reruns.py 4`` takes four of each for a quick look.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measure import ROOT, report, side_by_side

from crmlib.core.paths import NOTEBOOKS
from crmlib.notebooks import kernels

CASE, LANG, JOBS, ROUNDS = "bank_tiers", "en", 2, 3
SOURCE = NOTEBOOKS / LANG / f"case_{CASE}.ipynb"
OURS = """
import sys
from pathlib import Path
from crmlib.notebooks import kernels
from crmlib.notebooks import fork_server
if sys.argv[3] == "plain":
    fork_server.install = lambda: False
fork_server.install()
from crmlib.reruns import rerun
plans = [rerun.plan_rerun("bank_tiers", "en", changes=[f"lgd={0.3 + n / 100}"]) for n in range(int(sys.argv[1]))]
endings = list(rerun.finish([(plan, ["ipynb"]) for plan in plans], Path(sys.argv[2]), int(sys.argv[4]), 600))
assert not any(ending.refusal for ending in endings)
"""
BARE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, sys.argv[3])
"""


def seconds(*arguments: str) -> float:
    """Return how long a command of this Python takes; a failing one is an error."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CRM_LANG": LANG}
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True, capture_output=True)
    return time.perf_counter() - start


def papermill(number: int, folder: str) -> float:
    """Return how long one run of the ``papermill`` command takes."""
    target = str(Path(folder) / f"papermill-{number}.ipynb")
    parameters = ["-p", "lgd", str(0.3 + number / 100), "--no-progress-bar", "--cwd", str(SOURCE.parent)]
    return seconds("-m", "papermill", str(SOURCE), target, *parameters)


def many(count: int, folder: str) -> None:
    """Measure and print many reruns, with kernels forked and with plain ones."""
    ours = seconds("-c", OURS, str(count), f"{folder}/forked", "forked", str(JOBS))
    theirs = sum(papermill(number, folder) for number in range(count))
    plain = seconds("-c", OURS, str(count), f"{folder}/plain", "plain", str(JOBS))
    report(f"{count} reruns on {JOBS} cores, against the papermill command {count} times", ours, theirs, "s", 1 / 4)
    report("the same without fork", plain, theirs, "s", 1 / 1.6)


def one_call() -> None:
    """Measure and print the function that executes a notebook, against bare nbclient on a plain kernel."""
    from crmlib.notebooks import fork_server
    from crmlib.notebooks.jupyter import NotebookClient, nbformat

    from jupyter_client.provisioning.factory import KernelProvisionerFactory  # isort: skip

    fork_server.install()
    factory = KernelProvisionerFactory.instance()
    job = kernels.Job(SOURCE, {"lgd": 0.5}, SOURCE.parent, LANG)

    def ours() -> None:
        factory.default_provisioner_name = fork_server.NAME
        with kernels.running([job], 1, 600) as endings:
            assert not any(isinstance(ending, Exception) for _number, ending in endings)

    def bare() -> None:
        factory.default_provisioner_name = "local-provisioner"
        notebook = nbformat.read(SOURCE, as_version=4)
        resources = {"metadata": {"path": str(SOURCE.parent)}}
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources=resources, extra_arguments=["--log-level=CRITICAL"]
        ).execute()

    report("one execution, kernels warmed, against bare nbclient", *side_by_side(ours, bare, ROUNDS), "ms", 1.2)


def one_command(folder: str) -> None:
    """Measure and print the whole command, against a script that does no more than call nbclient."""
    command = ["-m", "crmlib", "rerun", CASE, "--lang", LANG, "--out", folder, "--to"]
    bare = ["-c", BARE, str(SOURCE), str(SOURCE.parent), f"{folder}/bare.ipynb"]
    rounds = [(seconds(*command, "ipynb"), seconds(*bare), seconds(*command, "html")) for _round in range(ROUNDS)]
    notebook, theirs, page = (median(column) for column in zip(*rounds, strict=True))
    report("the whole command, against a script with bare nbclient", notebook, theirs, "s", 1.2)
    report("the same with a page made of it", page, theirs, "s", 1.5)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if sys.argv[1:] else 16
    with tempfile.TemporaryDirectory() as folder:
        many(count, folder)
        one_call()
        one_command(folder)


if __name__ == "__main__":
    main()
