"""Senseless inputs for ``crm`` from one seed after another: ``python bench/fuzz_long.py SECONDS [FIRST_SEED]``.

The kinds and the rule are those of ``tests/test_fuzz.py``; each traceback and each file left half-written is printed
with the words that led to it, and the seed that makes them again.
"""

import contextlib
import io
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from fuzzing import KINDS, Case, cases, left_behind

from crmlib import cli
from crmlib.core import i18n

EACH = 20
"""Inputs of a kind from one seed."""


def answered(case: Case) -> str:
    """Run one input; return what is wrong with the answer, or nothing."""
    sys.argv, i18n._chosen = ["crm", *case.arguments], None
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            cli.main()
    except SystemExit as end:
        wrong = "" if end.code in (None, 0, 1, 2) else f"code {end.code}"
    except Exception:
        wrong = traceback.format_exc()
    return wrong or "".join(f"left behind: {path}\n" for path in left_behind(case.folder))


def main(seconds: float, seed: int) -> int:
    """Go on until the time is up; return how many answers were wrong."""
    end, tried, wrong = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        for kind in KINDS:
            with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                os.environ["CRM_HOME"] = str(Path(folder) / "home")
                for case in cases(kind, seed, EACH, Path(folder)):
                    tried += 1
                    if fault := answered(case):
                        wrong += 1
                        print(f"seed {seed}, {kind}: {case.arguments}\n{fault}")
        seed += 1
    print(f"{tried:,} inputs up to seed {seed - 1}, {wrong} wrong answers")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1000)))
