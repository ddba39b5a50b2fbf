"""What the hub asks before it starts, what a student's server does before it serves, and what the guide says."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import validate
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config, PyFileConfigLoader

from crmlib import casebook
from crmlib.chapters.tiers.models.tiers import TierPolicy
from crmlib.classroom import copies, lab
from crmlib.classroom.contents import be_still
from crmlib.classroom.roster import Roster, read_roster, shared_password, start_language
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import NOTEBOOKS, ROOT, own_folder
from crmlib.support.mime import PLOTLY_MIME, WIDGET_MIME

CONFIG = ROOT / "docs" / "classroom" / "jupyterhub_config.py"
GUIDE = (ROOT / "docs" / "classroom.md").read_text("utf-8")
CHAPTER = "notebooks/zh/02_tiers.ipynb"
posix = pytest.mark.skipif(sys.platform == "win32", reason="JupyterHub does not run on Windows")


# Whose folder ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [None, ""])
def test_without_a_folder_named_the_users_own_work_is_beside_the_workbook(
    monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.delenv("CRM_HOME", raising=False)
    if named is not None:
        monkeypatch.setenv("CRM_HOME", named)
    assert own_folder() == ROOT
    assert casebook.case("bank_tiers").own_path("x") == ROOT / "casebook" / "bank_tiers" / "mine" / "x.yaml"


def test_a_scenario_goes_to_the_folder_named_and_is_found_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("CRM_HOME", str(tmp_path / "own"))
    path = casebook.save_scenario("bank_tiers", "tighter", TierPolicy(lgd=0.6))
    assert path == tmp_path / "own" / "casebook" / "bank_tiers" / "mine" / "tighter.yaml"
    assert casebook.case("bank_tiers").scenario("tighter").inputs == {"lgd": 0.6}
    monkeypatch.setenv("CRM_HOME", str(tmp_path / "of another"))
    assert "tighter" not in casebook.case("bank_tiers").scenarios


def test_the_folder_named_may_be_in_the_home_or_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("CRM_HOME", "~/crm")
    assert own_folder() == tmp_path / "crm"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRM_HOME", "~there is no such user")
    with pytest.raises(UserError, match="CRM_HOME is “~there is no such user”: there is no such user"):
        own_folder()
    monkeypatch.setenv("CRM_HOME", "here")
    assert own_folder() == tmp_path / "here"


# The roster -----------------------------------------------------------------------------------------------------------


def roster_of(folder: Path, text: str) -> Roster:
    path = folder / "roster.txt"
    path.write_text(text, "utf-8")
    return read_roster(path)


def test_a_roster_names_students_and_teachers(tmp_path: Path) -> None:
    text = "\ufeff# spring\n\nWang  Teacher  # the lecturer\r\ns2023001 # 张三\n  0042\n_a.b-c\n"
    assert roster_of(tmp_path, text) == Roster(frozenset({"s2023001", "0042", "_a.b-c"}), frozenset({"wang"}))


BAD_LINES = {
    "../x": "cannot be a login name",
    "a/b": "cannot be a login name",
    ".hidden": "cannot be a login name",
    "-x": "cannot be a login name",
    "..": "cannot be a login name",
    "张三": "cannot be a login name",
    "a" * 33: "cannot be a login name",
    "a\\b": "cannot be a login name",
    "ｓ１": "cannot be a login name",
    "li hua": "behind the name stands “hua”",
    "li teacher teacher": "behind the name stands “teacher teacher”",
    "first": "“first” stands in line 1 already",
}


@pytest.mark.parametrize("line", BAD_LINES, ids=ascii)
def test_a_line_that_is_no_name_is_refused_with_its_number(tmp_path: Path, english: None, line: str) -> None:
    with pytest.raises(UserError) as refusal:
        roster_of(tmp_path, f"first\nsecond\n{line}\n")
    (sentence,) = refusal.value.problems
    assert "roster.txt, line 3" in sentence and BAD_LINES[line] in sentence


def test_every_bad_line_gets_its_sentence(tmp_path: Path, lang: str) -> None:
    with pytest.raises(UserError) as refusal:
        roster_of(tmp_path, "a/b\nc d\nok\n")
    assert len(refusal.value.problems) == 2


@pytest.mark.parametrize(("text", "said"), [("", "is empty"), ("# nobody yet\n", "names nobody")])
def test_a_roster_that_names_nobody_lets_nobody_in(tmp_path: Path, english: None, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        roster_of(tmp_path, text)


@given(st.text(max_size=12))
def test_whatever_a_roster_lets_in_is_the_name_of_one_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        found = roster_of(folder, name)
    except UserError:
        return
    for user in found.students | found.teachers:
        assert (folder / user).parent == folder and (folder / user).resolve().parent == folder.resolve()
        assert not user.startswith((".", "-")) and user.isascii()


# What the variables say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["", "1234567"])
def test_an_empty_or_short_password_is_refused(monkeypatch: pytest.MonkeyPatch, english: None, password: str) -> None:
    monkeypatch.setenv("CRM_HUB_PASSWORD", password)
    with pytest.raises(UserError, match=f"CRM_HUB_PASSWORD holds {len(password)} characters; it needs at least 8"):
        shared_password("CRM_HUB_PASSWORD")


def test_a_language_that_the_workbook_does_not_speak_is_refused(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("CRM_HUB_LANG", "fr")
    with pytest.raises(UserError, match="fr"):
        start_language()


Configured = Callable[..., Config]


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configured:
    """Read the configuration with these variables."""

    def read(roster: str = "li\nwang teacher\n", **variables: str) -> Config:
        (tmp_path / "roster.txt").write_text(roster, "utf-8")
        for name in ("CRM_HUB_PASSWORD", "CRM_HUB_TEACHER_PASSWORD", "CRM_HUB_LANG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"CRM_HUB_DIR": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        return PyFileConfigLoader(CONFIG.name, str(CONFIG.parent)).load_config()

    return read


@posix
def test_without_a_password_system_accounts_log_in(configured: Configured) -> None:
    c = configured()
    assert c.JupyterHub.authenticator_class == "pam"
    assert c.JupyterHub.spawner_class.endswith(".LocalProcessSpawner")
    assert (c.Authenticator.allowed_users, c.Authenticator.admin_users) == ({"li"}, {"wang"})
    assert c.Authenticator.allow_existing_users is False and "allow_all" not in c.Authenticator


@posix
def test_with_a_password_it_is_a_trial_in_the_hubs_own_folder(configured: Configured, tmp_path: Path) -> None:
    c = configured(CRM_HUB_PASSWORD="a-shared-word", CRM_HUB_LANG="en")
    assert c.JupyterHub.authenticator_class == "shared-password"
    assert c.SharedPasswordAuthenticator.user_password == "a-shared-word"
    assert c.SharedPasswordAuthenticator.admin_password is None
    assert c.SimpleLocalProcessSpawner.home_dir_template == f"{tmp_path}/students/{{username}}"
    assert c.Spawner.default_url == "/lab/tree/notebooks/en/00_start.ipynb"


@posix
def test_every_address_of_the_configuration_is_this_machine(configured: Configured) -> None:
    c = configured()
    addresses = [c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url, c.ConfigurableHTTPProxy.api_url]
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    assert len(set(addresses)) == 3


BAD = {
    "a short password": ({"CRM_HUB_PASSWORD": "x"}, "CRM_HUB_PASSWORD holds 1"),
    "a short password of teachers": ({"CRM_HUB_TEACHER_PASSWORD": "x" * 31}, "at least 32"),
    "another language": ({"CRM_HUB_LANG": "fr"}, "“fr” is not a language"),
    "no folder": ({"CRM_HUB_DIR": "/nowhere/at/all"}, "/nowhere/at/all/roster.txt is missing"),
    "a bad roster": ({"roster": "../x"}, "roster.txt, line 1"),
}


@posix
@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_said_in_a_sentence_before_the_hub_starts(
    configured: Configured, english: None, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    variables, said = BAD[what]
    with pytest.raises(SystemExit) as ended:
        configured(**variables)
    complaint = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in complaint and complaint.count("\n") == 1


# What a student finds -------------------------------------------------------------------------------------------------


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook of one chapter, to be brought out in a new edition."""
    folder = tmp_path / "workbook" / "notebooks"
    (folder / "zh").mkdir(parents=True)
    (folder / "src").mkdir()
    (folder / "zh" / "02_tiers.ipynb").write_bytes((NOTEBOOKS / "zh" / "02_tiers.ipynb").read_bytes())
    monkeypatch.setattr(copies, "NOTEBOOKS", folder)
    return folder.parent


def edit(path: Path, change: Callable[[Any], object]) -> None:
    notebook = json.loads(path.read_bytes())
    change(notebook)
    path.write_text(json.dumps(notebook), "utf-8")


def write_in(words: str) -> Callable[[Any], object]:
    return lambda notebook: notebook["cells"][0].update(source=[words])


def run_only(notebook: Any) -> None:
    """Change what JupyterLab changes when a notebook is opened and run."""
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3"}
    for cell in notebook["cells"]:
        cell["metadata"]["trusted"] = True
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)


def test_the_notebooks_of_both_languages_come_with_their_pages_and_no_sources(tmp_path: Path) -> None:
    came = copies.deliver(tmp_path)
    shipped = {path.relative_to(ROOT) for lang in ("zh", "en") for path in (NOTEBOOKS / lang).glob("**/*.[ih]*")}
    assert {path.suffix for path in shipped} == {".ipynb", ".html"}
    assert {path.relative_to(tmp_path) for path in came} == shipped
    assert all((tmp_path / path).read_bytes() == (ROOT / path).read_bytes() for path in shipped)
    assert copies.deliver(tmp_path) == []


def test_a_new_chapter_comes_later_and_a_lost_one_again(tmp_path: Path, workbook: Path) -> None:
    home = tmp_path / "home"
    assert copies.deliver(home) == [home / CHAPTER]
    (workbook / "notebooks" / "zh" / "03_new.ipynb").write_bytes((home / CHAPTER).read_bytes())
    assert copies.deliver(home) == [home / "notebooks/zh/03_new.ipynb"]
    (home / CHAPTER).unlink()
    assert copies.deliver(home) == [home / CHAPTER]


@pytest.mark.parametrize("change", [None, run_only])
def test_a_new_edition_replaces_what_the_student_has_only_run(
    tmp_path: Path, workbook: Path, change: Callable[[Any], object] | None
) -> None:
    home = tmp_path / "home"
    copies.deliver(home)
    if change:
        edit(home / CHAPTER, change)
    assert copies.deliver(home) == []
    edit(workbook / CHAPTER, write_in("second edition"))
    assert copies.deliver(home) == [home / CHAPTER]
    edit(workbook / CHAPTER, write_in("third edition"))
    assert copies.deliver(home) == [home / CHAPTER]


def add_cell(notebook: Any) -> None:
    notebook["cells"].append({"cell_type": "code", "source": "1 + 1", "metadata": {}, "outputs": []})


def paste_picture(notebook: Any) -> None:
    notebook["cells"][0]["attachments"] = {"a.png": {"image/png": "aGk="}}


OWN_WORK: dict[str, Callable[[Path], object]] = {
    "words": lambda path: edit(path, write_in("mine")),
    "a cell": lambda path: edit(path, add_cell),
    "no cell": lambda path: edit(path, lambda notebook: notebook.update(cells=[])),
    "a picture": lambda path: edit(path, paste_picture),
    "something else": lambda path: path.write_text("not a notebook", "utf-8"),
    "nothing": lambda path: path.write_bytes(b""),
    "brackets without end": lambda path: path.write_text("[" * 100_000, "utf-8"),
    "a list": lambda path: path.write_text("[]", "utf-8"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a dead link": lambda path: (path.unlink(), path.symlink_to("nowhere")),
}


BESIDE = "notebooks/zh/02_tiers.new.ipynb"


@pytest.mark.parametrize("work", OWN_WORK)
def test_what_the_student_has_written_is_never_replaced_and_a_new_edition_lies_beside_it(
    tmp_path: Path, workbook: Path, work: str
) -> None:
    home = tmp_path / "home"
    copies.deliver(home)
    OWN_WORK[work](home / CHAPTER)
    assert copies.deliver(home) == []
    kept = (home / CHAPTER).read_bytes() if (home / CHAPTER).is_file() else None
    for edition in ("second", "third"):
        edit(workbook / CHAPTER, write_in(edition))
        assert copies.deliver(home) == [home / BESIDE]
        assert copies.deliver(home) == []
        assert (home / BESIDE).read_bytes() == (workbook / CHAPTER).read_bytes()
    assert kept is None or (home / CHAPTER).read_bytes() == kept


def test_a_new_edition_written_in_is_kept_as_well(tmp_path: Path, workbook: Path) -> None:
    home = tmp_path / "home"
    copies.deliver(home)
    edit(home / CHAPTER, write_in("mine"))
    edit(workbook / CHAPTER, write_in("second"))
    copies.deliver(home)
    edit(home / BESIDE, write_in("mine too"))
    assert copies.deliver(home) == []
    edit(workbook / CHAPTER, write_in("third"))
    assert copies.deliver(home) == [home / "notebooks/zh/02_tiers.new2.ipynb"]
    assert b"mine too" in (home / BESIDE).read_bytes()


def test_a_new_edition_put_away_or_taken_over_does_not_come_again(tmp_path: Path, workbook: Path) -> None:
    home = tmp_path / "home"
    copies.deliver(home)
    edit(home / CHAPTER, write_in("mine"))
    edit(workbook / CHAPTER, write_in("second"))
    copies.deliver(home)
    offered = (home / BESIDE).read_bytes()
    (home / BESIDE).unlink()
    assert copies.deliver(home) == []
    (home / CHAPTER).write_bytes(offered)
    assert copies.deliver(home) == []
    edit(workbook / CHAPTER, write_in("third"))
    assert copies.deliver(home) == [home / CHAPTER]


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"notebooks/zh/02_tiers.ipynb": 1}'])
def test_where_it_is_not_known_what_was_delivered_nothing_is_replaced(
    tmp_path: Path, workbook: Path, damage: str
) -> None:
    home = tmp_path / "home"
    copies.deliver(home)
    before = (home / CHAPTER).read_bytes()
    (home / copies.DELIVERED).write_text(damage, "utf-8")
    edit(workbook / CHAPTER, write_in("second edition"))
    assert copies.deliver(home) == [home / BESIDE]
    assert (home / CHAPTER).read_bytes() == before


def test_the_copies_work_in_a_folder_that_tells_their_language_and_git_ignores(tmp_path: Path) -> None:
    copies.deliver(tmp_path / "mine")
    for lang in LANGUAGES:
        assert list((tmp_path / "mine" / "notebooks" / lang).glob("*.ipynb"))
    ignored = subprocess.run(["git", "check-ignore", "-q", f"mine/{CHAPTER}"], cwd=ROOT, check=False)
    assert ignored.returncode == 0 or not (ROOT / ".git").exists()


# A notebook that was saved with its kernel gone -----------------------------------------------------------------------


def saved(*, state: bool = False) -> Any:
    """A notebook with an explorer and an exercise, as JupyterLab saves it."""
    view = {WIDGET_MIME: {"model_id": "0"}}
    cells = [
        new_code_cell(
            "explorer",
            outputs=[new_output("execute_result", {**view, PLOTLY_MIME: {}, "text/plain": "Run it (Shift+Enter)"})],
        ),
        new_code_cell("exercise", outputs=[new_output("execute_result", {**view, "text/plain": "Which tier?"})]),
        new_code_cell("table", outputs=[new_output("execute_result", {"text/plain": "1"}), new_output("stream")]),
    ]
    return new_notebook(cells=cells, metadata={"widgets": {}} if state else {})


def test_a_notebook_without_its_kernel_shows_pictures_and_says_to_run_it() -> None:
    notebook = saved()
    be_still(notebook)
    outputs = [[dict(output.get("data", {})) for output in cell.outputs] for cell in notebook.cells]
    assert outputs == [
        [{PLOTLY_MIME: {}, "text/plain": "Run it (Shift+Enter)"}, {"text/plain": "Run it (Shift+Enter)"}],
        [{"text/plain": "Which tier?"}],
        [{"text/plain": "1"}, {}],
    ]
    validate(notebook)


def test_a_notebook_saved_with_the_state_of_its_widgets_keeps_them() -> None:
    notebook = saved(state=True)
    be_still(notebook)
    assert notebook == {**saved(state=True), "cells": notebook["cells"]}
    assert all(WIDGET_MIME in cell.outputs[0].data for cell in notebook.cells[:2])


def test_jupyterlab_starts_in_the_language_of_the_class_and_fetches_no_news(tmp_path: Path, lang: str) -> None:
    folder = lab.settings(tmp_path, lang)
    defaults = json.loads((folder / "labconfig" / "default_setting_overrides.json").read_bytes())
    assert defaults["@jupyterlab/translation-extension:plugin"] == {"locale": {"zh": "zh_CN", "en": "en"}[lang]}
    notices = defaults["@jupyterlab/apputils-extension:notification"]
    assert notices == {"fetchNews": "false", "checkForUpdates": False}


def test_the_defaults_given_to_jupyterlab_are_ones_it_knows(tmp_path: Path, lang: str) -> None:
    """And of the type and among the values that it takes."""
    schemas = Path(sys.prefix, "share", "jupyter", "lab", "schemas")
    folder = lab.settings(tmp_path, lang)
    given = json.loads((folder / "labconfig" / "default_setting_overrides.json").read_bytes())
    assert given
    for plugin, values in given.items():
        package, _, name = plugin.partition(":")
        known = json.loads((schemas / package / f"{name}.json").read_text("utf-8"))["properties"]
        for key, value in values.items():
            allowed = [choice["const"] for choice in known[key].get("oneOf", [])] or known[key].get("enum", [])
            assert not allowed or value in allowed
            kinds = {"string": str, "boolean": bool, "array": list, "object": dict}
            assert isinstance(value, kinds[known[key]["type"]])


# The guide ------------------------------------------------------------------------------------------------------------


def test_the_guide_says_the_same_in_both_languages() -> None:
    zh, en = re.split(r"^## English$", GUIDE, flags=re.MULTILINE)

    def shape(text: str) -> list[str]:
        marks = [re.match(r"#+ |- |\d+\. |```|\|.*\|$", line) for line in text.splitlines()]
        return [f"row of {mark[0].count('|')}" if mark[0][0] == "|" else mark[0] for mark in marks if mark]

    def commands(text: str) -> list[str]:
        return re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)

    assert shape(zh.partition("## 中文")[2]) == shape(en)
    assert [re.sub(r" *#.*", "", block) for block in commands(zh)] == [re.sub(r" *#.*", "", b) for b in commands(en)]
    assert re.findall(r"`[^`]+`", re.sub(r"```.*?```", "", zh, flags=re.DOTALL)) == re.findall(
        r"`[^`]+`", re.sub(r"```.*?```", "", en, flags=re.DOTALL)
    )
    for block in ("work.py setup --all", "jupyterhub -f docs/classroom/jupyterhub_config.py"):
        assert block in "".join(commands(zh))
