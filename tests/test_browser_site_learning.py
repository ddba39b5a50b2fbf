"""Learning on a page of the site: predictions, practice, a mock exam and cards, as they open from a folder."""

from collections.abc import Iterator

import pytest
from browser import Visit
from playwright.sync_api import Browser, Locator, expect
from test_browser_site import DESK, PHONE, check

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.explorer import prediction
from crmlib.items import prose
from crmlib.learning.predict import cause, said_way
from crmlib.site import build, predictions, states
from crmlib.site.pages import plain

pytestmark = pytest.mark.browser
TOPIC, PAGE, MOVING = "satisfaction", "03_satisfaction", ("kano", "csi")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("site")
    build.write(out, [TOPIC], cut=False, moving=MOVING)
    return out.as_uri()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, chromium: Browser, lang: str) -> Iterator[Visit]:
    """A window without a network; whatever it complains of or asks for elsewhere fails the test."""
    options = {"viewport": request.param, "offline": True, "locale": i18n.TAGS[lang]}
    with Visit.begin(chromium, lang, **options) as visit:
        yield visit
        assert (visit.elsewhere, visit.complaints) == ([], [])


# Predictions ----------------------------------------------------------------------------------------------------------


def covered(visit: Visit, site: str, study: str) -> tuple[Locator, Locator]:
    """Open the chapter at an explorer; return what is asked before it, and the explorer itself."""
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{PAGE}.html")
    explorer = page.locator(f"[data-study={study}]")
    explorer.evaluate("place => place.scrollIntoView()")
    return page.locator(".crm-guess").filter(has=page.locator(f"#{study}-predict")), explorer


def test_three_predictions_are_made_by_the_keyboard_and_stand_beside_what_came(visit: Visit, site: str) -> None:
    card, explorer = covered(visit, site, "csi")
    one, asked = states.explorer("csi"), predictions.asked("csi")
    for n, (question, true) in enumerate(asked[: prediction.ROUND]):
        expect(explorer).to_be_hidden()
        expect(card.locator(".crm-question")).to_contain_text(
            plain(prose.html(prediction.text(one.initial, question, true)))
        )
        check(visit)
        way = prediction.UP if n else prediction.DOWN
        card.get_by_role("radio").nth(way).focus()
        card.get_by_role("radio").nth(way).press("Space")
        card.get_by_role("textbox").fill(f"{true.size:.{true.measure.digits}f}")
        card.get_by_role("textbox").press("Enter")
        expect(explorer).to_be_visible()
        said = card.get_by_role("status")
        expect(said).to_be_focused()
        expect(said).to_contain_text(said_way(way, true))
        expect(said).to_contain_text(cause(one.initial, question))
        signed = true.size if way == prediction.UP else -true.size
        shown = [true.measure.shown(value) for value in (true.before, true.before + signed, true.after)]
        expect(said.locator("td:nth-child(2)")).to_have_text(shown)
        title = true.measure.title()
        value = explorer.locator(".crm-facts tr").filter(has_text=title).locator(".crm-value").first
        expect(value).to_have_text(true.measure.shown(true.after))
        check(visit)
        card.get_by_role("button").press("Enter")
    right = sum(true.way == (prediction.UP if n else prediction.DOWN) for n, (_q, true) in enumerate(asked[:3]))
    visit.page.reload()
    score = _("You said the right way in {right} of {all} predictions.").format(right=right, all=3)
    explorer.evaluate("place => place.scrollIntoView()")
    expect(card).to_contain_text(score)


def test_predictions_are_skipped_by_one_key_and_stay_skipped(visit: Visit, site: str) -> None:
    card, explorer = covered(visit, site, "csi")
    expect(card.get_by_role("button", name=_("Skip the predictions"))).to_be_visible()
    card.get_by_role("radio").first.focus()
    visit.page.keyboard.press("Escape")
    expect(explorer).to_be_visible()
    visit.page.reload()
    explorer.scroll_into_view_if_needed()
    expect(explorer.locator(".main-svg").first).to_be_attached()
    before = visit.page.locator(".crm-guess").filter(has_text=_("Predict first"))
    expect(before).to_have_count(1)
    before.get_by_role("button").press("Enter")
    expect(explorer).to_be_hidden()


def test_a_prediction_without_a_way_or_with_no_number_is_refused(visit: Visit, site: str) -> None:
    card, explorer = covered(visit, site, "csi")
    card.get_by_role("button", name=_("Show the figures")).press("Enter")
    expect(card.get_by_role("status")).to_have_text(_("Say first which way it goes."))
    card.get_by_role("radio").first.check()
    card.get_by_role("textbox").fill("<b>much</b>")
    card.get_by_role("textbox").press("Enter")
    said = _("“{given}” is not a number. Write for example 12.5.").format(given="<b>much</b>")
    expect(card.get_by_role("status")).to_have_text(said)
    expect(explorer).to_be_hidden()


@pytest.mark.parametrize("value", [0.5, 1.5, 2.5, -0.5, 0.125, 1.005, 1234567.8915, -0.004, 1e15 + 0.5])
def test_numbers_are_rounded_as_in_the_notebook(chromium: Browser, site: str, value: float) -> None:
    with Visit.begin(chromium, "en") as visit:
        visit.page.goto(f"{site}/en/index.html")
        for digits in range(4):
            shown = visit.page.evaluate("([value, digits]) => fixed(value, digits)", [value, digits])
            assert shown == f"{value:z,.{digits}f}"
