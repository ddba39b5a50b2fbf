"""Is the dealer's best reply the best there is, and do safety stock, first-in-first-out and discounts follow books?"""

import runpy
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.distributors.models import discounts
from crmlib.chapters.distributors.models import motivation as model
from crmlib.core.errors import DataError, InputError
from crmlib.core.paths import DATA
from crmlib.formulas.discount import annual_cost
from crmlib.tables.data import load, read

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def record() -> model.Record:
    return model.prepare(load("depletions"))


def weeks(received: list[int], sold: list[int], closing: list[int]) -> pd.DataFrame:
    """Return a stock record; every delivery took two weeks and cost ten yuan a case, and one more each time."""
    n = len(received)
    came = [number > 0 for number in received]
    return pd.DataFrame(
        {
            "week": pd.date_range("2024-01-07", periods=n, freq="7D"),
            "received": received,
            "sold": sold,
            "closing": closing,
            "lead_weeks": [2.0 if c else np.nan for c in came],
            "unit_cost": [10.0 + i if c else np.nan for i, c in enumerate(came)],
        }
    )


def test_a_quarter_is_added_up_with_its_last_delivery_and_what_is_missing() -> None:
    """Two weeks of the first quarter, two of the next: 12 received and 1 missing, then 7 and none."""
    table = weeks([5, 7, 0, 7], [4, 5, 2, 2], [1, 3, 0, 5]).assign(
        week=pd.to_datetime(["2024-03-17", "2024-03-24", "2024-03-31", "2024-04-07"])
    )
    found = model.quarters(model.prepare(table))
    assert found["received"].tolist() == [12, 7]
    assert [str(w)[:10] for w in found["last"]] == ["2024-03-24", "2024-04-07"]
    assert found["last_size"].tolist() == [7, 7]
    assert found["missing"].tolist() == [1, 0]


# The ladder -----------------------------------------------------------------------------------------------------------


def test_the_rebate_on_every_case_jumps_at_a_step_by_hand() -> None:
    """200 yuan: at 999 nothing, at 1,000 1% of 200,000 = 2,000; at 1,800 4% of 360,000 = 14,400."""
    rule = model.LadderRule()
    assert model.rebate(np.array([999, 1000, 1800]), rule).tolist() == [0, 2000, 14400]


def test_the_rebate_on_the_excess_by_hand() -> None:
    """At 1,900: 1% of 400 cases, 2.5% of 400, 4% of 100, at 200 yuan: 800 + 2,000 + 800."""
    rule = model.LadderRule(paid_on="excess")
    assert model.rebate(np.array([1000, 1400, 1900]), rule).tolist() == pytest.approx([0, 800, 3600])


def test_a_cliff_is_stuffed_exactly_as_long_as_the_jump_pays_for_the_surplus() -> None:
    """Demand 900, step 1,000, 2% of 100 yuan: a jump of 2,000 for 100 surplus cases, 20 yuan or 20% each."""

    def order(cost: float) -> model.Reply:
        rule = model.LadderRule(
            step_1=1000, rate_1=2, step_2=3990, rate_2=2, step_3=4000, rate_3=2,
            price=100, holding=cost, dumping=cost, effort=200,
        )  # fmt: skip
        return model.best_reply(900, rule)

    assert order(10).order == 1000 and order(10).stuffed > 0
    assert order(30).stuffed == pytest.approx(0) or order(30).order == 900


def test_effort_alone_by_hand() -> None:
    """3% on the excess over 0, effort 60%: e = 3/60 of demand 1,000 = 50; cost ½·0.6·50²/1000 = 0.75 of the price."""
    rule = model.LadderRule(
        step_1=0, step_2=3990, step_3=4000, rate_1=3, rate_2=3, rate_3=3, paid_on="excess",
        price=100, effort=60, holding=30, dumping=30,
    )  # fmt: skip
    reply = model.best_reply(1000, rule)
    assert (reply.order, reply.extra, reply.stuffed) == (1050, 50, 0)
    assert reply.gains[reply.best] == pytest.approx(0.03 * 100 * 1050 - 100 * 0.75)


def test_where_surplus_costs_nothing_nobody_makes_an_effort() -> None:
    reply = model.best_reply(1353, model.LadderRule(dumping=0))
    assert reply.extra == 0 and reply.stuffed == 1353


def test_of_equally_good_orders_the_dealer_takes_the_smallest() -> None:
    reply = model.best_reply(500, model.LadderRule(rate_1=0, rate_2=0, rate_3=0, dumping=0))
    assert reply.order == 500


RULES = st.builds(
    lambda steps, rates, paid, costs, effort, capacity: model.LadderRule(
        **dict(zip(("step_1", "step_2", "step_3"), sorted(steps), strict=True)),
        **dict(zip(("rate_1", "rate_2", "rate_3"), sorted(rates), strict=True)),
        paid_on=paid, holding=costs[0], dumping=costs[1], effort=effort, capacity=capacity,
    ),
    st.lists(st.integers(0, 4000), min_size=3, max_size=3, unique=True),
    st.lists(st.integers(0, 30).map(lambda k: k / 2), min_size=3, max_size=3),
    st.sampled_from(["all", "excess"]),
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
    st.integers(5, 200),
    st.integers(100, 300),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rule=RULES, demand=st.integers(1, 400))
def test_no_order_and_no_split_between_effort_and_surplus_beats_the_best_reply(
    rule: model.LadderRule, demand: int
) -> None:
    """Brute force over the order and over how much of it is sold by effort, in quarters of a case."""
    reply = model.best_reply(demand, rule)
    most = max(demand, int(demand * rule.capacity / 100))
    k, c = rule.effort / 100, min(rule.holding, rule.dumping) / 100
    for order in np.unique(np.linspace(demand, most, 25).astype(int)):
        extra = np.arange(0, order - demand + 0.25, 0.25)
        paid = model.rebate(np.array([order]), rule)[0]
        gain = paid - rule.price * (k * extra**2 / (2 * demand) + c * (order - demand - extra))
        assert gain.max() <= reply.gains[reply.best] + 1e-6
    assert reply.extra + reply.stuffed == pytest.approx(reply.order - demand)
    assert np.isfinite(reply.gains).all()


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"step_2": 1000}, "step_2", r"1,000\) must be above the one before \(1,000"),
        ({"rate_3": 2}, "rate_3", "must be 2.5% at least"),
    ],
)
def test_steps_that_do_not_rise_and_rates_that_fall_are_refused(
    change: dict[str, float], field: str, said: str
) -> None:
    with pytest.raises(InputError, match=said) as refusal:
        model.LadderRule(**change)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]


# The stock ------------------------------------------------------------------------------------------------------------


def test_safety_stock_of_the_carpet_store_is_as_published() -> None:
    """Russell & Taylor, *Operations Management*: 30 yards a day, σ 5, ten days, z 1.65: 26.1 yards."""
    assert model.safety_stock(1.65, 5, 10) == pytest.approx(26.1, abs=0.05)


def test_safety_stock_with_uncertain_lead_time_is_as_published() -> None:
    """Chopra & Meindl, *Supply Chain Management*: 2,500 a day, σ 500, seven days, σ seven, 90%: 22,491 tablets."""
    assert model.safety_stock(model.z_of(90), 500, 7, 2500, 7) == pytest.approx(22491, abs=2)


def test_fifo_leaves_the_latest_deliveries_by_hand() -> None:
    """Deliveries 10 at 10, 20 at 12 and 5 at 13; 18 left: 5 at 13 and 13 at 12, worth 65 + 156."""
    table = weeks([10, 0, 20, 5], [5, 5, 5, 2], [5, 0, 15, 18])
    layers = model.first_in_first_out(table)
    assert layers[["cases", "unit_cost"]].to_numpy().tolist() == [[13, 12], [5, 13]]


def test_stock_older_than_the_record_carries_the_cost_of_its_first_delivery() -> None:
    layers = model.first_in_first_out(weeks([10, 0], [0, 0], [30, 30]))
    assert layers["cases"].tolist() == [30]
    assert layers["unit_cost"].tolist() == [10]


def test_an_empty_warehouse_has_no_layers_and_no_value() -> None:
    record = model.prepare(weeks([10, 0], [5, 5], [5, 0]))
    assert record.layers.empty and model.value_of_stock(record) == (0, 0)


def test_what_the_count_cannot_explain_is_found_by_hand() -> None:
    """5 + 20 − 5 = 20, counted 12: 8 are missing; 12 − 2 = 10, counted 11: one too many."""
    record = model.prepare(weeks([10, 20, 0], [5, 5, 2], [5, 12, 11]))
    assert record.missing.tolist() == [0, 8, -1]


def test_the_shipped_record_hides_two_large_gaps_after_the_ends_of_quarters(record: model.Record) -> None:
    m = model.motivate(record, model.LadderRule())
    found = model.stock_check(m)
    assert sorted(found["missing"]) == [4, 90, 130]
    assert [str(w)[5:10] for w in found["week"][:2]] == ["06-30", "09-29"]


def test_one_delivery_has_no_spread_of_lead_times() -> None:
    record = model.prepare(weeks([10, 0], [5, 5], [5, 0]))
    assert (record.lead, record.lead_sd) == (2, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.head(1), "two weeks at least; there are 1"),
        (lambda t: t.drop(index=1), "after 2024-01-07 the next is 2024-01-21"),
        (lambda t: t.assign(sold=0), "Nothing was sold"),
        (lambda t: t.assign(lead_weeks=np.nan), "No delivery in the record has a lead time"),
        (lambda t: t.assign(unit_cost=np.nan), "delivery of 2024-01-07 has no unit cost"),
        (lambda t: t.head(0), "there are 0"),
    ],
)
def test_a_record_that_gives_no_stock_policy_is_refused(
    change: Callable[[pd.DataFrame], pd.DataFrame], said: str
) -> None:
    table = weeks([10, 0, 20], [5, 5, 5], [5, 0, 15])
    with pytest.raises(DataError, match=said):
        model.prepare(change(table))


def test_the_headline_has_every_measure_and_is_finite(record: model.Record) -> None:
    figures = model.headline(model.motivate(record, model.LadderRule()))
    assert set(figures) == set(model.STUDY.measures)
    assert all(np.isfinite(v) for v in figures.values())


def test_paid_on_the_excess_the_maker_gains_and_nobody_stuffs(record: model.Record) -> None:
    every, excess = (model.motivate(record, model.LadderRule(paid_on=way)) for way in ("all", "excess"))
    assert every.reply.stuffed > 100 and every.maker_gain < 0
    assert excess.reply.stuffed == 0 and excess.maker_gain > 0


# Discounts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "cost"), [(360, 0.3673), (365, 0.3724)])
def test_two_ten_net_thirty_costs_as_every_textbook_says(year: int, cost: float) -> None:
    assert annual_cost(0.02, 10, 30, year) == pytest.approx(cost, abs=0.00005)


def test_compounded_by_hand() -> None:
    """1/0 net 180 in a year of 360: two periods, (100/99)² − 1."""
    assert annual_cost(0.01, 0, 180, 360, compound=True) == pytest.approx((100 / 99) ** 2 - 1)


def test_discounts_are_taken_in_chain_by_hand() -> None:
    """100 cases at 10 yuan: −10% leaves 900, −20% 720, nothing else."""
    terms = discounts.DiscountTerms(
        cases=100, list_price=10, quantity_from=100, quantity_rate=10, functional_rate=20, seasonal_rate=0,
        takes_cash=False, pickup_from=101, pickup_rate=5,
    )  # fmt: skip
    b = discounts.bill(None, terms)
    assert b.taken == (100, 180, 0, 0, 0)
    assert b.net == 720
    assert discounts.steps(b)["left"].tolist() == [900, 720, 720, 720, 720]


def test_a_payment_due_before_the_discount_period_ends_is_refused() -> None:
    with pytest.raises(InputError, match="discount period of 30 days"):
        discounts.DiscountTerms(cash_days=30)


def test_a_rate_of_zero_costs_nothing() -> None:
    assert annual_cost(0.0, 10, 30) == 0


def test_a_rebuild_is_identical_byte_by_byte_and_fits_its_dictionary() -> None:
    script = runpy.run_path(str(DATA / "make_depletions.py"))
    assert script["to_csv"](script["make"]()).encode() == (DATA / "depletions.csv").read_bytes()
    pd.testing.assert_frame_equal(read(DATA / "depletions.csv", "depletions").frame, load("depletions"))
