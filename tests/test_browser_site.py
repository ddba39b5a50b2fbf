"""The site as it opens from a folder, without a network: read, searched, looked at in the light and in the dark."""

import shutil
from collections.abc import Iterator

import pytest
from axe import barriers
from browser import Visit
from conftest import needs
from playwright.sync_api import Browser, expect

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.site import build

pytestmark = pytest.mark.browser
TOPIC, PAGE = "satisfaction", "03_satisfaction"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    needs(shutil.which("npm"), "npm")
    out = tmp_path_factory.mktemp("site")
    build.write(out, [TOPIC])
    return out.as_uri()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, chromium: Browser, lang: str) -> Iterator[Visit]:
    """A window without a network; whatever it complains of or asks for elsewhere fails the test."""
    options = {"viewport": request.param, "offline": True, "locale": i18n.TAGS[lang]}
    with Visit.begin(chromium, lang, **options) as visit:
        yield visit
        assert (visit.elsewhere, visit.complaints) == ([], [])


def check(visit: Visit) -> None:
    """Have nothing keep people out of the page, and nothing stand beside the window."""
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    before = list(visit.complaints)
    assert barriers(visit.page) == []
    visit.complaints[:] = before  # axe asks for the style sheet, which a page from a folder may not read


def test_the_book_opens_in_the_readers_language_and_leads_on(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/index.html")
    page.wait_for_url(f"{site}/{visit.lang}/index.html")
    check(visit)
    page.locator("main table a").first.click()
    page.wait_for_url(f"{site}/{visit.lang}/{PAGE}.html")
    page.get_by_role("link", name=_("Next page")).click()
    page.wait_for_url(f"{site}/{visit.lang}/case_county_hospital.html")


def test_a_chapter_is_whole_in_the_light_and_in_the_dark(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{PAGE}.html")
    page.locator("main figure.crm-figure").first.scroll_into_view_if_needed()
    expect(page.locator("main .main-svg").first).to_be_attached()
    colours = page.get_by_role("button", name=_("Colours: as the system"))
    colours.click()
    check(visit)
    page.get_by_role("button", name=_("Colours: light")).click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 17, 17)"
    check(visit)
    page.reload()
    expect(page.get_by_role("button", name=_("Colours: dark"))).to_be_visible()


def test_the_other_language_opens_at_the_same_section(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{PAGE}.html#s5")
    page.locator("#other").click()
    page.wait_for_url(f"{site}/{i18n.other(visit.lang)}/{PAGE}.html#s5")


def test_words_are_found_and_lead_to_their_section(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/index.html")
    field = page.get_by_role("searchbox", name=_("Search the book"))
    field.fill("服务蓝图" if visit.lang == "zh" else "service blueprint")
    found = page.locator("#found")
    expect(found.get_by_role("link").first).to_be_visible()
    check(visit)
    field.fill("狮子老虎" if visit.lang == "zh" else "zebra")
    expect(found.get_by_role("status")).to_have_text(_("Nothing found"))
    field.fill("蓝图 失误" if visit.lang == "zh" else "blueprint failure")
    found.get_by_role("link").first.press("Enter")
    page.wait_for_url(f"{site}/{visit.lang}/*_*.html#s*")
