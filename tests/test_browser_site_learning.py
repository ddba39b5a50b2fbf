"""Learning on a page of the site: predictions, practice, a mock exam and cards, as they open from a folder."""

import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from browser import Visit
from pages import SIZES, TOPIC, Windows, check
from playwright.sync_api import Locator, expect

from crmlib.chapters import chapters
from crmlib.core import i18n
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.core.numbers import times
from crmlib.exams import paper as papers
from crmlib.explorer import prediction
from crmlib.explorer.states import settings, stops
from crmlib.items import prose
from crmlib.items.bank import bank
from crmlib.items.challenges import of_study, reached
from crmlib.items.compound import Corrected
from crmlib.items.item import KINDS, Choice, Item, Number, Written
from crmlib.items.laying import Machine, lay
from crmlib.learning import answers, mock, progress
from crmlib.learning.challenge import asked
from crmlib.learning.flashcards import CARD, faces
from crmlib.learning.predict import cause, said_way
from crmlib.site import practising, predictions, questions, states
from crmlib.site.pages import plain

pytestmark = [pytest.mark.browser, pytest.mark.shared(3)]
in_zh, in_en = (pytest.mark.one_language(lang) for lang in i18n.LANGUAGES)
"""Predictions, practice, the mock exam and cards are asked in both languages each time, most tests in one of them."""
PAGE = "03_satisfaction"


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, windows: Windows, lang: str) -> Iterator[Visit]:
    with windows.lend(lang, request.param) as visit:
        yield visit


# Predictions ----------------------------------------------------------------------------------------------------------


def covered(visit: Visit, site: str, study: str) -> tuple[Locator, Locator]:
    """Open the chapter at an explorer; return what is asked before it, and the explorer itself."""
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{PAGE}.html")
    explorer = page.locator(f"[data-study={study}]")
    explorer.evaluate("place => place.scrollIntoView()")
    return page.locator(".crm-guess").filter(has=page.locator(f"#{study}-predict")), explorer


@in_zh
def test_three_predictions_are_made_by_the_keyboard_and_stand_beside_what_came(visit: Visit, site: str) -> None:
    card, explorer = covered(visit, site, "csi")
    one, asked = states.explorer("csi"), predictions.asked("csi")
    for n, (question, true) in enumerate(asked[: prediction.ROUND]):
        expect(explorer).to_be_hidden()
        expect(card.locator(".crm-question")).to_contain_text(
            plain(prose.html(prediction.text(one.initial, question, true)))
        )
        if not n:
            check(visit)
        way = prediction.UP if n else prediction.DOWN
        card.get_by_role("radio").nth(way).focus()
        card.get_by_role("radio").nth(way).press("Space")
        card.get_by_role("textbox").fill(f"{true.size:.{true.measure.digits}f}")
        card.get_by_role("textbox").press("Enter")
        expect(explorer).to_be_visible()
        said = card.get_by_role("status")
        expect(said).to_be_focused()
        expect(said).to_contain_text(said_way(way, true))
        expect(said).to_contain_text(cause(one.initial, question))
        signed = true.size if way == prediction.UP else -true.size
        shown = [true.measure.shown(value) for value in (true.before, true.before + signed, true.after)]
        expect(said.locator("td:nth-child(2)")).to_have_text(shown)
        title = true.measure.title()
        value = explorer.locator(".crm-facts tr").filter(has_text=title).locator(".crm-value").first
        expect(value).to_have_text(true.measure.shown(true.after))
        if not n:
            check(visit)
        card.get_by_role("button").press("Enter")
    right = sum(true.way == (prediction.UP if n else prediction.DOWN) for n, (_q, true) in enumerate(asked[:3]))
    visit.page.reload()
    score = _("You said the right way in {right} of {all} predictions.").format(right=right, all=3)
    explorer.evaluate("place => place.scrollIntoView()")
    expect(card).to_contain_text(score)


@in_en
def test_a_prediction_made_meanwhile_in_another_window_is_kept(visit: Visit, site: str) -> None:
    card, explorer = covered(visit, site, "csi")
    way = card.get_by_role("radio").nth(prediction.UP)
    way.wait_for()
    elsewhere = [{"n": n, "way": prediction.DOWN, "size": None} for n in (0, 1)]
    visit.page.evaluate("made => kept.set('predict.csi', JSON.stringify(made))", elsewhere)
    way.focus()
    way.press("Space")
    way.press("Enter")
    expect(explorer).to_be_visible()
    stored = visit.page.evaluate("JSON.parse(kept.get('predict.csi'))")
    assert [(one["n"], one["way"]) for one in stored] == [(1, prediction.DOWN), (0, prediction.UP)]


@in_zh
def test_predictions_are_skipped_by_one_key_and_stay_skipped(visit: Visit, site: str) -> None:
    card, explorer = covered(visit, site, "csi")
    expect(card.get_by_role("button", name=_("Skip the predictions"))).to_be_visible()
    card.get_by_role("radio").first.focus()
    visit.page.keyboard.press("Escape")
    expect(explorer).to_be_visible()
    visit.page.reload()
    explorer.scroll_into_view_if_needed()
    expect(explorer.locator(".main-svg").first).to_be_attached()
    before = visit.page.locator(".crm-guess").filter(has_text=_("Predict first"))
    expect(before).to_have_count(1)
    before.get_by_role("button").press("Enter")
    expect(explorer).to_be_hidden()


@in_en
def test_a_prediction_without_a_way_or_with_no_number_is_refused(visit: Visit, site: str) -> None:
    card, explorer = covered(visit, site, "csi")
    card.get_by_role("button", name=_("Show the figures")).press("Enter")
    expect(card.get_by_role("status")).to_have_text(_("Say first which way it goes."))
    card.get_by_role("radio").first.check()
    card.get_by_role("textbox").fill("<b>much</b>")
    card.get_by_role("textbox").press("Enter")
    said = _("“{given}” is not a number. Write for example 12.5.").format(given="<b>much</b>")
    expect(card.get_by_role("status")).to_have_text(said)
    expect(explorer).to_be_hidden()


@in_zh
def test_a_challenge_is_met_by_moving_what_may_be_moved_and_stays_met(visit: Visit, site: str) -> None:
    """All inputs of this study move together: one that may not stand elsewhere is in the way, and is named."""
    _card, explorer = covered(visit, site, "kano")
    visit.page.get_by_role("button", name=_("Skip the predictions")).first.wait_for()
    visit.page.locator("#kano-predict ~ .crm-toolbar button").last.press("Enter")
    one = states.explorer("kano")
    start, (challenge,) = one.initial, of_study("kano")
    line = explorer.locator(".crm-challenges li")
    expect(line).to_contain_text(asked(challenge, one.study.inputs))
    expect(line).to_contain_text(_("○ Not yet."))
    check(visit)
    s, other = start.setting_of("grown"), start.setting_of("age")
    young = {"age": other.choices[1]}
    solved = next(
        place
        for place, stop in enumerate(stops(s))
        if all(reached(challenge, figures(one, grown=stop, **more)) for more in ({}, young))
    )
    explorer.locator("#kano-age").select_option(index=1)
    explorer.locator("#kano-grown").fill(str(solved))
    expect(line).to_contain_text(
        _("○ The figures are there, but too much was moved: {names}.").format(
            names=_(", ").join(known.title() for known in settings(one) if known.name in ("age", "grown"))
        )
    )
    explorer.locator("#kano-age").select_option(index=0)
    said = explorer.get_by_role("status").filter(has_text=_("Challenge met: {why}").format(why=challenge.why))
    expect(said).to_be_visible()
    check(visit, "[data-study=kano]")
    explorer.get_by_role("button", name=_("Reset")).press("Enter")
    visit.page.reload()
    explorer.evaluate("place => place.scrollIntoView()")
    met = _("✓ Met on {day}. {why}").format(day=f"{datetime.now():%Y-%m-%d}", why=challenge.why)
    expect(line).to_contain_text(met)
    check(visit, "[data-study=kano]")


@pytest.mark.parametrize("value", [0.5, 1.5, 2.5, -0.5, 0.125, 1.005, 1234567.8915, -0.004, 1e15 + 0.5])
def test_numbers_are_rounded_as_in_the_notebook(windows: Windows, site: str, value: float) -> None:
    with windows.lend("en", "desk") as visit:
        visit.page.goto(f"{site}/en/index.html")
        for digits in range(4):
            shown = visit.page.evaluate("([value, digits]) => fixed(value, digits)", [value, digits])
            assert shown == figure(value, digits)


def figures(one: states.OnePage, **moved: Any) -> dict[str, float]:
    """Return the headline figures of a study with some inputs moved."""
    return one.study.headline(one.study.run(one.prepared, one.initial.replace(**moved)))


# Practice -------------------------------------------------------------------------------------------------------------


def practice(visit: Visit, site: str, kind: str) -> tuple[Locator, Item]:
    """Go on practising until an item of a kind is asked; return its card and the item."""
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{practising.NAME}.html")
    place = page.locator(".crm-practice")
    expect(place.locator(".crm-question")).to_be_visible()
    head, on = place.locator(".crm-kind"), place.locator("> .crm-toolbar button")
    for _turn in bank().of(TOPIC):
        if head.inner_text().startswith(f"{_(KINDS[kind])} ·"):
            break
        on.press("Enter")
    asked = {plain(prose.html(str(item.stem)))[:40]: item for item in bank().of(TOPIC) if item.type == kind}
    shown = place.locator(".crm-question").inner_text().replace("\n", " ")
    return place.locator(".crm-ask"), next(item for stem, item in asked.items() if stem[:12] in shown)


def answered(visit: Visit) -> list[dict[str, Any]]:
    """Return the progress kept in the page, the oldest first."""
    found: list[dict[str, Any]] = visit.page.evaluate("recorded()")
    return found


@in_en
def test_an_answer_is_kept_though_its_page_does_not_know_of_another_ones(visit: Visit, site: str) -> None:
    visit.page.goto(f"{site}/{visit.lang}/index.html")
    visit.page.evaluate("Object.assign(kept, { get: () => null, names: () => [] })")
    how = {"seed": 1, "verdict": "right", "earned": 1, "misconception": "", "hints": 0}
    for item in ("satisfaction.one", "satisfaction.other"):
        visit.page.evaluate("([item, how]) => attempted({ id: item, points: 1 }, how)", [item, how])
    visit.page.reload()
    assert sorted(one["item"] for one in answered(visit)) == ["satisfaction.one", "satisfaction.other"]
    kept = _("Answers kept in this browser: {n}; right: {right}.").format(n=2, right=2)
    expect(visit.page.get_by_text(kept)).to_be_visible()


@in_zh
def test_an_answer_that_the_browser_lost_is_put_back_by_its_tab(visit: Visit, site: str) -> None:
    visit.page.goto(f"{site}/{visit.lang}/index.html")
    how = {"seed": 1, "verdict": "right", "earned": 1, "misconception": "", "hints": 0}
    visit.page.evaluate("how => attempted({ id: 'satisfaction.one', points: 1 }, how)", how)
    visit.page.evaluate("kept.names('answer.').forEach(name => localStorage.removeItem(`crm.${name}`))")
    visit.page.reload()
    assert [one["item"] for one in answered(visit)] == ["satisfaction.one"]
    said = _("Answers kept in this browser: {n}; right: {right}.").format(n=1, right=1)
    expect(visit.page.get_by_text(said)).to_be_visible()


@in_en
def test_a_choice_is_practised_by_the_keyboard_and_its_misconception_named(visit: Visit, site: str) -> None:
    card, item = practice(visit, site, "mcq")
    assert isinstance(item, Choice)
    wrong = next(option for option in item.options if not option.correct)
    option = card.locator("label").filter(has_text=plain(prose.html(str(wrong.text)))).get_by_role("radio")
    option.focus()
    option.press("Space")
    option.press("Enter")
    expect(card.get_by_role("status")).to_contain_text(plain(prose.html(str(wrong.why))))
    check(visit)
    kept = _("Answers kept in this browser: {n}; right: {right}.").format(n=1, right=0)
    expect(visit.page.locator("#progress")).to_contain_text(kept)
    (attempt,) = answered(visit)
    assert (attempt["item"], attempt["misconception"], attempt["earned"]) == (item.id, wrong.misconception, 0)
    right = next(option for option in item.options if option.correct)
    card.locator("label").filter(has_text=plain(prose.html(str(right.text)))).get_by_role("radio").check()
    expect(card.locator(".crm-verdict")).to_be_hidden()
    card.get_by_role("button", name=_("Check")).press("Enter")
    expect(card.locator(".crm-verdict .crm-right")).to_be_visible()
    assert len(answered(visit)) == 1


@in_zh
def test_a_model_answer_is_shown_only_when_something_is_written(visit: Visit, site: str) -> None:
    card, item = practice(visit, site, "short")
    assert isinstance(item, Written)
    compare = card.get_by_role("button", name=_("Compare"))
    compare.press("Enter")
    expect(card.get_by_role("status")).to_have_text(_("Write an answer of your own first, if only in key words."))
    expect(card.get_by_text(_("Model answer"), exact=True)).to_have_count(0)
    card.get_by_role("textbox").fill("<b>mine</b>")
    compare.press("Enter")
    expect(card.get_by_text(_("Model answer"), exact=True)).to_be_visible()
    check(visit)
    keep = card.get_by_role("button", name=_("Save my marks"))
    keep.press("Enter")
    expect(card.get_by_role("status").last).to_contain_text(_("Give a mark for each criterion first."))
    groups = card.get_by_role("radiogroup")
    for n in range(groups.count()):
        groups.nth(n).get_by_role("radio").first.check()
    keep.press("Enter")
    kept = _("Kept: {earned:g} of {points:g} points.").format(earned=item.points, points=item.points)
    expect(card.get_by_role("status").last).to_contain_text(kept)
    (attempt,) = answered(visit)
    assert (attempt["item"], attempt["verdict"], attempt["earned"]) == (item.id, "marked", item.points)


@in_en
@pytest.mark.parametrize("kind", ["multi", "tfc", "fill", "order", "match", "num"])
def test_every_kind_has_a_field_that_can_be_used(visit: Visit, site: str, kind: str) -> None:
    card, _item = practice(visit, site, kind)
    for name in ("radio", "checkbox"):
        if card.get_by_role(name).count():
            card.get_by_role(name).first.check()
    for n in range(card.get_by_role("textbox").count()):
        card.get_by_role("textbox").nth(n).fill("1")
    for n in range(card.get_by_role("combobox").count()):
        card.get_by_role("combobox").nth(n).select_option(index=1)
    card.locator(".crm-toolbar button").first.press("Enter")
    expect(card.locator(".crm-said").last).not_to_be_empty()
    check(visit)


def test_answers_of_several_parts_earn_what_they_earn_in_the_notebook(windows: Windows, site: str, lang: str) -> None:
    items = [item for item in bank().items.values() if isinstance(item, Machine)]
    draws = random.Random(5)
    with windows.lend(lang, "desk") as visit:
        visit.page.goto(f"{site}/{lang}/index.html")
        for item in items:
            laid = lay(item, 0)
            q = {"kind": laid.kind, **questions.asked(item, 0)}
            n = len(laid.options) or len(laid.accept)
            given: list[Any] = [laid.right]
            if laid.kind == "fill":
                other = [known[0].upper() + " 。" for known in laid.also]
                given += [other, ["x", *other[1:]], [" "] * n, [known[-1] for known in laid.accept]]
            else:
                given += [sorted(draws.sample(range(n), draws.randint(1, n))) for _one in range(8)]
            if laid.kind in ("order", "match"):
                given = [one for one in given if len(one) == len(laid.keys)]
                given += [draws.sample(range(n), len(laid.keys)) for _one in range(5)]
            said = visit.page.evaluate("([q, given]) => given.map(one => judgedAnswer(q, one))", [q, given])
            for answer, (verdict, words, misconception, share) in zip(given, said, strict=True):
                wanted = laid.check(answer)
                assert (verdict, misconception) == (wanted.verdict, wanted.misconception), (item.id, answer)
                assert share == pytest.approx(laid.share(answer)), (item.id, answer)
                assert plain(words).startswith(plain(prose.html(wanted.said))), (item.id, answer)


# The mock exam --------------------------------------------------------------------------------------------------------


def desk(visit: Visit, site: str) -> Locator:
    """Open the page with the mock exam, with its first paper on the desk."""
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{practising.NAME}.html")
    page.evaluate("kept.set('mock.turn', 0)")
    page.reload()
    place = page.locator(".crm-mock")
    place.evaluate("place => place.scrollIntoView()")
    expect(place.get_by_role("button", name=_("Start"))).to_be_visible()
    return place


@in_zh
def test_a_mock_exam_goes_on_after_a_reload_and_is_marked(visit: Visit, site: str, tmp_path: Path) -> None:
    place, page = desk(visit, site), visit.page
    paper = json.loads(questions.mock(0))
    asked = [one for part in paper["parts"] for one in part["questions"]]
    place.get_by_role("button", name=_("Start")).press("Enter")
    expect(place.get_by_role("timer")).to_be_visible()
    check(visit)
    begun = page.evaluate("JSON.parse(kept.get('mock')).begun")
    wanted = 0
    for n, one in enumerate(asked):
        if one.get("options"):
            choice = n % 2 or one["key"]  # every other answer is right
            place.get_by_role("radio").nth(choice).check()
            wanted += one["points"] * (choice == one["key"])
        elif n < len(asked) - 1:
            place.get_by_role("textbox").fill("words")
        if n < len(asked) - 1:
            place.get_by_role("button", name=_("Next"), exact=True).press("Enter")
    page.reload()
    place.evaluate("place => place.scrollIntoView()")
    expect(place.get_by_role("timer")).to_be_visible()
    assert page.evaluate("JSON.parse(kept.get('mock')).begun") == begun
    expect(place.get_by_role("radio", checked=True)).to_have_count(1)
    assert answered(visit) == []
    hand_in = place.get_by_role("button", name=_("Submit"))
    hand_in.press("Enter")
    expect(place.get_by_role("status").last).to_have_text(mock.unanswered(1).format(n=1))
    page.wait_for_timeout(1100)
    hand_in.press("Enter")
    said = _("{points:g} of {most:g} points marked so far; the paper has {all:g}.")
    most = sum(one["points"] for one in asked if one.get("options")) + asked[-1]["points"]
    expect(place).to_contain_text(said.format(points=wanted, most=most, all=paper["points"]))
    check(visit)
    file = tmp_path / "progress.jsonl"
    file.write_text(page.evaluate("lines().join('\\n')"), "utf-8")
    found, damaged = progress.attempts(file)
    assert not damaged and {attempt.mode for attempt in found} == {"exam"}
    assert sum(attempt.earned for attempt in found) == wanted
    waiting = next(n for n, one in enumerate(asked) if not one.get("options"))
    place.locator(".crm-sheet button").nth(waiting).press("Enter")
    groups = place.get_by_role("radiogroup")
    for n in range(groups.count()):
        groups.nth(n).get_by_role("radio").first.check()
    place.get_by_role("button", name=_("Save my marks")).press("Enter")
    whole = wanted + asked[waiting]["points"]
    expect(place).to_contain_text(said.format(points=whole, most=most + asked[waiting]["points"], all=paper["points"]))


@in_en
def test_a_paper_whose_time_is_up_is_handed_in_as_it_is(visit: Visit, site: str) -> None:
    place, page = desk(visit, site), visit.page
    place.get_by_role("button", name=_("Start")).press("Enter")
    place.get_by_role("radio").first.check()
    page.evaluate("kept.set('mock', JSON.stringify({...JSON.parse(kept.get('mock')), begun: Date.now() - 46 * 60e3}))")
    page.reload()
    place.evaluate("place => place.scrollIntoView()")
    expect(place.get_by_text(_("The time is up; the paper was handed in as it was."))).to_be_visible()
    assert {attempt["mode"] for attempt in answered(visit)} == {"exam"}
    place.get_by_role("button", name=_("Another paper")).press("Enter")
    expect(place.get_by_role("button", name=_("Start"))).to_be_visible()
    assert page.evaluate("kept.get('mock.turn')") == "1"


@in_zh
def test_a_damaged_paper_gives_way_to_a_fresh_one(visit: Visit, site: str) -> None:
    visit.page.goto(f"{site}/{visit.lang}/{practising.NAME}.html")
    for damaged in ("{", "null", '{"n": 99, "begun": 1, "given": {}}', '{"n": "x"}'):
        visit.page.evaluate("text => kept.set('mock', text)", damaged)
        visit.page.reload()
        place = visit.page.locator(".crm-mock")
        place.evaluate("place => place.scrollIntoView()")
        expect(place.get_by_role("button", name=_("Start"))).to_be_visible()


def laid_out(visit: Visit, *ids: str) -> Locator:
    """Put a paper of these items in the place of the first one; return where it is sat."""
    names = {item.id: item for item in bank().items.values()}
    heads = [{"id": id, "kind": names[id].type, "points": names[id].points, "head": id} for id in ids]
    asked = [{**head, **questions.asked(names[head["id"]], 0)} for head in heads]
    paper = {"title": "x", "minutes": 45, "points": 9, "parts": [{"title": "y", "questions": asked}]}
    visit.page.evaluate(
        """paper => {
            stored[`mock/${site.lang}/0.js`] = Promise.resolve(paper);
            new Mock(document.querySelector(".crm-mock"));
        }""",
        paper,
    )
    return visit.page.locator(".crm-mock")


@in_en
def test_a_begun_paper_is_not_laid_on_other_questions(visit: Visit, site: str) -> None:
    place, page = desk(visit, site), visit.page
    place.get_by_role("button", name=_("Start")).press("Enter")
    place.get_by_role("radio").first.check()
    laid_out(visit, next(item.id for item in bank().of(TOPIC) if item.type == "num"))
    expect(place.get_by_role("button", name=_("Start"))).to_be_visible()
    place.get_by_role("button", name=_("Start")).press("Enter")
    expect(place.get_by_role("textbox")).to_have_value("")
    place.get_by_role("textbox").fill("1")
    page.reload()
    place.evaluate("place => place.scrollIntoView()")
    expect(place.get_by_role("button", name=_("Start"))).to_be_visible()


@in_zh
def test_a_paper_handed_in_in_another_window_is_not_handed_in_again(visit: Visit, site: str) -> None:
    place, page = desk(visit, site), visit.page
    place.get_by_role("button", name=_("Start")).press("Enter")
    place.get_by_role("radio").first.check()
    page.evaluate("kept.set('mock', JSON.stringify({...JSON.parse(kept.get('mock')), handed: Date.now()}))")
    place.get_by_role("button", name=_("Submit")).press("Enter")
    page.wait_for_timeout(1100)
    place.get_by_role("button", name=_("Submit")).press("Enter")
    assert answered(visit) == []


@pytest.mark.parametrize("kind", ["mcq", "num", "multi", "tfc", "fill", "order", "match", "short"])
def test_a_question_is_answered_where_the_notebook_says_so(windows: Windows, site: str, lang: str, kind: str) -> None:
    item = next(item for item in bank().of(TOPIC) if item.type == kind)
    q = papers.question(bank(), item, 0)
    n = len(q.options) or len(q.accept)
    given: dict[str, list[Any]] = {
        "num": ["1", "about ten", "1 parrot"],
        "multi": [[], [0], [0, 1]],
        "tfc": [[None, ""], [None, "words"], [0, ""], [1, "words"]],
        "fill": [[""] * n, ["x", *[""] * (n - 1)], ["x"] * n],
        "order": [list(range(n))],
        "match": [[None] * len(q.lefts), [0, *[None] * (len(q.lefts) - 1)], [0] * len(q.lefts)],
        "short": ["words"],
        "mcq": [0, 1],
    }
    every = [None, *given[kind]]
    with windows.lend(lang, "desk") as visit:
        visit.page.goto(f"{site}/{lang}/index.html")
        told = {"kind": kind, **questions.asked(item, 0)}
        found = visit.page.evaluate("([q, given]) => given.map(one => isAnswered(q, one))", [told, every])
    assert found == [answers.answered(q, one) for one in every]


@in_en
def test_an_answer_in_part_counts_as_open_and_is_called_so(visit: Visit, site: str) -> None:
    desk(visit, site)
    item = next(item for item in bank().of(TOPIC) if item.type == "match")
    place = laid_out(visit, item.id)
    place.get_by_role("button", name=_("Start")).press("Enter")
    place.get_by_role("combobox").first.select_option(index=1)
    named = _("Question {n}: {state}").format(n=1, state=_("answered in part"))
    expect(place.locator(".crm-sheet button")).to_have_accessible_name(named)
    place.get_by_role("button", name=_("Submit")).press("Enter")
    expect(place.get_by_role("status").last).to_have_text(mock.unanswered(1).format(n=1))


@in_zh
def test_a_wrong_verdict_on_a_statement_is_kept_with_its_misconception(visit: Visit, site: str) -> None:
    desk(visit, site)
    item = next(item for item in bank().of(TOPIC) if isinstance(item, Corrected))
    place = laid_out(visit, item.id)
    place.get_by_role("button", name=_("Start")).press("Enter")
    place.get_by_role("radio").nth(int(item.answer)).check()
    place.get_by_role("button", name=_("Submit")).press("Enter")
    (attempt,) = answered(visit)
    assert (attempt["verdict"], attempt["misconception"]) == ("wrong", item.misconception)


@in_en
def test_an_amount_keeps_its_unit_where_the_other_language_asks_for_another(visit: Visit, site: str) -> None:
    desk(visit, site)
    units = {item.id: item.unit for item in bank().items.values() if isinstance(item, Number) and item.unit}
    id, unit = next((id, unit) for id, unit in units.items() if times(unit.zh, unit.en) > 1)
    place = laid_out(visit, id)
    place.get_by_role("button", name=_("Start")).press("Enter")
    place.get_by_role("textbox").fill("5")
    with i18n.speaking(i18n.other(visit.lang)):
        laid_out(visit, id)
    kept = f"5 {getattr(unit, visit.lang)}"
    expect(place.get_by_role("textbox")).to_have_value(kept)
    laid_out(visit, id)
    expect(place.get_by_role("textbox")).to_have_value("5")
    place.get_by_role("textbox").fill(kept)
    laid_out(visit, id)
    expect(place.get_by_role("textbox")).to_have_value(kept)


# Cards ----------------------------------------------------------------------------------------------------------------


@in_zh
def test_nothing_can_be_pressed_before_anything_is_there(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{practising.NAME}.html")
    shown = """() => {
        const on = (place) => [...place.querySelectorAll("button")].filter((one) => !one.hidden).length;
        const [cards, practice] = [".crm-cards", ".crm-practice"].map((name) => document.querySelector(name));
        new Cards(cards);
        new Practice(practice);
        return [on(cards), on(practice)];
    }"""
    assert page.evaluate(shown) == [0, 0]
    expect(page.locator(".crm-practice").get_by_role("button", name=_("Next question"))).to_be_visible()
    expect(page.locator(".crm-cards").get_by_role("button", name=_("Turn the card"))).to_be_visible()


@in_en
def test_a_card_is_turned_marked_and_comes_again_where_it_was_not_known(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{practising.NAME}.html")
    place, known = page.locator(".crm-cards"), faces(chapters()[TOPIC])
    place.evaluate("place => place.scrollIntoView()")
    left = _("Cards to come: {n}")
    expect(place).to_contain_text(left.format(n=len(known)))
    expect(place.get_by_role("heading")).to_have_text(known[0].asks)
    place.get_by_role("button", name=_("Turn the card")).press("Enter")
    expect(place.get_by_role("status")).to_have_text(known[0].back)
    check(visit)
    place.get_by_role("button", name=_("Did not know it")).press("Enter")
    expect(place).to_contain_text(left.format(n=len(known)))
    expect(place.get_by_role("heading")).to_be_focused()
    place.get_by_role("button", name=_("Turn the card")).press("Enter")
    place.get_by_role("button", name=_("Knew it"), exact=True).press("Enter")
    expect(place).to_contain_text(left.format(n=len(known) - 1))
    assert [(one["item"], one["verdict"], one["mode"]) for one in answered(visit)] == [
        (known[0].id, "wrong", CARD),
        (known[1].id, "right", CARD),
    ]


@in_zh
def test_the_end_of_the_cards_is_coloured_as_in_the_notebook(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{practising.NAME}.html")
    place = page.locator(".crm-cards")
    place.evaluate("place => place.scrollIntoView()")
    for _face in faces(chapters()[TOPIC]):
        place.get_by_role("button", name=_("Turn the card")).press("Enter")
        place.get_by_role("button", name=_("Knew it"), exact=True).press("Enter")
    said = place.get_by_text(_("These were all cards."))
    expect(said).to_be_visible()
    colour = "place => getComputedStyle(place).color"
    assert said.evaluate(colour) != page.locator("body").evaluate(colour)
    check(visit)
