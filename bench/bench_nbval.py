"""Strict nbval of the tiers chapter in both languages: as the test command does it, against plain serial nbval."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, report

ROUNDS = 3
CHAPTER = ["notebooks/zh/02_tiers.ipynb", "notebooks/en/02_tiers.ipynb"]


def seconds(arguments: list[str]) -> float:
    """Return how long a pytest run takes; a failing one is an error."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        # Without our configuration: no conftest, one process; figures' JSON is left to plain nbval as it is.
        bare = Path(folder) / "pytest.ini"
        bare.write_text("[pytest]\naddopts = --nbval\n")
        plain = ["-c", str(bare), "--rootdir", str(ROOT), "--noconftest", *CHAPTER]
        pairs = [(seconds(["-n0", *CHAPTER]), seconds(plain)) for _round in range(ROUNDS)]
    ours, theirs = (sorted(column)[ROUNDS // 2] for column in zip(*pairs, strict=True))
    report("strict nbval of the chapter, against plain serial nbval", ours, theirs, "s", 0.6)


if __name__ == "__main__":
    main()
