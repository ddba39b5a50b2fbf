"""The page of a rerun as it opens from a disk, without a network: an input moved by the keyboard, print, no script."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from axe import COLOURS, barriers
from browser import Visit
from pages import SIZES, Windows, check, window
from playwright.sync_api import Browser, Locator, expect

from crmlib.casebook import CASE
from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.core.paths import NOTEBOOKS
from crmlib.reruns import rerun as runs
from crmlib.reruns.rerun import Rerun

pytestmark = [pytest.mark.browser, pytest.mark.one_language("en"), pytest.mark.shared(2)]
NAME = "bank_tiers"
HEIGHTS = "figures => figures.map(figure => Math.round(figure.getBoundingClientRect().height))"


def planned(lang: str) -> Rerun:
    return replace(runs.plan_rerun(NAME, lang, changes=["lgd=0.333"]), moves=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in both languages, with moves and without."""
    out = tmp_path_factory.mktemp("moving")
    for lang in i18n.LANGUAGES:
        i18n.use(lang)
        for name, agreed in (("moves", planned(lang)), ("still", replace(planned(lang), moves=False))):
            notebook = nbformat.read(NOTEBOOKS / lang / f"{CASE}{NAME}.ipynb", as_version=4)
            (out / f"{name}-{lang}.html").write_text(runs._as_page(notebook, agreed), "utf-8")
    i18n._chosen = None
    return out


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, windows: Windows, lang: str) -> Iterator[Visit]:
    with windows.lend(lang, request.param) as visit:
        yield visit


def opened(visit: Visit, folder: Path) -> Locator:
    """Open the page and go where its explorer is; return it once its first picture is drawn."""
    visit.page.goto((folder / f"moves-{visit.lang}.html").as_uri())
    visit.page.get_by_role("link", name=_("Move an input")).press("Enter")
    found = visit.page.locator(".crm-explorer")
    expect(found.locator(".main-svg").first).to_be_attached()
    return found


def test_an_input_moves_by_the_keyboard_to_the_figures_of_a_direct_call(visit: Visit, folder: Path) -> None:
    found, agreed = opened(visit, folder), planned(visit.lang)
    study = agreed.study()

    def figures(**values: float) -> dict[str, float]:
        return study.headline(study.run(agreed.prepared(), agreed.inputs.replace(**values)))

    def shows(before: dict[str, float], now: dict[str, float]) -> None:
        measures = study.measures.items()
        expect(found.locator(".crm-value")).to_have_text([m.shown(now[key]) for key, m in measures])
        expect(found.locator(".crm-change")).to_have_text([m.change(before[key], now[key]) for key, m in measures])

    first = figures()
    lgd, weight = (found.locator(f"#{study.name}-{name}") for name in ("lgd", "size_weight"))
    expect(lgd).to_have_attribute("aria-valuetext", "0.333")
    lgd.press("End")
    shows(first, now := figures(lgd=1.0))
    spoken = f"{study.measures['expected_loss'].title()} {study.measures['expected_loss'].shown(now['expected_loss'])}"
    expect(found.get_by_role("status").filter(has_text=spoken)).to_be_attached()
    weight.press("Home")
    shows(now, figures(size_weight=0.0))
    expect(lgd).to_have_attribute("aria-valuetext", "0.333")
    back = _("“{label}” is back where it was.").format(label=study.inputs.setting_of("lgd").title())
    expect(found.get_by_role("status").filter(has_text=back)).to_be_attached()
    check(visit)
    visit.page.emulate_media(color_scheme="dark")
    assert barriers(visit.page, rules=COLOURS) == []


def test_a_refused_input_is_said_below_it_and_the_figures_stay(visit: Visit, folder: Path) -> None:
    found, agreed = opened(visit, folder), planned(visit.lang)
    study = agreed.study()
    control = found.locator(f"#{study.name}-gold_from")
    control.press("Home")
    expect(found.get_by_role("alert")).to_have_text(_sentence(agreed))
    first = study.headline(agreed.answer())
    expect(found.locator(".crm-value")).to_have_text([m.shown(first[key]) for key, m in study.measures.items()])
    check(visit)
    control.press("End")
    expect(found.get_by_role("alert")).to_have_count(0)


def _sentence(agreed: Rerun) -> str:
    with pytest.raises(runs.UserError) as refusal:
        agreed.inputs.replace(gold_from=0.0)
    return refusal.value.problems[0]


def test_on_paper_and_beside_what_moves_a_page_is_as_it_is_without(visit: Visit, folder: Path) -> None:
    opened(visit, folder)
    place = "main > :not(.crm-moving) .crm-figure, main > .crm-figure"
    moving = visit.page.locator(place).evaluate_all(HEIGHTS)
    visit.page.emulate_media(media="print")
    expect(visit.page.locator(".crm-moving")).to_be_hidden()
    expect(visit.page.get_by_text(_("Move an input"))).to_have_count(2)
    expect(visit.page.get_by_text(_("Move an input")).first).to_be_hidden()
    expect(visit.page.locator(place).first).to_be_visible()
    visit.page.emulate_media(media="screen")
    visit.page.goto((folder / f"still-{visit.lang}.html").as_uri())
    expect(visit.page.locator(".main-svg").first).to_be_attached()
    assert visit.page.locator(place).evaluate_all(HEIGHTS) == moving != []


def test_without_a_script_nothing_is_offered_that_cannot_move(chromium: Browser, lang: str, folder: Path) -> None:
    with window(chromium, lang, "desk", java_script_enabled=False) as visit:
        visit.page.goto((folder / f"moves-{lang}.html").as_uri())
        expect(visit.page.get_by_text(_("Move an input")).first).to_be_hidden()
        expect(visit.page.locator(".crm-moving")).to_be_hidden()
        expect(visit.page.locator("footer")).to_be_visible()
