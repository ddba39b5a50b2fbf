"""Customer value: each formula against a published figure or a derivation by hand, and a small shop worked by hand."""

from itertools import count

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.customer_value.charts import retention as retention_charts
from crmlib.chapters.customer_value.models import alive, bgnbd, campaign, churn, clv, retention, rfm, shop
from crmlib.core.errors import DataError, InputError
from crmlib.formulas import lifetime
from crmlib.tables.data import load

quick = settings(max_examples=60, deadline=None, derandomize=True)


def small(
    *entries: tuple[str, str, str, float], kinds: dict[str, str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return orders and accounts of entries (account, date, kind, amount); account “A1b” belongs to customer “A1”."""
    numbers = count(1)
    orders = pd.DataFrame(
        [(str(next(numbers)), *entry) for entry in entries],
        columns=["order_id", "account_id", "date", "kind", "amount"],
    ).astype({"date": "datetime64[us]"})
    names = sorted({entry[0] for entry in entries})
    accounts = pd.DataFrame({"account_id": names, "customer_id": [name.rstrip("b") for name in names]})
    accounts["kind"] = [(kinds or {}).get(name, "consumer") for name in names]
    return orders, accounts.assign(consent=True)


SHOP = small(
    ("A1", "2024-01-01", "sale", 100.0),
    ("A1", "2024-01-01", "sale", 50.0),  # the same day: one purchase
    ("A1b", "2024-03-01", "card_use", 40.0),  # the second account of the same customer
    ("A1", "2024-01-09", "return", -30.0),
    ("A2", "2024-02-01", "card_sale", 200.0),  # a card alone: no buyer
    ("A3", "2024-02-10", "sale", 80.0),
    ("A4", "2024-03-31", "sale", 9000.0),
    kinds={"A4": "wholesale"},
)


def test_a_small_shop_is_aggregated_as_by_hand() -> None:
    made = shop.prepare(*SHOP)
    b = made.customers
    assert b.ids.tolist() == ["A1", "A3", "A4"]
    assert b.orders.tolist() == [2, 1, 1] and b.gross.tolist() == [190, 80, 9000]
    assert b.net.tolist() == [160, 80, 9000] and b.wholesale.tolist() == [False, False, True]
    assert (made.today - b.last).tolist() == [30, 50, 0] and (b.last - b.first).tolist() == [60, 0, 0]
    assert made.accounts.ids.tolist() == ["A1", "A1b", "A3", "A4"]
    wanted = {"two_accounts": 1, "only_cards": 1, "wholesale": 1, "returns": 1, "cards": 1, "paid_by_card": 1}
    assert {name: made.counts[name] for name in wanted} == wanted


def test_what_is_known_on_a_day_is_what_had_happened_by_then() -> None:
    """A1 bought on two days and sent back 30 of her first 150 on 9 January."""
    b = shop.prepare(*SHOP).customers
    before, after, end = (int(np.datetime64(d).astype(int)) for d in ("2024-01-08", "2024-01-09", "2024-03-31"))
    assert [b.share_returned(day)[0] for day in (before, after, end)] == pytest.approx([0, 30 / 150, 30 / 190])
    assert b.share_returned(before).tolist() == [0, 0, 0]
    orders, last = b.until(after)
    assert orders.tolist() == [1, 0, 0] and last.tolist() == [b.first[0]] * 3
    assert b.until(end)[0].tolist() == b.orders.tolist() and b.until(end)[1].tolist() == b.last.tolist()


def test_an_account_that_is_not_listed_and_a_shop_without_purchases_are_refused() -> None:
    orders, accounts = SHOP
    with pytest.raises(DataError, match="A3"):
        shop.prepare(orders, accounts[accounts["account_id"] != "A3"])
    with pytest.raises(DataError):
        shop.prepare(orders[orders["kind"] == "return"], accounts)


# RFM ------------------------------------------------------------------------------------------------------------------


def test_quintiles_name_what_ties_get() -> None:
    """Ten customers: three with 1 share ranks 1 to 3, four with 2 share 4 to 7."""
    bought = np.array([1.0, 1, 1, 2, 2, 2, 2, 5, 6, 9])
    by_hand = {
        "worst": [1, 1, 1, 2, 2, 2, 2, 4, 5, 5],  # ranks 1 and 4
        "average": [1, 1, 1, 3, 3, 3, 3, 4, 5, 5],  # ranks 2 and 5.5
        "best": [2, 2, 2, 4, 4, 4, 4, 4, 5, 5],  # ranks 3 and 7
        "file": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
    }
    for ties, wanted in by_hand.items():
        assert rfm.quintiles(bought, ties).tolist() == wanted, ties
    assert rfm.quintiles(np.array([5.0, 1]), "worst", less_is_better=True).tolist() == [3, 5]


@quick
@given(st.lists(st.integers(1, 9), min_size=1, max_size=40))
def test_ties_by_the_worst_rank_never_score_above_those_by_the_best(values: list[int]) -> None:
    worst, mean, best = (rfm.quintiles(np.array(values, float), t) for t in ("worst", "average", "best"))
    assert (worst <= mean).all() and (mean <= best).all() and worst.min() >= 1 and best.max() == 5
    for value in set(values):
        assert len({int(s) for s, v in zip(worst, values, strict=True) if v == value}) == 1


def test_scores_weights_and_segments_by_hand() -> None:
    r = rfm.score(shop.prepare(*SHOP), rfm.RfmRule(scoring="bands", wholesale=True, recency_weight=0.5,
                                                   frequency_weight=0.25, money_weight=0.25))  # fmt: skip
    assert r.scores.tolist() == [[5, 2, 2], [4, 1, 1], [5, 1, 5]]
    assert r.weighted.tolist() == [3.5, 2.5, 4.0]
    assert [rfm.SEGMENTS[k] for k in r.segment] == ["potential loyalists", "promising", "potential loyalists"]
    assert len({*rfm.GRID.ravel().tolist()}) == len(rfm.SEGMENTS) == 11


def test_means_and_accounts_change_what_is_scored() -> None:
    made = shop.prepare(*SHOP)
    mean = rfm.score(made, rfm.RfmRule(money="mean")).values[:, 2]
    assert mean.tolist() == [80, 80] and len(rfm.score(made, rfm.RfmRule(unit="accounts")).ids) == 3
    with pytest.raises(InputError):
        rfm.RfmRule(recency_weight=0, frequency_weight=0, money_weight=0)


# Lifetime value -------------------------------------------------------------------------------------------------------

PUBLISHED = {
    0.10: (1.20, 1.75, 2.67, 4.50),
    0.12: (1.15, 1.67, 2.50, 4.09),
    0.14: (1.11, 1.59, 2.35, 3.75),
    0.16: (1.07, 1.52, 2.22, 3.46),
}
"""The table of margin multiples of Gupta and Lehmann (2005), for retention rates of 60, 70, 80 and 90%."""


@pytest.mark.parametrize("discount", PUBLISHED)
def test_the_margin_multiple_is_the_published_one(discount: float) -> None:
    found = [round(clv.multiple(r, discount), 2) for r in (0.6, 0.7, 0.8, 0.9)]
    assert found == pytest.approx(PUBLISHED[discount], abs=0.0051)


def test_three_periods_by_hand_by_each_convention() -> None:
    """r = 0.5 and i = 25%, so r/v = 0.4. End: 0.4 + 0.16 + 0.064; served: 0.8 × (1 + 0.4 + 0.16); now: 1.56."""
    found = [clv.multiple(0.5, 0.25, first, periods=3) for first in ("end", "served", "now")]
    assert found == pytest.approx([0.624, 1.248, 1.56])
    assert clv.multiple(0.5, 0.25, "end", growth=0.1, periods=2) == pytest.approx(0.4 + 0.4 * 0.44)


@quick
@given(st.floats(0, 0.95), st.floats(0.01, 0.4), st.sampled_from(["end", "served", "now"]))
def test_many_periods_come_to_the_value_without_end(r: float, i: float, first: str) -> None:
    assert clv.multiple(r, i, first, periods=900) == pytest.approx(clv.multiple(r, i, first), rel=1e-6)
    assert clv.multiple(r, i, "now") == pytest.approx(1 + clv.multiple(r, i, "end"))
    if first != "served":
        assert clv.multiple(r, i, first) == pytest.approx(float(lifetime.multiple(np.array([r]), i, first)[0]))


@quick
@given(st.floats(0, 0.5), st.sampled_from(["month", "quarter", "half", "year"]))
def test_a_rate_per_period_comes_back_to_the_yearly_one(yearly: float, period: str) -> None:
    n = shop.PER_YEAR[period]
    assert (1 + clv.per_period(yearly, period)) ** n == pytest.approx(1 + yearly)
    assert n * clv.per_period(yearly, period, "simple") == pytest.approx(yearly)


def test_the_cohort_table_adds_up_to_the_value() -> None:
    c = clv.STUDY.answer(horizon="some", periods=4, acquisition=0)
    assert clv.cohort(c)["cumulated"].iloc[-1] == pytest.approx(clv.COHORT * c.clv)
    assert clv.headline(clv.STUDY.answer(counted=False))["clv"] == clv.headline(clv.STUDY.answer())["gross"]


@pytest.mark.parametrize("first", ["end", "served", "now"])
def test_the_acquisition_cost_may_be_back_after_the_periods_shown(first: str) -> None:
    """Without discounting, 99% staying and 10 a period bring back 500 after 69 periods or so, however they fall."""
    rule = clv.ClvRule(margin=10, retention=99, discount=0, acquisition=500, first=first)  # type: ignore[arg-type]
    c = clv.value(None, rule)
    there = 0.99 ** np.arange(1 if first == "end" else 0, 200)
    times = np.arange(0 if first == "now" else 1, 201)
    assert len(c.times) == clv.SHOWN < c.paid == times[np.argmax(10 * np.cumsum(there) >= 500)]
    assert np.isnan(clv.value(None, rule.replace(acquisition=1100)).paid)
    assert np.isnan(clv.value(None, rule.replace(horizon="some", periods=20)).paid)


@quick
@given(st.sampled_from(["end", "served", "now"]), st.integers(0, 99), st.sampled_from(["always", "some"]))
def test_a_rule_gives_the_multiple_of_its_own_inputs(first: str, retention: int, horizon: str) -> None:
    rule = clv.ClvRule(discount=12, growth=2, horizon=horizon, periods=7)  # type: ignore[arg-type]
    n = 7 if horizon == "some" else None
    assert rule.multiple(first, retention) == clv.multiple(retention / 100, 0.12, first, 0.02, n)
    assert rule.multiple() == clv.value(None, rule).multiple


def test_a_value_without_bound_is_refused() -> None:
    with pytest.raises(InputError):
        clv.ClvRule(retention=99, growth=20)
    assert clv.STUDY.answer(retention=99, growth=20, horizon="some").clv > 0


# Churn ----------------------------------------------------------------------------------------------------------------


def test_rates_break_even_and_lists_by_hand() -> None:
    assert churn.retention_rate(200, 30, 180) == 0.75
    assert churn.win_back(100, 0.1, 60, 2, 10) == 300 and churn.win_back(100, 0.04, 60, 2, 10) == 0
    assert churn.break_even_success(60, 2, 10) == 0.04 and np.isnan(churn.break_even_success(10, 2, 10))
    assert churn.list_quality(30, 100, 60, 400) == (0.3, 0.5, 2.0)


def test_the_warning_score_by_hand() -> None:
    """Two and a half gaps of three: 50; a fall of a quarter: 6.25; a tenth returned, of a half: 3."""
    one = churn.warning_score(*(np.array([v]) for v in (100.0, 40.0, 450.0, 600.0, 0.1)))
    assert one.tolist() == pytest.approx([59.25])
    most = churn.warning_score(*(np.array([v]) for v in (900.0, 1.0, 0.0, 10.0, 1.0)))
    assert most.tolist() == [100.0]
    assert churn.warning_score(*(np.array([v]) for v in (0.0, 9.0, 5.0, 0.0, 0.0))).tolist() == [0.0]


def test_who_bought_once_takes_the_median_gap() -> None:
    orders, first = np.array([1, 3, 2, 1]), np.array([0, 0, 10, 5])
    assert churn.usual_gaps(orders, first, np.array([0, 20, 40, 5])).tolist() == [20, 10, 30, 20]
    assert churn.usual_gaps(np.array([1]), np.array([3]), np.array([3])).tolist() == [90]


def test_the_retention_curve_of_a_shop_worked_by_hand() -> None:
    """Forty customers begin in January 2022: ten buy once, ten again in May, twenty again in May and November."""
    rows = []
    for k in range(40):
        days = ["2022-01-10"] + ["2022-05-10"] * (k >= 10) + ["2022-11-10"] * (k >= 20)
        rows += [(f"K{k:02d}", day, "sale", 10.0) for day in days]
    made = shop.prepare(*small(*rows, ("Z", "2023-12-31", "sale", 10.0)))
    kept = retention.follow(made, retention.RetentionRule(cohort="first"))
    assert kept.customers == 40 and kept.once == 0.25 and kept.silent == 1.0
    assert kept.share[:5].tolist() == pytest.approx([1, 0.75, 0.5, 0.5, 0]) and kept.rates[0] == 0.75
    active = retention.follow(made, retention.RetentionRule(cohort="first", there="active"))
    assert active.share[:4].tolist() == pytest.approx([1, 0.75, 0, 0.5])
    with pytest.raises(DataError):
        retention.follow(made, retention.RetentionRule(cohort="last"))


def test_a_lifetime_that_the_data_do_not_allow_is_a_dash() -> None:
    """Nobody left by the only period that can be judged, or no second period can be judged."""
    days = ("2022-01-10", "2022-05-10", "2022-08-10", "2022-11-10")
    rows = [(f"K{k:02d}", day, "sale", 10.0) for k in range(40) for day in days]
    stayed = retention.follow(shop.prepare(*small(*rows)), retention.RetentionRule())
    alone = retention.follow(SHOP_OF_THE_COURSE, retention.RetentionRule(cohort="second", period="year", silence=420))
    assert stayed.mean_rate == 1 and len(alone.share) == 1
    for r in (stayed, alone):
        life = retention.headline(r)["life"]
        assert np.isnan(life) and retention.STUDY.measures["life"].shown(life) == "–"


def test_a_share_that_buys_is_not_called_still_there(english: None) -> None:
    for there, title, column in (
        ("kept", "After 10 periods", "Still there (%)"),
        ("active", "11 periods after the first purchase", "Buy in the period (%)"),
    ):
        r = retention.follow(SHOP_OF_THE_COURSE, retention.RetentionRule(there=there))  # type: ignore[arg-type]
        drawn = retention_charts.curve(r)
        assert drawn.title().startswith(title) and drawn.table().columns[1] == column


@quick
@given(st.sampled_from(["month", "quarter", "half", "year"]), st.sampled_from([30, 90, 180, 360]))
def test_nobody_comes_back_who_has_left(period: str, silence: int) -> None:
    r = retention.follow(SHOP_OF_THE_COURSE, retention.RetentionRule(period=period, silence=silence))
    assert (np.diff(r.share) <= 1e-12).all() and (np.diff(r.exposed) <= 0).all() and r.exposed.min() >= retention.FEWEST


SHOP_OF_THE_COURSE = shop.prepare(load("shop_orders"), load("shop_accounts"))


# Campaign -------------------------------------------------------------------------------------------------------------

BASE = campaign.prepare(load("shop_orders"), load("shop_accounts"))


def test_the_expected_gain_by_hand() -> None:
    """0.4 × 0.2 × 280 − 0.6 × (0.5 × 20 + 0.01 × 300) − 1 = 22.4 − 7.8 − 1."""
    rule = campaign.CampaignRule(face=20, redeem=50, disturbed=1, contact=1)
    gain = campaign.expected_gain(np.array([0.4]), np.array([0.2]), np.array([300.0]), rule)
    assert gain.tolist() == pytest.approx([13.6])


@quick
@given(st.sampled_from(list(campaign.CHOICES)), st.integers(0, 60).map(lambda n: 100 * n), st.integers(0, 100))
def test_no_choice_beats_the_expected_gain(choose: str, vouchers: int, face: int) -> None:
    inputs = {"vouchers": vouchers, "face": face}
    by_gain, other = (
        campaign.run(BASE, campaign.CampaignRule(choose=how, **inputs))  # type: ignore[arg-type]
        for how in ("gain", choose)
    )
    assert campaign.headline(by_gain)["profit"] >= campaign.headline(other)["profit"] - 1e-6
    assert other.sent.sum() <= vouchers and BASE.buyers.consent[other.sent].all()
    assert not BASE.buyers.wholesale[other.sent].any()


def test_none_at_a_loss_and_the_threshold() -> None:
    few = campaign.run(BASE, campaign.CampaignRule(losing=False, threshold=60))
    assert (few.gain[few.sent] >= 0).all() and (BASE.score[few.sent] >= 60).all()
    curve = campaign.by_threshold(campaign.run(BASE, campaign.CampaignRule(losing=False)))
    assert curve[12] == pytest.approx(campaign.headline(few)["profit"])


def test_at_the_break_even_share_the_profit_is_nothing() -> None:
    share = round(campaign.headline(campaign.run(BASE, campaign.CampaignRule()))["break_even"], 6)
    fixed = campaign.run(BASE, campaign.CampaignRule())
    keeps = fixed.keeps * share / 12
    gain = campaign.expected_gain(BASE.risk[BASE.band], keeps, fixed.worth, fixed.rule)
    assert float(gain[fixed.sent].sum()) == pytest.approx(0, abs=0.1)


def test_the_risk_of_a_band_is_what_became_of_it() -> None:
    b, then = BASE.buyers, SHOP_OF_THE_COURSE.today - campaign.AHEAD
    known = b.first <= then
    lost = known & (b.last <= then)
    assert (BASE.tested * BASE.risk).sum() == pytest.approx(lost.sum()) and BASE.tested.sum() == known.sum()
    assert (np.diff(BASE.risk) > 0).all()


def test_the_test_on_the_past_does_not_see_returns_that_came_later() -> None:
    """Everybody sends everything back on the last day: half a year ago nobody knew."""
    orders, accounts = load("shop_orders"), load("shop_accounts")
    bought = orders[orders["kind"].isin(["sale", "card_use"])]
    back = bought.groupby("account_id", as_index=False)["amount"].sum().assign(date=orders["date"].max(), kind="return")
    back["amount"] *= -1
    back["order_id"] = [f"R{k}" for k in range(len(back))]
    after = campaign.prepare(pd.concat([orders, back[list(orders.columns)]], ignore_index=True), accounts)
    assert after.tested.tolist() == BASE.tested.tolist() and after.risk.tolist() == BASE.risk.tolist()
    assert (after.score > BASE.score).any() and (after.score >= BASE.score).all()


# One customer as time passes ------------------------------------------------------------------------------------------


def test_the_history_is_that_of_the_orders() -> None:
    made = SHOP_OF_THE_COURSE.customers
    past, mean = alive.history(made, SHOP_OF_THE_COURSE.today, ~made.wholesale)
    orders = load("shop_orders").merge(load("shop_accounts"), on="account_id", suffixes=("", "_owner"))
    goods = orders[orders["kind"].isin(["sale", "card_use"]) & (orders["kind_owner"] == "consumer")]
    ids, wanted = bgnbd.from_orders(goods["customer_id"], goods["date"], pd.Timestamp("2024-12-31"))
    assert ids.tolist() == made.ids[~made.wholesale].tolist()
    for name in ("repeats", "until_last", "age"):
        assert getattr(past, name) == pytest.approx(getattr(wanted, name))
    assert (np.isnan(mean) == (past.repeats == 0)).all()


def test_what_is_known_of_a_customer_on_each_day() -> None:
    rule = alive.AliveRule(purchases=3, gap=14, silence=10)
    seen = alive.so_far(rule, np.array([0.0, 13, 14, 27, 28, 60]))
    assert seen.repeats.tolist() == [0, 0, 1, 1, 2, 2]
    assert seen.until_last.tolist() == [0, 0, 2, 2, 4, 4] and seen.since_last[-1] == pytest.approx(32 / 7)


FITTED = alive.fitted(SHOP_OF_THE_COURSE)


@quick
@given(st.integers(2, 20), st.integers(5, 90), st.integers(0, 40).map(lambda n: 5 * n))
def test_silence_lowers_and_a_purchase_raises_the_probability_alive(purchases: int, gap: int, silence: int) -> None:
    c = alive.follow(FITTED, alive.AliveRule(purchases=purchases, gap=gap, silence=silence))
    after = c.days >= gap * (purchases - 1)
    assert (np.diff(c.alive[after]) <= 1e-12).all() and ((c.alive > 0) & (c.alive <= 1)).all()
    assert c.days[c.now] == gap * (purchases - 1) + silence


def test_who_bought_once_counts_as_alive_and_the_remark_says_so() -> None:
    once = alive.AliveRule(purchases=1, silence=700)
    assert alive.headline(alive.follow(FITTED, once))["alive"] == 100 and once.remarks()


def test_a_shop_that_does_not_tell_a_parameter_says_so(english: None) -> None:
    rows = [(f"K{k}", f"2024-0{month}-01", "sale", 10.0) for k in range(6) for month in (1, 2, 3)]
    made = alive.fitted(shop.prepare(*small(*rows)))
    (remark,) = made.remarks()
    assert made.untold and "do not determine" in remark and FITTED.remarks() == []


def test_the_faster_rhythm_is_likelier_to_have_left_after_the_same_silence() -> None:
    fast, slow = (alive.follow(FITTED, alive.AliveRule(purchases=8, gap=gap, silence=60)) for gap in (10, 60))
    assert fast.alive[fast.now] < 0.5 < slow.alive[slow.now]
