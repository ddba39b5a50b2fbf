"""Does every chart of the chapter build in both languages, on odd candidates too, and show names as text?"""

import json
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from crmlib.chapters.distributors.charts import discounts as discount_charts
from crmlib.chapters.distributors.charts import distributors as charts
from crmlib.chapters.distributors.charts import motivation as motivation_charts
from crmlib.chapters.distributors.models import discounts, motivation
from crmlib.chapters.distributors.models import distributors as model
from crmlib.plotting.theme import Chart
from crmlib.support.html_table import Said, html
from crmlib.tables.data import load

NAN = re.compile(r"\bnan\b|\binf\b", re.IGNORECASE)
SCRIPT = "<script>alert(1)</script>"
DRAWN = [
    charts.ranking, charts.dethroning, charts.methods, charts.shares, charts.weights, charts.opinions,
    charts.words_and_deeds,
]  # fmt: skip
TABLES: list[Callable[..., pd.DataFrame | Said]] = [
    charts.why,
    charts.scores,
    charts.dominated,
    charts.consistency,
    charts.remarks,
]
OF_THE_DEALER = [
    motivation_charts.ladder,
    motivation_charts.comparison,
    motivation_charts.surplus,
    motivation_charts.stock,
]
RULES: list[dict[str, object]] = [
    {},
    {"method": "topsis", "normalisation": "range"},
    {"weights_from": "ahp", "ahp_weights": "column_mean", "random_index": "alonso_lamata"},
    {"weights_from": "entropy", "panel": "head_office"},
    {"willingness_min": 60},
    {"coverage_min": 100},
    {"finances_min": 85},
    {"panel": "area_manager"},
]


def sound(chart: Chart) -> None:
    chart.figure.to_dict()
    json.dumps(chart.spec, allow_nan=False)
    assert chart.title() and "{" not in chart.title() and not NAN.search(chart.title())
    assert chart.alt and "{" not in chart.alt
    assert not NAN.search(chart.table().to_string())


def odd(what: str) -> model.Candidates:
    """Return candidates that are valid and yet unlike the shipped ones."""
    rows = load("distributors").drop(columns=["name_en"])
    rows["name"] = rows["name"].astype(object)
    if what == "single":
        rows = rows[rows["candidate_id"] == "D1"]
    elif what == "alike":
        rows[list(model.FACTORS)] = 70.0
    elif what == "zero":
        rows[list(model.FACTORS)] = 0.0
    elif what == "script":
        rows["name"] = SCRIPT
    elif what == "no deeds":
        rows = rows.drop(columns=list(model.DEEDS))
    elif what == "many":
        more = [rows.assign(candidate_id=rows["candidate_id"] + str(i)) for i in range(8)]
        rows = pd.concat(more, ignore_index=True)
    return model.prepare(rows, load("factor_judgements"))


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("draw", DRAWN, ids=lambda d: d.__name__)
def test_every_chart_builds_under_every_rule(
    draw: Callable[[model.Choice], Chart], rule: dict[str, object], lang: str
) -> None:
    candidates = model.prepare(load("distributors"), load("factor_judgements"))
    sound(draw(model.choose(candidates, model.DistributorRule(**rule))))  # type: ignore[arg-type]


def read(shown: pd.DataFrame | Said) -> str:
    """Return what a cell shows, as HTML, which is not empty."""
    shown_html = shown._repr_html_() if isinstance(shown, Said) else html(shown)
    assert re.sub(r"<[^>]*>", "", shown_html).strip()
    return shown_html


@pytest.mark.parametrize("what", ["single", "alike", "zero", "script", "no deeds", "many"])
@pytest.mark.parametrize("rule", [{}, {"method": "topsis", "weights_from": "entropy"}], ids=["plain", "topsis"])
def test_charts_and_tables_survive_odd_candidates(what: str, rule: dict[str, object], english: None) -> None:
    c = model.choose(odd(what), model.DistributorRule(**rule))  # type: ignore[arg-type]
    for draw in DRAWN:
        sound(draw(c))
    for table in TABLES:
        assert not NAN.search(read(table(c)))


def test_a_candidate_called_script_is_shown_as_text_everywhere(lang: str) -> None:
    c = model.choose(odd("script"), model.DistributorRule(coverage_min=70))
    for draw in DRAWN:
        chart = draw(c)
        assert "<script" not in json.dumps(chart.spec)
        assert "<script" not in chart.table().to_html()
    for table in TABLES:
        assert "<script" not in read(table(c))


def test_the_titles_say_a_tie_a_sole_survivor_and_nobody(english: None) -> None:
    alike = model.choose(odd("alike"), model.DistributorRule())
    assert charts.ranking(alike).title().startswith("Tie for the first place")
    assert "no change of weight can break" in charts.dethroning(alike).title()
    single = model.choose(odd("single"), model.DistributorRule())
    assert "only candidate left" in charts.ranking(single).title()
    assert charts.dethroning(single).title().startswith("Nobody to compare with")
    assert charts.shares(single).title().startswith("Nobody to compare with")
    nobody = model.choose(odd("single"), model.DistributorRule(coverage_min=100))
    for draw in (charts.ranking, charts.dethroning, charts.methods, charts.shares):
        assert draw(nobody).title() == "Everybody is knocked out: no winner"


def test_the_pieces_of_a_bar_add_up_to_the_score(english: None) -> None:
    c = model.choose(odd("no deeds"), model.DistributorRule())
    drawn = charts.ranking(c).spec["data"]
    pieces = [trace["x"] for trace in drawn if trace["type"] == "bar" and "name" in trace]
    assert np.sum(pieces, axis=0) == pytest.approx(np.sort(c.total)[::-1], abs=0.01)


@pytest.mark.parametrize("rule", [{}, {"paid_on": "excess"}, {"dumping": 0}, {"rate_1": 0, "rate_2": 0, "rate_3": 0}])
@pytest.mark.parametrize("draw", OF_THE_DEALER, ids=lambda d: d.__name__)
def test_every_chart_of_the_dealer_builds(
    draw: Callable[[motivation.Motivation], Chart], rule: dict[str, object], lang: str
) -> None:
    record = motivation.prepare(load("depletions"))
    sound(draw(motivation.motivate(record, motivation.LadderRule(**rule))))  # type: ignore[arg-type]


def test_the_tables_of_the_dealer_are_filled(lang: str) -> None:
    m = motivation.motivate(motivation.prepare(load("depletions")), motivation.LadderRule())
    for table in (motivation_charts.unexplained(m), motivation_charts.layers(m), motivation_charts.channel_levels()):
        assert len(table) >= 3
    assert len(charts.differences()) == 5


@pytest.mark.parametrize("terms", [{}, {"cash_rate": 0}, {"compound": True, "year": "365"}, {"takes_cash": False}])
def test_the_charts_of_the_discounts_build(terms: dict[str, object], lang: str) -> None:
    b = discounts.bill(None, discounts.DiscountTerms(**terms))  # type: ignore[arg-type]
    sound(discount_charts.waterfall(b))
    sound(discount_charts.forgoing(b))
