"""Predict, then move, in a real JupyterLab by keyboard alone: covered, committed, shown beside the result, skipped."""

from collections.abc import Iterator

import pytest
from axe import barriers
from browser import SALT, Visit
from playwright.sync_api import Locator, expect
from sight import LAPTOP, PHONE, Faults, violations

from crmlib.chapters.tiers.explorers import explore
from crmlib.chapters.tiers.models.tiers import STUDY
from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.core.paths import UNATTENDED
from crmlib.explorer import prediction
from crmlib.learning.predict import Predict, predict
from crmlib.support import memory
from crmlib.tables.data import load

pytestmark = [pytest.mark.browser, pytest.mark.one_language("en")]
OURS = ".jp-OutputArea-output"
CODE = """from crmlib.chapters.tiers.explorers import explore
from crmlib.learning.predict import predict

predict(explore())"""
CELL = f"{OURS}:has(.crm-guess .crm-options, .crm-guess .crm-predicted)"


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def visit(request: pytest.FixtureRequest, seat: Visit, lab: str) -> Iterator[Visit]:
    """An explorer, run by a student who has predicted nothing yet."""
    with i18n.speaking(request.param):
        visit = Visit.borrow(seat, request.param, LAPTOP, hurried=True)
        visit.run_cells(lab, "predict", CODE)
        yield visit


@pytest.fixture
def same(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Predict:
    """Return the card of the same student here, with the same questions."""
    for name in UNATTENDED:
        monkeypatch.delenv(name)
    memory.remember(memory.SALT, SALT)
    return predict(explore())


def card(visit: Visit) -> Locator:
    return visit.page.locator(CELL)


def seen_in_every_window(visit: Visit) -> None:
    """Look at the cards; the explorer under one is looked at by the tests of boards and chapters."""
    faults = Faults()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        visit.theme(theme)
        faults.note(theme, barriers(visit.page, ".crm-guess"))
        for name, size in (("phone", PHONE), ("laptop", LAPTOP)):
            visit.page.set_viewport_size(size)
            visit.settle(OURS)
            faults.note(f"{theme}, {name}", violations(visit.page, ".crm-guess"))
    visit.theme("JupyterLab Light")
    faults.tell()


def test_the_figures_are_covered_and_the_question_is_one_group(visit: Visit, same: Predict) -> None:
    expect(card(visit).locator(".crm-cover")).to_be_visible()
    expect(card(visit).locator(".crm-explorer, .crm-facts")).to_have_count(0)
    assert same.question
    found = prediction.effect(STUDY, same.explorer.prepared, same.explorer.initial, same.question)
    asked = prediction.text(same.explorer.initial, same.question, found)
    expect(card(visit).locator(".crm-question")).to_contain_text(asked)
    expect(card(visit).get_by_role("radiogroup").get_by_role("radio")).to_have_count(3)
    seen_in_every_window(visit)


def test_a_prediction_by_keyboard_moves_the_explorer_and_stands_beside_the_result(visit: Visit, same: Predict) -> None:
    asked = same.question
    assert asked
    found = prediction.effect(STUDY, same.explorer.prepared, same.explorer.initial, asked)
    card(visit).get_by_role("radio").nth(found.way).press("Space")
    field = card(visit).get_by_role("textbox")
    field.fill("1")
    field.press("Enter")
    visit.shows_figures(STUDY, STUDY.answer(load("bank_loans"), **{asked.input: asked.to}))
    told = card(visit).locator(".crm-guess [role=status]").first
    expect(told).to_be_focused()
    expect(told.locator(".crm-right")).to_be_visible()
    expect(told.locator(".crm-predicted")).to_contain_text(found.measure.shown(found.after))
    changes = visit.explorer().locator(".crm-facts .crm-change").all_inner_texts()
    assert changes[list(STUDY.measures).index(asked.measure)]
    seen_in_every_window(visit)


def test_the_next_one_covers_them_again_and_one_key_skips(visit: Visit) -> None:
    card(visit).get_by_role("button", name=_("Next prediction")).press("Enter")
    expect(card(visit).locator(".crm-cover")).to_be_visible()
    expect(card(visit).get_by_role("radio").first).to_be_focused()
    card(visit).get_by_role("button", name=_("Skip the predictions")).press("Enter")
    expect(visit.page.locator(".crm-cover")).to_have_count(0)
    expect(visit.explorer().locator(".crm-plot .main-svg").first).to_be_visible()
    expect(visit.page.locator(".crm-guess [role=status]:focus")).to_contain_text(
        _("The figures are below: move any control.")
    )


def test_nothing_was_complained_of_or_fetched_from_elsewhere(visit: Visit) -> None:
    assert (visit.elsewhere, visit.complaints) == ([], [])
