"""plotly.js on its way to the browser: once per kernel, ahead of what is drawn with it. Imports no pandas."""

import gzip
import sys
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import anywidget
import traitlets
from ipywidgets import Widget, widget_serialization

from crmlib.core.paths import unattended

LIVE = Path(__file__).parent / "live.js"


class Library(Widget):  # type: ignore[misc]
    """plotly.js, once per kernel, for all boards to use."""

    packed = traitlets.Bytes().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)


class Herald(anywidget.AnyWidget):
    """Has the page unpack the library while the kernel still works on the first figure; shows nothing itself."""

    _esm = LIVE
    library = traitlets.Instance(Library).tag(sync=True, **widget_serialization)


def live_script() -> str:
    """Return ``live.js`` as a script of a page without a kernel: it draws as ``crmLive``."""
    text = LIVE.read_text("utf-8").replace("export default {", "globalThis.crmLive = {")
    return f"(() => {{\n{text}\n}})();\n"


_library: Library | None = None


def plotly_js() -> bytes:
    """Return the plotly.js of the installed plotly, found without importing it."""
    return (files("plotly") / "package_data" / "plotly.min.js").read_bytes()


@cache
def packed() -> bytes:
    """Return plotly.js gzipped; level 1 packs three times as fast as the default and comes out a sixth larger."""
    return gzip.compress(plotly_js(), 1, mtime=0)


def library() -> Library:
    """Return the kernel's library; it is sent to the page when it is first asked for."""
    global _library
    if _library is None or _library.comm is None:
        _library = Library(packed=packed(), version=version("plotly"))
    return _library


def send_ahead() -> None:
    """Send the library to the page of a kernel that somebody looks at."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if getattr(shell, "kernel", None) is not None and not unattended():
        Herald(library=library())
