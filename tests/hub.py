"""A real JupyterHub for the tests, and students who use it as JupyterLab would, but without a browser."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import requests
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from websocket import ABNF, WebSocket, create_connection

from crmlib.core.paths import ROOT

PASSWORD = "classroom-of-the-tests"
CONFIG = ROOT / "docs" / "classroom" / "jupyterhub_config.py"
# What an instructor would add in a file of their own; a test may run as root, a class should not.
ADDED = f"""
load_subconfig({str(CONFIG)!r})
c = get_config()
c.Spawner.args += ["--allow-root"]
"""
PATIENCE = 300


def free_ports(n: int) -> list[int]:
    """Return ports of this machine that nobody listens on, all different."""
    probes = [socket.socket() for _port in range(n)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def variables(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a hub that keeps everything in a folder."""
    ours = ("CRM_HOME", "CRM_LANG", "CRM_HUB_DIR", "CRM_HUB_LANG", "CRM_HUB_PASSWORD", "CRM_HUB_TEACHER_PASSWORD")
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("JUPYTER")}
    return {**kept, "PYTHONPATH": str(ROOT), "CRM_HUB_DIR": str(folder), **more}


@dataclass
class Hub:
    """A running hub: its address, its folder, the ports it was given, its process."""

    address: str
    folder: Path
    ports: list[int]
    process: subprocess.Popen[bytes]

    def wait(self) -> None:
        """Wait until the hub answers."""
        patient = requests.Session()
        again = Retry(total=150, backoff_factor=0.1, backoff_max=0.5, status_forcelist=[404, 503])
        patient.mount("http://", HTTPAdapter(max_retries=again))
        with patient:
            assert patient.get(f"{self.address}/hub/health", timeout=PATIENCE).ok, self.log()

    def log(self) -> str:
        """Return what the hub and its servers have said."""
        return (self.folder / "hub.log").read_text("utf-8", "replace")


@contextmanager
def hub(folder: Path, names: list[str], lang: str = "en") -> Iterator[Hub]:
    """Run a trial hub with these students and one teacher; everything it writes stays in the folder."""
    (folder / "roster.txt").write_text("\n".join([*names, "teacher teacher"]), "utf-8")
    (folder / "added.py").write_text(ADDED, "utf-8")
    ports = front, api, inner = free_ports(3)
    address = f"http://127.0.0.1:{front}"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(folder / "added.py"), f"--JupyterHub.bind_url={address}"]
    command.append(f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{api}")
    command.append(f"--JupyterHub.hub_bind_url=http://127.0.0.1:{inner}")
    env = variables(folder, CRM_HUB_PASSWORD=PASSWORD, CRM_HUB_LANG=lang)
    with (folder / "hub.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        running = Hub(address, folder, ports, process)
        try:
            running.wait()
            yield running
        finally:
            family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.terminate()
            process.wait(60)
            for left in psutil.wait_procs(family, timeout=10)[1]:  # a hub stopped while it starts leaves its proxy
                left.kill()


@dataclass
class Student:
    """Somebody at the hub: logs in by the form, then speaks to it and to the own server with a token."""

    hub: Hub
    name: str
    token: str = ""

    def log_in(self, password: str = PASSWORD) -> requests.Response:
        """Fill in the form of the login page; return the answer."""
        with requests.Session() as browser:
            browser.get(f"{self.hub.address}/hub/login", timeout=PATIENCE)
            form = {"username": self.name, "password": password, "_xsrf": self._xsrf(browser)}
            answer = browser.post(f"{self.hub.address}/hub/login?next=/hub/home", data=form, timeout=PATIENCE)
            if answer.ok:
                self.token = browser.post(
                    f"{self.hub.address}/hub/api/users/{self.name}/tokens",
                    headers={"X-XSRFToken": self._xsrf(browser), "Referer": f"{self.hub.address}/hub/token"},
                    json={},
                    timeout=PATIENCE,
                ).json()["token"]
        return answer

    @staticmethod
    def _xsrf(browser: requests.Session) -> str:
        return str(browser.cookies.get("_xsrf", path="/hub/"))

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Send a request, its path below the hub's address."""
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.hub.address}/{path}", headers=headers, timeout=PATIENCE, **more)

    def own(self, method: str, path: str, **more: Any) -> Any:
        """Send a request to the own server, which must grant it; return what it answers."""
        answer = self.ask(method, f"user/{self.name}/api/{path}", **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def start(self) -> None:
        """Have the own server started, and wait as the page does: until the hub's last event says that it is ready."""
        self.ask("POST", f"hub/api/users/{self.name}/server").raise_for_status()
        events = self.ask("GET", f"hub/api/users/{self.name}/server/progress").text
        last = json.loads(events.strip().splitlines()[-1].removeprefix("data: "))
        assert last.get("ready"), f"{events}\n{self.hub.log()}"

    def stop(self) -> None:
        """Have the own server ended, and wait until it has."""
        answer = self.ask("DELETE", f"hub/api/users/{self.name}/server")
        assert answer.status_code == 204, answer.text

    def open(self, path: str) -> Any:
        """Return the notebook at a path."""
        return self.own("GET", f"contents/{path}")["content"]

    def save(self, path: str, notebook: Any) -> None:
        """Save a notebook."""
        self.own("PUT", f"contents/{path}", json={"type": "notebook", "format": "json", "content": notebook})

    def run(self, path: str) -> list[list[Any]]:
        """Open a notebook, run all its cells in a kernel, and return the outputs of each code cell."""
        code = ["".join(cell["source"]) for cell in self.open(path)["cells"] if cell["cell_type"] == "code"]
        asked = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        with closing(Kernel(self, self.own("POST", "sessions", json=asked)["kernel"]["id"])) as kernel:
            return [kernel.run(source) for source in code]


class Kernel:
    """A kernel on a student's server, through the websocket that JupyterLab uses."""

    def __init__(self, student: Student, identity: str, protocol: str | None = None):
        self.student = student
        address = f"{student.hub.address.replace('http', 'ws', 1)}/user/{student.name}/api/kernels/{identity}/channels"
        headers = [f"Authorization: token {student.token}"]
        offered = [protocol] if protocol else None
        self.socket: WebSocket = create_connection(address, header=headers, subprotocols=offered, timeout=PATIENCE)

    def run(self, code: str) -> list[Any]:
        """Run a cell; return its outputs as a notebook stores them."""
        header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "session": "s", "username": "", "version": "5"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        self._send(message)
        outputs, ends = [], {"status", "execute_reply"}
        while ends:  # the kernel is idle, and has answered
            said = self._next()
            kind, content = said["header"]["msg_type"], said["content"]
            if said["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if kind in ("display_data", "execute_result", "stream", "error"):
                outputs.append({"output_type": kind, **content})
            elif kind == "execute_reply" or (kind == "status" and content["execution_state"] == "idle"):
                ends.discard(kind)
        return outputs

    def drain(self) -> None:
        """Listen until the connection ends, which raises ConnectionError."""
        while True:
            self._next()

    def _send(self, message: dict[str, Any]) -> None:
        if self.socket.getsubprotocol():
            parts = [json.dumps(message[part]).encode() for part in ("header", "parent_header", "metadata", "content")]
            self.socket.send_binary(serialize_msg_to_ws_v1(parts, message["channel"]))
        else:
            self.socket.send(json.dumps(message))

    def _next(self) -> Any:
        kind, data = self.socket.recv_data()
        if kind == ABNF.OPCODE_CLOSE:
            raise ConnectionError(f"the kernel's connection has ended: {data!r}\n{self.student.hub.log()}")
        if kind == ABNF.OPCODE_TEXT:
            return json.loads(data)
        if not self.socket.getsubprotocol():
            return deserialize_binary_message(data)
        _channel, parts = deserialize_msg_from_ws_v1(data)
        return dict(zip(("header", "parent_header", "metadata", "content"), map(json.loads, parts[:4]), strict=True))

    def close(self) -> None:
        self.socket.close()
        self.socket.shutdown()  # which the first leaves out where the other side was first


def shown(outputs: list[list[Any]]) -> list[list[str]]:
    """Return the tables and texts that each cell shows, to compare."""
    return [[text for output in cell if (text := _text(output))] for cell in outputs]


def _text(output: Any) -> str:
    data = output.get("data", output)
    return "".join(next((data[kind] for kind in ("text/html", "text/markdown", "text") if kind in data), ""))
