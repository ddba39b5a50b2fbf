"""Does every chart of the relationship types build, in both languages, for odd accounts too, and never with a NaN?"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmlib.chapters.relationships.charts import relationships as charts
from crmlib.chapters.relationships.charts.ideas import table
from crmlib.chapters.relationships.models import ideas
from crmlib.chapters.relationships.models import relationships as model
from crmlib.core.errors import UserError
from crmlib.plotting.theme import Chart
from crmlib.tables.data import load

DRAWN: dict[str, Callable[[model.Allocation], Chart]] = {
    "matrix": charts.matrix_chart,
    "accounts by type": charts.by_type,
    "hours by type": lambda p: charts.by_type(p, "hours"),
    "margin by type": lambda p: charts.by_type(p, "margin"),
    "frontier": charts.frontier,
    "for all": charts.for_all,
    "who gets what": charts.who_gets_what,
    "one account": lambda p: charts.one_account(p, str(p.accounts.table.index[p.accounts.known][0])),
}


def few(**columns: Any) -> pd.DataFrame:
    """Return the first shipped accounts with some columns changed."""
    n = max((len(v) for v in columns.values() if isinstance(v, list)), default=3)
    return load("accounts").head(n).assign(**columns)


ODD: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
    "as shipped": (load("accounts"), {}),
    "no hours": (load("accounts"), {"budget": 0}),
    "a single account": (few().head(1), {}),
    "nobody has a margin": (few(margin=[0.0, 0.0, -1.0], unit_margin=0.0), {}),
    "all alike": (few(margin=5.0, retention=0.8, relationship="basic", hours=0.0, price_sensitivity=0.0), {}),
    "most unknown": (few(retention=[0.8, np.nan, np.nan]), {}),
    "certain to stay or to go": (few(retention=[1.0, 0.0, 1.0]), {"budget": 100}),
    "service for nothing": (few(), {"cost_per_hour": 0}),
}


@pytest.fixture(params=ODD)
def plan(request: pytest.FixtureRequest) -> model.Allocation:
    table, inputs = ODD[request.param]
    return model.STUDY.answer(table, **inputs)


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_builds_and_says_what_to_see(plan: model.Allocation, lang: str, name: str) -> None:
    chart = DRAWN[name](plan)
    json.dumps(chart.spec, allow_nan=False)
    assert chart.figure.layout.title.text and chart.alt
    shown = chart.table()
    assert len(shown) and not shown.isna().any(axis=None)
    assert "{" not in chart.title() + chart.alt


def test_tables_of_the_plan_build(plan: model.Allocation, lang: str) -> None:
    assert len(charts.year(plan)) == 5
    assert not charts.partners(plan).isna().any(axis=None)


@pytest.mark.parametrize("given", [v for v in vars(ideas).values() if isinstance(v, ideas.Ideas)])
def test_a_table_of_knowledge_is_shown_whole(lang: str, given: ideas.Ideas) -> None:
    shown = table(given)
    assert shown.shape == (len(given.rows), len(given.columns))
    assert not shown.isna().any(axis=None)


def test_the_matrix_counts_every_account_and_the_bars_those_of_known_retention(english: None) -> None:
    p = model.STUDY.answer(load("accounts"))
    counted = sum(int(cell.rsplit(" ")[-1]) for cell in charts.matrix_chart(p).table().to_numpy().ravel())
    assert counted == 300
    assert charts.by_type(p).table().sum().tolist() == [289, 289, 289]


def test_hours_of_today_are_those_that_are_given(english: None) -> None:
    p = model.STUDY.answer(load("accounts"))
    known = load("accounts").dropna(subset="retention")
    assert charts.by_type(p, "hours").table()["now"].sum() == known["hours"].sum()
    assert charts.year(p)["Hours a year"].sum() == p.mix.hours


def test_text_from_a_file_is_shown_and_not_obeyed(lang: str) -> None:
    p = model.STUDY.answer(few(name="<b>甲</b>", name_en="<b>A</b>", margin=50.0, retention=0.8))
    for chart in (charts.who_gets_what(p), charts.one_account(p, "K001")):
        drawn = json.dumps(chart.spec, ensure_ascii=False)
        assert "<b>" not in drawn and "&lt;b&gt;" in drawn


def test_an_english_name_that_is_missing_gives_way_to_the_chinese_one(english: None) -> None:
    p = model.STUDY.answer(few(name="甲", name_en=[None, "B", None]))
    assert charts.names(p) == ["K001 甲", "K002 B", "K003 甲"]
    assert charts.names(model.STUDY.answer(few(name="甲").drop(columns="name_en")))[1] == "K002 甲"


@pytest.mark.parametrize("account", ["K999", "K002"])
def test_an_account_that_is_not_there_or_cannot_be_valued_is_refused_in_a_sentence(lang: str, account: str) -> None:
    p = model.STUDY.answer(few(retention=[0.8, np.nan, 0.7]))
    with pytest.raises(UserError, match=account):
        charts.one_account(p, account)
