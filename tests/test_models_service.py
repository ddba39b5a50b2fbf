"""Blueprint and choice of a survey: each formula against a published figure or by hand, and what always holds."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from crmlib.chapters.satisfaction.models import blueprint, sampling
from crmlib.core.errors import DataError
from crmlib.formulas.arrays import Floats
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)
NAN = float("nan")


def steps(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a blueprint of steps that fail in 10% and have no measure, save for what is said."""
    plain = {"zone": "front", "failure": 0.1, "recovered": 0.0, "measure": "", "cost": NAN, "cut": NAN}
    every = [{"step_id": f"S{n}", "step": f"step {n}", **plain, **row} for n, row in enumerate(rows)]
    return pd.DataFrame(every)


def journey(*rows: dict[str, Any], **inputs: Any) -> blueprint.Journey:
    return blueprint.run(blueprint.prepare(steps(*rows)), blueprint.BlueprintRule(**inputs))


# Blueprint ------------------------------------------------------------------------------------------------------------


def test_twenty_steps_that_are_each_98_percent_sure() -> None:
    """0.98 to the power of 20 is 0.6676: two journeys in three."""
    assert blueprint.success(np.full(20, 0.02)) == pytest.approx(0.66761, abs=5e-6)


def test_a_step_spoils_the_journey_if_it_fails_and_is_not_recovered() -> None:
    """0.12 × 0.8 = 0.096; twice as busy 0.192; with half of the rest recovered 0.048; never above 1 × 0.8."""
    p, r = np.array([0.12]), np.array([0.2])
    assert blueprint.spoiled(p, r) == pytest.approx([0.096])
    assert blueprint.spoiled(p, r, busy=2) == pytest.approx([0.192])
    assert blueprint.spoiled(p, r, recovery=0.5) == pytest.approx([0.048])
    assert blueprint.spoiled(np.array([0.9]), r, busy=3) == pytest.approx([0.8])


def test_the_gain_of_a_measure_by_hand() -> None:
    """20,000 × 40 × 0.75 × 6% × 50% = 18,000."""
    found = blueprint.gains(np.array([0.06, 0.25]), np.array([0.5, NAN]), 20_000 * 40)
    assert found[0] == pytest.approx(18_000) and np.isnan(found[1])


def test_a_step_that_always_fails_divides_by_nothing() -> None:
    found = blueprint.gains(np.array([1.0, 1.0]), np.array([0.5, 0.5]), 1000)
    assert found.tolist() == [0.0, 0.0]
    j = journey({"failure": 1.0, "measure": "m", "cost": 10.0, "cut": 1.0}, {})
    assert j.now == 0 and j.then == pytest.approx(0.9)


def test_the_best_set_is_not_the_greedy_one() -> None:
    """A brings 10.6 a yuan, b and c 10.4 each; but a leaves no money for either, and b and c together bring more."""
    rows = [
        {"failure": 0.10, "measure": "a", "cost": 5_500.0, "cut": 0.9},
        {"failure": 0.10, "measure": "b", "cost": 5_000.0, "cut": 0.8},
        {"failure": 0.10, "measure": "c", "cost": 5_000.0, "cut": 0.8},
    ]
    greedy = journey(*rows, budget=10_000, choose="ratio")
    best = journey(*rows, budget=10_000, choose="best")
    assert greedy.chosen.tolist() == [True, False, False] and best.chosen.tolist() == [False, True, True]
    assert blueprint.headline(best)["net_gain"] > blueprint.headline(greedy)["net_gain"]


def test_the_best_set_leaves_out_what_costs_more_than_it_brings() -> None:
    j = journey({"failure": 0.01, "measure": "m", "cost": 50_000.0, "cut": 0.5}, budget=100_000)
    assert not j.chosen.any() and j.spent == 0


@pytest.mark.parametrize(("choose", "wanted"), [("riskiest", [False, True, False]), ("cheapest", [True, False, True])])
def test_measures_are_taken_in_order_as_far_as_the_budget_goes(choose: str, wanted: list[bool]) -> None:
    rows = [
        {"failure": 0.02, "measure": "a", "cost": 1_000.0, "cut": 0.5},
        {"failure": 0.30, "measure": "b", "cost": 9_500.0, "cut": 0.5},
        {"failure": 0.05, "measure": "c", "cost": 2_000.0, "cut": 0.5},
    ]
    assert journey(*rows, budget=10_000, choose=choose).chosen.tolist() == wanted


blueprints = st.lists(
    st.tuples(st.floats(0, 0.5), st.floats(0, 1), st.floats(0, 1), st.floats(100, 20_000)), min_size=1, max_size=6
)


@quick
@given(blueprints, st.integers(0, 40))
def test_no_set_within_the_budget_brings_more_than_the_best(rows: list[tuple[float, ...]], thousands: int) -> None:
    failure, recovered, cut, cost = (np.array(column) for column in zip(*rows, strict=True))
    u, worth, budget = blueprint.spoiled(failure, recovered), 500_000.0, 1000.0 * thousands

    def net(taken: Floats) -> float:
        return worth * blueprint.success(u * (1 - taken * cut)) - float(taken @ cost)

    best = blueprint.best_set(u, cut, cost, worth, budget).astype(float)
    assert best @ cost <= budget
    every = [np.array(taken, float) for taken in product((0, 1), repeat=len(rows))]
    assert net(best) >= max(net(taken) for taken in every if taken @ cost <= budget) - 1e-6


@quick
@given(hnp.arrays(float, 8, elements=st.floats(0, 1)))
def test_a_journey_never_becomes_better_along_the_way_and_is_no_surer_than_its_weakest_step(u: Floats) -> None:
    left = blueprint.along(u)
    assert (np.diff(left) <= 1e-12).all() and left[0] == 1 and left[-1] == pytest.approx(blueprint.success(u))
    assert blueprint.success(u) <= (1 - u).min() + 1e-12


@pytest.mark.parametrize("lost", ["measure", "cost", "cut"])
def test_a_measure_in_part_is_a_sentence(lost: str, english: None) -> None:
    whole = {"measure": "m", "cost": 10.0, "cut": 0.5}
    with pytest.raises(DataError, match="Step S0: a measure needs its name, its cost and the share"):
        journey({**whole, lost: "" if lost == "measure" else NAN})


def test_no_steps_and_too_many_measures_are_sentences(english: None) -> None:
    with pytest.raises(DataError, match="no steps"):
        blueprint.prepare(steps({}).head(0))
    with pytest.raises(DataError, match="16 measures; leave at most 15"):
        journey(*[{"measure": "m", "cost": 1.0, "cut": 0.1}] * 16)


def test_what_never_fails_has_no_share_out_of_sight() -> None:
    figures = blueprint.headline(journey({"failure": 0.0}))
    assert figures["success_now"] == 100 and np.isnan(figures["hidden"])


def test_the_hospital_once_more_by_a_loop() -> None:
    table = load("service_steps")
    left = 1.0
    for row in table.to_dict("records"):
        left *= 1 - row["failure"] * (1 - row["recovered"])
    assert blueprint.headline(blueprint.STUDY.answer(table))["success_now"] == pytest.approx(100 * left)


# Choice of a survey ---------------------------------------------------------------------------------------------------


def test_the_sample_for_five_points_at_95_percent_is_385() -> None:
    """1.96² × 0.25 ÷ 0.05² = 384.16, rounded up; at 99% 2.5758² × 0.25 ÷ 0.0025 = 663.5."""
    assert sampling.sample_size(0.05) == 385 == sampling.needed(1.96, 0.05, 0.5)
    assert sampling.sample_size(0.05, confidence=0.99) == 664
    assert sampling.needed(1.96, 0.03, 0.5) == 1068


@pytest.mark.parametrize(("population", "wanted"), [(100, 80), (500, 217), (1000, 278), (5000, 357), (10_000, 370)])
def test_small_populations_as_krejcie_and_morgan_tabulate_them(population: int, wanted: int) -> None:
    """Krejcie and Morgan (1970), table 1, which rounds to the nearest: 357 where rounding up gives one more at most."""
    assert sampling.sample_size(0.05, population=population) - wanted in (0, 1)


@pytest.mark.parametrize(("confidence", "z"), [(0.90, 1.6449), (0.95, 1.9600), (0.99, 2.5758)])
def test_z_is_that_of_the_tables(confidence: float, z: float) -> None:
    assert sampling.z_of(confidence) == pytest.approx(z, abs=5e-5)


@quick
@given(st.floats(0.01, 0.2), st.floats(0.8, 0.99), st.floats(0.05, 0.95), st.integers(100, 100_000))
def test_so_many_answers_keep_the_margin_and_one_fewer_hardly_would(e: float, c: float, p: float, people: int) -> None:
    n = sampling.sample_size(e, c, p, people)
    assert 1 <= n <= people + 1
    assert sampling.margin_of_error(n, c, p, people) <= e + 1e-9
    if n > 2:
        assert sampling.margin_of_error(n - 1, c, p, people) > e - 1e-3


def test_half_the_margin_takes_four_times_the_answers() -> None:
    assert sampling.sample_size(0.025) == pytest.approx(4 * 384.16, abs=1)


def test_the_bias_does_not_depend_on_the_number_of_answers() -> None:
    """(1 − 0.25) × (90 − 74) = 12 points."""
    assert sampling.nonresponse_bias(np.array([0.25, 1.0]), 16.0).tolist() == [12.0, 0.0]


def test_a_plan_by_hand() -> None:
    """By post 22 of 100 answered: 385 answers take 1,750 letters, 1,750 × 5 + 385 × 3 = 9,905 yuan."""
    response = sampling.Response(np.array([100.0, 100, 100, 100]), np.array([50.0, 22, 80, 25]))
    p = sampling.plan_survey(response, sampling.SurveyRule(population=100_000))
    answers = sampling.sample_size(0.05, population=100_000)
    assert p.answers == answers == 383
    assert p.invitations.tolist() == [766, 1741, 479, 1532]
    assert p.cost[1] == 1741 * 5 + 383 * 3
    assert p.fits == ["", "too slow", "reaches too few", ""] and p.chosen == 3


def test_a_channel_without_answers_is_not_chosen_and_no_answers_at_all_are_a_sentence(english: None) -> None:
    response = sampling.Response(np.array([100.0, 0, 100, 100]), np.array([50.0, 0, 0, 25]))
    p = sampling.plan_survey(response, sampling.SurveyRule())
    assert p.fits[1] == p.fits[2] == "response rate not known"
    survey = load("service_survey").assign(answered=False)
    with pytest.raises(DataError, match="no response rate is known"):
        sampling.prepare(survey)


def test_where_no_channel_keeps_the_limits_there_is_none() -> None:
    p = sampling.plan_survey(sampling.prepare(load("service_survey")), sampling.SurveyRule(budget=0))
    figures = sampling.headline(p)
    assert p.chosen == -1 and figures["fitting"] == 0 and np.isnan(figures["cost"])
