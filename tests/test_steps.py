"""Do the steps of a worked solution hold: what each gives, what it needs, and what follows from a wrong one?"""

import re

import pytest
from each import each
from early import taken
from exercises import BANKED, draw

from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.items import steps
from crmlib.items.steps import NUMBER, Step

COMPUTED = [name for name in BANKED if not draw(name, 0).options]
SEEDS = range(taken(20, 100))


def read(name: str, seed: int, lang: str = "en") -> list[Step]:
    with speaking(lang):
        return steps.read(draw(name, seed).steps)


@each("name", COMPUTED)
def test_every_computed_exercise_has_steps_that_give_what_they_say_in_both_languages(name: str) -> None:
    for seed in SEEDS:
        seen = []
        for lang in LANGUAGES:
            with speaking(lang):
                e = draw(name, seed)
            found = steps.read(e.steps)
            assert len(found) > 1 and steps.blanks(found)
            assert steps.glued(e.steps, lang) == e.worked
            for place in steps.blanks(found):
                step = found[place]
                assert step.before + step.given + step.after == step.text
                assert any(step.near(value) for value in steps.following(found, place, {})), step
            seen.append([(NUMBER.sub("0", s.side), bool(s.given), s.percent) for s in found])
            seen.append([steps.needs(found, place) for place in range(len(found))])
        assert seen[:2] == seen[2:], seed


@each("name", COMPUTED)
def test_the_last_number_computed_is_the_key_unless_the_key_is_counted(name: str) -> None:
    for seed in SEEDS:
        e, found = draw(name, seed), read(name, seed)
        given = [found[place] for place in steps.blanks(found)]
        counted = e.answer == int(e.answer) and (f"{e.answer:g}" in e.worked or f"{e.answer:,.0f}" in e.worked)
        assert counted or given[-1].near(e.answer), seed


@each("name", COMPUTED)
def test_the_written_order_is_one_that_can_be_done_and_the_reverse_is_not(name: str) -> None:
    for seed in SEEDS:
        found = read(name, seed)
        assert steps.in_order(found, range(len(found)))
        assert not steps.in_order(found, range(len(found))[::-1])


@each("name", COMPUTED)
def test_no_open_step_is_told_by_another_one(name: str) -> None:
    for seed in SEEDS:
        found = read(name, seed)
        for blank in steps.blanks(found):
            places = steps.opened(found, blank)
            shown = [steps.hidden(found, places, s.text) for n, s in enumerate(found) if n not in places]
            shown += [steps.hidden(found, places, found[n].before) for n in places]
            for place in places:
                assert found[place].given not in steps.NUMBER.findall(" ".join(shown)), (seed, found[place])


def test_what_follows_from_a_wrong_number() -> None:
    found = steps.read(["With us 2,800 − 1,000 = 1,800;", "in all 1,800 + 3,200 = 5,000;", "1,800 ÷ 5,000 = 36.0%."])
    assert [s.given for s in found] == ["1,800", "5,000", "36.0"]
    assert steps.opened(found, 0) == [0, 1, 2]
    assert steps.opened(found, 1) == [1, 2]
    assert 6000 in steps.following(found, 1, {0: 2800})  # 2,800 + 3,200
    assert 70.0 in steps.following(found, 2, {0: 2800, 1: 4000})  # 2,800 ÷ 4,000
    assert steps.hidden(found, [0], found[2].text) == "… ÷ 5,000 = 36.0%."


def test_a_number_that_happens_to_be_written_alike_is_read_either_way() -> None:
    found = steps.read(["9 − 4 = 5;", "5 × 5 = 25."])  # the second five is another one
    assert {6.0 * 6, 6.0 * 5} == set(steps.following(found, 1, {0: 6.0}))


def test_a_percentage_carried_forward_stays_one() -> None:
    found = steps.read(["100% − 74% = 26%;", "26% × 75% = 19.50%."])
    assert [s.percent for s in found] == [True, True]
    assert 22.5 in [round(value, 9) for value in steps.following(found, 1, {0: 30.0})]


def test_a_chain_of_equations_is_worked_out_from_the_line_before() -> None:
    found = steps.read(["z·√(L·σd²)", "= 2.33 × √(7 × 45²)", "= 2.33 × √14,175", "= 277.4."])
    assert [s.given for s in found] == ["", "", "", "277.4"]
    assert found[3].side == "2.33 × √14,175"
    assert [steps.needs(found, n) for n in range(4)] == [set(), {0}, {1}, {2}]


@pytest.mark.parametrize(
    ("side", "value"),
    [("1 + 2 × 3", 7), ("(1 + 2) × 3", 9), ("√(3² + 4²)", 5), ("50% × 1,200", 600), ("7 − −3", 10)],
)
def test_plain_arithmetic(side: str, value: float) -> None:
    assert steps.worked_out(side) == pytest.approx(value)


@pytest.mark.parametrize("side", ["__import__('os')", "1 ÷ 0", "a + 1", "", "9 and 2", "sqrt(1, x=2).real", "2²²²²² +"])
def test_what_is_no_arithmetic_is_refused(side: str) -> None:
    with pytest.raises(ValueError):
        steps.worked_out(side)


def test_an_order_in_which_two_steps_change_places_counts_if_neither_needs_the_other() -> None:
    found = steps.read(["2 × 3 = 6;", "4 + 5 = 9;", "6 ÷ 9 = 0.67."])
    assert steps.in_order(found, [1, 0, 2]) and not steps.in_order(found, [0, 2, 1])
    alone = steps.read(["2 × 3 = 6;", "7 + 8 = 15."])
    assert steps.in_order(alone, [0, 1]) and not steps.in_order(alone, [1, 0])


def test_steps_are_written_in_place_of_the_worked_solution_not_beside_it(english: None) -> None:
    from pydantic import ValidationError

    from crmlib.items.item import Drawing

    both = {"zh": "1 + 1 = 2。", "en": "1 + 1 = 2."}
    text = {"generator": "x", "stem": both, "replies": {"y": both}}
    made = Drawing.model_validate({**text, "steps": [both, both]})
    assert made.worked is not None
    assert (made.worked.zh, made.worked.en) == ("1 + 1 = 2。1 + 1 = 2。", "1 + 1 = 2. 1 + 1 = 2.")
    assert Drawing.model_validate(made.model_dump()).worked == made.worked
    with pytest.raises(ValidationError, match=re.escape("write “worked” or “steps”, not both.")):
        Drawing.model_validate({**text, "worked": both, "steps": [both, both]})
