"""A page of the site in a window without a network, and what holds of every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from axe import barriers
from browser import Visit
from playwright.sync_api import Browser

from crmlib.core import i18n

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 320, "height": 640}}


@contextmanager
def window(chromium: Browser, lang: str, size: str, **more: Any) -> Iterator[Visit]:
    """Open a window without a network; whatever it complains of or asks for elsewhere fails the test.

    Args:
        size: one of :data:`SIZES`.
        more: what else a context of the browser is told.
    """
    with Visit.begin(chromium, lang, viewport=SIZES[size], offline=True, locale=i18n.TAGS[lang], **more) as visit:
        yield visit
        assert (visit.elsewhere, visit.complaints) == ([], [])


def check(visit: Visit) -> None:
    """Have nothing keep people out of the page, and nothing stand beside the window."""
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    before = list(visit.complaints)
    assert barriers(visit.page) == []
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
