"""What readers see first, compared with the screens in ``tests/screens``: light and dark, in both languages.

A screen is made anew on purpose only, and looked at before it is committed:
``REMAKE_SCREENS=1 python3 work.py test --whole -n0 tests/test_browser_screens.py``. All is set in one font. Where its
file is another one, letters are as well: the tests are skipped there, and what ``sight.js`` reads of the geometry holds
alone.
"""

import base64
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import TIERS, Visit
from conftest import needs
from playwright.sync_api import Browser, Locator, Page, expect
from sight import LAPTOP, set_in, still

from crmlib.core import i18n
from crmlib.reruns import rerun as runs

pytestmark = pytest.mark.browser
SCREENS = Path(__file__).with_name("screens")
COMPARE = Path(__file__).with_name("screens.js").read_text("utf-8")
REMAKE = bool(os.environ.get("REMAKE_SCREENS"))
MOST = 0.5
"""So many per cent of a screen may differ: a line of text that has moved is more."""
FONT = "Noto Sans CJK SC"
STYLE = f"""*:not(.fa, [class*=icon]) {{ font-family: '{FONT}' !important; }}
* {{ caret-color: transparent !important; }}"""
WHOLE = """place => {
    place.style.position = "relative";
    const top = place.getBoundingClientRect().top - (parseFloat(place.style.top) || 0);
    place.style.top = `${Math.round(top) - top}px`;
}"""
"""Have a place begin at a whole pixel: half-way between, where text above may put it, letters are drawn otherwise."""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def font_file() -> str:
    """Return the hash of the font that the screens are set in, as this machine has it."""
    found = subprocess.check_output(["fc-match", "--format=%{family}\n%{file}", FONT], encoding="utf-8").split("\n")
    return hashlib.sha256(Path(found[1]).read_bytes()).hexdigest() if FONT in found[0] else ""


@pytest.fixture(scope="module", autouse=True)
def same_font() -> None:
    needs(shutil.which("fc-match"), "fc-match, which tells the file of a font (fontconfig)")
    made_with = SCREENS / "font.sha256"
    if REMAKE:
        SCREENS.mkdir(exist_ok=True)
        made_with.write_text(f"{font_file()}\n")
    elif made_with.read_text().strip() != font_file():
        pytest.skip(f"the screens were made with another file of {FONT}")


def compare(chromium: Browser, name: str, shown: Locator | Page) -> None:
    """Hold what is shown against the screen of that name, or make that screen."""
    taken = "data:image/png;base64," + base64.b64encode(shown.screenshot(animations="disabled")).decode()
    path = SCREENS / f"{name}.webp"
    desk = chromium.new_page()
    try:
        desk.evaluate(COMPARE)
        if REMAKE:
            path.write_bytes(base64.b64decode(desk.evaluate("url => screens.small(url)", taken)))
        kept = "data:image/webp;base64," + base64.b64encode(path.read_bytes()).decode()
        found = desk.evaluate("([one, other]) => screens.difference(one, other)", [kept, taken])
    finally:
        desk.close()
    said = f"{found['share']:.2f}% of {path.name} looks otherwise ({found['where']}); if that is wanted, make it anew"
    assert found["share"] <= MOST, said


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def speaking(request: pytest.FixtureRequest) -> Iterator[str]:
    with i18n.speaking(request.param):
        yield request.param


@pytest.fixture(scope="module")
def seat(chromium: Browser) -> Iterator[Visit]:
    """A window for what is set in the one font."""
    with Visit.begin(chromium, "en", viewport=LAPTOP) as seat:
        set_in(seat.page, STYLE)
        yield seat


@pytest.fixture(scope="module")
def chapter(speaking: str, seat: Visit, lab: str) -> Visit:
    """The first explorer and the first exercise of the chapter on tiers."""
    visit = Visit.borrow(seat, speaking, LAPTOP)
    visit.run_cells(lab, "screens", TIERS, 'from crmlib.learning import tiers\ntiers.ask("weighted_score")')
    return visit


def to_the_top(visit: Visit, place: Locator) -> None:
    visit.page.mouse.move(0, 0)
    place.evaluate("node => node.scrollIntoView({behavior: 'instant', block: 'start'})")
    visit.settle(".crm-explorer")
    place.evaluate(WHOLE)


@pytest.mark.one_language("zh")
@pytest.mark.shared(2)
@pytest.mark.parametrize("theme", THEMES)
def test_an_exercise(theme: str, speaking: str, chapter: Visit, chromium: Browser) -> None:
    chapter.theme(THEMES[theme])
    exercise = chapter.page.locator(".crm-ask").first
    to_the_top(chapter, exercise)
    compare(chromium, f"exercise-{speaking}-{theme}", exercise)


@pytest.mark.one_language("zh")
@pytest.mark.shared(2)
@pytest.mark.parametrize("theme", THEMES)
def test_the_explorer(theme: str, speaking: str, chapter: Visit, chromium: Browser) -> None:
    chapter.theme(THEMES[theme])
    explorer = chapter.page.locator(".crm-explorer").first
    for _time in range(2):  # the first time brings it in sight, where its pictures are drawn
        to_the_top(chapter, explorer)
    compare(chromium, f"tiers-{speaking}-{theme}", chapter.page.locator(".jp-WindowedPanel-outer"))


@pytest.fixture(scope="module")
def start(speaking: str, seat: Visit, lab: str) -> Visit:
    """The page that the workbook opens with, as it is before anything runs."""
    visit = Visit.borrow(seat, speaking, LAPTOP)
    visit.reach(lab, "00_start")
    return visit


@pytest.mark.one_language("en")
@pytest.mark.shared(2)
@pytest.mark.parametrize("theme", THEMES)
def test_the_start_page(theme: str, speaking: str, start: Visit, chromium: Browser) -> None:
    start.theme(THEMES[theme])
    start.page.mouse.move(0, 0)
    start.settle(".jp-RenderedMarkdown")
    # Whether the lab has put the focus on the first cell by now, with the ring that this brings, is a race it runs.
    start.page.evaluate("document.activeElement?.blur()")
    compare(chromium, f"start-{speaking}-{theme}", start.page.locator(".jp-WindowedPanel-outer"))


@pytest.fixture(scope="module")
def written(speaking: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(f"screens-{speaking}")
    runs.run(runs.plan_rerun("bank_tiers", speaking, "property_downturn"), folder, ["html", "slides"])
    return folder


@pytest.mark.one_language("en")
@pytest.mark.shared(2)
@pytest.mark.parametrize("theme", THEMES)
def test_a_page_and_the_first_two_slides(theme: str, speaking: str, written: Path, chromium: Browser) -> None:
    with Visit.begin(chromium, speaking, viewport=LAPTOP, color_scheme=theme, offline=True) as visit:
        set_in(visit.page, STYLE)
        for kind, place in (("slides", ".slide"), ("page", "body")):
            name = f"bank_tiers-property_downturn-{speaking}" + (".slides" if kind == "slides" else "")
            visit.page.goto((written / f"{name}.html").as_uri())
            expect(visit.page.locator(".crm-plot .main-svg").first).to_be_attached()
            still(visit.page, place)
            compare(chromium, f"{kind}-{speaking}-{theme}", visit.page)
            if kind == "slides":
                visit.page.keyboard.press("ArrowRight")
                still(visit.page, place)
                compare(chromium, f"{kind}-2-{speaking}-{theme}", visit.page)
