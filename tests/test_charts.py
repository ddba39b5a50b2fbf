"""Every chart of every study can be drawn, says what to see in both languages, and shows text from files as text."""

import importlib
import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pandas as pd
import pytest
from drawn import books, both, loans, policies
from hypothesis import given, settings

from crmlib import i18n
from crmlib.charts import pareto as pareto_charts
from crmlib.charts import pyramid as pyramid_charts
from crmlib.charts import theme
from crmlib.charts import tiers as tiers_charts
from crmlib.charts.theme import CONFIG, TEMPLATE, Chart, wrapped
from crmlib.data import load
from crmlib.errors import UserError
from crmlib.mime import PLOTLY_MIME, WIDGET_MIME
from crmlib.models import pareto, pyramid, tiers
from crmlib.paths import ROOT, UNATTENDED

SCRIPT = "<script>alert(1)</script>"
TOPICS = [
    path.stem
    for path in sorted((ROOT / "crmlib" / "explorers").glob("*.py"))
    if "\ndef explore(" in path.read_text("utf-8")
]
COLORS = {
    *(theme.INK, theme.GRID, theme.QUIET, theme.BLUE, theme.ORANGE, theme.GREEN, theme.PURPLE, "#ffffff"),
    *theme.ORDERED,
    *(color for _at, color in theme.SHADES),
}
quick = settings(max_examples=25, deadline=None, derandomize=True)


@cache
def charts_of(topic: str, lang: str) -> Sequence[Chart]:
    i18n.use(lang)
    explore = importlib.import_module(f"crmlib.explorers.{topic}").explore
    charts: Sequence[Chart] = explore().charts
    charts = [*charts, *_more(topic)]
    [chart.table() for chart in charts]
    return charts


def _more(topic: str) -> list[Chart]:
    """Return the charts of a topic that its explorer does not show."""
    if topic != "tiers":
        return []
    g = tiers.STUDY.answer(load("bank_loans"))
    return [tiers_charts.expected_loss(g), tiers_charts.by_tier(g, "firms")]


CHARTS = [(topic, n) for topic in TOPICS for n in range(len(charts_of(topic, "en")))]
i18n._chosen = None
every_chart = pytest.mark.parametrize(("topic", "n"), CHARTS, ids=[f"{topic}-{n}" for topic, n in CHARTS])


def values(part: Any) -> Iterator[Any]:
    """Return every value within a figure."""
    if isinstance(part, dict):
        for value in part.values():
            yield from values(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from values(value)
    else:
        yield part


def check(chart: Chart) -> None:
    """What must hold of every chart, whatever the data."""
    shown = list(values(chart.spec))
    assert all(value is None or isinstance(value, str | int | float | bool) for value in shown), (
        "plain Python values only"
    )
    assert not any(isinstance(value, float) and not math.isfinite(value) for value in shown)
    for trace in chart.spec["data"]:
        for axis in ("x", "y", "z", "values", "value"):
            assert None not in list(values(trace.get(axis, []))), f"a gap in {axis}"
    json.dumps(chart.spec, allow_nan=False)
    table = chart.table()
    assert len(table) and table.index.name
    assert not table.isna().any(axis=None)
    assert chart.title().strip() and chart.alt.strip()


# Every chart ----------------------------------------------------------------------------------------------------------


def test_the_charts_of_every_explorer_are_checked() -> None:
    assert {"tiers", "pareto", "pyramid"} <= set(TOPICS)
    assert {topic for topic, _n in CHARTS} == set(TOPICS)


@every_chart
def test_a_chart_is_valid_plain_and_without_gaps(lang: str, topic: str, n: int) -> None:
    i18n.use(lang)
    chart = charts_of(topic, lang)[n]
    check(chart)
    figure = chart.figure  # plotly checks every property
    assert len(figure.data) == len(chart.spec["data"])
    assert json.loads(figure.to_json())


@every_chart
def test_a_chart_says_what_to_see_in_both_languages(topic: str, n: int) -> None:
    zh, en = (charts_of(topic, lang)[n] for lang in i18n.LANGUAGES)
    said = {}
    for lang, chart in (("zh", zh), ("en", en)):
        i18n.use(lang)
        table = chart.table()
        said[lang] = [chart.title(), chart.alt, *map(str, table.columns), str(table.index.name)]
        assert any("一" <= sign <= "鿿" for sign in chart.title() + chart.alt) == (lang == "zh")
    assert said["zh"][0] != said["en"][0] and said["zh"][1] != said["en"][1]
    assert said["zh"][2:] != said["en"][2:] or said["zh"][-1] != said["en"][-1]
    i18n._chosen = None
    assert len(zh.table()) == len(en.table())


@every_chart
def test_axes_are_named(lang: str, topic: str, n: int) -> None:
    layout = charts_of(topic, lang)[n].spec["layout"]
    names = [layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")]
    assert any(names)
    for name, axis in zip(names, ("x", "y"), strict=True):
        if not name:  # an axis of names explains itself
            trace, ticks = charts_of(topic, lang)[n].spec["data"][0], layout[f"{axis}axis"]
            names_itself = "ticktext" in ticks or not ticks.get("showticklabels", True)
            assert names_itself or all(isinstance(v, str) for v in trace[axis]), f"{axis} has numbers and no name"


@pytest.mark.parametrize(("topic", "n"), [one for one in CHARTS if one[0] in ("tiers", "pareto", "pyramid")])
def test_colours_are_those_of_the_theme(topic: str, n: int) -> None:
    used = {v.lower() for v in values(charts_of(topic, "en")[n].spec) if isinstance(v, str) and v.startswith("#")}
    assert used <= {color.lower() for color in COLORS}


@every_chart
def test_nothing_can_be_uploaded_from_a_chart(topic: str, n: int) -> None:
    bundle = charts_of(topic, "en")[n].bundle()[PLOTLY_MIME]
    assert "sendChartToCloud" in bundle["layout"]["template"]["layout"]["modebar"]["remove"]
    assert bundle["config"]["showSendToCloud"] is False and bundle["config"]["displaylogo"] is False
    assert "modebar" not in charts_of(topic, "en")[n].spec["layout"]


@every_chart
def test_a_title_fits_on_two_lines(lang: str, topic: str, n: int) -> None:
    title = str(charts_of(topic, lang)[n].spec["layout"]["title"]["text"])
    assert title.count("<br>") <= 1


def test_the_template_is_small_and_valid() -> None:
    import plotly.graph_objects as go

    go.layout.Template(TEMPLATE)
    assert len(json.dumps(TEMPLATE)) < 2500
    assert set(CONFIG) == {"displaylogo", "responsive", "showSendToCloud"}


# Text from files ------------------------------------------------------------------------------------------------------


def test_a_firm_called_script_is_shown_as_text(lang: str) -> None:
    book = loans(*both("a", industry_outlook=10.0, exposure=(1.0, 9.0)), *both("b")).replace("甲", SCRIPT)
    g = tiers.STUDY.answer(book, outlook_weight=1, credit_weight=0, size_weight=0, financial_weight=0)
    table = tiers_charts.violations(g)
    assert SCRIPT in table.to_numpy().ravel().tolist()
    assert "<script" not in table.to_html() and "&lt;script&gt;" in table.to_html()
    assert theme.safe(SCRIPT) == "&lt;script&gt;alert(1)&lt;/script&gt;"
    for chart in charts_on(book):
        assert "<script" not in json.dumps(chart.spec)


def test_a_firm_without_an_english_name_is_called_by_its_own(english: None) -> None:
    book = loans(
        *both("a", industry_outlook=10.0, exposure=(1.0, 9.0)), *both("b", industry_outlook=10.0, exposure=(1.0, 5.0))
    )
    rule: dict[str, Any] = {"outlook_weight": 1, "credit_weight": 0, "size_weight": 0, "financial_weight": 0}
    for named in (book, book.assign(firm_name_en=[None, None, "Beta", "Beta"])):
        table = tiers_charts.violations(tiers.STUDY.answer(named, **rule))
        assert table.iloc[:, 0].tolist() == ["甲", "Beta" if "firm_name_en" in named else "甲"]


# Titles ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Short", ["Short"]),
        (
            "Restricted and exit firms hold 14.0% of the exposure",
            ["Restricted and exit firms hold 14.0% of the", "exposure"],
        ),
        (
            "Aaaa bbbb cccc, dddd eeee ffff gggg hhhh iiii jjjj",
            ["Aaaa bbbb cccc, dddd eeee ffff gggg hhhh", "iiii jjjj"],
        ),
        (
            "Exposure added at bound firms that grew (10,000 yuan)",
            ["Exposure added at bound firms that grew", "(10,000 yuan)"],
        ),
        ("x" * 60, ["x" * 60]),
        ("有九十二家企业的得分离分数线不到一分，差一分就差一级的情形并不少", None),
        ("授信总量在只准下降的地方上升了：限制级、淘汰级都是这样，请逐户查问原因", None),
        ("限制类和淘汰类企业占授信总量的 14.0%，比年初多", None),
    ],
)
def test_long_titles_break_between_words(title: str, lines: list[str] | None) -> None:
    broken = wrapped(title).split("<br>")
    assert len(broken) <= 2
    assert "".join(broken).replace(" ", "") == title.replace(" ", "")
    if lines:
        assert broken == lines
    elif len(broken) == 2:
        assert not broken[1].startswith(("，", "。", "；", "：", "、", "）", "%"))
        assert not (
            broken[0][-1].isascii() and broken[1][0].isascii() and broken[0][-1].isalnum() and broken[1][0].isalnum()
        )
        assert sum(2 if ord(sign) > 0x2E7F else 1 for sign in broken[0]) <= 44


# Awkward data ---------------------------------------------------------------------------------------------------------


def charts_on(book: pd.DataFrame, policy: tiers.TierPolicy | None = None) -> list[Chart]:
    g = tiers.grade(tiers.prepare(book), policy or tiers.TierPolicy())
    found = [
        tiers_charts.by_tier(g),
        tiers_charts.by_tier(g, "firms"),
        tiers_charts.migration(g),
        tiers_charts.scores(g),
    ]
    found += [tiers_charts.expected_loss(g), tiers_charts.credit_check(g)]
    makers: list[tuple[Any, Any]] = [
        (pareto.STUDY, lambda c: [pareto_charts.curve(c), pareto_charts.classes(c)]),
        (pyramid.STUDY, lambda p: [pyramid_charts.layers(p), pyramid_charts.crossing(p)]),
    ]
    for study, draw in makers:
        try:
            found += draw(study.answer(book))
        except UserError:
            continue
    return found


AWKWARD = {
    "one firm": both("a"),
    "no exposure": both("a", exposure=0.0),
    "nobody can be scored": both("a", roa=None),
    "firms at one date only": [{"id": "a", "at": 0}, {"id": "b", "at": 1}],
    "all alike": [row for n in range(10) for row in both(f"F{n}")],
    "no income": [*both("a", income=0.0), *both("b", income=0.0)],
    "income that cancels out": [*both("a", income=5.0), *both("b", income=-5.0)],
}


@pytest.mark.parametrize("what", AWKWARD)
def test_awkward_data_are_drawn_without_gaps(lang: str, what: str) -> None:
    for chart in charts_on(loans(*AWKWARD[what])):
        check(chart)
        assert chart.figure


@quick
@given(books(), policies())
def test_any_book_is_drawn_without_gaps(book: pd.DataFrame, policy: tiers.TierPolicy) -> None:
    i18n.use("en")
    for chart in charts_on(book, policy):
        check(chart)
    i18n._chosen = None


@pytest.mark.parametrize("attended", [True, False])
def test_a_chart_is_drawn_live_where_somebody_looks_on(attended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if attended:
        for name in UNATTENDED:
            monkeypatch.delenv(name)
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_how: shown.append(data))
    charts_of("pareto", "en")[0]._ipython_display_()
    picture, table = shown
    assert (WIDGET_MIME in picture) == attended
    assert PLOTLY_MIME in picture and table.data.startswith("<details")
