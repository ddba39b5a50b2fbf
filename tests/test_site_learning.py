"""Predictions, questions, mock exams and cards of the site: what the notebook asks, and nothing of the exam's."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from moved import explore, looked_up, unpacked

from crmlib.chapters import chapters
from crmlib.chapters.studies import STUDIES
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.core.numbers import times
from crmlib.exams.blueprint import blueprint
from crmlib.explorer import prediction
from crmlib.explorer.states import stops
from crmlib.items import bank as banks
from crmlib.items import prose
from crmlib.items.bank import bank
from crmlib.items.challenges import of_study
from crmlib.items.item import KINDS
from crmlib.learning.challenge import Challenges
from crmlib.learning.flashcards import faces
from crmlib.plotting.theme import safe
from crmlib.site import build, challenges, practising, predictions, questions, states
from crmlib.site.pages import sheet
from crmlib.support.strict_yaml import Texts

TOPIC = "satisfaction"


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", STUDIES)
def test_three_predictions_at_least_stand_before_an_explorer_and_land_on_its_stops(name: str) -> None:
    one, both = states.explorer(name), []
    for lang in ("zh", "en"):
        with speaking(lang):
            both.append(json.loads(predictions.told(name)))
    asked = predictions.asked(name)
    assert len(asked) == len(both[0]) == len(both[1]) >= prediction.ROUND
    for (question, true), zh, en in zip(asked, *both, strict=True):
        assert true.visible and true.way in (prediction.UP, prediction.DOWN)
        assert [zh[key] for key in ("input", "stop", "way", "size")] == [
            en[key] for key in ("input", "stop", "way", "size")
        ]
        setting = one.initial.setting_of(question.input)
        assert stops(setting)[en["stop"]] == question.to
        after = one.study.headline(one.study.run(one.prepared, one.initial.replace(**{question.input: question.to})))
        assert en["after"] == after[question.measure]
        assert len(en["said"]) == 3 and "<" not in json.dumps(en["cause"])


@pytest.mark.shared(2)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_challenges_stand_below_an_explorer_as_in_the_notebook(lang: str) -> None:
    with speaking(lang):
        for name, study in STUDIES.items():
            told = json.loads(challenges.told(name))
            assert told["inputs"] == [s.name for s in study.inputs.settings()]
            assert [one["id"] for one in told["asked"]] == [one.id for one in of_study(name)]
            if told["asked"]:
                below = Challenges(explore(name))._list.value
                assert all(safe(one["asked"]) in below for one in told["asked"])


def test_a_state_says_which_challenges_its_figures_reach() -> None:
    (challenge,) = of_study("pareto")
    one = states.explorer("pareto")
    told, _kinds = looked_up("pareto", "base", "en")
    assert len(told["first"]) == 3
    s = one.initial.setting_of("top")
    for stop, state in zip(stops(s), told["moved"]["top"], strict=True):
        inputs = one.initial.replace(top=stop)
        share = one.study.headline(one.study.run(one.prepared, inputs))["top_share"]
        assert state[3:] == ([[0]] if 79.5 <= share <= 80.5 else []), stop
    assert (challenge.goal["top_share"].least, challenge.goal["top_share"].most) == (79.5, 80.5)
    assert [0] in [state[-1] for state in told["moved"]["top"]]


def in_yuan(id: str, key: float | None) -> float | None:
    """Return the English key of an item by the Chinese one: English asks for yuan where Chinese asks for 万元."""
    unit = getattr(bank().item(id), "unit", None)
    return key if key is None or unit is None else pytest.approx(key * times(unit.zh, unit.en))


@pytest.mark.shared(2)
@pytest.mark.parametrize("topic", list(chapters()))
def test_practice_has_every_item_that_students_practise_with_in_both_languages(topic: str) -> None:
    both = []
    for lang in LANGUAGES:
        with speaking(lang):
            both.append(json.loads(questions.practice(topic)))
    zh, en = both
    assert [one["id"] for one in zh] == [one["id"] for one in en]
    assert {one["id"] for one in en} == {item.id for item in bank().of(topic)}
    assert {one["kind"] for one in en} <= set(KINDS)
    for one, other in zip(zh, en, strict=True):
        assert len(one["drawn"]) == len(other["drawn"]) >= 1
        if one["kind"] not in ("short", "term", "essay", "case", "tfc"):
            assert [this["seed"] for this in one["drawn"]] == list(range(len(one["drawn"])))
        for this, that in zip(one["drawn"], other["drawn"], strict=True):
            assert [this.get(name) for name in ("keys", "seed")] == [that.get(name) for name in ("keys", "seed")]
            assert that.get("key") == in_yuan(one["id"], this.get("key"))
            assert this["question"] and (this.get("solution") or this.get("model"))


def test_a_mock_exam_has_the_shape_of_its_blueprint_and_is_the_same_in_both_languages() -> None:
    plan, papers = blueprint(questions.MOCK), []
    for n in range(questions.PAPERS):
        both = []
        for lang in LANGUAGES:
            with speaking(lang):
                both.append(json.loads(questions.mock(n)))
        zh, en = ([one for part in paper["parts"] for one in part["questions"]] for paper in both)
        assert [one["id"] for one in zh] == [one["id"] for one in en]
        assert [one.get("key") for one in en] == [in_yuan(one["id"], one.get("key")) for one in zh]
        for part, section in zip(both[1]["parts"], plan.sections, strict=True):
            assert {one["kind"] for one in part["questions"]} <= set(section.kinds)
            assert sum(one["points"] for one in part["questions"]) == section.points
        papers.append(tuple(one["id"] for one in en))
    assert len(set(papers)) == questions.PAPERS


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Texts]]:
    """Mark three items of a chapter for exams; yield what they ask."""
    shutil.copytree(banks.ITEMS, tmp_path / "items")
    file = tmp_path / "items" / f"{TOPIC}.yaml"
    items = [next(item for item in bank().of(TOPIC) if item.type == kind) for kind in ("mcq", "tf", "short")]
    text = file.read_text("utf-8")
    for item in items:
        text = text.replace(f"- id: {item.id}\n", f"- id: {item.id}\n  use: exam\n")
    file.write_text(text, "utf-8")
    monkeypatch.setattr(banks, "ITEMS", tmp_path / "items")
    bank.cache_clear()
    assert {item.id for item in items}.isdisjoint(bank().items)
    yield [item.stem for item in items]
    bank.cache_clear()


def test_an_item_marked_for_exams_never_reaches_the_site(planted: list[Texts]) -> None:
    assert len(planted) == 3
    for lang in LANGUAGES:
        told = [unpacked(text) for name, text in practising.files(lang, [TOPIC]) if not name.startswith("cards")]
        told += [unpacked(text) for _name, text in build._exercises(lang, [sheet("03_satisfaction", lang, moving=())])]
        assert len(told) == 2 + questions.PAPERS
        for stem in planted:
            asked = json.dumps(prose.html(getattr(stem, lang)), ensure_ascii=False)[1:-1]
            assert not any(asked in text for text in told)


def test_what_an_exam_item_would_look_like_is_found_where_it_is_not_marked() -> None:
    stem = next(item.stem for item in bank().of(TOPIC) if item.type == "tf")
    with speaking("en"):
        assert json.dumps(prose.html(str(stem)), ensure_ascii=False)[1:-1] in questions.practice(TOPIC)


@pytest.mark.shared(2)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_cards_are_those_of_the_notebook(lang: str) -> None:
    ((name, text),) = [pair for pair in practising.files(lang, [TOPIC]) if pair[0].startswith("cards")]
    assert name == f"cards/{lang}.js"
    with speaking(lang):
        wanted = [list(face) for face in faces(chapters()[TOPIC])]
    assert json.loads(text.removeprefix("globalThis.crmCards = ").rstrip(";\n")) == {TOPIC: wanted}
