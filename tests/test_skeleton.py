"""Does a chapter begun with ``crm chapter new`` import, build, keep the contracts, and say what is to be written?"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Crm

from crmlib.authoring import answers, begin, folders, quotas
from crmlib.chapters import chapters
from crmlib.core.errors import UserError
from crmlib.core.paths import ROOT
from crmlib.notebooks import catalogue

TOPIC, NUMBER = "trial", 13


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with a chapter that has just been begun."""
    copy = tmp_path_factory.mktemp("project")
    ignore = shutil.ignore_patterns("mine", ".ipynb_checkpoints", "screens", "*.pyc.*")  # what is just being written
    for name in ("crmlib", "casebook", "data", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignore)
    shutil.copytree(ROOT / "notebooks" / "src", copy / "notebooks" / "src")
    shutil.copy(ROOT / "pyproject.toml", copy)
    said = run(copy, "-m", "crmlib", "chapter", "new", TOPIC, "--number", str(NUMBER), "--lang", "en")
    assert said.count("\n") == len(begin.rendered(TOPIC, NUMBER)) + 1  # and the data
    return copy


WORK = """
import sys
from crmlib import cli
from crmlib.chapters import chapters
from crmlib.core import i18n


def crm(*words):
    sys.argv = ["crm", *words]
    i18n._chosen = None
    try:
        cli.main()
    except SystemExit as end:
        print(f"\\0{end.code or 0}\\0", end="")


topic, number = sys.argv[1:]
crm("build", f"{number}_{topic}", f"case_{topic}", "--lang", "en")
for lang in i18n.LANGUAGES:
    crm("chapter", "check", topic, "--lang", lang)
print(*[(chapter.number, chapter.topic) for chapter in chapters().values()][-1], end="")
"""
"""Builds the notebooks of a chapter, says what it lacks, after each command its code, and which chapter is the last."""


@pytest.fixture(scope="module")
def worked(copy: Path) -> dict[str, str]:
    """What is said in the copy: what is lacking in each language, and the last chapter; the notebooks are built."""
    _built, done, zh, lacking, en, also, last = run(copy, "-c", WORK, TOPIC, str(NUMBER)).split("\0")
    assert (done, lacking, also) == ("0", "1", "1")
    return {"zh": zh, "en": en, "last": last}


@pytest.fixture(scope="module")
def built(copy: Path, worked: dict[str, str]) -> Path:
    """The copy with the chapter's notebooks built."""
    return copy


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    """Run Python in a copy of the project and return what it said."""
    env = {k: v for k, v in os.environ.items() if k != "CRM_LANG"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
        env=env,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def test_its_code_is_written_like_that_of_the_others(copy: Path) -> None:
    made = [str(copy / path.relative_to(ROOT)) for path in begin.rendered(TOPIC, NUMBER) if path.suffix == ".py"]
    for command in (("check",), ("format", "--check")):
        run(copy, "-m", "ruff", *command, "--no-cache", *made)


def test_it_is_a_chapter_like_the_others(worked: dict[str, str]) -> None:
    assert worked["last"] == f"{NUMBER} {TOPIC}"


def test_it_builds_and_the_check_lists_what_is_to_be_written(worked: dict[str, str]) -> None:
    zh, lines = (worked[lang].splitlines() for lang in ("zh", "en"))
    to_write = [line for line in lines if "still to be written" in line]
    named = {line.split(",")[0] for line in to_write}
    placeholders = {
        path.relative_to(ROOT).as_posix()
        for path, content in begin.rendered(TOPIC, NUMBER).items()
        if re.search("To be written:|待写：", content)
    }
    assert named == placeholders
    others = [line for line in lines if line not in to_write]
    kinds = {line.partition(": ")[2] for line in others if line.startswith("casebook/items")}
    asked = [*quotas.OF_KIND.values(), *quotas.OF_PARTS.values()]
    assert len(kinds) == 3 + len(answers.WANTED) + sum(quota.least > 1 for quota in asked)
    assert all("write" in line for line in others), others
    assert len(zh) == len(lines) and all(re.search("[一-鿿]", line) for line in zh)


@pytest.mark.whole
def test_it_keeps_the_contracts(built: Path) -> None:
    names = sorted(path.name for path in (ROOT / "tests").glob("test_every_*.py"))
    files = [f"tests/{name}" for name in (*names, "test_charts.py", "test_slides.py", f"test_models_{TOPIC}.py")]
    options = ["-c", os.devnull, "-n0", "-q", "-p", "no:cacheprovider", "-p", "tests.early"]
    done = run(built, "-m", "pytest", *options, *files, "-k", TOPIC)
    assert re.search(r"\d\d passed", done) and "failed" not in done


@pytest.mark.parametrize(
    ("topic", "number"),
    [
        ("class", 13), ("Trial", 13), ("1st", 13), ("a-b", 13), ("../x", 13), ("x", 13), ("", 13), ("y" * 31, 13),
        ("items", 0), ("trial", 100),
    ],
)  # fmt: skip
def test_what_cannot_be_a_chapter_is_refused(topic: str, number: int, lang: str) -> None:
    with pytest.raises(UserError) as refusal:
        begin.begin(topic, number)
    assert len(refusal.value.problems) == 1


def test_what_is_taken_is_refused(crm: Crm) -> None:
    first = next(iter(chapters().values()))
    taken = (first.topic, first.studies[0].name, first.studies[0].datasets[0])
    for name in taken:
        code, said, complaint = crm("chapter", "new", name, "--lang", "en")
        assert (code, said) == (2, "") and f"The name “{name}” is taken" in complaint
    code, _said, complaint = crm("chapter", "new", TOPIC, "--number", first.number, "--lang", "en")
    assert code == 2 and f"Chapter {first.number} is there already: {first.topic}." in complaint
    assert begin.free_number() not in {chapter.number for chapter in chapters().values()}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_it_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], english: None
) -> None:
    for name in ("PO", "MO"):
        monkeypatch.setattr(catalogue, name, Path(shutil.copy(getattr(catalogue, name), tmp_path)))
    for module in (begin, folders):
        monkeypatch.setattr(module, "ROOT", tmp_path / "project")
    monkeypatch.setattr(begin, "DATA", tmp_path / "project" / "data")
    (tmp_path / "project").mkdir()
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}

    def fail(_known: object) -> None:
        catalogue.PO.write_bytes(b"half")
        raise stop

    with monkeypatch.context() as failing:
        failing.setattr(begin, "_translate", fail)
        with pytest.raises(stop):
            begin.begin(TOPIC, NUMBER)
    assert [path for path in (tmp_path / "project").rglob("*") if path.is_file()] == []
    assert {path: path.read_bytes() for path in before} == before
    begin.begin(TOPIC, NUMBER)
    (tmp_path / "project" / "data" / f"{TOPIC}.yaml").unlink()
    with pytest.raises(UserError, match="is there already; nothing was written"):
        begin.begin(TOPIC, NUMBER)


def test_a_topic_that_has_its_items_already_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    for name in ("PO", "MO"):
        monkeypatch.setattr(catalogue, name, Path(shutil.copy(getattr(catalogue, name), tmp_path)))
    for module in (begin, folders):
        monkeypatch.setattr(module, "ROOT", tmp_path / "project")
    monkeypatch.setattr(begin, "DATA", tmp_path / "project" / "data")
    items = tmp_path / "project" / "casebook" / "items" / f"{TOPIC}.yaml"
    items.parent.mkdir(parents=True)
    items.write_text("written before its chapter", "utf-8")
    monkeypatch.setattr(begin, "bank", lambda: type("Bank", (), {"topics": {TOPIC: ()}}))
    made = begin.begin(TOPIC, NUMBER)
    assert items.read_text("utf-8") == "written before its chapter"
    assert items not in made
    assert {path for path in begin.rendered(TOPIC, NUMBER) if path != items} <= set(made)
