"""plotly.js cut down to the kinds of traces that are drawn, by npm and esbuild: a quarter of the whole.

npm brings what is cut, which takes a minute; what was cut is kept in the environment, beside the plotly that it is of.
"""

import gzip
import json
import re
import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.plotting.library import plotly_js
from crmlib.support.files import atomic_write
from crmlib.support.programs import failure

ESBUILD = "0.25.0"
LONGEST = 300.0
"""Seconds that npm may take."""
VERSION = re.compile(rb"plotly\.js v([0-9.]+)")
TEXT = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
PROSE = re.compile(rf"(?<=[{{,])description:(?:{TEXT}|\[{TEXT}(?:,{TEXT})*\]\.join\({TEXT}\))".encode(), re.DOTALL)
NOTHING = b'description:""'
"""What plotly.js says of each attribute in prose, and what takes its place; its own builds leave that out too."""
NOISE = re.compile(r"^npm (warn\b|(error|err!)( (code|syscall|errno|path|a complete log)\b|$))", re.IGNORECASE)
"""What npm says beside the reason why it failed."""
KINDS = frozenset({"bar", "heatmap", "scatter", "waterfall"})
"""Kinds of traces that the workbook's own charts are made of, as plotly calls them."""

UNPACKED = Path(__file__).with_name("unpacked.js")
"""The page's side of :func:`packed`."""


class Uncut(UserError):  # noqa: N818  (as UserError itself, it says what is the matter)
    """Why plotly.js stays whole."""


def version() -> str:
    """Return the version of plotly.js that the installed plotly brings."""
    found = VERSION.search(plotly_js()[:2000])
    if not found:
        raise RuntimeError("plotly.js does not say its version where it used to")
    return found[1].decode()


def npm() -> str:
    """Return where npm is.

    Raises:
        Uncut: it is not there.
    """
    found = shutil.which("npm")
    if found is None:
        raise Uncut(_("npm is not on the PATH; it is needed to cut plotly.js."))
    return found


def kept(kinds: Collection[str] = KINDS) -> bytes | None:
    """Return plotly.js with these kinds of traces alone, if it was cut before in this environment; None if not."""
    try:
        return _place(kinds).read_bytes()
    except OSError:
        return None


def cut(kinds: Collection[str] = KINDS) -> bytes:
    """Return plotly.js with these kinds of traces alone, of the same version; it is kept where that can be done.

    Args:
        kinds: as plotly calls them, such as ``bar``; lines and points (``scatter``) are always in it.

    Raises:
        Uncut: npm is not there or does not get what is needed.
    """
    if (known := kept(kinds)) is not None:
        return known
    made = _made(kinds, npm())
    try:
        _place(kinds).parent.mkdir(parents=True, exist_ok=True)
        atomic_write(_place(kinds), made)
    except OSError:
        return made  # an environment that may only be read, as on a class's server
    return made


def _place(kinds: Collection[str]) -> Path:
    """Return where a cut is kept; its name says of what it is."""
    said = json.dumps([version(), ESBUILD, sorted({*kinds, "scatter"}), PROSE.pattern.decode()])
    mark = sha256(said.encode()).hexdigest()[:12]
    return Path(sys.prefix) / "share" / "crm-workbook" / f"plotly-{version()}-{mark}.js"


def _made(kinds: Collection[str], npm: str) -> bytes:
    parts = ", ".join(f'require("plotly.js/lib/{kind}")' for kind in sorted({*kinds} - {"scatter"}))
    entry = f'const P = require("plotly.js/lib/core");\nP.register([{parts}]);\nmodule.exports = P;\n'
    with tempfile.TemporaryDirectory(prefix="crm-plotly-") as place:
        folder = Path(place)
        (folder / "package.json").write_text(json.dumps({"private": True}), "utf-8")
        (folder / "entry.js").write_text(entry, "utf-8")
        packages = [f"plotly.js@{version()}", f"esbuild@{ESBUILD}"]
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--fetch-retries=1"]
        _run([npm, "install", *quiet, *packages], folder)
        bundle = ["--bundle", "--minify", "--format=iife", "--global-name=Plotly", "--define:global=window"]
        command = [str(folder / "node_modules" / ".bin" / "esbuild"), "entry.js", *bundle, "--outfile=cut.js"]
        _run([*command, "--legal-comments=none"], folder)
        return PROSE.sub(NOTHING, (folder / "cut.js").read_bytes())


def _run(command: list[str], folder: Path) -> None:
    if why := failure(command, folder, NOISE, LONGEST):
        raise Uncut(_("plotly.js could not be cut ({why}).").format(why=why[0]))  # what follows in npm's is advice


def packed(content: bytes | str) -> str:
    """Return something gzipped, in Base64: it is as small from a folder or a server that packs nothing."""
    told = content.encode("utf-8") if isinstance(content, str) else content
    return b64encode(gzip.compress(told, 9, mtime=0)).decode("ascii")
