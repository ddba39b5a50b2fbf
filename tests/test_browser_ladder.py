"""From worked to own, in a real JupyterLab by keyboard alone: the way chosen, a step filled in, steps put in order."""

import re
from collections.abc import Iterator

import pytest
from browser import Visit
from exercises import draw
from playwright.sync_api import Locator, expect
from sight import LAPTOP, seen_whole

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.items import steps
from crmlib.learning.ladder import WAYS, Ladder

pytestmark = [pytest.mark.browser, pytest.mark.one_language("en")]
NAME, CARD = "loyalty.wallet", ".crm-ask"
CODE = 'from crmlib.learning import loyalty\nloyalty.ask("wallet", 3)'


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def visit(request: pytest.FixtureRequest, seat: Visit, lab: str) -> Iterator[Visit]:
    """A notebook with one exercise, run."""
    with i18n.speaking(request.param):
        visit = Visit.borrow(seat, request.param, LAPTOP, hurried=True)
        visit.run_cells(lab, "ladder", CODE)
        yield visit


def card(visit: Visit) -> Locator:
    return visit.page.locator(CARD)


def go(visit: Visit, way: str) -> None:
    """Choose a way by its name; the focus stays on the choice."""
    choice = card(visit).get_by_label(_("Help"), exact=True)
    choice.focus()
    choice.select_option(_(WAYS[way]))
    visit.settle(CARD)
    expect(choice).to_be_focused()


def test_all_steps_are_shown_and_the_field_is_away(visit: Visit) -> None:
    go(visit, "worked")
    expect(card(visit).locator(".crm-steps li")).to_have_text([step.text for step in steps.read(draw(NAME, 3).steps)])
    expect(card(visit).get_by_label(_("Answer"))).to_be_hidden()
    seen_whole(visit, CARD)


def test_a_step_is_filled_in_by_keyboard(visit: Visit) -> None:
    go(visit, "blank")
    rung = Ladder(draw(NAME, 4), "blank", 4, "q")
    expect(card(visit).locator("input[type=text]:visible")).to_have_count(len(rung.fields))
    shown = card(visit).locator("input[type=text]:visible").all()
    for field, place in zip(shown, rung.fields, strict=True):
        field.fill(rung.steps[place].given)
    shown[-1].press("Enter")
    said = card(visit).get_by_role("status").filter(has_text=_("Step {n}: right.").format(n=max(rung.fields) + 1))
    expect(said).to_be_visible()
    seen_whole(visit, CARD)


def test_steps_are_put_in_order_by_keyboard_and_the_focus_stays_with_the_step(visit: Visit) -> None:
    go(visit, "order")
    rung = Ladder(draw(NAME, 5), "order", 5, "q")
    assert rung.order
    rows = card(visit).locator(".crm-order li")
    expect(rows).to_have_count(len(rung.steps))
    for place in range(len(rung.steps)):
        row = card(visit).locator(f".crm-order li[data-place='{place}']")
        for at in range(row.evaluate("row => [...row.parentElement.children].indexOf(row)"), place, -1):
            up = row.get_by_role("button").first
            up.press("Enter")
            expect(rows.nth(at - 1)).to_have_attribute("data-place", f"{place}")
            expect(up).to_be_focused()
    placed = _("Now in place {n} of {all}.").format(n=len(rung.steps) - 1, all=len(rung.steps))
    expect(card(visit).locator(".crm-order + [role=status]")).to_have_text(placed)
    card(visit).get_by_role("button", name=_("Check the steps")).press("Enter")
    right = _("Right: the steps can be done in this order.")
    expect(card(visit).get_by_role("status").filter(has_text=right)).to_be_visible()
    seen_whole(visit, CARD)


def test_the_mistake_is_found_by_keyboard(visit: Visit) -> None:
    go(visit, "why")
    options = card(visit).get_by_role("radio").and_(visit.page.locator(":visible"))
    expect(options).to_have_count(4)
    options.first.press("Space")
    options.first.press("Enter")
    told = _("No: that mistake would give {number}.").partition("{")[0], _("Right. {reply}").partition("{")[0]
    said = card(visit).get_by_role("status").filter(has_text=re.compile("|".join(map(re.escape, told))))
    expect(said).to_be_visible()
    seen_whole(visit, CARD)


def test_nothing_was_complained_of_or_fetched_from_elsewhere(visit: Visit) -> None:
    assert (visit.elsewhere, visit.complaints) == ([], [])
