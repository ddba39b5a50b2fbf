"""The whole site, walked from a folder: every page, every explorer, an exercise of every page that asks one.

Building it takes minutes, so it is asked with ``work.py test --whole`` alone.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from browser import Visit
from pages import SIZES, window
from playwright.sync_api import Browser, Locator, expect

from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _
from crmlib.core.inputs import Setting
from crmlib.explorer.states import OnePage, settings, stops
from crmlib.items.bank import bank
from crmlib.site import build, states

pytestmark = [pytest.mark.browser, pytest.mark.whole]
ROOM = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    build.write(out)
    return out


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, chromium: Browser, lang: str) -> Iterator[Visit]:
    with window(chromium, lang, request.param) as visit:
        skip = f"{list(STUDIES)}.forEach(name => localStorage.setItem(`crm.predict.${{name}}.skipped`, true))"
        visit.page.add_init_script(skip)
        yield visit


def pages(site: Path, lang: str, holding: str) -> list[str]:
    """Return the addresses of the pages of a language that hold some HTML."""
    paths = sorted((site / lang).glob("*.html"))
    return [path.as_uri() for path in paths if holding in path.read_text("utf-8")]


def name(address: str) -> str:
    return address.rpartition("/")[2]


def test_both_languages_have_the_same_pages(site: Path) -> None:
    names = [{path.name for path in (site / lang).glob("*.html")} for lang in LANGUAGES]
    assert names[0] == names[1] and len(names[0]) > 60


def test_every_page_opens_and_fits_its_window(visit: Visit, site: Path) -> None:
    page, wide = visit.page, []
    for address in pages(site, visit.lang, "<main"):
        page.goto(address)
        if (figures := page.locator("main figure.crm-figure")).count():
            figures.last.evaluate("place => place.scrollIntoView()")
            expect(page.locator("main .main-svg").last).to_be_attached()
        if not page.evaluate(ROOM):
            wide.append(name(address))
        assert visit.complaints == [], name(address)
    assert wide == []


def test_every_explorer_moves_to_the_figures_of_its_study(visit: Visit, site: Path) -> None:
    moved = set()
    for address in pages(site, visit.lang, "data-study="):
        visit.page.goto(address)
        for place in visit.page.locator("[data-study]").all():
            study = place.get_attribute("data-study") or ""
            place.evaluate("place => place.scrollIntoView()")
            expect(place.locator(".main-svg").first).to_be_attached()
            one = states.explorer(study)
            s = next(s for s in settings(one) if place.locator(f"#{study}-{s.name}").is_visible())
            moves(place, one, s)
            moved.add(study)
        assert visit.page.evaluate(ROOM), name(address)
        assert visit.complaints == [], name(address)
    assert moved == {*STUDIES}


def moves(place: Locator, one: OnePage, s: Setting) -> None:
    """Move a control as far as it goes: the page shows what the study answers, or its refusal."""
    study, first = one.study, states.bases(one)["base"][1]
    value = next(stop for stop in (stops(s)[-1], stops(s)[0]) if stop != first[s.name])
    control = place.locator(f"#{study.name}-{s.name}")
    if s.choices:
        control.select_option(label=s.shown(value))
    elif s.kind is bool:
        control.press("Space")
    else:
        control.press("End" if value == stops(s)[-1] else "Home")
    inputs = {name: given for name, given in {**first, s.name: value}.items() if name in study.inputs.model_fields}
    try:
        now = study.headline(study.run(one.prepared, study.inputs(**inputs)))
    except (UserError, ValueError):
        expect(place.get_by_role("alert")).to_be_visible()
    else:
        expect(place.locator(".crm-value")).to_have_text([m.shown(now[key]) for key, m in study.measures.items()])


def test_an_exercise_of_every_page_is_answered_wrong_and_right_and_the_answers_are_kept(
    visit: Visit, site: Path
) -> None:
    page, answered = visit.page, 0
    for address in pages(site, visit.lang, "data-item="):
        page.goto(address)
        asked = page.locator("[data-item]").first
        asked.evaluate("place => place.scrollIntoView()")
        expect(asked.get_by_role("button", name=_("Check"))).to_be_visible()
        item = asked.get_attribute("data-item") or ""
        topic, _dot, exercise = item.partition(".")
        seed = page.evaluate("item => localStorage.getItem(`crm.seed.${item}`)", item)
        one = bank().exercises(topic)[exercise](Random(f"{item}:{seed}"))
        wrong = (one.answer + 1) % len(one.options) if one.options else one.distractors[0].answer
        for value, verdict in ((wrong, ".crm-verdict, .mistake, .wrong"), (one.answer, ".right")):
            if one.options:
                asked.get_by_role("radio").nth(int(value)).check()
            else:
                asked.get_by_role("textbox").fill(f"{value:.6f}")
            asked.get_by_role("button", name=_("Check")).press("Enter")
            expect(asked.locator(verdict).first).to_be_visible()
        answered += 1
        assert visit.complaints == [], name(address)
    page.goto((site / visit.lang / "index.html").as_uri())
    kept = _("Answers kept in this browser: {n}; right: {right}.").format(n=answered, right=0)
    expect(page.get_by_text(kept)).to_be_visible()
    assert answered >= 12
