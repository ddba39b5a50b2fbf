"""What holds for every chapter as it is seen, whatever stands in it; its modules say for which language.

The chapters are those in the folder of notebooks, the explorers those that their cells show. Each chapter is opened and
run once; the tests of a module share it. JupyterLab's own menus, prompts and editors are not looked at: they are not
ours to mend. Ours is what cells show (``.jp-OutputArea-output``) and what stands between (``.jp-RenderedMarkdown``).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe import COLOURS, RULES, barriers
from browser import Visit
from early import asks_all
from exercises import exercises_in
from playwright.sync_api import Locator, expect
from sight import LAPTOP, PHONE, TABLET, WINDOWS, Faults, changed, picture, unreachable, violations

from crmlib.chapters import chapter_in
from crmlib.core import i18n
from crmlib.core.i18n import LANGUAGES, _
from crmlib.core.paths import ROOT
from crmlib.tables.data import load

CHAPTERS = [path.stem for path in sorted((ROOT / "notebooks" / "zh").glob("[0-9][0-9]_*.ipynb"))]
OURS = (".jp-RenderedMarkdown", ".jp-OutputArea-output")
IN_A_PUSH = CHAPTERS[12::16]
"""Opened each time, in Chinese; in English and with all others each week."""
FIRST = 1
"""So many inputs of an explorer are moved in the lab; ``test_boards_seen.py`` moves the others."""


class Chapter(Visit):
    """A chapter, open and run."""

    name = ""

    def run(self, lab: str, name: str) -> None:
        """Open and run; it ends when nothing moves."""
        self.name = name
        self.page.set_viewport_size(LAPTOP)
        self.reach(lab, name)
        self.command("notebook:run-all-cells")
        self.settle(OURS[1])
        self.uncover()
        self.settle(OURS[1])

    def explorers(self) -> list[str]:
        """Return a selector for each explorer of the page."""
        mark = "explorers => explorers.map((explorer, i) => explorer.dataset.seen = String(i))"
        places = self.page.locator(".crm-explorer").evaluate_all(mark)
        return [f'.crm-explorer[data-seen="{place}"]' for place in places]

    def by_turns(self, one: Any, other: Any) -> Any:
        """Return what this chapter is asked where the one and the other take turns."""
        return (one, other)[(CHAPTERS.index(self.name) // 8 + LANGUAGES.index(self.lang)) % 2]

    def window(self, size: Any) -> None:
        self.page.set_viewport_size(size)
        self.settle(OURS[1])


class Control:
    """An input of an explorer that can be moved there and back."""

    def __init__(self, place: Locator):
        self.place = place
        self.slider = place.get_by_role("slider").first
        self.choice = place.locator("select").first
        self.name = (place.inner_text() or "").split("\n")[0]

    def moves(self) -> list[tuple[str, str]]:
        """Return pairs of keys or values: there and back; the first is the smallest move, others go further."""
        if self.choice.count():
            given = self.choice.input_value()
            values = self.choice.locator("option").evaluate_all("options => options.map(o => o.value)")
            return [(value, given) for value in values if value != given]
        if not self.slider.count():
            return [("Space", "Space")]
        at_end = self.slider.evaluate("s => Number(s.ariaValueNow ?? s.value) >= Number(s.ariaValueMax ?? s.max)")
        step = ("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft")
        return [step, ("End", ""), ("Home", "")]

    def give(self, given: str) -> None:
        if self.choice.count():
            self.choice.select_option(given)
        elif self.slider.count():
            self.slider.press(given)
        else:
            self.place.get_by_role("checkbox").first.press(given)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask what is asked in a push, in a run of everything each chapter."""
    if "chapter" in metafunc.fixturenames:
        metafunc.parametrize("spoken", [metafunc.module.LANG], scope="module")
        asked = CHAPTERS if asks_all(metafunc.config) else IN_A_PUSH
        metafunc.parametrize("chapter", asked, indirect=True, scope="module")


@pytest.fixture(scope="module")
def desk(spoken: str, seat: Visit) -> Iterator[Chapter]:
    with i18n.speaking(spoken):
        yield Chapter.borrow(seat, spoken, LAPTOP)


@pytest.fixture(scope="module")
def chapter(request: pytest.FixtureRequest, desk: Chapter, lab: str) -> Chapter:
    desk.run(lab, request.param)
    return desk


def test_it_runs_without_a_complaint_and_its_explorer_answers_as_a_direct_call_does(chapter: Chapter) -> None:
    assert (chapter.elsewhere, chapter.complaints) == ([], [])
    made = chapter_in(chapter.name)
    if made is None:
        return  # the start page
    study, explorer = made.study(chapter.name), chapter.explorer()
    tables = [load(dataset) for dataset in study.datasets]
    expect(chapter.page.locator(".crm-ask:not(.crm-practice *)")).to_have_count(len(exercises_in(chapter.name)))
    chapter.shows_figures(study, study.answer(*tables))
    titles = explorer.locator(".crm-caption")
    expect(titles).to_have_count(len(made.explore(study.name).charts))
    chinese = [any(sign > "\u4e00" for sign in title) for title in titles.all_text_contents()]
    assert any(chinese) == (chapter.lang == "zh")
    moved = next(s for s in study.inputs.settings() if s.step and (s.name in study.first or not study.first))
    handle = chapter.page.locator(".noUi-handle")
    handle = explorer.locator(".crm-control").filter(has_text=moved.title(), has=handle).first.locator(".noUi-handle")
    handle.press("ArrowRight")
    chapter.shows_figures(study, study.answer(*tables, **{moved.name: moved.default + moved.step}))
    handle.press("ArrowLeft")
    chapter.shows_figures(study, study.answer(*tables))
    assert (chapter.elsewhere, chapter.complaints) == ([], [])


def test_nothing_is_cut_or_covered_in_any_window(chapter: Chapter) -> None:
    """In the widest and in the narrowest one, and in one of the two between them, which takes turns."""
    faults = Faults()
    for name in ("laptop", chapter.by_turns("tablet", "zoomed"), "phone"):
        chapter.window(WINDOWS[name])
        for place in OURS:
            faults.note(name, violations(chapter.page, place))
    chapter.window(LAPTOP)
    faults.tell()


@pytest.mark.shared(3)
def test_explorers_stand_whatever_is_moved(chapter: Chapter) -> None:
    """They are moved in the first window; then all are looked at in another one, a tablet or a phone.

    More moves, in every window, are made by ``test_boards_seen.py``, where there is no lab to wait for.
    """
    faults = Faults()
    every = [Moved(chapter, place, faults) for place in chapter.explorers()]
    for moved in every:
        moved.all()
    chapter.window(chapter.by_turns(TABLET, PHONE))
    for moved in every:
        moved.look("in a smaller window")
    chapter.window(LAPTOP)
    for moved in every:
        moved.as_at_the_start("in the first window again")
    faults.tell()


class Moved:
    """An explorer that is moved in every way, and what was seen to be wrong."""

    def __init__(self, chapter: Chapter, place: str, faults: Faults):
        self.chapter, self.page, self.place, self.faults = chapter, chapter.page, place, faults
        self.root = self.page.locator(place)
        self.title = f"explorer {place[-3]} of {chapter.name}"
        self.controls = [Control(found) for found in self.root.locator(".crm-control:visible").all()[:FIRST]]
        self.start = self.look("at the start")

    def look(self, when: str) -> int:
        """Wait, note what is wrong, return the number of what is seen."""
        self.chapter.settle(self.place)
        self.faults.note(f"{self.title} {when}", violations(self.page, self.place))
        return picture(self.page, self.place)

    def same(self, when: str, before: int, after: int) -> None:
        differences = changed(self.page, before, after)
        self.faults.note(f"{self.title} {when}", [f"changed: not as before: {line}" for line in differences])

    def as_at_the_start(self, when: str) -> None:
        self.same(when, self.start, self.look(when))

    def all(self) -> None:
        for control in self.controls:
            self.there_and_back(control)
        self.reset()
        self.as_at_the_start("after all and Reset")

    def button(self, label: str) -> Locator:
        return self.root.locator(".crm-toolbar").get_by_role("button", name=_(label), exact=True)

    def reset(self) -> None:
        reset = self.button("Reset")
        if reset.count():
            reset.press("Enter")
            self.look("after Reset")
            # What was there before it is shown beside what is there now, until a control is touched.
            for given, back in [move for control in self.controls[:1] for move in control.moves()[:1]]:
                self.controls[0].give(given)
                self.chapter.settle(self.place)
                self.controls[0].give(back)
                self.chapter.settle(self.place)

    def there_and_back(self, control: Control) -> None:
        """Move a control until something changes, and back: it must be what was seen before."""
        before = self.start
        for given, back in control.moves():
            control.give(given)
            after = self.look(f"after {control.name} → {given}")
            moved = changed(self.page, before, after)
            if back:
                control.give(back)
                before = self.look(f"after {control.name} went there and back")
                self.same(f"after {control.name} went there and back", self.start, before)
            elif moved:
                self.reset()
            if moved:
                return
        self.faults.note(self.title, [f"still: {control.name} changes nothing that is seen, and no remark says why"])


@pytest.mark.shared(3)
def test_every_control_is_reached_named_and_large_enough(chapter: Chapter) -> None:
    """What is folded is unfolded first, by the keyboard; nothing moves for those who do not like it."""
    faults = Faults()
    chapter.page.emulate_media(reduced_motion="reduce")
    folds = chapter.page.locator(".crm-fold > button, .crm-explorer .crm-values > summary")
    for fold in folds.all():
        fold.press("Enter")
    chapter.settle(OURS[1])
    for theme, rules in (("JupyterLab Light", RULES), ("JupyterLab Dark", COLOURS)):
        chapter.theme(theme)
        for place in OURS:
            faults.note(theme, unreachable(chapter.page, place))
        faults.note(f"{theme}, unfolded", barriers(chapter.page, *OURS, rules=rules))
        for place in chapter.explorers():
            faults.note(f"{theme}, unfolded", violations(chapter.page, place))
    chapter.theme("JupyterLab Light")
    for fold in folds.all():
        fold.press("Enter")
    chapter.settle(OURS[1])
    chapter.page.emulate_media(reduced_motion="no-preference")
    faults.tell()


@pytest.mark.shared(3)
def test_a_move_is_told_to_those_who_listen(chapter: Chapter) -> None:
    for place in chapter.explorers():
        root = chapter.page.locator(place)
        control = root.locator(".crm-control:visible").first
        if not control.count() or not root.locator(".crm-facts tr").count():
            continue
        for given, _back in Control(control).moves():
            Control(control).give(given)
            chapter.settle(place)
            values = [
                row.locator(".crm-value").inner_text()
                for row in root.locator(".crm-facts tr").all()
                if row.locator(".crm-change").inner_text()
            ]
            if values:
                expect(root.locator("[role=status].crm-unseen")).to_contain_text(values[0])
                break


def test_nothing_was_fetched_from_elsewhere(chapter: Chapter) -> None:
    """What a page complains of while it is used is asked by the other browser tests, chapter by chapter."""
    assert chapter.elsewhere == []
