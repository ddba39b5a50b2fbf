"""From worked to own: is each exercise met in five ways, is a wrong step carried forward, is nothing told too early?"""

import re

import ipywidgets as w
import pytest
from exercises import BANKED, chapter, draw

from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.items import prose, steps
from crmlib.items.bank import bank
from crmlib.learning import progress
from crmlib.learning.cards import Ask
from crmlib.learning.ladder import OWN, WAYS, Ladder, ways

COMPUTED = [name for name in BANKED if not draw(name, 0).options]
MISTAKEN = [name for name in COMPUTED if len({wrong.misconception for wrong in draw(name, 0).distractors}) > 1]
WORDS = [name for name in BANKED if draw(name, 0).options and not draw(name, 0).steps]
STEPPED = [name for name in BANKED if draw(name, 0).options and draw(name, 0).steps]


def asked(name: str, seed: int = 0) -> Ask:
    topic, _dot, short = name.partition(".")
    found: Ask = chapter(topic).ask(short, seed)
    return found


def ladder(ask: Ask) -> Ladder:
    (found,) = [part for part in ask.children if isinstance(part, Ladder)]
    return found


def texts(rung: Ladder) -> str:
    """Return all that the page is given of a rung."""
    shown = [*(part.value for part in rung.children if isinstance(part, w.HTML))]
    shown += [f"{field.label} {field.unit} {field.value}" for field in rung.fields.values()]
    return " ".join(shown + list(rung.order.shown if rung.order else ()))


def blank(name: str, wanted: int, seed: int = 0) -> Ladder:
    """Return a rung on which so many steps are open."""
    for turn in range(60):
        rung = Ladder(draw(name, seed), "blank", turn, "q")
        if len(rung.fields) == wanted:
            return rung
    raise AssertionError(name)


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", COMPUTED)
def test_every_computed_exercise_is_met_in_five_ways_in_both_languages(name: str, lang: str) -> None:
    ask = asked(name)
    assert [way for _label, way in ask._way.options] == [way for way in WAYS if way in ways(draw(name, 0))]
    assert ask._way in ask._tools.children and ask._way.value == OWN
    assert not any(isinstance(part, Ladder) for part in ask.children)
    for way in [way for _label, way in ask._way.options if way != OWN]:
        ask._way.value = way
        rung = ladder(ask)
        assert rung.way == way
        assert ask._field.layout.display == "none"
        assert way != "worked" or all(prose.html(step.text) in rung.children[0].value for step in rung.steps)
    ask._way.value = OWN
    assert ask._field.layout.display is None and len(ask.children) == 4


@pytest.mark.parametrize("name", WORDS)
def test_a_choice_among_words_has_no_steps(name: str, english: None) -> None:
    ask = asked(name)
    assert ask._way not in ask._tools.children and len(ask.children) == 4


@pytest.mark.parametrize("name", STEPPED)
def test_a_choice_among_words_with_steps_asks_for_no_mistake(name: str, english: None) -> None:
    """A way that another exercise was met in does not hold here."""
    ask = asked(name)
    assert [way for _label, way in ask._way.options] == [way for way in WAYS if way != "why"]
    ask._way.value = "worked"
    assert ladder(ask).way == "worked"


@pytest.mark.shared(2)
@pytest.mark.parametrize("name", COMPUTED)
def test_the_right_numbers_earn_every_open_step_and_nothing_tells_them_before(name: str, lang: str) -> None:
    for seed in range(12):
        rung = Ladder(draw(name, seed), "blank", seed, "q")
        assert rung.fields
        for place in rung.fields:
            assert rung.steps[place].given not in steps.NUMBER.findall(re.sub(r"(?<!\d)\d\. ", "", texts(rung)))
        for place, field in rung.fields.items():
            field.value = rung.steps[place].given
        rung.check()
        assert rung._said.value.count("crm-right") == len(rung.fields)
        assert "crm-wrong" not in rung._said.value


def test_a_wrong_step_carried_forward_earns_what_follows(english: None) -> None:
    """With us 2,800 − 1,000 = 1,800; in all 1,800 + 2,400 + 800 = 5,000; 1,800 ÷ 5,000 = 36.00%."""
    rung = blank("loyalty.wallet", 3)
    assert [step.given for step in rung.steps] == ["1,800", "5,000", "36.00"]
    for place, typed in enumerate(("2800", "6000", "46.67")):  # 2,800 + 2,400 + 800; 2,800 ÷ 6,000
        rung.fields[place].value = typed
    rung.check()
    said = rung._said.value
    assert "Step 1: not yet." in said and "2 of 3 steps earned." in said
    assert "Step 2: follows from your number" in said and "Step 3: follows from your number" in said
    rung.fields[2].value = "40"
    rung.check()
    assert "1 of 3 steps earned." in rung._said.value and "Step 3: not yet." in rung._said.value


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", COMPUTED)
def test_what_follows_from_any_wrong_number_counts(name: str, english: None) -> None:
    """The rest is worked out from a number that is wrong by a third; only the step itself is lost."""
    for seed in range(12):
        rung = Ladder(draw(name, seed), "blank", seed, "q")
        first, *later = rung.fields
        mine = {first: rung.steps[first].value * 4 / 3 + 1}
        for place in later:
            mine[place] = next(steps.following(rung.steps, place, mine))
        for place, value in mine.items():
            rung.fields[place].value = f"{value:.9f}"
        rung.check()
        assert f"Step {first + 1}: not yet." in rung._said.value
        assert f"{len(later)} of {len(mine)} step" in rung._said.value, rung._said.value


@pytest.mark.parametrize("typed", ["", "eight"])
def test_what_is_no_number_is_said_and_nothing_is_judged(typed: str, english: None) -> None:
    rung = blank("loyalty.wallet", 3)
    rung.fields[0].value = typed
    rung.check()
    assert rung._said.value and "Step 1" not in rung._said.value


@pytest.mark.shared(2)
@pytest.mark.parametrize("name", COMPUTED)
def test_steps_begin_out_of_order_and_are_right_once_they_are_in_it(name: str, lang: str) -> None:
    rung = Ladder(draw(name, 3), "order", 3, "q")
    assert rung.order
    rung.check()
    assert "crm-wrong" in rung._said.value
    rung.order.hear({"turn": rung.order.turn, "number": 1, "order": list(range(len(rung.steps)))})
    rung.check()
    assert "crm-right" in rung._said.value


@pytest.mark.parametrize("order", [[0, 0, 1], [0, 1], "012", None, [0, 1, 5], ["a", 1, 2]])
def test_an_order_that_is_none_is_not_taken(order: object, english: None) -> None:
    rung = Ladder(draw("loyalty.wallet", 3), "order", 3, "q")
    assert rung.order
    before = list(rung.order.value)
    rung.order.hear({"turn": rung.order.turn, "number": 1, "order": order})
    assert list(rung.order.value) == before


@pytest.mark.shared(6)
@pytest.mark.parametrize("name", COMPUTED)
def test_both_languages_leave_the_same_step_blank_and_mix_alike(name: str) -> None:
    for seed in range(12):
        seen = []
        for lang in LANGUAGES:
            with speaking(lang):
                e = draw(name, seed)
                order = Ladder(e, "order", seed, "q").order
                assert order
                seen.append((list(Ladder(e, "blank", seed, "q").fields), list(order.value)))
        assert seen[0] == seen[1]


def test_whoever_has_seen_the_steps_gets_other_numbers_and_no_attempt_is_counted(student: None, english: None) -> None:
    ask = asked("tiers.weighted_score", 5)
    before = ask.exercise
    ask._way.value = "worked"
    assert ask.exercise == before
    ask._way.value = OWN
    assert ask.exercise.question != before.question and not ask.kept.answered
    assert progress.attempts(progress.progress_file())[0] == []


def test_the_way_is_remembered_for_each_exercise(student: None, lang: str) -> None:
    asked("tiers.weighted_score", 5)._way.value = "order"
    assert asked("tiers.weighted_score", 5)._way.value == "order"
    assert asked("tiers.expected_loss", 5)._way.value == OWN


def test_another_language_keeps_the_way_and_its_names_follow(english: None) -> None:
    ask = asked("tiers.weighted_score")
    ask._way.value = "worked"
    ask.speak("zh")
    assert ask._way.value == "worked" and ask._way.options[0][0] == "完整解答"
    assert "权重之和" in texts(ladder(ask))


def test_another_one_like_this_has_steps_of_its_own(english: None) -> None:
    ask = asked("tiers.weighted_score")
    ask._way.value = "worked"
    before = texts(ladder(ask))
    ask._another.click()
    assert texts(ladder(ask)) != before
    assert ask.seed == 1


def mistaken(name: str, seed: int) -> Ladder:
    made = bank()
    item = made.items[name]
    return Ladder(draw(name, seed), "why", seed, "q", lambda one: made.misconception(item, one))


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", MISTAKEN)
def test_the_mistake_that_leads_to_a_wrong_answer_is_found(name: str, lang: str) -> None:
    """The answer shown is what the mistake leads to; every other one would give another number."""
    for seed in range(12):
        e = draw(name, seed)
        if "why" not in ways(e):
            continue  # all that is wrong of these numbers comes of one misconception
        rung = mistaken(name, seed)
        assert 2 <= len(set(rung.choice.shown)) == len(rung.mistakes) <= 4
        said = {}
        for place in range(len(rung.mistakes)):
            rung.choice.value = place
            rung.check()
            said[place] = rung._said.value
        (right,) = [place for place, told in said.items() if "crm-right" in told]
        key = rung.mistakes[0]
        assert e.check(key.answer).misconception == key.misconception
        assert prose.html(key.reply) in said[right]
        wrong = {told for place, told in said.items() if place != right}
        assert len(wrong) == len(rung.mistakes) - 1 and all("crm-wrong" in told for told in wrong)


def test_a_mistake_must_be_chosen_first(english: None) -> None:
    rung = mistaken("tiers.gini", 0)
    rung.check()
    assert "Give an answer first." in rung._said.value
