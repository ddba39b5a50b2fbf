"""Are predictions asked that have a true, visible answer, the same in both languages, and are they kept without it?"""

import json
import re
from dataclasses import replace
from functools import cache
from math import nan
from pathlib import Path
from random import Random
from typing import Any

import pytest
from early import taken
from moved import explore

from crmlib.chapters import chapters
from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.core.inputs import Inputs, on_step
from crmlib.core.study import Measure, Study
from crmlib.explorer import prediction
from crmlib.explorer.prediction import DOWN, ROUND, SAME, UP, Effect, Question
from crmlib.learning.predict import Made, Predict, predict
from crmlib.tables.data import load

SEEDS = taken(100, 1000)
FIRST = [chapter.studies[0].name for chapter in chapters().values()]
every_study = pytest.mark.parametrize("name", STUDIES)
AnyStudy = Study[Any, Any, Any]


@cache
def prepared(name: str) -> tuple[AnyStudy, Any]:
    """Return a study that works out each state once, as its model is pure, and its data."""
    study = STUDIES[name]
    states: dict[str, dict[str, float]] = {}

    def headline(inputs: Inputs) -> dict[str, float]:
        key = inputs.model_dump_json()
        if key not in states:
            states[key] = study.headline(study.run(data, inputs))
        return states[key]

    data = study.prepare(*map(load, study.datasets))
    return replace(study, run=lambda _data, inputs: inputs, headline=headline), data


@cache
def direct(name: str, input: str = "", to: Any = None) -> dict[str, float]:
    """Return a study's headline figures, from a call that shares nothing with the predictions."""
    study = STUDIES[name]
    return study.headline(study.answer(*map(load, study.datasets), **({input: to} if input else {})))


def drawn(name: str, seed: int) -> list[Question]:
    study, data = prepared(name)
    return prediction.drawn(study, data, study.inputs(), Random(f"{name}:{seed}"))


@pytest.mark.shared(5)
@every_study
def test_many_seeds_ask_nothing_untrue_and_nothing_too_small_to_see(name: str, english: None) -> None:
    study, data = prepared(name)
    ways = set()
    for seed in range(SEEDS):
        questions = drawn(name, seed)
        assert len(set(questions)) == ROUND
        for q in questions:
            found = prediction.effect(study, data, study.inputs(), q)
            before, after = direct(name)[q.measure], direct(name, q.input, q.to)[q.measure]
            assert (found.before, found.after) == (before, after)
            assert found.way == (UP if after > before else DOWN)
            shown = study.measures[q.measure].shown
            assert shown(before) != shown(after)
            assert abs(after - before) >= 0.05 * max(abs(before), abs(after))
            ways.add(found.way)
    assert ways == {UP, DOWN}


@pytest.mark.shared(3)
@every_study
def test_both_languages_ask_the_same(name: str) -> None:
    study, data = prepared(name)
    start = study.inputs()
    for seed in range(100):
        asked = {}
        for lang in LANGUAGES:
            with speaking(lang):
                questions = drawn(name, seed)
                texts = [
                    prediction.text(start, q, prediction.effect(study, data, start, q)).replace(
                        prediction.effect(study, data, start, q).measure.title(), ""
                    )
                    for q in questions
                ]
                titles = [s.title() for s in start.settings()]
                for title in titles:
                    texts = [text.replace(f"“{title}”", "") for text in texts]
                asked[lang] = questions, [re.findall(r"(?<!\w)-?[\d,.]*\d", text) for text in texts]
        assert asked["zh"] == asked["en"]


@every_study
def test_a_move_lands_on_the_sliders_steps_inside_its_range(name: str) -> None:
    for s in STUDIES[name].inputs.settings():
        places = prediction.targets(s, s.default)
        assert places
        assert s.default not in places
        assert len(places) == len(set(places))
        for to in places:
            if s.choices or s.kind is bool:
                assert to in (s.choices or (True, False))
            else:
                assert s.low is not None and s.high is not None and s.step
                assert s.low <= to <= s.high and on_step(to, s.low, s.step)


@pytest.mark.parametrize(
    ("before", "after", "way", "visible"),
    [
        (100, 106, UP, True),
        (100, 94, DOWN, True),
        (100, 104, UP, False),  # 4 of 104
        (0.2, 0.4, SAME, False),  # both are shown as 0
        (0, 3, UP, True),
        (-8, -17, DOWN, True),
        (nan, 3, SAME, False),
        (5, 5, SAME, False),
    ],
)
def test_what_is_too_small_to_see(before: float, after: float, way: int, visible: bool) -> None:
    found = Effect(Measure("x"), before, after)
    assert found.visible is visible
    if before == before:
        assert found.way == way


# The card -----------------------------------------------------------------------------------------------------------


def made(name: str, **inputs: Any) -> Predict:
    return predict(explore(name, **inputs), seed=3)


def covered(card: Predict) -> bool:
    return card.explorer not in card.children


def press(card: Predict, way: int | None, size: str = "") -> None:
    """Choose, type and press the button, as the page does."""
    card._ways.value, card._size.value = way, size
    card._tools.children[0].click()


@pytest.mark.parametrize("name", FIRST)
def test_the_explorer_is_covered_until_the_student_commits_and_is_then_moved_there(
    name: str, lang: str, student: None
) -> None:
    card = made(name)
    assert covered(card)
    press(card, None)
    assert covered(card) and card._said.value
    press(card, UP, "lots")
    assert covered(card) and not card.kept.made
    asked = card.question
    assert asked
    found = prediction.effect(card.explorer.study, card.explorer.prepared, card.explorer.initial, asked)
    press(card, found.way, f"{found.size:.{found.measure.digits}f}")
    assert not covered(card)
    assert card.explorer.study.headline(card.explorer.result) == direct(name, asked.input, asked.to)
    assert card.explorer.inputs.changes() == {asked.input: asked.to}
    said = card._said.value
    for value in (found.before, found.after):
        assert found.measure.shown(value) in said
    assert "crm-right" in said and "crm-wrong" not in said
    assert next(s for s in card.explorer.inputs.settings() if s.name == asked.input).title() in said
    card._next.click()
    assert covered(card) and card.question != asked


def test_a_wrong_way_and_a_size_that_is_off_are_told(english: None) -> None:
    card = made("bank_tiers")
    asked = Question("lgd", 0.9, "expected_loss")
    told = {
        (DOWN, 1.0): ("crm-wrong", "the other way"),
        (UP, 60_000.0): ("crm-right", "That is close"),
        (UP, 10.0): ("crm-right", "larger than you thought"),
        (UP, 600_000.0): ("crm-right", "smaller than you thought"),
        (SAME, None): ("crm-wrong", "It moves by"),
    }
    for (way, size), wanted in told.items():
        said = card.told(Made(asked, way, size, "2026-01-31"))
        assert all(part in said for part in wanted), said
        assert "from 0.45 to 0.9" in said
        # EL = PD × LGD × EAD: twice the LGD is twice the loss.
        assert "63,037" in said and "126,075" in said


def test_one_press_skips_all_and_it_stays_open_when_the_cell_runs_again(lang: str, student: None) -> None:
    card = made("bank_tiers")
    card._skip.click()
    assert not covered(card)
    again = made("bank_tiers")
    assert not covered(again)
    again._next.click()
    assert covered(again)
    again._skip.click()
    assert not covered(again)


def test_what_was_predicted_is_remembered_and_the_truth_is_not(
    english: None, student: None, own_progress: Path
) -> None:
    card = made("bank_tiers")
    press(card, UP, "7")
    again = made("bank_tiers")
    assert again.kept == card.kept
    assert not covered(again)
    assert again._said.value == card._said.value
    stored = json.loads(own_progress.with_name("memory.json").read_text("utf-8"))[card.memory]
    assert set(stored) == {"made", "skipped"}
    (one,) = stored["made"]
    assert set(one) == {"question", "way", "size", "day"} and set(one["question"]) == {"input", "to", "measure"}


def test_two_windows_on_one_explorer_keep_what_is_predicted_in_either(english: None, student: None) -> None:
    one, other = made("bank_tiers"), made("bank_tiers")
    other.skip()
    one.commit(UP)
    assert made("bank_tiers").kept.skipped
    other.ask()
    other.commit(DOWN)  # the same question: it counts once
    other.ask()
    other.commit(DOWN)
    one.ask()
    one.commit(SAME)
    found = made("bank_tiers").kept
    assert [guess.way for guess in found.made] == [DOWN, SAME]
    assert len({guess.question for guess in found.made}) == 2 and found.skipped


def test_a_round_ends_with_how_many_went_the_way_that_was_said(english: None, student: None) -> None:
    card = made("loyalty")
    for _n in range(ROUND):
        if not card.asking:
            card._next.click()
        press(card, SAME)
    assert "in 0 of 3 predictions" in card._said.value
    card._next.click()
    assert card.asking and card.question not in [one.question for one in card.kept.made]


def test_a_question_that_the_study_no_longer_has_is_forgotten(english: None, student: None, own_progress: Path) -> None:
    card = made("bank_tiers")
    press(card, UP)
    file = own_progress.with_name("memory.json")
    file.write_text(file.read_text("utf-8").replace(f'"{card.kept.made[0].question.measure}"', '"gone"'), "utf-8")
    assert covered(made("bank_tiers"))


def test_own_data_change_the_truth(english: None) -> None:
    card = made("bank_tiers")
    loans = load("bank_loans")
    half = loans[loans["firm_id"] < "SZ1000"]
    small = predict(explore("bank_tiers", half), seed=3)
    asked = Question("lgd", 0.9, "expected_loss")
    assert card.told(Made(asked, UP, None, "")) != small.told(Made(asked, UP, None, ""))


def test_without_a_kernel_the_first_figure_is_shown_and_nothing_of_a_prediction(lang: str) -> None:
    card = made("bank_tiers")
    bundle = card._repr_mimebundle_()
    assert card.without_kernel() == card.explorer.without_kernel()
    assert bundle["text/plain"] == repr(card.explorer)
    kept = {kind: content for kind, content in bundle.items() if "widget" not in kind}
    assert kept == {"text/plain": repr(card.explorer), **card.explorer.without_kernel()}


def test_a_refused_value_is_passed_over(english: None) -> None:
    study, _data = prepared("bank_tiers")
    with pytest.raises(UserError):
        study.inputs(key_from=95)
    asked = {q.to for seed in range(200) for q in drawn("bank_tiers", seed) if q.input == "gold_from"}
    assert asked and min(asked) > study.inputs().key_from
