"""Key accounts, complaints and risk: each formula against a published figure or one worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.chapters.key_accounts.charts import complaints as complaint_charts
from crmlib.chapters.key_accounts.charts import funnel as funnel_charts
from crmlib.chapters.key_accounts.charts import key_accounts as charts
from crmlib.chapters.key_accounts.models import complaints, duties, funnel, key_accounts, risk, signs
from crmlib.core.errors import DataError
from crmlib.tables.data import load

SHARES = st.lists(st.floats(1, 1_000), min_size=1, max_size=30).map(np.array)


# Concentration --------------------------------------------------------------------------------------------------------


def test_the_index_is_that_of_the_merger_guidelines() -> None:
    """The example of the U.S. Department of Justice: four firms with 30, 30, 20 and 20%."""
    assert key_accounts.hhi(np.array([30.0, 30.0, 20.0, 20.0])) == 2_600
    assert key_accounts.hhi(np.array([100.0])) == 10_000
    assert key_accounts.hhi(np.full(5, 20.0)) == pytest.approx(2_000)


@given(SHARES)
def test_the_index_lies_between_that_of_equal_customers_and_that_of_one(sales: np.ndarray) -> None:
    shares = 100 * sales / sales.sum()
    assert 10_000 / len(shares) - 1e-6 <= key_accounts.hhi(shares) <= 10_000 + 1e-6
    assert key_accounts.hhi(shares) >= float(shares.max()) ** 2 - 1e-6


def accounts(*rows: tuple[str, str | None, float, float, float, float]) -> pd.DataFrame:
    """Return accounts: id, group, sales before, sales, margin, service cost."""
    columns = ["account_id", "group", "sales_before", "sales", "margin", "service_cost"]
    return pd.DataFrame(rows, columns=columns).assign(kind="store", own_share=0.5)


FOUR = accounts(("A", None, 400, 400, 30, 20), ("B", "G", 150, 200, 30, 10), ("C", "G", 150, 200, 30, 10),
                ("D", None, 200, 200, 30, 10))  # fmt: skip


def test_the_loss_of_the_largest_is_that_worked_by_hand() -> None:
    """Sales 1,000, margin 300, service 50, fixed 150: profit 100. Losing 400: −120 of margin, half of it back, +10."""
    c = key_accounts.STUDY.answer(FOUR, unite="account", fixed=150, replaced=50, saved=50)
    found = key_accounts.headline(c)
    assert found["profit"] == pytest.approx(100)
    assert found["profit_then"] == pytest.approx(100 - 120 * 0.5 + 20 * 0.5)
    assert found["fall"] == pytest.approx(50)


def test_accounts_of_one_owner_are_one_customer_and_profit_stays() -> None:
    apart, united = (key_accounts.STUDY.answer(FOUR, unite=how, fixed=150) for how in ("account", "group"))
    assert key_accounts.hhi(apart.shares) == pytest.approx(1_600 + 3 * 400)
    assert key_accounts.hhi(united.shares) == pytest.approx(1_600 + 1_600 + 400)
    assert apart.profit == pytest.approx(united.profit)
    assert united.customers.own_share.tolist() == pytest.approx([0.5, 0.5, 0.5])


def test_an_account_without_sales_or_with_returns_has_no_share() -> None:
    odd = pd.concat([FOUR, accounts(("E", None, 50, 0, 30, 1), ("F", None, 0, -30, 20, 0))])
    c = key_accounts.STUDY.answer(odd, unite="account")
    assert c.shares.sum() == pytest.approx(100) and c.shares[-2:].tolist() == [0, 0]
    table = charts.listed(c)
    assert table.iloc[-1].tolist()[2] == "–", "no growth is known of an account without sales before"
    assert charts.largest(c).table().shape[0] == 6


def test_without_sales_there_is_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="must be above zero"):
        key_accounts.prepare(FOUR.assign(sales=0.0))
    with pytest.raises(DataError, match="must be above zero"):
        key_accounts.prepare(FOUR.iloc[:0])


def test_without_profit_the_part_lost_is_unknown_and_the_title_says_why(english: None) -> None:
    thousands = FOUR.assign(sales=FOUR["sales"] * 1_000, service_cost=FOUR["service_cost"] * 1_000)
    c = key_accounts.STUDY.answer(thousands, unite="account", fixed=350_000, replaced=0, saved=0)
    assert np.isnan(key_accounts.headline(c)["fall"])
    assert charts.falls(c).title() == "The profit is −10.0 now and −22.0 after losing 1", "margin 300, less 50 and 350"
    earning_nothing = key_accounts.STUDY.answer(FOUR.assign(margin=0))
    assert charts.department(earning_nothing).title().endswith("; more sales do not pay for it")
    assert (
        len(charts.advice(key_accounts.STUDY.answer(FOUR, least=10).__class__(c.customers, c.rule, c.shares * 0))) == 0
    )


def test_the_formula_of_the_text_is_that_of_the_model_where_nothing_is_replaced() -> None:
    """20% × 30% ÷ 10% = 60%, by hand; the model with no service cost and nothing replaced says the same."""
    plain = accounts(("A", None, 200, 200, 30, 0), ("B", None, 800, 800, 30, 0))
    c = key_accounts.STUDY.answer(plain, fixed=200, replaced=0, saved=0, lost=0)
    smaller = key_accounts.Concentration(
        key_accounts.Customers(*(values[::-1] for values in vars(c.customers).values())), c.rule, c.shares[::-1]
    )
    assert 100 * smaller.loss(1) / smaller.profit == pytest.approx(key_accounts.profit_fall(20, 30, 10)) == 60


def test_winning_back_breaks_even_where_chance_times_margin_is_the_cost() -> None:
    chance = key_accounts.win_back(60_000, 100_000, 3)
    assert chance == 20 and chance / 100 * 100_000 * 3 == pytest.approx(60_000)


def test_advice_asks_in_order() -> None:
    rows = accounts(("A", None, 500, 400, 30, 0), ("B", None, 300, 300, 30, 0), ("C", None, 200, 200, 30, 0),
                    ("D", None, 100, 100, 30, 0)).assign(own_share=[0.1, 0.1, 0.9, 0.5])  # fmt: skip
    assert key_accounts.advice(key_accounts.STUDY.answer(rows)).tolist() == [0, 1, 2, 3]


# Funnel ---------------------------------------------------------------------------------------------------------------


def opportunities(*rows: tuple[str, str, float, int]) -> pd.DataFrame:
    """Return opportunities: stage, status, amount, days in each stage reached."""
    names = list(funnel.STAGES)
    frame = pd.DataFrame(
        {
            "opportunity_id": [f"O{n}" for n in range(len(rows))],
            "salesperson": "S",
            "amount": [row[2] for row in rows],
            "stage": [row[0] for row in rows],
            "status": [row[1] for row in rows],
        }
    )
    for place, name in enumerate(names):
        days = [row[3] if place <= names.index(row[0]) else None for row in rows]
        frame[f"days_{name}"] = pd.array(days, dtype="Int64")
    return frame


LOG = opportunities(("negotiated", "won", 100, 4), ("negotiated", "lost", 100, 4), ("lead", "lost", 50, 2),
                    ("lead", "open", 200, 3), ("negotiated", "open", 80, 9))  # fmt: skip


def test_conversion_and_weighted_pipeline_are_those_worked_by_hand() -> None:
    """Leads: 3 passed, 1 lost; at the end 1 won, 1 lost; none lost between. 200 × 0.75 × 0.5 + 80 × 0.5 = 115."""
    f = funnel.STUDY.answer(LOG)
    assert f.conversion.tolist() == [0.75, 1, 1, 1, 0.5]
    assert funnel.headline(f)["weighted"] == pytest.approx(200 * 0.375 + 80 * 0.5)
    assert funnel.headline(f)["to_win"] == pytest.approx(37.5)


def test_a_stuck_opportunity_keeps_what_the_rule_says() -> None:
    f = funnel.STUDY.answer(LOG, stuck=2, worth=50)
    assert f.stuck.tolist() == [False, True], "9 days are more than twice 4"
    assert funnel.headline(f)["weighted"] == pytest.approx(200 * 0.375 + 80 * 0.25)


def test_a_stage_that_nobody_passed_is_zero_and_one_without_a_fate_is_unknown() -> None:
    lost = funnel.STUDY.answer(opportunities(("lead", "lost", 10, 1), ("lead", "open", 10, 1)))
    assert lost.conversion[0] == 0 and np.isnan(lost.conversion[1:]).all()
    assert funnel.headline(lost)["weighted"] == 0
    fresh = funnel.STUDY.answer(opportunities(("lead", "open", 10, 1)))
    assert np.isnan(fresh.conversion).all() and funnel.headline(fresh)["weighted"] == 0
    assert np.isnan(funnel.headline(fresh)["lowest"]) and not fresh.stuck.any()
    for f in (lost, fresh):
        assert (
            "–"
            in funnel_charts.conversion(f)[
                "Chance to win (%)" if "Chance to win (%)" in funnel_charts.conversion(f) else "赢单的可能（%）"
            ].tolist()
        )
        for chart in (funnel_charts.narrowing, funnel_charts.pipeline, funnel_charts.ageing):
            assert chart(f).title()


def test_an_open_opportunity_without_days_is_told(english: None) -> None:
    odd = LOG.assign(days_lead=pd.array([None] * len(LOG), dtype="Int64"))
    with pytest.raises(DataError, match="O3 is open, but the days"):
        funnel.prepare(odd)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8).map(np.array))
def test_the_chance_to_win_falls_towards_the_first_stage(conversion: np.ndarray) -> None:
    found = funnel.chances(conversion)
    assert found[0] == pytest.approx(float(np.prod(conversion))) and (np.diff(found) >= -1e-12).all()


def test_a_stage_that_nobody_passed_leaves_no_chance_before_it_whatever_comes_later(english: None) -> None:
    """Nobody reaches what comes after, so that it is unknown: nought times unknown is nought, as the chapter says."""
    assert funnel.chances(np.array([0.5, 0.4, 0.0, np.nan])).tolist() == pytest.approx([0, 0, 0, np.nan], nan_ok=True)
    lost = LOG.assign(
        stage="qualified",
        status=["lost", *["open"] * (len(LOG) - 1)],
        days_qualified=pd.array([1] * len(LOG), dtype="Int64"),
    )
    found = funnel.run(funnel.prepare(lost), funnel.FunnelRule(lift=0))
    assert found.to_win[:2].tolist() == [0, 0] and np.isnan(found.to_win[2:]).all()
    assert funnel.headline(found)["to_win"] == 0


# Complaints -----------------------------------------------------------------------------------------------------------


def test_few_causes_are_counted_up_to_the_one_that_crosses_the_line() -> None:
    weights = np.array([15.0, 50.0, 5.0, 30.0])
    assert [complaints.few(weights, line) for line in (50, 51, 80, 81, 100)] == [1, 2, 2, 3, 4]
    assert complaints.few(np.zeros(3), 80) == 0


def test_the_silent_are_those_behind_the_complaints() -> None:
    assert complaints.dissatisfied(50, 4) == 1_250
    assert complaints.dissatisfied(50, 100) == 50


def test_the_promise_counts_finished_cases_alone() -> None:
    log = load("complaints").head(4).assign(stands=[True, True, True, False])
    steps = [f"days_{step}" for step in complaints.STEPS]
    log[steps] = [[1.0] * 7, [2.0] * 7, [1.0, 1.0, *[np.nan] * 5], [3.0, 4.0, *[np.nan] * 5]]
    h = complaints.STUDY.answer(log, promise=7)
    assert sorted(h.total.tolist()) == [7, 14] and h.kept == 0.5
    assert complaints.STUDY.answer(log, promise=7, only="all").kept == pytest.approx(2 / 3)
    assert complaints.STUDY.answer(log, promise=7, step="judge", faster=50).total.tolist() == [6.5, 13]


def test_the_gain_of_fair_handling_is_that_worked_by_hand() -> None:
    """Ten fair of whom 8 buy again, ten unfair of whom 3 do: half of ten × 50 points × 200 yuan = 500."""
    log = load("complaints").head(20).assign(stands=True)
    rated = pd.array([5] * 10 + [2] * 10, dtype="Int64")
    log = log.assign(fair_outcome=rated, fair_process=rated, fair_manner=rated)
    log["bought_again"] = pd.array([True] * 8 + [False] * 2 + [True] * 3 + [False] * 7, dtype="boolean")
    found = complaints.headline(complaints.STUDY.answer(log, mend=50, margin=200))
    assert found["rebuy_gap"] == pytest.approx(50) and found["gain"] == pytest.approx(500)


def test_a_log_without_ratings_or_finished_cases_is_drawn_with_dashes(english: None) -> None:
    log = load("complaints").head(5).assign(stands=True)
    for name in ("fair_outcome", "fair_process", "fair_manner"):
        log[name] = pd.array([None] * 5, dtype="Int64")
    log[[f"days_{step}" for step in complaints.STEPS]] = np.nan
    h = complaints.STUDY.answer(log)
    assert np.isnan(complaints.headline(h)["kept"]) and np.isnan(complaints.headline(h)["rebuy_gap"])
    for chart in (complaint_charts.pareto, complaint_charts.times, complaint_charts.promise, complaint_charts.fairness):
        assert len(chart(h).table())
    assert complaint_charts.promise(h).title().startswith("No case is settled")
    with pytest.raises(DataError, match="no complaints"):
        complaints.prepare(log.iloc[:0])


# Risk -----------------------------------------------------------------------------------------------------------------


def test_expected_loss_and_what_controls_leave_are_those_worked_by_hand() -> None:
    assert risk.expected_loss(6, 3, 50_000) == 100_000
    assert risk.left(np.array([[0.5, 0.2], [0.4, 0.0]])).tolist() == pytest.approx([0.3, 0.8])
    assert risk.left(np.zeros((0, 2))).tolist() == [1, 1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0, 400))
def test_the_best_set_is_never_worse_than_one_in_order(cuts: list[float], budget: float) -> None:
    loss, cut = np.array([1_000.0]), np.array(cuts)[:, None]
    cost = np.array([50.0 + 40 * place for place in range(len(cuts))])

    def net(chosen: np.ndarray) -> float:
        return float(loss.sum() - (loss * risk.left(cut[chosen])).sum() - cost[chosen].sum())

    best = risk.best_set(loss, cut, cost, budget)
    assert cost[best].sum() <= budget
    for order in (np.argsort(cost), np.argsort(-cut[:, 0])):
        assert net(best) >= net(risk.in_order(order, cost, budget)) - 1e-9 or cost[best].sum() == 0
    assert net(best) >= -1e-9


def test_no_budget_takes_no_control() -> None:
    plan = risk.STUDY.answer(*map(load, risk.STUDY.datasets), budget=0)
    assert not plan.chosen.any() and plan.after.tolist() == plan.before.tolist()


def test_more_recovered_than_lost_is_told(english: None) -> None:
    incidents, controls, who = map(load, risk.STUDY.datasets)
    odd = incidents.assign(recovered=incidents["recovered"].where(incidents.index != 2, incidents["loss"] + 1))
    with pytest.raises(DataError, match="I03: more was recovered"):
        risk.prepare(odd, controls, who)
    with pytest.raises(DataError, match="no incidents"):
        risk.prepare(incidents.iloc[:0], controls, who)
    with pytest.raises(DataError, match="28 controls"):
        risk.prepare(incidents, pd.concat([controls, controls]), who)


def test_duties_are_paired_whatever_their_order(english: None) -> None:
    table = pd.DataFrame(
        {"person_id": ["P1", "P1", "P1", "P2"], "role": "office", "duty": ["ledger", "visit", "collect", "ship"]}
    )
    found = duties.conflicts(table)
    assert found.found == [("P1", "office", "collect", "ledger")] and (found.people, found.checked) == (1, 2)
    with pytest.raises(DataError, match="two positions"):
        duties.conflicts(table.assign(role=["office", "sales", "office", "office"]))
    with pytest.raises(DataError, match="empty"):
        duties.conflicts(table.iloc[:0])


# Warning signs --------------------------------------------------------------------------------------------------------


def history(late: list[int], asked: list[bool], failed: bool, name: str = "D1") -> pd.DataFrame:
    """Return twelve months of a customer that orders and pays the same."""
    months = np.arange(1, 13)
    return pd.DataFrame(
        {
            "customer_id": name,
            "month": months,
            "billed": 100.0,
            "days_late": late,
            "paid_share": 1.0,
            "asked_delay": asked,
            "failed": failed,
        }
    )


def test_signs_are_the_last_months_against_those_before() -> None:
    late = history([1] * 6 + [9] * 6, [False] * 10 + [True] * 2, True)
    calm = history([5] * 12, [True] * 6 + [False] * 6, False, "D2")
    p = signs.prepare(pd.concat([calm, late]))
    assert p.names.tolist() == ["D1", "D2"] and p.later.tolist() == [8, 0] and p.asks.tolist() == [2, 0]
    w = signs.run(p, signs.SignRule())
    assert w.warned.tolist() == [True, False]
    assert signs.headline(w) == {"warned": 1, "caught": 100, "right": 100, "missed": 0, "alarms": 0, "cost": 0}
    w = signs.run(p, signs.SignRule(needed=3))
    assert signs.headline(w)["cost"] == 60_000 and np.isnan(signs.headline(w)["right"])


def test_too_few_months_and_two_fates_are_told(english: None) -> None:
    short = history([1] * 12, [False] * 12, False).head(8)
    with pytest.raises(DataError, match="D1 has too few months"):
        signs.prepare(short)
    odd = history([1] * 12, [False] * 12, False)
    with pytest.raises(DataError, match="D1 is said to have failed"):
        signs.prepare(odd.assign(failed=[True] + [False] * 11))


@given(st.integers(1, 3))
def test_more_signs_needed_warn_of_no_more_customers(needed: int) -> None:
    p = signs.prepare(load("payment_history"))
    fewer, more = (signs.run(p, signs.SignRule(needed=n)).warned for n in (needed, needed + 1))
    assert not (more & ~fewer).any()
