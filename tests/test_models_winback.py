"""Winning back: the formula by hand, a small shop by hand, what must hold of any inputs, and awkward cases."""

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_models_customer_value import SHOP_OF_THE_COURSE, small

from crmlib.chapters.customer_value.charts import winback as charts
from crmlib.chapters.customer_value.models import churn, clv, shop, winback
from crmlib.core.errors import DataError, InputError

quick = settings(max_examples=40, deadline=None, derandomize=True)
Rule = winback.WinbackRule


def of_the_course(**inputs: object) -> winback.Winback:
    return winback.run(SHOP_OF_THE_COURSE, Rule(**inputs))


def test_the_example_of_the_chapter_by_hand() -> None:
    """120 a year, half stay, no discount: 240. 6 ÷ (240 − 40) = 3%; 12% at 6 months, 6% at 14, 3% at 22."""
    rule = Rule(chance=12, halves=8, cost=6, gift=40, retention=50, discount=0)
    value = 120 * rule.multiple()
    months = np.array([6.0, 14, 22])
    assert value == pytest.approx(240) and churn.break_even_success(value, 6, 40) == pytest.approx(0.03)
    assert rule.chance_at(months).tolist() == [0.12, 0.06, 0.03]
    assert rule.gain(months, 240).tolist() == pytest.approx([18, 6, 0])
    assert winback.last_month(0.12, 0.03, 8) == pytest.approx(22)


def test_a_small_shop_by_hand() -> None:
    """A spent 300 in the year up to her last purchase, B 100; both have been silent for a year, 365 days: 12 months.

    Margin 50%, half stay, no discount: worth 300 and 100. The chance is 10% after 6 months and 5% after 12.
    """
    rows = [("A", "2022-01-01", "sale", 999.0), ("A", "2023-06-01", "sale", 100.0), ("A", "2024-01-01", "sale", 200.0)]
    rows += [("B", "2024-01-01", "sale", 100.0), ("C", "2024-12-31", "sale", 50.0)]
    orders, accounts = small(*rows, ("W", "2022-01-01", "sale", 9e4), kinds={"W": "wholesale"})
    inputs = {"chance": 10, "halves": 6, "cost": 5, "gift": 40, "margin": 50, "retention": 50, "discount": 0}
    w = winback.STUDY.answer(orders, accounts, **inputs)
    assert w.ids.tolist() == ["A", "B"] and w.months.tolist() == [12, 12]
    assert w.value.tolist() == pytest.approx([300, 100]) and w.gain.tolist() == pytest.approx([8, -2])
    found = winback.headline(w)
    assert found["lost"] == 2 and found["worth"] == 1 and found["back"] == pytest.approx(0.05)
    assert found["break_even"] == pytest.approx(100 * 5 / 160) and found["profit"] == pytest.approx(8)
    assert found["all"] == pytest.approx(6) and winback.listing(w).index.tolist() == ["A"]
    accounts.loc[accounts["account_id"] == "A", "consent"] = False
    asked = winback.STUDY.answer(orders, accounts, **inputs)
    assert asked.ids.tolist() == ["B"] and asked.lost == 2, "who did not agree is lost and is not written to"


def test_all_alike_it_is_the_formula_of_the_text() -> None:
    """People who are worth the same and are lost as long: people × (success × (worth − gift) − contact)."""
    w = of_the_course(spend="mean")
    same = w.rule.gain(np.full(100, 10.0), w.mean_value).sum()
    chance = float(w.rule.chance_at(np.array(10.0)))
    assert same == pytest.approx(churn.win_back(100, chance, w.mean_value, w.rule.cost, w.rule.gift))
    assert w.mean_value == pytest.approx(of_the_course().mean_value)
    assert w.rule.multiple() == clv.multiple(0.5, 0.1, "now")


def test_who_is_lost_is_the_same_as_in_the_retention_curve() -> None:
    b, w = SHOP_OF_THE_COURSE.customers, of_the_course()
    silent = (SHOP_OF_THE_COURSE.today - b.last > 180) & ~b.wholesale
    assert w.lost == silent.sum() and set(w.ids) == set(b.ids[silent & b.consent])
    assert w.months.min() > 180 * 12 / 365


@quick
@given(
    st.integers(0, 40), st.integers(3, 36), st.integers(0, 60).map(lambda n: n / 2), st.integers(0, 100),
    st.integers(0, 90), st.sampled_from(["own", "mean"]),
)  # fmt: skip
def test_what_holds_of_any_inputs(chance: int, halves: int, cost: float, gift: int, retention: int, spend: str) -> None:
    w = of_the_course(chance=chance, halves=halves, cost=cost, gift=gift, retention=retention, spend=spend)
    earned = winback.profits(w)
    assert earned["worth"] >= max(earned["all"], earned["none"]) - 1e-9
    assert isnan(w.break_even) or 0 <= w.break_even <= 1
    dearer = winback.run(SHOP_OF_THE_COURSE, w.rule.replace(cost=min(cost + 1, 30)))
    assert winback.profits(dearer)["worth"] <= earned["worth"] and dearer.gain.sum() <= w.gain.sum()
    assert ((w.rule.chance_at(w.months) >= 0) & (w.rule.chance_at(w.months) <= 1)).all()
    listed = winback.listing(w)
    assert (listed["chance"] >= listed["break_even"] - 0.01).all() and len(listed) == (w.gain > 0).sum()
    if 0 < w.until < inf:
        assert float(w.rule.gain(np.array(w.until), w.mean_value)) == pytest.approx(0, abs=1e-6)
    people = [int(n.replace(",", "")) for n in charts.table(w).iloc[:, 2]]
    assert sum(people) == len(w.gain), "the table counts everybody once"


def test_the_highest_chance_is_still_a_chance() -> None:
    first = Rule.setting_of("silence").low or 0
    assert Rule(chance=40, halves=3).chance_at(np.array(first * 12 / 365)) < 1


@pytest.mark.parametrize(
    ("inputs", "break_even", "until", "title"),
    [
        ({"cost": 0}, "0.00", "–", "after any silence shown"),
        ({"chance": 0}, "2.10", "–", "no attempt pays"),
        ({"chance": 0, "cost": 0}, "0.00", "–", "no attempt pays"),
        ({"gift": 100, "margin": 5}, "–", "–", "no attempt pays"),
        ({"chance": 1, "halves": 3}, "2.10", "2.8", "no attempt pays"),
        ({"chance": 1, "cost": 30, "halves": 3}, "15.76", "0.0", "no attempt pays"),
        ({}, "2.10", "26.1", "until month 26.1"),
    ],
)
def test_awkward_inputs_are_said(
    english: None, inputs: dict[str, float], break_even: str, until: str, title: str
) -> None:
    w = of_the_course(**inputs)
    found, measures = winback.headline(w), winback.STUDY.measures
    assert measures["break_even"].shown(found["break_even"]) == break_even
    assert measures["until"].shown(found["until"]) == until
    assert title in charts.by_months(w).title()
    for drawn in (charts.by_months(w), charts.chance(w), charts.ways(w)):
        assert drawn.figure and not drawn.table().isna().any(axis=None)
    marks = [t for t in charts.by_months(w).spec["data"] if t["mode"] == "markers"]
    assert bool(marks) == (not inputs)


def test_a_shop_that_has_lost_nobody_says_so(lang: str) -> None:
    orders, accounts = small(("A", "2024-01-01", "sale", 10.0), ("B", "2024-03-01", "sale", 20.0))
    with pytest.raises(DataError, match="挽回" if lang == "zh" else "nobody is to be won back"):
        winback.STUDY.answer(orders, accounts)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, "much"])
def test_a_cost_that_is_no_amount_is_refused(value: object, english: None) -> None:
    with pytest.raises(InputError, match="cost"):
        Rule(cost=value)


def test_a_silence_of_a_day_more_than_the_longest_is_drawn() -> None:
    orders, accounts = small(("A", "2024-01-01", "sale", 10.0), ("B", "2024-07-01", "sale", 20.0))
    w = winback.STUDY.answer(orders, accounts)
    assert w.ids.tolist() == ["A"] and len(charts.table(w)) == 1
    assert shop.prepare(orders, accounts).today - 180 > 0
