"""What a student costs on one server: memory and seconds with the chapter on tiers open and run, alone and in a class.

Memory is read from ``/proc`` (Linux): PSS counts a page that several processes share in parts, so the sum over all is
what they take together; RSS counts it whole in each. ``python bench/bench_hub.py 1 10 30`` tries other sizes of class.
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measure import ROOT, kernel, report

sys.path.insert(0, str(ROOT / "tests"))

import psutil
from hub import Hub, Student, hub

CHAPTER = "notebooks/en/02_tiers.ipynb"
BARE = (
    "import pandas, ipywidgets\nimport plotly.graph_objects as go\n"
    "from IPython.display import display\ndisplay(go.FigureWidget(go.Bar(y=[1, 2, 3])))"
)
MOST = 1.15


def mib(pids: Iterable[int]) -> dict[str, float]:
    """Return PSS and RSS of some processes together, in MiB."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text("ascii") for pid in pids]
    sizes = {kind: [int(re.findall(rf"^{kind}: *(\d+)", text, re.M)[0]) for text in texts] for kind in ("Pss", "Rss")}
    return {kind.upper(): sum(found) / 1024 for kind, found in sizes.items()}


def kernel_memory(cells: Iterable[str]) -> dict[str, float]:
    """Return what a fresh kernel holds once it has run some cells."""
    with kernel() as fresh:
        pid = int(fresh.run("import os; print(os.getpid())")[0])
        for cell in cells:
            fresh.run(cell)
        return mib([pid])


def chapter_cells() -> list[str]:
    """Return the code of the chapter, cell by cell."""
    cells = json.loads((ROOT / CHAPTER).read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def spend(room: Hub, name: str) -> list[float]:
    """Let a student come in and run the chapter; return when the server was there and when the chapter was done."""
    student, begin = Student(room, name), time.perf_counter()
    student.log_in()
    student.start()
    there = time.perf_counter()
    student.run(CHAPTER)
    return [there - begin, time.perf_counter() - begin]


def attend(n: int) -> None:
    """Seat a class of ``n`` at once and print what it took."""
    names = [f"s{number}" for number in range(n)]
    with tempfile.TemporaryDirectory(prefix="crm-hub-") as folder, hub(Path(folder), names) as room:
        with ThreadPoolExecutor(n) as class_:
            there, done = zip(*class_.map(lambda name: spend(room, name), names), strict=True)
        family = psutil.Process(room.process.pid).children(recursive=True)
        servers = [p.pid for p in family if "crmlib.classroom.server" in p.cmdline()]
        kernels = [p.pid for p in family if "ipykernel_launcher" in p.cmdline()]
        assert len(servers) == len(kernels) == n
        house = {room.process.pid} | {p.pid for p in family if "crmlib.classroom.proxy" in p.cmdline()}
        print(f"{n} at once: server after {max(there):.1f} s, chapter run after {max(done):.1f} s at the latest")
        for what, pids, share in (("hub and proxy", house, 1), ("a server", servers, n), ("a kernel", kernels, n)):
            sizes = ", ".join(f"{kind} {size / share:.0f} MiB" for kind, size in mib(pids).items())
            print(f"{n} at once: {what}: {sizes}", flush=True)


def main() -> None:
    """Measure and print."""
    ours, theirs = kernel_memory(chapter_cells()), kernel_memory([BARE])
    for kind in ours:
        report(
            f"kernel that ran the chapter, against pandas and one FigureWidget, {kind}",
            ours[kind],
            theirs[kind],
            "MiB",
            MOST,
        )
    for n in map(int, sys.argv[1:] or ("1", "10")):
        attend(n)


if __name__ == "__main__":
    main()
