"""A file of one's own in a real browser: its figures, its problems, its mapping and the way back, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import TIERS, Visit
from playwright.sync_api import Locator, expect

from crmlib.chapters.tiers.models.tiers import STUDY
from crmlib.core import i18n
from crmlib.tables.data import load

pytestmark = [pytest.mark.browser, pytest.mark.one_language("zh")]
LOANS = load("bank_loans")
HALF = LOANS[LOANS["firm_id"] < "SZ1000"]


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def visit(request: pytest.FixtureRequest, seat: Visit, lab: str) -> Iterator[Visit]:
    """The explorer of tiers, run, with the row for data of one's own open."""
    with i18n.speaking(request.param):
        visit = Visit.borrow(seat, request.param, hurried=True)
        visit.run_cells(lab, "upload", TIERS)
        visit.explorer().scroll_into_view_if_needed()
        opener = row(visit).get_by_role("button", name=i18n._("Your own data"))
        expect(opener).to_have_attribute("aria-expanded", "false")
        opener.press("Enter")
        expect(opener).to_have_attribute("aria-expanded", "true")
        yield visit


def row(visit: Visit) -> Locator:
    return visit.explorer().locator(".crm-own")


def choose(visit: Visit, path: Path) -> None:
    row(visit).locator("input[type=file]").set_input_files(path)


def test_a_file_of_ones_own_is_shown_its_problems_said_and_the_way_back_is_open(visit: Visit, tmp_path: Path) -> None:
    course, own = STUDY.answer(LOANS), STUDY.answer(HALF)
    good, bad, named = tmp_path / "good.csv", tmp_path / "<b>bad.csv", tmp_path / "named.xlsx"
    HALF.to_csv(good, index=False)
    LOANS.head(60).assign(sales="<img src=x onerror=alert(1)>").to_csv(bad, index=False)
    HALF.rename(columns={"sales": "年销售额（万元）"}).to_excel(named, index=False)

    choose(visit, good)
    visit.shows_figures(STUDY, own)
    expect(row(visit).locator(".crm-shown")).to_contain_text("good.csv")

    choose(visit, bad)
    listed = row(visit).locator(".crm-list").first
    expect(listed.locator("tbody tr")).to_have_count(50)
    expect(listed).to_contain_text("<img src=x onerror=alert(1)>")
    assert listed.locator("img").count() == 0
    visit.shows_figures(STUDY, own)

    row(visit).get_by_role("button", name=i18n._("Back to the course data")).click()
    visit.shows_figures(STUDY, course)
    expect(row(visit).locator(".crm-shown")).to_have_count(0)

    choose(visit, named)
    row(visit).get_by_role("button", name=i18n._("Use this mapping")).click()
    visit.shows_figures(STUDY, own)
    row(visit).get_by_role("button", name=i18n._("Back to the course data")).click()
    visit.shows_figures(STUDY, course)
    assert not visit.complaints and not visit.elsewhere


def test_a_file_larger_than_a_message_arrives(visit: Visit, tmp_path: Path) -> None:
    """A page's connection carries 10 MB at once; the file goes in pieces."""
    wide = HALF.assign(remark="x" * 6_000)
    path = tmp_path / "large.csv"
    wide.to_csv(path, index=False)
    assert path.stat().st_size > 11_000_000
    choose(visit, path)
    visit.shows_figures(STUDY, STUDY.answer(HALF))
    row(visit).get_by_role("button", name=i18n._("Back to the course data")).click()
    visit.shows_figures(STUDY, STUDY.answer(LOANS))
    assert not visit.complaints
