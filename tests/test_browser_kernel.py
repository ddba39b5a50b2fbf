"""What an open page says when its kernel begins anew: in the reader's language, beside the pictures that stay."""

import re

import pytest
from browser import TIERS, Visit
from playwright.sync_api import expect

from crmlib.core import i18n

pytestmark = [pytest.mark.browser, pytest.mark.one_language("en")]


@pytest.fixture
def visit(lang: str, seat: Visit, lab: str) -> Visit:
    visit = Visit.borrow(seat, lang)
    visit.run_cells(lab, "kernel", TIERS)
    return visit


def test_an_explorer_whose_kernel_is_gone_says_so_and_keeps_its_pictures(visit: Visit) -> None:
    explorer = visit.explorer()
    explorer.scroll_into_view_if_needed()
    expect(explorer.locator(".crm-caption")).to_have_count(4)
    visit.page.get_by_role("menuitem", name="Kernel", exact=True).click()
    visit.page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    visit.page.get_by_role("button", name="Confirm Kernel Restart").click()
    said = explorer.locator(".crm-gone")
    expect(said).to_have_text(i18n._("The kernel was restarted or is gone: run this cell again (Shift+Enter)."))
    expect(explorer.locator(".crm-plot .main-svg").first).to_be_visible()
    for part in explorer.locator(":is(.crm-toolbar, .crm-controls)").all():
        expect(part).to_have_js_property("inert", True)
    broken = "node => getComputedStyle(node, '::before').display"
    marked = visit.page.locator(".crm-explorer .jupyter-widgets-disconnected")
    assert {node.evaluate(broken) for node in marked.all()} <= {"none"}
