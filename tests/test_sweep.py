"""A sweep takes the values that were asked for, gives the study's own figures, and writes whole files or none."""

import re
import signal
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import fastparquet
import numpy as np
import pandas as pd
import pytest
from browser import Visit
from conftest import Crm
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from crmlib import casebook
from crmlib.chapters.distributors.models import discounts, motivation
from crmlib.chapters.loyalty.models import loyalty
from crmlib.chapters.studies import STUDIES
from crmlib.chapters.tiers.models import tiers
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import DATA
from crmlib.plotting.sweep import Moved
from crmlib.sweeps import grid as grids
from crmlib.sweeps import sweep_page
from crmlib.sweeps.sweep import AND, CHUNK, sweep
from crmlib.tables.data import load

CHINESE = re.compile("[一-鿿]")
quick = settings(max_examples=60, deadline=None, derandomize=True)


# The grid -------------------------------------------------------------------------------------------------------------


def values(text: object, name: str = "lgd", study: Any = tiers.STUDY) -> tuple[Any, ...]:
    return grids.plan_grid(study, {name: text}).values[name]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.1:0.3:0.1", (0.1, 0.2, 0.3)),  # 0.1 + 0.2 is not 0.3 in binary
        ("0.3:0.1:-0.1", (0.3, 0.2, 0.1)),
        ("0:0.25:0.1", (0.0, 0.1, 0.2)),  # the stop is off the steps
        ("0:1.04:0.5", (0.0, 0.5, 1.0)),  # so is this one, outside what is accepted: it is not taken
        ("0.5:0.5:0.1", (0.5,)),
        ("0.2:0.4", (0.2, 0.25, 0.3, 0.35, 0.4)),  # by the steps of the declaration
        (" 0.4 , 0.2 ", (0.4, 0.2)),
        ("0.4，0.2", (0.4, 0.2)),
        ("0.1：0.3：0.1", (0.1, 0.2, 0.3)),
        ("1e-1:.3:+0.1", (0.1, 0.2, 0.3)),
        ([0.4, "0.2"], (0.4, 0.2)),
        (np.linspace(0, 1, 3), (0.0, 0.5, 1.0)),
        (0.4, (0.4,)),
    ],
)
def test_the_values_are_those_asked_for(text: object, wanted: tuple[float, ...]) -> None:
    assert values(text) == wanted


def test_values_have_the_type_of_the_declaration() -> None:
    study = discounts.STUDY
    assert values("10:30:10", "cash_days", study) == (10, 20, 30)
    assert all(type(v) is int for v in values("10:30:10", "cash_days", study))
    assert all(type(v) is float for v in values([1, 2], "cash_rate", study))
    assert values("true,false", "compound", study) == (True, False)
    assert values("365,360", "year", study) == ("365", "360")
    assert values(range(10, 40, 10), "cash_days", study) == (10, 20, 30)
    assert values(np.arange(2), "cash_days", study) == (0, 1)


DECIMALS = st.decimals(min_value=-2, max_value=2, places=3, allow_nan=False)


@quick
@given(start=DECIMALS, stop=DECIMALS, step=DECIMALS)
def test_any_range_is_right_or_refused(start: Decimal, stop: Decimal, step: Decimal) -> None:
    """Counted in fractions, independently of the parser."""
    try:
        found = values(f"{start}:{stop}:{step}")
    except UserError as refusal:
        assert len(refusal.problems) == 1 and "lgd" in str(refusal)
        n = Fraction(stop - start) // Fraction(step) if step else -1
        last = Fraction(start) + n * Fraction(step)
        assert n < 0 or not 0 <= start <= 1 or not 0 <= last <= 1
        return
    assert len(found) == Fraction(stop - start) // Fraction(step) + 1
    assert found[0] == float(start)
    assert min(start, stop) <= Decimal(str(min(found))) and Decimal(str(max(found))) <= max(start, stop)
    assert [Fraction(str(v)) for v in found] == [Fraction(start) + k * Fraction(step) for k in range(len(found))]


@quick
@given(
    text=st.text(st.sampled_from("0123456789.:,-+eE naifx١，：_"), max_size=20),
    name=st.sampled_from(["lgd", "boundary"]),
)
def test_no_text_breaks_the_parser(text: str, name: str) -> None:
    try:
        found = values(text, name)
    except UserError as refusal:
        assert all(name in said for said in refusal.problems if "1,000,000" not in said)
    else:
        assert found and all(v in ("upper", "lower") or 0 <= v <= 1 for v in found)


REFUSED = {
    "an unknown input": ({"gold_form": "80,90"}, ["gold_form", "gold_from"]),
    "out of range": ({"lgd": "0.5:1.5:0.5"}, ["lgd", "1.5"]),
    "out of range in a list": ({"lgd": "0.5,1.5"}, ["lgd", "1.5"]),
    "a step of zero": ({"lgd": "0:1:0"}, ["lgd"]),
    "a step of the wrong sign": ({"lgd": "0:1:-0.1"}, ["lgd", "-0.1"]),
    "no values": ({"lgd": []}, ["lgd"]),
    "an empty text": ({"lgd": ""}, ["lgd"]),
    "a value twice": ({"lgd": "0.3,0.30"}, ["lgd", "0.3"]),
    "not a number": ({"lgd": "0:x:1"}, ["lgd", "0:x:1"]),
    "nan": ({"lgd": "nan:1:0.1"}, ["lgd", "nan"]),
    "too many parts": ({"lgd": "0:1:0.1:2"}, ["lgd"]),
    "a range of choices": ({"boundary": "upper:lower:1"}, ["boundary", "upper", "lower"]),
    "a bad choice": ({"boundary": "upper,middle"}, ["boundary", "middle"]),
    "a switch for a number": ({"lgd": [True]}, ["lgd"]),
    "more than the limit": ({"lgd": "0:1:0.0000001"}, ["10,000,001", "1,000,000"]),
    "far more than the limit": ({"lgd": "0:1:1e-99"}, ["1.0e+99", "1,000,000"]),
    "too many together": ({"lgd": "0:1:0.0001", "pd_step": "1:4:0.01"}, ["3,010,301", "1,000,000"]),
    "nothing": ({}, []),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_grid_is_refused_in_one_sentence(lang: str, what: str) -> None:
    grid, named = REFUSED[what]
    with pytest.raises(UserError) as refusal:
        grids.plan_grid(tiers.STUDY, grid)
    (said,) = refusal.value.problems
    assert all(name in said for name in named), said
    assert bool(CHINESE.search(said)) == (lang == "zh")


def test_each_bad_input_has_its_sentence(english: None) -> None:
    with pytest.raises(UserError) as refusal:
        grids.plan_grid(tiers.STUDY, {"lgd": "2,3", "gold_form": "1", "boundary": "x"})
    assert len(refusal.value.problems) == 3


def test_a_fraction_of_a_whole_number_is_refused(english: None) -> None:
    with pytest.raises(UserError, match=r"cash_days.*10\.5.*whole"):
        values("10:20:0.5", "cash_days", discounts.STUDY)


def test_a_bad_base_is_refused(english: None) -> None:
    with pytest.raises(UserError, match="gold_form"):
        grids.plan_grid(tiers.STUDY, {"lgd": "0.3"}, base={"gold_form": 80})


# Draws ----------------------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_rows() -> None:
    one, same, other = (sweep(motivation.STUDY, {}, random=40, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)


def test_draws_lie_on_the_steps_and_within_the_range() -> None:
    drawn = grids.plan_grid(
        tiers.STUDY, {"lgd": "0.2:0.4", "boundary": "upper,lower", "gold_from": "80:90:5"}, random=400
    )
    assert {row[0] for row in drawn.rows} == {0.2, 0.25, 0.3, 0.35, 0.4}
    assert {row[1] for row in drawn.rows} == {"upper", "lower"}
    assert {row[2] for row in drawn.rows} == {80.0, 85.0, 90.0}


@pytest.mark.parametrize("name", STUDIES)
def test_without_a_grid_every_numeric_input_is_drawn(name: str) -> None:
    study = STUDIES[name]
    numeric = {s.name: s for s in study.inputs.settings() if s.kind in (int, float)}
    drawn = grids.plan_grid(study, {}, random=30, seed=3)
    assert list(drawn.values) == list(numeric)
    for row in drawn.rows:
        for value, s in zip(row, numeric.values(), strict=True):
            steps = (Fraction(str(value)) - Fraction(str(s.low))) / Fraction(str(s.step))
            assert s.low <= value <= s.high and steps.denominator == 1  # type: ignore[operator]


@pytest.mark.shared(2)
@pytest.mark.parametrize("name", STUDIES)
def test_a_drawn_sweep_has_no_refused_combination(name: str) -> None:
    study = STUDIES[name]
    agreed = grids.plan_grid(study, {}, random=60, seed=5)
    for row in agreed.rows:
        study.inputs(**{**agreed.base, **dict(zip(agreed.values, row, strict=True))})
    assert agreed.rows == grids.plan_grid(study, {}, random=60, seed=5).rows


def test_inputs_that_no_draw_brings_together_are_said(english: None) -> None:
    with pytest.raises(UserError, match="No combination was found") as refusal:
        grids.plan_grid(tiers.STUDY, {"lgd": "0.3,0.6"}, base={"key_from": 88}, random=3)
    assert "cut-offs must fall" in refusal.value.problems[1]


def test_what_the_base_gives_is_not_drawn_unasked() -> None:
    assert "lgd" not in grids.plan_grid(tiers.STUDY, {}, base={"lgd": 0.5}, random=3).values


@pytest.mark.parametrize("n", [0, -1, 1_000_001])
def test_a_number_of_draws_out_of_range_is_refused(lang: str, n: int) -> None:
    with pytest.raises(UserError) as refusal:
        grids.plan_grid(tiers.STUDY, {}, random=n)
    assert str(n) in str(refusal.value) and "1,000,000" in str(refusal.value)


# The figures ----------------------------------------------------------------------------------------------------------


def test_the_cost_of_forgoing_2_10_net_30_is_the_textbooks() -> None:
    """2/98 × 360/20 = 36.73% (Brigham and Houston, Fundamentals of Financial Management); by hand also 1/99 × 18."""
    found = sweep(discounts.STUDY, {"cash_rate": [1, 2]}, base={"cash_days": 10, "net_days": 30})
    assert found["annual"].round(2).tolist() == [18.18, 36.73]


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", STUDIES)
def test_a_row_holds_what_the_study_answers(name: str) -> None:
    study = STUDIES[name]
    tables = [load(dataset) for dataset in study.datasets]
    numeric = [s for s in study.inputs.settings() if s.kind in (int, float)]
    grid = {s.name: f"{s.low}:{s.high}" for s in numeric[:2]}
    found = sweep(study, grid, tables, random=8, seed=5)
    assert found.columns.tolist() == [*grid, *study.measures, "problem"]
    for row in found.to_dict("records"):
        if not row["problem"]:
            wanted = study.headline(study.answer(*tables, **{key: row[key] for key in grid}))
            np.testing.assert_array_equal([row[key] for key in study.measures], [wanted[key] for key in study.measures])


def test_a_refused_combination_keeps_its_row_and_says_why(lang: str) -> None:
    found = sweep(tiers.STUDY, {"gold_from": "70:90:5", "key_from": "75,80"}, base={"prime_from": 60})
    assert len(found) == 10
    refused = found["gold_from"] <= found["key_from"]
    assert (found["problem"] != "").tolist() == refused.tolist()
    assert found.loc[refused, list(tiers.STUDY.measures)].isna().all(axis=None)
    assert found.loc[~refused, list(tiers.STUDY.measures)].notna().all(axis=None)
    assert all(bool(CHINESE.search(said)) == (lang == "zh") for said in found.loc[refused, "problem"])


def test_several_reasons_stand_apart(english: None) -> None:
    (said,) = sweep(tiers.STUDY, {"gold_from": [10], "ordinary_from": [90]})["problem"]
    assert len(said.split(AND)) == 2


def test_the_grid_goes_over_a_base_that_the_study_would_refuse() -> None:
    found = sweep(tiers.STUDY, {"gold_from": "90:95:5"}, base={"key_from": 88})
    assert (found["problem"] == "").all()


def test_data_are_prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    study = motivation.STUDY
    monkeypatch.setitem(study.__dict__, "prepare", lambda *tables: calls.append(1) or motivation.prepare(*tables))
    sweep(study, {}, random=2 * CHUNK + 1)
    assert calls == [1]


def test_an_input_called_like_a_figure_has_a_column_of_its_own() -> None:
    s = next(s for s in loyalty.STUDY.inputs.settings() if s.name == "satisfaction")
    found = sweep(loyalty.STUDY, {"satisfaction": list(s.choices)})
    assert found["input_satisfaction"].tolist() == list(s.choices)
    assert found["satisfaction"].dtype == float


# The command ----------------------------------------------------------------------------------------------------------

TWO = ("--grid", "lgd=0.3:0.5:0.1", "--grid", "gold_from=70:90:10")


def test_the_command_writes_a_table_and_a_page(crm: Crm, lang: str, tmp_path: Path) -> None:
    out = tmp_path / "new" / "swept.csv"
    code, said, complaint = crm("sweep", "bank_tiers", *TWO, "--lang", lang, "--out", out)
    assert (code, said.split()) == (0, [str(out), str(out.with_suffix(".html"))])
    assert sorted(path.name for path in out.parent.iterdir()) == ["swept.csv", "swept.html"]
    assert complaint.count("\n") == 1 and "3" in complaint and "9" in complaint, (
        "three of nine are refused, and it is said"
    )
    assert bool(CHINESE.search(complaint)) == (lang == "zh")
    i18n.use(lang)
    wanted = sweep(tiers.STUDY, {"lgd": "0.3:0.5:0.1", "gold_from": "70:90:10"})
    found = pd.read_csv(out, encoding="utf-8-sig", keep_default_na=False, na_values=[""]).fillna({"problem": ""})
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)
    assert found["lgd"].tolist() == [0.3] * 3 + [0.4] * 3 + [0.5] * 3


def test_parquet_holds_the_same(crm: Crm, tmp_path: Path) -> None:
    out = tmp_path / "swept.parquet"
    assert crm("sweep", "bank_tiers", *TWO, "--grid", "boundary=upper,lower", "--lang", "en", "--out", out)[0] == 0
    with out.open("rb") as file:
        found = fastparquet.ParquetFile(file).to_pandas()
    i18n.use("en")
    wanted = sweep(tiers.STUDY, {"lgd": "0.3:0.5:0.1", "gold_from": "70:90:10", "boundary": "upper,lower"})
    i18n._chosen = None
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)


def test_the_same_command_writes_the_same_bytes(crm: Crm, tmp_path: Path) -> None:
    made = []
    for ending in ("csv", "parquet"):
        for folder in ("a", "b"):
            out = tmp_path / folder / f"x.{ending}"
            assert crm("sweep", "bank_tiers", "--random", 20, "--seed", 4, "--lang", "zh", "--out", out)[0] == 0
            made.append((out.read_bytes(), out.with_suffix(".html").read_bytes()))
    assert made[0] == made[1] and made[2] == made[3]


def test_scenario_set_and_data_make_the_base(crm: Crm, tmp_path: Path) -> None:
    header, *rows = (DATA / "bank_loans.csv").read_text("utf-8").splitlines()
    own = tmp_path / "own.csv"
    own.write_text("\n".join([header, *rows[:400]]) + "\n", "utf-8")
    arguments = ("--scenario", "tightening", "--set", "lgd=0.6", "--grid", "pd_step=2,3", "--data", own)
    assert crm("sweep", "bank_tiers", *arguments, "--lang", "en", "--out", tmp_path / "x.csv")[0] == 0
    found = pd.read_csv(tmp_path / "x.csv", encoding="utf-8-sig")
    given = {**casebook.case("bank_tiers").scenario("tightening").inputs, "lgd": 0.6}
    frame = load("bank_loans").iloc[:400].reset_index(drop=True)
    for row, step in zip(found.to_dict("records"), (2.0, 3.0), strict=True):
        wanted = tiers.headline(tiers.STUDY.answer(frame, **given, pd_step=step))
        assert {key: row[key] for key in wanted} == pytest.approx(wanted, rel=1e-12)


MISUSED = {
    "an unknown case": (["bank_teirs", *TWO], ["bank_teirs", "bank_tiers"]),
    "no grid": (["bank_tiers"], []),
    "the same input twice": (["bank_tiers", *TWO, "--grid", "lgd=0.1"], ["lgd"]),
    "no value": (["bank_tiers", "--grid", "lgd="], ["lgd="]),
    "set and swept": (["bank_tiers", *TWO, "--set", "lgd=0.1"], ["lgd"]),
    "an unknown figure": (["bank_tiers", *TWO, "--measure", "expected"], ["expected", "expected_loss"]),
    "an unknown scenario": (["bank_tiers", *TWO, "--scenario", "bse"], ["bse", "base"]),
    "an unknown engine": (["bank_tiers", *TWO, "--engine", "spark"], ["spark", "dask"]),
    "an address for no cluster": (["bank_tiers", *TWO, "--address", "tcp://127.0.0.1:1"], ["--engine dask"]),
    "more than it runs unasked": (["bank_tiers", "--grid", "gold_from=1:100:0.0001"], ["990,001", "--yes"]),
    "a bad value set": (["bank_tiers", *TWO, "--set", "pd_step=9"], ["pd_step", "9"]),
}


@pytest.mark.shared(2)
@pytest.mark.parametrize("what", MISUSED)
def test_a_bad_command_is_refused_in_one_line_and_writes_nothing(
    crm: Crm, lang: str, tmp_path: Path, what: str
) -> None:
    arguments, named = MISUSED[what]
    code, said, complaint = crm("sweep", *arguments, "--lang", lang, "--out", tmp_path / "new" / "x.csv")
    assert (code, said, complaint.count("\n")) == (2, "", 1), complaint
    assert all(name in complaint for name in named), complaint
    assert bool(CHINESE.search(complaint)) == (lang == "zh")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["x.xlsx", "x", "taken", "taken.csv/x.csv"])
def test_a_place_that_cannot_be_written_to_is_said_before_the_run(
    crm: Crm, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "taken.csv").write_text("already here")
    (tmp_path / "taken").mkdir()
    monkeypatch.setattr("crmlib.sweeps.sweep.locally", lambda *_all: pytest.fail("it ran"))
    code, said, complaint = crm("sweep", "bank_tiers", *TWO, "--lang", lang, "--out", tmp_path / name)
    assert (code, said, complaint.count("\n")) == (2, "", 1)
    assert Path(name).parts[0] in complaint and bool(CHINESE.search(complaint)) == (lang == "zh")
    assert (tmp_path / "taken.csv").read_text() == "already here"


def test_a_folder_as_the_file_is_said(crm: Crm, english: None, tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    code, _said, complaint = crm("sweep", "bank_tiers", *TWO, "--lang", "en", "--out", tmp_path / "x.csv")
    assert code == 2 and "x.csv" in complaint


def test_ctrl_c_stops_it_in_one_line_with_nothing_written(
    crm: Crm, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_all: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setitem(tiers.STUDY.__dict__, "headline", pressed)
    code, said, complaint = crm("sweep", "bank_tiers", *TWO, "--lang", lang, "--out", tmp_path / "x.csv")
    assert (code, said, complaint.count("\n")) == (130, "", 1)
    assert bool(CHINESE.search(complaint)) == (lang == "zh")
    assert not list(tmp_path.iterdir())


def test_no_progress_bar_where_nobody_looks(crm: Crm, tmp_path: Path) -> None:
    command = ["sweep", "bank_tiers", "--grid", "lgd=0.3,0.4", "--lang", "en", "--out", tmp_path / "x.csv"]
    code, _said, complaint = crm(*command)
    assert (code, complaint) == (0, "")


# The page -------------------------------------------------------------------------------------------------------------


def made(lang: str, grid: dict[str, object], random: int | None = None, study: Any = tiers.STUDY, **base: Any) -> str:
    i18n.use(lang)
    agreed = grids.plan_grid(study, grid, base, random)
    tables = [load(dataset) for dataset in study.datasets]
    frame = sweep(study, grid, tables, base, random)
    return sweep_page.page(agreed, study.prepare(*tables), frame, "a & b", list(study.measures), ["c < d"])


GRIDS: dict[str, tuple[dict[str, object], int | None]] = {
    "one": ({"lgd": "0.3:0.6:0.1"}, None),
    "choices": ({"boundary": "upper,lower"}, None),
    "two": ({"lgd": "0.3:0.6:0.1", "gold_from": "70:90:5"}, None),
    "three": ({"lgd": "0.3,0.6", "gold_from": "80,90", "boundary": "upper,lower"}, None),
    "drawn": ({}, 20),
    "all refused": ({"gold_from": "10,20"}, None),
}


@pytest.mark.shared(2)
@pytest.mark.parametrize("what", GRIDS)
def test_the_page_names_every_column_and_every_input(lang: str, what: str) -> None:
    grid, random = GRIDS[what]
    html = made(lang, grid, random)
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html
    assert "<h1>a &amp; b</h1>" in html and "c &lt; d" in html
    for name in (*tiers.STUDY.measures, *grid, "problem", *(s.name for s in tiers.STUDY.inputs.settings())):
        assert f">{name}</td>" in html or f">{name}</th>" in html
    body = html[html.index("<body>") :]
    assert bool(CHINESE.search(re.sub(r"<script>.*?</script>", "", body, flags=re.DOTALL))) == (lang == "zh")
    assert body.count('class="crm-values"') == body.count('class="crm-plot"')
    assert body.count('class="crm-plot"') >= 1


def test_figures_that_nothing_moves_are_said_and_not_drawn(english: None) -> None:
    html = made("en", {"lgd": "0.3,0.6"})
    assert html.count('class="crm-plot"') == 2, "the expected loss and its rate"
    assert "Gold firms 72" in html


def test_the_reasons_are_counted(english: None) -> None:
    html = made("en", {"gold_from": "70:90:5"})
    assert re.search(r">The cut-offs must fall.*?</th><td>2</td>", html), "at 70 and at 75"


def test_the_moves_of_the_tornado_are_the_studys_own(english: None) -> None:
    grid = grids.plan_grid(tiers.STUDY, {"lgd": "0.3:0.6:0.1", "key_from": "60:90:10", "boundary": "upper,lower"})
    prepared = tiers.prepare(load("bank_loans"))
    base, moves = sweep_page.alone(grid, prepared)

    def answer(**values: Any) -> dict[str, float]:
        return tiers.headline(tiers.grade(prepared, tiers.TierPolicy(**values)))

    by_name = {s.name: s for s in tiers.TierPolicy.settings()}
    assert base == answer()
    assert moves == [
        Moved(by_name["lgd"], 0.3, answer(lgd=0.3)),
        Moved(by_name["lgd"], 0.6, answer(lgd=0.6)),
        Moved(by_name["key_from"], 60.0, None),  # below what comes next, and above what comes before
        Moved(by_name["key_from"], 90.0, None),
        Moved(by_name["boundary"], "upper", answer(boundary="upper")),
        Moved(by_name["boundary"], "lower", answer(boundary="lower")),
    ]


def test_a_refused_base_is_said(lang: str) -> None:
    html = made(lang, {"lgd": "0.3,0.6"}, key_from=88)
    assert 'role="img"' not in html


@pytest.mark.browser
def test_the_page_opens_without_a_network_and_without_complaint(chromium: Browser, tmp_path: Path) -> None:
    i18n.use("zh")
    pages = {name: made("zh", *GRIDS[name]) for name in ("one", "two", "three")}
    i18n._chosen = None
    with Visit.begin(chromium, "zh", offline=True) as visit:
        for name, html in pages.items():
            (tmp_path / f"{name}.html").write_text(html, "utf-8")
            visit.page.goto((tmp_path / f"{name}.html").as_uri())
            visit.page.locator(".crm-plot .main-svg").first.wait_for()
            assert visit.page.locator(".crm-plot").count() == visit.page.locator(".crm-plot .plot-container").count()
            assert (visit.elsewhere, visit.complaints) == ([], [])
            assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_parquet_file_is_whole(english: None) -> None:
    content = sweep_page.parquet(sweep(discounts.STUDY, {"cash_rate": "1:3:1"}))
    assert content[:4] == content[-4:] == b"PAR1"
