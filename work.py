#!/usr/bin/env python3
"""Set the workbook up, open it, test it: run ``python3 work.py`` to see how. Nothing but Python is needed.

Python 3.6 must still be able to read this file, to be told which Python is needed instead of meeting a syntax error:
hence the quotes around newer annotations. Whatever is said is written in Chinese, then in English.
"""

import argparse
import base64
import configparser
import contextlib
import hashlib
import html
import http.client
import importlib.util
import json
import locale
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NEEDED = (3, 11)
WINDOWS = os.name == "nt"
ROOT = Path(__file__).absolute().parent
# What opens the workbook, and everything: the extras and what the tests need too. The first is a part of the second.
LOCKS = {"lab": ROOT / "requirements-lab.lock", "all": ROOT / "requirements.lock"}
# What installs packages where Python comes without it, as on Debian: pip itself, whose every byte is known beforehand.
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
PUBLIC_INDEX = "https://pypi.org/simple"  # what pip itself asks, unless the user names another index
PIPS = 4  # how many of them install beside each other at most: each keeps one core busy
INSTALL = ["install", "--quiet", "--no-input", "--disable-pip-version-check"]
ENV = ROOT / ".venv"
STAMP = ENV / "crm-set-up.json"
SCRIPTS = ENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
RUN = "py work.py" if WINDOWS else "python3 work.py"
CRM = r".venv\Scripts\crm.cmd" if WINDOWS else ".venv/bin/crm"
# Set by a user for other purposes, these would lead the environment's Python, pip or JupyterLab astray; and the
# language of a notebook is decided by the folder it is in.
DROPPED = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX", "JUPYTERLAB_DIR", "CRM_LANG"}
# That a package holds a file of another Python is no failure, for pip neither; the tests of packages are not run.
COMPILE = r"""
import compileall, re, sys
for folder in sys.argv[1:]:
    compileall.compile_dir(folder, rx=re.compile(r"site-packages.*[/\\]tests[/\\]"), quiet=2, workers=0)
"""
POSIX_LAUNCHER = """#!/bin/sh
unset PYTHONHOME PYTHONPATH
export PYTHONUTF8=1
exec "$(dirname -- "$0")/python" -P -m crmlib "$@"
"""
WINDOWS_LAUNCHER = """@echo off
setlocal
set PYTHONHOME=
set PYTHONPATH=
set PYTHONUTF8=1
"%~dp0python.exe" -P -m crmlib %*
"""

spoken = "en"


class WorkError(Exception):
    """The work cannot go on; holds the reason in Chinese and in English."""


class Parser(argparse.ArgumentParser):
    """An option parser whose complaint is one line, in the user's language."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line."""
        raise WorkError(f"命令写得不对：{message}。用法见：{RUN} --help", f"Wrong: {message}. For help: {RUN} --help")


def say(zh: str, en: str, *, problem: bool = False) -> None:
    """Print ``zh`` or ``en``: English where the terminal has no Chinese, and never a UnicodeEncodeError."""
    stream = sys.stderr if problem else sys.stdout
    encoding = stream.encoding or "ascii"
    text = zh if spoken == "zh" else en
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = en.encode(encoding, "backslashreplace").decode(encoding)
    print(text, file=stream, flush=True)


def system_language() -> str:
    """Return "zh" for any Chinese locale, else "en"."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    with contextlib.suppress(ValueError):
        name = name or locale.getlocale()[0]
    return "zh" if (name or "").lower().startswith(("zh", "chinese")) else "en"


def child_variables() -> "dict[str, str]":
    """Return the variables for programs of the environment: as if it were activated, and UTF-8 everywhere."""
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    path = os.pathsep.join([str(SCRIPTS), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(ENV), "PYTHONUTF8": "1", "PIP_USER": "0"}


def wanted_stamp(what: str) -> "dict[str, str]":
    """Return what the environment must have been made from: this lock file, this Python, this folder."""
    digest = hashlib.sha256(LOCKS[what].read_bytes()).hexdigest()
    return {"lock": digest, "python": f"{sys.version_info[0]}.{sys.version_info[1]}", "folder": os.path.realpath(ROOT)}


def is_ready(what: str) -> bool:
    """Say whether the environment was made to its end, from the present files, for this folder.

    One that holds everything will do for the lab.
    """
    wanted = [wanted_stamp(lock) for lock in dict.fromkeys((what, "all"))]
    try:
        return json.loads(STAMP.read_text("ascii")) in wanted and PYTHON.exists()
    except (OSError, ValueError):
        return False


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write an ASCII file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, "ascii")
    draft.chmod(mode)
    draft.replace(path)


def try_lock(file: int) -> bool:
    """Lock an open file. The system unlocks it when the process ends, however it ends: no lock is ever stale."""
    try:
        if sys.platform == "win32":
            os.lseek(file, 1 << 30, os.SEEK_SET)  # far behind the end: the file itself stays readable
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return not (WINDOWS or isinstance(error, BlockingIOError))  # else: a disk that knows no locks
    return True


@contextlib.contextmanager
def alone() -> "Iterator[None]":
    """Let one set-up at a time work in this folder; others wait. What is locked is this very file."""
    file = os.open(__file__, os.O_RDONLY)
    try:
        os.set_inheritable(file, True)  # were this process killed, the lock would last until its pip ended too
        if not try_lock(file):
            say("此文件夹中正在进行另一次安装，请稍候……", "Another set-up is at work in this folder; waiting ...")
            while not try_lock(file):
                time.sleep(0.3)
        yield
    finally:
        os.close(file)


def last_words(output: BinaryIO) -> str:
    """Return the end of what a step wrote, indented below the line that says what failed."""
    output.seek(0)
    lines = output.read().decode("utf-8", "replace").strip().splitlines()
    return "".join(f"\n    {line}" for line in lines[-8:])


def run(zh: str, en: str, *commands: "list[str]") -> None:
    """Run steps of the set-up quietly, beside each other; should any fail, stop with that line and their last words."""
    with contextlib.ExitStack() as files:
        outputs = [files.enter_context(tempfile.TemporaryFile()) for _ in commands]
        children = [
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=child_variables(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                close_fds=False,
            )
            for command, output in zip(commands, outputs, strict=True)
        ]
        try:
            codes = [child.wait() for child in children]
        except KeyboardInterrupt:
            for child in children:
                child.wait()  # the child got it too, and clears its temporary files away
            raise
        # Of those that say the same one is enough.
        words = "".join(dict.fromkeys(last_words(output) for code, output in zip(codes, outputs, strict=True) if code))
    if any(codes):
        raise WorkError(zh + words, en + words)


def pip_setting(name: str) -> "str | None":
    """Return what the user told pip, by a variable or in a file of pip's: a later file goes before an earlier one."""
    file = "pip.ini" if WINDOWS else "pip.conf"
    home = Path.home()
    folders = [*(Path(part, "pip") for part in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")), Path("/etc")]
    folders += [home / "Library" / "Application Support" / "pip", home / ".pip"]
    folders += [Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config", "pip")]
    if WINDOWS:
        kept = (os.environ.get(variable) for variable in ("PROGRAMDATA", "APPDATA"))
        folders = [*(Path(folder, "pip") for folder in kept if folder), home / "pip"]
    told = configparser.RawConfigParser(strict=False)
    with contextlib.suppress(configparser.Error, UnicodeError):
        told.read([*(folder / file for folder in folders), os.environ.get("PIP_CONFIG_FILE", "")], "utf-8")
    said = (told.get(section, name, fallback=None) for section in ("install", "global"))
    return next(filter(None, [os.environ.get("PIP_" + name.upper().replace("-", "_")), *said]), None)


def fetch(address: str) -> "tuple[str, bytes]":
    """Return where a page came from and what it holds, asked for as pip would: same proxy, same certificates."""
    cafile = pip_setting("cert") or os.environ.get("REQUESTS_CA_BUNDLE") or None  # else what SSL_CERT_FILE says
    proxy = pip_setting("proxy")
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=cafile)),
        urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else None),
    )
    parts = urllib.parse.urlsplit(address)
    login, at, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(parts._replace(netloc=host).geturl(), headers={"Accept": "text/html, */*;q=0.1"})
    if at:
        word = base64.b64encode(urllib.parse.unquote(login).encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {word}")
    with opener.open(request, timeout=60) as answer:
        came = urllib.parse.urlsplit(answer.url)
        if (came.scheme, came.netloc) == (parts.scheme, host):  # nobody else is told the password
            came = came._replace(netloc=login + at + host)
        return came.geturl(), answer.read()


def fetch_pip(folder: str) -> Path:
    """Bring pip's own wheel from the user's package index into a folder, checked against its hash."""
    index = (pip_setting("index-url") or PUBLIC_INDEX).rstrip("/") + "/pip/"
    try:
        base, page = fetch(index)
        links = re.findall(r"""href\s*=\s*["']([^"']+)""", page.decode("utf-8", "replace"))
        named = (html.unescape(link) for link in links if f"/{PIP_WHEEL}" in f"/{link}")
        link = next(named, None)
        wheel = fetch(urllib.parse.urljoin(base, link).partition("#")[0])[1] if link else b""
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = re.sub(r"[^\s/'\"<>]+@", "", f"{index}: {error}")  # without a password
        raise WorkError(
            f"无法从软件包索引取得 pip：{reason}", f"Could not get pip from the package index: {reason}"
        ) from error
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        raise WorkError(
            f"软件包索引没有给出正确的 {PIP_WHEEL}：{'校验值不符' if link else '没有这个文件'}。",
            f"The package index did not give the right {PIP_WHEEL}: {'wrong hash' if link else 'no such file'}.",
        )
    path = Path(folder, PIP_WHEEL)
    path.write_bytes(wheel)
    return path


def brings(module: str) -> bool:
    """Say whether this Python comes with a module; an empty folder of that name is none."""
    found = importlib.util.find_spec(module)
    return bool(found and found.origin)


def make_environment() -> None:
    """Make an environment holding pip only, in place of what is there."""
    if not brings("venv"):
        raise WorkError(
            "这个 Python 不完整，缺少 venv 模块：请安装完整的 Python。",
            "This Python is incomplete: it lacks its venv module. Install a complete one.",
        )
    try:
        STAMP.unlink(missing_ok=True)  # first: what an interruption leaves is then seen to be half-made
        if ENV.is_symlink():
            ENV.unlink()
        elif ENV.exists():
            shutil.rmtree(ENV)
    except OSError as error:
        reason = f"{ENV}\n    {error}"
        raise WorkError(
            f"无法删除旧的环境。请关闭正在使用它的程序，或自行删除此文件夹：{reason}",
            f"Could not remove the old environment. Close what uses it, or delete this folder yourself: {reason}",
        ) from error
    # Not the environment's own Python, should that be the one running this.
    python = getattr(sys, "_base_executable", None) or sys.executable
    sorry = "无法创建 .venv：", "Could not make .venv:"
    if brings("ensurepip"):
        run(*sorry, [python, "-m", "venv", str(ENV)])
        return
    with tempfile.TemporaryDirectory(prefix="crm-pip-") as folder:  # Debian keeps what would bring pip apart
        wheel = fetch_pip(folder)
        run(*sorry, [python, "-m", "venv", "--without-pip", str(ENV)])
        run(*sorry, [str(PYTHON), str(wheel / "pip"), *INSTALL, "--no-index", "--no-deps", str(wheel)])


def install_packages(what: str) -> None:
    """Install what the lock file says, each file checked against its hash; several cores share the work."""
    sorry = (
        f"安装失败。请检查网络和磁盘空间，再运行 {RUN} setup。pip 的说明：",
        f"The installation failed. Check the network and the disk space, then run {RUN} setup again. pip said:",
    )
    # The lock names whatever another package needs, so that each pip may have a share of it and look for no more.
    listed = re.findall(r"^\w.*\n(?:[ \t].*\n)*", LOCKS[what].read_text("utf-8") + "\n", re.MULTILINE)
    with tempfile.TemporaryDirectory(prefix="crm-pip-") as folder:
        shares = [Path(folder, f"{number}.txt") for number in range(min(PIPS, os.cpu_count() or 1))]
        for number, share in enumerate(shares):
            write(share, "".join(listed[number :: len(shares)]))
        pip = [str(PYTHON), "-m", "pip", *INSTALL, "--no-compile", "--no-deps", "--require-hashes"]
        run(*sorry, *([*pip, "-r", str(share)] for share in shares))
    run(*sorry, [str(PYTHON), "-c", COMPILE, str(ENV), str(ROOT / "crmlib")])


def add_project() -> None:
    """Make ``import crmlib`` and ``crm`` work in the environment, whatever characters the folder's name holds."""
    packages = sysconfig.get_path("purelib", "venv", {"base": str(ENV), "platbase": str(ENV)})
    write(Path(packages, "crmlib.pth"), os.path.relpath(ROOT, packages) + "\n")
    write(SCRIPTS / ("crm.cmd" if WINDOWS else "crm"), WINDOWS_LAUNCHER if WINDOWS else POSIX_LAUNCHER, mode=0o755)


def prepare(what: str) -> None:
    """Make the environment if it is missing, out of date, half-made, or made for another folder; or add to it."""
    if is_ready(what):
        return
    with alone():
        if is_ready(what):
            return
        say("正在安装所需的软件包，约 1-2 分钟……", "Installing what the course needs; this may take 1-2 minutes ...")
        if is_ready("lab"):
            STAMP.unlink()  # first: what an interruption leaves is then seen to be half-made
        else:
            make_environment()
        install_packages(what)
        add_project()
        write(STAMP, json.dumps(wanted_stamp(what)))


def hand_over(*arguments: str) -> int:
    """Let the environment's Python take this process's place: signals, terminal and exit code are then its own."""
    if not WINDOWS:
        os.chdir(ROOT)
        os.execve(str(PYTHON), [str(PYTHON), *arguments], child_variables())
    return attend(*arguments)


def attend(*arguments: str) -> int:
    """Run the environment's Python beside this process until it ends, and return its exit code."""
    child = subprocess.Popen([str(PYTHON), *arguments], cwd=ROOT, env=child_variables())
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the child got it too, and decides
            return child.wait()


def is_free(port: int) -> bool:
    """Say whether a server could listen on that port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(asked: "int | None") -> int:
    """Return the port asked for, or the first free one from 8888 on."""
    if asked is not None and not (0 < asked < 65536 and is_free(asked)):
        raise WorkError(f"端口 {asked} 已被占用或不能使用。", f"Port {asked} is busy or not allowed; take another one.")
    port = asked or next(filter(is_free, range(8888, 9888)), 8888)
    if asked is None and port != 8888:
        say(f"端口 8888 已被占用，改用 {port}。", f"Port 8888 is busy: using {port} instead.")
    return port


def setup(arguments: "list[str]") -> None:
    """Set up, and say what to do next."""
    parser = Parser()
    parser.add_argument("--all", action="store_true")
    prepare("all" if parser.parse_args(arguments).all else "lab")
    say(f"准备好了。打开练习册：{RUN} lab", f"Ready. To open the workbook: {RUN} lab")
    say(f"命令行工具：{CRM} --help", f"The command-line tool: {CRM} --help")


def lab(arguments: "list[str]") -> None:
    """Open the workbook in JupyterLab, on this machine only and behind JupyterLab's own token."""
    parser = Parser()
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--port", type=int)
    options = parser.parse_args(arguments)
    page = f"notebooks/{spoken}/00_start.ipynb"
    if not (ROOT / page).is_file():
        raise WorkError(f"课程文件夹不完整：没有 {page}。", f"This folder of the course is incomplete: no {page}.")
    port = choose_port(options.port)
    prepare("lab")
    say("正在启动 JupyterLab；停止请按两次 Ctrl-C。", "Starting JupyterLab; to stop it, press Ctrl-C here twice.")
    switches = ["--no-browser"] if options.no_browser else []
    switches += ["--allow-root"] if getattr(os, "geteuid", int)() == 0 and not WINDOWS else []
    switches += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    sys.exit(hand_over("-P", "-m", "crmlib.classroom.lab", spoken, *switches))


def test(arguments: "list[str]") -> None:
    """Run the tests; arguments go to pytest."""
    prepare("all")
    sys.exit(hand_over("-m", "pytest", *arguments))


def show_help() -> None:
    """List what this file can do."""
    say("客户关系管理课程练习册。可以运行：", "The CRM course workbook. You can run:")
    for command, zh, en in (
        (f"{RUN} setup", "只安装", "set up only"),
        (
            f"{RUN} setup --all",
            "连同教师用的扩展：试卷 PDF、JupyterHub、nbgrader、集群",
            "with the extras for instructors: papers as PDF, JupyterHub, nbgrader, cluster",
        ),
        (f"{RUN} lab [--lang zh|en] [--no-browser] [--port N]", "打开练习册", "open the workbook"),
        (f"{RUN} test [...]", "运行测试，参数交给 pytest", "run the tests; arguments go to pytest"),
        (f"{CRM} --help", "练习册的命令行工具（安装之后）", "the workbook's command-line tool (once set up)"),
    ):
        say(f"  {command}\n      {zh}", f"  {command}\n      {en}")
    say("lab 和 test 在需要时会先安装。", "lab and test set up first if needed.")


def obey(arguments: "list[str]") -> None:
    """Do what the command line says."""
    global spoken
    spoken = system_language()
    end = arguments.index("test") if "test" in arguments else len(arguments)  # what follows is pytest's
    parser = Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--lang", choices=("zh", "en"), default=spoken)
    options, words = parser.parse_known_args(arguments[:end])
    spoken, words = options.lang, words + arguments[end:]
    if sys.version_info[:2] < NEEDED:
        have, need = (".".join(map(str, version[:2])) for version in (sys.version_info, NEEDED))
        raise WorkError(
            f"需要 Python {need} 或更新的版本，这是 {have}。请从 python.org 安装后再用它运行。",
            f"Python {need} or newer is needed; this is {have}. Get one from python.org and run this file with it.",
        )
    commands = {"setup": setup, "lab": lab, "test": test}
    if not words or words[0] == "help" or (words[0] != "test" and {"-h", "--help"} & set(words)):
        show_help()
    elif words[0] in commands:
        commands[words[0]](words[1:])
    else:
        parser.error(f"no command {words[0]!r}")


def main() -> int:
    """Run from the command line: what goes wrong is said in a line, never in a traceback."""
    try:
        obey(sys.argv[1:])
    except WorkError as error:
        say(*error.args, problem=True)
    except OSError as error:
        say(f"无法继续：{error}", f"Cannot go on: {error}", problem=True)
    except KeyboardInterrupt:
        say("已中断；再运行一次即可。", "Interrupted; run it again to start over.", problem=True)
        return 130
    else:
        return 0
    return 2


if __name__ == "__main__":
    sys.exit(main())
