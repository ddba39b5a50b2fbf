"""What a student sees: a real JupyterLab in a real Chromium, moved by the keyboard, in both languages."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from random import Random

import pytest
from browser import SALT, TIERS, Visit
from playwright.sync_api import Browser, Locator, expect

from crmlib.chapters import chapters
from crmlib.chapters.tiers.models.pareto import STUDY as PARETO
from crmlib.chapters.tiers.models.tiers import STUDY, TierPolicy
from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.core.paths import UNATTENDED
from crmlib.items.bank import bank
from crmlib.plotting.library import plotly_js
from crmlib.plotting.template import FONTS
from crmlib.reruns import rerun as runs
from crmlib.support import memory
from crmlib.tables.data import load

pytestmark = [pytest.mark.browser, pytest.mark.one_language("zh")]
expect.set_options(timeout=60_000)
CELLS = (
    TIERS,
    "from crmlib.chapters.tiers.explorers import explore_pareto\nexplore_pareto()",
    'from crmlib.learning import tiers\ntiers.ask("weighted_score")',
)
FIGURES = sum(len(chapters()["tiers"].explore(name).charts) for name in (STUDY.name, PARETO.name))
"""Live figures in the notebook."""
BARS = ".bars .point path"
UNKNOWN = "Error displaying widget: model not found"
HEIGHTS = "paths => paths.map(path => path.getAttribute('d').match(/V([\\d.]+)/)[1])"


class TiersVisit(Visit):
    """Two explorers and an exercise of the chapter on tiers, under the heading that the exercise leads to, run."""

    def slider(self, name: str) -> Locator:
        (label,) = (s.title() for s in TierPolicy.settings() if s.name == name)
        handle = self.explorer().locator(".crm-control").filter(has_text=label).locator(".noUi-handle")
        if not handle.is_visible():
            self.explorer().locator(".crm-controls .crm-fold > button").press("Enter")
            handle.wait_for()
        return handle

    def bars(self) -> list[str]:
        """Return how high the bars of the first figure stand; their width follows the window."""
        found: list[str] = self.explorer().locator(".crm-figure").first.locator(BARS).evaluate_all(HEIGHTS)
        return found

    def values(self) -> list[list[float]]:
        """Return what the bars of the first figure stand for once all is drawn, outlines of former bars left out."""
        self.settle(".crm-explorer")
        kept = "plot => plot.data.filter(trace => trace.hoverinfo !== 'skip').map(trace => [...trace.y])"
        found: list[list[float]] = self.explorer().locator(".crm-plot").first.evaluate(kept)
        return found

    def until_bars_are(self, wanted: list[str], same: bool = True) -> None:
        figure = self.explorer().locator(".crm-figure").first.element_handle()
        equal = f"String(({HEIGHTS})([...figure.querySelectorAll('{BARS}')])) === String(wanted)"
        self.page.wait_for_function(f"([figure, wanted]) => ({equal}) === {str(same).lower()}", arg=[figure, wanted])

    def reset(self) -> None:
        self.explorer().locator(".crm-toolbar button").first.press("Enter")
        self.shows(TierPolicy())

    def shows(self, inputs: TierPolicy) -> None:
        """Wait until the headline figures are those of a direct call."""
        self.shows_figures(STUDY, STUDY.answer(load("bank_loans"), **inputs.model_dump()))


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def visit(request: pytest.FixtureRequest, chromium: Browser, lab: str) -> Iterator[TiersVisit]:
    """The notebook, open in a JupyterLab that is loaded for it, all cells run."""
    with i18n.speaking(request.param), TiersVisit.begin(chromium, request.param) as visit:
        visit.forget(lab)
        heading = f'from IPython.display import Markdown\nMarkdown("## {_("Move it")}")'
        visit.write(lab, "tiers", heading, *CELLS)
        visit.open(lab, "tiers", 1)
        visit.explorer().scroll_into_view_if_needed()
        expect(visit.page.locator(".crm-explorer .crm-caption")).to_have_count(FIGURES)
        yield visit


def press(handle: Locator, key: str, times: int) -> None:
    handle.focus()
    for _time in range(times):
        handle.press(key)


def test_run_all_shows_the_explorers_in_the_language_of_the_folder(visit: TiersVisit) -> None:
    visit.shows(TierPolicy())
    titles = visit.page.locator(".crm-explorer .crm-caption").all_text_contents()
    assert all(any(sign > "\u4e00" for sign in title) == (visit.lang == "zh") for title in titles), titles
    for described in visit.page.locator(".crm-figure .crm-plot").all():
        expect(described).to_have_accessible_description(re.compile(".{8}"))


def test_plotly_is_sent_once_for_all_explorers_of_the_page(visit: TiersVisit) -> None:
    assert sum(visit.received) < 1.3 * len(plotly_js())
    assert len([size for size in visit.received if size > 500_000]) <= 1


def test_the_keyboard_moves_a_slider_and_the_bars_follow_in_place(visit: TiersVisit) -> None:
    visit.reset()
    before, facts = visit.bars(), visit.facts()
    mark = "nodes => nodes.forEach((node, i) => node.setAttribute('data-before', i))"
    nodes = visit.explorer().locator(".crm-figure .main-svg, .crm-figure .bars .point path")
    nodes.evaluate_all(mark)
    count = nodes.count()
    press(visit.slider("size_weight"), "ArrowRight", 4)
    visit.shows(TierPolicy(size_weight=0.4))
    visit.until_bars_are(before, same=False)
    assert visit.facts() != facts
    kept = visit.explorer().locator(".crm-figure [data-before]")
    assert kept.count() == count, "the nodes were moved, not drawn anew"
    expect(visit.explorer().locator(".crm-remarks")).not_to_be_empty()
    press(visit.slider("size_weight"), "ArrowLeft", 4)
    visit.shows(TierPolicy())
    visit.until_bars_are(before)


def test_a_refused_move_shows_a_line_that_goes_when_it_is_mended(visit: TiersVisit) -> None:
    visit.reset()
    press(visit.slider("key_from"), "PageUp", 3)
    press(visit.slider("key_from"), "ArrowRight", 4)
    visit.shows(TierPolicy(key_from=84.5))
    press(visit.slider("key_from"), "ArrowRight", 1)
    line = visit.explorer().locator(".crm-problem [role=alert]")
    expect(line).to_have_count(1)
    with pytest.raises(Exception) as refusal:
        TierPolicy(key_from=85)
    expect(line).to_have_text(str(refusal.value))
    visit.shows(TierPolicy(key_from=84.5))
    press(visit.slider("key_from"), "PageDown", 4)
    expect(line).to_have_count(0)
    visit.shows(TierPolicy())


def test_a_wrong_answer_by_keyboard_is_told_which_mistake_it_is(
    visit: TiersVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in UNATTENDED:
        monkeypatch.delenv(name)
    memory.remember(memory.SALT, SALT)
    exercise = bank().exercises("tiers")["weighted_score"](
        Random(f"tiers.weighted_score:{memory.own_seed('tiers.weighted_score')}")
    )
    mistake = exercise.distractors[-1]
    ask = visit.page.locator(".crm-ask").first
    ask.scroll_into_view_if_needed()
    expect(ask).to_contain_text(exercise.question)
    ask.locator("input[type=text]").focus()
    for answer, said in ((f"{mistake.answer}", mistake.reply), (f"{exercise.answer}", exercise.worked)):
        visit.page.keyboard.press("Control+a")
        visit.page.keyboard.type(answer)
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        expect(ask.locator("[role=status]")).to_contain_text(unescape(said))
        visit.page.keyboard.press("Shift+Tab")


def test_an_exercise_leads_to_its_figures_and_they_lead_back(visit: TiersVisit) -> None:
    link = visit.page.locator(".crm-ask .crm-to").first
    link.press("Enter")
    back = visit.page.locator(".crm-back")
    expect(back).to_be_focused()
    expect(back).to_be_in_viewport()
    back.press("Enter")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    expect(back).to_have_count(0)


def test_chinese_is_drawn_with_glyphs_and_not_with_boxes(visit: TiersVisit) -> None:
    drawn: list[str] = visit.page.evaluate(
        """fonts => ["汉", "字", "\\u{10FFFD}"].map(sign => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 60;
            const pen = canvas.getContext("2d");
            pen.font = `40px ${fonts}`;
            pen.fillText(sign, 5, 45);
            return canvas.toDataURL();
        })""",
        FONTS,
    )
    assert len(set(drawn)) == 3, "two Chinese characters and a missing glyph look alike"
    family = visit.page.locator(".crm-explorer .xtick text").first.evaluate("node => getComputedStyle(node).fontFamily")
    assert "Noto Sans CJK SC" in family


def test_a_saved_and_reloaded_page_shows_the_moved_state(visit: TiersVisit) -> None:
    visit.reset()
    press(visit.slider("outlook_shock"), "PageUp", 3)
    visit.shows(TierPolicy(outlook_shock=15))
    first = visit.values()
    visit.page.keyboard.press("Escape")
    with visit.page.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url):
        visit.page.keyboard.press("Control+s")
    visit.reload()
    visit.explorer().scroll_into_view_if_needed()
    visit.shows(TierPolicy(outlook_shock=15))
    expect(visit.slider("outlook_shock")).to_have_attribute("aria-valuenow", "15.0")
    expect(visit.explorer().locator(".crm-caption")).to_have_count(4)
    expect(visit.explorer().locator(".crm-plot").first.locator(BARS).first).to_be_visible()
    assert visit.values() == first
    press(visit.slider("outlook_shock"), "PageDown", 3)
    visit.shows(TierPolicy())


def test_a_widget_that_was_looked_for_too_early_is_looked_for_again(visit: TiersVisit) -> None:
    """It comes while the browser is busy, and the time that JupyterLab waits for it is over when it has come."""
    expect(visit.page.get_by_text(UNKNOWN)).to_have_count(0)
    asks = visit.page.locator(".crm-ask:not(.crm-practice *)")
    expect(asks).to_have_count(1)
    for _time in range(2):
        missed = visit.page.evaluate(
            """async patience => {
                const cells = jupyterapp.shell.currentWidget.content.widgets;
                const asks = ({ outputArea }) => outputArea?.node.querySelector(".crm-ask");
                const { outputArea: area } = cells.find(asks);
                const place = area.widgets.findIndex(({ node }) => node.querySelector(".crm-ask"));
                const one = [...area.widgets[place].widgets].find(part => part.renderModel);
                const manager = await one._manager.promise;
                const id = area.model.get(place).data[one.mimeType].model_id;
                const model = manager._models[id];
                delete manager._models[id];
                one.widgets[0].parent = null;
                const looking = one.renderModel(area.model.get(place));
                await new Promise(next => setTimeout(next, 150));
                const end = Date.now() + patience;
                while (Date.now() < end);
                manager._models[id] = model;
                await looking;
                return one.node.textContent;
            }""",
            2500,
        )
        assert missed == UNKNOWN
        expect(visit.page.get_by_text(UNKNOWN)).to_have_count(0)
        expect(asks).to_have_count(1)


def test_nothing_was_fetched_from_elsewhere_and_no_error_was_logged(visit: TiersVisit) -> None:
    assert visit.elsewhere == []
    expect(visit.page.get_by_text(UNKNOWN)).to_have_count(0)
    reloads = (
        test_a_saved_and_reloaded_page_shows_the_moved_state,
        test_a_widget_that_was_looked_for_too_early_is_looked_for_again,
    )
    early = "widget model not found"  # said of a widget looked for too early; it was found: none is missing
    assert [one for one in visit.complaints if not (early in one and any(r.__name__ in one for r in reloads))] == []


def test_the_page_of_a_rerun_draws_its_figures_without_a_network(chromium: Browser, tmp_path: Path) -> None:
    (path,) = runs.run(runs.plan_rerun("bank_tiers", "zh", "property_downturn"), tmp_path, ["html"])
    with Visit.begin(chromium, "zh", offline=True) as visit:
        visit.page.goto(path.as_uri())
        expect(visit.page.locator(".crm-plot:has(.main-svg[aria-hidden])")).to_have_count(4)
        expect(visit.page.locator(".modebar-btn[data-title*='loud']")).to_have_count(0)
        assert (visit.elsewhere, visit.complaints) == ([], [])
