"""Does every input of every study move something that the explorer shows, or say why it does not?"""

import json
from functools import cache
from typing import Any

import pytest

from crmlib.chapters import chapter_of
from crmlib.chapters.studies import STUDIES
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.inputs import Inputs, Setting

STARTS = ("default", "textbook")


@cache
def explorer(topic: str) -> Any:
    return chapter_of(topic).explore(topic)


def start(topic: str, name: str) -> Inputs:
    study = STUDIES[topic]
    return study.inputs(**(study.textbook if name == "textbook" else {}))


def ends(inputs: Inputs, s: Setting) -> list[Inputs]:
    """Return the inputs with one of them moved to each choice, or as far up and down as the others let it."""
    if s.choices or s.kind is bool:
        values = s.choices or (False, True)
        return [inputs.replace(**{s.name: value}) for value in values if value != getattr(inputs, s.name)]
    return [moved for end in (s.low, s.high) if (moved := furthest(inputs, s, end))]


def furthest(inputs: Inputs, s: Setting, end: Any) -> Inputs | None:
    """Return the inputs with one moved towards an end of its range, step by step, as far as it is accepted."""
    value, steps = getattr(inputs, s.name), 400
    for step in range(steps):
        moved = end + (value - end) * step / steps
        try:
            return inputs.replace(**{s.name: round(moved) if s.kind is int else round(moved, 6)})
        except InputError:
            continue
    return None


def seen(topic: str, inputs: Inputs) -> Any:
    """Return all that the explorer shows, in every view of it; None if the data do not bear the inputs."""
    shown, study = explorer(topic), STUDIES[topic]
    views = [shown.view.replace(**{s.name: c}) for s in shown.view.settings() for c in s.choices] or [shown.view]
    try:
        result = study.run(shown.prepared, inputs)
    except UserError as refusal:
        return refusal.problems
    drawn = {json.dumps(chart.spec) for view in views for chart in shown.draw(result, view)}
    facts = study.headline(result)
    return sorted(drawn), [m.shown(facts[key]) for key, m in study.measures.items()], inputs.remarks()


CASES = [(topic, name, s) for topic, study in STUDIES.items() for name in STARTS for s in study.inputs.settings()]


@pytest.mark.shared(3)
@pytest.mark.parametrize(("topic", "name", "s"), CASES, ids=[f"{t}-{n}-{s.name}" for t, n, s in CASES])
def test_moving_an_input_changes_what_is_seen_or_the_study_says_why_not(
    english: None, topic: str, name: str, s: Setting
) -> None:
    inputs = start(topic, name)
    before = seen(topic, inputs)
    moves = [moved for moved in ends(inputs, s) if moved != inputs]
    assert moves, "there is no way to move it"
    for moved in moves:
        told = any(i18n._(s.label) in remark for remark in moved.remarks())
        assert seen(topic, moved) != before or told, f"{s.name} at {getattr(moved, s.name)} changes nothing"


@pytest.mark.parametrize("topic", STUDIES)
def test_every_choice_of_what_is_drawn_draws_something_else(english: None, topic: str) -> None:
    shown = explorer(topic)
    for s in shown.view.settings():
        views = [shown.view.replace(**{s.name: choice}) for choice in s.choices]
        drawn = [json.dumps([chart.spec for chart in shown.draw(shown.result, view)]) for view in views]
        assert len(set(drawn)) == len(s.choices) > 1


@pytest.mark.shared(3)
@pytest.mark.parametrize("topic", STUDIES)
def test_bars_keep_their_names_whatever_is_moved(english: None, topic: str) -> None:
    """The outline of a former bar would otherwise stand beside the bar that took its place."""
    shown, inputs = explorer(topic), start(topic, "default")

    def named(inputs: Inputs) -> list[list[str]]:
        charts = shown.draw(STUDIES[topic].run(shown.prepared, inputs), shown.view)
        return [
            [name for trace in chart.spec["data"] if trace["type"] == "bar" for axis in ("x", "y")
             for name in trace[axis] if isinstance(name, str)]
            for chart in charts
        ]  # fmt: skip

    before = named(inputs)
    for s in inputs.settings():
        for moved in ends(inputs, s):
            if isinstance(seen(topic, moved), tuple):
                assert named(moved) == before, s.name
