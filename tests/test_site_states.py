"""Does an explorer on a page show what it shows in the notebook, and what the study says, to the last digit?

A few moves of every study; ``bench/states_long.py`` compares as many as one likes.
"""

import json
import random
import zlib
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moved import looked_up

from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import UserError
from crmlib.core.i18n import speaking
from crmlib.core.inputs import Setting, on_step
from crmlib.core.study import Measure
from crmlib.explorer.base import Explorer
from crmlib.explorer.states import Moves, OnePage, every_stop, free, settings, stops
from crmlib.items.challenges import of_study, reached
from crmlib.site import states

SMALL = ("kano", "gaps", "csi")
MOVES = 25


def seen(explorer: Explorer[Any, Any, Any], shown: Moves, state: list[Any]) -> None:
    """Hold what an explorer's widgets show against a state, with the words that stand under a control."""
    lines = {name: box.children[1].value for name, box in explorer._boxes.items() if len(box.children) > 1}
    places, values, words = state
    if not places and isinstance(words, dict):
        assert set(lines) == set(words)
        assert all(f">{sentence}<" in lines[name] for name, sentence in words.items() if "<" not in sentence)
        return
    assert lines == {} and explorer.board.remarks == list(words)
    if places:
        assert [value for _title, value in explorer.board.facts] == values
        drawn = list(shown.figures)
        assert [json.loads(json.dumps(figure)) for figure in explorer.board.figures] == [
            json.loads(drawn[place]) for place in places
        ]


@pytest.mark.shared(6)
@pytest.mark.parametrize("name", STUDIES)
def test_a_move_on_a_page_is_a_move_in_the_notebook(name: str) -> None:
    compared(name, random.Random(name), MOVES)


def compared(name: str, draws: random.Random, moves: int) -> None:
    """Move a study's explorer as often from one of its bases, and hold each state of a page against it."""
    with speaking(draws.choice(("zh", "en"))):
        explorer = states.explorer(name)
        shown, whole = Moves(states.explorer(name)), settings(explorer)
        bases = states.bases(explorer)
        for _move in range(moves):
            values = bases[draws.choice(list(bases))][1]
            s = draws.choice(whole)
            stop = draws.choice(stops(s))
            explorer._put(values)
            explorer.controls[s.name].value = stop
            seen(explorer, shown, shown.state({**values, s.name: stop}))


def at(told: dict[str, Any], explorer: states.OnePage, values: dict[str, Any]) -> list[Any]:
    """Return the state for the values of all controls, from a file that tells of every combination of stops."""
    place = 0
    for name, found in every_stop(explorer).items():
        place = place * len(found) + found.index(values[name])
    state: list[Any] = told["every"][place]
    return state


def moved(told: dict[str, Any], explorer: states.OnePage, first: dict[str, Any], s: Setting) -> list[list[Any]]:
    """Return the states at the stops of a control, all others standing where they began."""
    if "every" in told:
        return [at(told, explorer, {**first, s.name: stop}) for stop in stops(s)]
    found: list[list[Any]] = told["moved"][s.name]
    return found


@pytest.mark.shared(10)
@pytest.mark.parametrize("name", STUDIES)
def test_where_there_are_few_states_all_controls_move_together_as_in_the_notebook(name: str, lang: str) -> None:
    draws, explorer = random.Random(name), states.explorer(name)
    few = free(every_stop(explorer))
    assert json.loads(states.declared(name, lang))["free"] == few
    if not few:
        assert states.files(explorer) == list(states.bases(explorer))
        return
    told, _kinds = looked_up(name, "base", lang)
    assert states.files(explorer) == ["base"]
    assert len(told["every"]) == prod(map(len, every_stop(explorer).values())) and "moved" not in told
    for _move in range(MOVES):
        values = {control: draws.choice(found) for control, found in every_stop(explorer).items()}
        explorer._put(values)
        places, shown, words, *_challenges = at(told, explorer, values)
        if places:
            assert (explorer.board.remarks, [value for _title, value in explorer.board.facts]) == (words, shown)
            drawn = [json.loads(json.dumps(figure)) for figure in explorer.board.figures]
            assert [told["figures"][place] for place in places] == drawn
        else:
            with pytest.raises(UserError):
                explorer.study.run(explorer.prepared, explorer.study.inputs(**values))


def test_few_are_up_to_three_thousand() -> None:
    assert free({"one": range(30), "other": range(100)}) and not free({"one": range(30), "other": range(101)})
    assert [name for name in SMALL if free(every_stop(states.explorer(name)))] == ["kano", "gaps"]


@pytest.fixture(scope="module")
def gaps() -> OnePage:
    return states.explorer("gaps")


@given(lengths=st.lists(st.integers(1, 400), min_size=1, max_size=60), most=st.integers(1, 9000))
def test_parts_are_the_whole_in_order_and_none_is_empty_or_much_too_large(
    gaps: OnePage, lengths: list[int], most: int
) -> None:
    noise = random.Random(7)
    figures = {json.dumps([n, noise.randbytes(length).hex()]): n for n, length in enumerate(lengths)}
    shown = Moves(gaps, figures=figures, tables=[f"table {n}" for n in figures.values()])
    whole = json.loads(shown.told(first=["said"]))
    first, *pieces = map(json.loads, shown.told_in_parts(most, first=["said"]))
    if not pieces:
        assert first == whole
        return
    assert first["first"] == whole["first"] and len(first["starts"]) == len(pieces) > 1
    for start, piece in zip(first["starts"], pieces, strict=True):
        size = len(piece["figures"])
        assert size and piece["figures"] == whole["figures"][start : start + size]
        assert piece["tables"] == whole["tables"][start : start + size] and piece["of"] == first["of"]
        assert len(zlib.compress(json.dumps(piece["figures"][:-1]).encode("utf-8"))) <= most + 300
    assert sum(len(piece["figures"]) for piece in pieces) == len(whole["figures"])


def test_parts_of_another_edition_have_another_mark(gaps: OnePage) -> None:
    marks = set()
    for edition in "one", "other":
        shown = Moves(gaps, figures={f'"{edition}"': 0, '"same"': 1}, tables=["", ""])
        first, *parts = map(json.loads, shown.told_in_parts(1))
        assert {part["of"] for part in parts} == {first["of"]}
        marks.add(first["of"])
    assert len(marks) == 2


@pytest.mark.parametrize("name", ["gaps", "kano", "sampling"])
def test_moves_that_weigh_much_are_told_in_parts_that_weigh_little(name: str) -> None:
    texts, _kinds = states.moves(name, "base", "en")
    weights = [len(zlib.compress(text.encode("utf-8"))) for text in texts]
    assert (len(texts) == 1) == (name == "gaps")
    assert max(weights) <= 1.3 * states.LIGHT
    assert ("figures" in json.loads(texts[0])) == (len(texts) == 1)


@pytest.mark.shared(2)
@pytest.mark.parametrize("name", SMALL)
def test_every_move_of_a_file_is_what_the_study_says(name: str) -> None:
    told, kinds = looked_up(name, "base", "en")
    assert kinds == {trace["type"] for figure in told["figures"] for trace in figure["data"]}
    with speaking("en"):
        explorer = states.explorer(name)
        study, first = explorer.study, states.bases(explorer)["base"][1]
        for s in settings(explorer):
            for stop, (places, values, words, *met) in zip(stops(s), moved(told, explorer, first, s), strict=True):
                try:
                    figures = study.headline(study.run(explorer.prepared, study.inputs(**{**first, s.name: stop})))
                except UserError as refusal:
                    assert not places and (words == refusal.problems or list(words.values()) == refusal.problems)
                    continue
                assert values == [m.shown(figures[key]) for key, m in study.measures.items()]
                challenges = [n for n, challenge in enumerate(of_study(name)) if reached(challenge, figures)]
                assert met == ([challenges] if challenges else [])
                assert all(0 <= place < len(told["figures"]) for place in places)
                assert len(told["tables"]) == len(told["figures"])


@pytest.mark.shared(2)
@pytest.mark.parametrize("name", STUDIES)
def test_the_stops_of_a_control_are_those_of_its_slider(name: str) -> None:
    explorer = states.explorer(name)
    for s in settings(explorer):
        found = stops(s)
        assert len(set(found)) == len(found) > 1
        if s.low is not None and s.high is not None:
            assert found[0] == s.low and found[-1] <= s.high < found[-1] + (s.step or 1)
            assert all(on_step(value, s.low, s.step or 1) and isinstance(value, s.kind) for value in found)


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", STUDIES)
def test_what_a_page_puts_up_is_declared_and_ends_no_script(name: str, lang: str) -> None:
    text = states.declared(name, lang)
    assert "<" not in text
    told = json.loads(text)
    explorer = states.explorer(name)
    assert [control["name"] for control in told["controls"]] == list(explorer.controls)
    assert told["measures"] == [m.title() for m in explorer.study.measures.values()]
    assert told["first"][1] == [value for _title, value in explorer.board.facts]
    for _name, _label, places in told["bases"]:
        assert len(places) == len(told["controls"])


def test_a_figure_that_is_rounded_to_nought_has_no_sign() -> None:
    assert [Measure("x", digits=1).shown(value) for value in (-0.04, 0.04, -0.06)] == ["0.0", "0.0", "−0.1"]
    assert Measure("x").change(0.2, -0.2) == ""
