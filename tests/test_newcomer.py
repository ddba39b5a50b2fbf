"""A newcomer's first minutes: ``work.py`` and the files that say what to install. Nothing here uses the network."""

import ast
import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import venv
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any, ClassVar

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "work.py"


def load(folder: Path) -> ModuleType:
    """Import the ``work.py`` of a folder."""
    spec = importlib.util.spec_from_file_location("work_under_test", folder / "work.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a tiny project in a folder whose name has Chinese characters and a space."""
    folder = tmp_path / "课程 crm"
    (folder / "crmlib").mkdir(parents=True)
    (folder / "crmlib" / "__init__.py").write_text("where = __file__\n")
    (folder / "crmlib" / "__main__.py").write_text("import sys\nprint(ascii(sys.argv[1:]))\n")
    (folder / "requirements.lock").write_text("# everything\n")
    (folder / "requirements-lab.lock").write_text("")
    for lang in ("zh", "en"):
        (folder / "notebooks" / lang).mkdir(parents=True)
        (folder / "notebooks" / lang / "00_start.ipynb").write_text("{}")
    shutil.copy(WORK, folder)
    return folder


@pytest.fixture
def work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Return that project's ``work.py``, whose set-up makes an empty environment and installs nothing."""
    work = load(folder)

    def fake_run(zh: str, en: str, *commands: list[str]) -> None:
        command = commands[0]
        work.steps.append("compile" if command[1] == "-c" else command[2])
        if command[2] == "venv":
            work.SCRIPTS.mkdir(parents=True)
            work.PYTHON.touch()
        if command[2] == "pip":
            work.listed.append([Path(command[-1]).read_text() for command in commands])

    work.__dict__.update(steps=[], listed=[])
    monkeypatch.setattr(work, "run", fake_run)
    monkeypatch.setattr(work, "brings", lambda module: True)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return work


@pytest.fixture
def main(work: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return a function that runs ``work.py`` with the arguments given and returns its exit code."""

    def call(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["work.py", *arguments])
        code: int = work.main()
        return code

    return call


@pytest.fixture
def bare(work: ModuleType) -> ModuleType:
    """Return ``work`` with a real environment beside it, ready but holding no packages and no pip."""
    venv.create(work.ENV, with_pip=False, symlinks=os.name == "posix")
    work.add_project()
    work.write(work.STAMP, json.dumps(work.wanted_stamp("all")))
    return work


def script(code: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python code as a script would run."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


# Which Python


def test_old_pythons_can_read_work_py() -> None:
    tree = ast.parse(WORK.read_text("utf-8"), feature_version=(3, 6))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    annotations = [
        argument.annotation for function in functions for argument in function.args.args if argument.annotation
    ]
    annotations += [function.returns for function in functions if function.returns]
    evaluated = [ast.unparse(node) for node in annotations if not isinstance(node, ast.Constant | ast.Name)]
    assert not evaluated, "an old Python would evaluate these before it can say which Python is needed"


def test_work_py_needs_nothing_but_python() -> None:
    tree = ast.parse(WORK.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(("lang", "words"), [("zh", "需要 Python 3.11"), ("en", "Python 3.11 or newer is needed")])
def test_an_older_python_is_refused_in_one_line(lang: str, words: str) -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 9, 0); runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    done = script(pretend, str(WORK), "setup", "--lang", lang, PYTHONIOENCODING="utf-8")
    assert done.returncode == 2
    assert words in done.stderr
    assert "3.9" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_python_without_venv_is_refused_in_one_line(
    main: Callable[..., int], work: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(work, "brings", lambda module: module != "venv")
    assert main("setup") == 2
    said = capsys.readouterr().err
    assert "lacks its venv module" in said
    assert said.count("\n") == 1


# A Python that comes without pip, as Debian's does: the wheel is fetched from the index that the user's pip would ask


class Index(BaseHTTPRequestHandler):
    """A package index on this machine, which asks for a password."""

    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == "Basic " + base64.b64encode(b"me:p@ss").decode()
        page = self.pages.get(self.path)
        self.send_response(401 if not known else 404 if page is None else 200)
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the terminal of the tests."""


@pytest.fixture
def index(work: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Return the address of an index whose only file is pip's wheel; the Python that runs has no ensurepip."""
    wheel = b"not really a wheel"
    for name in [*filter(re.compile("pip_|.*_proxy$|requests_", re.I).match, os.environ)]:
        monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "APPDATA", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setattr(work, "brings", lambda module: module != "ensurepip")
    monkeypatch.setattr(work, "PIP_SHA256", hashlib.sha256(wheel).hexdigest())
    monkeypatch.setattr(work, "PUBLIC_INDEX", "http://127.0.0.1:9/none")
    link = f"../../files/{work.PIP_WHEEL}"
    monkeypatch.setattr(
        Index,
        "pages",
        {
            "/simple/pip/": f'<a href="../pip-1.whl">old</a> <a href="{link}#sha256=00&amp;x">pip</a>'.encode(),
            f"/files/{work.PIP_WHEEL}": wheel,
        },
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://me:p%40ss@127.0.0.1:{server.server_port}/simple"
        server.shutdown()
        thread.join()


def test_pip_is_fetched_where_python_comes_without(
    index: str, main: Callable[..., int], work: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index)
    assert main("setup") == 0
    assert work.steps == ["venv", "install", "pip", "compile"]
    assert work.is_ready("lab")


@pytest.mark.parametrize("place", [".config/pip", ".pip", "named"])
def test_pip_is_fetched_from_the_index_in_the_users_own_file(
    place: str, index: str, main: Callable[..., int], work: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if os.name != "posix" and place != "named":
        pytest.skip("another place on Windows")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    file = tmp_path / "home" / place / "pip.conf"
    file.parent.mkdir(parents=True)
    file.write_text(f"[global]\nindex-url = {index}/\n")
    if place == "named":
        monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    assert main("setup") == 0
    assert work.is_ready("lab")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ("other bytes", "校验值不符", "wrong hash"),
        ("no such file", "没有这个文件", "no such file"),
        (
            "no index",
            "无法从软件包索引取得 pip：http://127.0.0.1:",
            "Could not get pip from the package index: http://",
        ),
    ],
)
def test_what_keeps_pip_away_is_said_in_one_line_without_the_password(
    change: str,
    zh: str,
    en: str,
    lang: str,
    index: str,
    main: Callable[..., int],
    work: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index + ("/elsewhere" if change == "no index" else ""))
    if change == "other bytes":
        Index.pages[f"/files/{work.PIP_WHEEL}"] = b"tampered with"
    elif change == "no such file":
        Index.pages["/simple/pip/"] = b"<p>nothing"
    assert main("setup", "--lang", lang) == 2
    said = capsys.readouterr().err
    assert {"zh": zh, "en": en}[lang] in said
    assert said.count("\n") == 1
    assert "p%40ss" not in said
    assert not work.ENV.exists()


# What is said


def test_no_argument_lists_the_commands(main: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == main("--help") == main("lab", "--help") == 0
    said = capsys.readouterr().out
    assert all(f"work.py {command}" in said for command in ("setup", "lab", "test"))


@pytest.mark.parametrize("arguments", [["fly"], ["lab", "--prot", "1"], ["lab", "--port", "x"], ["--lang", "fr"]])
def test_a_wrong_command_is_refused_in_one_line(
    arguments: list[str], main: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(*arguments) == 2
    said = capsys.readouterr().err
    assert arguments[-1] in said or arguments[-2] in said
    assert "--help" in said
    assert said.count("\n") == 1


def test_the_language_is_the_one_asked_for_or_the_systems(
    main: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def speaks_chinese(*arguments: str) -> bool:
        assert main(*arguments) == 0
        return "练习册" in capsys.readouterr().out

    assert not speaks_chinese()
    assert speaks_chinese("--lang", "zh")
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", "zh_CN.UTF-8")
    assert speaks_chinese()
    assert not speaks_chinese("--lang=en")


def test_a_terminal_without_chinese_gets_english(folder: Path) -> None:
    run = "import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    done = script(run, str(folder / "work.py"), "--lang", "zh", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "The CRM course workbook" in done.stdout
    (folder / "requirements-lab.lock").unlink()
    done = script(run, str(folder / "work.py"), "setup", "--lang", "zh", PYTHONIOENCODING="ascii:strict")
    assert done.returncode == 2
    assert done.stderr.startswith("Cannot go on")
    assert done.stderr.count("\n") == 1


# The environment


def test_set_up_happens_once_and_says_what_is_next(
    work: ModuleType, main: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main("setup") == main("setup") == 0
    assert work.steps == ["venv", "pip", "compile"]
    said = capsys.readouterr().out
    assert said.count("1-2 minutes") == 1
    assert work.CRM in said


@pytest.mark.parametrize("cores", [None, 1, 3, 64])
def test_each_package_of_the_lock_is_installed_by_one_pip_with_all_its_hashes(
    cores: int | None, work: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work.os, "cpu_count", lambda: cores)
    for what, lock in work.LOCKS.items():
        lock.write_text((WORK.parent / lock.name).read_text("ascii"))
        work.install_packages(what)
        shares = work.listed.pop()
        assert len(shares) == min(cores or 1, work.PIPS)
        rows = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
        assert sorted("".join(shares).splitlines()) == sorted(rows)
        assert all(share[0].isalnum() and share.endswith("\n") for share in shares)
        sizes = [sum(not line.startswith(" ") for line in share.splitlines()) for share in shares]
        assert max(sizes) - min(sizes) <= 1


def test_the_extras_come_on_top_and_are_kept(
    work: ModuleType, main: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(work, "install_packages", installed.append)
    assert main("setup") == 0
    assert not work.is_ready("all")
    assert main("setup", "--all") == main("setup") == main("setup", "--all") == 0
    assert installed == ["lab", "all"]
    assert work.steps == ["venv"]


def test_extras_that_stopped_half_way_leave_nothing_ready(
    work: ModuleType, main: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(what: str) -> None:
        raise KeyboardInterrupt

    assert main("setup") == 0
    monkeypatch.setattr(work, "install_packages", interrupted)
    assert main("setup", "--all") == 130
    assert not work.is_ready("lab")


def test_a_half_made_environment_is_made_again(
    work: ModuleType, main: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(what: str) -> None:
        (work.ENV / "left behind").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(work, "install_packages", interrupted)
        assert main("setup") == 130
    assert "Interrupted" in capsys.readouterr().err
    assert not work.is_ready("lab")
    assert main("setup") == 0
    assert work.is_ready("lab")
    assert not (work.ENV / "left behind").exists()


@pytest.mark.parametrize("change", ["lock", "stamp", "python", "folder"])
def test_a_stale_environment_is_noticed(change: str, work: ModuleType, main: Callable[..., int]) -> None:
    assert main("setup") == 0
    assert work.is_ready("lab")
    if change == "lock":
        work.LOCKS["lab"].write_text("# newer\n")
    elif change == "stamp":
        work.STAMP.write_text('{"half')
    elif change == "python":
        work.PYTHON.unlink()
    else:
        work = load(work.ROOT.rename(work.ROOT.with_name("moved")))
    assert not work.is_ready("lab")


def test_a_second_set_up_waits_for_the_first(
    work: ModuleType, main: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def give_up(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(work.time, "sleep", give_up)
    with work.alone():
        assert main("setup") == 130
    assert "Another set-up" in capsys.readouterr().out
    assert not work.steps
    assert main("setup") == 0


def test_a_failing_pip_is_one_line_and_its_own_last_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work = load(folder)
    monkeypatch.setattr(work, "make_environment", lambda: venv.create(work.ENV, with_pip=False, symlinks=True))
    monkeypatch.setattr(sys, "argv", ["work.py", "setup", "--lang", "en"])
    assert work.main() == 2
    first, *rest = capsys.readouterr().err.splitlines()
    assert first.startswith("The installation failed")
    assert len(rest) == 1
    assert "No module named pip" in rest[0]
    assert not work.is_ready("lab")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_steps_beside_each_other_end_all_and_each_that_fails_is_heard(folder: Path, tmp_path: Path, lang: str) -> None:
    work = load(folder)
    slow = f"import pathlib, time; time.sleep(0.5); pathlib.Path({str(tmp_path / 'ended')!r}).touch()"
    failing = [[sys.executable, "-c", f"raise SystemExit({word!r})"] for word in ("no network", "no room")]
    with pytest.raises(work.WorkError) as refusal:
        work.run("失败：", "Failed:", failing[0], [sys.executable, "-c", slow], failing[1])
    assert (tmp_path / "ended").exists()
    assert refusal.value.args[lang == "en"].splitlines() == [
        {"zh": "失败：", "en": "Failed:"}[lang],
        "    no network",
        "    no room",
    ]


@pytest.mark.skipif(os.name != "posix", reason="a locale is a POSIX notion")
def test_the_project_works_in_a_folder_of_any_name_under_any_locale(bare: ModuleType, tmp_path: Path) -> None:
    ascii_only = {"PATH": os.defpath, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "crmlib.py").write_text("raise SystemExit('the wrong one')\n")

    def output(*command: str | Path, **variables: str) -> str:
        return subprocess.check_output(command, cwd=elsewhere, env=ascii_only | variables, encoding="utf-8").strip()

    packages = next(bare.ENV.glob("lib/*/site-packages"))
    assert (packages / "crmlib.pth").read_bytes() == b"../../../..\n"
    found = output(bare.PYTHON, "-P", "-c", "import crmlib; print(ascii(crmlib.where))")
    assert os.fsencode(ast.literal_eval(found)) == os.fsencode(bare.ROOT / "crmlib" / "__init__.py")
    argv = ["a b", "*", "客户"]
    assert output(bare.SCRIPTS / "crm", *argv, PYTHONPATH="/nowhere", PYTHONHOME="/nowhere") == ascii(argv)
    assert output("/bin/sh", "-c", 'PATH="$1:$PATH" && crm x', "sh", bare.SCRIPTS) == "['x']"


# JupyterLab and the tests


@pytest.fixture
def handed(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the arguments that would be handed to the environment's Python."""
    handed: list[str] = []

    def remember(*arguments: str) -> int:
        handed[:] = arguments
        return 7

    monkeypatch.setattr(bare, "hand_over", remember)
    return handed


def test_a_busy_port_is_said(
    handed: list[str],
    main: Callable[..., int],
    work: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main("lab", "--port", str(port)) == 2
    said = capsys.readouterr().err
    assert f"Port {port} is busy" in said
    assert said.count("\n") == 1
    assert not handed
    assert main("lab", "--port", "0") == main("lab", "--port", "65536") == 2
    capsys.readouterr()
    monkeypatch.setattr(work, "is_free", lambda port: port > 8889)
    with pytest.raises(SystemExit):
        main("lab")
    assert "using 8890 instead" in capsys.readouterr().out
    assert "--ServerApp.port=8890" in handed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lab_opens_in_the_language_asked_for(
    lang: str,
    handed: list[str],
    main: Callable[..., int],
    work: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work, "is_free", lambda port: True)
    with pytest.raises(SystemExit, match="7"):
        main("lab", "--lang", lang, "--no-browser")
    assert {"--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0"} <= set(handed)
    assert handed[:4] == ["-P", "-m", "crmlib.classroom.lab", lang]
    assert not any("token" in argument or "password" in argument for argument in handed)


def test_a_missing_first_page_is_said(
    main: Callable[..., int], work: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    (work.ROOT / "notebooks/en/00_start.ipynb").unlink()
    assert main("lab") == 2
    assert "notebooks/en/00_start.ipynb" in capsys.readouterr().err


def test_a_users_variables_do_not_lead_the_environment_astray(
    work: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "CRM_LANG"):
        monkeypatch.setenv(name, "/elsewhere")
    variables = work.child_variables()
    assert "/elsewhere" not in variables.values()
    assert variables["PATH"].startswith(str(work.SCRIPTS))
    assert variables["PYTHONUTF8"] == "1"


def test_test_passes_arguments_on_and_exit_code_back(bare: ModuleType, tmp_path: Path) -> None:
    (bare.ROOT / "pytest.py").write_text("import os, sys\nprint(os.getcwd(), sys.argv[1:])\nsys.exit(5)\n", "utf-8")
    done = subprocess.run(
        [sys.executable, bare.ROOT / "work.py", "test", "-k", "a b", "--lang", "xx", "--help"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (5, "")
    assert done.stdout.strip() == f"{bare.ROOT} ['-k', 'a b', '--lang', 'xx', '--help']"


# The files that say what to install


def project() -> dict[str, Any]:
    """Return the project table of ``pyproject.toml``."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def bounds(lines: list[str]) -> dict[str, str]:
    """Return each requirement's bound by its name."""
    return {canonicalize_name(Requirement(line).name): str(Requirement(line).specifier) for line in lines}


LOCKS = ("requirements.lock", "requirements-lab.lock")


def locked(lock: str) -> set[tuple[str, Version]]:
    """Return the names and versions in a lock file."""
    text = (ROOT / lock).read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==([^\s\\]+)", text, re.MULTILINE)
    return {(canonicalize_name(name), Version(version)) for name, version in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address_and_a_hash_for_everything(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[\w.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_every_requirement(lock: str) -> None:
    extras = chain(*project()["optional-dependencies"].values()) if lock == LOCKS[0] else ()
    for requirement in map(Requirement, [*project()["dependencies"], *extras]):
        versions = {version for name, version in locked(lock) if name == canonicalize_name(requirement.name)}
        assert versions, f"{requirement.name} is not locked"
        assert all(version in requirement.specifier for version in versions), f"{requirement}: locked at {versions}"


def test_a_lock_lacks_nothing_that_a_package_of_it_needs() -> None:
    """Each is installed by itself, so that pip would not notice."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_what_opens_the_workbook_is_a_part_of_everything() -> None:
    assert locked("requirements-lab.lock") < locked("requirements.lock")


def test_environment_yml_agrees_with_pyproject() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    conda = [line for line in environment["dependencies"] if isinstance(line, str)]
    (pip,) = (part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    assert pip[-1] == "-e ."
    assert environment["channels"][0] == "conda-forge"
    assert bounds([*conda, *pip[:-1]]) == bounds(
        [*project()["dependencies"], f"python{project()['requires-python']}", "pip"],
    )


def test_work_py_asks_for_the_python_of_pyproject(work: ModuleType) -> None:
    assert project()["requires-python"] == ">=" + ".".join(map(str, work.NEEDED))


def test_every_check_runs_the_same_command() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    steps = workflow["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]
    assert (ROOT / ".ci/run").read_text("utf-8").splitlines()[-1] == 'python3 work.py test "$@"'
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert {repo["repo"] for repo in hooks["repos"]} == {"local"}
