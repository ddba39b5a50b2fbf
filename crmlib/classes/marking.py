"""What nbgrader runs for the workbook's assignments, so that no key stands in a notebook.

A test cell only says how an answer is read and passes it on. After a notebook has run, :class:`Mark` compares what was
passed on with the keys in ``instructor/``, in nbgrader's own process: no notebook, whether released, graded or shown as
feedback, ever holds a key. What a student wrote runs as whoever grades, as always with nbgrader, and could read any
file of theirs; who expects that grades as a user, or in a container, without files of their own.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from crmlib.classes.graded import PASSED_ON
from crmlib.core import i18n
from crmlib.core.exercise import Distractor, Exercise
from crmlib.core.i18n import _

TIMEOUT = 60
"""Seconds that a cell may take; what takes longer is interrupted and the next cells run."""


def settings(config: Any, course: Path) -> None:
    """Put into a course's settings what the workbook's assignments need; its ``nbgrader_config.py`` calls this."""
    config.Mark.keys = str(course.resolve() / "instructor")
    config.Autograde.sanitize_preprocessors.insert(0, Single)
    config.Autograde.autograde_preprocessors.insert(1, Mark)  # after the notebook has run
    config.Execute.timeout = TIMEOUT
    config.Execute.interrupt_on_timeout = True


def keys(exercises: Mapping[str, Exercise]) -> dict[str, dict[str, Any]]:
    """Return what marking needs of exercises, by the name of the test cell of each, as plain JSON."""
    return {name: _key(exercise) for name, exercise in exercises.items()}


def _key(exercise: Exercise) -> dict[str, Any]:
    kept = asdict(exercise)
    distractors = [{"answer": float(d.answer), "reply": d.reply} for d in exercise.distractors]
    for name in ("question", "hints"):
        kept[name] = ""
    return {**kept, "answer": float(exercise.answer), "options": list(exercise.options), "distractors": distractors}


def _exercise(key: Mapping[str, Any]) -> Exercise:
    return Exercise(**{**key, "distractors": tuple(Distractor(**one) for one in key["distractors"])})


class Single(NbGraderPreprocessor):  # type: ignore[misc]
    """Leave its name to the last of several cells of one name: a copied or split cell is then a cell like any other."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook with each name once."""
        seen: set[str] = set()
        for cell in reversed(nb.cells):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name is None or name in seen:
                cell.metadata.pop("nbgrader", None)
            else:
                seen.add(name)
        return nb, resources


class Mark(NbGraderPreprocessor):  # type: ignore[misc]
    """Say in each test cell what the answer earns; a cell that ends in an error earns nothing."""

    keys = Unicode("", help="folder with the keys of the assignments").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook with its answers marked."""
        file = Path(self.keys) / f"{resources['nbgrader']['assignment']}.json"
        note = json.loads(file.read_text("utf-8")) if file.exists() else {}
        with i18n.speaking(note.get("lang", i18n.language())):
            for cell in nb.cells:
                key = note.get("keys", {}).get(cell.metadata.get("nbgrader", {}).get("grade_id"))
                if key and cell.metadata.nbgrader.get("grade"):
                    cell.outputs = [_marked(cell.outputs, _exercise(key))]
        return nb, resources


def _marked(outputs: Any, exercise: Exercise) -> Any:
    """Return what is said to an answer, as the output of a cell."""
    passed = [out.metadata[PASSED_ON] for out in outputs if PASSED_ON in out.get("metadata", {})]
    value = passed[-1] if len(passed) == 1 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        errors = [out for out in outputs if out.output_type == "error"]
        return errors[-1] if errors and not passed else _error(_("There is no answer that can be marked."))
    feedback = exercise.check(value)
    if feedback.verdict == "right":
        return new_output("stream", name="stdout", text=feedback.said + "\n")
    return _error(feedback.said)


def _error(said: str) -> Any:
    return new_output("error", ename="UserError", evalue=said, traceback=[said])
