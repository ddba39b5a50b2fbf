"""A chapter's exercises as an assignment: nbgrader makes and grades it, and the students' version tells nothing."""

import copy
import importlib.util
import json
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from crmlib import cli
from crmlib.chapters import chapters
from crmlib.classes import assignment, graded, marking, worksheet
from crmlib.classes.assignment import Assignment
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.exercise import Distractor, Exercise
from crmlib.items.bank import bank
from crmlib.items.generators import GENERATORS
from crmlib.notebooks import fork_server

pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),  # nbgrader's own queries
    pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning"),  # cells that nbgrader puts back
]
SECRET = "c0ffee5eed1234"
Notebook = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def one_question_to_alembic() -> Iterator[None]:
    """Let nbgrader ask only once for the version of its database, which takes a process of its own each time."""
    from nbgrader import api

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        yield


def made_in(folder: Path, topic: str, lang: str) -> Assignment:
    """Make an assignment."""
    with i18n.speaking(lang):
        agreed = assignment.plan_assignment(topic, folder, lang, SECRET)
        assignment.make(agreed)
    return agreed


@pytest.fixture(scope="module", params=zip(chapters(), ("en", "zh"), strict=False), ids=" ".join)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    topic, lang = request.param
    return made_in(tmp_path_factory.mktemp("course"), topic, lang)


def notebook(made: Assignment, kind: str) -> Notebook:
    text = (made.out / kind / made.topic / f"{made.topic}.ipynb").read_text("utf-8")
    found: Notebook = json.loads(text)
    return found


def role(cell: Notebook) -> str:
    return str(cell["metadata"]["nbgrader"]["grade_id"])


def exercises(made: Assignment) -> list[Exercise]:
    with i18n.speaking(made.lang):
        return list(assignment.drawn(made).values())


def keys(made: Assignment) -> list[str]:
    """Return what is right for each question, as Python."""
    return [repr(graded.letter(int(e.answer))) if e.options else repr(float(e.answer)) for e in exercises(made)]


# What students get ----------------------------------------------------------------------------------------------------


def test_an_answer_cell_has_dots_and_a_test_cell_says_only_how_the_answer_is_read(made: Assignment) -> None:
    cells = {role(cell): cell for cell in notebook(made, "release")["cells"]}
    for number, exercise in enumerate(exercises(made), 1):
        assert "".join(cells[f"answer_{number}"]["source"]).strip() == f"answer_{number} = ..."
        options = f", options={len(exercise.options)}" if exercise.options else ""
        more = options + (f", unit={exercise.unit!r}" if exercise.unit else "")
        wanted = f'from crmlib.classes import graded\n\ngraded.seen({number}, answer_{number}, "{made.lang}"{more})'
        assert "".join(cells[f"test_{number}"]["source"]) == wanted
        assert cells[f"test_{number}"]["metadata"]["nbgrader"]["points"] == 1


def test_the_students_version_holds_no_key_no_seed_and_no_worked_solution(made: Assignment) -> None:
    text = (made.out / "release" / made.topic / f"{made.topic}.ipynb").read_text("utf-8")
    shown = "\n".join("".join(c["source"]) for c in notebook(made, "release")["cells"])
    assert SECRET not in text and "BEGIN" not in text and "Exercise(" not in text
    for exercise in exercises(made):
        assert exercise.worked not in shown
        assert not [mistake.reply for mistake in exercise.distractors if mistake.reply in shown]


def test_a_checksum_is_that_of_the_cell_as_students_see_it(made: Assignment) -> None:
    from nbformat import from_dict
    from nbgrader.utils import compute_checksum

    for cell in notebook(made, "release")["cells"]:
        seen = from_dict({**cell, "source": "".join(cell["source"])})
        assert cell["metadata"]["nbgrader"]["checksum"] == compute_checksum(seen)


def test_question_and_test_cells_are_locked_and_nothing_is_executed(made: Assignment) -> None:
    for cell in notebook(made, "release")["cells"]:
        answer = role(cell).startswith("answer_")
        assert cell["metadata"]["nbgrader"]["locked"] is not answer
        assert cell["metadata"].get("editable", True) is answer
        assert not cell.get("outputs") and cell.get("execution_count") is None


def test_the_explorer_stands_before_the_exercise_that_is_read_off_it(made: Assignment) -> None:
    sources = ["".join(cell["source"]) for cell in notebook(made, "release")["cells"]]
    (place,) = [n for n, source in enumerate(sources) if source.endswith("explore()")]
    assert f"from crmlib.chapters.{made.topic}.explorers import explore" in sources[place]
    assert f'i18n.use("{made.lang}")' in sources[place]
    assert sources[place + 1].startswith(f"**{len(exercises(made))}.**")


@pytest.mark.parametrize("topic", GENERATORS)
def test_exercises_that_need_the_explorer_and_they_alone_are_named_so(topic: str, english: None) -> None:
    for name, make in bank().exercises(topic).items():
        question = make(random.Random("0")).question
        assert ("explorer" in question) == name.startswith(assignment.READ_OFF), name
    assert importlib.util.find_spec(f"crmlib.chapters.{topic}.explorers")


def test_the_questions_are_in_the_language_asked_for(made: Assignment) -> None:
    questions = [c for c in notebook(made, "release")["cells"] if c["cell_type"] == "markdown"]
    title = "".join(questions[0]["source"])
    assert bool(re.search("[一-鿿]", title)) == (made.lang == "zh")


def test_signs_in_a_question_are_shown_and_not_obeyed() -> None:
    hostile = Exercise("<img src=x> *b* $c$", 0, "", options=("[a](javascript:b)", "| c |"), unit="`d`")
    shown = worksheet.html(assignment._question(1, hostile))
    assert set(re.findall(r"<(\w+)", shown)) <= {"p", "strong", "ul", "li", "span"}


# Made again, made wrongly ---------------------------------------------------------------------------------------------


@pytest.mark.shared(2)
def test_the_same_seed_makes_the_same_notebooks(made: Assignment, tmp_path: Path) -> None:
    again = made_in(tmp_path, made.topic, made.lang)
    for kind in ("source", "release"):
        assert notebook(again, kind) == notebook(made, kind)
    assert json.loads((tmp_path / "instructor" / f"{made.topic}.json").read_text())["seed"] == SECRET


def test_a_course_takes_another_chapter_and_keeps_its_settings(tmp_path: Path, english: None) -> None:
    *_others, other = chapters()
    settings = tmp_path / assignment.SETTINGS
    settings.write_text(
        f'from pathlib import Path\nc = get_config()\n{assignment.NEEDED}\nc.CourseDirectory.course_id = "mine"\n'
    )
    made_in(tmp_path, "tiers", "en")
    made_in(tmp_path, other, "en")
    assert "mine" in settings.read_text()
    assert sorted(p.name for p in (tmp_path / "release").iterdir()) == sorted([other, "tiers"])
    with assignment.grader(tmp_path) as api:
        assert api.coursedir.course_id == "mine"
        assert api.get_source_assignments() == {other, "tiers"}


def test_settings_with_which_nothing_would_be_marked_are_refused_with_the_line_that_is_missing(
    tmp_path: Path, lang: str
) -> None:
    (tmp_path / assignment.SETTINGS).write_text('c = get_config()\nc.CourseDirectory.course_id = "mine"\n')
    with pytest.raises(UserError) as refusal:
        assignment.plan_assignment("tiers", tmp_path, lang)
    (said,) = refusal.value.problems
    assert assignment.NEEDED in said and assignment.SETTINGS in said


def test_the_settings_it_writes_are_nbgraders_own_and_point_to_the_course(made: Assignment) -> None:
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader(assignment.SETTINGS, str(made.out)).load_config()
    assert config.CourseDirectory.root == str(made.out.resolve())
    assert config.CourseDirectory.course_id == "crm" and config.OverwriteCells.add_missing_cells is True


def test_an_assignment_that_is_there_is_not_made_over(made: Assignment, lang: str) -> None:
    with pytest.raises(UserError, match=made.topic):
        assignment.plan_assignment(made.topic, made.out, "en")


def test_an_unknown_chapter_is_refused_with_those_there_are(tmp_path: Path, lang: str) -> None:
    with pytest.raises(UserError, match="teirs.*tiers"):
        assignment.plan_assignment("teirs", tmp_path, "en")
    assert assignment.plan_assignment("02_tiers", tmp_path, "en").topic == "tiers"


def test_without_nbgrader_one_sentence_says_how_to_install_it(
    tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError) as refusal:
        assignment.plan_assignment("tiers", tmp_path, "en")
    assert len(refusal.value.problems) == 1
    assert "python3 work.py setup --all" in str(refusal.value)


@pytest.mark.parametrize(("line", "said"), [("raise ValueError('spoilt')", "spoilt"), ("c = (", "nbgrader_config.py")])
def test_settings_that_cannot_be_used_are_said_and_nothing_is_left(
    tmp_path: Path, lang: str, line: str, said: str
) -> None:
    (tmp_path / assignment.SETTINGS).write_text(line)
    with pytest.raises(UserError, match=said):
        assignment.make(assignment.plan_assignment("tiers", tmp_path, "en", SECRET))
    assert [path.name for path in tmp_path.iterdir()] == [assignment.SETTINGS]


def test_what_nbgrader_refuses_is_said_and_leaves_no_assignment(
    tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment, "_test", lambda number, exercise, lang: "### BEGIN HIDDEN TESTS")
    with pytest.raises(UserError, match="nbgrader"):
        assignment.make(assignment.plan_assignment("tiers", tmp_path, "en", SECRET))
    assert not (tmp_path / "source").exists() and not (tmp_path / "release").exists()
    assert not list(tmp_path.glob(".new-*"))


def test_nobody_but_the_instructor_reads_what_holds_answers_or_marks(made: Assignment) -> None:
    for name in assignment.PRIVATE:
        path = made.out / name
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), name
    for name in ("source", "instructor"):
        below = [path for path in (made.out / name).rglob("*") if path.is_file()]
        assert below and {stat.S_IMODE(path.stat().st_mode) for path in below} == {0o600}
    (released,) = (made.out / "release" / made.topic).glob("*.ipynb")
    assert stat.S_IMODE(released.stat().st_mode) & 0o400


def test_an_assignment_whose_source_was_taken_away_is_made_anew(tmp_path: Path, english: None) -> None:
    made = made_in(tmp_path, "tiers", "en")
    before = notebook(made, "release")
    shutil.rmtree(tmp_path / "source" / "tiers")
    assignment.make(assignment.plan_assignment("tiers", tmp_path, "en", "another"))
    assert notebook(made, "release") != before


KILLED = """
import os, signal, sys
from pathlib import Path
from crmlib.classes import assignment
from crmlib.core import i18n

i18n.use("en")
real = getattr(assignment, sys.argv[2])
def stop(*given, **more):
    if sys.argv[3] == "after":
        real(*given, **more)
    os.killpg(0, signal.SIGKILL)
setattr(assignment, sys.argv[2], stop)
assignment.make(assignment.plan_assignment("tiers", Path(sys.argv[1]), "en"))
"""


@pytest.mark.shared(2)
@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are POSIX's")
@pytest.mark.parametrize(("step", "when"), [("_release", "before"), ("_release", "after")])
def test_killed_it_leaves_nothing_behind(tmp_path: Path, step: str, when: str) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "course"), step, when]
    assert subprocess.run(command, start_new_session=True, check=False).returncode == -signal.SIGKILL
    while list(tmp_path.glob(".new-*")):
        time.sleep(0.02)
    assert not list(tmp_path.iterdir())


def test_the_command_says_what_to_hand_out(
    tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["crm", "assignment", "tiers", "--out", str(tmp_path), "--lang", "en"]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr()
    assert not end.value.code and not said.err
    seed = json.loads((tmp_path / "instructor" / "tiers.json").read_text())["seed"]
    assert re.fullmatch("[0-9a-f]{32}", seed) and seed not in said.out
    assert str(tmp_path / "release" / "tiers") in said.out


# Grading --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def grade(made: Assignment) -> Callable[[str, Notebook], tuple[float, Notebook]]:
    """Have nbgrader grade what a student hands in; return the marks and the graded notebook."""
    return grader_of(made)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """An assignment for what does not depend on the chapter."""
    return made_in(tmp_path_factory.mktemp("one"), "tiers", "en")


@pytest.fixture
def grade_one(one: Assignment) -> Callable[[str, Notebook], tuple[float, Notebook]]:
    return grader_of(one)


def grader_of(made: Assignment) -> Callable[[str, Notebook], tuple[float, Notebook]]:
    from crmlib.notebooks.jupyter import kernel_config

    fork_server.install()

    def marks(student: str, handed_in: Notebook) -> tuple[float, Notebook]:
        file = made.out / "submitted" / student / made.topic / f"{made.topic}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(handed_in), "utf-8")
        with assignment.grader(made.out) as api:
            sockets = made.out / student
            sockets.mkdir()
            api.config.merge(kernel_config(str(sockets)))
            ending = api.autograde(made.topic, student)
            assert ending["success"], ending
            with api.gradebook as book:
                found = book.find_submission(made.topic, student)
                score, most, by_hand = found.score, found.max_score, found.needs_manual_grade
        assert (most, by_hand) == (len(exercises(made)), False)
        done = made.out / "autograded" / student / made.topic / file.name
        return score, json.loads(done.read_text("utf-8"))

    return marks


def answered(made: Assignment, answers: dict[int, str]) -> Notebook:
    """Return the students' version with some answers written in."""
    filled = copy.deepcopy(notebook(made, "release"))
    for cell in filled["cells"]:
        number = int(role(cell).removeprefix("answer_")) if role(cell).startswith("answer_") else 0
        if number in answers:
            cell["source"] = f"answer_{number} = {answers[number]}"
    return filled


def said(graded_notebook: Notebook) -> dict[str, str]:
    """Return what each test cell said."""
    return {
        role(cell): " ".join("".join(o.get("text", o.get("evalue", ""))) for o in cell["outputs"])
        for cell in graded_notebook["cells"]
        if role(cell).startswith("test_")
    }


def test_the_key_earns_every_mark(made: Assignment, grade: Callable[..., tuple[float, Notebook]]) -> None:
    score, done = grade("key", answered(made, dict(enumerate(keys(made), 1))))
    assert score == len(exercises(made)), said(done)


@pytest.mark.shared(2)
def test_a_blank_notebook_earns_none_and_is_told_so(
    made: Assignment, grade: Callable[..., tuple[float, Notebook]]
) -> None:
    score, done = grade("blank", notebook(made, "release"))
    assert score == 0
    assert all(str(n) in sentence for n, sentence in enumerate(said(done).values(), 1))
    assert not [sentence for sentence in said(done).values() if "Traceback" in sentence]


@pytest.mark.shared(2)
def test_each_right_answer_earns_its_mark_whatever_else_is_in_the_notebook(
    made: Assignment, grade: Callable[..., tuple[float, Notebook]]
) -> None:
    """Three right; one wrong, one a word, one that fails, one deleted test among the right, one test written over."""
    right = dict(enumerate(keys(made), 1))
    answers = {n: right[n] for n in (1, 2, 3)} | {4: "-98765.4321", 5: "'many'", 6: "1 / 0"}
    handed_in = answered(made, answers)
    handed_in["cells"] = [cell for cell in handed_in["cells"] if role(cell) != "test_2"]
    for cell in handed_in["cells"]:
        if role(cell) == "answer_1":
            cell["source"] += "\nprint('1.0')\nimport sys; print('look', file=sys.stderr)"
        if role(cell) == "test_7":
            cell["source"] = "pass"
    score, done = grade("some", handed_in)
    assert score == 3, said(done)
    assert "many" in said(done)["test_5"]


def text_of(page: Path) -> str:
    """Return the words of a page, without the marks of its highlighting."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8"))))


SHORT = len("0.45")
"""A number as short as that may stand in a notebook for something else."""


def secrets_of(made: Assignment) -> list[str]:
    """Return what tells a key: worked solutions, replies, numbers as they are kept."""
    found = [said for e in exercises(made) for said in (e.worked, *(d.reply for d in e.distractors))]
    return [re.sub(r"\s+", " ", said) for said in found] + [
        kept for e in exercises(made) if not e.options and len(kept := repr(float(e.answer))) > SHORT
    ]


def test_the_feedback_on_a_blank_notebook_holds_no_key(
    made: Assignment, grade: Callable[..., tuple[float, Notebook]]
) -> None:
    grade("idle", notebook(made, "release"))
    with assignment.grader(made.out) as api:
        assert api.generate_feedback(made.topic, "idle")["success"]
    shown = text_of(made.out / "feedback" / "idle" / made.topic / f"{made.topic}.html")
    assert "answer_1 = ..." in shown
    assert not [secret for secret in secrets_of(made) if secret in shown]


def test_no_notebook_holds_what_marks_it(made: Assignment, grade: Callable[..., tuple[float, Notebook]]) -> None:
    """Code of a student's that prints all it can find of its own notebook and its neighbours finds no key."""
    curious = notebook(made, "release")
    for cell in curious["cells"]:
        if role(cell) == "answer_1":
            cell["source"] = "import inspect, crmlib.classes.graded as g\nprint(inspect.getsource(g), globals())"
    _score, done = grade("curious", curious)
    everything = json.dumps(done, ensure_ascii=False)
    assert not [secret for secret in secrets_of(made) if secret in everything or json.dumps(secret) in everything]


def place_of(cells: list[Notebook], name: str) -> int:
    return next(n for n, cell in enumerate(cells) if role(cell) == name)


def copied(cells: list[Notebook], name: str) -> None:
    """Copy a cell, as the student's notebook does: with its name."""
    cells.insert(place_of(cells, name) + 1, {**copy.deepcopy(cells[place_of(cells, name)]), "id": "copied"})


def cut_in_two(cells: list[Notebook], name: str) -> None:
    """Split a cell so that neither half runs."""
    copied(cells, name)
    first, second = cells[place_of(cells, name) :][:2]
    first["source"], second["source"] = f"{name} =", "1.5"


def taken_to_the_end(cells: list[Notebook], name: str) -> None:
    cells.append(cells.pop(place_of(cells, name)))


def made_text(cells: list[Notebook], name: str) -> None:
    cell = cells[place_of(cells, name)]
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


ENDLESS = "while True:"
"""What begins a cell that is interrupted after a second, not as late as others."""


def without_end(cells: list[Notebook], name: str) -> None:
    cells[place_of(cells, name)]["source"] = f"{ENDLESS}\n    pass"


@pytest.mark.parametrize(
    ("change", "name", "lost"),
    [
        (copied, "answer_2", 0),
        pytest.param(copied, "test_2", 0, marks=pytest.mark.whole),
        (cut_in_two, "answer_2", 1),
        pytest.param(cut_in_two, "test_2", 0, marks=pytest.mark.whole),
        (taken_to_the_end, "answer_2", 1),
        (made_text, "answer_3", 0),
        (without_end, "answer_2", 1),
    ],
)
def test_what_happens_to_one_cell_does_not_take_the_others_down(
    one: Assignment,
    grade_one: Callable[..., tuple[float, Notebook]],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[list[Notebook], str], None],
    name: str,
    lost: int,
) -> None:
    settings = marking.settings

    def impatient(config: Any, course: Path) -> None:
        settings(config, course)
        config.Execute.timeout_func = lambda cell: 1 if ENDLESS in cell.source else marking.TIMEOUT

    handed_in = answered(one, dict(enumerate(keys(one), 1)))
    change(handed_in["cells"], name)
    monkeypatch.setattr(marking, "settings", impatient)
    score, done = grade_one(f"{change.__name__}_{name}", handed_in)
    assert score == len(exercises(one)) - lost, said(done)


def test_without_the_workbooks_settings_nothing_is_marked_and_that_is_said(
    one: Assignment, grade_one: Callable[..., tuple[float, Notebook]]
) -> None:
    settings = one.out / assignment.SETTINGS
    before = settings.read_text("utf-8")
    settings.write_text(before.replace(assignment.NEEDED, ""), "utf-8")
    score, done = grade_one("unmarked", answered(one, dict(enumerate(keys(one), 1))))
    settings.write_text(before, "utf-8")
    assert score == 0 and all("nbgrader_config.py" in sentence for sentence in said(done).values())


# How an answer is read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", [12.5, "12.5", " １２．５ ", "￥12.5", np.float64(12.5), np.float32(12.5), Fraction(25, 2)]
)
def test_a_number_is_read_as_people_write_it(given: object) -> None:
    assert graded.read(1, given) == 12.5


@pytest.mark.parametrize("given", ["C", "c", " c. ", "Ｃ", "C)", 3, "3", 3.0, np.int64(3)])
def test_an_option_is_read_by_its_letter_or_its_number(given: object) -> None:
    assert graded.read(1, given, options=4) == 2


@pytest.mark.parametrize("given", [None, ..., "", "  ", "...", "…"])
@pytest.mark.parametrize("options", [0, 3])
def test_no_answer_is_said_to_be_none(given: object, options: int, lang: str) -> None:
    with pytest.raises(UserError) as refusal:
        graded.read(7, given, options)
    assert len(refusal.value.problems) == 1 and "7" in str(refusal.value)


@pytest.mark.parametrize(
    "given", [True, "x", float("nan"), float("inf"), 1j, [1.0], np.array([1.0, 2.0]), {"a": 1}, b"1", Fraction(10**400)]
)
def test_what_is_no_number_is_refused(given: object, lang: str) -> None:
    with pytest.raises(UserError):
        graded.read(1, given)


@pytest.mark.parametrize("given", [0, 5, "E", "AB", 1.5, True, "", "A B", -1, [1]])
def test_what_is_no_option_is_refused(given: object, lang: str) -> None:
    with pytest.raises(UserError):
        graded.read(1, given, options=4)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.binary(), st.lists(st.integers())))
def test_any_value_is_read_or_refused_in_a_sentence(value: object) -> None:
    for options in (0, 4):
        try:
            found = graded.read(1, value, options)
        except UserError as refusal:
            assert len(refusal.problems) == 1 and "\n" not in refusal.problems[0]
        else:
            assert found in range(options) if options else np.isfinite(found)


# Marking --------------------------------------------------------------------------------------------------------------


def output(value: object) -> Any:
    """Return the output of a test cell that passed on an answer."""
    return NotebookNode(output_type="display_data", data={}, metadata={graded.PASSED_ON: value})


EXERCISE = Exercise("", 200.0, "because", (Distractor(100.0, reply="You halved it."),), tolerance=0.01)


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (201.9, "stream", "because"),  # 1% of 200 is 2
        (100, "error", "You halved it"),
        (202.1, "error", ""),
        (True, "error", "no answer"),
        ("200", "error", "no answer"),
        (float("nan"), "error", "no answer"),
        (None, "error", "no answer"),
        ([200], "error", "no answer"),
    ],
)
def test_a_mistake_is_named_and_the_tolerance_is_the_exercises(
    english: None, value: object, kind: str, said: str
) -> None:
    (key,) = marking.keys({"test_1": EXERCISE}).values()
    found = marking._marked([output(value)], marking._exercise(json.loads(json.dumps(key))))
    assert found.output_type == kind and said in found.get("text", found.get("evalue"))


def test_two_answers_in_one_cell_are_none(english: None) -> None:
    assert marking._marked([output(200.0), output(200.0)], EXERCISE).output_type == "error"


def test_an_answer_is_shown_and_passed_on_without_a_word_on_whether_it_is_right(
    english: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    graded.seen(3, " b. ", "en", options=4)
    assert capsys.readouterr().out == "Question 3: your answer is read as B.\n"
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(UserError, match="Not marked"):
        graded.seen(3, "B", "en", options=4)
