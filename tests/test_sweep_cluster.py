"""A sweep on a Dask cluster is the sweep on this machine, whatever the cluster lacks or loses; else it says why not."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import distributed
import numpy as np
import pytest

from crmlib import cli
from crmlib.chapters.distributors.models import discounts
from crmlib.chapters.studies import STUDIES
from crmlib.chapters.tiers.models import pyramid
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import ROOT
from crmlib.sweeps import cluster
from crmlib.sweeps import grid as grids
from crmlib.sweeps.sweep import locally, sweep, table
from crmlib.tables import data

BARE = """
import os, sys
from importlib import import_module

sys.path[:] = [place for place in sys.path if os.path.realpath(place) != {root!r}]
sys.exit(import_module(f"distributed.cli.dask_{{sys.argv.pop(1)}}").main())
"""
"""A scheduler or a worker that cannot import crmlib."""


class Machines:
    """A scheduler and its workers, a process each, none of which can import crmlib of itself."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self.address = self.start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"
        )

    def start(self, kind: str, *options: str) -> str:
        """Start a process and return its address, which it says when it listens."""
        command = [sys.executable, "-P", "-c", BARE.format(root=str(ROOT)), kind, *options, "--no-dashboard"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CRM_"))}
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=self.folder, env=environment
        )
        self.processes.append(process)
        assert process.stderr
        for line in process.stderr:
            if f"{kind.title()} at:" in line or "Start worker at:" in line:
                return line.split()[-1]
        raise RuntimeError(f"the {kind} ended before it listened")

    def worker(self) -> subprocess.Popen[str]:
        """Start a worker with one thread, which stays dead when it is killed."""
        options = ("--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder), "--host", "127.0.0.1")
        self.start("worker", self.address, *options)
        return self.processes[-1]

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
            if process.stderr:
                process.stderr.close()


@pytest.fixture(autouse=True)
def _sources_as_they_are() -> None:
    """Read crmlib afresh for each test: somebody may be editing it while the tests run."""
    cluster.mark.cache_clear()
    cluster.sources.cache_clear()


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    machines = Machines(tmp_path_factory.mktemp("cluster"))
    try:
        for _n in range(2):
            machines.worker()
        yield machines
    finally:
        machines.stop()


def both(address: str, study: Any, grid: dict[str, object], advance: Callable[[int], object]) -> tuple[str, str]:
    """Return the CSV of a sweep made on a cluster and of the same made here."""
    agreed = grids.plan_grid(study, grid)
    prepared = study.prepare(*map(data.load, study.datasets))
    with cluster.connected(address) as engine:
        far = table(agreed, prepared, advance, engine)
    return data.csv_text(far), data.csv_text(sweep(study, grid))


# What it gives --------------------------------------------------------------------------------------------------------


def test_the_command_writes_the_same_bytes_as_on_this_machine(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither scheduler nor workers have crmlib; the refused combinations are explained in the language spoken here."""
    made = []
    for name, options in (("here", []), ("there", ["--engine", "dask", "--address", machines.address])):
        out = tmp_path / name / "x.csv"
        grid = ["--grid", "gold_from=70:90:5", "--grid", "lgd=0:1:0.25", "--lang", "zh"]
        monkeypatch.setattr(sys, "argv", ["crm", "sweep", "bank_tiers", *grid, "--out", str(out), *options])
        monkeypatch.setattr(i18n, "_chosen", None)
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code in (0, None)
        made.append((out.read_bytes(), out.with_suffix(".html").read_bytes()))
    assert made[0] == made[1]
    assert "必须".encode() in made[0][0]


def test_progress_is_told_chunk_by_chunk(machines: Machines) -> None:
    told: list[int] = []
    far, here = both(machines.address, discounts.STUDY, {"cash_rate": "0:9.9:0.1"}, told.append)
    assert far == here
    assert sum(told) == 100 and len(told) == cluster.LEAST


def test_sources_that_changed_replace_what_an_earlier_sweep_brought(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (*cluster.PACKAGE.rglob("*.py"), *cluster.PACKAGE.rglob("*.mo")):
        copy = tmp_path / "crmlib" / path.relative_to(cluster.PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "crmlib" / "new.py").write_text("")
    before, grid = cluster.mark(), {"cash_rate": "0:3:1"}
    both(machines.address, discounts.STUDY, grid, lambda _done: None)
    monkeypatch.setattr(cluster, "PACKAGE", tmp_path / "crmlib")
    for name in ("mark", "sources"):
        monkeypatch.setattr(cluster, name, getattr(cluster, name).__wrapped__)
    assert cluster.mark() != before
    far, here = both(machines.address, discounts.STUDY, grid, lambda _done: None)
    assert far == here


@pytest.mark.whole
def test_a_worker_killed_in_the_middle_changes_nothing(machines: Machines) -> None:
    victim, told = machines.worker(), []

    def advance(done: int) -> None:
        told.append(done)
        if len(told) == 3:
            assert sum(told) < 300, "the sweep is not over"
            victim.send_signal(signal.SIGKILL)

    grid: dict[str, object] = {s.name: f"{s.low}:{s.high}" for s in pyramid.STUDY.inputs.settings() if s.kind is float}
    agreed = grids.plan_grid(pyramid.STUDY, grid, random=300, seed=1)
    prepared = pyramid.STUDY.prepare(*map(data.load, pyramid.STUDY.datasets))
    with cluster.connected(machines.address) as engine:
        figures, refused = engine(agreed, prepared, advance)
    assert victim.wait() == -signal.SIGKILL and sum(told) == 300
    wanted, also_refused = locally(agreed, prepared, lambda _done: None)
    np.testing.assert_array_equal(figures, wanted)
    np.testing.assert_array_equal(refused, also_refused)


def test_without_an_address_a_cluster_of_this_machine_is_started() -> None:
    """Its scheduler wants a key, for otherwise any user of the machine could run code through it."""
    with cluster._cluster("") as made:
        assert made.scheduler_address.startswith("tls://127.0.0.1:")
        assert made.security.require_encryption
        with pytest.raises(UserError):
            cluster._greet(made.scheduler_address)
        with distributed.Client(made, set_as_default=False) as client:
            cluster._ready(client)
            agreed = grids.plan_grid(discounts.STUDY, {"cash_rate": "0:9:1"})
            figures, _refused = cluster._run(client, agreed, None, lambda _done: None)
    wanted = sweep(discounts.STUDY, {"cash_rate": "0:9:1"})[list(discounts.STUDY.measures)]
    np.testing.assert_array_equal(figures, wanted.to_numpy())


# What it refuses ------------------------------------------------------------------------------------------------------


@pytest.mark.shared(2)
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "http://127.0.0.1:1"])
def test_an_address_without_a_scheduler_is_said(lang: str, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(UserError) as refusal, cluster.connected(address):
        pytest.fail("connected")
    assert address in str(refusal.value) and ("调度器" in str(refusal.value)) == (lang == "zh")


def test_the_address_of_a_worker_is_that_of_no_scheduler(machines: Machines, english: None) -> None:
    with distributed.Client(machines.address, set_as_default=False) as client:
        client.wait_for_workers(1)
        address = next(iter(client.scheduler_info()["workers"]))
    with pytest.raises(UserError, match="No Dask scheduler"), cluster.connected(address):
        pytest.fail("connected")


def test_a_cluster_without_workers_is_said(tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    alone = Machines(tmp_path)
    try:
        with pytest.raises(UserError, match="no worker"), cluster.connected(alone.address):
            pytest.fail("connected")
    finally:
        alone.stop()


def test_without_dask_it_says_what_to_install(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError) as refusal, cluster.connected("tcp://127.0.0.1:1"):
        pytest.fail("connected")
    assert "python3 work.py setup --all" in str(refusal.value) and len(refusal.value.problems) == 1


def versions(**other: str | None) -> dict[str, Any]:
    return {"packages": {"python": "3.11.7.final.0", **dict.fromkeys(cluster.SAME, "2.1"), **other}}


def test_other_versions_are_said_once_for_each_library(lang: str) -> None:
    old = versions(numpy="1.9")
    workers = {"tcp://a:1": versions(), "tcp://b:1": versions(numpy="1.9", scipy=None), "tcp://c:1": old}
    said = cluster._other_versions({"client": versions(), "scheduler": versions(), "workers": workers})
    assert len(said) == 2
    assert all(part in said[0] for part in ("numpy", "2.1", "1.9", "tcp://b:1"))
    assert "scipy" in said[1] and ("missing" in said[1]) == (lang == "en")


def test_a_scheduler_needs_only_python_and_dask(english: None) -> None:
    bare = versions(numpy=None, pandas=None, python="3.11.2.final.0")
    assert cluster._other_versions({"client": versions(), "scheduler": bare, "workers": {}}) == []
    other = versions(python="3.12.1.final.0")
    (said,) = cluster._other_versions({"client": versions(), "scheduler": other, "workers": {}})
    assert "python" in said and "3.11" in said and "3.12" in said and "scheduler" in said


def test_other_sources_of_crmlib_are_said(lang: str) -> None:
    fine = {"mark": cluster.mark(), "version": "0.1.0", "missing": ""}
    assert cluster._other_sources({"tcp://a:1": fine}) == []
    (said,) = cluster._other_sources({"tcp://a:1": fine, "tcp://b:1": fine | {"mark": "x", "version": "0.0.9"}})
    assert "tcp://b:1" in said and "0.0.9" in said
    (said,) = cluster._other_sources({"tcp://a:1": {"mark": "", "version": "", "missing": "pydantic"}})
    assert "pydantic" in said


# How it is done -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "threads"), [(1, 2), (19, 2), (20, 2), (101, 2), (10_000, 16), (150_000, 4)])
def test_chunks_hold_every_row_once_and_are_neither_too_few_nor_too_large(rows: int, threads: int) -> None:
    chunks = cluster._chunks([(n,) for n in range(rows)], threads)
    assert [row for chunk in chunks for row in chunk] == [(n,) for n in range(rows)]
    assert max(map(len, chunks)) <= cluster.LARGEST
    assert rows < 20 or len(chunks) >= min(rows // 2, max(20, 4 * threads)) // 2


def test_the_mark_changes_with_the_sources_and_not_with_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PACKAGE", tmp_path)
    marks = []
    for content in (b"a = 1\nb = 2\n", b"a = 1\r\nb = 2\r\n", b"a = 1\nb = 3\n"):
        (tmp_path / "x.py").write_bytes(content)
        cluster.mark.cache_clear()
        marks.append(cluster.mark())
    cluster.mark.cache_clear()
    assert marks[0] == marks[1] != marks[2]


def test_what_every_study_prepares_can_be_sent() -> None:
    for study in STUDIES.values():
        prepared = study.prepare(*map(data.load, study.datasets))
        sent = pickle.loads(pickle.dumps(prepared))
        assert study.headline(study.run(sent, study.inputs())) == study.headline(study.run(prepared, study.inputs()))
