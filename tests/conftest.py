"""What all tests share: the language they speak, the browser, the JupyterLab."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import count, groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from crmlib import cli
from crmlib.cli import rerun
from crmlib.core import i18n
from crmlib.core.paths import UNATTENDED
from crmlib.learning import progress
from crmlib.support import memory

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter
    from browser import Visit
    from pages import Windows
    from playwright.sync_api import Browser


Crm = Callable[..., tuple[int, str, str]]


pytest.register_assert_rewrite("claims", "contract_chapters")
settings.register_profile("same", derandomize=True, max_examples=50)  # a run finds what another one finds
MISSING = "not on this machine: "


def pytest_configure(config: pytest.Config) -> None:
    """Have hypothesis draw the same examples each time, but in a run that asks everything: that looks for new ones."""
    if not config.getoption("whole"):
        settings.load_profile("same")


def needs(there: object, what: str) -> None:
    """Leave a test out where something is not there (``what``): the end names it, ``.ci/run`` counts it a failure."""
    if not there:
        pytest.skip(MISSING + what)


def left_out(config: pytest.Config) -> list[pytest.TestReport]:
    """Return the tests that were skipped for want of something on this machine."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    return [report for report in skipped if MISSING in str(report.longrepr)]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: "TerminalReporter", config: pytest.Config) -> Iterator[None]:
    """Say at the very end which tests were left out, for want of what, and how to get it."""
    yield
    if reports := left_out(config):
        terminalreporter.section(f"{len(reports)} tests left out")
        reasons = ((r.longrepr[-1] if isinstance(r.longrepr, tuple) else str(r.longrepr), r.nodeid) for r in reports)
        found = sorted((reason.partition(MISSING)[2], id) for reason, id in reasons)
        for why, group in groupby(found, key=lambda one: one[0]):
            files = ", ".join(sorted({id.partition("::")[0] for _why, id in group}))
            terminalreporter.line(f"{MISSING}{why}. Left out: {files}.")
        terminalreporter.line(
            "To run them: sudo apt install chromium fontconfig fonts-noto-cjk libatomic1 nodejs npm; "
            "elsewhere, any Chromium."
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a check that left tests out though it was to run every one, as ``.ci/run`` says."""
    if os.environ.get("CRM_EVERY_TEST") and left_out(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(params=i18n.LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test once in each language."""
    i18n.use(request.param)
    yield request.param
    i18n._chosen = None


@pytest.fixture
def english() -> Iterator[None]:
    """Speak English in this test."""
    i18n.use("en")
    yield
    i18n._chosen = None


students = count()


@pytest.fixture(autouse=True)
def own_progress(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of a student who is a test away from that of whoever runs the tests, and of all other tests.

    The folder is made by the first answer: most tests give none, and to make one each would take them minutes.
    """
    path = tmp_path_factory.getbasetemp() / "students" / str(next(students)) / "progress.jsonl"
    monkeypatch.setattr(progress, "progress_file", lambda: path)
    monkeypatch.setattr(memory, "memory_file", lambda: path.with_name("memory.json"))
    return path


@pytest.fixture(scope="session", autouse=True)
def quick_reruns() -> Iterator[Callable[[bool], bool]]:
    """Have no rerun of a test fetch a smaller plotly.js, or work out what moves where it is not asked to.

    Its pages carry the plotly.js that is kept, or the whole. What says elsewhere that pages move is yielded.
    """
    with pytest.MonkeyPatch.context() as patched:
        moves = rerun._moves
        patched.setattr(rerun, "_cut_plotly", lambda: None)
        patched.setattr(rerun, "_moves", lambda _several: False)
        yield moves


@pytest.fixture
def moving_reruns(quick_reruns: Callable[[bool], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what moves on the page of a rerun worked out where nothing is said of it, as for a user."""
    monkeypatch.setattr(rerun, "_moves", quick_reruns)


@pytest.fixture
def student(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a student at work: what is done is remembered."""
    for name in UNATTENDED:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def crm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Crm:
    """Run the ``crm`` command in this process: exit code, what it printed, what it complained of."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["crm", *map(str, arguments)])
        monkeypatch.setattr(i18n, "_chosen", None)
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0), *capsys.readouterr()

    return call


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    from browser import CHROMIUM, FLAGS, what_is_missing
    from playwright.sync_api import sync_playwright

    missing = what_is_missing()
    needs(not missing, f"a browser to test in ({missing})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Windows]":
    from pages import Windows

    with ExitStack() as ends:
        yield Windows(chromium, tmp_path_factory.mktemp("windows"), ends)


@pytest.fixture(scope="session")
def site_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of one topic, built once for all files and workers; the others wait for the one that builds it."""
    from pages import MOVING, TOPIC

    from crmlib.plotting import partial
    from crmlib.site import build
    from crmlib.support.files import locked

    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if hasattr(request.config, "workerinput") else folder
    out = folder / "site"
    with locked(out):
        if not out.exists():
            with suppress(partial.Uncut):
                partial.cut()
            build.write(out, [TOPIC], cut=partial.kept() is not None, moving=MOVING)
    return out


@pytest.fixture(scope="session")
def site(site_folder: Path) -> str:
    """The address of that site."""
    return site_folder.as_uri()


@pytest.fixture(scope="session")
def seat(chromium: "Browser") -> "Iterator[Visit]":
    """A window in which JupyterLab is loaded once, for all tests that do not ask how it is loaded: ``Visit.borrow``."""
    from browser import Visit

    with Visit.begin(chromium, "en") as seat:
        yield seat


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """A server for all tests that do not ask how it starts; its kernels are a student's own with ``--whole``."""
    from browser import jupyterlab

    with jupyterlab(tmp_path_factory.mktemp("lab"), forking=not pytestconfig.option.whole) as address:
        yield address
