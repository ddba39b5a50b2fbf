"""The rules of the game: each step by hand, the chapters' own formulas behind it, the same bytes on any machine."""

import os
import subprocess
import sys
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.loyalty.models.measures import dick_basu
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.paths import ROOT
from crmlib.formulas.arrays import Floats
from crmlib.game import engine, people, seen
from crmlib.game.cases import game_case, game_names
from crmlib.game.costs import affordable, spending, standing, total
from crmlib.game.decisions import BUDGET, HIGH, LOW, NOTHING, QUARTERS, STEP, Decisions, decided, move
from crmlib.game.engine import begin, play, step
from crmlib.game.market import ACCOUNTS, EVERYBODY, TYPES, draw, draw_all
from crmlib.game.people import Staff
from crmlib.game.policies import POLICIES, at_random, steady
from crmlib.game.score import equity, score
from crmlib.game.state import State, failing

SENSIBLE = POLICIES["sensible"].play
assert isinstance(SENSIBLE, np.ndarray)
places = st.tuples(*(st.integers(0, round(n)) for n in (HIGH - LOW) / STEP))
moves = places.map(lambda at: LOW + STEP * np.array(at, float))


def lone(state: State, **changes: object) -> State:
    """Return a state in which the first account alone is a customer, with the market's figures as given."""
    market = replace(state.market, **{name: np.full((1, EVERYBODY), value) for name, value in changes.items()})
    return replace(state, market=market, active=np.arange(EVERYBODY)[None] == 0)


@pytest.fixture(scope="module")
def first() -> State:
    return begin(draw(1))


# Decisions ------------------------------------------------------------------------------------------------------------


@given(moves)
def test_decisions_and_moves_say_the_same(row: Floats) -> None:
    assert (move(decided(row)) == row).all()


def test_a_value_out_of_bounds_is_refused_in_a_sentence(english: None) -> None:
    with pytest.raises(InputError) as refused:
        Decisions(training=62)
    assert refused.value.problems == [
        "Training and help (10,000 yuan), training: 62 is out of range; it may be 0 to 60."
    ]


def test_every_lever_says_what_it_is_and_does_in_both_languages() -> None:
    for s in Decisions.settings():
        for text in (s.label, s.help, *s.choice_labels):
            with i18n.speaking("zh"):
                assert text and i18n._(text) != text


# What it costs: worked by hand ----------------------------------------------------------------------------------------


def test_the_cost_of_a_move_by_hand(first: State) -> None:
    """Base module 50, training 10, type 2 for 15% of 240 accounts: 36 × 0.4 = 14.4, ten key accounts 18, survey 10."""
    one = move(Decisions(module="base", training=10, service_a=2, key_accounts=10, report="survey"))[None]
    found = {name: float(cost[0]) for name, cost in spending(first, one).items() if cost[0]}
    assert found == pytest.approx({"modules": 50, "training": 10, "service": 14.4, "key_accounts": 18, "reports": 10})
    assert float(total(first, one)[0]) == pytest.approx(102.4)


def test_modules_at_once_cost_three_tenths_more_and_a_module_needs_the_one_before(first: State) -> None:
    every, last = (move(Decisions(module=name))[None] for name in ("all", "portal"))
    assert float(total(first, every)[0]) == pytest.approx(1.3 * (50 + 70 + 50))
    assert float(total(first, last)[0]) == 0
    assert step(first, every).built.tolist() == [[1, 1, 1]]
    assert step(first, last).built.tolist() == [[0, 0, 0]]


def test_what_costs_more_than_the_budget_is_not_played_and_what_stood_stays(first: State) -> None:
    now = step(first, Decisions(service_a=2, credit_days=60, training=10))
    much = move(Decisions(training=60, control=60, cleaning=60, acquisition=60, incentive=60))[None]
    assert decided(affordable(now, much)[0]) == Decisions(service_a=2, credit_days=60)
    assert (affordable(now, much) == standing(now.last)).all()


@given(moves)
@settings(max_examples=40, deadline=None)
def test_no_quarter_costs_more_than_the_budget(row: Floats) -> None:
    assert float(step(begin(draw(2)), row).books[0]["spent"][0]) <= BUDGET + 1e-9


# People and data: worked by hand --------------------------------------------------------------------------------------


def test_skill_fades_and_training_brings_it_back_by_hand() -> None:
    """0.88 × 0.5 = 0.44; sixteen bring half of 60% of what is missing: 0.44 + 0.3 × 0.56 = 0.608."""
    half, none = Staff(np.array([[0.5]]), np.array([[0.4]]), np.zeros((1, 1))), np.zeros((1, 1))
    assert people.learn(half, none, none, none, none).skill[0, 0] == pytest.approx(0.44)
    assert people.learn(half, none, none + 16, none, none).skill[0, 0] == pytest.approx(0.608)


def test_records_go_stale_are_entered_anew_and_are_cleaned_by_hand(first: State) -> None:
    """0.5 → 0.43; 0.4 of the facts entered anew, 0.7 of them right: 0.43 + 0.4 × 0.27 = 0.538; cleaning adds 0.0468."""
    market = replace(first.market, direct=np.ones((1, EVERYBODY)))
    known, built = np.full((1, EVERYBODY), 0.5), np.zeros((1, 3))
    much, right = np.full((1, 12), 0.8), np.full((1, 12), 0.7)
    assert people.recorded(market, known, much, right, built, np.zeros((1, 1)))[0] == pytest.approx(0.538)
    assert people.recorded(market, known, much, right, built, np.full((1, 1), 18.0))[0] == pytest.approx(0.5848)


def test_behind_a_distributor_the_portal_is_needed(first: State) -> None:
    market = replace(first.market, direct=np.zeros((1, EVERYBODY)))
    known, much = np.full((1, EVERYBODY), 0.5), np.full((1, 12), 0.8)
    without, with_ = (
        people.recorded(market, known, much, much, np.array([[1.0, 1.0, portal]]), np.zeros((1, 1)))[0, 0]
        for portal in (0.0, 1.0)
    )
    assert with_ - 0.43 == pytest.approx((without - 0.43) / 0.35)


@given(st.floats(0, 60), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_control_brings_more_entries_and_fewer_true_ones(
    control: float, skill: float, will: float, help_: float
) -> None:
    one, built = np.ones((1, 1)), np.ones((1, 3))
    staff = Staff(skill * one, will * one, 0 * one)
    much, right = people.entered(staff, help_ * one, one, 0 * one, control * one, built)
    before, true = people.entered(staff, help_ * one, one, 0 * one, 0 * one, built)
    assert much >= before and right <= true
    felt = people.learn(staff, help_ * one, 0 * one, 0 * one, control * one).goodwill
    assert felt <= people.learn(staff, help_ * one, 0 * one, 0 * one, 0 * one).goodwill + 1e-12


def test_what_is_not_known_of_an_account_is_somebody_elses_figure(first: State) -> None:
    """With all known the recorded value is the true one; with nothing known it does not depend on the account."""
    sure = engine._looked_up(replace(first, known=np.ones((1, EVERYBODY))))
    assert sure.seen == pytest.approx(4 * first.wallet * first.market.margin)
    blind = replace(first, known=np.zeros((1, EVERYBODY)))
    assert (engine._looked_up(blind).seen == engine._looked_up(replace(blind, wallet=2 * blind.wallet)).seen).all()


# Customers: worked by hand --------------------------------------------------------------------------------------------


def test_risk_is_by_kind_of_loyalty_and_relationship_type_by_hand(first: State) -> None:
    """True loyalty 0.8%; under “accountable” 35% less, felt to the full by who is not price-minded: 0.52%."""
    still = replace(first, attitude=np.full((1, EVERYBODY), 80.0), share=np.full((1, EVERYBODY), 0.5))
    calm = lone(replace(still, level=np.full((1, EVERYBODY), 2)), price=0.0)
    assert engine._leaving(calm)[0, 0] == pytest.approx(0.0052)
    assert dick_basu(calm.attitude, 100 * calm.share, 55, 35)[0, 0] == 0
    key = replace(calm, key=np.ones((1, EVERYBODY), bool))
    assert engine._leaving(key)[0, 0] == pytest.approx(0.0026)
    keen = lone(replace(still, level=np.full((1, EVERYBODY), 2)), price=1.0)  # 1.6 × 0.8%, of 35% a fifth is felt
    assert engine._leaving(keen)[0, 0] == pytest.approx(0.008 * 1.6 * (1 - 0.35 * 0.2))


def test_satisfaction_is_experience_over_expectation_by_hand(first: State) -> None:
    """5.6 + 1 × 1.1 = 6.7; 6.7 ÷ 6.7 = 1: attitude moves half-way to 100 × (1 − 0.6) ÷ 0.7 = 57.14."""
    served = lone(replace(first, level=np.full((1, EVERYBODY), 2)), responds=1.0, expects=6.7)
    felt = engine._felt(served, NOTHING[None])
    assert felt.satisfaction[0, 0] == pytest.approx(1.0)
    assert felt.attitude[0, 0] == pytest.approx(50 + 0.5 * (400 / 7 - 50))


def test_share_follows_the_rank_among_three_suppliers(first: State) -> None:
    """First of three 1/2, second 1/3, third 1/6 (Keiningham and others); the share closes 30% of the gap."""
    for rivals, aim in (((1.0, 1.0), 1 / 2), ((1.0, 9.0), 1 / 3), ((9.0, 9.0), 1 / 6)):
        market = replace(first.market, rivals=np.broadcast_to(np.array(rivals), (1, EVERYBODY, 2)))
        felt = engine._felt(replace(first, market=market, share=np.full((1, EVERYBODY), 0.2)), NOTHING[None])
        assert felt.share[0] == pytest.approx(0.2 + 0.3 * (aim - 0.2))


def test_a_quarter_of_trade_by_hand(first: State) -> None:
    """Wallet 20, share 0.5, paid in advance: sales 10, margin 3. At 30 days on credit: 10 × (1 + 0.4 × ½ × ½) = 11."""
    still = lone(replace(first, wallet=np.full((1, EVERYBODY), 20.0), share=np.full((1, EVERYBODY), 0.5)),
                 price=0.0, margin=0.3, credit=100.0)  # fmt: skip
    cash = engine._traded(still, move(Decisions(credit_days=0))[None])[1]
    assert (cash["sales"][0], cash["margin"][0], cash["carrying"][0]) == pytest.approx((10, 3, 0))
    credit = engine._traded(still, move(Decisions(credit_days=30))[None])[1]
    assert credit["sales"][0] == pytest.approx(11)
    assert credit["carrying"][0] == pytest.approx(11 * 30 / 360 * 0.75 * 0.10)  # money laid out × cost of capital
    refused = engine._traded(
        replace(still, seen_credit=np.zeros((1, EVERYBODY))), move(Decisions(credit_line=50))[None]
    )
    assert refused[1]["sales"][0] == pytest.approx(9)


def test_who_fails_takes_the_credit_period_and_half_a_quarter_with_it(first: State) -> None:
    """Score 0 fails with 20%; drawn below it, 11 of sales and 75 of 90 days are lost, and the account is gone."""
    market = replace(first.market, defaults=np.zeros((1, QUARTERS, EVERYBODY)))
    still = replace(first, market=market, wallet=np.full((1, EVERYBODY), 20.0), share=np.full((1, EVERYBODY), 0.5))
    still = lone(still, price=0.0, margin=0.3, credit=0.0)
    assert failing(still)[0, 0] == pytest.approx(0.20)
    after, book = engine._traded(still, move(Decisions(credit_days=30))[None])
    assert book["bad"][0] == pytest.approx(11 * 75 / 90)
    assert not after.active.any()


def test_money_wins_accounts_on_the_curve_of_chapter_1(first: State) -> None:
    """24 win 3, twice that 4.5, which is rounded up; nothing wins nobody. At most as many as can be won."""
    won = [engine._won(first, move(Decisions(acquisition=n))[None])[1]["won"][0] for n in (0, 24, 48)]
    assert won == [0, 3, 5]


def test_customer_equity_of_one_account_by_hand(first: State) -> None:
    """Never leaves, never fails: 4 × 10 × 0.5 × 0.3 = 6 a year × 1 ÷ 0.12 = 50; service 1.6 a year × 1.12 ÷ 0.12."""
    still = lone(replace(first, wallet=np.full((1, EVERYBODY), 10.0), share=np.full((1, EVERYBODY), 0.5),
                         risk=np.zeros((1, EVERYBODY))), margin=0.3, credit=100.0)  # fmt: skip
    assert equity(still)[0] == pytest.approx(50)
    served = replace(still, level=np.full((1, EVERYBODY), 2))
    assert equity(served)[0] == pytest.approx(50 - 4 * 0.4 * 1.12 / 0.12)


def test_profit_is_discounted_by_3_percent_a_quarter(first: State) -> None:
    books = tuple({"profit": np.array([amount])} for amount in (103.0, 106.09))
    assert score(replace(first, books=books)).profit[0] == pytest.approx(200)


# Batches and bytes ----------------------------------------------------------------------------------------------------


def test_a_game_in_a_batch_is_the_game_alone() -> None:
    together = play(draw_all([3, 4, 5]), SENSIBLE)
    for n, seed in enumerate((3, 4, 5)):
        alone = play(draw(seed), SENSIBLE)
        for name in ("share", "known", "attitude", "seen", "active"):
            assert (getattr(together, name)[n] == getattr(alone, name)[0]).all()
        assert score(together).value[n] == score(alone).value[0]


def test_teams_on_one_market_are_each_as_if_alone() -> None:
    plans = np.stack([SENSIBLE, steady({}), steady({1: "all"}, control=20)])
    values = score(play(draw(6), plans)).value
    assert values.tolist() == [score(play(draw(6), one)).value[0] for one in plans]


@given(st.integers(0, 2**32 - 1), st.lists(moves, min_size=QUARTERS, max_size=QUARTERS))
@settings(max_examples=30, deadline=None)
def test_whatever_is_decided_shares_stay_shares_and_nobody_comes_back(seed: int, rows: list[Floats]) -> None:
    states = [begin(draw(seed))]
    for row in rows:
        states.append(step(states[-1], row))
    for before, after in pairwise(states):
        for name in ("share", "known", "risk"):
            values = getattr(after, name)
            assert ((values >= 0) & (values <= 1)).all()
        assert not (after.active & ~before.active & ~before.prospect).any()
        assert np.isfinite(score(after).value).all()


def test_the_books_add_up() -> None:
    for book in play(draw(7), SENSIBLE).books:
        heads = sum(float(book[name][0]) for name in seen.HEADS)
        assert heads == pytest.approx(float(book["spent"][0]))
        profit = book["margin"] - book["carrying"] - book["bad"] - book["spent"]
        assert float(profit[0]) == pytest.approx(float(book["profit"][0]))


PRINT = """
import hashlib, numpy as np
from crmlib.game.engine import play
from crmlib.game.market import draw_all
from crmlib.game.policies import POLICIES
from crmlib.game.score import score
last = play(draw_all(range(20)), POLICIES["sensible"].play)
told = np.round(score(last).value, 4).tobytes() + last.active.tobytes() + last.share.tobytes()
print(hashlib.sha256(told).hexdigest())
"""


def test_a_processor_without_the_newest_instructions_plays_the_same_bytes() -> None:
    features = np._core._multiarray_umath  # type: ignore[attr-defined]
    able = [name for name in features.__cpu_dispatch__ if features.__cpu_features__.get(name)]
    said = set()
    for off in ("", " ".join(able)):
        env = {**os.environ, "NPY_DISABLE_CPU_FEATURES": off, "PYTHONHASHSEED": str(len(off))}
        said.add(subprocess.run([sys.executable, "-P", "-c", PRINT], env=env, cwd=ROOT, check=True,
                                capture_output=True, text=True).stdout)  # fmt: skip
    assert len(said) == 1


def test_a_seed_has_one_market_and_another_seed_another() -> None:
    one, again, other = draw(8), draw(8), draw(9)
    for f in fields(one):
        assert (getattr(one, f.name) == getattr(again, f.name)).all()
    assert not (one.wallet == other.wallet).all()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_every_market_has_each_type_in_its_share_and_figures_that_can_be(seed: int) -> None:
    market = draw(seed)
    counts = np.bincount(market.kind[0], minlength=len(TYPES)) / EVERYBODY
    assert counts == pytest.approx([t.share for t in TYPES], abs=0.005)
    assert (market.wallet > 0).all() and (market.expects >= 1).all() and (market.expects <= 10).all()
    assert (market.margin > 0).all() and (market.credit >= 0).all() and (market.credit <= 100).all()


# What is seen ---------------------------------------------------------------------------------------------------------


def test_what_is_seen_follows_from_the_records_and_not_from_the_truth(first: State) -> None:
    """A state with other hidden types and the same records looks the same; the debriefing does not."""
    other = replace(
        first, market=replace(first.market, kind=first.market.kind[:, ::-1], expects=first.market.expects + 1)
    )
    with i18n.speaking("en"):
        assert seen.accounts(first).equals(seen.accounts(other))
        assert seen.dashboard(first) == seen.dashboard(other)
        assert not seen.revealed(first).equals(seen.revealed(other))


def test_satisfaction_is_shown_only_to_who_bought_the_survey(first: State) -> None:
    label = "Satisfaction by survey, c = b ÷ a"
    with i18n.speaking("en"):
        assert label not in seen.dashboard(step(first, Decisions(report="outlook")))
        assert label in seen.dashboard(step(first, Decisions(report="survey")))


def test_the_game_file_says_what_the_game_is(english: None) -> None:
    assert "company" in game_names()
    case = game_case("company")
    assert sum(mark.points for mark in case.asked().rubric) == case.reflection.points
    for text in (case.story.zh, case.story.en):
        assert str(ACCOUNTS) in text and str(EVERYBODY - ACCOUNTS) in text
    assert "240 万元" in case.story.zh and "¥2,400,000" in case.story.en and BUDGET == 240
    with pytest.raises(UserError, match="no game “compny”. Did you mean “company”"):
        game_case("compny")


def test_a_random_policy_is_drawn_from_its_seed() -> None:
    state = begin(draw(1))
    assert (at_random(1)(state) == at_random(1)(state)).all()
    assert not (at_random(1)(state) == at_random(2)(state)).all()
    assert (at_random(5, skill=1.0)(state)[0] == SENSIBLE[0]).all()
