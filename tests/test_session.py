"""Do practice, progress page and mock exam do what their buttons say, and keep the key to themselves?"""

import json
import re
import shutil
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest
from pydantic import TypeAdapter

from crmlib.casebook import case, cases
from crmlib.chapters import chapters
from crmlib.core.errors import UserError
from crmlib.core.exercise import Distractor, Exercise
from crmlib.core.i18n import _, speaking
from crmlib.core.numbers import times
from crmlib.core.paths import UNATTENDED
from crmlib.exams.blueprint import Blueprint, blueprint
from crmlib.exams.paper import Question, question
from crmlib.items import prose
from crmlib.items.bank import bank
from crmlib.items.item import Choice, Item, Written
from crmlib.items.summaries import key_terms, summary
from crmlib.learning import progress, sitting, tiers
from crmlib.learning.cards import HINT_COSTS, Card, Guess
from crmlib.learning.fields import desk
from crmlib.learning.flashcards import NEW_A_DAY, Flashcards, faces
from crmlib.learning.mixups import mixups
from crmlib.learning.mock import MockExam, earned, mock_exam
from crmlib.learning.overview import overview
from crmlib.learning.practice import OpenCard, Practice, order, practice
from crmlib.learning.progress import Attempt, attempts, now
from crmlib.learning.questions import questions
from crmlib.learning.rubric import levels
from crmlib.support import memory

CHINESE = re.compile("[一-鿿]")
IN_BRACKETS = re.compile(r"\([^()]*\)")
"""Where an English text gives a term's Chinese name."""


def half(seed: int) -> Exercise:
    n = 10 + seed
    return Exercise(
        f"{n} / 2?", n / 2, f"worked {n}", [Distractor(n * 2, "doubling", "doubled")], hints=["divide", "by two"]
    )


def yes(seed: int) -> Exercise:
    return Exercise("sure?", 1, "because", [Distractor(0, "doubt", "never")], ["no", "yes"], tolerance=0)


def texts(widget: Any) -> str:
    """Return everything a widget and those within it send to the browser."""
    own = unescape(unescape(json.dumps(widget.get_state(), default=str, ensure_ascii=False)))
    return own + "".join(texts(child) for child in getattr(widget, "children", ()))


def press(widget: Any, label: str) -> None:
    """Press the button that says so, which must be there and not be greyed out."""
    found = [b for b in buttons(widget) if b.description == label]
    assert len(found) == 1, [b.description for b in buttons(widget)]
    assert not found[0].disabled
    found[0].click()


def buttons(widget: Any) -> list[w.Button]:
    own = [widget] if isinstance(widget, w.Button) else []
    return own + [b for child in getattr(widget, "children", ()) for b in buttons(child)]


@pytest.fixture(autouse=True)
def attended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these tests be a student at work: what runs unattended remembers nothing."""
    for name in UNATTENDED:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def card(english: None) -> Card:
    return Card("own.half", half)


def answer(card: Card, given: Any) -> str:
    card._field.value = given
    press(card, "Check")
    said: str = card._feedback.value
    return said


def test_the_first_answer_counts_and_is_kept(card: Card, own_progress: Path) -> None:
    assert "doubled" in answer(card, "20")
    assert "worked 10" in answer(card, "5")
    (kept,) = attempts(own_progress)[0]
    assert (kept.item, kept.verdict, kept.earned, kept.misconception) == ("own.half", "mistake", 0, "doubling")


def test_what_cannot_be_read_does_not_count(card: Card, own_progress: Path) -> None:
    assert "is not a number" in answer(card, "five")
    assert "Give an answer first" in answer(card, "")
    assert attempts(own_progress)[0] == []
    answer(card, "５．０")
    assert attempts(own_progress)[0][0].earned == 2


def test_each_hint_is_told_in_turn_and_costs_its_share(card: Card, own_progress: Path) -> None:
    press(card, "Hint (−25%)")
    assert "divide" in card._feedback.value and "by two" not in card._feedback.value
    press(card, "Hint (−25%)")
    assert "by two" in card._feedback.value
    assert card._hint.disabled
    answer(card, "5")
    (kept,) = attempts(own_progress)[0]
    assert (kept.earned, kept.hints) == (2 * (1 - 2 * HINT_COSTS), 2)


def test_a_choice_without_hints_strikes_out_a_wrong_option(english: None) -> None:
    card = Card("own.yes", yes)
    press(card, "Hint (−25%)")
    assert "It is not: no" in card._feedback.value


def test_the_solution_shown_is_an_answer_given_up(card: Card, own_progress: Path) -> None:
    press(card, "Worked solution")
    assert "worked 10" in card._feedback.value
    answer(card, "5")
    (kept,) = attempts(own_progress)[0]
    assert kept.earned == 0


def test_after_a_mistake_hints_and_solution_are_free_until_the_answer_is_known(card: Card, own_progress: Path) -> None:
    answer(card, "20")
    press(card, "Hint")
    assert "divide" in card._feedback.value and "doubled" in card._feedback.value
    press(card, "Worked solution")
    assert "worked 10" in card._feedback.value
    assert card._hint.disabled and card._solve.disabled
    (kept,) = attempts(own_progress)[0]
    assert (kept.verdict, kept.hints) == ("mistake", 0)
    press(card, "Another one like this")
    assert card._hint.description == "Hint (−25%)" and not card._hint.disabled and not card._solve.disabled


def test_a_right_answer_leaves_nothing_to_ask_for(card: Card) -> None:
    answer(card, "5")
    assert card._hint.disabled and card._solve.disabled


def test_another_one_has_other_numbers_and_counts_afresh(card: Card, own_progress: Path) -> None:
    answer(card, "5")
    press(card, "Another one like this")
    assert "11 / 2" in card._question.value
    assert card._field.value == ""
    answer(card, "5.5")
    assert [kept.seed for kept in attempts(own_progress)[0]] == [0, 1]


def test_the_switch_keeps_answer_and_feedback(card: Card, own_progress: Path) -> None:
    answer(card, "20")
    press(card, "中文")
    assert card._field.value == "20"
    assert CHINESE.search(card._check.description)
    assert "doubled" in card._feedback.value and CHINESE.search(card._feedback.value)
    press(card, "English")
    assert "Not quite. doubled" in card._feedback.value
    assert len(attempts(own_progress)[0]) == 1


def test_nothing_that_tells_the_key_is_sent_before_it_is_earned(card: Card) -> None:
    for secret in ("worked", "doubled", "doubling", "divide"):
        assert secret not in texts(card)
    assert "5.0" not in texts(card)


def test_progress_that_cannot_be_kept_is_said_and_the_feedback_still_given(card: Card, own_progress: Path) -> None:
    own_progress.parent.write_text("in the way")
    said = answer(card, "5")
    assert "worked 10" in said
    assert "Your progress cannot be saved" in said


def test_text_of_students_and_items_is_shown_not_obeyed(english: None) -> None:
    card = Card("own.x", lambda _seed: Exercise("<b>x</b> & $5?", 1.0, "<script>alert(1)</script>"))
    assert "&lt;b&gt;x&lt;/b&gt; &amp; $5?" in card._question.value
    assert "<script" not in answer(card, "1")
    assert "<img" not in answer(card, "<img>")


def test_a_hint_asked_for_after_the_right_answer_is_not_given(card: Card, own_progress: Path) -> None:
    answer(card, "5")
    card._give_hint()
    assert "divide" not in card._feedback.value
    card._give_solution()
    assert len(attempts(own_progress)[0]) == 1


def test_enter_in_the_field_checks_and_leaving_it_does_not(card: Card, own_progress: Path) -> None:
    field = card._field
    field.hear({"turn": field.turn, "value": "20"})
    assert card._feedback.value == ""
    field.hear({"turn": field.turn, "value": "20", "enter": True})
    assert "doubled" in card._feedback.value


def test_a_near_miss_is_told_as_one_and_uses_up_no_attempt(english: None, own_progress: Path) -> None:
    card = Card("own.points", lambda _seed: Exercise("?", 46.2, "worked", unit="points", tolerance=0.002))
    for typed, said in (
        ("46", "Right to the whole number; give 1 decimal place at least."),
        ("46,2", "Write the decimal point as a point: 46.2."),
        ("8,,5", "is not a number"),
        ("46.2 kg", "is not the unit asked for, which is points"),
    ):
        assert said in answer(card, typed)
    assert attempts(own_progress)[0] == []
    answer(card, "46。2分")
    assert attempts(own_progress)[0][0].earned == 2


def remembered(seed: int = 0) -> Card:
    return Card("own.half", half, seed, memory="own.half")


def test_an_exercise_is_shown_as_it_was_left(english: None, own_progress: Path) -> None:
    card = remembered()
    press(card, "Another one like this")
    press(card, "Hint (−25%)")
    said = answer(card, "22")
    again = remembered()
    assert (again.seed, again._field.value, again._feedback.value) == (1, "22", said)
    assert again._feedback.judged == {"piece": again._field.id, "value": "22"}
    answer(again, "5.5")
    assert len(attempts(own_progress)[0]) == 1, "the first answer counts, also after a restart"
    assert remembered()._solve.disabled
    press(again, "Another one like this")
    assert (remembered().seed, remembered()._feedback.value) == (2, "")


def in_two_units() -> list[Item]:
    """Return the items that ask for 万元 in Chinese and for yuan in English, and are marked by a number."""
    typed = [item for item in bank().items.values() if item.type == "num" and item.unit]
    return [item for item in typed if item.unit and times(item.unit.zh, item.unit.en) != 1]


def test_an_amount_keeps_its_unit_in_the_language_that_asks_for_another_one(own_progress: Path) -> None:
    assert len(in_two_units()) >= 2
    for item in in_two_units():
        made = partial(Card, item.id, partial(bank().exercise, item), memory=item.id)
        with speaking("zh"):
            card = made()
            card._field.value = f"{card.exercise.answer:.10g}"
            press(card, _("Check"))
            assert card.exercise.unit == "万元"
        card.speak("en")
        with speaking("en"):
            for shown in (card, made()):
                assert shown.exercise.unit == "yuan" and shown.kept.told
                assert shown.exercise.check(shown._field.value).verdict == "right", shown._field.value
                assert shown._feedback.judged["value"] == shown._field.value


def test_an_amount_of_a_mock_exam_earns_the_same_in_both_languages(english: None) -> None:
    (item,) = [item for item in in_two_units() if item.id == "analysis.season_plain"]
    section = {"name": "num", "title": {"zh": "计算", "en": "Numbers"}, "kinds": ["num"], "points": 2}
    plan = Blueprint.model_validate(
        {"name": "own", "title": {"zh": "自测", "en": "Own"}, "minutes": 5, "sections": [section]}
    )
    exam = MockExam(replace(bank(), items={item.id: item}), plan, 1, Clock())
    exam.start()
    exam.speak("zh")
    exam._field().value = "80"
    exam.speak("en")
    assert exam._field().value == "80 万元"
    exam.hand_in()
    assert exam.marks == {0: 2}


def test_the_solution_asked_for_is_there_again(english: None) -> None:
    card = remembered()
    press(card, "Worked solution")
    assert remembered()._feedback.value == card._feedback.value


def test_what_is_remembered_of_a_choice_fits_the_options_there_are(english: None) -> None:
    for junk in (7, "words", None, -1):
        memory.remember("own.yes", {"seed": 0, "given": junk, "hints": 0, "says": ""})
        assert Card("own.yes", yes, memory="own.yes")._field.value is None


@pytest.mark.parametrize("junk", [b"", b"[1]", b"{", b"\xff", b'{"own.half": 3}', b'{"own.half": {"seed": "x"}}'])
def test_a_damaged_memory_begins_anew(english: None, junk: bytes) -> None:
    memory.memory_file().parent.mkdir(exist_ok=True)
    memory.memory_file().write_bytes(junk)
    assert "doubled" in answer(remembered(), "20")
    assert "doubled" in remembered()._feedback.value


def test_two_kernels_at_once_undo_no_entry_of_each_other(own_progress: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda n: memory.remember(f"item {n}", n), range(40)))
    assert not any(said)
    assert json.loads(memory.memory_file().read_text()) == {f"item {n}": n for n in range(40)}


def test_answers_that_cannot_be_kept_are_said_and_judged_all_the_same(english: None, own_progress: Path) -> None:
    own_progress.parent.write_text("in the way")
    said = answer(remembered(), "5")
    assert "worked 10" in said and "cannot be" in said
    assert tiers.ask("weighted_score").seed == 0


def test_each_student_has_numbers_of_their_own_which_stay(english: None) -> None:
    first = tiers.ask("weighted_score")
    assert tiers.ask("weighted_score").exercise == first.exercise
    assert tiers.ask("credit_total").seed != first.seed
    memory.memory_file().unlink()
    assert tiers.ask("weighted_score").exercise != first.exercise
    assert tiers.ask("weighted_score", 0).seed == 0
    stored = tiers.ask("weighted_score")._repr_mimebundle_()["text/plain"]
    assert stored.startswith(tiers.ask("weighted_score", 0).exercise.question)


def test_what_runs_unattended_is_the_same_for_everybody_and_remembers_nothing(
    english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(remembered(), "20")
    with monkeypatch.context() as alone:
        for name, value in UNATTENDED.items():
            alone.setenv(name, value)
        assert remembered()._feedback.value == ""
        assert tiers.ask("weighted_score").seed == 0
        answer(remembered(7), "20")
    assert "doubled" in remembered()._feedback.value


def test_practice_goes_on_at_the_question_where_it_was_left(english: None) -> None:
    session = practice("tiers", ["tf"])
    session.next()
    assert isinstance(session.card, Card)
    said = answer(session.card, 1 - int(session.card.exercise.answer))
    again = practice("tiers", ["tf"])
    assert isinstance(again.card, Card)
    assert (again.card.id, again.card._feedback.value) == (session.card.id, said)
    assert (again.tried, again.points) == (1, 1)
    again.next()
    assert again.card.id != session.card.id
    assert again.card._feedback.value == ""


def test_an_answer_in_words_is_there_again_until_it_is_asked_anew(english: None) -> None:
    session = practice("tiers", ["essay"])
    card = session.card
    assert isinstance(card, OpenCard)
    card._text.value = "half an essay"
    again = practice("tiers", ["essay"]).card
    assert isinstance(again, OpenCard)
    assert again._text.value == "half an essay"
    press(again, "Compare")
    assert again.rubric
    again.rubric.choose([0] * len(again.ask().rubric))
    press(again, "Save my marks")
    kept = practice("tiers", ["essay"]).card
    assert isinstance(kept, OpenCard)
    assert kept.rubric and kept.rubric.chosen() == again.rubric.chosen() and kept._keep.disabled
    anew = OpenCard(card.ask, again=False)
    assert anew._text.value == "" and anew.draft.stage == "write"


def test_what_was_chosen_for_an_earlier_question_is_not_taken_for_the_next(english: None) -> None:
    card = Card("own.yes", yes)
    field, turn = card._field, card._field.turn
    press(card, "Another one like this")
    field.hear({"turn": turn, "index": 0, "enter": True})
    assert field.value is None and card._feedback.value == ""
    for junk in (7, -1, "0", None):
        field.hear({"turn": field.turn, "index": junk})
        assert field.value is None


def test_a_field_asked_for_the_focus_takes_it_as_soon_as_it_is_drawn(card: Card) -> None:
    card.focus()
    asked = []
    for reply in ({"ready": True, "told": 1}, {"focused": True}, {"ready": True, "told": 2}):
        card._field.hear(reply)
        asked.append(card._field.told)
    assert asked == [2, 2, 2], "a page loaded anew does not take it"


def test_a_field_is_not_asked_twice_when_the_page_draws_it_before_the_request_arrives(card: Card) -> None:
    card.focus()
    card._field.hear({"ready": True, "told": 0})
    assert card._field.told == 1, "the second time would take the focus back from a student who has moved on"


def test_the_desk_passes_on_what_comes_from_the_page(card: Card) -> None:
    field = card._field
    message = {"piece": field.id, "turn": field.turn, "number": 3, "value": "20"}
    desk()._heard(desk(), message, [])
    desk()._heard(desk(), {"piece": "unknown"}, [])
    assert (field.value, field.heard) == ("20", 3)


def test_formulas_among_the_options_are_shown_as_formulas(lang: str) -> None:
    choices = [i for i in bank().items.values() if isinstance(i, Choice) and i.options]
    item = next(i for i in choices if "\\(" in str(i.options[0].text))
    card = Card(item.id, lambda seed: bank().exercise(item, seed))
    assert "<math" in "".join(card._field.shown)
    assert not any("\\(" in shown for shown in card._field.shown)


def test_an_exercise_of_a_chapter_and_the_item_of_the_bank_are_one(english: None) -> None:
    ask, item = tiers.ask("weighted_score"), bank().item("tiers.weighted_score")
    assert isinstance(item, Choice)
    assert (ask.id, ask.points) == (item.id, item.points)
    mistake = next(m for m in ask.exercise.distractors if m.misconception)
    said = answer(ask, f"{mistake.answer}")
    assert f"This mistake is called: {bank().misconception(item, mistake.misconception)}." in unescape(said)
    assert len(ask.exercise.hints) == len(bank().exercise(item, 0).hints)


def write_many(path: Path, who: str, times: int) -> None:
    for n in range(times):
        progress.record(Attempt(now(), f"own.{who}_{n}", 0, "right", 1, 1), path)


def test_two_notebooks_that_record_at_once_lose_no_line(own_progress: Path) -> None:
    ways = get_context("fork")
    writers = [ways.Process(target=write_many, args=(own_progress, who, 60)) for who in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found, said = attempts(own_progress)
    assert (len({a.item for a in found}), len(found), said) == (120, 120, "")


# Practice on the bank -------------------------------------------------------------------------------------------------


@pytest.mark.shared(3)
@pytest.mark.parametrize("topic", list(bank().topics))
def test_every_item_of_the_bank_can_be_practised(lang: str, topic: str) -> None:
    session = practice(topic)
    shown = set()
    for _item in range(len(bank().of(topic))):
        assert session.card
        shown.add(session.card.id)
        assert bool(CHINESE.search(IN_BRACKETS.sub("", session.card._question.value))) == (lang == "zh")
        session.next()
    assert len(shown) == len(bank().of(topic))


def test_a_mistake_is_called_by_its_name(english: None) -> None:
    session = practice("tiers", ["tf"])
    assert isinstance(session.card, Card)
    e = session.card.exercise
    answer(session.card, 1 - int(e.answer))
    assert (
        f"This mistake is called: {bank().misconception(bank().item(session.card.id), e.distractors[0].misconception)}"
        in (session.card._feedback.value.replace("&#x27;", "'"))
    )
    assert "1 answered · 0 of 1 points" in session._head.value


def test_the_next_question_speaks_the_language_switched_to(english: None) -> None:
    session = practice("tiers", ["mcq"])
    press(session.card, "中文")
    session.next()
    assert session.card and session.card.lang == "zh"
    assert CHINESE.search(session._next.description)


def test_what_is_due_comes_first_then_what_is_new(own_progress: Path) -> None:
    items = bank().of("tiers")
    old = [Attempt(now() - timedelta(days=9), items[n].id, 0, "right", 2, 2) for n in (5, 3)]
    fresh = Attempt(now(), items[1].id, 0, "right", 2, 2)
    queue = order(items, [*old, fresh])
    assert set(queue[:2]) == {items[5].id, items[3].id}
    assert items[1].id not in queue
    assert len(queue) == len(items) - 1
    assert order([items[1]], [fresh]) == [items[1].id]


def test_an_unknown_topic_or_kind_is_named(english: None) -> None:
    with pytest.raises(UserError, match="There is no topic “teirs”. Did you mean “tiers”?"):
        practice("teirs")
    with pytest.raises(UserError, match="There is no kind of item “mqc”. Did you mean “mcq”?"):
        practice("tiers", ["mqc"])


def test_the_stored_output_of_practice_is_its_title(lang: str) -> None:
    bundle = practice("tiers")._repr_mimebundle_()
    assert bundle["text/plain"].startswith(str(bank().topics["tiers"][0].title))


def test_a_written_answer_is_marked_by_the_rubric(english: None, own_progress: Path) -> None:
    item = next(item for item in bank().items.values() if isinstance(item, Written) and item.type == "essay")
    marked: list[Attempt] = []
    card = OpenCard(lambda: question(bank(), item, 0), marked.append)
    assert str(item.model)[:40] not in texts(card)
    card._text.value = "words of my own"
    press(card, "Compare")
    press(card, "Save my marks")
    assert "Give a mark for each criterion first" in card._said.value
    assert card.rubric
    card.rubric.choose([0] * len(item.rubric))
    card.speak("zh")
    assert CHINESE.search(card._keep.description)
    card.speak("en")
    press(card, "Save my marks")
    assert marked[0].earned == item.points == attempts(own_progress)[0][0].earned
    assert card._keep.disabled


# The progress page ----------------------------------------------------------------------------------------------------


def test_the_page_shows_points_misconceptions_and_exports(
    lang: str, own_progress: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(iter(bank().topics["tiers"][0].misconceptions))
    progress.record(Attempt(now() - timedelta(days=2), "tiers.veto", 1, "mistake", 0, 2, name), own_progress)
    page = overview()
    assert str(bank().topics["tiers"][0].misconceptions[name]) in page._page.value.replace("&amp;", "&")
    assert "0 / 2" in page._page.value if lang == "zh" else "0 of 2" in page._page.value
    monkeypatch.setenv("CRM_HOME", str(tmp_path))
    press(page, _("Save as CSV"))
    assert (tmp_path / "mine" / "progress.csv").read_text("utf-8-sig").count("\n") == 2
    press(page, _("Begin today's questions"))
    assert isinstance(page._room.children[0], Practice)
    assert "tiers.veto" in {page._room.children[0].card.id, *page._room.children[0].queue}


def test_the_map_has_each_topic_once_and_a_link_to_each_chapter(lang: str) -> None:
    page = overview()._page.value
    links = re.findall(r'<a class="crm-page" href="(\w+)\.ipynb">', page)
    assert links == [notebook for chapter in chapters().values() for notebook in chapter.notebooks]
    assert page.count("<th scope=row>") == len(bank().topics)


def mistaken(topic: str, number: int = 0) -> tuple[str, str]:
    """Record an answer that shows a misconception of a topic; return the item and the misconception in words."""
    item = [item for item in bank().of(topic) if item.type == "mcq" and item.options][number]
    name = next(option.misconception for option in item.options if option.misconception)
    progress.record(Attempt(now() - timedelta(days=1), item.id, 1, "mistake", 0, 2, name))
    return item.id, bank().misconception(item, name)


def test_the_head_of_a_chapter_names_what_the_chapters_before_it_showed_and_asks_it_again(lang: str) -> None:
    topics = list(bank().topics)
    before, own, later = (mistaken(topic) for topic in topics[1:4])
    page = mixups(topics[2])
    said = unescape(page._page.value)
    assert before[1] in said and own[1] not in said and later[1] not in said
    assert said.startswith("<h2>"), "it stands below the title of the chapter"
    assert CHINESE.search(said) if lang == "zh" else not CHINESE.search(said)
    press(page, _("Practise these questions"))
    session = page._room.children[0]
    assert isinstance(session, Practice) and session.card.id == before[0] and session.queue == []


def test_a_mistake_mended_is_no_longer_named_and_without_one_nothing_is_shown(english: None) -> None:
    topics = list(bank().topics)
    id, said = mistaken(topics[0])
    assert said in unescape(mixups(topics[1])._page.value)
    progress.record(Attempt(now(), id, 1, "right", 2, 2))
    page = mixups(topics[1])
    assert page._page.value == "" and page.layout.display == "none"
    assert mixups("nowhere").layout.display == "none"


def test_what_a_student_mixes_up_is_data(english: None) -> None:
    progress.record(Attempt(now(), "tiers.gone", 1, "mistake", 0, 2, "<b>nobody</b>"))
    assert mixups("loyalty").layout.display == "none"


def today(page: Any) -> str:
    return unescape(page._today._text.value)


def test_a_beginner_meets_the_first_topic_and_each_day_has_its_minutes(english: None) -> None:
    page = overview()
    chosen = page._today.agenda
    assert {id.partition(".")[0] for id in chosen.queue} == {next(iter(bank().topics))}
    assert f"{len(chosen.queue)} questions, about {ceil(chosen.minutes)} minutes: 0 to review" in today(page)
    page._today._minutes.value = 60
    assert page._today.agenda.minutes > chosen.minutes and "Practised today" not in today(page)
    assert overview()._today._minutes.value == 60


def test_an_exam_ahead_spreads_all_topics_and_says_where_the_minutes_do_not_suffice(english: None) -> None:
    page = overview()
    page._today._exam.value = progress.today().date() + timedelta(days=2)
    assert len({id.partition(".")[0] for id in page._today.agenda.queue}) == len(bank().topics)
    assert "2 days are left before the exam" in today(page) and "more than you have set" in today(page)
    assert overview()._today._exam.value == page._today._exam.value
    page._today._exam.value = progress.today().date() - timedelta(days=1)
    assert "The day of the exam is over" in today(page)
    page._today._exam.value = None
    assert "exam" not in today(page)


def test_todays_questions_end_when_each_was_answered_and_none_wrong_the_last_time(
    english: None, own_progress: Path
) -> None:
    item = next(item for item in bank().of("tiers") if item.type == "mcq")
    session = Practice(bank(), [item], lambda: "own", queue=[item.id])
    assert isinstance(session.card, Card)
    progress.record(Attempt(now() - timedelta(seconds=9), item.id, 1, "wrong", 0, 2), own_progress)
    session.next()
    assert session.card and session.card.id == item.id, "what was answered wrong comes again"
    progress.record(Attempt(now(), item.id, 1, "right", 2, 2), own_progress)
    press(session, "Next question")
    assert session.card is None and "These were all questions for today." in session._remarked.value
    assert session._next.disabled


@pytest.mark.parametrize(("earned", "hints"), [(1.5, 0), (2.0, 1)])
def test_todays_questions_end_though_an_answer_was_a_laborious_one(
    english: None, own_progress: Path, earned: float, hints: int
) -> None:
    """It is due again today, and would be each time; the session asks it once."""
    item = next(item for item in bank().of("tiers") if item.type == "mcq")
    session = Practice(bank(), [item], lambda: "own", queue=[item.id])
    progress.record(Attempt(now(), item.id, 1, "right", earned, 2, hints=hints), own_progress)
    press(session, "Next question")
    assert session.card is None and session._next.disabled


def test_a_question_that_was_passed_over_comes_again_before_todays_questions_end(
    english: None, own_progress: Path
) -> None:
    first, second = [item for item in bank().of("tiers") if item.type == "mcq"][:2]
    progress.record(Attempt(now() - timedelta(days=9), first.id, 1, "right", 1.5, 2), own_progress)
    session = Practice(bank(), [first, second], lambda: "own", queue=[first.id, second.id])
    for _turn in range(2):
        press(session, "Next question")
    assert {session.card.id, *session.queue} == {first.id, second.id}  # type: ignore[union-attr]


def test_a_day_without_questions_left_says_so(english: None, own_progress: Path) -> None:
    for item in bank().items.values():
        progress.record(Attempt(now(), item.id, 1, "right", 2, 2), own_progress)
    page = overview()
    assert "Nothing is left for today." in today(page) and page._today._start.disabled


def test_settings_that_cannot_be_kept_are_said_and_hold_as_long_as_the_page(
    english: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = overview()
    (tmp_path / "a file").write_text("")
    monkeypatch.setattr(memory, "memory_file", lambda: tmp_path / "a file" / "memory.json")
    page._today._minutes.value = 35
    assert "cannot be kept" in page._today._said.value and page._today.plan.minutes == 35


def test_a_damaged_file_is_said_on_the_page(english: None, own_progress: Path) -> None:
    own_progress.parent.mkdir()
    own_progress.write_bytes(b"junk\n")
    assert "progress-damaged-1.jsonl" in overview()._said.value


def test_an_attempt_at_what_is_no_longer_in_the_bank_harms_nothing(english: None, own_progress: Path) -> None:
    for id in ("tiers.gone", "nowhere.at_all"):
        progress.record(Attempt(now() - timedelta(days=9), id, 1, "mistake", 0, 2, "forgotten"), own_progress)
    page = overview()
    assert "0 of 0" in page._page.value and "forgotten" not in page._page.value
    assert not page._today.agenda.again
    assert practice("tiers").card


def test_a_damaged_file_is_said_once(english: None, own_progress: Path) -> None:
    own_progress.parent.mkdir()
    own_progress.write_bytes(b"junk\n")
    assert "progress-damaged-1.jsonl" in practice("tiers")._remarked.value
    assert practice("tiers")._remarked.value == ""
    assert overview()._said.value == ""


def test_a_switch_of_language_turns_all_of_practice(english: None) -> None:
    session = practice("tiers", ["essay"])
    press(session.card, "中文")
    assert CHINESE.search(session._next.description) and CHINESE.search(session._head.value)


def test_a_topic_can_be_chosen_and_practised(lang: str) -> None:
    page = overview()
    choices = dict(page._topic.options)
    shown = f"{bank().topics['foundations'][0].title}"
    n = len(bank().of("foundations"))
    assert any(shown in label and f"{n}" in label for label in choices)
    assert {*choices.values()} == {"", *bank().topics}
    page._topic.value = "foundations"
    press(page, _("Practise this topic"))
    session = page._room.children[0]
    assert isinstance(session, Practice) and session.card.id.startswith("foundations.")


def test_the_progress_table_has_no_empty_header_and_the_export_a_link(english: None, own_progress: Path) -> None:
    progress.record(Attempt(now(), "tiers.veto", 1, "right", 1, 2), own_progress)
    page = overview()
    assert "<th scope=col></th>" not in page._page.value and ">50%" not in page._page.value.replace("> 50%", "")
    press(page, "Save as CSV")
    href = re.search(r'download="progress.csv" href="data:text/csv;base64,([^"]+)"', page._said.value)
    assert href and b"tiers.veto" in b64decode(href[1])


# Cards and terms ------------------------------------------------------------------------------------------------------


def test_every_term_and_every_pair_is_a_card_of_its_own(lang: str) -> None:
    known = [face for chapter in chapters().values() for face in faces(chapter)]
    expected = sum(len(key_terms(*c.notebooks)) + len(summary(c.topic).pairs) for c in chapters().values())  # type: ignore[union-attr]
    assert len({face.id for face in known}) == len(known) == expected
    page = Flashcards()
    assert len(page.queue) + 1 == NEW_A_DAY
    laid = []
    for chapter in chapters():
        page._chapter.value = chapter
        laid += [page.card, *page.queue]
    assert laid == known


def test_new_cards_have_a_limit_a_day_but_in_a_chapter_that_is_chosen(english: None) -> None:
    page = Flashcards()
    for _card in range(NEW_A_DAY):
        press(page, "Turn the card")
        press(page, "Knew it")
    assert page.card is None and Flashcards().card is None
    page._chapter.value = list(chapters())[-1]
    assert page.card


def test_a_card_has_one_name_in_both_languages(english: None) -> None:
    chapter = next(iter(chapters().values()))
    with speaking("zh"):
        names = [face.id for face in faces(chapter)]
    assert names == [face.id for face in faces(chapter)]


def test_a_card_is_turned_answered_and_rests(english: None, own_progress: Path) -> None:
    page = Flashcards()
    page._chapter.value = "tiers"
    first, many = page.card, len(page.queue)
    assert first and first.back not in unescape(page._front.value + page._said.value)
    press(page, "Turn the card")
    assert first.back in unescape(page._said.value)
    press(page, "Knew it")
    (kept,) = attempts(own_progress)[0]
    assert (kept.item, kept.earned, kept.mode) == (first.id, 1, "card")
    assert page.card != first and len(page.queue) == many - 1
    again = Flashcards()
    again._chapter.value = "tiers"
    assert first not in [again.card, *again.queue]


def test_a_card_not_known_comes_once_more_on_the_day(english: None, own_progress: Path) -> None:
    page = Flashcards()
    page._chapter.value = "tiers"
    first = page.card
    press(page, "Turn the card")
    press(page, "Did not know it")
    assert page.queue[-1] == first
    fresh = Flashcards()
    fresh._chapter.value = "tiers"
    assert fresh.card == first, "what is due comes before what is new"


def test_when_all_cards_are_known_it_says_so(english: None) -> None:
    page = Flashcards()
    page._chapter.value = "tiers"
    while page.card:
        press(page, "Turn the card")
        press(page, "Half knew it")
    assert "No card is due today." in page._said.value
    assert not [b for b in buttons(page) if b.layout.display != "none"]


def test_cards_take_no_minutes_of_practice_and_stand_in_no_chapters_points(english: None) -> None:
    page = Flashcards()
    press(page, "Turn the card")
    press(page, "Knew it")
    start = overview()
    assert start._today.agenda.done == 0 and "1 of" not in start._page.value.replace("1 of the", "")


@pytest.mark.parametrize(("search", "found"), [("VETO", 1), ("否决", 1), ("no such term", 0)])
def test_the_glossary_is_searched_in_both_languages(lang: str, search: str, found: int) -> None:
    page = Flashcards()
    page._search.value = search
    assert page._list.value.count("<tr><th scope=row>") == found
    assert "<details" in page._list.value and " open" in page._list.value


def test_what_is_searched_is_data(english: None) -> None:
    page = Flashcards()
    page._search.value = "<img src=x>"
    assert "<img" not in page._list.value


# Guesses --------------------------------------------------------------------------------------------------------------


def guess() -> Guess:
    return Guess("How many?", 63.2, 0, 100, "%", why="Because.", section="See it", memory="guess:own")


def test_a_guess_begins_empty_and_is_told_how_far_off_it_is(english: None) -> None:
    one = guess()
    assert one._scale.value == ""
    press(one, "Show the answer")
    assert one._said.value == "<p>Give a number between 0 and 100 first.</p>"
    for typed, off in (("51", "too low by 12 percentage points"), ("75%", "too high by 12"), ("63", "exactly right")):
        one._scale.value = typed
        press(one, "Show the answer")
        assert off in one._said.value and "it is 63%" in one._said.value
        assert "Because." in one._said.value and 'data-section="See it"' in one._said.value
    one._scale.value = "150"
    press(one, "Show the answer")
    assert "Give a number" in one._said.value


def test_a_guess_is_shown_again_with_its_day(english: None) -> None:
    one = guess()
    one._scale.value = "51"
    press(one, "Show the answer")
    assert re.search(r"You guessed 51% on \d{4}-\d\d-\d\d; it is 63%", guess()._said.value)
    assert guess()._scale.value == "51"
    assert "63" not in guess()._repr_mimebundle_()["text/plain"]


# The exam questions of a case -----------------------------------------------------------------------------------------


@pytest.mark.shared(4)
@pytest.mark.parametrize("name", cases())
def test_marking_points_are_sent_only_after_an_answer_of_ones_own(name: str, lang: str) -> None:
    asked = questions(name)
    for n, q in enumerate(case(name).questions):
        asked.go(n)
        points = [str(mark.text) for mark in q.marking]
        press(asked, _("Compare"))
        assert not any(point in texts(asked.card) + str(asked.without_kernel()) for point in points)
        asked.card._text.value = "words of my own"
        press(asked, _("Compare"))
        assert all(
            prose.html(point) in unescape(unescape(texts(asked.card))) or point in texts(asked.card) for point in points
        )


def test_exam_questions_are_marked_kept_and_there_again(english: None, own_progress: Path) -> None:
    asked = questions("bank_tiers")
    asked.go(1)
    asked.card._text.value = "words of my own"
    press(asked, "Compare")
    assert asked.card.rubric
    asked.card.rubric.choose([0] * len(asked.case.questions[1].marking))
    press(asked, "Save my marks")
    assert asked._places[1].description == "2 ✓"
    assert attempts(own_progress)[0][-1].earned == asked.case.questions[1].points
    again = questions("bank_tiers")
    again.go(1)
    assert again.card._text.value == "words of my own" and again.card._keep.disabled


def test_the_stored_questions_have_no_headings_of_their_own(lang: str) -> None:
    stored = questions("bank_tiers").without_kernel()["text/markdown"]
    assert "\n#" not in f"\n{stored}" and str(case("bank_tiers").questions[0].question) in stored


def test_a_part_of_a_chapter_asks_some_of_the_questions_and_no_other(lang: str) -> None:
    known = case("bank_tiers").questions
    chosen = (known[3].id, known[1].id)
    asked = questions("bank_tiers", *chosen)
    assert len(asked._places) == len(chosen)
    assert asked.card.id == f"bank_tiers.{chosen[0]}"
    asked.go(1)
    assert asked.card.id == f"bank_tiers.{chosen[1]}"
    shown = asked.without_kernel()["text/markdown"]
    assert [str(q.question) in shown for q in known] == [q.id in chosen for q in known]
    with pytest.raises(UserError, match="no_such"):
        questions("bank_tiers", "no_such")


# The mock exam --------------------------------------------------------------------------------------------------------


class Clock:
    """A clock that a test winds on."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def sat(english: None) -> tuple[MockExam, Clock]:
    clock = Clock()
    exam = MockExam(bank(), blueprint("mock"), 1, clock)
    exam.start()
    return exam, clock


def test_before_the_start_no_question_is_shown(english: None) -> None:
    exam = mock_exam(seed=1)
    assert exam.paper.questions[0].text[:30] not in texts(exam)
    assert exam._repr_mimebundle_()["text/plain"].startswith(exam.paper.title)


def test_nothing_is_told_before_handing_in(sat: tuple[MockExam, Clock]) -> None:
    exam, _clock = sat
    for n, q in enumerate(exam.paper.questions):
        exam.go(n)
        sent = texts(exam)
        for secret in (*q.replies, q.worked, q.model):
            assert not secret or secret.replace("\\", "") not in sent.replace("\\", "")


def fill(exam: MockExam, choose: Callable[[Question], Any]) -> None:
    for n, q in enumerate(exam.paper.questions):
        exam.go(n)
        exam._field().value = choose(q)
    exam.go(0)


def right(q: Question) -> Any:
    return "words" if q.key is None else int(q.key) if q.options else f"{q.key}"


def test_all_right_earns_all_that_a_machine_can_mark(sat: tuple[MockExam, Clock], own_progress: Path) -> None:
    exam, _clock = sat
    fill(exam, right)
    press(exam, "Submit")
    assert exam.stage == "done"
    machine = [q for q in exam.paper.questions if q.key is not None]
    assert sum(exam.marks.values()) == sum(q.points for q in machine) == 22
    assert len(attempts(own_progress)[0]) == len(machine)
    assert {a.mode for a in attempts(own_progress)[0]} == {"exam"}
    assert "22 of 22 points marked so far; the paper has 37" in exam._result.value


def test_open_questions_are_asked_about_once(sat: tuple[MockExam, Clock]) -> None:
    exam, clock = sat
    press(exam, "Submit")
    assert exam.stage == "running"
    assert "16 questions have no answer yet" in exam._said.value
    press(exam, "Submit")
    assert exam.stage == "running", "a double click is one press"
    clock.time += 2
    press(exam, "Submit")
    assert exam.stage == "done"
    assert sum(exam.marks.values()) == 0


def test_when_the_time_is_up_the_paper_is_handed_in_as_it_is(sat: tuple[MockExam, Clock]) -> None:
    exam, clock = sat
    exam._field().value = right(exam.paper.questions[0])
    clock.time += 60 * 45 - 61
    exam.tick()
    assert exam._clock.left == 61
    clock.time += 61
    exam.tick()
    assert exam.stage == "done"
    assert exam.marks[0] == exam.paper.questions[0].points


def test_start_and_hand_in_count_once(sat: tuple[MockExam, Clock], own_progress: Path) -> None:
    exam, clock = sat
    clock.time += 60
    exam.start()
    assert exam.left() == 44 * 60
    exam.hand_in()
    many = len(attempts(own_progress)[0])
    exam.hand_in()
    exam._ask_to_hand_in()
    exam.start()
    exam._toggle_flag()
    assert (exam.stage, exam.flags, len(attempts(own_progress)[0])) == ("done", set(), many)


def test_only_the_last_minutes_are_announced(sat: tuple[MockExam, Clock]) -> None:
    exam, clock = sat
    heard = []
    for _second in range(45 * 60 - 1):
        clock.time += 1
        exam._said.value = ""
        exam.tick()
        heard += [exam._said.value] if exam._said.value else []
    assert heard == [f"<p>{said}</p>" for said in ("10 minutes left.", "5 minutes left.", "1 minute left.")]


def test_what_arrives_late_belongs_to_the_question_it_was_meant_for(sat: tuple[MockExam, Clock]) -> None:
    exam, _clock = sat
    first = exam._field()
    exam.go(1)
    first.hear({"turn": first.turn, "index": 2})
    assert (exam.given[0], exam.given.get(1)) == (2, None)
    exam.hand_in()
    first.hear({"turn": first.turn, "index": 1})
    assert exam.given[0] == 2


def test_flags_and_answers_show_on_the_sheet_in_words(sat: tuple[MockExam, Clock]) -> None:
    exam, _clock = sat
    exam._field().value = 0
    press(exam, "Flag")
    assert exam._places[0].description == "1⚑"
    assert exam._places[0].tooltip == "Question 1: answered, flagged"
    press(exam, "Next")
    press(exam, "Previous")
    assert exam._field().value == 0
    press(exam, "Unflag")
    assert exam._places[0].tooltip == "Question 1: answered"


def test_the_switch_keeps_answers_and_questions(sat: tuple[MockExam, Clock]) -> None:
    exam, _clock = sat
    exam._field().value = 2
    press(exam, "中文")
    assert exam._field().value == 2
    assert CHINESE.search(exam._question.value)
    assert [q.id for q in exam.papers["zh"].questions] == [q.id for q in exam.papers["en"].questions]
    assert [q.key for q in exam.papers["zh"].questions] == [q.key for q in exam.papers["en"].questions]


def test_the_review_shows_what_was_right_and_why(sat: tuple[MockExam, Clock]) -> None:
    exam, _clock = sat
    q = exam.paper.questions[0]
    exam._field().value = (int(q.key or 0) + 1) % len(q.options)
    exam.hand_in()
    assert "Right answer:" in texts(exam)


def test_words_are_marked_by_the_student_once(sat: tuple[MockExam, Clock], own_progress: Path) -> None:
    exam, _clock = sat
    exam.hand_in()
    place = next(n for n, q in enumerate(exam.paper.questions) if q.rubric)
    exam.go(place)
    press(exam, "Save my marks")
    assert "Give a mark for each criterion first" in exam._said.value and place not in exam.marks
    exam._rubrics[place].choose([len(levels(mark)) - 1 for mark in exam.paper.questions[place].rubric])
    press(exam, "Save my marks")
    assert exam.marks[place] == 0
    assert "Marked: 0 of" in texts(exam)
    assert attempts(own_progress)[0][-1].verdict == "marked"


def test_a_paper_that_was_begun_goes_on_in_another_kernel(sat: tuple[MockExam, Clock]) -> None:
    exam, clock = sat
    words = next(n for n, q in enumerate(exam.paper.questions) if q.key is None)
    exam._field().value = 2
    press(exam, "Flag")
    exam.go(words)
    clock.time += 1
    exam._field().value = "an essay\nof two lines"
    clock.time += 599
    again = MockExam(bank(), blueprint("mock"), 1, clock)
    assert (again.stage, again.left(), again.flags) == ("running", 35 * 60, {0})
    assert again.paper == exam.paper
    assert (again.at, again._field().value) == (words, "an essay\nof two lines")
    again.go(0)
    assert again._field().value == 2


def test_two_kernels_at_once_lose_nothing_and_the_newest_answer_stands(
    sat: tuple[MockExam, Clock], own_progress: Path
) -> None:
    one, clock = sat
    other = MockExam(bank(), blueprint("mock"), None, clock)
    one._field().value = 0
    clock.time += 1
    other.go(0)
    other._field().value = 1
    other.go(2)
    other._field().value = 1
    one.go(1)
    one._field().value = 1
    assert one.given == {0: 1, 1: 1, 2: 1}
    one.go(0)
    assert one._field().value == 1
    other.tick()
    assert other.given == one.given
    clock.time += 1
    one.hand_in()
    other.tick()
    assert other.stage == "done" and other.marks == one.marks
    other.hand_in()
    assert len(attempts(own_progress)[0]) == len(one.marks)


def test_a_paper_whose_time_ran_out_meanwhile_is_handed_in_as_it_was(sat: tuple[MockExam, Clock]) -> None:
    exam, clock = sat
    exam._field().value = right(exam.paper.questions[0])
    clock.time += 90_000
    again = MockExam(bank(), blueprint("mock"), None, clock)
    assert again.stage == "done" and again.marks[0] == exam.paper.questions[0].points
    assert "The time is up" in again._said.value


def rows(table: str) -> list[list[str]]:
    """Return the cells of a table in HTML."""
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)]


def tallied(questions: list[tuple[float, float | None]]) -> str:
    """Return what stands for questions, given as points and mark: of those marked, the points earned."""
    marked = [(points, mark) for points, mark in questions if mark is not None]
    return f"{sum(m for _p, m in marked):g} of {sum(p for p, _m in marked):g}" if marked else "–"


def test_a_finished_paper_is_shown_with_its_marks_and_another_is_a_button_away(sat: tuple[MockExam, Clock]) -> None:
    exam, clock = sat
    fill(exam, right)
    press(exam, "Submit")
    place = exam._to_rate()[0]
    press(exam, f"Rate question {place + 1}")
    exam._rubrics[place].choose([0] * len(exam.paper.questions[place].rubric))
    press(exam, "Save my marks")
    again = MockExam(bank(), blueprint("mock"), None, clock)
    assert (again.stage, again.marks) == ("done", exam.marks)
    again.go(place)
    assert again._rubrics[place].chosen() == exam._rubrics[place].chosen()
    assert not [b for b in buttons(again._answer) if b.layout.display != "none" and b.description == "Save my marks"]
    press(again, "Another paper")
    assert again.stage == "ready" and again.sitting.items != exam.sitting.items
    table = rows(again._past.value)
    (row,) = table[1:]
    earned = f"{sum(exam.marks.values()):g} of 37, not all rated yet"
    assert row[:3] == [exam.sitting.date, "1", earned]
    sections = dict(zip([section.name for section in again.plan.sections], row[3:], strict=False))
    assert sections == {
        part.name: tallied(
            [(q.points, exam.marks.get(n)) for n, q in enumerate(exam.paper.questions) if q in part.questions]
        )
        for part in exam.paper.parts
    }
    topics = dict(zip(bank().topics, row[3 + len(sections) :], strict=True))
    asked = enumerate(exam.paper.questions)
    by_topic = [(q.topic, q.points, exam.marks.get(n)) for n, q in asked]
    assert topics == {name: tallied([(p, m) for topic, p, m in by_topic if topic == name]) for name in bank().topics}
    clock.time += 5000
    again.start()
    assert again.left() == 45 * 60 and not again.given


def test_answers_in_words_are_to_be_rated_and_not_nought(sat: tuple[MockExam, Clock]) -> None:
    exam, _clock = sat
    fill(exam, right)
    press(exam, "Submit")
    assert "2 answers are still to be rated by you (15 points)" in exam._result.value
    assert "5 to be rated" in exam._result.value and "0 of 5" not in exam._result.value
    place = exam._to_rate()[-1]
    assert exam._places[place].tooltip == f"Question {place + 1}: to be rated"
    press(exam, f"Rate question {place + 1}")
    assert exam.at == place


def test_without_a_seed_no_two_students_sit_the_same_paper(english: None) -> None:
    seeds = {mock_exam().sitting.seed for _student in range(5)}
    assert len(seeds) == 5
    exam = mock_exam()
    exam.start()
    assert mock_exam().sitting.items == exam.sitting.items


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (lambda ids: ids, "The question bank has changed since this paper was begun"),
        (lambda ids: [*ids[:-1], "tiers.gone"], "holds questions that are no longer in the question bank"),
    ],
)
def test_a_bank_that_has_changed_since_is_said(
    sat: tuple[MockExam, Clock], items: Callable[[list[str]], list[str]], said: str
) -> None:
    exam, clock = sat
    kept = replace(exam.sitting, bank="older", items={name: items(ids) for name, ids in exam.sitting.items.items()})
    exam.sitting.path.unlink()
    sitting.keep(kept)
    again = MockExam(bank(), blueprint("mock"), None, clock)
    assert said in again._said.value
    assert again.stage == ("running" if kept.items == exam.sitting.items else "ready")


@pytest.mark.parametrize("handed", [None, 2_000_000_000.0])
def test_what_does_not_fit_the_paper_is_left_out(sat: tuple[MockExam, Clock], handed: float | None) -> None:
    """A file of another edition: places and options that there are not, marks by another rubric."""
    exam, clock = sat
    fill(exam, right)
    last = len(exam.paper.questions)
    wrong = {0: (99, 1.0), last - 1: (7, 1.0), last + 5: ("words", 1.0)}
    strange = {"marks": {last + 5: 1.0}, "levels": {last - 1: [99], last - 2: []}, "flags": {-1: (True, 1.0)}}
    exam.sitting.path.unlink()
    sitting.keep(replace(exam.sitting, given={**exam.sitting.given, **wrong}, handed=handed, **strange))  # type: ignore[arg-type]
    again = MockExam(bank(), blueprint("mock"), None, clock)
    assert 0 not in again.given and set(again.given) < set(range(last))
    for place in range(last):
        again.go(place)


@pytest.mark.parametrize("begun", ["1e20", "NaN", "-5", '"x"'])
def test_a_sitting_begun_at_no_time_is_left_alone(sat: tuple[MockExam, Clock], begun: str) -> None:
    exam, clock = sat
    path = exam.sitting.path
    path.with_name("mock-strange.json").write_text(path.read_text().replace(str(exam.sitting.begun), begun))
    assert MockExam(bank(), blueprint("mock"), None, clock).sitting.begun == exam.sitting.begun


def test_half_a_character_is_kept_like_any_other(own_progress: Path) -> None:
    """Half of a character beyond the first 65,536, as a field hands it over in the middle of typing."""
    assert memory.remember("draft", "half \ud83d") == ""
    assert memory.recall(TypeAdapter(str), "draft") in ("half \ud83d", None)
    assert memory.remember("other", 1) == ""


def test_what_cannot_be_read_now_is_not_written_over(own_progress: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.remember("one", 1)
    before = memory.memory_file().read_bytes()

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        assert memory.remember("two", 2)
    assert memory.memory_file().read_bytes() == before


def test_a_folder_that_cannot_be_written_stops_no_exam(sat: tuple[MockExam, Clock], own_progress: Path) -> None:
    exam, _clock = sat
    shutil.rmtree(own_progress.parent)
    own_progress.parent.write_text("in the way")
    exam._field().value = right(exam.paper.questions[0])
    assert "Your answers cannot be kept in" in exam._said.value
    exam.hand_in()
    assert exam.marks[0] == exam.paper.questions[0].points


def test_another_seed_is_another_paper(english: None) -> None:
    first, second = (mock_exam(seed=seed).paper.questions for seed in (1, 2))
    assert {q.id for q in first} != {q.id for q in second}


def test_a_number_is_marked_within_its_tolerance() -> None:
    q = Question("x", "num", "t", "apply", 2, 1, "?", key=12.5, within=0.05)
    assert [earned(q, given) for given in ("12.5", "１２．５４", "12.56", "?", None)] == [2, 2, 0, 0, 0]
    with speaking("en"):
        assert earned(Question("x", "essay", "t", "apply", 2, 1, "?"), "words") is None
