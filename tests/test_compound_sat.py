"""Questions with several parts in practice and in the mock exam: answered, marked part by part, kept, shown again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from compound import EACH, FILL, MATCH, MULTI, TERM, TFC, changed
from test_compound import own_bank
from test_items import Dict, both
from test_session import CHINESE, Clock, press, texts

from crmlib.core.i18n import speaking
from crmlib.core.paths import UNATTENDED
from crmlib.exams.blueprint import Blueprint
from crmlib.exams.paper import question
from crmlib.learning import answers
from crmlib.learning.mock import MockExam
from crmlib.learning.practice import Practice
from crmlib.learning.progress import attempts

RIGHT: dict[str, Callable[[Any], Any]] = {
    "multi": lambda e: list(e.keys),
    "order": lambda e: list(e.keys),
    "match": lambda e: list(e.keys),
    "fill": lambda e: ["Sales", " cost", "0.8"],
}
IN_PART: dict[str, tuple[Callable[[Any], Any], float]] = {
    "multi": (lambda e: [e.keys[0]], 1.0),
    "order": (lambda e: [*e.keys[:2], e.keys[3], e.keys[2]], 2.0),
    "match": (lambda e: [e.keys[0], None, None], 1.0),
    "fill": (lambda e: ["sales", "price", ""], 1.0),
}
"""An answer that is right in part, and what it earns of 2, 4, 3 and 3 points."""


@pytest.fixture(autouse=True)
def attended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these tests be a student at work."""
    for name in UNATTENDED:
        monkeypatch.delenv(name, raising=False)


def practising(folder: Path, item: Dict) -> Practice:
    bank = own_bank(folder, item)
    return Practice(bank, list(bank.items.values()), lambda: "own", "practice:own")


# Practice -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", RIGHT)
def test_the_right_answer_earns_all_and_is_kept(kind: str, english: None, tmp_path: Path, own_progress: Path) -> None:
    card: Any = practising(tmp_path, EACH[kind]).card
    card._field.value = RIGHT[kind](card.exercise)
    press(card, "Check")
    assert "Right." in card._feedback.value
    (kept,) = attempts(own_progress)[0]
    assert (kept.verdict, kept.earned) == ("right", kept.points)


@pytest.mark.parametrize("kind", IN_PART)
def test_an_answer_right_in_part_earns_its_part(kind: str, english: None, tmp_path: Path, own_progress: Path) -> None:
    card: Any = practising(tmp_path, EACH[kind]).card
    given, earned = IN_PART[kind]
    assert "points" in card._question.value  # what a part earns is said before
    card._field.value = given(card.exercise)
    press(card, "Check")
    press(card, "Worked solution")
    (kept,) = attempts(own_progress)[0]
    assert (kept.verdict, kept.earned) == ("wrong", earned)
    assert "The right answer:" in card._feedback.value


@pytest.mark.parametrize("kind", IN_PART)
def test_nothing_tells_the_key_before_it_is_earned(kind: str, english: None, tmp_path: Path) -> None:
    card: Any = practising(tmp_path, EACH[kind]).card
    card._field.value = IN_PART[kind][0](card.exercise)
    press(card, "Check")
    secrets = {"multi": "first holds", "order": "Count.", "match": "Their voices", "fill": "80%"}
    assert secrets[kind] not in texts(card)


@pytest.mark.parametrize("kind", RIGHT)
def test_nothing_answered_is_said_and_does_not_count(
    kind: str, english: None, tmp_path: Path, own_progress: Path
) -> None:
    card: Any = practising(tmp_path, EACH[kind]).card
    if kind == "order":  # lines always stand in some order
        return
    press(card, "Check")
    assert "Give an answer first" in card._feedback.value
    assert attempts(own_progress)[0] == []


@pytest.mark.parametrize("kind", RIGHT)
def test_the_switch_of_language_and_a_restart_keep_the_answer(kind: str, english: None, tmp_path: Path) -> None:
    practice = practising(tmp_path, EACH[kind])
    card: Any = practice.card
    given = IN_PART[kind][0](card.exercise)
    card._field.value = given
    press(card, "Check")
    press(card, "中文")
    assert card._field.value == given
    assert CHINESE.search(card._question.value)
    again: Any = Practice(practice.bank, list(practice.items.values()), lambda: "own", "practice:own").card
    assert again._field.value == given
    assert again._feedback.judged["value"] == answers.standing(given)


def test_a_hint_costs_its_share_of_a_part_too(english: None, tmp_path: Path, own_progress: Path) -> None:
    card: Any = practising(tmp_path, changed(FILL, hints=[both("想", "Think")])).card
    press(card, "Hint (−25%)")
    card._field.value = ["sales", "cost", ""]
    press(card, "Check")
    assert attempts(own_progress)[0][0].earned == round(3 * 0.75 * 2 / 3, 2)


def test_several_keys_without_a_hint_strike_out_a_wrong_option(english: None, tmp_path: Path) -> None:
    card: Any = practising(tmp_path, MULTI).card
    press(card, "Hint (−25%)")
    assert "It is not: fourth" in card._feedback.value


def test_what_the_page_sends_is_held_to_what_is_asked(english: None, tmp_path: Path) -> None:
    card: Any = practising(tmp_path, MATCH).card
    for odd in ([0], [0, 1, 9], ["0", 1, 2], "x", [[], 1, 2]):
        card._field.hear({"turn": card._field.turn, "number": 1, "values": odd})
        assert card._field.value == [None, None, None]
    card._field.hear({"turn": card._field.turn, "number": 2, "values": [3, None, 1]})
    assert card._field.value == [3, None, 1]
    folder = tmp_path / "several"
    folder.mkdir()
    several: Any = practising(folder, MULTI).card
    several._field.hear({"turn": several._field.turn, "number": 1, "places": [7]})
    several._field.hear({"turn": several._field.turn, "number": 2, "places": [2, 0, 2]})
    assert several._field.value == [0, 2]


def test_a_term_is_marked_by_its_rubric(english: None, tmp_path: Path) -> None:
    card: Any = practising(tmp_path, TERM).card
    card._text.value = "Somebody."
    press(card, "Compare")
    assert "Whoever buys" in card._model.value


# A statement to be corrected


def judged(folder: Path, item: Dict, place: int, text: str) -> Any:
    card: Any = practising(folder, item).card
    card._text._verdict.value = place
    card._text._line.value = text
    press(card, "Compare")
    return card


def test_a_wrong_verdict_earns_nothing_at_once(english: None, tmp_path: Path, own_progress: Path) -> None:
    card = judged(tmp_path, TFC, 0, "It holds.")
    assert card.rubric is None and card._keep.disabled
    assert attempts(own_progress)[0][0].earned == 0
    assert "It holds." in card._model.value


def test_a_right_verdict_leaves_the_correction_to_the_rubric(english: None, tmp_path: Path, own_progress: Path) -> None:
    card = judged(tmp_path, TFC, 1, "It holds, of course.")
    assert attempts(own_progress)[0] == []
    assert len(card.rubric.chosen()) == 0
    card.rubric.choose([0])
    press(card, "Save my marks")
    assert attempts(own_progress)[0][0].earned == 2


def test_a_right_verdict_without_a_correction_earns_half(english: None, tmp_path: Path, own_progress: Path) -> None:
    judged(tmp_path, TFC, 1, "  ")
    assert attempts(own_progress)[0][0].earned == 1


def test_of_a_true_statement_the_verdict_earns_all(english: None, tmp_path: Path, own_progress: Path) -> None:
    card = judged(tmp_path, changed(TFC, answer=True, correction=None), 0, "")
    assert attempts(own_progress)[0][0].earned == 2
    assert "True. Because" in card._model.value


def test_without_a_verdict_nothing_is_compared(english: None, tmp_path: Path) -> None:
    card: Any = practising(tmp_path, TFC).card
    press(card, "Compare")
    assert "Say first whether" in card._said.value
    assert "It holds." not in texts(card)
    card._text._verdict.value = 1
    card._text._line.value = "mine"
    card.speak("zh")
    assert card._text.value == [1, "mine"]


# The mock exam --------------------------------------------------------------------------------------------------------


def plan() -> Blueprint:
    sections = [
        {"name": kind, "title": both(kind, kind), "kinds": [kind], "points": points}
        for kind, points in {"multi": 2, "tfc": 2, "fill": 3, "order": 4, "match": 3, "term": 4}.items()
    ]
    return Blueprint.model_validate({"name": "own", "title": both("自测", "Own"), "minutes": 30, "sections": sections})


@pytest.fixture
def sat(english: None, tmp_path: Path) -> MockExam:
    exam = MockExam(own_bank(tmp_path, *EACH.values()), plan(), 1, Clock())
    exam.start()
    return exam


def places(exam: MockExam) -> dict[str, int]:
    return {q.kind: n for n, q in enumerate(exam.paper.questions)}


def put(exam: MockExam, kind: str, value: Any) -> None:
    exam.go(places(exam)[kind])
    field: Any = exam._field()
    if kind == "tfc":
        field._verdict.value, field._line.value = value
    else:
        field.value = value


def test_each_kind_is_marked_part_by_part(sat: MockExam) -> None:
    asked = {q.kind: q for q in sat.paper.questions}
    for kind, (given, _earned) in IN_PART.items():
        put(sat, kind, given(asked[kind]))
    put(sat, "tfc", [1, ""])
    sat.hand_in()
    found = {kind: sat.marks.get(n) for kind, n in places(sat).items()}
    wanted = {kind: earned for kind, (_given, earned) in IN_PART.items()}
    assert found == {**wanted, "tfc": 1, "term": None}
    for n in range(len(sat.paper.questions)):
        sat.go(n)
    assert "1 of 2" in sat._result.value


def test_all_right_earns_all_and_the_correction_is_rated(sat: MockExam, own_progress: Path) -> None:
    asked = {q.kind: q for q in sat.paper.questions}
    for kind, right in RIGHT.items():
        put(sat, kind, right(asked[kind]))
    put(sat, "tfc", [1, "It holds."])
    sat.hand_in()
    waiting = [sat.paper.questions[n].kind for n in sat._to_rate()]
    assert waiting == ["tfc", "term"]
    assert all(sat.marks[places(sat)[kind]] == asked[kind].points for kind in RIGHT)
    sat.go(places(sat)["tfc"])
    sat._rubrics[sat.at].choose([1])
    press(sat, "Save my marks")
    assert sat.marks[places(sat)["tfc"]] == 1
    assert "Corrected: It holds." in texts(sat)
    assert attempts(own_progress)[0][-1].verdict == "marked"


def test_the_sheet_says_what_is_answered_in_part(sat: MockExam) -> None:
    put(sat, "fill", ["sales", "", ""])
    put(sat, "match", [0, 1, 2])
    assert "answered in part" in sat._places[places(sat)["fill"]].tooltip
    assert "answered" in sat._places[places(sat)["match"]].tooltip
    assert "no answer yet" in sat._places[places(sat)["multi"]].tooltip


def test_answers_are_there_again_and_in_the_other_language(sat: MockExam) -> None:
    asked = {q.kind: q for q in sat.paper.questions}
    for kind, (given, _earned) in IN_PART.items():
        put(sat, kind, given(asked[kind]))
    put(sat, "tfc", [1, "mine"])
    sat._save()
    again = MockExam(sat.bank, sat.plan, 1, Clock())
    assert again.stage == "running"
    assert again.given == sat.given
    again.speak("zh")
    for kind, (given, _earned) in IN_PART.items():
        again.go(places(again)[kind])
        assert again._field().value == given(asked[kind])


def test_nothing_is_told_before_handing_in(sat: MockExam) -> None:
    for n, q in enumerate(sat.paper.questions):
        sat.go(n)
        sent = texts(sat)
        for secret in (*q.replies, q.worked, q.model, *(known[0] for known in q.accept)):
            assert not secret or secret not in sent, (q.kind, secret)


def test_what_was_answered_to_another_paper_is_not_taken(tmp_path: Path) -> None:
    bank = own_bank(tmp_path, *EACH.values())
    with speaking("en"):
        asked = {item.type: question(bank, item, 1) for item in bank.items.values()}
    odd: tuple[Any, ...] = ("x", 5, [9], [0, 0, 0, 0], ["a"], [None, 1], [True, 3.5, "x"], [2, "x"])
    for kind, q in asked.items():
        for given in odd:
            if answers.fits(q, given):
                assert kind in ("multi", "term", "tfc"), (kind, given)
                assert (given == "x") == (kind == "term")
    assert answers.fits(asked["order"], [3, 1, 0, 2]) and not answers.fits(asked["order"], [3, 1, 0, 0])
    assert answers.fits(asked["match"], [3, None, 0]) and not answers.fits(asked["match"], [3, None, 4])
