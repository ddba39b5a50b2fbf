"""A real JupyterLab and a real Chromium for the browser tests."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize, WebSocket, expect
from sight import still

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.core.paths import ROOT, UNATTENDED
from crmlib.core.study import Study

expect.set_options(timeout=60_000)

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first draws the same pages without a window around them, which takes a quarter less of the processors."""
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "test-token"
WINDOW: ViewportSize = {"width": 1400, "height": 1000}
LATE = "[anywidget] Failed to initialize model."
"""What anywidget says of a model that is not loaded within two seconds: it is passed no message from then on."""
MESSAGE, IDLE = re.compile(rb'"msg_id": ?"([^"]+)"'), re.compile(rb'"execution_state": ?"idle"')
TIERS = "from crmlib.chapters.tiers.explorers import explore\nexplore()"
CLOSE = """async () => {
    const quiet = kernel => !kernel || ["idle", "dead"].includes(kernel.status);
    for (const one of [...jupyterapp.shell.widgets("main")]) {
        const session = one.context?.sessionContext;
        for (let n = 0; session && !quiet(session.session?.kernel) && n < 50; n++)
            await new Promise(next => setTimeout(next, 100));
        one.dispose();
    }
}"""
"""Closes what is open, once its kernel has answered, if it does within five seconds."""
AT_ONCE = """AbortSignal.timeout = () => {
    const late = new AbortController();
    queueMicrotask(() => late.abort());
    return late.signal;
}"""


def what_is_missing() -> str:
    """Return what keeps the browser tests from running, in a few words, or nothing."""
    if CHROMIUM is None:
        return "no Chromium on the PATH"
    node = compute_driver_executable()[0]
    started = subprocess.run([node, "--version"], capture_output=True, encoding="utf-8", check=False)
    if started.returncode:
        return f"its driver does not start ({started.stderr.strip().splitlines()[-1]})"
    fonts = shutil.which("fc-list")
    if fonts and not subprocess.check_output([fonts, ":lang=zh"]):
        return "no font for Chinese"
    return ""


SALT = "0" * 32
"""What the own numbers come from of a student who is a test."""


FORKING = """
import sys
from crmlib.notebooks import fork_server

fork_server.install()
from crmlib.classroom import lab

lab.main(*sys.argv[1:])
"""
"""``crmlib.classroom.lab`` with kernels that are forked from a process which has done the imports."""


@contextmanager
def jupyterlab(folder: Path, forking: bool = False) -> Iterator[str]:
    """Run JupyterLab as ``work.py lab`` does, in a folder of its own; yield its address.

    Args:
        folder: an empty folder; everything the server writes stays in it.
        forking: whether kernels are forked, as those of reruns are: to start one takes two seconds less.
    """
    env = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "config" / "lab" / "user-settings"),
        "PYTHONPATH": str(ROOT),
        "CRM_HOME": str(folder),
    }
    for name in ("CRM_LANG", *UNATTENDED):
        env.pop(name, None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
    ]
    with (folder / "lab.log").open("w") as log:
        program = ["-c", FORKING] if forking else ["-m", "crmlib.classroom.lab"]
        server = subprocess.Popen([sys.executable, *program, "en", *options], env=env, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api?token={TOKEN}", server)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError("JupyterLab ended before it answered; see lab.log")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no answer within {seconds} s")


@dataclass
class Visit:
    """A page, and what went over the wire while it was open."""

    page: Page
    lang: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    unanswered: set[bytes] = field(default_factory=set)
    hurried: bool = False

    @classmethod
    @contextmanager
    def begin(cls, chromium: Browser, lang: str, **options: Any) -> Iterator[Self]:
        """Open an empty window and note what goes on in it.

        Args:
            options: of the window, such as ``offline``.
        """
        with chromium.new_context(**{"viewport": WINDOW, "locale": "en-US", **options}) as window:
            visit = cls(window.new_page(), lang)
            visit.watch()
            yield visit

    @classmethod
    def borrow(cls, seat: "Visit", lang: str, size: ViewportSize = WINDOW, hurried: bool = False) -> Self:
        """Go on in a window of others, where JupyterLab may be loaded already: to load it costs more than most tests.

        Args:
            hurried: whether to be a computer too slow for anywidget: its two seconds are over at once.
        """
        for noted in (seat.complaints, seat.elsewhere, seat.received, seat.unanswered):
            noted.clear()
        seat.page.set_viewport_size(size)
        return cls(seat.page, lang, seat.complaints, seat.elsewhere, seat.received, seat.unanswered, hurried)

    def watch(self) -> None:
        self.page.set_default_timeout(60_000)
        self.page.on("console", self._printed)
        self.page.on("pageerror", lambda problem: self._said(str(problem)))
        self.page.on("request", self._asked)
        self.page.on("websocket", self._connected)

    def slow(self) -> None:
        """Be a computer too slow for anywidget: its two seconds are over at once."""
        self.page.add_init_script(AT_ONCE)

    def _printed(self, said: ConsoleMessage) -> None:
        if said.type == "error":  # of what could not be loaded it names the address beside the words
            self._said(f"{said.text} ({said.location['url']})")

    def _said(self, complaint: str) -> None:
        if LATE not in complaint:  # any busy computer says so; the tests that are `slow` show that nothing is lost
            self.complaints.append(f"{os.environ['PYTEST_CURRENT_TEST']} at {self.page.url}: {complaint}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
            self.elsewhere.append(request.url)

    def _connected(self, socket: WebSocket) -> None:
        if urlsplit(socket.url).hostname != "127.0.0.1":
            self.elsewhere.append(socket.url)
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._answered)

    def _sent(self, frame: str | bytes) -> None:
        """Note what the kernel was asked; it says that it is idle when it has done that."""
        if isinstance(frame, bytes) and (asked := MESSAGE.search(frame)) and b"stdin" not in frame[:200]:
            self.unanswered.add(asked[1])

    def _answered(self, frame: str | bytes) -> None:
        self.received.append(len(frame))
        if isinstance(frame, bytes) and IDLE.search(frame):
            self.unanswered -= set(MESSAGE.findall(frame))

    def settle(self, selector: str) -> None:
        """Wait until the kernel has done all it was asked, and nothing moves in the places of a selector."""
        expect(self.page.locator(selector).first).to_be_attached()
        end = time.monotonic() + 60
        while True:
            while self.unanswered:
                assert time.monotonic() < end, f"the kernel has not answered {self.unanswered}"
                self.page.wait_for_timeout(10)
            still(self.page, selector)
            if not self.unanswered:
                return

    def command(self, name: str, **arguments: Any) -> None:
        """Have JupyterLab carry out one of its commands, to its end, whatever language its menus speak."""
        begin = """([name, arguments]) => {
            globalThis.carriedOut = false;
            jupyterapp.commands.execute(name, arguments).then(() => (globalThis.carriedOut = true));
        }"""
        self.page.evaluate(begin, [name, arguments])
        self.page.wait_for_function("globalThis.carriedOut")

    def ready(self) -> None:
        """Wait until the notebook in front has a kernel that waits for work."""
        self.page.wait_for_function(
            "globalThis.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )

    def forget(self, lab: str) -> None:
        """Be a new student, always the same one: nothing was moved or answered before, and no kernel remembers it."""
        self.end_kernels(lab)
        body = {"type": "file", "format": "text", "content": json.dumps({"salt": SALT})}
        headers = {"Authorization": f"token {TOKEN}"}
        answer = self.page.request.put(f"{lab}/api/contents/mine/memory.json", data=body, headers=headers)
        assert answer.ok, answer.text()

    def remembered(self, lab: str) -> dict[str, Any]:
        """Return what is kept in the student's own folder."""
        headers = {"Authorization": f"token {TOKEN}"}
        answer = self.page.request.get(f"{lab}/api/contents/mine/memory.json?type=file&format=text", headers=headers)
        kept: dict[str, Any] = json.loads(answer.json()["content"])
        return kept

    def end_kernels(self, lab: str) -> None:
        """Have no kernel of an earlier test: what it knows would come back."""
        headers = {"Authorization": f"token {TOKEN}"}
        for session in self.page.request.get(f"{lab}/api/sessions", headers=headers).json():
            self.page.request.delete(f"{lab}/api/sessions/{session['id']}", headers=headers)

    def theme(self, name: str) -> None:
        """Wait until JupyterLab wears a theme, and the cells with it."""
        self.command("apputils:change-theme", theme=name)
        expect(self.page.locator(f'body[data-jp-theme-name="{name}"]')).to_be_attached()
        if self.page.locator(".jp-OutputArea-output").count():
            self.settle(".jp-OutputArea-output")

    def explorer(self) -> Locator:
        return self.page.locator(".crm-explorer").first

    def facts(self) -> list[str]:
        return self.explorer().locator(".crm-facts .crm-value").all_inner_texts()

    def idle(self) -> None:
        expect(self.page.get_by_text("| Idle")).to_be_visible()

    def address(self, lab: str, name: str) -> str:
        """Return where a notebook opens, in a workspace that nothing is open in."""
        return f"{lab}/lab/tree/mine/notebooks/{self.lang}/{name}.ipynb?token={TOKEN}&reset"

    def write(self, lab: str, name: str, *cells: str) -> None:
        """Put a notebook of these cells where the student's own are."""
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        laid = [{**cell, "id": f"cell-{n}", "source": source} for n, source in enumerate(cells)]
        spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        book = {"cells": laid, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}
        body = {"type": "notebook", "format": "json", "content": book}
        headers = {"Authorization": f"token {TOKEN}"}
        place = f"{lab}/api/contents/mine/notebooks/{self.lang}/{name}.ipynb"
        assert self.page.request.put(place, data=body, headers=headers).ok

    def turn_to(self, lab: str, name: str) -> None:
        """Be a new student who opens a notebook; a JupyterLab that is loaded takes one after another."""
        loaded = self.page.url.startswith(lab) and not self.page.locator(".jp-Dialog").count()
        if loaded:
            self.page.evaluate(CLOSE)
            self.theme("JupyterLab Light")
        self.forget(lab)
        if loaded:
            self.page.evaluate("jupyterapp.serviceManager.sessions.refreshRunning()")
            self.unanswered.clear()
            self.command("docmanager:open", path=f"mine/notebooks/{self.lang}/{name}.ipynb")
            # While no notebook is open, JupyterLab complains of what the one before had not yet heard.
            self.complaints[:] = [said for said in self.complaints if ".ipynb" in said]
        else:
            self.page.goto(self.address(lab, name))

    def reach(self, lab: str, name: str) -> None:
        """Be a new student with a notebook open, and its kernel there."""
        self.turn_to(lab, name)
        self.ready()
        patience = AT_ONCE if self.hurried else "AbortSignal.timeout = ofBrowser"
        self.page.evaluate(f"globalThis.ofBrowser ??= AbortSignal.timeout; {patience}; null")

    def run_cells(self, lab: str, name: str, *cells: str) -> None:
        """Be a new student with a notebook of these cells, and run it; it ends when nothing moves."""
        self.write(lab, name, *cells)
        self.reach(lab, name)
        self.command("notebook:run-all-cells")
        self.settle(".jp-OutputArea-output")

    def open(self, lab: str, name: str, exercises: int) -> None:
        """Open a chapter in JupyterLab and run all its cells; it ends when as many exercises are there."""
        self.page.goto(self.address(lab, name))
        self.idle()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        expect(self.page.locator(".crm-ask:not(.crm-practice *)")).to_have_count(exercises)
        # When the last cell has run, JupyterLab moves the focus from the notebook to a cell; keys pressed before are
        # lost.
        expect(self.page.locator(".jp-Notebook .jp-Cell:focus")).to_be_attached()
        self.idle()
        self.uncover()

    def uncover(self) -> None:
        """Skip the predictions before the explorers of the page, which are covered until then."""
        with i18n.speaking(self.lang):
            skip = self.page.get_by_role("button", name=_("Skip the predictions"), exact=True)
        while skip.count():
            before = skip.count()
            skip.first.click()  # a key is lost where JupyterLab moves the focus just then
            expect(skip).to_have_count(before - 1)
        expect(self.page.locator(".crm-cover")).to_have_count(0)

    def reload(self) -> None:
        self.page.reload()
        self.idle()
        self.explorer().wait_for()

    def shows_figures(self, study: Study[Any, Any, Any], result: Any) -> None:
        """Wait until the first explorer's headline figures are those of a result."""
        figures = study.headline(result)
        cells = self.explorer().locator(".crm-facts .crm-value")
        expect(cells).to_have_text([m.shown(figures[key]) for key, m in study.measures.items()])
