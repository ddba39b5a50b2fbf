"""Sweeps on a Dask cluster: chunks of scenarios to its workers, figures back as they come, put in order here.

Scheduler and workers need Python and the libraries in the versions of this machine. A worker without crmlib is sent its
sources, one with other sources is refused. What travels are inner functions, which go as code, and bytes: a scheduler
that has no crmlib either can pass them on.
"""

import asyncio
import hashlib
import io
import logging
import pickle
import signal
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from crmlib import __version__
from crmlib.core.errors import UserError, missing_extra
from crmlib.core.i18n import _
from crmlib.core.inputs import shorten
from crmlib.sweeps.grid import Grid, Row
from crmlib.sweeps.sweep import Advance, Engine, Figures, joined

PACKAGE = Path(__file__).resolve().parent.parent
PATIENCE = 5.0
"""Seconds within which a scheduler answers and a cluster without a worker gets one."""
LOST = 6
"""So many times that patience a sweep waits for a worker when all have gone: a nanny may be starting one."""
RETRIES = 2
LEAST, A_THREAD, LARGEST = 20, 4, 5_000
"""Chunks at least; chunks a worker's thread; scenarios a chunk at most, so that progress shows."""
SAME = ("dask", "distributed", "numpy", "pandas", "pydantic", "scipy")
"""Libraries whose versions must agree: what they pickle has to be read, and figures have to come out the same."""


@contextmanager
def connected(address: str = "") -> Iterator[Engine]:
    """Yield an engine that runs sweeps on the cluster at ``address``, or on one started for it on this machine.

    Raises:
        UserError: Dask is not installed, no scheduler answers, there is no worker, or versions do not agree; or,
            while the engine runs, the scheduler or all workers have gone.
    """
    distributed = _library()
    options: dict[str, Any] = {"timeout": PATIENCE, "set_as_default": False}
    try:
        with _quiet(), _cluster(address) as cluster, distributed.Client(cluster, **options) as client:
            _ready(client)
            yield partial(_run, client)
    except (CancelledError, asyncio.CancelledError, distributed.comm.CommClosedError):
        raise UserError(_("The connection to the Dask scheduler is lost; nothing was written.")) from None
    except distributed.KilledWorker:
        raise UserError(_("The workers died again and again, perhaps of memory; nothing was written.")) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Have Dask log nothing: what goes wrong is said in a sentence, and a lost worker is no news."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "tornado.application")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _library() -> Any:
    """Return Dask's distributed; few of its functions have types."""
    try:
        import distributed
    except ImportError:
        raise missing_extra("--engine dask", "cluster") from None
    return distributed


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """Yield what a Client connects to."""
    distributed = _library()
    if address:
        _greet(address)
        yield address
        return
    import dask

    try:
        # Whoever may speak to a scheduler may run code on it: without keys, any user of this machine.
        keys = distributed.Security.temporary()
    except ImportError:
        raise missing_extra("--engine dask", "cluster") from None
    options: dict[str, Any] = {
        "host": "127.0.0.1",
        "protocol": "tls://",
        "security": keys,
        "threads_per_worker": 1,  # a process a core, as each scenario keeps Python busy
        "dashboard_address": None,
        "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"},  # else its pages go to a port that may be taken
        "silence_logs": logging.CRITICAL,
    }
    no_pages: dict[str, list[str]] = {f"distributed.{kind}.http.routes": [] for kind in ("scheduler", "worker")}
    with _deaf(), dask.config.set(no_pages):
        made = distributed.LocalCluster(**options)
    with made:
        yield made


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C for the second that a cluster takes to start: half of one cannot be taken down.

    The workers started meanwhile ignore it for good: it is for the sweep to hear it and to stop them.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _greet(address: str) -> None:
    """Refuse an address where no scheduler answers; a Client would try on in the background while it is taken down."""
    distributed = _library()

    async def ask() -> str:
        keys = distributed.Security().get_connection_args("client")
        async with distributed.core.rpc(address, connection_args=keys) as server:
            return str((await asyncio.wait_for(server.identity(), PATIENCE))["type"])

    try:
        with ThreadPoolExecutor(1) as apart:  # a notebook's own thread has an event loop already
            kind = apart.submit(lambda: asyncio.run(ask())).result()
    except Exception:  # what does not speak Dask's language is misread in many ways
        kind = ""
    if kind != "Scheduler":
        said = _("No Dask scheduler answers at {address}: look at the address and whether it runs.")
        raise UserError(said.format(address=shorten(address)))


# Is everything there that a sweep needs -------------------------------------------------------------------------------


def _ready(client: Any) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise UserError(_("The cluster has no worker; start one with “dask worker” and try again.")) from None
    versions = client.get_versions(packages=list(SAME))
    if found := _other_versions(versions):
        raise UserError(found)
    client.register_plugin(_courier(sources(), mark()))
    if found := _other_sources(client.run(_errands()[0])):
        raise UserError(found)


def _other_versions(versions: dict[str, Any]) -> list[str]:
    """Return a sentence for each library that is not the same everywhere, naming the first machine that differs."""
    ours = _packages(versions["client"])
    places = [(_("the scheduler"), versions["scheduler"])]
    places += [(_("the worker {address}").format(address=at), has) for at, has in versions["workers"].items()]
    differ: dict[str, str] = {}
    for place, has in places:
        theirs = _packages(has)
        needed = ("python", "dask", "distributed") if has is versions["scheduler"] else ("python", *SAME)
        for name in needed:
            if theirs[name] != ours[name] and name not in differ:
                said = _("Versions differ: {package} is {ours} here and {theirs} on {place}; install the same on both.")
                facts = {"package": name, "ours": ours[name], "theirs": theirs[name] or _("missing"), "place": place}
                differ[name] = said.format(**facts)
    return list(differ.values())


def _packages(has: dict[str, Any]) -> dict[str, str]:
    found = {name: str(has["packages"].get(name) or "") for name in ("python", *SAME)}
    return found | {"python": ".".join(found["python"].split(".")[:2])}


def _other_sources(found: dict[str, dict[str, str]]) -> list[str]:
    """Return a sentence on a worker that cannot run this crmlib, if there is one."""
    for worker, has in found.items():
        if has["missing"]:
            said = _("The worker {worker} lacks the library “{name}”: install it there.")
            return [said.format(worker=worker, name=has["missing"])]
        if has["mark"] != mark():
            said = _(
                "The worker {worker} has other sources of crmlib ({theirs}) than this machine ({ours}): "
                "install the same there, or none, and restart it."
            )
            return [said.format(worker=worker, theirs=has["version"] or "?", ours=__version__)]
    return []


@cache
def mark() -> str:
    """Return a mark of crmlib's sources: the same where they are the same, whatever their line ends."""
    lines = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        lines.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        lines.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return lines.hexdigest()


@cache
def sources() -> bytes:
    """Return crmlib as a zip archive, the translations with it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in ("*.py", "*.mo"):
            for path in sorted(PACKAGE.rglob(kind)):
                archive.write(path, path.relative_to(PACKAGE.parent).as_posix())
    return packed.getvalue()


def _courier(packed: bytes, marked: str) -> Any:
    """Return the plugin that brings crmlib to each worker that has none of its own, also to those that come later.

    What an earlier sweep brought, with other sources, makes way. A sweep still using it says so, see :func:`_errands`.
    """
    from distributed import WorkerPlugin

    class Courier(WorkerPlugin):
        name = "crmlib"

        def setup(self, worker: Any) -> None:
            import importlib
            import importlib.util
            import sys

            home = Path(worker.local_directory)
            folder, found = home / f"crmlib-{marked[:12]}", importlib.util.find_spec("crmlib")
            loaded_from = Path(found.origin or "").parents if found else []
            if found and (home not in loaded_from or folder in loaded_from):
                return  # its own, or these very sources
            if not folder.exists():
                zipfile.ZipFile(io.BytesIO(packed)).extractall(folder)
            sys.path[:] = [str(folder), *(place for place in sys.path if Path(place).parent != home)]
            for name in [name for name in sys.modules if name.partition(".")[0] == "crmlib"]:
                del sys.modules[name]
            importlib.invalidate_caches()

    return Courier()


def _errands() -> tuple[Callable[[], dict[str, str]], Callable[[bytes], Any], Callable[[Any, bytes, str], Any]]:
    """Return what workers run: which crmlib they have, unpacking the data, and a chunk of scenarios.

    Inner functions with nothing but builtins around them, so that they are sent as code and not as a name to import.
    """

    def have() -> dict[str, str]:
        has = {"mark": "", "version": "", "missing": ""}
        try:
            import crmlib

            has["version"] = str(getattr(crmlib, "__version__", ""))
            from crmlib.chapters.studies import STUDIES  # noqa: F401  (imports every library that a study needs)
            from crmlib.sweeps.cluster import mark

            has["mark"] = mark()
        except ImportError as refusal:
            name = str(refusal.name or "")
            has["missing"] = "" if name.startswith("crmlib.") else name
        return has

    def unpack(packed: bytes) -> Any:
        import pickle

        return pickle.loads(packed)

    def chunk(given: Any, packed: bytes, marked: str) -> Any:
        import pickle

        from crmlib.chapters.studies import STUDIES
        from crmlib.sweeps.cluster import mark
        from crmlib.sweeps.sweep import figures

        if mark() != marked:
            raise RuntimeError("a worker with other sources of crmlib has joined the cluster")
        study, prepared, base, names = given
        return figures(STUDIES[study], prepared, base, names, pickle.loads(packed))

    return have, unpack, chunk


# The run --------------------------------------------------------------------------------------------------------------


def _run(client: Any, agreed: Grid, prepared: Any, advance: Advance) -> Figures:
    """Run a sweep on a cluster whose workers are ready.

    The prepared data are the result of a task and not scattered: what is scattered is lost with the worker that has
    it, a task is done again.
    """
    _have, unpack, chunk = _errands()
    once: dict[str, Any] = {"pure": False, "retries": RETRIES}
    given = pickle.dumps((agreed.study.name, prepared, dict(agreed.base), list(agreed.values)))
    data = client.submit(unpack, given, **once)
    chunks = _chunks(agreed.rows, sum(client.nthreads().values()))
    futures = {client.submit(chunk, data, pickle.dumps(rows), mark(), **once): n for n, rows in enumerate(chunks)}
    parts: dict[int, Figures] = {}
    try:
        for future in _arriving(client, list(futures)):
            n = futures[future]
            parts[n] = future.result()
            advance(len(chunks[n]))
    finally:
        client.cancel([data, *futures])
    return joined([parts[n] for n in range(len(chunks))])


def _chunks(rows: Sequence[Row], threads: int) -> list[Sequence[Row]]:
    """Return consecutive rows in chunks: small enough that all threads stay busy and a lost one costs little."""
    size = min(-(-len(rows) // max(LEAST, A_THREAD * threads)), LARGEST)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _arriving(client: Any, futures: list[Any]) -> Iterator[Any]:
    """Yield futures as they are done.

    Raises:
        UserError: every worker has gone and not come back.
    """
    pending, patience = set(futures), LOST
    while pending:
        try:
            with client.as_current():
                done, left = _library().wait(pending, timeout=PATIENCE, return_when="FIRST_COMPLETED")
        except TimeoutError:
            patience = LOST if client.nthreads() else patience - 1
            if not patience:
                raise UserError(_("The cluster has lost all its workers; nothing was written.")) from None
            continue
        pending = set(left)
        yield from done
