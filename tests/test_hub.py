"""A class on one server: a real JupyterHub, started as docs/classroom.md says, with ten students at once."""

import stat
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

import psutil
import pytest
from hub import PASSWORD, Hub, Kernel, Student, hub, shown

from crmlib.chapters import chapter_in
from crmlib.classroom.copies import DELIVERED
from crmlib.core.paths import CASEBOOK

if TYPE_CHECKING:
    from playwright.sync_api import Browser

if sys.platform == "win32":
    pytest.skip("JupyterHub does not run on Windows", allow_module_level=True)

NAMES = [f"s{number}" for number in range(10)]
CHAPTER = "notebooks/{lang}/02_tiers.ipynb"
SHORT = "10_key_accounts_complaints"
"""The chapter that is run: one of the short ones."""
Seat = Callable[[str], Student]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub for ten students, whose menus are Chinese."""
    with hub(tmp_path_factory.mktemp("hub"), NAMES, "zh") as running:
        yield running


@pytest.fixture(scope="module")
def seat(room: Hub) -> Seat:
    """A student by name, logged in, with a running server."""

    @cache
    def seated(name: str) -> Student:
        student = Student(room, name)
        assert student.log_in().ok
        student.start()
        return student

    return seated


@pytest.mark.whole
def test_ten_students_at_once_run_the_chapter_and_get_its_figures(seat: Seat) -> None:
    """Half of them in each language: a kernel speaks that of the notebook's folder."""

    def work(name: str) -> str:
        student, path = seat(name), CHAPTER.format(lang="zh" if int(name[1:]) % 2 else "en")
        stored = [cell["outputs"] for cell in student.open(path)["cells"] if cell["cell_type"] == "code"]
        outputs = student.run(path)
        assert not [output for cell in outputs for output in cell if output["output_type"] == "error"]
        assert sum(map(len, shown(stored))) > 10
        assert shown(outputs) == shown(stored)
        return name

    with ThreadPoolExecutor(len(NAMES)) as class_:
        assert list(class_.map(work, NAMES)) == NAMES


# Who may come in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD[:-1], PASSWORD.upper()])
def test_a_wrong_password_is_refused(room: Hub, password: str) -> None:
    assert Student(room, "s0").log_in(password).status_code == HTTPStatus.FORBIDDEN


def test_a_teacher_does_not_come_in_with_the_password_of_the_class(room: Hub) -> None:
    assert Student(room, "teacher").log_in().status_code == HTTPStatus.FORBIDDEN


STRANGERS = ["s10", "../x", "..", "s0/../s1", "/etc", "s0\\..\\s1", "%2e%2e%2fs1", "~root", "ｓ０", ""]


@pytest.mark.parametrize("name", STRANGERS, ids=ascii)
def test_a_name_that_is_not_on_the_roster_is_refused_and_makes_no_folder(room: Hub, name: str) -> None:
    before = sorted(room.folder.rglob("students/*"))
    assert Student(room, name).log_in().status_code == HTTPStatus.FORBIDDEN
    assert sorted(room.folder.rglob("students/*")) == before


# Whose folder is whose ------------------------------------------------------------------------------------------------


def test_a_student_reads_nothing_of_another(seat: Seat) -> None:
    one, other = seat("s0"), seat("s1")
    other.own("PUT", "contents/secret.txt", json={"type": "file", "format": "text", "content": "mine"})
    assert other.own("GET", "contents/secret.txt")["content"] == "mine"
    for path in ("contents", "contents/secret.txt", "kernels", "sessions", "terminals"):
        assert one.ask("GET", f"user/s1/api/{path}").status_code == HTTPStatus.FORBIDDEN
    for path in ("%2e%2e/%2e%2e/s1/crm/secret.txt", "..%2f..%2fs1%2fcrm%2fsecret.txt", "%2fetc%2fpasswd"):
        assert one.ask("GET", f"user/s0/api/contents/{path}").status_code == HTTPStatus.NOT_FOUND
        assert one.ask("GET", f"user/s0/files/{path}").status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN)


def test_work_survives_a_restart_and_a_lost_notebook_comes_back(room: Hub, seat: Seat) -> None:
    student, path = seat("s1"), CHAPTER.format(lang="en")
    notebook = student.open(path)
    notebook["cells"][0]["source"] = "My own words."
    student.save(path, notebook)
    student.own("DELETE", "contents/notebooks/en/00_start.ipynb")
    student.stop()
    student.start()
    assert student.open(path)["cells"][0]["source"] == "My own words."
    assert student.open("notebooks/en/00_start.ipynb")["cells"]
    assert (room.folder / "students" / "s1" / "crm" / DELIVERED).is_file()


def test_a_scenario_of_ones_own_goes_to_ones_own_folder(room: Hub, seat: Seat) -> None:
    student, before = seat("s1"), sorted(CASEBOOK.rglob("*"))
    kernel = Kernel(student, student.own("POST", "kernels", json={"name": "python3"})["id"])
    said = kernel.run("from crmlib.chapters.tiers.explorers import explore\nprint(explore().save('only-s1'))")
    kernel.close()
    assert said[-1]["text"].strip() == "crm rerun bank_tiers --scenario only-s1"
    assert (room.folder / "students/s1/crm/casebook/bank_tiers/mine/only-s1.yaml").is_file()
    assert sorted(CASEBOOK.rglob("*")) == before


# The house ------------------------------------------------------------------------------------------------------------


def test_everybody_begins_on_the_start_page(seat: Seat) -> None:
    answer = seat("s0").ask("GET", "user/s0/", allow_redirects=False)
    assert answer.headers["location"].rstrip("?") == "/user/s0/lab/tree/notebooks/zh/00_start.ipynb"


def test_nothing_listens_beyond_this_machine(room: Hub, seat: Seat) -> None:
    seat("s0")
    hub_itself = psutil.Process(room.process.pid)
    family = [hub_itself, *hub_itself.children(recursive=True)]
    places = [c.laddr for process in family for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
    assert set(room.ports) <= {place.port for place in places}
    assert {place.ip for place in places} <= {"127.0.0.1", "::1"}


def test_what_the_hub_keeps_is_closed_to_others(room: Hub) -> None:
    assert stat.S_IMODE(room.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((room.folder / "jupyterhub_cookie_secret").stat().st_mode) == 0o600
    kept = {path.name for path in room.folder.iterdir()} - {"students"}
    ours = {"roster.txt", "added.py", "hub.log"}
    assert kept == ours | {"jupyterhub.sqlite", "jupyterhub_cookie_secret", "jupyterhub-proxy.pid"}


@pytest.mark.whole
def test_the_proxy_passes_a_websocket_on_as_it_is(seat: Seat) -> None:
    """Subprotocol, messages in pieces of bytes, and the end of the connection."""
    student, protocol = seat("s4"), "v1.kernel.websocket.jupyter.org"
    identity = student.own("POST", "kernels", json={"name": "python3"})["id"]
    with closing(Kernel(student, identity, protocol)) as kernel:
        assert kernel.socket.getsubprotocol() == protocol
        assert kernel.run("print(6 * 7)")[0]["text"] == "42\n"
        student.stop()
        with pytest.raises(ConnectionError):
            kernel.drain()
    student.start()


@pytest.mark.browser
@pytest.mark.whole
def test_a_student_comes_in_by_the_form_and_sees_the_charts(room: Hub, chromium: "Browser") -> None:
    from browser import Visit
    from playwright.sync_api import expect

    made = chapter_in(SHORT)
    assert made
    with Visit.begin(chromium, "zh", locale="zh-CN") as visit:
        page = visit.page
        page.goto(room.address)
        page.get_by_label("Username").fill("s9")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/user/s9/lab/tree/notebooks/zh/00_start.ipynb")
        expect(page.locator(".jp-RenderedMarkdown").get_by_role("link", name="02 银行客户分级")).to_be_visible()
        expect(page.get_by_text("| 空闲")).to_be_visible()
        page.goto(f"{room.address}/user/s9/lab/tree/notebooks/zh/{SHORT}.ipynb?reset")
        expect(page.get_by_text("| 空闲")).to_be_visible()
        page.get_by_role("menuitem", name="运行", exact=True).click()
        page.get_by_role("menuitem", name="运行所有单元格", exact=True).click()
        expect(page.locator(".crm-cover")).to_have_count(1)
        visit.uncover()
        figures = page.locator(".crm-explorer .crm-plot.js-plotly-plot")
        expect(figures).to_have_count(len(made.explore(made.study(SHORT).name).charts))
        expect(figures.first.locator(".main-svg").first).to_be_visible()
        expect(page.get_by_role("menuitem", name="Nbgrader")).to_have_count(0)
        assert visit.complaints == []
        assert visit.elsewhere == []
