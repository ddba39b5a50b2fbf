"""``crm data``: what is wanted, an empty file for it, and a check that says everything."""

import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from crmlib.cli.common import app
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import DATA, ROOT
from crmlib.tables.data import load

LINES = (DATA / "bank_loans.csv").read_text("utf-8").splitlines()


@pytest.fixture(autouse=True)
def spoken_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_chosen", None)


def crm(*words: str) -> str:
    """Run a command; return what it printed, or raise what it refuses."""
    done = CliRunner().invoke(app, ["data", *words], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.stdout


def refused(*words: str) -> list[str]:
    with pytest.raises(UserError) as refusal:
        crm(*words)
    return str(refusal.value).splitlines()


def mine(folder: Path, lines: list[str]) -> str:
    path = folder / "mine.csv"
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def bad(folder: Path, rows: int = 70) -> str:
    cells = [line.split(",") for line in LINES[1 : rows + 1]]
    return mine(folder, [LINES[0], *(",".join([*row[:7], "=many", *row[8:]]) for row in cells)])


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_list_names_every_data_set_and_its_columns(lang: str) -> None:
    said = crm("list", "--lang", lang)
    for path in DATA.glob("*.yaml"):
        assert f"{path.stem}: " in said
    assert "firm_id, firm_name" in said
    assert ("对公贷款" in said) == (lang == "zh")


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_file_that_fits_is_summed_up(tmp_path: Path, lang: str) -> None:
    said = crm("check", mine(tmp_path, LINES[:9]), "--as", "bank_loans", "--lang", lang)
    assert "8" in said and "18" in said and "2023-12-31" in said and "2024-12-31" in said
    assert ("对公贷款" in said) == (lang == "zh")


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_file_with_problems_is_refused_with_fifty_of_them_and_counts(tmp_path: Path, lang: str) -> None:
    said = refused("check", bad(tmp_path), "--as", "bank_loans", "--lang", lang)
    assert sum("=many" in line for line in said) == 50
    assert "20" in said[50] and "70" in said[51] and said[52].strip().startswith("70 ×")
    assert "--save" in said[-1]


def test_the_whole_list_is_saved_and_harmless(tmp_path: Path) -> None:
    out = tmp_path / "problems.csv"
    said = refused("check", bad(tmp_path), "--as", "bank_loans", "--save", str(out), "--lang", "en")
    assert str(out) in said[-1]
    table = pd.read_csv(out)
    assert len(table) == 70 and set(table["Value"]) == {"'=many"} and table["Row"].tolist() == list(range(2, 72))


def test_a_list_that_cannot_be_saved_is_said(tmp_path: Path) -> None:
    out = str(tmp_path / "gone" / "problems.csv")
    assert "gone" in refused("check", bad(tmp_path), "--as", "bank_loans", "--save", out)[-1]


def test_columns_named_otherwise_are_read_by_a_mapping(tmp_path: Path) -> None:
    path = mine(tmp_path, [LINES[0].replace("sales", "年销售额（万元）").replace("roa", "q"), *LINES[1:9]])
    said = refused("check", path, "--as", "bank_loans", "--lang", "en")
    assert any("--map 'sales=年销售额（万元）'" in line for line in said)
    args = ("check", path, "--as", "bank_loans", "--lang", "en", "--map", "sales=年销售额（万元）", "--map", "roa=q")
    assert "Columns were taken as told" in crm(*args)
    assert "roa" in refused("check", path, "--as", "bank_loans", "--map", "auto")[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gone.csv", "--as", "bank_loans"], "gone.csv"),
        (["gone.csv", "--as", "nothing"], "nothing"),
        (["{file}", "--as", "bank_loans", "--map", "x"], "x"),
        (["{file}", "--as", "bank_loans", "--lang", "fr"], "fr"),
    ],
)
def test_misuse_is_said_in_a_sentence(tmp_path: Path, words: list[str], said: str) -> None:
    path = mine(tmp_path, LINES[:9])
    assert said in refused("check", *(word.format(file=path) for word in words))[0]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_template_is_written_and_its_filled_copy_fits(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "empty.xlsx"
    assert str(path) in crm("template", "accounts", "--out", str(path), "--lang", lang)
    book = openpyxl.load_workbook(path)
    comment = book.active["A1"].comment.text
    assert ("客户编号" in comment, "Account number" in comment) == (lang == "zh", lang == "en")
    row = load("accounts").head(1).astype(object).to_numpy().tolist()[0]
    book.active.append(row)
    book.save(path)
    assert "1" in crm("check", str(path), "--as", "accounts", "--lang", lang)


def test_a_template_is_not_written_under_a_name_that_hides_what_it_is(tmp_path: Path) -> None:
    assert ".xlsx" in refused("template", "accounts", "--out", str(tmp_path / "empty.csv"))[0]
    assert not list(tmp_path.iterdir())


def test_a_template_lands_here_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    crm("template", "depletions")
    assert [path.name for path in tmp_path.iterdir()] == ["depletions.xlsx"]
    assert "nothing" in refused("template", "nothing")[0]
    assert "gone" in refused("template", "accounts", "--out", "gone/x.xlsx")[0]


def test_the_exit_code_is_two_and_the_sentences_stand_on_stderr(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crmlib", "data", "check", bad(tmp_path, 3), "--as", "bank_loans", "--lang", "en"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, encoding="utf-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Row 2, column “sales”: “=many” is not a number") and "Traceback" not in done.stderr
