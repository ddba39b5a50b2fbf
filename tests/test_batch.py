"""Several scenarios at once: compared with the base, told apart when one fails, taken up where they were stopped."""

import contextlib
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pytest
from conftest import Crm
from hypothesis import given
from hypothesis import strategies as st

from crmlib import casebook
from crmlib.chapters.tiers.models import tiers
from crmlib.core import i18n
from crmlib.core.paths import CASEBOOK, DATA, NOTEBOOKS, ROOT
from crmlib.core.study import Measure
from crmlib.notebooks import kernels
from crmlib.plotting.scenarios import measure_by_scenario
from crmlib.reruns import batch as batches
from crmlib.reruns import compared, manifest
from crmlib.reruns import rerun as runs
from crmlib.reruns.index_page import index_page
from crmlib.tables.data import load

SCENARIOS = ("base", "tightening", "property_downturn", "small_firms")
KINDS = ("html", "csv")


@pytest.fixture
def crm(crm: Crm) -> Crm:
    """Run ``crm rerun`` in this process: exit code, what it printed, what it complained of."""
    return partial(crm, "rerun")


@pytest.fixture(scope="module", autouse=True)
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The casebook as it comes, without scenarios of one's own: other tests save some while these run."""
    copy = tmp_path_factory.mktemp("casebook") / "book"
    shutil.copytree(CASEBOOK, copy, ignore=shutil.ignore_patterns("mine"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(casebook, "CASEBOOK", copy)
        yield copy


@pytest.fixture(scope="module")
def folder(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All scenarios of the bank case in both languages."""
    out = tmp_path_factory.mktemp("batch") / "输出"
    for lang in i18n.LANGUAGES:
        i18n.use(lang)
        batch = batches.begin("bank_tiers", lang, SCENARIOS, out, KINDS)
        batch.run(at_once=2)
        assert not batch.refused
        assert [path.name for path in batch.compare()] == [f"bank_tiers-{lang}.{kind}" for kind in KINDS]
    i18n._chosen = None
    return out


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have notebooks not executed but taken as they are built; return the scenarios they were to be run with."""
    asked: list[str] = []

    def running(jobs: list[runs.Job], *_: object) -> contextlib.nullcontext[Iterator[tuple[int, object]]]:
        asked.extend(str(job.parameters["scenario"]) for job in jobs)
        stored = [nbformat.read(NOTEBOOKS / job.lang / job.source.name, as_version=4) for job in jobs]
        return contextlib.nullcontext(iter(enumerate(stored)))

    monkeypatch.setattr(runs, "running", running)
    return asked


def title(name: str) -> str:
    return casebook.case("bank_tiers").scenario(name).label()


def test_every_scenario_has_its_files_and_there_is_an_index(folder: Path) -> None:
    each = {f"bank_tiers-{name}-{lang}.{kind}" for name in SCENARIOS for lang in i18n.LANGUAGES for kind in KINDS}
    index = {f"bank_tiers-{lang}.{kind}" for lang in i18n.LANGUAGES for kind in KINDS}
    assert {path.name for path in folder.iterdir()} == each | index | {manifest.NAME}


def test_a_page_of_a_batch_is_the_page_of_a_single_rerun(folder: Path, tmp_path: Path, english: None) -> None:
    (page,) = runs.run(runs.plan_rerun("bank_tiers", "en", "small_firms"), tmp_path, ["html"])
    alone, beside = page.read_text("utf-8"), (folder / page.name).read_text("utf-8")
    links = re.search(r'<nav class="links".*?</nav>\n', beside, re.DOTALL)
    assert links and alone == beside.replace(links[0], "")


@pytest.mark.parametrize("spoken", i18n.LANGUAGES)
def test_the_page_of_a_scenario_leads_to_the_index_and_to_the_others(folder: Path, spoken: str) -> None:
    i18n.use(spoken)
    for name in SCENARIOS:
        html = (folder / f"bank_tiers-{name}-{spoken}.html").read_text("utf-8")
        links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', html)
        others = [(f"bank_tiers-{other}-{spoken}.html", title(other)) for other in SCENARIOS if other != name]
        assert links == [(f"bank_tiers-{spoken}.html", i18n._("All scenarios compared")), *others]
        assert all((folder / address).exists() for address, _text in links)
        assert f'<strong aria-current="page">{title(name)}</strong>' in html
    i18n._chosen = None


def test_the_index_is_the_same_bytes_again(folder: Path, recorded: list[str], tmp_path: Path, crm: Crm) -> None:
    code, said, _ = crm("bank_tiers", "--scenario", "all", "--lang", "zh", "--to", "csv,html", "--out", tmp_path)
    assert code == 0 and len(said.splitlines()) == 10
    assert (tmp_path / "bank_tiers-zh.html").read_bytes() == (folder / "bank_tiers-zh.html").read_bytes()


@pytest.mark.shared(2)
@pytest.mark.parametrize(
    ("words", "moving", "said"),
    [
        (["--scenario", "base"], True, False),
        (["--scenario", "base", "--still"], False, False),
        (["--scenario", "base,busy_season"], False, True),
        (["--scenario", "base,busy_season", "--moves"], True, False),
    ],
    ids=["one", "one still", "several", "several moving"],
)
def test_an_input_can_be_moved_on_a_page_alone_or_where_it_is_asked_for(
    recorded: list[str],
    moving_reruns: None,
    tmp_path: Path,
    crm: Crm,
    lang: str,
    words: list[str],
    moving: bool,
    said: bool,
) -> None:
    code, out, noted = crm("county_hospital", *words, "--lang", lang, "--to", "html", "--out", tmp_path)
    assert code == 0
    note = i18n._(
        "The pages show still figures; with “--moves” an input can be moved on each, which takes a few seconds a page."
    )
    assert (note in noted) == said
    pages = [Path(line) for line in out.splitlines() if "-base-" in line or "-busy_season-" in line]
    assert pages and all(('id="crm-moves"' in page.read_text("utf-8")) == moving for page in pages)


def test_what_moves_makes_another_page(english: None) -> None:
    still = runs.plan_rerun("county_hospital", "en")
    assert manifest.origin_of(still) != manifest.origin_of(replace(still, moves=True))


# The comparison -------------------------------------------------------------------------------------------------------


def test_the_table_has_the_figures_of_direct_calls_and_their_differences(folder: Path) -> None:
    listed = pd.read_csv(folder / "bank_tiers-en.csv", encoding="utf-8-sig").set_index(["scenario", "figure"])
    loans = load("bank_loans")
    base = tiers.headline(tiers.STUDY.answer(loans))
    assert len(listed) == len(SCENARIOS) * len(tiers.STUDY.measures)
    for name in SCENARIOS:
        inputs = casebook.case("bank_tiers").scenario(name).inputs
        for key, figure in tiers.headline(tiers.STUDY.answer(loans, **inputs)).items():
            row = listed.loc[(name, key)]
            assert row["value"] == pytest.approx(figure)
            assert row["difference"] == pytest.approx(figure - base[key])
            assert row["difference_percent"] == pytest.approx((figure / base[key] - 1) * 100)


@pytest.mark.parametrize("spoken", i18n.LANGUAGES)
def test_the_index_links_every_page_and_shows_every_figure(folder: Path, spoken: str) -> None:
    i18n.use(spoken)
    html = (folder / f"bank_tiers-{spoken}.html").read_text("utf-8")
    body = html[html.index("<body>") :]
    assert re.findall(r'<a href="([^"]*)"', body) == [
        f"bank_tiers-{name}-{spoken}.{kind}" for name in SCENARIOS for kind in KINDS
    ]
    for name in SCENARIOS:
        scenario = casebook.case("bank_tiers").scenario(name)
        result = tiers.STUDY.answer(load("bank_loans"), **scenario.inputs)
        assert scenario.label() in body and str(scenario.why) in unescape(body)
        for key, measure in tiers.STUDY.measures.items():
            assert f"<td>{measure.shown(tiers.headline(result)[key])}</td>" in body
    same = tiers.STUDY.measures["unrated_firms"]
    drawn = [m for m in tiers.STUDY.measures.values() if m is not same]
    captions = re.findall(r'<figcaption class="crm-caption" id="[^"]*">([^<]*)<', body)
    assert [unescape(caption) for caption in captions] == [measure.title() for measure in drawn]
    for alt in re.findall(r'<p class="crm-unseen" id="[^"]*">([^<]*)<', body):
        assert all(title(name) in unescape(alt) for name in SCENARIOS)
    assert f"{same.title()} 61" in body, "a figure that is the same in every scenario is said, not drawn"
    assert "20240607" in body and "default-src 'none'" in html
    i18n._chosen = None


def test_the_index_lists_the_inputs_that_differ_and_no_other(folder: Path, english: None) -> None:
    html = (folder / "bank_tiers-en.html").read_text("utf-8")
    inputs = html[html.index("Inputs that differ") :]
    changes = [casebook.case("bank_tiers").scenario(name).inputs.items() for name in SCENARIOS]
    default = tiers.TierPolicy().model_dump()
    differ = {name for items in changes for name, value in items if value != default[name]}
    for setting in tiers.TierPolicy.settings():
        assert (f">{setting.title()}</th>" in inputs) == (setting.name in differ)
    assert ">→ 90</td>" in inputs, "what a scenario changes has an arrow, and 90.0 from a file is 90"
    zh = (folder / "bank_tiers-zh.html").read_text("utf-8")
    choices = zh[zh.index("违约企业最高等级") :]
    assert ">→ 淘汰</td>" in choices and ">exit<" not in choices, "a choice is shown by its label"


def test_a_scenario_without_a_story_says_what_it_changes(
    book: Path, recorded: list[str], crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casebook, "CASEBOOK", shutil.copytree(book, tmp_path / "book"))
    i18n.use("en")
    casebook.save_scenario("bank_tiers", "mine", tiers.TierPolicy(lgd=0.6, default_cap="exit"))
    casebook.save_scenario("bank_tiers", "told", tiers.TierPolicy(lgd=0.6), why="Collateral loses value.")
    names = "base,mine,told"
    code, said, _ = crm("bank_tiers", "--scenario", names, "--lang", "en", "--to", "html", "--out", tmp_path / "out")
    html = Path(said.splitlines()[-1]).read_text("utf-8")
    assert code == 0
    assert "Changed: Best tier of a firm in default restricted → exit; Loss given default 0.45 → 0.6." in html
    assert "Collateral loses value." in html


def test_what_is_set_for_all_is_said_once_and_the_index_has_another_name(
    recorded: list[str], tmp_path: Path, crm: Crm
) -> None:
    arguments = ["bank_tiers", "--scenario", "all", "--lang", "en", "--to", "html", "--out", tmp_path]
    code, said, _ = crm(*arguments, "--set", "lgd=0.5")
    index = Path(said.splitlines()[-1])
    assert code == 0 and re.fullmatch(r"bank_tiers-[0-9a-f]{6}-en\.html", index.name)
    html = index.read_text("utf-8")
    assert "In every scenario: Loss given default = 0.5." in html


def test_chosen_scenarios_are_compared_with_the_base_though_it_is_not_rerun(
    recorded: list[str], tmp_path: Path, crm: Crm
) -> None:
    chosen = "small_firms, tightening"
    code, said, _ = crm("bank_tiers", "--scenario", chosen, "--lang", "en", "--to", "csv", "--out", tmp_path)
    assert code == 0
    i18n.use("en")
    assert recorded == ["small_firms", "tightening"]
    listed = pd.read_csv(said.splitlines()[-1])
    assert listed["scenario"].unique().tolist() == ["base", "small_firms", "tightening"]


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_difference_in_per_cent_undone_gives_the_value(base: float, value: float) -> None:
    share = compared.percent(base, value)
    if math.isnan(share):
        assert base == 0 or abs(value / base) > 1e300, "what cannot be divided by has no share"
    else:
        assert base + abs(base) * share / 100 == pytest.approx(value, rel=1e-6, abs=1e-6 * abs(base))


CHANGES = {  # measure, base, value → by hand
    "a count": (Measure("Firms", "firms"), 72, 18, "−54 (−75.0%)"),
    "a loss that grows more negative": (Measure("Gain", "yuan"), -50, -60, "−10 (−20.0%)"),
    "a share": (Measure("Share", "%", 1), 40, 43.2, "+3.2"),
    "nothing": (Measure("Firms", "firms"), 61, 61, "0"),
    "too little to see": (Measure("Firms", "firms", 1), 61, 61.04, "0.0"),
    "from zero": (Measure("Firms", "firms"), 0, 4, "+4"),
    "not allowed by the data": (Measure("Firms", "firms"), float("nan"), 4, "–"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_difference_is_shown_with_its_sign_and_its_share(what: str, english: None) -> None:
    measure, base, value, shown = CHANGES[what]
    assert compared._difference(measure, base, value) == shown


def test_a_small_chart_marks_the_base_and_says_every_value(lang: str) -> None:
    chart = measure_by_scenario(
        Measure("Expected loss", "%", 1), ["<b>base</b>", "worse", "none"], [-1.0, -2.5, float("nan")]
    )
    bars = chart.figure.data[0]
    assert (list(bars.x), list(bars.text)) == ([-1.0, -2.5, 0.0], ["−1.0", "−2.5", "–"])
    assert len(set(bars.marker.color)) == 2 and bars.marker.color[1] == bars.marker.color[2] != bars.marker.color[0]
    assert chart.figure.layout.shapes[0].x0 == -1.0
    assert "<b>" not in chart.figure.layout.yaxis.ticktext[0]
    assert all(value in chart.alt for value in ("−1.0", "−2.5", "–"))
    low, high = chart.figure.layout.xaxis.range
    assert low < -2.5 and high == 0


def test_no_number_of_a_small_chart_stands_on_the_line_of_the_base() -> None:
    chart = measure_by_scenario(Measure("Firms", "firms"), ["base", "near", "far", "above"], [330, 308, 40, 357])
    assert list(chart.figure.data[0].textposition) == ["outside", "inside", "outside", "outside"]


# A scenario that fails ------------------------------------------------------------------------------------------------


@pytest.fixture
def workplace(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A casebook of one's own with a scenario that cannot be read, and a notebook that fails in one scenario."""
    shutil.copytree(book, tmp_path / "book")
    (tmp_path / "book" / "bank_tiers" / "mine").mkdir()
    (tmp_path / "book" / "bank_tiers" / "mine" / "spoilt.yaml").write_text("name: spoilt\ninputs: {lgd: 0.5\n", "utf-8")
    stored = nbformat.read(NOTEBOOKS / "en" / "case_bank_tiers.ipynb", as_version=4)
    source = "if lgd > 0.5: raise ValueError('no <b>recovery</b>')"
    stored.cells = [*stored.cells[:4], nbformat.v4.new_code_cell(source)]
    (tmp_path / "notebooks" / "en").mkdir(parents=True)
    nbformat.write(stored, tmp_path / "notebooks" / "en" / "case_bank_tiers.ipynb")
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "book")
    monkeypatch.setattr(runs, "NOTEBOOKS", tmp_path / "notebooks")
    return tmp_path


def test_a_scenario_that_fails_is_said_and_the_others_are_done(workplace: Path, crm: Crm) -> None:
    out = workplace / "out"
    code, said, complaint = crm("bank_tiers", "--scenario", "all", "--lang", "en", "--to", "html", "--out", out)
    assert code == 2
    done = {f"bank_tiers-{name}-en.html" for name in ("base", "tightening", "small_firms")}
    assert {Path(line).name for line in said.splitlines()} == done | {"bank_tiers-en.html"}
    hint, *lines = complaint.splitlines()
    assert "“--moves”" in hint and len(lines) == 2
    assert any(line.startswith("property_downturn: ") and "no <b>recovery</b>" in line for line in lines)
    assert any(line.startswith("spoilt: ") and "spoilt.yaml" in line for line in lines)
    html = (out / "bank_tiers-en.html").read_text("utf-8")
    assert html.count('class="failed"') == 2 and "no &lt;b&gt;recovery&lt;/b&gt;" in html
    assert "Property downturn" in html and "bank_tiers-property_downturn-en.html" not in html
    noted = json.loads((out / manifest.NAME).read_text("utf-8"))
    assert set(noted) == done


def test_where_all_fail_there_is_no_index(workplace: Path, crm: Crm) -> None:
    arguments = ["bank_tiers", "--scenario", "base,tightening", "--lang", "en", "--out", workplace / "out"]
    code, said, complaint = crm(*arguments, "--set", "lgd=0.7", "--still")
    assert (code, said) == (2, "")
    assert [line.partition(":")[0] for line in complaint.splitlines()] == ["base", "tightening"]
    assert list((workplace / "out").iterdir()) == []


def test_a_name_that_is_no_scenario_stops_all_before_it_begins(crm: Crm, lang: str, tmp_path: Path) -> None:
    arguments = ["bank_tiers", "--scenario", "base,tightning", "--lang", lang, "--out", tmp_path / "out"]
    code, said, complaint = crm(*arguments)
    assert (code, said, complaint.count("\n")) == (2, "", 1)
    assert "tightning" in complaint and not (tmp_path / "out").exists()


def test_an_input_that_is_refused_everywhere_is_said_once(crm: Crm, lang: str, tmp_path: Path) -> None:
    code, _, complaint = crm("bank_tiers", "--scenario", "all", "--lang", lang, "--set", "lgd=7", "--out", tmp_path)
    assert (code, complaint.count("\n")) == (2, 1)


def test_a_failed_base_is_replaced_by_the_first_that_is_finished(english: None) -> None:
    plans = runs.plan_reruns("bank_tiers", "en", ["tightening", "small_firms"])[0]
    html = index_page(["tightening", "small_firms"], plans, compared.Compared(plans), {}, ["html"])
    assert "Tightening (base)" in html


# Taken up again -------------------------------------------------------------------------------------------------------


@pytest.fixture
def again(recorded: list[str], tmp_path: Path, crm: Crm) -> Callable[..., tuple[list[str], str]]:
    """Rerun all scenarios into one folder; return which were executed, and what was complained of."""

    def call(*more: str) -> tuple[list[str], str]:
        recorded.clear()
        arguments = ["bank_tiers", "--scenario", "all", "--lang", "en", "--to", "ipynb,csv", "--out", tmp_path]
        code, said, complaint = crm(*arguments, *more)
        assert code == 0 and len(said.splitlines()) == 10
        return list(recorded), complaint

    return call


Again = Callable[..., tuple[list[str], str]]


def test_what_is_finished_is_not_done_again(again: Again) -> None:
    assert again() == (list(SCENARIOS), "")
    assert again("--resume") == ([], "")
    assert again() == (list(SCENARIOS), ""), "without the option all is done"


def test_a_file_that_is_missing_cut_short_or_changed_is_made_again(again: Again, tmp_path: Path) -> None:
    again()
    (tmp_path / "bank_tiers-base-en.csv").unlink()
    cut = tmp_path / "bank_tiers-small_firms-en.ipynb"
    whole = cut.read_bytes()
    cut.write_bytes(whole[:5000])
    assert again("--resume") == (["base", "small_firms"], "")
    assert cut.read_bytes() == whole


def test_what_was_made_by_another_package_or_from_other_data_is_made_again(
    again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    again()
    for name, value in (("_package", lambda: ["another"]), ("DATA", NOTEBOOKS)):
        with monkeypatch.context() as patch:
            patch.setattr(manifest, name, value)
            assert again("--resume")[0] == list(SCENARIOS), name
        assert again("--resume")[0] == list(SCENARIOS), f"{name} as it was before"


def test_a_digest_stands_for_notebook_inputs_language_and_own_data(tmp_path: Path, english: None) -> None:
    own = tmp_path / "own.csv"
    loans = (DATA / "bank_loans.csv").read_text("utf-8")
    own.write_text(loans, "utf-8")
    made = [
        manifest.origin_of(runs.plan_rerun("bank_tiers", lang, scenario, changes, files))
        for lang, scenario, changes, files in (
            ("en", "base", [], []),
            ("en", "base", ["lgd=0.45"], []),
            ("zh", "base", [], []),
            ("en", "tightening", [], []),
            ("en", "base", ["lgd=0.5"], []),
            ("en", "base", [], [str(own)]),
        )
    ]
    own.write_text(loans.replace(",1.43,", ",1.44,", 1), "utf-8")
    made.append(manifest.origin_of(runs.plan_rerun("bank_tiers", "en", files=[str(own)])))
    assert made[0] == made[1], "setting a default changes nothing"
    assert len(set(made)) == len(made) - 1


DAMAGED = ("", "{", "[]", '{"a.html": {}}', '{"a.html": {"made_from": 1, "holds": "x", "more": 2}}', "\x00")


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_manifest_is_said_and_all_is_done(again: Again, tmp_path: Path, content: str) -> None:
    (tmp_path / manifest.NAME).write_text(content, "utf-8")
    done, complaint = again("--resume")
    assert (done, complaint.count("\n")) == (list(SCENARIOS), 1)
    assert manifest.NAME in complaint
    assert again("--resume") == ([], ""), "it is whole again"


def test_a_single_rerun_keeps_no_manifest_unless_it_is_to_be_resumed(
    recorded: list[str], tmp_path: Path, crm: Crm
) -> None:
    crm("bank_tiers", "--lang", "en", "--to", "csv", "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["bank_tiers-base-en.csv"]
    for executed in (1, 0):
        recorded.clear()
        code, said, _ = crm("bank_tiers", "--lang", "en", "--to", "csv", "--out", tmp_path, "--resume")
        assert (code, len(said.splitlines()), len(recorded)) == (0, 1, executed)


def test_another_language_and_another_case_share_the_folder(again: Again, tmp_path: Path, crm: Crm) -> None:
    again()
    assert crm("bank_tiers", "--scenario", "all", "--lang", "zh", "--to", "ipynb", "--out", tmp_path)[0] == 0
    assert again("--resume") == ([], "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of POSIX")
@pytest.mark.whole
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path: Path) -> None:
    names = ",".join(SCENARIOS)
    options = ["--scenario", names, "--lang", "en", "--to", "csv", "--jobs", "1", "--out", str(tmp_path)]
    batch = subprocess.Popen(
        [sys.executable, "-m", "crmlib", "rerun", "bank_tiers", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / manifest.NAME).exists():
        assert batch.poll() is None, batch.communicate()
        time.sleep(0.01)
    kernels = psutil.Process(batch.pid).children(recursive=True)
    batch.send_signal(signal.SIGINT)
    said, complaint = batch.communicate(timeout=30)
    assert (batch.returncode, said) == (130, "")
    counted = re.fullmatch(r"Stopped with (\d) of 4 scenarios finished; .*--resume.*\n", complaint)
    assert counted and 1 <= int(counted[1]) < 4
    assert not psutil.wait_procs(kernels, timeout=20)[1]
    noted = set(json.loads((tmp_path / manifest.NAME).read_text("utf-8")))
    assert {path.name for path in tmp_path.iterdir()} >= noted and len(noted) >= int(counted[1])
    assert not list(tmp_path.glob(".*.tmp"))


# Kernels --------------------------------------------------------------------------------------------------------------


def test_without_fork_plain_kernels_give_the_same_notebooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    todo = [(plan, ["ipynb"]) for plan in runs.plan_reruns("bank_tiers", "en", SCENARIOS[:2])[0]]
    forked = list(runs.finish(todo, tmp_path / "forked", 2, runs.LONGEST))
    monkeypatch.setattr(kernels.fork_server, "install", lambda: False)
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "local-provisioner")
    plain = list(runs.finish(todo, tmp_path / "plain", 2, runs.LONGEST))
    assert [ending.refusal for ending in (*forked, *plain)] == [None] * 4
    for path in (tmp_path / "forked").iterdir():
        assert path.read_bytes() == (tmp_path / "plain" / path.name).read_bytes()


def test_the_batch_of_every_scenario_is_what_all_stands_for(tmp_path: Path, english: None) -> None:
    batch = batches.begin("bank_tiers", "en", ["all"], tmp_path, ["html"])
    assert [plan.scenario for plan in batch.reruns] == list(SCENARIOS) == list(batch.names)
