"""Do the notebooks beside the site run on what lies there, pinned and whole, with nothing that is not for students?"""

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import Crm
from lite import like_a_students, real_lock, release
from packaging.requirements import Requirement

from crmlib.classroom import lab
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.core.paths import NOTEBOOKS, ROOT, SOURCES
from crmlib.exams import samples
from crmlib.items import bank as banks
from crmlib.notebooks.jupyter import nbformat
from crmlib.site import build, lite, pyodide
from crmlib.site.pages import Section, Sheet
from crmlib.support.texts import title

TOPIC, START = "satisfaction", "00_start"
NAMES = [START, *build.notebooks()]
RUNTIME = "static/pyodide"


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("pyodide"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, theirs: Path) -> Path:
    out = tmp_path_factory.mktemp("site") / lite.FOLDER
    lite.write(out, NAMES, like_a_students(theirs))
    return out


@pytest.fixture(scope="module")
def packages(site: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((site / RUNTIME / pyodide.LOCK).read_text("utf-8"))["packages"]
    return told


@pytest.fixture(scope="module")
def unpacked(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of crmlib, as it is installed in the browser."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(next((site / RUNTIME).glob("crm_workbook-*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.shared(2)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_notebook_is_there_in_its_language_and_nothing_else(site: Path, lang: str) -> None:
    folder = site / "files" / "notebooks" / lang
    found = {path.name for path in folder.iterdir()}
    assert found == {path.name for path in (NOTEBOOKS / lang).glob("*.ipynb")} | {samples.FOLDER}
    for path in folder.glob("*.ipynb"):
        shown = nbformat.read(path, as_version=4)
        assert shown == nbformat.read(NOTEBOOKS / lang / path.name, as_version=4)
        assert f"# {title(SOURCES / f'{path.stem}.md', lang)}" in "\n".join(cell.source for cell in shown.cells)
        raw = json.loads(path.read_text("utf-8"))["cells"]
        assert all(isinstance(cell["source"], str) for cell in raw)  # JupyterLite joins no lines
    listed = json.loads((site / "api" / "contents" / "notebooks" / lang / "all.json").read_text("utf-8"))["content"]
    assert {one["name"] for one in listed} == found


def test_no_key_and_nothing_of_the_instructors_is_there(site: Path, unpacked: Path) -> None:
    files = [path.relative_to(site).as_posix() for path in (site / "files").rglob("*") if path.is_file()]
    told = re.compile(r"files/notebooks/(zh|en)/(\w+\.ipynb|papers/final-[ABC](-key|-marking)?\.html)")
    assert files and all(map(told.fullmatch, files)), "of papers the samples alone, which are there to be read"
    installed = [path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()]
    closed = re.compile(r"/(mine|papers)/|^crmlib/book/.*/teaching\.|make_\w+\.py$|\.ipynb$|\.pyc$")
    assert [file for file in installed if closed.search(file)] == []
    book = {Path(file).suffix for file in installed if file.startswith("crmlib/book/")}
    assert book == {".csv", ".md", ".yaml"}


def test_an_item_marked_for_exams_is_not_in_the_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bank = banks.bank()
    named = next(item for item in bank.items.values() if item.enemies)
    closed = [bank.item(named.enemies[0]), bank.of(TOPIC)[0]]
    assert all(one.id.encode() in b"".join(text for _place, text in lite.book()) for one in closed)
    kept = {id: item for id, item in bank.items.items() if item not in closed}
    monkeypatch.setattr(banks, "bank", lambda: banks.replace(bank, items=kept))
    for place, text in lite.book():
        if place.startswith("casebook/items/"):
            (tmp_path / Path(place).name).write_bytes(text)
    told = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert not any(f"id: {one.id}\n" in told or one.stem.en in told or one.stem.zh in told for one in closed)
    monkeypatch.undo()
    again = banks.read_bank(tmp_path, packaged=False)
    assert again.items.keys() == kept.keys()
    assert again.items[named.id].stem == named.stem


def test_the_wheel_has_what_the_notebooks_read(unpacked: Path) -> None:
    there = contents(unpacked / "crmlib")
    assert {"locale/zh/LC_MESSAGES/crm.mo", "plotting/live.js", "learning/fields.js"} <= there.keys()
    for place in ("data/bank_loans.csv", "data/bank_loans.yaml", "casebook/glossary.yaml", "notebooks/src/02_tiers.md"):
        assert there[f"book/{place}"] == (ROOT / place).read_bytes()


def test_every_package_is_pinned_by_its_hash_and_lies_in_the_site(site: Path, packages: dict[str, Any]) -> None:
    names = pyodide.needed(packages, ["crm-workbook", *pyodide.KERNEL])
    assert {"crm-workbook", "numpy", "pandas", "pydantic-core", "pyyaml", "scipy", *lite.PURE} <= {*names}
    for name in names:
        file = site / RUNTIME / packages[name]["file_name"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == packages[name]["sha256"]
        assert {pyodide.named(one) for one in packages[name]["depends"]} <= packages.keys()
    here = {path.name for path in (site / RUNTIME).iterdir()} - {*pyodide.CORE}
    assert here == {packages[name]["file_name"] for name in names}
    assert "crmlib" in packages["crm-workbook"]["imports"]  # a cell that imports it has it loaded


def test_what_is_added_to_pyodide_is_pure_python_of_the_versions_that_are_locked(packages: dict[str, Any]) -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for name in lite.PURE:
        assert packages[name]["file_name"].endswith("py3-none-any.whl")
        pinned = re.search(
            rf"^{name}=={re.escape(packages[name]['version'])} (?:[^\n]*\n    )*?.*{packages[name]['sha256']}",
            lock,
            re.M,
        )
        assert pinned, name
        assert name not in real_lock()["packages"]  # Pyodide's own would do


def test_the_lower_bounds_admit_what_pyodide_brings() -> None:
    theirs = real_lock()["packages"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [Requirement(line) for line in project["dependencies"]]
    shared = {
        one.name: (str(one.specifier), theirs[pyodide.named(one.name)]["version"])
        for one in asked
        if pyodide.named(one.name) in theirs
    }
    assert {"numpy", "pandas", "pydantic", "python-calamine", "pyyaml", "scipy"} <= shared.keys()
    assert [one.name for one in asked if one.name in shared and not one.specifier.contains(shared[one.name][1])] == []


def test_the_pyodide_is_the_one_that_the_kernel_is_made_for() -> None:
    from jupyterlite_pyodide_kernel import constants

    assert (pyodide.VERSION, pyodide.PYTHON) == (constants.PYODIDE_VERSION, constants.PYODIDE_PYTHON_VERSION)
    assert real_lock()["info"]["python"].startswith(f"{pyodide.PYTHON}.")


def alone(
    unpacked: Path, packages: dict[str, Any], *notebooks: str, without: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run notebooks of the installed wheel with the packages that the browser has."""
    allowed = unpacked / "allowed.txt"
    names = {*pyodide.needed(packages, ["crm-workbook", *pyodide.KERNEL])} - {without}
    allowed.write_text("\n".join(names), "utf-8")
    env = {**os.environ, "PYTHONPATH": str(unpacked), "CRM_UNATTENDED": "1", "CRM_HOME": str(unpacked / "home")}
    env.pop("CRM_LANG", None)
    command = [sys.executable, "-P", str(Path(__file__).with_name("alone.py")), str(allowed), *notebooks]
    return subprocess.run(command, env=env, cwd=unpacked, capture_output=True, encoding="utf-8")


def test_every_notebook_imports_what_the_browser_has_and_no_more(
    site: Path, unpacked: Path, packages: dict[str, Any]
) -> None:
    done = alone(unpacked, packages, *(f"{site}/files/notebooks/zh/{name}.ipynb:imports" for name in NAMES))
    assert done.returncode == 0, done.stderr
    assert f"crmlib is {unpacked / 'crmlib'}" in done.stdout


@pytest.mark.shared(2)
@pytest.mark.parametrize("without", ["fsrs", "pyyaml"])
def test_a_package_that_is_not_there_is_missed(
    without: str, site: Path, unpacked: Path, packages: dict[str, Any]
) -> None:
    done = alone(unpacked, packages, f"{site}/files/notebooks/zh/{START}.ipynb:imports", without=without)
    assert done.returncode and "ModuleNotFoundError" in done.stdout + done.stderr


@pytest.mark.shared(2)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chapter_runs_from_the_wheel_in_the_language_of_its_folder(
    lang: str, site: Path, unpacked: Path, packages: dict[str, Any]
) -> None:
    chapter = site / "files" / "notebooks" / lang / "02_tiers.ipynb"
    done = alone(unpacked, packages, str(chapter))
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_asked_of_the_network(site: Path, packages: dict[str, Any]) -> None:
    told = json.loads((site / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    kernel = told["litePluginSettings"][lite.KERNEL]
    assert kernel["disablePyPIFallback"] is True
    assert kernel["pyodideUrl"] == f"./{RUNTIME}/pyodide.mjs" and (site / RUNTIME / "pyodide.mjs").is_file()
    assert all(url.startswith("./") and (site / url.partition("?")[0]).is_file() for url in kernel["pipliteUrls"])
    assert not any("/" in package["file_name"] for package in packages.values())
    assert told["fullLabextensionsUrl"].startswith("./")
    assert {one["name"] for one in told["federated_extensions"]} == {*lite.EXTENSIONS, "crm-start"}


@pytest.mark.parametrize(("lang", "locale"), lab.LOCALES.items())
def test_each_language_has_a_page_whose_menus_speak_it(site: Path, lang: str, locale: str) -> None:
    told = json.loads((site / f"lab-{lang}" / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    assert told["appUrl"] == f"/lab-{lang}"
    assert told["settingsOverrides"]["@jupyterlab/translation-extension:plugin"] == {"locale": locale}
    assert locale == "en" or (site / "api" / "translations" / f"{locale}.json").is_file()


@pytest.mark.whole
def test_the_same_notebooks_are_the_same_bytes_and_tell_of_no_folder(site: Path, theirs: Path, tmp_path: Path) -> None:
    lite.write(tmp_path / "again", NAMES, like_a_students(theirs))
    before, again = contents(site), contents(tmp_path / "again")
    assert before.keys() == again.keys()
    assert [name for name in before if before[name] != again[name]] == []
    assert [name for name, text in before.items() if str(ROOT).encode() in text or b"/crm-lite-" in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_leads_to_its_notebook_where_notebooks_run_and_only_there(lang: str, site: Path) -> None:
    one = Sheet("03_satisfaction", "T", "<p>body</p>", (Section("", "T", "words", 1),), (), (), frozenset())
    assert "crm-lite" not in dict(build._pages(lang, [one]))[one.name]
    pages = dict(build._pages(lang, [one], (), runs=True))
    (place,) = re.findall(r'<p class="crm-lite"><a href="\.\./lite/([^"]*)"', pages[one.name])
    page, _query, path = place.partition("?path=")
    assert (site / page).is_file() and (site / "files" / path).is_file()
    assert page.startswith(f"lab-{lang}/") and f"/{lang}/" in path
    assert "crm-lite" not in pages["data"]


def test_the_command_puts_the_notebooks_beside_the_pages(
    crm: Crm, theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def write(out: Path, names: list[str], lab: lite.Lab) -> None:
        seen.append((names, lab))
        out.mkdir()
        (out / "index.html").write_text("lite", "utf-8")

    monkeypatch.setattr(lite, "write", write)
    command = ["site", TOPIC, "--out", tmp_path / "site", "--whole-plotly", "--still", "--lite", "--pyodide", theirs]
    for _again in range(2):  # the second over the first
        code, _out, said = crm(*command, "--lang", "en")
        assert (code, said) == (0, "")
    assert seen == [([START, *build.notebooks([TOPIC])], like_a_students(theirs))] * 2
    assert (tmp_path / "site" / "lite" / "index.html").read_text("utf-8") == "lite"
    assert "crm-lite" in (tmp_path / "site" / "zh" / "03_satisfaction.html").read_text("utf-8")
    assert (
        '"lite/' not in (tmp_path / "site" / "sw.js").read_text("utf-8").partition("const WHOLE")[2].partition(";")[0]
    )


def test_the_papers_that_notebooks_lead_to_lie_beside_them(lang: str, site: Path) -> None:
    led = re.findall(r"\]\((papers/[^)]+)\)", (NOTEBOOKS / lang / "00_start.ipynb").read_text("utf-8"))
    assert led and all((site / "files" / "notebooks" / lang / place).is_file() for place in led)


def test_a_pyodide_without_notebooks_is_refused(crm: Crm, theirs: Path, tmp_path: Path) -> None:
    code, _out, said = crm("site", "--out", tmp_path / "site", "--pyodide", theirs, "--lang", "en")
    assert (code, said.strip()) == (2, "--pyodide is of use with --lite alone; give both or neither.")
    assert not (tmp_path / "site").exists()


def test_what_lies_there_of_something_else_stays(crm: Crm, theirs: Path, tmp_path: Path) -> None:
    (tmp_path / "lite").mkdir()
    (tmp_path / "lite" / "notes.txt").write_text("of somebody else", "utf-8")
    code, _out, said = crm("site", "--out", tmp_path, "--lite", "--pyodide", theirs, "--lang", "en")
    assert code == 2 and f"{tmp_path / 'lite' / 'notes.txt'} is there already" in said


HOW = {
    "en": "Get pyodide-314.0.6.tar.bz2 from the releases of github.com/pyodide/pyodide (tag 314.0.6), unpack it, "
    "and name its folder with --pyodide.",
    "zh": "请从 github.com/pyodide/pyodide 的发布页（标签 314.0.6）下载 pyodide-314.0.6.tar.bz2，"
    "解压后用 --pyodide 指明它的文件夹。",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_files_that_are_missing_are_named_with_where_they_are_to_be_had(lang: str, crm: Crm, tmp_path: Path) -> None:
    folder = release(tmp_path)
    for file in [*folder.glob("numpy-2*.whl"), folder / "pyodide.asm.wasm"]:
        file.unlink()
    code, _out, said = crm("site", "--out", tmp_path / "out", "--lite", "--pyodide", folder, "--lang", lang)
    assert code == 2 and said.endswith(f"{HOW[lang]}\n") and "Traceback" not in said
    assert "pyodide.asm.wasm" in said and "numpy-2.4.6-cp314" in said and "scipy" not in said
    assert not (tmp_path / "out").exists()


def test_of_many_missing_files_a_few_are_named(tmp_path: Path) -> None:
    told = release(tmp_path) / pyodide.LOCK
    names = pyodide.needed(json.loads(told.read_text("utf-8"))["packages"], ["pandas", "scipy"])
    for path in [*tmp_path.glob("*.whl"), *(tmp_path / name for name in pyodide.CORE if name != pyodide.LOCK)]:
        path.unlink()
    with speaking("en"), pytest.raises(UserError, match=r"pyodide.mjs, .* and 5 more\. Get") as refusal:
        list(pyodide.files(tmp_path, json.loads(told.read_text("utf-8")), names))
    assert len(names) == 6 and str(refusal.value).count(".whl") == 1


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "is not the file that"), ("zh", "不是 pyodide-lock.json 里列出的那个文件")]
)
def test_a_file_that_was_changed_is_refused(lang: str, said: str, tmp_path: Path) -> None:
    folder = release(tmp_path)
    (changed,) = folder.glob("pandas-3*.whl")
    changed.write_text("another", "utf-8")
    with speaking(lang), pytest.raises(UserError, match=said) as refusal:
        lite.check(like_a_students(folder))
    assert str(changed) in str(refusal.value)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        (None, "holds no Pyodide (pyodide-lock.json is missing)", "里没有 Pyodide（缺少 pyodide-lock.json）"),
        ("{", "is not the lock of a Pyodide", "不是 Pyodide 的锁定文件"),
        ("[]", "is not the lock of a Pyodide", "不是 Pyodide 的锁定文件"),
        ("\udcff", "is not the lock of a Pyodide", "不是 Pyodide 的锁定文件"),
        (
            '{"info": {"python": "3.14.2"}, "packages": {"numpy": {"file_name": "../x", "sha256": "", "depends": []}}}',
            "is not the lock of a Pyodide",
            "不是 Pyodide 的锁定文件",
        ),
        (
            '{"info": {"python": "3.13.2"}, "packages": {}}',
            "holds a Pyodide with Python 3.13.2; JupyterLite's kernel needs Python 3.14",
            "里的 Pyodide 带的是 Python 3.13.2；JupyterLite 的内核要用 Python 3.14",
        ),
    ],
)
def test_what_is_no_pyodide_is_refused(lang: str, text: str | None, en: str, zh: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / pyodide.LOCK).write_bytes(text.encode("utf-8", "surrogateescape"))
    with speaking(lang), pytest.raises(UserError) as refusal:
        lite.check(like_a_students(tmp_path))
    assert {"en": en, "zh": zh}[lang] in str(refusal.value) and str(refusal.value).endswith(HOW[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_folder_it_says_where_pyodide_is_to_be_had(lang: str, crm: Crm, tmp_path: Path) -> None:
    code, _out, said = crm("site", "--out", tmp_path / "out", "--lite", "--lang", lang)
    assert code == 2 and said.startswith("--lite ") and said.endswith(f"{HOW[lang]}\n")


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lite.importlib.util, "find_spec", lambda _name: None)
    with speaking("en"), pytest.raises(UserError, match="needs the extra “lite”: run “python3 work.py setup --all”"):
        lite.check(like_a_students(tmp_path))


def test_a_program_that_fails_is_told_by_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = "import sys; print('WARNING: x', file=sys.stderr); sys.exit('ERROR: no wheel of psygnal')"
    with speaking("en"), pytest.raises(UserError, match=r"^Sorry \(ERROR: no wheel of psygnal\)\.$"):
        lite._run([sys.executable, "-c", failing], tmp_path, "Sorry ({why}).")
    monkeypatch.setattr(lite, "LONGEST", 0.1)
    with speaking("zh"), pytest.raises(UserError, match="用时过长"):
        lite._run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, "Sorry ({why}).")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_full_disk_is_told(lang: str, theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "", "x.whl")

    monkeypatch.setattr(lite, "downloaded", full)
    said = {"en": r"x.whl cannot be written: .*disk", "zh": r"无法写入 x.whl：.*磁盘"}[lang]
    with speaking(lang), pytest.raises(UserError, match=said):
        lite.write(tmp_path / "out", NAMES, like_a_students(theirs))
