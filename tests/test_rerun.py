"""A rerun says what is wrong before it starts, writes whole files or none, and makes a page that stands alone."""

import contextlib
import errno
import filecmp
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pytest
from conftest import Crm

from crmlib import __version__, casebook, cli
from crmlib.casebook import Case
from crmlib.chapters.tiers.models import tiers
from crmlib.core import i18n
from crmlib.core.paths import DATA, ROOT
from crmlib.reruns import rerun as runs
from crmlib.support.mime import PLOTLY_MIME
from crmlib.tables.data import load

CHINESE = re.compile("[一-鿿]")
HEADER, *ROWS = (DATA / "bank_loans.csv").read_text("utf-8").splitlines()
FEW = "\n".join([HEADER, *ROWS[:40]]) + "\n"
SCRIPT, FORMULA = "<script>alert(1)</script>", "=1+1"
SCENARIOS = ("base", "tightening", "property_downturn", "small_firms")


@pytest.fixture
def refused(crm: Crm, tmp_path: Path) -> Callable[..., list[str]]:
    """Run a rerun that must be refused in a language; return its lines. Nothing may have been written."""

    def call(lang: str, *arguments: str | Path, out: Path | None = None) -> list[str]:
        folder = out or tmp_path / "out"
        code, said, complaint = crm("rerun", *arguments, "--lang", lang, "--out", folder)
        assert (code, said) == (2, "")
        assert not folder.is_dir() or not list(folder.iterdir())
        assert "Traceback" not in complaint
        lines = complaint.splitlines()
        assert lines and all(bool(CHINESE.search(line)) == (lang == "zh") for line in lines), complaint
        return lines

    return call


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Write a user's file."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "mine.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# What is refused ------------------------------------------------------------------------------------------------------

BAD_INPUTS = {
    "an unknown parameter": (["--set", "gold_form=80"], ["gold_form", "gold_from"]),
    "a parameter like none": (["--set", "zzz=80"], ["zzz", "credit_weight", "policy_date"]),
    "a word for a number": (["--set", "gold_from=high"], ["gold_from", "high", "100"]),
    "a switch for a number": (["--set", "lgd=true"], ["lgd", "true"]),
    "not a number": (["--set", "lgd=nan"], ["lgd", "nan"]),
    "without end": (["--set", "lgd=inf"], ["lgd", "inf"]),
    "too large": (["--set", "gold_from=101"], ["gold_from", "101", "0", "100"]),
    "too small": (["--set", "pd_step=0.5"], ["pd_step", "0.5", "1", "4"]),
    "a bad choice": (["--set", "boundary=middle"], ["boundary", "middle", "upper", "lower"]),
    "cut-offs out of order": (["--set", "key_from=90"], ["90", "85"]),
    "equal cut-offs": (["--set", "key_from=85"], ["85"]),
    "weights all zero": (
        [f"--set={c}_weight=0" for c in ("credit", "size", "financial", "outlook")],
        [],
    ),
    "no value": (["--set", "lgd="], ["lgd=", "="]),
    "no equals sign": (["--set", "lgd"], ["lgd", "="]),
    "set twice": (["--set", "lgd=0.4", "--set", "lgd=0.5"], ["lgd"]),
    "an unknown scenario": (["--scenario", "tightning"], ["tightning", "tightening"]),
    "a scenario like none": (["--scenario", "../base"], ["../base", "base"]),
    "an unknown format": (["--to", "pdf"], ["pdf", "ipynb", "html", "csv"]),
    "a file that is not there": (["--data", "nowhere.csv"], ["nowhere.csv"]),
    "two files for one table": (["--data", "a.csv", "--data", "b.csv"], ["bank_loans"]),
}


@pytest.mark.parametrize("what", BAD_INPUTS)
def test_a_bad_input_is_refused_in_one_line(refused: Callable[..., list[str]], lang: str, what: str) -> None:
    arguments, named = BAD_INPUTS[what]
    lines = refused(lang, "bank_tiers", *arguments)
    assert len(lines) == 1
    assert all(name in lines[0] for name in named), lines[0]


def test_an_unknown_case_is_refused_with_the_nearest(refused: Callable[..., list[str]], lang: str) -> None:
    (line,) = refused(lang, "bank_teirs")
    assert "bank_teirs" in line and "bank_tiers" in line


def test_each_of_several_bad_inputs_has_its_line(refused: Callable[..., list[str]], lang: str) -> None:
    lines = refused(lang, "bank_tiers", "--set", "lgd=2", "--set", "gold_form=1", "--set", "boundary=x")
    assert len(lines) == 3


def test_a_language_that_is_not_spoken_is_refused(crm: Crm, tmp_path: Path) -> None:
    code, said, complaint = crm("rerun", "bank_tiers", "--lang", "fr", "--out", tmp_path / "out")
    assert (code, said, complaint.count("\n")) == (2, "", 1)
    assert "fr" in complaint and "zh" in complaint
    assert not (tmp_path / "out").exists()


MISUSED = (
    ["rerun"], ["rerun", "bank_tiers", "--scenari", "base"], ["rerun", "bank_tiers", "more", "words"],
    ["reruns"], ["rerun", "bank_tiers", "--set"], ["cases", "-x"],
)  # fmt: skip


@pytest.mark.parametrize("arguments", MISUSED, ids=" ".join)
def test_a_command_that_cannot_be_read_is_refused_in_one_line(crm: Crm, lang: str, arguments: list[str]) -> None:
    for wish in (["--lang", lang], [f"--lang={lang}"]):
        code, said, complaint = crm(arguments[0], *wish, *arguments[1:])
        assert (code, said, complaint.count("\n")) == (2, "", 1)
        assert bool(CHINESE.search(complaint)) == (lang == "zh")
        assert "--help" in complaint


def test_what_is_misused_is_named_and_so_is_the_command_whose_help_tells_more(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_LANG", "en")
    said = {
        ("rerun", "bank_tiers", "--jobs", "x"): ["--jobs", "crm rerun --help"],
        ("rerun", "bank_tiers", "--data"): ["--data", "crm rerun --help"],
        ("data", "check", "x.csv"): ["--as", "crm data check --help"],
        ("data",): ["list, template, check", "crm data --help"],
        ("exam", "mark"): ["check, make", "crm exam --help"],
    }
    for words, named in said.items():
        code, _said, complaint = crm(*words)
        assert code == 2 and all(name in complaint for name in named), complaint
        assert "Input should be" not in complaint and "Missing" not in complaint


def test_crm_without_a_word_shows_its_help(crm: Crm) -> None:
    code, said, complaint = crm()
    assert (code, complaint) == (0, "")
    assert all(command in said for command in ("cases", "rerun", "build", "text"))


BAD_DATA = {
    "no columns of ours": ("a,b\n1,2\n", 1, ["firm_id", "defaulted"]),
    "a missing column": (FEW.replace("debt_ratio", "zzz", 1), 1, ["debt_ratio"]),
    "text in a number": (FEW.replace(",1.43,", ",viel,", 1), 1, ["2", "current_ratio", "viel"]),
    "the same firm twice": (FEW + ROWS[3] + "\n", 1, ["5", "42"]),
    "nothing at all": ("", 1, ["mine.csv"]),
    "only a header": (HEADER + "\n", 1, ["mine.csv"]),
    "a web page": ("<!DOCTYPE html><html><body>No such table</body></html>", 1, ["mine.csv"]),
    "an Excel workbook": (b"PK\x03\x04rest", 1, ["mine.csv"]),
    "one date": ("\n".join([HEADER, *(row for row in ROWS[:40] if "2023-12-31" in row)]), 1, ["as_of", "1"]),
}


@pytest.mark.parametrize("what", BAD_DATA)
def test_bad_data_are_refused_in_one_line(
    refused: Callable[..., list[str]], table: Callable[[str | bytes], Path], lang: str, what: str
) -> None:
    content, count, named = BAD_DATA[what]
    lines = refused(lang, "bank_tiers", "--data", table(content))
    assert len(lines) == count, lines
    assert all(name in lines[0] for name in named), lines[0]


# Columns called otherwise ---------------------------------------------------------------------------------------------


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    path.write_text("\n".join([HEADER.replace("exposure", "lent"), *ROWS]), "utf-8")
    return path


def test_a_plan_keeps_the_columns_it_was_told_and_has_a_name_of_its_own(renamed: Path, english: None) -> None:
    told = runs.plan_rerun("bank_tiers", "en", files=[str(renamed)], columns=["exposure=lent"])
    assert told.parameters()["columns"] == ["exposure=lent"]
    assert "lent" in told.notes[-1]
    plain = tiers.STUDY.headline(runs.plan_rerun("bank_tiers", "en").answer())
    assert told.study().headline(told.answer()) == plain
    same = runs.plan_rerun("bank_tiers", "en", files=[str(DATA / "bank_loans.csv")])
    assert same.parameters().keys() == told.parameters().keys() - {"columns"} and same.name() != told.name()


BAD_COLUMNS = {
    "a column that is not wanted": (["--data", "{file}", "--map", "nothing=lent"], ["nothing", "exposure"]),
    "a column that is not there": (["--data", "{file}", "--map", "exposure=gone"], ["gone", "lent"]),
    "no file of one's own": (["--map", "exposure=lent"], ["--data"]),
    "no file to look for columns in": (["--map", "auto"], ["--data"]),
    "no equals sign": (["--data", "{file}", "--map", "exposure"], ["exposure", "="]),
    "a data set that the case has not": (["--data", "loans=gone.csv"], ["loans", "bank_loans"]),
}


@pytest.mark.parametrize("what", BAD_COLUMNS)
def test_columns_that_cannot_be_taken_are_refused_in_one_line(
    refused: Callable[..., list[str]], renamed: Path, lang: str, what: str
) -> None:
    arguments, named = BAD_COLUMNS[what]
    (line,) = refused(lang, "bank_tiers", *(word.format(file=renamed) for word in arguments))
    assert all(name in line for name in named), line


def test_a_refused_file_says_how_its_columns_can_be_told(refused: Callable[..., list[str]], renamed: Path) -> None:
    text = renamed.read_text("utf-8").replace("lent", "Credit total")
    renamed.write_text(text, "utf-8")
    advice = refused("en", "bank_tiers", "--data", renamed)[-1]
    assert "--map 'exposure=Credit total'" in advice


@pytest.fixture
def surveys(tmp_path: Path) -> list[str]:
    """The two files of the loyalty case, customers' numbers under another name in the orders."""
    customers, orders = load("loyalty_customers"), load("loyalty_orders")
    customers.rename(columns={"minutes_choosing": "挑选"}).to_csv(tmp_path / "调查.csv", index=False)
    orders.rename(columns={"customer_id": "号", "amount": "金额"}).to_csv(tmp_path / "订单.csv", index=False)
    return [f"loyalty_customers={tmp_path / '调查.csv'}", f"loyalty_orders={tmp_path / '订单.csv'}"]


def test_each_of_two_files_takes_the_columns_that_are_its_own(surveys: list[str], english: None) -> None:
    columns = ["minutes_choosing=挑选", "amount=金额", "loyalty_orders.customer_id=号"]
    told = runs.plan_rerun("loyalty", "en", files=surveys, columns=columns)
    plain = runs.plan_rerun("loyalty", "en")
    assert told.study().headline(told.answer()) == pytest.approx(plain.study().headline(plain.answer()))


def test_of_two_files_it_is_said_which_one_is_wrong(surveys: list[str], crm: Crm, tmp_path: Path) -> None:
    both = [part for file in surveys for part in ("--data", file)]
    told = ["--map", "minutes_choosing=挑选", "--map", "amount=金额", "--map", "customer_id=号"]
    code, _said, complaint = crm("rerun", "loyalty", *both, *told, "--out", tmp_path / "out", "--lang", "en")
    assert code == 2 and complaint.startswith("调查.csv: The file has no column “号”")


def test_a_rerun_of_a_file_with_a_renamed_column_gives_the_same_figures(renamed: Path, tmp_path: Path) -> None:
    told = runs.plan_rerun("bank_tiers", "en", files=[str(renamed)], columns=["exposure=lent"])
    (path,) = runs.run(told, tmp_path / "out", ["ipynb"])
    notebook = nbformat.read(path, as_version=4)
    shown = " ".join(str(o) for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    for key, value in tiers.STUDY.headline(runs.plan_rerun("bank_tiers", "en").answer()).items():
        assert tiers.STUDY.measures[key].shown(value) in shown
    (injected,) = [c for c in notebook.cells if "injected-parameters" in c.metadata.get("tags", [])]
    assert 'columns = ["exposure=lent"]' in injected.source and str(tmp_path) not in injected.source


def test_all_problems_of_the_rows_are_listed_at_once_with_row_numbers(
    refused: Callable[..., list[str]], table: Callable[[str | bytes], Path], lang: str
) -> None:
    rows = [row.split(",") for row in FEW.splitlines()]
    for row, column, cell in ((2, "exposure", "-5"), (3, "industry", "banking"), (7, "roa", "x"), (9, "defaulted", "")):
        rows[row - 1][rows[0].index(column)] = cell
    lines = refused(lang, "bank_tiers", "--data", table("\n".join(map(",".join, rows))))
    assert [int(re.search(r"\d+", line)[0]) for line in lines] == [2, 3, 7, 9]  # type: ignore[index]
    assert [name in line for name, line in zip(("exposure", "industry", "roa", "defaulted"), lines, strict=True)]


@pytest.mark.parametrize("below", [False, True])
def test_a_file_where_the_folder_should_be_is_said(
    refused: Callable[..., list[str]], tmp_path: Path, below: bool
) -> None:
    (tmp_path / "taken").write_text("already here")
    (line,) = refused("en", "bank_tiers", out=tmp_path / "taken" / ("deeper" if below else ""))
    assert "taken" in line
    assert (tmp_path / "taken").read_text() == "already here"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_said(refused: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    (line,) = refused("en", "bank_tiers", out=tmp_path / "locked")
    assert "locked" in line


def test_a_notebook_that_is_not_built_is_said(
    refused: Callable[..., list[str]], lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "NOTEBOOKS", tmp_path)
    (line,) = refused(lang, "bank_tiers")
    assert "case_bank_tiers.ipynb" in line and "crm build" in line


def test_a_damaged_scenario_of_ones_own_is_refused_by_name(
    refused: Callable[..., list[str]], lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (casebook.CASEBOOK / "bank_tiers").rglob("*.*"):
        copy = tmp_path / "book" / file.relative_to(casebook.CASEBOOK)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "book")
    mine = tmp_path / "book" / "bank_tiers" / "mine"
    mine.mkdir(exist_ok=True)
    (mine / "x.yaml").write_text("name: x\ntitle: {zh: 一, en: one}\ninputs: {lgd: 7}\n", "utf-8")
    (line,) = refused(lang, "bank_tiers", "--scenario", "x")
    assert "lgd" in line
    (mine / "x.yaml").write_text("name: x\ninputs: {lgd: 0.5\n", "utf-8")
    (line,) = refused(lang, "bank_tiers", "--scenario", "x")
    assert "x.yaml" in line


# What is listed -------------------------------------------------------------------------------------------------------


def test_cases_and_scenarios_are_listed_in_the_language_asked_for(crm: Crm, lang: str) -> None:
    code, said, complaint = crm("cases", "--lang", lang)
    assert (code, complaint) == (0, "")
    i18n.use(lang)
    for name in casebook.cases():
        case = casebook.case(name)
        assert f"{name}: {case.label()}\n" in said
        for scenario in case.order:
            assert f"  {scenario}: {case.scenario(scenario).label()}\n" in said
    assert bool(CHINESE.search(said)) == (lang == "zh")


def test_a_scenario_with_changes_has_files_of_its_own() -> None:
    names = [
        runs.plan_rerun("bank_tiers", "en", scenario, changes).name()
        for scenario, changes in (("base", []), ("base", ["lgd=0.5"]), ("base", ["lgd=0.6"]), ("tightening", []))
    ]
    assert names[0] == "bank_tiers-base-en"
    assert names[3] == "bank_tiers-tightening-en"
    assert len(set(names)) == 4
    assert runs.plan_rerun("bank_tiers", "en", "base", ["lgd=0.45"]).name() == names[0], (
        "setting a default changes nothing"
    )
    assert runs.plan_rerun("bank_tiers", "en", "tightening", ["gold_from=90.0"]).name() == names[3]


def test_changes_go_over_the_scenario() -> None:
    inputs = runs.plan_rerun("bank_tiers", "zh", "tightening", ["gold_from=95"]).inputs.model_dump()
    assert (inputs["gold_from"], inputs["key_from"], inputs["lgd"]) == (95, 80, 0.45)


# What is written ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every scenario in both languages, as notebook, page and table, in one folder."""
    out = tmp_path_factory.mktemp("reruns") / "a folder" / "输出"
    for lang in i18n.LANGUAGES:
        i18n.use(lang)
        todo = [(plan, runs.FORMATS) for plan in runs.plan_reruns("bank_tiers", lang, SCENARIOS)[0]]
        assert [ending.refusal for ending in runs.finish(todo, out, 2, runs.LONGEST)] == [None] * len(SCENARIOS)
    i18n._chosen = None
    return out


ALL = [(scenario, lang) for scenario in SCENARIOS for lang in i18n.LANGUAGES]
each = pytest.mark.parametrize(("scenario", "spoken"), ALL, ids=["-".join(one) for one in ALL])


class Page(HTMLParser):
    """What a browser would fetch from a page, what it would run, and what it would show."""

    def __init__(self, html: str):
        super().__init__()
        self.fetched: list[str] = []
        self.labels: list[str] = []
        self.scripts = 0
        self.shown = ""
        self._in: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.fetched += [v for k, v in attrs if k in ("src", "href", "data", "srcset", "poster", "action") and v]
        self.labels += [v for k, v in attrs if k in ("aria-label", "alt") and v]
        self.scripts += tag == "script"
        assert not any(name.startswith("on") for name in given), given
        if tag in ("script", "style", "title"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if not self._in:
            self.shown += data


def page_of(path: Path) -> tuple[str, Page]:
    html = path.read_text("utf-8")
    return html, Page(html)


def without_plotly(html: str) -> str:
    start = html.index('<script type="text/plain" id="plotly">')
    return html[:start] + html[html.index("</script>", start) :]


def test_a_rerun_writes_its_files_and_nothing_else(written: Path) -> None:
    kinds = ("ipynb", "html", "csv", "slides.html")
    wanted = {f"bank_tiers-{scenario}-{lang}.{kind}" for scenario, lang in ALL for kind in kinds}
    assert {path.name for path in written.iterdir()} == wanted


@each
def test_the_notebook_holds_the_figures_of_a_direct_call(written: Path, scenario: str, spoken: str) -> None:
    i18n.use(spoken)
    plan = runs.plan_rerun("bank_tiers", spoken, scenario)
    answer = tiers.STUDY.answer(load("bank_loans"), **plan.inputs.model_dump())
    base = tiers.STUDY.answer(load("bank_loans"))
    wanted = tiers.STUDY.headline_table({i18n._("Default"): base, plan.title: answer})
    notebook = nbformat.read(written / f"{plan.name()}.ipynb", as_version=4)
    shown = [
        o.data.get("text/plain") for c in notebook.cells if c.cell_type == "code" for o in c.outputs if "data" in o
    ]
    i18n._chosen = None
    assert str(wanted) in shown


@each
def test_the_notebook_keeps_no_widget_state_no_error_and_no_path(written: Path, scenario: str, spoken: str) -> None:
    text = (written / f"bank_tiers-{scenario}-{spoken}.ipynb").read_text("utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata and "papermill" not in notebook.metadata
    assert not any(o.output_type == "error" for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    assert str(ROOT) not in text and str(written) not in text and str(Path.home()) + os.sep not in text


@each
def test_the_page_fetches_nothing(written: Path, scenario: str, spoken: str) -> None:
    html, page = page_of(written / f"bank_tiers-{scenario}-{spoken}.html")
    assert not [target for target in page.fetched if re.match(r"(?i)\s*([a-z]+:)?//", target)]
    rest = without_plotly(html)
    assert not re.search(r"(?i)@import|url\(\s*['\"]?(https?:)?//|<link|<iframe|<object|<embed", rest)
    assert "default-src 'none'" in rest
    assert "cdn" not in rest.lower()
    assert len(html) < 2_200_000, "plotly.js is packed; unpacked it made pages of 4.8 MB"


@each
def test_the_page_shows_its_figures_its_language_and_its_inputs(written: Path, scenario: str, spoken: str) -> None:
    i18n.use(spoken)
    plan = runs.plan_rerun("bank_tiers", spoken, scenario)
    html, page = page_of(written / f"{plan.name()}.html")
    notebook = nbformat.read(written / f"{plan.name()}.ipynb", as_version=4)
    figures = [
        output
        for c in notebook.cells
        if c.cell_type == "code"
        for output in c.outputs
        if PLOTLY_MIME in output.get("data", {})
    ]
    assert len(figures) == html.count('class="crm-plot"') == html.count('class="crm-values"') > 0
    for figure in figures:
        label = figure.data["text/plain"]
        title = figure.data[PLOTLY_MIME]["layout"]["title"]["text"].replace("<br>", " ")
        alt = label.removeprefix(f"{title} — ")
        assert alt != label and len(alt) > 10 and title in page.shown and alt in page.shown
    heading = re.search(r"<h1>(.*?)</h1>", html)
    assert heading and heading[1].endswith(f" · {plan.title}")
    assert str(plan.chosen.scenario.why) in page.shown
    foot = unescape(html[html.index("<footer>") :])
    for setting, value in zip(plan.inputs.settings(), plan.inputs.model_dump().values(), strict=True):
        row = next(row for row in re.findall(r"<tr.*?</tr>", foot, re.DOTALL) if f">{setting.name}<" in row)
        chosen = i18n._("{label} ({unit})").format(label=setting.shown(value), unit=value)
        shown = chosen if setting.choices else setting.shown(value)
        assert setting.title() in row
        assert (f">{shown}</td>" if value == setting.default else f">→ {shown}</td>") in row
        assert row.startswith('<tr class="changed">') == (value != setting.default)
    assert "20240607" in foot and __version__ in foot, "the seed of the data, and what made the page"
    assert f'<html lang="{"zh-CN" if spoken == "zh" else "en"}">' in html
    assert casebook.case("bank_tiers").label() in html and plan.title in html
    assert "In[" not in page.shown and "TierPolicy" not in page.shown
    i18n._chosen = None


@each
def test_the_table_lists_the_firms_of_the_study(written: Path, scenario: str, spoken: str) -> None:
    plan = runs.plan_rerun("bank_tiers", spoken, scenario)
    listed = pd.read_csv(written / f"{plan.name()}.csv", encoding="utf-8-sig")
    answer = tiers.STUDY.answer(load("bank_loans"), **plan.inputs.model_dump())
    assert listed["firm_id"].tolist() == tiers.violations(answer).index.tolist()
    assert len(listed) == tiers.headline(answer)["violating_firms"]


def test_the_scenarios_differ_and_the_languages_do_not(written: Path) -> None:
    tables = {one: (written / f"bank_tiers-{'-'.join(one)}.csv").read_bytes() for one in ALL}
    assert all(tables[scenario, "zh"] == tables[scenario, "en"] for scenario in SCENARIOS)
    pages = [Page((written / f"bank_tiers-{scenario}-en.html").read_text("utf-8")).shown for scenario in SCENARIOS]
    assert len(set(pages)) == len(SCENARIOS)


# Own data: text stays text --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loan book in GBK without English names, in which the firms that grew most have names that try to run."""
    loans = load("bank_loans").drop(columns="firm_name_en")
    worst = tiers.violations(tiers.STUDY.answer(loans)).index[:3]
    for firm, name in zip(worst, (SCRIPT, FORMULA, "<img src=x onerror=alert(1)>$x$ **b** [a](//b.c)"), strict=True):
        loans.loc[loans["firm_id"] == firm, "firm_name"] = name
    path = tmp_path_factory.mktemp("own") / "台账 gbk.csv"
    loans.assign(defaulted=loans["defaulted"].astype(int)).to_csv(path, index=False, encoding="gbk")
    return path


@pytest.fixture(scope="module")
def own_written(own: Path) -> Path:
    """The rerun of that book, in English, by the command, with what moves on its page."""
    command = ["rerun", "bank_tiers", "--lang", "en", "--out", "out", "--to", "ipynb,html,csv", "--no-npm", "--moves"]
    said, complaint = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(own.parent)
        patch.setattr(sys, "argv", ["crm", *command, "--data", own.name])
        patch.setattr(i18n, "_chosen", None)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint), pytest.raises(SystemExit) as end:
            cli.main()
    assert not end.value.code, complaint.getvalue()
    out = own.parent / "out"
    (out / "said.txt").write_text(complaint.getvalue(), "utf-8")
    assert len(said.getvalue().splitlines()) == 3
    return out


def only(folder: Path, kind: str) -> Path:
    (path,) = folder.glob(f"*.{kind}")
    return path


def test_a_gbk_file_is_read_and_said(own_written: Path) -> None:
    said = (own_written / "said.txt").read_text("utf-8")
    assert "GBK" in said and said.count("\n") == 1
    assert re.fullmatch(r"bank_tiers-base-[0-9a-f]{6}-en\.csv", only(own_written, "csv").name)


def test_the_page_names_the_file_its_data_are_from(own_written: Path) -> None:
    shown = page_of(only(own_written, "html"))[1].shown
    assert "your own file “台账 gbk.csv”" in shown and "20240607" not in shown


def test_a_firm_called_script_is_shown_as_text(own_written: Path) -> None:
    html, page = page_of(only(own_written, "html"))
    assert SCRIPT in page.shown and "<img src=x onerror=alert(1)>" in page.shown
    assert SCRIPT not in without_plotly(html) and "<img" not in without_plotly(html)
    drawn, moved = 3 + html.count('class="crm-plot"'), 3
    assert page.scripts == drawn + moved, "plotly.js, theme, what draws, each figure's data; controls, words, states"
    for cell in nbformat.read(only(own_written, "ipynb"), as_version=4).cells:
        for output in cell.get("outputs", []):
            shown = output.get("data", {}).get("text/html", "")
            assert "<script" not in shown and "<img" not in shown


def test_a_firm_called_like_a_formula_is_neutralised_in_the_table(own_written: Path) -> None:
    listed = pd.read_csv(only(own_written, "csv"), encoding="utf-8-sig")
    assert listed["firm_name"].tolist()[:2] == [SCRIPT, "'=1+1"]
    assert ',"=' not in only(own_written, "csv").read_text("utf-8")


def test_own_data_leave_no_path_in_the_files(own_written: Path) -> None:
    for kind in ("ipynb", "html"):
        assert str(own_written.parent) not in only(own_written, kind).read_text("utf-8")


def test_a_saved_scenario_with_a_title_that_tries_to_run_is_shown_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    from crmlib.reruns.page import colophon, page
    from crmlib.reruns.slides import slides

    title = f"{SCRIPT} & *more*"
    cells = [nbformat.v4.new_markdown_cell(text) for text in ("switch", "# Case")]
    notebook, foot = nbformat.v4.new_notebook(cells=cells), colophon(tiers.TierPolicy(), [SCRIPT])
    for made in (page, slides):
        html = made(notebook, title, "en", foot, title)
        shown = Page(html)
        assert shown.scripts == 3
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; *more*</title>" in html
        assert f"Case · {title}" in shown.shown, "the title is no Markdown"
        assert "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>" in html


# Half-way, and two at once --------------------------------------------------------------------------------------------


def start(out: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crmlib", "rerun", "bank_tiers", "--lang", "en", "--no-npm", "--out", str(out), *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def kernels_of(rerun: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait until a rerun has a kernel, and return it with the warmed process and the one that Python starts with it."""
    end = time.monotonic() + 60
    while time.monotonic() < end and rerun.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            found = psutil.Process(rerun.pid).children(recursive=True)
            if len(found) > 2:
                return found
        time.sleep(0.05)  # to look through all processes takes as long as some of them need to go on
    raise AssertionError("no kernel was started")


@pytest.mark.whole  # in a push one is stopped by Ctrl-C, and test_fork_server kills the owner of a kernel
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kernels are forked only where there is fork")
def test_a_rerun_killed_half_way_leaves_no_half_written_file_and_no_kernel(tmp_path: Path) -> None:
    rerun = start(tmp_path / "out")
    try:
        kernels = kernels_of(rerun)
        rerun.send_signal(signal.SIGKILL)
        assert rerun.wait(10) == -signal.SIGKILL
        _gone, alive = psutil.wait_procs(kernels, timeout=20)
        assert not alive
        assert list((tmp_path / "out").iterdir()) == []
    finally:
        rerun.kill()
        rerun.communicate()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kernels are forked only where there is fork")
def test_a_rerun_stopped_by_ctrl_c_says_so_in_a_line_and_leaves_nothing(tmp_path: Path) -> None:
    rerun = start(tmp_path / "out")
    kernels = kernels_of(rerun)
    rerun.send_signal(signal.SIGINT)
    said, complaint = rerun.communicate(timeout=30)
    assert (rerun.returncode, said, complaint) == (130, "", "Stopped; no file was left half-written.\n")
    assert not psutil.wait_procs(kernels, timeout=20)[1]
    assert list((tmp_path / "out").iterdir()) == []


def test_two_reruns_at_once_into_one_folder_both_succeed_and_agree(written: Path, tmp_path: Path) -> None:
    both = [start(tmp_path, "--still"), start(tmp_path, "--still")]
    for rerun in both:
        said, complaint = rerun.communicate(timeout=120)
        assert (rerun.returncode, complaint) == (0, "")
        assert len(said.splitlines()) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"bank_tiers-base-en.ipynb", "bank_tiers-base-en.html"}
    for path in tmp_path.iterdir():
        assert filecmp.cmp(path, written / path.name, shallow=False), "the same rerun gives the same bytes"


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the case's notebook end in a cell of this source."""

    def end_in(source: str) -> None:
        for lang in i18n.LANGUAGES:
            stored = nbformat.read(ROOT / "notebooks" / lang / "case_bank_tiers.ipynb", as_version=4)
            stored.cells.append(nbformat.v4.new_code_cell(source))
            (tmp_path / lang).mkdir()
            nbformat.write(stored, tmp_path / lang / "case_bank_tiers.ipynb")
        monkeypatch.setattr(runs, "NOTEBOOKS", tmp_path)

    return end_in


def test_a_cell_that_fails_is_said_and_writes_nothing(
    broken: Callable[[str], None], refused: Callable[..., list[str]]
) -> None:
    broken("raise ValueError('this cell is broken')")
    (line,) = refused("en", "bank_tiers")
    assert "this cell is broken" in line


@pytest.mark.shared(2)
def test_a_kernel_that_dies_is_said_and_writes_nothing(
    broken: Callable[[str], None], refused: Callable[..., list[str]], lang: str
) -> None:
    broken("import os, signal; os.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))")
    (line,) = refused(lang, "bank_tiers")
    assert ("kernel ended" if lang == "en" else "内核") in line


def test_a_case_that_takes_too_long_is_stopped_and_said(
    broken: Callable[[str], None], refused: Callable[..., list[str]]
) -> None:
    broken("import time\nwhile True: time.sleep(0.01)")
    (line,) = refused("en", "bank_tiers", "--timeout", "1.5")
    assert "1.5" in line and "--timeout" in line


BAD_NUMBERS = (["--timeout", "0"], ["--timeout", "nan"], ["--timeout=-3"], ["--jobs=-1"])


@pytest.mark.parametrize("arguments", BAD_NUMBERS, ids=" ".join)
def test_a_bad_number_of_seconds_or_jobs_is_refused(
    refused: Callable[..., list[str]], lang: str, arguments: list[str]
) -> None:
    (line,) = refused(lang, "bank_tiers", *arguments)
    assert arguments[0].partition("=")[0] in line


def executed(monkeypatch: pytest.MonkeyPatch, written: Path) -> None:
    """Have notebooks not executed but taken from where they are already."""
    done = nbformat.read(written / "bank_tiers-base-en.ipynb", as_version=4)
    monkeypatch.setattr(runs, "running", lambda jobs, *_: contextlib.nullcontext((n, done) for n in range(len(jobs))))


def test_a_full_disk_is_said_and_leaves_no_half_written_file(
    written: Path, monkeypatch: pytest.MonkeyPatch, refused: Callable[..., list[str]], lang: str
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    executed(monkeypatch, written)
    monkeypatch.setattr(os, "fsync", full)
    (line,) = refused(lang, "bank_tiers")
    assert ("the disk is full" if lang == "en" else "磁盘已满") in line


def test_a_folder_under_the_name_of_a_file_is_said(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: Crm
) -> None:
    executed(monkeypatch, written)
    (tmp_path / "bank_tiers-base-en.ipynb").mkdir()
    code, said, complaint = crm("rerun", "bank_tiers", "--lang", "en", "--out", tmp_path)
    assert (code, said, complaint.count("\n")) == (2, "", 1)
    assert "bank_tiers-base-en.ipynb" in complaint


def test_the_language_of_the_caller_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRM_LANG", "zh")
    (path,) = runs.run(runs.plan_rerun("bank_tiers", "en"), tmp_path, ["ipynb"])
    assert "Gold firms" in path.read_text("utf-8")
    assert os.environ["CRM_LANG"] == "zh"


# The same as papermill makes ------------------------------------------------------------------------------------------


def test_a_rerun_holds_the_cells_and_outputs_that_papermill_makes(written: Path, tmp_path: Path) -> None:
    from crmlib.notebooks.jupyter import drop_volatile

    agreed, target = runs.plan_rerun("bank_tiers", "en", "tightening"), tmp_path / "papermill.ipynb"
    given = [part for name, value in agreed.parameters().items() for part in ("-p", name, str(value))]
    command = [sys.executable, "-m", "papermill", str(agreed.job().source), str(target), "--cwd", str(agreed.folder())]
    subprocess.run([*command, *given, "--no-progress-bar"], check=True, capture_output=True, timeout=120)
    theirs = drop_volatile(nbformat.read(target, as_version=4))
    ours = nbformat.read(written / "bank_tiers-tightening-en.ipynb", as_version=4)
    assert len(ours.cells) == len(theirs.cells)
    for mine, other in zip(ours.cells, theirs.cells, strict=True):
        if "injected-parameters" not in mine.metadata.tags:  # the command line has no types: there 90.0 is 90.0 too
            assert mine == other
    assert agreed.job().cells() == sum(cell.cell_type == "code" for cell in ours.cells)
    figures = sum(PLOTLY_MIME in o.get("data", {}) for c in ours.cells for o in c.get("outputs", []))
    assert figures == 4


@pytest.fixture(autouse=True)
def _speak_afresh() -> Iterator[None]:
    """Leave no language chosen behind, whatever a test did."""
    yield
    i18n._chosen = None


def test_the_scenarios_tested_are_those_of_the_case() -> None:
    case: Case = casebook.case("bank_tiers")
    assert tuple(case.order) == SCENARIOS
