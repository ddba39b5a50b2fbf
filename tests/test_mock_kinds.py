"""Before a mock exam the student chooses a paper as in the final exam, or one with all kinds of questions."""

from pathlib import Path

import pytest
from test_session import Clock, press, texts

from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import UNATTENDED
from crmlib.exams.blueprint import blueprint
from crmlib.exams.paper import forms, paper
from crmlib.items.bank import bank
from crmlib.items.item import KINDS
from crmlib.learning import sitting
from crmlib.learning.mock import BY_BLUEPRINT, MockExam, mock_exam

ALL = BY_BLUEPRINT.index("all_kinds")


@pytest.fixture(autouse=True)
def attended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these tests be a student at work."""
    for name in UNATTENDED:
        monkeypatch.delenv(name, raising=False)


def offered(clock: Clock, seed: int | None = None) -> MockExam:
    plan, *others = (blueprint(name) for name in BY_BLUEPRINT)
    return MockExam(bank(), plan, seed, clock, others)


def visible(exam: MockExam) -> list[bool]:
    return [widget.layout.display != "none" for widget in (exam._which, exam._choice)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_paper_of_all_kinds_has_each_kind_once_at_least_and_time_for_it(seed: int, lang: str) -> None:
    plan = blueprint("all_kinds")
    (chosen,) = forms(bank(), plan, seed).values()
    made = paper(bank(), plan, chosen, f"mock:{seed}", "A", lang)
    assert {q.kind for q in made.questions} == set(KINDS)
    assert made.points == plan.points
    assert sum(bank().items[q.id].minutes for q in made.questions) <= plan.minutes


def test_at_first_a_paper_as_in_the_final_lies_there_and_both_are_offered(english: None) -> None:
    exam = mock_exam(seed=1)
    assert exam.plan.name == "mock" and exam._choice.value == 0
    assert visible(exam) == [True, True]
    assert [text.split(":")[0] for text in exam._choice.shown] == ["As in the final exam", "All kinds of questions"]
    assert "45 minutes, 37 points" in exam._choice.shown[0] and "90 minutes, 66 points" in exam._choice.shown[ALL]


def test_the_paper_of_the_kind_chosen_is_sat_against_its_own_clock(english: None, own_progress: Path) -> None:
    clock = Clock()
    exam = offered(clock, 1)
    exam._choice.value = ALL
    assert exam.paper.title == "Customer relationship management: mock exam, all kinds"
    assert {q.kind for q in exam.paper.questions} == set(KINDS)
    press(exam, "Start")
    assert (exam.stage, exam.left()) == ("running", 90 * 60)
    assert visible(exam) == [False, False]
    (kept,) = sitting.kept("all_kinds")
    assert kept.items == exam.sitting.items and not sitting.kept("mock")


def test_while_a_paper_is_sat_no_other_is_laid_on_the_desk(english: None) -> None:
    exam = offered(Clock(), 1)
    press(exam, "Start")
    exam._choice.value = ALL
    assert exam.plan.name == "mock" and exam.stage == "running"


def test_the_choice_may_be_taken_back_and_is_the_same_paper_then(english: None) -> None:
    exam = offered(Clock(), 1)
    first = exam.sitting
    exam._choice.value = ALL
    exam._choice.value = 0
    assert exam.sitting == first


def test_a_paper_of_all_kinds_goes_on_in_another_kernel_and_no_second_is_begun(english: None) -> None:
    clock = Clock()
    waiting, exam = offered(clock), offered(clock, 1)
    exam._choice.value = ALL
    press(exam, "Start")
    clock.time += 600
    again = offered(clock)
    assert (again.stage, again.plan.name, again.left()) == ("running", "all_kinds", 80 * 60)
    press(waiting, "Start")
    assert waiting.sitting.items == exam.sitting.items and waiting.plan.name == "all_kinds"


def test_after_it_another_paper_is_of_the_same_kind_until_the_student_chooses(english: None) -> None:
    clock = Clock()
    exam = offered(clock, 1)
    exam._choice.value = ALL
    press(exam, "Start")
    exam.hand_in()
    press(exam, "Another paper")
    assert (exam.stage, exam.plan.name, exam._choice.value) == ("ready", "all_kinds", ALL)
    assert visible(exam) == [True, True]
    assert "Your papers so far (1)" in exam._past.value
    exam._choice.value = 0
    assert exam.plan.name == "mock" and "Your papers so far" not in exam._past.value


def test_the_choice_speaks_the_language_of_the_exam(english: None) -> None:
    exam = offered(Clock(), 1)
    exam._choice.value = ALL
    exam.speak("zh")
    assert exam._choice.value == ALL and exam.plan.name == "all_kinds"
    assert "全部题型" in exam._choice.shown[ALL] and "All kinds" not in texts(exam._choice)


def test_who_names_a_blueprint_is_offered_no_other(english: None) -> None:
    exam = mock_exam("kinds", seed=1)
    assert exam.plan.name == "kinds" and visible(exam) == [False, False]
