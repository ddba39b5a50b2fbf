"""Every chart of every study can be drawn, says what to see in both languages, and shows text from files as text."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from colours import contrast, luminance, nearest, written_on
from drawn import books, both, loans, policies
from each import each
from everychart import TOPICS, charts_of
from hypothesis import given, settings

from crmlib.chapters.tiers.charts import pareto as pareto_charts
from crmlib.chapters.tiers.charts import pyramid as pyramid_charts
from crmlib.chapters.tiers.charts import tiers as tiers_charts
from crmlib.chapters.tiers.models import pareto, pyramid, tiers
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import UNATTENDED
from crmlib.plotting import template, theme
from crmlib.plotting.library import plotly_js
from crmlib.plotting.template import CONFIG, DARK, PAPERS, TEMPLATE, config
from crmlib.plotting.theme import Chart, wrapped
from crmlib.support.mime import PLOTLY_MIME, WIDGET_MIME
from crmlib.tables.data import load

SCRIPT = "<script>alert(1)</script>"
PALETTE = {template.QUIET, *template.ORDERED, *template.MANY}
quick = settings(max_examples=25, deadline=None, derandomize=True)


@cache
def every() -> list[tuple[str, int]]:
    with i18n.speaking("en"):
        return [(topic, n) for topic in TOPICS for n in range(len(charts_of(topic, "en")))]


every_chart = each("topic, n", every)


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
    assert not re.search(r"(?<![\d,.])1 (firms|customers|partners|accounts)\b", chart.title() + chart.alt)


# Every chart ----------------------------------------------------------------------------------------------------------


def test_the_charts_of_every_explorer_are_checked() -> None:
    assert {topic for topic, _n in every()} == set(TOPICS)


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
def test_the_alternative_text_says_kind_axes_and_ranges(lang: str, topic: str, n: int) -> None:
    i18n.use(lang)
    chart = charts_of(topic, lang)[n]
    kinds = {"bar", "scatter", "heatmap", "waterfall"}
    said = chart.alt
    assert {trace["type"] for trace in chart.spec["data"]} <= kinds
    assert said.endswith(chart.said) and len(said) > len(chart.said) + 20
    assert "<br>" not in said and "  " not in said and "&" not in said
    for axis in ("xaxis", "yaxis"):
        assert theme.unwrapped(chart.spec["layout"][axis]["title"]["text"]) in said
    assert re.search(r"\d", said), "the range of what is drawn"


def test_ranges_are_those_of_what_is_drawn(english: None) -> None:
    stacked = theme.spec(
        [theme.bars(["a", "b"], [1, 2]), theme.bars(["a", "b"], [3, 5])], "T", "X", "Y", barmode="stack"
    )
    assert theme.described(stacked, "See.") == "Stacked bars. Across: X: a, b. Upright: Y: 0 to 7. See."
    line = {"type": "scatter", "mode": "lines", "x": [-1.5, 2], "y": [10_000, 20_000.4]}
    assert (
        theme.described(theme.spec([line], "T"), "See.") == "Lines. Across: −1.5 to 2. Upright: 10,000 to 20,000. See."
    )
    cells = theme.matrix([[0, 7], [3, 1_200]], ["r", "s"], ["c", "d"], "")
    assert theme.described(theme.spec([cells], "T"), "See.").startswith("Grid of cells from 0 to 1,200. Across: c, d.")


def test_numbers_of_a_figure_are_those_of_any_processor() -> None:
    """Sums differ in their last digits from processor to processor; stored figures must not."""
    one, other = 16.263956503247254, 16.263956503247258
    drawn = [theme.spec([theme.bars(["a"], [v])], "T", xaxis_range=[0, v], shapes=[{"x0": v}]) for v in (one, other)]
    assert drawn[0] == drawn[1]
    assert drawn[0]["layout"]["xaxis"]["range"][1] == pytest.approx(one, rel=1e-9)
    whole = theme.spec([theme.bars(["a"], [123_456_789_012.0], customdata=[123_456_789_012])], "T")
    assert whole["data"][0]["customdata"] == [123_456_789_012]


@every_chart
def test_no_number_of_a_chart_has_more_than_ten_digits(topic: str, n: int) -> None:
    for value in values(charts_of(topic, "en")[n].spec):
        assert not isinstance(value, float) or value == float(f"{value:.10g}")


def test_names_beside_points_do_not_meet() -> None:
    x, y = [5.0, 5.2, 5.1, 9.5, 0.2, 5.0], [5.0, 5.1, 6.3, 9.8, 0.1, 2.0]
    names = ["product quality", "service", "price", "百纺批发", "a store", "the store itself"]
    ranges = [0, 10], [0, 10]
    placed = theme.beside(x, y, names, ranges)
    assert all(placed) and placed == theme.beside(x, y, names, ranges)
    for width in theme.WIDTHS:
        points = theme._places(x, y, ranges, width)
        boxes = [theme._name_box(point, name, *theme.BESIDE[place])
                 for point, name, place in zip(points, names, placed, strict=True)]  # fmt: skip
        assert not any(theme._meet(a, b) for a, b in combinations(boxes, 2))
        assert all(theme._inside(box, width) for box in boxes)
    crowd = theme.named([5.0] * 30, [5.0] * 30, ["somebody"] * 30, ranges)
    assert crowd["text"].count("somebody") < 9, "what has no room is named under the mouse and in the table"
    assert crowd["customdata"] == ["somebody"] * 30


@every_chart
def test_the_number_on_a_bar_is_its_length(topic: str, n: int) -> None:
    for trace in charts_of(topic, "en")[n].spec["data"]:
        if trace["type"] != "bar":
            continue
        along = "x" if trace.get("orientation") == "h" else "y"
        assert "texttemplate" not in trace or "text" not in trace
        if "texttemplate" in trace and "customdata" in trace["texttemplate"]:
            assert [abs(v) for v in trace[along]] == pytest.approx(trace["customdata"], abs=0.06)
        elif "texttemplate" in trace:
            assert f"%{{{along}:" in trace["texttemplate"]
        for text, length in zip(trace.get("text", []), trace[along], strict=False):
            if number := re.fullmatch(r"([-+]?[\d,.]+)%?", text):
                digits = len(text.partition(".")[2].rstrip("%"))
                assert float(number[1].replace(",", "")) == pytest.approx(length, abs=0.6 * 10**-digits)


@every_chart
def test_no_number_beside_a_bar_is_cut(topic: str, n: int) -> None:
    for trace in charts_of(topic, "en")[n].spec["data"]:
        if trace.get("textposition") == "outside":
            assert trace["cliponaxis"] is False


@every_chart
def test_no_line_shows_between_the_cells_of_a_heat_map_and_nobody_is_a_zero(topic: str, n: int) -> None:
    chart = charts_of(topic, "en")[n]
    for trace in chart.spec["data"]:
        if trace["type"] == "heatmap":
            axes = [chart.spec["layout"][axis] for axis in ("xaxis", "yaxis")]
            assert not any(axis["zeroline"] or axis["showgrid"] for axis in axes)
            assert all(text for row in trace["text"] for text in row)
            shades = [z for row in trace["z"] for z in row]
            assert min(shades) >= 0 and max(shades) <= 1
            assert chart.spec["layout"]["coloraxis"] == {"cmin": 0, "cmax": 1}


@pytest.mark.parametrize("rule", [{}, {"boundary": "lower"}, {"gold_from": 83, "key_from": 66.5}, {"gold_from": 100}])
def test_a_bar_of_the_scores_is_in_one_tier(rule: dict[str, Any]) -> None:
    g = tiers.STUDY.answer(load("bank_loans"), **rule)
    counted, cuts = 0, sorted([0.0, 100.0, *g.policy.cutoffs().tolist()])
    for trace in tiers_charts.scores(g).spec["data"]:
        for centre, wide, height, (low, high, firms) in zip(
            trace["x"], trace["width"], trace["y"], trace["customdata"], strict=True
        ):
            assert (low, high) == pytest.approx((centre - wide / 2, centre + wide / 2), abs=1e-6)
            assert not any(low + 1e-6 < cut < high - 1e-6 for cut in cuts)
            assert firms == pytest.approx(height * wide, abs=1e-4)
            counted += firms
    by_score = tiers_charts.scores(g).table().iloc[:, 0].sum()
    top = (g.closing.score == 100).sum() if rule.get("gold_from") == 100 else 0
    assert counted == by_score - top


@every_chart
def test_axis_titles_fit_a_narrow_page(lang: str, topic: str, n: int) -> None:
    for axis, most in (("xaxis", 44), ("yaxis", 34)):
        for line in charts_of(topic, lang)[n].spec["layout"][axis]["title"]["text"].split("<br>"):
            assert sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) <= most, line


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


@every_chart
def test_nothing_can_be_uploaded_from_a_chart(topic: str, n: int) -> None:
    bundle = charts_of(topic, "en")[n].bundle()[PLOTLY_MIME]
    assert "sendChartToCloud" in bundle["layout"]["template"]["layout"]["modebar"]["remove"]
    assert bundle["config"]["showSendToCloud"] is False and bundle["config"]["displaylogo"] is False
    assert "modebar" not in charts_of(topic, "en")[n].spec["layout"]


@every_chart
def test_a_title_fits_on_two_lines(lang: str, topic: str, n: int) -> None:
    title = charts_of(topic, lang)[n].figure.layout.title.text
    assert title.count("<br>") <= 1


@pytest.mark.parametrize("template", [TEMPLATE, DARK])
def test_the_templates_are_small_and_valid(template: dict[str, Any]) -> None:
    import plotly.graph_objects as go

    go.layout.Template(template)
    assert len(json.dumps(template)) < 4000


def test_plotly_speaks_the_language_of_the_book(lang: str) -> None:
    i18n.use(lang)
    settings = config()
    assert settings.items() >= CONFIG.items() and settings["locale"] == i18n.TAGS[lang]
    said = settings["locales"][settings["locale"]]["dictionary"]
    assert all(any("一" <= sign <= "鿿" for sign in ours) == (lang == "zh") for ours in said.values())
    spoken = plotly_js().decode()
    assert all(theirs in spoken for theirs in said), "plotly.js asks for these words"


# Colours --------------------------------------------------------------------------------------------------------------


def test_every_colour_of_the_palette_can_be_seen_on_light_and_on_dark_paper() -> None:
    assert set(PAPERS.values()) == {t["layout"]["paper_bgcolor"] for t in (TEMPLATE, DARK)}
    for color in PALETTE:
        for paper in (*PAPERS.values(), "#1b1b1b", "#212121"):
            assert contrast(color, paper) >= 3, (color, paper)


def test_text_can_be_read_on_paper_on_bars_and_on_cells() -> None:
    for paper in (TEMPLATE, DARK):
        assert contrast(paper["layout"]["font"]["color"], paper["layout"]["paper_bgcolor"]) >= 7
    for color in PALETTE:
        assert contrast(theme.ink(color), color) >= 4.5, color
    for shades in template.SHADES.values():
        for cell in shades:
            assert contrast(written_on(cell), cell) >= 4.5, cell


@pytest.mark.parametrize(
    "colors", [template.ORDERED, template.MANY, (template.QUIET, template.BLUE), (template.BLUE, template.ORANGE)]
)
def test_neighbouring_colours_differ_for_colour_blind_readers(colors: Sequence[str]) -> None:
    assert nearest(colors) >= 15


def test_the_steps_of_a_heat_map_rise_for_every_reader() -> None:
    for name, shades in template.SHADES.items():
        light = [luminance(cell) for cell in shades]
        assert light == sorted(light, reverse=name == "light")


@every_chart
def test_what_a_chart_draws_can_be_seen_in_both_themes(topic: str, n: int) -> None:
    """Whatever is coloured takes a colour of the palette; all else is left to the template."""
    chart = charts_of(topic, "en")[n]
    for path, color in colors(chart.spec):
        if path[-2] in ("insidetextfont", "textfont"):
            continue
        assert color in PALETTE, f"{'.'.join(path)} is {color}"


@every_chart
def test_text_on_a_bar_can_be_read(topic: str, n: int) -> None:
    for trace in charts_of(topic, "en")[n].spec["data"]:
        shown = trace["type"] == "bar" and ("text" in trace or "texttemplate" in trace)
        if not shown or trace["textposition"] in ("outside", "none"):
            continue
        bars = trace["marker"]["color"]
        inks = trace["insidetextfont"]["color"]
        for bar, ink in zip([bars] if isinstance(bars, str) else bars, [inks] if isinstance(inks, str) else inks,
                            strict=True):  # fmt: skip
            assert contrast(bar, ink) >= 4.5


@every_chart
def test_nothing_is_told_apart_by_colour_alone(topic: str, n: int) -> None:
    """Traces of one kind differ by hatching, symbol, dash, or what stands on them; so do the marks of one trace."""
    traces = [t for t in charts_of(topic, "en")[n].spec["data"] if t.get("hoverinfo") != "skip"]
    for kind, sign in (("bar", _bar_sign), ("scatter", _scatter_sign)):
        of = [t for t in traces if t["type"] == kind]
        assert len({sign(t) for t in of}) == len(of), f"{kind}s of {topic} {n} differ by colour alone"
    for trace in traces:
        marker = trace.get("marker", {})
        if isinstance(marker.get("color"), list) and trace["type"] == "scatter":
            assert len(set(zip(marker["color"], marker["symbol"], strict=True))) == len(set(marker["color"]))
            assert len(set(marker["symbol"])) == len(set(marker["color"]))


def _bar_sign(trace: dict[str, Any]) -> str:
    """Return what tells the bars of a trace from those of others: hatching, place, or their numbers and name."""
    hatched = str(trace["marker"].get("pattern"))
    return f"{hatched} {trace.get('name', '')}"


def _scatter_sign(trace: dict[str, Any]) -> str:
    return str((trace["mode"], trace.get("line", {}).get("dash"), trace.get("marker", {}).get("symbol")))


def colors(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Return every colour within a figure and where it stands."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from colors(value, (*path, name))
    elif isinstance(part, list):
        for value in part:
            yield from colors(value, path)
    elif isinstance(part, str) and (path[-1].endswith("color") or part.startswith(("#", "rgb"))):
        yield path, part


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
