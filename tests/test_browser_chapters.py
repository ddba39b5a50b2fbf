"""Every other chapter in a real JupyterLab: it runs, its explorer answers the keyboard, nothing complains."""

from collections.abc import Iterator

import pytest
from browser import Visit
from playwright.sync_api import Browser, expect
from test_browser import STUDY

from crmlib.chapters import Chapter, chapters
from crmlib.items.bank import bank
from crmlib.tables.data import load

pytestmark = pytest.mark.browser
OTHERS = [chapter for chapter in chapters().values() if STUDY not in chapter.studies]
"""All but the chapter with which test_browser goes into the particulars."""


@pytest.fixture
def visit(lang: str, chromium: Browser) -> Iterator[Visit]:
    with Visit.begin(chromium, lang) as visit:
        yield visit


@pytest.mark.parametrize("chapter", OTHERS, ids=lambda chapter: chapter.topic)
def test_the_chapter_runs_and_its_explorer_answers_the_keyboard(chapter: Chapter, visit: Visit, lab: str) -> None:
    study = chapter.studies[0]
    tables = [load(dataset) for dataset in study.datasets]
    visit.forget(lab)
    visit.open(lab, chapter.notebook, len(bank().exercises(chapter.topic)))
    visit.explorer().scroll_into_view_if_needed()
    visit.shows_figures(study, study.answer(*tables))
    titles = visit.explorer().locator(".crm-caption")
    expect(titles).to_have_count(len(chapter.explore(study.name).charts))
    chinese = [any(sign > "\u4e00" for sign in title) for title in titles.all_text_contents()]
    assert any(chinese) == (visit.lang == "zh")
    moved = next(s for s in study.inputs.settings() if s.step and (s.name in study.first or not study.first))
    label = visit.explorer().locator(".crm-control").filter(has_text=moved.title()).first
    label.locator(".noUi-handle").press("ArrowRight")
    visit.shows_figures(study, study.answer(*tables, **{moved.name: moved.default + moved.step}))
    assert (visit.elsewhere, visit.complaints) == ([], [])
