"""A Pyodide as small as can be, in a folder: its real lock, with small files in place of the packages."""

import hashlib
import json
from pathlib import Path
from typing import Any

import npm

from crmlib.classroom import lab
from crmlib.core.i18n import LANGUAGES
from crmlib.site import lite, pyodide

SHA512 = "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="


def real_lock() -> dict[str, Any]:
    """Return the lock of the Pyodide that JupyterLite's kernel is made for; without npm the test is skipped."""
    told: dict[str, Any] = json.loads(npm.file_of("pyodide", pyodide.VERSION, SHA512, pyodide.LOCK))
    return told


def release(folder: Path) -> Path:
    """Fill a folder with what a release of Pyodide has."""
    told = real_lock()
    for name, package in told["packages"].items():
        (folder / package["file_name"]).write_text(name, "utf-8")
        package["sha256"] = hashlib.sha256(name.encode()).hexdigest()
    for name in pyodide.CORE:
        (folder / name).write_text(name, "utf-8")
    (folder / pyodide.LOCK).write_text(json.dumps(told), "utf-8")
    return folder


def like_a_students(folder: Path) -> lite.Lab:
    """Return what the JupyterLab beside the pages is like."""
    return lite.Lab(folder, {lang: lab.overrides(lang) for lang in LANGUAGES}, lab.EXTENSIONS, lab.UNUSED)
