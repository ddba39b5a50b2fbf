"""What the user can mend is a sentence and never a traceback, whichever command meets it."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Crm

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.core import paths

LONG = "名" * 100


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A casebook of one case, to be changed."""
    shutil.copytree(paths.CASEBOOK / "bank_tiers", tmp_path / "casebook" / "bank_tiers")
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "casebook")
    monkeypatch.setenv("CRM_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("name", ["a/b", "a\\b", "a?", "a*", "[a]", "a:b", "", LONG, "."])
def test_a_template_for_what_there_is_not_is_a_sentence(crm: Crm, name: str, tmp_path: Path) -> None:
    code, said, refused = crm("data", "template", name, "--out", tmp_path / "x.xlsx", "--lang", "en")
    assert (code, said, refused.count("\n")) == (2, "", 1) and "bank_loans" in refused
    assert not list(tmp_path.iterdir())


PLACES: dict[str, list[str]] = {
    "a bank": ["exam", "make", "--bank", LONG],
    "a bank to check": ["exam", "check", "--bank", LONG],
    "a manifest": ["exam", "make", "--from", LONG],
    "a blueprint": ["exam", "make", "--blueprint", f"{LONG}.yaml"],
    "a class list": ["exam", "make", "--roster", LONG],
    "the list of a class": ["class", "bank_tiers", "--out", "c", "--roster", LONG],
    "data": ["rerun", "bank_tiers", "--data", LONG],
    "data to check": ["data", "check", LONG, "--as", "bank_loans"],
    "a folder of an exam": ["exam", "make", "--blueprint", "mock", "--to", "html", "--out", LONG],
    "a folder of a class": ["class", "distributors", "--roster", "r.csv", "--out", LONG],
    "a course": ["assignment", "tiers", "--out", LONG],
    "a folder of a rerun": ["rerun", "bank_tiers", "--out", LONG],
    "the file of a sweep": ["sweep", "bank_tiers", "--grid", "lgd=0.1,0.2", "--out", f"{LONG}.csv"],
    "a template": ["data", "template", "bank_loans", "--out", f"{LONG}.xlsx"],
}


@pytest.mark.parametrize("what", PLACES)
def test_a_name_too_long_for_the_system_is_said(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.csv").write_text("学号,姓名\n1,张三\n", "utf-8")
    code, said, refused = crm(*PLACES[what], "--lang", "en")
    assert (code, said, refused.count("\n")) == (2, "", 1), refused
    assert "the name is too long" in refused
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_a_folder_of_ones_own_that_may_not_be_read_is_said(
    crm: Crm, workplace: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_folder: Path, _pattern: str) -> list[Path]:
        raise PermissionError(errno.EACCES, "Permission denied", str(workplace / "home"))

    monkeypatch.setattr(Path, "glob", closed)
    code, _said, refused = crm("cases", "--lang", lang)
    assert code == 2 and refused.count("\n") == 1 and str(workplace / "home") in refused


@pytest.mark.parametrize(
    "command", [["rerun"], ["class", "--roster", "r.csv", "--out", "c"], ["sweep", "--out", "s.csv"]]
)
def test_a_case_of_a_study_that_there_is_not_is_named_with_its_file(
    crm: Crm, workplace: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(workplace)
    Path("r.csv").write_text("学号,姓名\n1,张三\n", "utf-8")
    file = workplace / "casebook" / "bank_tiers" / "case.yaml"
    file.write_text(file.read_text("utf-8").replace("study: bank_tiers", "study: bank_teirs"), "utf-8")
    code, said, refused = crm(command[0], "bank_tiers", *command[1:], "--lang", "en")
    assert (code, said, refused.count("\n")) == (2, "", 1)
    assert "casebook/bank_tiers/case.yaml: there is no study “bank_teirs”" in refused and list(STUDIES)[1] in refused


def test_inputs_of_ones_own_scenario_that_are_refused_are_named_with_its_file(
    crm: Crm, workplace: Path, lang: str
) -> None:
    mine = casebook.case("bank_tiers").mine
    mine.mkdir(parents=True)
    (mine / "odd.yaml").write_text("name: odd\ntitle: {zh: 怪, en: Odd}\ninputs: {lgd: 7}\n", "utf-8")
    sweep = ["sweep", "bank_tiers", "--grid", "gold_from=80,90", "--out", str(workplace / "s.csv")]
    for command in (["rerun", "bank_tiers"], sweep):
        code, said, refused = crm(*command, "--scenario", "odd", "--lang", lang)
        assert (code, said, refused.count("\n")) == (2, "", 1) and "odd.yaml" in refused and "lgd" in refused


def test_a_case_without_a_notebook_is_told_how_to_get_one(crm: Crm, workplace: Path) -> None:
    folder = workplace / "casebook"
    shutil.copytree(folder / "bank_tiers", folder / "my_bank")
    file = folder / "my_bank" / "case.yaml"
    file.write_text(file.read_text("utf-8").replace("name: bank_tiers", "name: my_bank"), "utf-8")
    code, _said, refused = crm("rerun", "my_bank", "--out", workplace / "out", "--to", "ipynb", "--lang", "en")
    assert code == 2 and "notebooks/src/case_my_bank.md is missing" in refused and "crm case new" in refused


@pytest.mark.parametrize(
    ("told", "encoding"),
    [
        pytest.param({"LANG": "zh_CN.GBK"}, "gbk", marks=pytest.mark.whole),  # as with PYTHONUTF8, which is harder
        ({"LANG": "zh_CN.GBK", "PYTHONUTF8": "1"}, "gbk"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_TW.Big5"}, "big5"),
        pytest.param({"LANG": "zh_CN.UTF-8"}, "utf-8", marks=pytest.mark.whole),  # as all other commands are run
        ({"LANG": "zh_CN.nonsense"}, "utf-8"),
        ({"LANG": "zh_CN.GBK", "PYTHONIOENCODING": "utf-8"}, "utf-8"),
    ],
)
def test_what_is_said_is_in_the_letters_of_the_terminal(told: dict[str, str], encoding: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    command = [
        sys.executable,
        "-c",
        "from crmlib.cli import main; main()",
        "exam",
        "check",
        "--seeds",
        "0",
        "--lang",
        "zh",
    ]
    done = subprocess.run(command, env=kept | told, cwd=paths.ROOT, capture_output=True, check=False)
    assert done.stderr.decode(encoding) == "--seeds 可取 1 到 100,000。\n"
