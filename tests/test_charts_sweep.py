"""The charts of a sweep say what to see, show gaps as gaps, and hold nothing that plotly or JSON cannot take."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crmlib.chapters.distributors.models.discounts import STUDY as DISCOUNTS
from crmlib.chapters.distributors.models.discounts import DiscountTerms
from crmlib.chapters.tiers.models.tiers import STUDY, TierPolicy
from crmlib.core import i18n
from crmlib.plotting import sweep as charts
from crmlib.plotting import template
from crmlib.plotting.scenarios import measure_by_scenario
from crmlib.plotting.sweep import Moved
from crmlib.plotting.theme import Chart, wrapped

POLICY = {s.name: s for s in TierPolicy.settings()}
TERMS = {s.name: s for s in DiscountTerms.settings()}
LGD, GOLD, BOUNDARY = POLICY["lgd"], POLICY["gold_from"], POLICY["boundary"]
LOSS = STUDY.measures["expected_loss"]
NAN = math.nan
quick = settings(max_examples=25, deadline=None, derandomize=True)
FIGURES = st.one_of(st.floats(-1e9, 1e9), st.sampled_from([NAN, math.inf, -math.inf, 0.0]))


def check(chart: Chart) -> None:
    """What must hold of every chart, whatever the figures."""
    json.dumps(chart.spec, allow_nan=False)
    assert len(chart.figure.data) == len(chart.spec["data"])  # plotly checks every property
    table = chart.table()
    assert len(table) and table.index.name and not table.isna().any(axis=None)
    assert chart.title().strip() and chart.alt.strip()
    for axis in ("xaxis", "yaxis"):
        title = chart.spec["layout"][axis]["title"]["text"]
        assert title or all(isinstance(name, str) for trace in chart.spec["data"] for name in trace["y"])


def line(values: list[Any], figures: list[float], s: Any = LGD) -> Chart:
    return charts.line(s, values, LOSS, np.array(figures))


# One input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ([1, 2, 4], "Expected loss: rising from 1 to 4"),
        ([4, 2, 2], "Expected loss: falling from 4 to 2"),
        ([2, 2, 2.2], "Expected loss: 2 throughout"),  # rounded as the figure is
        ([1, 5, 3], "Expected loss: highest, 5, at 0.2; lowest 1"),
        ([NAN, 5, 6], "Expected loss: rising from 5 to 6"),
        ([NAN, NAN, NAN], "Expected loss: no figure for any value"),
    ],
)
def test_a_line_says_what_it_shows(english: None, figures: list[float], said: str) -> None:
    chart = line([0.1, 0.2, 0.3], figures)
    check(chart)
    assert chart.title() == said


def test_the_axes_have_units(lang: str) -> None:
    chart = charts.line(GOLD, [80.0, 90.0], LOSS, np.array([1.0, 2.0]))
    layout = chart.spec["layout"]
    assert layout["xaxis"]["title"]["text"] == GOLD.title()
    assert i18n._("10,000 yuan") in layout["yaxis"]["title"]["text"]
    assert chart.table().index.name == GOLD.title() and chart.table().columns.tolist() == [LOSS.title()]


def test_a_gap_is_a_gap_and_is_counted(english: None) -> None:
    chart = line([0.1, 0.2, 0.3], [1, NAN, 3])
    (trace,) = chart.spec["data"]
    assert trace["y"] == [1.0, None, 3.0]
    assert "1 of 3" in chart.alt
    assert chart.table()[LOSS.title()].tolist() == ["1", "–", "3"]


def test_choices_are_bars_with_their_labels(lang: str) -> None:
    chart = line(["upper", "lower"], [2, 1], BOUNDARY)
    check(chart)
    (trace,) = chart.spec["data"]
    assert trace["type"] == "bar"
    assert trace["x"] == [i18n._(label) for label in BOUNDARY.choice_labels]
    switch = charts.line(TERMS["compound"], [True, False], DISCOUNTS.measures["annual"], np.array([1.0, 2.0]))
    assert switch.spec["data"][0]["x"] == [i18n._("yes"), i18n._("no")]


def test_a_long_line_is_thinned_and_keeps_its_ends(english: None) -> None:
    n = 5 * charts.POINTS
    chart = line([k / n for k in range(n)], list(range(n)))
    (trace,) = chart.spec["data"]
    assert len(trace["x"]) == charts.POINTS and (trace["y"][0], trace["y"][-1]) == (0, n - 1)
    assert len(chart.table()) == charts.ROWS


@quick
@given(n=st.integers(1, 3000), most=st.integers(2, 500))
def test_thinning_keeps_both_ends_and_the_order(n: int, most: int) -> None:
    kept = charts.thinned(n, most)
    assert kept[0] == 0 and kept[-1] == n - 1 and len(kept) == min(n, most)
    assert kept == sorted(set(kept))


def test_values_that_differ_are_shown_apart() -> None:
    assert LGD.shown(0.1234567) != LGD.shown(0.1234568)
    assert LGD.shown(0.30) == "0.3" and GOLD.shown(12000.0) == "12,000"


# Two inputs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([[1, 2], [3, 7]], "Expected loss: highest, 7, at 0.4 and 90; lowest 1"),
        ([[1, 1], [7, 7]], "Expected loss: highest, 7, at 90; lowest 1"),  # whatever the loss given default
        ([[1, 7], [1, 7]], "Expected loss: highest, 7, at 0.4; lowest 1"),
        ([[NAN, NAN], [1, 7]], "Expected loss: highest, 7, at 0.4; lowest 1"),
        ([[2, 2], [2, NAN]], "Expected loss: 2 for every combination"),
        ([[NAN, NAN], [NAN, NAN]], "Expected loss: no figure for any combination"),
    ],
)
def test_a_heat_map_says_what_it_shows(english: None, cells: list[list[float]], said: str) -> None:
    chart = charts.heat(LGD, [0.3, 0.4], GOLD, [80.0, 90.0], LOSS, np.array(cells, float))
    check(chart)
    assert chart.title() == said


def test_a_heat_map_has_its_cells_where_its_axes_say(lang: str) -> None:
    chart = charts.heat(LGD, [0.3, 0.4], BOUNDARY, ["upper", "lower"], LOSS, np.array([[1.0, 2.0], [NAN, 4.0]]))
    (trace,) = chart.spec["data"]
    assert trace["z"] == [[1.0, 2.0], [None, 4.0]] and trace["x"] == ["0.3", "0.4"]
    assert trace["y"] == [i18n._(label) for label in BOUNDARY.choice_labels]
    assert chart.spec["layout"]["xaxis"]["title"]["text"] == LGD.title()
    assert chart.table().to_numpy().tolist() == [["1", "2"], ["–", "4"]]


@quick
@given(arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=FIGURES))
def test_any_figures_make_a_heat_map(cells: Any) -> None:
    ys, xs = cells.shape
    check(charts.heat(LGD, [k / 10 for k in range(xs)], GOLD, [80.0 + k for k in range(ys)], LOSS, cells))


def test_a_large_heat_map_is_thinned(english: None) -> None:
    n = 3 * charts.CELLS
    chart = charts.heat(LGD, [k / n for k in range(n)], GOLD, [1.0], LOSS, np.arange(n, dtype=float)[None, :])
    (trace,) = chart.spec["data"]
    assert len(trace["x"]) == charts.CELLS and trace["z"][0][-1] == n - 1 and "texttemplate" not in trace


# Each input alone -----------------------------------------------------------------------------------------------------


def moves(*told: tuple[Any, Any, float | None]) -> list[Moved]:
    return [Moved(s, value, None if figure is None else {"x": figure}) for s, value, figure in told]


def drawn(chart: Chart) -> Iterator[tuple[str, float, float]]:
    """Yield each bar: input, where it begins, where it ends."""
    for trace in chart.spec["data"]:
        for name, length in zip(trace["y"], trace["x"], strict=True):
            yield name, trace["base"], trace["base"] + length


def test_a_tornado_is_sorted_by_swing(english: None) -> None:
    told = moves((LGD, 0.0, 8.0), (LGD, 1.0, 12.0), (GOLD, 80.0, 20.0), (GOLD, 90.0, 5.0), (BOUNDARY, "lower", 11.0))
    chart = charts.tornado(LOSS, "x", 10.0, told)
    check(chart)
    names = [wrapped(s.label, 24) for s in (LGD, GOLD, BOUNDARY)]
    assert chart.spec["layout"]["yaxis"]["categoryarray"] == [names[1], names[0], names[2]]
    assert set(drawn(chart)) == {
        (names[0], 10.0, 8.0),
        (names[0], 10.0, 12.0),
        (names[1], 10.0, 20.0),
        (names[1], 10.0, 5.0),
        (names[2], 10.0, 11.0),
    }
    assert chart.title() == "Expected loss: “Cut-off for gold” moves it most, between 5 and 20"
    assert chart.table().index.tolist() == [GOLD.title(), LGD.title(), BOUNDARY.title()]


def test_an_end_that_is_refused_is_marked_and_listed(english: None) -> None:
    chart = charts.tornado(LOSS, "x", 10.0, moves((GOLD, 70.0, None), (GOLD, 90.0, 5.0)))
    assert set(drawn(chart)) == {("Cut-off for gold *", 10.0, 5.0)}
    assert "*" in chart.spec["layout"]["xaxis"]["title"]["text"]
    assert chart.table().to_numpy().tolist() == [["refused", "–", "90", "5"]]


def test_an_end_without_a_figure_is_no_bar(english: None) -> None:
    chart = charts.tornado(LOSS, "x", 10.0, moves((GOLD, 70.0, NAN), (GOLD, 90.0, 5.0)))
    check(chart)
    assert set(drawn(chart)) == {("Cut-off for gold", 10.0, 5.0)}


def test_inputs_that_move_it_alike_are_counted(english: None) -> None:
    told = moves((LGD, 0.0, 8.0), (LGD, 1.0, 10.0), (GOLD, 80.0, 10.0), (GOLD, 90.0, 8.0))
    chart = charts.tornado(LOSS, "x", 10.0, told)
    check(chart)
    assert chart.title() == "Expected loss: “Loss given default”, and 1 more as far, move it most, between 8 and 10"
    assert [text for trace in chart.spec["data"] for text in trace["text"]] == ["at 0", "", "", "at 90"]


def test_a_tornado_of_what_nothing_moves_says_so(english: None) -> None:
    chart = charts.tornado(LOSS, "x", 10.0, moves((LGD, 0.0, 10.0), (LGD, 1.0, 10.0)))
    check(chart)
    assert chart.title() == "Expected loss: 10 whichever input is moved alone" and not list(drawn(chart))


def test_of_many_inputs_the_widest_are_drawn_and_all_are_listed(english: None) -> None:
    settings_ = list(POLICY.values())
    assert len(settings_) > charts.BARS
    chart = charts.tornado(LOSS, "x", 0.0, moves(*((s, s.default, float(k + 1)) for k, s in enumerate(settings_))))
    widest = [s.label for s in settings_[::-1][: charts.BARS]]
    assert [name.replace("<br>", " ") for name in chart.spec["layout"]["yaxis"]["categoryarray"]] == widest
    assert len(chart.table()) == len(settings_)


@quick
@given(base=st.floats(-1e9, 1e9), low=st.none() | FIGURES, high=st.none() | FIGURES, other=st.none() | FIGURES)
def test_any_figures_make_a_tornado(base: float, low: float | None, high: float | None, other: float | None) -> None:
    check(charts.tornado(LOSS, "x", base, moves((LGD, 0.0, low), (LGD, 1.0, high), (BOUNDARY, "lower", other))))


def test_every_chart_is_in_the_language_spoken(lang: str) -> None:
    made = [
        line([0.1, 0.2], [1, 2]),
        charts.heat(LGD, [0.3, 0.4], GOLD, [80.0], LOSS, np.array([[1.0, 2.0]])),
        charts.tornado(LOSS, "x", 1.0, moves((LGD, 0.0, 0.5))),
    ]
    for chart in made:
        said = chart.title() + chart.alt
        assert any("一" <= sign <= "鿿" for sign in said) == (lang == "zh")
        assert lang == "en" or not any(word in said for word in ("from", "each", "rising", "most"))


def test_what_a_sweep_draws_takes_the_colours_of_the_palette_or_of_the_template(english: None) -> None:
    grid = np.arange(4.0).reshape(2, 2)
    drawn = [
        line([0.1, 0.2], [1, 2]),
        charts.heat(LGD, [0.1, 0.2], GOLD, [80.0, 90.0], LOSS, grid),
        charts.tornado(LOSS, "e", 5.0, [Moved(LGD, 0.1, {"e": 1.0}), Moved(LGD, 0.9, {"e": 9.0})]),
        measure_by_scenario(LOSS, ["base", "worse"], [1.0, 2.0]),
    ]
    for chart in drawn:
        for color in re.findall(r"#[0-9a-f]{3,8}", json.dumps([t | {"insidetextfont": 0} for t in chart.spec["data"]])):
            assert color in {template.QUIET, *template.ORDERED, *template.MANY}
        assert "#" not in json.dumps(chart.spec["layout"])
