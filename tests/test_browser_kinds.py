"""Questions of several parts in a real JupyterLab, by keyboard alone: ticked, filled in, ordered, matched, mended."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import Visit
from playwright.sync_api import Locator, expect
from sight import LAPTOP, seen_whole

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.items.bank import bank

pytestmark = [pytest.mark.browser, pytest.mark.one_language("zh")]
OURS = ".jp-OutputArea-output"
CODE = """from crmlib.items.bank import bank
from crmlib.learning.practice import Practice

Practice(bank(), [bank().items["{id}"]], lambda: "", queue=["{id}"])"""
TOPIC = "tiers"


def first(kind: str) -> Any:
    """Return a question of a kind; one that is answered in words has answers to mark, if any of its kind has."""
    known = [item for item in bank().of(TOPIC) if item.type == kind]
    return next((item for item in known if getattr(item, "specimens", ())), known[0])


def tick(card: Locator, item: Any) -> None:
    for option in item.options:
        if option.correct:
            card.get_by_role("checkbox", name=str(option.text), exact=True).press("Space")


def mend(card: Locator, item: Any) -> None:
    card.get_by_role("radio", name=_("True") if item.answer else _("False"), exact=True).press("Space")
    card.get_by_role("textbox").fill(str(item.correction or ""))


def fill_in(card: Locator, item: Any) -> None:
    for field, blank in zip(card.get_by_role("textbox").all(), item.blanks, strict=True):
        field.fill(str(blank.accept[0]))


def put_in_order(card: Locator, item: Any) -> None:
    for place, line in enumerate(item.sequence):
        row = card.locator(".crm-order li").filter(has=card.page.get_by_text(str(line), exact=True))
        while row.evaluate("row => [...row.parentElement.children].indexOf(row)") > place:
            row.get_by_role("button").first.press("Enter")


def pair(card: Locator, item: Any) -> None:
    for one in item.pairs:
        card.get_by_role("combobox", name=str(one.left), exact=True).select_option(label=str(one.right))


ANSWERED: dict[str, Callable[[Locator, Any], None]] = {
    "multi": tick,
    "fill": fill_in,
    "order": put_in_order,
    "match": pair,
}


IN_WORDS = ("tfc", "term", "short")
KINDS = (*ANSWERED, *IN_WORDS)


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def visit(request: pytest.FixtureRequest, seat: Visit, lab: str) -> Iterator[Visit]:
    """A notebook with a question of each kind, run."""
    with i18n.speaking(request.param):
        visit = Visit.borrow(seat, request.param, LAPTOP, hurried=True)
        visit.run_cells(lab, "kinds", *(CODE.format(id=first(kind).id) for kind in KINDS))
        yield visit


def card(visit: Visit, kind: str) -> Locator:
    return visit.page.locator(".crm-practice").nth(KINDS.index(kind))


def test_they_are_seen_whole_before_an_answer(visit: Visit) -> None:
    seen_whole(visit, OURS)


@pytest.mark.parametrize("kind", ANSWERED)
def test_the_right_answer_is_given_by_keyboard_and_told(visit: Visit, kind: str) -> None:
    item, place = first(kind), card(visit, kind)
    ANSWERED[kind](place, item)
    place.get_by_role("button", name=_("Check"), exact=True).press("Enter")
    expect(place.locator("[role=status] .crm-right").first).to_be_visible()


@pytest.mark.parametrize("kind", IN_WORDS)
def test_what_is_written_is_compared_and_marked_by_keyboard(visit: Visit, kind: str) -> None:
    item, place = first(kind), card(visit, kind)

    def press(name: str) -> None:
        place.get_by_role("button", name=_(name), exact=True).press("Enter")

    if kind == "tfc":
        mend(place, item)
    else:
        place.get_by_role("textbox").fill("1, 2, 3")
    press("Compare")
    expect(place.get_by_role("button", name=_("Save my marks"), exact=True)).to_be_visible()
    for group in place.get_by_role("radiogroup").all():
        if group.get_by_role("radio").first.is_enabled():
            group.get_by_role("radio").first.press("Space")
    press("Save my marks")
    kept = _("Kept: {earned:g} of {points:g} points.").format(earned=item.points, points=item.points)
    expect(place.get_by_role("status").filter(has_text=kept)).to_be_visible()
    if kind == "short":
        marks = place.get_by_role("textbox").and_(visit.page.locator("input"))
        expect(marks).to_have_count(3)
        for field in marks.all():
            field.fill("1")
        marks.last.press("Enter")
        expect(place.get_by_role("status").filter(has_text=str(item.specimens[0].why)[:30])).to_be_visible()


def test_they_are_seen_whole_after_it(visit: Visit) -> None:
    seen_whole(visit, OURS)


def test_nothing_was_complained_of_or_fetched_from_elsewhere(visit: Visit) -> None:
    assert (visit.elsewhere, visit.complaints) == ([], [])
