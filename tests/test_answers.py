"""Model answers in numbered points and specimens in three grades: are they sound, shown in time, and nowhere else?"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest
import yaml
from pydantic import ValidationError

from crmlib import casebook
from crmlib.authoring import answers
from crmlib.classes import handout
from crmlib.classes.class_list import Student
from crmlib.core.i18n import LANGUAGES, _, speaking
from crmlib.core.paths import ROOT, UNATTENDED
from crmlib.exams import papers
from crmlib.exams.blueprint import blueprint
from crmlib.exams.exports import EXPORTS
from crmlib.exams.outline import outline
from crmlib.exams.paper import Mark, Paper, Part, Question, Specimen, question
from crmlib.items.bank import bank
from crmlib.items.item import Written
from crmlib.learning.practice import OpenCard
from crmlib.learning.progress import attempts
from crmlib.learning.questions import question as of_case
from crmlib.learning.questions import questions
from crmlib.support.answers import Specimen as Both
from crmlib.support.answers import check_model, check_specimens, marks
from crmlib.support.files import unzipped
from crmlib.support.strict_yaml import Texts

CASES = [casebook.case(name) for name in casebook.cases()]
WRITTEN = [item for item in bank().items.values() if isinstance(item, Written)]


def both(zh: str, en: str = "") -> Texts:
    return Texts(zh=zh, en=en or zh)


def graded(*points: float) -> list[Both]:
    return [Both(points=one, answer=both("答", "Answer"), why=both("因为", "Because")) for one in points]


# What a model answer and specimens must be ----------------------------------------------------------------------------


def test_marks_of_numbered_points_are_read_in_both_languages() -> None:
    assert marks("1. 信用状况。（0.5 分）\n2. 规模（2024 年）。（1 分）", "zh") == [0.5, 1]
    assert marks("1. Credit standing. (0.5 marks)\n2. Size (in 2024). (1 mark)", "en") == [0.5, 1]


@pytest.mark.parametrize(
    "model", ["1. One. (1 mark)\n3. Two. (1 mark)", "One. (2 marks)", "1. One. (2 marks)\n2. Two."]
)
def test_a_line_that_is_no_numbered_point_with_marks_is_named(model: str, english: None) -> None:
    with pytest.raises(ValueError, match=r"model \(en\), line [12]: begin it with “[12]\. ” and end it with"):
        marks(model, "en")


def test_marks_that_differ_or_do_not_add_up_are_refused(english: None) -> None:
    check_model(both("1. 一。（1 分）\n2. 二。（1 分）", "1. One. (1 mark)\n2. Two. (1 mark)"), 2)
    with pytest.raises(ValueError, match="add up to 2, not to 3"):
        check_model(both("1. 一。（2 分）", "1. One. (2 marks)"), 3)
    with pytest.raises(ValueError, match="differ between zh and en"):
        check_model(both("1. 一。（2 分）", "1. One. (1 mark)\n2. Two. (1 mark)"), 2)


def test_specimens_are_three_of_three_grades_and_the_first_earns_all(english: None) -> None:
    check_specimens(graded(4, 2, 0), 4)
    check_specimens([], 4)
    for earned, said in (
        ((4, 2), "there are 2"),
        ((3, 2, 1), "must earn all 4"),
        ((4, 2, 2), "less than the one before"),
    ):
        with pytest.raises(ValueError, match=said):
            check_specimens(graded(*earned), 4)


def test_what_is_wrong_is_said_with_the_question_or_the_item(english: None) -> None:
    text, marking = {"zh": "问", "en": "Ask"}, [{"points": 2, "text": {"zh": "点", "en": "Point"}}]
    common = {"id": "q", "kind": "short", "points": 2, "minutes": 3, "question": text, "marking": marking}
    with pytest.raises(ValidationError, match="question “q”, model: the marks of its points add up to 1, not to 2"):
        casebook.Question(**common, model=both("1. 一。（1 分）", "1. One. (1 mark)"))  # type: ignore[arg-type]
    item = WRITTEN[0].model_dump()
    with pytest.raises(ValidationError, match=f"item {WRITTEN[0].id}, specimens: there are 1"):
        Written(**item | {"specimens": graded(WRITTEN[0].points)})


# What is shipped ------------------------------------------------------------------------------------------------------


GRADED = [(q.id, q.points, q.specimens) for case in CASES for q in case.questions if q.specimens]
GRADED += [(item.id, item.points or 0, item.specimens) for item in WRITTEN if item.specimens]


@pytest.mark.parametrize(("id", "points", "specimens"), GRADED, ids=[one[0] for one in GRADED])
def test_the_middle_answer_earns_about_half(id: str, points: float, specimens: Any) -> None:
    """To a tenth of the points."""
    middle = specimens[1]
    assert abs(middle.points - points / 2) <= points / 10, id


def test_a_chapter_without_models_and_specimens_says_what_is_lacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    """In a copy of the bank case a model answer is missing, one has its points otherwise, and no specimen is left."""
    shutil.copytree(casebook.CASEBOOK / "bank_tiers", tmp_path / "bank_tiers")
    file = tmp_path / "bank_tiers" / "questions.yaml"
    asked = yaml.safe_load(file.read_text("utf-8"))
    del asked[0]["model"]
    asked[1]["model"] = {"zh": "1. 一。（3 分）\n2. 二。（1 分）", "en": "1. One. (3 marks)\n2. Two. (1 mark)"}
    bare = [{name: value for name, value in q.items() if name != "specimens"} for q in asked]
    file.write_text(yaml.safe_dump(bare, allow_unicode=True), "utf-8")
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path)
    without_model, otherwise, without_specimens = answers.lacks("tiers", [casebook.case("bank_tiers")])
    assert "write the model answer of “basis” in numbered points with marks" in without_model
    assert "of “classes” fill one criterion after the other" in otherwise
    assert "no question of the kind “Case analysis” has specimens" in without_specimens


def secrets() -> Iterator[str]:
    """Yield the lines of all model answers and specimens that are a sentence of their own."""
    models = [q.model for case in CASES for q in case.questions if q.model] + [item.model for item in WRITTEN]
    specimens = chain.from_iterable(
        [*(q.specimens for case in CASES for q in case.questions), *(i.specimens for i in WRITTEN)]
    )
    for text in [*models, *(part for one in specimens for part in (one.answer, one.why))]:
        yield from (line for lang in LANGUAGES for line in getattr(text, lang).splitlines() if len(line) > 20)


def plain(text: str) -> str:
    """Return a text without what the formats write differently: escapes, blanks, stress."""
    return re.sub(r"[\s*\\]", "", unescape(text))


def told(content: bytes) -> str:
    parts = unzipped(content).values() if content.startswith(b"PK") else [content]
    return plain("\n".join(part.decode(errors="replace") for part in parts))


def test_no_stored_notebook_tells_a_model_answer() -> None:
    stored = plain("".join(json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False) for path in built()))
    stored = stored.replace("\\n", "")
    assert not [line for line in secrets() if plain(line) in stored]


def built() -> list[Path]:
    found = [path for lang in LANGUAGES for path in (ROOT / "notebooks" / lang).glob("*.ipynb")]
    assert found
    return found


@pytest.mark.shared(2)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_sheet_for_students_tells_a_model_answer_and_the_key_does(case: casebook.Case, lang: str) -> None:
    sheet = case.questions_markdown() + str(questions(case.name).without_kernel())
    key = case.questions_markdown(marking=True)
    assert not [line for line in secrets() if line in sheet]
    for q in case.questions:
        assert str(q.model or "") in key
        assert all(str(one.why) in key and str(one.answer).splitlines()[0] in key for one in q.specimens)


def test_no_hand_out_of_a_case_tells_a_model_answer_and_its_key_page_does(tmp_path: Path) -> None:
    with speaking("en"):
        agreed = handout.plan_class("bank_tiers", [Student("1", "Bo")], tmp_path / "class", LANGUAGES, 1)
        handout.make(agreed)
    held = {path: told(path.read_bytes()) for path in (tmp_path / "class").rglob("*.*") if path.is_file()}
    sheets = "".join(text for path, text in held.items() if "students" in path.parts)
    pages = "".join(text for path, text in held.items() if "instructor" in path.parts)
    assert sheets and not [line for line in secrets() if plain(line) in sheets]
    assert plain("The first gap: ordinary customers have no policy") in pages


def test_no_paper_for_students_tells_a_model_answer(lang: str) -> None:
    made = papers.compose(bank(), blueprint("final"), 1, [lang], 1).papers
    shown = plain(json.dumps([outline(paper, "paper") for paper in made], ensure_ascii=False).replace("\\n", ""))
    assert shown and not [line for line in secrets() if plain(line) in shown]


def sample() -> Question:
    """Return a question whose model answer and specimens are known."""
    specimens = tuple(Specimen(points, f"written for {points}", f"why it is {points}") for points in (4, 2, 1))
    rubric = (Mark(2, "first criterion"), Mark(2, "second criterion"))
    return Question(
        "own.q", "short", "own", "apply", 4, 5, "Asked?", model="1. One. (4 marks)", rubric=rubric, specimens=specimens
    )


def test_papers_and_files_tell_no_specimen_and_key_and_marking_sheet_do(english: None) -> None:
    made = Paper("P", "A", "en", 9, "1", (Part("a", "A", "", (sample(),)),))
    for kind in ("paper", "key", "marking"):
        said = json.dumps(outline(made, kind))  # type: ignore[arg-type]
        assert all((text in said) == (kind != "paper") for one in sample().specimens for text in (one.text, one.why))
        assert ("1. One." in said) == (kind != "paper")
    for write in EXPORTS.values():
        assert "writtenfor" not in "".join(told(content) for _end, content in write(made))


@pytest.fixture(autouse=True)
def attended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these tests be a student at work: what runs unattended remembers nothing."""
    for name in UNATTENDED:
        monkeypatch.delenv(name, raising=False)


# In the notebook ------------------------------------------------------------------------------------------------------


def sent(widget: Any) -> str:
    """Return everything a widget and those within it send to the browser."""
    own = unescape(unescape(json.dumps(widget.get_state(), default=str, ensure_ascii=False)))
    return own + "".join(sent(child) for child in getattr(widget, "children", ()))


def buttons(widget: Any) -> Iterator[w.Button]:
    for child in getattr(widget, "children", ()):
        if isinstance(child, w.Button):
            yield child
        yield from buttons(child)


def press(widget: Any, label: str) -> None:
    [found] = [button for button in buttons(widget) if button.description == label]
    found.click()


def kept(ask: Callable[[], Question], **more: Any) -> OpenCard:
    """Return a card whose question was answered and marked."""
    card = OpenCard(ask, **more)
    card._text.value = "words of my own"
    press(card, _("Compare"))
    assert card.rubric
    card.rubric.choose([0] * len(ask().rubric))
    press(card, _("Save my marks"))
    return card


def test_model_and_specimens_come_only_after_an_answer_of_ones_own(english: None) -> None:
    card = OpenCard(sample)
    press(card, "Compare")
    assert "1. One." not in sent(card) and "Write an answer of your own first" in card._said.value
    card._text.value = "words of my own"
    press(card, "Compare")
    assert "1. One." in sent(card) and "written for" not in sent(card)
    card = kept(sample)
    assert card.specimens and "written for 1" in sent(card) and "why it is" not in sent(card)
    assert "Three answers to mark stand below." in card._said.value
    assert not re.search(r"(4|2|1) of 4", sent(card).replace("Kept: 4 of 4", ""))


def test_the_specimens_stand_in_an_order_of_their_own_that_stays(english: None) -> None:
    orders = {}
    for id in ("own.a", "own.b", "own.c", "own.d"):
        made = kept(partial(replace, sample(), id=id)).specimens
        assert made
        orders[id] = made.order
    assert len({tuple(order) for order in orders.values()}) > 1
    again = OpenCard(lambda: replace(sample(), id="own.a"))
    assert again.specimens and again.specimens.order == orders["own.a"]


def test_all_three_are_marked_before_one_is_told(english: None, own_progress: Path) -> None:
    card = kept(sample)
    told = card.specimens
    assert told
    for typed in ("", "five", "5", "-1"):
        told._fields[0].value = typed
        press(card, "Show what they earn")
        assert "Answer A: give a number from 0 to 4." in told._told.value
    for field, place in zip(told._fields, told.order, strict=True):
        field.value = str((4, 1, 3)[place])
    press(card, "Show what they earn")
    said = told._told.value
    assert all(f"you gave {given}; it earns {earned} of 4." in said for given, earned in ((4, 4), (1, 2), (3, 1)))
    assert all(one.why in said for one in sample().specimens) and "2 of 3 are near." in said
    assert not list(buttons(told)) and not [child for child in told.children if child in told._fields]
    last = attempts(own_progress)[0][-1]
    assert (last.item, last.earned, last.points) == ("own.q:specimens", 2, 3)


def test_marks_given_are_there_again_and_in_the_other_language(english: None) -> None:
    card = kept(sample)
    assert card.specimens
    for field in card.specimens._fields:
        field.value = "２ points"
    card.specimens._fields[2].entered()
    again = OpenCard(sample)
    assert again.specimens and again.specimens.given == (2, 2, 2)
    assert "why it is 4" in again.specimens._told.value and "you gave 2" in again.specimens._told.value
    again.speak("zh")
    assert "你给了 2 分" in again.specimens._told.value


def test_an_attempt_at_specimens_counts_for_no_item(english: None, own_progress: Path) -> None:
    item = WRITTEN[0]
    asked = question(bank(), item, 0)
    card = kept(lambda: replace(asked, specimens=tuple(Specimen(points, "a", "b") for points in (asked.points, 1, 0))))
    assert card.specimens
    for field in card.specimens._fields:
        field.value = "1"
    card.specimens._fields[0].entered()
    made, remark = attempts(own_progress)
    assert not remark and [one.item in bank().items for one in made] == [True, False]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_question_of_a_case_brings_its_model_and_specimens(case: casebook.Case) -> None:
    for place, q in enumerate(case.questions):
        for lang in LANGUAGES:
            with speaking(lang):
                asked = of_case(case, place)
                assert asked.model == str(q.model or "") and len(asked.specimens) == len(q.specimens)
                assert all(
                    one.text == str(whole.answer) for one, whole in zip(asked.specimens, q.specimens, strict=True)
                )
