"""A page of the site in a window without a network, and what holds of every page."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from axe import barriers
from browser import Visit
from playwright.sync_api import Browser, ViewportSize

from crmlib.core import i18n

TOPIC, MOVING = "satisfaction", ("kano", "csi")
"""The topic of the fixture ``site``, and the studies whose explorers move there."""
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 320, "height": 640}}


@contextmanager
def window(chromium: Browser, lang: str, size: str | ViewportSize, **more: Any) -> Iterator[Visit]:
    """Open a window without a network; whatever it complains of or asks for elsewhere fails the test.

    Args:
        size: one of :data:`SIZES`, or another one.
        more: what else a context of the browser is told.
    """
    room = SIZES[size] if isinstance(size, str) else size
    with Visit.begin(chromium, lang, viewport=room, offline=True, locale=i18n.TAGS[lang], **more) as visit:
        yield visit
        assert (visit.elsewhere, visit.complaints) == ([], [])


class Windows:
    """Windows without a network that one test after another borrows: to open one costs more than most tests do."""

    def __init__(self, chromium: Browser, folder: Path, ends: ExitStack) -> None:
        self.chromium, self.ends = chromium, ends
        self.open: dict[str, Visit] = {}
        self.empty = folder / "empty.html"
        self.empty.write_text("<!DOCTYPE html><title>Empty</title>", "utf-8")

    @contextmanager
    def lend(self, lang: str, size: str | ViewportSize, **more: Any) -> Iterator[Visit]:
        """Lend a window that remembers nothing, given what :func:`window` is; a test may add no script to it."""
        key = repr((lang, size, more))
        if key not in self.open:
            self.open[key] = self.ends.enter_context(window(self.chromium, lang, size, **more))
        visit = self.open[key]
        visit.page.set_viewport_size(SIZES[size] if isinstance(size, str) else size)
        visit.page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
        visit.page.goto(self.empty.as_uri())
        visit.page.evaluate("localStorage.clear(); sessionStorage.clear()")  # of all pages that come from a folder
        yield visit
        said = visit.elsewhere[:], visit.complaints[:]
        visit.elsewhere.clear()
        visit.complaints.clear()
        assert said == ([], [])


def check(visit: Visit, *places: str) -> None:
    """Have nothing keep people out of the page, and nothing stand beside the window.

    Args:
        places: selectors of what has changed since the whole page was looked at.
    """
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    before = list(visit.complaints)
    assert barriers(visit.page, *places) == []
    visit.complaints[:] = before  # axe asks for the style sheet, which a page from a folder may not read


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as any web server does; yield the address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_said: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
