"""Other programs that the workbook runs, and why one failed."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from crmlib.core.errors import reason
from crmlib.core.i18n import _


def failure(
    command: Sequence[str], folder: Path, noise: re.Pattern[str], longest: float, env: Mapping[str, str] | None = None
) -> list[str]:
    """Run a program in a folder; return the lines in which it says why it failed, or nothing if it did not.

    Lines of its complaint come before those of what it said otherwise.

    Args:
        command: the program and its arguments.
        folder: to run it in.
        noise: found in lines that do not say why.
        longest: seconds that it may take.
        env: variables set for it, beside those that are there.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(env or {})},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=longest,
        )
    except subprocess.TimeoutExpired:
        return [_("it took too long")]
    except OSError as refusal:
        return [reason(refusal)]
    if not done.returncode:
        return []
    said = [[line.strip() for line in part.splitlines() if line.strip()] for part in (done.stderr, done.stdout)]
    kept = [[line for line in lines if not noise.search(line)] for lines in said]
    return next(filter(None, [*kept, *said]), ["?"])
