"""What all tests share: the language fixture, and how strict nbval compares figures."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from crmlib import i18n
from crmlib.mime import PLOTLY_MIME
from crmlib.runs import warm

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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


def pytest_configure(config: pytest.Config) -> None:
    """Fork the kernels of notebooks from a warmed process, which warms up while the tests are being collected."""
    collects_here = not config.getoption("numprocesses", None) or hasattr(config, "workerinput")
    if collects_here and any("notebooks" in argument for argument in config.args):
        warm.install()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Compare figures through the table beside each, not through their JSON, whose floats differ between machines."""
    for item in items:
        if hasattr(item.parent, "skip_compare"):
            item.parent.skip_compare = (*item.parent.skip_compare, PLOTLY_MIME)


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
