"""A case is copied with its notebook, builds and reruns; what is taken or cannot be a name is refused."""

import shutil
from errno import ENOSPC
from pathlib import Path

import pytest
from conftest import Crm

from crmlib import casebook
from crmlib.authoring import copy_case
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.notebooks import build, pairs
from crmlib.support import files

MODEL = casebook.cases()[0]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the casebook and of the sources, to write into."""
    book = shutil.copytree(CASEBOOK, tmp_path / "casebook", ignore=shutil.ignore_patterns("mine"))
    sources = shutil.copytree(SOURCES, tmp_path / "notebooks" / "src")
    monkeypatch.setattr(casebook, "CASEBOOK", book)
    monkeypatch.setattr(copy_case, "CASEBOOK", book)
    monkeypatch.setattr(copy_case, "SOURCES", sources)
    monkeypatch.setattr(pairs, "LEDGER", sources / "pairs.json")
    monkeypatch.setattr("crmlib.authoring.folders.ROOT", tmp_path)
    return tmp_path


def test_a_copied_case_is_the_same_under_its_own_name(workplace: Path, crm: Crm) -> None:
    code, said, told = crm("case", "new", "my_own", "--from", MODEL, "--lang", "en")
    assert (code, said.split()) == (0, ["casebook/my_own", "notebooks/src/case_my_own.md"])
    assert "crm build case_my_own" in told
    mine, theirs = casebook.case("my_own"), casebook.case(MODEL)
    assert (mine.name, mine.study, mine.order, mine.text()) == ("my_own", theirs.study, theirs.order, theirs.text())
    code_of = [
        "".join(cell.source for cell in build.assemble(path, "en").cells if cell.cell_type == "code")
        for path in (copy_case.SOURCES / "case_my_own.md", copy_case.SOURCES / f"case_{MODEL}.md")
    ]
    assert code_of[0] == code_of[1].replace(f'case("{MODEL}")', 'case("my_own")')
    assert list(pairs.problems(copy_case.SOURCES / "case_my_own.md")) == []


@pytest.mark.parametrize("name", ["My", "a", "1a", "../a", "", MODEL])
def test_a_name_that_cannot_be_or_is_taken_is_refused(workplace: Path, crm: Crm, name: str) -> None:
    before = sorted(workplace.rglob("*"))
    code, _said, told = crm("case", "new", name, "--from", MODEL, "--lang", "en")
    assert code == 2 and ("cannot name a case" in told or "There is a case" in told)
    assert sorted(workplace.rglob("*")) == before


def test_an_unknown_model_is_refused(workplace: Path, crm: Crm) -> None:
    code, _said, told = crm("case", "new", "my_own", "--from", "no_such_case", "--lang", "en")
    assert code == 2 and "There is no case “no_such_case”" in told


def test_what_cannot_be_written_leaves_nothing(workplace: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> Path:
        raise OSError(ENOSPC, "No space left on device")

    before = sorted(workplace.rglob("*"))
    monkeypatch.setattr(files, "atomic_write", full)
    code, _said, told = crm("case", "new", "my_own", "--from", MODEL, "--lang", "zh")
    assert (code == 2 and "写不进去：磁盘已满" in told) or "No space" not in told
    assert sorted(workplace.rglob("*")) == before


def test_ctrl_c_leaves_nothing(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(source: Path, agreed: bool) -> None:
        raise KeyboardInterrupt

    before = sorted(workplace.rglob("*"))
    monkeypatch.setattr(pairs, "note", stopped)
    with pytest.raises(KeyboardInterrupt):
        copy_case.copy("my_own", MODEL)
    assert sorted(workplace.rglob("*")) == before
