"""Does the game reward what the course teaches? Policies on many markets, and the debriefing.

Here 100 markets, or 25 where many policies are played; ``bench/bench_game.py`` plays the same on 1,000.
"""

import numpy as np
import pytest

from crmlib.formulas.arrays import Floats
from crmlib.game import debrief, hindsight
from crmlib.game.debrief import Effect, beliefs, effects
from crmlib.game.decisions import LEVERS, NOTHING, PLACE, QUARTERS, Decisions, decided, plan
from crmlib.game.engine import play
from crmlib.game.market import draw, draw_all
from crmlib.game.policies import NEVER, POLICIES, WRONG, at_random, single, steady
from crmlib.game.score import score

MANY, SOME = draw_all(range(100)), draw_all(range(25))
SENSIBLE = POLICIES["sensible"].play
assert isinstance(SENSIBLE, np.ndarray)


@pytest.fixture(scope="module")
def yardstick() -> Floats:
    return score(play(MANY, SENSIBLE)).value


@pytest.mark.parametrize("name", NEVER)
def test_it_never_wins_against_the_sensible_policy(name: str, yardstick: Floats) -> None:
    assert (score(play(MANY, POLICIES[name].play)).value < yardstick).all()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_belief_costs_money_on_nearly_every_market(name: str, yardstick: Floats) -> None:
    values = score(play(MANY, POLICIES[name].play)).value
    assert values.mean() < yardstick.mean() - 200
    assert (values < yardstick).mean() >= 0.98


@pytest.mark.parametrize("lever", LEVERS)
def test_no_lever_alone_is_best(lever: str, yardstick: Floats) -> None:
    for rows in single(lever).values():
        assert (score(play(SOME, rows)).value < yardstick[: SOME.games]).all()


def test_a_random_policy_is_far_from_the_sensible_one(yardstick: Floats) -> None:
    values = np.stack([score(play(SOME, at_random(seed))).value for seed in range(12)])
    nothing = score(play(SOME, steady({}))).value
    points = 100 * (values - nothing) / (yardstick[: SOME.games] - nothing)
    assert points.mean() < 60 and points.max() < 100


def test_teams_differ_by_skill_more_than_by_luck() -> None:
    assert debrief.skill_share(teams=16, seeds=12) > 0.7


def test_a_team_that_decides_better_does_better() -> None:
    """The mean over four seeds of drawn teams rises with their skill from a quarter to a quarter."""
    means = [
        np.mean([score(play(SOME, at_random(seed, skill))).value.mean() for seed in range(4)])
        for skill in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    assert means == sorted(means)


def test_help_makes_better_records_than_control_and_records_need_somebody_to_enter_them() -> None:
    known = {name: play(SOME, POLICIES[name].play).known.mean() for name in ("sensible", "control", "software")}
    assert known["control"] < known["software"] < known["sensible"]


def test_a_report_that_is_worth_nothing_costs_its_price() -> None:
    market = draw(1)
    with_, without = (
        float(score(play(market, plan([Decisions(report=report)] * QUARTERS))).value[0])
        for report in ("outlook", "none")
    )
    assert without - with_ == pytest.approx(25 * sum(1.03**-n for n in range(1, QUARTERS + 1)))


# Debriefing -----------------------------------------------------------------------------------------------------------


def test_an_effect_is_the_same_game_without_the_decision() -> None:
    market, rows = draw(11), plan([Decisions(training=10, module="base"), *[Decisions(service_a=2)] * 7])
    found = effects(market, rows)
    without = rows.copy()
    without[0, PLACE["training"]] = 0
    gain = float(score(play(market, rows)).value[0] - score(play(market, without)).value[0])
    assert next(one for one in found if one.lever == "training" and one.quarter == 1).gain == pytest.approx(gain)
    assert {(one.lever, one.quarter) for one in found if one.lever != "service_a"} == {
        ("module", 0), ("module", 1), ("training", 0), ("training", 1),
    }  # fmt: skip
    assert [one.quarter for one in sorted(found, key=lambda one: one.quarter) if one.lever == "service_a"] == [
        0,
        *range(2, 9),
    ]
    assert [one.gain for one in found] == sorted((one.gain for one in found), reverse=True)


def test_who_decided_nothing_has_no_effects() -> None:
    assert effects(draw(1), np.repeat(NOTHING[None], QUARTERS, axis=0)) == []


def test_the_beliefs_are_all_played_and_points_go_from_nothing_to_the_yardstick() -> None:
    market = draw(12)
    values = beliefs(market)
    assert set(values) == set(POLICIES)
    assert debrief.index(values["nothing"], debrief.ends(values)) == 0
    assert debrief.index(values["sensible"], debrief.ends(values)) == pytest.approx(100)


def test_the_states_of_a_game_are_those_of_its_plan() -> None:
    rows = [decided(row) for row in SENSIBLE]
    states = debrief.played(draw(13), rows)
    assert [state.quarter for state in states] == list(range(QUARTERS + 1))
    assert score(states[-1]).value == score(play(draw(13), SENSIBLE)).value


def test_the_search_gains_in_every_round_and_its_plan_has_the_value_it_says() -> None:
    best = hindsight.search(draw(14), SENSIBLE, rounds=2)
    assert list(best.path) == sorted(set(best.path)) and len(best.path) == 3
    assert float(hindsight.values(draw(14), best.plan[None])[0]) == best.value == best.path[-1]
    for row in best.plan:
        decided(row)


def test_the_search_ends_where_no_single_change_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a game that is worth what is spent on training, it trains as much as can be, and then stops."""
    monkeypatch.setattr(hindsight, "values", lambda _market, plans: plans[:, :, PLACE["training"]].sum(axis=1))
    best = hindsight.search(draw(1), steady({}))
    assert (best.plan[:, PLACE["training"]] == 60).all() and best.value == 480
    assert (np.delete(best.plan, PLACE["training"], axis=1) == np.delete(steady({}), PLACE["training"], axis=1)).all()


def test_an_effect_says_its_quarter(english: None) -> None:
    assert debrief.said_of(Effect("training", 3, 1.0)) == "Training and help (10,000 yuan), quarter 3"
    assert debrief.said_of(Effect("service_a", 0, 1.0)) == "Relationship type, tier A, all quarters"
