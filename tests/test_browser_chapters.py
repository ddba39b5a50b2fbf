"""Every other chapter in a real JupyterLab: it runs, its explorer answers the keyboard, nothing complains."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser import Visit
from playwright.sync_api import Browser, expect

from crmlib.chapters.distributors.models import distributors
from crmlib.chapters.loyalty.models import loyalty
from crmlib.chapters.relationships.models import relationships
from crmlib.data import load
from crmlib.practice.generators import GENERATORS
from crmlib.study import Study

pytestmark = pytest.mark.browser
CHAPTERS: dict[str, tuple[Study[Any, Any, Any], int]] = {
    "04_loyalty": (loyalty.STUDY, len(GENERATORS["loyalty"])),
    "05_relationships": (relationships.STUDY, len(GENERATORS["relationships"])),
    "08_distributors": (distributors.STUDY, len(GENERATORS["distributors"])),
}


@pytest.fixture
def visit(lang: str, chromium: Browser) -> Iterator[Visit]:
    with Visit.begin(chromium, lang) as visit:
        yield visit


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_chapter_runs_and_its_explorer_answers_the_keyboard(name: str, visit: Visit, lab: str) -> None:
    study, exercises = CHAPTERS[name]
    tables = [load(dataset) for dataset in study.datasets]
    visit.forget(lab)
    visit.open(lab, name, exercises)
    visit.explorer().scroll_into_view_if_needed()
    visit.shows_figures(study, study.answer(*tables))
    titles = visit.explorer().locator(".crm-caption")
    expect(titles).to_have_count(4)
    chinese = [any(sign > "\u4e00" for sign in title) for title in titles.all_text_contents()]
    assert any(chinese) == (visit.lang == "zh")
    moved = next(s for s in study.inputs.settings() if s.step and s.name in study.first)
    label = visit.explorer().locator(".crm-control").filter(has_text=moved.title()).first
    label.locator(".noUi-handle").press("ArrowRight")
    visit.shows_figures(study, study.answer(*tables, **{moved.name: moved.default + moved.step}))
    assert (visit.elsewhere, visit.complaints) == ([], [])
