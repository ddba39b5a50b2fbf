"""A chapter's exercises as a graded assignment: a course folder of nbgrader's, with the version for students.

``source/<topic>/`` has the answers filled in, ``release/<topic>/`` has not; what marking needs stands in
``instructor/<topic>.json`` alone (:mod:`crmlib.classes.marking`). An exercise whose name begins with ``in_the_`` is
read off the chapter's explorer, so the explorer stands before it.
"""

import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from crmlib import __version__
from crmlib.classes.graded import letter
from crmlib.classes.worksheet import literal
from crmlib.core.errors import UserError, missing_extra
from crmlib.core.exercise import Exercise
from crmlib.core.i18n import _, language
from crmlib.core.inputs import shorten
from crmlib.core.paths import SOURCES
from crmlib.items.bank import bank
from crmlib.items.generators import GENERATORS
from crmlib.support.files import together
from crmlib.support.texts import title

READ_OFF = "in_the_"
"""How the name of an exercise begins that needs the chapter's explorer."""
POINTS = 1
SETTINGS = "nbgrader_config.py"
BOOK = "gradebook.db"
LATER = ("submitted", "autograded", "feedback")
"""Folders of students' work that nbgrader fills."""
PRIVATE = ("source", "instructor", BOOK, *LATER)
"""What nobody but the instructor may read."""
STUB = {"python": ""}
NEEDED = "from crmlib.classes.marking import settings; settings(c, Path(__file__).parent)"
"""The line of a course's settings without which none of the workbook's assignments is marked."""
CONFIG = f"""# Settings of nbgrader for this course; https://nbgrader.readthedocs.io explains them.
from pathlib import Path

c = get_config()  # noqa: F821
# Marks the workbook's assignments with the keys in instructor/, which no notebook holds.
{NEEDED}
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "crm"
# An answer cell of the students' version keeps its dots and nothing else.
c.ClearSolutions.code_stub = {STUB!r}
# A test that a student deleted is put back before grading.
c.OverwriteCells.add_missing_cells = True
"""


@dataclass(frozen=True)
class Assignment:
    """An assignment that has passed every check.

    Attributes:
        topic: of the chapter, and name of the assignment.
        lang: language of the notebook.
        seed: from which its numbers are drawn.
        out: the course folder.
    """

    topic: str
    lang: str
    seed: str
    out: Path


def plan_assignment(chapter: str, out: Path, lang: str, seed: str = "") -> Assignment:
    """Check everything about an assignment and return it.

    Args:
        chapter: its topic, or the name of its notebook.
        out: the course folder; it may hold other assignments.
        lang: language of the notebook, which is the one now spoken.
        seed: of the numbers; without one it is drawn.

    Raises:
        UserError: there is no such chapter, the course has the assignment already, or nbgrader is not installed.
    """
    topic = chapter.strip().lstrip("0123456789_")
    if topic not in GENERATORS:
        said = _("There are no exercises on “{chapter}”. There are: {names}.")
        raise UserError(said.format(chapter=chapter, names=_(", ").join(GENERATORS)))
    _need_nbgrader()
    if (out / "source" / topic).exists():
        said = _("{folder}: the course has this assignment already; choose another folder, or remove it first.")
        raise UserError(said.format(folder=out / "source" / topic))
    if (out / SETTINGS).exists() and "keys" not in _settings(out).Mark:
        said = _("{file}: below get_config() add the line “{line}”, without which nothing is marked.")
        raise UserError(said.format(file=out / SETTINGS, line=NEEDED))
    return Assignment(topic, lang, seed or secrets.token_hex(16), out)


def _need_nbgrader() -> None:
    from importlib.util import find_spec

    if find_spec("nbgrader") is None:
        raise missing_extra("crm assignment", "nbgrader")


def make(agreed: Assignment) -> list[Path]:
    """Make the assignment, all of it or nothing, and return its source, its release and its note.

    Raises:
        UserError: the folder cannot be written to, or nbgrader refused.
    """
    course, file = agreed.out, f"{agreed.topic}.ipynb"
    with together(course, PRIVATE) as files:
        source = files.write(f"source/{agreed.topic}/{file}", notebook(agreed))
        note = files.write(f"instructor/{agreed.topic}.json", _note(agreed), replace=True)
        if not (course / SETTINGS).exists():
            files.write(SETTINGS, CONFIG)
        for name in LATER:
            if not (course / name).exists():
                (files.new / name).mkdir()
        _release(agreed, files.new)
        files.replacing.update((files.new / "release").rglob("*"))  # one whose source has been taken away
    return [source, course / "release" / agreed.topic / file, note]


def _note(agreed: Assignment) -> str:
    """Return what the assignment can be made again from, and what marks it."""
    from crmlib.classes import marking

    facts = {"assignment": agreed.topic, "version": __version__, "lang": agreed.lang, "seed": agreed.seed}
    named = {f"test_{number}": exercise for number, exercise in enumerate(drawn(agreed).values(), 1)}
    return json.dumps({**facts, "keys": marking.keys(named)}, ensure_ascii=False, indent=1) + "\n"


@contextmanager
def grader(course: Path, files: Path | None = None) -> Iterator[Any]:
    """Yield nbgrader's API for a course, with the settings of the course.

    Args:
        course: folder with the gradebook and the settings.
        files: folder with ``source``, ``release`` and so on, where it is another.

    Raises:
        UserError: the settings cannot be used.
    """
    from nbgrader.apps import NbGraderAPI

    config = _settings(course if (course / SETTINGS).exists() else files or course)
    config.CourseDirectory.root = str((files or course).resolve())
    if "db_url" not in config.CourseDirectory:
        home = course if (course / BOOK).exists() else files or course
        config.CourseDirectory.db_url = f"sqlite:///{(home / BOOK).resolve()}"
    config.ClearSolutions.code_stub = STUB
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])  # nbgrader calls alembic by name
    try:
        yield NbGraderAPI(config=config)
    finally:
        os.environ["PATH"] = path


def _settings(course: Path) -> Any:
    """Return the settings of a course, which are a Python file that may hold anything."""
    from traitlets.config.loader import PyFileConfigLoader

    try:
        return PyFileConfigLoader(SETTINGS, str(course)).load_config()
    except Exception as failure:
        said = _("{file} cannot be used as nbgrader's settings: {why}.")
        raise UserError(said.format(file=course / SETTINGS, why=shorten(failure, 200))) from None


def _release(agreed: Assignment, building: Path) -> None:
    """Have nbgrader make the students' version and enter the assignment in the gradebook."""
    with grader(agreed.out, building) as api:
        ending = api.generate_assignment(agreed.topic)
    if not ending["success"]:
        log = ending.get("log", "") + ending.get("error", "")
        why = [line.strip() for line in log.splitlines() if "Error" in line or "Exception" in line]
        raise UserError(_("nbgrader made no assignment: {why}").format(why=shorten("; ".join(why[:1]) or log, 300)))


# The notebook ---------------------------------------------------------------------------------------------------------


def drawn(agreed: Assignment) -> dict[str, Exercise]:
    """Return the exercises of the assignment by name, in the language now spoken."""
    exercises = bank().exercises(agreed.topic)
    named = {name: f"assignment:{agreed.topic}.{name}:{agreed.seed}" for name in exercises}
    return {name: exercises[name](Random(start)) for name, start in named.items()}


def notebook(agreed: Assignment) -> str:
    """Return the assignment's source as a notebook, with the keys; the same seed gives the same bytes."""
    from crmlib.notebooks.jupyter import as_text, assembled, new_cell

    cells = []
    for place, (kind, source, role) in enumerate(_cells(agreed)):
        graded = {"schema_version": 3, "grade_id": f"{agreed.topic}-{place:03d}", "task": False, **role}
        # a refused answer does not keep the next cells from running
        tags = {"tags": ["raises-exception"]} if role["grade"] else {}
        cells.append(new_cell(kind, source, nbgrader=graded, **tags))
    return as_text(assembled(cells, agreed.topic))


SHOWN: dict[str, Any] = {"grade": False, "locked": True, "solution": False}
ANSWERED: dict[str, Any] = {"grade": False, "locked": False, "solution": True}
TESTED: dict[str, Any] = {"grade": True, "locked": True, "solution": False, "points": POINTS}


def _cells(agreed: Assignment) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield kind, source and nbgrader's role of each cell."""
    exercises = drawn(agreed)
    yield "markdown", _opening(agreed, len(exercises)), SHOWN
    shown = False
    for number, (name, exercise) in enumerate(exercises.items(), 1):
        if name.startswith(READ_OFF) and not shown:
            yield "code", _explorer(agreed), SHOWN
            shown = True
        yield "markdown", _question(number, exercise), SHOWN
        yield "code", _answer(number, exercise), ANSWERED | {"grade_id": f"answer_{number}"}
        yield "code", _test(number, exercise, agreed.lang), TESTED | {"grade_id": f"test_{number}"}


def _opening(agreed: Assignment, count: int) -> str:
    title = _("Exercises: {chapter}").format(chapter=title_of(agreed.topic))
    how = _(
        "Write each answer in place of the dots: a number such as 12.5 without its unit, or the letter of an option in "
        'quotes, such as "B". The cell below it says how your answer is read; it does not say whether it is right.'
    )
    points = _("Questions: {count}. Points for each: {points}. Run all cells before you hand the notebook in.")
    return f"# {title}\n\n{how}\n\n{points.format(count=count, points=POINTS)}"


def title_of(topic: str) -> str:
    """Return the title of a topic's chapter in the language now spoken: the first heading of its notebook's source."""
    (source,) = SOURCES.glob(f"[0-9][0-9]_{topic}.md")
    return title(source, language())


def _explorer(agreed: Assignment) -> str:
    """Return the code that shows the chapter's explorer, in the language of the assignment wherever it is opened."""
    lines = ["from crmlib.core import i18n", f"from crmlib.chapters.{agreed.topic}.explorers import explore", ""]
    return "\n".join([*lines, f'i18n.use("{agreed.lang}")', "explore()"])


def _question(number: int, exercise: Exercise) -> str:
    said = _("{question} ({unit})") if exercise.unit else "{question}"
    asked = said.format(question=literal(exercise.question), unit=literal(exercise.unit))
    options = [f"- **{letter(place)}** {literal(option)}" for place, option in enumerate(exercise.options)]
    return "\n".join([f"**{number}.** {asked}", "", *options]).strip()


def _answer(number: int, exercise: Exercise) -> str:
    key = repr(letter(int(exercise.answer))) if exercise.options else repr(float(exercise.answer))
    return f"answer_{number} = ...\n### BEGIN SOLUTION\nanswer_{number} = {key}\n### END SOLUTION"


def _test(number: int, exercise: Exercise, lang: str) -> str:
    given = f'{number}, answer_{number}, "{lang}"'
    options = f", options={len(exercise.options)}" if exercise.options else ""
    unit = f", unit={exercise.unit!r}" if exercise.unit else ""
    return f"from crmlib.classes import graded\n\ngraded.seen({given}{options}{unit})"
