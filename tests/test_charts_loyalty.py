"""Does every chart of loyalty build in both languages, say what to see, and survive odd data?"""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from crmlib.chapters.loyalty.charts import loyalty as charts
from crmlib.chapters.loyalty.charts import tables
from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.chapters.loyalty.models.survey import Survey, prepare
from crmlib.plotting.theme import Chart
from crmlib.tables.data import load

CHARTS = [
    charts.satisfied_and_loyal, charts.indicators, charts.components, charts.kinds, charts.curve,
    charts.distribution, charts.importance, charts.wallets,
]  # fmt: skip
TABLES = [
    tables.attributes, tables.recommendation, tables.repeat_rates, tables.gaps, tables.kinds_of_loyalty,
    tables.to_win_over,
]  # fmt: skip


@pytest.fixture(scope="module")
def survey() -> Survey:
    return prepare(load("loyalty_customers"), load("loyalty_orders"))


@pytest.fixture(scope="module")
def result(survey: Survey) -> model.Loyalty:
    return model.measure(survey, model.LoyaltyPolicy())


def sound(chart: Chart) -> None:
    chart.figure.to_dict()
    assert "NaN" not in json.dumps(chart.spec, allow_nan=False)
    assert chart.title() and "{" not in chart.title() and "nan" not in chart.title()
    assert chart.alt and "{" not in chart.alt
    assert len(chart.table()) and "nan" not in chart.table().to_string()


@pytest.mark.parametrize("draw", CHARTS, ids=lambda d: d.__name__)
def test_every_chart_builds_and_says_what_to_see(
    draw: Callable[[model.Loyalty], Chart], result: model.Loyalty, lang: str
) -> None:
    chart = draw(result)
    sound(chart)
    assert any("一" <= c <= "鿿" for c in chart.title() + chart.alt) == (lang == "zh")


@pytest.mark.parametrize("of", list(charts.CURVES))
def test_the_curve_can_show_each_sign_of_loyalty(result: model.Loyalty, of: str, lang: str) -> None:
    sound(charts.curve(result, of))


@pytest.mark.parametrize("draw", TABLES, ids=lambda d: d.__name__)
def test_every_table_is_whole_and_translated(
    draw: Callable[[model.Loyalty], pd.DataFrame], result: model.Loyalty, lang: str
) -> None:
    table = draw(result)
    assert len(table) and "nan" not in table.to_string()
    assert any("一" <= c <= "鿿" for c in str(table.index.name)) == (lang == "zh")


def test_titles_follow_the_result(survey: Survey, english: None) -> None:
    before = charts.satisfied_and_loyal(model.measure(survey, model.LoyaltyPolicy())).title()
    after = charts.satisfied_and_loyal(model.measure(survey, model.LoyaltyPolicy(loyal_from=80))).title()
    assert before != after and before.startswith("Satisfied up")


def test_the_grid_names_what_matters_and_is_poor(result: model.Loyalty, english: None) -> None:
    assert charts.importance(result).title() == "Concentrate here: price"


def test_directions_are_stated_for_all_eight(lang: str) -> None:
    assert len(tables.directions()) == 8


def small(rows: int, waves: int, **answers: object) -> model.Loyalty:
    customers = load("loyalty_customers")
    full = customers.dropna()
    both = full[full.groupby("customer_id")["wave"].transform("size") == 2].head(2 * rows)
    both = both[both["wave"] >= 2025 - waves].assign(**answers)
    return model.measure(prepare(both, load("loyalty_orders")), model.LoyaltyPolicy(min_indicators=1))


@pytest.mark.parametrize(("rows", "waves"), [(1, 1), (1, 2), (3, 2)])
def test_a_handful_of_customers_can_be_drawn(rows: int, waves: int, lang: str) -> None:
    m = small(rows, waves)
    for draw in CHARTS:
        sound(draw(m))
    for table in TABLES:
        table(m)


@pytest.mark.parametrize("column", ["feeling", "minutes_choosing", "keep_relation", "expect_store"])
def test_a_question_nobody_answered_leaves_a_dash_and_no_nan(column: str, lang: str) -> None:
    m = small(5, 2, **{column: pd.NA})
    for draw in CHARTS:
        sound(draw(m))


def test_equal_answers_everywhere_can_be_drawn(lang: str) -> None:
    answers = dict.fromkeys(load("loyalty_customers").columns[4:], 5)
    m = small(5, 2, **answers)
    for draw in CHARTS:
        sound(draw(m))
    assert np.unique(m.satisfaction).tolist() == [1.0]


def test_customers_of_one_district_only_can_be_drawn(lang: str) -> None:
    m = small(8, 2, competition="low")
    sound(charts.curve(m))


def test_text_from_files_is_not_obeyed(english: None) -> None:
    m = small(4, 2)
    ids = np.array(["<b>x</b>"] * len(m.survey.ids), dtype=object)
    hostile = model.measure(m.survey.__class__(**{**m.survey.__dict__, "ids": ids}), m.policy)
    for draw in CHARTS:
        assert "<b>x" not in json.dumps(draw(hostile).spec)


def test_one_survey_or_a_question_nobody_answered_is_not_told_as_no_change(english: None) -> None:
    alone, unasked = small(5, 1), small(5, 2, resist_switching=pd.NA)
    for draw in (charts.satisfied_and_loyal, charts.indicators, charts.components):
        assert "ne survey alone tells of no change" in draw(alone).title()
    assert charts.satisfied_and_loyal(alone).title().startswith(f"{model.shares_by_wave(alone)['satisfied'][0]:.1f}%")
    assert charts.components(unasked).title() == "How satisfaction or resistance changed is not known"
