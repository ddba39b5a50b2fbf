"""JupyterLite beside the site as it opens in a browser: in the reader's language, asking nothing of another server.

Its kernel cannot be started here: the packages of Pyodide that are compiled are on no index that a test may ask.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Visit
from lite import like_a_students, release
from pages import SIZES, served
from playwright.sync_api import Browser, Route, expect

from crmlib.core.paths import SOURCES
from crmlib.site import lite
from crmlib.support.texts import title

pytestmark = [pytest.mark.browser, pytest.mark.one_language("zh")]
PAGE = "03_satisfaction"
LONGEST = 60_000
"""Milliseconds that JupyterLab may take to open a notebook, on a busy computer."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("site")
    lab = like_a_students(release(tmp_path_factory.mktemp("pyodide")))
    lite.write(out / lite.FOLDER, ["00_start", PAGE], lab)
    with served(Path(out)) as address:
        yield address


def late(route: Route) -> None:
    """Answer as a slow connection does: what is put back of last time comes after what the address names."""
    time.sleep(1)
    route.continue_()


def opened(visit: Visit, address: str) -> None:
    visit.page.goto(f"{address}/{lite.FOLDER}/lab-{visit.lang}/index.html?path=notebooks/{visit.lang}/{PAGE}.ipynb")
    speaks(visit, visit.lang)


def speaks(visit: Visit, lang: str) -> None:
    heading = visit.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1")
    expect(heading.first).to_contain_text(title(SOURCES / f"{PAGE}.md", lang), timeout=LONGEST)
    assert visit.page.evaluate("document.documentElement.lang")[:2] == lang


@pytest.mark.shared(2)
@pytest.mark.parametrize("size", SIZES)
def test_a_notebook_opens_in_its_language(size: str, chromium: Browser, lang: str, address: str) -> None:
    with Visit.begin(chromium, lang, viewport=SIZES[size]) as visit:
        opened(visit, address)
        start = visit.page.locator('.jp-Toolbar [data-command="crm:start"]')
        expect(start.first).to_have_text({"zh": "▶ 开始", "en": "▶ Start"}[lang])
        assert visit.elsewhere == []


@pytest.mark.whole
@pytest.mark.parametrize("size", SIZES)
def test_the_other_language_is_a_step_away(size: str, chromium: Browser, lang: str, address: str) -> None:
    there = {"zh": "en", "en": "zh"}[lang]
    with Visit.begin(chromium, lang, viewport=SIZES[size]) as visit:
        opened(visit, address)
        visit.page.route(f"**/contents/notebooks/{lang}/all.json*", late)
        visit.page.locator(".jp-NotebookPanel a[hreflang]").first.evaluate("link => link.click()")
        visit.page.wait_for_url(f"**/lab-{there}/index.html*")
        speaks(visit, there)
        assert visit.elsewhere == []
