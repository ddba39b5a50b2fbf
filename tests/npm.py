"""Packages from npm that only tests use: fetched once, held to their hash."""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from conftest import needs


def file_of(package: str, version: str, sha512: str, name: str, *also: str) -> bytes:
    """Return a file of a package; without npm the test is skipped, in CI that is a failure.

    Args:
        package: its name on npm.
        version: exactly this one.
        sha512: of the archive, in base64, as npm's own ``dist.integrity`` has it.
        name: of the file in the package.
        also: what else must be on the PATH.
    """
    tools = ("npm", *also)
    needs(all(map(shutil.which, tools)), " and ".join(tools))
    folder = Path(tempfile.gettempdir()) / f"crm-{package}-{version}-{os.getuid()}"
    archive = folder / f"{package}-{version}.tgz"
    if not archive.exists():
        with tempfile.TemporaryDirectory(prefix="crm-npm-") as own:
            command = ["npm", "pack", f"{package}@{version}", "--silent", "--pack-destination", own]
            subprocess.run(command, check=True, capture_output=True, cwd=own)
            folder.mkdir(mode=0o700, exist_ok=True)
            draft = archive.with_suffix(f".{os.getpid()}")
            shutil.copy(Path(own) / archive.name, draft)
            draft.replace(archive)
    content = archive.read_bytes()
    assert base64.b64encode(hashlib.sha512(content).digest()).decode() == sha512, f"{archive} is not what it was"
    with tarfile.open(archive) as packed, packed.extractfile(f"package/{name}") as found:  # type: ignore[union-attr]
        return found.read()
