"""The game in a real JupyterLab, by keyboard alone: from the first quarter to the debriefing, in both languages."""

from collections.abc import Iterator

import pytest
from browser import Visit
from playwright.sync_api import Locator, expect
from sight import LAPTOP

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.game import seen
from crmlib.game.board import Board
from crmlib.game.decisions import QUARTERS, Decisions

pytestmark = [pytest.mark.browser, pytest.mark.one_language("en")]
GAME = ".crm-game"
CODE = 'from crmlib.game import board\nboard.play_game("company")'


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def visit(request: pytest.FixtureRequest, seat: Visit, lab: str) -> Iterator[Visit]:
    """A notebook with the game, run."""
    with i18n.speaking(request.param):
        visit = Visit.borrow(seat, request.param, LAPTOP, hurried=True)
        visit.run_cells(lab, "game", CODE)
        expect(board(visit)).to_be_visible()
        yield visit


def board(visit: Visit) -> Locator:
    return visit.page.locator(GAME)


def title(visit: Visit, quarter: int) -> None:
    text = _("Quarter {n} of {all}").format(n=quarter, all=QUARTERS)
    expect(board(visit).locator("h3").first).to_have_text(text)


def press(visit: Visit, name: str) -> None:
    """Press a button by keyboard."""
    key = board(visit).get_by_role("button", name=name, exact=True)
    key.focus()
    key.press("Enter")
    visit.settle(GAME)


def slide(visit: Visit, lever: str, steps: int) -> None:
    """Move a slider by the arrows."""
    label = next(s.title() for s in Decisions.settings() if s.name == lever)
    row = board(visit).locator(".widget-slider").filter(has_text=label)
    handle = row.locator(".noUi-handle")
    handle.focus()
    for _step in range(steps):
        handle.press("ArrowRight")
    visit.settle(GAME)


def test_a_change_is_undone_within_the_quarter(visit: Visit) -> None:
    title(visit, 1)
    cost = board(visit).get_by_text(_("These decisions cost {cost} of {budget}.").format(
        cost=seen.money(4), budget=seen.money(240)))  # fmt: skip
    slide(visit, "training", 2)
    expect(cost).to_be_visible()
    press(visit, _("Undo"))
    press(visit, _("Undo"))
    expect(cost).to_have_count(0)


def test_too_much_is_refused_in_a_sentence(visit: Visit) -> None:
    slide(visit, "service_c", 4)
    slide(visit, "service_a", 4)
    press(visit, _("Next quarter"))
    title(visit, 1)
    budget = _("These decisions cost {cost}; the budget is {budget}. Lower something first.").partition("{cost}")[0]
    expect(board(visit).get_by_role("status").filter(has_text=budget)).to_be_visible()
    for _step in range(8):
        press(visit, _("Undo"))


def test_eight_quarters_are_played_and_each_is_kept(visit: Visit, lab: str) -> None:
    choice = board(visit).get_by_label(_("Module to build"))
    for quarter in range(1, QUARTERS + 1):
        title(visit, quarter)
        if quarter == 1:
            choice.focus()
            choice.select_option(_("base information"))
            slide(visit, "training", 8)
            slide(visit, "service_a", 3)
        press(visit, _("Next quarter"))
        kept = visit.remembered(lab)["game:company"]
        assert len(kept["played"]) == quarter
    assert Decisions(**kept["played"][0]) == Decisions(module="base", training=16, service_a=3)
    assert Decisions(**kept["played"][-1]) == Decisions(training=16, service_a=3)


def test_the_debriefing_has_the_figures_of_the_game(visit: Visit) -> None:
    expect(board(visit).locator("h3").first).to_have_text(_("The game is over"))
    mine = Board("company")
    for one in [Decisions(module="base", training=16, service_a=3)] + [Decisions(training=16, service_a=3)] * 7:
        mine._set(one.model_dump())
        mine.next_quarter()
    value = seen.money(float(mine.result().value[0]))
    expect(board(visit).get_by_text(value, exact=True).first).to_be_visible()
    for heading in ("What each decision did", "Other policies on the same market", "What the records hid"):
        expect(board(visit).get_by_role("heading", name=_(heading), exact=True)).to_be_visible()


def test_a_belief_is_run_and_the_reflection_compared(visit: Visit) -> None:
    choice = board(visit).get_by_label(_("Run a policy"))
    choice.focus()
    choice.select_option(_("software alone"))
    visit.settle(GAME)
    expect(
        board(visit).get_by_text(_("Once the system runs, sales rise by themselves."), exact=False).last
    ).to_be_visible()
    answer = board(visit).locator("textarea")
    answer.focus()
    answer.press_sequentially("training")
    press(visit, _("Compare"))
    expect(board(visit).get_by_text(_("Mark yourself by the rubric"), exact=True)).to_be_visible()


def test_it_is_there_again_and_can_be_played_on_another_market(visit: Visit) -> None:
    press(visit, _("Play on another market"))
    title(visit, 1)


def test_nothing_was_complained_of_or_fetched_from_elsewhere(visit: Visit) -> None:
    assert (visit.elsewhere, visit.complaints) == ([], [])
