"""Do BG/NBD and gamma-gamma give the figures of the literature, and are they what their derivation says?"""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import roots_jacobi

from crmlib.chapters.customer_value.models import bgnbd, gamma_gamma
from crmlib.chapters.customer_value.models.bgnbd import DAYS, History, Model, Span, history
from crmlib.core.errors import DataError
from crmlib.formulas.arrays import Floats
from tests import cdnow

patient = settings(deadline=None)
PAPER = Model(0.243, 4.414, 0.793, 2.426, "week")
"""Fader, Hardie & Lee (2005), table 2."""
NOTE = gamma_gamma.Model(6.25, 3.74, 15.44)
"""Fader & Hardie (2013)."""
UNITS = st.sampled_from(list(DAYS))
PARAMETER = st.floats(0.05, 20)
MODELS = st.builds(Model, PARAMETER, PARAMETER, PARAMETER, PARAMETER, UNITS)


def sample() -> History:
    table = cdnow.customers()
    return history(table["x"].to_numpy(), table["t_x"].to_numpy(), table["T"].to_numpy())


def one(x: int, t_x: float, t: float) -> History:
    return history(np.array([x]), np.array([t_x]), np.array([t]))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Customers of whom at least one came again; every time is a multiple of a quarter."""
    n = draw(st.integers(1, 6))
    x = np.array(draw(st.lists(st.integers(0, 8), min_size=n, max_size=n)))
    x[0] = max(x[0], 1)
    last = np.array(draw(st.lists(st.integers(1, 100), min_size=n, max_size=n))) / 4
    more = np.array(draw(st.lists(st.integers(0, 100), min_size=n, max_size=n))) / 4
    return history(x, np.where(x > 0, last, 0.0), last + more)


# The literature -------------------------------------------------------------------------------------------------------


def test_the_sample_gives_the_published_parameters() -> None:
    """Fader, Hardie & Lee (2005), table 2: r = 0.243, α = 4.414, a = 0.793, b = 2.426, LL = −9,582.4."""
    found = bgnbd.fit(sample())
    assert tuple(round(value, 3) for value in found.model.parameters) == PAPER.parameters
    assert round(found.log_likelihood, 1) == -9582.4
    assert found.untold == ()


def test_the_first_customer_is_expected_to_buy_as_often_as_published() -> None:
    """x = 2, t_x = 30.43, T = 38.86: 1.226 purchases in 39 weeks, the spreadsheet of Fader, Hardie & Lee (2005)."""
    assert round(float(PAPER.expected(one(2, 30.43, 38.86), Span(39, "week"))[0]), 3) == 1.226


def test_a_frequent_customer_is_expected_to_buy_as_often_as_published() -> None:
    """Customer 1516, x = 26, t_x = 30.86, T = 31: 25.756 in 52 weeks (walkthrough of the R package BTYD)."""
    found = bgnbd.fit(sample()).model
    assert round(float(found.expected(one(26, 30.86, 31), Span(52, "week"))[0]), 2) == 25.76


@pytest.mark.parametrize(
    ("weeks", "published"), [(0.1429, 0.0078), (1, 0.0532), (3, 0.1506), (31.8571, 1.0405), (32, 1.0437), (52, 1.444)]
)
def test_a_new_customer_is_expected_to_come_again_as_published(weeks: float, published: float) -> None:
    """The spreadsheet of Fader, Hardie & Lee (2005), and for 52 weeks the walkthrough of BTYD."""
    assert bgnbd.fit(sample()).model.expected_of_new(Span(weeks, "week")) == pytest.approx(published, abs=2e-4)


def test_the_probabilities_alive_are_spread_as_published() -> None:
    """BTYDplus on the sample: first quartile 0.6604, median 1, mean 0.8134, minimum 0.0000."""
    alive = bgnbd.fit(sample()).model.alive(sample())
    found = [np.quantile(alive, 0.25), np.median(alive), alive.mean(), alive.min()]
    assert np.round(found, 4).tolist() == [0.6604, 1.0, 0.8134, 0.0]


def test_gamma_gamma_gives_the_published_parameters() -> None:
    """Fader & Hardie (2013): p = 6.25, q = 3.74, γ = 15.44 from the 946 who came again; CLVTools: LL = −4,055.92.

    γ falls on the edge between 15.44 and 15.45, hence the tolerance.
    """
    spent = gamma_gamma.spending(cdnow.customers()["x"].to_numpy(), cdnow.customers()["zbar"].to_numpy())
    found = gamma_gamma.fit(spent)
    assert len(spent.repeats) == 946
    assert (found.model.p, found.model.q, found.model.gamma) == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
    assert round(found.log_likelihood, 2) == -4055.92
    assert round(gamma_gamma.correlation(spent), 2) == 0.11  # Fader & Hardie (2013): low enough to go on


def test_gamma_gamma_expects_the_published_amounts() -> None:
    """The documentation of lifetimes, first ten customers of the sample."""
    table = cdnow.customers().head(10)
    spent = gamma_gamma.spending(cdnow.customers()["x"].to_numpy(), cdnow.customers()["zbar"].to_numpy())
    found = gamma_gamma.fit(spent).model.expected(table["x"].to_numpy(), table["zbar"].to_numpy())
    assert found.round(2).tolist() == [24.66, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]


def test_histories_are_made_of_orders_as_in_the_published_table() -> None:
    table, orders = cdnow.customers(), cdnow.orders()
    who, found = bgnbd.from_orders(orders["customer"], orders["day"], cdnow.END)
    assert who.tolist() == table.index.tolist()
    assert found.repeats.tolist() == table["x"].tolist()
    assert np.abs(found.until_last - table["t_x"].to_numpy()).max() < 0.00501
    assert np.abs(found.age - table["T"].to_numpy()).max() < 0.00501
    means = gamma_gamma.mean_spend(orders["customer"], orders["day"], orders["amount"], cdnow.END)
    assert means.index.equals(who)
    assert np.abs(means.fillna(0).to_numpy() - table["zbar"].to_numpy()).max() < 0.00501


# By hand --------------------------------------------------------------------------------------------------------------


def test_alive_by_hand() -> None:
    """r = α = a = 1, b = 2, x = 1, t_x = 1, T = 3: odds of having left 1/2 × (4/2)² = 2 to 1, so alive 1/3."""
    assert Model(1, 1, 1, 2, "week").alive(one(1, 1, 3))[0] == pytest.approx(1 / 3)


def test_repeat_purchases_of_a_new_customer_by_hand() -> None:
    """r = α = t = 1, a = b = 1: P(0) = 1/2; P(1) = 1/2 × 1/4 + 1/2 × (1 − 1/2) = 3/8.

    The negative binomial gives x purchases 1/2^(x + 1); p is uniform, so one is still there after the first repeat
    purchase with 1/2 and leaves after it with 1/2.
    """
    assert Model(1, 1, 1, 1, "week").repeats_of_new(Span(1, "week"), 1).tolist() == pytest.approx([0.5, 0.375])


def test_the_log_likelihood_by_hand() -> None:
    """r = α = a = 1, b = 2. Once, age 1: 1 ÷ (1 + 1) = 1/2. Twice, t_x = 1, T = 3: 2/3 × (1/4² + 1/2 × 1/2²) = 1/8.

    With Γ(2)/Γ(1) = 1, B(1, 3) ÷ B(1, 2) = 2/3 and a ÷ (b + x − 1) = 1/2.
    """
    both = history(np.array([0, 1, 1]), np.array([0.0, 1, 1]), np.array([1.0, 3, 3]))
    value, _slope = bgnbd.likelihood(both)(np.array([1.0, 1, 1, 2]))
    assert value == pytest.approx(math.log(1 / 2) + 2 * math.log(1 / 8))


def test_gamma_gamma_by_hand() -> None:
    """p = 1, q = 3, γ = 20: everybody's mean 20 ÷ 2 = 10; after two purchases of 30 each (20 + 60) ÷ 4 = 20."""
    model = gamma_gamma.Model(1, 3, 20)
    assert model.mean == 10
    assert model.expected(np.array([0, 2]), np.array([np.nan, 30.0])).tolist() == [10, 20]
    assert model.own_weight(np.array([0.0, 2.0])).tolist() == [0, 0.5]


def test_gamma_gamma_log_likelihood_by_hand() -> None:
    """p = q = γ = x = z̄ = 1: Γ(2) ÷ (Γ(1)·Γ(1)) × 1 ÷ (1 + 1)² = 1/4."""
    value, _slope = gamma_gamma.likelihood(gamma_gamma.spending(np.array([1]), np.array([1.0])))(np.ones(3))
    assert value == pytest.approx(math.log(1 / 4))


def test_without_a_mean_there_is_no_expected_amount() -> None:
    model = gamma_gamma.Model(0.5, 0.8, 10)
    assert math.isnan(model.mean)
    assert np.isnan(model.own_weight(np.array([1.0]))).all()
    assert np.isnan(model.expected(np.array([0, 1]), np.array([0.0, 10]))).tolist() == [True, False]


def test_orders_of_one_day_are_one_purchase_and_later_ones_do_not_count() -> None:
    """First on day 0, twice on day 14, again after the end on day 28, which is day 35: x = 1, t_x = 2, T = 4 weeks."""
    days = ["2024-01-01 00:00", "2024-01-15 09:00", "2024-01-15 21:00", "2024-02-05 00:00", "2024-02-05 00:00"]
    day = pd.Series(pd.to_datetime(days))
    who, found = bgnbd.from_orders(pd.Series(["A", "A", "A", "A", "B"]), day, pd.Timestamp("2024-01-29"))
    assert who.tolist() == ["A"]
    assert (found.repeats.tolist(), found.until_last.tolist(), found.age.tolist()) == ([1], [2.0], [4.0])
    assert found.since_last.tolist() == [2.0]  # the recency of RFM, here as long as that of BG/NBD
    amount = pd.Series([100.0, 20, 30, 1000, 1000])
    spent = gamma_gamma.mean_spend(pd.Series(["A", "A", "A", "A", "B"]), day, amount, pd.Timestamp("2024-01-29"))
    assert spent.to_dict() == {"A": 50.0}


def test_the_end_counts_whatever_its_time_of_day() -> None:
    day = pd.Series(pd.to_datetime(["2024-01-01 12:00", "2024-01-08 23:00"]))
    _who, found = bgnbd.from_orders(pd.Series(["A", "A"]), day, pd.Timestamp("2024-01-08 08:00"))
    assert (found.repeats.tolist(), found.age.tolist()) == ([1], [1.0])


def test_a_month_is_no_number() -> None:
    assert Span(1, "year").within("month") == pytest.approx(12)
    assert Span(2, "week").within("day") == 14


# What holds for all ---------------------------------------------------------------------------------------------------


@patient
@given(MODELS, st.integers(0, 30), st.floats(0.1, 50), st.floats(0, 50), st.floats(0.1, 50))
def test_alive_is_a_probability_that_falls_with_silence(
    model: Model, x: int, t_x: float, wait: float, more: float
) -> None:
    last = t_x if x else 0.0
    sooner, later = (float(model.alive(one(x, last, last + w))[0]) for w in (wait, wait + more))
    assert 0 <= later <= sooner <= 1


@patient
@given(MODELS, st.floats(0, 500))
def test_who_bought_once_is_there_for_certain(model: Model, age: float) -> None:
    assert model.alive(one(0, 0, age)).tolist() == [1.0]


@patient
@given(MODELS, histories(), UNITS)
def test_the_unit_in_which_times_are_told_changes_nothing(model: Model, past: History, unit: str) -> None:
    factor = DAYS[past.unit] / DAYS[unit]  # type: ignore[index]
    same = History(past.repeats, past.until_last * factor, past.age * factor, past.customers, unit)  # type: ignore[arg-type]
    assert model.alive(same) == pytest.approx(model.alive(past))


@patient
@given(histories(), hnp.arrays(float, 4, elements=st.floats(0.2, 10)))
def test_the_gradient_is_that_of_finite_differences(past: History, parameters: Floats) -> None:
    check_gradient(bgnbd.likelihood(past), parameters)


@patient
@given(
    st.lists(st.tuples(st.integers(1, 20), st.floats(0.5, 500)), min_size=1, max_size=6),
    hnp.arrays(float, 3, elements=st.floats(0.2, 20)),
)
def test_the_gradient_of_gamma_gamma_too(rows: list[tuple[int, float]], parameters: Floats) -> None:
    x, z = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    check_gradient(gamma_gamma.likelihood(gamma_gamma.spending(x, z)), parameters)


def check_gradient(at: object, parameters: Floats) -> None:
    """Compare with central differences; their own error is of the order of the step squared, and of 1e−16 ÷ step."""
    assert callable(at)
    value, slope = at(parameters)
    for place in range(len(parameters)):
        step = np.zeros(len(parameters))
        step[place] = 1e-5 * parameters[place]
        rise = (at(parameters + step)[0] - at(parameters - step)[0]) / (2 * step[place])
        assert slope[place] == pytest.approx(rise, rel=1e-5, abs=1e-6 * (1 + abs(value) / parameters[place]))


@patient
@given(
    st.floats(0.1, 5), st.floats(4, 20), st.sampled_from([0.5, 1, 1.00005]) | st.floats(0.2, 10), st.floats(0.2, 20),
    st.integers(0, 60), st.integers(0, 600), st.floats(0.1, 40),
)  # fmt: skip
def test_the_expectation_is_the_mean_over_who_leaves_how_easily(
    r: float, alpha: float, a: float, b: float, x: int, days: int, ahead: float
) -> None:
    """E[(1 − ((α + T) ÷ (α + T + p·t))^(r + x)) ÷ p] over p ~ beta(a, b + x), straight from the model's story.

    With rate λ ~ gamma(r + x, α + T) one buys (1 − exp(−λpt)) ÷ p times on average. The mean over p is taken by Gauss
    and Jacobi's nodes; nothing of the closed form is in it.
    """
    model, age = Model(r, alpha, a, b, "week"), days / 10
    past = one(x, age / 2 if x else 0.0, age) if age else one(0, 0, 0)
    x = int(past.repeats[0])
    nodes, weights = roots_jacobi(150, b + x - 1, a - 1)
    p = (nodes + 1) / 2
    buys = -np.expm1(-(r + x) * np.log1p(p * ahead / (alpha + age))) / p
    mean = buys @ weights / weights.sum()
    assert model.expected(past, Span(ahead, "week"))[0] == pytest.approx(mean * model.alive(past)[0], rel=1e-5)


def test_a_of_one_is_no_exception() -> None:
    """a = 1 lies between its neighbours, where the closed form divides by zero."""
    low, mid, high = (Model(1, 4, a, 2, "week").expected_of_new(Span(52, "week")) for a in (0.999, 1.0, 1.001))
    assert high < mid < low
    assert mid == pytest.approx((low + high) / 2, rel=1e-6)


@patient
@given(MODELS, st.floats(0, 200), UNITS)
def test_the_expectation_of_a_new_customer_is_the_mean_of_her_distribution(
    model: Model, length: float, unit: str
) -> None:
    span = Span(min(length, 2 * model.alpha) * DAYS[model.unit] / DAYS[unit], unit)  # type: ignore[index, arg-type]
    chances = model.repeats_of_new(span, 1500)
    assert chances.min() >= -1e-12
    assert chances.sum() == pytest.approx(1, abs=1e-6)
    assert chances @ np.arange(1501) == pytest.approx(model.expected_of_new(span), rel=1e-5, abs=1e-9)


@patient
@given(histories(), st.integers(1, 4))
def test_rows_that_are_alike_are_counted(past: History, times: int) -> None:
    again = History(
        *(np.tile(column, times) for column in (past.repeats, past.until_last, past.age, past.customers)), past.unit
    )
    rows, where = again.distinct()
    assert PAPER.alive(rows)[where].tolist() == PAPER.alive(again).tolist()
    assert len(np.unique(np.column_stack([rows.repeats, rows.until_last, rows.age]), axis=0)) == len(rows.repeats)
    assert rows.customers.sum() == times * len(past.repeats)
    parameters = np.array(PAPER.parameters)
    value, slope = bgnbd.likelihood(past)(parameters)
    found, climbs = bgnbd.likelihood(again)(parameters)
    assert found == pytest.approx(times * value)
    assert climbs == pytest.approx(times * slope)


@patient
@given(st.integers(1, 400), st.floats(0.1, 20), st.floats(1.1, 20), st.floats(1, 500), st.floats(1, 500))
def test_an_expected_amount_lies_between_her_own_mean_and_everybodys(
    x: int, p: float, q: float, gamma: float, mean: float
) -> None:
    model = gamma_gamma.Model(p, q, gamma)
    found = float(model.expected(np.array([x]), np.array([mean]))[0])
    weight = float(model.own_weight(np.array([float(x)]))[0])
    assert found == pytest.approx(weight * mean + (1 - weight) * model.mean)
    assert min(mean, model.mean) * (1 - 1e-9) <= found <= max(mean, model.mean) * (1 + 1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parameters_are_found_again_in_customers_drawn_from_the_model(seed: int) -> None:
    """20,000 customers by the story of the model: no estimate may be off by more than a seventh."""
    drawn = simulate(np.random.RandomState(seed), 20_000, PAPER, 39)
    assert bgnbd.fit(drawn).model.parameters == pytest.approx(PAPER.parameters, rel=0.15)


def simulate(rng: np.random.RandomState, n: int, model: Model, age: float) -> History:
    rate, leaves = rng.gamma(model.r, 1 / model.alpha, n), rng.beta(model.a, model.b, n)
    x, last, there = np.zeros(n, dtype=np.int64), np.zeros(n), np.ones(n, dtype=bool)
    while there.any():
        then = last + rng.exponential(1, n) / np.maximum(rate, 1e-300)
        there &= then <= age
        x, last = x + there, np.where(there, then, last)
        there &= rng.uniform(size=n) >= leaves
    return history(x, last, np.full(n, age))


# What cannot be -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "t_x", "t", "sentence"),
    [
        ([], [], [], "no customers"),
        ([1.0], [np.nan], [3.0], "is missing: 1"),
        ([-1.0], [0.0], [3.0], "negative number of purchases or time: 1"),
        ([1.0, 1.0], [4.0, 5.0], [3.0, 3.0], "after the end of the observation: 2"),
        ([0.0, 2.0], [1.0, 0.0], [3.0, 3.0], "does not fit the number of their purchases: 2"),
    ],
)
def test_an_impossible_history_is_refused(
    x: list[float], t_x: list[float], t: list[float], sentence: str, english: None
) -> None:
    with pytest.raises(DataError, match=sentence):
        history(np.array(x), np.array(t_x), np.array(t))


def test_nobody_who_came_again_is_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="Nobody bought a second time: neither a rate"):
        bgnbd.fit(one(0, 0, 10))
    with pytest.raises(DataError, match="Nobody bought a second time: the amounts"):
        gamma_gamma.spending(np.array([0]), np.array([0.0]))


def test_returns_that_leave_no_amount_are_refused(english: None) -> None:
    with pytest.raises(DataError, match="no mean amount above zero: 2"):
        gamma_gamma.spending(np.array([1, 2, 0, 3]), np.array([0.0, np.nan, np.nan, 10.0]))


def test_an_order_without_customer_or_day_is_refused(english: None) -> None:
    with pytest.raises(DataError, match="without a customer or a date: 2"):
        bgnbd.from_orders(
            pd.Series(["A", None, "B"]),
            pd.Series(pd.to_datetime(["2024-01-01", "2024-01-01", None])),
            pd.Timestamp("2024-02-01"),
        )


def test_no_order_before_the_end_is_refused(english: None) -> None:
    with pytest.raises(DataError, match="no customers"):
        bgnbd.from_orders(pd.Series(["A"]), pd.Series(pd.to_datetime(["2024-03-01"])), pd.Timestamp("2024-02-01"))


def test_parameters_that_the_customers_do_not_tell_are_named() -> None:
    """All came to the very end, so that nobody has left: leaving has no likelihood. All spent the same: no spread."""
    stayed = history(np.array([3, 5]), np.array([10.0, 10]), np.array([10.0, 10]))
    assert set(bgnbd.fit(stayed).untold) & {"a", "b"}
    same = gamma_gamma.spending(np.array([1, 2]), np.array([10.0, 10]))
    assert gamma_gamma.fit(same).untold
    assert math.isnan(gamma_gamma.correlation(same))


def test_parameters_at_or_below_zero_are_no_model() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Model(0, 1, 1, 1, "week")
    with pytest.raises(ValueError, match="above zero"):
        Model(1, 1, 1, 1, "fortnight")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="above zero"):
        gamma_gamma.Model(1, -1, 1)
