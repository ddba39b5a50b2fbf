"""The formulas of the chapter on company XX against derivations by hand, published figures, and what always holds."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.chapters.company.charts import opportunities as opportunity_charts
from crmlib.chapters.company.charts import performance as performance_charts
from crmlib.chapters.company.models import audit, diagnosis, opportunities, performance, records, rollout
from crmlib.chapters.company.models.firm_names import cleaned
from crmlib.core import i18n
from crmlib.core.errors import DataError
from crmlib.formulas.scores import rank_correlation
from crmlib.tables.data import load

# Records and audit ----------------------------------------------------------------------------------------------------


def accounts(*rows: dict[str, object]) -> pd.DataFrame:
    """Return records without a fault, except for what is given."""
    plain = {
        "customer_code": "K1",
        "firm_name": "临江恒昌化工有限公司",
        "firm_name_en": "Linjiang Hengchang Chemicals Co. Ltd",
        "salesperson": "S1",
        "vip": False,
        "phone": "13912345678",
        "people": 120,
        "need": 30.0,
        "decides": "owner",
        "last_contact": pd.Timestamp("2025-03-01"),
        "entered": pd.Timestamp("2024-01-01"),
        "updated": pd.Timestamp("2025-03-31"),
    }
    frame = pd.DataFrame([{"record_id": f"R{k}", **plain, **row} for k, row in enumerate(rows)])
    frame["people"] = frame["people"].astype("Int64")
    return frame


def books(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "firm_name", "salesperson", "billed"])


BOOKS = books(("K1", "临江恒昌化工有限公司", "S1", 60.0), ("K2", "石岭瑞禾食品有限公司", "S2", 40.0))


def audited(frame: pd.DataFrame, customers: pd.DataFrame = BOOKS, **rule: Any) -> audit.Audit:
    return audit.audit(records.prepare(frame, customers), audit.AuditRule(**rule))


@pytest.mark.parametrize(
    "typed",
    [
        "临江恒昌化工有限责任公司",
        "临江恒昌化工（有限公司）",
        " 临江恒昌化工 股份有限公司",
        "临江恒昌化工(有限公司)",
        "临江恒昌化工公司",
    ],
)
def test_a_name_is_the_same_however_the_company_is_written(typed: str) -> None:
    assert cleaned(typed) == cleaned("临江恒昌化工有限公司")


def test_english_names_are_the_same_however_the_company_is_written() -> None:
    typed = ["Linjiang Foods Co. Ltd", "LINJIANG FOODS CO., LTD.", "Linjiang Foods Company Limited "]
    assert len({cleaned(name) for name in typed}) == 1


def test_codes_and_names_together_make_one_firm_of_a_chain() -> None:
    """The first and the second share a code, the second and the third a name: all three are one firm."""
    codes, names = np.array(["A", "A", "", "B"], object), np.array(["x", "y", "y", "z"], object)
    assert records.groups(codes, names).tolist() == [0, 0, 0, 3]


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["u", "v", "w", "x"])), min_size=1))
def test_who_shares_a_code_or_a_name_is_one_firm_and_matching_twice_changes_nothing(
    pairs: list[tuple[str, str]],
) -> None:
    codes, names = (np.array(column, object) for column in zip(*pairs, strict=True))
    firms = records.groups(codes, names)
    for i, (code, name) in enumerate(pairs):
        for j, (other, as_well) in enumerate(pairs):
            if (code and code == other) or name == as_well:
                assert firms[i] == firms[j]
    assert (firms[firms] == firms).all()


def test_each_fault_is_found_and_the_score_is_that_by_hand() -> None:
    """Five records: good, a duplicate, stale, missing, impossible; one customer left out. 1 of 5 + 1: 16.7 points."""
    frame = accounts(
        {},
        {"updated": pd.Timestamp("2025-03-01"), "customer_code": None},
        {"customer_code": "K3", "firm_name": "a", "updated": pd.Timestamp("2024-03-30")},
        {"customer_code": "K4", "firm_name": "b", "phone": "待补"},
        {"customer_code": "K5", "firm_name": "c", "people": -5},
    )
    facts = audit.headline(audited(frame))
    assert [facts[name] for name in ("usable", "duplicate", "stale", "impossible", "left_out")] == [1, 1, 1, 1, 1]
    assert facts["missing"] == 2  # the duplicate lacks its code as well
    assert facts["score"] == pytest.approx(100 / 6)
    assert facts["covered"] == pytest.approx(60)


def test_a_record_updated_just_in_time_is_not_stale() -> None:
    frame = accounts({}, {"customer_code": "K9", "firm_name": "z", "updated": pd.Timestamp("2024-03-31")})
    assert audited(frame, stale_days=365).usable.tolist() == [True, True]
    assert audited(frame, stale_days=365, days_later=10).usable.tolist() == [True, False]


def test_a_contact_later_than_the_extract_cannot_be() -> None:
    frame = accounts({"last_contact": pd.Timestamp("2025-06-01")})
    assert audit.headline(audited(frame))["impossible"] == 1


def test_cleaning_goes_by_the_order_named_and_stops_when_the_time_is_up() -> None:
    """A stale customer billed 60 takes 15 minutes, one left out billed 40 takes 40; an hour is enough for both."""
    frame = accounts({"updated": pd.Timestamp("2023-01-01")}, {"customer_code": "K9", "firm_name": "z"})
    assert audit.headline(audited(frame, hours=0))["covered_after"] == 0
    both = audit.headline(audited(frame, hours=5))
    assert (both["covered_after"], both["score_after"]) == (100, 100)


def test_cleaning_everything_leaves_a_full_score() -> None:
    facts = audit.headline(audit.STUDY.answer(load("crm_accounts"), load("crm_customers"), hours=100))
    assert [facts["score_after"], facts["covered_after"]] == pytest.approx([100, 100])


@pytest.mark.parametrize("first", ["quick", "billed", "rate", "listed"])
def test_more_hours_never_cover_less(first: str) -> None:
    known = records.prepare(load("crm_accounts"), load("crm_customers"))
    after = [audit.headline(audit.audit(known, audit.AuditRule(hours=h, first=first))) for h in range(0, 100, 10)]  # type: ignore[arg-type]
    for key in ("score_after", "covered_after"):
        values = [facts[key] for facts in after]
        assert values == sorted(values)


def test_salespeople_add_up_to_the_whole() -> None:
    a = audit.STUDY.answer(load("crm_accounts"), load("crm_customers"))
    found, facts = audit.person_scores(a), audit.headline(a)
    assert found["usable"].sum() == facts["usable"] and found["left_out"].sum() == facts["left_out"]
    assert found["records"].sum() == len(load("crm_accounts"))
    assert found["billed"].sum() == pytest.approx(load("crm_customers")["billed"].sum())


def test_an_empty_extract_is_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="no record"):
        records.prepare(accounts({}).iloc[:0], BOOKS)


# Four measures --------------------------------------------------------------------------------------------------------


def test_turnover_by_hand() -> None:
    assert performance.turnover(np.array([120.0]), np.array([20.0])).tolist() == [6.0]


def test_within_the_industry_a_mean_is_taken_off_each() -> None:
    found = performance.within_industry(np.array([4.0, 6, 9, np.nan]), np.array([0, 0, 1, 1]))
    assert found[:3].tolist() == [-1, 1, 0] and np.isnan(found[3])


def test_spearmans_rank_correlation_by_hand() -> None:
    """Ranks 1 2 3 4 against 2 1 4 3: 1 − 6 × 4 ÷ (4 × 15) = 0.6."""
    assert rank_correlation(np.array([1.0, 2, 3, 4]), np.array([20.0, 10, 40, 30])) == pytest.approx(0.6)


def test_equal_values_share_a_place_and_half_the_points() -> None:
    assert performance.places(np.array([5.0, 9, 5])).tolist() == [2, 1, 2]
    assert performance.to_points(np.array([3.0, 3, 3])).tolist() == [50, 50, 50]


def test_all_weight_on_volume_is_the_old_order() -> None:
    weights = dict.fromkeys(("turnover_weight", "profit_weight", "satisfaction_weight", "share_weight"), 0)
    a = performance.STUDY.answer(load("crm_customers"), volume_weight=1, **weights)
    facts = performance.headline(a)
    assert (facts["leader"], facts["moved"]) == (1, 0)
    assert facts["correlation"] == pytest.approx(1)


def test_a_share_above_one_and_a_stock_of_zero_are_not_known() -> None:
    c = performance.prepare(load("crm_customers"))
    table = load("crm_customers")
    assert np.isnan(c.purchases[(table["purchases"] < table["billed"]).to_numpy(bool)]).all()
    assert np.isnan(c.stock[(table["stock"] == 0).to_numpy(bool)]).all()
    assert c.impossible > 0 and c.no_stock > 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_points_run_from_0_to_100_in_the_order_of_the_values(values: list[float]) -> None:
    points = performance.to_points(np.array(values))
    assert (points >= 0).all() and (points <= 100 + 1e-9).all()
    in_order = points[np.argsort(values, kind="stable")]
    assert (np.diff(in_order) >= -1e-9).all()


# Phases ---------------------------------------------------------------------------------------------------------------


def modules(*rows: tuple[str, str | None, float, float, float, int]) -> rollout.Modules:
    names = ["module_id", "needs", "cost", "effort", "benefit", "phase"]
    return rollout.prepare(pd.DataFrame(rows, columns=names))


def test_two_modules_by_hand() -> None:
    """Capacity 6, best chance 90%, strain 1. At once: load 12, chance 45%; then load 6.6, chance 81.8%.

    Quarter 1 costs 100 and (12 − 6) days × 10 people × 0.1 = 6. Quarter 2 begins 55% again at half price: 27.5, and
    0.6 days × 10 × 0.1 = 0.6. The benefit of quarter 2 is 20 × 0.45 for the base and 20 × 0.45² for what needs it.
    """
    m = modules(("A", None, 50, 6, 20, 1), ("B", "A", 50, 6, 20, 2))
    plan = rollout.RolloutPlan(strain=1, people=10, day=0.1, data=100, quarters=4)
    r = rollout.compare(m, plan)
    assert r.at_once.load[:2] == pytest.approx([12, 6.6])
    assert r.at_once.held[0] == pytest.approx([0.45, 0.45])
    assert r.at_once.held[1] == pytest.approx([0.45 + 0.55 * 0.9 * 6 / 6.6] * 2)
    assert r.at_once.cost[:2] == pytest.approx([106, 28.1])
    assert r.at_once.benefit[:2] == pytest.approx([0, 20 * 0.45 + 20 * 0.45**2])
    assert r.at_once.at_risk[0] == pytest.approx(55)
    assert r.phased.held[0] == pytest.approx([0.9, 0])
    assert r.phased.cost[0] == pytest.approx(50)


def test_a_module_works_if_all_that_it_needs_does() -> None:
    m = modules(("A", None, 1, 1, 1, 1), ("B", "A", 1, 1, 1, 1), ("C", "B", 1, 1, 1, 1))
    assert rollout.in_use(np.array([0.5, 0.8, 0.9]), m.needed).tolist() == pytest.approx([0.5, 0.4, 0.36])


def test_without_overload_nothing_is_lost_by_beginning_at_once() -> None:
    """With time for all, all at once has the same costs, sooner benefits, and a net no lower."""
    r = rollout.STUDY.answer(load("crm_modules"), capacity=40)
    assert rollout.headline(r)["ahead"] < 0


def test_paid_back_where_the_net_stays_above_zero() -> None:
    assert rollout.paid_back(np.array([1.0, 2])) == 1
    assert np.isnan(rollout.paid_back(np.array([-3.0, -1])))


@given(
    st.floats(1, 40), st.integers(10, 100), st.floats(0, 2), st.integers(4, 20), st.integers(0, 3), st.integers(0, 100)
)
def test_what_has_taken_hold_only_grows_and_stays_a_probability(
    capacity: float, best: int, strain: float, quarters: int, delay: int, data: int
) -> None:
    plan = rollout.RolloutPlan(
        capacity=capacity, best_chance=best, strain=strain, quarters=quarters, delay=delay, data=data
    )
    r = rollout.compare(rollout.prepare(load("crm_modules")), plan)
    for c in (r.phased, r.at_once):
        assert ((c.held >= 0) & (c.held <= 1)).all()
        assert (np.diff(c.held, axis=0) >= -1e-12).all()
        assert (c.cost >= 0).all() and (c.benefit >= 0).all()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("A", "Z", 1, 1, 1, 1)], "not in the table"),
        ([("A", "B", 1, 1, 1, 1), ("B", "A", 1, 1, 1, 1)], "by way of others"),
        ([("A", None, 1, 1, 1, 2), ("B", "A", 1, 1, 1, 1)], "begins before"),
    ],
)
def test_modules_that_cannot_be_begun_are_a_sentence(
    rows: list[tuple[str, str | None, float, float, float, int]], said: str, english: None
) -> None:
    with pytest.raises(DataError, match=said):
        modules(*rows)


# Opportunities --------------------------------------------------------------------------------------------------------


def entries(*rows: tuple[str, str, float | None, int, str, str | None]) -> pd.DataFrame:
    names = ["customer_id", "entered", "amount", "actions", "state", "closed"]
    frame = pd.DataFrame(rows, columns=names).assign(salesperson="S1")
    frame.insert(0, "opportunity", [f"Q{k}" for k in range(len(frame))])
    for name in ("entered", "closed"):
        frame[name] = pd.to_datetime(frame[name])
    frame["amount"] = frame["amount"].astype(float)
    return frame


FIVE = entries(
    ("K1", "2023-02-01", 10, 2, "won", "2023-03-01"),
    ("K1", "2024-02-01", 20, 3, "won", "2024-03-01"),
    ("K1", "2024-02-20", 20, 0, "closed", None),
    ("K2", "2024-05-01", 5, 1, "won", "2024-05-01"),
    ("K3", "2024-06-01", None, 0, "open", None),
    ("K4", "2024-12-31", 8, 1, "lost", "2025-06-30"),
)


def test_each_kind_of_entry_is_told() -> None:
    t = opportunities.STUDY.answer(FIVE)
    assert t.kind.tolist() == ["counted", "counted", "repeat", "late", "empty", "counted"]


def test_both_years_get_the_same_time() -> None:
    """With a window of 200 days the entry of 31 December 2024 has had 181 days only; that day is left out in both."""
    t = opportunities.STUDY.answer(FIVE, window=200)
    assert t.timely.tolist() == [True] * 5 + [False]


def test_growth_and_interval_by_hand() -> None:
    """40 of 160 and 40 of 200 won: −5 points ± 1.96 × √(0.25·0.75/160 + 0.2·0.8/200) = −5 ± 8.7."""
    assert opportunities.growth(200, 330) == 65
    low, middle, high = opportunities.difference((40, 40), (160, 200))
    assert (low, middle, high) == pytest.approx((-13.70, -5, 3.70), abs=0.01)


def test_an_opportunity_is_won_in_the_words_of_the_chapter() -> None:
    """What is won is 赢单 here, as in the funnel of key accounts; 得分 and 利润 are other figures."""
    with i18n.speaking("zh"):
        steps = opportunity_charts.grown(opportunities.STUDY.answer(load("crm_opportunities"))).table().index.tolist()
        heads = performance_charts.table(performance.STUDY.answer(load("crm_customers"))).columns.tolist()
    assert steps == ["录入", "已满期限", "有效", "赢单", "赢单金额（万元）"]
    assert {"利润率", "销售量", "加权总分"} <= set(heads)


def test_a_single_year_is_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="one year"):
        opportunities.prepare(FIVE.iloc[1:])


def test_what_is_counted_never_exceeds_what_was_entered() -> None:
    e = opportunities.prepare(load("crm_opportunities"))
    for window in range(10, 361, 50):
        found = opportunities.steps(opportunities.test(e, opportunities.CountRule(window=window)))
        for year in found:
            entered, timely, counted, won, _amount = found[year].tolist()
            assert entered >= timely >= counted >= won


# Diagnosis ------------------------------------------------------------------------------------------------------------


def test_a_symptom_is_treated_if_all_its_remedies_are_taken() -> None:
    board = diagnosis.prepare(load("crm_diagnosis"))
    everything = dict.fromkeys(diagnosis.REMEDIES, True)
    assert diagnosis.headline(diagnosis.diagnose(board, diagnosis.Remedies(**everything)))["treated"] == 10
    software = diagnosis.headline(diagnosis.diagnose(board, diagnosis.Remedies(software=True)))
    assert (software["treated"], software["untreated"], software["causes"]) == (0, 10, 6)


def test_no_remedy_can_be_spared() -> None:
    board = diagnosis.prepare(load("crm_diagnosis"))
    for spared in diagnosis.REMEDIES:
        chosen = diagnosis.Remedies(**{name: name != spared for name in diagnosis.REMEDIES})
        assert diagnosis.headline(diagnosis.diagnose(board, chosen))["treated"] < 10
