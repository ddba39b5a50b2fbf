"""Compare moves of explorers on the site with the same moves in the notebook, to the last digit, as long as one likes.

python bench/states_long.py 10000 20
"""

import random
import sys

from measure import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from test_site_states import compared

from crmlib.chapters.studies import STUDIES


def main() -> None:
    """Take the number of moves, at least, and a seed; the first difference ends it."""
    number, seed = map(int, sys.argv[1:])
    each = -(-number // len(STUDIES))
    for name in STUDIES:
        compared(name, random.Random(f"{name}:{seed}"), each)
        print(f"{name}: {each} moves alike", flush=True)
    print(f"{each * len(STUDIES):,} moves of {len(STUDIES)} explorers, seed {seed}: all alike")


if __name__ == "__main__":
    main()
