"""Pages, decks and the index as they open from a disk, without a network, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import COLOURS, barriers
from browser import Visit
from pages import Windows, window
from playwright.sync_api import Browser, Locator, ViewportSize, expect
from sight import LAPTOP, Faults, set_in, still, violations
from sight import PHONE as TELEPHONE

from crmlib import casebook
from crmlib.core import i18n
from crmlib.reruns import batch as batches
from crmlib.reruns import rerun as runs

pytestmark = [pytest.mark.browser, pytest.mark.one_language("en")]
KINDS = ("html", "slides.html")
PAGES = ["bank_tiers-{lang}.html", *(f"{case}-base-{{lang}}.{kind}" for case in casebook.cases() for kind in KINDS)]
DESK: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 360, "height": 740}


class Shelf:
    """Pages, decks and the index of a case: each is written when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, case: str, lang: str, kind: str = KINDS[0]) -> str:
        """Return the address of a case's page or deck."""
        path = self.folder / f"{case}-base-{lang}.{kind}"
        if not path.exists():
            with i18n.speaking(lang):
                runs.run(runs.plan_rerun(case, lang), self.folder, ["html", "slides"])
        return path.as_uri()

    def index(self, lang: str) -> str:
        """Return the address of the index of the bank case with all its scenarios."""
        out = self.folder / lang
        if not out.exists():
            with i18n.speaking(lang):
                batch = batches.begin("bank_tiers", lang, ["all"], out, ["html"])
                batch.run()
                assert not batch.refused
                batch.compare()
        return (out / f"bank_tiers-{lang}.html").as_uri()

    def named(self, page: str, lang: str) -> str:
        """Return the address of one of ``PAGES``."""
        case, base, kind = page.partition("-base-{lang}.")
        return self.of(case, lang, kind) if base else self.index(lang)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("report"))


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, windows: Windows) -> Iterator[Visit]:
    with windows.lend("en", request.param, has_touch=request.param == PHONE) as visit:
        yield visit


desk_only = pytest.mark.parametrize("visit", [DESK], ids=["desk"], indirect=True)


SPILLS = "() => document.documentElement.scrollWidth > innerWidth"
FONTS = {
    "own": "* { }",
    "wide": "* { font-family: 'DejaVu Sans', 'Verdana', 'Noto Sans CJK SC' !important; letter-spacing: .04em; }",
    "narrow": "* { font-family: 'Liberation Sans Narrow', 'Arial Narrow', 'Noto Sans CJK SC' !important; }",
    "only Chinese": "* { font-family: 'Noto Sans CJK SC' !important; }",
}
"""Readers have other fonts than we; the wide one is made wider still, for where it is not installed."""
TOO_WIDE = """figures => figures.filter(figure => [...figure.querySelectorAll('.main-svg')].some(
    svg => svg.clientWidth > figure.clientWidth + 1 || svg.clientHeight > figure.clientHeight + 1)).map(f => f.id)"""
UNNAMED = """tables => tables.filter(table => table.scrollWidth > table.clientWidth + 1).filter(table =>
    table.tabIndex !== 0 || table.getAttribute('role') !== 'region' || !table.getAttribute('aria-label')).length"""
SQUEEZED = """tables => tables.flatMap(table => [...table.querySelectorAll('tbody :is(th, td)')].filter(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const lines = new Set([...range.getClientRects()].map(line => Math.round(line.top))).size;
    return cell.checkVisibility() && lines > 1 && cell.textContent.trim().length / lines < 3;
}).map(cell => cell.textContent))"""


def drawn(visit: Visit) -> Locator:
    """Wait until every figure of the page is drawn; return the figures."""
    figures = visit.page.locator(".crm-figure")
    expect(visit.page.locator(".crm-plot:has(.main-svg[aria-hidden] .bglayer)")).to_have_count(figures.count())
    return figures


@pytest.mark.shared(9)
@pytest.mark.parametrize("page", [page for page in PAGES if not page.endswith(KINDS[1])])
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("visit", [PHONE], ids=["phone"], indirect=True)
def test_pages_and_index_open_draw_and_do_not_scroll_sideways(visit: Visit, shelf: Shelf, lang: str, page: str) -> None:
    visit.page.goto(shelf.named(page, lang))
    figures, tables = drawn(visit), visit.page.locator(".crm-scroll")
    assert figures.count() >= 3
    assert figures.evaluate_all(TOO_WIDE) == []
    assert not visit.page.evaluate(SPILLS)
    assert tables.evaluate_all(UNNAMED) == 0, "a table that is cut scrolls by the keyboard and has a name"
    assert tables.evaluate_all(SQUEEZED) == [], "no text stands a few letters a line"
    for figure in figures.all():
        assert len(figure.locator(".crm-caption").inner_text()) > 3
        assert len(figure.locator(".crm-unseen").inner_text()) > 10


@desk_only
def test_figures_are_dark_where_the_reader_likes_it_dark_and_light_on_paper(visit: Visit, shelf: Shelf) -> None:
    paper = "() => [...new Set([...document.querySelectorAll('.main-svg')].map(svg => svg.style.background))].sort()"
    visit.page.emulate_media(color_scheme="dark")
    visit.page.goto(shelf.of("bank_tiers", "zh"))
    drawn(visit)
    dark = visit.page.evaluate(paper)
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") in dark
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert visit.page.evaluate(paper) != dark and "rgb(255, 255, 255)" in visit.page.evaluate(paper)
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visit.page.evaluate(paper) == dark


@desk_only
def test_the_values_of_a_figure_open_by_the_keyboard_and_are_printed(visit: Visit, shelf: Shelf) -> None:
    visit.page.goto(shelf.of("bank_tiers", "en"))
    drawn(visit)
    values = visit.page.locator(".crm-values table")
    expect(values.first).to_be_hidden()
    visit.page.locator(".crm-values summary").first.press("Enter")
    expect(values.first).to_be_visible()
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(values.last).to_be_visible()
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(values.first).to_be_visible()
    expect(values.last).to_be_hidden()


@desk_only
def test_the_links_of_the_index_lead_to_the_pages(visit: Visit, shelf: Shelf) -> None:
    visit.page.goto(shelf.index("zh"))
    links = visit.page.locator(".scenarios a")
    expect(links).to_have_count(len(casebook.case("bank_tiers").order))
    links.last.click()
    expect(visit.page.locator("footer")).to_contain_text("20240607")
    assert visit.page.url == shelf.index("zh").replace("bank_tiers-", "bank_tiers-small_firms-")


CUT = """slides => slides.flatMap((slide, number) => {
    const within = 'h1, h2, p:not(.crm-unseen), .crm-figure, .crm-plot, footer, table';
    const parts = [slide, ...slide.querySelectorAll(within)];
    const frame = slide.getBoundingClientRect();
    const outside = parts.filter(part => {
        const box = part.getBoundingClientRect();
        return !part.closest('details:not([open])') && !part.closest('.crm-scroll[tabindex]') && (
            box.bottom > frame.bottom + 1 || box.right > frame.right + 1 || box.left < frame.left - 1);
    });
    return outside.length || slide.scrollHeight > slide.clientHeight + 1 ? [number + 1] : [];
})"""
SCROLLS = "slides => slides.flatMap((slide, n) => slide.querySelector('.crm-scroll[tabindex]') ? [n + 1] : [])"


@pytest.mark.shared(10)
@pytest.mark.parametrize("case", casebook.cases())
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_slide_of_every_case_fits_its_window_in_any_font(
    visit: Visit, shelf: Shelf, lang: str, case: str
) -> None:
    visit.page.goto(shelf.of(case, lang, KINDS[1]))
    figures, slides = drawn(visit), visit.page.locator(".slide")
    for font, style in FONTS.items():
        visit.page.add_style_tag(content=style)
        visit.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert figures.evaluate_all(TOO_WIDE) == [], font
        assert slides.evaluate_all(CUT) == [], font
        assert not visit.page.evaluate(SPILLS), font
        if visit.page.viewport_size == DESK:
            assert slides.evaluate_all(SCROLLS) == [], (font, "all of a slide is seen at once")


def test_the_keyboard_moves_the_deck(visit: Visit, shelf: Shelf) -> None:
    visit.page.goto(shelf.of("loyalty", "en", KINDS[1]))
    said, count = visit.page.locator("nav [role=status]"), visit.page.locator(".slide").count()
    here = 1
    last = count
    moves = (
        *(("ArrowRight", 2), ("PageDown", 3), (" ", 4), ("ArrowLeft", 3), ("Shift+ ", 2), ("PageUp", 1)),
        *(("ArrowLeft", 1), ("End", last), ("ArrowRight", last), ("Home", 1), ("ArrowDown", 2), ("ArrowUp", 1)),
    )
    for key, here in moves:
        visit.page.keyboard.press(key)
        expect(said).to_have_text(f"{here} / {count}")
        assert visit.page.url.endswith(f"#{here}")
        top = visit.page.locator(".slide").nth(here - 1).evaluate("slide => slide.getBoundingClientRect().top")
        assert abs(top) < 2 or here == last
    visit.page.get_by_role("button", name="Next slide").click()
    expect(said).to_have_text(f"2 / {count}")


@desk_only
def test_an_address_with_a_number_opens_that_slide_and_scrolling_is_noticed(visit: Visit, shelf: Shelf) -> None:
    visit.page.goto(shelf.of("loyalty", "zh", KINDS[1]) + "#4")
    said, count = visit.page.locator("nav [role=status]"), visit.page.locator(".slide").count()
    expect(said).to_have_text(f"4 / {count}")
    visit.page.locator(".slide").nth(6).evaluate("slide => slide.scrollIntoView({behavior: 'instant'})")
    expect(said).to_have_text(f"7 / {count}")
    visit.page.evaluate("location.hash = '#2'")
    expect(said).to_have_text(f"2 / {count}")


WIDTHS = "() => [...document.querySelectorAll('.crm-plot .main-svg')].map(svg => svg.clientWidth)"


@desk_only
def test_on_paper_figures_are_as_wide_as_the_paper_and_then_as_before(visit: Visit, shelf: Shelf) -> None:
    for address, paper in (
        (shelf.index("zh"), 320),
        (shelf.of("loyalty", "zh"), 660),
        (shelf.of("loyalty", "zh", KINDS[1]), 620),
    ):
        visit.page.goto(address)
        drawn(visit)
        before = visit.page.evaluate(WIDTHS)
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert set(visit.page.evaluate(WIDTHS)) == {paper}
        visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert visit.page.evaluate(WIDTHS) == before


@desk_only
def test_a_deck_is_printed_a_slide_a_page(visit: Visit, shelf: Shelf) -> None:
    visit.page.goto(shelf.of("bank_tiers", "zh", KINDS[1]))
    drawn(visit)
    paper = visit.page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == visit.page.locator(".slide").count()


READERS = [("zh", "only Chinese"), ("en", "only Chinese"), ("en", "wide"), ("en", "narrow")]


@pytest.mark.shared(3 * len(PAGES))  # one page or deck for one reader; slides are read in every font above
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("lang", "font"), READERS)
def test_a_page_or_deck_holds_in_any_font(chromium: Browser, shelf: Shelf, lang: str, font: str, page: str) -> None:
    """Nothing is cut or covered; in the font that is everywhere, nobody is kept out either."""
    faults, name, deck = Faults(), page.format(lang=lang), page.endswith(KINDS[1])
    with window(chromium, "en", LAPTOP) as visit:
        set_in(visit.page, FONTS[font])
        visit.page.goto(shelf.named(page, lang))
        place = ".slide" if deck else "body"
        still(visit.page, place)
        faults.note(name, violations(visit.page, place))
        if not deck:
            visit.page.set_viewport_size(TELEPHONE)
            visit.page.wait_for_function(f"!({TOO_WIDE})([...document.querySelectorAll('.crm-figure')]).length")
            still(visit.page, place)
            faults.note(f"{name} on a phone", violations(visit.page, place))
            visit.page.set_viewport_size(LAPTOP)
        if font == "only Chinese":
            faults.note(name, barriers(visit.page))
            visit.page.emulate_media(color_scheme="dark")
            faults.note(f"{name} in the dark", barriers(visit.page, rules=COLOURS))
    faults.tell()
