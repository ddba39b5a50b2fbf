"""What all tests share: the language they speak, the browser, the JupyterLab."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crmlib import cli, i18n
from crmlib.practice import progress

if TYPE_CHECKING:
    from playwright.sync_api import Browser


Crm = Callable[..., tuple[int, str, str]]


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


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of a student who is a test away from that of whoever runs the tests."""
    path = tmp_path / "mine" / "progress.jsonl"
    monkeypatch.setattr(progress, "progress_file", lambda: path)
    return path


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
    from browser import CHROMIUM, FLAGS
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on the PATH; .ci/run installs one")
        pytest.skip("no Chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from browser import jupyterlab

    with jupyterlab(tmp_path_factory.mktemp("lab")) as address:
        yield address
