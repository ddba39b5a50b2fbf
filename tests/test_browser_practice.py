"""Practice and the mock exam in a real JupyterLab, by keyboard alone: what is heard, kept, and not given away."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from random import Random
from typing import Any
from urllib.request import Request, urlopen

import psutil
import pytest
from axe import barriers
from browser import TOKEN, Visit
from playwright.sync_api import Browser, ElementHandle, Locator, expect

from crmlib.chapters import chapters
from crmlib.core import i18n
from crmlib.core.exercise import Exercise
from crmlib.core.i18n import LANGUAGES, _
from crmlib.exams.paper import Paper
from crmlib.items.bank import bank
from crmlib.learning.mock import DOUBLE_CLICK, mock_exam

pytestmark = [pytest.mark.browser, pytest.mark.one_language("zh")]
CELLS = (
    'from crmlib.learning import tiers\ntiers.ask("weighted_score", {seed})',
    'from crmlib.learning.practice import practice\npractice("loyalty", ["mcq"])',
    "from crmlib.learning.mock import mock_exam\nmock_exam(seed={seed})",
    "from crmlib.learning import {guess}\n{guess}.guess()",
    "from crmlib.learning.overview import overview\noverview()",
    'import os\nprint("process", os.getpid())',
)
GUESS = dict(zip(LANGUAGES, chapters(), strict=False))
SEEDS = {"zh": 1, "en": 2}
"""Both languages share a folder of their own: what is kept for one must not stand in the other."""
SAVE_STATE = "/lab/api/settings/@jupyter-widgets/jupyterlab-manager:plugin"


def call(lab: str, path: str, body: Any = None) -> Any:
    """Ask the server for something, or put something there."""
    data = None if body is None else json.dumps(body).encode()
    asked = Request(f"{lab}{path}", data, {"Authorization": f"token {TOKEN}"}, method="PUT" if data else "GET")
    with urlopen(asked, timeout=60) as reply:
        return json.loads(reply.read() or "null")


def kept(lab: str) -> list[dict[str, Any]]:
    """Return the attempts that stand in the student's own folder."""
    lines: str = call(lab, "/api/contents/mine/progress.jsonl?content=1&type=file&format=text")["content"]
    return [json.loads(line) for line in lines.splitlines()]


class Desk(Visit):
    """A notebook with an exercise, practice, a mock exam and the progress page."""

    def lay(self, lab: str) -> None:
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        cells = [
            {**cell, "id": f"cell-{n}", "source": source.format(seed=SEEDS[self.lang], guess=GUESS[self.lang])}
            for n, source in enumerate(CELLS)
        ]
        spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        book = {"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}
        self.path = f"/api/contents/mine/notebooks/{self.lang}/desk.ipynb"
        call(lab, self.path, {"type": "notebook", "format": "json", "content": book})
        self.open(lab, "desk", 1)
        for place in (self.practice, self.exam, self.page.locator(".crm-progress")):
            place.wait_for()
        self.idle()

    def save(self) -> None:
        """Save the notebook, as Ctrl+S does."""
        self.page.locator(".jp-Notebook").click(position={"x": 4, "y": 4})
        with self.page.expect_response(lambda r: r.request.method == "PUT" and self.path in r.url):
            self.page.keyboard.press("Control+s")

    def process(self) -> psutil.Process:
        """Return the process of the notebook's kernel, as its last cell says."""
        said = self.page.locator(".jp-OutputArea-output", has_text=re.compile(r"^process \d+")).last.inner_text()
        return psutil.Process(int(said.removeprefix("process ")))

    def menu(self, name: str, entry: re.Pattern[str]) -> None:
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.page.get_by_role("menuitem", name=entry).click()

    def restart(self) -> None:
        """Restart the kernel and run all cells."""
        last = self.page.locator(".crm-progress").element_handle()
        self.menu("Kernel", re.compile("^Restart Kernel and Run All Cells"))
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self._laid_anew(last)

    def run_all(self) -> None:
        """Run all cells again."""
        last = self.page.locator(".crm-progress").element_handle()
        self.menu("Run", re.compile("^Run All Cells$"))
        self._laid_anew(last)

    def _laid_anew(self, last: ElementHandle) -> None:
        self.page.wait_for_function("old => !old.isConnected", arg=last)
        self.page.locator(".crm-progress").wait_for()
        self.idle()

    def press(self, label: str, place: Locator) -> None:
        place.get_by_role("button", name=_(label), exact=True).press("Enter")

    @property
    def ask(self) -> Locator:
        return self.page.locator(".crm-ask").first

    @property
    def guess(self) -> Locator:
        return self.page.locator(".crm-guess")

    @property
    def practice(self) -> Locator:
        return self.page.locator(".crm-practice")

    @property
    def exam(self) -> Locator:
        return self.page.locator(".crm-mock")


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def desk(request: pytest.FixtureRequest, chromium: Browser, lab: str) -> Iterator[Desk]:
    call(lab, SAVE_STATE, {"raw": '{"saveState": true}'})
    with i18n.speaking(request.param), Desk.begin(chromium, request.param) as desk:
        desk.slow()
        desk.lay(lab)
        yield desk
    call(lab, SAVE_STATE, {"raw": "{}"})


def weighted(lang: str) -> Exercise:
    with i18n.speaking(lang):
        return bank().exercises("tiers")["weighted_score"](Random(f"tiers.weighted_score:{SEEDS[lang]}"))


def secrets(lang: str) -> list[str]:
    """Return sentences that would tell an answer of the notebook."""
    with i18n.speaking(lang):
        e, paper = weighted(lang), mock_exam(seed=SEEDS[lang]).papers[lang]
    told = [e.worked, *(m.reply for m in e.distractors)]
    told += [text for q in paper.questions for text in (*q.replies, q.worked, q.model, *(m.text for m in q.rubric))]
    return [text for text in told if len(text) > 12]


def test_no_answer_stands_in_the_page_or_in_the_saved_notebook(desk: Desk, lab: str) -> None:
    desk.save()
    saved = call(lab, desk.path)["content"]
    assert len(saved["metadata"]["widgets"]) == 1, "the state of the widgets was saved with it"
    found = unescape(unescape(json.dumps(saved, ensure_ascii=False) + desk.page.content())).replace("\\", "")
    assert weighted(desk.lang).question in found
    for secret in secrets(desk.lang):
        assert secret.replace("\\", "") not in found


def test_a_number_is_answered_with_enter_and_told_which_mistake_it_is(desk: Desk, lab: str) -> None:
    e = weighted(desk.lang)
    mistake, said = e.distractors[-1], desk.ask.get_by_role("status")
    field = desk.ask.get_by_label(_("Answer"))
    field.focus()
    for answer, reply in ((mistake.answer, mistake.reply), (e.answer, e.worked)):
        desk.page.keyboard.press("Control+a")
        desk.page.keyboard.type(f"{answer}")
        desk.page.keyboard.press("Enter")
        expect(said).to_contain_text(reply)
        assert barriers(desk.page, ".crm-ask") == []
    assert (kept(lab)[-1]["item"], kept(lab)[-1]["misconception"]) == ("tiers.weighted_score", mistake.misconception)
    desk.press("Another one like this", desk.ask)
    expect(said).to_be_empty()
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def verdict(desk: Desk) -> Locator:
    return desk.ask.locator(".crm-verdict")


def test_a_verdict_never_stands_beside_another_answer(desk: Desk) -> None:
    field = desk.ask.get_by_label(_("Answer"))
    field.fill("-98765.4")
    desk.press("Check", desk.ask)
    expect(verdict(desk)).to_be_visible()
    for key in ("End", "Backspace"):
        field.press(key)
    expect(verdict(desk)).to_be_hidden()
    field.fill("-98765.4")
    expect(verdict(desk)).to_be_visible()


def test_a_guess_begins_nowhere(desk: Desk) -> None:
    field, slider = desk.guess.get_by_role("textbox"), desk.guess.get_by_role("slider")
    expect(field).to_have_value("")
    expect(slider).to_have_attribute("aria-valuetext", _("nothing guessed yet"))
    slider.press("ArrowRight")
    expect(field).not_to_have_value("")
    field.fill("20")
    expect(slider).to_have_value("20")
    field.press("Enter")
    expect(desk.guess.locator(".crm-verdict")).to_contain_text("20")


def seconds_left(exam: Locator) -> int:
    expect(exam.get_by_role("timer")).to_contain_text(re.compile(r"\d:\d"))
    minutes, seconds = re.findall(r"\d+", exam.get_by_role("timer").inner_text())
    return 60 * int(minutes) + int(seconds)


def sat(desk: Desk) -> tuple[Paper, list[int]]:
    """Return the paper that is sat, and which of its questions are answered."""
    paper = mock_exam(seed=SEEDS[desk.lang]).papers[desk.lang]
    return paper, [n for n, q in enumerate(paper.questions) if q.options][:3]


def chosen(desk: Desk) -> Locator:
    """Return what the last answer of the mock exam is, rightly."""
    paper, choices = sat(desk)
    return desk.exam.get_by_role("radio").nth(int(paper.questions[choices[-1]].key or 0))


def test_a_mock_exam_is_sat_and_goes_on_after_a_reload(desk: Desk) -> None:
    paper, choices = sat(desk)
    desk.press("Start", desk.exam)
    expect(desk.exam.get_by_role("timer")).to_contain_text("44:")
    places = desk.exam.locator(".crm-sheet button")
    for place in choices:
        places.nth(place).press("Enter")
        key = desk.exam.get_by_role("radio").nth(int(paper.questions[place].key or 0))
        expect(desk.exam.locator(".crm-kind")).to_contain_text(f"{place + 1}")
        expect(desk.exam.get_by_role("radio").first).to_be_focused()
        key.press("Space")
        expect(places.nth(place)).to_have_attribute("title", re.compile(_("answered")))
    assert barriers(desk.page, ".crm-mock") == []
    desk.save()
    desk.page.reload()
    desk.idle()
    expect(chosen(desk)).to_be_checked()


def restart_it(desk: Desk, lab: str) -> None:
    desk.menu("Kernel", re.compile("^Restart Kernel…"))
    desk.page.get_by_role("button", name="Confirm Kernel Restart").click()


def kill_it(desk: Desk, lab: str) -> None:
    desk.process().kill()
    desk.page.get_by_role("dialog").get_by_role("button", name="Ok").click()


@pytest.mark.shared(2)
@pytest.mark.parametrize("end", [restart_it, kill_it])
def test_a_page_whose_kernel_is_gone_says_so_and_has_all_again_when_it_is_run(
    desk: Desk, lab: str, end: Callable[[Desk, str], None]
) -> None:
    shown, answer = verdict(desk).inner_text(), desk.ask.get_by_label(_("Answer"))
    typed, tried, left = answer.input_value(), len(kept(lab)), seconds_left(desk.exam)
    end(desk, lab)
    gone = _("The kernel was restarted or is gone: run this cell again (Shift+Enter). Your answers are kept.")
    for place in (desk.ask, desk.practice, desk.exam, desk.page.locator(".crm-progress")):
        expect(place.get_by_role("alert")).to_have_text(gone)
    answer.fill("50")
    expect(verdict(desk)).to_be_hidden()
    desk.idle()
    desk.run_all()
    expect(verdict(desk)).to_have_text(shown)
    expect(answer).to_have_value(typed)
    expect(desk.guess.locator(".crm-verdict")).to_contain_text(re.compile(r"20\d\d-\d\d-\d\d"))
    expect(desk.guess.get_by_role("textbox")).to_have_value("20")
    expect(chosen(desk)).to_be_checked()
    assert 0 < seconds_left(desk.exam) <= left, "the clock has run on"
    assert len(kept(lab)) == tried
    expect(desk.page.locator(".crm-gone")).to_have_count(0)


def test_a_kernel_that_does_not_answer_is_said_to_do_so_until_it_does(desk: Desk, lab: str) -> None:
    kernel = desk.process()
    kernel.suspend()
    desk.press("Hint", desk.ask)
    unheard = _("No answer from the kernel yet. If it is not busy, run this cell again (Shift+Enter).")
    expect(desk.ask.get_by_role("alert")).to_have_text(unheard)
    kernel.resume()
    expect(desk.ask.get_by_role("alert")).to_have_count(0)


def test_a_choice_is_one_group_for_arrows_and_screen_reader(desk: Desk, lab: str) -> None:
    before, group = len(kept(lab)), desk.practice.get_by_role("radiogroup")
    question = desk.practice.locator(".crm-question").inner_text()
    # What stands in the page, for a variable looks another letter; a formula is read with spaces between its signs.
    signs = "".join((desk.practice.locator(".crm-question").text_content() or "").split())
    expect(group).to_have_accessible_name(re.compile(r"\s*".join(map(re.escape, signs))))
    assert group.locator("math").count() == 0 or "\\" not in group.inner_text()
    radios = group.get_by_role("radio")
    radios.first.focus()
    for key in ("Space", "ArrowDown"):
        desk.page.keyboard.press(key)
    expect(radios.nth(1)).to_be_checked()
    expect(radios.nth(1)).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.practice.get_by_role("status").last).not_to_be_empty()
    assert len(kept(lab)) == before + 1
    desk.press("Next question", desk.practice)
    expect(desk.practice.locator(".crm-question")).not_to_have_text(question)
    expect(desk.practice.get_by_role("radio").first).to_be_focused()
    expect(desk.practice.get_by_role("radio", checked=True)).to_have_count(0)


def test_a_mock_exam_is_handed_in(desk: Desk, lab: str) -> None:
    paper, choices = sat(desk)
    desk.press("Submit", desk.exam)
    expect(desk.exam.get_by_role("status").last).not_to_be_empty()
    desk.page.wait_for_timeout(1000 * DOUBLE_CLICK)  # a second press before that is one half of a double click
    desk.press("Submit", desk.exam)
    points = sum(paper.questions[n].points for n in choices)
    expect(desk.exam.locator(".crm-tallies")).to_be_visible()
    expect(desk.exam.get_by_role("status").first).to_contain_text(f"{points:g}")
    assert barriers(desk.page, ".crm-mock") == []
    exam = [a for a in kept(lab) if a["mode"] == "exam"][-sum(q.key is not None for q in paper.questions) :]
    assert sum(a["earned"] for a in exam) == points


def test_progress_survives_a_restart_of_the_kernel(desk: Desk, lab: str) -> None:
    tried = {a["item"] for a in kept(lab) if a["item"].startswith("loyalty.")}
    results = desk.exam.locator(".crm-tallies").text_content() or ""
    desk.restart()
    expect(desk.exam.locator(".crm-tallies")).to_have_text(results)
    shown = _("{tried} of {items}").format(tried=len(tried), items=len(bank().of("loyalty")))
    expect(desk.page.locator(".crm-progress .crm-progress-table")).to_contain_text(shown)
    expect(desk.practice.get_by_role("radiogroup")).to_be_visible()


def test_nothing_complained_and_nothing_was_fetched_from_elsewhere(desk: Desk) -> None:
    assert (desk.elsewhere, desk.complaints) == ([], [])
