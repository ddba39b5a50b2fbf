"""plotly.js cut down to the kinds of traces that the site draws, by npm and esbuild, when the site is built."""

import gzip
import json
import re
import shutil
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Collection
from pathlib import Path

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.plotting.library import plotly_js

ESBUILD = "0.25.0"
VERSION = re.compile(rb"plotly\.js v([0-9.]+)")


def whole() -> bytes:
    """Return plotly.js with every kind of trace, as the installed plotly brings it."""
    return plotly_js()


def version() -> str:
    """Return the version of plotly.js that the installed plotly brings."""
    found = VERSION.search(whole()[:2000])
    if not found:
        raise RuntimeError("plotly.js does not say its version where it used to")
    return found[1].decode()


def npm() -> str:
    """Return where npm is.

    Raises:
        UserError: it is not there.
    """
    found = shutil.which("npm")
    if found is None:
        raise UserError(
            _("npm is not on the PATH; it is needed to cut plotly.js. With --whole-plotly it is left whole.")
        )
    return found


def cut(kinds: Collection[str], npm: str) -> bytes:
    """Return plotly.js with these kinds of traces alone, of the same version.

    Args:
        kinds: as plotly calls them, such as ``bar``; lines and points (``scatter``) are always in it.
        npm: where npm is.

    Raises:
        UserError: npm does not get what is needed.
    """
    parts = ", ".join(f'require("plotly.js/lib/{kind}")' for kind in sorted({*kinds} - {"scatter"}))
    entry = f'const P = require("plotly.js/lib/core");\nP.register([{parts}]);\nmodule.exports = P;\n'
    with tempfile.TemporaryDirectory(prefix="crm-plotly-") as place:
        folder = Path(place)
        (folder / "package.json").write_text(json.dumps({"private": True}), "utf-8")
        (folder / "entry.js").write_text(entry, "utf-8")
        packages = [f"plotly.js@{version()}", f"esbuild@{ESBUILD}"]
        _run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", *packages], folder)
        bundle = ["--bundle", "--minify", "--format=iife", "--global-name=Plotly", "--define:global=window"]
        command = [str(folder / "node_modules" / ".bin" / "esbuild"), "entry.js", *bundle, "--outfile=cut.js"]
        _run([*command, "--legal-comments=none"], folder)
        return (folder / "cut.js").read_bytes()


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["?"])[-1]
        said = _("plotly.js could not be cut ({why}). With --whole-plotly it is left whole.")
        raise UserError(said.format(why=why))


def packed(content: bytes | str) -> str:
    """Return something gzipped, in Base64: it is as small from a folder or a server that packs nothing."""
    told = content.encode("utf-8") if isinstance(content, str) else content
    return b64encode(gzip.compress(told, 9, mtime=0)).decode("ascii")
