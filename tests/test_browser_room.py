"""JupyterLab as a student meets it: one button, the same place, still pictures, a window left to the page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

pytest.importorskip("playwright")

from axe import barriers
from browser import Visit, jupyterlab
from exercises import exercises_in
from playwright.sync_api import Locator, Page, ViewportSize, expect

from crmlib.core.i18n import LANGUAGES, TAGS, _, other, speaking
from crmlib.core.paths import NOTEBOOKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

CHAPTER = "10_key_accounts_complaints"
"""A short one."""
SIZES: dict[str, ViewportSize] = {"laptop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
MOVE_IT = {"zh": "动手调一调", "en": "Move it"}
FIRST = {"zh": "▶ 先动手", "en": "▶ Try it first"}
START = {"zh": "▶ 开始", "en": "▶ Start"}
SKIP = {"zh": "跳过预测", "en": "Skip the predictions"}
RUN = {"zh": "运行此单元格", "en": "Run this cell"}
SCROLLED = ".jp-WindowedPanel-outer"
in_both = pytest.mark.parametrize("spoken", LANGUAGES)
each_in_a_size = pytest.mark.parametrize(("spoken", "size"), list(zip(LANGUAGES, SIZES, strict=True)))


@pytest.fixture(scope="module")
def lab_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("room")


@pytest.fixture(scope="module")
def lab(lab_folder: Path) -> Iterator[str]:
    """A server of our own, started as a student starts it: its language is changed here."""
    with jupyterlab(lab_folder) as address:
        yield address


@pytest.fixture(scope="module")
def seat(chromium: "Browser") -> Iterator[Visit]:
    """A window for this server."""
    with Visit.begin(chromium, "en") as seat:
        yield seat


@pytest.fixture
def visit(seat: Visit, size: str, spoken: str) -> Visit:
    return Visit.borrow(seat, spoken, SIZES[size])


def loaded(visit: Visit, lab: str, name: str = CHAPTER) -> Page:
    """Load JupyterLab with a notebook and touch nothing."""
    visit.page.goto(visit.address(lab, name))
    visit.page.locator(".jp-Notebook .jp-RenderedMarkdown h1").wait_for()
    return visit.page


def opened(visit: Visit, lab: str, name: str = CHAPTER) -> Page:
    """Open a notebook as a new student and touch nothing."""
    visit.turn_to(lab, name)
    visit.page.locator(".jp-Notebook .jp-RenderedMarkdown h1").wait_for()
    return visit.page


def taught(name: str = CHAPTER) -> list[str]:
    """Return the code of a chapter that is there to be read: that of all other cells is folded away."""
    book = nbformat.read(NOTEBOOKS / "en" / f"{name}.ipynb", 4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    return [cell.source for cell in code if not cell.metadata.get("jupyter", {}).get("source_hidden")]


def by_name(page: Page, name: str) -> Locator:
    """Return a button in the text of the page."""
    return page.locator(".jp-RenderedMarkdown").get_by_role("button", name=name, exact=True)


@pytest.mark.one_language("en")
@each_in_a_size
def test_the_window_is_the_pages_and_one_click_leads_to_the_first_explorer(visit: Visit, lab: str) -> None:
    """It shows no code but what is there to be read, and a page that was only opened is not unsaved."""
    visit.forget(lab)
    page = loaded(visit, lab)
    box = page.locator(".jp-Notebook").bounding_box()
    size = page.viewport_size
    assert box and size and box["width"] > 0.85 * size["width"]
    expect(page.locator(".jp-FileBrowser")).to_be_hidden()
    expect(page.locator("#jp-right-stack")).to_be_hidden()
    text = page.locator(".jp-RenderedMarkdown").first.bounding_box()
    assert text and text["width"] > 0.6 * size["width"]
    expect(page.locator(".jp-CodeCell .jp-InputArea-editor:visible")).to_have_count(len(taught()))
    visit.ready()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    by_name(page, FIRST[visit.lang]).click()
    skip = page.get_by_role("button", name=SKIP[visit.lang]).first
    expect(skip).to_be_in_viewport()
    expect(page.locator(".jp-RenderedMarkdown h2", has_text=MOVE_IT[visit.lang])).to_be_in_viewport()
    expect(page.locator(".crm-cover").last).to_be_attached()
    expect(page.locator(".jp-RenderedMarkdown h2", has_text=MOVE_IT[visit.lang])).to_be_in_viewport()
    skip.click()
    expect(visit.explorer()).to_be_in_viewport()
    assert visit.complaints == []


@pytest.mark.one_language("zh")
@each_in_a_size
def test_one_button_runs_the_page_which_the_next_day_shows_still_pictures_and_says_to_run_it(
    visit: Visit, lab: str
) -> None:
    """While it runs it stays at its top; it ends with its text."""
    page = opened(visit, lab)
    by_name(page, START[visit.lang]).click()
    expect(page.locator(".crm-ask:not(.crm-practice *)")).to_have_count(len(exercises_in(CHAPTER)))
    page.locator(".crm-cover").last.wait_for()
    assert page.locator(SCROLLED).evaluate("panel => panel.scrollTop") == 0
    expect(page.locator(".jp-RenderedMarkdown h1")).to_be_in_viewport()
    page.keyboard.press("Shift")  # the reader moves on
    page.locator(".jp-Notebook .jp-Cell").last.scroll_into_view_if_needed()
    white = page.locator(SCROLLED).evaluate(
        """panel => panel.scrollHeight - panel.scrollTop
            - [...panel.querySelectorAll(".jp-Cell")].at(-1).getBoundingClientRect().bottom
            + panel.getBoundingClientRect().top"""
    )
    assert white < SIZES["laptop"]["height"] / 2
    assert visit.complaints == [] and visit.elsewhere == []
    visit.uncover()
    visit.explorer().wait_for()
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    visit.end_kernels(lab)
    page = loaded(visit, lab)
    expect(page.get_by_text(RUN[visit.lang]).first).to_be_attached()
    expect(page.locator(".js-plotly-plot").first).to_be_attached()
    assert page.get_by_text("Error displaying widget").count() == page.get_by_text("model not found").count() == 0


@pytest.mark.one_language("zh")
@each_in_a_size
def test_the_start_page_turns_cards_by_keyboard_and_leads_into_a_chapter(visit: Visit, lab: str) -> None:
    page = opened(visit, lab, "00_start")
    visit.ready()
    visit.command("notebook:run-all-cells")  # to its end: JupyterLab then takes the focus once more
    visit.settle(".crm-progress")
    cards = page.locator(".crm-cards")
    with speaking(visit.lang):
        turn, knew = (cards.get_by_role("button", name=_(name), exact=True) for name in ("Turn the card", "Knew it"))
    front, back = (cards.get_by_role("status").nth(n) for n in range(2))
    first = front.inner_text()
    turn.press("Enter")
    expect(back).not_to_be_empty()
    expect(back).to_be_focused()
    page.keyboard.press("Tab")
    expect(knew).to_be_focused()
    page.keyboard.press("Enter")
    expect(front).not_to_have_text(first)
    expect(front).to_be_focused()
    page.keyboard.press("Tab")
    expect(turn).to_be_focused()
    assert barriers(page, ".crm-progress") == []
    link = page.locator(".crm-progress-table:not(.crm-terms) a").first
    book = nbformat.read(NOTEBOOKS / visit.lang / f"{link.get_attribute('href')}", 4)
    link.press("Enter")
    title = next(cell.source for cell in book.cells[1:])
    expect(page.get_by_role("heading", name=title.partition("\n")[0].removeprefix("# "))).to_be_visible()
    assert len(page.context.pages) == 1 and visit.complaints == []


@pytest.mark.one_language("en")
@pytest.mark.parametrize("size", ["laptop"])
@in_both
def test_the_other_language_opens_at_the_same_place_in_the_one_tab_with_its_menus(visit: Visit, lab: str) -> None:
    page = opened(visit, lab)
    there = other(visit.lang)
    by_name(page, FIRST[visit.lang]).click()
    expect(page.locator(".crm-cover, .crm-explorer").first).to_be_in_viewport()
    page.locator(".jp-Toolbar").get_by_text("中文 / English").click()
    page.wait_for_url(f"**/{there}/{CHAPTER}.ipynb*")
    expect(page.locator(".jp-RenderedMarkdown h2", has_text=MOVE_IT[there])).to_be_in_viewport()
    expect(page.get_by_role("menuitem", name={"zh": "运行", "en": "Run"}[there], exact=True)).to_be_visible()
    expect(page.locator(".jp-Toolbar").get_by_role("button", name=START[there], exact=True)).to_be_visible()
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab")).to_have_count(1)
    page.keyboard.press("Shift")
    page.locator(f".jp-RenderedMarkdown a[hreflang='{TAGS[visit.lang]}']").click()
    page.wait_for_url(f"**/{visit.lang}/{CHAPTER}.ipynb*")
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab")).to_have_count(1)


def written(page: Page, words: str) -> None:
    """Write words at the end of the second cell and save."""
    page.bring_to_front()
    cell = page.locator(".jp-Notebook .jp-Cell").nth(1)
    cell.dblclick()
    editor = cell.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
    expect(editor).to_contain_text(words)
    page.keyboard.press("Control+s")


@pytest.mark.parametrize("size", ["laptop"])
@pytest.mark.parametrize("spoken", ["en"])
def test_two_windows_on_one_notebook_lose_nothing_unasked(visit: Visit, lab: str, lab_folder: Path) -> None:
    name = "case_loyalty"
    one = opened(visit, lab, name)
    visit.page = one.context.new_page()
    two = loaded(visit, lab, name)
    file = lab_folder / "mine" / "notebooks" / "en" / f"{name}.ipynb"
    with one.expect_response(lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url):
        written(one, "first words")
    assert "first words" in file.read_text("utf-8")
    written(two, "second words")
    expect(two.locator(".jp-Dialog")).to_be_visible()
    assert "first words" in file.read_text("utf-8")
    expect(two.locator(".jp-Notebook .jp-Cell").nth(1)).to_contain_text("second words")
    two.close()


def test_what_runs_and_is_saved_is_the_students_own(lab: str, lab_folder: Path) -> None:
    """Nothing that git tracks lies where the server writes."""
    assert json.loads((lab_folder / "mine" / ".crm-delivered.json").read_text("utf-8"))
    assert not (lab_folder / "notebooks").exists()
