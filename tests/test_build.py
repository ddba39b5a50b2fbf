"""The notebooks are what their sources say, in both languages, and a builder that looked away would be found out."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, TAGS, other
from crmlib.core.paths import NOTEBOOKS, ROOT
from crmlib.notebooks import build, jupyter
from crmlib.support.mime import WIDGET_MIME

SOURCES = {source.stem: source for source in build.sources()}
CHAPTERS = [name for name in SOURCES if re.match(r"\d\d_", name) and name != "00_start"]

every_notebook = pytest.mark.parametrize("name", SOURCES)
every_chapter = pytest.mark.parametrize("name", CHAPTERS)
in_both = pytest.mark.parametrize("spoken", LANGUAGES)


def stored(name: str, spoken: str) -> Any:
    return nbformat.read(build.target(SOURCES[name], spoken), as_version=4)


def cells(name: str, spoken: str, kind: str) -> list[Any]:
    return [cell for cell in stored(name, spoken).cells if cell.cell_type == kind]


# What is stored -------------------------------------------------------------------------------------------------------


@every_notebook
@in_both
def test_a_stored_notebook_is_small_valid_and_keeps_nothing_volatile(name: str, spoken: str) -> None:
    path = build.target(SOURCES[name], spoken)
    text = path.read_text("utf-8")
    assert len(text.encode()) < 300_000
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert WIDGET_MIME not in text, "a model's id is another one in each run"
    assert str(ROOT) not in text
    for cell in cells(name, spoken, "code"):
        assert set(cell.metadata) <= {"tags", "jupyter"}
        assert not [o for o in cell.outputs if o.output_type == "stream" and o.name == "stderr"], cell.source


@every_notebook
def test_both_languages_have_the_same_code_and_as_much_text(name: str) -> None:
    zh, en = (stored(name, spoken).cells for spoken in LANGUAGES)
    assert [(c.cell_type, c.id) for c in zh] == [(c.cell_type, c.id) for c in en]
    assert [c.source for c in zh if c.cell_type == "code"] == [c.source for c in en if c.cell_type == "code"]
    assert not {c.source for c in zh if c.cell_type == "markdown"} & {c.source for c in en if c.cell_type == "markdown"}


@in_both
def test_the_first_notebook_links_to_every_other_one_in_its_table(spoken: str) -> None:
    text = "\n".join(cell.source for cell in cells("00_start", spoken, "markdown"))
    rows = [line for line in text.splitlines() if line.startswith("| [")]
    links = re.findall(r"\]\(([^)]+)\.ipynb\)", "\n".join(rows))
    assert links == [source.stem for source in build.reading_order() if source.stem != "00_start"]
    assert all(bool(re.search("[一-鿿]", row)) == (spoken == "zh") for row in rows)


@every_notebook
@in_both
def test_every_link_leads_somewhere(name: str, spoken: str) -> None:
    path = build.target(SOURCES[name], spoken)
    for cell in cells(name, spoken, "markdown"):
        for link in re.findall(r"\]\((?!https?:|#)<?([^)#>]+)", cell.source):
            assert (path.parent / link).exists(), link


@pytest.mark.shared(2)
@every_notebook
@in_both
def test_head_and_foot_lead_to_the_neighbours_the_contents_and_the_other_language(name: str, spoken: str) -> None:
    order = [source.stem for source in build.reading_order()]
    assert sorted(order) == sorted(SOURCES)
    at = order.index(name)
    around = {f"{stem}.ipynb" for stem in order[max(at - 1, 0) : at + 2] if stem != name} | {"00_start.ipynb"}
    head, foot = (cells(name, spoken, "markdown")[which].source for which in (0, -1))
    for cell in (head, foot):
        assert set(re.findall(r"\]\(([^)]+)\)", cell)) == around
    (switch,) = re.findall(r'<a href="([^"]+)" hreflang="([^"]+)">', head)
    assert switch == (f"../{other(spoken)}/{name}.ipynb", TAGS[other(spoken)])
    assert (build.target(SOURCES[name], spoken).parent / switch[0]).exists()
    assert head.count("crm:start") == (2 if name in CHAPTERS else 1)


@every_chapter
@in_both
def test_the_outline_holds_no_exam_questions(name: str, spoken: str) -> None:
    shown = [o.data.get("text/markdown", "") for c in cells(name, spoken, "code") for o in c.outputs if "data" in o]
    asked = [text for text in shown if re.search(r"(分钟|minutes: \d+)\*\*$", text, re.MULTILINE)]
    assert asked
    assert not [text for text in asked if re.search("^#", text, re.MULTILINE)]


def test_nothing_is_stored_that_has_no_source() -> None:
    for spoken in LANGUAGES:
        assert {path.stem for path in (NOTEBOOKS / spoken).glob("*.ipynb")} == set(SOURCES)


@every_notebook
def test_code_is_folded_but_for_cells_that_teach_it_and_the_first_explorer_is_marked(name: str) -> None:
    """A reader without Python meets text and pictures."""
    code = cells(name, "zh", "code")
    is_open = [cell for cell in code if build.OPEN in cell.metadata.get("tags", [])]
    assert all(("jupyter" in cell.metadata) == (cell not in is_open) for cell in code)
    assert all(cell.metadata.jupyter == {"source_hidden": True} for cell in code if cell not in is_open)
    marked = [cell for cell in code if build.EXPLORER in cell.metadata.get("tags", [])]
    assert len(marked) == (name in CHAPTERS)


# The builder finds what is wrong --------------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None) -> Path:
    """The start notebook, its source and both languages, in a folder where they may be damaged."""
    for spoken in LANGUAGES:
        (tmp_path / "notebooks" / spoken).mkdir(parents=True)
        shutil.copy(build.target(SOURCES["00_start"], spoken), tmp_path / "notebooks" / spoken)
    source = shutil.copytree(build.SOURCES, tmp_path / "notebooks" / "src") / SOURCES["00_start"].name
    monkeypatch.setattr(build, "SOURCES", tmp_path / "notebooks" / "src")
    monkeypatch.setattr(build, "NOTEBOOKS", tmp_path / "notebooks")
    return source


def rebuilt(source: Path, spoken: str) -> Path:
    (job,) = build.build([build.Building(source, spoken)])
    return build.target(job.source, job.lang)


def found(source: Path) -> list[str]:
    return [problem for spoken in LANGUAGES for problem in build.check(source, spoken)]


def rewrite(source: Path, old: str, new: str) -> None:
    text = source.read_text("utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1), "utf-8")


def damage(source: Path, change: Callable[[Any], None]) -> None:
    path = build.target(source, "en")
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    path.write_text(json.dumps(notebook), "utf-8")


def first_code(notebook: Any) -> Any:
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


def test_an_undamaged_copy_has_no_problems(copied: Path) -> None:
    assert found(copied) == []


SOURCE_DAMAGE = {
    "changed text": ("You cannot break anything", "You can break nothing", "en/00_start.ipynb: older than its source"),
    "changed code": ("overview()", "overview() or 2", "older than its source"),
    "a text without a language": ('+++ {"tags": ["en"]}', "+++", "no language tag"),
    "a heading of another level": ("## How to use it", "### How to use it", "zh and en do not match"),
    "a heading too few": ("## How to use it", "How to use it", "zh and en do not match"),
}


@pytest.mark.parametrize("what", SOURCE_DAMAGE)
def test_a_source_that_went_on_without_its_notebooks_is_found(copied: Path, what: str) -> None:
    old, new, said = SOURCE_DAMAGE[what]
    rewrite(copied, old, new)
    assert any(said in problem for problem in found(copied)), found(copied)


def test_a_missing_translation_is_found_and_not_built(copied: Path) -> None:
    text = copied.read_text("utf-8")
    start = text.rindex('+++ {"tags": ["en"]}')
    copied.write_text(text[:start], "utf-8")
    assert any("do not match" in problem for problem in found(copied))
    with pytest.raises(UserError, match="do not match"):
        rebuilt(copied, "zh")


NOTEBOOK_DAMAGE: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a cell that was not run": (lambda n: first_code(n).update(execution_count=None), "not executed in order"),
    "cells run out of order": (lambda n: first_code(n).update(execution_count=7), "not executed in order"),
    "widget state": (lambda n: n.metadata.update(widgets={"state": {}}), "widget state is stored"),
    "an error": (
        lambda n: first_code(n).outputs.append(nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])),
        "ended in an error",
    ),
    "an edited text": (lambda n: n.cells[1].update(source="# Other"), "older than its source"),
    "a lost cell": (lambda n: n.cells.pop(), "older than its source"),
    "too much of it": (lambda n: n.metadata.update(ballast="x" * 300_001), "larger than"),
}


@pytest.mark.parametrize("what", NOTEBOOK_DAMAGE)
def test_a_notebook_that_was_damaged_is_found(copied: Path, what: str) -> None:
    change, said = NOTEBOOK_DAMAGE[what]
    damage(copied, change)
    assert any(said in problem and "en/00_start.ipynb" in problem for problem in found(copied)), found(copied)


def test_a_notebook_that_was_never_built_is_found(copied: Path) -> None:
    build.target(copied, "zh").unlink()
    assert [problem for problem in found(copied) if "zh/00_start.ipynb: not built yet" in problem]


def test_building_again_gives_the_same_bytes_as_are_stored(copied: Path) -> None:
    before = build.target(copied, "en").read_bytes()
    build.target(copied, "en").unlink()
    assert rebuilt(copied, "en").read_bytes() == before


def test_outputs_that_are_no_longer_what_the_cells_say_are_found(copied: Path) -> None:
    jobs = [build.Building(copied, spoken) for spoken in LANGUAGES]
    assert list(build.stale(jobs)) == []
    damage(copied, lambda n: n.cells[1 + n.cells.index(first_code(n))].update(metadata={"seen": 1}))
    (said,) = build.stale(jobs)
    assert said.startswith("en/00_start.ipynb") and "has changed since it was built" in said


def test_a_check_that_found_all_right_is_remembered_by_all_that_it_depends_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    for name in ("CASEBOOK", "DATA", "NOTEBOOKS", "crmlib"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        (folder / "file").write_text("as it was")
        if name != "crmlib":
            monkeypatch.setattr(build, name, folder)
    before = build.mark()
    assert before == build.mark()
    for path in sorted(tmp_path.glob("*/file")):
        path.write_text("otherwise")
        assert build.mark() != before, path
        path.write_text("as it was")
    assert build.mark() == before


def test_nothing_is_built_while_interface_text_is_untranslated(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build.target(copied, "en").read_bytes()
    monkeypatch.setattr(build.catalogue, "problems", lambda: iter(["Not translated: “gold”."]))
    with pytest.raises(UserError, match="Not translated: “gold”"):
        rebuilt(copied, "en")
    assert build.target(copied, "en").read_bytes() == before


def test_a_cell_that_fails_leaves_the_old_notebook_in_place(copied: Path) -> None:
    before = build.target(copied, "en").read_bytes()
    rewrite(copied, "\noverview()", "\nraise ValueError('broken on purpose')")
    with pytest.raises(UserError, match="broken on purpose"):
        rebuilt(copied, "en")
    assert build.target(copied, "en").read_bytes() == before


# The tests find what is wrong -----------------------------------------------------------------------------------------


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_strict_nbval_passes_a_stored_notebook_and_fails_one_with_a_damaged_number(tmp_path: Path) -> None:
    folder = tmp_path / "notebooks" / "en"
    folder.mkdir(parents=True)
    good, bad = folder / "good.ipynb", folder / "bad.ipynb"
    text = build.target(SOURCES["case_bank_tiers"], "en").read_text("utf-8")
    table = re.search(r'"Gold firms +(\d+)', text)
    assert table
    at = table.start(1)
    good.write_text(text, "utf-8")
    bad.write_text(text[:at] + str(9 - int(text[at])) + text[at + 1 :], "utf-8")
    plugins = ["-p", "tests.early", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, *plugins, "--nbval", "-n0", "-q", "-ra", good, bad],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(failed) == 1 and "bad.ipynb" in failed[0], done.stdout
    assert "1 failed" in done.stdout and "passed" in done.stdout


def test_the_slow_import_that_is_kept_out_is_still_there_to_be_kept_out() -> None:
    """When this fails, jsonschema has become lazy: delete ``crmlib/support/light.py`` and what imports it."""
    loaded = "import sys; {first}import nbformat; print(getattr(sys.modules.get('rfc3987_syntax'), '__name__', ''))"
    assert python(loaded.format(first="")) == "rfc3987_syntax", "upstream is lazy now: delete crmlib/support/light.py"
    assert python(loaded.format(first="from crmlib.support import light; ")) == ""


def test_an_explorer_brings_neither_plotlys_python_nor_jupyters_tools_into_the_kernel() -> None:
    heavy = ("plotly.graph_objects", "plotly.express", "nbformat", "papermill", "scipy", "matplotlib")
    code = "import sys; from crmlib.chapters.tiers.explorers import explore; explore(); "
    assert python(code + f"print(*(name for name in {heavy!r} if name in sys.modules))") == ""


def test_scipy_comes_into_the_kernel_where_something_is_estimated_and_not_before() -> None:
    """It takes nearly as long to import as all else that a chapter needs."""
    code = "import sys; import crmlib.chapters.studies, crmlib.learning.practice; from crmlib.items.bank import bank; "
    there = "print(*(name for name in ('scipy.stats', 'scipy.optimize', 'scipy.special') if name in sys.modules))"
    assert python(f"{code}bank(); {there}") == ""


@pytest.fixture(autouse=True)
def _no_kernel_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let kernels take their language from their folder."""
    monkeypatch.delenv("CRM_LANG", raising=False)


def test_what_a_cell_prints_in_pieces_is_stored_in_one(tmp_path: Path) -> None:
    pieces = "import time\nprint(1, flush=True)\ntime.sleep(0.5)\nprint(2)"
    notebook = jupyter.assembled([jupyter.new_cell("code", pieces)], "pieces")
    jupyter.client(notebook, tmp_path, str(tmp_path)).execute()
    (output,) = notebook.cells[0].outputs
    assert output.text == "1\n2\n"
