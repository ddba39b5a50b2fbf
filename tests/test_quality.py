"""The code is as clean as it says: style, types, rooms, documentation, and nothing of the machine it was made on."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from each import each

from crmlib.core.paths import ROOT

FILES = sorted((ROOT / "crmlib").rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def run(*command: str) -> str:
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def test_the_style_is_kept() -> None:
    run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_no_file_is_left_out_of_the_check_of_style() -> None:
    looked_at = {Path(line) for line in run(sys.executable, "-m", "ruff", "check", "--show-files", ".").splitlines()}
    tracked = run("git", "ls-files", "-z", "*.py", "*.pyi").split("\0")[:-1]
    assert {ROOT / name for name in tracked} - looked_at == set()


def test_the_format_is_kept() -> None:
    run(sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")


def test_the_types_are_right() -> None:
    unkept = ["--cache-dir", os.devnull] if os.environ.get("CI") else []  # what nobody reads again
    run(sys.executable, "-m", "mypy", *unkept)


def test_arrows_between_the_rooms_run_one_way() -> None:
    said = run(sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache")
    assert "0 broken" in said


@pytest.mark.whole
def test_the_reference_of_the_package_is_made_without_a_warning(tmp_path: Path) -> None:
    plain = ["-b", "dummy", "-D", "autodoc_typehints=none"]  # links from types, never a warning, take half the time
    run(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", *plain, "docs/api", str(tmp_path / "api"))
    pages = {path.stem for path in (tmp_path / "api" / ".doctrees" / "modules").glob("crmlib*.doctree")}
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES}
    assert modules - pages <= {"crmlib.__main__"}


# What every function owes its reader ----------------------------------------------------------------------------------


def public_functions(path: Path) -> Iterator[tuple[str, Function]]:
    """Yield the public functions and methods of a file that are not defined within another function."""

    def walk(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
        for node in body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield prefix + node.name, node
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield from walk(node.body, f"{prefix}{node.name}.")

    yield from walk(ast.parse(path.read_text("utf-8")).body, "")


@each("path", FILES)
def test_every_public_function_is_documented_and_annotated(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
    for name, node in public_functions(path):
        assert ast.get_docstring(node), f"{name} has no docstring"
        assert node.returns is not None, f"{name} does not say what it returns"
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        bare = [a.arg for a in arguments if a and a.annotation is None and a.arg not in ("self", "cls")]
        assert not bare, f"{name}: {bare} have no type"


def test_no_work_is_left_marked_in_the_code() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X:|HA" + r"CK)\b")
    for path in tracked(".py", ".md", ".js", ".css", ".yaml", ".toml"):
        assert not marks.search(path.read_text("utf-8")), path


# Nothing of this machine ----------------------------------------------------------------------------------------------


def tracked(*kinds: str) -> list[Path]:
    names = run("git", "-c", "core.quotepath=false", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    found = [ROOT / name for name in names.split("\0") if name]
    return [path for path in found if path.is_file() and (not kinds or path.suffix in kinds)]


def test_no_file_names_a_path_of_the_machine_it_was_made_on() -> None:
    places = re.compile(rb"(?<![\w.\-:/])/(wo" + rb"rk|ro" + rb"ot|ho" + rb"me|Us" + rb"ers)/[\w.\-]+")
    own = str(ROOT).encode() + b"/"
    for path in tracked():
        if path.suffix in (".png", ".mo", ".ico"):
            continue
        content = path.read_bytes()
        assert own not in content, path
        assert not (found := places.search(content)), f"{path}: {found[0].decode() if found else ''}"


def test_no_file_names_an_index_to_install_from() -> None:
    """A lock or a config that names a registry would send everybody to it."""
    indexes = re.compile(r"(--|\b)(extra-)?index-url|find-links|trusted-host|registry\s*=|resolved\"?:", re.IGNORECASE)
    for path in tracked(".lock", ".toml", ".cfg", ".ini", ".txt", ".yml", ".yaml", ".json"):
        assert not (found := indexes.search(path.read_text("utf-8"))), f"{path}: {found}"
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock


def test_nothing_made_while_working_is_tracked() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in tracked()}
    assert not [
        n for n in names if re.search(r"(^|/)(__pycache__|\.venv|\.ipynb_checkpoints|out|mine)/|\.(pyc|tmp)$", n)
    ]
