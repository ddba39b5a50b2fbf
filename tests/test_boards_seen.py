"""Explorers as they are seen, moved in many ways: of every study, in every window, in both languages and themes.

Every window and theme is looked at in both languages, before and after a move. What further moves do to a picture does
not depend on the language: they are made in one of the two, which one changes from study to study.

The page's own code draws what a real explorer sends it, with no lab in between, so that a state takes a fraction of a
second. That the same holds in JupyterLab, controls and all, is asked by ``contract_chapters.py`` with fewer moves.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moved import AnyExplorer, elsewhere, move, opened, places, settings_of
from playwright.sync_api import Browser, Page
from sight import LAPTOP, PHONE, TABLET, Faults, changed, picture, still, violations

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.core.i18n import LANGUAGES
from crmlib.core.inputs import Setting
from crmlib.plotting.library import LIVE, packed

pytestmark = pytest.mark.browser
BOARD = Path(__file__).with_name("board.js").read_text("utf-8")
STYLE = LIVE.with_suffix(".css").read_text("utf-8")
PAGE = f"""<!DOCTYPE html><title>Boards</title><style>{STYLE}
body {{ margin: 0; font-family: sans-serif; background: #ffffff; }} body[data-jp-theme-light=false] {{
background: #111111; color: #ffffff; --jp-layout-color0: #111111; --jp-ui-font-color1: #ffffff; }}
</style><main></main>"""
PLACE = ".crm-explorer"
ROOM = {"laptop": (LAPTOP, 1219), "tablet": (TABLET, 690), "phone": (PHONE, 307)}
"""What a notebook leaves an output of each window: the window, and px across the output."""


class Shown:
    """An explorer, and the page that shows its board."""

    def __init__(self, page: Page, explorer: AnyExplorer, faults: Faults):
        self.page, self.explorer, self.faults = page, explorer, faults
        self.first = [s for s in settings_of(explorer) if s.name in (explorer.study.first or explorer.controls)]
        page.evaluate("state => board.show(state)", self.state())
        self.begin("at the start")

    def begin(self, when: str) -> None:
        """Note what is seen before anything is compared with what it was: that goes with the next control touched."""
        s = self.first[0]
        self.look(when)
        move(self.explorer.controls[s.name], elsewhere(self.explorer.study.name, s.name))
        self.look(when)
        move(self.explorer.controls[s.name], s.default)
        self.start = self.look(when)

    def state(self) -> dict[str, Any]:
        """Return what the kernel keeps in step with the page, as it is sent."""
        state = self.explorer.board.get_state()
        names = ("light", "dark", "config", "words", "figures", "facts", "changes", "remarks", "tables", "turn")
        kept: dict[str, Any] = json.loads(json.dumps({name: state[name] for name in names}))
        return kept

    def look(self, when: str) -> int:
        """Have the page draw what the explorer shows, note what is wrong with it, return the number of what is seen."""
        self.page.evaluate("state => board.take(state)", self.state())
        still(self.page, PLACE)
        self.faults.note(when, violations(self.page, PLACE))
        return picture(self.page, PLACE)

    def window(self, name: str) -> None:
        size, width = ROOM[name]
        self.page.set_viewport_size(size)
        self.page.evaluate("width => (document.querySelector('main').style.width = `${width}px`)", width)
        self.begin(f"on a {name}")

    def theme(self, light: bool) -> None:
        self.page.evaluate("light => (document.body.dataset.jpThemeLight = light)", str(light).lower())
        self.begin("in the light" if light else "in the dark")

    def there_and_back(self, s: Setting, value: Any, where: str) -> None:
        control = self.explorer.controls[s.name]
        before = control.value
        move(control, value)
        self.look(f"{s.name} = {value} {where}")
        move(control, before)
        back = self.look(f"{s.name} back from {value} {where}")
        differences = changed(self.page, self.start, back)
        self.faults.note(f"{s.name} back from {value} {where}", [f"changed: not as before: {d}" for d in differences])


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport=LAPTOP) as window:
        page = window.new_page()
        page.set_content(PAGE)
        page.evaluate(BOARD)
        page.evaluate("given => board.begin(...given)", [LIVE.read_text("utf-8"), base64.b64encode(packed()).decode()])
        yield page


@pytest.mark.shared(len(STUDIES))
@pytest.mark.parametrize("study", STUDIES)
def test_a_board_stands_whatever_is_moved(page: Page, lang: str, study: str) -> None:
    faults = Faults()
    explorer = opened(study, lang)
    explorer.reset()
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    shown = Shown(page, explorer, faults)
    moves = lang == LANGUAGES[list(STUDIES).index(study) % 2]
    shown.window("laptop")
    if moves:
        moved(shown)
    for where in ("tablet", "phone"):
        shown.window(where)
        for s in shown.first[: 2 * moves]:
            shown.there_and_back(s, list(places(s))[-1], f"on a {where}")
    shown.theme(light=False)
    if moves:
        shown.there_and_back(shown.first[0], elsewhere(study, shown.first[0].name), "in the dark")
    faults.tell()


def moved(shown: Shown) -> None:
    """Move every input that stands first, choose every scenario, press the buttons."""
    explorer, study = shown.explorer, shown.explorer.study.name
    for s in shown.first:
        shown.there_and_back(s, elsewhere(study, s.name), "on a laptop")
    for case in casebook.cases():
        if casebook.case(case).study == study:
            for name, scenario in casebook.case(case).scenarios.items():
                explorer.put(scenario.inputs)
                shown.look(f"scenario {name}")
    explorer.textbook()
    shown.look("Textbook case")
    explorer.reset()
    shown.look("Reset")
