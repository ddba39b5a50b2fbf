"""Scenarios, slides, data sets and pages to print, as they open from a folder without a network."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import barriers
from browser import Visit
from conftest import needs
from pages import SIZES, TOPIC, Windows, check
from playwright.sync_api import expect

from crmlib import casebook
from crmlib.core import i18n
from crmlib.core.i18n import _, pick
from crmlib.core.paths import DATA
from crmlib.tables.dictionary import dictionary

pytestmark = [pytest.mark.browser, pytest.mark.shared(3)]
in_zh, in_en = (pytest.mark.one_language(lang) for lang in i18n.LANGUAGES)
CASE = "county_hospital"
OTHER = casebook.case(CASE).order[1]


@pytest.fixture(scope="module", autouse=True)
def cut() -> None:
    needs(shutil.which("npm"), "npm")


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, windows: Windows, lang: str) -> Iterator[Visit]:
    with windows.lend(lang, request.param) as visit:
        yield visit


@in_en
def test_from_a_case_to_a_scenario_to_the_other_language_to_what_compares_them(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/case_{CASE}.html")
    scenario = casebook.case(CASE).scenario(OTHER)
    around = page.get_by_role("navigation", name=_("Scenarios"))
    around.get_by_role("link", name=scenario.label()).click()
    page.wait_for_url(f"{site}/{visit.lang}/case_{CASE}.{OTHER}.html")
    page.locator("main figure.crm-figure").first.evaluate("place => place.scrollIntoView()")
    expect(page.locator("main .main-svg").first).to_be_attached()
    check(visit)
    page.locator("#other").click()
    page.wait_for_url(f"{site}/{i18n.other(visit.lang)}/case_{CASE}.{OTHER}.html*")
    page.go_back()
    around.get_by_role("link", name=_("All scenarios compared")).click()
    page.wait_for_url(f"{site}/{visit.lang}/case_{CASE}.all.html")
    page.locator(".many figure").first.evaluate("place => place.scrollIntoView()")
    expect(page.locator(".many .main-svg").first).to_be_attached()
    check(visit)


@in_zh
def test_the_slides_draw_with_the_plotly_that_all_pages_share(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/slides_{CASE}.html")
    expect(page.locator(".slide .main-svg").first).to_be_attached()
    assert barriers(page) == []
    page.get_by_role("button", name=_("Next slide")).click()
    page.get_by_role("link", name=i18n.NAMES[i18n.other(visit.lang)]).click()
    page.wait_for_url(f"{site}/{i18n.other(visit.lang)}/slides_{CASE}.html#2")
    page.go_back()
    page.get_by_role("link", name=_("Read the case")).click()
    page.wait_for_url(f"{site}/{visit.lang}/case_{CASE}.html")


@in_en
def test_a_chapter_leads_to_its_data_which_download(visit: Visit, site: str, tmp_path: Path) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/03_satisfaction.html")
    page.get_by_role("link", name=pick(dictionary("service_survey").title)).click()
    page.wait_for_url(f"{site}/{visit.lang}/data.html#data-service_survey")
    found = page.locator("#data-service_survey")
    found.get_by_text(_("What the columns mean")).click()
    expect(found.locator("table")).to_be_visible()
    check(visit)
    with page.expect_download() as saved:
        found.get_by_role("link").filter(has_text="CSV").click()
    saved.value.save_as(tmp_path / "data.csv")
    assert (tmp_path / "data.csv").read_text("utf-8-sig") == (DATA / "service_survey.csv").read_text("utf-8")


@pytest.mark.parametrize("name", ["formulas", f"summary_{TOPIC}"])
def test_what_is_printed_has_no_navigation_on_paper(visit: Visit, site: str, name: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{name}.html")
    check(visit)
    page.emulate_media(media="print")
    for part in ("body > header", ".contents", "#other"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator("main math").first).to_be_visible()
